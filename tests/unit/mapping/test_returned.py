"""What comes back: whole or refused, and every slip of the pen named at its cell."""

import re
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from spmigrate.errors import InputError
from spmigrate.mapping import avoid_dates, collecting, ids, issuing
from spmigrate.mapping.columns import TAB
from spmigrate.mapping.states import State
from spmigrate.scan.places import local
from spmigrate.scan.survey import survey
from spmigrate.store import mappings
from tests.unit.mapping.desk_case import ARCHIVE, LETTER, MOVE, OWNER, Desk, choices

OPEN = "Shared with Districts > Documents"


def refused(desk: Desk) -> list[str]:
    with pytest.raises(InputError) as caught:
        desk.collect()
    return [str(problem) for problem in caught.value.problems]


def said(desk: Desk, *, blocking: bool = True) -> list[str]:
    found = desk.collect().observations
    return [str(each.problem) for each in found if each.blocks is blocking]


def sort_rows(page: Worksheet, columns: range, order: list[int]) -> None:
    values = [[page.cell(number, column).value for column in columns] for number in order]
    for number, row in enumerate(values, start=4):
        for column, value in zip(columns, row, strict=True):
            page.cell(number, column).value = value
            if isinstance(value, str):
                page.cell(number, column).data_type = "s"


def test_complete_answers_are_validated(desk: Desk) -> None:
    desk.answer({"Surveys": ARCHIVE})
    found = desk.collect()
    assert (found.observations, found.position.state) == ((), State.VALIDATED)
    assert len(found.changed) == 4
    row = next(row for row in mappings.rows(desk.ledger) if row.path == "Bridges")
    assert row.meaning["home"] == {"site": "/sites/t-s6p2x", "library": "Shared Documents"}
    assert (row.meaning["keep"], row.meaning["marking"]) == ("RL-TR01 Asset life+12", "OFFICIAL")


def test_blank_and_unknown_answers_block_their_row_alone(desk: Desk) -> None:
    desk.answer({"Bridges": {}, "Surveys": {"decision": "I don't know"}})
    found = desk.collect()
    assert found.position.state is State.RETURNED
    assert [each.problem.where for each in found.observations] == [
        "S-0001-v1.xlsx!Your folders!G5", "S-0001-v1.xlsx!Your folders!G6",
    ]  # fmt: skip
    assert {row.path for row in found.position.ready} == {"", "=HYPERLINK(1)"}


@pytest.mark.parametrize(
    ("answers", "cell", "text"),
    [
        (MOVE | {"home": ""}, "H5", "'New home' is missing"),
        (MOVE | {"home": "My own site"}, "H5", "'My own site' is not an approved home"),
        (MOVE | {"home": "Structures > Dokuments"}, "H5", "did you mean 'Structures > Documents'?"),
        (MOVE | {"subject": ""}, "I5", "'What is it about' is missing"),
        (MOVE | {"keep": "Query"}, "J5", "the keep rule is queried"),
        (MOVE | {"sensitive": "I don't know"}, "K5", "whether it is sensitive"),
        (MOVE | {"sensitive": "Personal", "marking": "OFFICIAL"}, "L5", "OFFICIAL is too low for 'Personal'"),
        (MOVE | {"who": ""}, "M5", "'Who should see it' is missing"),
        (MOVE | {"who": "Partner"}, "N5", "'Partner' needs a name here"),
        (MOVE | {"who": "Named group"}, "N5", "'Named group' needs a name here"),
        (MOVE | {"decision": "Ask the team"}, "G5", "'Ask the team' is not one of the choices"),
        (MOVE | {"ig_view": "DPIA needed"}, "R5", "information governance says: DPIA needed"),
        (MOVE | {"hold": "HOLD-COVID19"}, "S5", "is under the hold HOLD-COVID19"),
        (MOVE | {"sensitive": "Special category or criminal", "home": OPEN}, "H5", "shared with people from outside"),
        (MOVE | {"keep": "RL-CF02 Adoption 100y"}, "J5", "a rule for Children and families services, and none for"),
        (MOVE | {"who": "Named group", "group": "Everyone"}, "N5", "'Everyone' is everybody"),
        (MOVE | {"who": "Partner", "group": "P99", "home": OPEN}, "N5", "'P99' is not in the register of partners"),
        (MOVE | {"avoid": "04/13/2027"}, "P5", "is in American order"),
        (MOVE | {"used_with": "=A1"}, "O5", "formula"),
        (MOVE | {"group": "#N/A"}, "N5", "holds the error"),
    ],
)
def test_what_blocks_a_row_is_said_at_its_cell(desk: Desk, answers: dict[str, str], cell: str, text: str) -> None:
    desk.answer({"Bridges": answers})
    (only,) = said(desk)
    assert only.startswith(f"S-0001-v1.xlsx!Your folders!{cell}: ") and text in only


