"""Any folder name and any answers go into the workbook and come back the same, in whatever order the rows stand."""

import random
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from spmigrate.errors import InputError
from spmigrate.formats import returned_workbook, workbook
from spmigrate.mapping import answers, ids, returned, sheet
from spmigrate.mapping.answers import Answers
from spmigrate.mapping.columns import ANSWER_KEYS, COLUMNS, TAB
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.returned import ReturnedSheet
from spmigrate.mapping.sheet import SheetRow
from spmigrate.store.inventory import Source
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_facts import FolderFacts
from spmigrate.store.row_identity import RowIdentity
from tests.programs import program
from tests.unit.mapping.desk_case import LETTER, OWNER, choices

CHOICES: Choices = choices()
SOURCE = Source(1, "Highways", "/srv/highways", 1, "complete", "2026-04-01T09:30:00Z", None, None, 1, 1, 1, 0)
RECORD = SheetRecord("S-0001", 1, 1, 1, "KEY", "x.xlsx", OWNER, "ISSUED", "2026-04-01T09:30:00Z", {"lists": "1"})
ISSUED = date(2026, 4, 1)

_awkward = ["_x0041_", "a_x005F_b", "=1+1", " lead", "trail ", "\u202eexe.doc", "\x1b[31m", "a\nb", "caf\udce9", "1.0"]
_names = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=60) | st.sampled_from(_awkward)
_facts = st.builds(
    FolderFacts, st.integers(1, 10**6), _names, st.just("tree"),
    st.builds(RowIdentity, st.integers(0, 10**9), st.integers(0, 10**15), st.none() | st.integers(-(2**60), 2**62)),
)  # fmt: skip


def _answers() -> st.SearchStrategy[Answers]:
    def pick(key: str) -> st.SearchStrategy[str]:
        return st.sampled_from(["", *CHOICES.of(key)])

    words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=30).filter(
        lambda text: "x005F_" not in text
    )
    fixed = ("decision", "home", "subject", "keep", "sensitive", "marking", "who", "used_with", "ig_view")
    free = ("group", "notes", "hold")
    days = st.dates(date(2026, 5, 1), date(2030, 1, 1)).map(date.isoformat) | st.just("")
    return st.builds(Answers, **{key: pick(key) for key in fixed}, **dict.fromkeys(free, words), avoid=days)


_sheets = st.lists(st.tuples(_facts, _answers()), min_size=1, max_size=6).map(
    lambda given: [SheetRow(ids.row_id(n), facts, said) for n, (facts, said) in enumerate(given, start=1)]
)


def write(path: Path, rows: Sequence[SheetRow]) -> Path:
    """The workbook of these rows."""
    workbook.write(path, sheet.book(RECORD, SOURCE, rows, CHOICES, []))
    return path


def read(path: Path, rows: Sequence[SheetRow]) -> ReturnedSheet:
    """The workbook as it is read when it comes back."""
    checks = {row.row_id: sheet.check_of(row.row_id, SOURCE, row.facts) for row in rows}
    found = returned_workbook.read(path, returned.TABLES, typed=returned.TYPED)
    return returned.read_sheet(found, checks, CHOICES, issued=ISSUED)


def digests(rows: Sequence[SheetRow], read: ReturnedSheet) -> dict[str, str]:
    """What the owner would sign, row by row."""
    return {
        row.row_id: answers.answered(
            MappedRow(row.row_id, "S-0001", 1, row.facts.folder_id, "tree", row.facts.path, row.facts.identity),
            read.answers[row.row_id], CHOICES,
        ).digest(OWNER)
        for row in rows
    }  # fmt: skip


def rearrange(path: Path, columns: Sequence[int], order: Sequence[int]) -> None:
    """Put the cells of some columns in another order of rows, as sorting only those columns does."""
    book = openpyxl.load_workbook(path)
    page = book[TAB]
    values = [[page.cell(number + 4, column).value for column in columns] for number in order]
    for number, row in enumerate(values, start=4):
        for column, value in zip(columns, row, strict=True):
            _type(page, number, column, value)
    book.save(path)


def _type(page: Worksheet, number: int, column: int, value: object) -> None:
    cell = page.cell(number, column)
    cell.value = value  # type: ignore[assignment]  # what another cell held
    if isinstance(value, str):
        cell.data_type = "s"


@settings(max_examples=20, deadline=None)
@given(rows=_sheets, order=st.randoms())
def test_rows_come_back_as_they_were_written(rows: list[SheetRow], order: random.Random) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "x.xlsx", shuffled)
        rearrange(path, [2], range(len(rows)))
        found = read(path, rows)
    assert found.answers == {row.row_id: answers.completed(row.answers, CHOICES) for row in rows}


