"""People sign in for themselves; the person is played with plain requests, as a browser sends them."""

import re
import threading
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from spmigrate.config import TenantSettings
from spmigrate.errors import AuthError
from spmigrate.tenant import person_signin, shared_document
from spmigrate.tenant.person_signin import SignedIn
from spmigrate.tenant.session import Tenant
from tests.contract.people import browser_of
from tests.contract.rehearsal_client import PlainClient
from tests.rehearsal_fixtures import RunningTenant

PERSON = "engineer@contoso.onmicrosoft.com"


def test_somebody_signs_in_with_a_code(rehearsal: RunningTenant, settings: TenantSettings) -> None:
    def show(text: str) -> None:
        page = re.search(r"https://\S+", text)
        code = re.search(r"code ([A-Z0-9]+)", text)
        assert page and code
        form = urlencode({"login": PERSON, "passwd": rehearsal.ready["password"], "otc": code[1]}).encode()
        headers = {"token": False, "Content_Type": "application/x-www-form-urlencoded"}
        threading.Timer(0.1, PlainClient(rehearsal).send, ("POST", page[0], form), headers).start()

    found = person_signin.by_code(settings, show=show)
    assert (found.login, len(found.proof), bool(found.account_id)) == (PERSON, 64, True)
    assert found.at.endswith("+00:00")


def test_somebody_signs_in_in_a_browser(
    rehearsal: RunningTenant, settings: TenantSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", browser_of(rehearsal, PERSON, tmp_path))
    said: list[str] = []
    found = person_signin.by_browser(settings, login=PERSON, show=said.append)
    assert found.login == PERSON
    assert said == [f"sign in as {PERSON} in the browser that opens now"]


def test_a_guest_or_second_account_with_the_name_of_somebody_is_not_them(tenant: Tenant) -> None:
    own = shared_document.account_id(tenant, PERSON)
    found = SignedIn(PERSON.upper(), own, "2026-11-22T09:00:00+00:00", "0" * 64)
    person_signin.check_account(tenant, found, PERSON)
    for other in (
        replace(found, account_id="6f1d0c5e-0000-4000-8000-000000000000"),
        replace(found, login="x@y.example"),
    ):
        with pytest.raises(AuthError, match="and not the account"):
            person_signin.check_account(tenant, other, PERSON)


def test_a_refusal_says_what_to_do(rehearsal: RunningTenant, settings: TenantSettings) -> None:
    rehearsal.fault({"status": 400}, path="/oauth2/v2.0/devicecode")
    with pytest.raises(AuthError) as caught:
        person_signin.by_code(settings, show=lambda _: None)
    assert caught.value.hint