@pytest.mark.parametrize(
    ("answers", "cell", "text"),
    [
        (MOVE | {"decision": "Move"}, "G5", "1 name needs changing, and 'Move' does not change names"),
        (MOVE | {"keep": "RL-ZZ99 Legacy to review"}, "J5", "is not the usual rule for Transport and infrastructure"),
        (MOVE | {"sensitive": "none"}, "K5", "read 'none' as 'No'"),
        (MOVE | {"decision": "Yes pls", "home": "Structures > Documents"}, "G5", "read 'Yes pls' as 'Move'"),
        (MOVE | {"who": "Restricted list"}, "N5", "those who may open the folder today will see it"),
        (MOVE | {"notes": "n" * 501}, "Q5", "is longer than 500 characters"),
    ],
)
def test_what_is_worth_knowing_does_not_block(desk: Desk, answers: dict[str, str], cell: str, text: str) -> None:
    desk.answer({"Bridges": answers})
    found = desk.collect()
    notes = [str(each.problem) for each in found.observations]
    assert any(note.startswith(f"S-0001-v1.xlsx!Your folders!{cell}: ") and text in note for note in notes)
    assert found.position.state is State.VALIDATED


def test_capitals_spaces_and_typographic_apostrophes_do_not_matter(desk: Desk) -> None:
    desk.answer({"Bridges": MOVE | {"decision": "  move AND\u00a0tidy "}, "Surveys": {"decision": "I don’t know"}})
    (spaces,) = said(desk, blocking=False)
    assert "!G5: has spaces or signs that nobody sees" in spaces
    assert '"I don\'t know"' in said(desk)[0]


@pytest.mark.parametrize(("decision", "blocks"), [("Move and tidy", True), ("Move", False)])
def test_folders_that_get_one_name_cannot_go_to_one_place(tmp_path: Path, decision: str, blocks: bool) -> None:
    for name in ("one/Cases?/a.txt", "two/Cases-/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x")
    desk = Desk.open(tmp_path, tmp_path / "one")
    desk.answer({}, others=MOVE | {"decision": decision})
    desk.collect()
    survey(desk.ledger, tmp_path / "two", name="Two")
    second = issuing.issue(desk.ledger, "Two", owner="Owner B", choices=choices(), folder=tmp_path / "mappings")
    desk.file = tmp_path / second.file
    desk.answer({})
    assert [f"{desk.row_id('Cases?')} moves a folder of the same name" in text for text in said(desk)] == [
        True
    ] * blocks
    desk.ledger.close()


def test_two_folders_of_one_name_cannot_go_to_one_place(tmp_path: Path) -> None:
    for name in ("Plans/a.txt", "PLANS/b.txt"):
        (tmp_path / "share" / name).parent.mkdir(parents=True)
        (tmp_path / "share" / name).write_text("x")
    desk = Desk.open(tmp_path, tmp_path / "share")
    desk.answer({}, others=MOVE | {"decision": "Move"})
    (only,) = said(desk)
    assert "!H5: " in only and "moves a folder of the same name to the same place" in only


@pytest.mark.parametrize(("decision", "blocked"), [("Move", True), ("Leave as read-only archive", False)])
def test_folders_of_another_sheet_count_when_they_move(
    desk: Desk, tmp_path: Path, decision: str, blocked: bool
) -> None:
    desk.answer({"Bridges": MOVE | {"decision": decision}}, others=ARCHIVE)
    desk.collect()
    (tmp_path / "roads" / "BRIDGES").mkdir(parents=True)
    survey(desk.ledger, tmp_path / "roads", name="Roads")
    folder = tmp_path / "mappings"
    record = issuing.issue(desk.ledger, "Roads", owner=OWNER, choices=choices(), folder=folder)
    roads = Desk(desk.ledger, tmp_path / "roads", record, tmp_path / record.file)
    roads.answer({})
    assert any(f"{desk.row_id('Bridges')} moves a folder of the same name" in each for each in said(roads)) == blocked


def test_folders_that_came_later_are_reported(desk: Desk) -> None:
    desk.answer({})
    (desk.root / "Later").mkdir()
    survey(desk.ledger, desk.root, name="Highways")
    assert any("1 folder is in no row: Later" in note for note in said(desk, blocking=False))


def test_sorting_whole_rows_is_harmless(desk: Desk) -> None:
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()
    desk.edit(lambda page: sort_rows(page, range(1, 25), [7, 5, 6, 4]))
    assert desk.collect().changed == ()


