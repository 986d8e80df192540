"""`$orderby`, `$filter` and `$expand` where files and folders are asked for."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from orjson import Fragment

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.access import trim_page
from spmigrate.rehearsal.graph.call import Call, GraphError, select
from spmigrate.rehearsal.graph.drive_items import Drive, Showing, show_item
from spmigrate.rehearsal.graph.drive_lines import Lines
from spmigrate.rehearsal.graph.drive_permissions import show_permissions
from spmigrate.rehearsal.graph.drive_retention import show_retention
from spmigrate.rehearsal.graph.drive_versions import show_versions
from spmigrate.rehearsal.graph.expansion import read_expand
from spmigrate.rehearsal.graph.ids import item_id, site_id
from spmigrate.rehearsal.graph.types import DRIVE_ITEM, Type
from spmigrate.rehearsal.items import NAME, Row, read_item
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.filters import Expression, matches, parse_filter, paths_of
from spmigrate.rehearsal.storage import fold

_PAGE = 200
_PAGE_LIMIT = 5000
# Columns by which children can be ordered: Graph's name, the column of the table.
_ORDERS = {"name": "key", "size": "size", "lastmodifieddatetime": "modified", "createddatetime": "created"}


@dataclass(frozen=True, slots=True)
class Page:
    """Items of one page, read or as they are stored, and the token of the next; empty when there is none."""

    items: Sequence[Row | Item]
    following: str


@dataclass(frozen=True, slots=True)
class _Order:
    column: str
    descending: bool


def list_children(call: Call, drive: Drive, folder: Item) -> Page:
    """A page of a folder's children, as `$orderby`, `$filter`, `$top` and `$skiptoken` want it."""
    size = call.page_size(usual=_PAGE, most=_PAGE_LIMIT)
    order = _read_order(call)
    token = call.query.get("$skiptoken", "")
    condition = _read_condition(call)
    if condition is None and order == _Order("key", False):
        rows = drive.tenant.content.child_rows(folder, after=token, limit=size + 1)
        return Page(trim_page(call, drive, rows[:size]), fold(rows[size - 1][NAME]) if len(rows) > size else "")
    page = _list_ordered(drive, folder, order, condition=condition, size=size, token=token)
    return Page(trim_page(call, drive, page.items), page.following)


def show_page(call: Call, drive: Drive, page: Page) -> list[dict[str, Any]] | Fragment:
    """What a page shows: written down at once where nothing is chosen and nothing added."""
    if call.whole:
        return Lines(drive).write(page.items)
    showing = Showing(drive)
    items = list(map(read_item, page.items))
    return expand(call, drive, [(item, showing.show(item)) for item in items])


def _list_ordered(
    drive: Drive, folder: Item, order: _Order, *, condition: Expression | None, size: int, token: str
) -> Page:
    content = drive.tenant.content
    kept: list[Item] = []
    after = _read_token(token)
    while True:
        found = content.children_by(folder, order.column, descending=order.descending, after=after, limit=_PAGE)
        for item in found:
            if condition is None or matches(condition, partial(_read, show_item(drive, item))):
                kept.append(item)
            if len(kept) > size:
                last = kept[size - 1]
                return Page(kept[:size], _write_token(_place(last, order.column), last.id))
        if len(found) < _PAGE:
            return Page(kept, "")
        after = (_place(found[-1], order.column), found[-1].id)


def _place(item: Item, column: str) -> str | int:
    places: dict[str, str | int] = {
        "key": fold(item.name), "size": item.size, "modified": item.modified, "created": item.created,
    }  # fmt: skip
    return places[column]


def _write_token(place: str | int, item: int) -> str:
    kind = "n" if isinstance(place, int) else "t"
    return base64.urlsafe_b64encode(f"{kind};{item};{place}".encode()).decode().rstrip("=")


def _read_token(token: str) -> tuple[str | int, int] | None:
    if not token:
        return None
    try:
        kind, item, place = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split(";", 2)
        return (int(place) if kind == "n" else place), int(item)
    except ValueError:
        raise GraphError(400, "invalidRequest", "The skip token is malformed.") from None


def _read_order(call: Call) -> _Order:
    text = call.query.get("$orderby", "name")
    name, *direction = text.split() or [""]
    if name.lower() not in _ORDERS:
        DRIVE_ITEM.require_paths({name}, "Invalid OrderBy clause")
        raise GraphError(400, "notSupported", f"Ordering by {name} is not supported.")
    if [each.lower() for each in direction] not in ([], ["asc"], ["desc"]):
        raise GraphError(400, "BadRequest", f"Syntax error in the OrderBy clause '{text}'.")
    return _Order(_ORDERS[name.lower()], "desc" in text.lower().split())


