"""``GetListItemChangesSinceToken``: the items of a list that changed after a point of the log, as XML rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import quoteattr

from spmigrate.rehearsal.change_log import ChangeType, newest, read_log
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import bad_argument, unknown_property
from spmigrate.rehearsal.sharepoint import items
from spmigrate.rehearsal.sharepoint.caml import Both, Query, read_view
from spmigrate.rehearsal.sharepoint.changes import ticks
from spmigrate.rehearsal.sharepoint.fields import Fields
from spmigrate.rehearsal.sharepoint.item_query import find_page
from spmigrate.rehearsal.sharepoint.item_values import ItemReader
from spmigrate.rehearsal.sharepoint.list_data import Asked, search_of
from spmigrate.rehearsal.sharepoint.list_rows import raw_text
from spmigrate.rehearsal.sharepoint.model import Call, Raw
from spmigrate.rehearsal.sharepoint.properties import whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_NAMES = frozenset({
    "ViewName", "Query", "QueryOptions", "ChangeToken", "Contains", "ViewFields", "RowLimit", "ListName",
})  # fmt: skip
_ROWS = 100
_MANDATORY = ("ContentTypeId", "Title", "ID", "Modified", "Created", "Author", "Editor", "owshiddenversion",
              "_ModerationStatus", "UniqueId", "FSObjType", "FileRef", "FileLeafRef", "Created_x0020_Date",
              "PermMask", "GUID", "Attachments")  # fmt: skip
_OPENING = (
    '<GetListItemChangesSinceTokenResult xmlns="http://schemas.microsoft.com/sharepoint/soap/"><listitems '
    'MinTimeBetweenSyncs="0" RecommendedTimeBetweenSyncs="180" MaxBulkDocumentSyncSize="500" '
    'MaxRecommendedEmbeddedFileSize="500" AlternateUrls="{base}/" EffectivePermMask="FullMask" '
    'xmlns:s="uuid:BDC6E3F0-6DA3-11d1-A2A3-00AA00C14882" xmlns:dt="uuid:C2F41010-65B3-11d1-A29F-00AA00C14882" '
    'xmlns:rs="urn:schemas-microsoft-com:rowset" xmlns:z="#RowsetSchema">'
)


def changes_since(scope: Scope, owner: Entity, call: Call) -> Raw:
    """The answer of the call: without a token all items and the list itself, with one what has changed since."""
    given = call.record("query")
    for name in given:
        if name not in _NAMES:
            raise unknown_property(name, "SP.ChangeLogItemQuery")
    reader = items.Items(scope, owner).reader
    limit = whole(given.get("RowLimit"), "RowLimit") or _ROWS
    query = _query(given)
    token = str(given.get("ChangeToken") or "")
    last = f"1;3;{owner.guid};{ticks(scope.now)};{newest(scope.store)}"
    if token:
        after = _number(token)
        gone, changed = _since(reader, after)
        rows = [item for item in changed if _passes(reader, query, item)][:limit]
        head = f"<Changes LastChangeToken={quoteattr(last)}>{''.join(gone)}</Changes>"
    else:
        rows = find_page(reader, search_of(reader, Asked(query), limit=limit)).items
        head = f"<Changes LastChangeToken={quoteattr(last)}>{_list_xml(scope, owner)}</Changes>"
    columns = tuple(dict.fromkeys([*_MANDATORY, *query.columns]))
    written = "".join(_row(reader, item, columns) for item in rows)
    body = (
        f"{_OPENING.format(base=scope.web_url)}{head}"
        f'<rs:data ItemCount="{len(rows)}">{written}</rs:data></listitems></GetListItemChangesSinceTokenResult>'
    )
    return Raw(body.encode(), kind="text/xml;charset=utf-8")


def _query(given: dict[str, Any]) -> Query:
    inner = "".join(str(given.get(name) or "") for name in ("Query", "ViewFields", "QueryOptions"))
    query = read_view(f'<View Scope="RecursiveAll">{inner}</View>')
    contains = str(given.get("Contains") or "")
    if not contains.strip():
        return _recursive(query, query.where)
    where = read_view(f"<View><Query><Where>{contains}</Where></Query></View>").where
    if where is None:
        return _recursive(query, query.where)
    return _recursive(query, where if query.where is None else Both((query.where, where)))


def _recursive(query: Query, where: Any) -> Query:
    return Query(where=where, orders=query.orders, columns=query.columns, scope="RecursiveAll")


def _since(reader: ItemReader, after: int) -> tuple[list[str], list[Item]]:
    """What is gone and what is there of all that the log names after a point, each once."""
    store, content = reader.scope.store, reader.scope.content
    found = read_log(
        store, after=after, until=newest(store), clause="kind = 'item' AND parent = ?",
        arguments=(reader.owner.id,), limit=100_000, newest_first=False,
    )  # fmt: skip
    last = {each.target: each.type for each in found}
    gone, changed = [], []
    for target, kind in last.items():
        item = content.one("id = ?", target)
        if item is None:
            continue
        if item.bin:
            gone.append(f'<Id ChangeType="Delete" UniqueId="{{{item.guid.upper()}}}">{item.list_item}</Id>')
            continue
        changed.append(item)
        if kind in (ChangeType.RESTORE, ChangeType.MOVE_INTO):
            name = "Restore" if kind == ChangeType.RESTORE else "MoveAway"
            gone.append(f'<Id ChangeType="{name}" UniqueId="{{{item.guid.upper()}}}">{item.list_item}</Id>')
    return gone, changed


def _passes(reader: ItemReader, query: Query, item: Item) -> bool:
    test = search_of(reader, Asked(query), limit=1).test
    return test is None or test(item)


def _row(reader: ItemReader, item: Item, columns: Iterable[str]) -> str:
    parts = [f"ows_{name}={quoteattr(text)}" for name in columns if (text := raw_text(reader, item, name))]
    return f"<z:row {' '.join(parts)} />"


def _list_xml(scope: Scope, owner: Entity) -> str:
    fields = "".join(each.schema() for each in Fields(scope, owner, f"Web/Lists(guid'{owner.guid}')").all())
    props = owner.props
    head = (
        f'<List ID="{{{owner.guid.upper()}}}" Title={quoteattr(str(props.get("Title", "")))} '
        f'BaseType="{props.get("BaseType", 0)}" ServerTemplate="{props.get("BaseTemplate", 100)}" '
        f'WebFullUrl={quoteattr((scope.web_path or "") + "/")} WebId="{scope.web.guid}">'
    )
    return f"{head}<Fields>{fields}</Fields></List>"


def _number(token: str) -> int:
    parts = token.split(";")
    if len(parts) < 4 or not parts[-1].isdecimal():
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: changeToken")
    return int(parts[-1])
