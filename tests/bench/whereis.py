"""`where-is` as the service desk runs it, start-up included, on a ledger of 25 million files in SQLite.

Making the ledger takes some minutes, and 5 GB in the folder for temporary files (TMPDIR).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from spmigrate.store.ledger import Ledger
from tests.bench import _large_ledger

TIMES = 7
_ROOT = Path(__file__).parent.parent.parent
_SETTINGS = "version: 1\ntenant: {rehearsal: tenant}\ndrives: {G: '\\\\fs01\\Directorate01'}\n"
_NAMES = {1: "moved", 9: "not moved yet"}


def figures() -> Iterator[dict[str, str | float | None]]:
    """Seconds of each kind of question: the best of seven as the value, the worst of them beside it.

    Where a machine is busy with other things, the seconds of processor time say more: they have a line of their own.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "spmigrate.yaml").write_text(_SETTINGS, "utf-8")
        ledger = folder / "ledger.db"
        begun = time.perf_counter()
        files = _large_ledger.make(ledger)
        yield _figure("where-is: ledger made", time.perf_counter() - begun, "s")
        yield _figure("where-is: files in it", files, "files")
        yield _figure("where-is: its size", ledger.stat().st_size / 1e9, "GB")
        begun = time.perf_counter()
        _run(folder, "index")
        yield _figure("where-is: index made", time.perf_counter() - begun, "s")
        yield _figure("where-is: its size", (folder / "where-is.db").stat().st_size / 1e9, "GB")
        for said, question in _questions(ledger):
            runs = [_run(folder, question) for _ in range(TIMES)]
            for what, taken in (("", [run[0] for run in runs]), (", processor", [run[1] for run in runs])):
                yield _figure(f"where-is: {said}{what}", min(taken), "s", worst=max(taken))


def _figure(name: str, value: float, unit: str, *, worst: float | None = None) -> dict[str, str | float | None]:
    ratio = value / worst if worst else None
    return {"name": name, "value": value, "unit": unit, "other": worst, "ratio": ratio}


def _questions(path: Path) -> Iterator[tuple[str, str]]:
    """What is asked: real places of the ledger, with other capitals, and names that are nowhere."""
    with Ledger(path) as ledger:
        for source, said in _NAMES.items():
            row = ledger.one(
                "SELECT f.path, i.name FROM folder f JOIN item i ON i.folder_id = f.id"
                " WHERE f.source_id = ? ORDER BY f.id DESC LIMIT 1",
                (source,),
            )
            assert row is not None
            below = row["path"].replace("/", "\\")
            share = f"\\\\fs01\\Directorate{source:02}"
            yield f"exact folder, {said}", f"{share}\\{below}"
            yield f"exact file, {said}", f"{share}\\{below}\\{row['name']}"
            yield f"UNC in capitals, {said}", f"{share}\\{below}".upper()
    yield "a drive letter, goes different ways", "G:\\Archive"
    yield "part of a folder's name", "panel minutes"
    yield "one frequent word", "archive"
    yield "words of a path", "enforcement station road"
    yield "part of a file's name", "agenda 2007 contract 40"
    yield "a path that is not there", "G:\\Archive\\No such folder\\at all.docx"
    yield "words that are not there", "unheard of"


def _run(folder: Path, question: str) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "spmigrate", "where-is", question], cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as run:  # fmt: skip
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - begun
    if run.returncode not in (0, 3):
        raise RuntimeError(f"where-is {question} ended with {run.returncode}")
    return taken, used.ru_utime + used.ru_stime
