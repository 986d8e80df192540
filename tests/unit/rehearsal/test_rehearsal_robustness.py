"""What is meant to do harm, or to break something, meets a refusal: forged proofs, headers, patterns, depths, sizes."""

import asyncio
import base64
import io
import json
import logging
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from spmigrate.rehearsal import office
from spmigrate.rehearsal.app import App
from spmigrate.rehearsal.faults import Faults, read_fault
from spmigrate.rehearsal.http import Body, Request, Response
from spmigrate.rehearsal.identity import CLIENT_ID, Identity, ensure_identity
from spmigrate.rehearsal.office import with_properties
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.server import build_service
from spmigrate.rehearsal.service import Service
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from spmigrate.rehearsal.tokens import Tokens, encode

GRAPH, SHAREPOINT, LOGIN = "graph.microsoft.com", "contoso.sharepoint.com", "login.microsoftonline.com"
SITE = f"https://{SHAREPOINT}/sites/team"
Place = tuple[Tenant, Identity]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("robust")
    tenant = open_tenant(folder)
    identity = ensure_identity(folder, tenant.names)
    Seeder(tenant, identity).ensure(None)
    yield tenant, identity
    tenant.store.close()


@pytest.fixture
def service(place: Place) -> Service:
    tenant, identity = place
    return build_service(tenant, identity, Seeder(tenant, identity), profile="open", address="192.0.2.7")


@pytest.fixture
def tokens(place: Place) -> Tokens:
    return Tokens(place[1].certificates.token_key, place[0].clock, tenant_id=place[0].names.tenant_id)


def _good(host: str) -> dict[str, Any]:
    roles = ["Sites.FullControl.All", "Files.ReadWrite.All", "Directory.ReadWrite.All"]
    return {"aud": f"https://{host}", "appid": CLIENT_ID, "roles": roles, "appidacr": "2"}


def _ask(service: Service, host: str, token: str, path: str = "", *, content: bytes = b"", method: str = "GET",
         query: str = "", **headers: str) -> Response:  # fmt: skip
    target = path or ("/v1.0/sites/root" if host == GRAPH else "/_api/web")
    names = {"authorization": f"Bearer {token}", "accept": "application/json", "content-type": "application/json"}
    body = Body(len(content), content)
    return service.answer(Request(method, host, target, query, {**names, **headers}, body))[0]


# Tokens.


