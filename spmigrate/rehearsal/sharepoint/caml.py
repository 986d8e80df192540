"""CAML views and queries: the XML as a small tree of tests, orders and options. Pure: no list is looked at here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError

COMPARISONS = frozenset({
    "Eq", "Neq", "Gt", "Geq", "Lt", "Leq", "Contains", "BeginsWith", "IsNull", "IsNotNull", "In", "Includes",
    "NotIncludes", "Membership", "DateRangesOverlap",
})  # fmt: skip
SCOPES = ("", "FilesOnly", "Recursive", "RecursiveAll")


@dataclass(frozen=True, slots=True)
class Value:
    """A constant of a test: its text, declared type, and the element inside (``Today``, ``UserID``, ``Month`` …).

    A date is the site's wall time, whatever stands behind it, unless ``utc``."""

    text: str = ""
    type: str = "Text"
    special: str = ""
    offset: int = 0
    include_time: bool = False
    utc: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: operator, columns, whether the column's lookup id is meant, constants, and the type or id of a
    ``Membership``."""

    operator: str
    fields: tuple[str, ...] = ()
    lookup_id: bool = False
    values: tuple[Value, ...] = ()
    membership: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Both:
    """``And``, or ``Or`` when ``either``."""

    parts: tuple[Condition, ...]
    either: bool = False


Condition = Comparison | Both


@dataclass(frozen=True, slots=True)
class Query:
    """What a view asks for. ``limit`` is None when the view gives none; orders are (column, descending)."""

    where: Condition | None = None
    orders: tuple[tuple[str, bool], ...] = ()
    groups: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    limit: int | None = None
    paged: bool = True
    scope: str = ""
    dates_in_utc: bool = False
    include_attachments: bool = False
    folder: str = ""
    given: frozenset[str] = field(default_factory=frozenset)


def malformed() -> ODataError:
    """XML that is none, or a query that SharePoint cannot read (500)."""
    return ODataError(500, f"-2130575340, {SP_EXCEPTION}", "Cannot complete this action.\n\nPlease try again.")


def read_view(xml: str) -> Query:
    """The query in a ``View`` element (or in a bare ``Query``); an empty text is a view of everything."""
    if not xml.strip():
        return Query()
    root = parse(xml)
    tag = _name(root)
    if tag == "Query":
        return Query(**_read_query(root), given=frozenset({"Query"}))
    if tag != "View":
        raise malformed()
    parts: dict[str, Any] = {"scope": _scope(root.get("Scope", ""))}
    given = {_name(each) for each in root}
    for each in root:
        name = _name(each)
        if name == "Query":
            parts |= _read_query(each)
        elif name == "ViewFields":
            parts["columns"] = tuple(_columns(each))
        elif name == "RowLimit":
            parts |= {"limit": _number(each.text), "paged": (each.get("Paged") or "").upper() == "TRUE"}
        elif name == "QueryOptions":
            parts |= _read_options(each)
    return Query(**parts, given=frozenset(given | ({"Scope"} if root.get("Scope") else set())))


def read_query(xml: str) -> Query:
    """A view's ``ViewQuery``: the inside of a ``Query`` element."""
    return Query(**_read_query(parse(f"<Query>{xml}</Query>")))


def parse(xml: str) -> Element:
    """An element; declarations of types and entities are refused with whatever else is no XML."""
    if "<!" in xml:
        raise malformed()
    try:
        return ElementTree.fromstring(xml)  # noqa: S314 - declarations, the dangerous part, were refused above
    except ElementTree.ParseError:
        raise malformed() from None


def tests_of(condition: Condition | None) -> Iterator[Comparison]:
    """Every comparison of a condition."""
    if isinstance(condition, Comparison):
        yield condition
    elif condition is not None:
        for part in condition.parts:
            yield from tests_of(part)


def _read_query(root: Element) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for each in root:
        name = _name(each)
        if name == "Where":
            inner = list(each)
            if len(inner) > 1:
                raise malformed()
            parts["where"] = _condition(inner[0]) if inner else None
        elif name == "OrderBy":
            parts["orders"] = tuple(_orders(each))
        elif name == "GroupBy":
            parts["groups"] = tuple(name for name, _ in _orders(each))
    return parts


def _read_options(root: Element) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for each in root:
        name, on = _name(each), (each.text or "").strip().upper() == "TRUE"
        if name == "DateInUtc":
            parts["dates_in_utc"] = on
        elif name == "IncludeAttachmentUrls":
            parts["include_attachments"] = on
        elif name == "Folder":
            parts["folder"] = (each.text or "").strip()
        elif name == "ViewAttributes":
            parts["scope"] = _scope(each.get("Scope", ""))
    return parts


def _condition(root: Element) -> Condition:
    name = _name(root)
    if name in ("And", "Or"):
        parts = tuple(_condition(each) for each in root)
        if len(parts) < 2:
            raise malformed()
        return Both(parts, name == "Or")
    if name not in COMPARISONS:
        raise malformed()
    refs = [each for each in root.iter() if _name(each) == "FieldRef"]
    if not refs:
        raise malformed()
    values = tuple(_value(each) for each in root.iter() if _name(each) == "Value")
    if name not in ("IsNull", "IsNotNull", "Membership") and not values:
        raise malformed()
    return Comparison(
        operator=name,
        fields=tuple(_field_name(each) for each in refs),
        lookup_id=(refs[0].get("LookupId") or "").upper() == "TRUE",
        values=values,
        membership=root.get("Type", ""),
        group=root.get("ID", ""),
    )


def _value(root: Element) -> Value:
    inner = next(iter(root), None)
    special = "" if inner is None else _name(inner)
    text = (root.text or "").strip() if special else root.text or ""
    return Value(
        text=text,
        type=root.get("Type", "Text"),
        special=special,
        offset=_number(inner.get("OffsetDays") or inner.get("Offset")) if inner is not None else 0,
        include_time=(root.get("IncludeTimeValue") or "").upper() == "TRUE",
        utc=(root.get("StorageTZ") or "").upper() == "TRUE",
    )


def _orders(root: Element) -> Iterator[tuple[str, bool]]:
    for each in root:
        if _name(each) == "FieldRef":
            yield _field_name(each), (each.get("Ascending") or "TRUE").upper() == "FALSE"


def _columns(root: Element) -> Iterator[str]:
    for each in root:
        if _name(each) == "FieldRef":
            yield _field_name(each)


def _field_name(root: Element) -> str:
    name = root.get("Name") or root.get("ID") or ""
    if not name:
        raise malformed()
    return name.strip("{}")


def _scope(text: str) -> str:
    found = next((each for each in SCOPES if each.lower() == text.lower()), None)
    return "" if found is None else found


def _number(text: str | None) -> int:
    digits = (text or "").strip()
    return int(digits) if digits.lstrip("-").isdecimal() else 0


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
