"""A scan into the ledger beside `find -printf`: the same tree, one after the other, stat and every name check on."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

FILES_IN_EACH = 50
_LINKS_TO_ONE = 30_000
"""Names that one file gets; file systems allow some ten thousands."""
_ROOT = Path(__file__).parent.parent.parent
_SETTINGS = "version: 1\ntenant:\n  rehearsal: tenant\n"


def figures(files: int = 1_000_000) -> Iterator[dict[str, str | float | None]]:
    """Files a second of one whole `scan run`, start-up included, by the clock and by the processor; its memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = folder / "tree"
        _make(tree, files // FILES_IN_EACH)
        (folder / "spmigrate.yaml").write_text(_SETTINGS, "utf-8")
        files = files // FILES_IN_EACH * FILES_IN_EACH
        _timed(["find", str(tree), "-printf", "%p %s %T@ %y\n"], folder)  # what is read first fills caches for both
        found = _timed(["find", str(tree), "-printf", "%p %s %T@ %y\n"], folder)
        ours = _timed([sys.executable, "-m", "spmigrate", "scan", "run", str(tree), "--no-access"], folder)
    for what, mine, other in (("", ours[0], found[0]), (", processor time", ours[1], found[1])):
        yield {
            "name": f"scan to ledger{what}", "value": files / mine, "unit": "files/s", "other": files / other,
            "ratio": other / mine,
        }  # fmt: skip
    yield {"name": "scan to ledger, memory", "value": ours[2], "unit": "MB", "other": None, "ratio": None}


def _make(tree: Path, folders: int) -> None:
    """A tree of hard links to a few files: as many names as wanted, in a minute."""
    tree.mkdir()
    seeds = [tree / f"seed {number}" for number in range(max(20, folders * FILES_IN_EACH // _LINKS_TO_ONE))]
    for number, seed in enumerate(seeds):
        seed.write_bytes(b"x" * (number * 997))
    for number in range(folders):
        folder = tree / f"Area {number % 40:02}" / f"Scheme {number:06} Mill Lane"
        folder.mkdir(parents=True)
        for each in range(FILES_IN_EACH):
            seed = seeds[(number * FILES_IN_EACH + each) % len(seeds)]
            os.link(seed, folder / f"2019-04-{each:02} Bridge {number} - Report v{number % 9}.docx")
    for seed in seeds:
        seed.unlink()


def _timed(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Seconds by the clock and by the processor, and megabytes that a command took."""
    begun = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise RuntimeError(f"{command[0]} ended with {run.returncode}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
