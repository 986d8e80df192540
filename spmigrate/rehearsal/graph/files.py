"""Files and folders of a drive: look, list, make, write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.clock import normal_time
from spmigrate.rehearsal.content import Conflict, Item, Times
from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive, show_item
from spmigrate.rehearsal.graph.drive_queries import expand, list_children, show_page
from spmigrate.rehearsal.graph.drive_renditions import require_conversion
from spmigrate.rehearsal.graph.drives import Address, find_start, need_item
from spmigrate.rehearsal.graph.types import DRIVE_ITEM
from spmigrate.rehearsal.http import Response

SIMPLE_LIMIT = 262_144_000
CONFLICT = "@microsoft.graph.conflictBehavior"
_LISTED = frozenset({"$orderby", "$filter"})


def get_item(call: Call, drive: Drive, address: Address) -> Response:
    """`GET …/items/{id}` or by path; 304 when the caller has this state of it."""
    item = need_item(drive, address)
    if call.request.headers.get("if-none-match", "") in etags(item):
        return Response(304)
    about = show_item(drive, item)
    if "publication" in call.query.get("$select", "").lower() and not item.folder:
        about.setdefault("publication", {"level": "published", "versionId": item.version_label})
    shown = expand(call, drive, [(item, about)])[0]
    return _tagged(entity(shown, context=f"drives('{drive.id}')/items", call=call, of=DRIVE_ITEM), item)


def get_children(call: Call, drive: Drive, address: Address) -> Response:
    """`GET …/children`, in order of name unless another order is asked for, in pages."""
    folder = need_item(drive, address)
    page = list_children(call, drive, folder)
    return collection(
        show_page(call, drive, page),
        context=f"drives('{drive.id}')/items('{address.start}')/children",
        call=call,
        of=DRIVE_ITEM,
        more=_LISTED,
        next=call.link(**{"$skiptoken": page.following}) if page.following else "",
    )


def add_child(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/children` with a `folder` facet, or with a `file` facet for an empty file."""
    parent = need_item(drive, address)
    body = call.body()
    name = body.get("name")
    if "@microsoft.graph.sourceUrl" in body or "@content.sourceUrl" in body:
        # Microsoft, "Upload a file from a URL": OneDrive for home alone.
        raise GraphError(400, "notSupported", "Uploading from a URL is not supported.")
    if ("folder" not in body and "file" not in body) or not isinstance(name, str):
        raise GraphError(400, "invalidRequest", "A name and a folder facet are needed to create an item here.")
    conflict = read_conflict(call, body, usual=Conflict.FAIL)
    content = drive.tenant.content
    existed = content.child(parent, name) is not None and conflict is Conflict.REPLACE
    given: dict[str, Any] = {
        "by": call.request.caller.login,
        "conflict": conflict,
        "times": read_times(body.get("fileSystemInfo")),
        "fields": {**made_by(call), **described(body)},
    }
    if "folder" in body:
        made = content.add_folder(parent, name, **given)
    else:
        made = content.add_file(parent, name, content.blobs.put(b""), **given)
    return answer(call, drive, made, status=200 if existed else 201)


def put_content(call: Call, drive: Drive, address: Address) -> Response:
    """`PUT …/content`: a small file in one request; missing folders on its path are made."""
    if call.request.body.size > SIMPLE_LIMIT:
        raise GraphError(413, "requestEntityTooLarge", "The request message is too big.")
    content = drive.tenant.content
    by = call.request.caller.login
    check_match(call, drive, address)
    if not address.path:
        item = need_item(drive, address)
        if item.folder:
            raise GraphError(400, "invalidRequest", "A folder has no content.")
        written = content.write(item, by=by, blob=content.blobs.take(call.request.body), fields=edited_by(call))
        return answer(call, drive, written)
    parent, name = make_parent(call, drive, address)
    conflict = read_conflict(call, {}, usual=Conflict.REPLACE)
    existed = content.child(parent, name) is not None
    written = content.add_file(
        parent, name, content.blobs.take(call.request.body), by=by, conflict=conflict, fields=made_by(call)
    )
    return answer(call, drive, written, status=200 if existed and conflict is Conflict.REPLACE else 201)


def make_parent(call: Call, drive: Drive, address: Address) -> tuple[Item, str]:
    """The folder in which the last name of an address belongs, made where it is missing, and that name."""
    *folders, name = address.path.split("/")
    parent = find_start(drive, address.start)
    content = drive.tenant.content
    for folder in folders:
        parent = content.add_folder(parent, folder, by=call.request.caller.login, conflict=Conflict.REPLACE)
    return parent, name


def get_content(call: Call, drive: Drive, address: Address) -> Response:
    """`GET …/content`: a redirect to an address that needs no token."""
    item = need_item(drive, address)
    if item.folder:
        raise GraphError(400, "invalidRequest", "A folder has no content.")
    if call.request.headers.get("if-none-match", "") in etags(item):
        return Response(304)
    link = drive.tenant.links.download(drive.host, drive.web.name, item, paid=True)
    if "format" in call.query:
        require_conversion(item.name, call.query["format"])
        link += f"&format={call.query['format'].lower()}"
    return Response(302, {"location": link})


def answer(call: Call, drive: Drive, item: Item, *, status: int = 200) -> Response:
    """An item after it was made or altered."""
    made = entity(show_item(drive, item), context=f"drives('{drive.id}')/items", status=status, call=call)
    return _tagged(made, item)


def _tagged(response: Response, item: Item) -> Response:
    return Response(response.status, {**response.headers, "etag": etags(item)[0]}, response.body)


def read_conflict(call: Call, body: Mapping[str, Any], *, usual: Conflict) -> Conflict:
    """What to do when the name is taken, from the query string or the body."""
    text = (
        call.query.get(CONFLICT.lower())
        or call.query.get("@name.conflictbehavior")
        or body.get(CONFLICT)
        or body.get("@name.conflictBehavior")
        or usual.value
    )
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


def described(body: Mapping[str, Any]) -> dict[str, Any]:
    """The column in which SharePoint keeps an item's description, when one is given."""
    if "description" not in body:
        return {}
    text = body["description"]
    if text is not None and not isinstance(text, str):
        raise GraphError(400, "invalidRequest", "The description is not a text.")
    return {"_ExtendedDescription": text}


def etags(item: Item) -> tuple[str, str]:
    """An item's eTag and cTag."""
    guid = item.guid.upper()
    return f'"{{{guid}}},{item.etag}"', f'"c:{{{guid}}},{item.ctag}"'


def check_match(call: Call, drive: Drive, address: Address) -> None:
    """Refuse (412) what If-Match or If-None-Match rule out."""
    wanted = call.request.headers.get("if-match", "*")
    refused = call.request.headers.get("if-none-match", "")
    if wanted == "*" and not refused:
        return
    item = drive.tenant.content.resolve(find_start(drive, address.start), address.path)
    tags = () if item is None else etags(item)
    if (wanted != "*" and wanted not in tags) or (refused == "*" and item is not None) or refused in tags:
        raise GraphError(412, "preconditionFailed", "ETag does not match current item's value.")


def made_by(call: Call) -> dict[str, str]:
    """The columns that name the application that made something."""
    caller = call.request.caller
    return {"AppAuthor": caller.app_id, "AppEditor": caller.app_id} if caller.app_only else {}


def edited_by(call: Call) -> dict[str, str]:
    """The column that names the application that altered something."""
    caller = call.request.caller
    return {"AppEditor": caller.app_id} if caller.app_only else {}
