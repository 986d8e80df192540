"""A call of a member: its arguments, in whichever of the forms that programs use they come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spmigrate.rehearsal.http import Body
from spmigrate.rehearsal.odata.errors import bad_argument, invalid_query
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint.properties import as_path, plain, records, whole

_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Call:
    """One step of a path with what it may take its arguments from: the step, the query, the body."""

    segment: Segment
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    upload: Body = field(default_factory=Body)
    headers: Mapping[str, str] = field(default_factory=dict)
    last: str = ""  # The key of the path's last step, in one on the way there.

    def value(self, name: str, position: int = -1, *, default: object = _REQUIRED) -> Any:
        """An argument by name in any of the forms, or by place; names are compared without case."""
        key = name.lower()
        if key in self.segment.named:
            return self.segment.named[key]
        if 0 <= position < len(self.segment.positional):
            return self.segment.positional[position]
        for given, value in self.body.items():
            if given.lower() == key:
                return plain(value)
        if key in self.query:
            return self.query[key].strip().removeprefix("'").removesuffix("'").replace("''", "'")
        if default is _REQUIRED:
            raise bad_argument(f"Value cannot be null.\r\nParameter name: {name}")
        return default

    def text(self, name: str, position: int = -1, *, default: object = _REQUIRED) -> str:
        """A text argument; a resource path (``{"DecodedUrl": …}``) counts as its address."""
        value = self.value(name, position, default=default)
        if isinstance(value, str) and value.startswith("{"):
            value = as_path(value)
        if isinstance(value, Mapping):
            value = value.get("DecodedUrl", value.get("StringValue", ""))
        return "" if value is None else str(value)

    def number(self, name: str, position: int = -1, *, default: object = _REQUIRED) -> int:
        """An integer argument."""
        value = self.value(name, position, default=default)
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            raise invalid_query(f'The expression "{value}" is not valid.') from None
        if not -(2**31) <= number < 2**63:
            raise invalid_query(f'The expression "{value}" is not valid.')
        return number

    def flag(self, name: str, position: int = -1, *, default: object = _REQUIRED) -> bool:
        """A true/false argument."""
        value = self.value(name, position, default=default)
        return value.lower() == "true" if isinstance(value, str) else bool(value)

    def texts(self, name: str, position: int = -1) -> list[str]:
        """An argument that is a collection of texts."""
        value = self.value(name, position)
        if not isinstance(value, list):
            raise bad_argument(f"Value does not fall within the expected range.\r\nParameter name: {name}")
        return [str(each) for each in value]

    def numbers(self, name: str, position: int = -1) -> list[int]:
        """An argument that is a collection of integers; null is none."""
        value = plain(self.value(name, position))
        if value is not None and not isinstance(value, list):
            raise bad_argument(f"Value does not fall within the expected range.\r\nParameter name: {name}")
        return [whole(each, name) for each in value or []]

    def records(self, name: str, position: int = -1) -> list[dict[str, Any]]:
        """An argument that is a collection of structured values; null is none."""
        return records(self.value(name, position), name)

    def record(self, name: str) -> dict[str, Any]:
        """A structured argument of the body, unwrapped; the whole body when the name is absent."""
        found = next((value for given, value in self.body.items() if given.lower() == name.lower()), self.body)
        parsed = plain(found if isinstance(found, Mapping) else self.body)
        if not isinstance(parsed, dict):
            raise bad_argument(f"Value does not fall within the expected range.\r\nParameter name: {name}")
        return parsed
