"""Sites in Graph: the way to a site and to everything below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.graph.access import require_level, trim_drives
from spmigrate.rehearsal.graph.call import Call, GraphError, entity
from spmigrate.rehearsal.graph.columns import show_columns
from spmigrate.rehearsal.graph.content_types import show_content_types
from spmigrate.rehearsal.graph.drives import answer_drives, default_drive, drives_of, show_drive
from spmigrate.rehearsal.graph.expansion import read_expand
from spmigrate.rehearsal.graph.ids import drive_id
from spmigrate.rehearsal.graph.list_items import drive_item_id, need_item
from spmigrate.rehearsal.graph.lists import visible_lists
from spmigrate.rehearsal.graph.site_opening import need_list, open_site
from spmigrate.rehearsal.graph.site_routes import not_found, translate_refusal
from spmigrate.rehearsal.graph.site_search import answer_delta, answer_sites, subsites
from spmigrate.rehearsal.graph.site_table import ROUTES
from spmigrate.rehearsal.graph.site_types import SITE
from spmigrate.rehearsal.graph.site_view import show_list, show_site, site_ids
from spmigrate.rehearsal.graph.term_store import answer_term_store
from spmigrate.rehearsal.graph.types import DRIVE
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.items import Item
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.access import Level, require
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_BY_PATH = re.compile(r"(?:microsoft\.graph\.)?getbypath\(path='(?P<path>[^']*)'\)(?:/(?P<rest>.*))?", re.IGNORECASE)
_DRIVE_OF_LIST = re.compile(r"lists/(?P<list>[^/]+)/drive(?P<rest>[/:].*)?", re.IGNORECASE)
_DRIVE_ITEM = re.compile(r"lists/(?P<list>[^/]+)/items/(?P<item>[^/]+)/driveitem(?P<rest>[/:].*)?", re.IGNORECASE)
# Links and permissions of a file's list item are the file's own.
_RIGHTS_OF_ITEM = re.compile(
    r"lists/(?P<list>[^/]+)/items/(?P<item>[^/]+)(?P<rest>/(?:createlink|permissions)(?:/.*)?)", re.IGNORECASE
)
# What a site has besides that is not rehearsed; anything else below a site is a wrong path.
_UNREHEARSED = frozenset({
    "onenote", "contentmodels", "documentprocessingjobs", "externalcolumns", "items", "recyclebin", "pagetemplates",
    "informationprotection", "createdbyuser", "lastmodifiedbyuser", "archive", "unarchive",
})  # fmt: skip
__all__ = ["Dispatch", "answer_site", "answer_sites", "open_site"]
Dispatch = Callable[[Call, str], Response]


def answer_site(call: Call, rest: str, dispatch: Dispatch) -> Response:
    """`sites/{id}` and all below it; drives are answered where drives are."""
    name = call.parts["site"].lower().removeprefix("microsoft.graph.").removesuffix("()")
    if name == "getallsites" and not rest:
        return answer_sites(call, all_sites=True)
    if name == "delta" and not rest:
        return answer_delta(call)
    scope = open_site(call, call.parts["site"])
    found = _BY_PATH.fullmatch(rest.strip("/"))
    if found is not None:
        scope, rest = _open_below(call, scope, found["path"]), found["rest"] or ""
    inside = replace(call, request=replace(call.request, claims=scope.claims))
    try:
        return _answer_below(inside, scope, rest.strip("/"), dispatch)
    except ODataError as error:
        raise translate_refusal(error) from None


def _open_below(call: Call, scope: Scope, path: str) -> Scope:
    """`getByPath`: a server-relative address, or one relative to the site."""
    try:
        return open_site(call, f"{scope.host}:/{path.strip('/')}")
    except GraphError:
        return open_site(call, f"{scope.host}:{scope.web_path}/{path.strip('/')}")


def _answer_below(call: Call, scope: Scope, path: str, dispatch: Dispatch) -> Response:
    method = call.request.method
    section, _, tail = path.partition("/")
    section = section.lower()
    if not section and method in ("GET", "HEAD"):
        require(scope.claims, Level.READ)
        return entity(_show_expanded(call, scope), context="sites", call=call, of=SITE)
    if section in ("termstore", "termstores"):
        return answer_term_store(call, path)
    if section == "drives" and not tail and method == "GET":
        return answer_drives(call, scope.site, scope.web)
    if section == "drives" and tail:
        return dispatch(call, f"drives/{tail}")
    if section == "drive" or section.startswith("drive:"):
        drive = default_drive(call.tenant, scope.site, scope.web)
        if not tail and method == "GET":
            require(scope.claims, Level.READ)
            return entity(show_drive(drive), context="drives", call=call, of=DRIVE)
        return dispatch(call, f"drives/{drive.id}/{tail}")
    handed_on = _to_drive(scope, path)
    return dispatch(call, handed_on) if handed_on is not None else _answer_route(call, scope, path)


def _answer_route(call: Call, scope: Scope, path: str) -> Response:
    method = "GET" if call.request.method == "HEAD" else call.request.method
    for route in ROUTES:
        found = route.pattern.fullmatch(path) if route.method == method else None
        if found is not None:
            parts = {name: value for name, value in found.groupdict().items() if value is not None}
            require(scope.claims, route.level)
            require_level(scope, route.level, method, _place(scope, parts))
            return route.answer(replace(call, parts={**call.parts, **parts}), scope)
    if not path and method in ("POST", "PUT"):
        raise GraphError(405, "notAllowed", "The method is not allowed for a site.")
    first = re.split(r"[/(]", path)[0]
    sections = {re.split(r"[/(\\]", each.pattern.pattern)[0].lower() for each in ROUTES}
    if first.lower() in _UNREHEARSED | sections:
        raise GraphError(501, "notImplemented", f"{method} {call.request.path} is not rehearsed.")
    raise GraphError(400, "BadRequest", f"Resource not found for the segment '{first}'.")


def _place(scope: Scope, parts: Mapping[str, str]) -> tuple[Entity | None, Item | None]:
    """The list, and the item, that a route is about."""
    if scope.claims.app_only or "list" not in parts:
        return None, None
    listing = need_list(scope, parts["list"])
    return listing, need_item(scope, listing, parts["item"]) if "item" in parts else None


def _to_drive(scope: Scope, path: str) -> str | None:
    """Where a path through a list leads among the drives, None when it does not."""
    found = _DRIVE_OF_LIST.fullmatch(path)
    if found is not None:
        return f"drives/{drive_id(scope.site, scope.web, need_list(scope, found['list']))}{found['rest'] or ''}"
    rights = _RIGHTS_OF_ITEM.fullmatch(path)
    found = rights or _DRIVE_ITEM.fullmatch(path)
    if found is None:
        return None
    listing = need_list(scope, found["list"])
    if listing.props.get("BaseType") != 1:
        if rights is not None:
            return None  # sharing of items that are no files is not rehearsed in Graph
        raise not_found()
    item = drive_item_id(scope, listing, found["item"])
    return f"drives/{drive_id(scope.site, scope.web, listing)}/items/{item}{found['rest'] or ''}"


def _show_expanded(call: Call, scope: Scope) -> dict[str, Any]:
    shown = show_site(scope.site, scope.web)
    if "sharepointids" in call.query.get("$select", "").lower():
        shown["sharepointIds"] = site_ids(scope.site, scope.web)
    related: dict[str, Callable[[], object]] = {
        "drive": lambda: show_drive(default_drive(scope.tenant, scope.site, scope.web)),
        "drives": lambda: [
            show_drive(each) for each in trim_drives(call, drives_of(scope.tenant, scope.site, scope.web))
        ],
        "lists": lambda: [show_list(scope, each) for each in visible_lists(scope)],
        "columns": lambda: show_columns(scope, scope.web),
        "contentTypes": lambda: show_content_types(scope, scope.web),
        "sites": lambda: subsites(scope),
    }
    wanted = read_expand(call.query.get("$expand", ""))
    return shown | {name: make() for name, make in related.items() if name.lower() in wanted}
