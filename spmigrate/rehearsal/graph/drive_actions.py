"""What else can be done with a file or folder: check-out, following, preview, analytics, thumbnails."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive, show_item
from spmigrate.rehearsal.graph.drive_places import drive_of_item
from spmigrate.rehearsal.graph.drive_types import ANALYTICS, INTERVAL, THUMBNAIL_SET
from spmigrate.rehearsal.graph.drives import Action, Address, need_item
from spmigrate.rehearsal.graph.files import answer
from spmigrate.rehearsal.graph.ids import item_id
from spmigrate.rehearsal.graph.types import DRIVE_ITEM
from spmigrate.rehearsal.http import Response, json_response

_FOLLOWED = "followeditem"


def check_out(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/checkout`: nobody else can change the file until it is checked in."""
    item = _need_file(drive, address)
    by = call.request.caller.login
    call.tenant.content.refuse_if_locked(item, by)
    if item.fields.get("CheckoutUser"):
        raise GraphError(423, "resourceLocked", "The resource is already checked out.")
    call.tenant.content.mark(item, {"CheckoutUser": by})
    return Response(204)


def check_in(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/checkin`: a new version with a comment."""
    item = _need_file(drive, address)
    body = call.body()
    by = call.request.caller.login
    call.tenant.content.refuse_if_locked(item, by)
    if not item.fields.get("CheckoutUser"):
        raise GraphError(400, "invalidRequest", "The resource is not checked out.")
    fields = {"CheckoutUser": "", "_CheckInComment": str(body.get("comment") or "")}
    call.tenant.content.write(item, by=by, fields=fields)
    return Response(204)


def discard_check_out(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/discardCheckout`."""
    item = _need_file(drive, address)
    if not item.fields.get("CheckoutUser"):
        raise GraphError(400, "invalidRequest", "The resource is not checked out.")
    call.tenant.content.mark(item, {"CheckoutUser": ""})
    return Response(204)


def _need_file(drive: Drive, address: Address) -> Item:
    item = need_item(drive, address)
    if item.folder:
        raise GraphError(400, "invalidRequest", "A folder can't be checked out.")
    return item


def follow(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/follow`: the caller follows a file or folder."""
    item = need_item(drive, address)
    user = _need_user(call)
    if call.tenant.store.find(_FOLLOWED, -item.id, user) is None:
        at = call.tenant.clock.iso()
        call.tenant.store.insert(_FOLLOWED, user, at=at, parent=-item.id, props={"item": item.guid})
    return answer(call, drive, item)


def unfollow(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/unfollow`."""
    item = need_item(drive, address)
    found = call.tenant.store.find(_FOLLOWED, -item.id, _need_user(call))
    if found is None:
        raise GraphError(404, "itemNotFound", "The item is not followed.")
    call.tenant.store.delete(found)
    return Response(204)


def list_followed(call: Call, _drive: Drive, _address: Address) -> Response:
    """`GET …/following`: what the caller follows."""
    user = _need_user(call)
    shown = []
    for row in call.tenant.store.every(_FOLLOWED):
        item = call.tenant.content.by_guid(str(row.props["item"])) if row.name == user else None
        if item is not None:
            shown.append(show_item(drive_of_item(call, item), item))
    return collection(shown, context="Collection(driveItem)", call=call, of=DRIVE_ITEM)


def _need_user(call: Call) -> str:
    caller = call.request.caller
    if caller.app_only:
        raise GraphError(403, "accessDenied", "Access denied")
    return caller.login


def answer_thumbnails(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`GET …/thumbnails`: none, as for kinds of files that the service draws no picture of."""
    item = need_item(drive, address)
    if action.rest:
        raise GraphError(404, "itemNotFound", "The resource could not be found.")
    context = f"drives('{drive.id}')/items('{item_id(item)}')/thumbnails"
    return collection([], context=context, call=call, of=THUMBNAIL_SET)


def preview(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/preview`: an address that shows a file in a page for a short time."""
    item = _need_file(drive, address)
    host, web = drive.host, drive.web.name.rstrip("/")
    shown = {
        "@odata.context": f"{call.base}/$metadata#microsoft.graph.itemPreviewInfo",
        "getUrl": f"https://{host}{web}/_layouts/15/embed.aspx?UniqueId={item.guid}&client_id={call.request.caller.app_id}",
        "postParameters": None,
        "postUrl": None,
    }
    return json_response(200, shown)


def answer_analytics(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`GET …/analytics`, `allTime`, `lastSevenDays`: nobody opens files in a rehearsal, so all numbers are 0."""
    item = need_item(drive, address)
    word = action.rest.lower()
    if not word:
        shown = {"id": item.guid, "allTime": _no_activity(item), "lastSevenDays": _no_activity(item)}
        return entity(shown, context="itemAnalytics", call=call, of=ANALYTICS)
    if word in ("alltime", "lastsevendays"):
        context = f"{call.base}/$metadata#microsoft.graph.itemActivityStat"
        return json_response(200, {"@odata.context": context, **_no_activity(item)})
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{action.rest}'.")


def _no_activity(item: Item) -> dict[str, Any]:
    none = {"actionCount": 0, "actorCount": 0}
    return {"access": none, "edit": none, "create": none, "delete": none, "move": none, "isTrending": False,
            "startDateTime": item.created, "endDateTime": item.modified,
            "incompleteData": {"wasThrottled": False, "resultsPending": False, "notSupported": False}}  # fmt: skip


def answer_activities(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`GET …/getActivitiesByInterval(startDateTime=…,endDateTime=…,interval=…)`: no activity in any interval."""
    need_item(drive, address)
    if action.arguments.get("interval", "").lower() not in ("day", "week", "month"):
        raise GraphError(400, "invalidRequest", "The interval must be day, week or month.")
    return collection([], context="Collection(itemActivityStat)", call=call, of=INTERVAL)
