"""The columns that a content type links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.odata.errors import (
    bad_argument,
)
from spmigrate.rehearsal.sharepoint import content_types
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.fields import Field, Fields
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, computed, function
from spmigrate.rehearsal.sharepoint.properties import (
    BOOLEAN,
    GUID,
    TEXT,
    group,
    table,
)


class FieldLink(Resource):
    """A column's place in a content type. As in the service, ``FieldInternalName`` is always null."""

    type = "SP.FieldLink"
    feed = "FieldLinks"
    write_level = Level.MANAGE
    declared = table(
        group(TEXT, None, "FieldInternalName"),
        group(TEXT, "", "Name"),
        group(TEXT, None, "DisplayName", writable=True),
        group(BOOLEAN, False, "Hidden ReadOnly Required", writable=True),
        group(BOOLEAN, True, "ShowInDisplayForm", writable=True),
        group(GUID, "", "Id"),
    )

    def __init__(self, owner: content_types.ContentType, field: Field, props: Mapping[str, Any]) -> None:
        super().__init__(owner.scope)
        self.owner = owner
        self.field = field
        self.props = props

    @property
    def path(self) -> str:
        return f"{self.owner.path}/FieldLinks(guid'{self.field.defined.key}')"

    def stored(self) -> Mapping[str, Any]:
        return self.props

    @computed("Id")
    def _id(self) -> str:
        return self.field.defined.key

    @computed("Name")
    def _name(self) -> str:
        return self.field.name

    def save(self, patch: Mapping[str, Any]) -> None:
        self.owner.change_link(self.field.name, patch)

    def delete(self) -> None:
        self.owner.keep_links([each for each in self.owner.links() if each["name"] != self.field.name])

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Take the column out of the content type."""
        self.delete()


class FieldLinks(Collection):
    """The columns that a content type links."""

    feed = "FieldLinks"
    element = FieldLink
    write_level = Level.MANAGE

    def __init__(self, owner: content_types.ContentType) -> None:
        super().__init__(owner.scope)
        self.owner = owner

    def all(self) -> list[FieldLink]:
        links = {each["name"]: each for each in self.owner.links()}
        return [FieldLink(self.owner, each, links[each.name]) for each in self.owner.available().named(list(links))]

    def by_key(self, key: object) -> FieldLink | None:
        """A link by the column's id; a missing one is null, not an error, as in the service."""
        guid = as_guid(key)
        return next((each for each in self.all() if each.field.defined.key == guid), None)

    @function("GetById")
    def get_by_id(self, call: Call) -> FieldLink | None:
        """A link by the column's id."""
        return self.by_key(call.value("id", 0))

    @action("Add")
    def add(self, call: Call) -> FieldLink:
        """Link a column."""
        return self._link(call.record("parameters"))

    def create(self, call: Call) -> FieldLink:
        return self._link(call.record("parameters"))

    @action("Reorder")
    def reorder(self, call: Call) -> None:
        """Put the columns into another order."""
        self.reorder_by(call.texts("internalNames", 0))

    def reorder_by(self, wanted: list[str]) -> None:
        """Put the named columns first, in their order."""
        links = {each["name"]: each for each in self.owner.links()}
        first = [links.pop(name) for name in wanted if name in links]
        self.owner.keep_links([*first, *links.values()])

    def _link(self, given: Mapping[str, Any]) -> FieldLink:
        name = str(given.get("FieldInternalName") or given.get("Name") or "")
        field = self.owner.available().find(name) if name else None
        if field is None:
            raise bad_argument(f"Column '{name}' does not exist. It may have been deleted by another user. ")
        links = self.owner.links()
        props = {"name": field.name, "Required": bool(field.defined.props.get("Required", False))}
        if all(each["name"] != field.name for each in links):
            self.owner.keep_links([*links, props])
        return FieldLink(self.owner, field, props)


class LinkedFields(Fields):
    """The columns of a content type, as columns."""

    def __init__(self, owner: content_types.ContentType) -> None:
        super().__init__(owner.scope, owner.owner, owner.path)
        self.content_type = owner

    def all(self) -> list[Field]:
        links = {each["name"]: each for each in self.content_type.links()}
        return [self._flagged(each, links[each.name]) for each in self.named(list(links))]

    def _flagged(self, field: Field, link: Mapping[str, Any]) -> Field:
        flags = {name: link[name] for name in ("Required", "Hidden") if link.get(name) is not None}
        field.defined = replace(field.defined, props={**field.defined.props, **flags})
        return field
