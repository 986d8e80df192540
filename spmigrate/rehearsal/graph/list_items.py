"""List items in Graph: read, make, alter, delete, and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.content import Item, Version
from spmigrate.rehearsal.graph.call import VERSION, Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drive_items import Drive, identity, show_item
from spmigrate.rehearsal.graph.expansion import read_expand
from spmigrate.rehearsal.graph.ids import item_id, site_id
from spmigrate.rehearsal.graph.list_item_fields import FieldSet
from spmigrate.rehearsal.graph.site_opening import need_list
from spmigrate.rehearsal.graph.site_routes import bad_argument, not_found
from spmigrate.rehearsal.graph.site_types import LIST_ITEM, LIST_ITEM_VERSION
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint.items import Items, ListItem
from spmigrate.rehearsal.sharepoint.model import Call as Step
from spmigrate.rehearsal.sharepoint.model import as_guid
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

PAGE = 200


def show_list_item(
    fields: FieldSet, item: Item, expand: Mapping[str, Mapping[str, str]], *, ids: bool = False
) -> dict[str, Any]:
    """A list item with what is expanded of it."""
    scope, listing = fields.scope, fields.listing
    etag = f'"{item.guid},{item.etag}"'
    parent = scope.content.folder(item.parent)
    shown: dict[str, Any] = {
        "@odata.etag": etag,
        "createdDateTime": item.created,
        "eTag": etag,
        "id": str(item.list_item),
        "lastModifiedDateTime": item.modified,
        "webUrl": _web_url(scope, item),
        "createdBy": identity(scope.tenant, item.author, str(item.fields.get("AppAuthor", ""))),
        "lastModifiedBy": identity(scope.tenant, item.editor, str(item.fields.get("AppEditor", ""))),
        "parentReference": {"id": parent.guid if parent else "", "siteId": site_id(scope.site, scope.web)},
        "contentType": fields.content_type(item),
    }
    if ids:
        shown["sharepointIds"] = {
            "listId": listing.guid, "listItemId": str(item.list_item), "listItemUniqueId": item.guid,
            "siteId": scope.site.guid, "siteUrl": f"https://{scope.host}{scope.web_path}", "webId": scope.web.guid,
        }  # fmt: skip
    if "fields" in expand:
        shown["fields@odata.context"] = _fields_context(scope, listing, item)
        shown["fields"] = fields.show(item, expand["fields"].get("$select", ""))
    root = scope.content.root(listing.id)
    if "driveitem" in expand and fields.library and root is not None:
        shown["driveItem"] = show_item(Drive(scope.tenant, scope.site, scope.web, listing, root), item)
    if "versions" in expand:
        shown["versions"] = _versions(fields, item, with_fields=False)
    return shown


def _web_url(scope: Scope, item: Item) -> str:
    address = f"{scope.content.list_path(item.list)}/{scope.content.path(item)}"
    return f"https://{scope.host}{quote(address)}"


def _fields_context(scope: Scope, listing: Entity, item: Item) -> str:
    site = quote(site_id(scope.site, scope.web), safe="")
    return f"{VERSION}/$metadata#sites('{site}')/lists('{listing.guid}')/items('{item.list_item}')/fields/$entity"


def show_page_of_items(scope: Scope, listing: Entity, options: Mapping[str, str]) -> list[dict[str, Any]]:
    """The first items of a list, for an `$expand` of it."""
    fields = FieldSet(scope, listing)
    inner = read_expand(options.get("$expand", ""))
    top = int(options["$top"]) if options.get("$top", "").isdecimal() else PAGE
    found = scope.content.items(listing.id, limit=min(top, PAGE))
    return [show_list_item(fields, each, inner) for each in found]


def need_item(scope: Scope, listing: Entity, text: str) -> Item:
    """A list item by number or unique id; a 404 when there is none."""
    found = scope.content.by_number(listing.id, int(text)) if text.isdecimal() and text != "0" else None
    if found is None and as_guid(text):
        found = scope.content.by_guid(text, listing=listing.id)
    if found is None or found.list != listing.id:
        raise not_found("Item not found")
    return found


def drive_item_id(scope: Scope, listing: Entity, text: str) -> str:
    """The id among the drives of a list item."""
    return item_id(need_item(scope, listing, text))


def context(call: Call) -> str:
    """The context of the items of a list."""
    return f"sites('{call.parts['site']}')/lists('{call.parts['list']}')/items"


def expansion(call: Call, *, usual: str = "") -> dict[str, dict[str, str]]:
    """What the caller wants to be expanded; a 400 or 501 for what can't be."""
    text = call.query.get("$expand", "")
    LIST_ITEM.require_expansion(text)
    return read_expand(text or usual)


def wants_ids(call: Call) -> bool:
    """Whether `sharepointIds` were asked for; they are not among what is answered unasked."""
    return "sharepointids" in call.query.get("$select", "").lower()


def get_one(call: Call, scope: Scope) -> Response:
    """`GET …/items/{id}`: one item, with its fields."""
    listing = need_list(scope, call.parts["list"])
    item = need_item(scope, listing, call.parts["item"])
    usual = "" if "$select" in call.query else "fields"
    shown = show_list_item(FieldSet(scope, listing), item, expansion(call, usual=usual), ids=wants_ids(call))
    return entity(shown, context=context(call), call=call, of=LIST_ITEM)


