"""Which properties the items of a list have: one for each column, under the name that REST gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    DATE,
    DOUBLE,
    GUID,
    INT,
    INTS,
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
    "MultiChoice": TEXTS, "URL": "SP.FieldUrlValue", "TaxonomyFieldType": "SP.Taxonomy.TaxonomyFieldValue",
    "TaxonomyFieldTypeMulti": "Collection(SP.Taxonomy.TaxonomyFieldValue)",
}  # fmt: skip
_PEOPLE = ("User", "Lookup")
_MANY = ("UserMulti", "LookupMulti")
_HANDLED = frozenset({
    "ID", "Title", "Created", "Modified", "Author", "Editor", "ContentTypeId", "ContentType", "GUID", "Attachments",
    "_UIVersionString", "FileLeafRef", "FileRef", "FileDirRef", "UniqueId", "EncodedAbsUrl",
})  # fmt: skip
_COMMON = (
    *group(INT, 0, "FileSystemObjectType Id ID"),
    *group(TEXT, None, "ServerRedirectedEmbedUri"),
    *group(TEXT, "", "ServerRedirectedEmbedUrl"),
    *group(TEXT, None, "Title ContentTypeId ComplianceAssetId", writable=True),
    *group(DATE, None, "Created Modified", writable=True),
    *group(INT, None, "AuthorId EditorId", writable=True),
    *group(TEXT, "1.0", "OData__UIVersionString"),
    *group(GUID, None, "GUID"),
    *group(TEXT, None, "FileLeafRef", writable=True, on_select=True),
    *group(TEXT, None, "FileRef FileDirRef EncodedAbsUrl", on_select=True),
    *group(GUID, None, "UniqueId", on_select=True),
)


@dataclass(frozen=True, slots=True)
class ItemColumns:
    """The properties of a list's items, the column behind each, defaults, indexed and typed columns."""

    table: Table
    keys: Mapping[str, str]
    defaults: Mapping[str, Any]
    indexed: tuple[str, ...]
    by_name: Mapping[str, Defined]


def item_columns(owner: Entity, fields: Sequence[Defined]) -> ItemColumns:
    """The item properties that a list's columns give."""
    extra: list[Property] = []
    keys: dict[str, str] = {"AuthorId": "Author", "EditorId": "Editor"}
    defaults: dict[str, Any] = {}
    if owner.props.get("BaseType") != 1:
        extra += group(BOOLEAN, False, "Attachments")
    for each in fields:
        if each.name in _HANDLED or not _shown(each):
            continue
        declared = _declare(each)
        keys[declared.name] = each.name
        extra.append(declared)
        default = each.props.get("DefaultValue")
        if default is not None and not str(default).startswith("["):
            defaults[each.name] = _default(each, str(default))
    indexed = tuple(each.name for each in fields if each.props.get("Indexed"))
    return ItemColumns(table(_COMMON, extra), keys, defaults, indexed, {each.name: each for each in fields})


def _shown(each: Defined) -> bool:
    kind = each.props.get("TypeAsString")
    return not (each.builtin and (each.props.get("Hidden") or each.props.get("ReadOnlyField"))) and kind not in (
        "Computed",
        "File",
        "Counter",
    )


def _declare(each: Defined) -> Property:
    kind = str(each.props.get("TypeAsString", "Text"))
    name = f"OData_{each.name}" if each.name.startswith("_") else each.name
    writable = not each.props.get("ReadOnlyField")
    if kind in _PEOPLE and each.props.get("AllowMultipleValues"):
        kind = f"{kind}Multi"
    if kind in _PEOPLE:
        return Property(f"{name}Id", INT, None, writable)
    if kind in _MANY:
        return Property(f"{name}Id", INTS, None, writable)
    return Property(name, _TYPES.get(kind, TEXT), None, writable)


def _default(each: Defined, text: str) -> Any:
    kind = each.props.get("TypeAsString")
    if kind == "Boolean":
        return text in ("1", "TRUE", "true")
    if kind in ("Number", "Currency"):
        return float(text)
    return [text] if kind == "MultiChoice" else text
