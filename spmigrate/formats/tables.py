"""Tables of a workbook before they have cells: what stands in them, and how their columns are filled. No file yet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HEADER_ROW = 3
CHOICES_TAB = "Lists"
"""The visible sheet whose first column names a list and whose second column holds its choices."""

Value = str | int | date | None

_LONGEST_CELL = 32_767  # Excel's limit of characters in a cell
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `choices` names a list of the Lists sheet; `strict` refuses anything else."""

    heading: str
    width: int
    locked: bool = True
    choices: str | None = None
    strict: bool = True
    longest: int | None = None
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tab with one table. `fixed` is how many columns stay in view when scrolling sideways.

    `protected` sheets come back: tool columns are locked. Others are for reading, and can be sorted.
    """

    tab: str
    title: str
    guidance: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    fixed: int = 0
    protected: bool = True


@dataclass(frozen=True, slots=True)
class Book:
    """A whole workbook: its title, its marking, and its sheets in order."""

    title: str
    marking: str
    sheets: tuple[Sheet, ...]


def plain(text: str) -> str:
    """`text` as a cell can hold it: control characters become visible signs, broken characters a replacement sign."""

    def visible(found: re.Match[str]) -> str:
        code = ord(found[0])
        return "\u2421" if code == 0x7F else chr(0x2400 + code) if code < 0x20 else "\ufffd"

    return _UNWRITABLE.sub(visible, text)[:_LONGEST_CELL]


def letters(column: int) -> str:
    """`G` for column 7."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell_name(column: int, row: int) -> str:
    """`G12` for column 7 and row 12."""
    return f"{letters(column)}{row}"


def headings(columns: Sequence[Column]) -> tuple[str, ...]:
    """The headings of a table, in order."""
    return tuple(column.heading for column in columns)
