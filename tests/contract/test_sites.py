"""Sites against a tenant: what is written is what is read back, however often the run is interrupted."""

import functools
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spmigrate.config import TenantSettings
from spmigrate.errors import Conflict, NotFound, Refused, StalePlan, TenantError
from spmigrate.provision.lint import review
from spmigrate.provision.provisioning import apply_site, plan_sites
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.store import sites as journal
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant, connect
from spmigrate.tenant.site import creation
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.reading import read
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.conftest import asked, read_settings
from tests.contract.scratch import ANYWHERE, Scratch
from tests.contract.site_samples import (
    ORGANISATION,
    SMALL,
    SMALL_ORGANISATION,
    TEMPLATE,
    apply_all,
    pending,
    write_sites,
)
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

NEW = {
    "type": "Team site without group", "title": "x", "description": "", "language": "English",
    "owner": "migration.lead@contoso.onmicrosoft.com",
}  # fmt: skip


@pytest.fixture
def tenant(shared_tenant: Tenant) -> Tenant:
    return shared_tenant


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def wanted(tmp_path: Path) -> Callable[..., list[DesiredSite]]:
    """The sites of a folder: `wanted("/sites/a", hub="/sites/b", template="…")`, the hub first."""
    return functools.partial(write_sites, tmp_path)


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningTenant]:
    """A tenant that takes its time to make sites."""
    with serve_tenant(tmp_path_factory.mktemp("slow"), profile="council") as running:
        yield running


@ANYWHERE
def test_applying_and_planning_again_leaves_nothing_to_do(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]], scratch: Scratch
) -> None:
    hub, address = scratch.address("d-law1"), scratch.address("t-law1")
    desired = wanted(address, hub=hub, owner=scratch.owner)
    steps = apply_all(tenant, ledger, desired)
    assert [step.trouble for step in steps if step.trouble] == []
    assert pending(tenant, desired) == []
    assert apply_all(tenant, ledger, desired) == []
    found = read(tenant, address, hub_addresses(tenant))
    assert found is not None
    membership = found.get(Kind.HUB_MEMBERSHIP)
    assert membership is not None
    assert membership.attributes == {"hub": hub}
    assert journal.applied(ledger)[address].site_id == found.site_id


def test_a_site_that_needs_nothing_is_read_with_few_requests(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]], rehearsal: RunningTenant
) -> None:
    desired = wanted("/sites/t-few")
    apply_all(tenant, ledger, desired)
    mark = rehearsal.mark()
    assert pending(tenant, desired) == []
    requests = [entry["path"] for entry in asked(rehearsal, mark)]
    print(f"{len(requests)} requests")
    assert len(requests) <= 5, requests


@pytest.mark.parametrize(
    ("moment", "skip"), [("after", 0), ("after", 8), ("after", 17), ("after", 23), ("after", 29), ("before", 23)]
)
def test_a_connection_lost_in_the_middle_of_a_change_doubles_nothing(
    settings: TenantSettings,
    ledger: Ledger,
    wanted: Callable[..., list[DesiredSite]],
    rehearsal: RunningTenant,
    moment: str,
    skip: int,
) -> None:
    desired = wanted(f"/sites/t-lost-{moment}{skip}")
    rehearsal.fault({"reset": moment}, skip=skip, method="POST", path=f"t-lost-{moment}{skip}/")
    with connect(settings, sleep=lambda _: None) as tenant:
        for _ in range(3):
            if all(not step.trouble for step in apply_all(tenant, ledger, desired)):
                break
        assert pending(tenant, desired) == []
        web = f"{desired[0].address}/_api/web"
        titles = tenant.rest("GET", f"{web}/lists?$select=Title&$filter=BaseTemplate eq 101")["value"]
        assert sorted(each["Title"] for each in titles).count("Case papers") == 1
        nodes = tenant.rest("GET", f"{web}/navigation/quicklaunch?$select=Title")["value"]
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
    writer.put(Kind.LINK, "quick launch//case papers", {"address": "/sites/t-drift"})
    writer.put(Kind.SHARING, "", {"external sharing": "Anyone with the link"})
    writer.put(Kind.LINK, "quick launch//rota", {"title": "Rota", "address": "https://rota.example/"})
    assert sorted(pending(tenant, desired)) == [
        'column "Business class"', 'library "Case papers"', 'link "Case papers"', "regional settings",
        "sharing", 'site "The team"',
    ]  # fmt: skip
    apply_all(tenant, ledger, desired)
    assert pending(tenant, desired) == []
    found = read(tenant, "/sites/t-drift", {})
    assert found is not None
    assert found.get(Kind.LINK, "quick launch//rota") is not None


