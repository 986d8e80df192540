"""Libraries as drives of Microsoft Graph: finding them, their folders and files, and what changed in them.

Items are addressed by the id of their parent and one quoted name, so that `#`, `%` and `'` in names stay what they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from spmigrate.errors import Conflict, NotFound
from spmigrate.tenant.session import Tenant

_FIELDS = "$select=id,name,size,eTag,file,folder,fileSystemInfo,parentReference,deleted,createdDateTime"


@dataclass(frozen=True, slots=True)
class Library:
    """A document library: `site` is its site's address (`/sites/t-a3w9c`), `name` the last part of its own."""

    site: str
    name: str
    drive_id: str
    root_id: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A file or folder as the service has it. Times are in seconds since 1970; `quickxor` may be missing."""

    id: str
    name: str
    size: int
    modified: int
    etag: str = ""
    quickxor: str | None = None
    folder: bool = False
    deleted: bool = False
    parent_id: str = ""
    created: int = 0


_MAKE = "spmigrate site apply"


def open_library(tenant: Tenant, site: str, name: str) -> Library:
    """The library at `site`/`name`, by its address: titles can change. Raises NotFound."""
    host = urlsplit(tenant.settings.sharepoint).netloc
    found = tenant.graph("GET", f"/v1.0/sites/{host}:{quote(site)}?$select=id")
    wanted = f"{tenant.settings.sharepoint}{site}/{name}".casefold()
    there: list[str] = []
    for drive in tenant.graph_pages(f"/v1.0/sites/{found['id']}/drives?$select=id,webUrl"):
        there.append(unquote(drive["webUrl"]).rstrip("/").rpartition("/")[2])
        if unquote(drive["webUrl"]).casefold() == wanted:
            root = tenant.graph("GET", f"/v1.0/drives/{drive['id']}/root?$select=id")
            return Library(site, name, drive["id"], root["id"])
    hint = f"by their addresses there are: {', '.join(sorted(there)) or 'none'}; a declared one is made with: {_MAKE}"
    raise NotFound(f"there is no library '{name}' in {site}", hint=hint, status=404)


def quota(tenant: Tenant, library: Library) -> tuple[int, int] | None:
    """Bytes that are left for a library, and the bytes of its site's whole quota; None where the service tells none."""
    told = tenant.graph("GET", f"/v1.0/drives/{library.drive_id}?$select=quota").get("quota") or {}
    if "remaining" not in told or not told.get("total"):
        return None
    return int(told["remaining"]), int(told["total"])


def child(tenant: Tenant, library: Library, parent_id: str, name: str) -> Stored | None:
    """The file or folder of this name in a folder, None when there is none."""
    try:
        return stored(tenant.graph("GET", f"{child_path(library, parent_id, name)}?{_FIELDS}"))
    except NotFound:
        return None


def children(tenant: Tenant, library: Library, parent_id: str) -> Iterator[Stored]:
    """The files and folders in a folder."""
    path = f"/v1.0/drives/{library.drive_id}/items/{parent_id}/children?$top=1000&{_FIELDS}"
    for each in tenant.graph_pages(path):
        yield stored(each)


def by_id(tenant: Tenant, library: Library, item_id: str) -> Stored | None:
    """The file or folder with this id, None when it is not there any more."""
    try:
        return stored(tenant.graph("GET", f"{item_path(library, item_id)}?{_FIELDS}"))
    except NotFound:
        return None


def relocate(tenant: Tenant, library: Library, item_id: str, *, parent_id: str, name: str, etag: str) -> Stored:
    """Give a file another name and folder in its library, only while it is as this eTag says. Raises Conflict."""
    body = {"name": name, "parentReference": {"id": parent_id}, "@microsoft.graph.conflictBehavior": "fail"}
    return stored(tenant.graph("PATCH", item_path(library, item_id), body, headers={"If-Match": etag}))


def set_times(tenant: Tenant, library: Library, item_id: str, *, created: str, modified: str) -> Stored:
    """Give a file its dates, as Graph writes them. The service makes a version of it, so this is a last resort."""
    body = {"fileSystemInfo": {"createdDateTime": created, "lastModifiedDateTime": modified}}
    return stored(tenant.graph("PATCH", item_path(library, item_id), body))


def ensure_folder(tenant: Tenant, library: Library, parent_id: str, name: str) -> str:
    """The id of a folder, made if it is not there. Raises Conflict when a file has its name."""
    body = {"name": name, "folder": {}, "@microsoft.graph.conflictBehavior": "fail"}
    path = f"/v1.0/drives/{library.drive_id}/items/{parent_id}/children"
    try:
        # Repeating is safe: the second sending of a folder that was made is a conflict.
        return str(tenant.graph("POST", path, body, repeatable=True)["id"])
    except Conflict:
        existing = child(tenant, library, parent_id, name)
        if existing is None or not existing.folder:
            raise
        return existing.id


def changes(tenant: Tenant, library: Library) -> Iterator[Stored]:
    """Every item of a library, as its log of changes tells it: an id can appear again, the last one counts."""
    for each in tenant.graph_pages(f"/v1.0/drives/{library.drive_id}/root/delta?{_FIELDS}"):
        yield stored(each)


def child_path(library: Library, parent_id: str, name: str) -> str:
    """The Graph path of a name in a folder."""
    return f"/v1.0/drives/{library.drive_id}/items/{parent_id}:/{quote(name, safe='')}"


def item_path(library: Library, item_id: str) -> str:
    """The Graph path of a file or folder by its id."""
    return f"/v1.0/drives/{library.drive_id}/items/{quote(item_id, safe='')}"


def stored(answer: dict[str, Any]) -> Stored:
    """An item from Graph's JSON."""
    times = answer.get("fileSystemInfo", {})
    modified = times.get("lastModifiedDateTime") or answer.get("lastModifiedDateTime")
    created = answer.get("createdDateTime")
    return Stored(
        id=answer["id"],
        name=answer.get("name", ""),
        size=answer.get("size", 0),
        modified=int(datetime.fromisoformat(modified).timestamp()) if modified else 0,
        etag=answer.get("eTag", ""),
        quickxor=answer.get("file", {}).get("hashes", {}).get("quickXorHash"),
        folder="folder" in answer or "root" in answer,
        deleted="deleted" in answer,
        parent_id=answer.get("parentReference", {}).get("id", ""),
        created=int(datetime.fromisoformat(created).timestamp()) if created else 0,
    )
