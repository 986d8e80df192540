"""Any folder name and any answers go into the workbook and come back the same, in whatever order the rows stand."""

import tempfile
from dataclasses import replace
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from spmigrate.formats import returned_workbook, workbook
from spmigrate.mapping import answers, ids, returned, sheet
from spmigrate.mapping.answers import Answers
from spmigrate.mapping.columns import TAB
from spmigrate.mapping.lists import Choices
from spmigrate.mapping.sheet import SheetRow
from spmigrate.store.inventory import Source
from spmigrate.store.mappings import MappedRow, SheetRecord
from spmigrate.store.row_facts import FolderFacts
from spmigrate.store.row_identity import RowIdentity
from tests.unit.mapping.desk_case import OWNER, choices

CHOICES: Choices = choices()
SOURCE = Source(1, "Highways", "/srv/highways", 1, "complete", "2026-04-01T09:30:00Z", None, None, 1, 1, 1, 0)
RECORD = SheetRecord("S-0001", 1, 1, 1, "KEY", "x.xlsx", OWNER, "ISSUED", "2026-04-01T09:30:00Z", {"lists": "1"})

_awkward = ["_x0041_", "a_x005F_b", "=1+1", " lead", "trail ", "\u202eexe.doc", "\x1b[31m", "a\nb", "caf\udce9", "1.0"]
_names = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=60) | st.sampled_from(_awkward)
_facts = st.builds(
    FolderFacts, st.integers(1, 10**6), _names, st.just("tree"),
    st.builds(RowIdentity, st.integers(0, 10**9), st.integers(0, 10**15), st.none() | st.integers(-(2**60), 2**62)),
)  # fmt: skip


def _answers() -> st.SearchStrategy[Answers]:
    def pick(key: str) -> st.SearchStrategy[str]:
        return st.sampled_from(["", *CHOICES.of(key)])

    words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), max_size=30)
    fixed = ("decision", "home", "subject", "keep", "sensitive", "marking", "who", "used_with", "ig_view")
    free = ("group", "avoid", "notes", "hold")
    return st.builds(Answers, **{key: pick(key) for key in fixed}, **dict.fromkeys(free, words))


@settings(max_examples=20, deadline=None)
@given(given_rows=st.lists(st.tuples(_facts, _answers()), min_size=1, max_size=6), order=st.randoms())
def test_rows_come_back_as_they_were_written(given_rows: list[tuple[FolderFacts, Answers]], order: object) -> None:
    rows = [SheetRow(ids.row_id(n), facts, given) for n, (facts, given) in enumerate(given_rows, start=1)]
    checks = {row.row_id: sheet.check_of(row.row_id, SOURCE, row.facts) for row in rows}
    shuffled = list(rows)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        workbook.write(path, sheet.book(RECORD, SOURCE, shuffled, CHOICES, []))
        _save_again(path)
        read = returned.read_sheet(returned_workbook.read(path, returned.TABLES), checks, CHOICES)
    for row in rows:
        wanted = answers.completed(_as_read(row.answers), CHOICES)
        assert read.answers[row.row_id] == wanted
        mapped = MappedRow(row.row_id, "S-0001", 1, row.facts.folder_id, "tree", row.facts.path, row.facts.identity)
        digests = {answers.answered(mapped, each, CHOICES).digest(OWNER) for each in (read.answers[row.row_id], wanted)}
        assert len(digests) == 1


def _save_again(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[TAB].column_dimensions["B"].width = 80
    book.save(path)


def _as_read(given: Answers) -> Answers:
    """Free text as reading leaves it: the escape of an escape goes."""
    return replace(
        given, **{key: getattr(given, key).replace("x005F_", "") for key in ("group", "avoid", "notes", "hold")}
    )
