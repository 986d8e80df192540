"""Azure Storage with every permission, which no address of SharePoint's has: lists, removal, sums, forms."""

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from spmigrate.rehearsal.azure import sas
from spmigrate.rehearsal.azure.containers import ACCOUNT
from spmigrate.rehearsal.azure.crc64 import crc64
from spmigrate.rehearsal.azure.front import handle
from spmigrate.rehearsal.http import Body, Request, Response
from spmigrate.rehearsal.tenant import Tenant, open_tenant

Send = Callable[..., Response]
FOREVER = sas.Grant("rwdl", "", "2099-01-01T00:00:00Z")


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    return open_tenant(tmp_path / "state")


@pytest.fixture
def send(tenant: Tenant) -> Send:
    with tenant.store.transaction():
        uri = tenant.azure.containers.provision_container(site=1, number=1, purpose="content", key="")
        name = uri.partition("?")[0].rpartition("/")[2]
        query = sas.sign(ACCOUNT, tenant.azure.containers.key(), name, FOREVER)

    def call(method: str, path: str = "", content: bytes = b"", more: str = "", **headers: str) -> Response:
        names = {each.replace("_", "-"): value for each, value in headers.items()}
        host = f"{ACCOUNT}.blob.core.windows.net"
        full = f"/{name}/{quote(path)}" if path else f"/{name}"
        return handle(Request(method, host, full, f"{query}{more}", names, Body(len(content), content)), tenant)

    return call


def put(send: Send, path: str, content: bytes = b"x", **headers: str) -> Response:
    return send("PUT", path, content, x_ms_blob_type="BlockBlob", **headers)


def code(response: Response) -> tuple[int, str]:
    return response.status, response.headers.get("x-ms-error-code", "")


def names(response: Response) -> list[str]:
    return re.findall("<Name>(.*?)</Name>", response.body.decode())


def listing(send: Send, more: str = "") -> Response:
    return send("GET", more=f"&restype=container&comp=list{more}")


def test_a_list_goes_by_prefix_folder_and_page(send: Send) -> None:
    for path in ("a", "b/1", "b/2", "b/c/3", "é", "z"):
        put(send, path)
    assert names(listing(send)) == ["a", "b/1", "b/2", "b/c/3", "z", "é"]
    assert names(listing(send, "&prefix=b/&delimiter=/")) == ["b/1", "b/2", "b/c/"]
    assert names(listing(send, "&delimiter=/")) == ["a", "b/", "z", "é"]
    found, marker = [], ""
    while True:
        page = listing(send, f"&maxresults=2&delimiter=/&marker={quote(marker)}")
        found.append(names(page))
        following = re.search("<NextMarker>(.*?)</NextMarker>", page.body.decode())
        if following is None:
            break
        marker = following.group(1)
    assert found == [["a", "b/"], ["z", "é"]]
    assert code(listing(send, "&maxresults=0")) == (400, "OutOfRangeQueryParameterValue")


def test_snapshots_stand_in_the_list_and_keep_a_blob_from_being_removed(send: Send) -> None:
    put(send, "a", b"1", **{"x_ms_meta_IV": "v"})
    stamps = [send("PUT", "a", more="&comp=snapshot").headers["x-ms-snapshot"] for _ in range(3)]
    assert stamps == sorted(set(stamps))
    page = listing(send, "&include=snapshots,metadata").body.decode()
    assert re.findall("<Snapshot>(.*?)</Snapshot>", page) == stamps
    assert page.count("<IV>v</IV>") == 4
    assert code(send("DELETE", "a")) == (409, "SnapshotsPresent")
    assert send("DELETE", "a", more=f"&snapshot={stamps[0]}").status == 202
    assert send("GET", "a", more=f"&snapshot={stamps[0]}").status == 404
    assert send("DELETE", "a", x_ms_delete_snapshots="only").status == 202
    assert send("GET", "a").body == b"1"
    assert send("DELETE", "a").status == 202
    assert names(listing(send, "&include=snapshots")) == []


