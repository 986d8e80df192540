"""Runs the actions of a request over the resources that REST serves, with the same checks of access."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.csom import writer
from spmigrate.rehearsal.csom.bags import keep_bag
from spmigrate.rehearsal.csom.identities import read_identity, write_identity
from spmigrate.rehearsal.csom.names import KNOWN_MEMBERS
from spmigrate.rehearsal.csom.query import Action, Path, Query, Reference
from spmigrate.rehearsal.csom.statics import CONSTRUCTORS, STATIC_METHODS, STATIC_PROPERTIES, TYPE_NAMES
from spmigrate.rehearsal.odata.errors import ODataError, access_denied, not_built
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint.access import Level, require_at, verb_of
from spmigrate.rehearsal.sharepoint.content_types import ContentType
from spmigrate.rehearsal.sharepoint.field_links import FieldLink
from spmigrate.rehearsal.sharepoint.fields import Field
from spmigrate.rehearsal.sharepoint.items import ListItem
from spmigrate.rehearsal.sharepoint.known import KNOWN
from spmigrate.rehearsal.sharepoint.list_parts import ListPart
from spmigrate.rehearsal.sharepoint.model import Call, Member, Node, Resource, Result
from spmigrate.rehearsal.sharepoint.properties import Property
from spmigrate.rehearsal.sharepoint.property_values import PropertyValues
from spmigrate.rehearsal.sharepoint.root import Root

# The methods that keep what was set before them.
_UPDATES = frozenset({"update", "updateandpushchanges", "systemupdate", "updateoverwriteversion"})
_SETTERS = frozenset({"setfieldvalue", "parseandsetfieldvalue"})
# How many paths may hang one below the other: far more than any program writes.
_MAX_CHAIN = 60


class Interpreter:
    """One request; ``trace`` is its correlation id, with which identities begin."""

    def __init__(self, root: Root, query: Query, trace: str) -> None:
        self.root = root
        self.query = query
        self.trace = trace
        self._made: dict[str, object] = {}
        self._opening: set[str] = set()
        # What was set on an object and waits for its Update, by path; and the object above each, by its identity.
        self._pending: dict[int, tuple[Resource, dict[str, Any]]] = {}
        self._above: dict[int, object] = {}

    def perform(self, action: Action) -> list[object]:
        """Do one action; what it answers, with the action's id before it."""
        match action.kind:
            case "ObjectPath":
                made = self.resolve(action.path)
                return [int(action.id), {"IsNull": made is None}]
            case "ObjectIdentityQuery":
                return [int(action.id), self._identify(self.resolve(action.path))]
            case "Query":
                return [int(action.id), self._describe(action)]
            case "SetProperty":
                self._set(self._resource(action.path), action.name, self._argument(action.arguments[0]))
                return []
            case "Method":
                return self._answer(action, self._invoke(self.resolve(action.path), action.name, action.arguments))
            case "StaticMethod":
                return self._answer(action, self._static(action.type_id, action.name, action.arguments))
        raise not_built("CSOM", f"{action.kind} {_type_name(action.type_id)}.{action.name}")

    def resolve(self, path_id: str) -> object:
        """The object of a path, made at its first use."""
        if path_id in self._made:
            return self._made[path_id]
        path = self.query.paths.get(path_id)
        if path is None or path_id in self._opening or len(self._opening) > _MAX_CHAIN:
            raise _invalid(f"The object path {path_id} is invalid.")
        self._opening.add(path_id)
        try:
            made = self._open(path)
        finally:
            self._opening.discard(path_id)
        self._made[path_id] = made
        if path.parent in self._made and made is not None:
            self._above[id(made)] = self._made[path.parent]
        return made

    def _open(self, path: Path) -> object:
        match path.kind:
            case "Identity":
                return read_identity(self.root, path.name)
            case "Constructor":
                maker = CONSTRUCTORS.get(path.type_id)
                if maker is None:
                    raise not_built("CSOM", f"constructor {_type_name(path.type_id)}")
                return maker(self.root)
            case "StaticProperty":
                reader = STATIC_PROPERTIES.get((path.type_id, path.name))
                if reader is None:
                    raise not_built("CSOM", f"{_type_name(path.type_id)}.{path.name}")
                return reader(self.root)
            case "StaticMethod":
                return self._static(path.type_id, path.name, path.arguments)
            case "Property":
                return self._follow(self.resolve(path.parent), path.name)
        return _unwrap(self._invoke(self.resolve(path.parent), path.name, path.arguments))

    def _follow(self, node: object, name: str) -> object:
        if node is None:
            raise _null_reference()
        member = node.step_to(name.lower()) if isinstance(node, Node) else None
        if member is not None and member.kind == "link":
            return member.run(node)
        raise _unknown(node, name, "Field or property")

    def _static(self, type_id: str, name: str, arguments: tuple[object, ...]) -> object:
        maker = STATIC_METHODS.get((type_id, name))
        if maker is None:
            raise not_built("CSOM", f"{_type_name(type_id)}.{name}")
        return maker(self.root, [self._argument(each) for each in arguments])

    def _invoke(self, node: object, name: str, arguments: tuple[object, ...]) -> object:
        if node is None:
            raise _null_reference()
        given = [self._argument(each) for each in arguments]
        key = name.lower()
        if isinstance(node, ListItem | PropertyValues) and key in _SETTERS:
            self._set_field(node, given)
            return None
        if isinstance(node, Resource) and key in _UPDATES:
            self._keep(node, quietly=key == "systemupdate")
        member = node.step_to(key) if isinstance(node, Node) else None
        if member is not None and member.kind != "link" and isinstance(node, Node):
            return self._run(node, member, given)
        if isinstance(node, Resource) and key in _UPDATES:
            return None
        if isinstance(node, Resource) and key == "deleteobject":
            self._may_write(node, node.write_level, name)
            node.delete()
            return None
        if isinstance(node, Resource) and key in ("retrieve", "refreshload"):
            return None
        raise _unknown(node, name, "Method")

    def _run(self, node: Node, member: Member, given: list[object]) -> object:
        if member.kind == "action":
            self._may_write(node, member.level or node.write_level, member.name)
        else:
            require_at(node, member.level or Level.READ)
        body = next((each for each in given if isinstance(each, Mapping)), {})
        positional: Any = tuple(given)
        return member.run(node, Call(Segment(member.name, positional, called=True), body=body))

    def _may_write(self, node: Node, level: Level, name: str = "Update") -> None:
        require_at(node, level, verb_of(name))
        if node.scope.site.props.get("LockState") == "ReadOnly":
            raise access_denied()

    def _argument(self, value: object) -> object:
        if isinstance(value, Reference):
            return self.resolve(value.path)
        if isinstance(value, list):
            return [self._argument(each) for each in value]
        if not isinstance(value, Mapping):
            return value
        made: dict[str, object] = {}
        for name, part in value.items():
            found = self._argument(part)
            # What REST names by id or by name is an object here.
            if isinstance(found, ContentType):
                made[f"{name}Id"] = {"StringValue": found.id}
            elif isinstance(found, Field):
                made["FieldInternalName"] = found.name
            elif found is not None:
                made[name] = found
        return made

    def _set(self, node: Resource, name: str, value: object) -> None:
        self._may_write(node, node.write_level)
        if isinstance(value, Resource):
            return node.assign(name, value)
        declared = node.table().get(name.lower())
        if declared is None or declared.name != name:
            raise _unknown(node, name, "Field or property")
        if not declared.writable:
            raise _invalid(f'The property or field "{name}" is read-only.')
        patch = node.read_body({name: _as_declared(declared, value)})
        if node.sets_at_once:
            return node.save(patch)
        self._wait(node, patch)
        return None

    def _set_field(self, node: ListItem | PropertyValues, given: list[object]) -> None:
        name, value = given if len(given) == 2 else (None, None)
        if not isinstance(name, str):
            raise _invalid("SetFieldValue takes a name and a value.")
        self._wait(node, {name: value} if isinstance(node, PropertyValues) else writer.read_column(node, name, value))

    def _wait(self, node: Resource, patch: Mapping[str, Any]) -> None:
        self._pending.setdefault(id(node), (node, {}))[1].update(patch)

    def _keep(self, node: Resource, *, quietly: bool) -> None:
        """Update: keep what was set on the object, on what belongs to it alone, and on a content type's field links."""
        for key, (each, patch) in list(self._pending.items()):
            part = isinstance(each, PropertyValues | ListPart) and self._above.get(key) is node
            if not (each is node or part or _is_link_of(each, node)):
                continue
            self._may_write(node, node.write_level)
            del self._pending[key]
            if isinstance(each, PropertyValues):
                keep_bag(node, patch)
            elif isinstance(each, ListItem):
                each.write(patch, keep_version=quietly, quietly=quietly)
            else:
                each.save(patch)

    def _resource(self, path_id: str) -> Resource:
        found = self.resolve(path_id)
        if found is None:
            raise _null_reference()
        if not isinstance(found, Resource):
            raise _invalid(f"The object path {path_id} is invalid.")
        return found

    def _identify(self, node: object) -> dict[str, object]:
        identity = write_identity(node, self.trace) if isinstance(node, Resource) else None
        return {} if identity is None else {"_ObjectIdentity_": identity}

    def _describe(self, action: Action) -> object:
        node = self.resolve(action.path)
        if node is None:
            raise _null_reference()
        pending = {key: patch for key, (_, patch) in self._pending.items()}
        return writer.Writer(self.trace, self.query.suffixes, pending).describe(node, action.shape, action.children)

    def _answer(self, action: Action, value: object) -> list[object]:
        found = _unwrap(value)
        if found is None:
            return []
        return [int(action.id), writer.Writer(self.trace, self.query.suffixes, {}).result(found)]


def _unwrap(value: object) -> object:
    return value.value if isinstance(value, Result) else value


def _as_declared(declared: Property, value: object) -> object:
    # Numbers and flags come as text as well.
    return declared.read(value.strip()) if isinstance(value, str) and declared.type != "Edm.String" else value


def _is_link_of(each: Resource, node: Resource) -> bool:
    return (
        isinstance(each, FieldLink)
        and isinstance(node, ContentType)
        and (each.owner.id, each.owner.owner.id) == (node.id, node.owner.id)
    )


def _type_name(type_id: str) -> str:
    return TYPE_NAMES.get(type_id, f"{{{type_id}}}")


def _unknown(node: object, name: str, what: str) -> ODataError:
    kind = writer.type_of(node)
    if name.lower() in KNOWN_MEMBERS or name.lower() in KNOWN:
        return not_built("CSOM", f"{kind}.{name}")
    return _invalid(f'{what} "{name}" does not exist.')


def _invalid(message: str) -> ODataError:
    return ODataError(400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException", message)


def _null_reference() -> ODataError:
    return ODataError(
        400,
        "-2147467261, Microsoft.SharePoint.Client.ServerObjectNullReferenceException",
        "Object reference not set to an instance of an object on server.",
    )
