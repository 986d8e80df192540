"""Files and folders of a drive: look, list, make, alter, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from spmigrate.rehearsal.clock import normal_time
from spmigrate.rehearsal.content import Conflict, Item, Times
from spmigrate.rehearsal.graph import changes, file_versions
from spmigrate.rehearsal.graph.call import JSON_KIND, Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive, show_item
from spmigrate.rehearsal.graph.drives import (
    READ,
    WRITE,
    Address,
    find_start,
    need_item,
    open_drive,
    read_address,
)
from spmigrate.rehearsal.graph.ids import item_guid
from spmigrate.rehearsal.graph.types import DRIVE_ITEM
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import fold
from spmigrate.rehearsal.transfer_links import download_link, upload_link
from spmigrate.rehearsal.uploads import Target

_SIMPLE_LIMIT = 262_144_000
_PAGE = 200
_PAGE_LIMIT = 5000
_ORDERED = frozenset({"$orderby"})
CONFLICT = "@microsoft.graph.conflictBehavior"
# What an upload session does with a taken name when it was begun without a conflictBehavior. Microsoft contradicts
# itself: the page of createUploadSession says "fail (default)", the page of driveItem "the default for PUT is replace".
# What is observed is replace, and 409 only where fail was asked for (microsoft-graph-docs issue 19010); and rclone
# overwrites every changed file by a session whose body holds nothing but fileSystemInfo
# (backend/onedrive: Object.Update, createUploadSession).
UNSAID_IN_SESSION = Conflict.REPLACE


def get_item(call: Call, drive: Drive, address: Address) -> Response:
    """`GET …/items/{id}` or by path."""
    return entity(
        show_item(drive, need_item(drive, address)), context=f"drives('{drive.id}')/items", call=call, of=DRIVE_ITEM
    )


def get_children(call: Call, drive: Drive, address: Address) -> Response:
    """`GET …/children`, in order of name, in pages."""
    folder = need_item(drive, address)
    if call.query.get("$orderby", "name").lower() not in ("name", "name asc"):
        raise GraphError(501, "notSupported", f"$orderby={call.query['$orderby']} is not rehearsed.")
    size = call.page_size(usual=_PAGE, most=_PAGE_LIMIT)
    content = drive.tenant.content
    found = content.children(folder, after=call.query.get("$skiptoken", ""), limit=size + 1)
    path = content.path(folder)
    shown = [show_item(drive, item, parent_path=path) for item in found[:size]]
    following = call.link(**{"$skiptoken": fold(found[size - 1].name)}) if len(found) > size else ""
    return collection(
        shown,
        context=f"drives('{drive.id}')/items('{address.start}')/children",
        call=call,
        of=DRIVE_ITEM,
        more=_ORDERED,
        next=following,
    )


def add_folder(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/children` with a `folder` facet."""
    parent = need_item(drive, address)
    body = call.body()
    if "folder" not in body or not isinstance(body.get("name"), str):
        raise GraphError(400, "invalidRequest", "A name and a folder facet are needed to create an item here.")
    conflict = read_conflict(call, body, usual=Conflict.FAIL)
    existed = drive.tenant.content.child(parent, body["name"]) is not None and conflict is Conflict.REPLACE
    made = drive.tenant.content.add_folder(
        parent,
        body["name"],
        by=call.request.caller.login,
        conflict=conflict,
        times=read_times(body.get("fileSystemInfo")),
        fields=_made_by(call),
    )
    status = 200 if existed else 201
    return entity(show_item(drive, made), context=f"drives('{drive.id}')/items", status=status)


def put_content(call: Call, drive: Drive, address: Address) -> Response:
    """`PUT …/content`: a small file in one request; missing folders on its path are made."""
    if call.request.body.size > _SIMPLE_LIMIT:
        raise GraphError(413, "requestEntityTooLarge", "The request message is too big.")
    content = drive.tenant.content
    by = call.request.caller.login
    _check_match(call, drive, address)
    if not address.path:
        item = need_item(drive, address)
        if item.folder:
            raise GraphError(400, "invalidRequest", "A folder has no content.")
        written = content.write(item, by=by, blob=content.blobs.take(call.request.body), fields=_edited_by(call))
        return entity(show_item(drive, written), context=f"drives('{drive.id}')/items")
    parent, name = make_parent(call, drive, address)
    conflict = read_conflict(call, {}, usual=Conflict.REPLACE)
    existed = content.child(parent, name) is not None
    written = content.add_file(
        parent, name, content.blobs.take(call.request.body), by=by, conflict=conflict, fields=_made_by(call)
    )
    status = 200 if existed and conflict is Conflict.REPLACE else 201
    return entity(show_item(drive, written), context=f"drives('{drive.id}')/items", status=status)


