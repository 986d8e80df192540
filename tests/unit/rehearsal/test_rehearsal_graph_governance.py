"""Roles for a time, labels, connected organisations and policies of applications and devices."""

from collections.abc import Iterator

import pytest

from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.scope import open_scope
from spmigrate.rehearsal.sharepoint.service_principal import PermissionGrants, grant
from tests.unit.rehearsal.directory_calls import EVERY_ROLE, Directory, open_directory

AT = "roleManagement/directory"
READER = "5d6b6bb7-de71-4623-b4af-96380a352509"  # Security Reader
PIM = ["RoleManagement.ReadWrite.Directory", "User.Read.All"]
SEED = "tenant: {labels: {Official: For daily work, Official-Sensitive: For what is not}}"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    opened = open_directory(tmp_path_factory.mktemp("governance"))
    opened.seed(SEED)
    yield opened
    opened.tenant.store.close()


def engineer(directory: Directory) -> str:
    return str(directory.get("users/engineer@contoso.onmicrosoft.com")["id"])


def ask_for_role(directory: Directory, kind: str, action: str, **more: object) -> tuple[int, dict[str, object]]:
    wanted = {"principalId": engineer(directory), "roleDefinitionId": READER, "directoryScopeId": "/"}
    body = {"action": action, "justification": "work", **wanted, **more}
    return directory.ask("POST", f"{AT}/{kind}ScheduleRequests", body, roles=PIM)


def held(directory: Directory, kind: str) -> list[str]:
    mine = f"principalId eq '{engineer(directory)}'"
    return [each["roleDefinitionId"] for each in directory.get(f"{AT}/{kind}?$filter={mine}", roles=PIM)["value"]]


def test_eligible_person_takes_a_role_up_and_gives_it_back(directory: Directory) -> None:
    status, said = ask_for_role(directory, "roleAssignment", "selfActivate")
    assert (status, said["error"]["code"]) == (400, "RoleAssignmentDoesNotExist")  # type: ignore[index] # JSON
    status, made = ask_for_role(directory, "roleEligibility", "adminAssign")
    assert (status, made["status"], made["action"]) == (201, "Provisioned", "adminAssign")
    assert ask_for_role(directory, "roleEligibility", "adminAssign")[0] == 400
    assert held(directory, "roleEligibilityScheduleInstances") == [READER]
    assert held(directory, "roleAssignments") == []
    assert ask_for_role(directory, "roleAssignment", "selfActivate")[0] == 201
    for kind in ("roleAssignments", "roleAssignmentSchedules", "roleAssignmentScheduleInstances"):
        assert held(directory, kind) == [READER]
    assert ask_for_role(directory, "roleAssignment", "selfDeactivate")[1]["status"] == "Revoked"
    assert held(directory, "roleAssignments") == []
    assert ask_for_role(directory, "roleEligibility", "adminRemove")[0] == 201
    assert held(directory, "roleEligibilitySchedules") == []
    assert ask_for_role(directory, "roleEligibility", "adminRemove")[0] == 400


def test_eligibility_ends_when_it_was_given_for_a_time(directory: Directory) -> None:
    ends = {"scheduleInfo": {"expiration": {"type": "afterDateTime", "endDateTime": "2099-01-01T00:00:00Z"}}}
    assert ask_for_role(directory, "roleEligibility", "adminAssign", **ends)[0] == 201
    assert held(directory, "roleEligibilitySchedules") == [READER]
    clock = directory.tenant.clock
    clock.advance(86_400 * 365 * 80)
    assert held(directory, "roleEligibilitySchedules") == []
    clock.advance(-86_400 * 365 * 80)
    assert ask_for_role(directory, "roleEligibility", "adminRemove")[0] == 201


def test_request_that_is_only_tried_changes_nothing(directory: Directory) -> None:
    assert ask_for_role(directory, "roleEligibility", "adminAssign", isValidationOnly=True)[0] == 201
    assert held(directory, "roleEligibilitySchedules") == []


