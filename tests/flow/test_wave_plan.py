"""`wave plan` in time, from the command line: windows, freezes, waves before it, what-if, and what is published."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from spmigrate.model import Decision
from spmigrate.store.ledger import Ledger
from tests.conftest import Finished
from tests.registers import write_registers
from tests.signed_estate import TIDY, library, sign, write

Command = Callable[..., Finished]

SETTINGS = """\
version: 1
tenant:
  name: contoso.onmicrosoft.com
  tenant id: 11111111-2222-3333-4444-555555555555
  sharepoint: https://contoso.sharepoint.com
  client id: 66666666-7777-8888-9999-000000000000
migrate:
  windows:
    - {days: [Monday, Tuesday, Wednesday, Thursday, Friday], from: 19:00, to: 06:00}
    - {days: [Saturday, Sunday], from: 06:00, to: 06:00}
"""
FROM, UNTIL = ("--from", "2027-05-31"), ("--until", "2027-06-14")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A working folder with two signed sheets of five files each; nothing is asked of any tenant."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "spmigrate.yaml").write_text(SETTINGS)
    write_registers(folder / "governance_rules")
    for number in (1, 2):
        root = tmp_path / f"share{number}"
        for n in range(5):
            write(root / f"Roads {number}" / f"{n}.txt", b"x" * 1000)
        with Ledger(folder / "ledger.db") as ledger:
            rows = {f"Roads {number}": (TIDY, library()), "": (Decision.ARCHIVE, None)}
            sign(ledger, root, rows, sheet_id=f"S-000{number}")
    return folder


def plan(spmigrate: Command, work: Path, name: str, *options: str) -> Finished:
    return spmigrate("wave", "plan", name, *FROM, *options, cwd=work)


def test_the_plan_says_what_is_needed_and_that_it_fits(work: Path, spmigrate: Command) -> None:
    done = plan(spmigrate, work, "pilot", *UNTIL)
    assert "To move: 10 files, 10.0 KB" in done.stdout
    assert "so 103 hours a week;" in done.stdout
    assert "from 31 May 2027, 00:00 BST to the cutover on 14 June 2027, 18:00 BST." in done.stdout
    assert "Forecast: under 0.1 hours of windows, decided by the workers;" in done.stdout
    assert "Fits: " in done.stdout


def test_a_bank_holiday_and_its_reason_are_named(work: Path, spmigrate: Command) -> None:
    outlook = plan(spmigrate, work, "pilot", *UNTIL, "--json").json["outlook"]
    assert [(each["day"], each["why"]) for each in outlook["not_used"]] == [
        ("2027-05-31", ["Bank holiday: nobody is at work to notice"])
    ]
    assert outlook["windows"][0]["from"] == "2027-05-31T23:00:00+00:00", "midnight by the council's clocks"
    assert outlook["fit"] == "fits"


def test_the_same_question_has_the_same_answer(work: Path, spmigrate: Command) -> None:
    one, other = (plan(spmigrate, work, "pilot", *UNTIL, "--json").json["outlook"] for _ in range(2))
    assert one == other


def test_what_if_changes_no_plan(work: Path, spmigrate: Command) -> None:
    before = plan(spmigrate, work, "pilot", *UNTIL, "--json").json["outlook"]
    lost = plan(spmigrate, work, "pilot", *UNTIL, "--json", "--lose-weeks", "2", "--workers", "1").json
    assert lost["outlook"]["forecast"]["most_hours"] >= before["forecast"]["most_hours"]
    assert lost["outlook"]["from"] == "2027-06-13T23:00:00+00:00"
    assert lost["outlook"]["forecast"]["latest_end"] > before["forecast"]["latest_end"]
    with Ledger(work / "ledger.db") as ledger:
        kept = [tuple(row) for row in ledger.rows("SELECT starts, until FROM wave_schedule")]
    assert kept == [("2027-05-30T23:00:00+00:00", "2027-06-14T17:00:00+00:00")]
    said = plan(spmigrate, work, "pilot", *UNTIL, "--lose-weeks", "2").stdout
    assert "it ends between 14 June 2027" in said or "it ends on 14 June 2027" in said
    assert "As it is planned, it ends on 1 June 2027, 00:00 BST." in said
    unknown = plan(spmigrate, work, "other", "--workers", "3")
    assert (unknown.code, "there is no wave 'other'" in unknown.stderr) == (2, True)


def test_a_plan_that_does_not_fit_is_a_finding(work: Path, spmigrate: Command) -> None:
    done = spmigrate("wave", "plan", "pilot", "--from", "2027-05-31", "--until", "2027-05-31", cwd=work)
    assert done.code == 3
    assert "Does not fit: " in done.stdout
    assert "The day of the cutover is frozen. Bank holiday: nobody is at work to notice." in done.stdout
    assert spmigrate("wave", "plan", "pilot", "--from", "2027-06-01", "--until", "2027-05-31", cwd=work).code == 2


def test_a_wave_waits_for_another_and_circles_are_refused(work: Path, spmigrate: Command) -> None:
    assert plan(spmigrate, work, "first", "--sheet", "S-0001").code == 0
    second = plan(spmigrate, work, "second", "--sheet", "S-0002", "--after", "first", "--json")
    assert second.json["outlook"]["after"][0]["wave"] == "first"
    assert second.json["outlook"]["from"] >= second.json["outlook"]["after"][0]["latest_end"]
    circle = plan(spmigrate, work, "first", "--after", "second")
    assert (circle.code, "first after second after first" in circle.stderr) == (2, True)
    run = spmigrate("wave", "run", "second", cwd=work)
    assert (run.code, "waits for first (planned)" in run.stderr) == (1, True)
    again = plan(spmigrate, work, "second", "--json")
    assert [each["wave"] for each in again.json["outlook"]["after"]] == ["first"], "it stays until others are named"
    assert plan(spmigrate, work, "second", "--no-after", "--json").json["outlook"]["after"] == []


def test_owners_who_are_not_ready_are_named(work: Path, spmigrate: Command) -> None:
    register = work / "governance_rules" / "training.yaml"
    register.write_text(register.read_text().replace("id: O02", "id: O03"))
    policy = work / "governance_rules" / "policy.yaml"
    policy.write_text(policy.read_text().replace("O02", "O03"))
    done = plan(spmigrate, work, "pilot", *UNTIL, "--json")
    owners = done.json["outlook"]["owners"]
    assert [(each["sheet"], each["owner"], each["ready"]) for each in owners] == [
        ("S-0001", "structures.lead", False), ("S-0002", "structures.lead", False),
    ]  # fmt: skip
    assert "never taken" in owners[0]["lacks"][0]
    assert done.code == 3


def test_what_is_published_says_the_same_and_holds_no_formula(work: Path, tmp_path: Path, spmigrate: Command) -> None:
    done = plan(spmigrate, work, "=1+1", *UNTIL, "--publish", str(tmp_path / "out"), "--json")
    page, book = (Path(done.json["written"][each]) for each in ("page", "workbook"))
    assert page.parent == book.parent == tmp_path / "out"
    text = page.read_text("utf-8")
    for said in ("Plan of wave =1+1", "Bank holiday: nobody is at work to notice", "What this report does not cover"):
        assert said in text
    opened = load_workbook(book)
    assert opened.sheetnames[:3] == ["Read me", "Time", "Size mix"]
    cells = [cell for sheet in opened for row in sheet for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "=1+1" or "=1+1" in str(cell.value) for cell in cells)
    assert json.loads(json.dumps(done.json))["outlook"]["workers"] == 6


def test_rows_that_are_used_with_others_are_named_with_those_that_stay_behind(
    tmp_path: Path, work: Path, spmigrate: Command
) -> None:
    root = tmp_path / "drawings"
    for name in ("Plans", "Xrefs"):
        write(root / "Works" / name / "a.dwg", b"x")
    used = {"Works/Plans": {"used_with": "GIS or CAD set"}, "Works/Xrefs": {"used_with": "No"}}
    rows = {"Works/Plans": (TIDY, library()), "Works/Xrefs": (Decision.ARCHIVE, None), "": (Decision.ARCHIVE, None)}
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, rows, sheet_id="S-0003", answers=used)
    done = plan(spmigrate, work, "third", "--sheet", "S-0003")
    assert done.code == 0
    assert "is used with others (GIS or CAD set): M-S-0003-2 Works/Xrefs (stays where it is)" in done.stdout
    found = json.loads(plan(spmigrate, work, "third", "--json").stdout)["used_with_others"]
    assert [(each["row"], [other["row"] for other in each["apart"]]) for each in found] == [
        ("M-S-0003-1", ["M-S-0003-2"])
    ]
    assert "used with others" not in plan(spmigrate, work, "first", "--sheet", "S-0001").stdout
