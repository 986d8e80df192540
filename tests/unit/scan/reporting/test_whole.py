"""The report as a page and as a workbook: what every one of them says, whatever was scanned."""

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from spmigrate.formats import workbook
from spmigrate.model import Document
from spmigrate.report import document
from spmigrate.scan.reporting import whole
from spmigrate.scan.reporting.figures import gather
from spmigrate.scan.reporting.naming import PlainNames
from spmigrate.scan.reporting.whole import Report
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access
from tests.scan_sample import File, add_finding, right, scanned

AWKWARD = (
    "Minutes ", " Budget.xlsx", "aux.docx", "invoice\u202efdp.exe", "two\nlines.txt", "Agenda\uf02214.docx",
    "Cafe\u0301.docx", "Café.docx", "a\u200bb.txt", "no\u00a0break.txt", "=HYPERLINK(1).csv", "+1", "@x", "-2",
    "50% off #2 & 'draft'.docx", "A%20B.docx", "<script>alert(1)</script>.txt", "x" * 251 + ".txt", "nul\x01.txt",
)  # fmt: skip


def reported(ledger: Ledger) -> Report:
    """The report of every source of a ledger."""
    sources = inventory.sources(ledger)
    figures = [gather(ledger, each) for each in sources if each.state != "running"]
    return whole.report(figures, [each for each in sources if each.state == "running"], {}, PlainNames())


def page(ledger: Ledger) -> str:
    """Its page."""
    return document.build(whole.page(reported(ledger)), made=datetime(2026, 4, 1, 9, 30, tzinfo=UTC))


def titles(shown: Document) -> list[str]:
    """What its sections are called."""
    return [each.title for each in shown.sections]


def test_what_was_not_seen_comes_before_everything_that_was(ledger: Ledger) -> None:
    scanned(ledger, "Share", {"A": [File("a.txt")]}, unseen={"Closed": "permission denied"})
    shown = whole.page(reported(ledger))
    assert titles(shown)[:3] == [
        "What was scanned", "What could not be looked at", "What SharePoint would refuse, by cause",
    ]  # fmt: skip
    assert shown.sections[1].sentences[0].startswith("1 place could not be looked at.")
    assert shown.sections[1].tables[0].rows == (("Closed", "permission denied"),)
    assert titles(shown)[-1] == "What this report does not cover"


def test_an_empty_source_is_reported_without_an_empty_table(ledger: Ledger) -> None:
    scanned(ledger, "Share", {})
    html = page(ledger)
    assert "There are no files." in html
    assert "<tbody>\n</tbody>" not in html
    assert "NaN" not in html and "nan%" not in html


def test_an_interrupted_scan_is_named_and_counted_nowhere(ledger: Ledger) -> None:
    scanned(ledger, "Half", {"A": [File("a.txt", 77)]}, state="running")
    shown = whole.page(reported(ledger))
    assert "The scan of Half was interrupted: nothing of it is counted here." in shown.sections[0].sentences
    assert shown.sections[0].tables[0].rows[0][2] == "interrupted"
    assert "77" not in str(shown)


def test_several_sources_stand_beside_each_other_and_add_up_in_the_forecast(ledger: Ledger) -> None:
    scanned(ledger, "Roads", {"A": [File("a.txt", 1_000_000)]})
    scanned(ledger, "Schools", {"B": [File("b.pdf", 2_000_000)]})
    shown = {each.title: each for each in whole.page(reported(ledger)).sections}
    ages = shown["How old the files are"].tables[0]
    assert [row[:3] for row in ages.rows] == [("Roads", "Under 1 year", "1"), ("Schools", "Under 1 year", "1")]
    forecast = shown["How long it will take"].tables[0]
    assert forecast.rows[-1][0].startswith("All of them")
    assert forecast.rows[-1][4] == "3.0 MB"


def test_awkward_names_are_shown_and_alter_nothing(ledger: Ledger) -> None:
    source = scanned(ledger, "Share", {"": [File(name) for name in AWKWARD]})
    scan = inventory.by_id(ledger, source).scan_id
    for n, row in enumerate(list(ledger.rows("SELECT * FROM item"))):
        code = ("NAME-CHARACTER", "NAME-DOT", "DIRECTION", "NAME-SPACE", "ZERO-BYTES")[n % 5]
        add_finding(ledger, scan, code, "rename" if n % 2 else "note", row["folder_id"], row["id"])
    html = page(ledger)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x01\uf022]", html)
    assert "<script>" not in html


def test_a_direction_override_in_a_name_is_visible(ledger: Ledger) -> None:
    scanned(ledger, "Share", {}, unseen={"report\u202efdp.exe": "no"})
    assert "report\\u202efdp.exe" in page(ledger)


