"""Content types of sites and lists in Graph, with their columns and their places in the content type hub."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.columns import context_of, fields_of, owner_of, show_column
from spmigrate.rehearsal.graph.expansion import read_expand
from spmigrate.rehearsal.graph.site_listing import answer_all
from spmigrate.rehearsal.graph.site_opening import need_list
from spmigrate.rehearsal.graph.site_routes import SiteRoute, bad_argument, not_found, site_route
from spmigrate.rehearsal.graph.site_types import COLUMN, COLUMN_LINK, CONTENT_TYPE
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.content_types import ContentType, ContentTypes
from spmigrate.rehearsal.sharepoint.field_links import FieldLinks
from spmigrate.rehearsal.sharepoint.model import Call as Step
from spmigrate.rehearsal.sharepoint.model import as_guid
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_WRITABLE = {"name": "Name", "description": "Description", "group": "Group", "hidden": "Hidden",
             "readOnly": "ReadOnly", "sealed": "Sealed"}  # fmt: skip
_LIST_COPY = re.compile(r"(0x.+)00[0-9a-f]{32}$", re.IGNORECASE)


def types_of(scope: Scope, owner: Entity) -> ContentTypes:
    """The content types of a web or list."""
    return ContentTypes(scope, owner, "Web" if owner.kind == "web" else f"Web/Lists(guid'{owner.guid}')")


def show_content_types(scope: Scope, owner: Entity) -> list[dict[str, Any]]:
    """Every content type of a web or list, the hidden ones included."""
    return [show_content_type(scope, each) for each in types_of(scope, owner).all()]


def show_content_type(scope: Scope, kind: ContentType) -> dict[str, Any]:
    """A content type."""
    props = kind.stored()
    shown: dict[str, Any] = {
        "associatedHubsUrls": list(props.get("_Hubs", [])),
        "description": props.get("Description") or "",
        "group": props.get("Group") or "",
        "hidden": bool(props.get("Hidden")),
        "id": kind.id,
        "isBuiltIn": kind.defined.builtin,
        "name": props.get("Name") or "",
        "parentId": parent_id(kind),
        "propagateChanges": False,
        "readOnly": bool(props.get("ReadOnly")),
        "sealed": bool(props.get("Sealed")),
    }
    if kind.owner.kind == "list":
        others = types_of(scope, kind.owner).all()
        shown["order"] = {"default": bool(others) and others[0].id == kind.id,
                          "position": [each.id for each in others].index(kind.id)}  # fmt: skip
        shown["inheritedFrom"] = {"id": scope.web.guid, "name": scope.web.props.get("Title", ""),
                                  "path": scope.web_url}  # fmt: skip
    return shown


def parent_id(kind: ContentType) -> str:
    """The id of the content type that one derives from."""
    copy = _LIST_COPY.match(kind.id)
    if copy is not None:
        return copy[1]
    return kind.id[:-2] if len(kind.id) > len("0x01") else "0x"


def need_type(scope: Scope, owner: Entity, identity: str) -> ContentType:
    """A content type by id; a 404 when there is none."""
    found = types_of(scope, owner).find(identity)
    if found is None:
        raise not_found("Item not found")
    return found


def _kind(call: Call, scope: Scope) -> ContentType:
    return need_type(scope, owner_of(call, scope), call.parts["type"])


def _context(call: Call) -> str:
    return context_of(call, "contentTypes")


def _list(call: Call, scope: Scope) -> Response:
    owner = owner_of(call, scope)
    shown = [_expanded(call, scope, each) for each in types_of(scope, owner).all()]
    return answer_all(call, shown, context=_context(call), of=CONTENT_TYPE)


def _get(call: Call, scope: Scope) -> Response:
    return entity(_expanded(call, scope, _kind(call, scope)), context=_context(call), call=call, of=CONTENT_TYPE)


def _expanded(call: Call, scope: Scope, kind: ContentType) -> dict[str, Any]:
    related: dict[str, Callable[[], object]] = {
        "base": lambda: _show_base(scope, kind),
        "baseTypes": lambda: _show_bases(scope, kind),
        "columnLinks": lambda: _show_links(kind),
        "columnPositions": lambda: _show_columns(kind),
        "columns": lambda: _show_columns(kind),
    }
    wanted = read_expand(call.query.get("$expand", ""))
    shown = show_content_type(scope, kind)
    return shown | {name: make() for name, make in related.items() if name.lower() in wanted}


def _create(call: Call, scope: Scope) -> Response:
    body = call.body()
    _refuse_unknown(body)
    base = body.get("base")
    wanted = str(base.get("id") or "") if isinstance(base, Mapping) else str(body.get("parentId") or "")
    given = {"Name": body.get("name"), "Description": body.get("description"), "Group": body.get("group")}
    own = str(body.get("id") or "")
    # An id of its own makes the content type's descent; without one the base does.
    given |= {"Id": {"StringValue": own}} if own and own.lower() != wanted.lower() else {}
    given |= {"ParentContentTypeId": {"StringValue": wanted or own or "0x01"}}
    made = types_of(scope, owner_of(call, scope)).create(Step(Segment("ContentTypes"), body=given))
    return entity(show_content_type(scope, made), context=_context(call), status=201)


def _change(call: Call, scope: Scope) -> Response:
    body, kind = call.body(), _kind(call, scope)
    _refuse_unknown(body)
    if kind.stored().get("Sealed") and body.get("sealed") is not False:
        raise bad_argument("The content type is sealed.")
    patch = {name: body[key] for key, name in _WRITABLE.items() if body.get(key) is not None}
    if patch:
        kind.save(patch)
    if body.get("propagateChanges"):
        kind.update(Step(Segment("Update"), body={"updateChildren": True}))
    return entity(show_content_type(scope, kind), context=_context(call))


def _refuse_unknown(body: Mapping[str, Any]) -> None:
    for name in body:
        if name.lower() not in CONTENT_TYPE.known and "@" not in name:
            raise bad_argument(f"The property '{name}' does not exist on type 'microsoft.graph.contentType'.")


def _delete(call: Call, scope: Scope) -> Response:
    _kind(call, scope).delete()
    return Response(204)


def _add_copy(call: Call, scope: Scope) -> Response:
    """`lists/{id}/contentTypes/addCopy`: a content type of the site for a list."""
    named = str(call.body().get("contentType") or "")
    source = types_of(scope, scope.web).find(named.rstrip("/").rsplit("/", 1)[-1].strip("'()"))
    if source is None:
        raise not_found("Item not found")
    made = types_of(scope, owner_of(call, scope)).bind(source)
    return entity(show_content_type(scope, made), context=_context(call), status=201)


def _applicable(call: Call, scope: Scope) -> Response:
    """`getApplicableContentTypesForList`: what a list could be given and does not have."""
    listing = need_list(scope, call.parts["id"])
    have = {parent_id(each).lower() for each in types_of(scope, listing).all()}
    library = listing.props.get("BaseType") == 1
    shown = [
        show_content_type(scope, each)
        for each in types_of(scope, scope.web).all()
        if each.id.lower() not in have and not each.stored().get("Hidden")
        and each.id.lower().startswith("0x0101") == library and len(each.id) > len("0x")
    ]  # fmt: skip
    return answer_all(call, shown, context="Collection(contentType)", of=CONTENT_TYPE)


def _show_base(scope: Scope, kind: ContentType) -> dict[str, Any] | None:
    above = types_of(scope, scope.web).find(parent_id(kind))
    return None if above is None else show_content_type(scope, above)


def _show_bases(scope: Scope, kind: ContentType) -> list[dict[str, Any]]:
    """The chain of ancestors, the nearest first, without the kind of everything (`0x`)."""
    found, current = [], types_of(scope, scope.web).find(parent_id(kind))
    while current is not None and current.id != "0x":
        found.append(show_content_type(scope, current))
        current = types_of(scope, scope.web).find(parent_id(current))
    return found


def _base(call: Call, scope: Scope) -> Response:
    shown = _show_base(scope, _kind(call, scope))
    if shown is None:
        raise not_found("Item not found")
    return entity(shown, context=_context(call), call=call, of=CONTENT_TYPE)


def _bases(call: Call, scope: Scope) -> Response:
    return answer_all(call, _show_bases(scope, _kind(call, scope)), context=_context(call), of=CONTENT_TYPE)


def _show_columns(kind: ContentType) -> list[dict[str, Any]]:
    """The linked columns; what a link says of a column goes before what the column says of itself."""
    links = {each["name"]: each for each in kind.links()}
    shown = []
    for field in sorted(FieldLinks(kind).all(), key=lambda each: list(links).index(each.field.name)):
        column = show_column(field.field)
        column["required"] = bool(links[field.field.name].get("Required"))
        column["hidden"] = bool(links[field.field.name].get("Hidden"))
        shown.append(column)
    return shown


def _show_links(kind: ContentType) -> list[dict[str, Any]]:
    return [{"id": each.field.defined.key, "name": each.field.name} for each in FieldLinks(kind).all()]


def _columns(call: Call, scope: Scope) -> Response:
    shown = _show_columns(_kind(call, scope))
    context = f"{_context(call)}('{call.parts['type']}')/columns"
    return answer_all(call, shown, context=context, of=COLUMN)


def _links(call: Call, scope: Scope) -> Response:
    return answer_all(call, _show_links(_kind(call, scope)), context=_context(call), of=COLUMN_LINK)


def _column(call: Call, scope: Scope) -> Response:
    context = f"{_context(call)}('{call.parts['type']}')/columns"
    return entity(_need_column(call, scope), context=context, call=call, of=COLUMN)


def _need_column(call: Call, scope: Scope) -> dict[str, Any]:
    wanted = call.parts["column"].casefold()
    for each in _show_columns(_kind(call, scope)):
        if wanted in (each["id"], each["name"].casefold()):
            return each
    raise not_found("Item not found")


def _add_column(call: Call, scope: Scope) -> Response:
    """`POST contentTypes/{id}/columns`: a link to a column of the site, named by its address."""
    body, kind = call.body(), _kind(call, scope)
    bound = str(body.get("sourceColumn@odata.bind") or "").rstrip("/").rsplit("/", 1)[-1]
    field = next((each for each in fields_of(scope, scope.web).all() if each.defined.key == as_guid(bound)), None)
    if field is None:
        raise bad_argument()
    if any(each["name"] == field.name for each in kind.links()):
        raise GraphError(409, "nameAlreadyExists", f"The column '{field.name}' is in the content type already.")
    FieldLinks(kind).create(Step(Segment("FieldLinks"), body={"FieldInternalName": field.name}))
    shown = next(each for each in _show_columns(_kind(call, scope)) if each["name"] == field.name)
    return entity(shown, context=f"{_context(call)}('{call.parts['type']}')/columns", status=201)


def _change_column(call: Call, scope: Scope) -> Response:
    kind, shown = _kind(call, scope), _need_column(call, scope)
    body = call.body()
    patch = {name: body[key] for key, name in (("required", "Required"), ("hidden", "Hidden"))
             if isinstance(body.get(key), bool)}  # fmt: skip
    kind.change_link(shown["name"], patch)
    return entity(_need_column(call, scope), context=f"{_context(call)}('{call.parts['type']}')/columns")


def _remove_column(call: Call, scope: Scope) -> Response:
    kind, shown = _kind(call, scope), _need_column(call, scope)
    kind.keep_links([each for each in kind.links() if each["name"] != shown["name"]])
    return Response(204)


def _published(call: Call, scope: Scope) -> Response:
    kind = _hub_type(call, scope)
    shown = {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean",
             "value": bool(kind.stored().get("_Published"))}  # fmt: skip
    return json_response(200, shown)


def _publish(call: Call, scope: Scope) -> Response:
    _hub_type(call, scope).save({"_Published": True})
    return Response(204)


def _unpublish(call: Call, scope: Scope) -> Response:
    kind = _hub_type(call, scope)
    if not kind.stored().get("_Published"):
        raise bad_argument("The content type is not published.")
    kind.save({"_Published": False})
    return Response(204)


def _associate(call: Call, scope: Scope) -> Response:
    body, kind = call.body(), _hub_type(call, scope)
    urls = body.get("hubSiteUrls")
    if not isinstance(urls, list) or not urls:
        raise bad_argument()
    kind.save({"_Hubs": [*dict.fromkeys([*kind.stored().get("_Hubs", []), *map(str, urls)])]})
    return Response(204)


def _hub_type(call: Call, scope: Scope) -> ContentType:
    """A content type of the hub; any other site refuses to publish, as in the service."""
    if scope.site.name.lower() != scope.tenant.names.content_type_hub.lower():
        raise bad_argument("Metadata hub feature is disabled on this site.")
    return _kind(call, scope)


def _compatible(call: Call, scope: Scope) -> Response:
    shown = [show_content_type(scope, each) for each in _hub_types(scope) if each.stored().get("_Published")]
    return answer_all(call, shown, context="Collection(contentType)", of=CONTENT_TYPE)


def _hub_types(scope: Scope) -> list[ContentType]:
    site = scope.store.find("site", 0, scope.tenant.names.content_type_hub)
    web = scope.store.children(site.id, "web")[0] if site else None
    return [] if site is None or web is None else types_of(_scope_at(scope, site, web), web).all()


def _scope_at(scope: Scope, site: Entity, web: Entity) -> Scope:
    return Scope(scope.tenant, scope.claims, site.name.partition("/")[0], site, web)


def _copy_from_hub(call: Call, scope: Scope) -> Response:
    wanted = str(call.body().get("contentTypeId") or "")
    source = next((each for each in _hub_types(scope) if each.id.lower() == wanted.lower()), None)
    if source is None or not source.stored().get("_Published"):
        raise not_found("Item not found")
    owner = owner_of(call, scope)
    site_types = types_of(scope, scope.web)
    kept = site_types.find(source.id)
    if kept is None:
        given = {"Name": source.stored()["Name"], "Group": source.stored().get("Group"),
                 "Description": source.stored().get("Description"), "Id": {"StringValue": source.id}}  # fmt: skip
        kept = site_types.create(Step(Segment("ContentTypes"), body=given))
    # Its columns come along, as columns of the site, and come again when it was published anew.
    site_types.add_columns(source)
    kept.keep_links(source.links())
    made = kept if owner.kind == "web" else types_of(scope, owner).bind(kept)
    return entity(show_content_type(scope, made), context=_context(call), status=201)


# A function's name may carry its namespace, and the brackets of a call without arguments.
_NS, _NO = "{namespace:(?:microsoft\\.graph\\.)?}", "{brackets:(?:\\(\\))?}"
_OF_BOTH = tuple(
    site_route(line, level, answer)
    for base in ("", "lists/{list}/")
    for line, level, answer in (
        (f"GET {base}contentTypes", Level.READ, _list),
        (f"POST {base}contentTypes", Level.MANAGE, _create),
        (f"GET {base}contentTypes/{_NS}getCompatibleHubContentTypes{_NO}", Level.READ, _compatible),
        (f"POST {base}contentTypes/{_NS}addCopyFromContentTypeHub", Level.MANAGE, _copy_from_hub),
        (f"POST {base}contentTypes/{_NS}addCopy", Level.MANAGE, _add_copy),
        (f"GET {base}contentTypes/{{type}}", Level.READ, _get),
        (f"PATCH {base}contentTypes/{{type}}", Level.MANAGE, _change),
        (f"DELETE {base}contentTypes/{{type}}", Level.MANAGE, _delete),
        (f"GET {base}contentTypes/{{type}}/base", Level.READ, _base),
        (f"GET {base}contentTypes/{{type}}/baseTypes", Level.READ, _bases),
        (f"GET {base}contentTypes/{{type}}/columns", Level.READ, _columns),
        (f"GET {base}contentTypes/{{type}}/columnPositions", Level.READ, _columns),
        (f"GET {base}contentTypes/{{type}}/columnLinks", Level.READ, _links),
        (f"POST {base}contentTypes/{{type}}/columns", Level.MANAGE, _add_column),
        (f"GET {base}contentTypes/{{type}}/columns/{{column}}", Level.READ, _column),
        (f"PATCH {base}contentTypes/{{type}}/columns/{{column}}", Level.MANAGE, _change_column),
        (f"DELETE {base}contentTypes/{{type}}/columns/{{column}}", Level.MANAGE, _remove_column),
        (f"GET {base}contentTypes/{{type}}/{_NS}isPublished{_NO}", Level.READ, _published),
        (f"POST {base}contentTypes/{{type}}/publish", Level.CONTROL, _publish),
        (f"POST {base}contentTypes/{{type}}/unpublish", Level.CONTROL, _unpublish),
        (f"POST {base}contentTypes/{{type}}/associateWithHubSites", Level.CONTROL, _associate),
    )
)
ROUTES: tuple[SiteRoute, ...] = (
    *_OF_BOTH,
    site_route(f"GET {_NS}getApplicableContentTypesForList(listId='{{id:[^']+}}')", Level.READ, _applicable),
)
