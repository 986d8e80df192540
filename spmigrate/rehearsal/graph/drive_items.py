"""How a file or folder looks in Graph."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.content import PURGED, Item
from spmigrate.rehearsal.graph.ids import drive_id, item_id, site_id
from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.one_drive import PERSONAL_LIBRARY, PERSONAL_TEMPLATE
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.transfer_links import download_link

# Folders' paths come again with every file in them.
_quoted = lru_cache(maxsize=4096)(quote)


@dataclass(frozen=True, slots=True)
class Drive:
    """A library as Graph sees it."""

    tenant: Tenant
    site: Entity
    web: Entity
    listing: Entity
    root: Item

    @property
    def id(self) -> str:
        """The drive id."""
        return drive_id(self.site, self.web, self.listing)

    @property
    def type(self) -> str:
        """`business` for somebody's OneDrive, `documentLibrary` for a library of any other site."""
        personal = str(self.site.props.get("Template", "")).startswith(PERSONAL_TEMPLATE)
        return "business" if personal and self.listing.name == PERSONAL_LIBRARY else "documentLibrary"

    @property
    def host(self) -> str:
        """The SharePoint host that holds it."""
        return self.site.name.partition("/")[0]

    @property
    def web_url(self) -> str:
        """The library's address for people."""
        return f"https://{self.host}{_quoted(self.path)}"

    @property
    def path(self) -> str:
        """The library's server-relative path."""
        return f"{self.web.name.rstrip('/')}/{self.listing.name}"


def show_item(drive: Drive, item: Item, *, parent_path: str | None = None) -> dict[str, Any]:
    """A drive item; `parent_path` saves looking it up when it is known (the path below the root)."""
    content = drive.tenant.content
    if item.bin:
        return _show_deleted(drive, item)
    above = parent_path
    if above is None:
        above = content.path(item).rpartition("/")[0]
    shown: dict[str, Any] = {
        "createdDateTime": item.created,
        "eTag": f'"{{{item.guid.upper()}}},{item.etag}"',
        "id": item_id(item),
        "lastModifiedDateTime": item.modified,
        "name": item.name if item.parent else "root",
        "webUrl": _web_url(drive, above, item),
        "cTag": f'"c:{{{item.guid.upper()}}},{item.ctag}"',
        "size": content.total_size(item) if item.folder else item.size,
        "createdBy": identity(drive.tenant, item.author, str(item.fields.get("AppAuthor", ""))),
        "lastModifiedBy": identity(drive.tenant, item.editor, str(item.fields.get("AppEditor", ""))),
        "parentReference": _parent(drive, item, above),
        "fileSystemInfo": {"createdDateTime": item.created, "lastModifiedDateTime": item.modified},
    }
    if item.folder:
        shown["folder"] = {"childCount": content.count(item)}
        if not item.parent:
            shown["root"] = {}
    else:
        now = drive.tenant.clock.seconds()
        shown["@microsoft.graph.downloadUrl"] = download_link(drive.host, drive.web.name, item, now=now)
        shown["file"] = {"hashes": {"quickXorHash": item.hash}, "mimeType": mime_type(item.name)}
        shown["shared"] = {"scope": "users"}
    if item.fields:
        _add_from_fields(shown, item)
    return shown


def _add_from_fields(shown: dict[str, Any], item: Item) -> None:
    """What an item's columns say that it has only sometimes."""
    fields = item.fields
    if fields.get("_ExtendedDescription"):
        shown["description"] = fields["_ExtendedDescription"]
    if fields.get("_Shared"):
        shown["shared"] = {"scope": fields["_Shared"]}
    if fields.get("CheckoutUser"):
        shown["publication"] = {"level": "checkout", "versionId": item.version_label}


def _show_deleted(drive: Drive, item: Item) -> dict[str, Any]:
    state = "deleted" if item.bin == PURGED else "softDeleted"
    return {
        "id": item_id(item),
        "name": item.name,
        "deleted": {"state": state},
        "parentReference": {"driveId": drive.id, "driveType": drive.type},
        **({"folder": {}} if item.folder else {"file": {}}),
    }


def _parent(drive: Drive, item: Item, above: str) -> dict[str, Any]:
    base = {"driveType": drive.type, "driveId": drive.id}
    if not item.parent:
        return base
    parent = drive.tenant.content.folder(item.parent)
    if parent is None:
        return base
    path = f"/drives/{drive.id}/root:" + (f"/{_quoted(above)}" if above else "")
    name = parent.name
    return {**base, "id": item_id(parent), "name": name, "path": path, "siteId": site_id(drive.site, drive.web)}


def _web_url(drive: Drive, above: str, item: Item) -> str:
    if not item.parent:
        return drive.web_url
    below = f"{_quoted(above)}/{quote(item.name)}" if above else quote(item.name)
    return f"{drive.web_url}/{below}"


def identity(tenant: Tenant, login: str, app_id: str = "") -> dict[str, Any]:
    """Who did something: a user, or an application (which SharePoint calls the SharePoint App)."""
    if login == SHAREPOINT_APP_LOGIN:
        shown: dict[str, Any] = {"user": {"displayName": "SharePoint App"}}
        app = tenant.directory.app(app_id) if app_id else None
        if app is not None:
            shown["application"] = {"id": app.guid, "displayName": app.props.get("displayName", "")}
        return shown
    upn = login.rsplit("|", 1)[-1]
    user = tenant.directory.user(upn)
    if user is None:
        return {"user": {"displayName": upn}}
    return {
        "user": {"email": user.props.get("mail"), "id": user.guid, "displayName": user.props.get("displayName", "")}
    }


def mime_type(name: str) -> str:
    """The media type that a name suggests."""
    # The last two extensions decide (`.tar.gz`); dots at the beginning are no extension.
    return _mime_type(".".join(["", *name.lstrip(".").rsplit(".", 2)[1:]]))


@lru_cache(maxsize=1024)
def _mime_type(extensions: str) -> str:
    return mimetypes.guess_type(f"name{extensions}")[0] or "application/octet-stream"