def test_a_changed_column_changes_in_the_libraries_too(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    apply_all(tenant, ledger, wanted("/sites/t-copies"))
    SiteWriter(tenant, "/sites/t-copies").put(Kind.COLUMN, "CouncilBusinessClass", {"choices": ("Finance", "Legal")})
    fields = "/sites/t-copies/_api/web/GetList('/sites/t-copies/CasePapers')/fields"
    field = tenant.rest("GET", f"{fields}/getbyinternalnameortitle('CouncilBusinessClass')")
    assert field["Choices"] == ["Finance", "Legal"]


@ANYWHERE
def test_a_template_that_grows_reaches_the_libraries_that_are_there(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]], scratch: Scratch
) -> None:
    address = scratch.address("t-grows")
    apply_all(tenant, ledger, wanted(address, owner=scratch.owner))
    text = ORGANISATION.replace("columns: [Business class, Reference]", "columns: [Business class, Reference, Ward]")
    text = text.replace("content types:", "  - {name: Ward, type: Text}\ncontent types:")
    grown = TEMPLATE.replace("[Name, Business class, Modified]", "[Name, Business class, Ward, Modified]")
    desired = wanted(address, owner=scratch.owner, template=grown, organisation=text)
    assert pending(tenant, desired) == [
        'column "Ward"', 'content type "Council document"', 'content type "Council policy"', 'library "Documents"',
    ]  # fmt: skip
    assert [step.trouble for step in apply_all(tenant, ledger, desired) if step.trouble] == []
    assert pending(tenant, desired) == []


@ANYWHERE
def test_a_column_made_by_hand_is_adopted_by_its_internal_name(
    tenant: Tenant, ledger: Ledger, wanted: Callable[..., list[DesiredSite]], scratch: Scratch
) -> None:
    (site,) = desired = wanted(scratch.address("t-adopt"), owner=scratch.owner)
    plan = plan_sites(tenant, desired, watch=lambda _: None).plan
    next(apply_site(tenant, ledger, site, plan, sleep=time.sleep))
    by_hand = "11111111-2222-4333-8444-555555555555"
    column = {"id": by_hand, "type": "Text", "title": "Ref", "description": "", "group": "Ours", "required": False}
    SiteWriter(tenant, site.address).put(Kind.COLUMN, "CouncilReference", column)
    apply_all(tenant, ledger, desired)
    assert pending(tenant, desired) == ["group is Ours, the template began with Council"]
    found = read(tenant, site.address, {})
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
    assert [change.subject for change in planned.changes] == ['link "Case papers"']
    assert "holds 1 items" in planned.notes[0].text
    with pytest.raises(Conflict):
        SiteWriter(tenant, "/sites/t-gone").remove(Kind.LIBRARY, "casepapers")
    file = f"{web}/GetFileByServerRelativePath(decodedurl='/sites/t-gone/CasePapers/note.txt')"
    tenant.rest("POST", f"{file}/recycle()")
    apply_all(tenant, ledger, without)
    found = read(tenant, "/sites/t-gone", {})
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
    with pytest.raises(Conflict, match="taken"):
        creation.create(tenant, "/sites/team", NEW, sleep=time.sleep)
    with pytest.raises(Refused, match="could not make"):
        creation.create(tenant, "/sites/x", {**NEW, "owner": "no@contoso.onmicrosoft.com"}, sleep=time.sleep)


@ANYWHERE
def test_joining_what_is_no_hub_says_what_to_do(tenant: Tenant, scratch: Scratch) -> None:
    with pytest.raises(NotFound) as caught:
        SiteWriter(tenant, scratch.address("t-joins")).put(Kind.HUB_MEMBERSHIP, "", {"hub": "/sites/nowhere"})
    assert caught.value.hint == "make it one first: spmigrate site apply /sites/nowhere"


@ANYWHERE
def test_a_site_that_is_not_there_is_none(tenant: Tenant, scratch: Scratch) -> None:
    assert read(tenant, scratch.address("t-nothing"), {}) is None


def test_a_site_is_waited_for_until_it_is_furnished(
    slow: RunningTenant, tmp_path: Path, ledger: Ledger, wanted: Callable[..., list[DesiredSite]]
) -> None:
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        slow.advance(5 * seconds)

    with connect(read_settings(tmp_path, slow)) as tenant:
        desired = wanted("/sites/t-slow", template=SMALL, organisation=SMALL_ORGANISATION)
        plan = plan_sites(tenant, desired, watch=lambda _: None).plan
        steps = list(apply_site(tenant, ledger, desired[0], plan, sleep=sleep))
        assert [step.trouble for step in steps if step.trouble] == []
        assert pending(tenant, desired) == []
    assert 0 < max(waited) <= 15


def test_a_site_that_a_stopped_run_asked_for_is_waited_for_too(slow: RunningTenant, tmp_path: Path) -> None:
    def die(_seconds: float) -> None:
        raise KeyboardInterrupt

    with connect(read_settings(tmp_path, slow)) as tenant:
        with pytest.raises(KeyboardInterrupt):
            creation.create(tenant, "/sites/t-asked", NEW, sleep=die)
        creation.create(tenant, "/sites/t-asked", NEW, sleep=lambda seconds: slow.advance(5 * seconds))
        found = read(tenant, "/sites/t-asked", {})
    assert found is not None
    assert found.ready


def test_errors_of_the_tenant_carry_no_secret(tenant: Tenant) -> None:
    with pytest.raises(TenantError) as caught:
        SiteWriter(tenant, "/sites/t-nothing").put(Kind.REGION, "", {"24-hour clock": True})
    assert not re.search("eyJ|Bearer", caught.value.message)
