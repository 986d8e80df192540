"""Literals of OData paths and filters: strings, numbers, guids, dates, booleans, null."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from spmigrate.rehearsal.odata.errors import invalid_query

Value = str | int | float | bool | datetime | UUID | bytes | None

_NUMBER = re.compile(r"[+-]?(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?[lLfFdDmM]?")
_PREFIXED = re.compile(r"(guid|datetimeoffset|datetime|time|binary|X)'", re.IGNORECASE)
# More digits than any number of Edm has.
_DIGITS = 400
_WORD = re.compile(r"[A-Za-z_@$][\w.$/@:]*")
_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?(Z|[+-]\d\d:\d\d)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Alias:
    """``@name``: a parameter whose value stands in the query string."""

    name: str


def read_quoted(text: str, start: int) -> tuple[str, int]:
    """The string that opens at ``start`` (a quote) and the place behind it; quotes inside are doubled."""
    parts: list[str] = []
    at = start + 1
    while True:
        end = text.find("'", at)
        if end < 0:
            raise invalid_query(f"There is an unterminated string literal at position {start} in '{text}'.")
        parts.append(text[at:end])
        if text[end + 1 : end + 2] != "'":
            return "".join(parts), end + 1
        parts.append("'")
        at = end + 2


def parse_guid(text: str) -> UUID:
    """A guid with or without braces."""
    try:
        return UUID(text.strip())
    except ValueError:
        raise invalid_query(f"The expression \"guid'{text}'\" is not valid.") from None


def parse_date(text: str) -> datetime:
    """An ISO date or time; without a zone it is UTC."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise invalid_query(f"The expression \"datetime'{text}'\" is not valid.")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    micro = int((fraction or "0").ljust(6, "0")[:6])
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micro, UTC
        )
    except ValueError:
        raise invalid_query(f"The expression \"datetime'{text}'\" is not valid.") from None
    if zone and zone.upper() != "Z":
        return datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + zone).astimezone(UTC)
    return moment


def read_literal(text: str, start: int) -> tuple[Value | Alias, int] | None:
    """The literal at ``start`` and the place behind it, or None when there is none."""
    if text[start : start + 1] == "'":
        return read_quoted(text, start)
    prefixed = _PREFIXED.match(text, start)
    if prefixed:
        inner, end = read_quoted(text, prefixed.end() - 1)
        kind = prefixed.group(1).lower()
        if kind == "guid":
            return parse_guid(inner), end
        return (parse_date(inner) if kind.startswith("datetime") else inner), end
    number = _NUMBER.match(text, start)
    if number and not re.match(r"[\w-]", text[number.end() : number.end() + 1]):
        return _number(number.group()), number.end()
    word = _WORD.match(text, start)
    if word is None:
        return None
    return _word(word.group(), word.end())


def _number(text: str) -> int | float:
    digits = text.rstrip("lLfFdDmM")
    if len(digits) > _DIGITS:
        raise invalid_query(f'The expression "{text[:_DIGITS]}" is not valid.')
    return int(digits) if re.fullmatch(r"[+-]?\d+", digits) else float(digits)


def _word(text: str, end: int) -> tuple[Value | Alias, int] | None:
    if text.startswith("@"):
        return Alias(text.lower()), end
    known: dict[str, Value] = {"true": True, "false": False, "null": None}
    if text.lower() in known:
        return known[text.lower()], end
    return None


def parse_literal(text: str) -> Value:
    """A whole text as one literal; a text that is none of them stands for itself (SharePoint is lenient)."""
    stripped = text.strip()
    found = read_literal(stripped, 0)
    if found is None or found[1] != len(stripped) or isinstance(found[0], Alias):
        return stripped
    return found[0]
