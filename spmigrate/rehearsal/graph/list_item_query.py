"""Many list items in Graph: pages, filters on indexed columns, order, and delta."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.graph.call import Call, GraphError, collection
from spmigrate.rehearsal.graph.list_item_fields import FieldSet
from spmigrate.rehearsal.graph.list_items import PAGE, context, expansion, show_list_item, wants_ids
from spmigrate.rehearsal.graph.site_opening import need_list
from spmigrate.rehearsal.graph.site_routes import bad_argument
from spmigrate.rehearsal.graph.site_types import LIST_ITEM
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.filters import Expression, matches, parse_filter, paths_of
from spmigrate.rehearsal.sharepoint.access import trim
from spmigrate.rehearsal.sharepoint.items import ListItem
from spmigrate.rehearsal.sharepoint.scope import Scope

# Source: the list view threshold, from which SharePoint refuses queries without an index.
_THRESHOLD = 5000
_MOST = 5000
_STEP = 500
_ANSWERED = frozenset({"$filter", "$orderby", "$count"})
_HONOUR = "honornonindexedquerieswarningmayfailrandomly"
_OWN = {"id": "ID", "createddatetime": "Created", "lastmodifieddatetime": "Modified", "contenttype/id": "ContentTypeId"}
# Columns that are kept beside the others: their place in the table of items.
_PLACES = {"ID": "list_item", "Created": "created", "Modified": "modified", "FileLeafRef": "key"}


def list_items(call: Call, scope: Scope) -> Response:
    """`GET …/items`, in pages; a filter or an order must name an indexed column unless a header allows others."""
    listing = need_list(scope, call.parts["list"])
    fields = FieldSet(scope, listing)
    expand = expansion(call)
    size = call.page_size(usual=PAGE, most=_MOST)
    expression = _read_filter(call, fields)
    order = _read_order(call, fields)
    filtered = {_column(fields, each) for each in paths_of(expression)} if expression else set()
    _require_index(call, fields, filtered | {name for name, _ in order})
    token = _read_token(call)
    rows = _ordered(fields, order, token) if order else _in_turn(fields, token)
    page: list[tuple[int, Item]] = []
    more = False
    for mark, item in rows:
        if expression is not None and not matches(expression, partial(_read, fields, item)):
            continue
        if not trim([ListItem(scope, listing, item, fields.columns)], scope.claims):
            continue
        if len(page) == size:
            more = True
            break
        page.append((mark, item))
    shown = [show_list_item(fields, item, expand, ids=wants_ids(call)) for _, item in page]
    following = call.link(**{"$skiptoken": _write_token(page[-1][0], ordered=bool(order))}) if more else ""
    return collection(shown, context=context(call), call=call, of=LIST_ITEM, more=_ANSWERED, next=following)


def _in_turn(fields: FieldSet, after: int) -> Iterator[tuple[int, Item]]:
    """Every item in order of number, few at a time; with each the place after it."""
    content = fields.scope.content
    while True:
        rows = content.items(fields.listing.id, after=after, limit=_STEP)
        yield from ((row.list_item, row) for row in rows)
        if len(rows) < _STEP:
            return
        after = rows[-1].list_item


def _ordered(fields: FieldSet, order: list[tuple[str, bool]], start: int) -> Iterator[tuple[int, Item]]:
    """Every item in an order, few at a time; with each how many came up to it."""
    keys: list[str] = []
    arguments: list[object] = [fields.listing.id]
    for name, descending in order:
        if name not in _PLACES:
            arguments.append(f'$."{name}"')
        expression = _PLACES.get(name, "json_extract(fields, ?)")
        keys.append(f"{expression} COLLATE NOCASE {'DESC' if descending else 'ASC'}")
    clause = f"list = ? AND list_item > 0 AND bin = 0 ORDER BY {', '.join(keys)}, list_item LIMIT {_STEP} OFFSET ?"
    while True:
        rows = fields.scope.content.many(clause, *arguments, start)
        for row in rows:
            start += 1
            yield start, row
        if len(rows) < _STEP:
            return


def _read_filter(call: Call, fields: FieldSet) -> Expression | None:
    text = call.query.get("$filter", "")
    if not text.strip():
        return None
    try:
        expression = parse_filter(text)
    except ODataError as error:
        raise GraphError(400, "invalidRequest", f"Invalid filter clause: {error}") from None
    for path in paths_of(expression):
        _column(fields, path)
    return expression


def _read_order(call: Call, fields: FieldSet) -> list[tuple[str, bool]]:
    order = []
    for part in call.query.get("$orderby", "").split(","):
        path, *direction = part.split() or [""]
        if not path:
            continue
        if [each.lower() for each in direction] not in ([], ["asc"], ["desc"]):
            raise GraphError(400, "invalidRequest", f"Syntax error in the OrderBy clause '{part.strip()}'.")
        order.append((_column(fields, path), bool(direction) and direction[0].lower() == "desc"))
    return order


def _column(fields: FieldSet, path: str) -> str:
    """The column that a path of a query means; a 400 when the list has none of the name."""
    head, slash, name = path.partition("/")
    own = _OWN.get(path.lower())
    if own is not None:
        return own
    found = fields.find(name) if slash and head.lower() == "fields" else None
    if found is None:
        raise bad_argument(f"Field '{name or head}' is not recognized")
    return found


def _require_index(call: Call, fields: FieldSet, names: set[str]) -> None:
    plain = sorted(name for name in names if not fields.is_indexed(name))
    if not plain:
        return
    if _HONOUR not in call.request.headers.get("prefer", "").lower():
        raise bad_argument(
            f"Field '{plain[0]}' cannot be referenced in filter or orderby as it is not indexed. Provide the "
            "'Prefer: HonorNonIndexedQueriesWarningMayFailRandomly' header to allow this, but be warned that such "
            "queries may fail on large lists."
        )
    if fields.scope.content.count_items(fields.listing.id) > _THRESHOLD and len(plain) == len(names):
        message = "The request is unprocessable because it uses too many resources"
        raise GraphError(422, "unprocessableEntity", message)


def _read(fields: FieldSet, item: Item, path: str) -> Any:
    name = _column(fields, path)
    if path.lower().endswith("lookupid"):
        return item.fields.get(name)
    return fields.value(item, name)


def _read_token(call: Call) -> int:
    token = call.query.get("$skiptoken", "")
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        return int(text.rpartition("=")[2])
    except ValueError:
        raise bad_argument() from None


def _write_token(mark: int, *, ordered: bool) -> str:
    text = f"Paged=TRUE&p_{'Offset' if ordered else 'ID'}={mark}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the log of changes: what came after `after`; what was gone by `began` was never seen."""

    after: int
    began: int

    def write(self) -> str:
        """The token for this place."""
        return base64.urlsafe_b64encode(f"1;3;{self.after};{self.began}".encode()).decode().rstrip("=")


