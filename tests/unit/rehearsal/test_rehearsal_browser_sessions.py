"""A person in a browser: sign-in by page, cookies, and the digest without which nothing is changed."""

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest

from spmigrate.rehearsal.http import Body, Request, Response
from spmigrate.rehearsal.identity import CLIENT_ID, Identity, ensure_identity
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.server import build_service
from spmigrate.rehearsal.service import Service
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import read

HOST = "contoso.sharepoint.com"
API = f"https://{HOST}/sites/team/_api"
BROWSER = {"user_agent": "Mozilla/5.0 (X11; Linux x86_64)"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tenant, Identity]]:
    folder = tmp_path_factory.mktemp("browser")
    tenant = open_tenant(folder)
    identity = ensure_identity(folder, tenant.names)
    Seeder(tenant, identity).ensure(None)
    yield tenant, identity
    tenant.store.close()


@pytest.fixture(scope="module")
def service(place: tuple[Tenant, Identity]) -> Service:
    return build_service(place[0], place[1], Seeder(*place), profile="open")


def ask(service: Service, method: str, url: str, content: object = None, **headers: str) -> Response:
    host, _, rest = url.removeprefix("https://").partition("/")
    path, _, query = rest.partition("?")
    body = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
    names = {"accept": "application/json", "content-type": "application/json"}
    names |= {name.replace("_", "-"): value for name, value in headers.items()}
    return service.answer(Request(method, host, f"/{path}", query, names, Body(len(body), body)))[0]


def sign_in(service: Service, identity: Identity, source: str, user: str = "owner.highways") -> Response:
    """The page that a browser asks for, with all that follows until it is sent back there."""
    first = ask(service, "GET", f"https://{HOST}{source}", **BROWSER)
    second = ask(service, "GET", first.headers["location"], **BROWSER)
    assert (first.status, second.status) == (302, 302)
    page = ask(service, "GET", second.headers["location"], **BROWSER)
    assert (page.status, b"passwd" in page.body) == (200, True)
    form = urlencode({"login": f"{user}@contoso.onmicrosoft.com", "passwd": identity.secrets.password}).encode()
    back = ask(service, "POST", second.headers["location"], form, **BROWSER).body.decode()
    (reply,) = re.findall(r"action='([^']+)'", back)
    assert html.unescape(reply) == f"https://{HOST}/_forms/default.aspx"
    inputs = {name: html.unescape(value) for name, value in re.findall(r"name='([^']+)' value='([^']*)'", back)}
    return ask(service, "POST", reply, urlencode(inputs).encode(), **BROWSER)


@pytest.fixture(scope="module")
def cookie(service: Service, place: tuple[Tenant, Identity]) -> str:
    return sign_in(service, place[1], "/sites/team").headers["set-cookie"].partition(";")[0]


def digest_of(service: Service, cookie: str, web: str = API) -> str:
    return str(read(ask(service, "POST", f"{web}/contextinfo", cookie=cookie))["FormDigestValue"])


def rename(service: Service, cookie: str, digest: str) -> tuple[int, str]:
    headers = {"x_requestdigest": digest} if digest else {}
    answer = ask(service, "PATCH", f"{API}/web", {"Description": "by browser"}, cookie=cookie, **headers)
    return answer.status, read(answer)["odata.error"]["code"] if answer.body else ""


@pytest.mark.parametrize("source", ["/sites/team", "/sites/team/Shared%20Documents/Forms/AllItems.aspx?id=1"])
def test_a_browser_comes_back_to_what_it_asked_for(
    service: Service, place: tuple[Tenant, Identity], source: str
) -> None:
    answer = sign_in(service, place[1], source)
    assert (answer.status, answer.headers["location"]) == (302, f"https://{HOST}{source}")
    assert {"secure", "HttpOnly"} <= {each.strip() for each in answer.headers["set-cookie"].split(";")}


