"""Copying files and folders: 202 at once, and an address where the progress is asked for without a token."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.clock import write_time
from spmigrate.rehearsal.content import Conflict, Item, Refusal
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drives import Address, find_start, need_item, open_drive
from spmigrate.rehearsal.graph.files import read_conflict
from spmigrate.rehearsal.graph.ids import drive_id, item_id
from spmigrate.rehearsal.http import Request, Response, json_response
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.transplant import Manner, advance, begin, finish

_KIND = "copyoperation"
_PROPERTIES = frozenset({"name", "parentReference", "childrenOnly", "includeAllVersionHistory"})
# Microsoft, "driveItem: copy": at most 30,000 items at once.
_MOST_ITEMS = 30_000
_PART = 500
# How long a copy takes in `council`: a second to be picked up, and a tenth for each item. Not published; believable.
_PICK_UP, _PER_ITEM = 1.0, 0.1


def begin_copy(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/copy`, into any drive of the tenant. What goes wrong with the copy itself is told by the monitor."""
    source = need_item(drive, address)
    body = call.body()
    unknown = next((each for each in body if "@" not in each and each not in _PROPERTIES), None)
    if unknown is not None:
        raise GraphError(400, "invalidRequest", f"The property '{unknown}' does not exist on the action copy.")
    name = body.get("name")
    if name is not None and not isinstance(name, str):
        raise GraphError(400, "invalidRequest", "The name is not a text.")
    to = _find_target(call, drive, source, body.get("parentReference"))
    if body.get("childrenOnly") and not source.folder:
        raise GraphError(400, "invalidRequest", "childrenOnly is for folders.")
    if not source.parent and not body.get("childrenOnly"):
        raise GraphError(400, "invalidRequest", "The root can't be copied; its children can (childrenOnly).")
    # Issue 1155 of the OneDrive API: without a word about it the copy of a taken name fails.
    conflict = read_conflict(call, body, usual=Conflict.FAIL)
    manner = Manner(
        call.request.caller.login, versions=bool(body.get("includeAllVersionHistory")), editor=True, conflict=conflict
    )
    about = _work(call.tenant, source, to, name=name or None, manner=manner, inside=bool(body.get("childrenOnly")))
    at = call.tenant.clock.iso()
    job = call.tenant.store.insert(_KIND, "copy", at=at, parent=-source.id, props={"drive": to.list, **about})
    headers = {"location": call.tenant.links.monitor(drive.host, drive.web.name, job.guid)}
    return Response(202, headers)


def _find_target(call: Call, drive: Drive, source: Item, reference: object) -> Item:
    if reference is None:
        return call.tenant.content.folder(source.parent) or drive.root
    if not isinstance(reference, dict):
        raise GraphError(400, "invalidRequest", "The parentReference is not an object.")
    other = open_drive(call.tenant, str(reference["driveId"])) if reference.get("driveId") else drive
    if reference.get("id"):
        found: Item = find_start(other, str(reference["id"]))
    else:
        below = str(reference.get("path") or "").partition("root")[2]
        found = need_item(other, Address("root", below.strip(":/"), ""))
    if not found.folder:
        raise GraphError(400, "invalidRequest", "The destination is not a folder.")
    return found


def _work(tenant: Tenant, source: Item, to: Item, *, name: str | None, manner: Manner, inside: bool) -> dict[str, Any]:
    """Copy now; the answer is what the monitor will tell, and from when on."""
    begun = tenant.clock.seconds()
    sources = tenant.content.children(source) if inside else [source]
    done, count = None, 0
    try:
        # Taken back as a whole when it can't be finished.
        with tenant.store.transaction():
            for each in sources:
                progress = begin(tenant, each, to, name=None if inside else name, manner=manner)
                while progress.frames:
                    progress = advance(tenant, progress, manner=manner, limit=_PART)
                    if count + progress.files + progress.folders > _MOST_ITEMS:
                        raise Refusal("invalidRequest", "The copy has more than 30,000 items.")
                finish(tenant, each, progress.made, manner=manner)
                done, count = progress.made, count + progress.files + progress.folders
    except Refusal as refusal:
        return {"error": [refusal.code, refusal.message], "begun": begun, "ready": begun}
    length = _PICK_UP + _PER_ITEM * count if tenant.jobs.delayed else 0.0
    made = item_id(done) if done is not None and not inside else item_id(to)
    return {"made": made, "begun": begun, "ready": begun + length}


def show_progress(request: Request, tenant: Tenant, job: str) -> Response:
    """`GET` of a monitor: 202 while the copy goes on, 200 when it is done or has failed."""
    found = tenant.store.get(_KIND, job)
    if found is None or request.method not in ("GET", "HEAD"):
        raise GraphError(404, "itemNotFound", "The operation could not be found.")
    now = tenant.clock.seconds()
    begun, ready = float(found.props["begun"]), float(found.props["ready"])
    base = f"https://{request.host}{request.path.partition('/monitor/')[0]}"
    shown: dict[str, Any] = {
        "@odata.context": f"{base}/$metadata#drives('default')/operations/$entity",
        "id": found.guid,
        "createdDateTime": found.created,
        "lastActionDateTime": write_time(min(now, ready)),
    }
    if "error" in found.props:
        code, message = found.props["error"]
        failed = {"code": code, "message": message}
        return json_response(200, {**shown, "status": "failed", "errorCode": code, "error": failed})
    if now < ready:
        percent = round(100 * (now - begun) / (ready - begun), 1)
        going = {"percentageComplete": percent, "percentComplete": percent, "status": "inProgress"}
        return json_response(202, {**shown, **going})
    return json_response(200, {
        **shown, "percentageComplete": 100.0, "percentComplete": 100.0, "resourceId": found.props["made"],
        "resourceLocation": _location(tenant, base, found), "status": "completed",
    })  # fmt: skip


def _location(tenant: Tenant, base: str, job: Entity) -> str:
    listing = tenant.store.by_id(int(job.props["drive"]))
    web = tenant.store.by_id(listing.parent) if listing else None
    site = tenant.store.by_id(web.parent) if web else None
    if listing is None or web is None or site is None:
        return ""
    return f"{base}/drives/{drive_id(site, web, listing)}/items/{job.props['made']}"
