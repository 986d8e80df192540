"""How entity classes declare their properties: name, Edm type, default, writable."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from typing import Any
from uuid import UUID

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument, invalid_query
from spmigrate.rehearsal.odata.render import Bag, Complex

ZERO_GUID = "00000000-0000-0000-0000-000000000000"
BOOLEAN = "Edm.Boolean"
DATE = "Edm.DateTime"
DOUBLE = "Edm.Double"
GUID = "Edm.Guid"
INT = "Edm.Int32"
LONG = "Edm.Int64"
TEXT = "Edm.String"
TEXTS = "Collection(Edm.String)"
GUIDS = "Collection(Edm.Guid)"
INTS = "Collection(Edm.Int32)"
PATH = "SP.ResourcePath"
MASK = "SP.BasePermissions"
CONTENT_TYPE_ID = "SP.ContentTypeId"
CONTENT_TYPE_IDS = "Collection(SP.ContentTypeId)"
CHANGE_TOKEN = "SP.ChangeToken"  # noqa: S105 - a type name, not a secret

Table = Mapping[str, "Property"]


@dataclass(frozen=True, slots=True)
class Property:
    """One declared property; ``on_select`` ones are answered only when they are asked for by name, and ``within``
    are the numbers that it may be set to."""

    name: str
    type: str
    default: object = None
    writable: bool = False
    on_select: bool = False
    within: Collection[int] | None = None

    def wrap(self, value: object) -> object:
        """A stored value in the form that the renderer writes with its type."""
        if isinstance(value, Complex | Bag) or value is None:
            return value
        if self.type.startswith("Collection("):
            inner = Property(self.name, self.type[len("Collection(") : -1])
            elements = value if isinstance(value, Iterable) and not isinstance(value, str) else ()
            return Bag(self.type, tuple(inner.wrap(element) for element in elements))
        if isinstance(value, Mapping):
            return Complex(self.type, value)
        return str(value) if self.type == LONG else value

    def read(self, value: object) -> Any:
        """A value from a client's body in the form in which it is stored; refuses another type."""
        if value is None:
            return None
        if self.type.startswith("Collection("):
            elements = value.get("results") if isinstance(value, Mapping) else value
            if not isinstance(elements, list):
                raise self._refusal()
            return [plain(element) for element in elements]
        reader = _READERS.get(self.type)
        if reader is None:
            return plain(value)
        try:
            found = reader(value)
        except (TypeError, ValueError, OverflowError):
            raise self._refusal() from None
        if self.within is not None and found not in self.within:
            raise _out_of_range(self.name)
        return found

    def _refusal(self) -> Exception:
        return invalid_query(
            f"Cannot convert a primitive value to the expected type '{self.type}'. "
            "See the inner exception for more details."
        )


def group(edm: str, default: object, names: str, *, writable: bool = False, on_select: bool = False) -> list[Property]:
    """Properties that have type and default in common; ``names`` are separated by spaces."""
    return [Property(name, edm, default, writable, on_select) for name in names.split()]


def table(*groups: Iterable[Property], within: Mapping[str, Collection[int]] | None = None) -> Table:
    """The declared properties of a class, by lower-case name, in order of name; ``within`` are the numbers that some
    of them may be set to, by their names (separated by spaces)."""
    every = sorted((each for members in groups for each in members), key=lambda each: each.name)
    declared = {each.name.lower(): each for each in every}
    for names, numbers in (within or {}).items():
        for name in names.lower().split():
            declared[name] = replace(declared[name], within=numbers)
    return declared


def plain(value: object) -> Any:
    """A client's value without the annotations of verbose JSON."""
    if isinstance(value, Mapping):
        if "results" in value and not set(value) - {"results", "__metadata"}:
            return plain(value["results"])
        return {
            key: plain(part)
            for key, part in value.items()
            if key not in ("__metadata", "__deferred") and "odata." not in key
        }
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value


def as_path(text: str) -> object:
    """A resource path that was given as JSON in the query (``@v={"DecodedUrl": …}``); any other text as it is."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    return parsed if isinstance(parsed, dict) and set(parsed) == {"DecodedUrl"} else text


def whole(value: object, name: str, *, default: int = 0) -> int:
    """A whole number in a structured argument, the default when there is none; refuses (400) what is no number."""
    if value is None or value == "":
        return default
    return int(Property(name, INT).read(int(value) if isinstance(value, bool) else value))


def texts(value: object, name: str) -> list[str]:
    """A collection of texts in an argument, none when it is absent; refuses (400) anything else."""
    given = plain(value)
    if given is not None and not isinstance(given, list):
        raise _out_of_range(name)
    return [str(each) for each in given or []]


def records(value: object, name: str) -> list[dict[str, Any]]:
    """A collection of structured values in an argument, none when it is absent; refuses (400) anything else."""
    given = plain(value)
    if given is None or given == "":
        return []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise _out_of_range(name)
    return given


def record(value: object, name: str) -> dict[str, Any]:
    """A structured value in an argument, empty when it is absent; refuses (400) anything else."""
    given = plain(value)
    if given is None or given == "":
        return {}
    if not isinstance(given, dict):
        raise _out_of_range(name)
    return given


def _out_of_range(name: str) -> ODataError:
    return bad_argument(f"Value does not fall within the expected range.\r\nParameter name: {name}")


def _read_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError(value)


def _read_int(value: object) -> int:
    return _read_whole(value, 31)


def _read_long(value: object) -> int:
    return _read_whole(value, 63)


def _read_whole(value: object, bits: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(value)
    number = int(value)
    if not -(2**bits) <= number < 2**bits:
        raise ValueError(value)
    return number


def _read_float(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(value)
    number = float(value)
    if not isfinite(number):
        raise ValueError(value)
    return number


def _read_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _read_guid(value: object) -> str:
    return str(UUID(str(value).strip("{}")))


def _read_date(value: object) -> str:
    text = str(value)
    datetime.fromisoformat(text)
    return text


_READERS = {
    BOOLEAN: _read_bool,
    INT: _read_int,
    LONG: _read_long,
    DOUBLE: _read_float,
    TEXT: _read_text,
    GUID: _read_guid,
    DATE: _read_date,
}
