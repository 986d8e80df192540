"""Versions of a file."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.content import Item, Version
from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive, identity
from spmigrate.rehearsal.graph.drives import READ, WRITE, Address, need_item
from spmigrate.rehearsal.graph.types import DRIVE_ITEM_VERSION
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.transfer_links import download_link


def answer_versions(call: Call, drive: Drive, address: Address) -> Response:
    """`GET …/versions`, one of them, its content, and `restoreVersion`."""
    item = need_item(drive, address)
    _, _, rest = address.action.partition("/")
    label, _, action = rest.partition("/")
    method = call.request.method
    call.require(*(READ if method == "GET" else WRITE))
    if method == "GET" and not label:
        return collection(
            _show_all(drive, item), context="Collection(driveItemVersion)", call=call, of=DRIVE_ITEM_VERSION
        )
    number = _number(label)
    known = {item.version, *(each.number for each in drive.tenant.content.versions(item))}
    if number not in known:
        raise GraphError(404, "itemNotFound", "The version could not be found.")
    if method == "GET" and not action:
        shown = next(each for each in _show_all(drive, item) if each["id"] == label)
        return entity(shown, context="driveItemVersion")
    if method == "GET" and action == "content":
        return Response(302, {"location": download_link(drive.host, drive.web.name, item, version=number)})
    if method == "POST" and action.lower() == "restoreversion":
        if number != item.version:
            drive.tenant.content.restore_version(item, number, by=call.request.caller.login)
        return Response(204)
    raise GraphError(501, "notImplemented", f"{method} {call.request.path} is not rehearsed.")


def _show_all(drive: Drive, item: Item) -> list[dict[str, Any]]:
    current = {
        "id": item.version_label,
        "lastModifiedDateTime": item.modified,
        "size": item.size,
        "lastModifiedBy": identity(drive.tenant, item.editor),
    }
    return [current, *(_show(drive, version) for version in drive.tenant.content.versions(item))]


def _show(drive: Drive, version: Version) -> dict[str, Any]:
    return {
        "id": f"{version.number // 512}.{version.number % 512}",
        "lastModifiedDateTime": version.modified,
        "size": version.size,
        "lastModifiedBy": identity(drive.tenant, version.editor),
    }


def _number(label: str) -> int:
    major, _, minor = label.partition(".")
    if not major.isdecimal() or not (minor or "0").isdecimal():
        raise GraphError(400, "invalidRequest", f"'{label}' is not a version.")
    return int(major) * 512 + int(minor or 0)
