"""A wave that runs in one terminal, watched and steered from another."""

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from spmigrate.migrate import progress
from spmigrate.model import Destination
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT, Finished
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, write
from tests.tenant_tree import new_site, start, working_folder

Command = Callable[..., Finished]
_NUMBERS = itertools.count(1)
_CLOSED = 'windows:\n    - {days: [Monday], from: "03:00", to: "03:01"}\n'


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant) -> Path:
    return working_folder(tmp_path / "work", rehearsal, workers=2)


@pytest.fixture
def home(rehearsal: RunningTenant) -> Destination:
    return new_site(rehearsal, f"control-{next(_NUMBERS)}")


def planned(work: Path, root: Path, home: Destination, spmigrate: Command, *, files: int = 150) -> None:
    for number in range(files):
        write(root / f"{number}.txt", b"x")
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, {"": (TIDY, home)})
    done = spmigrate("wave", "plan", "pilot", "--route", "session", cwd=work)
    assert done.code == 0, done.stderr


def begun(work: Path, rehearsal: RunningTenant) -> "Popen[str]":
    """A run in its own process, with a service slow enough to be caught at work; some of its files have moved."""
    rehearsal.fault({"slow": 0.4}, count=9999, method="PUT")
    running = start(ROOT, work, "wave", "run", "pilot")
    with Ledger(work / "ledger.db") as ledger:
        while progress(ledger, "pilot").finished < 4:
            assert running.poll() is None, running.communicate()
            time.sleep(0.05)
    return running


def test_wave_is_watched_paused_and_continued_from_another_terminal(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    planned(work, tmp_path / "share", home, spmigrate)
    running = begun(work, rehearsal)
    time.sleep(2.5)
    live = spmigrate("wave", "status", "pilot", "--json", cwd=work).json["live"]
    assert live["moves"] is True
    assert live["items_per_s"] > 0
    assert live["remaining_seconds"]["most"] >= live["remaining_seconds"]["least"] > 0
    assert live["budget"]["minute"]["used"] > 0
    (worker,) = live["workers"]
    assert (worker["threads"], worker["doing"].startswith("sending")) == (2, True)
    assert spmigrate("wave", "pause", "pilot", cwd=work).code == 0
    time.sleep(3)
    paused = spmigrate("wave", "status", "pilot", "--json", cwd=work).json
    assert (paused["state"], paused["open"]["items"] > 0, paused["live"]["batches"]) == ("paused", True, {"queued": 1})
    text = spmigrate("wave", "status", "pilot", cwd=work).stdout
    assert "budget used: " in text
    assert ": paused" in text
    rehearsal.clear_faults()
    assert spmigrate("wave", "continue", "pilot", cwd=work).code == 0
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors
    assert spmigrate("wave", "status", "pilot", "--json", cwd=work).json["items"]["copied"] == 150


def test_cancelled_from_another_terminal_the_account_balances_and_rows_may_be_planned_again(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    planned(work, tmp_path / "share", home, spmigrate)
    running = begun(work, rehearsal)
    refused = spmigrate("wave", "cancel", "pilot", cwd=work)
    assert (refused.code, "--yes" in refused.stderr) == (1, True)
    assert spmigrate("wave", "cancel", "pilot", "--yes", cwd=work).code in (0, 4)
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, "was cancelled" in errors) == (1, True), errors
    rehearsal.clear_faults()
    found = spmigrate("wave", "status", "pilot", "--json", cwd=work).json
    assert (found["state"], found["balances"], found["open"]["items"]) == ("cancelled", True, 0)
    assert found["items"]["copied"] + found["items"]["skipped"] == 150
    for command in ("run", "retry", "pause", "continue"):
        assert spmigrate("wave", command, "pilot", cwd=work).code in (1, 2), command
    again = spmigrate("wave", "plan", "second", "--route", "session", "--json", cwd=work)
    assert again.json["open"]["items"] == found["items"]["skipped"], again.stderr


def test_outside_its_windows_a_wave_ends_or_moves_for_a_reason_that_is_kept(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command
) -> None:
    planned(work, tmp_path / "share", home, spmigrate, files=2)
    with (work / "spmigrate.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"  {_CLOSED}")
    ended = spmigrate("wave", "run", "pilot", "--end-with-window", cwd=work)
    assert (ended.code, "the window shut" in ended.stderr) == (4, True), ended.stderr
    assert spmigrate("wave", "run", "pilot", "--now", " ", cwd=work).code == 2
    moved = spmigrate("wave", "run", "pilot", "--now", "the lead agreed", cwd=work)
    assert moved.code == 0, moved.stderr
    events = spmigrate("wave", "status", "pilot", "--json", cwd=work).json["live"]["events"]
    assert ("moved outside its windows", "the lead agreed") in [(each["event"], each["note"]) for each in events]


def test_watching_ends_with_the_run_and_gives_one_document_a_line(
    work: Path, home: Destination, tmp_path: Path, spmigrate: Command, rehearsal: RunningTenant
) -> None:
    planned(work, tmp_path / "share", home, spmigrate, files=40)
    running = begun(work, rehearsal)
    watched = spmigrate("wave", "status", "pilot", "--watch", "--json", cwd=work)
    running.communicate(timeout=60)
    lines = [json.loads(line) for line in watched.stdout.splitlines()]
    assert (watched.code, lines[0]["state"], lines[-1]["state"]) == (0, "running", "moved")
    assert lines[0]["finished"]["items"] < lines[-1]["finished"]["items"] == 40
