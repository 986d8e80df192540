"""How a file or folder looks in Graph."""

from __future__ import annotations

import mimetypes
import re
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

_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+").fullmatch
_quoted = lru_cache(maxsize=4096)(quote)


def quoted_name(name: str) -> str:
    """A name in an address; most need no more than their blanks escaped, and quoting costs more than all the rest."""
    return name.replace(" ", "%20") if is_plain(name) else quote(name)


def is_plain(name: str) -> bool:
    """True for a name of letters, digits and blanks, that is the same in an address and in JSON but for its blanks."""
    return _PLAIN(name.replace(" ", "")) is not None


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


class Showing:
    """Items of one drive as one answer shows them: what many of them have in common is worked out once."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self._id = drive.id
        self._address = drive.web_url
        self._place = {"driveType": drive.type, "driveId": self._id}
        self._link = drive.tenant.links.downloads(drive.host, drive.web.name)
        self._people: dict[tuple[str, str], dict[str, Any]] = {}
        self._parents: dict[int, tuple[dict[str, Any], str]] = {}

    def show(self, item: Item) -> dict[str, Any]:
        """A drive item."""
        if item.bin:
            return self._gone(item)
        reference, address = self._parents.get(item.parent) or self.parent(item)
        mark = f"{{{item.guid.upper()}}}"
        shown: dict[str, Any] = {
            "createdDateTime": item.created,
            "eTag": f'"{mark},{item.etag}"',
            "id": item_id(item),
            "lastModifiedDateTime": item.modified,
            "name": item.name if item.parent else "root",
            "webUrl": address + quoted_name(item.name) if item.parent else address,
            "cTag": f'"c:{mark},{item.ctag}"',
            "size": self._drive.tenant.content.total_size(item) if item.folder else item.size,
            "createdBy": self.person(item.author, str(item.fields.get("AppAuthor", ""))),
            "lastModifiedBy": self.person(item.editor, str(item.fields.get("AppEditor", ""))),
            "parentReference": reference,
            "fileSystemInfo": {"createdDateTime": item.created, "lastModifiedDateTime": item.modified},
        }
        if item.folder:
            shown["folder"] = {"childCount": self._drive.tenant.content.count(item)}
            if not item.parent:
                shown["root"] = {}
        else:
            shown["@microsoft.graph.downloadUrl"] = self._link(item.guid, item.ctag, 0)
            shown["file"] = {"hashes": {"quickXorHash": item.hash}, "mimeType": mime_type(item.name)}
            shown["shared"] = {"scope": "users"}
        if item.fields:
            _add_from_fields(shown, item)
        return shown

    def _gone(self, item: Item) -> dict[str, Any]:
        """What delta says of an item that was deleted.

        Source: Microsoft, driveItem delta: a name is not returned, a size is always 0; synchronising programs read the
        id of the folder that it was in.
        """
        parent = self._drive.tenant.content.folder(item.parent)
        return {
            "id": item_id(item),
            "deleted": {"state": "deleted" if item.bin == PURGED else "softDeleted"},
            "parentReference": {**self._place, **({"id": item_id(parent)} if parent else {})},
            "size": 0,
            **({"folder": {}} if item.folder else {"file": {}}),
        }

    def person(self, login: str, app_id: str) -> dict[str, Any]:
        """Who did something to an item, and through which application."""
        found = self._people.get((login, app_id))
        if found is None:
            found = self._people[login, app_id] = identity(self._drive.tenant, login, app_id)
        return found

    def parent(self, item: Item) -> tuple[dict[str, Any], str]:
        """What items say of the folder that holds them, and the beginning of their address for people."""
        parent = self._drive.tenant.content.folder(item.parent) if item.parent else None
        if parent is None:
            return self._place, self._address
        above = self._drive.tenant.content.path(item).rpartition("/")[0]
        below = f"/{quote(above)}" if above else ""
        reference = {
            **self._place,
            "id": item_id(parent),
            "name": parent.name,
            "path": f"/drives/{self._id}/root:{below}",
            "siteId": site_id(self._drive.site, self._drive.web),
        }
        found = self._parents[item.parent] = (reference, f"{self._address}{below}/")
        return found


def show_item(drive: Drive, item: Item) -> dict[str, Any]:
    """One drive item."""
    return Showing(drive).show(item)


def _add_from_fields(shown: dict[str, Any], item: Item) -> None:
    """What an item's columns say that it has only sometimes."""
    fields = item.fields
    if fields.get("_ExtendedDescription"):
        shown["description"] = fields["_ExtendedDescription"]
    if fields.get("_Shared"):
        shown["shared"] = {"scope": fields["_Shared"]}
    if fields.get("CheckoutUser"):
        shown["publication"] = {"level": "checkout", "versionId": item.version_label}


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
