"""People sign in for themselves; the person is played with plain requests, as a browser sends them."""

import json
import re
import sys
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest

from spmigrate.config import TenantSettings
from spmigrate.errors import AuthError
from spmigrate.tenant import person_signin
from tests.contract.rehearsal_client import PlainClient
from tests.rehearsal_fixtures import RunningTenant

PERSON = "engineer@contoso.onmicrosoft.com"
BROWSER = """\
import html, json, os, re, sys, urllib.request
if os.fork():  # a browser does not hold up the program that opens it
    sys.exit()
sys.path.insert(0, {root!r})
from pathlib import Path
from urllib.parse import urlencode
from tests.contract.rehearsal_client import PlainClient
from tests.rehearsal_fixtures import RunningTenant
tenant = RunningTenant(Path("."), json.loads({ready!r}), None, None)
form = urlencode({{"login": {login!r}, "passwd": tenant.ready["password"]}}).encode()
kind = "application/x-www-form-urlencoded"
answer = PlainClient(tenant).send("POST", sys.argv[1], form, token=False, Content_Type=kind)
page = answer.body.decode()
back = html.unescape(re.search("action='([^']+)'", page)[1])
fields = {{name: html.unescape(value) for name, value in re.findall("name='([^']+)' value='([^']*)'", page)}}
urllib.request.urlopen(back, data=urlencode(fields).encode()).read()
"""
"""What a browser and the person before it do: sign in on the page, and send the form that comes back to the program."""


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
    script = tmp_path / "browser.py"
    script.write_text(
        BROWSER.format(
            root=str(Path(__file__).parent.parent.parent), ready=json.dumps(rehearsal.ready), login=PERSON
        ),
        "utf-8",
    )  # fmt: skip
    monkeypatch.setenv("BROWSER", f"{sys.executable} {script} %s")
    said: list[str] = []
    found = person_signin.by_browser(settings, login=PERSON, show=said.append)
    assert found.login == PERSON
    assert said == [f"sign in as {PERSON} in the browser that opens now"]


def test_a_refusal_says_what_to_do(rehearsal: RunningTenant, settings: TenantSettings) -> None:
    rehearsal.fault({"status": 400}, path="/oauth2/v2.0/devicecode")
    with pytest.raises(AuthError) as caught:
        person_signin.by_code(settings, show=lambda _: None)
    assert caught.value.hint
