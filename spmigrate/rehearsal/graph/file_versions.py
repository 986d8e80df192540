"""Versions of a file."""

from __future__ import annotations

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drive_versions import show_versions
from spmigrate.rehearsal.graph.drives import Action, Address, need_item
from spmigrate.rehearsal.graph.types import DRIVE_ITEM_VERSION
from spmigrate.rehearsal.http import Response


def answer_versions(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`…/versions`, one of them, its content, `restoreVersion`, and deleting an earlier one."""
    item = need_item(drive, address)
    if item.folder:
        raise GraphError(400, "invalidRequest", "A folder has no versions.")
    label, _, rest = action.rest.partition("/")
    word = rest.lower().removeprefix("microsoft.graph.").removesuffix("()")
    method = "GET" if call.request.method == "HEAD" else call.request.method
    if not label:
        if method != "GET":
            raise GraphError(405, "notAllowed", "The method is not allowed for this resource.")
        shown = show_versions(drive, item)
        context = f"drives('{drive.id}')/items('{address.start}')/versions"
        return collection(shown, context=context, call=call, of=DRIVE_ITEM_VERSION)
    number = _number(drive, item, label)
    if method == "GET" and not word:
        known = next(each for each in show_versions(drive, item) if each["id"] == f"{number // 512}.{number % 512}")
        return entity(known, context="driveItemVersion", call=call, of=DRIVE_ITEM_VERSION)
    if method == "GET" and word == "content":
        if number == item.version:
            # Documented for driveItemVersion: the content of the current version is the item's.
            raise GraphError(400, "invalidRequest", "You cannot get the content of the current version.")
        link = drive.tenant.links.download(drive.host, drive.web.name, item, version=number, paid=True)
        return Response(302, {"location": link})
    if method == "POST" and word == "restoreversion":
        if number != item.version:
            drive.tenant.content.restore_version(item, number, by=call.request.caller.login)
        return Response(204)
    if method == "DELETE" and not word:
        if number == item.version:
            raise GraphError(400, "invalidRequest", "You cannot delete the current version.")
        drive.tenant.content.delete_version(item, number)
        return Response(204)
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{rest}'.")


def _number(drive: Drive, item: Item, label: str) -> int:
    """The number of a version that there is; `current` is the newest."""
    if label.lower() == "current":
        return item.version
    major, _, minor = label.partition(".")
    if not (major + (minor or "0")).isascii() or not major.isdecimal() or not (minor or "0").isdecimal():
        raise GraphError(400, "invalidRequest", f"'{label}' is not a version.")
    number = int(major) * 512 + int(minor or 0)
    if number != item.version and all(each.number != number for each in drive.tenant.content.versions(item)):
        raise GraphError(404, "itemNotFound", "The version could not be found.")
    return number
