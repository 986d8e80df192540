"""The small model that every SharePoint entity is written in: resources, collections, members, calls.

A class names its properties in ``declared`` and its members with decorators: ``@link`` (a navigation
property), ``@function`` (read by GET or POST), ``@action`` (POST alone) and ``@computed`` (a property worked
out on reading). One walker and one shaper serve them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from spmigrate.rehearsal.http import Body, FileRange
from spmigrate.rehearsal.odata.errors import (
    ODataError,
    bad_argument,
    changed_meanwhile,
    invalid_query,
    unknown_property,
    wrong_method,
)
from spmigrate.rehearsal.odata.options import Options, Shape
from spmigrate.rehearsal.odata.render import Complex
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.call import Call
from spmigrate.rehearsal.sharepoint.properties import Property, Table, plain
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

Method = TypeVar("Method", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Member:
    """A named step from a resource: what it is, what runs it, what access it needs."""

    name: str
    kind: str
    run: Callable[..., object]
    level: Level | None = None


def link(name: str) -> Callable[[Method], Method]:
    """A navigation property; the method takes nothing."""
    return _mark("link", name, None)


def function(name: str, level: Level | None = Level.READ) -> Callable[[Method], Method]:
    """A method that reads; it takes the call."""
    return _mark("function", name, level)


def action(name: str, level: Level | None = None) -> Callable[[Method], Method]:
    """A method that writes; it takes the call. Without a level, the class's own ``write_level`` holds."""
    return _mark("action", name, level)


def computed(name: str) -> Callable[[Method], Method]:
    """A declared property that is worked out on reading; the method takes nothing."""
    return _mark("computed", name, None)


def _mark(kind: str, name: str, level: Level | None) -> Callable[[Method], Method]:
    def mark(method: Method) -> Method:
        marks = getattr(method, "_marks", ())
        method.__dict__["_marks"] = (*marks, Member(name, kind, method, level))
        return method

    return mark


class Node:
    """Anything a path can stand on."""

    members: ClassVar[dict[str, Member]] = {}
    computations: ClassVar[dict[str, Member]] = {}
    write_level = Level.CONTROL

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        marked = [each for method in vars(cls).values() for each in getattr(method, "_marks", ())]
        inherited = [base for base in reversed(cls.__mro__[1:]) if issubclass(base, Node)]
        cls.members = {key: member for base in inherited for key, member in base.members.items()}
        cls.computations = {key: member for base in inherited for key, member in base.computations.items()}
        for each in marked:
            if each.kind == "computed":
                cls.computations[each.name] = each
            else:
                cls.members[each.name.lower()] = each

    @property
    def path(self) -> str:
        """The address below ``_api/``."""
        raise AttributeError("path")

    def step_to(self, key: str) -> Member | None:
        """The step from here with this lower-case name; a class whose instances differ overrides this."""
        return self.members.get(key)

    def judge(self, _shape: Shape) -> None:
        """Refuse names that a query may not combine; each name alone has been judged by ``has``."""


class Resource(Node):
    """One entity of SharePoint."""

    type: ClassVar[str] = ""
    feed: ClassVar[str] = ""
    declared: ClassVar[Table] = {}
    # Names that the service passes over in $select although the type does not have them.
    passed_over: ClassVar[frozenset[str]] = frozenset()
    # Links that are addresses alone, no navigation properties: verbose answers do not defer to them.
    addresses: ClassVar[frozenset[str]] = frozenset()
    # The client object model: what is set is kept at once; other classes keep it when Update is called.
    sets_at_once: ClassVar[bool] = False

    def stored(self) -> Mapping[str, Any]:
        """What is kept about it, by property name."""
        return {}

    @property
    def entity_type(self) -> str:
        """The Edm type of this entity; a class whose instances differ overrides this."""
        return self.type

    @property
    def etag(self) -> str | None:
        """The entity tag, None where SharePoint gives none."""
        return None

    def table(self) -> Table:
        """The declared properties; a class whose instances differ overrides this."""
        return self.declared

    def has(self, name: str) -> bool:
        """Whether a query may name this property or link (lower case)."""
        return name in self.table() or self.has_link(name)

    @classmethod
    def has_link(cls, name: str) -> bool:
        """Whether this is one of the navigation properties, or passed over like one (lower case)."""
        member = cls.members.get(name)
        return name in cls.passed_over if member is None else member.kind == "link"

    def read(self, declared: Property) -> object:
        """The value of a declared property: worked out, kept, or the default."""
        computation = self.computations.get(declared.name)
        if computation is not None:
            return declared.wrap(computation.run(self))
        return declared.wrap(self.stored().get(declared.name, declared.default))

    def merge(self, patch: Mapping[str, Any]) -> None:
        """Change properties (MERGE, PATCH, PUT)."""
        self._refuse_other_type(patch)
        self.save(self.read_body(patch))

    def _refuse_other_type(self, body: Mapping[str, Any]) -> None:
        metadata = body.get("__metadata")
        given = metadata.get("type") if isinstance(metadata, Mapping) else None
        # A base type will do: SP.Field for SP.FieldText.
        if isinstance(given, str) and not self.entity_type.startswith(given) and given != "SP.ListItem":
            raise invalid_query(
                f"An entry with type '{given}' was found, but it is not assignable to the expected type "
                f"'{self.entity_type}'."
            )

    def save(self, _patch: Mapping[str, Any]) -> None:
        """Keep changed properties; classes that can be changed override this."""
        raise wrong_method("MERGE", self.path)

    def assign(self, name: str, _target: Resource) -> None:
        """Let a link lead to another object; classes with such links override this."""
        raise invalid_query(f'Field or property "{name}" is read-only.')

    def delete(self) -> None:
        """Remove the entity (DELETE); classes that can be removed override this."""
        raise wrong_method("DELETE", self.path)

    def check_etag(self, headers: Mapping[str, str]) -> None:
        """Refuse (412) when ``If-Match`` names an older state."""
        wanted = headers.get("if-match", "*")
        if wanted not in ("*", "") and self.etag is not None and wanted.strip() != self.etag:
            raise changed_meanwhile(wanted.strip(), self.etag)

    def read_body(self, body: Mapping[str, Any], *, creating: bool = False) -> dict[str, Any]:
        """The writable properties in a client's body, converted; refuses what the type does not have."""
        table = self.table()
        patch: dict[str, Any] = {}
        for name, value in body.items():
            if name == "__metadata" or "odata." in name or "@odata" in name:
                continue
            declared = table.get(name.lower())
            if declared is None or declared.name != name:
                raise unknown_property(name, self.entity_type)
            if declared.writable or creating:
                patch[name] = declared.read(value)
            elif plain(value) != _said(self.read(declared)):  # What was read may be sent back, as PnPjs does.
                raise invalid_query(f"The property '{name}' on type '{self.entity_type}' is read-only.")
        return patch


