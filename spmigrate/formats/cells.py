"""One sheet of a workbook from people: its cells as values, and what in it is hidden, merged or computed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from spmigrate.formats.tables import Value
from spmigrate.formats.tags import Budget, NotRead, Reading, Tag

MOST_ROWS = 20_000
MOST_COLUMNS = 100

_LONGEST_TEXT = 32_767  # of a cell, in Excel

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_FIRST_DAY = date(1899, 12, 30)
_FIRST_DAY_OF_1904 = date(1904, 1, 1)
_ABSENT = ("", "0", "false")


class Flaw(NamedTuple):
    """A cell that holds no value of its own."""

    place: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Styles:
    """By the number of a cell's style: whether it shows a number as a date, and whether it shows nothing at all."""

    dates: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    first_day: date = _FIRST_DAY


@dataclass(slots=True)
class Page:
    """A sheet as it was read: values by row and column, both counted from 1."""

    rows: dict[int, dict[int, Value]] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    unseen: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    all_rows_hidden: bool = False
    merged: list[str] = field(default_factory=list)
    filtered: bool = False
    too_wide: bool = False

    @property
    def last_row(self) -> int:
        """The lowest row with content, 0 on an empty sheet."""
        return max((*self.rows, *(row for (row, _), _ in self.flaws)), default=0)

    @property
    def last_column(self) -> int:
        """The rightmost column with content, 0 on an empty sheet."""
        widest = max((max(row) for row in self.rows.values()), default=0)
        return max((widest, *(column for (_, column), _ in self.flaws)))


def read(content: bytes, budget: Budget, strings: Sequence[str], styles: Styles) -> Page:
    """The sheet in `content`. Raises NotRead."""
    reading = _Sheet(budget, strings, styles)
    reading.run(content)
    if reading.root != "worksheet":
        raise NotRead(f"{reading.root} where a worksheet belongs")
    return reading.page


def read_strings(content: bytes, budget: Budget) -> list[str]:
    """The texts that the sheets share. Raises NotRead."""
    reading = _Strings(budget)
    reading.run(content)
    return reading.found


