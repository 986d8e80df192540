"""Rows of list data as the service streams them: everything is text, people and lookups are lists of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.sharepoint.item_values import FULL_MASK, ItemReader, listed

# What every row holds when the caller asks for required fields, besides the columns of the view.
REQUIRED = ("ID", "PermMask", "FSObjType", "HTML_x0020_File_x0020_Type", "UniqueId", "ContentTypeId", "FileRef",
            "FileLeafRef", "File_x0020_Type", "ItemChildCount", "FolderChildCount", "SMTotalSize")  # fmt: skip
# What every row holds in any case.
ALWAYS = ("ID", "PermMask", "FSObjType", "UniqueId", "FileRef")

Row = dict[str, Any]


class RowWriter:
    """Writes items of one list as rows with the wanted columns."""

    def __init__(self, reader: ItemReader, columns: Iterable[str], *, required: bool, utc: bool = False) -> None:
        self.reader = reader
        self.utc = utc
        # As in the service, a column that a view names and the list lacks is left out.
        known = [name for name in columns if name in reader.columns.by_name]
        wanted = [*ALWAYS, *(REQUIRED if required else ()), *known]
        self.columns = tuple(dict.fromkeys(wanted))

    def row(self, item: Item) -> Row:
        """One item."""
        made: Row = {}
        for name in self.columns:
            special = _SPECIAL.get(name)
            if special is not None:
                made |= special(self.reader, item)
            else:
                made |= self._column(item, name)
        return made

    def _column(self, item: Item, name: str) -> Row:
        reader = self.reader
        kind, value = reader.kind(name), reader.raw(item, name)
        if kind in ("User", "UserMulti"):
            return {name: self._people(value)}
        if kind in ("Lookup", "LookupMulti") and reader.columns.refers(name):
            return {name: self._lookups(name, value)}
        write = _WRITERS.get(kind)
        if write is not None:
            return write(self, item, name, value)
        if kind.startswith("TaxonomyFieldType"):
            return {name: _terms(value, several=kind.endswith("Multi"))}
        if kind == "MultiChoice":
            return {name: list(value or [])}
        return {name: "" if value is None else reader.text(item, name) if kind != "Note" else str(value)}

    def _people(self, value: Any) -> Any:
        people = [found for each in listed(value) if each and (found := self.reader.person(each))] if value else []
        return [
            {"id": str(each.id), "title": each.title, "email": each.email, "sip": each.email, "picture": ""}
            for each in people
        ] or ""

    def _lookups(self, name: str, value: Any) -> Any:
        numbers = listed(value) if value else []
        return [
            {
                "lookupId": int(each),
                "lookupValue": self.reader.lookup(name, int(each)) or "",
                "isSecretFieldValue": False,
            }
            for each in numbers
        ] or ""

    def date(self, item: Item, name: str, value: Any) -> Row:
        """A date: local text, the moment, and an empty friendly form."""
        shown = ""
        if value:
            shown = str(value) if self.utc else self.reader.text(item, name)
        return {name: shown, f"{name}.": str(value or ""), f"{name}.FriendlyDisplay": ""}

    def number(self, item: Item, name: str, value: Any) -> Row:
        """A number: as people see it, and with all its digits."""
        if value is None:
            return {name: "", f"{name}.": ""}
        digits = len(str(abs(int(float(value)))))
        return {name: self.reader.text(item, name), f"{name}.": f"{float(value):.{max(15 - digits, 0)}f}"}

    def flag(self, _item: Item, name: str, value: Any) -> Row:
        """Yes or no."""
        return {name: "Yes" if value else "No", f"{name}.value": "1" if value else "0"}

    def link(self, _item: Item, name: str, value: Any) -> Row:
        """An address and what it says."""
        record: Mapping[str, Any] = value or {}
        return {name: record.get("Url", ""), f"{name}.desc": record.get("Description", "")}

    def attachments(self, _item: Item, name: str, value: Any) -> Row:
        """Whether anything is attached."""
        return {name: "1" if value else "0"}

    def calculated(self, item: Item, name: str, value: Any) -> Row:
        """A calculated value: dates and numbers with their raw forms."""
        if isinstance(value, float):
            return self.number(item, name, value)
        return {name: "" if value is None else str(value)}


def raw_text(reader: ItemReader, item: Item, name: str) -> str:
    """A column as ``ows_`` attributes hold it: ``3;#Title`` for people and lookups, plain texts for the rest."""
    value, kind = reader.raw(item, name), reader.kind(name)
    if value is None or value in ("", []):
        return ""
    if kind in ("User", "UserMulti"):
        people = [found for each in listed(value) if (found := reader.person(each))]
        return ";#".join(f"{each.id};#{each.title}" for each in people)
    if kind in ("Lookup", "LookupMulti") and reader.columns.refers(name):
        return ";#".join(f"{each};#{reader.lookup(name, int(each)) or ''}" for each in listed(value))
    if kind == "DateTime":
        return str(value).replace("T", " ").removesuffix("Z")
    if kind in ("Number", "Currency"):
        return f"{float(value):.14f}"
    if kind == "MultiChoice":
        return ";#" + "".join(f"{each};#" for each in value)
    if isinstance(value, bool):
        return str(int(value))
    if name in ("FileRef", "FileDirRef", "FSObjType", "Last_x0020_Modified", "Created_x0020_Date", "UniqueId"):
        shown = str(value).lstrip("/") if name in ("FileRef", "FileDirRef") else str(value)
        return f"{item.list_item};#{shown}"
    return reader.edit(item, name)


