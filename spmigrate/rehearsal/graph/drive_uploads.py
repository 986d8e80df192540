"""Opening an upload session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Conflict
from spmigrate.rehearsal.graph.call import JSON_KIND, Call, GraphError
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drives import Address, need_item
from spmigrate.rehearsal.graph.files import check_match, described, make_parent, read_conflict, read_times
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import fold
from spmigrate.rehearsal.transfer_links import upload_link
from spmigrate.rehearsal.uploads import Target

# What an upload session does with a taken name when it was begun without a conflictBehavior. Microsoft contradicts
# itself: the page of createUploadSession says "fail (default)", the page of driveItem "the default for PUT is replace".
# What is observed is replace, and 409 only where fail was asked for (microsoft-graph-docs issue 19010); and rclone
# overwrites every changed file by a session whose body holds nothing but fileSystemInfo
# (backend/onedrive: Object.Update, createUploadSession).
UNSAID_IN_SESSION = Conflict.REPLACE
_LARGEST = 250 * 1024**3
_PROPERTIES = frozenset({"name", "description", "filesize", "filesysteminfo", "driveitemsource", "mediasource"})


def begin_upload(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/createUploadSession`."""
    body = call.body()
    item = _read_item(body.get("item", {}), address)
    check_match(call, drive, address)
    times = read_times(item.get("fileSystemInfo"))
    conflict = read_conflict(call, item, usual=UNSAID_IN_SESSION)
    caller = call.request.caller
    target: dict[str, Any] = {
        "conflict": conflict.value,
        "by": caller.login,
        "app": caller.app_id if caller.app_only else "",
        "created": times.created,
        "modified": times.modified,
        "size": _read_size(item.get("fileSize", -1)),
        "deferred": bool(body.get("deferCommit")),
        "description": described(item).get("_ExtendedDescription") or "",
    }
    if address.path:
        parent, name = make_parent(call, drive, address)
        drive.tenant.content.check_name(parent, name, folder=False)
        session = drive.tenant.uploads.begin(Target(parent=parent.id, name=name, **target))
    else:
        existing = need_item(drive, address)
        if existing.folder:
            raise GraphError(400, "invalidRequest", "An upload session can't be opened on a folder.")
        drive.tenant.content.refuse_if_locked(existing, caller.login)
        given = Target(parent=existing.parent, name=existing.name, item=existing.id, **target)
        session = drive.tenant.uploads.begin(given)
    shown = {
        "@odata.context": f"{call.base}/$metadata#microsoft.graph.uploadSession",
        "expirationDateTime": session.expires,
        "nextExpectedRanges": ["0-"],
        "uploadUrl": upload_link(drive.host, drive.web.name, drive.id, session),
    }
    return json_response(200, shown, kind=JSON_KIND)


def _read_item(given: object, address: Address) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise GraphError(400, "invalidRequest", "The item is not an object.")
    for name in given:
        if "@" not in name and name.lower() not in _PROPERTIES:
            message = f"The property '{name}' does not exist on type 'oneDrive.itemUploadableProperties'."
            raise GraphError(400, "invalidRequest", message)
    name = given.get("name")
    if name is not None and address.path and fold(str(name)) != fold(address.path.rpartition("/")[2]):
        raise GraphError(
            400, "invalidRequest", "The Name in the provided oneDrive.item does not match the name in the URL"
        )
    return given


def _read_size(size: object) -> int:
    if not isinstance(size, int) or isinstance(size, bool):
        raise GraphError(400, "invalidRequest", "fileSize is not a number.")
    if size > _LARGEST:
        raise GraphError(413, "requestEntityTooLarge", "The file is larger than 250 GB.")
    return size
