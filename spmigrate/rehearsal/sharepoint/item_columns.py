"""Which properties the items of a list have: one for each column, under the name that REST gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from spmigrate.rehearsal.sharepoint.formulas import Formula, read_formula
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    DATE,
    DOUBLE,
    GUID,
    INT,
    INTS,
    MASK,
    TEXT,
    TEXTS,
    Property,
    Table,
    group,
    table,
)
from spmigrate.rehearsal.storage import Entity

_TYPES = {
    "Boolean": BOOLEAN, "DateTime": DATE, "Number": DOUBLE, "Currency": DOUBLE, "Integer": INT,
    "MultiChoice": TEXTS, "URL": "SP.FieldUrlValue", "Geolocation": "SP.FieldGeolocationValue",
    "TaxonomyFieldType": "SP.Taxonomy.TaxonomyFieldValue",
    "TaxonomyFieldTypeMulti": "Collection(SP.Taxonomy.TaxonomyFieldValue)",
}  # fmt: skip
# Columns that hold nothing of their own.
_NO_VALUE = ("Computed", "File", "Counter")
_OF_PAGES = ("CanvasContent1", "LayoutWebpartsContent")
_PEOPLE = ("User", "UserMulti")
_REFERENCES = ("User", "Lookup", "UserMulti", "LookupMulti")
# What the service answers for every item; the other built-in columns only when they are asked for.
_COMMON = (
    *group(INT, 0, "FileSystemObjectType Id"),
    *group(TEXT, None, "ServerRedirectedEmbedUri"),
    *group(TEXT, "", "ServerRedirectedEmbedUrl"),
    *group(TEXT, None, "Title ContentTypeId OData__ColorTag ComplianceAssetId", writable=True),
    *group(DATE, None, "Created Modified", writable=True),
    *group(INT, None, "AuthorId EditorId", writable=True),
    *group(TEXT, "1.0", "OData__UIVersionString"),
    *group(GUID, None, "GUID"),
    *group(TEXT, None, "FileLeafRef", writable=True, on_select=True),
    *group(TEXT, None, "FileRef FileDirRef EncodedAbsUrl ServerUrl FSObjType File_x0020_Type ItemChildCount "
           "FolderChildCount ScopeId SortBehavior LinkTitle LinkTitleNoMenu LinkFilename LinkFilenameNoMenu BaseName "
           "DocIcon DisplayName IconOverlay Client_Title PermMask", on_select=True),
    *group(GUID, None, "UniqueId", on_select=True),
    *group(DATE, None, "Last_x0020_Modified Created_x0020_Date", on_select=True),
    *group(INT, 0, "OData__UIVersion owshiddenversion OData__ModerationStatus OData__Level WorkflowVersion "
           "CommentsDisabledScope", on_select=True),
    *group(BOOLEAN, True, "OData__IsCurrentVersion", on_select=True),
    *group(BOOLEAN, False, "CommentsDisabled HasUniqueRoleAssignments", on_select=True),
    *group(TEXT, None, "OData__ModerationComments", on_select=True),
    *group(MASK, None, "EffectiveBasePermissions EffectiveBasePermissionsForUI", on_select=True),
    *group(DOUBLE, None, "Order", on_select=True, writable=True),
)  # fmt: skip
_LIBRARY = (
    *group(TEXT, None, "OData__ExtendedDescription", writable=True),
    *group(TEXT, None, "OData__CopySource"),
    *group(INT, None, "CheckoutUserId"),
    *group(TEXT, None, "File_x0020_Size FileSizeDisplay SMTotalSize", on_select=True),
)
_HANDLED = frozenset(each.name.removeprefix("OData_") for each in (*_COMMON, *_LIBRARY)) | {
    "ID", "Author", "Editor", "ContentType", "Attachments", "CheckoutUser",
}  # fmt: skip
_KEYS = {
    "AuthorId": "Author", "EditorId": "Editor", "Id": "ID", "CheckoutUserId": "CheckoutUser",
    "DisplayName": "LinkTitle", "Client_Title": "LinkTitle", "FileSystemObjectType": "FSObjType",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemColumns:
    """The properties of a list's items, the column behind each, defaults, indexed and typed columns, the columns that
    lead to a person or an item elsewhere (by the lower-case name under which they expand), and the column of terms
    behind each hidden note."""

    table: Table
    keys: Mapping[str, str]
    defaults: Mapping[str, Any]
    indexed: tuple[str, ...]
    by_name: Mapping[str, Defined]
    lookups: Mapping[str, str]
    terms: Mapping[str, str] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)

    def refers(self, name: str) -> bool:
        """Whether a column (by internal name) leads to a person or an item elsewhere."""
        return name in self.lookups.values()

    @property
    def joined(self) -> tuple[str, ...]:
        """The columns by internal name for which a query looks elsewhere: at people, terms and items of other lists.

        The service's own columns of type Lookup (`FileRef`, `ItemChildCount`, `_ComplianceTag`) are read with the item.
        """
        return tuple(name for name in self.lookups.values() if not self._is_own(self.by_name[name]))

    @staticmethod
    def _is_own(column: Defined) -> bool:
        return column.builtin and kind_of(column.props) == "Lookup"

    def date_only(self, name: str) -> bool:
        """Whether a date column holds days without a time."""
        column = self.by_name.get(name)
        return column is not None and not column.builtin and column.props.get("DisplayFormat") == 0

    def calculate(self, name: str, read: Callable[[str], Any]) -> Any:
        """The value of a calculated column, given the values of the others by internal name."""
        if name not in self.formulas:
            self.formulas[name] = read_formula(str(self.by_name[name].props.get("Formula", "")), self.resolve)
        return self.formulas[name].value(read)

    def resolve(self, text: str) -> str | None:
        """The internal name of the column that a formula or a query names (by name, title or id)."""
        wanted = text.casefold()
        if text in self.by_name:
            return text
        for each in self.by_name.values():
            if each.name.casefold() == wanted or each.key == wanted:
                return each.name
        for each in self.by_name.values():
            if str(each.props.get("Title", "")).casefold() == wanted:
                return each.name
        return None


def item_columns(owner: Entity, fields: Sequence[Defined]) -> ItemColumns:
    """The item properties that a list's columns give."""
    library = owner.props.get("BaseType") == 1
    extra: list[Property] = [*(_LIBRARY if library else group(BOOLEAN, False, "Attachments"))]
    keys: dict[str, str] = {each.name: each.name.removeprefix("OData_") for each in (*_COMMON, *_LIBRARY)} | _KEYS
    lookups = {"author": "Author", "editor": "Editor"} | ({"checkoutuser": "CheckoutUser"} if library else {})
    defaults: dict[str, Any] = {}
    for each in fields:
        if each.name in _HANDLED or each.props.get("TypeAsString") in _NO_VALUE:
            continue
        shown = _shown(each)
        for declared in _declare(each):
            keys[declared.name] = each.name
            extra.append(declared if shown else replace(declared, on_select=True))
        if kind_of(each.props) in _REFERENCES:
            lookups[rest_name(each.name).lower()] = each.name
        default = each.props.get("DefaultValue")
        if default is not None and not str(default).startswith("["):
            defaults[each.name] = _default(each, str(default))
    indexed = tuple(each.name for each in fields if each.props.get("Indexed"))
    by_name = {each.name: each for each in fields}
    # Both spellings are answered, whichever is asked for.
    declared_columns = {**table(_COMMON, extra), "ID": Property("ID", INT, 0)}
    return ItemColumns(declared_columns, keys, defaults, indexed, by_name, lookups, _notes(fields))