def test_roles_for_a_time_need_their_permission(directory: Directory) -> None:
    body = {"action": "adminAssign", "principalId": engineer(directory), "roleDefinitionId": READER}
    path = f"{AT}/roleEligibilityScheduleRequests"
    assert directory.ask("POST", path, body, roles=["RoleManagement.Read.Directory"])[0] == 403
    assert directory.ask("POST", path, {**body, "action": "nonsense"}, roles=PIM)[0] == 400
    assert directory.ask("POST", path, {"action": "adminAssign"}, roles=PIM)[0] == 400


def test_policy_of_a_role_says_its_rules(directory: Directory) -> None:
    path = "policies/roleManagementPolicyAssignments"
    text = f"scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '{READER}'"
    (found,) = directory.get(f"{path}?$filter={text}&$expand=policy($expand=rules)")["value"]
    kinds = {each["@odata.type"].rpartition(".")[2] for each in found["policy"]["rules"]}
    assert "unifiedRoleManagementPolicyExpirationRule" in kinds
    rule = directory.get(f"policies/roleManagementPolicies/{found['policyId']}/rules/Expiration_EndUser_Assignment")
    assert (rule["maximumDuration"], rule["target"]["caller"]) == ("PT8H", "EndUser")
    assert directory.ask("GET", "policies/roleManagementPolicies/none")[0] == 404


def test_labels_of_the_tenant_are_told_in_both_versions(directory: Directory) -> None:
    roles = ["SensitivityLabels.Read.All"]
    path = "security/dataSecurityAndGovernance/sensitivityLabels"
    shown = directory.get(path, roles=roles)["value"]
    assert [(each["name"], each["priority"]) for each in shown] == [("Official", 0), ("Official-Sensitive", 1)]
    assert directory.get(f"{path}/{shown[1]['id']}", roles=roles)["toolTip"] == "For what is not"
    other = directory.get("security/informationProtection/sensitivityLabels", version="beta")["value"]
    assert [(each["id"], each["sensitivity"]) for each in other] == [(each["id"], n) for n, each in enumerate(shown)]
    assert directory.ask("GET", "security/informationProtection/sensitivityLabels")[0] == 501
    assert directory.ask("GET", path, roles=["User.Read.All"])[0] == 403
    mine = directory.get("me/security/informationProtection/sensitivityLabels", version="beta", user="engineer")
    assert len(mine["value"]) == 2


def test_connected_organisation_is_made_changed_and_removed(directory: Directory) -> None:
    path, roles = (
        "identityGovernance/entitlementManagement/connectedOrganizations",
        ["EntitlementManagement.ReadWrite.All"],
    )
    source = {"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "police.example",
              "displayName": "Police"}  # fmt: skip
    body = {"displayName": "Police", "identitySources": [source], "state": "proposed"}
    status, made = directory.ask("POST", path, body, roles=roles)
    assert (status, made["state"], made["identitySources"]) == (201, "proposed", [source])
    one = f"{path}/{made['id']}"
    assert directory.ask("PATCH", one, {"state": "configured"}, roles=roles)[0] == 204
    assert directory.get(f"{path}?$expand=internalSponsors", roles=roles)["value"][0]["internalSponsors"] == []
    assert directory.get(f"{one}/externalSponsors", roles=roles)["value"] == []
    assert directory.ask("PATCH", one, {"state": "nonsense"}, roles=roles)[0] == 400
    assert directory.ask("DELETE", one, roles=roles)[0] == 204
    assert directory.ask("GET", f"{one}/externalSponsors", roles=roles)[0] == 404
    catalogues = directory.get("identityGovernance/entitlementManagement/catalogs", roles=roles)["value"]
    assert [each["catalogType"] for each in catalogues] == ["serviceDefault"]


