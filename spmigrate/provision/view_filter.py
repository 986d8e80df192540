"""What a view shows, in words: `Status is Open and Review date is before today`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from spmigrate.tenant.contents import name_key

WITH_VALUE = ("is not", "is before", "is after", "is", "contains", "begins with")
WITHOUT_VALUE = ("is not empty", "is empty")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a column, what is asked of it, and a value; none for `is empty` and `is not empty`."""

    column: str
    asks: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.column} {self.asks} {self.value}".rstrip()


def conditions(text: str, columns: Iterable[str]) -> list[Condition]:
    """The conditions of a filter, joined by `and`. Raises ValueError with what cannot be read.

    The names of columns decide where one begins, because names and values may hold any words.
    """
    known = sorted(columns, key=len, reverse=True)
    starts = "|".join(re.escape(name) for name in known)
    parts = re.split(rf"\s+and\s+(?=(?:{starts})\s+(?:is|contains|begins)\b)", text.strip(), flags=re.IGNORECASE)
    return [_condition(part, known) for part in parts]


def _condition(text: str, columns: Iterable[str]) -> Condition:
    name = next((each for each in columns if re.match(rf"{re.escape(each)}\s", text, re.IGNORECASE)), None)
    if name is None:
        raise ValueError(f"'{text}' does not begin with a column of this library")
    rest = " ".join(text[len(name) :].split())
    for asks in WITHOUT_VALUE:
        if name_key(rest) == asks:
            return Condition(name, asks)
    for asks in WITH_VALUE:
        if name_key(rest).startswith(f"{asks} "):
            return Condition(name, asks, rest[len(asks) + 1 :].strip())
    raise ValueError(f"'{text}' does not say what is asked of '{name}': {', '.join((*WITHOUT_VALUE, *WITH_VALUE))}")
