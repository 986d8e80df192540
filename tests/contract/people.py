"""People of the rehearsal tenant at work: they sign in with their password and save documents, as a browser does."""

from urllib.parse import urlencode

from spmigrate.tenant.shared_document import SharedDocument
from tests.contract.rehearsal_client import PlainClient
from tests.rehearsal_fixtures import RunningTenant

_LOGIN = "https://login.microsoftonline.com"


def token(tenant: RunningTenant, login: str) -> str:
    """A token of Microsoft Graph for somebody who signs in."""
    form = {
        "grant_type": "password", "client_id": tenant.ready["client_id"],
        "client_secret": tenant.ready["client_secret"], "scope": "https://graph.microsoft.com/.default",
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
