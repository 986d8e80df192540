"""The values of a list item's columns as Graph names and writes them (fieldValueSet)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.content import Item, Version
from spmigrate.rehearsal.graph.site_routes import bad_argument
from spmigrate.rehearsal.retention import label_of
from spmigrate.rehearsal.sharepoint.content_types import ContentTypes
from spmigrate.rehearsal.sharepoint.field_definitions import defined_fields
from spmigrate.rehearsal.sharepoint.item_columns import ItemColumns, item_columns, kind_of, rest_name
from spmigrate.rehearsal.sharepoint.people import ensure_user, principal
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_LOOKUP_ID = "LookupId"
_REFERENCES = ("User", "Lookup")
_SEVERAL = ("UserMulti", "LookupMulti")
# What the service answers as an empty text where there is nothing.
_EMPTY = ("Edit", "_ComplianceFlags")
_PROTECTED = frozenset({
    "ID", "Created", "Modified", "Author", "Editor", "GUID", "UniqueId", "FileRef", "FileDirRef", "ContentType",
    "_UIVersionString", "_UIVersion", "Attachments", "LinkTitle", "LinkTitleNoMenu", "LinkFilename",
    "LinkFilenameNoMenu", "DocIcon", "FileSizeDisplay", "ItemChildCount", "FolderChildCount", "FSObjType",
})  # fmt: skip


class FieldSet:
    """The columns of one list, worked out once for as many items as are shown."""

    def __init__(self, scope: Scope, listing: Entity) -> None:
        self.scope = scope
        self.listing = listing
        self.columns: ItemColumns = item_columns(listing, defined_fields(scope, listing))
        self._by_lower = {name.lower(): name for name in self.columns.by_name}
        self._types = {each.id: str(each.stored().get("Name", "")) for each in self._content_types()}
        self.library = listing.props.get("BaseType") == 1

    def _content_types(self) -> list[Any]:
        return ContentTypes(self.scope, self.listing, "").all()

    def content_type(self, item: Item) -> dict[str, str]:
        """The content type of an item: its own, or the list's first for items or for folders."""
        own = str(item.fields.get("ContentTypeId") or "")
        if own not in self._types:
            folders = [each for each in self._types if each.lower().startswith("0x0120")]
            others = [each for each in self._types if not each.lower().startswith("0x0120")]
            chosen = folders if item.folder else others
            own = own or (chosen[0] if chosen else "0x01")
        return {"id": own, "name": self._types.get(own, "")}

    def find_type(self, identity: str, name: str) -> str | None:
        """The id of the list's content type with an id, an ancestor's id, or a name."""
        found = [each for each in self._types if each.lower() == identity]
        found += [each for each in self._types if identity and each.lower().startswith(f"{identity}00")]
        found += [each for each, title in self._types.items() if not identity and title.casefold() == name.casefold()]
        return found[0] if found else None

    def at(self, item: Item, state: Item | Version) -> Item:
        """An item as it was in one of its versions."""
        if isinstance(state, Item):
            return state
        return replace(item, fields=state.fields, modified=state.modified, editor=state.editor, version=state.number)

    def find(self, name: str) -> str | None:
        """The internal name behind a name in a query or body, None when the list has no such column."""
        low = name.lower()
        if low in ("id", "contenttypeid"):
            return {"id": "ID", "contenttypeid": "ContentTypeId"}[low]
        found = self._by_lower.get(low)
        if found is None and low.endswith(_LOOKUP_ID.lower()):
            found = self._by_lower.get(low[: -len(_LOOKUP_ID)])
        return found

    def is_indexed(self, name: str) -> bool:
        """Whether a filter or an order may name a column: its id, or one with an index."""
        return name in ("ID", "ContentTypeId") or name in self.columns.indexed

    def show(self, item: Item, chosen: str = "") -> dict[str, Any]:
        """The values of an item: those that `$select` names, or the usual ones that are not empty."""
        names = [name.strip() for name in chosen.split(",") if name.strip()]
        shown: dict[str, Any] = {"@odata.etag": f'"{item.guid},{item.etag}"'}
        if names:
            for name in names:
                shown |= self._chosen(item, name)
            return shown
        for column in self.columns.by_name.values():
            if not (column.props.get("Hidden") or (column.builtin and column.props.get("ReadOnlyField"))):
                shown |= self._usual(item, column.name)
        return shown | self._standard(item)

    def value(self, item: Item, name: str) -> Any:
        """The value of a column by internal name, as Graph writes it."""
        standard = self._standard(item)
        if name == "ID":
            return str(item.list_item)
        if name == "ContentTypeId":
            return self.content_type(item)["id"]
        if name in standard:
            return standard[name]
        special: dict[str, Callable[[], Any]] = {
            "Author": lambda: self._person(item.author), "Editor": lambda: self._person(item.editor),
            "UniqueId": lambda: item.guid, "GUID": lambda: item.guid, "FileLeafRef": lambda: item.name,
            "FileRef": lambda: self._address(item), "FileDirRef": lambda: self._address(item).rpartition("/")[0],
            "FSObjType": lambda: str(int(item.folder)), "_UIVersion": lambda: item.version,
        }  # fmt: skip
        if name in special:
            return special[name]()
        return self._stored(item, name)

    def _address(self, item: Item) -> str:
        return f"{self.scope.content.list_path(item.list)}/{self.scope.content.path(item)}"

    def _person(self, login: str) -> str:
        return str(ensure_user(self.scope, login).props.get("Title", ""))

    def _stored(self, item: Item, name: str) -> Any:
        value = item.fields.get(name)
        kind = kind_of(self.columns.by_name[name].props) if name in self.columns.by_name else "Text"
        if value is None:
            return None
        if kind in _SEVERAL and isinstance(value, list):
            return [self._reference(kind, name, number) for number in value]
        if kind in _REFERENCES:
            return self._reference(kind, name, value)["LookupValue"]
        if kind in ("Number", "Currency") and isinstance(value, float) and value.is_integer():
            return int(value)
        return value

    def _reference(self, kind: str, name: str, number: Any) -> dict[str, Any]:
        if kind.startswith("User"):
            row = principal(self.scope, int(number))
            shown = {"LookupId": number, "LookupValue": row.props.get("Title", row.name) if row else ""}
            return shown | ({"Email": row.props.get("Email", "")} if row else {})
        props = self.columns.by_name[name].props
        target = self.scope.store.get("list", str(props.get("LookupList") or ""))
        item = self.scope.content.by_number(target.id, int(number)) if target else None
        field = str(props.get("LookupField") or "Title")
        value = "" if item is None else item.name if field == "FileLeafRef" else item.fields.get(field, "")
        return {"LookupId": number, "LookupValue": value}

    def _usual(self, item: Item, name: str) -> dict[str, Any]:
        value = item.fields.get(name)
        if value is None:
            return {}
        if kind_of(self.columns.by_name[name].props) in _REFERENCES:
            return {f"{name}{_LOOKUP_ID}": str(value)}
        return {name: self._stored(item, name)}

    def _chosen(self, item: Item, name: str) -> dict[str, Any]:
        internal = self.find(name)
        if internal is None:
            return {}
        if name.lower() == "id":
            return {"id": str(item.list_item)}
        if name.lower().endswith(_LOOKUP_ID.lower()) and internal.lower() != name.lower():
            return {f"{internal}{_LOOKUP_ID}": self._number(item, internal)}
        value = self.value(item, internal)
        return {} if value is None else {internal: value}

    def _number(self, item: Item, name: str) -> str | None:
        if name in ("Author", "Editor"):
            login = item.author if name == "Author" else item.editor
            return str(ensure_user(self.scope, login).props["Id"])
        value = item.fields.get(name)
        return None if value is None else str(value)

    def _standard(self, item: Item) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": str(item.list_item), "ContentType": self.content_type(item)["name"],
                                 "Modified": item.modified, "Created": item.created}  # fmt: skip
        if self.library:
            suffix = item.name.rpartition(".")[2] if "." in item.name else ""
            shown |= {"FileLeafRef": item.name, "LinkFilename": item.name, "LinkFilenameNoMenu": item.name,
                      "DocIcon": suffix.lower(), "FileSizeDisplay": "" if item.folder else str(item.size)}  # fmt: skip
        else:
            title = item.fields.get("Title")
            shown |= {} if title is None else {"LinkTitle": title, "LinkTitleNoMenu": title}
            shown["Attachments"] = bool(item.fields.get("_Attachments"))
        children = self.scope.content.count(item) if item.folder else 0
        return shown | {
            "AuthorLookupId": self._number(item, "Author"), "EditorLookupId": self._number(item, "Editor"),
            "_UIVersionString": item.version_label, "ItemChildCount": str(children), "FolderChildCount": "0",
            **dict.fromkeys(_EMPTY, ""), **self._label(item),
        }  # fmt: skip

    def _label(self, item: Item) -> dict[str, Any]:
        """What its retention label says, in the service's columns for it."""
        label = label_of(item)
        by = ensure_user(self.scope, label["by"]).props.get("Title", "") if label["by"] else ""
        return {"_ComplianceTag": label["name"], "_ComplianceTagWrittenTime": label["at"], "_ComplianceTagUserId": by}

    def read_body(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """A client's values under the names that SharePoint's REST has for them; a 400 for what can't be set."""
        body: dict[str, Any] = {}
        for name, value in fields.items():
            if "@odata" in name or name.startswith("@"):
                continue
            internal = self.find(name)
            if internal is None:
                raise bad_argument(f"Field '{name}' is not recognized")
            column = self.columns.by_name.get(internal)
            if internal in _PROTECTED or (column is not None and column.props.get("ReadOnlyField")):
                raise bad_argument(f"Field '{name}' is read-only")
            body |= self._written(internal, column, name, value)
        return body

    def _written(self, internal: str, column: Any, name: str, value: Any) -> dict[str, Any]:
        kind = "Text" if column is None else kind_of(column.props)
        if kind in (*_REFERENCES, *_SEVERAL):
            if not name.lower().endswith(_LOOKUP_ID.lower()):
                raise bad_argument(f"Field '{name}' is not recognized")
            return {f"{rest_name(internal)}Id": _numbers(value, several=kind in _SEVERAL)}
        if kind == "MultiChoice" and value is not None and not isinstance(value, list):
            raise bad_argument()
        if kind in ("Text", "Note", "Choice") and isinstance(value, bool | int | float | list | dict):
            raise bad_argument()
        return {rest_name(internal): value}


def _numbers(value: Any, *, several: bool) -> Any:
    try:
        if several:
            return [int(each) for each in value or []]
        return None if value in (None, "") else int(value)
    except (TypeError, ValueError):
        raise bad_argument() from None
