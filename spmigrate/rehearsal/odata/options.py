"""Query options: ``$select``, ``$expand``, ``$filter``, ``$orderby``, ``$top``, ``$skip``, ``$skiptoken``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from spmigrate.rehearsal.odata.errors import ODataError, invalid_query
from spmigrate.rehearsal.odata.filters import Expression, parse_filter

# More than this no list counts; half of what the database can hold, so that two may be added.
_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class Shape:
    """What to show of an entity: chosen names (empty = the default set) and what to expand, as a tree."""

    select: frozenset[str] = frozenset()
    everything: bool = False
    nested: Mapping[str, Shape] = field(default_factory=dict)
    expanded: frozenset[str] = frozenset()
    spelled: Mapping[str, str] = field(default_factory=dict)

    def spelling(self, name: str) -> str:
        """A name as the client wrote it, for refusing it."""
        return self.spelled.get(name, name)

    def inner(self, name: str) -> Shape:
        """The shape of what stands behind a navigation property."""
        return self.nested.get(name.lower(), Shape())


@dataclass(frozen=True, slots=True)
class Options:
    """The query options of one request."""

    shape: Shape = field(default_factory=Shape)
    filter: Expression | None = None
    orderby: tuple[tuple[str, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    skiptoken: Mapping[str, str] = field(default_factory=dict)
    count: bool = False

    @property
    def start(self) -> int:
        """How many members stand before the page: those that are skipped, and those of the pages before."""
        return self.skip + _parse_count("$skiptoken", self.skiptoken.get("p_Skip") or "0")


def parse_options(query: Mapping[str, str]) -> Options:
    """Read the query options (names in lower case)."""
    text = query.get("$filter", "").strip()
    return Options(
        shape=parse_shape(query.get("$select", ""), query.get("$expand", "")),
        filter=parse_filter(text) if text else None,
        orderby=_parse_order(query.get("$orderby", "")),
        top=_parse_count("$top", query["$top"]) if "$top" in query else None,
        skip=_parse_count("$skip", query.get("$skip", "0")),
        skiptoken=dict(parse_qsl(query.get("$skiptoken", ""), keep_blank_values=True)),
        count=query.get("$inlinecount", "").lower() == "allpages" or query.get("$count", "").lower() == "true",
    )


def parse_shape(select: str, expand: str) -> Shape:
    """A tree from the two flat lists, as OData 3 writes them (``$select=Author/Id&$expand=Author``)."""
    chosen = _split(select)
    opened = _split(expand)
    return _grow([name.split("/") for name in chosen], [name.split("/") for name in opened])


def _grow(chosen: list[list[str]], opened: list[list[str]]) -> Shape:
    heads = frozenset(path[0].lower() for path in chosen)
    expanded = frozenset(path[0].lower() for path in opened)
    nested = {}
    for name in expanded | {path[0].lower() for path in chosen if len(path) > 1}:
        nested[name] = _grow(
            [path[1:] for path in chosen if path[0].lower() == name and len(path) > 1],
            [path[1:] for path in opened if path[0].lower() == name and len(path) > 1],
        )
    return Shape(
        select=heads - {"*"},
        everything="*" in heads,
        nested=nested,
        expanded=expanded,
        spelled={path[0].lower(): path[0] for path in (*opened, *chosen)},
    )


def _split(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _parse_order(text: str) -> tuple[tuple[str, bool], ...]:
    order: list[tuple[str, bool]] = []
    for part in _split(text):
        name, _, direction = part.partition(" ")
        wanted = direction.strip().lower() or "asc"
        if wanted not in ("asc", "desc"):
            raise invalid_query(f'The expression "{text}" is not valid.')
        order.append((name, wanted == "desc"))
    return tuple(order)


def _parse_count(name: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise _not_a_count(name) from None
    if not 0 <= number < _LIMIT:
        raise _not_a_count(name)
    return number


def _not_a_count(name: str) -> ODataError:
    return invalid_query(f"The query string option {name} must be a non-negative integer.")
