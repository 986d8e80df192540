"""Users, groups, teams, applications and reports in Graph: what the service refuses, and what follows from what."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.http import Claims, Request
from spmigrate.rehearsal.identity import ensure_identity
from spmigrate.rehearsal.permissions import API_IDS, API_ROLES, API_SCOPES
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import request

V = "https://graph.microsoft.com/v1.0"
GUEST = "guests:\n  - {mail: visitor@nhstrust.example, sponsors: [admin]}\n"
ROLES = frozenset(API_ROLES["graph"])


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    folder = tmp_path_factory.mktemp("people")
    opened = open_tenant(folder)
    seeder = Seeder(opened, ensure_identity(folder, opened.names))
    seeder.ensure(None)
    seeder.apply(GUEST, source="the test")
    yield opened
    opened.store.close()


@pytest.fixture
def tenant(seeded: Tenant) -> Iterator[Tenant]:
    """The seeded tenant; what a test writes is taken back."""

    class Back(Exception):
        pass

    try:
        with seeded.store.transaction():
            yield seeded
            raise Back
    except Back:
        pass


def ask(tenant: Tenant, method: str, path: str, content: object = None, *, user: str = "", **headers: str) -> Any:
    """Status and body of a call, by the application or by a user."""
    asked = request(method, path, content, roles=ROLES, **headers)
    if user:
        person = tenant.directory.user(user)
        assert person
        scopes = frozenset(API_SCOPES["graph"])
        claims = Claims("app-id", "App", person.guid, V, scopes=scopes, user=person.name)
        asked = Request(asked.method, asked.host, asked.path, asked.query, asked.headers, asked.body, claims)
    response = graph.handle(asked, tenant)
    return response.status, json.loads(response.body) if response.body.startswith(b"{") else response


def person(tenant: Tenant, name: str) -> str:
    found = tenant.directory.user(name)
    assert found
    return found.guid


def make_group(tenant: Tenant, name: str = "Works", **more: object) -> dict[str, Any]:
    body = {
        "displayName": name, "mailNickname": name.lower(), "mailEnabled": True, "securityEnabled": False,
        "groupTypes": ["Unified"], "Owners@odata.bind": [f"{V}/users/{person(tenant, 'admin')}"], **more,
    }  # fmt: skip
    status, made = ask(tenant, "POST", "groups", body)
    assert status == 201, made
    return dict(made)


def reference(identity: str) -> dict[str, str]:
    return {"@odata.id": f"{V}/directoryObjects/{identity}"}


def test_group_of_microsoft_365_has_its_site_which_goes_and_comes_with_it(tenant: Tenant) -> None:
    group = make_group(tenant)
    assert ask(tenant, "GET", f"groups/{group['id']}/sites/root")[1]["webUrl"].endswith("/sites/works")
    assert ask(tenant, "DELETE", f"groups/{group['id']}")[0] == 204
    assert ask(tenant, "GET", "sites/contoso.sharepoint.com:/sites/works")[0] == 404
    found = ask(tenant, "GET", "directory/deletedItems/microsoft.graph.group?$filter=mailNickname eq 'works'")[1]
    assert [each["id"] for each in found["value"]] == [group["id"]]
    assert ask(tenant, "POST", f"directory/deletedItems/{group['id']}/restore")[0] == 200
    assert ask(tenant, "GET", "sites/contoso.sharepoint.com:/sites/works")[0] == 200


def test_deleted_things_are_gone_after_thirty_days(tenant: Tenant) -> None:
    group = make_group(tenant)
    ask(tenant, "DELETE", f"groups/{group['id']}")
    tenant.clock.advance(31 * 86_400)
    try:
        assert ask(tenant, "GET", f"directory/deletedItems/{group['id']}")[0] == 404
    finally:
        tenant.clock.advance(-31 * 86_400)


@pytest.mark.parametrize(
    "more",
    [
        {"mailNickname": "with space"}, {"mailNickname": "allcompany"}, {"groupTypes": ["Nonsense"]},
        {"groupTypes": []}, {"displayName": ""}, {"visibility": "Secret"}, {"createdDateTime": "2020-01-01T00:00:00Z"},
        {"groupTypes": ["Unified", "DynamicMembership"]},
    ],
)  # fmt: skip
def test_group_that_the_service_does_not_make(tenant: Tenant, more: dict[str, object]) -> None:
    body = {"displayName": "X", "mailNickname": "x1", "mailEnabled": True, "securityEnabled": False,
            "groupTypes": ["Unified"], **more}  # fmt: skip
    assert ask(tenant, "POST", "groups", body)[0] == 400


def test_guest_joins_but_does_not_own_until_the_tenant_allows_it(tenant: Tenant) -> None:
    group, guest = make_group(tenant), person(tenant, "visitor_nhstrust.example#EXT#@contoso.onmicrosoft.com")
    assert ask(tenant, "POST", f"groups/{group['id']}/members/$ref", reference(guest))[0] == 204
    assert ask(tenant, "POST", f"groups/{group['id']}/owners/$ref", reference(guest))[0] == 403
    values = [{"name": "AllowGuestsToBeGroupOwner", "value": "true"}, {"name": "AllowToAddGuests", "value": "false"}]
    template = "62375ab9-6b52-47ed-826b-58e47e0e304b"
    assert ask(tenant, "POST", "groupSettings", {"templateId": template, "values": values})[0] == 201
    assert ask(tenant, "POST", f"groups/{group['id']}/owners/$ref", reference(guest))[0] == 204
    other = make_group(tenant, "Other")
    assert ask(tenant, "POST", f"groups/{other['id']}/members/$ref", reference(guest))[0] == 403


def test_memberships_count_through_groups_in_groups(tenant: Tenant) -> None:
    plain = {"mailEnabled": False, "securityEnabled": True}
    engineer = person(tenant, "engineer")
    inner = ask(tenant, "POST", "groups", {**plain, "displayName": "In", "mailNickname": "in",
                                           "members@odata.bind": [f"{V}/users/{engineer}"]})[1]["id"]  # fmt: skip
    outer = ask(tenant, "POST", "groups", {**plain, "displayName": "Out", "mailNickname": "out",
                                           "members@odata.bind": [f"{V}/groups/{inner}"]})[1]["id"]  # fmt: skip
    held = ask(tenant, "POST", f"users/{engineer}/getMemberGroups", {"securityEnabledOnly": True})[1]["value"]
    assert {inner, outer} <= set(held)
    direct = ask(tenant, "GET", f"users/{engineer}/memberOf/microsoft.graph.group?$select=id")[1]["value"]
    assert outer not in [each["id"] for each in direct]
    deep = ask(tenant, "GET", f"groups/{outer}/transitiveMembers")[1]["value"]
    assert {each["@odata.type"] for each in deep} == {"#microsoft.graph.group", "#microsoft.graph.user"}
    unified = make_group(tenant)["id"]
    assert ask(tenant, "POST", f"groups/{unified}/members/$ref", reference(inner))[0] == 400


def test_delta_of_groups_tells_who_came_and_who_went(tenant: Tenant) -> None:
    def follow(link: str) -> tuple[list[dict[str, Any]], str]:
        page = ask(tenant, "GET", link.removeprefix(f"{V}/"))[1]
        return page["value"], page["@odata.deltaLink"]

    _, link = follow("groups/delta")
    group, engineer = make_group(tenant), person(tenant, "engineer")
    ask(tenant, "POST", f"groups/{group['id']}/members/$ref", reference(engineer))
    changed, link = follow(link)
    assert [each["id"] for each in changed] == [group["id"]]
    assert [each["id"] for each in changed[0]["members@delta"]] == [engineer]
    ask(tenant, "DELETE", f"groups/{group['id']}/members/{engineer}/$ref")
    changed, link = follow(link)
    assert changed[0]["members@delta"][0]["@removed"] == {"reason": "deleted"}
    ask(tenant, "DELETE", f"groups/{group['id']}")
    changed, link = follow(link)
    assert changed == [{"id": group["id"], "@removed": {"reason": "changed"}}]
    assert follow(link)[0] == []


def test_delta_of_users_replays_to_the_list(tenant: Tenant) -> None:
    seen, link = set(), "users/delta?$select=displayName"
    while link:
        page = ask(tenant, "GET", link.removeprefix(f"{V}/"), prefer="odata.maxpagesize=5")[1]
        seen |= {each["id"] for each in page["value"]}
        link = page.get("@odata.nextLink", "")
    assert seen == {each["id"] for each in ask(tenant, "GET", "users?$top=999")[1]["value"]}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("DELETE", "users/leaver", None, 403),
        ("PATCH", "users/admin", {"jobTitle": "x"}, 403),
        ("POST", "groups", {"displayName": "Mine", "mailNickname": "mine", "mailEnabled": False,
                            "securityEnabled": True}, 201),
        ("GET", "users/admin", None, 200),
        ("GET", "me?$select=displayName", None, 200),
        ("GET", "auditLogs/signIns", None, 403),
        ("PATCH", "policies/authorizationPolicy", {"allowInvitesFrom": "none"}, 403),
    ],
)  # fmt: skip
def test_user_does_in_the_directory_what_users_may(
    tenant: Tenant, method: str, path: str, body: object, status: int
) -> None:
    assert ask(tenant, method, path, body, user="engineer")[0] == status


def test_administrators_role_opens_what_it_closes_when_it_is_taken(tenant: Tenant) -> None:
    body = {"principalId": person(tenant, "engineer"), "directoryScopeId": "/",
            "roleDefinitionId": "62e90394-69f5-4237-9190-012177145e10"}  # fmt: skip
    made = ask(tenant, "POST", "roleManagement/directory/roleAssignments", body)
    assert made[0] == 201
    assert ask(tenant, "GET", "auditLogs/signIns", user="engineer")[0] == 200
    assert ask(tenant, "DELETE", f"roleManagement/directory/roleAssignments/{made[1]['id']}")[0] == 204
    assert ask(tenant, "GET", "auditLogs/signIns", user="engineer")[0] == 403


@pytest.mark.parametrize(
    ("allowed", "status"), [("everyone", 201), ("adminsGuestInvitersAndAllMembers", 201), ("none", 403)]
)
def test_tenant_says_who_may_invite(tenant: Tenant, allowed: str, status: int) -> None:
    ask(tenant, "PATCH", "policies/authorizationPolicy", {"allowInvitesFrom": allowed})
    body = {"invitedUserEmailAddress": "new@police.example", "inviteRedirectUrl": "https://contoso.sharepoint.com"}
    found = ask(tenant, "POST", "invitations", body, user="engineer")
    assert found[0] == status
    if status == 201:
        sponsors = ask(tenant, "GET", f"users/{found[1]['invitedUser']['id']}/sponsors")[1]["value"]
        assert [each["id"] for each in sponsors] == [person(tenant, "engineer")]


def test_granted_role_stands_with_the_application_until_it_is_taken(tenant: Tenant) -> None:
    app = ask(tenant, "POST", "applications", {"displayName": "Robot"})[1]
    principal = ask(tenant, "POST", "servicePrincipals", {"appId": app["appId"]})[1]["id"]
    resource = tenant.directory.principal(API_IDS["graph"])
    assert resource
    body = {"principalId": principal, "resourceId": resource.guid, "appRoleId": "df021288-bdef-4463-88db-98f22de89214"}
    path = f"servicePrincipals/{principal}/appRoleAssignments"
    given = ask(tenant, "POST", path, body)[1]
    found = tenant.directory.app(app["appId"])
    assert found
    assert found.props["roles"] == {"graph": ["User.Read.All"]}
    assert ask(tenant, "POST", path, body)[0] == 400
    assert ask(tenant, "DELETE", f"{path}/{given['id']}")[0] == 204
    found = tenant.directory.app(app["appId"])
    assert found
    assert found.props["roles"] == {"graph": []}


def test_federated_credential_is_one_of_its_name_and_of_its_subject(tenant: Tenant) -> None:
    app = ask(tenant, "POST", "applications", {"displayName": "Robot"})[1]
    path = f"applications(appId='{app['appId']}')/federatedIdentityCredentials"
    body = {"name": "build", "issuer": "https://issuer.example", "subject": "main", "audiences": ["api://exchange"]}
    status, made = ask(tenant, "POST", path, body)
    assert (status, ask(tenant, "GET", f"{path}/build")[1]["id"]) == (201, made["id"])
    assert ask(tenant, "POST", path, {**body, "subject": "other"})[0] == 409
    assert ask(tenant, "POST", path, {**body, "name": "other"})[0] == 409
    assert ask(tenant, "POST", path, {"name": "other"})[0] == 400
    assert ask(tenant, "PATCH", f"{path}/{made['id']}", {"name": "renamed"})[0] == 400
    assert ask(tenant, "PATCH", f"{path}/{made['id']}", {"description": "For builds"})[0] == 204
    listed = ask(tenant, "GET", f"applications/{app['id']}?$expand=federatedIdentityCredentials")[1]
    assert [each["description"] for each in listed["federatedIdentityCredentials"]] == ["For builds"]
    assert ask(tenant, "DELETE", f"{path}/build")[0] == 204
    assert ask(tenant, "GET", path)[1]["value"] == []


def test_memberships_are_asked_of_any_object(tenant: Tenant) -> None:
    group, engineer = make_group(tenant)["id"], person(tenant, "engineer")
    ask(tenant, "POST", f"groups/{group}/members/$ref", {"@odata.id": f"{V}/directoryObjects/{engineer}"})
    asked = f"directoryObjects/{engineer}/checkMemberGroups"
    assert ask(tenant, "POST", asked, {"groupIds": [group]})[1]["value"] == [group]


def test_type_is_named_in_full_or_by_alias(tenant: Tenant) -> None:
    group, engineer = make_group(tenant)["id"], person(tenant, "engineer")
    ask(tenant, "POST", f"groups/{group}/members/$ref", {"@odata.id": f"{V}/directoryObjects/{engineer}"})
    for name in ("microsoft.graph.user", "graph.user"):
        found = ask(tenant, "GET", f"groups/{group}/members/{name}")[1]["value"]
        assert engineer in [each["id"] for each in found], name
    assert ask(tenant, "GET", f"groups/{group}/members/graph.group")[1]["value"] == []
    assert ask(tenant, "GET", "directory/deletedItems/graph.user")[1]["value"] == []


def test_private_channel_has_a_site_and_people_of_its_own(tenant: Tenant) -> None:
    team = make_group(tenant)["id"]
    assert ask(tenant, "PUT", f"groups/{team}/team", {})[0] == 201
    assert ask(tenant, "PUT", f"groups/{team}/team", {})[0] == 409
    member = {"@odata.type": "#microsoft.graph.aadUserConversationMember", "roles": ["owner"],
              "user@odata.bind": f"{V}/users('{person(tenant, 'admin')}')"}  # fmt: skip
    body = {"displayName": "Board", "membershipType": "private", "members": [member]}
    channel = ask(tenant, "POST", f"teams/{team}/channels", body)[1]
    folder = ask(tenant, "GET", f"teams/{team}/channels/{channel['id']}/filesFolder")[1]
    assert "/sites/works-Board/" in folder["webUrl"]
    engineer = {**member, "roles": [], "user@odata.bind": f"{V}/users/{person(tenant, 'engineer')}"}
    people = f"teams/{team}/channels/{channel['id']}/members"
    assert ask(tenant, "POST", people, engineer)[0] == 400
    assert ask(tenant, "POST", f"teams/{team}/members", engineer)[0] == 201
    assert ask(tenant, "POST", people, engineer)[0] == 201
    assert ask(tenant, "POST", f"teams/{team}/channels", {"displayName": "BOARD"})[0] == 400


def test_report_hides_names_until_the_tenant_shows_them(tenant: Tenant) -> None:
    def rows() -> str:
        response = ask(tenant, "GET", "reports/getSharePointSiteUsageDetail(period='D30')")[1]
        place = urlsplit(response.headers["location"])
        asked = Request("GET", place.netloc, place.path, place.query)
        return graph.download(asked, tenant).body.decode("utf-8-sig")

    assert "https://contoso.sharepoint.com/sites/team" not in rows()
    assert ask(tenant, "PATCH", "admin/reportSettings", {"displayConcealedNames": False})[0] == 204
    assert "https://contoso.sharepoint.com/sites/team" in rows()
    assert ask(tenant, "GET", "reports/getSharePointSiteUsageDetail(period='D31')")[0] == 400


def test_report_is_not_given_to_who_made_the_address_up(tenant: Tenant) -> None:
    asked = Request("GET", "reportsweu.office.com", "/data/v1.0/download", "token=bm9uc2Vuc2U.00")
    assert graph.download(asked, tenant).status == 403


def test_conditional_access_policy_needs_people_and_applications(tenant: Tenant) -> None:
    path, body = "identity/conditionalAccess/policies", {
        "displayName": "MFA for all", "state": "enabled",
        "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }  # fmt: skip
    assert ask(tenant, "POST", path, {**body, "conditions": {}})[0] == 400
    assert ask(tenant, "POST", path, {**body, "state": "on"})[0] == 400
    made = ask(tenant, "POST", path, body)[1]
    assert made["conditions"]["users"]["excludeUsers"] == []
    assert ask(tenant, "PATCH", f"{path}/{made['id']}", {"state": "disabled"})[0] == 204
    assert ask(tenant, "GET", f"{path}/{made['id']}")[1]["state"] == "disabled"


def test_photo_is_none_until_one_is_set(tenant: Tenant) -> None:
    assert ask(tenant, "GET", "users/engineer/photo/$value")[1]["error"]["code"] == "ImageNotFound"
    assert ask(tenant, "PUT", "users/engineer/photo/$value", b"\x89PNG\r\n....")[0] == 200
    assert ask(tenant, "GET", "users/engineer/photo/$value")[1].body == b"\x89PNG\r\n...."
    assert ask(tenant, "PUT", "users/engineer/photo/$value", b"text")[0] == 400


def test_default_application_and_administrator_hold_what_clients_look_for(tenant: Tenant) -> None:
    found = ask(tenant, "GET", "servicePrincipals?$filter=displayName eq 'Microsoft Graph'&$top=2")[1]["value"]
    assert len(found) == 1
    shown = ask(tenant, "GET", f"servicePrincipals/{found[0]['id']}?$select=id,appRoles&$expand=appRoleAssignedTo")[1]
    given = {each["appRoleId"] for each in shown["appRoleAssignedTo"]}
    names = {each["value"] for each in shown["appRoles"] if each["id"] in given}
    assert names >= {"Domain.Read.All", "User.Invite.All", "Directory.ReadWrite.All", "Sites.ReadWrite.All"}
    client = ask(tenant, "GET", "servicePrincipals?$filter=displayName eq 'spmigrate rehearsal'")[1]["value"][0]["id"]
    query = f"oauth2PermissionGrants?$filter=clientId eq '{client}' and consentType eq 'AllPrincipals'"
    scopes = {scope for each in ask(tenant, "GET", query)[1]["value"] for scope in each["scope"].split()}
    assert scopes >= {"User.Read", "Mail.Read", "People.Read", "Calendars.Read", "Files.Read", "Sites.FullControl.All"}
    roles = {each["roleTemplateId"] for each in ask(tenant, "GET", "directoryRoles")[1]["value"]}
    mine = ask(tenant, "GET", "me/memberOf", user="admin")[1]["value"]
    assert roles & {each.get("roleTemplateId") for each in mine} == {"62e90394-69f5-4237-9190-012177145e10"}


def test_new_user_has_a_password_and_nobody_reads_it(tenant: Tenant) -> None:
    body = {"accountEnabled": True, "displayName": "N", "mailNickname": "n", "passwordProfile": {"password": "short"},
            "userPrincipalName": "n@contoso.onmicrosoft.com"}  # fmt: skip
    assert ask(tenant, "POST", "users", body)[0] == 400
    made = ask(tenant, "POST", "users", {**body, "passwordProfile": {"password": "Long-enough-1"}})[1]
    found = tenant.directory.user("n@contoso.onmicrosoft.com")
    assert found
    assert found.props["_password"] == "Long-enough-1"
    shown = ask(tenant, "GET", f"users/{made['id']}?$select=*")[1]
    assert "Long-enough-1" not in json.dumps(shown)
    assert ask(tenant, "POST", "users", {**body, "passwordProfile": {"password": "Long-enough-1"}})[0] == 400


def test_a_new_group_is_no_team_before_teams_knows_it(tenant: Tenant) -> None:
    tenant.delays.sites = True
    try:
        group = make_group(tenant)["id"]
        assert ask(tenant, "PUT", f"groups/{group}/team", {})[0] == 404
        tenant.clock.advance(91)
        assert ask(tenant, "PUT", f"groups/{group}/team", {})[0] == 201
    finally:
        tenant.delays.sites = False
        tenant.clock.reset()