@pytest.mark.parametrize("host", [GRAPH, SHAREPOINT])
def test_a_token_that_is_not_ours_opens_nothing(service: Service, tokens: Tokens, place: Place, host: str) -> None:
    good = tokens.sign(_good(host))
    assert _ask(service, host, good).status == 200
    header, body, signature = good.split(".")
    content = json.loads(base64.urlsafe_b64decode(body + "=="))
    none = encode(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    wider = encode(json.dumps({**content, "roles": ["Everything"]}).encode())
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    other = encode(key.sign(f"{header}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()))
    deep = encode(b"[" * 30_000)
    forged = {
        "no algorithm": f"{none}.{body}.", "other key": f"{header}.{body}.{other}",
        "other content": f"{header}.{wider}.{signature}", "no signature": f"{header}.{body}.",
        "nonsense": "a.b.c", "deep": f"{deep}.{deep}.{deep}", "no token": "", "letters": "\u00e9.\u00e9.\u00e9",
    }  # fmt: skip
    for what, token in forged.items():
        assert _ask(service, host, token).status == 401, what


@pytest.mark.parametrize("host", [GRAPH, SHAREPOINT])
def test_a_token_for_something_else_opens_nothing(service: Service, tokens: Tokens, place: Place, host: str) -> None:
    now = place[0].clock.seconds()
    good = _good(host)
    wrong = {
        "other audience": {**good, "aud": "https://storage.azure.com"}, "no audience": {**good, "aud": ""},
        "identity token": {**good, "aud": CLIENT_ID}, "session": {"use": "session", "oid": "x"},
        "expired": {**good, "exp": now - 1}, "not yet valid": {**good, "nbf": now + 1000},
    }  # fmt: skip
    for what, claims in wrong.items():
        assert _ask(service, host, tokens.sign(claims)).status == 401, what


def test_a_refresh_token_is_no_access_token(service: Service, place: Place) -> None:
    form = (
        f"grant_type=password&client_id={CLIENT_ID}&client_secret={place[1].secrets.client_secret}&username=admin@"
        f"{place[0].names.domain}&password={place[1].secrets.password}&scope=offline_access openid https://{GRAPH}/.default"
    ).replace(" ", "%20")
    sent = Request("POST", LOGIN, "/organizations/oauth2/v2.0/token", "", {}, Body(len(form), form.encode()))
    given = json.loads(service.answer(sent)[0].body)
    assert _ask(service, GRAPH, given["access_token"], "/v1.0/me").status == 200
    assert _ask(service, GRAPH, given["refresh_token"], "/v1.0/me").status == 401
    assert _ask(service, GRAPH, given["id_token"], "/v1.0/me").status == 401


def test_steering_needs_the_token_at_every_address(service: Service, place: Place) -> None:
    for host in ("127.0.0.1", "localhost", "192.0.2.7"):
        assert _ask(service, host, place[1].secrets.control_token, "/_rehearsal/clock").status == 200
        assert _ask(service, host, place[1].secrets.control_token[:-1], "/_rehearsal/clock").status == 401
        assert _ask(service, host, "", "/_rehearsal/clock").status == 401
    assert _ask(service, "192.0.2.8", place[1].secrets.control_token, "/_rehearsal/clock").status == 421


# Addresses that carry their own permission.


def test_upload_and_download_addresses_can_not_be_turned_to_other_files(service: Service, tokens: Tokens) -> None:
    token = tokens.sign(_good(GRAPH))
    drive = json.loads(_ask(service, GRAPH, token, "/v1.0/sites/root/drive").body)["id"]
    other = json.loads(_ask(service, GRAPH, token, f"/v1.0/sites/{SHAREPOINT}:/sites/team:/drive").body)["id"]
    for name in ("a", "b"):
        path = f"/v1.0/drives/{drive}/root:/{name}.txt:/content"
        assert _ask(service, GRAPH, token, path, method="PUT", content=name.encode()).status == 201
    items = {
        each["name"]: each
        for each in json.loads(_ask(service, GRAPH, token, f"/v1.0/drives/{drive}/root/children").body)["value"]
    }
    given = {name: items[name]["@microsoft.graph.downloadUrl"] for name in ("a.txt", "b.txt")}
    assert _at(service, given["a.txt"]).body == b"a"
    swapped = given["a.txt"].replace(_unique(given["a.txt"]), _unique(given["b.txt"]))
    longer = given["a.txt"].replace("tempauth=v1.1", "tempauth=v1.9")
    for tampered in (swapped, longer, given["a.txt"] + "0", given["a.txt"].replace("version=0", "version=1"),
                     given["a.txt"].replace("ctag=", "ctag=" + "9" * 5000)):  # fmt: skip
        assert _at(service, tampered).status in (400, 401), tampered[-80:]

    opened = _ask(service, GRAPH, token, f"/v1.0/drives/{drive}/root:/c.txt:/createUploadSession", method="POST")
    url = json.loads(opened.body)["uploadUrl"]
    whole = {"content-range": "bytes 0-0/1"}
    forged = url.rpartition("tempauth=")[0] + "tempauth=guess"
    assert _at(service, forged, method="PUT", content=b"x", **whole).status == 401
    assert _at(service, url.replace(drive, other), method="PUT", content=b"x", **whole).status == 404
    assert _ask(service, GRAPH, token, f"/v1.0/drives/{drive}/root:/c.txt").status == 404
    for span in (f"bytes 0-0/{'9' * 5000}", "bytes 0-0/*", "bytes -", "\u00b2"):
        assert _at(service, url, method="PUT", content=b"x", **{"content-range": span}).status == 400
    assert _at(service, url, method="PUT", content=b"x", **whole).status == 201


def _unique(address: str) -> str:
    return address.partition("UniqueId=")[2].partition("&")[0]


def _at(service: Service, address: str, *, method: str = "GET", content: bytes = b"", **headers: str) -> Response:
    host, _, rest = address.removeprefix("https://").partition("/")
    path, _, query = rest.partition("?")
    return service.answer(Request(method, host, f"/{path}", query, headers, Body(len(content), content)))[0]


# What is too deep, too large, too long.


_DEEP_JSON = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "content", [_DEEP_JSON, b'{"a":' * 990 + b"1" + b"}" * 990, b'{"a": NaN}', b'{"a": "\\ud800"}']
)
def test_json_that_can_not_be_kept_is_refused(service: Service, tokens: Tokens, content: bytes) -> None:
    for host, path in ((GRAPH, "/v1.0/groups"), (SHAREPOINT, "/_api/web/lists")):
        assert _ask(service, host, tokens.sign(_good(host)), path, method="POST", content=content).status == 400


def test_bodies_have_the_services_limits(service: Service, tokens: Tokens) -> None:
    large = json.dumps({"displayName": "x" * 4_200_000}).encode()
    graph = _ask(service, GRAPH, tokens.sign(_good(GRAPH)), "/v1.0/groups", method="POST", content=large)
    assert (graph.status, json.loads(graph.body)["error"]["message"]) == (
        413, "The maximum request length supported is 4MB.",
    )  # fmt: skip
    sharepoint = _ask(
        service, SHAREPOINT, tokens.sign(_good(SHAREPOINT)), "/_api/web/lists", method="POST", content=large
    )
    assert sharepoint.status == 400
    assert b"larger than 2097152 bytes" in sharepoint.body
    form = b"grant_type=" + b"x" * 2_000_000
    assert (
        service.answer(Request("POST", LOGIN, "/common/oauth2/v2.0/token", "", {}, Body(len(form), form)))[0].status
        == 413
    )


@pytest.mark.parametrize("query", ["$filter=" + "(" * 20_000, "$filter=" + "not%20" * 20_000 + "true"])
def test_filters_without_end_are_refused(service: Service, tokens: Tokens, query: str) -> None:
    for host, path in ((GRAPH, "/v1.0/users"), (SHAREPOINT, "/_api/web/lists")):
        assert _ask(service, host, tokens.sign(_good(host)), path, query=query).status == 400


_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
_DEPTH = "<And>" * 20_000 + "</And>" * 20_000


@pytest.mark.parametrize("xml", [_BOMB, _DEPTH])
def test_xml_that_grows_is_refused(service: Service, tokens: Tokens, xml: str) -> None:
    token = tokens.sign(_good(SHAREPOINT))
    library = "/sites/team/_api/web/lists/GetByTitle('Documents')"
    view = f"<View><Query><Where>{xml}</Where></Query></View>"
    calls = {
        f"{library}/GetItems": {"query": {"ViewXml": xml + view}},
        f"{library}/RenderListDataAsStream": {"parameters": {"ViewXml": view}},
        f"{library}/fields/CreateFieldAsXml": {"parameters": {"SchemaXml": f"<Field Type='Text'>{xml}</Field>"}},
    }  # fmt: skip
    for path, body in calls.items():
        answer = _ask(service, SHAREPOINT, token, path, method="POST", content=json.dumps(body).encode())
        # SharePoint's own refusal of a query is a 500 with a code.
        assert answer.status in (400, 500), path
        assert b'"code":' in answer.body, path
    view_of = {"Title": "Bomb", "ViewQuery": f"<Where>{xml}</Where>"}
    made = _ask(service, SHAREPOINT, token, f"{library}/views", method="POST", content=json.dumps(view_of).encode())
    assert made.status in (201, 400)
    assert _ask(service, SHAREPOINT, token, f"{library}/views").status == 200
    request = f'{xml}<Request xmlns="http://schemas.microsoft.com/sharepoint/clientquery/2009"><Actions>{xml}</Actions></Request>'
    csom = _ask(
        service, SHAREPOINT, token, "/_vti_bin/client.svc/ProcessQuery", method="POST", content=request.encode()
    )
    assert csom.status == 200
    assert json.loads(csom.body)[0]["ErrorInfo"]


def test_an_archive_that_would_fill_the_memory_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types></Types>")
        archive.writestr("_rels/.rels", "<Relationships></Relationships>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(bytes(1024 * 1024))
    assert with_properties(packed.getvalue()) is not None
    monkeypatch.setattr(office, "_LARGEST_UNPACKED", 1_000_000)
    assert with_properties(packed.getvalue()) is None


def test_a_pattern_without_end_does_not_hold_the_tenant_up(caplog: pytest.LogCaptureFixture) -> None:
    faults = Faults()
    faults.add(read_fault({"match": {"path": "(a+)+$"}, "action": {"status": 500}}))
    faults.add(read_fault({"match": {"path": "a"}, "action": {"status": 503}}))
    began = time.monotonic()
    found = faults.strike("GET", "h", "/" + "a" * 60 + "b")
    assert time.monotonic() - began < 3
    assert found is not None
    assert found.status == 503
    assert len(faults.describe()) == 0
    assert "takes too long" in caplog.text


# What nobody foresaw.


class _Wire:
    """A connection as an ASGI application sees it."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self._messages = iter(messages)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return next(self._messages)

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)


def _serve(service: Service, host: str, path: str, *pieces: bytes, method: str = "GET", **headers: str) -> _Wire:
    content = pieces or (b"",)
    messages = [{"type": "http.request", "body": each, "more_body": True} for each in content]
    messages[-1]["more_body"] = False
    wire = _Wire(*messages)
    names = [(name.encode(), value.encode()) for name, value in {"host": host, **headers}.items()]
    target, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "raw_path": target.encode(),
        "query_string": query.encode(),
        "headers": names,
    }
    asyncio.run(App(service)(scope, wire.receive, wire.send))
    return wire


@pytest.mark.parametrize(
    ("host", "path", "said"),
    [
        (GRAPH, "/v1.0/sites/root", b'"code":"generalException"'),
        (SHAREPOINT, "/_api/web", b'"lang":"en-US"'),
        (LOGIN, "/common/oauth2/v2.0/token", b"AADSTS90033"),
        ("spodm10008.blob.core.windows.net", "/x", b"<Code>InternalError</Code>"),
    ],
)
def test_what_nobody_foresaw_is_a_plain_500_that_is_noticed(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    host: str,
    path: str,
    said: bytes,
) -> None:
    store = service.tenant.store

    def fail(_: Request) -> None:
        with store.transaction():
            store.write_value("robust", "written")
            raise KeyError("a secret thought")

    monkeypatch.setattr(service, "_answer", fail)
    with caplog.at_level(logging.ERROR):
        start, body = _serve(service, host, path).sent
    assert start["status"] == 500
    assert said in body["body"]
    assert b"Traceback" not in body["body"]
    assert b"secret thought" not in body["body"]
    assert "Traceback" in caplog.text
    assert {"method": "GET", "host": host, "path": path, "status": 500, "count": 1} in service.instruments.log.unknown()
    assert store.read_value("robust") is None
    monkeypatch.undo()
    assert _serve(service, host, path).sent[0]["status"] in (200, 400, 401, 404, 501)


def test_no_header_says_more_than_one_line(service: Service) -> None:
    target = "https://login.microsoftonline.com/common/oauth2/nativeclient%3Fx%0d%0aset-cookie:%20a=b%E2%82%AC"
    wire = _serve(service, LOGIN, f"/common/oauth2/v2.0/logout?post_logout_redirect_uri={target}")
    for _, value in wire.sent[0]["headers"]:
        assert b"\n" not in value
        assert b"\r" not in value


def test_a_large_body_without_a_length_does_not_stay_in_memory(
    service: Service, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = b"x" * 700_000
    bearer = f"Bearer {tokens.sign(_good(GRAPH))}"
    seen: list[Body] = []
    answer = service.answer

    def look(request: Request) -> Any:
        seen.append(request.body)
        return answer(request)

    monkeypatch.setattr(service, "answer", look)
    wire = _serve(service, GRAPH, "/v1.0/sites/root/drive/root:/chunks.bin:/content", piece, piece, piece,
                  method="PUT", authorization=bearer)  # fmt: skip
    assert wire.sent[0]["status"] == 201
    assert seen[0].size == 2_100_000
    assert seen[0].file is not None
    assert seen[0].small == b""


@pytest.mark.parametrize(
    "action", [{"slow": "x"}, {"slow": True}, {"clock": 1e300}, {"truncate": -1}, {"drip": [1]}, {"status": 10**30}]
)
def test_a_fault_that_could_not_be_carried_out_is_refused(service: Service, place: Place, action: object) -> None:
    content = json.dumps({"match": {}, "action": action}).encode()
    token = place[1].secrets.control_token
    answer = _ask(service, "127.0.0.1", token, "/_rehearsal/faults", method="POST", content=content)
    assert answer.status == 400
    assert service.instruments.faults.describe() == []


def test_addresses_that_are_none_are_refused(service: Service, tokens: Tokens) -> None:
    query = f"client_id={CLIENT_ID}&response_type=code&redirect_uri=http://%5B&post_logout_redirect_uri=http://%5B"
    for place_, status in (("authorize", 400), ("logout", 200)):
        sent = Request("GET", LOGIN, f"/common/oauth2/v2.0/{place_}", query)
        assert service.answer(sent)[0].status == status
    batch = b"--b\r\nContent-Type: application/http\r\n\r\nGET http://[ HTTP/1.1\r\n\r\n--b--"
    answer = _ask(service, SHAREPOINT, tokens.sign(_good(SHAREPOINT)), "/_api/$batch", method="POST", content=batch,
                  **{"content-type": "multipart/mixed; boundary=b"})  # fmt: skip
    assert answer.status in (200, 400)
