"""Rows for other tools and back, two copies of one workbook, answers of a rehearsal, workbooks to practise with."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from spmigrate.errors import InputError, SpmigrateError
from spmigrate.formats import task_lists
from spmigrate.formats.fill_in import fill_in
from spmigrate.formats.task_lists import Task
from spmigrate.mapping import collecting, comparison, exchange, practice
from spmigrate.mapping.answering import POLICIES
from spmigrate.mapping.columns import TAB
from spmigrate.mapping.draft import text_of
from spmigrate.scan.survey import survey
from spmigrate.store import folders, inventory, mappings
from tests.unit.mapping.desk_case import ARCHIVE, Desk
from tests.unit.mapping.desk_case import choices as desk_choices
from tests.unit.mapping.draft_case import Drawer, choices, rows

HOST = "https://contoso.sharepoint.com"


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    return Drawer.open(tmp_path)


def answered(drawer: Drawer, policy: str = "agreeable", seed: int = 1) -> Path:
    """The workbook of the director, issued and filled in; what is in it is collected."""
    drawer.draft()
    record = drawer.issue(sheet="Highways and Transport")[0]
    file = drawer.folder / record.file
    fill_in(file, file, lambda row, offered: POLICIES[policy](row, offered, seed))
    return file


def imported(drawer: Drawer, *tasks: Task) -> exchange.Imported:
    source = inventory.source(drawer.ledger, "Highways")
    paths = {source.id: [each.path for each in folders.listed(drawer.ledger, source, ())]}
    return exchange.drafts(drawer.ledger, tasks, choices(), paths)


def task(drawer: Drawer, path: str, *, site: str = "/sites/t-s6p2x", library: str = "Documents") -> Task:
    return Task(f"{drawer.folder}/share/{path}", HOST + site, library, path, where=f"tasks.csv: {path}")


def test_only_signed_rows_are_exported_unless_it_is_for_planning(drawer: Drawer) -> None:
    collecting.collect(drawer.ledger, answered(drawer), choices(), keep=True)
    source = inventory.source(drawer.ledger, "Highways")
    none = exchange.export(drawer.ledger, source, choices(), host=HOST, unsigned=False)
    assert none.tasks == ()
    assert {each.partition(": ")[2] for each in none.left_out} == {"nobody has signed it"}
    found = exchange.export(drawer.ledger, source, choices(), host=HOST, unsigned=True)
    assert [(each.source, each.web, each.library, each.folder) for each in found.tasks] == [
        (f"{drawer.folder}/share/Contracts/{year}", f"{HOST}/sites/d-h7k2m", "Documents", f"Contracts/{year}")
        for year in (2019, 2020)
    ]
    assert len(found.left_out) == 1 and "the tools always take the folders too" in found.left_out[0]


def test_a_row_that_is_signed_is_exported_until_its_folder_changes(desk: Desk, tmp_path: Path) -> None:
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()
    desk.sign()
    assert exported(desk) == ["=HYPERLINK(1)", "Bridges"]
    (desk.root / "Bridges" / "new").mkdir()
    survey(desk.ledger, desk.root, name="Highways")
    assert exported(desk) == ["=HYPERLINK(1)"]


@pytest.mark.parametrize(("percent", "count"), [(2, 1), (10, 2)])
def test_growth_that_ends_a_signature_ends_the_export_too(tmp_path: Path, percent: int, count: int) -> None:
    for number in range(40):
        (tmp_path / "share" / f"F{number % 2}").mkdir(parents=True, exist_ok=True)
        (tmp_path / "share" / f"F{number % 2}" / f"{number}.txt").write_text("x")
    desk = Desk.open(tmp_path, tmp_path / "share")
    desk.answer({})
    desk.collect()
    desk.sign()
    (desk.root / "F0" / "new.txt").write_text("x")
    survey(desk.ledger, desk.root, name="Highways")
    assert len(exported(desk, percent=percent)) == count
    desk.ledger.close()


def exported(desk: Desk, percent: int = 5) -> list[str]:
    """The folders of the tasks of what is signed."""
    source = inventory.source(desk.ledger, "Highways")
    offered = replace(desk_choices(), growth_percent=percent)
    found = exchange.export(desk.ledger, source, offered, host=HOST, unsigned=False)
    return [each.source.rpartition("/")[2] for each in found.tasks]


def test_a_share_is_written_as_windows_writes_it() -> None:
    assert exchange.source_path("smb://fs03/Highways", "Bridges/old") == r"\\fs03\Highways\Bridges\old"


def test_an_imported_list_becomes_a_draft_without_owners_answers_or_signatures(drawer: Drawer) -> None:
    found = imported(drawer, task(drawer, "Structures"), task(drawer, "contracts/2019", library="shared documents"))
    (made,) = found.drafts
    assert (found.problems, found.notes) == ([], [])
    homes = {folder: (owner, row.home) for folder, (owner, row) in rows(made).items()}
    assert homes == {
        "Structures": ("", "Structures > Documents"), "Contracts/2019": ("", "Structures > Documents"),
    }  # fmt: skip
    assert list(mappings.rows(drawer.ledger)) == []


def test_drafting_over_an_imported_list_adds_the_rest_and_keeps_its_rows_and_homes(drawer: Drawer) -> None:
    (made,) = imported(drawer, task(drawer, "Structures", library="Working papers")).drafts
    drawer.file.parent.mkdir(parents=True)
    drawer.file.write_text(text_of(made))
    found = rows(drawer.draft().draft)
    assert found["Structures"][1].home == "Structures > Working papers"
    assert "Contracts/2019" in found and "Structures/old" not in found
    assert drawer.check().problems == ()


def test_targets_that_nobody_knows_are_named_with_the_nearest(drawer: Drawer) -> None:
    found = imported(
        drawer, task(drawer, "Structures", library="Document"), task(drawer, "Contracts", site="/sites/t-s6p2y")
    )
    assert [(each.text, each.hint) for each in found.notes] == [
        ("/sites/t-s6p2x has no library 'Document': the home stays empty", "did you mean 'Documents'?"),
        (f"'{HOST}/sites/t-s6p2y' is no approved site: the home stays empty", "did you mean '/sites/t-s6p2x'?"),
    ]


def test_sources_that_overlap_or_were_not_scanned_are_refused_together(drawer: Drawer) -> None:
    found = imported(
        drawer, task(drawer, "Structures"), task(drawer, "Structures/old"), task(drawer, "Structure"),
        Task("/elsewhere", HOST, "Documents", where="tasks.csv: elsewhere"),
    )  # fmt: skip
    assert [each.text for each in found.problems] == [
        "the last scan of Highways has no folder 'Structure'",
        "'/elsewhere' is in no scanned source",
        "'Structures/old' lies in 'Structures' of tasks.csv: Structures",
    ]


def test_another_folder_in_the_library_is_noted(drawer: Drawer) -> None:
    other = Task(
        f"{drawer.folder}/share/Structures", f"{HOST}/sites/t-s6p2x", "Documents", "Old/Structures", "tasks.csv"
    )
    assert [each.text for each in imported(drawer, other).notes] == [
        "goes to the folder 'Structures' of the library, not to 'Old/Structures'"
    ]


@pytest.mark.parametrize("policy", list(POLICIES))
def test_answers_of_a_rehearsal_are_the_same_for_the_same_seed(drawer: Drawer, policy: str) -> None:
    file = answered(drawer, policy)
    first = collecting.collect(drawer.ledger, file, choices(), keep=True)
    again = collecting.collect(drawer.ledger, file, choices(), keep=True)
    decided = [row.meaning["decision"] for row in first.position.rows]
    assert all(decided) and again.changed == ()
    if policy != "mixed":
        assert not [each for each in first.observations if each.blocks]


def test_two_copies_become_one_where_nothing_contradicts(drawer: Drawer, tmp_path: Path) -> None:
    drawer.draft()
    issued = drawer.folder / drawer.issue(sheet="Structures")[0].file
    one, two, out = (shutil.copy(issued, tmp_path / name) for name in ("one.xlsx", "two.xlsx", "out.xlsx"))
    fill(one, "G4", "Move")
    fill(two, "G5", "Not ours")
    fill(two, "H5", "Structures > Working papers")
    found = comparison.compare(one, two, issued=issued)
    assert (found.taken, found.conflicts) == (3, ())
    comparison.write(one, out, found)
    page = openpyxl.load_workbook(out)[TAB]
    assert [page[place].value for place in ("G4", "G5", "H5")] == ["Move", "Not ours", "Structures > Working papers"]
    collecting.collect(drawer.ledger, out, choices(), keep=True)


def test_cells_that_contradict_are_named_one_by_one(drawer: Drawer, tmp_path: Path) -> None:
    drawer.draft()
    issued = drawer.folder / drawer.issue(sheet="Structures")[0].file
    one, two = (shutil.copy(issued, tmp_path / name) for name in ("one.xlsx", "two.xlsx"))
    fill(one, "G4", "Move")
    fill(two, "G4", "Not ours")
    (conflict,) = comparison.compare(one, two, issued=issued).conflicts
    assert conflict.places == (f"one.xlsx!{TAB}!G4", f"two.xlsx!{TAB}!G4")
    assert (conflict.heading, conflict.texts) == ("Decision", ("Move", "Not ours"))


def test_copies_of_different_issues_are_not_compared(drawer: Drawer) -> None:
    drawer.draft()
    first, second = (drawer.folder / each.file for each in drawer.issue()[:2])
    with pytest.raises(InputError, match="cannot be merged"):
        comparison.compare(first, second)


def test_a_practice_workbook_says_so_everywhere_and_counts_for_nothing(drawer: Drawer) -> None:
    found = drawer.draft()
    written = practice.write(
        drawer.ledger, "Highways", found.draft, owner=None, sheet_name=None, choices=choices(),
        folder=drawer.folder / "mappings",
    )  # fmt: skip
    assert {role for role, _ in written} == {"highways.director", "structures.lead", "asset.management.lead"}
    for _, file in written:
        book = openpyxl.load_workbook(file)
        assert all(str(page["A1"].value).startswith("PRACTICE: ") for page in book)
        assert all(page.oddHeader.center.text.startswith("PRACTICE") for page in book)
        assert str(book.properties.title).startswith("PRACTICE: ")
        with pytest.raises(SpmigrateError, match="is a practice workbook, and nothing in it counts"):
            collecting.collect(drawer.ledger, file, choices(), keep=True)
    assert mappings.sheets(drawer.ledger) == [] and mappings.rows(drawer.ledger) == []


def test_what_is_exported_can_be_imported_again(drawer: Drawer, tmp_path: Path) -> None:
    collecting.collect(drawer.ledger, answered(drawer), choices(), keep=True)
    source = inventory.source(drawer.ledger, "Highways")
    found = exchange.export(drawer.ledger, source, choices(), host=HOST, unsigned=True)
    for form in task_lists.TaskFormat:
        path = tmp_path / f"tasks-{form}{form.suffix}"
        task_lists.write(path, found.tasks, form)
        back = imported(drawer, *task_lists.read(path))
        assert (back.problems, back.notes) == ([], [])
        assert set(rows(back.drafts[0])) == {"Contracts/2019", "Contracts/2020"}
    assert len(json.loads(path.read_text())["Tasks"]) == 2


def fill(file: Path, place: str, text: str) -> None:
    book = openpyxl.load_workbook(file)
    book[TAB][place] = text
    book.save(file)
