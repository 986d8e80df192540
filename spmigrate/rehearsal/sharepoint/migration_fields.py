"""The column values of a package's list items, as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from spmigrate.rehearsal.clock import normal_time
from spmigrate.rehearsal.migration_package import Node
from spmigrate.rehearsal.sharepoint.item_columns import kind_of
from spmigrate.rehearsal.sharepoint.items import columns_of
from spmigrate.rehearsal.sharepoint.migration_people import PackagePeople
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# Columns that say what an item is; the manifest's own attributes are for these.
_GIVEN_OTHERWISE = frozenset({
    "ID", "Author", "Editor", "Created", "Modified", "FileLeafRef", "FileRef", "FileDirRef", "GUID", "UniqueId",
    "FSObjType", "_UIVersion", "_UIVersionString", "owshiddenversion", "ContentType", "CheckoutUser", "Attachments",
})  # fmt: skip


def read_fields(scope: Scope, owner: Entity, node: Node, people: PackagePeople) -> dict[str, Any]:
    """The values of an item's columns. What the list has no column for is left out, as in the service; a value that its
    column does not take is a ValueError."""
    columns = columns_of(scope, owner).by_name
    stored: dict[str, Any] = {}
    for field in node.all("Fields", "Field"):
        name = field.get("Name")
        column = columns.get(name)
        if column is None or name in _GIVEN_OTHERWISE:
            continue
        kind, text = kind_of(column.props), field.get("Value")
        if name == "ContentTypeId" or not text:
            stored[name] = text or None
            continue
        stored[name] = _people(people, text, kind) if kind in ("User", "UserMulti") else _read(kind, text)
    return stored


def _read(kind: str, text: str) -> Any:
    reader = _READERS.get(kind)
    return text if reader is None else reader(text)


def _people(people: PackagePeople, text: str, kind: str) -> Any:
    numbers = [part.partition(";#")[0] for part in text.split(";UserInfo") if part.partition(";#")[0].isdecimal()]
    found = [int(row.props["Id"]) for number in numbers if (row := people.principal(number)) is not None]
    return found if kind == "UserMulti" else (found[0] if found else None)


def _flag(text: str) -> bool:
    return text.strip().lower() in ("1", "-1", "true", "yes")


def _link(text: str) -> dict[str, str]:
    url, _, said = text.partition(", ")
    return {"Url": url, "Description": said or url}


def _references(text: str) -> list[int]:
    return [int(part) for part in text.split(";#")[::2] if part]


_READERS: Mapping[str, Callable[[str], Any]] = {
    "Boolean": _flag, "Number": float, "Currency": float, "Integer": lambda text: int(float(text)),
    "DateTime": normal_time, "MultiChoice": lambda text: [part for part in text.split(";#") if part], "URL": _link,
    "Lookup": lambda text: _references(text)[0], "LookupMulti": _references,
}  # fmt: skip
