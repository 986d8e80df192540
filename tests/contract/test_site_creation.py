"""Making a site: what SharePoint says about one that is not yet there in full, and about one that never will be."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.errors import Conflict, Refused, Unavailable
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant, connect
from spmigrate.tenant.site import addresses, creation
from spmigrate.tenant.site.addresses import AddressState
from spmigrate.tenant.site.reading import read
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.conftest import read_settings
from tests.contract.scratch import ANYWHERE, Scratch
from tests.rehearsal_fixtures import RunningTenant, serve_tenant

NEW = {
    "type": "Communication site", "title": "x", "description": "", "language": "English",
    "owner": "migration.lead@contoso.onmicrosoft.com",
}  # fmt: skip
LEAD = "migration.lead@contoso.onmicrosoft.com"
GROUP_SITE = NEW | {"type": "Team site with Microsoft 365 group"}


@pytest.fixture
def faulty(rehearsal: RunningTenant) -> Iterator[RunningTenant]:
    """The rehearsal tenant, without faults again afterwards."""
    yield rehearsal
    rehearsal.clear_faults()


def test_a_site_that_is_not_found_for_a_moment_is_waited_for(tenant: Tenant, faulty: RunningTenant) -> None:
    faulty.fault({"status": 404}, count=2, method="GET", path="t-moment/_api/web")
    waited: list[float] = []
    creation.create(tenant, "/sites/t-moment", NEW, sleep=waited.append)
    assert waited[-2:] == [0.25, 0.5]


def test_a_site_without_groups_is_not_written_to(tenant: Tenant, faulty: RunningTenant) -> None:
    faulty.fault({"status": 404}, count=1000, method="GET", path="t-never/_api/web")
    waited: list[float] = []
    with pytest.raises(Unavailable, match="still being furnished after twenty minutes"):
        creation.wait_until_ready(tenant, "/sites/t-never", sleep=waited.append)
    assert 20 * 60 <= sum(waited) < 21 * 60


@ANYWHERE
def test_what_is_no_document_library_is_not_taken_for_one(shared_tenant: Tenant, scratch: Scratch) -> None:
    address = scratch.address("t-pages")
    creation.create(shared_tenant, address, NEW | {"owner": scratch.owner}, sleep=time.sleep)
    with pytest.raises(Conflict, match="SitePages is no document library"):
        SiteWriter(shared_tenant, address).put(Kind.LIBRARY, "sitepages", {"address": "SitePages", "title": "Pages"})


def test_who_holds_an_address_is_told_before_a_site_is_made(shared_tenant: Tenant) -> None:
    tenant, admin = shared_tenant, f"{shared_tenant.settings.admin}/_api"
    assert addresses.state_of(tenant, "/sites/t-nobodys") is AddressState.FREE
    assert addresses.state_of(tenant, "/sites/team") is AddressState.TAKEN
    for address in ("/sites/t-deleted", "/sites/t-moves"):
        creation.create(tenant, address, NEW, sleep=time.sleep)
    tenant.rest("POST", f"{admin}/SPO.Tenant/RemoveSite", {"siteUrl": f"{tenant.settings.sharepoint}/sites/t-deleted"})
    with pytest.raises(Conflict, match="held by a deleted site") as caught:
        creation.create(tenant, "/sites/t-deleted", NEW, sleep=time.sleep)
    assert "93 days" in str(caught.value.hint)
    tenant.rest("POST", f"{admin}/SiteRenameJobs", {
        "SourceSiteUrl": f"{tenant.settings.sharepoint}/sites/t-moves",
        "TargetSiteUrl": f"{tenant.settings.sharepoint}/sites/t-moved",
    })  # fmt: skip
    with pytest.raises(Conflict, match="redirect"):
        creation.create(tenant, "/sites/t-moves", NEW, sleep=time.sleep)


def test_a_site_with_a_group_is_made_with_its_people(shared_tenant: Tenant) -> None:
    writer = SiteWriter(shared_tenant, "/sites/t-group")
    wanted = GROUP_SITE | {"privacy": "Private", "owners": (LEAD, "service.desk@contoso.onmicrosoft.com")}
    writer.create(wanted)
    writer.create(wanted)  # a run that was stopped asks again
    engineer = "engineer@contoso.onmicrosoft.com"
    for role in ("Owners", "Members", "Visitors"):
        writer.put(Kind.PERSON, f"{role}/{engineer}", {"role": role, "login": engineer})
        writer.put(Kind.PERSON, f"{role}/{engineer}", {"role": role, "login": engineer})
    writer.put(Kind.SITE, "", {"title": "Another title"})
    found = read(shared_tenant, "/sites/t-group", {}, {Kind.SITE, Kind.GROUP, Kind.PERSON})
    assert found is not None
    site, group = found.parts[Kind.SITE, ""], found.parts[Kind.GROUP, ""]
    assert (site.attributes["type"], site.attributes["title"]) == (GROUP_SITE["type"], "Another title")
    assert group.attributes == {"alias": "t-group", "privacy": "Private"}
    people = {key for kind, key in found.parts if kind is Kind.PERSON}
    assert people >= {
        f"Owners/{LEAD}", "Owners/service.desk@contoso.onmicrosoft.com", f"Owners/{engineer}", f"Members/{engineer}",
        f"Visitors/{engineer}",
    }  # fmt: skip
    writer.remove(Kind.PERSON, f"Owners/{engineer}")
    after = read(shared_tenant, "/sites/t-group", {}, {Kind.PERSON})
    assert after is not None
    assert after.get(Kind.PERSON, f"Owners/{engineer}") is None


def test_a_group_that_cannot_have_the_address_is_refused(shared_tenant: Tenant) -> None:
    with pytest.raises(Refused, match="gets the address /sites/other"):
        SiteWriter(shared_tenant, "/sites/t-one").create(GROUP_SITE | {"alias": "other"})
    with pytest.raises(Conflict, match="taken by the group All staff"):
        SiteWriter(shared_tenant, "/sites/allstaff").create(GROUP_SITE)
    with pytest.raises(Refused, match=r"nobody signs in as no\.one"):
        SiteWriter(shared_tenant, "/sites/t-owner").create(GROUP_SITE | {"owner": "no.one@contoso.onmicrosoft.com"})


def test_a_group_without_its_site_yet_is_waited_for(tmp_path: Path) -> None:
    waited: list[float] = []
    with serve_tenant(tmp_path / "slow", profile="council") as slow, connect(read_settings(tmp_path, slow)) as tenant:

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            slow.advance(5 * seconds)

        creation.create(tenant, "/sites/t-slowly", GROUP_SITE, sleep=sleep)
        found = read(tenant, "/sites/t-slowly", {}, {Kind.SITE})
    assert found is not None
    assert found.ready
    assert waited
