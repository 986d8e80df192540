"""The XML of a ProcessQuery request as values; what is no request is refused with ``Malformed``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

# Source: the service's own limit and text: "The server does not allow messages larger than 2097152 bytes."
MAX_BYTES = 2_097_152
_NAMESPACE = "{http://schemas.microsoft.com/sharepoint/clientquery/2009}"
# Arrays in arrays, scopes in scopes, queries in queries: nothing that a program writes goes deeper.
_MAX_DEPTH = 40
_NUMBERS = frozenset({"Int16", "Int32", "Int64", "UInt16", "UInt32", "UInt64", "Byte", "SByte", "Enum"})
_FRACTIONS = frozenset({"Double", "Single", "Decimal", "Number"})
_SCOPES = frozenset(
    {"ExceptionHandlingScope", "ExceptionHandlingScopeSimple", "TryScope", "CatchScope", "FinallyScope"}
)
ACTIONS = frozenset({
    "Query", "ObjectPath", "ObjectIdentityQuery", "SetProperty", "SetStaticProperty", "Method", "StaticMethod",
    *_SCOPES,
})  # fmt: skip
PATHS = frozenset({"Constructor", "StaticMethod", "StaticProperty", "Property", "Method", "Identity"})


class Malformed(ValueError):
    """The body is no request; the text says why."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An argument that is the object of another path."""

    path: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A property that a query names: scalar, or an object with a query of its own."""

    name: str
    scalar: bool
    shape: Shape | None = None
    children: Shape | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What a query asks of an object; ``narrowed`` when it carries an expression over the members."""

    everything: bool = False
    wanted: tuple[Wanted, ...] = ()
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """An object path."""

    id: str
    kind: str
    name: str = ""
    parent: str = ""
    type_id: str = ""
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """An action; ``path`` is the object path that it works on."""

    id: str
    kind: str
    path: str = ""
    name: str = ""
    type_id: str = ""
    arguments: tuple[object, ...] = ()
    shape: Shape = field(default_factory=Shape)
    children: Shape | None = None
    inner: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A whole request. ``suffixes``: the names of open values tell their types."""

    actions: tuple[Action, ...]
    paths: Mapping[str, Path]
    suffixes: bool = False


def parse_query(content: bytes) -> Query:
    """Read a request; Malformed for anything that is none, a document type among it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("The request is not encoded in UTF-8.") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Malformed("For security reasons DTD is prohibited in this XML document.")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - the dangerous part, declarations, was refused above
    except (ElementTree.ParseError, ValueError):
        raise Malformed("The request is not well-formed XML.") from None
    if _tag(root) != "Request":
        raise Malformed(f"The element {_tag(root)} is unknown.")
    actions = _only(root, "Actions")
    paths = _only(root, "ObjectPaths")
    read = [_read_path(each) for each in paths] if paths is not None else []
    return Query(
        actions=tuple(_read_actions(actions, 0)) if actions is not None else (),
        paths={each.id: each for each in read},
        suffixes=root.get("AddExpandoFieldTypeSuffix", "").lower() == "true",
    )


def _read_path(element: Element) -> Path:
    kind = _tag(element)
    if kind not in PATHS or not element.get("Id"):
        raise Malformed(f"The object path {kind} is unknown.")
    return Path(
        id=element.get("Id", ""),
        kind=kind,
        name=element.get("Name", ""),
        parent=element.get("ParentId", ""),
        type_id=_guid(element.get("TypeId", "")),
        arguments=_arguments(element),
    )


def _read_actions(parent: Element, depth: int) -> Iterator[Action]:
    _limit(depth)
    for element in parent:
        kind = _tag(element)
        if kind not in ACTIONS:
            raise Malformed(f"The action {kind} is unknown.")
        if not re.fullmatch("[0-9]{1,9}", element.get("Id", "")):
            raise Malformed(f"The action {kind} has no number.")
        inner = tuple(_read_actions(element, depth + 1)) if kind in _SCOPES else ()
        query = _only(element, "Query") if kind == "Query" else None
        children = _only(element, "ChildItemQuery") if kind == "Query" else None
        yield Action(
            id=element.get("Id", ""),
            kind=kind,
            path=element.get("ObjectPathId", ""),
            name=element.get("Name", ""),
            type_id=_guid(element.get("TypeId", "")),
            arguments=_set_value(element) if kind.startswith("Set") else _arguments(element),
            shape=Shape() if query is None else _read_shape(query, 0),
            children=None if children is None else _read_shape(children, 0),
            inner=inner,
        )


def _set_value(element: Element) -> tuple[object, ...]:
    given = [_value(each, 0) for each in element if _tag(each) == "Parameter"]
    if len(given) != 1:
        raise Malformed("SetProperty takes one parameter.")
    return tuple(given)


def _read_shape(element: Element, depth: int) -> Shape:
    _limit(depth)
    properties = _only(element, "Properties")
    wanted = [_read_wanted(each, depth) for each in properties] if properties is not None else []
    return Shape(
        everything=element.get("SelectAllProperties", "").lower() == "true",
        wanted=tuple(wanted),
        narrowed=_only(element, "QueryableExpression") is not None,
    )


def _read_wanted(element: Element, depth: int) -> Wanted:
    if not element.get("Name"):
        raise Malformed("A property of a query has a name.")
    query, children = _only(element, "Query"), _only(element, "ChildItemQuery")
    everything = element.get("SelectAll", "").lower() == "true"
    shape = Shape() if query is None else _read_shape(query, depth + 1)
    return Wanted(
        name=element.get("Name", ""),
        scalar=element.get("ScalarProperty", "").lower() == "true",
        shape=Shape(True, shape.wanted, shape.narrowed) if everything else shape,
        children=None if children is None else _read_shape(children, depth + 1),
    )


def _arguments(element: Element) -> tuple[object, ...]:
    parameters = _only(element, "Parameters")
    return tuple(_value(each, 0) for each in parameters) if parameters is not None else ()


def _value(element: Element, depth: int) -> object:
    _limit(depth)
    if element.get("ObjectPathId"):
        return Reference(element.get("ObjectPathId", ""))
    kind, text = element.get("Type", ""), element.text or ""
    if kind == "Null":
        return None
    if kind == "Array":
        return [_value(each, depth + 1) for each in element]
    if kind == "Dictionary" or (not kind and len(element)) or element.get("TypeId"):
        return {each.get("Name", ""): _value(each, depth + 1) for each in element if _tag(each) == "Property"}
    return _scalar(kind, text)


def _scalar(kind: str, text: str) -> object:
    try:
        if kind in _NUMBERS and abs(int(text)) < 1 << 64:
            return int(text)
        if kind in _FRACTIONS and isfinite(float(text)):
            return float(text)
        if kind in _NUMBERS | _FRACTIONS:
            raise ValueError(text)
    except ValueError:
        raise Malformed(f"The value '{text[:80]}' is not of type {kind}.") from None
    if kind == "Boolean":
        if text.strip().lower() not in ("true", "false", "1", "0"):
            raise Malformed(f"The value '{text[:80]}' is not of type Boolean.")
        return text.strip().lower() in ("true", "1")
    return _guid(text) if kind == "Guid" else text


def _guid(text: str) -> str:
    return text.strip().strip("{}").lower()


def _only(element: Element, name: str) -> Element | None:
    return next((each for each in element if _tag(each) == name), None)


def _tag(element: Element) -> str:
    return str(element.tag).removeprefix(_NAMESPACE)


def _limit(depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise Malformed("The request goes too deep.")
