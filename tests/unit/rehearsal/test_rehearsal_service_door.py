"""The one door: hosts, tokens, throttling and control, without sockets."""

import json
from collections.abc import Iterator

import pytest

from spmigrate.rehearsal.http import Body, Request, Response
from spmigrate.rehearsal.identity import CLIENT_ID, Identity, ensure_identity
from spmigrate.rehearsal.protocol import percent_encoded
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.server import build_service
from spmigrate.rehearsal.service import Service
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from spmigrate.rehearsal.throttle import UNITS_A_MINUTE
from spmigrate.rehearsal.throttle_prices import DOWNLOAD_UNITS, FRAGMENT_UNITS
from spmigrate.rehearsal.tokens import Tokens
from tests.unit.rehearsal.builders import read


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tenant, Identity]]:
    folder = tmp_path_factory.mktemp("door")
    tenant = open_tenant(folder)
    identity = ensure_identity(folder, tenant.names)
    Seeder(tenant, identity).ensure(None)
    yield tenant, identity
    tenant.store.close()


@pytest.fixture
def service(place: tuple[Tenant, Identity]) -> Service:
    tenant, identity = place
    return build_service(tenant, identity, Seeder(tenant, identity), profile="open")


@pytest.fixture
def token(place: tuple[Tenant, Identity]) -> str:
    tenant, identity = place
    tokens = Tokens(identity.certificates.token_key, tenant.clock, tenant_id=tenant.names.tenant_id)
    roles = ["Sites.FullControl.All", "Files.ReadWrite.All"]
    return tokens.sign({"aud": "https://graph.microsoft.com", "appid": CLIENT_ID, "roles": roles, "appidacr": "2"})


def get(service: Service, host: str, path: str, **headers: str) -> Response:
    return service.answer(Request("GET", host, path, headers=headers))[0]


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("elsewhere.example", "/", 421),
        ("x.blob.core.windows.net", "/container", 404),
        ("graph.microsoft.com", "/v1.0/sites/root", 401),
        ("contoso.sharepoint.com", "/_api/web", 401),
        ("contoso.sharepoint.com", "/_layouts/15/download.aspx", 403),
        ("contoso.sharepoint.com", "/sites/team/SitePages/Home.aspx", 403),
        ("127.0.0.1", "/_rehearsal/clock", 401),
    ],
)
def test_nobody_gets_in_without_proof(service: Service, host: str, path: str, status: int) -> None:
    assert get(service, host, path).status == status


def test_guessed_upload_address_leads_nowhere(service: Service) -> None:
    path = "/sites/team/_api/v2.0/drives/b!x/items/stub/uploadSession"
    request = Request("PUT", "contoso.sharepoint.com", path, "guid=guess&tempauth=guess", {}, Body(1, b"x"))
    assert service.answer(request)[0].status == 404


def test_token_of_graph_does_not_open_sharepoint(service: Service, token: str) -> None:
    header = {"authorization": f"Bearer {token}"}
    assert get(service, "graph.microsoft.com", "/v1.0/sites/root", **header).status == 200
    assert get(service, "contoso.sharepoint.com", "/_api/web", **header).status == 401


def test_over_the_limit_nothing_is_done_and_the_minute_heals_it(
    service: Service, token: str, place: tuple[Tenant, Identity]
) -> None:
    throttle = service.instruments.throttle
    throttle.profile = "council"
    throttle.charge(CLIENT_ID, UNITS_A_MINUTE, now=place[0].clock.seconds())
    header = {"authorization": f"Bearer {token}"}
    refused = get(service, "graph.microsoft.com", "/v1.0/sites/root", **header)
    assert (refused.status, read(refused)["error"]["code"]) == (429, "activityLimitReached")
    assert int(refused.headers["retry-after"]) <= 61
    place[0].clock.advance(61)
    assert get(service, "graph.microsoft.com", "/v1.0/sites/root", **header).status == 200
    place[0].clock.reset()


