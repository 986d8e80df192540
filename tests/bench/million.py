"""A wave of a million tiny files, planned, killed half-way, and moved to its end; profile open.

`--files` takes fewer. Memory is the most that each process of ours had resident (`VmHWM` of Linux, read four times a
second, so that nothing of the process that started it is counted). The ledger's share is the time inside its calls in
the whole second run, divided by the files that this run moved. Resuming is from the start of the process after a
`kill -9` to the first new result in the ledger.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT
from tests.rehearsal_fixtures import serve_tenant
from tests.signed_estate import TIDY, sign
from tests.tenant_tree import new_site, working_folder

FILES = 1_000_000
_A_FOLDER = 1000
_WORKERS = 6
_GLANCE_SECONDS = 0.02
_SAMPLE_SECONDS = 0.25
_ROUTE = os.environ.get("SPMIGRATE_BENCH_ROUTE", "package")


def figures(files: int = FILES) -> Iterator[dict[str, str | float | None]]:
    """Memory of planning and moving, the ledger's share of an item, and seconds until a killed run goes on."""
    with tempfile.TemporaryDirectory() as folder, serve_tenant(Path(folder) / "tenant") as running:
        home = new_site(running, "million")
        work = working_folder(Path(folder) / "work", running, workers=_WORKERS)
        _tree(Path(folder) / "share", files)
        with Ledger(work / "ledger.db") as ledger:
            sign(ledger, Path(folder) / "share", {"": (TIDY, home)})
        planning = _Process(work, "wave", "plan", "pilot", "--route", _ROUTE, "--json")
        planning.finish()
        yield _figure("plan-memory", planning.peak / 1e6, "MB")
        yield _figure("plan-item", planning.seconds * 1e6 / files, "µs")
        killed = _Process(work, "wave", "run", "pilot", "--json")
        _wait(work, files // 2)
        killed.kill()
        moved = _finished(work)
        again = _Process(work, "wave", "run", "pilot", "--json", timed=True)
        yield _figure("resume-after-kill", _wait(work, moved + 1), "s")
        again.finish()
        spent = json.loads((work / "spent.json").read_text("utf-8"))
        assert _finished(work) == files
        left = files - moved
        yield _figure("run-memory", max(killed.peak, again.peak) / 1e6, "MB")
        yield _figure("ledger-item", spent["wall"] * 1e6 / left, "µs")
        yield _figure("ledger-item-cpu", spent["cpu"] * 1e6 / left, "µs")
        yield _figure("files-a-second", left / again.seconds, "files/s")


def _figure(name: str, value: float, unit: str) -> dict[str, str | float | None]:
    return {"name": f"million-{name}", "value": value, "unit": unit}


def _tree(root: Path, files: int) -> None:
    """Tiny files, a thousand a folder: each folder has one content, which all names in it are links to."""
    for number in range(0, files, _A_FOLDER):
        folder = root / f"{number // (100 * _A_FOLDER)}" / f"{number // _A_FOLDER}"
        folder.mkdir(parents=True)
        first = folder / "0.txt"
        first.write_bytes(b"%d" % number)
        for name in range(1, min(_A_FOLDER, files - number)):
            os.link(first, folder / f"{name}.txt")


class _Process:
    """A command in a process of its own, and the most memory that it had."""

    def __init__(self, work: Path, *arguments: str, timed: bool = False) -> None:
        program = ["tests.bench._timed_ledger", str(work / "spent.json")] if timed else ["spmigrate"]
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", *program, *arguments], cwd=work, stdout=subprocess.DEVNULL,
            env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, "HOME": str(work)},
        )  # fmt: skip
        self.peak = 0
        self.seconds = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def finish(self) -> None:
        """Wait for its end, which must be a good one."""
        code = self._wait()
        assert code == 0, code

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._wait()

    def _wait(self) -> int:
        code = self._process.wait()
        self.seconds = time.monotonic() - self._began
        return code

    def _watch(self) -> None:
        status = Path(f"/proc/{self._process.pid}/status")
        while self._process.poll() is None:
            with suppress(OSError):
                for line in status.read_text("utf-8").splitlines():
                    if line.startswith("VmHWM:"):
                        self.peak = max(self.peak, int(line.split()[1]) * 1024)
            time.sleep(_SAMPLE_SECONDS)


def _finished(work: Path) -> int:
    """How many files have a result; asked beside the run, without the ledger's own class."""
    with sqlite3.connect(f"file:{work / 'ledger.db'}?mode=ro", uri=True, timeout=60) as database:
        found = database.execute("SELECT coalesce(sum(finished), 0) FROM batch").fetchone()[0]
    database.close()
    return int(found)


def _wait(work: Path, files: int) -> float:
    """Seconds until so many files have a result."""
    began = time.monotonic()
    while _finished(work) < files:
        time.sleep(_GLANCE_SECONDS)
    return time.monotonic() - began
