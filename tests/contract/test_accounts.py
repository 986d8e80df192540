"""People and groups of the directory, found by the SIDs that file servers know them by."""

import pytest

from spmigrate.errors import NotFound
from spmigrate.tenant import accounts, files, row_folders
from spmigrate.tenant.session import Tenant
from tests.rehearsal_fixtures import RunningTenant

DOMAIN = "S-1-5-21-1004336348-1177238915-682003330"


@pytest.fixture
def directory(rehearsal: RunningTenant) -> None:
    people = "".join(
        f"  - {{upn: synced.{n}, name: Synced {n},"
        f" properties: {{onPremisesSecurityIdentifier: {DOMAIN}-{2000 + n}}}}}\n"
        for n in range(20)
    )
    group = f"groups:\n  - {{name: Bridge inspectors, properties: {{onPremisesSecurityIdentifier: {DOMAIN}-3000}}}}\n"
    rehearsal.seed(f"users:\n{people}{group}")


@pytest.mark.usefixtures("directory")
def test_people_are_found_many_at_a_time_and_strangers_left_out(tenant: Tenant, rehearsal: RunningTenant) -> None:
    wanted = [f"{DOMAIN}-{2000 + n}" for n in range(25)]
    found = accounts.people_by_sid(tenant, wanted)
    assert len(found) == 20
    assert found[f"{DOMAIN}-2003"] == "synced.3@contoso.onmicrosoft.com"
    assert accounts.groups_by_sid(tenant, [f"{DOMAIN}-3000", f"{DOMAIN}-2003"]) == {
        f"{DOMAIN}-3000": "Bridge inspectors"
    }


@pytest.mark.usefixtures("directory")
def test_grant_to_a_sid_is_somebody_of_the_directory_or_refused(tenant: Tenant, rehearsal: RunningTenant) -> None:
    site = "/" + rehearsal.ready["site"].split("/", 3)[3]
    given = row_folders.resolve(
        tenant, site, [(f"sid:{DOMAIN}-2001", "Read"), (f"sid:{DOMAIN}-3000", "Contribute"), ("Owners", "Full Control")]
    )
    assert len(set(given)) == 3
    with pytest.raises(NotFound, match="2999"):
        row_folders.resolve(tenant, site, [(f"sid:{DOMAIN}-2999", "Read")])


def test_closing_a_folder_leaves_what_is_closed_below_it_as_it_is(tenant: Tenant, rehearsal: RunningTenant) -> None:
    site = "/" + rehearsal.ready["site"].split("/", 3)[3]
    library = files.open_library(tenant, site, "Shared Documents")
    row_folders.make(tenant, library, "Outer/Inner")
    owners = row_folders.resolve(tenant, site, [("Owners", "Full Control")])
    row_folders.close(tenant, library, "Outer/Inner")
    row_folders.give(tenant, library, "Outer/Inner", owners)
    before = row_folders.look(tenant, library, "Outer/Inner")
    row_folders.close(tenant, library, "Outer")
    row_folders.give(tenant, library, "Outer", row_folders.resolve(tenant, site, [("Members", "Contribute")]))
    assert row_folders.look(tenant, library, "Outer/Inner") == before
