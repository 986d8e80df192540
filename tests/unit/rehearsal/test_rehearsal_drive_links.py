"""Who may open what lies in a drive: links, invitations, and what is inherited."""

from collections.abc import Iterator

import pytest

from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.builders import read
from tests.unit.rehearsal.drive_calls import as_person, call, drive_of, follow, ok, seeded_tenant


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    yield from seeded_tenant(tmp_path_factory.mktemp("drives"))


@pytest.fixture
def drive(tenant: Tenant) -> str:
    return drive_of(tenant)


def test_link_is_made_once_and_found_again(tenant: Tenant, drive: str) -> None:
    item = ok(tenant, "PUT", f"{drive}/root:/Links/a.docx:/content", b"x")
    place = f"{drive}/items/{item['id']}"
    first = call(tenant, "POST", f"{place}/createLink", {"type": "edit", "scope": "organization"})
    again = call(tenant, "POST", f"{place}/createLink", {"type": "edit", "scope": "organization"})
    assert (first.status, again.status) == (201, 200)
    link = read(first)
    assert link["roles"] == ["write"] and read(again)["id"] == link["id"]
    assert link["link"]["webUrl"].startswith("https://contoso.sharepoint.com/:w:/s/team/E")
    assert ok(tenant, "GET", f"shares/{link['shareId']}/driveItem")["id"] == item["id"]
    assert ok(tenant, "GET", place)["shared"] == {"scope": "organization"}
    only = ok(tenant, "GET", f"{place}/permissions?$filter=Link ne null and Link/Scope eq 'organization'")["value"]
    assert [each["id"] for each in only] == [link["id"]]
    assert call(tenant, "DELETE", f"{place}/permissions/{link['id']}").status == 204
    assert call(tenant, "GET", f"{place}/permissions/{link['id']}").status == 404
    assert call(tenant, "GET", f"shares/{link['shareId']}/driveItem").status == 404


def test_link_for_anyone_needs_the_site_and_the_tenant_to_allow_it(tenant: Tenant, drive: str) -> None:
    path = f"{drive}/root:/Anyone/a.txt:"
    ok(tenant, "PUT", f"{path}/content", b"for anyone")
    wanted = {"type": "view", "scope": "anonymous", "expirationDateTime": "2099-01-01T00:00:00Z", "password": "secret"}
    site = tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team")
    assert site is not None
    tenant.store.update(site, {"SharingCapability": 0}, at=tenant.clock.iso())
    refused = call(tenant, "POST", f"{path}/createLink", wanted)
    assert refused.status == 400 and "not enabled" in read(refused)["error"]["message"]
    tenant.store.update(site, {"SharingCapability": 2}, at=tenant.clock.iso())
    try:
        made = ok(tenant, "POST", f"{path}/createLink", wanted)
        assert made["hasPassword"] and made["expirationDateTime"] == "2099-01-01T00:00:00Z"
        open_to_all = ok(tenant, "PATCH", f"{path}/permissions/{made['id']}", {"password": ""})
        code = open_to_all["link"]["webUrl"].rpartition("/")[2]
        url = f"https://contoso.sharepoint.com/sites/team/_layouts/15/download.aspx?share={code}"
        assert follow(tenant, url).body == b"for anyone"
    finally:
        tenant.store.update(site, {"SharingCapability": 0}, at=tenant.clock.iso())
    assert call(tenant, "POST", f"{path}/createLink", {"type": "embed"}).status == 400
    assert call(tenant, "POST", f"{path}/createLink", {"type": "createOnly"}).status == 400


def test_expired_link_is_gone(tenant: Tenant, drive: str) -> None:
    path = f"{drive}/root:/Expired/a.txt:"
    ok(tenant, "PUT", f"{path}/content", b"x")
    soon = {"type": "view", "scope": "organization", "expirationDateTime": "2090-01-01T00:00:00Z"}
    made = ok(tenant, "POST", f"{path}/createLink", soon)
    assert call(tenant, "POST", f"{path}/createLink", {**soon, "expirationDateTime": "2001-01-01"}).status == 400
    tenant.clock.advance(70 * 366 * 86_400)
    try:
        assert call(tenant, "GET", f"{path}/permissions/{made['id']}").status == 404
    finally:
        tenant.clock.reset()