@settings(max_examples=15, deadline=None)
@given(rows=_sheets, order=st.randoms())
def test_no_order_of_whole_rows_voids_any(rows: list[SheetRow], order: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "x.xlsx", rows)
        before = digests(rows, read(path, rows))
        rearrange(path, range(1, len(COLUMNS) + 1), order.sample(range(len(rows)), len(rows)))
        assert digests(rows, read(path, rows)) == before


@settings(max_examples=15, deadline=None)
@given(rows=_sheets, chance=st.randoms())
def test_a_changed_answer_voids_exactly_its_row(rows: list[SheetRow], chance: random.Random) -> None:
    key = chance.choice(["decision", "home", "subject", "keep", "sensitive", "marking", "who", "used_with"])
    victim = chance.choice(rows)
    new = chance.choice([choice for choice in CHOICES.of(key) if choice != getattr(victim.answers, key)])
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "x.xlsx", rows)
        old = read(path, rows)
        book = openpyxl.load_workbook(path)
        book[TAB][f"{LETTER[key]}{rows.index(victim) + 4}"] = new
        book.save(path)
        now = read(path, rows)
    before, after = digests(rows, old), digests(rows, now)
    changed = {row_id for row_id in before if before[row_id] != after[row_id]}
    meant = {victim.row_id} if now.answers[victim.row_id] != old.answers[victim.row_id] else set()
    assert changed == meant


_TOOL = [n for n, column in enumerate(COLUMNS, start=1) if column.key not in (*ANSWER_KEYS, "wave")]


@settings(max_examples=30, deadline=None)
@given(rows=_sheets.filter(lambda rows: len(rows) > 1), chance=st.randoms(), data=st.data())
def test_sorting_any_columns_of_the_tool_apart_is_caught(
    rows: list[SheetRow], chance: random.Random, data: st.DataObject
) -> None:
    some = data.draw(st.sets(st.sampled_from(_TOOL), min_size=1, max_size=len(_TOOL) - 1))
    answered = data.draw(st.sets(st.sampled_from([n for n in range(1, len(COLUMNS) + 1) if n not in _TOOL])))
    order = chance.sample(range(len(rows)), len(rows))
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "x.xlsx", rows)
        before, held = read(path, rows), _cells(path)
        rearrange(path, sorted(some | answered), order)
        apart = any(_apart(held, some, order, number) for number in range(len(rows)))
        if apart:
            with pytest.raises(InputError, match="cannot be used"):
                read(path, rows)
        elif not answered and 1 not in some:  # row ids that moved with all that tells rows apart: answers moved
            assert read(path, rows).answers == before.answers


def _cells(path: Path) -> list[list[object]]:
    page = openpyxl.load_workbook(path)[TAB]
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]


def _apart(held: list[list[object]], moved: set[int], order: Sequence[int], number: int) -> bool:
    """Whether the tool's cells of a row are no longer those of any one row that was issued."""
    now = [held[order[number] if column in moved else number][column - 1] for column in _TOOL]
    return all(now != [row[column - 1] for column in _TOOL] for row in held)


def _resaved(paths: Sequence[Path], folder: Path) -> list[Path]:
    """These workbooks as LibreOffice saves them, in one run of it."""
    office = program(("soffice", "libreoffice"), package="libreoffice-calc-nogui")
    out = folder / "out"
    subprocess.run(
        [office, f"-env:UserInstallation=file://{folder / 'home'}", "--headless", "--convert-to", "xlsx", "--outdir",
         str(out), *map(str, paths)],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return [out / path.name for path in paths]


def assert_survive(sheets: Sequence[list[SheetRow]], folder: Path) -> None:
    """Each sheet says the same after LibreOffice has saved it, and is signed alike."""
    paths = [write(folder / f"{n}.xlsx", rows) for n, rows in enumerate(sheets)]
    for rows, path, saved in zip(sheets, paths, _resaved(paths, folder), strict=True):
        before, after = read(path, rows), read(saved, rows)
        assert after.answers == before.answers
        assert digests(rows, after) == digests(rows, before)


_FEW = settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)


@_FEW
@given(sheets=st.lists(_sheets, min_size=6, max_size=6))
def test_sheets_survive_libreoffice(tmp_path_factory: pytest.TempPathFactory, sheets: list[list[SheetRow]]) -> None:
    assert_survive(sheets, tmp_path_factory.mktemp("office"))


@pytest.mark.long
@settings(_FEW, max_examples=4, derandomize=False)
@given(sheets=st.lists(_sheets, min_size=40, max_size=40))
def test_many_sheets_survive_libreoffice(
    tmp_path_factory: pytest.TempPathFactory, sheets: list[list[SheetRow]]
) -> None:
    assert_survive(sheets, tmp_path_factory.mktemp("office"))
