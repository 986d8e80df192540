"""Law 3 for sites: stopped after any request and run again, a site ends as if nothing had happened."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate.errors import Refused
from spmigrate.plan import describe
from spmigrate.plan.change import Plan
from spmigrate.provision.drift import drifts
from spmigrate.provision.provisioning import apply_site, plan_sites
from spmigrate.provision.resolve import DesiredSite
from spmigrate.store import sites
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.site_samples import (
    ORGANISATION,
    SMALL,
    SMALL_ORGANISATION,
    TEMPLATE,
    apply_all,
    pending,
    write_sites,
)
from tests.rehearsal_fixtures import RunningTenant

GROWN_ORGANISATION = (
    ORGANISATION.replace('"Law & <order>"', "Law, Land")
    .replace("[Business class, Reference]", "[Business class, Reference, Ward, Status]")
    .replace("content types:", "  - {name: Ward, type: Text}\n  - {name: Status, type: Text}\ncontent types:")
    .replace("based on: Council document,", "based on: Council document, description: In force,")
)
GROWN = (
    TEMPLATE.replace("For the team.", "For all of the team.")
    .replace("[Name, Business class, Modified]", "[Name, Ward, Business class, Modified by, Modified]")
    .replace("[Council document]", "[Council document, Council policy]")
    .replace("- name: Case papers", "- name: Papers of cases\n    address: CasePapers")
    .replace("library/Case papers", "library/Documents")
    .replace("Only people in the organisation", "Existing guests")
    .replace("[engineer]", "[engineer, records.manager]")
    .replace("{title: Home, to: home page}", "{title: Home, to: home page}, {title: Rota, to: https://rota.example}")
)


FURNISHED = """\
template: Team site
version: 1
kind: Team
parameters: [{name: title, ask: What is it called?}]
site: {type: Team site without group, title: "{title}"}
permissions: {owners: [migration.lead]}
pages: [{file: About.aspx, title: About us, sections from: pages/about.yaml, owned by: template}]
libraries:
  - {name: Closed, permissions: {inherit: no, give: {Owners: Full Control}}}
  - {name: Forms kept, check out: yes}
