"""Labels of files and folders: retention labels are put on them and taken away; sensitivity labels cost money."""

from __future__ import annotations

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drive_retention import show_retention
from spmigrate.rehearsal.graph.drives import Action, Address, need_item
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.retention import label_of, published, put_label


def answer_retention(call: Call, drive: Drive, address: Address, action: Action) -> Response:
    """`…/retentionLabel`: read, put on (a folder's files get it too), taken away."""
    item = need_item(drive, address)
    if action.rest:
        raise GraphError(400, "BadRequest", f"Resource not found for the segment '{action.rest}'.")
    method = call.request.method
    if method in ("GET", "HEAD"):
        # An item without a label: its properties are null, as those of an entity that says nothing.
        return entity(show_retention(drive, item), context=_context(drive, item), call=call)
    content, at, by = call.tenant.content, call.tenant.clock.iso(), call.request.caller.login
    if method == "DELETE":
        put_label(content, item, "", at=at, by=by)
        return Response(204)
    name = call.body().get("name")
    if not isinstance(name, str) or all(each["TagName"] != name for each in published(call.tenant.store)):
        raise GraphError(400, "invalidRequest", f"The retention label '{name}' was not found.")
    first = not label_of(item)["name"]
    put_label(content, item, name, at=at, by=by)
    shown = show_retention(drive, need_item(drive, address))
    return entity(shown, context=_context(drive, item), status=201 if first else 200)


def _context(drive: Drive, item: Item) -> str:
    return f"drives('{drive.id}')/items('{item.guid}')/retentionLabel"


def extract_labels(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/extractSensitivityLabels`: no file of a rehearsal has one."""
    _need_file(drive, address)
    context = f"{call.base}/$metadata#microsoft.graph.extractSensitivityLabelsResult"
    return json_response(200, {"@odata.context": context, "labels": []})


def assign_label(call: Call, drive: Drive, address: Address) -> Response:
    """`POST …/assignSensitivityLabel`: the service charges for it by the call, and a tenant without an Azure
    subscription is refused. The text is that of other metered calls (Microsoft Q&A 2337314)."""
    _need_file(drive, address)
    if not isinstance(call.body().get("sensitivityLabelId"), str):
        raise GraphError(400, "invalidRequest", "sensitivityLabelId is required.")
    text = "Evaluation capacity for the month has exceeded. To continue beyond the evaluation limits complete billing"
    raise GraphError(402, "PaymentRequired", f"{text} onboarding.")


def _need_file(drive: Drive, address: Address) -> Item:
    item = need_item(drive, address)
    if item.folder:
        raise GraphError(400, "invalidRequest", "A folder has no sensitivity label.")
    return item
