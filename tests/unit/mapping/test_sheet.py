"""What the owner gets to see: rows of the scan, and a workbook by the rules for accessible spreadsheets."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.mapping import ids, issuing
from spmigrate.mapping.columns import COLUMNS, TAB, Part
from spmigrate.mapping.phrases import day, listed
from spmigrate.store import mappings
from spmigrate.store.row_facts import FOLDER
from tests.unit.mapping.desk_case import HOMES, LETTER, OWNER, Desk, choices


def test_one_row_for_each_top_folder_and_one_for_files_in_none(desk: Desk) -> None:
    rows = mappings.rows(desk.ledger, desk.record.id)
    assert [(row.path, row.scope, row.identity.items) for row in rows] == [
        ("=HYPERLINK(1)", "tree", 1), ("Bridges", "tree", 2), ("Surveys", "tree", 1), ("", FOLDER, 1),
    ]  # fmt: skip
    assert all(ids.is_row_id(row.row_id) for row in rows)


def test_no_row_for_the_root_when_no_file_lies_in_it(tmp_path: Path) -> None:
    (tmp_path / "share" / "Only").mkdir(parents=True)
    desk = Desk.open(tmp_path, tmp_path / "share")
    assert [row.path for row in mappings.rows(desk.ledger)] == ["Only"]


def test_sheets_stand_in_order_with_the_headings_of_the_page(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.file)
    assert book.sheetnames == ["Read me", "Your folders", "Summary", "Lists", "Sign-off", "Change log"]
    assert [cell.value for cell in book[TAB][3]] == [column.heading for column in COLUMNS]
    assert len(COLUMNS) == 24 and COLUMNS[-1].heading == "Row check"


def test_owners_have_nine_columns_and_cannot_type_over_facts_by_accident(desk: Desk) -> None:
    owned = [column.heading for column in COLUMNS if column.part is Part.OWNER]
    assert owned == [
        "Decision", "New home", "What is it about", "Sensitive?", "Who should see it", "Group or partner",
        "Used with other files?", "Avoid these dates", "Notes",
    ]  # fmt: skip
    page = openpyxl.load_workbook(desk.file)[TAB]
    locked = {column.heading for column in COLUMNS if page[f"{LETTER[column.key]}4"].protection.locked}
    assert locked == {column.heading for column in COLUMNS if column.part in (Part.TOOL, Part.LEAD)}


def test_sorting_is_off_because_it_would_reach_the_answers_alone(desk: Desk) -> None:
    protection = openpyxl.load_workbook(desk.file)[TAB].protection
    assert (protection.sheet, protection.sort, protection.autoFilter) == (True, True, False)


def test_drop_downs_offer_what_the_visible_lists_say(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.file)
    rules = {str(rule.sqref): rule.formula1 for rule in book[TAB].data_validations.dataValidation}
    name = rules[f"{LETTER['home']}4:{LETTER['home']}7"]
    ((tab, place),) = book.defined_names[name].destinations
    offered = [cell.value for (cell,) in book[tab][place]]
    assert offered == [home.label for home in HOMES]
    assert book["Lists"].sheet_state == "visible"


def test_facts_and_proposals_are_filled_in(desk: Desk) -> None:
    page = openpyxl.load_workbook(desk.file)[TAB]
    cells = {column.key: page[f"{LETTER[column.key]}5"].value for column in COLUMNS}
    assert (cells["name"], cells["files"], cells["size"]) == ("Highways > Bridges", 2, "35 bytes")
    assert cells["know"] == "1 name needs changing"
    assert (cells["subject"], cells["keep"]) == ("Transport and infrastructure", "RL-TR01 Asset life+12")
    assert cells["decision"] is None
    unknown = {column.key: page[f"{LETTER[column.key]}4"].value for column in COLUMNS}
    assert (unknown["subject"], unknown["keep"], unknown["home"]) == (None, None, None)
    assert str(cells["source"]).endswith("share/Bridges")


def test_a_home_is_proposed_where_the_folder_has_its_name(tmp_path: Path) -> None:
    (tmp_path / "share" / "asset_management 2019").mkdir(parents=True)
    desk = Desk.open(tmp_path, tmp_path / "share")
    page = openpyxl.load_workbook(desk.file)[TAB]
    assert page[f"{LETTER['home']}4"].value == "Asset Management > Documents"
    assert str(page[f"{LETTER['target']}4"].value) == "/sites/t-a3w9c/Shared Documents/asset_management 2019"


def test_a_folder_named_like_a_formula_stays_text(desk: Desk) -> None:
    cell = openpyxl.load_workbook(desk.file)[TAB]["B4"]
    assert (cell.value, cell.data_type) == ("Highways > =HYPERLINK(1)", "s")


def test_issuing_twice_never_overwrites_a_workbook(desk: Desk) -> None:
    before = desk.file.read_bytes()
    with pytest.raises(SpmigrateError, match="exists already"):
        issuing.issue(desk.ledger, "Highways", owner=OWNER, choices=choices(), folder=desk.file, file=desk.file)
    assert desk.file.read_bytes() == before


def test_issuing_again_keeps_ids_and_answers_and_adds_new_folders(desk: Desk) -> None:
    before = {row.path: row.row_id for row in mappings.rows(desk.ledger)}
    desk.answer({})
    desk.collect()
    (desk.root / "Signs").mkdir()
    desk.reissue()
    page = openpyxl.load_workbook(desk.file)[TAB]
    after = {row.path: row.row_id for row in mappings.rows(desk.ledger)}
    assert desk.record.version == 2 and after.items() > before.items() and set(after) - set(before) == {"Signs"}
    decisions = {page[f"B{n}"].value: page[f"{LETTER['decision']}{n}"].value for n in range(4, page.max_row + 1)}
    assert decisions["Highways > Bridges"] == "Move and tidy" and decisions["Highways > Signs"] is None


def test_nothing_is_issued_without_a_scan_or_a_home(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no source called 'Roads'"):
        issuing.issue(desk.ledger, "Roads", owner=OWNER, choices=choices(), folder=tmp_path)
    with pytest.raises(SpmigrateError, match="no site has a library"):
        issuing.issue(desk.ledger, "Highways", owner=OWNER, choices=choices(()), folder=tmp_path)


def test_row_ids_catch_slips() -> None:
    right = ids.row_id(42)
    number = right[2:6]
    assert ids.is_row_id(right)
    slips = {right.replace(number, f"{other:04d}") for other in (*range(43, 52), 402, 24, 142, 1042)}
    assert not any(ids.is_row_id(slip) for slip in slips)
    assert len({ids.row_id(n) for n in range(1, 12_000)}) == 11_999


def test_days_that_excel_does_not_know_are_left_out() -> None:
    assert day(1_711_929_600 * 10**9) == date(2024, 4, 1)
    assert day(-3 * 10**18) is None and day(None) is None and day(10**30) is None


def test_long_lists_are_shortened() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(n) for n in range(7)]) == "0, 1, 2, 3, 4 and 2 more"