def create(call: Call, scope: Scope) -> Response:
    """`POST …/items`: what stands outside `fields` is passed over, as the service does."""
    listing = need_list(scope, call.parts["list"])
    body = call.body()
    fields = FieldSet(scope, listing)
    given = fields.read_body(_fields_in(body)) | _chosen_type(body, fields)
    made: Any = Items(scope, listing).create(Step(Segment("Items"), body=given))
    shown = show_list_item(fields, made.item, {"fields": {}})
    return entity(shown, context=context(call), status=201)


def change(call: Call, scope: Scope) -> Response:
    """`PATCH …/items/{id}`."""
    listing = need_list(scope, call.parts["list"])
    item = need_item(scope, listing, call.parts["item"])
    body = call.body()
    fields = FieldSet(scope, listing)
    item = _alter(call, fields, item, fields.read_body(_fields_in(body)) | _chosen_type(body, fields))
    return entity(show_list_item(fields, item, {"fields": {}}), context=context(call))


def get_fields(call: Call, scope: Scope) -> Response:
    """`GET …/items/{id}/fields`."""
    listing = need_list(scope, call.parts["list"])
    item = need_item(scope, listing, call.parts["item"])
    shown = FieldSet(scope, listing).show(item, call.query.get("$select", ""))
    return json_response(200, {"@odata.context": _fields_context(scope, listing, item), **shown})


def change_fields(call: Call, scope: Scope) -> Response:
    """`PATCH …/items/{id}/fields`."""
    listing = need_list(scope, call.parts["list"])
    item = need_item(scope, listing, call.parts["item"])
    fields = FieldSet(scope, listing)
    item = _alter(call, fields, item, fields.read_body(call.body()))
    return json_response(200, {"@odata.context": _fields_context(scope, listing, item), **fields.show(item)})


def delete(call: Call, scope: Scope) -> Response:
    """`DELETE …/items/{id}`: into the recycle bin."""
    listing = need_list(scope, call.parts["list"])
    item = need_item(scope, listing, call.parts["item"])
    _require_match(call, item)
    ListItem(scope, listing, item).recycle(Step(Segment("Recycle")))
    return Response(204)


def _alter(call: Call, fields: FieldSet, item: Item, given: Mapping[str, Any]) -> Item:
    _require_match(call, item)
    if given:
        ListItem(fields.scope, fields.listing, item).merge(dict(given))
    return fields.scope.content.item(item.id) or item


def _require_match(call: Call, item: Item) -> None:
    wanted = call.request.headers.get("if-match", "*").strip()
    if wanted not in ("*", "", f'"{item.guid},{item.etag}"'):
        raise GraphError(412, "preconditionFailed", "ETag does not match current item's value.")


def _fields_in(body: Mapping[str, Any]) -> Mapping[str, Any]:
    fields = body.get("fields") or {}
    if not isinstance(fields, Mapping):
        raise bad_argument()
    return fields


def _chosen_type(body: Mapping[str, Any], fields: FieldSet) -> dict[str, Any]:
    chosen = body.get("contentType")
    if not isinstance(chosen, Mapping) or not (chosen.get("id") or chosen.get("name")):
        return {}
    wanted = str(chosen.get("id") or "").lower()
    found = fields.find_type(wanted, str(chosen.get("name") or ""))
    if found is None:
        raise bad_argument("The specified content type was not found in the list.")
    return {"ContentTypeId": found}


def list_versions(call: Call, scope: Scope) -> Response:
    """`GET …/items/{id}/versions`."""
    fields, item = _of_path(call, scope)
    expanded = "fields" in read_expand(call.query.get("$expand", ""))
    shown = _versions(fields, item, with_fields=expanded)
    return collection(shown, context="Collection(listItemVersion)", call=call, of=LIST_ITEM_VERSION)


def get_version(call: Call, scope: Scope) -> Response:
    """`GET …/versions/{label}`, with its fields."""
    return entity(_version(call, scope), context="listItemVersion", call=call, of=LIST_ITEM_VERSION)


def get_version_fields(call: Call, scope: Scope) -> Response:
    """`GET …/versions/{label}/fields`."""
    return json_response(200, _version(call, scope)["fields"])


def restore_version(call: Call, scope: Scope) -> Response:
    """`POST …/versions/{label}/restoreVersion`."""
    _, item = _of_path(call, scope)
    number = _number(call.parts["version"])
    if number != item.version:
        scope.content.restore_version(item, number, by=scope.claims.login)
    return Response(204)


def _version(call: Call, scope: Scope) -> dict[str, Any]:
    fields, item = _of_path(call, scope)
    found = [each for each in _versions(fields, item, with_fields=True) if each["id"] == call.parts["version"]]
    if not found:
        raise not_found("The version could not be found.")
    return found[0]


def _of_path(call: Call, scope: Scope) -> tuple[FieldSet, Item]:
    listing = need_list(scope, call.parts["list"])
    return FieldSet(scope, listing), need_item(scope, listing, call.parts["item"])


def _versions(fields: FieldSet, item: Item, *, with_fields: bool) -> list[dict[str, Any]]:
    states: list[Item | Version] = [item, *fields.scope.content.versions(item)]
    shown = []
    for state in states:
        number = state.version if isinstance(state, Item) else state.number
        line: dict[str, Any] = {
            "id": f"{number // 512}.{number % 512}",
            "lastModifiedDateTime": state.modified,
            "lastModifiedBy": identity(fields.scope.tenant, state.editor),
        }
        if with_fields:
            line["fields"] = fields.show(fields.at(item, state))
        shown.append(line)
    return shown


def _number(label: str) -> int:
    major, _, minor = label.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise not_found("The version could not be found.")
    return int(major) * 512 + int(minor)
