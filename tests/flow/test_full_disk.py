"""A full disk: said in one line, nothing half written; with room again, the same command does all of it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from spmigrate.scan.survey import survey
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT, Finished
from tests.flow.refusal import check_refusal, refused
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, make_estate, sign, write
from tests.tenant_tree import new_site, session, tree, working_folder

_ON_A_SMALL_DISK = """
import json, os, shutil, subprocess, sys
from pathlib import Path

work, place, room, *command = sys.argv[1:]
disk = Path(work).parent / "disk"
disk.mkdir()
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=True)
if place == "disk":
    shutil.copytree(work, disk / "work")
filler = disk / "filler"
try:
    with filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
except OSError:
    os.truncate(filler, max(filler.stat().st_size - int(room) * 1024, 0))


def run():
    done = subprocess.run(
        [sys.executable, "-m", "spmigrate", *command], cwd=disk / "work" if place == "disk" else work,
        capture_output=True, text=True,
    )
    names = [str(path.relative_to(disk)) for path in disk.rglob("*") if path != filler]
    return {"code": done.returncode, "stdout": done.stdout, "stderr": done.stderr, "files": names}


full = run()
filler.unlink()
print(json.dumps({"full": full, "again": run()}))
if place == "disk":
    shutil.copytree(disk / "work", work, dirs_exist_ok=True)
"""

_FREE = "free some space, then run the same command again"


@dataclass(frozen=True)
class Told:
    """A command on a full disk and again with room, and what lay on the disk after each."""

    full: Finished
    files: set[str]
    again: Finished
    files_again: set[str]


Full = Callable[..., Told]


@pytest.fixture
def full() -> Full:
    """Run a command in a folder on a disk with `room` KiB left, or beside such a disk; then again with enough room."""
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True, check=False).returncode:
        message = "nobody may mount a small disk here: unshare -Urm is refused"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)

    def run(work: Path, *command: str, place: str = "disk", room: int = 0) -> Told:
        done = subprocess.run(
            ["unshare", "-Urm", sys.executable, "-c", _ON_A_SMALL_DISK, str(work), place, str(room), *command],
            capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        ends = json.loads(done.stdout)
        first, second = (Finished(each["code"], each["stdout"], each["stderr"]) for each in ends.values())
        return Told(first, set(ends["full"]["files"]), second, set(ends["again"]["files"]))

    return run


@pytest.fixture
def work(tmp_path: Path, rehearsal: RunningTenant) -> Path:
    return working_folder(tmp_path / "work", rehearsal)


@pytest.mark.parametrize("room", [0, 300])
def test_scan_goes_on_when_there_is_room(full: Full, work: Path, tmp_path: Path, room: int) -> None:
    share = tmp_path / "Share"
    for folder in range(20):
        (share / f"{folder}").mkdir(parents=True)
        for number in range(60):
            (share / f"{folder}" / f"{'A long name, as people write them ' * 3}{number}.txt").touch()
    told = full(work, "scan", "run", str(share), "--json", room=room)
    check_refusal(told.full)
    assert re.search("(ledger|pacing).db: the disk is full", told.full.stderr) and _FREE in told.full.stderr
    assert (told.again.code, told.again.json["items"], told.again.json["state"]) == (0, 1200, "complete")


def test_wave_goes_on_when_there_is_room(
    full: Full, work: Path, tmp_path: Path, rehearsal: RunningTenant, spmigrate: Callable[..., Finished]
) -> None:
    home = new_site(rehearsal, "full-disk")
    root = make_estate(tmp_path / "Share", plain=150)
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, root, {"Works": (TIDY, home)})
    assert spmigrate("wave", "plan", "pilot", cwd=work).code == 5  # the rest of the estate is in no row
    told = full(work, "wave", "run", "pilot", "--json", room=80)
    check_refusal(told.full)
    assert re.search("(ledger|pacing).db: the disk is full", told.full.stderr) and _FREE in told.full.stderr
    moved = told.again.json
    assert (told.again.code, moved["items"]["copied"], moved["balances"]) == (0, 150, True)
    with session(work) as tenant:
        assert {leaf.versions for leaf in tree(tenant, home).values()} == {1}


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (("report", "--out", "../disk/r.html"), {"r.html"}),
        (("report", "--items", "../disk/i.csv"), {"i.csv"}),
        (("mapping", "issue", "Share", "--owner", "Head of Structures", "--out", "../disk/s.xlsx"), {"s.xlsx"}),
    ],
    ids=["report", "items", "workbook"],
)
def test_pages_and_workbooks_appear_whole_or_not_at_all(
    full: Full, work: Path, tmp_path: Path, command: tuple[str, ...], files: set[str]
) -> None:
    for name in ("site_templates", "mappings"):
        shutil.copytree(ROOT / name, work / name)
    (tmp_path / "Share" / "Bridges").mkdir(parents=True)
    (tmp_path / "Share" / "Bridges" / "plan.docx").touch()
    with Ledger(work / "ledger.db") as ledger:
        survey(ledger, tmp_path / "Share", name="Share")
    told = full(work, *command, "--json", place="here")
    check_refusal(told.full)
    (name,) = files
    assert f"disk/{name}: No space left on device" in told.full.stderr and _FREE in told.full.stderr
    assert (told.files, told.again.code, told.files_again) == (set(), 0, files)
    assert told.again.json.get("version", 1) == 1


def test_working_folder_is_laid_out_whole_or_not_at_all(full: Full, work: Path) -> None:
    told = full(work, "init", "../disk/new", place="here")
    assert told.full.code == 1 and "No space left on device" in told.full.stderr and _FREE in told.full.stderr
    assert told.files == set() and "Traceback" not in told.full.stderr
    assert told.again.code == 0 and "new/spmigrate.yaml" in told.files_again


@pytest.mark.parametrize("command", [("explain", "LINK", "--json"), ("explain", "NO-SUCH", "--json"), ("--help",)])
def test_output_that_cannot_be_written_is_no_crash(tmp_path: Path, command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as nowhere:
        done = subprocess.run(
            [sys.executable, "-m", "spmigrate", *command], stdout=nowhere, stderr=subprocess.PIPE, text=True,
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
        )  # fmt: skip
    assert done.returncode == 1 and "hint:" in done.stderr and "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_reader_that_goes_away_ends_a_command_quietly(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "spmigrate", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert running.stdout is not None and running.stderr is not None
    running.stdout.close()
    assert (running.wait(60), running.stderr.read()) == (130, "")
    running.stderr.close()


def test_log_that_cannot_be_written_stops_the_run_and_harms_nothing(
    work: Path,
    tmp_path: Path,
    rehearsal: RunningTenant,
    spmigrate: Callable[..., Finished],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = new_site(rehearsal, "full-log")
    write(tmp_path / "Share" / "a.txt", b"x")
    with Ledger(work / "ledger.db") as ledger:
        sign(ledger, tmp_path / "Share", {"": (TIDY, home)})
    assert spmigrate("wave", "plan", "pilot", cwd=work).code == 0
    monkeypatch.setenv("SPMIGRATE_LOG", "/dev/full")
    refused(spmigrate, "wave", "run", "pilot", cwd=work)
    monkeypatch.delenv("SPMIGRATE_LOG")
    again = spmigrate("wave", "run", "pilot", "--json", cwd=work)
    assert (again.code, again.json["items"]["copied"]) == (0, 1)
