"""Making a site: what SharePoint says about one that is not yet there in full, and about one that never will be."""

import time
from collections.abc import Iterator

import pytest

from spmigrate.errors import Conflict, Unavailable
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import creation
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.scratch import ANYWHERE, Scratch
from tests.rehearsal_fixtures import RunningTenant

NEW = {
    "type": "Communication site", "title": "x", "description": "", "language": "English",
    "owner": "migration.lead@contoso.onmicrosoft.com",
}  # fmt: skip


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
