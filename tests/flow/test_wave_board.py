"""`wave board` from the command line: all waves and shares of a ledger, and what is published."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import load_workbook

from spmigrate.model import Decision
from spmigrate.store.ledger import Ledger
from tests.conftest import Finished
from tests.flow.test_wave_plan import SETTINGS
from tests.registers import write_registers
from tests.signed_estate import TIDY, library, sign, write

Command = Callable[..., Finished]


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    with Ledger(folder / "ledger.db") as ledger:
        yield ledger


@pytest.fixture
def work(tmp_path: Path, spmigrate: Command) -> Path:
    """A share of which one folder was planned and half moved, one stays, and one is in no row."""
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "spmigrate.yaml").write_text(SETTINGS)
    write_registers(folder / "governance_rules")
    root = tmp_path / "Common"
    for n in range(8):
        write(root / "Roads" / f"{n}.txt", b"x" * 1000)
    write(root / "Kept" / "old.txt", b"x" * 10)
    write(root / "Nobody" / "lost.txt", b"x" * 7)
    with opened(folder) as ledger:
        sign(ledger, root, {"Roads": (TIDY, library()), "Kept": (Decision.ARCHIVE, None)})
    planned = spmigrate("wave", "plan", "=pilot", "--from", "2027-06-01", "--until", "2027-06-14", cwd=folder)
    assert planned.code in (3, 5), planned.stderr
    with opened(folder) as ledger:
        ids = [row["id"] for row in ledger.rows("SELECT id FROM transfer WHERE batch_id IS NOT NULL ORDER BY id")]
        for number, id_ in enumerate(ids[:4]):
            copied = number < 3
            ledger.execute(
                "UPDATE transfer SET state = 'finished', outcome = ?, code = ?, copied_size = size, at = ?,"
                " verified = ? WHERE id = ?",
                ("copied" if copied else "failed", None if copied else "SOURCE-LOCKED",
                 f"2027-06-0{number + 1}T20:00:00.000000Z", "exact" if copied else None, id_),
            )  # fmt: skip
        ledger.execute("UPDATE wave SET state = 'running'")
    return folder


@pytest.mark.homes
def test_the_board_says_what_was_planned_what_is_done_and_what_is_left(work: Path, spmigrate: Command) -> None:
    done = spmigrate("wave", "board", "--on", "2027-06-03", "--json", cwd=work)
    assert done.code == 3, "a file has failed, which somebody has to look at"
    board = done.json
    assert board["left"]["items"] == 4
    assert board["weeks"][0]["week"] == "2027-05-31"
    assert (board["weeks"][0]["planned"]["items"], board["weeks"][0]["done"]["items"]) == (8, 4)
    (wave,) = board["waves"]
    assert (wave["copied"]["items"], wave["other_outcomes"]["items"], wave["left"]["items"]) == (3, 1, 4)
    (share,) = board["shares"]
    assert (share["whole"]["items"], share["moved"]["items"], share["left"]["items"]) == (10, 3, 7)
    why = {each["why"]: each["items"] for each in share["residue"]}
    assert why["still to move"] == 4
    assert why["in no row of any sheet"] == 1
    assert why["failed: Another program holds the file, and lets nobody read it."] == 1
    assert len(why) == 4
    (snag,) = board["snags"]
    assert (snag["what"], snag["count"], snag["example"]) == ("failed: SOURCE-LOCKED", 1, "Roads/3.txt")
    assert board["forecast"]["earliest_end"] <= board["forecast"]["latest_end"]


def test_people_read_the_board(work: Path, spmigrate: Command) -> None:
    said = spmigrate("wave", "board", "--on", "2027-06-03", cwd=work).stdout
    assert "It ends on 3 June 2027, 00:00 BST." in said
    for heading in ("Planned and done, week by week:", "Shares:", "What is left of each share, by cause, and what"):
        assert heading in said
    assert "Close the program that holds it" in said


def test_the_board_is_published_as_a_page_and_a_workbook(work: Path, tmp_path: Path, spmigrate: Command) -> None:
    files = ("--html", str(tmp_path / "b.html"), "--xlsx", str(tmp_path / "b.xlsx"))
    spmigrate("wave", "board", "--on", "2027-06-03", *files, cwd=work)
    text = (tmp_path / "b.html").read_text("utf-8")
    assert '<svg class="chart"' in text
    assert "At the end of the week of 31 May 2027, 4 files left: 4 files behind the plan." in text
    book = load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == ["Read me", "Burn-down", "Waves", "Shares", "Residue", "Snags"]
    assert not [cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    same = spmigrate("wave", "board", "--html", "x", "--xlsx", "x", cwd=work)
    assert (same.code, "name the same file" in same.stderr) == (2, True)


def test_a_ledger_without_waves_has_an_empty_board(tmp_path: Path, spmigrate: Command) -> None:
    (tmp_path / "spmigrate.yaml").write_text(SETTINGS)
    write_registers(tmp_path / "governance_rules")
    done = spmigrate("wave", "board", "--json", "--html", "b.html", cwd=tmp_path)
    assert (done.code, done.json["weeks"], done.json["waves"]) == (0, [], [])
