"""Files and folders of a drive: rename, move, date, describe, delete, take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drives import Address, find_start, need_item, show_drive
from spmigrate.rehearsal.graph.files import answer, check_match, described, edited_by, read_conflict, read_times
from spmigrate.rehearsal.graph.ids import find_drive, item_guid
from spmigrate.rehearsal.graph.types import DRIVE_ITEM
from spmigrate.rehearsal.http import Response

_WRITABLE = frozenset({"name", "parentreference", "filesysteminfo", "description"})


def patch_item(call: Call, drive: Drive, address: Address) -> Response:
    """`PATCH …/items/{id}`: rename, move, dates, description. Dates make a new version, as in the service.

    Properties that only the service sets are taken no notice of; names that an item does not have are refused.
    """
    item = need_item(drive, address)
    body = _read_properties(call.body())
    check_match(call, drive, address)
    content = drive.tenant.content
    by = call.request.caller.login
    if "fileSystemInfo" in body:
        item = content.write(item, by=by, times=read_times(body["fileSystemInfo"]), fields=edited_by(call))
    if "description" in body:
        item = content.write(item, by=by, fields={**described(body), **edited_by(call)}, keep_version=True)
    parent = read_parent(drive, body.get("parentReference"))
    name = body.get("name", item.name)
    if not isinstance(name, str):
        raise GraphError(400, "invalidRequest", "The name is not a text.")
    if parent is not None or name != item.name:
        if not item.parent:
            raise GraphError(400, "invalidRequest", "The root can't be renamed or moved.")
        conflict = read_conflict(call, body, usual=Conflict.FAIL)
        item = content.move(item, by=by, parent=parent, name=name, conflict=conflict)
    return answer(call, drive, item)


def _read_properties(body: dict[str, Any]) -> dict[str, Any]:
    """What is to be altered under the names that items have (case does not count); a 400 for other names."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if "@" in name:
            found[name] = value
            continue
        known = DRIVE_ITEM.properties.get(name.lower())
        if known is None and name.lower() not in DRIVE_ITEM.relations:
            message = f"The property '{name}' does not exist on type 'oneDrive.item'."
            raise GraphError(400, "invalidRequest", message)
        if known is not None and known.lower() in _WRITABLE:
            found[known] = value
    return found


def read_parent(drive: Drive, reference: object) -> Item | None:
    """The folder that a `parentReference` names, None when there is none; a 400 for another drive's."""
    if not isinstance(reference, Mapping):
        return None
    if reference.get("driveId", drive.id) != drive.id and not _is_drive(drive, str(reference["driveId"])):
        raise GraphError(400, "invalidRequest", "Items can't be moved between drives.")
    if reference.get("id"):
        return find_start(drive, str(reference["id"]) if item_guid(str(reference["id"])) else "root")
    path = str(reference.get("path") or "")
    if not path:
        return None
    _, _, below = path.partition("root")
    return need_item(drive, Address("root", below.strip(":/"), ""))


def _is_drive(drive: Drive, text: str) -> bool:
    found = find_drive(drive.tenant.store, text)
    return found is not None and found[2].id == drive.listing.id


def delete_item(call: Call, drive: Drive, address: Address) -> Response:
    """`DELETE …/items/{id}`: into the recycle bin."""
    check_match(call, drive, address)
    item = _not_root(need_item(drive, address))
    drive.tenant.content.refuse_if_locked(item, call.request.caller.login)
    drive.tenant.content.recycle(item, by=call.request.caller.login)
    return Response(204)


def purge_item(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/permanentDelete`."""
    item = _not_root(need_item(drive, address))
    drive.tenant.content.refuse_if_locked(item, call.request.caller.login)
    drive.tenant.content.purge(item)
    return Response(204)


def restore_item(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/restore`: out of the recycle bin, to where it was or into the folder that is named."""
    content = drive.tenant.content
    guid = item_guid(address.start)
    item = content.one("guid = ? AND bin = id AND list = ?", guid, drive.listing.id) if guid else None
    if item is None:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    body = call.body()
    back = content.restore(item, parent=read_parent(drive, body.get("parentReference")))
    if isinstance(body.get("name"), str) and body["name"] != back.name:
        back = content.move(back, by=call.request.caller.login, name=body["name"])
    return answer(call, drive, content.item(back.id) or back)


def patch_drive(call: Call, drive: Drive) -> dict[str, Any]:
    """`PATCH drives/{id}`: name and description of the library."""
    body = call.body()
    names = {"name": "Title", "description": "Description"}
    patch = {names[name]: value for name, value in body.items() if name in names}
    if any(not isinstance(value, str) for value in patch.values()):
        raise GraphError(400, "invalidRequest", "The value is not a text.")
    if patch:
        drive.tenant.store.update(drive.listing, patch, at=drive.tenant.clock.iso())
    listing = drive.tenant.store.by_id(drive.listing.id) or drive.listing
    return show_drive(Drive(drive.tenant, drive.site, drive.web, listing, drive.root))


def _not_root(item: Item) -> Item:
    if not item.parent:
        raise GraphError(400, "invalidRequest", "The root can't be deleted.")
    return item
