"""Graph's drives without sockets: addresses, uploads, delta, versions, refusals."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.rehearsal import graph, transfers
from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.graph import drive_uploads
from spmigrate.rehearsal.graph.drive_items import mime_type
from spmigrate.rehearsal.graph.drive_uploads import UNSAID_IN_SESSION
from spmigrate.rehearsal.graph.drives import Address, read_address
from spmigrate.rehearsal.http import Body, Request, Response
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import drive_of, make_library, quick_xor_hash, read, request

UNIT = 327_680


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    opened = open_tenant(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def root(tenant: Tenant) -> Item:
    return make_library(tenant)


@pytest.fixture
def drive(tenant: Tenant, root: Item) -> str:
    return f"drives/{drive_of(tenant, root).id}"


def call(tenant: Tenant, method: str, path: str, content: object = None, **headers: str) -> Response:
    return graph.handle(request(method, path, content, **headers), tenant)


def send(tenant: Tenant, url: str, method: str, content: bytes = b"", span: str = "") -> Response:
    host, _, rest = url.removeprefix("https://").partition("/")
    path, _, query = rest.partition("?")
    headers = {"content-range": span} if span else {}
    return transfers.handle(Request(method, host, "/" + path, query, headers, Body(len(content), content)), tenant)


def begin(tenant: Tenant, drive: str, name: str, **item: object) -> str:
    answer = call(tenant, "POST", f"{drive}/root:/{name}:/createUploadSession", {"item": item})
    return str(read(answer)["uploadUrl"])


@pytest.mark.parametrize(
    ("rest", "address"),
    [
        ("root", Address("root", "", "")),
        ("root/children", Address("root", "", "children")),
        ("root:/A/b.txt:/content", Address("root", "A/b.txt", "content")),
        ("items/01X:/b.txt:", Address("01X", "b.txt", "")),
        ("items/01X:/b.txt", Address("01X", "b.txt", "")),
        ("items/root:/A:/children", Address("root", "A", "children")),
        ("items/01X/versions/1.0/content", Address("01X", "", "versions/1.0/content")),
    ],
)
def test_addresses_are_taken_apart(rest: str, address: Address) -> None:
    assert read_address(rest) == address


def test_put_content_makes_folders_and_reports_the_hash(tenant: Tenant, drive: str) -> None:
    answer = call(tenant, "PUT", f"{drive}/root:/A/B%20%231%25.txt:/content", b"hello")
    item = read(answer)
    assert answer.status == 201
    assert item["name"] == "B #1%.txt"
    assert item["file"]["hashes"]["quickXorHash"] == quick_xor_hash(b"hello")
    assert item["parentReference"]["path"].endswith("/root:/A")


def test_session_takes_fragments_in_order_and_keeps_the_dates(tenant: Tenant, drive: str) -> None:
    times = {"createdDateTime": "2001-01-01T00:00:00Z", "lastModifiedDateTime": "2002-02-02T10:00:00.1234567Z"}
    content = bytes(range(256)) * (UNIT // 256) + b"tail"
    url = begin(tenant, drive, "big.bin", fileSystemInfo=times)
    total = len(content)
    first = send(tenant, url, "PUT", content[:UNIT], f"bytes 0-{UNIT - 1}/{total}")
    assert (first.status, read(first)["nextExpectedRanges"]) == (202, [f"{UNIT}-{total - 1}"])
    again = send(tenant, url, "PUT", content[:UNIT], f"bytes 0-{UNIT - 1}/{total}")
    assert (again.status, read(again)["error"]["code"]) == (416, "invalidRange")
    assert read(send(tenant, url, "GET"))["nextExpectedRanges"] == [f"{UNIT}-"]
    last = send(tenant, url, "PUT", content[UNIT:], f"bytes {UNIT}-{total - 1}/{total}")
    assert last.status == 201
    assert read(last)["fileSystemInfo"]["lastModifiedDateTime"] == "2002-02-02T10:00:00Z"
    assert read(last)["file"]["hashes"]["quickXorHash"] == quick_xor_hash(content)
    assert send(tenant, url, "GET").status == 404


def test_session_goes_on_after_a_restart(tmp_path: Path) -> None:
    first = open_tenant(tmp_path)
    drive = f"drives/{drive_of(first, make_library(first)).id}"
    url = begin(first, drive, "big.bin")
    content = bytes(UNIT) + b"end"
    send(first, url, "PUT", content[:UNIT], f"bytes 0-{UNIT - 1}/{len(content)}")
    first.store.close()
    second = open_tenant(tmp_path)
    last = send(second, url, "PUT", content[UNIT:], f"bytes {UNIT}-{len(content) - 1}/{len(content)}")
    assert read(last)["file"]["hashes"]["quickXorHash"] == quick_xor_hash(content)
    second.store.close()


def test_fragment_may_have_any_length_but_must_be_what_it_says(tenant: Tenant, drive: str) -> None:
    url = begin(tenant, drive, "big.bin")
    assert send(tenant, url, "PUT", b"x" * 99, "bytes 0-99/1000").status == 400
    assert send(tenant, url, "PUT", b"x" * 100, "bytes 0-99/1000").status == 202


@pytest.mark.parametrize(("behaviour", "status", "names"), [
    ("fail", 409, ["a.txt"]), ("replace", 200, ["a.txt"]), ("rename", 201, ["a 1.txt", "a.txt"]),
])  # fmt: skip
def test_conflict_is_decided_when_the_last_byte_is_there(
    tenant: Tenant, drive: str, behaviour: str, status: int, names: list[str]
) -> None:
    url = begin(tenant, drive, "a.txt", **{"@microsoft.graph.conflictBehavior": behaviour})
    call(tenant, "PUT", f"{drive}/root:/a.txt:/content", b"first")
    assert send(tenant, url, "PUT", b"second", "bytes 0-5/6").status == status
    children = read(call(tenant, "GET", f"{drive}/root/children"))["value"]
    assert sorted(each["name"] for each in children) == names


def test_session_without_a_conflict_behaviour_does_what_the_switch_says(
    tenant: Tenant, drive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for unsaid, status in ((UNSAID_IN_SESSION, 200), (Conflict.FAIL, 409)):
        monkeypatch.setattr(drive_uploads, "UNSAID_IN_SESSION", unsaid)
        call(tenant, "PUT", f"{drive}/root:/a.txt:/content", b"first")
        assert send(tenant, begin(tenant, drive, "a.txt"), "PUT", b"second", "bytes 0-5/6").status == status
    assert UNSAID_IN_SESSION is Conflict.REPLACE


def test_cancelled_session_is_gone(tenant: Tenant, drive: str) -> None:
    url = begin(tenant, drive, "a.txt")
    assert send(tenant, url, "DELETE").status == 204
    assert send(tenant, url, "PUT", b"x", "bytes 0-0/1").status == 404


def test_content_redirects_and_ranges_are_honoured(tenant: Tenant, drive: str) -> None:
    call(tenant, "PUT", f"{drive}/root:/a.txt:/content", b"0123456789")
    location = call(tenant, "GET", f"{drive}/root:/a.txt:/content").headers["location"]
    host, _, rest = location.removeprefix("https://").partition("/")
    path, _, query = rest.partition("?")
    partial = transfers.handle(Request("GET", host, "/" + path, query, {"range": "bytes=2-4"}), tenant)
    assert (partial.status, partial.body, partial.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    forged = transfers.handle(Request("GET", host, "/" + path, query[:-4] + "beef", {}), tenant)
    assert forged.status == 401


def test_changing_the_dates_makes_a_version(tenant: Tenant, drive: str) -> None:
    call(tenant, "PUT", f"{drive}/root:/a.txt:/content", b"x")
    body = {"fileSystemInfo": {"lastModifiedDateTime": "2010-01-01T00:00:00Z"}}
    assert call(tenant, "PATCH", f"{drive}/root:/a.txt", body).status == 200
    versions = read(call(tenant, "GET", f"{drive}/root:/a.txt:/versions"))["value"]
    assert [each["id"] for each in versions] == ["2.0", "1.0"]


def test_moving_and_renaming_in_one_patch(tenant: Tenant, drive: str) -> None:
    folder = read(call(tenant, "POST", f"{drive}/root/children", {"name": "A", "folder": {}}))
    item = read(call(tenant, "PUT", f"{drive}/root:/a.txt:/content", b"x"))
    body = {"name": "b.txt", "parentReference": {"id": folder["id"]}}
    assert call(tenant, "PATCH", f"{drive}/items/{item['id']}", body).status == 200
    assert call(tenant, "GET", f"{drive}/root:/A/B.TXT").status == 200


def test_children_come_in_pages(tenant: Tenant, drive: str) -> None:
    for number in range(5):
        call(tenant, "PUT", f"{drive}/root:/f{number}.txt:/content", b"x")
    names, path = [], f"{drive}/root/children?$top=2"
    while path:
        page = read(call(tenant, "GET", path))
        names += [each["name"] for each in page["value"]]
        path = page.get("@odata.nextLink", "").removeprefix("https://graph.microsoft.com/v1.0/")
    assert names == [f"f{number}.txt" for number in range(5)]


def test_delta_replays_to_the_tree(tenant: Tenant, drive: str) -> None:
    def follow(path: str) -> str:
        while True:
            page = read(call(tenant, "GET", path))
            for each in page["value"]:
                if "deleted" in each:
                    tree.pop(each["id"], None)
                elif "root" not in each:
                    tree[each["id"]] = each["name"]
            if "@odata.deltaLink" in page:
                return str(page["@odata.deltaLink"]).removeprefix("https://graph.microsoft.com/v1.0/")
            path = page["@odata.nextLink"].removeprefix("https://graph.microsoft.com/v1.0/")

    tree: dict[str, str] = {}
    for number in range(5):
        call(tenant, "PUT", f"{drive}/root:/f{number}.txt:/content", b"x")
    call(tenant, "DELETE", f"{drive}/root:/f0.txt")
    link = follow(f"{drive}/root/delta?$top=2")
    assert sorted(tree.values()) == ["f1.txt", "f2.txt", "f3.txt", "f4.txt"]
    call(tenant, "DELETE", f"{drive}/root:/f1.txt")
    call(tenant, "PATCH", f"{drive}/root:/f2.txt", {"name": "g2.txt"})
    follow(link)
    assert sorted(tree.values()) == ["f3.txt", "f4.txt", "g2.txt"]


def test_child_is_named_by_a_key_in_brackets(tenant: Tenant, drive: str) -> None:
    made = read(call(tenant, "PUT", f"{drive}/root/children('one''s.txt')/content", b"x"))
    assert made["name"] == "one's.txt"
    assert read(call(tenant, "GET", f"{drive}/items/root/children('one''s.txt')"))["id"] == made["id"]
    assert call(tenant, "GET", f"{drive}/items/{made['id']}/permissions('nosuch')").status == 404


def test_deletion_in_delta_says_which_folder_it_was_in_and_no_name(tenant: Tenant, drive: str) -> None:
    folder = read(call(tenant, "POST", f"{drive}/root/children", {"name": "A", "folder": {}}))
    file = read(call(tenant, "PUT", f"{drive}/root:/A/a.txt:/content", b"x"))
    link = read(call(tenant, "GET", f"{drive}/root/delta?token=latest"))["@odata.deltaLink"]
    call(tenant, "DELETE", f"{drive}/root:/A/a.txt")
    [gone] = read(call(tenant, "GET", link.removeprefix("https://graph.microsoft.com/v1.0/")))["value"]
    assert (gone["id"], gone["parentReference"]["id"], gone["size"]) == (file["id"], folder["id"], 0)
    assert "name" not in gone


def test_foreign_delta_token_asks_for_a_resync(tenant: Tenant, drive: str) -> None:
    assert call(tenant, "GET", f"{drive}/root/delta?token=nonsense").status == 410


def test_missing_permission_is_403_and_nothing_is_written(tenant: Tenant, drive: str) -> None:
    asked = request("PUT", f"{drive}/root:/a.txt:/content", b"x", roles=frozenset({"Files.Read.All"}))
    assert graph.handle(asked, tenant).status == 403
    assert call(tenant, "GET", f"{drive}/root:/a.txt").status == 404


def test_if_match_protects_against_a_change_meanwhile(tenant: Tenant, drive: str) -> None:
    item = read(call(tenant, "PUT", f"{drive}/root:/a.txt:/content", b"x"))
    call(tenant, "PUT", f"{drive}/root:/a.txt:/content", b"y")
    answer = call(tenant, "DELETE", f"{drive}/items/{item['id']}", if_match=item["eTag"])
    assert answer.status == 412


@pytest.mark.parametrize(("path", "status"), [("nonsense/x", 400), ("planner/tasks", 501), ("drives/b!xxx/root", 404)])
def test_unknown_paths_are_never_an_empty_success(tenant: Tenant, path: str, status: int) -> None:
    assert call(tenant, "GET", path).status == status


def test_batch_answers_each_part_and_stops_what_depends_on_a_failure(tenant: Tenant, drive: str) -> None:
    parts = [
        {"id": "1", "method": "GET", "url": f"/{drive}/root"},
        {"id": "2", "method": "GET", "url": f"/{drive}/root:/missing"},
        {"id": "3", "method": "GET", "url": f"/{drive}/root", "dependsOn": ["2"]},
    ]
    answers = read(call(tenant, "POST", "$batch", {"requests": parts}))["responses"]
    assert [each["status"] for each in answers] == [200, 404, 424]


def test_site_is_found_by_path_and_by_id(tenant: Tenant, root: Item) -> None:
    by_path = read(call(tenant, "GET", "sites/contoso.sharepoint.com:/sites/x"))
    by_id = read(call(tenant, "GET", f"sites/{by_path['id']}"))
    assert by_id["webUrl"] == "https://contoso.sharepoint.com/sites/x"
    drives = read(call(tenant, "GET", "sites/contoso.sharepoint.com:/sites/x:/drives"))["value"]
    assert [each["name"] for each in drives] == ["Documents"]
    assert call(tenant, "GET", "sites/contoso.sharepoint.com:/sites/missing").status == 404


@pytest.mark.parametrize(("name", "kind"), [
    ("a.txt", "text/plain"), ("A.B.PDF", "application/pdf"), ("a.b.tar.gz", "application/x-tar"), ("a", ""),
    (".txt", ""), ("..txt", ""), ("txt", ""), ("a.", ""), ("a.unheard", ""),
])  # fmt: skip
def test_name_tells_the_media_type(name: str, kind: str) -> None:
    assert mime_type(name) == (kind or "application/octet-stream")
