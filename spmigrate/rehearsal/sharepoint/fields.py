"""Columns of webs and lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from spmigrate.rehearsal.odata.errors import (
    SP_EXCEPTION,
    ODataError,
    duplicate_field,
    field_missing,
    field_protected,
)
from spmigrate.rehearsal.sharepoint import content_types, overlay
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.field_definitions import defined_fields
from spmigrate.rehearsal.sharepoint.field_making import (
    CHECK_DISPLAY_NAME,
    INTERNAL_NAME_HINT,
    TO_ALL_CONTENT_TYPES,
    TO_DEFAULT_VIEW,
    TO_NO_CONTENT_TYPE,
    dependent_lookup,
    encode_name,
    free_name,
    judge_formula,
    read_field_xml,
    read_properties,
)
from spmigrate.rehearsal.sharepoint.field_types import (
    FIELD_KINDS,
    FIELD_PROPERTIES,
    TYPE_PROPERTIES,
    entity_type,
    type_display_name,
)
from spmigrate.rehearsal.sharepoint.indexing import refuse_one_more_index
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    OwnedCollection,
    Resource,
    action,
    as_guid,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.overlay import Defined
from spmigrate.rehearsal.sharepoint.properties import Table, whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.views import default_view
from spmigrate.rehearsal.sharepoint.wordings import Wording
from spmigrate.rehearsal.storage import Entity

__all__ = ["Field", "Fields", "encode_name", "read_field_xml"]


def column_in_use() -> ODataError:
    """Deleting a site column that a content type links (500)."""
    message = (
        "Site columns which are included in content types cannot be deleted. Remove all references to this site column "
        "prior to deleting it."
    )
    return ODataError(500, f"-2146232832, {SP_EXCEPTION}", message)


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

    @computed("Title")
    def _title(self) -> str:
        return str(self.defined.props.get("Title") or self.defined.name)

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
        if patch.get("Indexed") and not self.defined.props.get("Indexed"):
            Fields(self.scope, self.owner, self.owner_path).refuse_more_indexes()
        if "Formula" in patch or patch.get("ValidationFormula"):
            judge_formula({**self.defined.props, **patch}, defined_fields(self.scope, self.owner))
        if "SchemaXml" in patch:
            parsed = read_field_xml(str(patch["SchemaXml"]), internal_name=self.name)
            patch = {**parsed["props"], **{k: v for k, v in patch.items() if k != "SchemaXml"}}
            patch.pop("TypeAsString", None)
        self.defined = overlay.alter(self.scope, "field", self.owner, self.defined, patch)

    def delete(self) -> None:
        if self.defined.builtin or self.defined.props.get("Sealed") or self.defined.props.get("Hidden"):
            raise field_protected()
        if self.owner.kind == "web" and self._is_linked():
            raise column_in_use()
        overlay.remove(self.scope, "field", self.owner, self.defined)

    def _is_linked(self) -> bool:
        types = content_types.ContentTypes(self.scope, self.owner, self.owner_path).all()
        return any(link["name"] == self.name for each in types if not each.defined.builtin for link in each.links())

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Remove the column."""
        self.delete()

    @action("UpdateAndPushChanges")
    def update_and_push_changes(self, call: Call) -> None:
        """Give the lists' copies of a site column what it is now; whether each is indexed stays the list's affair."""
        patch = {name: value for name, value in self.defined.props.items() if name != "Indexed"}
        pushed = call.flag("pushChangesToLists", 0) and self.owner.kind == "web"
        for row in self.scope.store.children(self.owner.id, "list") if pushed else ():
            copy = Fields(self.scope, row, f"Web/Lists(guid'{row.guid}')").find(self.defined.key)
            if copy is not None:
                copy.save(patch)

    @action("EnableIndex")
    def enable_index(self, _call: Call) -> bool:
        """Index the column."""
        self.save({"Indexed": True})
        return True

    @action("DisableIndex")
    def disable_index(self, _call: Call) -> bool:
        """Index the column no longer."""
        self.save({"Indexed": False})
        return True

    @link("TitleResource")
    def title_resource(self) -> Wording:
        """The title in several languages."""
        return Wording(self, "Title", "TitleResource")

    @link("DescriptionResource")
    def description_resource(self) -> Wording:
        """The description in several languages."""
        return Wording(self, "Description", "DescriptionResource")

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
        return [Field(self.scope, self.owner, self.owner_path, each) for each in defined_fields(self.scope, self.owner)]

    def named(self, names: list[str]) -> list[Field]:
        """The columns that there are of some internal names, in their order."""
        known = {each.name: each for each in defined_fields(self.scope, self.owner)}
        return [Field(self.scope, self.owner, self.owner_path, known[each]) for each in names if each in known]

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
        return next((each for test in tests for each in every if test(each)), None)

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
        found = self.titled(title)
        if found is None:
            raise field_missing(title)
        return found

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
        options = whole(given.get("Options"), "Options")
        hinted = bool(options & INTERNAL_NAME_HINT) or self.owner.kind == "web"
        parsed = read_field_xml(str(given.get("SchemaXml", "")), use_name=hinted)
        if options & CHECK_DISPLAY_NAME and self.titled(str(parsed["props"]["Title"])) is not None:
            raise duplicate_field(str(parsed["props"]["Title"]))
        return self.add(parsed, options)

    @action("AddField")
    def add_field(self, call: Call) -> Field:
        """Add a column from its properties."""
        return self._add_free(read_properties(self.scope, call.record("parameters")))

    @action("Add")
    def add_one(self, call: Call) -> Field:
        """Add a column from its properties."""
        return self._add_free(read_properties(self.scope, call.record("parameters")))

    @action("AddDependentLookupField")
    def add_dependent_lookup_field(self, call: Call) -> Field:
        """Add a column that shows one more column of where a lookup leads."""
        primary = self.by_key(call.value("primaryLookupFieldId", 1)).defined
        parsed = dependent_lookup(primary, call.text("displayName", 0), call.text("showField", 2))
        made = self._add_free(parsed)
        names = [*(primary.props.get("DependentLookupInternalNames") or []), made.name]
        overlay.alter(self.scope, "field", self.owner, primary, {"DependentLookupInternalNames": names})
        return made

    def create(self, call: Call) -> Field:
        return self._add_free(read_properties(self.scope, dict(call.body)))

    def _add_free(self, parsed: dict[str, Any]) -> Field:
        name = free_name(str(parsed["name"]), [each.name for each in self.all()])
        return self.add({**parsed, "name": name})

    def add(self, parsed: dict[str, Any], options: int = 0) -> Field:
        """Keep a new column that ``read_field_xml`` gave; refuses a name or id that is taken, or a bad formula."""
        taken = self.all()
        name = str(parsed["name"])
        if any(each.name.casefold() == name.casefold() or each.defined.key == parsed["id"] for each in taken):
            raise duplicate_field(name)
        judge_formula(parsed["props"], [each.defined for each in taken])
        if parsed["props"].get("Indexed"):
            self.refuse_more_indexes()
        row = self.scope.store.insert(
            "field", name, at=self.scope.now, parent=self.owner.id, guid=parsed["id"], props=parsed["props"]
        )
        field = Field(self.scope, self.owner, self.owner_path, Defined(row.guid, name, row.props, row))
        if self.owner.kind == "list":
            self._link(name, options)
        return field

    def _link(self, name: str, options: int) -> None:
        """Let the list's content types take the new column up, and its default view if that is asked for."""
        if not options & TO_NO_CONTENT_TYPE:
            types = content_types.ContentTypes(self.scope, self.owner, self.owner_path).all()
            wanted = [each for each in types if not each.id.startswith("0x0120")]
            for each in wanted if options & TO_ALL_CONTENT_TYPES else wanted[:1]:
                if all(link["name"] != name for link in each.links()):
                    each.keep_links([*each.links(), {"name": name}])
        if options & TO_DEFAULT_VIEW:
            default_view(self.scope, self.owner).add_column(name)

    def refuse_more_indexes(self) -> None:
        """Refuse one more indexed column than a list may have."""
        present = sum(bool(each.defined.props.get("Indexed")) for each in self.all())
        refuse_one_more_index(self.scope, self.owner, present)

    def titled(self, title: str) -> Field | None:
        """A column by title."""
        wanted = title.casefold()
        titles = ((str(each.defined.props.get("Title", "")).casefold(), each) for each in self.all())
        return next((each for title, each in titles if title == wanted), None)
