"""Reading a workbook that came back: values with their places, or every reason why it cannot be used.

What Excel, LibreOffice and SharePoint add on saving (authors, labels, view settings, styles) is left out by reading
values alone, and said so. What can hide content or compute it (hidden rows, columns and sheets, macros, links, pivot
caches, comments) makes the file unusable, place by place, so that nothing signed rests on something nobody saw.
Formulas and errors do too, except in columns that the caller wants to speak of row by row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spmigrate.errors import InputError, Problem
from spmigrate.formats import cells, container, foreign_parts
from spmigrate.formats.cells import Page
from spmigrate.formats.parts import Parts, Tab
from spmigrate.formats.tables import Value, cell_name, letters
from spmigrate.formats.tags import NotRead

_START_AGAIN = "start again from the workbook that was issued"
_MOST_NAMED = 20
_NO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table: its number on the sheet, and its values by heading.

    Of the columns that people type in, `flaws` says by heading what is no value, and `tidied` names those whose text
    had spaces that nobody sees.
    """

    number: int
    values: Mapping[str, Value]
    flaws: Mapping[str, str] = field(default_factory=dict)
    tidied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TablePage:
    """One sheet: where its columns are now, and its rows that hold anything."""

    tab: str
    letters: Mapping[str, str]
    rows: tuple[TableRow, ...]

    def place(self, heading: str, row: int) -> str:
        """`Your folders!G12`."""
        return f"{self.tab}!{self.letters.get(heading, 'A')}{row}"


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that holds nothing but values in the tables we expect.

    `strays` are cells with values in no column of those tables; `left_out` names what programs added when they saved.
    """

    name: str
    pages: Mapping[str, TablePage]
    strays: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()


def read(
    path: Path,
    tables: Mapping[str, Sequence[str]],
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    ask: str = "the sender",
) -> Returned:
    """The workbook at `path`; `tables` maps every permitted tab to the headings that it must have.

    A tab with no headings may be absent and is not read. `typed` names by tab the headings under which people type:
    formulas and errors there are handed over as flaws of their rows, and strange spaces are taken out. `ask` is whom to
    turn to about an encrypted file. Raises InputError with every problem found.
    """
    found = container.opened(path, ask=ask)
    refused = [Problem(path.name, text, hint) for text, hint in foreign_parts.unusable(found.parts).items()]
    try:
        parts = Parts(found)
        if parts.holds_macros() and not refused:
            refused.append(Problem(path.name, "contains macros", container.SAVE_AS))
        if refused:
            raise InputError(f"{path.name} cannot be used as it is", refused)
        reading = _Reading(path.name, parts, tables, typed or {})
        pages = reading.pages()
        people = parts.names_people()
    except NotRead:
        raise container.damaged(path.name) from None
    if reading.problems:
        raise InputError(f"{path.name} cannot be used as it is", reading.problems)
    left_out = [*(["names of authors"] if people else []), *foreign_parts.left_out(found.parts)]
    return Returned(path.name, pages, tuple(reading.strays), tuple(left_out))


class _Reading:
    """The sheets of one workbook on their way to tables."""

    def __init__(
        self, name: str, parts: Parts, tables: Mapping[str, Sequence[str]], typed: Mapping[str, Sequence[str]]
    ) -> None:
        self.problems: list[Problem] = []
        self.strays: list[Problem] = []
        self._name = name
        self._parts = parts
        self._tables = tables
        self._typed = typed

    def pages(self) -> dict[str, TablePage]:
        """The tables that are wanted, by tab; what is wrong goes to `problems`."""
        tabs = self._parts.tabs()
        strings, styles = self._parts.strings(), self._parts.styles()
        found = {}
        for tab in tabs:
            if not tab.visible:
                self._problem(tab.name, "", "the sheet is hidden", "right-click any tab, choose Unhide")
            if tab.name not in self._tables or tab.kind != "worksheet":
                hint = "delete it, or put what matters into the column Notes"
                self._problem(tab.name, "", "this sheet is not one of ours", hint)
                continue
            page = self._parts.page(tab, strings, styles)
            table = self._table(tab, page)
            if table:
                found[tab.name] = table
        for name, wanted in self._tables.items():
            if wanted and name not in {tab.name for tab in tabs}:
                self.problems.append(Problem(self._name, f"the sheet '{name}' is missing", _START_AGAIN))
        return found

    def _table(self, tab: Tab, page: Page) -> TablePage | None:
        self.problems += _hidden(f"{self._name}!{tab.name}", page)
        for place in self._parts.comments(tab):
            hint = "put what matters into the column Notes and delete the comment"
            self._problem(tab.name, place, "has a comment", hint)
        if page.too_wide:
            hint = "delete the rows and columns beyond the table"
            self._problem(tab.name, "", "reaches far beyond the table", hint)
            return None
        wanted = tuple(self._tables[tab.name])
        header = self._header(tab.name, page, wanted) if wanted else None
        allowed = set(self._typed.get(tab.name, ())) if header else set()
        columns = {number: heading for heading, number in (header.columns if header else {}).items()}
        flaws: dict[int, dict[str, str]] = {}
        for (row, column), text in page.flaws:
            heading = columns.get(column, "")
            if header and row > header.row and heading in allowed:
                flaws.setdefault(row, {})[heading] = text
            else:
                self._problem(tab.name, cell_name(column, row), text, "type the value instead")
        return self._rows(tab.name, page, header, flaws) if header else None

    def _rows(self, tab: str, page: Page, header: "_Header", flaws: Mapping[int, Mapping[str, str]]) -> TablePage:
        columns = header.columns
        typed = set(self._typed.get(tab, ()))
        rows = []
        for number in sorted(page.rows.keys() | flaws.keys()):
            if number <= header.row:
                continue
            row = page.rows.get(number, {})
            raw = {heading: row[column] for heading, column in columns.items() if column in row}
            values = {heading: _clean(value, typed=heading in typed) for heading, value in raw.items()}
            tidied = frozenset(heading for heading in typed & raw.keys() if values[heading] != raw[heading])
            if len(values) < len(row):
                self._note_stray(tab, number, set(row) - set(columns.values()))
            if values or number in flaws:
                kept = {heading: value for heading, value in values.items() if value != ""}
                rows.append(TableRow(number, kept, flaws.get(number, {}), tidied))
        names = {heading: letters(column) for heading, column in columns.items()}
        return TablePage(tab, names, tuple(rows))

    def _note_stray(self, tab: str, row: int, columns: set[int]) -> None:
        if len(self.strays) < _MOST_NAMED:
            place = f"{self._name}!{tab}!{cell_name(min(columns), row)}"
            self.strays.append(Problem(place, "stands in no column of ours and is not read", "use the column Notes"))

    def _header(self, tab: str, page: Page, wanted: Sequence[str]) -> "_Header | None":
        for number in sorted(page.rows):
            row = {column: _clean(value, typed=False) for column, value in page.rows[number].items()}
            if wanted[0] not in row.values():
                continue
            where = f"A{number}"
            columns = {str(value): column for column, value in sorted(row.items(), reverse=True) if value in wanted}
            for heading in wanted:
                if heading not in columns:
                    self._problem(tab, where, f"the column '{heading}' is missing", _START_AGAIN)
                elif sum(value == heading for value in row.values()) > 1:
                    self._problem(tab, where, f"the column '{heading}' stands here twice", "delete the copy")
            return _Header(number, columns) if len(columns) == len(wanted) else None
        self._problem(tab, "", f"the heading '{wanted[0]}' is missing", _START_AGAIN)
        return None

    def _problem(self, tab: str, place: str, text: str, hint: str | None) -> None:
        where = "!".join(part for part in (self._name, tab, place) if part)
        self.problems.append(Problem(where, text, hint))


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: Mapping[str, int]


def _clean(value: Value, *, typed: bool) -> Value:
    if not isinstance(value, str):
        return value
    return _SPACES.sub(" ", _NO_WIDTH.sub("", value)).strip() if typed else value.strip()


def _hidden(where: str, page: Page) -> Iterator[Problem]:
    rows = sorted({row for row in page.hidden_rows if row <= page.last_row})
    filtered = "a filter is on, and hides" if page.filtered else "hidden"
    if rows or (page.all_rows_hidden and page.rows):
        hint = "in Excel choose Data, Clear" if page.filtered else "select all rows, right-click, Unhide"
        places = ", ".join(map(str, rows[:5])) + (" and more" if len(rows) > 5 else "") if rows else "all"
        yield Problem(f"{where}!A{rows[0] if rows else 1}", f"{filtered} rows: {places}", hint)
    for first, last in page.hidden_columns:
        if first <= page.last_column:
            shown = letters(first) + (f" to {letters(min(last, 16_384))}" if last > first else "")
            hint = "select all columns, right-click, Unhide"
            yield Problem(f"{where}!{letters(first)}1", f"the column is hidden: {shown}", hint)
    for row, column in page.unseen[:_MOST_NAMED]:
        hint = "select it, and choose General as the format of its number"
        yield Problem(f"{where}!{cell_name(column, row)}", "its format shows nothing of what it holds", hint)
    for ref in page.merged[:_MOST_NAMED]:
        top, left = cells.position(ref.partition(":")[0])
        hint = "select all cells and choose Merge & Center, Unmerge Cells"
        yield Problem(f"{where}!{cell_name(left, top)}", "contains merged cells", hint)