def _notes(fields: Sequence[Defined]) -> dict[str, str]:
    """The hidden notes through which terms are written, each with the column of terms that it belongs to."""
    names = {each.key: each.name for each in fields}
    owned = ((str(each.props.get("TextField") or "").strip("{}").lower(), each.name) for each in fields)
    return {names[key]: name for key, name in owned if key in names}


def kind_of(props: Mapping[str, Any]) -> str:
    """The type of a column; one that takes several people or items is of the ``Multi`` type, however it was made."""
    kind = str(props.get("TypeAsString", "Text"))
    return f"{kind}Multi" if kind in ("User", "Lookup") and props.get("AllowMultipleValues") else kind


def rest_name(name: str) -> str:
    """The property name of a column: OData allows no leading underscore."""
    return f"OData_{name}" if name.startswith("_") else name


# Hidden columns of page libraries that items show all the same.
_PAGE_COLUMNS = frozenset({
    "CanvasContent1", "LayoutWebpartsContent", "PromotedState", "PageLayoutType", "ClientSideApplicationId",
})  # fmt: skip


def _shown(each: Defined) -> bool:
    """Whether a column is in every answer; the service's own hidden ones are when they are asked for."""
    hidden = each.props.get("Hidden") or each.props.get("ReadOnlyField")
    return each.name in _OF_PAGES or not (each.builtin and hidden)


def _declare(each: Defined) -> list[Property]:
    kind, name = kind_of(each.props), rest_name(each.name)
    writable = not each.props.get("ReadOnlyField") and kind != "Calculated"
    several = kind.endswith("Multi")
    if kind in _REFERENCES:
        number = Property(f"{name}Id", INTS if several else INT, None, writable)
        if kind not in _PEOPLE:
            return [number]
        return [number, Property(f"{name}StringId", TEXTS if several else TEXT, None, writable)]
    return [Property(name, _TYPES.get(kind, TEXT), None, writable)]


def _default(each: Defined, text: str) -> Any:
    kind = each.props.get("TypeAsString")
    if kind == "Boolean":
        return text in ("1", "TRUE", "true")
    if kind in ("Number", "Currency"):
        return float(text)
    return [part for part in text.split(";#") if part] if kind == "MultiChoice" else text
