"""A scan into the ledger beside `find -printf`: the same tree, one after the other, stat and every name check on."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

FOLDERS, FILES_IN_EACH = 4_000, 50
_ROOT = Path(__file__).parent.parent.parent
_SETTINGS = "version: 1\ntenant:\n  rehearsal: tenant\n"


def figures() -> Iterator[dict[str, str | float | None]]:
    """Files a second of one whole `scan run`, start-up included, and its largest memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = folder / "tree"
        _make(tree)
        (folder / "spmigrate.yaml").write_text(_SETTINGS, "utf-8")
        files = FOLDERS * FILES_IN_EACH
        found, _ = _timed(["find", str(tree), "-printf", "%p %s %T@ %y\n"], folder)
        ours, memory = _timed([sys.executable, "-m", "spmigrate", "scan", "run", str(tree)], folder)
    rate, other = files / ours, files / found
    yield {"name": "scan to ledger", "value": rate, "unit": "files/s", "other": other, "ratio": rate / other}
    yield {"name": "scan to ledger, memory", "value": memory, "unit": "MB", "other": None, "ratio": None}


def _make(tree: Path) -> None:
    """A tree of hard links to a few files: as many names as wanted, in seconds."""
    tree.mkdir()
    seeds = [tree / f"seed {number}" for number in range(20)]
    for number, seed in enumerate(seeds):
        seed.write_bytes(b"x" * (number * 997))
    for number in range(FOLDERS):
        folder = tree / f"Area {number % 40:02}" / f"Scheme {number:05} Mill Lane"
        folder.mkdir(parents=True)
        for each in range(FILES_IN_EACH):
            os.link(seeds[each % 20], folder / f"2019-04-{each:02} Bridge {number} - Report v{number % 9}.docx")
    for seed in seeds:
        seed.unlink()


def _timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds and megabytes that a command took."""
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise RuntimeError(f"{command[0]} ended with {run.returncode}")
    return time.perf_counter() - begun, used.ru_maxrss / 1024
