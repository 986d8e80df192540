"""``RenderListFormData`` and ``RenderExtendedListFormData``: an item and its columns as a form needs them."""

from __future__ import annotations

import json
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.sharepoint import items
from spmigrate.rehearsal.sharepoint.content_types import ContentTypes
from spmigrate.rehearsal.sharepoint.item_values import ItemReader
from spmigrate.rehearsal.sharepoint.list_parts import form_address
from spmigrate.rehearsal.sharepoint.list_rows import RowWriter
from spmigrate.rehearsal.sharepoint.list_schema import form_field
from spmigrate.rehearsal.sharepoint.model import Call
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_HIDDEN = ("Computed", "Lookup", "Counter", "Guid", "ContentTypeId", "ModStat")
_NEW = 3


def form_data(scope: Scope, owner: Entity, call: Call) -> str:
    """A form as text that holds JSON: data, schema and attributes of list and item."""
    number, mode = call.number("itemId", 0), call.number("mode", 2)
    every = items.Items(scope, owner)
    item = None if mode == _NEW or number == 0 else every.by_key(number).item
    return _write(_form(every.reader, item, mode, call.text("formId", 1, default="")))


def extended_form_data(scope: Scope, owner: Entity, call: Call) -> str:
    """The same with the content types of the list, as the modern form asks for it."""
    number, mode = call.number("itemId", 0), call.number("mode", 2)
    every = items.Items(scope, owner)
    item = None if mode == _NEW or number == 0 else every.by_key(number).item
    types = ContentTypes(scope, owner, f"Web/Lists(guid'{owner.guid}')").all()
    names = {each.id: str(each.defined.props.get("Name", "")) for each in types}
    body = _form(every.reader, item, mode, call.text("formId", 1, default=""))
    return _write({**body, "ContentTypeIdToNameMap": names, "EffectivePresenceEnabled": True})


def _form(reader: ItemReader, item: Item | None, mode: int, form: str) -> dict[str, Any]:
    scope, owner = reader.scope, reader.owner
    shown = [
        each for each in reader.columns.by_name.values()
        if not each.props.get("Hidden") and each.props.get("TypeAsString") not in _HIDDEN
    ]  # fmt: skip
    names = [each.name for each in shown]
    values = RowWriter(reader, names, required=True).row(item) if item else dict.fromkeys(names, "")
    return {
        "FormControlMode": mode,
        "FormId": form,
        "ListData": values,
        "ListSchema": {each.name: form_field(each) for each in shown},
        "ListAttributes": {
            "Id": owner.guid,
            "BaseType": int(owner.props.get("BaseType", 0)),
            "Direction": "none",
            "ListTemplateType": int(owner.props.get("BaseTemplate", 100)),
            "DefaultItemOpen": 1,
            "EnableVesioning": bool(owner.props.get("EnableVersioning", True)),
        },
        "ItemAttributes": {
            "Id": item.list_item if item else -1,
            "FsObjType": int(item.folder) if item else 0,
            "ExternalListItem": False,
            "Url": f"/{reader.address(item).lstrip('/')}" if item else "",
            "EffectiveBasePermissionsLow": 4294967295,
            "EffectiveBasePermissionsHigh": 2147483647,
        },
        "RedirectInfo": {"listRootFolderUrl": f"{scope.web_path}/{owner.name}",
                         "popoutUrl": form_address(scope, owner, "DispForm.aspx")},
        "SubmitButtonID": "",
        "WebAttributes": {"WebUrl": scope.web_path or "/", "LCID": str(scope.web.props.get("Language", 1033)),
                          "CurrentUserId": 0},
    }  # fmt: skip


def _write(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
