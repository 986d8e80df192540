"""Drives: libraries as Graph sees them, and the address of an item inside one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive, identity
from spmigrate.rehearsal.graph.ids import find_drive, item_guid
from spmigrate.rehearsal.graph.types import DRIVE
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity, fold
from spmigrate.rehearsal.tenant import Tenant

READ = ("Files.Read.All", "Sites.Read.All")
WRITE = ("Files.ReadWrite.All", "Sites.ReadWrite.All")
_LIBRARY = 101
# Libraries of the site itself, which Graph does not offer as drives.
_SYSTEM = frozenset({"siteassets", "style library", "formservertemplates"})


@dataclass(frozen=True, slots=True)
class Address:
    """What the part of a path after the drive says: a start (`root` or an id), a path below it, an action."""

    start: str
    path: str
    action: str


def read_address(rest: str) -> Address:
    """Take apart `root:/A/b.txt:/content`, `items/01…/children`, `items/01…:/b.txt:` and the like (decoded)."""
    start, colon, after = rest.partition(":")
    if not colon:
        segments = start.strip("/").split("/")
        cut = 2 if segments[0] == "items" else 1
        return Address(segments[cut - 1] if len(segments) >= cut else "", "", "/".join(segments[cut:]))
    path, _, action = after.partition(":")
    return Address(start.strip("/").removeprefix("items/"), path.strip("/"), action.strip("/"))


def open_drive(tenant: Tenant, drive_id: str) -> Drive:
    """The drive with an id; a 404 when there is none."""
    found = find_drive(tenant.store, drive_id)
    root = tenant.content.root(found[2].id) if found else None
    if found is None or root is None:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    return Drive(tenant, *found, root)


def find_item(drive: Drive, address: Address) -> Item | None:
    """The item at an address, None when the path leads nowhere."""
    start = find_start(drive, address.start)
    return drive.tenant.content.resolve(start, address.path)


def find_start(drive: Drive, start: str) -> Item:
    """The item from which an address starts; a 404 when it is not in this drive."""
    if start.lower() == "root":
        return drive.root
    guid = item_guid(start)
    item = drive.tenant.content.by_guid(guid) if guid else None
    if item is None or item.list != drive.listing.id:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    return item


def need_item(drive: Drive, address: Address) -> Item:
    """The item at an address; a 404 when there is none."""
    item = find_item(drive, address)
    if item is None:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    return item


def drives_of(tenant: Tenant, site: Entity, web: Entity) -> list[Drive]:
    """The document libraries of a web that people see."""
    drives = []
    for listing in tenant.store.children(web.id, "list"):
        if listing.props.get("BaseTemplate") != _LIBRARY or listing.props.get("Hidden"):
            continue
        if fold(listing.name) in _SYSTEM:
            continue
        root = tenant.content.root(listing.id)
        if root is not None:
            drives.append(Drive(tenant, site, web, listing, root))
    return drives


def default_drive(tenant: Tenant, site: Entity, web: Entity) -> Drive:
    """A site's Documents library."""
    drives = drives_of(tenant, site, web)
    for drive in drives:
        if drive.listing.name == "Shared Documents":
            return drive
    if not drives:
        raise GraphError(404, "itemNotFound", "The site has no document library.")
    return drives[0]


def show_drive(drive: Drive) -> dict[str, Any]:
    """A drive."""
    return {
        "createdDateTime": drive.listing.created,
        "description": drive.listing.props.get("Description", ""),
        "id": drive.id,
        "lastModifiedDateTime": drive.listing.modified,
        "name": drive.listing.props.get("Title", drive.listing.name),
        "webUrl": drive.web_url,
        "driveType": "documentLibrary",
        "createdBy": {"user": {"displayName": "System Account"}},
        "lastModifiedBy": identity(drive.tenant, drive.root.editor),
        "owner": {"group": {"displayName": f"{drive.web.props.get('Title', '')} Owners"}},
        "quota": {
            "deleted": 0,
            "remaining": 27_487_790_694_400,
            "state": "normal",
            "total": 27_487_790_694_400,
            "used": 0,
        },
    }


def answer_drive(call: Call) -> Response:
    """`GET drives/{id}`."""
    call.require(*READ)
    return entity(show_drive(open_drive(call.tenant, call.parts["drive"])), context="drives", call=call, of=DRIVE)


def answer_drives(call: Call, site: Entity, web: Entity) -> Response:
    """`GET sites/{id}/drives`."""
    call.require(*READ)
    return collection(
        [show_drive(each) for each in drives_of(call.tenant, site, web)], context="drives", call=call, of=DRIVE
    )