files: [{library: Forms kept, from: assets/form.txt}]
"""


class Stopped(BaseException):
    """The run was killed: nothing catches it."""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def run_until(tenant: Tenant, ledger: Ledger, site: DesiredSite, plan: Plan, *, writes: int) -> bool:
    """Apply the plan and die when this many writes were answered; whether it died."""
    exchange, left = tenant.exchange, writes

    def counted(request: Any) -> Any:
        nonlocal left
        answer = exchange(request)
        left -= request.method != "GET" and not request.url.endswith("/$batch")  # batches only ask
        if left == 0:
            raise Stopped
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tenant, "exchange", counted)
        try:
            steps = list(apply_site(tenant, ledger, site, plan, sleep=time.sleep))
        except Stopped:
            return True
    assert [step.trouble for step in steps if step.trouble] == []
    return False


def shape(tenant: Tenant, address: str) -> Any:
    """Everything about a site that templates touch, and the libraries' copies, in the service's own words."""

    def ask(question: str) -> Any:
        return tenant.rest("GET", f"{address}/_api/{question}")

    site_id = ask("site?$select=Id")["Id"]
    sharing = tenant.rest("GET", f"{tenant.settings.admin}/_api/SPO.Tenant/sites('{site_id}')")
    field = "InternalName,Title,Description,Required,SchemaXml"
    lists = ask(
        "web/lists?$filter=BaseTemplate eq 101&$select=Title,RootFolder/ServerRelativeUrl,MajorVersionLimit,"
        "EnableVersioning,ContentTypesEnabled,ContentTypes/Name,ContentTypes/FieldLinks/Name,Fields/InternalName,"
        "Fields/Title,Fields/SchemaXml,DefaultView/ViewFields"
        "&$expand=RootFolder,ContentTypes/FieldLinks,Fields,DefaultView/ViewFields"
    )["value"]
    for each in lists:
        # Copies are given in the order of their making, which nobody sees, under ids that the service draws.
        each["Fields"] = sorted(
            json.dumps([f["Title"], f["SchemaXml"]]) for f in each["Fields"] if f["InternalName"].startswith("Council")
        )
    found = [
        ask(
            "web?$select=Title,Description,RegionalSettings/LocaleId,RegionalSettings/FirstDayOfWeek,"
            "AssociatedOwnerGroup/Users/LoginName,AssociatedMemberGroup/Users/LoginName&$expand=RegionalSettings,"
            "AssociatedOwnerGroup/Users,AssociatedMemberGroup/Users"
        ),
        ask("site?$select=HubSiteId,IsHubSite"),
        [sharing[name] for name in ("SharingCapability", "DefaultSharingLinkType", "DefaultLinkPermission")],
        ask(f"web/fields?$select={field}&$filter=Group eq 'Council'")["value"],
        ask(
            "web/contenttypes?$select=StringId,Name,Description,Group,FieldLinks/Name"
            "&$expand=FieldLinks&$filter=Group eq 'Council'"
        )["value"],
        lists,
        ask("web/navigation/quicklaunch?$select=Title,Url")["value"],
    ]
    text = re.sub(r"SourceID=[^}]*}", "", json.dumps(found).replace(address, "(site)"))
    return json.loads(text)


def test_stopped_after_any_one_request_and_run_again_equals_never_stopped(
    tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    hub = "/sites/d-stop"
    made = write_sites(tmp_path, "/sites/t-stop", hub=hub, template=SMALL, organisation=SMALL_ORGANISATION)
    apply_all(tenant, ledger, made[:1])
    whole: Any = None
    for writes in range(40):
        address = f"/sites/t-stop{writes}"
        _, site = write_sites(tmp_path, address, hub=hub, template=SMALL, organisation=SMALL_ORGANISATION)
        plan = plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan
        stopped = run_until(tenant, ledger, site, plan, writes=writes or -1)
        # The plan that was shown first still holds: what is left is part of it.
        assert not run_until(tenant, ledger, site, plan, writes=-1)
        whole = whole or shape(tenant, address)
        assert shape(tenant, address) == whole, f"stopped after write {writes}"
        if writes and not stopped:
            break
    assert 15 < writes < 39
    assert pending(tenant, [site]) == []


def apply_in_steps(tenant: Tenant, ledger: Ledger, site: DesiredSite) -> int:
    """Apply a site by runs that each die after the first write that brings something new; how many died."""
    plan = left = plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan
    died, writes = 0, 1
    while run_until(tenant, ledger, site, plan, writes=writes):
        died += 1
        before, left = left, plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan
        # Some changes begin again with the first of their writes: let those go one further.
        writes = writes + 1 if left.changes == before.changes else 1
        assert writes < 6
    return died


def test_stopped_after_every_request_a_new_site_and_a_grown_one_equal_those_never_stopped(
    tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    (whole,) = write_sites(tmp_path, "/sites/t-whole")
    (steps,) = write_sites(tmp_path, "/sites/t-steps")
    apply_all(tenant, ledger, [whole])
    assert apply_in_steps(tenant, ledger, steps) > 35
    assert shape(tenant, steps.address) == shape(tenant, whole.address)

    (whole,) = write_sites(tmp_path, "/sites/t-whole", template=GROWN, organisation=GROWN_ORGANISATION)
    (steps,) = write_sites(tmp_path, "/sites/t-steps", template=GROWN, organisation=GROWN_ORGANISATION)
    assert [step.trouble for step in apply_all(tenant, ledger, [whole]) if step.trouble] == []
    assert apply_in_steps(tenant, ledger, steps) > 15
    assert shape(tenant, steps.address) == shape(tenant, whole.address)
    assert pending(tenant, [whole, steps]) == []


def ends(tenant: Tenant, address: str) -> Any:
    """What no comparison of parts sees: who is left in a library, and whether readers see a page and a file."""

    def ask(question: str) -> Any:
        return tenant.rest("GET", f"{address}/_api/{question}")

    held = ask(f"web/GetList('{address}/Closed')/roleassignments?$select=Member/Title&$expand=Member")["value"]
    state = "$select=CheckOutType,MajorVersion,MinorVersion"
    return [
        [each["Member"]["Title"] for each in held],
        ask(f"web/GetFileByServerRelativePath(DecodedUrl='{address}/SitePages/About.aspx')?{state}"),
        ask(f"web/GetFileByServerRelativePath(DecodedUrl='{address}/FormsKept/form.txt')?{state}"),
    ]


def test_what_comes_after_the_last_value_is_done_too_by_the_run_that_goes_on(
    tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    for name, text in (("pages/about.yaml", "sections: [{columns: [[{text: We.}]]}]\n"), ("assets/form.txt", "Name:")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, "utf-8")
    for template, version in ((FURNISHED, 1), (FURNISHED.replace("About us", "About all of us"), 2)):
        (whole,) = write_sites(tmp_path, "/sites/t-end", template=template, organisation=SMALL_ORGANISATION)
        (steps,) = write_sites(tmp_path, "/sites/t-ends", template=template, organisation=SMALL_ORGANISATION)
        assert [step.trouble for step in apply_all(tenant, ledger, [whole]) if step.trouble] == []
        assert apply_in_steps(tenant, ledger, steps) > 1
        calm = ends(tenant, whole.address)
        assert ends(tenant, steps.address) == calm
        assert [each["MinorVersion"] for each in calm[1:]] == [0, 0]
        assert [title.endswith("Owners") for title in calm[0]] == [True]
        assert pending(tenant, [whole, steps]) == [], version


def test_what_is_to_be_finished_is_shown_and_is_no_drift(tenant: Tenant, ledger: Ledger, tmp_path: Path) -> None:
    (site,) = write_sites(tmp_path, "/sites/t-open", template=SMALL, organisation=SMALL_ORGANISATION)
    apply_all(tenant, ledger, [site])
    part = site.contents.parts[Kind.LIBRARY, "casepapers"]
    entry = sites.Entry(
        "p", site.address, 1, "change", part.subject, {}, part.attributes, Kind.LIBRARY, "casepapers", part.label
    )
    sites.journal(ledger, entry, "intended")
    plan = plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan
    assert [describe.change_line(change) for change in plan.changes] == [
        '~ library "Case papers"  to be finished: a run stopped in the middle of it'
    ]
    assert drifts(plan) == []
    assert [step.trouble for step in apply_all(tenant, ledger, [site])] == [""]
    assert plan_sites(tenant, [site], watch=lambda _: None, ledger=ledger).plan.changes == ()


def test_a_column_that_a_librarys_copy_lacks_is_seen_and_handed_on(
    tenant: Tenant, ledger: Ledger, tmp_path: Path
) -> None:
    desired = write_sites(tmp_path, "/sites/t-lags", template=SMALL, organisation=SMALL_ORGANISATION)
    apply_all(tenant, ledger, desired)
    types = "/sites/t-lags/_api/web/GetList('/sites/t-lags/CasePapers')/contenttypes"
    copies = tenant.rest("GET", f"{types}?$select=Name,StringId")["value"]
    (copy,) = [each["StringId"] for each in copies if each["Name"] == "Council policy"]
    links = tenant.rest("GET", f"{types}('{copy}')/FieldLinks?$select=Id,Name")["value"]
    (link,) = [each["Id"] for each in links if each["Name"] == "CouncilReference"]
    tenant.rest("DELETE", f"{types}('{copy}')/FieldLinks(guid'{link}')", headers={"If-Match": "*"})
    assert pending(tenant, desired) == ['content type "Council policy"']
    apply_all(tenant, ledger, desired)
    assert pending(tenant, desired) == []


def test_columns_that_libraries_do_not_take_on_are_a_failure(
    tenant: Tenant, ledger: Ledger, tmp_path: Path, rehearsal: RunningTenant
) -> None:
    apply_all(tenant, ledger, write_sites(tmp_path, "/sites/t-deaf", template=SMALL, organisation=SMALL_ORGANISATION))
    column = {"id": "11111111-2222-4333-8444-555555555555", "type": "Text", "title": "Ward", "description": "",
              "group": "Council", "required": False}  # fmt: skip
    writer = SiteWriter(tenant, "/sites/t-deaf")
    writer.put(Kind.COLUMN, "CouncilWard", column)
    rehearsal.fault({"status": 200}, method="POST", path="t-deaf/.*/Update")
    with pytest.raises(Refused, match="did not take on the columns CouncilWard"):
        writer.put(Kind.CONTENT_TYPE, "council policy", {"columns": ("CouncilReference", "CouncilWard")})


def test_a_content_type_that_hangs_from_another_parent_is_noted(tenant: Tenant, ledger: Ledger, tmp_path: Path) -> None:
    (site,) = desired = write_sites(tmp_path, "/sites/t-parent", template=SMALL, organisation=SMALL_ORGANISATION)
    plan = plan_sites(tenant, desired, watch=lambda _: None).plan
    assert run_until(tenant, ledger, site, plan, writes=2)  # whether the address is free, and the site itself
    stray = {"id": f"0x010100{'A' * 32}", "name": "Council policy", "description": "", "group": "Council"}
    SiteWriter(tenant, site.address).put(Kind.CONTENT_TYPE, "council policy", {**stray, "columns": ()})
    assert "parent is Document, the template says Council document" in pending(tenant, desired)
