"""What CLI for Microsoft 365 reads and does in the directory, without sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate.rehearsal.group_sites import create_group_site
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.site_calls import Team

HOST, OWNER = "contoso.sharepoint.com", "owner@contoso.onmicrosoft.com"


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    tenant = open_tenant(tmp_path)
    with tenant.store.transaction():
        tenant.directory.add_user(OWNER, props={"displayName": "Owner"})
        create_site(tenant, NewSite(f"{HOST}/sites/team", "Team", OWNER))
    yield Team(tenant)
    tenant.store.close()


def addresses(tenant: Tenant, *, deleted: bool) -> list[str]:
    return [each.name for each in tenant.store.every("site", deleted=deleted)]


def test_items_of_a_drive_have_keys_in_brackets_too(team: Team) -> None:
    team.put_file("Folder/a.txt", b"text")
    drive = team.get(f"{team.base}/drive")["id"]
    folder = team.get(f"{team.base}/drive/root:/Folder")["id"]
    found: Any = team.get(f"drives/{drive}/items('{folder}')/children")["value"]
    assert [each["name"] for each in found] == ["a.txt"]


def test_site_outlives_its_group_in_the_recycle_bin(team: Team) -> None:
    group = team.tenant.directory.add_group("Roads", props={"mailNickname": "roads", "groupTypes": ["Unified"]})
    site = create_group_site(team.tenant, group, owner=OWNER).name
    assert team.ask("DELETE", f"groups/{group.guid}")[0] == 204
    assert team.ask("DELETE", f"directory/deletedItems/{group.guid}")[0] == 204
    assert site in addresses(team.tenant, deleted=True)
    assert site not in addresses(team.tenant, deleted=False)


def test_member_of_an_administrative_unit_is_read_alone(team: Team) -> None:
    user = team.tenant.directory.add_user("clerk@contoso.onmicrosoft.com", props={"displayName": "Clerk"})
    unit = f"directory/administrativeUnits/{team.post('directory/administrativeUnits', {'displayName': 'A'})['id']}"
    assert team.refusal("GET", f"{unit}/members/{user.guid}")[0] == 404
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{user.guid}"}
    assert team.ask("POST", f"{unit}/members/$ref", reference)[0] == 204
    assert team.get(f"{unit}/members/{user.guid}")["displayName"] == "Clerk"


def test_schedules_of_roles_may_be_asked_for_with_their_roles(team: Team) -> None:
    path = "roleManagement/directory/roleAssignmentScheduleInstances"
    reader = frozenset({"RoleManagement.Read.Directory"})
    status, shown = team.ask("GET", f"{path}?$expand=roleDefinition,principal", roles=reader)
    assert (status, shown.get("value")) == (200, [])
    assert team.ask("GET", f"{path}?$expand=nothing", roles=reader)[0] == 400
