"""Columns of webs and lists."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from spmigrate.rehearsal.odata.errors import (
    bad_argument,
    duplicate_field,
    field_missing,
    field_protected,
    unknown_field_type,
)
from spmigrate.rehearsal.sharepoint import overlay
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.field_definitions import defined_fields
from spmigrate.rehearsal.sharepoint.field_types import (
    FIELD_KINDS,
    FIELD_PROPERTIES,
    KIND_NAMES,
    TYPE_PROPERTIES,
    entity_type,
    type_display_name,
    xml_attribute,
)
from spmigrate.rehearsal.sharepoint.model import Call, OwnedCollection, Resource, action, as_guid, computed, function
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.properties import Property, Table, plain
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.views import default_view
from spmigrate.rehearsal.storage import Entity

# Options of CreateFieldAsXml that matter here (SP.AddFieldOptions).
INTERNAL_NAME_HINT = 8
ADD_TO_DEFAULT_VIEW = 16


class Field(Resource):
    """A column of a web or list."""

    feed = "Fields"
    declared = FIELD_PROPERTIES
    write_level = Level.MANAGE

    def __init__(self, scope: Scope, owner: Entity, owner_path: str, defined: Defined) -> None:
        super().__init__(scope)
        self.owner = owner
        self.owner_path = owner_path
        self.defined = defined

    @property
    def kind(self) -> str:
        """The type by name: ``Text``, ``Choice``, …"""
        return str(self.defined.props.get("TypeAsString", "Text"))

    @property
    def entity_type(self) -> str:
        return entity_type(self.kind)

    @property
    def path(self) -> str:
        return f"{self.owner_path}/Fields(guid'{self.defined.key}')"

    def table(self) -> Table:
        return TYPE_PROPERTIES.get(self.kind, FIELD_PROPERTIES)

    def stored(self) -> Mapping[str, Any]:
        return self.defined.props

    @property
    def name(self) -> str:
        """The internal name."""
        return self.defined.name

    @computed("Id")
    def _id(self) -> str:
        return self.defined.key

    @computed("InternalName")
    def _internal_name(self) -> str:
        return self.defined.name

    @computed("StaticName")
    def _static_name(self) -> str:
        return str(self.defined.props.get("StaticName", self.defined.name))

    @computed("EntityPropertyName")
    def _entity_property_name(self) -> str:
        return f"OData_{self.name}" if self.name.startswith("_") else self.name

    @computed("FieldTypeKind")
    def _kind(self) -> int:
        return FIELD_KINDS.get(self.kind, 0)

    @computed("TypeDisplayName")
    def _type_display(self) -> str:
        return type_display_name(self.kind)

    @computed("TypeShortDescription")
    def _type_short(self) -> str:
        return type_display_name(self.kind)

    @computed("Scope")
    def _scope(self) -> str:
        if self.owner.kind == "web":
            return self.owner.name
        return f"{self.scope.web_path}/{self.owner.name}"

    @computed("IndexStatus")
    def _index_status(self) -> int:
        return 1 if self.defined.props.get("Indexed") else 0

    @computed("CanBeDeleted")
    def _deletable(self) -> bool:
        return not (self.defined.builtin or self.defined.props.get("Sealed"))

    @computed("SchemaXml")
    def _schema(self) -> str:
        return self.schema()

    @computed("SchemaXmlWithResourceTokens")
    def _schema_tokens(self) -> str:
        return self.schema()

    def schema(self) -> str:
        """The column as CAML."""
        props = self.defined.props
        root = ElementTree.fromstring(props.get("_Xml", "<Field/>"))  # noqa: S314 - parsed before it was kept
        root.set("Type", self.kind)
        root.set("DisplayName", str(props.get("Title", self.name)))
        root.set("ID", f"{{{self.defined.key}}}")
        root.set("Name", self.name)
        root.set("StaticName", self._static_name())
        for attribute, name in (("Required", "Required"), ("Hidden", "Hidden"), ("Indexed", "Indexed")):
            if name in props or attribute in root.attrib:
                root.set(attribute, "TRUE" if props.get(name) else "FALSE")
        if props.get("Group"):
            root.set("Group", str(props["Group"]))
        if props.get("Description") or "Description" in root.attrib:
            root.set("Description", str(props.get("Description", "")))
        if "Choices" in props:
            for below in root.findall("CHOICES"):
                root.remove(below)
            below = ElementTree.SubElement(root, "CHOICES")
            for choice in props["Choices"]:
                ElementTree.SubElement(below, "CHOICE").text = str(choice)
        root.set("SourceID", root.get("SourceID", f"{{{self.owner.guid}}}"))
        return ElementTree.tostring(root, encoding="unicode")

    def save(self, patch: Mapping[str, Any]) -> None:
        if "SchemaXml" in patch:
            parsed = read_field_xml(str(patch["SchemaXml"]), internal_name=self.name)
            patch = {**parsed["props"], **{k: v for k, v in patch.items() if k != "SchemaXml"}}
            patch.pop("TypeAsString", None)
        self.defined = overlay.alter(self.scope, "field", self.owner, self.defined, patch)

    def delete(self) -> None:
        if self.defined.builtin or self.defined.props.get("Sealed") or self.defined.props.get("Hidden"):
            raise field_protected()
        overlay.remove(self.scope, "field", self.owner, self.defined)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Remove the column."""
        self.delete()

    @action("SetShowInDisplayForm")
    def set_show_in_display_form(self, call: Call) -> None:
        """Show the column in the display form or not."""
        self._show("ShowInDisplayForm", call)

    @action("SetShowInEditForm")
    def set_show_in_edit_form(self, call: Call) -> None:
        """Show the column in the edit form or not."""
        self._show("ShowInEditForm", call)

    @action("SetShowInNewForm")
    def set_show_in_new_form(self, call: Call) -> None:
        """Show the column in the new form or not."""
        self._show("ShowInNewForm", call)

    def _show(self, attribute: str, call: Call) -> None:
        root = ElementTree.fromstring(self.schema())  # noqa: S314 - our own text
        root.set(attribute, "TRUE" if call.flag("value", 0) else "FALSE")
        self.save({"_Xml": ElementTree.tostring(root, encoding="unicode")})


