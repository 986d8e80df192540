"""New columns: from CAML, from properties, dependent on a lookup; and what the service refuses of them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from spmigrate.rehearsal.odata.errors import (
    bad_argument,
    invalid_query,
    list_id_missing,
    unknown_field_type,
    unknown_property,
)
from spmigrate.rehearsal.sharepoint.field_types import (
    FIELD_KINDS,
    FIELD_PROPERTIES,
    KIND_NAMES,
    TYPE_PROPERTIES,
    entity_type,
    xml_attribute,
)
from spmigrate.rehearsal.sharepoint.formulas import read_formula
from spmigrate.rehearsal.sharepoint.model import as_guid
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.properties import plain
from spmigrate.rehearsal.sharepoint.scope import Scope

# Options of CreateFieldAsXml (SP.AddFieldOptions).
TO_NO_CONTENT_TYPE, TO_ALL_CONTENT_TYPES, INTERNAL_NAME_HINT, TO_DEFAULT_VIEW, CHECK_DISPLAY_NAME = 2, 4, 8, 16, 32
# What a creation may name besides the properties of its type.
_CREATION = frozenset({
    "Title", "FieldTypeKind", "LookupListId", "LookupWebId", "LookupFieldName", "IsCompactName", "Choices", "Required",
    "__metadata",
})  # fmt: skip
_RESULTS = {"Text": 2, "Number": 9, "Currency": 10, "DateTime": 4, "Boolean": 8, "Integer": 1}


def read_field_xml(xml: str, *, use_name: bool = True, internal_name: str = "") -> dict[str, Any]:
    """Name, id and properties of a column in CAML; refuses what is not a ``Field`` element."""
    if "<!" in xml:
        raise bad_argument("Invalid field schema.\r\nParameter name: SchemaXml")
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - declarations, the dangerous part, were refused above
    except ElementTree.ParseError:
        raise bad_argument("The schema XML of the field is malformed.\r\nParameter name: SchemaXml") from None
    kind = root.get("Type", "")
    if root.tag.rpartition("}")[2] != "Field" or not kind:
        raise bad_argument("The schema XML of the field is invalid.\r\nParameter name: SchemaXml")
    if kind not in FIELD_KINDS and not kind.startswith("TaxonomyFieldType"):
        raise unknown_field_type(kind)
    title = root.get("DisplayName") or root.get("Name") or "Field"
    name = internal_name or (root.get("Name") if use_name else None) or encode_name(title)
    props: dict[str, Any] = {"TypeAsString": kind, "Title": title, "_Xml": xml}
    for declared in TYPE_PROPERTIES.get(kind, FIELD_PROPERTIES).values():
        found = xml_attribute(root, declared)
        if found is not None:
            props[declared.name] = found
    if root.get("StaticName"):
        props["StaticName"] = root.get("StaticName")
    props |= _special(root, kind)
    return {"name": name, "id": as_guid(root.get("ID", "")) or str(uuid.uuid4()), "props": props}


def _special(root: Element, kind: str) -> dict[str, Any]:
    """What an element says beside its plain attributes: results of formulas, messages, customization of terms."""
    found: dict[str, Any] = {}
    if kind == "Calculated":
        found["OutputType"] = _RESULTS.get(root.get("ResultType", "Text"), 2)
    if root.get("Decimals", "").isdecimal():
        found["DisplayFormat"] = int(root.get("Decimals", "0"))
    if root.get("LCID", "").isdecimal():
        found["CurrencyLocaleId"] = int(root.get("LCID", "0"))
    if root.get("Percentage", "").upper() == "TRUE":
        found["ShowAsPercentage"] = True
    validation = next((each for each in root if each.tag.rpartition("}")[2] == "Validation"), None)
    if validation is not None and validation.get("Message"):
        found["ValidationMessage"] = validation.get("Message")
    if kind.startswith("TaxonomyFieldType"):
        found |= _terms(root)
    if root.get("FieldRef"):
        found |= {"IsDependentLookup": True, "PrimaryFieldId": str(root.get("FieldRef")).strip("{}").lower(),
                  "ReadOnlyField": True}  # fmt: skip
    return found


def _terms(root: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in root.iter():
        if part.tag.rpartition("}")[2] != "Property":
            continue
        texts = {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in part}
        name, value = texts.get("Name", ""), texts.get("Value", "")
        if name in ("SspId", "TermSetId", "AnchorId", "TextField") and as_guid(value):
            found[name] = as_guid(value)
        elif name in ("Open", "UserCreated", "IsPathRendered", "CreateValuesInEditForm"):
            found[name] = value.lower() == "true"
    return found


def encode_name(title: str) -> str:
    """An internal name from a display name, as SharePoint makes it: encoded, at most 32 characters."""
    encoded = re.sub(r"[^A-Za-z0-9_]", lambda found: f"_x{ord(found.group()):04x}_", title)
    if encoded[:1].isdecimal():
        encoded = f"_x{ord(encoded[0]):04x}_{encoded[1:]}"
    return encoded[:32]


def free_name(name: str, taken: Sequence[str]) -> str:
    """An internal name that no column has yet: a number is put behind it, as SharePoint does."""
    known = {each.casefold() for each in taken}
    found, number = name, 0
    while found.casefold() in known:
        found, number = f"{name[: 32 - len(str(number))]}{number}", number + 1
    return found


def read_properties(scope: Scope, given: Mapping[str, Any]) -> dict[str, Any]:
    """Name, id and properties of a column given as properties; refuses what its type does not have."""
    content = plain(dict(given))
    title = str(content.get("Title") or "").strip()
    if not title:
        raise bad_argument("Value cannot be null.\r\nParameter name: Title")
    kind = _kind(given, content)
    xml = ElementTree.Element("Field", {"Type": kind, "DisplayName": title})
    parsed = read_field_xml(ElementTree.tostring(xml, encoding="unicode"))
    table = TYPE_PROPERTIES.get(kind, FIELD_PROPERTIES)
    known = {name for each in TYPE_PROPERTIES.values() for name in each}
    for name, value in content.items():
        declared = table.get(name.lower())
        if declared is not None and declared.name == name:
            if declared.writable:
                parsed["props"][declared.name] = declared.read(value)
        elif name not in _CREATION and name.lower() not in known:
            raise unknown_property(name, entity_type(kind))
    if kind in ("User", "Lookup") and parsed["props"].get("AllowMultipleValues"):
        parsed["props"]["TypeAsString"] = f"{kind}Multi"
    if content.get("LookupListId"):
        parsed["props"] |= _lookup(scope, content)
    return parsed


def _kind(given: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """The type that a creation names: by the entity type of the body where that says more than the number."""
    metadata = given.get("__metadata")
    named = metadata.get("type") if isinstance(metadata, Mapping) else None
    try:
        number = int(content.get("FieldTypeKind") or 0)
    except (TypeError, ValueError):
        raise invalid_query("Cannot convert a primitive value to the expected type 'Edm.Int32'.") from None
    if named == "SP.FieldCalculated":
        return "Calculated"
    kind = KIND_NAMES.get(number)
    if kind is None:
        raise bad_argument("Invalid field type.\r\nParameter name: FieldTypeKind")
    return kind


def _lookup(scope: Scope, content: Mapping[str, Any]) -> dict[str, Any]:
    guid = as_guid(content["LookupListId"])
    if guid is None or scope.store.get("list", guid, parent=scope.web.id) is None:
        raise list_id_missing()
    return {
        "LookupList": f"{{{guid}}}",
        "LookupField": content.get("LookupFieldName") or "Title",
        "LookupWebId": scope.web.guid,
    }


def dependent_lookup(primary: Defined, title: str, shown: str) -> dict[str, Any]:
    """A column that shows one more column of the item to which a lookup leads."""
    if primary.props.get("TypeAsString") not in ("Lookup", "LookupMulti"):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: primaryLookupField")
    root = Element("Field", {
        "Type": str(primary.props["TypeAsString"]), "DisplayName": title, "ReadOnly": "TRUE",
        "List": str(primary.props.get("LookupList", "")), "ShowField": shown, "FieldRef": f"{{{primary.key}}}",
    })  # fmt: skip
    return read_field_xml(ElementTree.tostring(root, encoding="unicode"))


def judge_formula(props: Mapping[str, Any], fields: Sequence[Defined]) -> None:
    """Refuse the formula of a calculated column, or of a validation, that cannot be worked out."""
    names = {each.name.casefold(): each.name for each in fields}
    titles = {str(each.props.get("Title", "")).casefold(): each.name for each in fields}

    own = str(props.get("Title", "")).casefold()

    def resolve(text: str) -> str | None:
        low = text.casefold()
        return names.get(low) or titles.get(low) or (text if low == own else None)

    for key in ("Formula", "ValidationFormula"):
        text = str(props.get(key) or "")
        if text.strip():
            read_formula(text, resolve)
    if props.get("TypeAsString") == "Calculated" and not str(props.get("Formula") or "").strip():
        raise bad_argument("The formula of the column is missing.\r\nParameter name: Formula")