def test_invited_people_get_in_and_are_put_out_again(tenant: Tenant, drive: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/Invite/a.txt:/content", b"x")
    place = f"{drive}/items/{made['id']}"
    assert as_person(tenant, "social.worker", "GET", place).status in (403, 404)
    body = {
        "recipients": [{"email": "social.worker@contoso.onmicrosoft.com"}],
        "roles": ["read"],
        "requireSignIn": True,
    }
    given = ok(tenant, "POST", f"{place}/invite", body)["value"][0]
    assert given["roles"] == ["read"] and given["grantedToV2"]["user"]["displayName"] == "Social Worker"
    assert as_person(tenant, "social.worker", "GET", place).status == 200
    assert as_person(tenant, "social.worker", "PATCH", place, {"name": "b.txt"}).status == 403
    assert ok(tenant, "PATCH", f"{place}/permissions/{given['id']}", {"roles": ["write"]})["roles"] == ["write"]
    assert as_person(tenant, "social.worker", "PATCH", place, {"name": "b.txt"}).status == 200
    mine = read(as_person(tenant, "social.worker", "GET", "me/drive/sharedWithMe"))["value"]
    assert [each["remoteItem"]["id"] for each in mine] == [made["id"]]
    assert call(tenant, "DELETE", f"{place}/permissions/{given['id']}").status == 204
    assert as_person(tenant, "social.worker", "GET", place).status in (403, 404)


def test_outsiders_are_invited_only_where_the_site_allows_it(tenant: Tenant, drive: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/Outside/a.txt:/content", b"x")
    place = f"{drive}/items/{made['id']}/invite"
    body = {"recipients": [{"email": "someone@partner.example"}], "roles": ["write"]}
    site = tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team")
    assert site is not None
    tenant.store.update(site, {"SharingCapability": 0}, at=tenant.clock.iso())
    assert call(tenant, "POST", place, body).status == 400
    nobody = call(tenant, "POST", place, {**body, "recipients": [{"email": "nobody@contoso.onmicrosoft.com"}]})
    assert read(nobody)["error"]["innerError"]["code"] == "noResolvedUsers"
    tenant.store.update(site, {"SharingCapability": 1}, at=tenant.clock.iso())
    try:
        given = ok(tenant, "POST", place, body)["value"][0]
    finally:
        tenant.store.update(site, {"SharingCapability": 0}, at=tenant.clock.iso())
    assert given["link"]["scope"] == "users" and given["invitation"]["email"] == "someone@partner.example"
    assert given["grantedToIdentitiesV2"][0]["user"]["email"] == "someone@partner.example"


def test_link_is_granted_to_more_people(tenant: Tenant, drive: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/Grant/a.txt:/content", b"x")
    link = ok(tenant, "POST", f"{drive}/items/{made['id']}/createLink", {"type": "view", "scope": "users"})
    assert as_person(tenant, "social.worker", "GET", f"{drive}/items/{made['id']}").status in (403, 404)
    body = {"recipients": [{"email": "social.worker@contoso.onmicrosoft.com"}], "roles": ["read"]}
    granted = ok(tenant, "POST", f"shares/{link['shareId']}/permission/grant", body)["value"]
    assert granted[0]["grantedToIdentitiesV2"][0]["user"]["displayName"] == "Social Worker"
    assert as_person(tenant, "social.worker", "GET", f"{drive}/items/{made['id']}").status == 200
    assert ok(tenant, "GET", f"shares/{link['shareId']}/permission")["id"] == link["id"]


def test_inherited_permissions_are_shown_and_can_not_be_deleted(tenant: Tenant, drive: str) -> None:
    ok(tenant, "PUT", f"{drive}/root:/Inherit/below/a.txt:/content", b"x")
    body = {"recipients": [{"objectId": "admin"}], "roles": ["write"]}
    given = ok(tenant, "POST", f"{drive}/root:/Inherit:/invite", body)["value"][0]
    path = f"{drive}/root:/Inherit/below/a.txt:/permissions"
    shown = next(each for each in ok(tenant, "GET", path)["value"] if each["id"] == given["id"])
    assert shown["inheritedFrom"]["path"].endswith("/root:/Inherit")
    assert call(tenant, "DELETE", f"{path}/{given['id']}").status == 400
