"""Reading a workbook that came back: values with their places, or every reason why it cannot be used.

What Excel and LibreOffice add on saving (authors, view settings, styles) is dropped by reading values alone. What can
hide content or compute it (hidden rows, columns and sheets, formulas, macros, links, pivot caches, comments) is
refused, place by place, so that nothing signed rests on something nobody saw.
"""

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from spmigrate.errors import InputError, Problem
from spmigrate.formats.workbook import Value

_LARGEST_FILE = 20_000_000
_LARGEST_CONTENT = 40_000_000
_MOST_PARTS = 500
_MOST_ROWS = 20_000
_MOST_COLUMNS = 100
_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_SAVE_AS = "in Excel choose File, Save As, Excel Workbook (.xlsx), and send that"

# One such element can stand for 17 billion cells, and openpyxl would make every one of them.
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell[\s/>]")
_WIDE_LINK = re.compile(rb"<(?:\w+:)?hyperlink\s[^>]*\bref\s*=\s*[\"'][^\"':]*:")

_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, EOFError, OSError, SyntaxError, LookupError,
    ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError, AssertionError,
)  # fmt: skip
"""What openpyxl, the zip and the XML reader raise on damaged files; each means the same to the sender."""

_REFUSED_PARTS = {
    "xl/vbaproject.bin": ("contains macros", _SAVE_AS),
    "xl/externallinks/": ("contains links to other workbooks", "in Excel choose Data, Edit Links, Break Link"),
    "xl/pivotcache/": ("contains a pivot table, which can hide data", "delete the pivot table"),
    "xl/embeddings/": ("contains an embedded file", "delete the embedded object"),
    "xl/macrosheets/": ("contains macros", _SAVE_AS),
    "xl/connections.xml": ("contains a data connection", "in Excel choose Data, Queries & Connections, and delete it"),
}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table: its number on the sheet, and its values by heading."""

    number: int
    values: Mapping[str, Value]


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
    """A workbook that holds nothing but values in the tables we expect."""

    name: str
    pages: Mapping[str, TablePage]


def read(path: Path, tables: Mapping[str, Sequence[str]]) -> Returned:
    """The workbook at `path`; `tables` maps every permitted tab to the headings that it must have.

    A tab with no headings may be absent and is not read. Raises InputError with every problem found.
    """
    name = path.name
    content = _checked_content(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl announces each thing that it does not keep; we keep values only
            workbook = load_workbook(io.BytesIO(content))
            problems = list(_trouble(workbook, name, tables))
            pages = {
                tab: page
                for tab, wanted in tables.items()
                if wanted and tab in workbook.sheetnames
                and (page := _page(workbook[tab], name, tuple(wanted), problems))
            }  # fmt: skip
    except _BROKEN:
        raise _unusable(path, "is damaged or not an Excel workbook", _SAVE_AS) from None
    if problems:
        raise InputError(f"{name} cannot be used as it is", problems)
    return Returned(name, pages)


def _checked_content(path: Path) -> bytes:
    """The bytes of the file, once it is known what the container holds and that it is safe to unpack."""
    try:
        size = path.stat().st_size
        if size > _LARGEST_FILE:
            raise _unusable(path, f"is far too large for a mapping workbook ({size:,} bytes)", None)
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(path, (error.strerror or "cannot be read").lower(), None) from None
    if content.startswith(_OLD_OR_ENCRYPTED):
        why = "is an old .xls workbook, or protected by a password or an encrypting label"
        raise _unusable(path, why, "ask the sender for an unprotected .xlsx")
    if path.suffix.lower() != ".xlsx":
        raise _unusable(path, f"is not an .xlsx workbook but '{path.suffix or 'a file without an ending'}'", _SAVE_AS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            problems = list(_trouble_in_parts(path, archive))
    except _BROKEN:
        raise _unusable(path, "is damaged or not an Excel workbook", _SAVE_AS) from None
    if problems:
        raise InputError(f"{path.name} cannot be used as it is", problems)
    return content


def _trouble_in_parts(path: Path, archive: zipfile.ZipFile) -> Iterator[Problem]:
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_CONTENT:
        raise _unusable(path, "unpacks to far more than a mapping workbook holds", None)
    for start, (text, hint) in _REFUSED_PARTS.items():
        if any(part.filename.lower().startswith(start) for part in parts):
            yield Problem(path.name, text, hint)
    for part in parts:
        content = archive.read(part)
        if b"\0" in content and part.filename.lower().endswith((".xml", ".rels")):
            raise zipfile.BadZipFile("not UTF-8 text, as every program writes it")
        if _MERGED.search(content):
            hint = "select all cells and choose Merge & Center, Unmerge Cells"
            yield Problem(path.name, f"{part.filename} contains merged cells", hint)
        if _WIDE_LINK.search(content):
            yield Problem(path.name, f"{part.filename} contains a link over several cells", "remove the link")


def _unusable(path: Path, why: str, hint: str | None) -> InputError:
    return InputError(f"{path.name} cannot be read", [Problem(path.name, why, hint)])


def _trouble(workbook: Workbook, name: str, tables: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Everything that is hidden, computed, foreign or missing."""
    charts = {chart.title for chart in workbook.chartsheets}
    for tab in workbook.sheetnames:
        page = workbook[tab]
        if page.sheet_state != "visible":
            yield Problem(f"{name}!{tab}", "the sheet is hidden", "right-click any tab, choose Unhide")
        if tab not in tables or tab in charts:
            hint = "delete it, or put what matters into the column Notes"
            yield Problem(f"{name}!{tab}", "this sheet is not one of ours", hint)
        else:
            yield from _hidden(page, name)
            yield from _active(page, name)
    for tab, wanted in tables.items():
        if wanted and tab not in workbook.sheetnames:
            yield Problem(name, f"the sheet '{tab}' is missing", "start again from the workbook that was issued")