def cut_page(call: Call, shown: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """Of a short list the page that `$top` and `$skiptoken` ask for, and the address of the next; empty for none."""
    size = call.page_size(usual=_PAGE, most=_PAGE_LIMIT)
    text = call.query.get("$skiptoken", "0")
    start = int(text) if text.isdecimal() and text.isascii() else 0
    more = call.link(**{"$skiptoken": str(start + size)}) if start + size < len(shown) else ""
    return shown[start : start + size], more


def filter_shown(call: Call, shown: list[dict[str, Any]], of: Type) -> list[dict[str, Any]]:
    """Of some things those that `$filter` lets through."""
    condition = _read_condition(call, of)
    return shown if condition is None else [each for each in shown if matches(condition, partial(_read, each))]


def _read_condition(call: Call, of: Type = DRIVE_ITEM) -> Expression | None:
    text = call.query.get("$filter")
    if text is None:
        return None
    try:
        condition = parse_filter(text)
    except ODataError as error:
        raise GraphError(400, "BadRequest", f"Invalid filter clause: {error}") from None
    of.require_paths(paths_of(condition), "Invalid filter clause")
    return condition


def _read(shown: dict[str, Any], path: str) -> object:
    value: Any = shown
    for step in path.split("/"):
        if not isinstance(value, dict):
            return None
        value = next((each for name, each in value.items() if name.lower() == step.lower()), None)
    # A facet is compared with nothing but null.
    return True if isinstance(value, dict) else value


Expander = Callable[[Call, Drive, Item, dict[str, str]], dict[str, Any]]


def expand(call: Call, drive: Drive, shown: list[tuple[Item, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The items with what `$expand` asks for."""
    text = call.query.get("$expand", "")
    if not text:
        return [content for _, content in shown]
    DRIVE_ITEM.require_expansion(text)
    wanted = read_expand(text)
    for item, content in shown:
        for name, options in wanted.items():
            content.update(_EXPANDERS[name](call, drive, item, options))
    return [content for _, content in shown]


def _within(call: Call, options: dict[str, str]) -> Call:
    return Call(call.request, call.tenant, call.parts, options)


def _expand_children(call: Call, drive: Drive, item: Item, options: dict[str, str]) -> dict[str, Any]:
    if not item.folder:
        return {}
    inner = _within(call, options)
    page = list_children(inner, drive, item)
    shown = show_page(inner, drive, page)
    found: dict[str, Any] = {"children": select(shown, inner, DRIVE_ITEM) if isinstance(shown, list) else shown}
    if page.following:
        address = f"{call.base}/drives/{drive.id}/items/{item_id(item)}/children?$skiptoken={page.following}"
        found["children@odata.nextLink"] = address
    return found


def _expand_permissions(_call: Call, drive: Drive, item: Item, _options: dict[str, str]) -> dict[str, Any]:
    return {"permissions": show_permissions(drive, item)}


def _expand_thumbnails(_call: Call, _drive: Drive, _item: Item, _options: dict[str, str]) -> dict[str, Any]:
    return {"thumbnails": []}


def _expand_versions(_call: Call, drive: Drive, item: Item, _options: dict[str, str]) -> dict[str, Any]:
    return {} if item.folder else {"versions": show_versions(drive, item)}


def _expand_retention(_call: Call, drive: Drive, item: Item, _options: dict[str, str]) -> dict[str, Any]:
    return {"retentionLabel": show_retention(drive, item)}


def _expand_list_item(call: Call, drive: Drive, item: Item, options: dict[str, str]) -> dict[str, Any]:
    if not item.parent:
        return {}
    from spmigrate.rehearsal.graph.router import dispatch  # it leads here, too

    path = f"sites/{site_id(drive.site, drive.web)}/lists/{drive.listing.guid}/items/{item.list_item}"
    answered = json.loads(dispatch(_within(call, options), path).body)
    return {"listItem": {name: value for name, value in answered.items() if name != "@odata.context"}}


_EXPANDERS: dict[str, Expander] = {
    "children": _expand_children,
    "permissions": _expand_permissions,
    "thumbnails": _expand_thumbnails,
    "versions": _expand_versions,
    "listitem": _expand_list_item,
    "retentionlabel": _expand_retention,
}