def read_mark(token: str) -> Mark:
    """The place of a token; a 410 when it is none, as for a token that is too old."""
    try:
        parts = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split(";")
        return Mark(int(parts[2]), int(parts[3]))
    except (ValueError, IndexError):
        raise GraphError(410, "resyncRequired", "Resync required. The token is not valid any more.") from None


def delta(call: Call, scope: Scope) -> Response:
    """`GET …/items/delta`: what has changed in a list since a token, in pages."""
    listing = need_list(scope, call.parts["list"])
    inline = call.parts.get("token", "")
    token = inline or call.query.get("token") or call.query.get("$deltatoken") or call.query.get("$skiptoken", "")
    content = scope.content
    newest = content.last_change
    if token == "latest":  # noqa: S105 - a word of the interface
        return _delta_page(call, [], "delta", Mark(newest, 0))
    point = read_mark(token) if token else Mark(0, newest)
    size = call.page_size(usual=PAGE, most=_MOST)
    found = content.changes(listing.id, after=point.after, limit=size + 1)
    fields, expand = FieldSet(scope, listing), expansion(call)
    shown = []
    for item in found[:size]:
        if not item.parent or (item.bin and item.change <= point.began):
            continue
        if item.bin:
            shown.append({"id": str(item.list_item), "deleted": {"state": "deleted"}})
        else:
            shown.append(show_list_item(fields, item, expand, ids=wants_ids(call)))
    if len(found) > size:
        return _delta_page(call, shown, "next", Mark(found[size - 1].change, point.began))
    last = found[-1].change if found else point.after
    return _delta_page(call, shown, "delta", Mark(max(last, newest), 0))


def _delta_page(call: Call, shown: list[dict[str, Any]], kind: str, point: Mark) -> Response:
    base = call.path.partition("delta(")[0].removesuffix("/delta").rstrip("/")
    kept = "".join(f"&{name}={call.query[name]}" for name in ("$select", "$expand", "$top") if name in call.query)
    link = f"https://{call.request.host}{base}/delta?token={point.write()}{kept}"
    following, end = (link, "") if kind == "next" else ("", link)
    return collection(shown, context=context(call), call=call, of=LIST_ITEM, next=following, delta=end)
