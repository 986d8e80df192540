"""``GetItems``, ``RenderListData`` and ``RenderListDataAsStream``: what a view of a list shows, page by page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found, unknown_property
from spmigrate.rehearsal.sharepoint import folder_tree, items
from spmigrate.rehearsal.sharepoint.caml import Both, Comparison, Condition, Query, Value, read_query, read_view
from spmigrate.rehearsal.sharepoint.caml_tests import (
    Passes,
    column_named,
    columns_named,
    compile_condition,
    has_either,
    narrowing,
)
from spmigrate.rehearsal.sharepoint.item_query import Page, Search, find_page, stream
from spmigrate.rehearsal.sharepoint.item_values import FULL_MASK, ItemReader
from spmigrate.rehearsal.sharepoint.list_rows import Row, RowWriter
from spmigrate.rehearsal.sharepoint.list_schema import context_info, list_schema
from spmigrate.rehearsal.sharepoint.lookups import refuse_many_lookups
from spmigrate.rehearsal.sharepoint.model import Call, Raw
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.properties import whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.views import View, Views, default_view
from spmigrate.rehearsal.storage import Entity

# Source: RenderListDataOptions.
CONTEXT_INFO, LIST_DATA, LIST_SCHEMA, MENU_VIEW = 1, 2, 4, 8
_USUAL_LIMIT = 100
_MAX_LIMIT = 5000
_QUERY = frozenset({
    "ViewXml", "FolderServerRelativeUrl", "FolderServerRelativePath", "ListItemCollectionPosition", "DatesInUtc",
    "AllowIncrementalResults",
})  # fmt: skip
_PARAMETERS = frozenset({
    "AddAllFields", "AddAllViewFields", "AddRegionalSettings", "AddRequiredFields",
    "AllowMultipleValueFilterForTaxonomyFields", "AudienceTarget", "DatesInUtc", "ExpandGroups", "ExpandUserField",
    "FilterOutChannelFoldersInDefaultDocLib", "FirstGroupOnly", "FolderServerRelativeUrl",
    "ImageFieldsToTryRewriteToCdnUrls", "MergeDefaultView", "ModernListBoot", "OriginalDate", "OverrideViewXml",
    "Paging", "RenderOptions", "RenderURLFieldInJSON", "ReplaceGroup", "RequireFolderColoringFields", "ShowStubFile",
    "ViewXml",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call wants of a list: the query, the folder, where the page begins."""

    query: Query
    folder: Item | None = None
    position: Mapping[str, str] = field(default_factory=dict)


def query_items(scope: Scope, owner: Entity, call: Call) -> list[items.ListItem]:
    """The items that a ``CamlQuery`` finds; refuses what is none, and what the list view threshold forbids."""
    given = call.record("query")
    for name in given:
        if name not in _QUERY:
            raise unknown_property(name, "SP.CamlQuery")
    query = read_view(str(given.get("ViewXml") or ""))
    path = given.get("FolderServerRelativePath")
    address = given.get("FolderServerRelativeUrl") or (path or {}).get("DecodedUrl")
    position = (given.get("ListItemCollectionPosition") or {}).get("PagingInfo") or ""
    found = items.Items(scope, owner)
    reader = found.reader
    lookups = found.columns.joined
    refuse_many_lookups(lookups, (*(query.columns or lookups), *judged_by(reader, query.where)))
    asked = Asked(query, _folder(scope, owner, address, query), dict(parse_qsl(position, keep_blank_values=True)))
    limit = _MAX_LIMIT if query.limit is None else query.limit
    page = find_page(reader, search_of(reader, asked, limit=limit or _MAX_LIMIT))
    return [items.ListItem(scope, owner, each).sharing(reader) for each in page.items]


def search_of(reader: ItemReader, asked: Asked, *, limit: int) -> Search:
    """The search that a query means."""
    query = asked.query
    recursive = query.scope.startswith("Recursive")
    test = _kinds(query.scope)
    where = query.where
    if where is not None:
        judged = compile_condition(reader, where)
        test = judged if test is None else _both(test, judged)
    if recursive and asked.folder is not None:
        test = _below(reader, asked.folder, test)
    orders = tuple((column_named(reader, name), down) for name, down in query.orders)
    groups = tuple((column_named(reader, name), False) for name in query.groups)
    by_number = not groups and all(name == "ID" and not down for name, down in orders)
    return Search(
        limit=min(limit, _MAX_LIMIT),
        test=test,
        named=None if where is None else judged_by(reader, where),
        either=where is not None and has_either(where),
        orders=() if by_number else (*groups, *orders),
        folder=None if recursive else asked.folder or reader.scope.content.root(reader.owner.id),
        # Folders stand before files in a view of one folder, whatever the order.
        folders_first=bool(orders) and not recursive and not by_number,
        position=asked.position or None,
        sql=("", ()) if where is None else narrowing(reader, where),
    )


