"""What a browser is shown at the addresses of sites, lists and files."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.sharepoint import handle
from spmigrate.rehearsal.sharepoint.web_pages import challenge_page
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.people import caller
from tests.unit.rehearsal.sharepoint.conftest import HOST, Door

LIBRARY = "web/DefaultDocumentLibrary/RootFolder"
APP = Claims("app", "App", "", "", roles=frozenset({"Sites.FullControl.All"}), by_certificate=True)


def show(tenant: Tenant, address: str, *, claims: Claims = APP, method: str = "GET", **headers: str) -> Response:
    path, _, query = address.partition("?")
    return handle(Request(method, HOST, quote(path), query, headers, Body(), claims), tenant)


@pytest.fixture
def file(team: Door) -> str:
    team.merge("web/lists/getbytitle('Documents')", {"OnQuickLaunch": True})
    return str(team.post(f"{LIBRARY}/Files/Add(url='a b.txt',overwrite=true)", b"0123456789")["UniqueId"])


@pytest.mark.parametrize(
    ("address", "title", "shown"),
    [
        ("/sites/team", "Team - Home", "data-sp-canvascontrol"),
        ("/sites/team/SitePages/Home.aspx", "Team - Home", "data-sp-canvascontrol"),
        ("/sites/team/Shared Documents/Forms/AllItems.aspx", "Team - Documents", "a b.txt"),
        ("/sites/team/_layouts/15/viewlsts.aspx", "Team - Site contents", "<li>Documents</li>"),
        ("/sites/team/_layouts/15/settings.aspx", "Team - Site Settings", "<h1>Site Settings</h1>"),
        ("/", "Root - Home", "Site contents"),
    ],
)
def test_page_has_its_title_and_what_it_shows(
    rehearsed: Tenant, file: str, address: str, title: str, shown: str
) -> None:
    answer = show(rehearsed, address)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"<title>{title}</title>" in answer.body.decode()
    assert shown in answer.body.decode()


def test_what_people_wrote_is_text_on_a_page(rehearsed: Tenant, team: Door) -> None:
    team.merge("web", {"Title": "<script>alert(1)</script>"})
    answer = show(rehearsed, "/sites/team/_layouts/15/viewlsts.aspx")
    assert b"<script>" not in answer.body
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("address", ["/sites/none", "/sites/team/nothing", "/sites/team/_layouts/15/no.aspx",
                                     "/sites/team/SitePages/No.aspx"])  # fmt: skip
def test_what_is_not_there_is_404(rehearsed: Tenant, address: str) -> None:
    assert show(rehearsed, address).status == 404


@pytest.mark.parametrize("address", ["/sites/team/Shared Documents", "/sites/team/Shared Documents/Sub"])
def test_a_library_and_a_folder_lead_to_the_view(rehearsed: Tenant, team: Door, address: str) -> None:
    team.post(f"{LIBRARY}/Folders/Add('Sub')")
    answer = show(rehearsed, address)
    assert answer.status == 302
    assert answer.headers["location"].startswith(
        "https://contoso.sharepoint.com/sites/team/Shared%20Documents/Forms/AllItems.aspx"
    )


def test_file_is_fetched_by_its_address_its_id_and_its_source(rehearsed: Tenant, file: str) -> None:
    for address in (
        "/sites/team/Shared Documents/a b.txt", f"/sites/team/_layouts/15/download.aspx?UniqueId={file}",
        f"/sites/team/_layouts/15/download.aspx?UniqueId=%7B{file}%7D",
        "/sites/team/_layouts/15/download.aspx?SourceUrl=%2Fsites%2Fteam%2FShared%20Documents%2Fa%20b.txt",
    ):  # fmt: skip
        answer = show(rehearsed, address)
        assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"0123456789", "text/plain")
    part = show(rehearsed, "/sites/team/Shared Documents/a b.txt", range="bytes=2-4")
    assert (part.status, part.body) == (206, b"234")


def test_document_is_opened_by_its_id(rehearsed: Tenant, file: str) -> None:
    answer = show(rehearsed, f"/sites/team/_layouts/15/Doc.aspx?sourcedoc=%7B{file}%7D&action=default")
    assert b"<title>Team - a b.txt</title>" in answer.body
    unknown = "00000000-0000-0000-0000-000000000001"
    assert show(rehearsed, f"/sites/team/_layouts/15/Doc.aspx?sourcedoc={unknown}").status == 404


def test_page_of_sign_in_leads_back_into_the_site_alone(rehearsed: Tenant) -> None:
    base = "/sites/team/_layouts/15/Authenticate.aspx?Source="
    assert show(rehearsed, f"{base}%2Fsites%2Fteam%2FLists").headers["location"] == f"https://{HOST}/sites/team/Lists"
    assert show(rehearsed, f"{base}%2F%2Fevil.example").headers["location"] == f"https://{HOST}/sites/team"


def test_somebody_without_rights_sees_no_page(rehearsed: Tenant, file: str) -> None:
    guest = caller(rehearsed, "guest@contoso.onmicrosoft.com")
    for address in ("/sites/team", "/sites/team/Shared Documents/a b.txt",
                    f"/sites/team/_layouts/15/download.aspx?UniqueId={file}"):  # fmt: skip
        assert show(rehearsed, address, claims=guest).status == 403


def test_page_without_a_token_sends_browsers_to_sign_in_and_refuses_others() -> None:
    browser = {"user-agent": "Mozilla/5.0"}
    first = challenge_page(Request("GET", HOST, "/sites/team/x.aspx", "a=b", browser), sign_in="login.example")
    assert first is not None
    assert first.status == 302
    assert (
        first.headers["location"]
        == f"https://{HOST}/_layouts/15/Authenticate.aspx?Source=%2Fsites%2Fteam%2Fx.aspx%3Fa%3Db"
    )
    second = challenge_page(
        Request("GET", HOST, "/_layouts/15/Authenticate.aspx", "", browser), sign_in="login.example"
    )
    assert second is not None
    assert second.headers["location"].startswith("https://login.example/common/oauth2/authorize")
    other = challenge_page(Request("GET", HOST, "/sites/team"), sign_in="login.example")
    assert other is not None
    assert (other.status, other.headers["x-msdavext_error"][:6]) == (403, "917656")
    assert challenge_page(Request("GET", HOST, "/sites/team/_api/web"), sign_in="login.example") is None


def test_pages_are_read_and_nothing_else(rehearsed: Tenant) -> None:
    assert show(rehearsed, "/sites/team/Shared Documents/a.txt", method="PROPFIND").status == 501
