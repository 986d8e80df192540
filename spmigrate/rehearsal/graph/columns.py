"""Columns of sites, lists and content types in Graph: SharePoint's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.graph.call import Call, entity
from spmigrate.rehearsal.graph.column_facets import FACETS, change_facet, show_facet, write_caml
from spmigrate.rehearsal.graph.site_listing import answer_all
from spmigrate.rehearsal.graph.site_opening import need_list
from spmigrate.rehearsal.graph.site_routes import SiteRoute, bad_argument, not_found, site_route
from spmigrate.rehearsal.graph.site_types import COLUMN
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.fields import Field, Fields, encode_name, read_field_xml
from spmigrate.rehearsal.sharepoint.model import as_guid
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_FLAGS = {"required": "Required", "indexed": "Indexed", "hidden": "Hidden", "readOnly": "ReadOnlyField",
          "enforceUniqueValues": "EnforceUniqueValues"}  # fmt: skip
_TEXTS = {"displayName": "Title", "description": "Description", "columnGroup": "Group"}
# What may stand in a body besides the facets.
_OTHER = frozenset({"id", "name", "defaultValue", "validation", "propagateChanges", "isDeletable", "isReorderable",
                    "isSealed", "type", "sourceContentType", "sourceColumn"})  # fmt: skip


def fields_of(scope: Scope, owner: Entity) -> Fields:
    """The columns of a web or list."""
    return Fields(scope, owner, "Web" if owner.kind == "web" else f"Web/Lists(guid'{owner.guid}')")


def show_columns(scope: Scope, owner: Entity) -> list[dict[str, Any]]:
    """Every column of a web or list."""
    return [show_column(each) for each in fields_of(scope, owner).all()]


def show_column(field: Field) -> dict[str, Any]:
    """A column."""
    props = field.stored()
    read_only = bool(props.get("ReadOnlyField"))
    shown: dict[str, Any] = {
        "columnGroup": props.get("Group") or "Custom Columns",
        "description": props.get("Description") or "",
        "displayName": props.get("Title") or field.name,
        "enforceUniqueValues": bool(props.get("EnforceUniqueValues")),
        "hidden": bool(props.get("Hidden")),
        "id": field.defined.key,
        "indexed": bool(props.get("Indexed")),
        "isDeletable": not (field.defined.builtin or props.get("Sealed")),
        "isReorderable": not field.defined.builtin,
        "isSealed": bool(props.get("Sealed")),
        "name": field.name,
        "propagateChanges": False,
        "readOnly": read_only,
        "required": bool(props.get("Required")),
    }
    default = {"value": props.get("DefaultValue"), "formula": props.get("DefaultFormula")}
    if any(default.values()):
        shown["defaultValue"] = {name: value for name, value in default.items() if value}
    if props.get("ValidationFormula"):
        shown["validation"] = {"formula": props["ValidationFormula"], "descriptions": []}
    return {**shown, **show_facet(field)}


def add_column(scope: Scope, owner: Entity, body: Mapping[str, Any]) -> Field:
    """A new column of a web or list from Graph's description."""
    refuse_unknown(body)
    name = str(body.get("name") or "").strip() or encode_name(str(body.get("displayName") or "").strip())
    if not name:
        raise bad_argument("The name of the column is missing.")
    title = str(body.get("displayName") or name)
    # The name becomes the internal name as SharePoint would write it.
    xml = write_caml(encode_name(name), title, body)
    return fields_of(scope, owner).add(read_field_xml(xml))


def need_column(scope: Scope, owner: Entity, text: str) -> Field:
    """A column by id or name; a 404 when there is none."""
    every = fields_of(scope, owner).all()
    guid = as_guid(text)
    found = next((each for each in every if each.defined.key == guid), None)
    found = found or next((each for each in every if each.name.casefold() == text.casefold()), None)
    if found is None:
        raise not_found("Item not found")
    return found


def change_column(field: Field, body: Mapping[str, Any]) -> None:
    """Alter a column as a PATCH says."""
    refuse_unknown(body)
    patch: dict[str, Any] = change_facet(field, body)
    for key, name in _FLAGS.items():
        if isinstance(body.get(key), bool):
            patch[name] = body[key]
    for key, name in _TEXTS.items():
        if body.get(key) is not None:
            patch[name] = str(body[key])
    default = body.get("defaultValue")
    if isinstance(default, Mapping):
        patch |= {"DefaultValue": default.get("value"), "DefaultFormula": default.get("formula")}
    validation = body.get("validation")
    if isinstance(validation, Mapping):
        patch["ValidationFormula"] = validation.get("formula")
    if patch:
        field.save(patch)


def refuse_unknown(body: Mapping[str, Any]) -> None:
    """A 400 for a property that columns do not have."""
    for name in body:
        if name not in FACETS and name not in _FLAGS and name not in _TEXTS and name not in _OTHER and "@" not in name:
            raise bad_argument(f"The property '{name}' does not exist on type 'microsoft.graph.columnDefinition'.")


def owner_of(call: Call, scope: Scope) -> Entity:
    """The list that the path names, the site itself when it names none."""
    return need_list(scope, call.parts["list"]) if "list" in call.parts else scope.web


def context_of(call: Call, what: str) -> str:
    """The context of what belongs to a site or a list."""
    site = f"sites('{call.parts['site']}')"
    return f"{site}/lists('{call.parts['list']}')/{what}" if "list" in call.parts else f"{site}/{what}"


def _list(call: Call, scope: Scope) -> Response:
    shown = show_columns(scope, owner_of(call, scope))
    return answer_all(call, shown, context=context_of(call, "columns"), of=COLUMN)


def _get(call: Call, scope: Scope) -> Response:
    shown = show_column(need_column(scope, owner_of(call, scope), call.parts["column"]))
    return entity(shown, context=context_of(call, "columns"), call=call, of=COLUMN)


def _create(call: Call, scope: Scope) -> Response:
    made = add_column(scope, owner_of(call, scope), call.body())
    return entity(show_column(made), context=context_of(call, "columns"), status=201)


def _change(call: Call, scope: Scope) -> Response:
    owner = owner_of(call, scope)
    field = need_column(scope, owner, call.parts["column"])
    change_column(field, call.body())
    shown = show_column(need_column(scope, owner, field.defined.key))
    return entity(shown, context=context_of(call, "columns"))


def _delete(call: Call, scope: Scope) -> Response:
    need_column(scope, owner_of(call, scope), call.parts["column"]).delete()
    return Response(204)


def _source(call: Call, scope: Scope) -> Response:
    field = need_column(scope, owner_of(call, scope), call.parts["column"])
    above = next((each for each in fields_of(scope, scope.web).all() if each.defined.key == field.defined.key), None)
    if above is None:
        raise not_found("Item not found")
    return entity(show_column(above), context=f"sites('{call.parts['site']}')/columns", call=call, of=COLUMN)


ROUTES: tuple[SiteRoute, ...] = tuple(
    site_route(line, level, answer)
    for base in ("", "lists/{list}/")
    for line, level, answer in (
        (f"GET {base}columns", Level.READ, _list),
        (f"POST {base}columns", Level.MANAGE, _create),
        (f"GET {base}columns/{{column}}", Level.READ, _get),
        (f"PATCH {base}columns/{{column}}", Level.MANAGE, _change),
        (f"DELETE {base}columns/{{column}}", Level.MANAGE, _delete),
        (f"GET {base}columns/{{column}}/sourceColumn", Level.READ, _source),
    )
)