@pytest.mark.parametrize("columns", [range(1, 2), range(2, 4), range(1, 7), range(1, 18), range(24, 25)])
def test_sorting_some_columns_without_the_others_is_caught(desk: Desk, columns: range) -> None:
    desk.answer({})
    desk.edit(lambda page: sort_rows(page, columns, [6, 5, 4, 7]))
    found = refused(desk)
    assert [text.partition(": ")[0] for text in found] == [
        "S-0001-v1.xlsx!Your folders!X4", "S-0001-v1.xlsx!Your folders!X6",
    ]  # fmt: skip
    assert "no longer fits together" in found[0]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda page: page.__setitem__("A5", page["A4"].value), "stands here 2 times"),
        (lambda page: page.__setitem__("A5", None), "has no Row ID"),
        (lambda page: page.__setitem__("A5", "M-0009-X9"), "'M-0009-X9' is not a row id"),
        (lambda page: page.__setitem__("A5", ids.row_id(9)), f"'{ids.row_id(9)}' belongs to another sheet"),
        (lambda page: page.delete_rows(5), "rows are missing: M-0002-"),
        (lambda page: page.__setitem__("C5", 9), "no longer fits together"),
    ],
)
def test_missing_doubled_and_foreign_rows_are_refused(desk: Desk, change: object, text: str) -> None:
    desk.answer({})
    desk.edit(change)  # type: ignore[arg-type]  # a lambda of pytest's table
    assert any(text in found for found in refused(desk))


def test_refused_workbook_changes_nothing(desk: Desk) -> None:
    desk.answer({})
    desk.collect()
    before = mappings.rows(desk.ledger), mappings.sheet(desk.ledger, desk.record.id)
    desk.answer({"Bridges": ARCHIVE})
    desk.edit(lambda page: page.__setitem__("T4", "=A1"))
    assert refused(desk)
    assert (mappings.rows(desk.ledger), mappings.sheet(desk.ledger, desk.record.id)) == before


def test_lint_records_nothing(desk: Desk) -> None:
    desk.answer({})
    assert collecting.collect(desk.ledger, desk.file, choices(), keep=False).observations == ()
    assert not any(row.meaning for row in mappings.rows(desk.ledger))


def test_an_older_issue_and_a_foreign_workbook_are_refused(desk: Desk, tmp_path: Path) -> None:
    older = desk.file
    desk.reissue()
    desk.file = older
    assert "is version 1 of S-0001; version 2 was issued since (answer mappings/S-0001-v2.xlsx)" in refused(desk)[0]
    (tmp_path / "other").mkdir()
    other = Desk.open(tmp_path / "other")
    other.ledger = desk.ledger
    desk.reissue()
    other.edit(lambda page: None)
    assert "S-0001" in refused(other)[0]


def test_a_workbook_without_its_sheet_number_is_refused(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.file)
    for row in book["Read me"].iter_rows(min_row=4):
        if row[0].value == "Sheet":
            row[1].value = None
    book.save(desk.file)
    assert "does not say which sheet it is" in refused(desk)[0]


_cell = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(_cell, min_size=4, max_size=4), key=st.sampled_from(["decision", "home", "who", "avoid", "notes"])
)
def test_whatever_is_typed_is_read_or_named_never_lost(desk: Desk, texts: list[str], key: str) -> None:
    def type_in(page: Worksheet) -> None:
        for number, text in enumerate(texts, start=4):
            page[f"{LETTER[key]}{number}"].value = text or None
            page[f"{LETTER[key]}{number}"].data_type = "s"

    desk.answer({})
    desk.edit(type_in)
    found = desk.collect()
    unread = {each.problem.where for each in found.observations if each.blocks}
    for number, (text, row) in enumerate(zip(texts, found.position.rows, strict=True), start=4):
        value = {**row.meaning, **row.remarks, "home": row.remarks["home label"]}[key]
        if key == "notes":
            assert value == _as_typed(text)
        elif key == "avoid":
            assert value == avoid_dates.read(_as_typed(text), date.fromisoformat(desk.record.issued[:10])).text
        elif value and value == _as_typed(text):
            assert f"S-0001-v1.xlsx!{TAB}!{LETTER[key]}{number}" in unread


def _as_typed(text: str) -> str:
    """Text without the spaces and signs that nobody sees."""
    seen = "".join(sign for sign in text if sign not in "\u00ad\ufeff" and not "\u200b" <= sign <= "\u200f")
    seen = "".join(sign for sign in seen if not "\u202a" <= sign <= "\u202e" and not "\u2066" <= sign <= "\u2069")
    return re.sub(r"\s+", " ", seen.replace("\u2060", "")).strip()


def test_four_hundred_rows_are_validated_in_two_seconds(tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / "share" / f"Folder {number}").mkdir(parents=True)
    desk = Desk.open(tmp_path, tmp_path / "share")
    desk.answer({})
    started = time.process_time()
    assert desk.collect().position.state is State.VALIDATED
    assert time.process_time() - started < 2


def test_share_that_may_hide_names_is_told_with_its_sheet(desk: Desk) -> None:
    hides = "The share leaves out of its listings what the account that scans may not open."
    assert not [each for each in desk.stands().remarks if each.text == hides]
    survey(desk.ledger, replace(local.find(desk.root), reservations=(hides,)), name="Highways")
    (told,) = [each for each in desk.stands().remarks if each.text == hides]
    assert (told.row_id, told.blocks) == ("", False)
