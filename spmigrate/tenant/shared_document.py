"""A document that people work on in a library: put there for named people, read back with its history of versions.

What the history says is the service's own word: who saved each version, and when. Nobody can write it from outside.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from spmigrate.errors import NotFound, Refused, UsageProblem
from spmigrate.tenant import transfer
from spmigrate.tenant.files import Library, child_path, open_library
from spmigrate.tenant.session import Tenant

_EDIT = "write"
_WORKBOOK = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class SharedDocument:
    """A document by the ids that never change; `url` is where people open it."""

    url: str
    library: Library
    item_id: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the service keeps it. `editor_id` is the id of whoever saved it in the directory; empty for an app,
    whose name is in `editor` then. `at` is ISO 8601, UTC."""

    number: str
    at: str
    editor: str
    editor_id: str
    current: bool


def library_at(tenant: Tenant, url: str) -> Library:
    """The library at a web address or an address below the tenant. Raises UsageProblem for one of another tenant,
    NotFound."""
    parts = urlsplit(url)
    host = urlsplit(tenant.settings.sharepoint).netloc
    path = unquote(parts.path).strip("/").split("/")
    if parts.netloc.casefold() not in ("", host.casefold()) or len(path) < 3:  # sites/NAME/LIBRARY
        raise UsageProblem(
            f"{url} is no library of {host}", hint=f"write it like: https://{host}/sites/t-a3w9c/Documents"
        )
    return open_library(tenant, "/" + "/".join(path[:2]), path[2])


def refuse_without_versions(tenant: Tenant, library: Library) -> None:
    """Raises Refused when a library keeps no versions: its documents then have no history to sign by."""
    address = f"{library.site}/{library.name}".replace("'", "''")
    url = f"{tenant.settings.sharepoint}{library.site}/_api/web/GetList('{quote(address)}')?$select=EnableVersioning"
    if not tenant.rest("GET", url)["EnableVersioning"]:
        raise Refused(
            f"{library.site}/{library.name} keeps no versions, so nobody could tell who agreed to what",
            hint="switch versions on in the library's settings, or choose another library",
        )


def put(tenant: Tenant, library: Library, name: str, content: bytes) -> SharedDocument:
    """Put a new document into a library. Raises Conflict when there is one of this name, TenantError."""
    path = f"{child_path(library, library.root_id, name)}:/content?@microsoft.graph.conflictBehavior=fail"
    answer = tenant.graph("PUT", path, content, headers=_WORKBOOK)
    return SharedDocument(str(answer["webUrl"]), library, str(answer["id"]))


def tag(tenant: Tenant, document: SharedDocument) -> str:
    """What changes with every save of a document. Raises NotFound when somebody took it away, TenantError."""
    return str(tenant.graph("GET", f"{_path(document)}?$select=id,eTag")["eTag"])


def replace(tenant: Tenant, document: SharedDocument, content: bytes, *, tag: str) -> None:
    """Save a new version of a document, unless its tag is another by now. Raises Conflict then, TenantError."""
    tenant.graph("PUT", f"{_path(document)}/content", content, headers={**_WORKBOOK, "If-Match": tag})


def grant(tenant: Tenant, document: SharedDocument, logins: list[str]) -> None:
    """Let people edit the document, without a mail from SharePoint. Raises TenantError.

    Costs five resource units (Microsoft's page on throttling), and counts among the 300 sharing calls in five minutes.
    """
    body = {
        "recipients": [{"email": login} for login in logins],
        "roles": [_EDIT],
        "requireSignIn": True,
        "sendInvitation": False,
    }
    tenant.graph("POST", f"{_path(document)}/invite", body, repeatable=True)


def versions(tenant: Tenant, document: SharedDocument) -> list[Version]:
    """The history of a document, oldest first. Raises NotFound when somebody took it away, TenantError."""
    listed = list(tenant.graph_pages(f"{_path(document)}/versions"))
    listed.sort(key=lambda each: tuple(int(part) for part in str(each["id"]).split(".")))
    return [_version(each, current=each is listed[-1]) for each in listed]


def content(tenant: Tenant, document: SharedDocument, version: Version) -> bytes:
    """The bytes of a version. Raises TenantError."""
    into = BytesIO()
    number = "" if version.current else version.number
    transfer.download(tenant, document.library, document.item_id, into, version=number)
    return into.getvalue()


def account_id(tenant: Tenant, login: str) -> str:
    """The id of an account in the directory. Raises NotFound, AccessDenied."""
    try:
        return str(tenant.graph("GET", f"/v1.0/users/{quote(login, safe='@')}?$select=id")["id"])
    except NotFound:
        raise NotFound(
            f"nobody in the directory signs in as {login}", hint="correct the account in people.yaml", status=404
        ) from None


def login_of(tenant: Tenant, account: str) -> str:
    """The sign-in name of an account (an id) of the directory; the id where the directory has it no more."""
    try:
        return str(tenant.graph("GET", f"/v1.0/users/{account}?$select=userPrincipalName")["userPrincipalName"])
    except NotFound:
        return account


def _path(document: SharedDocument) -> str:
    return f"/v1.0/drives/{document.library.drive_id}/items/{document.item_id}"


def _version(given: dict[str, Any], *, current: bool) -> Version:
    by = given.get("lastModifiedBy") or {}
    user, app = by.get("user") or {}, by.get("application") or {}
    name = user.get("email") or user.get("userPrincipalName") or user.get("displayName") or app.get("displayName") or ""
    return Version(str(given["id"]), str(given["lastModifiedDateTime"]), str(name), str(user.get("id") or ""), current)
