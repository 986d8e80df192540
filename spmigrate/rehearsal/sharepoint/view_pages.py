"""A view drawn as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from spmigrate.rehearsal.sharepoint import items, list_data
from spmigrate.rehearsal.sharepoint.caml import read_query
from spmigrate.rehearsal.sharepoint.item_query import find_page

if TYPE_CHECKING:
    from spmigrate.rehearsal.sharepoint.views import View


def draw(view: View) -> str:
    """The first page of a view as a table: a heading for each column, a row for each item."""
    reader = items.Items(view.scope, view.owner).reader
    limit = int(view.stored().get("RowLimit") or 30)
    asked = list_data.Asked(read_query(str(view.stored().get("ViewQuery") or "")))
    found = find_page(reader, list_data.search_of(reader, asked, limit=limit))
    columns = [reader.columns.by_name[name] for name in view.columns if name in reader.columns.by_name]
    head = "".join(f'<th scope="col">{escape(str(each.props.get("Title", each.name)))}</th>' for each in columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{reader.html(item, each.name)}</td>' for each in columns)}</tr>" for item in found.items
    )
    title = escape(str(view.stored().get("Title", "")))
    return (
        f'<table summary="{title}" class="ms-listviewtable"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )
