"""People of the rehearsal tenant at work: they sign in with their password and save documents, as a browser does."""

import json
import sys
from pathlib import Path
from urllib.parse import urlencode

from spmigrate.tenant.shared_document import SharedDocument
from tests.contract.rehearsal_client import Answer, PlainClient
from tests.rehearsal_fixtures import RunningTenant

_LOGIN = "https://login.microsoftonline.com"
_BROWSER = """\
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


def token(tenant: RunningTenant, login: str, api: str = "https://graph.microsoft.com") -> str:
    """A token of an API, Microsoft Graph unless another is named, for somebody who signs in."""
    form = {
        "grant_type": "password", "client_id": tenant.ready["client_id"],
        "client_secret": tenant.ready["client_secret"], "scope": f"{api}/.default",
        "username": login, "password": tenant.ready["password"],
    }  # fmt: skip
    url = f"{_LOGIN}/{tenant.ready['tenant_id']}/oauth2/v2.0/token"
    kind = "application/x-www-form-urlencoded"
    answer = PlainClient(tenant).send("POST", url, urlencode(form).encode(), token=False, content_type=kind)
    assert answer.status == 200, answer.body
    return str(answer.json["access_token"])


def save_as(tenant: RunningTenant, login: str, document: SharedDocument, content: bytes) -> None:
    """Save a new version of a document as somebody."""
    path = f"drives/{document.library.drive_id}/items/{document.item_id}/content"
    answer = PlainClient(tenant).send(
        "PUT", f"https://graph.microsoft.com/v1.0/{path}", content, token=False,
        Authorization=f"Bearer {token(tenant, login)}",
    )  # fmt: skip
    assert answer.status in (200, 201), answer.body


def read_as(tenant: RunningTenant, login: str, document: SharedDocument) -> bytes:
    """What somebody sees who opens a document."""
    client, key = PlainClient(tenant), f"Bearer {token(tenant, login)}"
    path = f"drives/{document.library.drive_id}/items/{document.item_id}/content"
    answer = client.send("GET", f"https://graph.microsoft.com/v1.0/{path}", token=False, Authorization=key)
    if answer.status == 302:
        answer = client.send("GET", answer.headers["Location"], token=False)
    assert answer.status == 200, answer.body
    return answer.body


def as_person(tenant: RunningTenant, login: str, method: str, path: str) -> Answer:
    """What somebody gets who asks Microsoft Graph for something themselves."""
    address = f"https://graph.microsoft.com/v1.0/{path}"
    return PlainClient(tenant).send(method, address, token=False, Authorization=f"Bearer {token(tenant, login)}")


def browser_of(tenant: RunningTenant, login: str, folder: Path) -> str:
    """What the environment variable BROWSER is while somebody signs in on whatever page is opened."""
    script = folder / "browser.py"
    root = str(Path(__file__).parent.parent.parent)
    script.write_text(_BROWSER.format(root=root, ready=json.dumps(tenant.ready), login=login), "utf-8")
    return f"{sys.executable} {script} %s"
