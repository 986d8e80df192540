"""Drives in Graph without sockets: the ways to one, OneDrive, copies, search, sessions."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.builders import read, request
from tests.unit.rehearsal.drive_calls import ENGINEER, TEAM, as_person, call, drive_of, follow, ok, seeded_tenant


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    yield from seeded_tenant(tmp_path_factory.mktemp("drives"))


@pytest.fixture
def drive(tenant: Tenant) -> str:
    return drive_of(tenant)


@pytest.mark.parametrize(
    "way",
    [
        "{drive}/root:/W/a b.txt", "{drive}/root:/W/a b.txt:", "{drive}/root:/W/a b.txt:/",
        "{drive}/items/{folder}:/a b.txt",
        "{drive}/items/{item}", "{drive}/items/root:/W/a b.txt:", "{drive}/root/children/W/children/a b.txt",
        "{drive}/special/documents:/W/a b.txt", TEAM + "/drive/items/{item}", TEAM + "/drive/root:/W/a b.txt",
        TEAM + "/{drive}/items/{item}", TEAM + "/lists/Documents/drive/items/{item}", "shares/{share}/driveItem",
        "shares/{share}/root", "{drive}/items/{folder}%3A/a b.txt%3A", ENGINEER + "/{drive}/items/{item}",
    ],
)  # fmt: skip
def test_every_way_leads_to_the_same_file(tenant: Tenant, drive: str, way: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/W/a b.txt:/content", b"x")
    share = base64.urlsafe_b64encode(made["webUrl"].encode()).decode().rstrip("=")
    path = way.format(drive=drive, item=made["id"], folder=made["parentReference"]["id"], share=f"u!{share}")
    assert ok(tenant, "GET", path)["id"] == made["id"]


def test_onedrive_is_made_when_it_is_first_used(tenant: Tenant) -> None:
    found = ok(tenant, "GET", f"{ENGINEER}/drive")
    assert (found["driveType"], found["name"]) == ("business", "OneDrive")
    assert found["webUrl"] == "https://contoso-my.sharepoint.com/personal/engineer_contoso_onmicrosoft_com/Documents"
    assert [each["id"] for each in ok(tenant, "GET", f"{ENGINEER}/drives")["value"]] == [found["id"]]
    mine = read(as_person(tenant, "engineer", "GET", "me/drive"))
    assert mine["id"] == found["id"]
    assert as_person(tenant, "engineer", "PUT", "me/drive/root:/mine.txt:/content", b"x").status == 201
    assert as_person(tenant, "service.desk", "GET", f"drives/{found['id']}/root/children").status in (403, 404)


def test_who_has_no_licence_has_no_onedrive(tenant: Tenant) -> None:
    user = tenant.directory.user("leaver")
    assert user is not None
    tenant.store.update(user, {"assignedLicenses": []}, at=tenant.clock.iso())
    response = call(tenant, "GET", f"users/{user.guid}/drive")
    assert (response.status, read(response)["error"]["message"]) == (404, "User's mysite not found.")
    assert call(tenant, "GET", "me/drive").status == 400


def test_group_has_a_drive_when_it_is_a_microsoft_365_group(tenant: Tenant) -> None:
    body = {"displayName": "Bridges", "mailNickname": "bridges", "mailEnabled": True, "securityEnabled": False,
            "groupTypes": ["Unified"]}  # fmt: skip
    group = ok(tenant, "POST", "groups", body)["id"]
    drive = ok(tenant, "GET", f"groups/{group}/drive")
    assert drive["owner"]["group"]["id"] == group and "/sites/bridges/" in drive["webUrl"]
    assert ok(tenant, "PUT", f"groups/{group}/drive/root:/a.txt:/content", b"x")["size"] == 1
    assert [each["id"] for each in ok(tenant, "GET", f"groups/{group}/drives")["value"]] == [drive["id"]]
    plain = ok(tenant, "POST", "groups", {**body, "displayName": "Plain", "mailNickname": "plain", "mailEnabled": False,
                                          "securityEnabled": True, "groupTypes": []})["id"]  # fmt: skip
    assert call(tenant, "GET", f"groups/{plain}/drive").status == 404


def test_children_in_another_order_and_filtered_come_in_pages(tenant: Tenant, drive: str) -> None:
    for number, name in enumerate(["c.txt", "A.txt", "b.txt", "d"]):
        ok(tenant, "PUT", f"{drive}/root:/Order/{name}:/content", b"x" * (4 - number))
    ok(tenant, "POST", f"{drive}/root:/Order:/children", {"name": "folder", "folder": {}})
    seen: list[str] = []
    link = f"{drive}/root:/Order:/children?$orderby=size desc&$top=2&$filter=file ne null"
    while link:
        page = ok(tenant, "GET", link)
        assert len(page["value"]) <= 2
        seen += [each["name"] for each in page["value"]]
        link = page.get("@odata.nextLink", "").removeprefix("https://graph.microsoft.com/v1.0/")
    assert seen == ["c.txt", "A.txt", "b.txt", "d"]
    assert call(tenant, "GET", f"{drive}/root:/Order:/children?$orderby=nope").status == 400


def test_expanded_things_come_along(tenant: Tenant, drive: str) -> None:
    ok(tenant, "PUT", f"{drive}/root:/Expand/a.txt:/content", b"1")
    ok(tenant, "PUT", f"{drive}/root:/Expand/a.txt:/content", b"22")
    folder = ok(tenant, "GET", f"{drive}/root:/Expand?$expand=children($select=name,size),permissions,thumbnails")
    assert [(each["name"], each["size"]) for each in folder["children"]] == [("a.txt", 2)]
    assert "webUrl" not in folder["children"][0] and folder["thumbnails"] == []
    assert {each["roles"][0] for each in folder["permissions"]} == {"owner", "write", "read"}
    file = ok(tenant, "GET", f"{drive}/root:/Expand/a.txt?$select=id&$expand=versions,listItem($expand=fields)")
    assert [each["id"] for each in file["versions"]] == ["2.0", "1.0"]
    assert file["listItem"]["fields"]["FileLeafRef"] == "a.txt" and "name" not in file


def test_copy_is_told_by_its_monitor(tenant: Tenant, drive: str) -> None:
    for name in ("a.txt", "below/b.txt"):
        ok(tenant, "PUT", f"{drive}/root:/Copy/{name}:/content", b"x")
    other = ok(tenant, "GET", f"{ENGINEER}/drive")["id"]
    root = ok(tenant, "GET", f"drives/{other}/root")["id"]
    body = {"name": "Copied", "parentReference": {"driveId": other, "id": root}}
    begun = call(tenant, "POST", f"{drive}/root:/Copy:/copy", body)
    assert begun.status == 202
    done = read(follow(tenant, begun.headers["location"]))
    assert done["status"] == "completed" and done["percentageComplete"] == 100
    copied = ok(tenant, "GET", f"drives/{other}/root:/Copied/below/b.txt")
    assert done["resourceId"] == ok(tenant, "GET", f"drives/{other}/root:/Copied")["id"] and copied["size"] == 1
    again = call(tenant, "POST", f"{drive}/root:/Copy:/copy", body)
    failed = read(follow(tenant, again.headers["location"]))
    assert (failed["status"], failed["error"]["code"]) == ("failed", "nameAlreadyExists")
    renamed = call(tenant, "POST", f"{drive}/root:/Copy:/copy?@microsoft.graph.conflictBehavior=rename", body)
    assert read(follow(tenant, renamed.headers["location"]))["status"] == "completed"
    forged = begun.headers["location"][:-4] + "beef"
    assert follow(tenant, forged).status == 401


def test_copy_takes_its_time_in_a_council(tenant: Tenant, drive: str) -> None:
    ok(tenant, "PUT", f"{drive}/root:/Slow/a.txt:/content", b"x")
    tenant.jobs.delayed = True
    slow = tenant
    begun = call(slow, "POST", f"{drive}/root:/Slow/a.txt:/copy", {"name": "b.txt"})
    going = follow(slow, begun.headers["location"])
    assert (going.status, read(going)["status"]) == (202, "inProgress")
    tenant.clock.advance(5)
    assert read(follow(slow, begun.headers["location"]))["status"] == "completed"
    tenant.clock.reset()


def test_search_finds_names_and_text_in_pages(tenant: Tenant, drive: str) -> None:
    for number in range(3):
        ok(tenant, "PUT", f"{drive}/root:/Search/zebra {number}.txt:/content", b"stripes")
    ok(tenant, "PUT", f"{drive}/root:/Search/horse.txt:/content", b"no Zebra at all, nor o'clock")
    first = ok(tenant, "GET", f"{drive}/root/search(q='ZEBRA')?$top=3")
    rest = ok(tenant, "GET", first["@odata.nextLink"].removeprefix("https://graph.microsoft.com/v1.0/"))
    assert len(first["value"]) == 3 and [each["name"] for each in rest["value"]] == ["horse.txt"]
    assert [each["name"] for each in ok(tenant, "GET", f"{drive}/search(q='o''clock')")["value"]] == ["horse.txt"]
    assert ok(tenant, "GET", f"{drive}/root:/Copy:/microsoft.graph.search(q='zebra')")["value"] == []
    assert "deleted" not in first["value"][0] and first["value"][0]["searchResult"] == {}


def test_checked_out_file_is_locked_for_others_until_it_is_checked_in(tenant: Tenant, drive: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/Check/a.txt:/content", b"1")
    place = f"{drive}/items/{made['id']}"
    assert call(tenant, "POST", f"{place}/checkin", {"comment": "x"}).status == 400
    assert call(tenant, "POST", f"{place}/checkout").status == 204
    assert ok(tenant, "GET", place)["publication"]["level"] == "checkout"
    assert as_person(tenant, "admin", "PUT", f"{place}/content", b"2").status == 423
    assert call(tenant, "POST", f"{place}/checkin", {"comment": "done"}).status == 204
    assert as_person(tenant, "admin", "PUT", f"{place}/content", b"2").status == 200


def test_versions_are_read_restored_and_deleted(tenant: Tenant, drive: str) -> None:
    for content in (b"one", b"two!", b"three"):
        made = ok(tenant, "PUT", f"{drive}/root:/Versions/a.txt:/content", content)
    place = f"{drive}/items/{made['id']}/versions"
    assert [each["size"] for each in ok(tenant, "GET", place)["value"]] == [5, 4, 3]
    assert follow(tenant, call(tenant, "GET", f"{place}/1.0/content").headers["location"]).body == b"one"
    assert call(tenant, "GET", f"{place}/3.0/content").status == 400
    assert call(tenant, "POST", f"{place}/1.0/restoreVersion").status == 204
    assert ok(tenant, "GET", f"{place}/current")["id"] == "4.0"
    assert call(tenant, "DELETE", f"{place}/2.0").status == 204
    assert [each["id"] for each in ok(tenant, "GET", place)["value"]] == ["4.0", "3.0", "1.0"]
    assert call(tenant, "DELETE", f"{place}/4.0").status == 400


def test_deleted_item_is_restored_where_it_was(tenant: Tenant, drive: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/Restore/a.txt:/content", b"x")
    place = f"{drive}/items/{made['id']}"
    assert call(tenant, "DELETE", place).status == 204
    assert ok(tenant, "POST", f"{place}/restore")["parentReference"]["path"].endswith("/Restore")
    assert call(tenant, "POST", f"{place}/permanentDelete").status == 204
    assert call(tenant, "POST", f"{place}/restore").status == 404


def test_patch_describes_renames_and_refuses_what_items_do_not_have(tenant: Tenant, drive: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/Patch/a.txt:/content", b"x")
    place = f"{drive}/items/{made['id']}"
    altered = ok(tenant, "PATCH", place, {"description": "for the board", "Name": "b.txt", "size": 7})
    assert (altered["description"], altered["name"], altered["size"]) == ("for the board", "b.txt", 1)
    assert call(tenant, "PATCH", place, {"nope": 1}).status == 400
    other = ok(tenant, "GET", f"{ENGINEER}/drive")["id"]
    assert call(tenant, "PATCH", place, {"parentReference": {"driveId": other, "path": "/root:"}}).status == 400
    assert call(tenant, "GET", place, if_none_match=altered["eTag"]).status == 304


def test_second_session_for_a_name_waits_for_the_first(tenant: Tenant, drive: str) -> None:
    path = f"{drive}/root:/Session/a.bin:/createUploadSession"
    tenant.uploads.holds_names = True
    url = ok(tenant, "POST", path, {"item": {"@microsoft.graph.conflictBehavior": "replace"}})["uploadUrl"]
    held = call(tenant, "POST", path.replace("a.bin", "A.BIN"), {"item": {}})
    assert (held.status, read(held)["error"]["code"]) == (409, "nameAlreadyExists")
    assert ok(tenant, "POST", path, {"item": {"@microsoft.graph.conflictBehavior": "rename"}})
    assert follow(tenant, url, "DELETE").status == 204
    url = ok(tenant, "POST", path)["uploadUrl"]
    try:
        tenant.clock.advance(901)
        assert follow(tenant, url, "GET").status == 200
        tenant.clock.advance(86_400)
        assert follow(tenant, url, "GET").status == 404
        url = ok(tenant, "POST", path)["uploadUrl"]
        tenant.clock.advance(901)
        second = ok(tenant, "POST", path)["uploadUrl"]
        assert follow(tenant, second, "PUT", b"x", content_range="bytes 0-0/1").status == 201
        tenant.uploads.holds_names = False
        assert ok(tenant, "POST", path) and ok(tenant, "POST", path)
    finally:
        tenant.uploads.holds_names = False
        tenant.clock.reset()


def test_deferred_commit_makes_the_file_when_it_is_said(tenant: Tenant, drive: str) -> None:
    path = f"{drive}/root:/Deferred/a.bin:"
    url = ok(tenant, "POST", f"{path}/createUploadSession", {"item": {"name": "a.bin"}, "deferCommit": True})[
        "uploadUrl"
    ]
    assert follow(tenant, url, "POST").status == 400
    sent = follow(tenant, url, "PUT", b"abc", content_range="bytes 0-2/3")
    assert (sent.status, read(sent)["nextExpectedRanges"]) == (202, [])
    assert call(tenant, "GET", path).status == 404
    assert follow(tenant, url, "POST").status == 201
    assert ok(tenant, "GET", path)["size"] == 3


@pytest.mark.parametrize(
    "item", [{"name": "other.bin"}, {"nope": 1}, {"fileSize": "1"}, {"fileSize": 10**12}, {"description": 1}]
)
def test_session_refuses_what_it_can_not_do(tenant: Tenant, drive: str, item: dict[str, object]) -> None:
    response = call(tenant, "POST", f"{drive}/root:/Refused/a.bin:/createUploadSession", {"item": item})
    assert response.status in (400, 413)


@pytest.mark.parametrize("name", ["CON", "a|b", "~$lock.docx", "x" * 256, "dot."])
def test_session_refuses_names_at_once(tenant: Tenant, drive: str, name: str) -> None:
    response = call(tenant, "POST", f"{drive}/items/root:/{quote(name)}:/createUploadSession", {"item": {}})
    assert (response.status, read(response)["error"]["code"]) == (400, "invalidRequest")


def test_download_address_lives_for_an_hour_and_answers_conditions(tenant: Tenant, drive: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/Download/a.txt:/content", b"0123456789")
    url = made["@microsoft.graph.downloadUrl"]
    whole = follow(tenant, url)
    assert whole.body == b"0123456789" and whole.headers["etag"] == made["eTag"]
    assert follow(tenant, url, if_none_match=made["eTag"]).status == 304
    assert follow(tenant, url, range="bytes=-3").body == b"789"
    assert follow(tenant, url, range="bytes=2-1").status == 200
    assert follow(tenant, url, range="bytes=10-").status == 416
    assert follow(tenant, url, range="bytes=0-1", if_range='"other"').status == 200
    tenant.clock.advance(2 * 3600)
    assert follow(tenant, url).status == 401
    tenant.clock.reset()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("items", 400), ("bundles", 400), ("nope", 400), ("root/nope", 400), ("root/workbook", 501),
        ("special/nope", 404),
        ("root/children/none.txt", 404), ("following", 403), ("items/01ZZ", 404), ("root:/none.txt:/content", 404),
    ],
)  # fmt: skip
def test_what_a_drive_does_not_have_is_refused(tenant: Tenant, drive: str, path: str, status: int) -> None:
    assert call(tenant, "GET", f"{drive}/{path}").status == status


def at_sharepoint(tenant: Tenant, method: str, path: str, content: object = None) -> Response:
    asked = request(method, "x", content)
    raw, _, query = path.partition("?")
    return graph.handle(replace(asked, host="contoso.sharepoint.com", path=raw, query=query), tenant)


def test_drive_api_answers_on_the_sharepoint_host(tenant: Tenant, drive: str) -> None:
    ok(tenant, "PUT", f"{drive}/root:/Host/a.txt:/content", b"x")
    base = "/sites/team/_api/v2.0"
    assert read(at_sharepoint(tenant, "GET", f"{base}/drive"))["id"] == drive.removeprefix("drives/")
    listed = read(at_sharepoint(tenant, "GET", f"{base}/drive/root:/Host:/children?$top=1"))
    assert [each["name"] for each in listed["value"]] == ["a.txt"]
    assert "@content.downloadUrl" in listed["value"][0]
    assert listed["@odata.context"].startswith(f"https://contoso.sharepoint.com{base}/$metadata#")
    assert read(at_sharepoint(tenant, "GET", f"/_api/v2.1/{drive}/items/root"))["name"] == "root"
    made = at_sharepoint(tenant, "PUT", f"{base}/drive/root:/Host/b.txt:/content?@name.conflictBehavior=fail", b"y")
    assert made.status == 201
    delta = read(at_sharepoint(tenant, "GET", f"{base}/drive/root/delta?token=latest"))["@odata.deltaLink"]
    assert delta.startswith(f"https://contoso.sharepoint.com{base}/drives/")
    assert at_sharepoint(tenant, "GET", "/sites/none/_api/v2.0/drive").status == 404


def test_folders_come_before_what_is_in_them(tenant: Tenant) -> None:
    drive = f"drives/{ok(tenant, 'GET', 'users/owner.adults@contoso.onmicrosoft.com/drive')['id']}"
    ok(tenant, "PUT", f"{drive}/root:/one/two/a.txt:/content", b"x")
    for name in ("late", "later"):
        ok(tenant, "POST", f"{drive}/root/children", {"name": name, "folder": {}})
    later = ok(tenant, "GET", f"{drive}/root:/later")["id"]
    ok(tenant, "PATCH", f"{drive}/root:/one:", {"parentReference": {"id": later}, "name": "moved"})
    seen: set[str] = set()
    link = f"{drive}/root/delta?$top=2"
    while link:
        page = ok(tenant, "GET", link)
        for each in page["value"]:
            assert "root" in each or each["parentReference"]["id"] in seen
            seen.add(each["id"])
        link = page.get("@odata.nextLink", "").removeprefix("https://graph.microsoft.com/v1.0/")
    assert len(seen) == 6


def test_file_is_shown_as_a_pdf(tenant: Tenant, drive: str) -> None:
    path = f"{drive}/root:/Convert/a (1).docx:"
    ok(tenant, "PUT", f"{path}/content", b"x")
    link = call(tenant, "GET", f"{path}/content?format=pdf").headers["location"]
    shown = follow(tenant, link)
    assert shown.body.startswith(b"%PDF-1.4") and shown.headers["content-type"] == "application/pdf"
    ok(tenant, "PUT", f"{drive}/root:/Convert/a.zip:/content", b"x")
    assert call(tenant, "GET", f"{drive}/root:/Convert/a.zip:/content?format=pdf").status == 406


def test_short_lists_are_cut_to_the_size_that_is_asked_for(tenant: Tenant, drive: str) -> None:
    ok(tenant, "PUT", f"{drive}/root:/Top/a.txt:/content", b"x")
    place = f"{drive}/root:/Top/a.txt:/permissions"
    every = [each["id"] for each in ok(tenant, "GET", place)["value"]]
    first = ok(tenant, "GET", f"{place}?$top=1")
    rest = ok(tenant, "GET", first["@odata.nextLink"].removeprefix("https://graph.microsoft.com/v1.0/") + "&$top=9")
    assert [each["id"] for each in first["value"] + rest["value"]] == every and len(first["value"]) == 1
    ok(tenant, "GET", f"{TEAM}/drives?$top=1&$orderby=name desc&$filter=driveType eq 'documentLibrary'")


def test_state_of_publication_is_told_when_it_is_asked_for(tenant: Tenant, drive: str) -> None:
    made = ok(tenant, "PUT", f"{drive}/root:/Publication/a.txt:/content", b"x")
    shown = ok(tenant, "GET", f"{drive}/items/{made['id']}?$select=publication")
    assert shown["publication"] == {"level": "published", "versionId": "1.0"} and "publication" not in made
    assert call(tenant, "GET", f"{drive}/items/{made['id']}").headers["etag"] == made["eTag"]


def test_site_says_its_title_on_the_sharepoint_host_alone(tenant: Tenant) -> None:
    found = read(at_sharepoint(tenant, "GET", "/_api/v2.0/sites?$select=id,title&$search=rehearsal"))["value"]
    assert [each["title"] for each in found] == ["Rehearsal team"]
    asked = request("GET", "sites?$select=id,title&$search=team", roles=frozenset({"Sites.Read.All"}))
    assert graph.handle(asked, tenant).status == 400
