"""Graph's directory, policies and settings without sockets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.identity import CLIENT_ID, Identity, ensure_identity
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.shared_settings import read_settings, write_settings
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import ALL, read, request

CROSS = "policies/crossTenantAccessPolicy"
PARTNER = "5f3c1c7e-2a0b-4d1e-9a55-0b9c2f4d7a10"
SEED = """
users:
  - {upn: sponsor, name: Sponsor}
guests:
  - {mail: active@nhstrust.example, sponsors: [sponsor], signed_in_days_ago: 3}
  - {mail: stale@police.example, signed_in_days_ago: 200}
  - {mail: never@consumer.example, accepted: false, invited_days_ago: 60}
groups:
  - {name: Directors, unified: true, owners: [sponsor], members: [sponsor]}
partners:
  - tenant_id: 8a0d5a36-7f0f-4a0e-8f4c-8c6fb1a2c311
    properties: {inboundTrust: {isMfaAccepted: true}}
"""


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    folder = tmp_path_factory.mktemp("identity")
    tenant = open_tenant(folder)
    tenant.store.close()
    return ensure_identity(folder, tenant.names)


@pytest.fixture
def tenant(tmp_path: Path, identity: Identity) -> Iterator[Tenant]:
    opened = open_tenant(tmp_path)
    seeder = Seeder(opened, identity)
    seeder.ensure(None)
    seeder.apply(SEED, source="the test")
    yield opened
    opened.store.close()


def call(tenant: Tenant, method: str, path: str, content: object = None, *, without: str = "") -> Response:
    return graph.handle(request(method, path, content, roles=ALL - {without}), tenant)


def guests(tenant: Tenant, more: str = "") -> list[dict[str, object]]:
    path = f"users?$filter=userType%20eq%20'Guest'{more}"
    return list(read(call(tenant, "GET", path))["value"])


def test_guests_are_filtered_and_cut_to_what_is_selected(tenant: Tenant) -> None:
    found = guests(tenant, "&$select=mail,externalUserState")
    assert {each["mail"]: each["externalUserState"] for each in found} == {
        "active@nhstrust.example": "Accepted",
        "stale@police.example": "Accepted",
        "never@consumer.example": "PendingAcceptance",
    }
    assert set(found[0]) == {"mail", "externalUserState"}


def test_users_without_select_show_the_usual_properties_only(tenant: Tenant) -> None:
    assert "userType" not in guests(tenant)[0]


def test_sign_ins_need_their_own_permission(tenant: Tenant) -> None:
    path = "users?$select=id,signInActivity"
    assert call(tenant, "GET", path, without="AuditLog.Read.All").status == 403
    assert call(tenant, "GET", path).status == 200


def test_users_come_in_pages_and_counted(tenant: Tenant) -> None:
    eventual = {"consistencylevel": "eventual"}
    first = read(graph.handle(request("GET", "users?$top=10&$count=true", **eventual), tenant))
    rest = first["@odata.nextLink"].removeprefix("https://graph.microsoft.com/v1.0/")
    second = read(graph.handle(request("GET", rest, **eventual), tenant))
    assert first["@odata.count"] == len(first["value"]) + len(second["value"])


def test_sponsors_expand(tenant: Tenant) -> None:
    found = {each["mail"]: each["sponsors"] for each in guests(tenant, "&$expand=sponsors")}
    assert len(found["active@nhstrust.example"]) == 1
    assert found["stale@police.example"] == []


def test_invited_guest_waits_for_acceptance(tenant: Tenant) -> None:
    body = {"invitedUserEmailAddress": "new@district.example", "inviteRedirectUrl": "https://contoso.sharepoint.com"}
    made = read(call(tenant, "POST", "invitations", body))
    user = read(call(tenant, "GET", f"users/{made['invitedUser']['id']}?$select=externalUserState,userType"))
    assert (user["externalUserState"], user["userType"]) == ("PendingAcceptance", "Guest")


def test_group_people_can_be_added_once_and_removed(tenant: Tenant) -> None:
    path = "groups?$filter=groupTypes/any(c:c%20eq%20'Unified')"
    group = next(each for each in read(call(tenant, "GET", path))["value"] if each["displayName"] == "Directors")
    reference = {"@odata.id": "https://graph.microsoft.com/v1.0/users/engineer@contoso.onmicrosoft.com"}
    added = [call(tenant, "POST", f"groups/{group['id']}/members/$ref", reference).status for _ in range(2)]
    assert added == [204, 400]
    members = read(call(tenant, "GET", f"groups/{group['id']}/members"))["value"]
    assert len(members) == 2
    assert call(tenant, "DELETE", f"groups/{group['id']}/members/{members[0]['id']}/$ref").status == 204
    assert len(read(call(tenant, "GET", f"groups/{group['id']}/members"))["value"]) == 1


def test_partner_blocks_that_are_absent_inherit(tenant: Tenant) -> None:
    partners = read(call(tenant, "GET", f"{CROSS}/partners"))["value"]
    assert partners[0]["b2bCollaborationInbound"] is None
    assert partners[0]["inboundTrust"] == {"isMfaAccepted": True}


def test_partner_is_made_altered_and_removed(tenant: Tenant) -> None:
    made = call(tenant, "POST", f"{CROSS}/partners", {"tenantId": PARTNER})
    assert made.status == 201
    assert call(tenant, "POST", f"{CROSS}/partners", {"tenantId": PARTNER}).status == 409
    trust = {"inboundTrust": {"isMfaAccepted": True}}
    assert call(tenant, "PATCH", f"{CROSS}/partners/{PARTNER}", trust).status == 204
    assert read(call(tenant, "GET", f"{CROSS}/partners/{PARTNER}"))["inboundTrust"]["isMfaAccepted"] is True
    assert call(tenant, "DELETE", f"{CROSS}/partners/{PARTNER}").status == 204
    assert call(tenant, "GET", f"{CROSS}/partners/{PARTNER}").status == 404


def test_unknown_property_of_a_policy_is_refused(tenant: Tenant) -> None:
    assert call(tenant, "PATCH", f"{CROSS}/default", {"nonsense": 1}).status == 400


def test_writing_a_policy_needs_the_right_to_write(tenant: Tenant) -> None:
    answer = call(tenant, "PATCH", f"{CROSS}/default", {}, without="Policy.ReadWrite.CrossTenantAccess")
    assert answer.status == 403


def test_changed_default_is_no_longer_the_service_default(tenant: Tenant) -> None:
    assert read(call(tenant, "GET", f"{CROSS}/default"))["isServiceDefault"] is True
    call(tenant, "PATCH", f"{CROSS}/default", {"inboundTrust": {"isMfaAccepted": True}})
    shown = read(call(tenant, "GET", f"{CROSS}/default"))
    assert shown["isServiceDefault"] is False
    assert shown["inboundTrust"] == {
        "isMfaAccepted": True, "isCompliantDeviceAccepted": False, "isHybridAzureADJoinedDeviceAccepted": False,
    }  # fmt: skip


def test_sharing_is_one_fact_for_graph_and_sharepoint(tenant: Tenant) -> None:
    call(tenant, "PATCH", "admin/sharepoint/settings", {"sharingCapability": "existingExternalUserSharingOnly"})
    assert read_settings(tenant.store)["SharingCapability"] == 3
    write_settings(tenant.store, {"SharingCapability": 0})
    assert read(call(tenant, "GET", "admin/sharepoint/settings"))["sharingCapability"] == "disabled"


@pytest.mark.parametrize(
    "patch",
    [
        {"sharingCapability": "open"}, {"sharingCapability": None}, {"sharingAllowedDomainList": 5},
        {"sharingBlockedDomainList": [7]}, {"isLoopEnabled": "no"}, {"personalSiteDefaultStorageLimitInMB": "much"},
    ],
)  # fmt: skip
def test_setting_with_a_value_that_it_cannot_have_is_refused(tenant: Tenant, patch: dict[str, Any]) -> None:
    before = read(call(tenant, "GET", "admin/sharepoint/settings"))
    assert call(tenant, "PATCH", "admin/sharepoint/settings", patch).status == 400
    assert read(call(tenant, "GET", "admin/sharepoint/settings")) == before


def test_domain_leads_to_its_tenant(tenant: Tenant) -> None:
    path = "tenantRelationships/findTenantInformationByDomainName(domainName='{}')"
    assert read(call(tenant, "GET", path.format("nhstrust.example")))["tenantId"] == PARTNER
    assert call(tenant, "GET", path.format("nobody.example")).status == 404


def test_application_sees_the_permissions_that_it_holds(tenant: Tenant) -> None:
    own = read(call(tenant, "GET", f"servicePrincipals(appId='{CLIENT_ID}')"))
    held = read(call(tenant, "GET", f"servicePrincipals/{own['id']}/appRoleAssignments?$top=999"))["value"]
    sharepoint = read(call(tenant, "GET", "servicePrincipals(appId='00000003-0000-0ff1-ce00-000000000000')"))
    names = {role["id"]: role["value"] for role in sharepoint["appRoles"]}
    mine = {names[each["appRoleId"]] for each in held if each["resourceId"] == sharepoint["id"]}
    assert "Sites.FullControl.All" in mine


def test_licences_are_listed(tenant: Tenant) -> None:
    found = read(call(tenant, "GET", "subscribedSkus"))["value"]
    assert {each["skuPartNumber"]: each["prepaidUnits"]["enabled"] for each in found}["SPE_E3"] == 7500


def test_application_has_no_me(tenant: Tenant) -> None:
    assert call(tenant, "GET", "me").status == 400


def test_reset_begins_again(tenant: Tenant, identity: Identity) -> None:
    tenant.clock.advance(86_400)
    Seeder(tenant, identity).reset()
    assert guests(tenant) == []
    assert call(tenant, "GET", "sites/contoso.sharepoint.com:/sites/team").status == 200


def test_seed_alters_of_an_application_only_what_it_names(tenant: Tenant, identity: Identity) -> None:
    before = tenant.directory.app(CLIENT_ID)
    assert before
    text = f"apps:\n  - {{client_id: {CLIENT_ID}, roles: {{graph: [User.Read.All]}}}}\n"
    Seeder(tenant, identity).apply(text, source="the test")
    after = tenant.directory.app(CLIENT_ID)
    assert after
    assert after.props == {**before.props, "roles": {"graph": ["User.Read.All"]}}
    assert after.name == before.name


def test_seed_with_a_new_application_without_a_name_is_refused(tenant: Tenant, identity: Identity) -> None:
    text = "apps:\n  - {client_id: aaaaaaaa-0000-0000-0000-000000000001}\n"
    with pytest.raises(RehearsalError, match="name is missing"):
        Seeder(tenant, identity).apply(text, source="the test")


def test_mailbox_of_a_group_is_shown_alone_and_set_alone(tenant: Tenant) -> None:
    group = next(each for each in tenant.directory.groups() if each.name == "Directors")
    other = next(each for each in tenant.directory.groups() if "Unified" not in each.props.get("groupTypes", ()))
    path, names = f"groups/{group.guid}", "allowExternalSenders,hideFromAddressLists"
    assert read(call(tenant, "GET", f"{path}?$select={names}"))["hideFromAddressLists"] is False
    assert call(tenant, "PATCH", path, {"hideFromAddressLists": True}).status == 204
    assert read(call(tenant, "GET", f"{path}?$select={names}"))["hideFromAddressLists"] is True
    assert "hideFromAddressLists" not in read(call(tenant, "GET", path))
    assert call(tenant, "PATCH", path, {"hideFromAddressLists": True, "description": "x"}).status == 400
    assert call(tenant, "PATCH", path, {"allowExternalSenders": True}).status == 403
    assert call(tenant, "GET", f"groups/{other.guid}?$select={names}").status == 404
    assert call(tenant, "GET", f"groups?$select={names}").status == 501


def test_settings_of_the_office_apps_are_read_and_changed(tenant: Tenant) -> None:
    path = "admin/microsoft365Apps/installationOptions"
    assert call(tenant, "PATCH", path, {"updateChannel": "semiAnnual"}).status == 204
    assert read(call(tenant, "GET", path))["updateChannel"] == "semiAnnual"
    shown = read(call(tenant, "GET", "admin/microsoft365Apps?$expand=installationOptions"))
    assert shown["installationOptions"]["updateChannel"] == "semiAnnual"


def test_apis_are_found_by_the_names_that_programs_know(tenant: Tenant) -> None:
    shown = read(call(tenant, "GET", "servicePrincipals?$select=appId,servicePrincipalNames"))["value"]
    names = {each["appId"]: each["servicePrincipalNames"] for each in shown}
    assert "https://graph.microsoft.com" in names["00000003-0000-0000-c000-000000000000"]