@pytest.mark.parametrize(
    ("path", "method", "patch", "permission"),
    [
        ("policies/deviceRegistrationPolicy", "PUT", {"userDeviceQuota": 10}, "Policy.ReadWrite.DeviceConfiguration"),
        ("policies/defaultAppManagementPolicy", "PATCH", {"isEnabled": True},
         "Policy.ReadWrite.ApplicationConfiguration"),
        ("policies/crossTenantAccessPolicy/templates/multiTenantOrganizationIdentitySynchronization", "PATCH",
         {"templateApplicationLevel": "newPartners"}, "Policy.ReadWrite.CrossTenantAccess"),
    ],
)  # fmt: skip
def test_policy_of_which_there_is_one_is_read_and_changed(
    directory: Directory, path: str, method: str, patch: dict[str, object], permission: str
) -> None:
    before = {name: value for name, value in directory.get(path).items() if name[0] != "@"}
    assert directory.ask(method, path, patch, roles=["Policy.Read.All"])[0] == 403
    whole = before if method == "PUT" else {}
    assert directory.ask(method, path, {**whole, **patch}, roles=[permission])[0] in (200, 204)
    after = directory.get(path)
    assert {name: after[name] for name in before} == {**before, **patch}
    assert directory.ask(method, path, {"nonsense": 1}, roles=[permission])[0] == 400


def test_policy_on_applications_is_made_for_some(directory: Directory) -> None:
    path, roles = "policies/appManagementPolicies", ["Policy.ReadWrite.ApplicationConfiguration"]
    status, made = directory.ask("POST", path, {"displayName": "Short secrets", "isEnabled": True}, roles=roles)
    assert (status, made["isEnabled"], made["restrictions"]["passwordCredentials"]) == (201, True, [])
    assert directory.ask("DELETE", f"{path}/{made['id']}", roles=roles)[0] == 204
    assert directory.get(path, roles=EVERY_ROLE)["value"] == []


def test_property_of_profile_cards_goes_by_its_name(directory: Directory) -> None:
    path, roles = "admin/people/profileCardProperties", ["PeopleSettings.ReadWrite.All"]
    body = {"directoryPropertyName": "CustomAttribute1", "annotations": [{"displayName": "Cost centre"}]}
    assert directory.ask("POST", path, body, roles=roles)[0] == 201
    assert directory.ask("POST", path, body, roles=roles)[0] == 400
    shown = directory.get(f"{path}/customattribute1", roles=roles)
    assert {name: value for name, value in shown.items() if name[0] != "@"} == body
    patch = {"annotations": [{"displayName": "Ledger"}]}
    assert (
        directory.ask("PATCH", f"{path}/CustomAttribute1", patch, roles=roles)[1]["annotations"] == patch["annotations"]
    )
    assert directory.ask("DELETE", f"{path}/CustomAttribute1", roles=roles)[0] == 204
    assert directory.ask("GET", f"{path}/CustomAttribute1", roles=roles)[0] == 404


def test_what_solutions_were_granted_stands_in_the_directory(directory: Directory) -> None:
    tenant = directory.tenant
    claims = Claims("app", "App", "", "", roles=frozenset({"Sites.FullControl.All"}), by_certificate=True)
    scope = open_scope(tenant, claims, tenant.names.admin, "")
    made = grant(scope, "Microsoft Graph", "Calendars.Read")
    grant(scope, "Microsoft Graph", "User.Read")
    principal = directory.get("servicePrincipals?$filter=displayName eq 'SharePoint Online Web Client Extensibility'")
    (shown,) = directory.get(f"servicePrincipals/{principal['value'][0]['id']}/oauth2PermissionGrants")["value"]
    assert (shown["id"], shown["scope"]) == (made.values["ObjectId"], "Calendars.Read User.Read")
    assert directory.ask("DELETE", f"oauth2PermissionGrants/{shown['id']}")[0] == 204
    assert PermissionGrants(scope).all() == []
    with pytest.raises(ODataError, match="could not be found"):
        grant(scope, "No such service", "User.Read")


def test_sign_ins_are_told_to_tenants_with_a_premium_licence(directory: Directory) -> None:
    store = directory.tenant.store
    before = store.read_value("licences")
    store.write_value("licences", {"ENTERPRISEPACK": 100})
    for path in ("users?$select=id,signInActivity", "auditLogs/signIns"):
        refusal = directory.refusal("GET", path)
        assert refusal == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    assert directory.ask("GET", "users")[0] == 200
    store.write_value("licences", before)
    assert directory.ask("GET", "auditLogs/signIns")[0] == 200
