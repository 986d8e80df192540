"""A returned sheet of 400 rows and one of 5,000: the whole `mapping lint` command, start-up included."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from spmigrate.formats.fill_in import fill_in

SIZES = (400, 5_000)
FILES_IN_EACH = 3
OWNER = "asset.management.lead"
_ROOT = Path(__file__).parent.parent.parent


def figures() -> Iterator[dict[str, str | float]]:
    """Seconds and largest memory of validating a complete sheet of each size."""
    for rows in SIZES:
        with tempfile.TemporaryDirectory() as name:
            work, book = _returned(Path(name), rows)
            seconds, memory = _timed(work, "mapping", "lint", str(book), "--json")
        yield {"name": f"sheet of {rows:,} rows validated", "value": seconds, "unit": "s"}
        yield {"name": f"sheet of {rows:,} rows validated, memory", "value": memory, "unit": "MB"}


def _returned(folder: Path, rows: int) -> tuple[Path, Path]:
    """A working folder with a scanned share of so many folders, and its workbook as the owner sends it back."""
    work, share = folder / "work", folder / "share"
    for number in range(rows):
        below = share / f"Scheme {number:04} Mill Lane" / "Drawings"
        below.mkdir(parents=True)
        for each in range(FILES_IN_EACH):
            (below / f"2019-04 Bridge {number} - Report v{each}.docx").write_text(f"{number} {each}")
    _run(folder, "init", str(work), "--rehearsal", str(folder / "tenant"))
    _run(work, "scan", "run", str(share), "--name", "Highways")
    issued = _run(work, "mapping", "issue", "Highways", "--owner", OWNER, "--json")
    book = folder / "returned.xlsx"
    fill_in(work / _file(json.loads(issued)), book, _answers)
    return work, book


def _file(issued: dict[str, object]) -> str:
    sheets = issued.get("sheets", [issued])
    assert isinstance(sheets, list) and len(sheets) == 1, "one owner has one sheet"
    return str(sheets[0]["file"])


def _answers(_row: Mapping[str, object], choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {
        "Decision": "Move and tidy", "New home": choices["New home"][0],
        "What is it about": "Transport and infrastructure",
        "Sensitive?": "No", "Who should see it": "Whole team", "Used with other files?": "No",
        "Avoid these dates": "1 to 5 April 2027", "Notes": "As agreed at the review of the share in spring",
    }  # fmt: skip


def _run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "spmigrate", *arguments]
    return subprocess.run(command, cwd=folder, env=_environment(), check=True, stdout=subprocess.PIPE, text=True).stdout


def _timed(folder: Path, *arguments: str) -> tuple[float, float]:
    """Seconds and megabytes of a command that finds every row in order."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "spmigrate", *arguments]
    with subprocess.Popen(command, cwd=folder, env=_environment(), stdout=subprocess.DEVNULL) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise RuntimeError(f"mapping lint ended with {run.returncode}")
    return time.perf_counter() - begun, used.ru_maxrss / 1024


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_ROOT)}