def _said(value: object) -> object:
    """A value as a client reads it."""
    return dict(value.values) if isinstance(value, Complex) else value


class Stored(Resource):
    """A resource that is one row of the entity table."""

    def __init__(self, scope: Scope, entity: Entity) -> None:
        super().__init__(scope)
        self.entity = entity

    def stored(self) -> Mapping[str, Any]:
        return self.entity.props

    def save(self, patch: Mapping[str, Any]) -> None:
        self.entity = self.scope.store.update(self.entity, patch, at=self.scope.now)


class Content(Resource):
    """A resource with bytes behind ``$value``."""

    def download(self, _headers: Mapping[str, str]) -> Raw:
        """The bytes, or the range that was asked for."""
        raise wrong_method("GET", "$value")

    def replace_content(self, _upload: Body) -> None:
        """Keep other bytes."""
        raise wrong_method("PUT", "$value")


class Collection(Node):
    """Entities of one kind below a resource."""

    feed: ClassVar[str] = ""
    element: ClassVar[type[Resource]] = Resource
    # Its type in the client object model; empty where that is the members' type with "Collection" after it.
    collection_type: ClassVar[str] = ""

    def own(self) -> Mapping[str, object]:
        """Properties of the collection itself, which the client object model shows."""
        return {}

    def has(self, name: str) -> bool:
        """Whether a query may name this property or link of the members (lower case), of which there may be none."""
        return name in self.element.declared or self.element.has_link(name)

    def all(self) -> list[Any]:
        """Every member, in SharePoint's order."""
        return []

    def count(self) -> int:
        """How many members there are."""
        return len(self.all())

    def page(self, _options: Options) -> tuple[list[Any], str | None] | None:
        """A page of members and the token of the next one, for collections too large to hold; else None."""
        return None

    def by_key(self, _key: object) -> object:
        """The member that ``collection(key)`` names; refuses when there is none."""
        raise bad_argument("Parameter name: key")

    def create(self, _call: Call) -> Resource:
        """Add a member (POST to the collection); collections that can grow override this."""
        raise wrong_method("POST", type(self).__name__)


class OwnedCollection(Collection):
    """Entities of one web or list; ``owner_path`` is its address below ``_api/``."""

    def __init__(self, scope: Scope, owner: Entity, owner_path: str) -> None:
        super().__init__(scope)
        self.owner = owner
        self.owner_path = owner_path


@dataclass(frozen=True, slots=True)
class Result:
    """What a method gave, with the name under which verbose JSON wraps it."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they are: the content of a file, in memory or on disk."""

    content: bytes = b""
    file: FileRange | None = None
    kind: str = "application/octet-stream"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_guid(value: object) -> str | None:
    """A key as a guid in lower case, None when it is not one."""
    try:
        return str(UUID(str(value).strip("{}")))
    except ValueError:
        return None


def refuse_empty(value: str, name: str) -> str:
    """The text, refused (400) when it is empty."""
    if not value.strip():
        raise bad_argument(f"Value cannot be null.\r\nParameter name: {name}")
    return value


__all__ = [
    "Call", "Collection", "Member", "Node", "ODataError", "OwnedCollection", "Raw", "Resource", "Result", "Stored",
    "action", "as_guid", "computed", "function", "link", "refuse_empty",
]  # fmt: skip
