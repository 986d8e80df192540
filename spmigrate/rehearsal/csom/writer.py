"""Objects of the model as the client object model answers them: type, identity, version, what the query asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.csom.bags import unescape
from spmigrate.rehearsal.csom.identities import write_identity
from spmigrate.rehearsal.csom.names import KNOWN_MEMBERS
from spmigrate.rehearsal.csom.query import Shape, Wanted
from spmigrate.rehearsal.csom.values import write_open, write_property, write_value
from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, not_built
from spmigrate.rehearsal.sharepoint.access import require_visible, trim
from spmigrate.rehearsal.sharepoint.content_types import ContentTypes
from spmigrate.rehearsal.sharepoint.files import File
from spmigrate.rehearsal.sharepoint.items import ListItem
from spmigrate.rehearsal.sharepoint.known import KNOWN
from spmigrate.rehearsal.sharepoint.lists import List
from spmigrate.rehearsal.sharepoint.model import Collection, Resource
from spmigrate.rehearsal.sharepoint.people import User, principal
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, Property
from spmigrate.rehearsal.sharepoint.property_values import PropertyValues

_COLLECTIONS = {"SP.ListItem": "SP.ListItemCollection", "": "SP.FieldCollection"}
_PERSON = "SP.FieldUserValue"
_LOOKUP = "SP.FieldLookupValue"


class Writer:
    """Writes objects for one request; ``pending`` is what was set on them and is not kept yet."""

    def __init__(self, trace: str, suffixes: bool, pending: Mapping[int, Mapping[str, Any]]) -> None:
        self.trace = trace
        self.suffixes = suffixes
        self.pending = pending

    def describe(self, node: object, shape: Shape, children: Shape | None) -> object:
        """The answer to a query about an object or a collection."""
        if isinstance(node, Collection | Resource):
            require_visible(node)
        if isinstance(node, Collection):
            return self._collection(node, shape, children)
        if isinstance(node, Resource):
            return self._resource(node, shape)
        return write_value(node)

    def result(self, value: object) -> object:
        """What a method returned, whole."""
        return self.describe(value, Shape(everything=True), Shape(everything=True))

    def _collection(self, node: Collection, shape: Shape, children: Shape | None) -> dict[str, object]:
        if shape.narrowed or (children is not None and children.narrowed):
            raise not_built("CSOM", f"expressions over {type_of(node)}")
        own = node.own()
        for each in shape.wanted:
            if each.name not in own:
                raise _unknown_property(type_of(node), each.name)
        answer: dict[str, object] = {"_ObjectType_": type_of(node)}
        answer |= {name: write_value(value) for name, value in own.items()}
        if children is not None:
            members = trim(list(node.all()), node.scope.claims)
            answer["_Child_Items_"] = [self._resource(each, children) for each in members]
        return answer

    def _resource(self, node: Resource, shape: Shape) -> dict[str, object]:
        answer: dict[str, object] = {"_ObjectType_": type_of(node)}
        identity = write_identity(node, self.trace)
        if identity is not None:
            answer["_ObjectIdentity_"] = identity
        version = _version(node)
        if version is not None:
            answer["_ObjectVersion_"] = version
        if isinstance(node, PropertyValues):
            values = {unescape(name): value for name, value in node.values.items()}
            return answer | write_open(values, suffixes=self.suffixes)
        values = _item_values(node, shape) if isinstance(node, ListItem) else self._values(node, shape)
        for each in shape.wanted:
            if not each.scalar and each.name not in values:
                values[each.name] = self._inner(node, each)
        return answer | values

    def _values(self, node: Resource, shape: Shape) -> dict[str, object]:
        table = node.table()
        pending = self.pending.get(id(node), {})
        chosen = [each for each in table.values() if shape.everything and not each.on_select]
        for wanted in shape.wanted:
            declared = table.get(wanted.name.lower())
            if declared is not None and declared.name == wanted.name:
                chosen.append(declared)
            elif wanted.scalar:
                raise _unknown_property(type_of(node), wanted.name)
        return {each.name: write_property(each, self._value(node, each, pending)) for each in chosen}

    def _value(self, node: Resource, declared: Property, pending: Mapping[str, Any]) -> object:
        return declared.wrap(pending[declared.name]) if declared.name in pending else node.read(declared)

    def _inner(self, node: Resource, wanted: Wanted) -> object:
        member = node.step_to(wanted.name.lower())
        if member is None or member.kind != "link" or member.name != wanted.name:
            raise _unknown_property(type_of(node), wanted.name)
        target = member.run(node)
        return None if target is None else self.describe(target, wanted.shape or Shape(), wanted.children)


def type_of(node: object) -> str:
    """The type of an object in the client object model."""
    if isinstance(node, ListItem):
        return "SP.ListItem"
    if isinstance(node, Resource):
        return node.entity_type
    if isinstance(node, Collection):
        element = node.element
        kind = "SP.ListItem" if issubclass(element, ListItem) else element.type
        return node.collection_type or _COLLECTIONS.get(kind, f"{kind}Collection")
    return type(node).__name__


def read_column(item: ListItem, name: str, value: object) -> dict[str, Any]:
    """What SetFieldValue keeps for a column; refuses a column that the list lacks."""
    behind = {column: shown for shown, column in item.columns.keys.items()}
    if name == "ContentType":
        types = ContentTypes(item.scope, item.owner, "").all()
        found = next((each.id for each in types if each.defined.props.get("Name") == value), None)
        if found is None:
            raise bad_argument("The specified content type does not exist.")
        return {"ContentTypeId": found}
    declared = item.table().get(behind.get(name, name).lower())
    if declared is None:
        raise bad_argument(f"Column '{name}' does not exist. It may have been deleted by another user. ")
    column = item.columns.keys.get(declared.name, declared.name)
    return {column: None if value in (None, "") else declared.read(_plain(value, declared))}


def _plain(value: object, declared: Property) -> object:
    if isinstance(value, list):
        return [_plain(each, declared) for each in value]
    if isinstance(value, Mapping) and "LookupId" in value:
        return value["LookupId"]
    if isinstance(value, str) and declared.type.startswith("Collection("):
        return [each for each in value.split(";#") if each]
    if isinstance(value, str) and declared.type == BOOLEAN:
        return value.strip().lower() in ("1", "true", "yes")
    return value


def _version(node: Resource) -> str | None:
    if isinstance(node, ListItem):
        return str(node.item.etag)
    return (node.etag or "").strip('"') if isinstance(node, List | File) else None


def _item_values(item: ListItem, shape: Shape) -> dict[str, object]:
    """An item's columns under their internal names; people and lookups as objects."""
    names = {wanted.name for wanted in shape.wanted}
    values: dict[str, object] = {}
    for declared in item.table().values():
        column = item.columns.keys.get(declared.name, declared.name.removeprefix("OData_"))
        if not ((shape.everything and not declared.on_select) or names & {column, declared.name}):
            continue
        value = write_property(declared, item.read(declared))
        if declared.name == f"{column}Id" and value is not None:
            values[column] = (
                [_lookup(item, each) for each in value] if isinstance(value, list) else _lookup(item, value)
            )
        elif column == "ContentTypeId":
            values[column] = {"_ObjectType_": "SP.ContentTypeId", "StringValue": value}
        else:
            values[column] = value
    for name in names - set(values):
        if not item.has_link(name.lower()):
            raise _unknown_property("SP.ListItem", name)
    return values


def _lookup(item: ListItem, number: object) -> dict[str, object]:
    row = principal(item.scope, int(str(number)))
    if row is None:
        return {"_ObjectType_": _LOOKUP, "LookupId": number, "LookupValue": None}
    person = User(item.scope, row)
    stored = person.stored()
    return {
        "_ObjectType_": _PERSON,
        "LookupId": number,
        "LookupValue": stored.get("Title"),
        "Email": stored.get("Email") or None,
    }


def _unknown_property(kind: str, name: str) -> ODataError:
    if name.lower() in KNOWN_MEMBERS or name.lower() in KNOWN:
        return not_built("CSOM", f"{kind}.{name}")
    message = f'Field or property "{name}" does not exist.'
    return ODataError(400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException", message)
