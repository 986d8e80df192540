"""Drives: libraries as Graph sees them, and the address of an item inside one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.access import trim_drives
from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive, identity
from spmigrate.rehearsal.graph.drive_queries import cut_page, filter_shown
from spmigrate.rehearsal.graph.ids import find_drive, item_guid
from spmigrate.rehearsal.graph.types import DRIVE
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity, fold
from spmigrate.rehearsal.tenant import Tenant

# A user's token may say Files.Read: the user's own files, and what is shared with the user.
READ = ("Files.Read.All", "Sites.Read.All", "Files.Read")
WRITE = ("Files.ReadWrite.All", "Sites.ReadWrite.All", "Files.ReadWrite")
_LISTED = frozenset({"$orderby", "$filter"})
_LIBRARY = 101
# Libraries of the site itself, which Graph does not offer as drives.
_SYSTEM = frozenset({"siteassets", "style library", "formservertemplates"})
_QUOTA = 27_487_790_694_400
_PERSONAL_QUOTA = 1_099_511_627_776
_KEY = re.compile(r"(?P<name>[\w.]+)\('(?P<key>(?:[^']|'')*)'\)(?:/(?P<rest>.*))?", re.DOTALL)
_WORD = re.compile(
    r"(?:microsoft\.graph\.)?(?P<name>[^/(]*)(?:\((?P<arguments>(?:'[^']*'|[^'()])*)\))?(?:/(?P<rest>.*))?", re.I | re.S
)
_ARGUMENT = re.compile(r"(?:(\w+)\s*=\s*)?('(?:[^']|'')*'|[^,]+)")


@dataclass(frozen=True, slots=True)
class Address:
    """What the part of a path after the drive says: a start (`root` or an id), a path below it, an action."""

    start: str
    path: str
    action: str

    @property
    def item(self) -> Address:
        """The same place, without the action."""
        return Address(self.start, self.path, "")


@dataclass(frozen=True, slots=True)
class Action:
    """What is to be done: a name in lower case, the arguments in brackets, and what follows after a slash."""

    name: str
    arguments: dict[str, str]
    rest: str


def read_address(rest: str) -> Address:
    """Take apart `root:/A/b.txt:/content`, `items/01…/children`, `items/01…:/b.txt:` and the like (decoded)."""
    start, colon, after = rest.partition(":")
    if not colon or "(" in start:
        segments = rest.strip("/").split("/")
        cut = 2 if segments[0].lower() == "items" else 1
        return Address(segments[cut - 1] if len(segments) >= cut else "", "", "/".join(segments[cut:]))
    path, _, action = after.partition(":")
    begin = start.strip("/")
    return Address(begin[6:] if begin[:6].lower() == "items/" else begin, path.strip("/"), action.strip("/"))


def read_action(text: str) -> Action:
    """Take apart `microsoft.graph.search(q='a/b')`, `versions/1.0/content`, `children('a.txt')/content`, and others."""
    if text.isalpha():
        return Action(text.lower(), {}, "")
    key = _KEY.fullmatch(text)
    if key is not None:
        below = key["key"].replace("''", "'")
        return Action(key["name"].lower(), {}, f"{below}/{key['rest']}" if key["rest"] else below)
    found = _WORD.fullmatch(text)
    if found is None:
        return Action(text.lower(), {}, "")
    given = _ARGUMENT.findall(found["arguments"] or "")
    arguments = {name.lower(): _unquote(value.strip()) for name, value in given}
    return Action(found["name"].lower(), arguments, found["rest"] or "")


def _unquote(text: str) -> str:
    return text[1:-1].replace("''", "'") if text[:1] == "'" else text


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
    item = drive.tenant.content.by_guid(guid, listing=drive.listing.id) if guid else None
    if item is None or item.list != drive.listing.id:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    return item


def nearest_item(drive: Drive, address: Address) -> tuple[Item, bool]:
    """The item at an address and True, or the nearest folder above it that exists and False."""
    found = find_start(drive, address.start)
    for name in address.path.split("/"):
        below = drive.tenant.content.child(found, name) if name else found
        if below is None:
            return found, False
        found = below
    return found, True


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
    owner: dict[str, Any] = {"group": {"displayName": f"{drive.web.props.get('Title', '')} Owners"}}
    group = drive.tenant.directory.group(str(drive.site.props.get("GroupId") or ""))
    if drive.type == "business":
        owner = identity(drive.tenant, str(drive.site.props.get("Owner", "")))
    elif group is not None:
        about = {"email": group.props.get("mail"), "id": group.guid, "displayName": group.props.get("displayName")}
        owner = {"group": about}
    total = _PERSONAL_QUOTA if drive.type == "business" else _QUOTA
    used, deleted = drive.tenant.content.bytes_of(drive.listing.id)
    return {
        "createdDateTime": drive.listing.created,
        "description": drive.listing.props.get("Description", ""),
        "id": drive.id,
        "lastModifiedDateTime": drive.listing.modified,
        "name": "OneDrive" if drive.type == "business" else drive.listing.props.get("Title", drive.listing.name),
        "webUrl": drive.web_url,
        "driveType": drive.type,
        "createdBy": {"user": {"displayName": "System Account"}},
        "lastModifiedBy": identity(drive.tenant, drive.root.editor),
        "owner": owner,
        "quota": {
            "deleted": deleted,
            "remaining": max(0, total - used - deleted),
            "state": "normal",
            "total": total,
            "used": used,
        },
    }


def answer_drive(call: Call) -> Response:
    """`GET drives/{id}`."""
    call.require(*READ)
    return entity(show_drive(open_drive(call.tenant, call.parts["drive"])), context="drives", call=call, of=DRIVE)


def answer_drives(call: Call, site: Entity, web: Entity) -> Response:
    """`GET sites/{id}/drives`, and those of a person or group."""
    call.require(*READ)
    shown = [show_drive(each) for each in trim_drives(call, drives_of(call.tenant, site, web))]
    name, _, direction = call.query.get("$orderby", "").partition(" ")
    if name:
        DRIVE.require_paths({name}, "Invalid OrderBy clause")
        key = DRIVE.properties.get(name.lower(), name)
        shown.sort(key=lambda each: str(each.get(key, "")).lower(), reverse=direction.strip().lower() == "desc")
    page, following = cut_page(call, filter_shown(call, shown, DRIVE))
    return collection(page, context="drives", call=call, of=DRIVE, more=_LISTED, next=following)