def make_parent(call: Call, drive: Drive, address: Address) -> tuple[Item, str]:
    """The folder in which the last name of an address belongs, made where it is missing, and that name."""
    *folders, name = address.path.split("/")
    parent = find_start(drive, address.start)
    content = drive.tenant.content
    for folder in folders:
        parent = content.add_folder(parent, folder, by=call.request.caller.login, conflict=Conflict.REPLACE)
    return parent, name


def begin_upload(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/createUploadSession`."""
    body = call.body()
    item = body.get("item", {})
    if not isinstance(item, dict):
        raise GraphError(400, "invalidRequest", "The item is not an object.")
    if body.get("deferCommit"):
        raise GraphError(501, "notSupported", "deferCommit is not rehearsed.")
    _check_match(call, drive, address)
    times = read_times(item.get("fileSystemInfo"))
    conflict = read_conflict(call, item, usual=UNSAID_IN_SESSION)
    size = item.get("fileSize", -1)
    if not isinstance(size, int):
        raise GraphError(400, "invalidRequest", "fileSize is not a number.")
    target: dict[str, Any] = {
        "conflict": conflict.value,
        "by": call.request.caller.login,
        "app": call.request.caller.app_id if call.request.caller.app_only else "",
        "created": times.created,
        "modified": times.modified,
        "size": size,
    }
    if address.path:
        parent, name = make_parent(call, drive, address)
        session = drive.tenant.uploads.begin(Target(parent=parent.id, name=name, **target))
    else:
        existing = need_item(drive, address)
        if existing.folder:
            raise GraphError(400, "invalidRequest", "An upload session can't be opened on a folder.")
        session = drive.tenant.uploads.begin(Target(parent=0, name="", item=existing.id, **target))
    shown = {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.uploadSession",
        "expirationDateTime": session.expires,
        "nextExpectedRanges": ["0-"],
        "uploadUrl": upload_link(drive.host, drive.web.name, drive.id, session),
    }
    return json_response(200, shown, kind=JSON_KIND)


def get_content(_: Call, drive: Drive, address: Address) -> Response:
    """`GET …/content`: a redirect to an address that needs no token."""
    item = need_item(drive, address)
    if item.folder:
        raise GraphError(400, "invalidRequest", "A folder has no content.")
    return Response(302, {"location": download_link(drive.host, drive.web.name, item)})


def patch_item(call: Call, drive: Drive, address: Address) -> Response:
    """`PATCH …/items/{id}`: rename, move, dates. Dates make a new version, as in the service."""
    item = need_item(drive, address)
    body = call.body()
    _check_match(call, drive, address)
    unknown = sorted(
        name
        for name in body
        if name not in ("name", "parentReference", "fileSystemInfo", "id", "eTag") and not name.startswith("@")
    )
    if unknown:
        raise GraphError(501, "notSupported", f"Altering {', '.join(unknown)} is not rehearsed.")
    content = drive.tenant.content
    by = call.request.caller.login
    if "fileSystemInfo" in body:
        item = content.write(item, by=by, times=read_times(body["fileSystemInfo"]), fields=_edited_by(call))
    parent = _new_parent(drive, body.get("parentReference"))
    name = body.get("name", item.name)
    if not isinstance(name, str):
        raise GraphError(400, "invalidRequest", "The name is not a text.")
    if parent is not None or name != item.name:
        if not item.parent:
            raise GraphError(400, "invalidRequest", "The root can't be renamed or moved.")
        conflict = read_conflict(call, body, usual=Conflict.FAIL)
        item = content.move(item, by=by, parent=parent, name=name, conflict=conflict)
    return entity(show_item(drive, item), context=f"drives('{drive.id}')/items")


def delete_item(call: Call, drive: Drive, address: Address) -> Response:
    """`DELETE …/items/{id}`: into the recycle bin."""
    _check_match(call, drive, address)
    drive.tenant.content.recycle(_not_root(need_item(drive, address)))
    return Response(204)


def purge_item(_: Call, drive: Drive, address: Address) -> Response:
    """`POST …/permanentDelete`."""
    drive.tenant.content.purge(_not_root(need_item(drive, address)))
    return Response(204)


def read_conflict(call: Call, body: Mapping[str, Any], *, usual: Conflict) -> Conflict:
    """What to do when the name is taken, from the query string or the body."""
    text = call.query.get(CONFLICT.lower()) or body.get(CONFLICT) or body.get("@name.conflictBehavior") or usual.value
    try:
        return Conflict(str(text).lower())
    except ValueError:
        raise GraphError(400, "invalidRequest", f"'{text}' is not a conflict behavior.") from None


def read_times(content: object) -> Times:
    """The dates in a `fileSystemInfo`."""
    if content is None:
        return Times()
    try:
        if not isinstance(content, dict):
            raise TypeError
        created, modified = content.get("createdDateTime"), content.get("lastModifiedDateTime")
        return Times(normal_time(created) if created else None, normal_time(modified) if modified else None)
    except (ValueError, TypeError, OverflowError):
        raise GraphError(400, "invalidRequest", "A date in fileSystemInfo is not a date.") from None


def _new_parent(drive: Drive, reference: object) -> Item | None:
    if not isinstance(reference, dict):
        return None
    if reference.get("driveId", drive.id) != drive.id:
        raise GraphError(400, "invalidRequest", "Items can't be moved between drives.")
    if reference.get("id"):
        return find_start(drive, str(reference["id"]) if item_guid(str(reference["id"])) else "root")
    path = str(reference.get("path", ""))
    if not path:
        return None
    _, _, below = path.partition("root:")
    return need_item(drive, Address("root", below.strip("/"), ""))


def _not_root(item: Item) -> Item:
    if not item.parent:
        raise GraphError(400, "invalidRequest", "The root can't be deleted.")
    return item


def _check_match(call: Call, drive: Drive, address: Address) -> None:
    wanted = call.request.headers.get("if-match", "*")
    refused = call.request.headers.get("if-none-match", "")
    if wanted == "*" and not refused:
        return
    item = drive.tenant.content.resolve(find_start(drive, address.start), address.path)
    tags = (
        [] if item is None else [f'"{{{item.guid.upper()}}},{item.etag}"', f'"c:{{{item.guid.upper()}}},{item.ctag}"']
    )
    if (wanted != "*" and wanted not in tags) or (refused == "*" and item is not None) or refused in tags:
        raise GraphError(412, "preconditionFailed", "ETag does not match current item's value.")


def _made_by(call: Call) -> dict[str, str]:
    caller = call.request.caller
    return {"AppAuthor": caller.app_id, "AppEditor": caller.app_id} if caller.app_only else {}


def _edited_by(call: Call) -> dict[str, str]:
    caller = call.request.caller
    return {"AppEditor": caller.app_id} if caller.app_only else {}


Answer = Callable[[Call, Drive, Address], Response]
_ACTIONS: dict[tuple[str, str], tuple[Answer, tuple[str, ...]]] = {
    ("GET", ""): (get_item, READ),
    ("PATCH", ""): (patch_item, WRITE),
    ("DELETE", ""): (delete_item, WRITE),
    ("GET", "children"): (get_children, READ),
    ("POST", "children"): (add_folder, WRITE),
    ("GET", "content"): (get_content, READ),
    ("PUT", "content"): (put_content, WRITE),
    ("POST", "createuploadsession"): (begin_upload, WRITE),
    ("POST", "permanentdelete"): (purge_item, WRITE),
}


def answer_item(call: Call) -> Response:
    """Anything below `drives/{id}/root` or `drives/{id}/items`."""
    address = read_address(call.parts["rest"])
    action = address.action.lower().removesuffix("()").removeprefix("microsoft.graph.")
    drive = open_drive(call.tenant, call.parts["drive"])
    method = "GET" if call.request.method == "HEAD" else call.request.method
    if action.startswith("delta"):
        call.require(*READ)
        return changes.answer_delta(call, drive, address)
    if action.startswith("versions"):
        return file_versions.answer_versions(call, drive, address)
    known = _ACTIONS.get((method, action))
    if known is None:
        raise GraphError(501, "notImplemented", f"{method} {call.request.path} is not rehearsed.")
    answer, permissions = known
    call.require(*permissions)
    return answer(call, drive, address)
