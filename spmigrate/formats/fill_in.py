"""Filling in an issued workbook the way a person does in Excel: typing into cells and saving. For demos and tests."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

Row = Mapping[str, object]
Choices = Mapping[str, Sequence[str]]


def fill_in(path: Path, out: Path, answer: Callable[[Row, Choices], Mapping[str, str]]) -> int:
    """Ask `answer` for the cells of every row of `path`, type them in and save as `out`; returns the number of rows.

    `answer` gets the row by heading and what the sheet Lists offers for each heading.
    """
    workbook = load_workbook(path)
    offered: dict[str, list[str]] = {}
    for heading, choice, *_ in workbook["Lists"].iter_rows(min_row=2, values_only=True):
        offered.setdefault(str(heading), []).append(str(choice))
    page = workbook["Your folders"]
    header = _header(page)
    columns = {str(cell.value): cell.column for cell in page[header] if cell.value}
    count = 0
    for number in range(header + 1, page.max_row + 1):
        row = {heading: page.cell(number, column).value for heading, column in columns.items()}
        if row["Row ID"] is None:
            continue
        for heading, text in answer(row, offered).items():
            page.cell(number, columns[heading]).value = text
        count += 1
    workbook.save(out)
    return count


def _header(page: Worksheet) -> int:
    return next(number for number in range(1, page.max_row + 1) if page.cell(number, 1).value == "Row ID")