def test_bytes_at_their_own_addresses_count_against_whoever_was_given_them(
    service: Service, token: str, place: tuple[Tenant, Identity]
) -> None:
    tenant, header = place[0], {"authorization": f"Bearer {token}"}
    throttle = service.instruments.throttle
    throttle.forget()
    throttle.switch("transfer", on=True)
    throttle.switch("app-minute", on=True)

    def ask(method: str, url: str, content: bytes = b"", **headers: str) -> Response:
        host, _, rest = url.removeprefix("https://").partition("/")
        path, _, query = rest.partition("?")
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return service.answer(Request(method, host, f"/{path}", query, names, Body(len(content), content)))[0]

    drive = read(ask("GET", "https://graph.microsoft.com/v1.0/sites/root/drive", **header))["id"]
    root = f"https://graph.microsoft.com/v1.0/drives/{drive}/root"
    session = read(ask("POST", f"{root}:/counted.txt:/createUploadSession", **header))["uploadUrl"]
    spent = throttle.usage()[CLIENT_ID]["minute"]
    assert ask("PUT", session, b"12345", content_range="bytes 0-4/5").status == 201
    assert throttle.usage()[CLIENT_ID]["minute"] == spent + FRAGMENT_UNITS
    listed = read(ask("GET", f"{root}:/counted.txt", **header))["@microsoft.graph.downloadUrl"]
    led_to = ask("GET", f"{root}:/counted.txt:/content", **header).headers["location"]
    spent = throttle.usage()[CLIENT_ID]["minute"]
    assert ask("GET", listed).body == ask("GET", led_to).body == b"12345"
    assert throttle.usage()[CLIENT_ID]["minute"] == spent + DOWNLOAD_UNITS
    throttle.note_bytes(CLIENT_ID, "", received=0, sent=401 << 30, now=tenant.clock.seconds())
    refused = ask("GET", listed)
    assert (refused.status, int(refused.headers["retry-after"]) > 3000) == (429, True)
    assert ask("GET", listed.replace("tempauth=v1.", "tempauth=v1.9")).status == 401
    throttle.profile = "open"
    assert ask("GET", listed).status == 200


def test_control_with_its_token_answers_and_refuses_what_it_does_not_know(
    service: Service, place: tuple[Tenant, Identity]
) -> None:
    header = {"authorization": f"Bearer {place[1].secrets.control_token}"}
    assert get(service, "127.0.0.1", "/_rehearsal/throttle", **header).status == 200
    assert get(service, "127.0.0.1", "/_rehearsal/nonsense", **header).status == 404
    wrong = Request("POST", "127.0.0.1", "/_rehearsal/clock", headers=header, body=Body(2, b"{}"))
    assert service.answer(wrong)[0].status == 400


def test_every_delay_has_a_switch_of_its_own(service: Service, place: tuple[Tenant, Identity]) -> None:
    header = {"authorization": f"Bearer {place[1].secrets.control_token}"}

    def turn(content: object) -> Response:
        body = json.dumps(content).encode()
        path = "/_rehearsal/throttle"
        return service.answer(Request("POST", "127.0.0.1", path, headers=header, body=Body(len(body), body)))[0]

    told = read(turn({"on": ["sites"], "latency": 40}))
    assert (told["on"]["sites"], told["on"]["jobs"], told["latency"]) == (True, False, 40)
    assert (place[0].delays.sites, place[0].delays.latency) == (True, 0.04)
    told = read(turn({"off": ["sites"], "latency": 0}))
    assert (told["on"]["sites"], told["latency"], told["profile"]) == (False, 0, "open")
    assert turn({"latency": -1}).status == 400


@pytest.mark.parametrize(
    ("who", "method", "host", "path", "status"),
    [
        ("social.worker", "GET", "contoso.sharepoint.com", "/sites/team/_api/web", 403),
        ("social.worker", "PATCH", "contoso.sharepoint.com", "/sites/team/_api/web", 403),
        ("service.desk", "GET", "contoso.sharepoint.com", "/sites/team/_api/web", 200),
        ("service.desk", "PATCH", "contoso.sharepoint.com", "/sites/team/_api/web", 403),
        ("service.desk", "PATCH", "graph.microsoft.com", "/v1.0/users/engineer", 403),
        ("service.desk", "GET", "graph.microsoft.com", "/v1.0/sites/root", 200),
        ("social.worker", "GET", "graph.microsoft.com", "//v1.0//sites/contoso.sharepoint.com:/sites/team", 403),
        ("service.desk", "GET", "graph.microsoft.com", "/v1.0/me", 200),
        ("service.desk", "GET", "graph.microsoft.com", "/v1.0/users", 200),
        ("admin", "GET", "contoso.sharepoint.com", "/sites/team/_api/web", 200),
        ("admin", "GET", "graph.microsoft.com", "/v1.0/sites/root", 200),
    ],
)
def test_token_of_a_user_has_not_the_power_of_the_application(
    service: Service, place: tuple[Tenant, Identity], who: str, method: str, host: str, path: str, status: int
) -> None:
    tenant, identity = place
    tokens = Tokens(identity.certificates.token_key, tenant.clock, tenant_id=tenant.names.tenant_id)
    scopes = "AllSites.FullControl Sites.FullControl.All Directory.ReadWrite.All User.ReadWrite.All User.Read.All"
    person = {"upn": f"{who}@contoso.onmicrosoft.com", "appid": CLIENT_ID, "scp": scopes}
    token = tokens.sign({"aud": f"https://{host}", **person})
    header = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    answer = service.answer(Request(method, host, path, headers=header, body=Body(2, b"{}")))[0]
    assert answer.status == status, answer.body


