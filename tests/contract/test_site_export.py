"""Law: exported and planned again, nothing is to be done."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.provision.export import Exported, export
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import plan_sites
from spmigrate.provision.resolve import resolve
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import page_sections
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.reading import read
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.site_samples import apply_all
from tests.rehearsal_fixtures import RunningTenant

ORGANISATION = """\
organisation: Sample County Council
version: 1
people domain: contoso.onmicrosoft.com
naming: {address letters: {Team: t, Directorate: d}}
site columns:
  - {name: Status, type: Choice, choices: [Open, Closed], default: Open}
  - {name: Review date, type: Date}
  - {name: Ward, type: Text, indexed: yes}
content types:
  - {name: Council document, columns: [Status]}
  - {name: Case file, based on: Council document, columns: [Review date]}
  - {name: Meeting, based on: Document set, columns: [Review date]}
permission levels:
  - {name: File and read, description: May add., allows: [View items, Add items, Open items, View pages, Open]}
"""
TEMPLATE = """\
template: Rich site
version: 1
kind: Team
site:
  {type: Team site without group, title: The team, description: For the team., lock: Unlocked,
   other languages: [Welsh], unmanaged devices: Web only, comments on pages: no}
sharing: {external sharing: Existing guests, default link: Specific people, default link permission: View}
permissions:
  owners: [migration.lead, service.desk]
  members: [engineer]
  groups: [{name: Filing, description: They file., level: File and read, people: [records.manager]}]
  access: {members can share: no, members can invite: no, requests go to: Owners}
features: [Document ID service]
site columns: [Ward]
libraries:
  - name: Case papers
    description: Of every case.
    versions: {major: 50, expire after: 365, drafts: 5, drafts seen by: Editors}
    content types: [Council document, Case file]
    default content type: Case file
    columns shown: [Name, Status, Review date]
    views:
      - {name: To review, columns shown: [Name, Review date], filter: Status is Open and Review date is before today,
         sort by: Review date, descending: yes, rows: 50}
    default values: {Status: Closed}
    permissions: {inherit: no, give: {Owners: Full Control, Filing: File and read}}
  - {name: Meetings, content types: [Meeting]}
lists:
  - {name: Contacts of ours, type: Contacts}
  - {name: Decisions, columns: [Ward], searchable: no}
quick launch:
  links:
    - {title: Case papers, to: library/Case papers}
    - {title: Help, links: [{title: Rota, to: "https://rota.example/now"}, {title: Start, to: home page}]}
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


OURS = (((page_sections.Block(text="Ours"),),),)


def lay_out(folder: Path, files: dict[str, str]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in {"organisation.yaml": ORGANISATION, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def exported(tenant: Tenant, folder: Path, address: str) -> Exported:
    contents = read(tenant, address, hub_addresses(tenant), None)
    assert contents is not None
    return export(review(folder).catalogue, contents, template="As it is")


def test_an_applied_site_is_exported_whole_and_plans_to_nothing(
    shared_tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    site = "address: /sites/t-export\ntemplate: Rich site\n"
    folder = lay_out(tmp_path / "first", {"templates/rich.yaml": TEMPLATE, "sites/site.yaml": site})
    desired = resolve(review(folder).catalogue)
    assert [step.trouble for step in apply_all(shared_tenant, ledger, desired) if step.trouble] == []
    found = exported(shared_tenant, folder, "/sites/t-export")
    assert found.plan.changes == ()
    again = lay_out(tmp_path / "second", dict(found.files))
    (wanted,) = resolve(review(again).catalogue)
    plan = plan_sites(shared_tenant, [wanted], watch=lambda _: None)
    assert (plan.plan.changes, plan.plan.notes, plan.obstacles) == ((), (), ())
    (first,) = desired
    missing = [
        (part.subject, name)
        for place, part in first.contents.parts.items()
        for name in part.attributes
        if place not in wanted.contents.parts or name not in wanted.contents.parts[place].attributes
    ]
    assert [each for each in missing if each != ("lock", "state")] == []


def test_what_the_vocabulary_has_no_word_for_is_told(shared_tenant: Tenant, ledger: Ledger, tmp_path: Path) -> None:
    site = "address: /sites/t-strange\ntemplate: Rich site\n"
    folder = lay_out(tmp_path / "first", {"templates/rich.yaml": TEMPLATE, "sites/site.yaml": site})
    apply_all(shared_tenant, ledger, resolve(review(folder).catalogue))
    materials = {page_sections.digest(OURS): page_sections.write_sections(OURS)}
    writer = SiteWriter(shared_tenant, "/sites/t-strange", materials=materials)
    column = {"id": "11111111-2222-4333-8444-555555555566", "type": "Text", "title": "Odd", "group": "Custom Columns",
              "description": "", "required": False}  # fmt: skip
    writer.put(Kind.COLUMN, "Odd", column)
    writer.put(Kind.LIBRARY, "casepapers", {"columns": ("Odd",)})
    writer.put(Kind.SITE, "", {"title": "The {team}"})
    page = {"file": "Theirs.aspx", "title": "Theirs", "content": page_sections.digest(OURS)}
    writer.put(Kind.PAGE, "theirs.aspx", {**page, "for": ("group:All staff",)})
    found = exported(shared_tenant, folder, "/sites/t-strange")
    told = {each.subject: each.why for each in found.left}
    assert "add it to organisation.yaml" in told['column "Odd"']
    assert "braces" in told["site title"]
    assert told["page Theirs.aspx"].endswith("for whom it is, too")


@pytest.mark.parametrize("address", ["/sites/team"])
def test_a_site_that_was_never_applied_plans_to_what_the_organisation_owns_at_most(
    shared_tenant: Tenant, rehearsal: RunningTenant, tmp_path: Path, address: str
) -> None:
    folder = lay_out(tmp_path / "first", {})
    if read(shared_tenant, address, {}, {Kind.SITE}) is None:
        raise AssertionError("the tenant has no such site")
    found = exported(shared_tenant, folder, address)
    assert {change.kind for change in found.plan.changes} <= {"regional settings"}
    assert [each.subject for each in found.left if each.subject.startswith("page")] == [], "nobody edited them"
