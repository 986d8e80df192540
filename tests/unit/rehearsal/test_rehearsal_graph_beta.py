"""Graph's beta version: what v1.0 answers, under its own addresses, and what differs."""

from collections.abc import Iterator

import pytest

from tests.unit.rehearsal.directory_calls import Directory, open_directory

POLICY = "policies/authorizationPolicy"
NEW = {
    "name": "Roads",
    "webUrl": "https://contoso.sharepoint.com/sites/roads-beta",
    "locale": "en-US",
    "template": "sitepagepublishing",
    "ownerIdentityToResolve": {"email": "admin@contoso.onmicrosoft.com"},
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    opened = open_directory(tmp_path_factory.mktemp("beta"))
    yield opened
    opened.tenant.store.close()


@pytest.mark.parametrize(
    "path",
    [
        "users", "groups", "sites/root", "sites/root/lists", "sites/root/drive/root/children", "subscribedSkus",
        "identity/conditionalAccess/policies", "policies/crossTenantAccessPolicy/default", "organization",
        "directoryRoles", "servicePrincipals", "applications", "domains", "groups/delta", "sites/root/termStore",
        "identityGovernance/accessReviews/definitions", "admin/sharepoint/settings",
    ],
)  # fmt: skip
def test_beta_answers_what_the_first_version_does(directory: Directory, path: str) -> None:
    one, other = directory.get(path), directory.get(path, version="beta")
    assert other["@odata.context"] == one["@odata.context"].replace("/v1.0/", "/beta/")
    values = one.get("value")
    if isinstance(values, list):
        assert [each["id"] for each in other["value"]] == [each["id"] for each in values]


def test_pages_of_beta_lead_on_in_beta(directory: Directory) -> None:
    first = directory.get("users?$top=2", version="beta")
    following = first["@odata.nextLink"].removeprefix("https://graph.microsoft.com/beta/")
    assert following != first["@odata.nextLink"]
    assert len(directory.get(following, version="beta")["value"]) == 2


def test_user_of_beta_says_everything_unasked(directory: Directory) -> None:
    path = "users/admin@contoso.onmicrosoft.com"
    user = directory.get(path, version="beta")
    assert user["userType"] == "Member"
    assert user["employeeId"] is None
    assert user["otherMails"] == []
    assert "signInActivity" not in user
    assert "userType" not in directory.get(path)


def test_property_of_beta_is_unknown_to_the_first_version(directory: Directory) -> None:
    asked = "users?$select=onPremisesSipInfo"
    assert directory.ask("GET", asked, version="beta")[0] == 200
    assert directory.ask("GET", asked)[0] == 400


def test_batch_of_beta_stays_in_beta(directory: Directory) -> None:
    body = {"requests": [{"id": "1", "method": "GET", "url": "/users?$top=1"}]}
    status, said = directory.ask("POST", "$batch", body, version="beta")
    assert status == 200
    assert said["responses"][0]["body"]["@odata.context"] == "https://graph.microsoft.com/beta/$metadata#users"


def test_authorization_policy_of_beta_is_a_set_of_one_in_other_words(directory: Directory) -> None:
    alone = directory.get(f"{POLICY}/authorizationPolicy", version="beta")
    assert directory.get(POLICY, version="beta")["value"] == [
        {name: value for name, value in alone.items() if name[0] != "@"}
    ]
    assert "permissionGrantPoliciesAssigned" not in alone["defaultUserRolePermissions"]
    low = ["ManagePermissionGrantsForSelf.microsoft-user-default-low"]
    patch = {"permissionGrantPolicyIdsAssignedToDefaultUserRole": low}
    assert directory.ask("PATCH", f"{POLICY}/authorizationPolicy", patch, version="beta")[0] == 204
    assert directory.get(POLICY)["defaultUserRolePermissions"]["permissionGrantPoliciesAssigned"] == low
    assert directory.get(POLICY)["defaultUserRolePermissions"]["allowedToCreateApps"] is True
    assert directory.ask("GET", f"{POLICY}/another", version="beta")[0] == 404


def test_settings_have_their_older_names_in_beta(directory: Directory) -> None:
    templates = directory.get("directorySettingTemplates", version="beta")["value"]
    unified = next(each["id"] for each in templates if each["displayName"] == "Group.Unified")
    given = {"templateId": unified, "values": [{"name": "EnableGroupCreation", "value": "false"}]}
    status, made = directory.ask("POST", "settings", given, version="beta")
    assert status == 201
    assert directory.get(f"groupSettings/{made['id']}")["templateId"] == unified
    assert directory.ask("GET", "settings")[0] == 400


def test_site_is_made_in_beta_alone_by_an_operation(directory: Directory) -> None:
    answer = directory.send("POST", "sites", NEW, version="beta")
    assert (answer.status, answer.body) == (202, b"")
    place = answer.headers["location"].removeprefix("https://graph.microsoft.com/beta/")
    operation = directory.get(place, version="beta")
    assert operation["status"] == "succeeded"
    site = directory.get(f"sites/{operation['resourceId']}")
    assert (site["displayName"], site["webUrl"]) == ("Roads", NEW["webUrl"])
    assert directory.refusal("POST", "sites", NEW, version="beta") == (409, "nameAlreadyExists")
    assert directory.refusal("POST", "sites", NEW)[0] == 405


def test_site_of_a_group_comes_with_the_group(directory: Directory) -> None:
    url = "https://contoso.sharepoint.com/sites/gritting"
    new = {
        **NEW,
        "template": "group",
        "webUrl": url,
        "ownerIdentityToResolve": {"email": "owner.highways@contoso.onmicrosoft.com"},
    }
    answer = directory.send("POST", "sites", new, version="beta")
    assert answer.status == 202, answer.body
    (group,) = directory.get("groups?$filter=mailNickname eq 'gritting'")["value"]
    assert (group["displayName"], group["groupTypes"]) == (NEW["name"], ["Unified"])
    assert directory.get(f"groups/{group['id']}/sites/root")["webUrl"] == url
    owners = directory.get(f"groups/{group['id']}/owners")["value"]
    assert [each["userPrincipalName"] for each in owners] == ["owner.highways@contoso.onmicrosoft.com"]
    assert directory.refusal("POST", "sites", new, version="beta") == (409, "nameAlreadyExists")


@pytest.mark.parametrize(
    "change",
    [
        {"template": "blog"},
        {"template": "group", "webUrl": "https://contoso.sharepoint.com/elsewhere/x"},
        {"webUrl": "https://contoso.sharepoint.com/elsewhere/x"},
        {"webUrl": None},
        {"name": ""},
        {"nonsense": 1},
        {"locale": "xx-XX"},
        {"ownerIdentityToResolve": {"email": "nobody@elsewhere.example"}},
        {"id": "x"},
        {"name": 1},
    ],
)
def test_site_that_cannot_be_is_not_made(directory: Directory, change: dict[str, object]) -> None:
    body = {**NEW, "webUrl": "https://contoso.sharepoint.com/sites/never", **change}
    assert directory.ask("POST", "sites", body, version="beta")[0] == 400
    assert directory.ask("GET", "sites/contoso.sharepoint.com:/sites/never")[0] == 404


def test_sites_are_made_by_who_may(directory: Directory) -> None:
    assert directory.ask("POST", "sites", NEW, version="beta", roles=["Sites.ReadWrite.All"])[0] == 403
    assert directory.ask("POST", "sites", NEW, version="beta", roles=["Sites.Create.All"])[0] == 409


@pytest.mark.parametrize(
    ("path", "status"), [("networkAccess/logs", 501), ("no/such/thing", 400), ("legacy/policies", 200)]
)
def test_what_beta_alone_has_is_a_wrong_path_in_the_first_version(directory: Directory, path: str, status: int) -> None:
    assert directory.ask("GET", path, version="beta")[0] == status
    assert directory.ask("GET", path)[0] == 400


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_root_lists_what_there_is(directory: Directory, version: str) -> None:
    found = directory.get("", version=version)
    assert found["@odata.context"] == f"https://graph.microsoft.com/{version}/$metadata"
    kinds = {each["name"]: each["kind"] for each in found["value"]}
    assert (kinds["users"], kinds["directory"], "legacy" in kinds) == ("EntitySet", "Singleton", version == "beta")
    assert directory.ask("GET", "$metadata", version=version)[0] == 501