def position(place: str) -> tuple[int, int]:
    """Row and column of `G12`. Raises NotRead."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise NotRead(f"a cell called {place[:20]}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def on(flag: str | None) -> bool:
    """What XML means by a yes or no."""
    return (flag or "").strip().lower() not in _ABSENT


def plain_text(text: str) -> str:
    """Text as it was typed: Excel writes control characters as `_x000D_`, and the sign before such text likewise."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Texts(Reading):
    """What strings of cells and shared strings have in common: runs of text, without the hints to pronunciation."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._runs: list[str] = []
        self._aside = 0

    def opened(self, name: str, _parent: str, _attributes: dict[str, str], /) -> None:
        if name == "t" and not self._aside:
            self.listen()
        elif name == "rPh":
            self._aside += 1

    def closed(self, name: str, text: str, /) -> None:
        if name == "t" and self.listening:
            self.listening = False
            self._runs.append(text)
        elif name == "rPh":
            self._aside -= 1

    def take(self) -> str:
        """The runs of one string, put together."""
        text = plain_text("".join(self._runs))
        self._runs.clear()
        if len(text) > _LONGEST_TEXT:
            raise NotRead("a text longer than a cell can hold")
        return text


class _Strings(_Texts):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.found: list[str] = []

    def closed(self, name: str, text: str, /) -> None:
        super().closed(name, text)
        if name == "si":
            self.found.append(self.take())


class _Sheet(_Texts):
    def __init__(self, budget: Budget, strings: Sequence[str], styles: Styles) -> None:
        super().__init__(budget)
        self.page = Page()
        self.root = ""
        self._strings = strings
        self._styles = styles
        self._row = self._column = 0
        self._kind = self._style = ""
        self._text = ""
        self._computed = False

    def opened(self, name: str, parent: str, attributes: dict[str, str], /) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self.listen()
        elif name == "f" and parent == "c":
            self._computed = True
        elif name == "row":
            self._start_row(attributes)
        elif not self.root:
            self.root = name
        elif name in _NOTED:
            self._note(name, attributes)
        else:
            super().opened(name, parent, attributes)

    def closed(self, name: str, text: str, /) -> None:
        if name == "v":
            self.listening = False
            self._text = text
        elif name == "c":
            self._end_cell()
        else:
            super().closed(name, text)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = _number(number) if number else self._row + 1
        self._column = 0
        if on(attributes.get("hidden")) or attributes.get("ht") == "0":
            self.page.hidden_rows.append(self._row)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        if place:
            self._row, self._column = position(place)
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._text = ""
        self._computed = False

    def _end_cell(self) -> None:
        place = (self._row, self._column)
        if self._computed:
            self.page.flaws.append(Flaw(place, "is a formula"))
            self._runs.clear()
            return
        if self._kind == "e":
            self.page.flaws.append(Flaw(place, f"holds the error {self._text[:20]}"))
            return
        value = self._value()
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        if self._column > MOST_COLUMNS or len(self.page.rows) > MOST_ROWS:
            self.page.too_wide = True
            return
        self.page.rows.setdefault(self._row, {})[self._column] = value
        if self._style in self._styles.blank:
            self.page.unseen.append(place)

    def _value(self) -> Value:
        if self._kind == "inlineStr":
            return self.take()
        if self._kind == "s":
            return self._shared(_number(self._text)) if self._text else None
        text = self._text.strip()
        if not text:
            return None
        if self._kind == "b":
            return "Yes" if on(text) else "No"
        if self._kind == "n":
            return self._quantity(text)
        if self._kind == "d":
            return _day(text)
        return plain_text(self._text)

    def _shared(self, number: int) -> str:
        if not 0 <= number < len(self._strings):
            raise NotRead("a text that is not there")
        return self._strings[number]

    def _quantity(self, text: str) -> Value:
        try:
            number = float(text)
        except ValueError:
            raise NotRead("a number that is none") from None
        if self._style in self._styles.dates:
            try:
                return self._styles.first_day + timedelta(days=int(number))
            except (OverflowError, ValueError):
                return text
        return int(number) if number.is_integer() else text

    def _note(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "mergeCell":
            self.page.merged.append(attributes.get("ref", "A1"))
        elif name == "filterColumn":
            self.page.filtered = True
        elif name == "sheetFormatPr":
            self.page.all_rows_hidden = on(attributes.get("zeroHeight"))
        elif on(attributes.get("hidden")) or attributes.get("width") == "0":
            self.page.hidden_columns.append((_number(attributes.get("min", "1")), _number(attributes.get("max", "1"))))


_NOTED = frozenset(("mergeCell", "filterColumn", "sheetFormatPr", "col"))


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise NotRead("a number that is none") from None


def _day(text: str) -> Value:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text


def styles(tags: Sequence[Tag], *, since_1904: bool) -> Styles:
    """What the styles of cells do to numbers, from the elements `numFmt` and `xf` of the part that holds them."""
    codes: dict[int, str] = {}
    dates: set[str] = set()
    blank: set[str] = set()
    number = 0
    for parent, name, attributes, _ in tags:
        if name == "numFmt" and parent == "numFmts":
            codes[_number(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif name == "xf" and parent == "cellXfs":
            form = _number(attributes.get("numFmtId", "0"))
            code = codes.get(form, "")
            if form in _BUILT_IN_DATES or _shows_a_day(code):
                dates.add(str(number))
            elif code.replace('"', "").strip() in (";;", ";;;"):
                blank.add(str(number))
            number += 1
    return Styles(frozenset(dates), frozenset(blank), _FIRST_DAY_OF_1904 if since_1904 else _FIRST_DAY)


_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_CODE = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.')


def _shows_a_day(code: str) -> bool:
    return any(letter in _NOT_CODE.sub("", code).lower() for letter in "dy") and "general" not in code.lower()
