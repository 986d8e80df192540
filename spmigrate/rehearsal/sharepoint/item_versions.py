"""The versions of an item, each with the columns as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spmigrate.rehearsal.content import Item, Version
from spmigrate.rehearsal.odata.errors import bad_argument, item_missing
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.item_values import listed
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, function
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, INT, TEXT, Table, group, table

if TYPE_CHECKING:
    from spmigrate.rehearsal.sharepoint.item_calls import ItemCalls

_FIXED = (
    *group(INT, 0, "VersionId"),
    *group(TEXT, "", "VersionLabel"),
    *group(BOOLEAN, False, "IsCurrentVersion"),
)
_SKIPPED = frozenset({"Edit", "SelectTitle", "LinkTitle2", "DocIcon", "PermMask", "_EditMenuTableStart"})


class ItemVersion(Resource):
    """One version: its number and label, and every column under its encoded name."""

    type = "SP.ListItemVersion"
    feed = "Versions"
    write_level = Level.WRITE
    declared = table(_FIXED)

    def __init__(self, holder: ItemCalls, item: Item, *, current: bool) -> None:
        super().__init__(holder.scope)
        self.holder = holder
        self.item = item
        self.current = current

    @property
    def path(self) -> str:
        return f"{self.holder.path}/Versions({self.item.version})"

    def table(self) -> Table:
        names = (name for name in self.holder.reader.columns.by_name if name not in _SKIPPED)
        return table(_FIXED, *(group(_edm(self.holder, name), None, encoded(name)) for name in names))

    def stored(self) -> Mapping[str, Any]:
        values = {
            encoded(name): self._value(name) for name in self.holder.reader.columns.by_name if name not in _SKIPPED
        }
        return {
            **values,
            "VersionId": self.item.version,
            "VersionLabel": self.item.version_label,
            "IsCurrentVersion": self.current,
        }

    def _value(self, name: str) -> Any:
        reader = self.holder.reader
        value = reader.raw(self.item, name)
        kind = reader.kind(name)
        if value in (None, "", []):
            return None
        if kind in ("User", "UserMulti"):
            people = [reader.person(each) for each in listed(value)]
            shown = [{"LookupId": each.id, "LookupValue": each.title, "Email": each.email} for each in people if each]
            return shown if kind == "UserMulti" else (shown[0] if shown else None)
        if kind in ("Lookup", "LookupMulti") and reader.columns.refers(name):
            found = [{"LookupId": each, "LookupValue": reader.lookup(name, int(each))} for each in listed(value)]
            return found if kind == "LookupMulti" else found[0]
        return {"StringValue": value} if name == "ContentTypeId" else value

    def delete(self) -> None:
        if self.current:
            raise bad_argument("The current version cannot be deleted.")
        self.scope.content.delete_version(self.holder.item, self.item.version)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete the version."""
        self.delete()


class ItemVersions(Collection):
    """The versions of an item, the current one first."""

    feed = "Versions"
    element = ItemVersion
    write_level = Level.WRITE

    def __init__(self, holder: ItemCalls) -> None:
        super().__init__(holder.scope)
        self.holder = holder

    def has(self, name: str) -> bool:
        return any(name == known for known in self._names()) or super().has(name)

    def _names(self) -> set[str]:
        return {encoded(name).lower() for name in self.holder.reader.columns.by_name}

    def all(self) -> list[ItemVersion]:
        item = self.holder.item
        older = [ItemVersion(self.holder, _as_it_was(item, each), current=False) for each in self._older()]
        return [ItemVersion(self.holder, item, current=True), *older]

    def _older(self) -> list[Version]:
        return self.scope.content.versions(self.holder.item)

    def by_key(self, key: object) -> ItemVersion:
        for each in self.all():
            if str(each.item.version) == str(key):
                return each
        raise item_missing()

    @function("GetById")
    def get_by_id(self, call: Call) -> ItemVersion:
        """A version by number."""
        return self.by_key(call.number("versionId", 0))

    @action("DeleteAll")
    def delete_all(self, _call: Call) -> None:
        """Delete every earlier version."""
        for each in self._older():
            self.scope.content.delete_version(self.holder.item, each.number)


def encoded(name: str) -> str:
    """A column's name as it stands in bags of values: ``OData__x005f_UIVersionString``."""
    text = name.replace("_", "_x005f_")
    return f"OData_{text}" if text.startswith("_") else text


def _edm(holder: ItemCalls, name: str) -> str:
    kind = holder.reader.kind(name)
    return {"Boolean": BOOLEAN, "DateTime": DATE, "Integer": INT, "Counter": INT}.get(kind, TEXT)


def _as_it_was(item: Item, version: Version) -> Item:
    return replace(
        item,
        version=version.number,
        size=version.size,
        blob=version.blob,
        modified=version.modified,
        editor=version.editor,
        fields=version.fields,
    )
