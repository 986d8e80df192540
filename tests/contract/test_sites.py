"""Sites against a tenant: what is written is what is read back, however often the run is interrupted."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spmigrate.errors import Conflict, NotFound, Refused, StalePlan, TenantError
from spmigrate.plan.apply import Step
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import apply_site, plan_sites
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.store import sites as journal
from spmigrate.store.ledger import Ledger
from spmigrate.tenant import site_creation, sites
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant, connect
from spmigrate.tenant.site_writing import SiteWriter
from tests.contract.conftest import asked, read_settings
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

ORGANISATION = """\
organisation: Sample County Council
version: 1
people domain: contoso.onmicrosoft.com
site columns:
  - {name: Business class, type: Choice, choices: [Finance, "Law & <order>"], description: What it is about}
  - {name: Case notes, type: Note}
  - {name: Review date, type: Date}
  - {name: Pages, type: Number, required: yes}
  - {name: Published, type: Yes or no}
  - {name: Reference, type: Text}
content types:
  - {name: Council document, columns: [Business class, Reference]}
  - {name: Council policy, based on: Council document, columns: [Review date, Pages, Published, Case notes]}
"""
TEMPLATE = """\
template: Team site
version: 1
kind: Team
parameters:
  - {name: title, ask: What is it called?}
  - {name: hub, ask: Which hub?, answer: Site, optional: yes}
site: {type: Team site without group, title: "{title}", description: For the team.}
sharing:
  external sharing: Only people in the organisation
  default link: Specific people
  default link permission: View
permissions: {owners: [migration.lead, service.desk], members: [engineer], visitors: [records.manager]}
libraries:
  - name: Documents
    address: Shared Documents
    versions: {major: 100}
    content types: [Council document]
    columns shown: [Name, Business class, Modified]
  - name: Case papers
    versions: {major: 200}
    content types: [Council document, Council policy]
    columns shown: [Name, Review date, Reference, Modified by]
quick launch:
  links: [{title: Home, to: home page}, {title: Case papers, to: library/Case papers}]