def test_a_cookie_reads_as_the_person_and_speaks_for_its_host_alone(service: Service, cookie: str) -> None:
    me = read(ask(service, "GET", f"{API}/web/currentuser", cookie=cookie))
    assert me["UserPrincipalName"] == "owner.highways@contoso.onmicrosoft.com"
    token = cookie.partition("=")[2]
    assert ask(service, "GET", f"{API}/web", authorization=f"Bearer {token}").status == 401
    assert ask(service, "GET", f"https://{HOST.replace('contoso', 'contoso-my')}/_api/web", cookie=cookie).status == 401
    assert ask(service, "GET", "https://graph.microsoft.com/v1.0/me", cookie=cookie).status == 401
    assert ask(service, "GET", f"{API}/web", cookie="FedAuth=nonsense").status == 401


def test_nothing_is_changed_by_cookie_without_a_digest_of_this_caller_site_and_half_hour(
    service: Service, place: tuple[Tenant, Identity], cookie: str
) -> None:
    tenant, identity = place
    invalid, expired = "-2130575251, Microsoft.SharePoint.SPException", "-2130575252, Microsoft.SharePoint.SPException"
    other = sign_in(service, identity, "/", user="admin").headers["set-cookie"].partition(";")[0]
    digest = digest_of(service, cookie)
    for wrong in ("", "[object Object]", digest.replace("0x", "0xA"), digest_of(service, other),
                  digest_of(service, cookie, f"https://{HOST}/_api")):  # fmt: skip
        assert rename(service, cookie, wrong) == (403, invalid)
    assert rename(service, cookie, digest) == (204, "")
    tenant.clock.advance(1790)
    assert rename(service, cookie, digest) == (204, "")
    tenant.clock.advance(20)
    assert rename(service, cookie, digest) == (403, expired)
    assert rename(service, cookie, digest_of(service, cookie)) == (204, "")
    assert ask(service, "GET", f"{API}/web", cookie=cookie).status == 200
    query = f"https://{HOST}/sites/team/_vti_bin/client.svc/ProcessQuery"
    assert ask(service, "POST", query, b"<Request/>", cookie=cookie).status == 403
    tenant.clock.reset()


def test_a_batch_by_cookie_has_one_digest(service: Service, cookie: str) -> None:
    part = f"--b\nContent-Type: application/http\n\nPOST {API}/web/lists/ensuresiteassetslibrary HTTP/1.1\n\n\n--b--\n"
    kind = {"content_type": "multipart/mixed; boundary=b", "cookie": cookie}
    assert ask(service, "POST", f"{API}/$batch", part.encode(), **kind).status == 403
    done = ask(service, "POST", f"{API}/$batch", part.encode(), x_requestdigest=digest_of(service, cookie), **kind)
    assert (done.status, b"HTTP/1.1 200" in done.body) == (200, True)


def test_a_token_needs_no_digest_and_a_wrong_one_does_not_matter(
    service: Service, place: tuple[Tenant, Identity]
) -> None:
    tenant, identity = place
    form = {
        "grant_type": "password", "client_id": CLIENT_ID, "password": identity.secrets.password,
        "username": f"owner.highways@{tenant.names.domain}", "scope": f"https://{HOST}/.default",
    }  # fmt: skip
    url = f"https://login.microsoftonline.com/{tenant.names.tenant_id}/oauth2/v2.0/token"
    given = read(ask(service, "POST", url, urlencode(form, quote_via=quote).encode()))
    for digest in ("", "[object Object]", f"0x{'A' * 128},01 Jan 2020 00:00:00 -0000"):
        headers = {"authorization": f"Bearer {given['access_token']}", "x_requestdigest": digest}
        assert ask(service, "PATCH", f"{API}/web", {"Description": "by token"}, **headers).status == 204


def test_a_reply_without_a_good_code_begins_no_session(service: Service) -> None:
    answer = ask(service, "POST", f"https://{HOST}/_forms/default.aspx", b"code=guessed&state=Lw")
    assert (answer.status, "set-cookie" in answer.headers) == (403, False)
