"""Lists and libraries in Graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from spmigrate.rehearsal.graph.access import sees_list
from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.columns import add_column, show_columns
from spmigrate.rehearsal.graph.content_types import show_content_types
from spmigrate.rehearsal.graph.drive_items import Drive
from spmigrate.rehearsal.graph.drives import show_drive
from spmigrate.rehearsal.graph.expansion import read_expand
from spmigrate.rehearsal.graph.list_items import show_page_of_items
from spmigrate.rehearsal.graph.site_listing import answer_all
from spmigrate.rehearsal.graph.site_opening import need_list
from spmigrate.rehearsal.graph.site_routes import SiteRoute, bad_argument, site_route
from spmigrate.rehearsal.graph.site_types import LIST, OPERATION
from spmigrate.rehearsal.graph.site_view import TEMPLATES, show_list
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint import lists as sharepoint_lists
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.builtin import LIST_TEMPLATES
from spmigrate.rehearsal.sharepoint.model import Call as Step
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_NUMBERS = {name.lower(): number for number, name in TEMPLATES.items()}
_WRITABLE = frozenset({"displayName", "description", "list", "name", "columns", "contentTypes", "template"})


def visible_lists(scope: Scope, *, system: bool = False) -> list[Entity]:
    """The lists of a web that Graph shows: those that people see, or with `system` all."""
    rows = scope.store.children(scope.web.id, "list")
    shown = [row for row in rows if system or not row.props.get("Hidden")]
    return [row for row in shown if sees_list(scope, row, listed=True)]


def show_drive_of(scope: Scope, listing: Entity) -> dict[str, Any] | None:
    """A library as a drive, None for any other list."""
    root = scope.content.root(listing.id)
    if listing.props.get("BaseType") != 1 or root is None:
        return None
    return show_drive(Drive(scope.tenant, scope.site, scope.web, listing, root))


def _context(call: Call) -> str:
    return f"sites('{call.parts['site']}')/lists"


def _list(call: Call, scope: Scope) -> Response:
    # System lists are left out unless the facet that tells them apart is asked for.
    system = "system" in [name.strip().lower() for name in call.query.get("$select", "").split(",")]
    shown = [_show(call, scope, each) for each in visible_lists(scope, system=system)]
    return answer_all(call, shown, context=_context(call), of=LIST)


def _get(call: Call, scope: Scope) -> Response:
    listing = need_list(scope, call.parts["list"])
    return entity(_show(call, scope, listing), context=_context(call), call=call, of=LIST)


def _show(call: Call, scope: Scope, listing: Entity) -> dict[str, Any]:
    shown = show_list(scope, listing)
    if "sharepointids" in call.query.get("$select", "").lower():
        host = scope.site.name.partition("/")[0]
        shown["sharepointIds"] = {"listId": listing.guid, "siteId": scope.site.guid, "webId": scope.web.guid,
                                  "siteUrl": f"https://{host}{scope.web_path}"}  # fmt: skip
    wanted = read_expand(call.query.get("$expand", ""))
    related: dict[str, Callable[[], object]] = {
        "columns": lambda: show_columns(scope, listing),
        "contentTypes": lambda: show_content_types(scope, listing),
        "drive": lambda: show_drive_of(scope, listing),
        "items": lambda: show_page_of_items(scope, listing, wanted["items"]),
    }
    return shown | {name: make() for name, make in related.items() if name.lower() in wanted}


def _create(call: Call, scope: Scope) -> Response:
    body = call.body()
    title = str(body.get("displayName") or "").strip()
    if not title:
        raise bad_argument()
    facet = body.get("list") or {}
    if not isinstance(facet, Mapping):
        raise bad_argument()
    given: dict[str, Any] = {"Title": title, "BaseTemplate": _template(facet)}
    if body.get("description"):
        given["Description"] = str(body["description"])
    for key, name in (("hidden", "Hidden"), ("contentTypesEnabled", "ContentTypesEnabled")):
        if facet.get(key) is not None:
            given[name] = bool(facet[key])
    made = sharepoint_lists.Lists(scope).create(Step(Segment("Lists"), body=given)).entity
    columns = body.get("columns") or []
    if not isinstance(columns, list) or not all(isinstance(each, Mapping) for each in columns):
        raise bad_argument()
    for column in columns:
        add_column(scope, made, column)
    listing = scope.store.by_id(made.id) or made
    return entity(show_list(scope, listing), context=_context(call), status=201)


def _template(facet: Mapping[str, Any]) -> int:
    name = str(facet.get("template") or "genericList")
    number = _NUMBERS.get(name.lower(), int(name) if name.isdecimal() else 0)
    if not number:
        raise bad_argument("Invalid template specified")
    if number not in LIST_TEMPLATES:
        raise GraphError(501, "notImplemented", f"A list from the template {name} is not rehearsed.")
    return number


def _change(call: Call, scope: Scope) -> Response:
    listing = need_list(scope, call.parts["list"])
    require_match(call, f'"{listing.guid},{listing.etag}"')
    body = call.body()
    patch: dict[str, Any] = {}
    for key, name in (("displayName", "Title"), ("description", "Description")):
        if isinstance(body.get(key), str):
            patch[name] = body[key]
    facet = body.get("list")
    if isinstance(facet, Mapping):
        for key, name in (("hidden", "Hidden"), ("contentTypesEnabled", "ContentTypesEnabled")):
            if facet.get(key) is not None:
                patch[name] = bool(facet[key])
    unknown = [name for name in body if name not in _WRITABLE and "@" not in name and name.lower() not in LIST.known]
    if unknown:
        raise bad_argument(f"The property '{unknown[0]}' does not exist on type 'microsoft.graph.list'.")
    target = sharepoint_lists.List(scope, listing)
    target.save(patch)
    return entity(show_list(scope, target.entity), context=_context(call))


def _delete(call: Call, scope: Scope) -> Response:
    listing = need_list(scope, call.parts["list"])
    require_match(call, f'"{listing.guid},{listing.etag}"')
    # As in the browser, a list goes to the recycle bin.
    sharepoint_lists.List(scope, listing).recycle(Step(Segment("Recycle")))
    return Response(204)


def require_match(call: Call, etag: str) -> None:
    """A 412 when If-Match names an older state."""
    wanted = call.request.headers.get("if-match", "*").strip()
    if wanted not in ("*", "", etag):
        raise GraphError(412, "preconditionFailed", "ETag does not match current item's value.")


def _operations(call: Call, scope: Scope) -> Response:
    # Nothing here takes so long that it is still under way when its call returns.
    return answer_all(call, [], context=f"sites('{scope.site.guid}')/operations", of=OPERATION)


ROUTES: tuple[SiteRoute, ...] = (
    site_route("GET lists", Level.READ, _list),
    site_route("POST lists", Level.MANAGE, _create),
    site_route("GET lists/{list}", Level.READ, _get),
    site_route("PATCH lists/{list}", Level.MANAGE, _change),
    site_route("DELETE lists/{list}", Level.MANAGE, _delete),
    site_route("GET operations", Level.READ, _operations),
    site_route("GET lists/{list}/operations", Level.READ, _operations),
)
