"""What the columns of an item hold, and how the service writes it for people.

Columns are stored by internal name: text and notes as text, numbers as floats, dates as UTC texts, choices as text or
lists of text, people and lookups as numbers or lists of numbers, links and terms as records.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.retention import label_of
from spmigrate.rehearsal.sharepoint import content_types, folder_tree
from spmigrate.rehearsal.sharepoint.item_columns import ItemColumns, kind_of
from spmigrate.rehearsal.sharepoint.people import ensure_user, principal
from spmigrate.rehearsal.sharepoint.regional import time_zone_id, zone_of
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_US_LOCALE = 1033
_TAG = re.compile(r"<[^>]+>")
FULL_MASK = "0x7fffffffffffffff"


@dataclass(frozen=True, slots=True)
class Person:
    """A principal as lists show it."""

    id: int
    title: str
    email: str
    login: str


class ItemReader:
    """Reads the items of one list; what was looked up is kept for as long as the reader lives (one request)."""

    def __init__(self, scope: Scope, owner: Entity, columns: ItemColumns) -> None:
        self.scope = scope
        self.owner = owner
        self.columns = columns
        self._people: dict[object, Person | None] = {}
        self._titles: dict[tuple[str, int], str | None] = {}
        self._types: dict[bool, str] = {}
        self._zone = zone_of(time_zone_id(scope))

    # -- as stored

    def raw(self, item: Item, name: str) -> Any:
        """The value of a column by internal name, None when it is empty."""
        known = _ITEM.get(name)
        if known is not None:
            return known(item)
        special = _COMPUTED.get(name)
        if special is not None:
            return special(self, item)
        column = self.columns.by_name.get(name)
        if column is not None and column.props.get("TypeAsString") == "Calculated":
            return self.columns.calculate(name, lambda other: self.raw(item, other))
        return item.fields.get(name)

    def person(self, key: int | str) -> Person | None:
        """A principal by number or login name."""
        if key not in self._people:
            row = principal(self.scope, key) if isinstance(key, int) else self._ensure(key)
            self._people[key] = None if row is None else Person(
                int(row.props["Id"]),
                str(row.props.get("Title") or row.name),
                str(row.props.get("Email") or ""),
                str(row.props.get("LoginName") or row.name),
            )  # fmt: skip
        return self._people[key]

    def _ensure(self, login: str) -> Entity | None:
        try:
            return ensure_user(self.scope, login)
        except ODataError:
            return None

    def author(self, item: Item) -> int | None:
        """The number of who made the item."""
        found = self.person(item.author)
        return found.id if found else None

    def editor(self, item: Item) -> int | None:
        """The number of who changed it last."""
        found = self.person(item.editor)
        return found.id if found else None

    def address(self, item: Item) -> str:
        """The server-relative address."""
        return folder_tree.address_of(self.scope, item)

    def content_type(self, item: Item) -> str:
        """The id of the item's content type; the list's default one unless another was set."""
        own = item.fields.get("ContentTypeId")
        if own:
            return str(own)
        if item.folder not in self._types:
            self._types[item.folder] = content_types.default_type(self.scope, self.owner, folder=item.folder)
        return self._types[item.folder]

    def content_type_name(self, item: Item) -> str:
        """The name of the item's content type."""
        types = content_types.ContentTypes(self.scope, self.owner, f"Web/Lists(guid'{self.owner.guid}')")
        found = types.find(self.content_type(item))
        return str(found.defined.props.get("Name", "")) if found else ""

    def lookup(self, name: str, number: int) -> str | None:
        """What a lookup column shows for an item of its list; None when that item is gone."""
        if (name, number) not in self._titles:
            self._titles[name, number] = self._look_up(name, number)
        return self._titles[name, number]

    def _look_up(self, name: str, number: int) -> str | None:
        column = self.columns.by_name[name]
        target = lookup_list(self.scope, self.owner, str(column.props.get("LookupList", "")))
        item = self.scope.content.by_number(target.id, number) if target else None
        if target is None or item is None:
            return None
        field = str(column.props.get("LookupField") or "Title")
        value = _ITEM[field](item) if field in _ITEM else item.fields.get(field, "")
        return _plain_number(value) if isinstance(value, float) else str(value or "")

    # -- as people see it

    def text(self, item: Item, name: str) -> str:
        """A column as plain text."""
        value = self.raw(item, name)
        if value is None or value == [] or value == "":
            return ""
        kind = self.kind(name)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if kind in ("User", "UserMulti"):
            return "; ".join(found.title for each in listed(value) if (found := self.person(each)))
        if kind in ("Lookup", "LookupMulti") and self._refers(name, value):
            return "; ".join(self.lookup(name, int(each)) or "" for each in listed(value))
        return self._plain_text(name, kind, value)

    def _refers(self, name: str, value: Any) -> bool:
        """Whether a lookup leads to an item: the service's own of them hold a text (`_ComplianceTag`)."""
        return not isinstance(value, str) and self.columns.refers(name)

    def _plain_text(self, name: str, kind: str, value: Any) -> str:
        if kind == "DateTime":
            return self.local_date(str(value), date_only=self.columns.date_only(name))
        if kind in ("Number", "Currency"):
            return self.number(name, float(value))
        if kind == "URL":
            return f"{value.get('Url', '')}, {value.get('Description') or value.get('Url', '')}"
        if kind == "Geolocation":
            place = " ".join(_plain_number(value[each]) for each in ("Longitude", "Latitude", "Altitude", "Measure"))
            return f"POINT ({place})"
        if kind.startswith("TaxonomyFieldType"):
            return ";".join(str(each.get("Label", "")) for each in listed(value))
        if kind == "Note":
            return _TAG.sub("", str(value))
        if isinstance(value, list):
            return ", ".join(str(each) for each in value) if kind == "MultiChoice" else "; ".join(map(str, value))
        return _plain_number(value) if isinstance(value, float) else str(value)

    def html(self, item: Item, name: str) -> str:
        """A column as HTML."""
        kind, value = self.kind(name), self.raw(item, name)
        if not value:
            return escape(self.text(item, name))
        if kind == "URL":
            url, said = str(value.get("Url", "")), str(value.get("Description") or value.get("Url", ""))
            return f'<a href="{escape(url)}">{escape(said)}</a>'
        if kind == "Note":
            return f'<div class="ExternalClass" dir="">{value}</div>'
        if kind in ("User", "UserMulti"):
            page = f"{self.scope.web_url}/_layouts/15/userdisp.aspx?ID="
            people = [found for each in listed(value) if (found := self.person(each))]
            return "; ".join(f'<a href="{page}{each.id}">{escape(each.title)}</a>' for each in people)
        return escape(self.text(item, name))

    def edit(self, item: Item, name: str) -> str:
        """A column as a form takes it back."""
        kind, value = self.kind(name), self.raw(item, name)
        if value is None or value == [] or value == "":
            return ""
        if kind in ("User", "UserMulti"):
            return ";".join(found.login for each in listed(value) if (found := self.person(each)))
        if kind in ("Lookup", "LookupMulti") and self._refers(name, value):
            return ";#".join(f"{each};#{self.lookup(name, int(each)) or ''}" for each in listed(value))
        if kind == "MultiChoice":
            return ";#" + "".join(f"{each};#" for each in value)
        if kind.startswith("TaxonomyFieldType"):
            return ";".join(f"{each.get('Label', '')}|{each.get('TermGuid', '')}" for each in listed(value))
        if kind == "Note":
            return str(value)
        return self.text(item, name)

    def kind(self, name: str) -> str:
        """The type of a column."""
        column = self.columns.by_name.get(name)
        return "Text" if column is None else kind_of(column.props)

    def local_date(self, text: str, *, date_only: bool = False) -> str:
        """A moment in the site's own time and locale."""
        return self.write_date(parse_date(text).astimezone(self._zone), date_only=date_only)

    def write_date(self, moment: datetime, *, date_only: bool = False) -> str:
        """A wall time in the site's locale: ``11/21/2026 9:30 AM``, ``21/11/2026 09:30``."""
        locale = int(self.scope.web.props.get("_Regional", {}).get("LocaleId", _US_LOCALE))
        if locale == _US_LOCALE:
            day = f"{moment.month}/{moment.day}/{moment.year}"
            return day if date_only else f"{day} {moment.hour % 12 or 12}:{moment:%M} {moment:%p}"
        return f"{moment:%d/%m/%Y}" if date_only else f"{moment:%d/%m/%Y %H:%M}"

    def number(self, name: str, value: float) -> str:
        """A number with the column's decimals and sign."""
        column = self.columns.by_name.get(name)
        props = column.props if column else {}
        decimals = props.get("DisplayFormat", -1)
        if props.get("ShowAsPercentage"):
            return f"{_plain_number(value * 100)}%" if decimals < 0 else f"{value * 100:,.{decimals}f}%"
        if self.kind(name) == "Currency":
            sign = {1033: "$", 2057: "£"}.get(int(props.get("CurrencyLocaleId", 1033)), "")
            return f"{'-' if value < 0 else ''}{sign}{abs(value):,.{2 if decimals < 0 else decimals}f}"
        return f"{value:,.{decimals}f}" if decimals >= 0 else _grouped(value)


