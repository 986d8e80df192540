"""The session's own decisions: who gets a token, and how we name ourselves."""

from types import SimpleNamespace
from typing import Any

import pytest
import requests

from spmigrate import __version__
from spmigrate.config import Credential, TenantSettings
from spmigrate.errors import Refused, Unavailable
from spmigrate.tenant.session import Tenant, connect, user_agent

SETTINGS = TenantSettings("contoso.onmicrosoft.com", "tid", "https://contoso.sharepoint.com", "app", Credential())


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/_api/web", "http://contoso.sharepoint.com/_api/web",
        "https://contoso.sharepoint.com.elsewhere.example/", "https://fabrikam.sharepoint.com/_api/web",
        "https://contoso.sharepoint.com@elsewhere.example/", "https://contoso.sharepoint.com:8443/",
    ],
)  # fmt: skip
def test_no_token_goes_to_a_stranger(url: str) -> None:
    with connect(SETTINGS) as tenant:
        for ask in (
            lambda: tenant.rest("GET", url),
            lambda: tenant.graph("GET", url),
            lambda: tenant.context(url),
            lambda: tenant.send("GET", url, body=None, authorised=True),
        ):
            with pytest.raises(Refused, match="not an address"):
                ask()


def test_user_agent_has_the_form_that_microsoft_asks_for() -> None:
    assert user_agent("contoso.onmicrosoft.com") == f"NONISV|contoso|spmigrate/{__version__}"


@pytest.mark.parametrize("name", ["Council of X|Y", "", "Çité\r\nHost: x"])
def test_user_agent_is_always_a_safe_header(name: str) -> None:
    agent = user_agent(name)
    assert agent.count("|") == 2
    assert agent.isascii()
    assert agent.isprintable()


def test_page_in_place_of_an_answer_of_graph_is_no_answer() -> None:
    page = requests.Response()
    page.status_code, page._content = 200, b"<html>sign in to the proxy</html>"
    page.headers["Content-Type"] = "text/html"
    sender: Any = SimpleNamespace(exchange=lambda _: page)
    sign_in: Any = SimpleNamespace(token=lambda _: "token")
    network: Any = None
    with pytest.raises(Unavailable, match="not Graph's"):
        Tenant(SETTINGS, sender, sign_in, network).graph("GET", "/v1.0/sites/root")