def test_sums_are_compared(send: Send) -> None:
    md5 = base64.b64encode(hashlib.md5(b"abc").digest()).decode()
    assert put(send, "a", b"abc", content_md5=md5).headers["content-md5"] == md5
    assert code(put(send, "a", b"abd", content_md5=md5)) == (400, "Md5Mismatch")
    assert code(put(send, "a", b"abc", content_md5="!")) == (400, "InvalidMd5")
    assert put(send, "a", b"abc", x_ms_content_crc64=crc64([b"a", b"bc"])).status == 201
    assert code(put(send, "a", b"abc", x_ms_content_crc64=crc64([b"abd"]))) == (400, "Crc64Mismatch")
    assert base64.b64decode(crc64([b"123456789"]))[::-1].hex() == "ae8b14860a799888"


def test_ranges(send: Send) -> None:
    put(send, "a", b"0123456789")
    answer = send("GET", "a", x_ms_range="bytes=2-4", range="bytes=0-1", x_ms_range_get_content_md5="true")
    assert (answer.status, answer.body, answer.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert answer.headers["content-md5"] == base64.b64encode(hashlib.md5(b"234").digest()).decode()
    assert send("GET", "a", range="bytes=8-").body == b"89"
    assert code(send("GET", "a", range="bytes=10-")) == (416, "InvalidRange")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"if_match": "*"}, 200),
        ({"if_match": '"0x1"'}, 412),
        ({"if_none_match": "*"}, 304),
        ({"if_modified_since": "Thu, 01 Jan 2099 00:00:00 GMT"}, 304),
        ({"if_unmodified_since": "Thu, 01 Jan 1999 00:00:00 GMT"}, 412),
        ({"if_modified_since": "nonsense"}, 400),
    ],
)
def test_conditions(send: Send, headers: dict[str, str], expected: int) -> None:
    put(send, "a")
    assert send("GET", "a", **headers).status == expected


@pytest.mark.parametrize(
    ("method", "path", "more", "expected"),
    [
        ("GET", "", "", (403, "AuthorizationFailure")),
        ("PUT", "a", "&comp=page", (501, "NotImplemented")),
        ("PUT", "a", "&comp=nonsense", (400, "InvalidQueryParameterValue")),
        ("POST", "a", "", (405, "UnsupportedHttpVerb")),
        ("PUT", "a", "", (400, "MissingRequiredHeader")),
        ("PUT", "a", "&comp=block&blockid=!!", (400, "InvalidBlockId")),
        ("PUT", "a", "&comp=blocklist", (400, "InvalidXmlDocument")),
        ("GET", "../../tenant.db", "", (404, "BlobNotFound")),
    ],
)
def test_what_is_refused(send: Send, method: str, path: str, more: str, expected: tuple[int, str]) -> None:
    assert code(send(method, path, more=more)) == expected


def test_a_block_list_has_no_entities(send: Send) -> None:
    bomb = b'<!DOCTYPE b [<!ENTITY a "x">]><BlockList><Latest>&a;</Latest></BlockList>'
    assert code(send("PUT", "a", bomb, "&comp=blocklist")) == (400, "InvalidXmlDocument")


def test_an_address_expires(send: Send, tenant: Tenant) -> None:
    with tenant.store.transaction():
        uri = tenant.azure.containers.provision_container(site=1, number=1, purpose="content", key="")
    path, _, query = uri.partition("?")
    request = Request("GET", f"{ACCOUNT}.blob.core.windows.net", "/" + path.rpartition("/")[2] + "/a", query)
    assert code(handle(request, tenant)) == (404, "BlobNotFound")
    tenant.clock.advance(4 * 86_400)
    refused = handle(request, tenant)
    assert code(refused) == (403, "AuthenticationFailed")
    assert b"not valid in the specified time frame" in refused.body


def test_large_blobs_come_from_their_blocks(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spmigrate.rehearsal.azure.containers._AT_ONCE", 1000)
    blocks = {base64.b64encode(name).decode(): name * 70_000 for name in (b"a", b"b")}
    for identity, content in blocks.items():
        send("PUT", "big", content, f"&comp=block&blockid={quote(identity)}")
    listed = "".join(f"<Latest>{identity}</Latest>" for identity in blocks)
    assert send("PUT", "big", f"<BlockList>{listed}</BlockList>".encode(), "&comp=blocklist").status == 201
    answer = send("GET", "big")
    assert answer.file is not None
    assert answer.file.path.read_bytes() == b"".join(blocks.values())
    part = send("GET", "big", range="bytes=69990-70009")
    assert part.body == b"a" * 10 + b"b" * 10