def judged_by(reader: ItemReader, where: Condition | None) -> frozenset[str]:
    """The columns that a condition names, none when there is none."""
    return frozenset() if where is None else columns_named(reader, where)


def render_stream(scope: Scope, owner: Entity, call: Call) -> Raw:
    """``RenderListDataAsStream``: JSON as it is, whatever the caller accepts."""
    given = call.record("parameters") if "parameters" in {name.lower() for name in call.body} else {}
    for name in given:
        if name not in _PARAMETERS:
            raise unknown_property(name, "SP.RenderListDataParameters")
    options = whole(given.get("RenderOptions"), "RenderOptions")
    view = _view(scope, owner, call)
    query = _query_of(view, given)
    answer = _Rendering(scope, owner, view, call).answer(query, given, options)
    return Raw(
        json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(), kind="application/json;charset=utf-8"
    )


def render_data(scope: Scope, owner: Entity, call: Call) -> str:
    """``RenderListData``: the rows of a view as text that holds JSON."""
    view = default_view(scope, owner)
    query = _query_of(view, {"ViewXml": call.text("viewXml", 0, default="") or "<View/>"})
    answer = _Rendering(scope, owner, view, call).answer(query, {"AddRequiredFields": True}, 0)
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


class _Rendering:
    """One answer of list data."""

    def __init__(self, scope: Scope, owner: Entity, view: View, call: Call) -> None:
        self.scope = scope
        self.owner = owner
        self.view = view
        self.call = call
        found = items.Items(scope, owner)
        self.reader = found.reader
        self.lookups = found.columns.joined

    def answer(self, query: Query, given: Mapping[str, Any], options: int) -> dict[str, Any]:
        """The body for a query; `options` are the bits of RenderOptions, which say what of it is wanted."""
        wants_data = options & LIST_DATA or options == 0
        columns = query.columns or self._visible()
        body: dict[str, Any] = {}
        if wants_data:
            body = self._data(query, columns, given)
        if options & ~LIST_DATA == 0:
            return body
        whole: dict[str, Any] = {"wpq": "", "Templates": {}}
        if wants_data:
            whole["ListData"] = body
        if options & LIST_SCHEMA:
            whole["ListSchema"] = list_schema(self.reader, self.view, columns)
        if options & CONTEXT_INFO:
            whole |= context_info(self.reader, self.view)
        if options & MENU_VIEW:
            whole["ViewMetadata"] = {
                "Id": self.view.defined.key,
                "ListViewXml": self.view.stored().get("ViewQuery", ""),
            }
        return whole

    def _data(self, query: Query, columns: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
        address = given.get("FolderServerRelativeUrl") or self.call.query.get("rootfolder", "").strip("'")
        query = _sorted(_filtered(self.reader, query, self.call.query), self.call.query)
        refuse_many_lookups(self.lookups, (*columns, *judged_by(self.reader, query.where)))
        position = self._position(given)
        folder = _folder(self.scope, self.owner, address, query)
        limit = min(query.limit or _USUAL_LIMIT, _MAX_LIMIT)
        search = search_of(self.reader, Asked(query, folder, position), limit=limit)
        page = find_page(self.reader, search)
        writer = RowWriter(
            self.reader,
            columns,
            required=bool(given.get("AddRequiredFields")),
            utc=bool(given.get("DatesInUtc")) or query.dates_in_utc,
        )
        first = int(position.get("PageFirstRow") or 1)
        rows = [writer.row(each) for each in page.items]
        for name in query.groups:
            self._group(rows, page.items, column_named(self.reader, name), search)
        return self._frame(rows, page, first, limit, folder)

    def _frame(self, rows: list[Row], page: Page, first: int, limit: int, folder: Item | None) -> dict[str, Any]:
        body: dict[str, Any] = {
            "Row": rows,
            "FirstRow": first if rows else 0,
            "FolderPermissions": FULL_MASK,
            "LastRow": first + len(rows) - 1 if rows else 0,
            "RowLimit": limit,
        }
        view = f"&View={self.view.defined.key}"
        if page.next:
            body["NextHref"] = f"?{page.next}&PageFirstRow={first + len(rows)}{view}"
        if page.previous:
            body["PrevHref"] = f"?&{page.previous}&PageFirstRow={max(first - limit, 1)}{view}"
        address = self.reader.address(folder) if folder is not None and folder.parent else ""
        return body | {
            "FilterLink": "?",
            "ForceNoHierarchy": "1",
            "HierarchyHasIndention": "",
            "CurrentFolderSpItemUrl": f"https://{self.scope.host}{address}" if address else "",
        }

    def _group(self, rows: list[Row], found: list[Item], name: str, search: Search) -> None:
        counts = Counter(self.reader.text(each, name) for each in stream(self.reader, search))
        previous, index = None, 0
        for row, item in zip(rows, found, strict=True):
            text = self.reader.text(item, name)
            fresh = text != previous
            index += fresh
            row |= {f"{name}.COUNT.group": str(counts[text]), f"{name}.newgroup": "1" if fresh else "",
                    f"{name}.groupindex": f"{index}_", f"{name}.urlencoded": f"%3B%23{text}%3B%23"}  # fmt: skip
            previous = text

    def _position(self, given: Mapping[str, Any]) -> dict[str, str]:
        text = str(given.get("Paging") or "").lstrip("?&")
        found = dict(parse_qsl(text, keep_blank_values=True))
        if not found and "paged" in self.call.query:
            names = {"paged": "Paged", "pagedprev": "PagedPrev", "pagefirstrow": "PageFirstRow", "p_id": "p_ID"}
            found = {names[name]: value for name, value in self.call.query.items() if name in names}
        return found

    def _visible(self) -> tuple[str, ...]:
        shown = [
            each.name for each in self.reader.columns.by_name.values()
            if not each.props.get("Hidden") and not _is_made(each)
        ]  # fmt: skip
        return tuple(shown)


def _is_made(column: Defined) -> bool:
    """Whether the service makes a built-in column up from others."""
    return column.builtin and column.props.get("TypeAsString") in ("Computed", "Lookup")


def _view(scope: Scope, owner: Entity, call: Call) -> View:
    wanted = call.query.get("view", "").strip("'{}")
    return Views(scope, owner).by_key(wanted) if wanted else default_view(scope, owner)


def _query_of(view: View, given: Mapping[str, Any]) -> Query:
    """The view's own query, or the one given; what an overriding view names replaces the same of the query."""
    if given.get("ViewXml"):
        query = read_view(str(given["ViewXml"]))
    else:
        stored = view.stored()
        own = read_query(str(stored.get("ViewQuery") or ""))
        query = replace(own, columns=tuple(view.columns), limit=int(stored.get("RowLimit") or 30))
    override = given.get("OverrideViewXml")
    if not override:
        return query
    over = read_view(str(override))
    changed: dict[str, Any] = {}
    if "Query" in over.given:
        changed |= {"where": over.where, "orders": over.orders, "groups": over.groups}
    if "ViewFields" in over.given:
        changed["columns"] = over.columns
    if "RowLimit" in over.given:
        changed["limit"] = over.limit
    if "Scope" in over.given:
        changed["scope"] = over.scope
    return replace(query, **changed)


def _filtered(reader: ItemReader, query: Query, options: Mapping[str, str]) -> Query:
    """The query with the filters of the address (``FilterField1=Title&FilterValue1=x``) added."""
    where = query.where
    for number in ("", *(str(each) for each in range(1, 11))):
        name = options.get(f"filterfield{number}") or options.get(f"filterfields{number}")
        if not name:
            continue
        text = options.get(f"filtervalue{number}") or options.get(f"filtervalues{number}", "")
        values = tuple(Value(part) for part in text.split(";#"))
        column = column_named(reader, name)
        test = (
            Comparison("In" if len(values) > 1 else "Eq", (column,), False, values)
            if text
            else Comparison("IsNull", (column,))
        )
        where = test if where is None else Both((where, test))
    return replace(query, where=where)


def _sorted(query: Query, options: Mapping[str, str]) -> Query:
    name = options.get("sortfield")
    if not name:
        return query
    return replace(query, orders=((name, options.get("sortdir", "").lower() == "desc"),))


def _folder(scope: Scope, owner: Entity, address: Any, query: Query) -> Item | None:
    """The folder that a query is limited to; refuses (404) one that is not there, or of another list."""
    text = str(address or query.folder or "")
    if not text:
        return None
    found = folder_tree.find_item(scope, text)
    if found is None or not found[1].folder:
        raise file_not_found()
    if found[0].id != owner.id:
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: FolderServerRelativeUrl")
    return found[1]


def _kinds(scope: str) -> Passes | None:
    """``Recursive`` and ``FilesOnly`` leave folders out; the other scopes show both."""
    return (lambda item: not item.folder) if scope in ("Recursive", "FilesOnly") else None


def _both(first: Passes, second: Passes) -> Passes:
    return lambda item: first(item) and second(item)


def _below(reader: ItemReader, folder: Item, test: Passes | None) -> Passes:
    content = reader.scope.content

    def inside(item: Item) -> bool:
        held = any(each.id == folder.id for each in content.ancestors(item))
        return held and (test is None or test(item))

    return inside