class Fields(OwnedCollection):
    """The columns of a web or list."""

    feed = "Fields"
    element = Field
    write_level = Level.MANAGE

    def all(self) -> list[Field]:
        found = defined_fields(self.scope, self.owner)
        return [Field(self.scope, self.owner, self.owner_path, each) for each in found]

    def has(self, name: str) -> bool:
        # The columns of a list are of several types: what one of them has may be asked for.
        return any(name in each for each in TYPE_PROPERTIES.values()) or super().has(name)

    def find(self, text: str) -> Field | None:
        """A column by internal name, title or id."""
        every = self.all()
        guid = as_guid(text)
        wanted = text.casefold()
        tests = (
            lambda each: each.defined.key == guid,
            lambda each: each.name.casefold() == wanted,
            lambda each: str(each.defined.props.get("Title", "")).casefold() == wanted,
        )
        for test in tests:
            found = next((each for each in every if test(each)), None)
            if found is not None:
                return found
        return None

    def by_key(self, key: object) -> Field:
        found = self.find(str(key)) if as_guid(key) else None
        if found is None:
            raise field_missing(str(key))
        return found

    @function("GetById")
    def get_by_id(self, call: Call) -> Field:
        """A column by id."""
        return self.by_key(call.value("id", 0))

    @function("GetByTitle")
    def get_by_title(self, call: Call) -> Field:
        """A column by title."""
        title = call.text("title", 0)
        for each in self.all():
            if str(each.defined.props.get("Title", "")).casefold() == title.casefold():
                return each
        raise field_missing(title)

    @function("GetByInternalNameOrTitle")
    def get_by_internal_name_or_title(self, call: Call) -> Field:
        """A column by internal name, or by title."""
        text = call.text("strName", 0)
        found = self.find(text)
        if found is None:
            raise field_missing(text)
        return found

    @action("CreateFieldAsXml")
    def create_field_as_xml(self, call: Call) -> Field:
        """Add a column from CAML."""
        given = call.record("parameters")
        options = int(given.get("Options") or 0)
        parsed = read_field_xml(
            str(given.get("SchemaXml", "")), use_name=bool(options & INTERNAL_NAME_HINT) or self.owner.kind == "web"
        )
        return self.add(parsed, options)

    @action("AddField")
    def add_field(self, call: Call) -> Field:
        """Add a column from its properties."""
        return self._from_properties(call.record("parameters"))

    def create(self, call: Call) -> Field:
        return self._from_properties(dict(call.body))

    def add(self, parsed: dict[str, Any], options: int = 0) -> Field:
        """Keep a new column that ``read_field_xml`` gave; refuses a name or id that is taken."""
        taken = self.all()
        name = str(parsed["name"])
        if any(each.name.casefold() == name.casefold() or each.defined.key == parsed["id"] for each in taken):
            raise duplicate_field(name)
        row = self.scope.store.insert(
            "field", name, at=self.scope.now, parent=self.owner.id, guid=parsed["id"], props=parsed["props"]
        )
        field = Field(self.scope, self.owner, self.owner_path, Defined(row.guid, name, row.props, row))
        if self.owner.kind == "list" and options & ADD_TO_DEFAULT_VIEW:
            default_view(self.scope, self.owner).add_column(name)
        return field

    def _from_properties(self, given: Mapping[str, Any]) -> Field:
        content = plain(dict(given))
        title = str(content.get("Title") or "").strip()
        if not title:
            raise bad_argument("Value cannot be null.\r\nParameter name: Title")
        kind = KIND_NAMES.get(int(content.get("FieldTypeKind") or 0))
        if kind is None:
            raise bad_argument("Invalid field type.\r\nParameter name: FieldTypeKind")
        xml = ElementTree.Element("Field", {"Type": kind, "DisplayName": title})
        parsed = read_field_xml(ElementTree.tostring(xml, encoding="unicode"))
        table = TYPE_PROPERTIES.get(kind, FIELD_PROPERTIES)
        for name, value in content.items():
            declared: Property | None = table.get(name.lower())
            if declared is not None and declared.writable:
                parsed["props"][declared.name] = declared.read(value)
        if content.get("LookupListId"):
            parsed["props"] |= {
                "LookupList": f"{{{content['LookupListId']}}}",
                "LookupField": content.get("LookupFieldName", "Title"),
            }
        return self.add(parsed)


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
    return {"name": name, "id": as_guid(root.get("ID", "")) or str(uuid.uuid4()), "props": props}


def encode_name(title: str) -> str:
    """An internal name from a display name, as SharePoint makes it: encoded, at most 32 characters."""
    encoded = re.sub(r"[^A-Za-z0-9_]", lambda found: f"_x{ord(found.group()):04x}_", title)
    if encoded[:1].isdigit():
        encoded = f"_x{ord(encoded[0]):04x}_{encoded[1:]}"
    return encoded[:32]
