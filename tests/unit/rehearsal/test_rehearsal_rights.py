"""Who may do what: the same answer by SharePoint and by Graph, for people of every standing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.permission_levels import FULL_MASK, MASKS, Right, show_mask
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.people import Person

OWNER, MEMBER, VISITOR, GUEST, STRANGER = "owner", "member", "visitor", "guest_partner.example#EXT#", "stranger"
DOCUMENTS = "web/lists/getbytitle('Documents')"
NAMES = (OWNER, MEMBER, VISITOR, GUEST, STRANGER)


def _upn(name: str) -> str:
    return f"{name}@contoso.onmicrosoft.com"


@pytest.fixture
def tenant(tmp_path: Any) -> Iterator[Tenant]:
    made = open_tenant(tmp_path)
    with made.store.transaction():
        for name in (*NAMES, "admin"):
            kind = {"userType": "Guest", "mail": "guest@partner.example"} if name == GUEST else {}
            made.directory.add_user(_upn(name), props={"displayName": name.title(), **kind})
        for address in ("contoso.sharepoint.com", "contoso.sharepoint.com/sites/team"):
            create_site(made, NewSite(address, "Team", _upn(OWNER)))
    app = Person(made)
    app.post("web/AssociatedMemberGroup/users", {"LoginName": _upn(MEMBER)})
    app.post("web/AssociatedVisitorGroup/users", {"LoginName": _upn(VISITOR)})
    for name in ("a.txt", "b.txt"):
        app.post(f"web/GetFolderByServerRelativeUrl('Shared Documents')/Files/Add(url='{name}')", b"text")
    yield made
    made.store.close()


def people(tenant: Tenant) -> dict[str, Person]:
    return {name: Person(tenant, _upn(name)) for name in NAMES}


def _item(tenant: Tenant, name: str) -> tuple[int, str]:
    address = f"/sites/team/Shared Documents/{name}"
    found = Person(tenant).get(f"web/GetFileByServerRelativeUrl('{address}')/ListItemAllFields?$select=Id")
    return found["Id"], address


def _drive(tenant: Tenant) -> str:
    return Person(tenant).graph("GET", "sites/contoso.sharepoint.com:/sites/team:/drive")[1]["id"]


@pytest.mark.parametrize(
    ("method", "path", "body", "allowed"),
    [
        ("GET", "web?$select=Title", None, "owner member visitor"),
        ("GET", f"{DOCUMENTS}/items", None, "owner member visitor"),
        ("GET", "web/GetFileByServerRelativeUrl('/sites/team/Shared Documents/a.txt')/$value", None,
         "owner member visitor"),
        ("POST", "web/GetFolderByServerRelativeUrl('Shared Documents')/Files/Add(url='c.txt',overwrite=true)", b"x",
         "owner member"),
        ("POST", "web/lists", {"Title": "Jobs", "BaseTemplate": 100}, "owner member"),
        ("POST", "web/roledefinitions", {"Name": "Own", "BasePermissions": {"High": "0", "Low": "1"}}, "owner"),
        ("POST", "web/sitegroups", {"Title": "New"}, "owner"),
        ("GET", "web/roleassignments", None, "owner"),
        ("POST", f"{DOCUMENTS}/breakroleinheritance(true)", None, "owner"),
        ("POST", "web/AssociatedVisitorGroup/users", {"LoginName": "guest@partner.example"}, "owner"),
        ("GET", "web/siteusers", None, "owner member visitor"),
    ],
)  # fmt: skip
def test_rights_follow_the_site_groups(tenant: Tenant, method: str, path: str, body: object, allowed: str) -> None:
    for name, person in reversed(people(tenant).items()):
        status, answer = person.rest(method, path, body)
        if name in allowed.split() and name != STRANGER:
            assert status in (200, 201), (name, answer)
        else:
            assert status == 403, (name, status, answer)
            assert answer["odata.error"]["code"] == "-2147024891, System.UnauthorizedAccessException"
        if name == MEMBER and method == "POST" and path == "web/lists":
            assert Person(tenant).status("POST", "web/lists/getbytitle('Jobs')/deleteobject") == 200


def test_graph_asks_for_the_same_rights(tenant: Tenant) -> None:
    drive = _drive(tenant)
    team = "sites/contoso.sharepoint.com:/sites/team"
    expected = {OWNER: (200, 200, 201), MEMBER: (200, 200, 201), VISITOR: (200, 200, 403)}
    for name, person in people(tenant).items():
        read, listed, written = expected.get(name, (403, 403, 403))
        assert person.graph("GET", team)[0] == read, name
        assert person.graph("GET", f"drives/{drive}/root/children")[0] == listed, name
        status, answer = person.graph("PUT", f"drives/{drive}/root:/by-{name[:5]}.txt:/content", b"x")
        assert status == written, (name, answer)
    found = people(tenant)[STRANGER].graph("GET", "sites?search=*")[1]["value"]
    assert found == []
    found = people(tenant)[VISITOR].graph("GET", "sites?search=*")[1]["value"]
    assert [each["webUrl"] for each in found] == ["https://contoso.sharepoint.com/sites/team"]


def test_token_bounds_the_person(tenant: Tenant) -> None:
    owner = Person(tenant, _upn(OWNER), frozenset({"AllSites.Read"}))
    assert owner.status("GET", "web") == 200
    assert owner.status("POST", "web/lists", {"Title": "x", "BaseTemplate": 100}) == 403
    mask = owner.get("web?$select=EffectiveBasePermissions")["EffectiveBasePermissions"]
    assert mask == show_mask(MASKS[1073741826])


def test_file_with_permissions_of_its_own_is_seen_by_those_alone(tenant: Tenant) -> None:
    number, address = _item(tenant, "a.txt")
    app, everyone, drive = Person(tenant), people(tenant), _drive(tenant)
    item = f"{DOCUMENTS}/items({number})"
    everyone[OWNER].post(f"{item}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    stranger = app.post("web/ensureuser", {"logonName": _upn(STRANGER)})["Id"]
    everyone[OWNER].post(f"{item}/roleassignments/addroleassignment(principalid={stranger},roledefid=1073741827)")
    assert app.get(f"{item}?$select=HasUniqueRoleAssignments")["HasUniqueRoleAssignments"] is True
    assert app.get(f"{item}/FirstUniqueAncestorSecurableObject?$select=Id")["Id"] == number
    held = app.get(f"{item}/roleassignments?$expand=Member")["value"]
    assert [each["Member"]["Title"] for each in held] == ["Owner", "Stranger"]
    names = {name: [each["FileLeafRef"] for each in person.get(f"{DOCUMENTS}/items?$select=FileLeafRef")["value"]]
             for name, person in everyone.items() if name != GUEST}  # fmt: skip
    assert names == {OWNER: ["a.txt", "b.txt"], MEMBER: ["b.txt"], VISITOR: ["b.txt"], STRANGER: ["a.txt"]}
    assert everyone[MEMBER].status("GET", item) == 404
    assert everyone[MEMBER].status("GET", f"web/GetFileByServerRelativeUrl('{address}')/$value") == 403
    assert everyone[STRANGER].rest("GET", f"web/GetFileByServerRelativeUrl('{address}')/$value") == (200, b"text")
    assert everyone[STRANGER].get("web/lists")["value"] == []
    for name, status in ((MEMBER, 404), (STRANGER, 200)):
        assert everyone[name].graph("GET", f"drives/{drive}/root:/a.txt")[0] == status
    children = everyone[MEMBER].graph("GET", f"drives/{drive}/root/children")[1]["value"]
    assert [each["name"] for each in children] == ["b.txt"]
    changed = everyone[MEMBER].graph("GET", f"drives/{drive}/root/delta")[1]["value"]
    assert [each["name"] for each in changed] == ["root", "b.txt"]
    rows = everyone[MEMBER].post(f"{DOCUMENTS}/RenderListDataAsStream", {"parameters": {"RenderOptions": 2}})["Row"]
    assert [each["ID"] for each in rows] == [str(_item(tenant, "b.txt")[0])]
    assert everyone[STRANGER].graph("DELETE", f"drives/{drive}/root:/b.txt")[0] == 403
    everyone[OWNER].post(f"{item}/resetroleinheritance")
    assert everyone[MEMBER].status("GET", item) == 200
    assert everyone[STRANGER].status("GET", item) == 404


def test_list_of_its_own_hides_from_the_others(tenant: Tenant) -> None:
    everyone = people(tenant)
    everyone[OWNER].post(f"{DOCUMENTS}/breakroleinheritance(false,true)")
    assert "Documents" not in [each["Title"] for each in everyone[MEMBER].get("web/lists")["value"]]
    status, answer = everyone[MEMBER].rest("GET", DOCUMENTS)
    assert (status, answer["odata.error"]["message"]["value"]) == (
        404, "List 'Documents' does not exist at site with URL 'https://contoso.sharepoint.com/sites/team'.",
    )  # fmt: skip
    assert everyone[MEMBER].graph("GET", "sites/contoso.sharepoint.com:/sites/team:/lists/Documents")[0] == 404


def test_groups_and_claims_of_the_directory_give_rights(tenant: Tenant) -> None:
    person = people(tenant)[STRANGER]
    user = tenant.directory.user(_upn(STRANGER))
    assert user is not None
    for number, claim in enumerate(("c:0t.c|tenant|{}", "c:0o.c|federateddirectoryclaimprovider|{}")):
        unified = {"groupTypes": ["Unified"]} if number else {}
        group = tenant.directory.add_group(f"Group {number}", props=unified)
        Person(tenant).post("web/AssociatedVisitorGroup/users", {"LoginName": claim.format(group.guid)})
        assert person.status("GET", "web") == 403
        tenant.directory.add_person(group, "member", user)
        assert person.status("GET", "web") == 200
        tenant.directory.remove_person(group, "member", user.guid)
    inside = "everyone except external users"
    Person(tenant).post("web/AssociatedVisitorGroup/users", {"LoginName": inside})
    assert person.status("GET", "web") == 200
    assert people(tenant)[GUEST].status("GET", "web") == 403


def test_what_is_shared_singly_opens_just_that(tenant: Tenant) -> None:
    number, address = _item(tenant, "a.txt")
    guest, drive = people(tenant)[GUEST], _drive(tenant)
    assert guest.status("GET", f"{DOCUMENTS}/items({number})") == 403
    item = tenant.content.by_number(tenant.store.get("list", _list_id(tenant)).id, number)  # type: ignore[union-attr]
    assert item is not None
    login = f"i:0#.f|membership|{_upn(GUEST).lower()}"
    grant = sharing.grant(tenant, item, login, role="read", by="x")
    assert guest.rest("GET", f"web/GetFileByServerRelativeUrl('{address}')/$value") == (200, b"text")
    assert guest.status("GET", f"{DOCUMENTS}/items({number + 1})") == 404
    assert guest.status("POST", f"web/GetFileByServerRelativeUrl('{address}')/recycle") == 403
    assert guest.graph("GET", f"drives/{drive}/root:/a.txt")[0] == 200
    assert guest.graph("GET", f"drives/{drive}/root:/b.txt")[0] == 404
    sharing.remove(tenant, item, grant)
    assert guest.status("GET", "web") == 403


def _list_id(tenant: Tenant) -> str:
    return str(Person(tenant).get(f"{DOCUMENTS}?$select=Id")["Id"])


def test_link_lets_in_who_redeems_it(tenant: Tenant) -> None:
    number, _ = _item(tenant, "a.txt")
    stranger, guest, drive = people(tenant)[STRANGER], people(tenant)[GUEST], _drive(tenant)
    site = tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team")
    item = tenant.content.by_number(tenant.store.get("list", _list_id(tenant)).id, number)  # type: ignore[union-attr]
    assert site is not None and item is not None
    link, _ = sharing.add_link(tenant, site, item, sharing.Wanted("view", "organization", "x"))
    share = sharing.share_id(sharing.address(site, item, link))
    assert stranger.graph("GET", f"shares/{share}/driveItem")[0] == 403
    assert guest.graph("GET", f"shares/{share}/driveItem", prefer="redeemSharingLink")[0] == 403
    assert stranger.graph("GET", f"shares/{share}/driveItem", prefer="redeemSharingLink")[0] == 200
    assert stranger.graph("GET", f"drives/{drive}/root:/a.txt")[0] == 200
    assert stranger.graph("PUT", f"drives/{drive}/root:/a.txt:/content", b"x")[0] == 403


def test_masks_are_told_to_those_who_may_ask(tenant: Tenant) -> None:
    everyone = people(tenant)
    member = everyone[MEMBER].get("web?$select=EffectiveBasePermissions")["EffectiveBasePermissions"]
    assert member == {"High": "432", "Low": "1011030767"}
    owner = everyone[OWNER].get("web?$select=EffectiveBasePermissions")["EffectiveBasePermissions"]
    assert owner == {"High": "2147483647", "Low": "4294705151"}
    login = quote("i:0#.f|membership|visitor@contoso.onmicrosoft.com")
    asked = f"web/getUserEffectivePermissions(@user)?@user='{login}'"
    assert everyone[OWNER].get(asked) == {"High": "176", "Low": "138612833"}
    assert everyone[VISITOR].status("GET", asked) == 200
    wanted = quote('{"High":"0","Low":"4"}')
    for name, may in ((MEMBER, True), (VISITOR, False)):
        held = everyone[name].get(f"web/doesUserHavePermissions(@v)?@v={wanted}")
        assert held == {"value": may}


def test_applications_of_selected_sites_have_what_they_were_granted(tenant: Tenant) -> None:
    claims = Claims("chosen", "Chosen", "", "", roles=frozenset({"Sites.Selected"}), by_certificate=True)
    chosen = Person(tenant)
    chosen._claims = lambda: claims  # type: ignore[method-assign]
    assert chosen.status("GET", "web") == 403
    site = tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team")
    assert site is not None
    tenant.store.insert("sitegrant", "chosen", at="2026-01-01T00:00:00Z", parent=site.id, props={"roles": ["read"]})
    assert chosen.status("GET", "web") == 200
    assert chosen.status("POST", "web/lists", {"Title": "x", "BaseTemplate": 100}) == 403
    other = Person(tenant, site="")
    other._claims = lambda: claims  # type: ignore[method-assign]
    assert other.status("GET", "web") == 403


def test_site_of_a_group_belongs_to_its_people(tenant: Tenant) -> None:
    everyone = people(tenant)
    owner, stranger = everyone[OWNER], everyone[STRANGER]
    given = {"alias": "works", "displayName": "Works", "isPublic": False}
    made = owner.post("GroupSiteManager/CreateGroupEx", given)
    group, user = tenant.directory.group(made["GroupId"]), tenant.directory.user(_upn(STRANGER))
    assert group is not None and user is not None
    there = Person(tenant, _upn(STRANGER), site="/sites/works")
    assert there.status("GET", "web") == 403
    tenant.directory.add_person(group, "member", user)
    assert there.get("web?$select=EffectiveBasePermissions")["EffectiveBasePermissions"]["Low"] == "1011030767"
    tenant.directory.add_person(group, "owner", user)
    assert there.get("web?$select=EffectiveBasePermissions")["EffectiveBasePermissions"]["High"] == "2147483647"
    site = tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team")
    assert site is not None
    assert stranger.status("GET", "web") == 403
    inside = Person(tenant, _upn(MEMBER))
    assert inside.status("POST", "SPSiteManager/Delete", {"siteId": site.guid}) == 403
    assert owner.status("POST", "SPSiteManager/Delete", {"siteId": site.guid}) == 200


def test_group_is_altered_by_its_owner_and_seen_by_those_who_may(tenant: Tenant) -> None:
    everyone = people(tenant)
    group = everyone[OWNER].post("web/sitegroups", {"Title": "Panel", "OnlyAllowMembersViewMembership": True})["Id"]
    users = f"web/sitegroups({group})/users"
    assert everyone[MEMBER].status("GET", users) == 403
    number = everyone[OWNER].post("web/ensureuser", {"logonName": _upn(MEMBER)})["Id"]
    everyone[OWNER].post(f"web/sitegroups({group})/SetUserAsOwner({number})")
    assert everyone[MEMBER].status("POST", users, {"LoginName": _upn(VISITOR)}) == 201
    assert [each["Title"] for each in everyone[VISITOR].get(users)["value"]] == ["Visitor"]
    assert everyone[VISITOR].status("POST", users, {"LoginName": _upn(STRANGER)}) == 403
    shown = everyone[VISITOR].get(f"web/sitegroups({group})?$select=CanCurrentUserEditMembership,OwnerTitle")
    assert shown == {"CanCurrentUserEditMembership": False, "OwnerTitle": "Member"}
    assert everyone[MEMBER].status("POST", f"{users}/removebyid(9999)") == 404


def test_full_mask_is_the_union_of_all_rights() -> None:
    assert all(right & FULL_MASK == right for right in Right)
