"""Sharing over SharePoint's REST interface, with what it opens for those with whom something is shared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.people import Person

DOMAIN = "contoso.onmicrosoft.com"
SITE = "https://contoso.sharepoint.com/sites/team"
FILE = f"{SITE}/Shared Documents/a.txt"
ITEM = "web/lists/getbytitle('Documents')/items(1)"
CONTENT = "web/GetFileByServerRelativeUrl('/sites/team/Shared Documents/a.txt')/$value"


@pytest.fixture
def tenant(tmp_path: Any) -> Iterator[Tenant]:
    made = open_tenant(tmp_path)
    with made.store.transaction():
        for name in ("owner", "member", "visitor", "stranger"):
            made.directory.add_user(f"{name}@{DOMAIN}", props={"displayName": name.title(), "department": "ICT"})
        create_site(made, NewSite("contoso.sharepoint.com/sites/team", "Team", f"owner@{DOMAIN}"))
    app = Person(made)
    app.post("web/AssociatedMemberGroup/users", {"LoginName": f"member@{DOMAIN}"})
    app.post("web/AssociatedVisitorGroup/users", {"LoginName": f"visitor@{DOMAIN}"})
    app.post("web/GetFolderByServerRelativeUrl('Shared Documents')/Files/Add(url='a.txt')", b"text")
    yield made
    made.store.close()


def _link(kind: int, **more: Any) -> dict[str, Any]:
    return {"request": {"createLink": True, "settings": {"linkKind": kind, "expiration": None, **more}}}


def _picked(*names: str) -> str:
    return json.dumps([{"Key": each} for each in names])


def test_link_is_made_once_shown_in_both_interfaces_and_taken_away(tenant: Tenant) -> None:
    member = Person(tenant, f"member@{DOMAIN}")
    first = member.post(f"{ITEM}/shareLink", _link(3))["sharingLinkInfo"]
    assert (first["IsEditLink"], first["IsActive"], first["LinkKind"]) == (True, True, 3)
    assert member.post(f"{ITEM}/shareLink", _link(3))["sharingLinkInfo"]["ShareId"] == first["ShareId"]
    assert member.post("SP.Web.GetSharingLinkKind", {"fileUrl": first["Url"]})["value"] == 3
    shown = member.post(f"{ITEM}/getSharingInformation?$select=permissionsInformation", {"request": None})
    links = shown["permissionsInformation"]["links"]
    assert [each["linkDetails"]["Url"] for each in links] == [first["Url"]]
    drive = Person(tenant).graph("GET", "sites/contoso.sharepoint.com:/sites/team:/drive")[1]["id"]
    found = Person(tenant).graph("GET", f"drives/{drive}/root:/a.txt:/permissions")[1]["value"]
    assert first["Url"] in [each["link"]["webUrl"] for each in found if "link" in each]
    member.post(f"{ITEM}/unshareLink", {"linkKind": 3, "shareId": first["ShareId"]})
    assert member.post("SP.Web.GetSharingLinkKind", {"fileUrl": first["Url"]})["value"] == 0


def test_links_for_anybody_follow_the_settings(tenant: Tenant) -> None:
    owner = Person(tenant, f"owner@{DOMAIN}")
    status, answer = owner.rest("POST", "SP.Web.CreateAnonymousLink", {"url": FILE, "isEditLink": False})
    assert (status, answer["odata.error"]["message"]["value"]) == (
        400, "Sharing by link is not enabled on the web, site, or tenant.",
    )  # fmt: skip
    site = tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team")
    assert site is not None
    tenant.store.update(site, {"SharingCapability": 2}, at="2026-01-01T00:00:00Z")
    made = owner.post("SP.Web.CreateAnonymousLink", {"url": FILE, "isEditLink": False})["value"]
    state = owner.post(f"{ITEM}/getObjectSharingSettings?$expand=ObjectSharingInformation", {})
    assert state["CanCurrentUserManageReadonlyLink"] is True
    assert state["ObjectSharingInformation"]["AnonymousViewLink"] == made
    owner.post("SP.Web.DeleteAllAnonymousLinksForObject", {"url": FILE})
    assert owner.post(f"{ITEM}/getObjectSharingSettings", {})["ItemName"] == "a.txt"
    assert owner.post("SP.Web.GetSharingLinkKind", {"fileUrl": made})["value"] == 0


def test_sharing_a_file_opens_it_and_unsharing_closes_it(tenant: Tenant) -> None:
    member, stranger = Person(tenant, f"member@{DOMAIN}"), Person(tenant, f"stranger@{DOMAIN}")
    body = {"peoplePickerInput": _picked(f"stranger@{DOMAIN}"), "roleValue": "role:1073741827"}
    result = member.post(f"{ITEM}/shareObject", body)
    assert (result["StatusCode"], len(result["UniquelyPermissionedUsers"])) == (0, 1)
    assert stranger.rest("GET", CONTENT) == (200, b"text")
    held = Person(tenant).get(f"{ITEM}/roleassignments?$expand=Member,RoleDefinitionBindings")["value"]
    levels = {each["Member"]["Title"]: [one["Name"] for one in each["RoleDefinitionBindings"]] for each in held}
    assert levels["Stranger"] == ["Contribute"]
    assert Person(tenant).get(f"{ITEM}?$select=HasUniqueRoleAssignments")["HasUniqueRoleAssignments"] is True
    assert len(stranger.post("SP.SharedWithMeItemCollection.GetSharedWithMeItems")["value"]) == 1
    member.post(f"{ITEM}/unshareObject")
    assert stranger.status("GET", CONTENT) == 403


def test_sharing_a_site_puts_people_into_its_groups(tenant: Tenant) -> None:
    owner, stranger = Person(tenant, f"owner@{DOMAIN}"), Person(tenant, f"stranger@{DOMAIN}")
    group = owner.get("web/associatedvisitorgroup?$select=Id")["Id"]
    body = {"url": SITE, "peoplePickerInput": _picked(f"stranger@{DOMAIN}"), "roleValue": f"group: {group}"}
    result = owner.post("SP.Web.ShareObject?$expand=UsersWithAccessRequests,GroupsSharedWith", body)
    assert [each["Id"] for each in result["GroupsSharedWith"]] == [group]
    assert stranger.status("GET", "web") == 200
    nobody = {**body, "peoplePickerInput": _picked("nobody@contoso.onmicrosoft.com")}
    assert owner.post("SP.Web.ShareObject", nobody)["StatusCode"] == -1


def test_people_from_outside_are_invited_where_the_site_lets_them_in(tenant: Tenant) -> None:
    owner = Person(tenant, f"owner@{DOMAIN}")
    body = {"peoplePickerInput": _picked("new@partner.example"), "roleValue": "role:1073741826"}
    assert owner.post(f"{ITEM}/shareObject", body)["StatusCode"] == -7
    site = tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team")
    assert site is not None
    tenant.store.update(site, {"SharingCapability": 1}, at="2026-01-01T00:00:00Z")
    result = owner.post(f"{ITEM}/shareObject", body)
    assert (result["StatusCode"], [each["Email"] for each in result["InvitedUsers"]]) == (0, ["new@partner.example"])
    guest = tenant.directory.user_by_login("new@partner.example")
    assert guest is not None and guest.props["userType"] == "Guest"


def test_members_ask_where_they_may_not_share(tenant: Tenant) -> None:
    member = Person(tenant, f"member@{DOMAIN}")
    web = tenant.store.find("web", tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team").id, "/sites/team")  # type: ignore[union-attr]
    assert web is not None
    at = "2026-01-01T00:00:00Z"
    tenant.store.update(web, {"MembersCanShare": False, "RequestAccessEmail": ""}, at=at)
    body = {"peoplePickerInput": _picked(f"stranger@{DOMAIN}"), "roleValue": "role:1073741826"}
    assert member.post(f"{ITEM}/shareObject", body)["StatusCode"] == -2
    assert member.status("POST", f"{ITEM}/shareLink", _link(2)) == 403
    tenant.store.update(web, {"RequestAccessEmail": f"owner@{DOMAIN}"}, at=at)
    assert member.post(f"{ITEM}/shareObject", body)["StatusCode"] == 1
    owner = Person(tenant, f"owner@{DOMAIN}")
    state = owner.post("SP.ObjectSharingInformation.GetWebSharingInformation")
    assert (state["HasPendingAccessRequests"], state["CanManagePermissions"]) == (True, True)


def test_people_are_found_by_name_address_and_claim(tenant: Tenant) -> None:
    member = Person(tenant, f"member@{DOMAIN}")
    picker = "SP.UI.ApplicationPages.ClientPeoplePickerWebServiceInterface"
    for text in ("Stranger", f"stranger@{DOMAIN}", f"i:0#.f|membership|stranger@{DOMAIN}"):
        answer = member.post(f"{picker}.ClientPeoplePickerResolveUser", {"queryParams": {"QueryString": text}})
        found = json.loads(answer["value"])
        assert (found["IsResolved"], found["Key"]) == (True, f"i:0#.f|membership|stranger@{DOMAIN}")
    answer = member.post(f"{picker}.ClientPeoplePickerResolveUser", {"queryParams": {"QueryString": "nobody"}})
    assert json.loads(answer["value"])["IsResolved"] is False
    query = {"QueryString": "m", "MaximumEntitySuggestions": 10, "PrincipalType": 1}
    answer = member.post(f"{picker}.ClientPeoplePickerSearchUser", {"queryParams": query})
    assert [each["DisplayText"] for each in json.loads(answer["value"])] == ["Member"]
    info = member.post("SP.Utilities.Utility.ResolvePrincipalInCurrentContext",
                       {"input": "Team Members", "scopes": 8, "sources": 15, "inputIsEmailOnly": False})  # fmt: skip
    assert (info["PrincipalType"], info["DisplayName"]) == (8, "Team Members")
    expanded = member.post("SP.Utilities.Utility.ExpandGroupsToPrincipals", {"inputs": ["Team Members"], "maxCount": 9})
    assert [each["DisplayName"] for each in expanded["value"]] == ["Member"]
    assert member.post("SP.Utilities.Utility.GetUserPermissionLevels", {})["value"] == ["Edit"]


def test_profiles_come_from_the_directory_and_people_follow_each_other(tenant: Tenant) -> None:
    member, visitor = Person(tenant, f"member@{DOMAIN}"), Person(tenant, f"visitor@{DOMAIN}")
    manager, account = "SP.UserProfiles.PeopleManager", f"'i:0%23.f|membership|visitor@{DOMAIN}'"
    mine = member.get(f"{manager}/GetMyProperties")
    values = {each["Key"]: each["Value"] for each in mine["UserProfileProperties"]}
    assert (mine["DisplayName"], values["Department"]) == ("Member", "ICT")
    assert member.get(f"{manager}/AmIFollowing(@v)?@v={account}")["value"] is False
    member.post(f"{manager}/Follow(@v)?@v={account}")
    assert member.get(f"{manager}/AmIFollowing(@v)?@v={account}")["value"] is True
    assert [each["DisplayName"] for each in visitor.get(f"{manager}/GetMyFollowers")["value"]] == ["Member"]
    set_it = {"accountName": f"i:0#.f|membership|member@{DOMAIN}", "propertyName": "AboutMe", "propertyValue": "Hello"}
    member.post(f"{manager}/SetSingleValueProfileProperty", set_it)
    assert visitor.status("POST", f"{manager}/SetSingleValueProfileProperty", set_it) == 403
    read = f"{manager}/GetUserProfilePropertyFor(accountName=@v,propertyName='AboutMe')"
    assert visitor.get(f"{read}?@v='i:0%23.f|membership|member@{DOMAIN}'")["value"] == "Hello"
    actor = {"actor": {"ActorType": 2, "ContentUri": SITE, "Id": None}}
    assert [member.post("social.following/follow", actor)["value"] for _ in range(2)] == [0, 1]
    assert member.get("social.following/my/followedCount(types=4)")["value"] == 1
    member.post("social.following/stopFollowing", actor)
    assert member.post("social.following/isFollowed", actor)["value"] is False