def _hidden(page: Worksheet, name: str) -> Iterator[Problem]:
    rows = [n for n, row in page.row_dimensions.items() if n <= page.max_row and (row.hidden or row.height == 0)]
    if rows:
        hint = "clear the filter, or select all rows, right-click, Unhide"
        places = ", ".join(str(n) for n in sorted(rows)[:5]) + (" and more" if len(rows) > 5 else "")
        yield Problem(f"{name}!{page.title}!A{min(rows)}", f"hidden rows: {places}", hint)
    for letter, column in page.column_dimensions.items():
        used = column.min is None or column.min <= page.max_column
        if used and (column.hidden or column.width == 0):
            hint = "select all columns, right-click, Unhide"
            yield Problem(f"{name}!{page.title}!{letter}1", "the column is hidden", hint)


def _active(page: Worksheet, name: str) -> Iterator[Problem]:
    """Cells that compute, that hold an error, or that carry a comment."""
    if page.max_row > _MOST_ROWS or page.max_column > _MOST_COLUMNS:
        hint = "delete the empty rows and columns beyond the table"
        yield Problem(f"{name}!{page.title}", "reaches far beyond the table", hint)
        return
    for row in page.iter_rows():
        for cell in row:
            where = f"{name}!{page.title}!{cell.coordinate}"
            if cell.comment is not None:
                yield Problem(where, "has a comment", "put what matters into the column Notes and delete the comment")
            if isinstance(cell, MergedCell):
                continue
            if cell.data_type == "f":
                yield Problem(where, "is a formula", "type the value instead")
            elif cell.data_type == "e":
                yield Problem(where, f"holds the error {cell.value}", "type the value instead")


def _page(page: Worksheet, name: str, wanted: tuple[str, ...], problems: list[Problem]) -> TablePage | None:
    if page.max_row > _MOST_ROWS or page.max_column > _MOST_COLUMNS:
        return None
    rows = page.iter_rows()
    for header in rows:
        letters = {_text(cell): get_column_letter(n) for n, cell in enumerate(header, start=1) if _text(cell)}
        if wanted[0] not in letters:
            continue
        missing = [heading for heading in wanted if heading not in letters]
        for heading in missing:
            hint = "start again from the workbook that was issued"
            where = f"{name}!{page.title}!A{header[0].row}"
            problems.append(Problem(where, f"the column '{heading}' is missing", hint))
        if missing:
            return None
        found = (_row(tuple(_text(cell) for cell in header), row) for row in rows)
        return TablePage(page.title, letters, tuple(row for row in found if row.values))
    hint = "start again from the workbook that was issued"
    problems.append(Problem(f"{name}!{page.title}", f"the heading '{wanted[0]}' is missing", hint))
    return None


def _row(header: tuple[str, ...], row: Sequence[Cell | MergedCell]) -> TableRow:
    values = {heading: _value(cell) for heading, cell in zip(header, row, strict=False) if heading}
    number = row[0].row or 0
    return TableRow(number, {heading: value for heading, value in values.items() if value not in (None, "")})


def _text(cell: Cell | MergedCell) -> str:
    return str(_value(cell) or "")


def _value(cell: Cell | MergedCell) -> Value:
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, int | date):
        return value
    # The escape of an escape: openpyxl undoes it where a program shares strings, and leaves it where they stand inline.
    return str(value).replace("x005F_", "").strip()