hub: {member of: "{hub}"}
"""
HUB = "extends: Team site\ntemplate: Hub site\nversion: 1\nkind: Directorate\nhub: {is a hub: yes}\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def wanted(tmp_path: Path) -> Callable[..., list[DesiredSite]]:
    """The sites of a folder: `wanted("/sites/a", hub="/sites/b", template="…")`, the hub first."""

    def make(address: str, *, hub: str = "", template: str = TEMPLATE) -> list[DesiredSite]:
        files = {"organisation.yaml": ORGANISATION, "templates/team.yaml": template, "templates/hub.yaml": HUB}
        joins = f", hub: {hub}" if hub else ""
        files["sites/site.yaml"] = f"address: {address}\ntemplate: Team site\nanswers: {{title: The team{joins}}}\n"
        if hub:
            files["sites/hub.yaml"] = f"address: {hub}\ntemplate: Hub site\nanswers: {{title: The hub}}\n"
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        return resolve(review(tmp_path).catalogue)

    return make


def apply_all(tenant: Tenant, ledger: Ledger, desired: list[DesiredSite]) -> list[Step]:
    plan = plan_sites(tenant, desired, watch=lambda _: None).plan
    return [step for site in desired for step in apply_site(tenant, ledger, site, plan, sleep=time.sleep)]


def pending(tenant: Tenant, desired: list[DesiredSite]) -> list[str]:
    plan = plan_sites(tenant, desired, watch=lambda _: None).plan
    return [change.subject for change in plan.changes] + [note.text for note in plan.notes]


def test_applying_and_planning_again_leaves_nothing_to_do(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    desired = wanted("/sites/t-law1", hub="/sites/d-law1")
    steps = apply_all(tenant, ledger, desired)
    assert [step.trouble for step in steps if step.trouble] == []
    assert pending(tenant, desired) == []
    assert apply_all(tenant, ledger, desired) == []
    found = sites.read(tenant, "/sites/t-law1", sites.hub_addresses(tenant))
    assert found is not None
    membership = found.get(Kind.HUB_MEMBERSHIP)
    assert membership is not None
    assert membership.attributes == {"hub": "/sites/d-law1"}
    assert journal.applied(ledger)["/sites/t-law1"].site_id == found.site_id


def test_a_site_that_needs_nothing_is_read_with_few_requests(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]], rehearsal: RunningTenant
) -> None:
    desired = wanted("/sites/t-few")
    apply_all(tenant, ledger, desired)
    mark = rehearsal.mark()
    assert pending(tenant, desired) == []
    assert len(asked(rehearsal, mark)) <= 12


@pytest.mark.parametrize("stop", [1, 8, 13])
def test_stopped_after_any_change_and_run_again_equals_never_stopped(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]], stop: int
) -> None:
    (site,) = desired = wanted(f"/sites/t-stop{stop}")
    plan = plan_sites(tenant, desired, watch=lambda _: None).plan
    steps = apply_site(tenant, ledger, site, plan, sleep=time.sleep)
    for _ in range(stop):
        next(steps)
    del steps
    # The plan that was shown first still holds: what is left is part of it.
    list(apply_site(tenant, ledger, site, plan, sleep=time.sleep))
    assert pending(tenant, desired) == []


@pytest.mark.parametrize(
    ("moment", "skip"), [("after", 0), ("after", 8), ("after", 17), ("after", 23), ("after", 29), ("before", 23)]
)
def test_a_connection_lost_in_the_middle_of_a_change_doubles_nothing(
    tenant: Tenant,
    ledger: Ledger,
    wanted: Callable[..., list[DesiredSite]],
    rehearsal: RunningTenant,
    moment: str,
    skip: int,
) -> None:
    desired = wanted(f"/sites/t-lost-{moment}{skip}")
    rehearsal.fault({"reset": moment}, skip=skip, method="POST", path=f"t-lost-{moment}{skip}/")
    for _ in range(3):
        if all(not step.trouble for step in apply_all(tenant, ledger, desired)):
            break
    assert pending(tenant, desired) == []
    found = sites.read(tenant, desired[0].address, {})
    assert found is not None
    titles = tenant.rest("GET", f"{found.url}/_api/web/lists?$select=Title&$filter=BaseTemplate eq 101")["value"]
    assert sorted(each["Title"] for each in titles).count("Case papers") == 1
    nodes = tenant.rest("GET", f"{found.url}/_api/web/navigation/quicklaunch?$select=Title")["value"]
    assert [each["Title"] for each in nodes].count("Case papers") == 1


def test_what_people_changed_is_named_and_put_right_and_their_own_things_stay(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    desired = wanted("/sites/t-drift")
    apply_all(tenant, ledger, desired)
    writer = SiteWriter(tenant, "/sites/t-drift")
    writer.put(Kind.SITE, "", {"title": "Team Site 2 NEW"})
    writer.put(Kind.REGION, "", {"24-hour clock": False})
    writer.put(Kind.COLUMN, "CouncilBusinessClass", {"choices": ("Finance", "Gossip")})
    writer.put(Kind.LIBRARY, "casepapers", {"versions kept": 5, "title": "Papers"})
    writer.put(Kind.LINK, "case papers", {"address": "/sites/t-drift"})
    writer.put(Kind.SHARING, "", {"external sharing": "Anyone with the link"})
    writer.put(Kind.LINK, "rota", {"title": "Rota", "address": "https://rota.example/"})
    assert sorted(pending(tenant, desired)) == [
        'column "Business class"', 'library "Case papers"', 'quick launch link "Case papers"', "regional settings",
        "sharing", 'site "The team"',
    ]  # fmt: skip
    apply_all(tenant, ledger, desired)
    assert pending(tenant, desired) == []
    found = sites.read(tenant, "/sites/t-drift", {})
    assert found is not None
    assert found.get(Kind.LINK, "rota") is not None


def test_a_changed_column_changes_in_the_libraries_too(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    apply_all(tenant, ledger, wanted("/sites/t-copies"))
    SiteWriter(tenant, "/sites/t-copies").put(Kind.COLUMN, "CouncilBusinessClass", {"choices": ("Finance", "Legal")})
    fields = "/sites/t-copies/_api/web/GetList('/sites/t-copies/CasePapers')/fields"
    field = tenant.rest("GET", f"{fields}/getbyinternalnameortitle('CouncilBusinessClass')")
    assert field["Choices"] == ["Finance", "Legal"]


def test_a_template_that_grows_reaches_the_libraries_that_are_there(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]], tmp_path: Path
) -> None:
    apply_all(tenant, ledger, wanted("/sites/t-grows"))
    text = ORGANISATION.replace("columns: [Business class, Reference]", "columns: [Business class, Reference, Ward]")
    text = text.replace("content types:", "  - {name: Ward, type: Text}\ncontent types:")
    (tmp_path / "organisation.yaml").write_text(text)
    grown = TEMPLATE.replace("[Name, Business class, Modified]", "[Name, Business class, Ward, Modified]")
    (tmp_path / "templates/team.yaml").write_text(grown)
    desired = resolve(review(tmp_path).catalogue)
    assert pending(tenant, desired) == [
        'column "Ward"', 'content type "Council document"', 'content type "Council policy"', 'library "Documents"',
    ]  # fmt: skip
    assert [step.trouble for step in apply_all(tenant, ledger, desired) if step.trouble] == []
    assert pending(tenant, desired) == []


def test_a_column_made_by_hand_is_adopted_by_its_internal_name(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    (site,) = desired = wanted("/sites/t-adopt")
    plan = plan_sites(tenant, desired, watch=lambda _: None).plan
    next(apply_site(tenant, ledger, site, plan, sleep=time.sleep))
    by_hand = "11111111-2222-4333-8444-555555555555"
    column = {"id": by_hand, "type": "Text", "title": "Ref", "description": "", "group": "Ours", "required": False}
    SiteWriter(tenant, site.address).put(Kind.COLUMN, "CouncilReference", column)
    apply_all(tenant, ledger, desired)
    assert pending(tenant, desired) == []
    found = sites.read(tenant, site.address, {})
    assert found is not None
    adopted = found.get(Kind.COLUMN, "CouncilReference")
    assert adopted is not None
    assert (adopted.attributes["id"], adopted.attributes["title"]) == (by_hand, "Reference")


def test_a_removed_library_goes_only_while_it_is_empty(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]], tmp_path: Path
) -> None:
    apply_all(tenant, ledger, wanted("/sites/t-gone"))
    base = TEMPLATE.replace("Team site\nversion", "Base site\nversion").replace("kind: Team\n", "")
    (tmp_path / "templates/base.yaml").write_text(base)
    (tmp_path / "templates/team.yaml").write_text(
        "template: Team site\nextends: Base site\nversion: 2\nkind: Team\n"
        "remove: {libraries: [Case papers], quick launch: [Case papers]}\n"
    )
    without = resolve(review(tmp_path).catalogue)
    web = "/sites/t-gone/_api/web"
    folder = f"{web}/GetFolderByServerRelativePath(decodedurl='/sites/t-gone/CasePapers')"
    tenant.rest("POST", f"{folder}/Files/AddUsingPath(decodedurl='note.txt',overwrite=true)", b"kept")
    planned = plan_sites(tenant, without, watch=lambda _: None).plan
    assert [change.subject for change in planned.changes] == ['quick launch link "Case papers"']
    assert "holds 1 items" in planned.notes[0].text
    with pytest.raises(Conflict):
        SiteWriter(tenant, "/sites/t-gone").remove(Kind.LIBRARY, "casepapers")
    file = f"{web}/GetFileByServerRelativePath(decodedurl='/sites/t-gone/CasePapers/note.txt')"
    tenant.rest("POST", f"{file}/recycle()")
    apply_all(tenant, ledger, without)
    found = sites.read(tenant, "/sites/t-gone", {})
    assert found is not None
    assert found.get(Kind.LIBRARY, "casepapers") is None
    assert pending(tenant, without) == []


def test_a_site_that_moved_since_the_plan_is_left_alone(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    (site,) = desired = wanted("/sites/t-stale")
    apply_all(tenant, ledger, desired)
    writer = SiteWriter(tenant, site.address)
    writer.put(Kind.SITE, "", {"title": "Changed"})
    plan = plan_sites(tenant, desired, watch=lambda _: None).plan
    writer.put(Kind.SITE, "", {"title": "Changed again"})
    with pytest.raises(StalePlan):
        list(apply_site(tenant, ledger, site, plan, sleep=time.sleep))


def test_refusals_are_told_and_journalled(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    desired = wanted("/sites/t-refused", template=TEMPLATE.replace("engineer", "nobody.at.all"))
    steps = apply_all(tenant, ledger, desired)
    assert "nobody.at.all" in steps[-1].trouble
    assert "/sites/t-refused" not in journal.applied(ledger)
    events = [row["event"] for row in ledger.rows("SELECT event FROM change ORDER BY id")]
    assert events[-1] == "failed"


def test_a_taken_address_and_an_unknown_owner_are_recognised(tenant: Tenant) -> None:
    wanted = {
        "type": "Team site without group", "title": "x", "description": "", "language": "English",
        "time zone": "London", "owner": "migration.lead@contoso.onmicrosoft.com",
    }  # fmt: skip
    with pytest.raises(Conflict, match="taken"):
        site_creation.create(tenant, "/sites/team", wanted, sleep=time.sleep)
    with pytest.raises(Refused, match="could not make"):
        site_creation.create(tenant, "/sites/x", {**wanted, "owner": "no@contoso.onmicrosoft.com"}, sleep=time.sleep)


def test_joining_what_is_no_hub_says_what_to_do(tenant: Tenant) -> None:
    with pytest.raises(NotFound) as caught:
        SiteWriter(tenant, "/sites/team").put(Kind.HUB_MEMBERSHIP, "", {"hub": "/sites/nowhere"})
    assert caught.value.hint == "make it one first: spmigrate site apply /sites/nowhere"


def test_a_site_that_is_not_there_is_none(tenant: Tenant) -> None:
    assert sites.read(tenant, "/sites/t-nothing", {}) is None


def test_a_site_is_waited_for_until_it_is_furnished(
    tmp_path: Path, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    waited: list[float] = []
    with (
        serve_tenant(tmp_path / "slow", profile="council") as running,
        connect(read_settings(tmp_path, running)) as tenant,
    ):

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            running.advance(seconds)

        desired = wanted("/sites/t-slow")
        plan = plan_sites(tenant, desired, watch=lambda _: None).plan
        steps = list(apply_site(tenant, ledger, desired[0], plan, sleep=sleep))
        assert [step.trouble for step in steps if step.trouble] == []
        assert pending(tenant, desired) == []
    assert 0 < max(waited) <= 15


def test_errors_of_the_tenant_carry_no_secret(tenant: Tenant) -> None:
    with pytest.raises(TenantError) as caught:
        SiteWriter(tenant, "/sites/t-nothing").put(Kind.REGION, "", {"24-hour clock": True})
    assert not re.search("eyJ|Bearer", caught.value.message)
