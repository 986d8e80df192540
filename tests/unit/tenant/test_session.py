"""The session's own decisions: who gets a token, and how we name ourselves."""

import pytest

from spmigrate import __version__
from spmigrate.config import Credential, TenantSettings
from spmigrate.errors import Refused
from spmigrate.tenant.session import connect, user_agent

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
