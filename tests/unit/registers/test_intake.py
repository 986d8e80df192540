"""Lists of people and training: what they change, what is reported, and that the register keeps its comments."""

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from spmigrate.errors import InputError
from spmigrate.registers import intake
from spmigrate.registers.intake import Intake, read_uk_day
from spmigrate.registers.people import FILE, PeopleRegister, read_people
from spmigrate.registers.training import read_training
from tests.conftest import ROOT

TODAY = date(2026, 11, 22)
UNITS = {"RDS"}
REGISTER = """# Ours.
version: 1
people:
  # The head signs.
  - id: roads.head
    role: Head of Roads
    account: roads.head@council.example
    training:
      - {module: O01, completed: 2026-01-05}   # by hand

  - {id: roads.lead, role: Roads Lead, account: roads.lead@council.example}  # one line
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "governance_rules" / "training.yaml", tmp_path)
    (tmp_path / FILE).write_text(REGISTER)
    return tmp_path


def compare(folder: Path, *lines: str, **columns: str) -> Intake:
    (folder / "list.csv").write_text("\n".join(lines), "utf-8")
    rows, unread, problems = intake.read(folder / "list.csv", columns)
    found = intake.compare(rows, read_people(folder), read_training(folder), units=UNITS, today=TODAY)
    found.unread, found.problems[:0] = unread, problems
    return found


def texts(found: Intake) -> list[str]:
    return [f"{each.person}: {each.text}" for each in found.changes]


def problems(found: Intake) -> list[str]:
    return [f"{each.where}: {each.text}" for each in found.problems]


def apply(folder: Path, found: Intake) -> PeopleRegister:
    intake.write(folder, found)
    return read_people(folder)


def test_modules_are_added_and_comments_stay(folder: Path) -> None:
    found = compare(
        folder, "Account,Module,Completed", "roads.head@council.example,O02,15/09/2026",
        "ROADS.LEAD@council.example,Data owner: your role the sheet,1 September 2026",
        "roads.lead@council.example,O01 Owner,2/9/26",
    )  # fmt: skip
    assert texts(found) == ["roads.head: has completed O02 on 15 September 2026"]
    assert len(found.problems) == 2
    after = apply(folder, found)
    assert [(each.module, each.completed) for each in after.people[0].training] == [
        ("O01", date(2026, 1, 5)), ("O02", date(2026, 9, 15)),
    ]  # fmt: skip
    text = (folder / FILE).read_text()
    assert "O01, completed: 2026-01-05}   # by hand\n      - {module: O02, completed: 2026-09-15}\n" in text
    assert "# Ours." in text
    assert "# one line" in text


def test_an_entry_on_one_line_takes_modules_and_dates_too(folder: Path) -> None:
    found = compare(
        folder, "id;module;completed;unit;start date", "roads.lead;O01;15/09/2026;RDS;01/04/2026",
        "roads.lead;O02;16/09/2026;;",
    )  # fmt: skip
    lead = apply(folder, found).people[1]
    assert (lead.unit, lead.starts, len(lead.training)) == ("RDS", date(2026, 4, 1), 2)


def test_a_leaver_is_dated_and_stays_and_the_role_passes_on(folder: Path) -> None:
    found = compare(
        folder, "Account,Role,Leaving date,Start date,Unit", "roads.head@council.example,,30/11/2026,,",
        "roads.head.2@council.example,Head of Roads,,01/12/2026,RDS",
    )  # fmt: skip
    assert texts(found) == [
        "roads.head: leaves 30 November 2026", "roads.head.2: starts as Head of Roads",
        "roads.head.2: starts 1 December 2026", "roads.head.2: unit RDS",
    ]  # fmt: skip
    after = apply(folder, found)
    assert [each.id for each in after.people] == ["roads.head", "roads.lead", "roads.head.2"]
    assert after.people[0].leaves == date(2026, 11, 30)
    holder = after.person("Head of Roads", on=date(2026, 12, 1))
    assert holder is after.people[2]
    assert after.person("roads.head", on=date(2026, 12, 1)) is after.people[0]


def test_the_same_list_again_changes_nothing(folder: Path) -> None:
    lines = ("Account,Role,Module,Completed,Unit", "new.one@council.example,New Lead,O01,15/09/2026,RDS",
             "roads.head@council.example,,O02,15/09/2026,RDS")  # fmt: skip
    apply(folder, compare(folder, *lines))
    before = (folder / FILE).read_text()
    again = compare(folder, *lines)
    assert (again.changes, again.problems, again.same) == ([], [], 2)
    apply(folder, again)
    assert (folder / FILE).read_text() == before


@pytest.mark.parametrize(
    ("row", "said"),
    [("x@council.example,,,O01,15/09/2026", "nobody in people.yaml signs in as x@council.example"),
     (",Rods Lead,,O01,15/09/2026", "no role 'Rods Lead' in people.yaml"),
     (",,,O01,15/09/2026", "says nothing of who it is about"),
     ("roads.head@council.example,,,X77,15/09/2026", "there is no module 'X77' in training.yaml"),
     ("roads.head@council.example,,,O02,09/15/2026", "'09/15/2026' is not a day: write the day first, as 15/09/2026"),
     ("roads.head@council.example,,,O02,01/12/2026", "roads.head: O02 completed on 1 December 2026, which is still"),
     ("roads.head@council.example,,,O02,", "roads.head: O02 without a day of completion"),
     ("roads.head@council.example,,,,15/09/2026", "says a day of completion and no module"),
     ("roads.head@council.example,Head of Rail,,,", "roads.head is 'Head of Roads' in people.yaml"),
     ("roads.head@council.example,,XYZ,,", "'XYZ' is no unit of organisation.yaml"),
     ("no mailbox,New Lead,,,", "'no mailbox' is not an id"),
     ("roads.lead@elsewhere.example,New Lead,,,", "the id 'roads.lead' is somebody else's")],
)  # fmt: skip
def test_what_cannot_be_understood_is_reported_at_its_line(folder: Path, row: str, said: str) -> None:
    found = compare(folder, "Account,Role,Unit,Module,Completed", row)
    assert not found.changes
    (problem,) = problems(found)
    assert problem.startswith(f"list.csv:2: {said}")


def test_all_that_is_wrong_in_a_row_is_told_at_once_and_nothing_of_it_is_taken(folder: Path) -> None:
    heading = "Account,Role,Unit,Start date,Completed,Module"
    told = ["'soon' is not a day: write the day first, as 15/09/2026", "'XYZ' is no unit of organisation.yaml"]
    known = compare(folder, heading, "roads.head@council.example,,XYZ,soon,15/09/2026,O02")
    assert problems(known) == [f"list.csv:2: {each}" for each in told]
    new = compare(folder, heading, "new.starter@council.example,Officer,XYZ,soon,,")
    assert problems(new) == [f"list.csv:2: {each}" for each in told]
    nobody = compare(folder, heading, "no.role@council.example,,,soon,,")
    assert len(problems(nobody)) == 2
    assert not (known.changes or new.changes or nobody.changes or new.starters)


def test_duplicates_are_reported_and_do_not_count_twice(folder: Path) -> None:
    found = compare(
        folder, "Account,Module,Completed,Leaves", "roads.head@council.example,O02,15/09/2026,30/11/2026",
        "roads.head@council.example,O02,15/09/2026,30/11/2026", "roads.head@council.example,,,01/12/2026",
    )  # fmt: skip
    assert problems(found) == [
        "list.csv:3: roads.head: O02 on 15 September 2026 stands further up already",
        "list.csv:4: roads.head: leaves 2026-12-01 here, and 2026-11-30 further up",
    ]
    assert len(found.changes) == 2


def test_headings_can_be_named_and_names_of_people_are_not_read(folder: Path) -> None:
    lines = ("Report of 22/11/2026", "Who,Surname,Course,Done", "roads.head@council.example,Somebody,O02,15/09/2026")
    found = compare(folder, *lines, account="WHO", completed="done")
    assert texts(found) == ["roads.head: has completed O02 on 15 September 2026"]
    assert found.unread == ("Surname",)
    assert "Somebody" not in (apply(folder, found) and (folder / FILE).read_text())


def test_a_workbook_with_real_dates_reads_the_same(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Account", "Module", "Completed"])
    sheet.append(["roads.head@council.example", "O02", date(2026, 9, 15)])
    sheet.append(["roads.lead@council.example", "O01", "=TODAY()"])
    book.save(folder / "list.xlsx")
    rows, _, wrong = intake.read(folder / "list.xlsx", {})
    found = intake.compare(rows, read_people(folder), read_training(folder), units=None, today=TODAY)
    assert texts(found) == ["roads.head: has completed O02 on 15 September 2026"]
    assert [(each.where, each.text) for each in wrong] == [("list.xlsx!Sheet!C3", "is a formula")]
    assert found.problems[0].where == "list.xlsx!Sheet!A3"


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\0\1\2", b"PK\3\4 no workbook"])
def test_a_file_that_is_no_list_is_refused(folder: Path, content: bytes) -> None:
    for name in ("list.csv", "list.xlsx"):
        (folder / name).write_bytes(content)
        with pytest.raises(InputError):
            intake.read(folder / name, {})


@pytest.mark.parametrize(
    "text", ["03/04/2026", "3-4-2026", "3 April 2026", "3 Apr 2026", "2026-04-03", "03/04/2026 09:30"]
)
def test_days_are_read_the_british_way(text: str) -> None:
    assert read_uk_day(text) == date(2026, 4, 3)