def lookup_list(scope: Scope, owner: Entity, text: str) -> Entity | None:
    """The list that a lookup column's ``List`` names: by id, by address, or ``Self``."""
    if text.lower() == "self":
        return owner
    if text.lower() in ("userinfo", "docs", "appprincipals", ""):
        return None
    guid = text.strip("{}").lower()
    return scope.store.get("list", guid, parent=scope.web.id) or scope.store.find("list", scope.web.id, text)


def listed(value: Any) -> list[Any]:
    """One value or several, as a list."""
    return value if isinstance(value, list) else [value]


def _plain_number(value: object) -> str:
    number = float(str(value))
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _grouped(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.10f}".rstrip("0").rstrip(".")


def _extension(item: Item) -> str:
    return item.name.rpartition(".")[2].lower() if item.file and "." in item.name else ""


_ITEM: dict[str, Callable[[Item], Any]] = {
    "ID": lambda item: item.list_item,
    "GUID": lambda item: item.guid,
    "UniqueId": lambda item: item.guid,
    "Created": lambda item: item.created,
    "Modified": lambda item: item.modified,
    "Last_x0020_Modified": lambda item: item.modified,
    "Created_x0020_Date": lambda item: item.created,
    "_UIVersionString": lambda item: item.version_label,
    "_UIVersion": lambda item: item.version,
    "owshiddenversion": lambda item: item.etag,
    "FileLeafRef": lambda item: item.name,
    "LinkFilename": lambda item: item.name,
    "LinkFilenameNoMenu": lambda item: item.name,
    "BaseName": lambda item: item.name.rpartition(".")[0] if _extension(item) else item.name,
    "LinkTitle": lambda item: item.fields.get("Title"),
    "LinkTitleNoMenu": lambda item: item.fields.get("Title"),
    "FSObjType": lambda item: str(int(item.folder)),
    "File_x0020_Type": lambda item: _extension(item) or None,
    "DocIcon": lambda item: _extension(item) or None,
    "File_x0020_Size": lambda item: str(item.size) if item.file else None,
    "FileSizeDisplay": lambda item: str(item.size) if item.file else None,
    "SMTotalSize": lambda item: str(item.size),
    "Attachments": lambda item: bool(item.fields.get("Attachments")),
    "_ModerationStatus": lambda item: item.fields.get("_ModerationStatus", 0),
    "_Level": lambda item: 1 if item.version % 512 == 0 else 2,
    "_IsCurrentVersion": lambda _item: True,
    "WorkflowVersion": lambda _item: 1,
    "Order": lambda item: item.fields.get("Order", item.list_item * 100.0),
    "SortBehavior": lambda item: str(int(item.folder)),
    "_ComplianceTag": lambda item: label_of(item)["name"] or None,
    "_ComplianceTagWrittenTime": lambda item: label_of(item)["at"] or None,
    "PermMask": lambda _item: FULL_MASK,
}
_COMPUTED: dict[str, Callable[[ItemReader, Item], Any]] = {
    "Author": ItemReader.author,
    "Editor": ItemReader.editor,
    "FileRef": ItemReader.address,
    "ServerUrl": ItemReader.address,
    "FileDirRef": lambda reader, item: reader.address(item).rpartition("/")[0],
    "EncodedAbsUrl": lambda reader, item: f"https://{reader.scope.host}{quote(reader.address(item))}",
    "ContentTypeId": ItemReader.content_type,
    "ContentType": ItemReader.content_type_name,
    "ItemChildCount": lambda reader, item: str(reader.scope.content.count_kind(item, folders=False)),
    "FolderChildCount": lambda reader, item: str(reader.scope.content.count_kind(item, folders=True)),
    "ScopeId": lambda reader, _item: f"{{{reader.owner.guid.upper()}}}",
}
COMPUTED_NAMES = frozenset(_ITEM) | frozenset(_COMPUTED)
