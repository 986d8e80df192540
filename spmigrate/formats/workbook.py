"""Workbooks for people who decide in Excel: values only, nothing hidden, no formulas, and readable by a screen reader.

One layout for every sheet: A1 is the title, A2 says what to do, the header row is row 3 and starts a real Excel table.
No merged cells, no spacer rows, no meaning by colour alone; the three rows stay in view while the rest scrolls. Tool
columns are locked against accidents (protection without a password), columns that people answer in are not. Choices
come from a visible sheet, through defined names, because Excel keeps such lists and LibreOffice reads them.
"""

import io
import re
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from spmigrate.formats import whole
from spmigrate.formats.tables import CHOICES_TAB, HEADER_ROW, Book, Column, Sheet, Value, cell_name, headings, plain

__all__ = ["CHOICES_TAB", "HEADER_ROW", "Book", "Column", "Sheet", "Value", "cell_name", "headings", "plain", "write"]

_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_FIRST = ("=", "+", "-", "@")
_ANSWER_FILL = PatternFill("solid", fgColor="FFF8E1")
_HEADER_FILL = PatternFill("solid", fgColor="1D3D5C")
_LINE = Side(style="thin", color="8A8A8A")
_EDGE = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write(path: Path, book: Book) -> None:
    """Write `book` to `path`, whole or not at all. Raises OSError when the disk does."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = None
    workbook.properties.title = plain(book.title)
    workbook.properties.category = book.marking
    workbook.properties.language = "en-GB"
    for sheet in book.sheets:
        _write_sheet(workbook.create_sheet(sheet.tab), sheet, book.marking)
    for choices in (sheet for sheet in book.sheets if sheet.tab == CHOICES_TAB):
        for name, (first, last) in _ranges(choices).items():
            place = f"'{CHOICES_TAB}'!$B${first}:$B${last}"
            workbook.defined_names[_slug(name)] = DefinedName(_slug(name), attr_text=place)
    _save(workbook, path)


def _save(workbook: Workbook, path: Path) -> None:
    content = io.BytesIO()  # a zip that cannot be finished on a full disk complains once more when it is forgotten
    workbook.save(content)
    with whole.writing(path) as partial:
        partial.write_bytes(content.getvalue())


def _write_sheet(page: Worksheet, sheet: Sheet, marking: str) -> None:
    _put(_cell(page, 1, 1), sheet.title).font = Font(bold=True, size=14)
    _put(_cell(page, 2, 1), sheet.guidance)
    for n, column in enumerate(sheet.columns, start=1):
        header = _put(_cell(page, HEADER_ROW, n), column.heading)
        header.font = Font(bold=True, color="FFFFFF")
        header.fill = _HEADER_FILL
        header.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(n)].width = column.width
    for number, row in enumerate(sheet.rows, start=HEADER_ROW + 1):
        for n, (column, value) in enumerate(zip(sheet.columns, row, strict=True), start=1):
            _write_cell(_cell(page, number, n), column, value)
    last = HEADER_ROW + len(sheet.rows)
    _make_table(page, sheet, last)
    _add_choices(page, sheet, last)
    page.freeze_panes = cell_name(sheet.fixed + 1, HEADER_ROW + 1)
    if sheet.protected:
        _protect(page)
    _lay_out_for_print(page, marking)


def _cell(page: Worksheet, row: int, column: int) -> Cell:
    cell = page.cell(row, column)
    assert isinstance(cell, Cell), "nothing is merged"
    return cell


def _put(cell: Cell, value: Value) -> Cell:
    """Set a value so that text stays text, whatever it starts with."""
    if isinstance(value, str):
        text = _ESCAPE_LIKE.sub("_x005F_", plain(value))
        cell.value = text
        cell.data_type = "s"
        if text.startswith(_FORMULA_FIRST):
            cell.quotePrefix = True  # keeps it text when somebody edits the cell in Excel
    else:
        cell.value = value
    return cell


def _write_cell(cell: Cell, column: Column, value: Value) -> None:
    _put(cell, value if value != "" else None)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, int):
        cell.number_format = "#,##0"
    elif isinstance(value, date):
        cell.number_format = "d mmmm yyyy"
    if not column.locked:
        cell.protection = Protection(locked=False)
        cell.fill = _ANSWER_FILL
        cell.border = _EDGE


def _make_table(page: Worksheet, sheet: Sheet, last: int) -> None:
    name = "".join(word.capitalize() for word in re.findall(r"[A-Za-z]+", sheet.tab))
    table = Table(displayName=name, ref=f"A{HEADER_ROW}:{get_column_letter(len(sheet.columns))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    page.add_table(table)


def _add_choices(page: Worksheet, sheet: Sheet, last: int) -> None:
    for n, column in enumerate(sheet.columns, start=1):
        if not column.choices and not column.longest:
            continue
        if column.choices:
            rule = DataValidation(type="list", formula1=_slug(column.choices), allow_blank=True)
            rule.errorStyle = "stop" if column.strict else "warning"
            rule.error = f"Please choose from the list. All choices are on the sheet {CHOICES_TAB}."
        else:
            rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(column.longest))
            rule.error = f"Please keep this under {column.longest} characters."
        rule.errorTitle = rule.promptTitle = column.heading[:32]
        rule.prompt = column.prompt[:255]
        rule.showErrorMessage = True
        rule.showInputMessage = bool(column.prompt)
        rule.add(f"{get_column_letter(n)}{HEADER_ROW + 1}:{get_column_letter(n)}{last}")
        page.add_data_validation(rule)


def _protect(page: Worksheet) -> None:
    page.protection.sheet = True
    # False means that the protection leaves it alone: widening and filtering stay possible. Sorting is locked, as it
    # would be taken for all columns and reach only the answers, which then stand beside other folders.
    page.protection.formatColumns = False
    page.protection.formatRows = False
    page.protection.autoFilter = False


def _lay_out_for_print(page: Worksheet, marking: str) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = int(page.PAPERSIZE_A4)
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"1:{HEADER_ROW}"
    for strip in (page.oddHeader, page.oddFooter):
        if strip is not None and strip.center is not None:
            strip.center.text = marking.replace("&", "&&")


def _ranges(choices: Sheet) -> dict[str, tuple[int, int]]:
    """First and last row of every list on the Lists sheet; the rows of a list stand together."""
    found: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(choices.rows, start=HEADER_ROW + 1):
        name = str(row[0])
        found[name] = (found.get(name, (number, number))[0], number)
    return found


def _slug(name: str) -> str:
    """The defined name of a list: letters and underscores."""
    return "List_" + "_".join(re.findall(r"[A-Za-z]+", name))