def test_clock_says_what_a_moment_looks_like(service: Service, place: tuple[Tenant, Identity]) -> None:
    header = {"authorization": f"Bearer {place[1].secrets.control_token}"}
    for body, said in (
        (b'{"set": "tomorrow"}', "2026-11-21T09:00:00Z"),
        (b'{"advance": 1e300}', "86400"),
        (b'{"advance": "soon"}', "86400"),
    ):
        request = Request("POST", "127.0.0.1", "/_rehearsal/clock", headers=header, body=Body(len(body), body))
        answer = service.answer(request)[0]
        assert answer.status == 400
        assert said in read(answer)["hint"]
        assert "isoformat" not in read(answer)["error"]


def test_page_of_another_origin_may_ask_without_a_token_and_read_the_answer(service: Service, token: str) -> None:
    origin = {"origin": "https://app.example"}
    asking = {**origin, "access-control-request-method": "PATCH", "access-control-request-headers": "authorization"}
    for host, path in (("graph.microsoft.com", "/v1.0/me"), ("contoso.sharepoint.com", "/_api/web")):
        answer, _ = service.answer(Request("OPTIONS", host, path, headers=asking))
        assert (answer.status, answer.headers["access-control-allow-methods"]) == (200, "PATCH")
        assert answer.headers["access-control-allow-headers"] == "authorization"
    bearer = {"authorization": f"Bearer {token}"}
    site = Request("GET", "graph.microsoft.com", "/v1.0/sites/root", headers={**origin, **bearer})
    assert service.answer(site)[0].headers["access-control-allow-origin"] == "*"
    plain = Request("GET", "graph.microsoft.com", "/v1.0/sites/root", headers=bearer)
    assert "access-control-allow-origin" not in service.answer(plain)[0].headers


def test_graph_says_which_request_it_refused_for_its_token(service: Service) -> None:
    answer, _ = service.answer(Request("GET", "graph.microsoft.com", "/v1.0/me"))
    error = read(answer)["error"]
    assert (answer.status, error["code"]) == (401, "InvalidAuthenticationToken")
    assert error["innerError"]["request-id"] == answer.headers["request-id"]


@pytest.mark.parametrize("kind", ["utf-8", "cp1252"])
def test_letters_in_an_address_may_come_as_they_are(kind: str) -> None:
    sent = "GET /Shared%20Documents/\u00fc.txt HTTP/1.1\r\nHost: x\r\n\r\n".encode(kind)
    assert percent_encoded(sent) == b"GET /Shared%20Documents/%C3%BC.txt HTTP/1.1\r\nHost: x\r\n\r\n"
    body = b"POST / HTTP/1.1\r\nHost: x\r\n\r\n\xfc"
    assert percent_encoded(body) is body


def test_token_opens_nothing_when_its_hour_is_over(
    service: Service, token: str, place: tuple[Tenant, Identity]
) -> None:
    header = {"authorization": f"Bearer {token}"}
    assert get(service, "graph.microsoft.com", "/v1.0/sites/root", **header).status == 200
    place[0].clock.advance(3601)
    refused = get(service, "graph.microsoft.com", "/v1.0/sites/root", **header)
    assert (refused.status, read(refused)["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert "expired" in read(refused)["error"]["message"]
    place[0].clock.reset()


def test_token_that_somebody_else_signed_opens_nothing(service: Service, token: str) -> None:
    head, body, signature = token.split(".")
    other = ("A" if signature[0] != "A" else "B") + signature[1:]
    header = {"authorization": f"Bearer {head}.{body}.{other}"}
    for host, path in (("graph.microsoft.com", "/v1.0/sites/root"), ("contoso.sharepoint.com", "/_api/web")):
        assert get(service, host, path, **header).status == 401
