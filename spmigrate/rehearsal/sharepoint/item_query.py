"""Finding items of a list: filtered, ordered, by pages, without ever holding a whole list.

Items stream from the database in order of number. An ordered page keeps only as many items as it shows. What SharePoint
refuses above the list view threshold is refused here.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.items import COLUMNS, read_row
from spmigrate.rehearsal.odata.errors import over_threshold
from spmigrate.rehearsal.odata.filters import sort_key
from spmigrate.rehearsal.sharepoint.access import item_filter
from spmigrate.rehearsal.sharepoint.item_values import ItemReader
from spmigrate.rehearsal.storage import fold

# Source: the list view threshold, from which SharePoint refuses queries without an index.
THRESHOLD = 5000
# Columns that every list finds quickly. That Created and Modified are among them is how modern lists behave: the
# service makes those indexes itself when a list grows.
_ALWAYS_INDEXED = frozenset({
    "id", "guid", "uniqueid", "created", "modified", "fileleafref", "filedirref", "fileref", "fsobjtype",
})  # fmt: skip

Order = tuple[str, bool]
# Whole numbers that the database can hold.
_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Search:
    """Which items, in which order, how many, after which one.

    ``named`` are the columns of the filter (None: there is no filter); ``folder`` is the row of the folder whose
    children alone are meant; ``sql`` narrows the search in the database and may let too many pass, never too few.
    """

    limit: int
    test: Callable[[Item], bool] | None = None
    named: frozenset[str] | None = None
    either: bool = False
    orders: tuple[Order, ...] = ()
    folder: Item | None = None
    folders_first: bool = False
    position: Mapping[str, str] | None = None
    sql: tuple[str, tuple[object, ...]] = ("", ())


@dataclass(frozen=True, slots=True)
class Page:
    """The items found, and where the next page begins (None at the end)."""

    items: list[Item]
    next: str | None = None
    previous: str | None = None


class _Down:
    """A sort key turned round."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = key

    def __lt__(self, other: _Down) -> bool:
        return bool(other.key < self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and bool(self.key == other.key)

    def __hash__(self) -> int:
        return hash(self.key)


def find_page(reader: ItemReader, search: Search) -> Page:
    """One page of a list's items; refuses (500) what the list view threshold forbids."""
    _refuse_large(reader, search)
    position = search.position or {}
    backwards = position.get("PagedPrev", "").upper() == "TRUE"
    start = _start(position)
    if search.orders or search.folders_first:
        found = _ordered(reader, search, start, backwards=backwards)
    else:
        found = _numbered(reader, search, start, backwards=backwards)
    more = len(found) > search.limit
    page = found[: search.limit]
    if backwards:
        page.reverse()
    if not page:
        return Page([])
    following = more or backwards
    earlier = bool(position) and (not backwards or more)
    return Page(
        page,
        _token(reader, search, page[-1]) if following else None,
        f"{_token(reader, search, page[0])}&PagedPrev=TRUE" if earlier else None,
    )


def stream(
    reader: ItemReader, search: Search, *, after: int = 0, before: int = 0, backwards: bool = False
) -> Iterator[Item]:
    """Living items in order of number that pass the filter; ``after`` and ``before`` are numbers not met again."""
    clauses, arguments = ["list = ?", "list_item > ?", "bin = 0"], [reader.owner.id, after]
    values: list[object] = [*arguments]
    if before:
        clauses.append("list_item < ?")
        values.append(before)
    if search.folder is not None:
        clauses.append("+parent = ?")
        values.append(search.folder.id)
    if search.sql[0]:
        clauses.append(search.sql[0])
        values += search.sql[1]
    direction = "DESC" if backwards else "ASC"
    query = f"SELECT {COLUMNS} FROM item WHERE {' AND '.join(clauses)} ORDER BY list_item {direction}"  # noqa: S608
    visible = item_filter(reader.scope, reader.owner)
    for row in reader.scope.store.db.execute(query, values):
        item = read_row(row)
        if (search.test is None or search.test(item)) and (visible is None or visible(item)):
            yield item


def narrow(conditions: Sequence[tuple[str, str, Sequence[Any]]]) -> tuple[str, tuple[object, ...]]:
    """The part of a filter that the database can judge: conditions that must all hold, each (column, operator,
    constants), operators as in OData (``eq`` ``gt`` ``in`` …)."""
    clauses: list[str] = []
    arguments: list[object] = []
    for column, operator, constants in conditions:
        made = _sql_of(column, operator, constants)
        if made is not None:
            clauses.append(made[0])
            arguments += made[1]
    return " AND ".join(clauses), tuple(arguments)


def _sql_of(column: str, operator: str, constants: Sequence[Any]) -> tuple[str, list[object]] | None:
    sign = {"eq": "=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}.get(operator)
    if column == "ID" and all(_NUMBER.fullmatch(str(each)) for each in constants):
        numbers: list[object] = [int(each) for each in constants]
        if operator == "in":
            return f"list_item IN ({','.join('?' * len(numbers))})", numbers
        return (f"list_item {sign} ?", numbers) if sign else None
    if operator != "eq" or len(constants) != 1:
        return None
    text = str(constants[0])
    if column in ("UniqueId", "GUID"):
        return "guid = ?", [text.strip("{}").lower()]
    if column == "FileLeafRef":
        return "key = ?", [fold(text)]
    if column.startswith("fields.") and text and text.isascii() and column[7:].isidentifier():
        return f"json_extract(fields, '$.{column[7:]}') = ? COLLATE NOCASE", [text]
    return None


def _refuse_large(reader: ItemReader, search: Search) -> None:
    content = reader.scope.content
    if content.count_items(reader.owner.id) <= THRESHOLD:
        return
    if search.folder is not None and content.count(search.folder) <= THRESHOLD:
        return
    indexed = _ALWAYS_INDEXED | {each.lower() for each in reader.columns.indexed}
    if search.named is not None:
        known = [name.lower() in indexed for name in search.named]
        # One index is enough where all conditions must hold; each side of an Or needs its own.
        if not (all(known) if search.either else any(known)):
            raise over_threshold()
        return
    if any(name.lower() not in indexed for name, _ in search.orders[:1]):
        raise over_threshold()


def _start(position: Mapping[str, str]) -> int:
    """The number of the item that the last page ended with, 0 for one that the position does not say."""
    text = str(position.get("p_ID") or 0)
    return int(text) if _NUMBER.fullmatch(text) else 0


def _numbered(reader: ItemReader, search: Search, start: int, *, backwards: bool) -> list[Item]:
    found: list[Item] = []
    after, before = (0, start) if backwards else (start, 0)
    for item in stream(reader, search, after=after, before=before, backwards=backwards):
        found.append(item)
        if len(found) > search.limit:
            break
    return found


def _ordered(reader: ItemReader, search: Search, start: int, *, backwards: bool) -> list[Item]:
    def key(item: Item) -> list[Any]:
        keys: list[Any] = [not item.folder] if search.folders_first else []
        for name, descending in search.orders:
            made = _key_of(reader, item, name)
            keys.append(_Down(made) if descending else made)
        return [*keys, item.list_item]

    last = reader.scope.content.by_number(reader.owner.id, start) if start else None
    candidates = stream(reader, search)
    if last is None:
        return heapq.nsmallest(search.limit + 1, candidates, key=key)
    edge = key(last)
    if backwards:
        return heapq.nlargest(search.limit + 1, (item for item in candidates if key(item) < edge), key=key)
    return heapq.nsmallest(search.limit + 1, (item for item in candidates if edge < key(item)), key=key)


def _key_of(reader: ItemReader, item: Item, name: str) -> tuple[int, float | str]:
    value = reader.raw(item, name)
    if value is not None and reader.kind(name) in ("User", "UserMulti", "Lookup", "LookupMulti", "URL"):
        return sort_key(reader.text(item, name))
    if isinstance(value, list | Mapping):
        return sort_key(reader.text(item, name))
    return sort_key(value)


def _token(reader: ItemReader, search: Search, item: Item) -> str:
    parts = ["Paged=TRUE"]
    if search.folders_first:
        parts.append(f"p_SortBehavior={int(item.folder)}")
    for name, _ in search.orders:
        if name != "ID":
            parts.append(f"p_{name}={quote(reader.text(item, name), safe='')}")
    return "&".join([*parts, f"p_ID={item.list_item}"])
