"""Column types: their kinds, entity types and the properties that each adds."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    DOUBLE,
    GUID,
    INT,
    TEXT,
    TEXTS,
    ZERO_GUID,
    Property,
    Table,
    group,
    table,
)

FIELD_KINDS = {
    "Integer": 1, "Text": 2, "Note": 3, "DateTime": 4, "Counter": 5, "Choice": 6, "Lookup": 7, "LookupMulti": 7,
    "Boolean": 8, "Number": 9, "Currency": 10, "URL": 11, "Computed": 12, "Threading": 13, "Guid": 14,
    "MultiChoice": 15, "GridChoice": 16, "Calculated": 17, "File": 18, "Attachments": 19, "User": 20,
    "UserMulti": 20, "Recurrence": 21, "CrossProjectLink": 22, "ModStat": 23, "ContentTypeId": 25,
    "Geolocation": 31, "Location": 33, "Thumbnail": 34,
}  # fmt: skip
KIND_NAMES = {number: name for name, number in FIELD_KINDS.items() if name not in ("LookupMulti", "UserMulti")}
_ENTITY_TYPES = {
    "Text": "SP.FieldText", "Note": "SP.FieldMultiLineText", "DateTime": "SP.FieldDateTime",
    "Choice": "SP.FieldChoice", "Lookup": "SP.FieldLookup", "LookupMulti": "SP.FieldLookup",
    "Number": "SP.FieldNumber", "Currency": "SP.FieldCurrency", "URL": "SP.FieldUrl",
    "Computed": "SP.FieldComputed", "Guid": "SP.FieldGuid", "MultiChoice": "SP.FieldMultiChoice",
    "Calculated": "SP.FieldCalculated", "User": "SP.FieldUser", "UserMulti": "SP.FieldUser",
    "Geolocation": "SP.FieldGeolocation", "Location": "SP.FieldLocation", "Thumbnail": "SP.FieldThumbnail",
    "TaxonomyFieldType": "SP.Taxonomy.TaxonomyField", "TaxonomyFieldTypeMulti": "SP.Taxonomy.TaxonomyField",
}  # fmt: skip
_DISPLAY_NAMES = {
    "Text": "Single line of text", "Note": "Multiple lines of text", "DateTime": "Date and Time",
    "Choice": "Choice", "MultiChoice": "Choice", "Lookup": "Lookup", "LookupMulti": "Lookup", "Boolean": "Yes/No",
    "Number": "Number", "Currency": "Currency", "URL": "Hyperlink or Picture", "User": "Person or Group",
    "UserMulti": "Person or Group", "Calculated": "Calculated", "TaxonomyFieldType": "Managed Metadata",
    "TaxonomyFieldTypeMulti": "Managed Metadata", "Thumbnail": "Image",
}  # fmt: skip
# Attributes of the Field element whose name differs from the property's.
_XML_NAMES = {
    "TypeAsString": "Type", "Title": "DisplayName", "ReadOnlyField": "ReadOnly", "LookupList": "List",
    "LookupField": "ShowField", "LookupWebId": "WebId", "EditFormat": "Format", "DisplayFormat": "Format",
    "MinimumValue": "Min", "MaximumValue": "Max", "NumberOfLines": "NumLines", "AllowMultipleValues": "Mult",
    "AppendOnly": "AppendOnly", "SelectionMode": "UserSelectionMode", "SelectionGroup": "UserSelectionScope",
    "FriendlyDisplayFormat": "FriendlyDisplayFormat",
}  # fmt: skip
_FORMATS = {"DateOnly": 0, "DateTime": 1, "Dropdown": 0, "RadioButtons": 1, "Hyperlink": 0, "Image": 1}
_SELECTION = {"PeopleOnly": 0, "PeopleAndGroups": 1}

_COMMON = (
    *group(
        BOOLEAN, False, "AutoIndexed EnforceUniqueValues Hidden Indexed NoCrawl PinnedToFiltersPane ReadOnlyField "
        "Required Sealed", writable=True,
    ),
    *group(BOOLEAN, False, "CanBeDeleted FromBaseType"),
    *group(BOOLEAN, True, "Filterable Sortable"),
    *group(BOOLEAN, False, "IsModern"),
    *group(TEXT, "", "Description", writable=True),
    *group(TEXT, None, "ClientValidationFormula ClientValidationMessage CustomFormatter DefaultFormula DefaultValue "
           "ValidationFormula ValidationMessage ClientSideComponentProperties Title SchemaXml AutofillInfo",
           writable=True),
    *group(TEXT, "Custom Columns", "Group", writable=True),
    *group(TEXT, "none", "Direction", writable=True),
    *group(TEXT, "clienttemplates.js", "JSLink", writable=True),
    *group(TEXT, "", "EntityPropertyName InternalName Scope TypeDisplayName TypeShortDescription"),
    *group(TEXT, "", "StaticName TypeAsString", writable=True),
    *group(TEXT, "", "SchemaXmlWithResourceTokens", on_select=True),
    *group(GUID, ZERO_GUID, "ClientSideComponentId", writable=True),
    *group(GUID, "", "Id"),
    *group(INT, 0, "FieldTypeKind IndexStatus"),
    *group(INT, 0, "ShowInFiltersPane", writable=True),
)  # fmt: skip


def _lookup() -> list[Property]:
    return [
        *group(BOOLEAN, False, "AllowMultipleValues IsRelationship UnlimitedLengthInDocumentLibrary", writable=True),
        *group(BOOLEAN, False, "IsDependentLookup"),
        *group(TEXT, "", "LookupField LookupList", writable=True),
        *group(TEXT, None, "PrimaryFieldId", writable=True),
        *group(INT, 0, "RelationshipDeleteBehavior", writable=True),
        *group(GUID, ZERO_GUID, "LookupWebId", writable=True),
        *group("Collection(Edm.String)", None, "DependentLookupInternalNames"),
    ]


_CHOICE = (
    *group(TEXTS, [], "Choices", writable=True),
    *group(BOOLEAN, False, "FillInChoice", writable=True),
    *group(TEXT, None, "Mappings"),
)
_NUMBER = (
    *group(BOOLEAN, True, "CommaSeparator", writable=True),
    *group(BOOLEAN, False, "ShowAsPercentage", writable=True),
    *group(INT, -1, "DisplayFormat", writable=True),
    *group(DOUBLE, 1.7976931348623157e308, "MaximumValue", writable=True),
    *group(DOUBLE, -1.7976931348623157e308, "MinimumValue", writable=True),
)
_TAXONOMY = (
    *_lookup(),
    *group(GUID, ZERO_GUID, "AnchorId SspId TermSetId TextField", writable=True),
    *group(BOOLEAN, False, "CreateValuesInEditForm IsPathRendered Open UserCreated", writable=True),
    *group(BOOLEAN, False, "IsAnchorValid IsDocTagsEnabled IsEnhancedImageTaggingEnabled IsKeyword IsTermSetValid"),
    *group(TEXT, "", "TargetTemplate", writable=True),
)
_ADDED: dict[str, tuple[Property, ...]] = {
    "Text": tuple(group(INT, 255, "MaxLength", writable=True)),
    "Note": (
        *group(BOOLEAN, False, "AllowHyperlink AppendOnly RestrictedMode RichText WikiLinking "
               "UnlimitedLengthInDocumentLibrary", writable=True),
        *group(INT, 6, "NumberOfLines", writable=True),
    ),
    "DateTime": (
        *group(INT, 0, "DateTimeCalendarType FriendlyDisplayFormat", writable=True),
        *group(INT, 1, "DisplayFormat", writable=True),
        *group(TEXT, None, "DateFormat TimeFormat"),
    ),
    "Choice": (*_CHOICE, *group(INT, 0, "EditFormat", writable=True)),
    "MultiChoice": _CHOICE,
    "Number": _NUMBER,
    "Currency": (*_NUMBER, *group(INT, 2057, "CurrencyLocaleId", writable=True)),
    "URL": tuple(group(INT, 0, "DisplayFormat", writable=True)),
    "Lookup": tuple(_lookup()),
    "LookupMulti": tuple(_lookup()),
    "User": (
        *_lookup(),
        *group(BOOLEAN, True, "AllowDisplay Presence", writable=True),
        *group(INT, 0, "SelectionGroup SelectionMode", writable=True),
    ),
    "Computed": tuple(group(BOOLEAN, False, "EnableLookup", writable=True)),
    "Calculated": (
        *group(TEXT, "", "Formula", writable=True),
        *group(INT, 2, "OutputType", writable=True),
        *group(INT, -1, "CurrencyLocaleId DateFormat DisplayFormat", writable=True),
        *group(BOOLEAN, False, "ShowAsPercentage", writable=True),
    ),
    "TaxonomyFieldType": _TAXONOMY,
    "TaxonomyFieldTypeMulti": _TAXONOMY,
}  # fmt: skip
_ADDED["UserMulti"] = _ADDED["User"]

FIELD_PROPERTIES: Table = table(_COMMON)
TYPE_PROPERTIES: dict[str, Table] = {kind: table(_COMMON, added) for kind, added in _ADDED.items()}


def entity_type(kind: str) -> str:
    """The entity type of a column: ``SP.FieldText`` for ``Text``."""
    return _ENTITY_TYPES.get(kind, "SP.Field")


def type_display_name(kind: str) -> str:
    """What people see: ``Single line of text``."""
    return _DISPLAY_NAMES.get(kind, kind)


def xml_attribute(root: Element, declared: Property) -> Any:
    """The value of a declared property in a ``Field`` element, None when the element does not say."""
    name = declared.name
    if name == "Choices":
        choices = [each.text or "" for each in root.iter() if each.tag.rpartition("}")[2] == "CHOICE"]
        return choices or None
    if name in ("DefaultValue", "Formula", "ValidationFormula", "CustomFormatter"):
        element = {"DefaultValue": "Default", "ValidationFormula": "Validation"}.get(name, name)
        found = next((each for each in root if each.tag.rpartition("}")[2] == element), None)
        return root.get(name) if found is None else found.text
    text = root.get(_XML_NAMES.get(name, name))
    if text is None or not (declared.writable or name == "FromBaseType") or name in ("SchemaXml", "TypeAsString"):
        return None
    return _convert(declared, text)


def _convert(declared: Property, text: str) -> Any:
    if declared.name in ("EditFormat", "DisplayFormat"):
        return _FORMATS.get(text, int(text) if text.lstrip("-").isdecimal() else declared.default)
    if declared.name == "SelectionMode":
        return _SELECTION.get(text, 0)
    if declared.type == BOOLEAN:
        return text.upper() in ("TRUE", "1")
    if declared.type == INT:
        return int(text) if text.lstrip("-").isdecimal() else declared.default
    if declared.type == DOUBLE:
        try:
            return float(text)
        except ValueError:
            return declared.default
    return text.strip("{}").lower() if declared.type == GUID else text