def _terms(value: Any, *, several: bool) -> Any:
    kept = [
        {
            "__type": "TaxonomyFieldValue:#Microsoft.SharePoint.Taxonomy",
            "Label": each.get("Label", ""),
            "TermID": each.get("TermGuid", ""),
        }
        for each in (listed(value) if value else [])
    ]
    return kept if several else (kept[0] if kept else "")


_WRITERS: Mapping[str, Callable[[RowWriter, Item, str, Any], Row]] = {
    "DateTime": RowWriter.date, "Number": RowWriter.number, "Currency": RowWriter.number, "Boolean": RowWriter.flag,
    "URL": RowWriter.link, "Attachments": RowWriter.attachments, "Calculated": RowWriter.calculated,
}  # fmt: skip
_SPECIAL: Mapping[str, Callable[[ItemReader, Item], Row]] = {
    "ID": lambda _reader, item: {"ID": str(item.list_item)},
    "PermMask": lambda _reader, _item: {"PermMask": FULL_MASK},
    "FSObjType": lambda _reader, item: {"FSObjType": str(int(item.folder))},
    "UniqueId": lambda _reader, item: {"UniqueId": f"{{{item.guid.upper()}}}"},
    "SMTotalSize": lambda _reader, item: {"SMTotalSize": str(item.size)},
    "HTML_x0020_File_x0020_Type": lambda _reader, _item: {"HTML_x0020_File_x0020_Type": ""},
    "File_x0020_Type": lambda reader, item: {
        "File_x0020_Type": reader.raw(item, "File_x0020_Type") or "",
        "File_x0020_Type.mapapp": "",
        "HTML_x0020_File_x0020_Type.File_x0020_Type.mapcon": "",
        "HTML_x0020_File_x0020_Type.File_x0020_Type.mapico": f"ic{reader.raw(item, 'File_x0020_Type') or 'gen'}.png",
    },
    "FileRef": lambda reader, item: {
        "FileRef": reader.address(item),
        "FileRef.urlencode": quote(reader.address(item), safe=""),
        "FileRef.urlencodeasurl": quote(reader.address(item)),
    },
    "FileLeafRef": lambda _reader, item: {
        "FileLeafRef": item.name,
        "FileLeafRef.Name": item.name.rpartition(".")[0] if item.file else item.name,
        "FileLeafRef.Suffix": item.name.rpartition(".")[2] if item.file and "." in item.name else "",
    },
    "ContentTypeId": lambda reader, item: {"ContentTypeId": reader.content_type(item)},
    "ContentType": lambda reader, item: {"ContentType": reader.content_type_name(item)},
    "GUID": lambda _reader, item: {"GUID": f"{{{item.guid.upper()}}}"},
}