@pytest.fixture
def book(ledger: Ledger, tmp_path: Path) -> Path:
    """The workbook of a source with awkward names and access lists."""
    access = {"": Access("o", False, (right("1001", "=cmd()"),)), "=A": Access("o", False, (right("1002"),))}
    source = scanned(ledger, "=Share", {"=A": [File(name) for name in AWKWARD]}, access=access)
    scan = inventory.by_id(ledger, source).scan_id
    for row in list(ledger.rows("SELECT * FROM item")):
        add_finding(ledger, scan, "NAME-CHARACTER", "rename", row["folder_id"], row["id"])
    workbook.write(tmp_path / "r.xlsx", whole.book(reported(ledger)))
    return tmp_path / "r.xlsx"


def test_workbook_keeps_the_conventions_of_accessible_spreadsheets(book: Path) -> None:
    read = openpyxl.load_workbook(book)
    assert read.active is not None and read.active.title == "Read me"
    for sheet in read.worksheets:
        assert sheet["A1"].value and len(sheet.title) < 31
        assert (len(sheet.tables), len(sheet.merged_cells.ranges), sheet.sheet_state) == (1, 0, "visible")
        assert not any(each.hidden for each in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()))
        assert not sheet.protection.sheet, "a report can be sorted"
        (table,) = sheet.tables.values()
        last = int(re.findall(r"\d+", table.ref)[-1])
        assert last > workbook.HEADER_ROW, f"{sheet.title} has a table without rows"
        assert all(any(cell.value is not None for cell in row) for row in sheet.iter_rows(max_row=last))


def test_workbook_has_no_formula_and_names_nobody(book: Path) -> None:
    read = openpyxl.load_workbook(book)
    cells = [cell for sheet in read.worksheets for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert risky
    assert all(cell.quotePrefix for cell in risky)
    assert read.properties.category == "OFFICIAL-SENSITIVE"
    with zipfile.ZipFile(book) as package:
        assert not re.search("creator|lastModifiedBy|manager|company", package.read("docProps/core.xml").decode(), re.I)
        assert not [name for name in package.namelist() if "external" in name.lower() or "vba" in name.lower()]


def test_numbers_stay_numbers_in_the_workbook(book: Path) -> None:
    read = openpyxl.load_workbook(book)
    assert read["Age"]["B4"].value == len(AWKWARD)
    assert read["Heat map"]["D4"].value == len(AWKWARD)
    assert read["Age"]["D3"].value == "Size (bytes)"


def test_every_topic_of_the_page_is_in_the_workbook(ledger: Ledger, book: Path) -> None:
    tabs = openpyxl.load_workbook(book).sheetnames
    assert tabs == [
        "Read me", "Sources", "Causes", "Heat map", "Age", "Types", "Sizes", "ROT", "Permissions", "Accounts", "Scopes",
        "Forecast", "Assumptions",
    ]  # fmt: skip
    shown = whole.page(reported(ledger))
    assert all(each.charts for each in shown.sections if each.title.startswith(("How old", "What kinds", "How large")))


def test_heat_says_in_words_what_it_shades(ledger: Ledger) -> None:
    source = scanned(ledger, "Share", {"A": [File(f"{n}.txt") for n in range(10)]})
    scan = inventory.by_id(ledger, source).scan_id
    for row in list(ledger.rows("SELECT * FROM item LIMIT 3")):
        add_finding(ledger, scan, "NAME-DOT", "rename", row["folder_id"], row["id"])
    heat = {each.title: each for each in whole.page(reported(ledger)).sections}["Where the findings are"].tables[0]
    assert heat.rows[0][2:5] == ("none", "3 · most", "none")
    assert heat.shades[0][2:5] == (0, 4, 0)


def test_copies_say_how_they_were_told(ledger: Ledger) -> None:
    scanned(ledger, "Plain", {"A": [File("a.pdf", 20_000)], "B": [File("a.pdf", 20_000)]})
    scanned(ledger, "Hashed", {"A": [File("a", 5, sha256="1" * 64)], "B": [File("b", 5, sha256="1" * 64)]})
    scanned(ledger, "Mixed", {"A": [File("a", 5, sha256="1" * 64)], "B": [File("b", 5)]})
    waste = {each.title: each for each in whole.page(reported(ledger)).sections}["What need not move"]
    said = " ".join(waste.sentences)
    assert "Plain: no file has a hash, so copies are told by name and size" in said
    assert "Hashed: every file has a hash, so copies are told by content." in said
    assert "Mixed: 1 of 2 files have a hash" in said
    rows = {row[:3]: row[3] for row in waste.tables[0].rows}
    assert rows["Plain", "Redundant: more copies", "the same name and size"] == "1"
    assert rows["Hashed", "Redundant: more copies", "the same content (SHA-256)"] == "1"
    assert ("Hashed", "Redundant: more copies", "the same name and size") not in rows
