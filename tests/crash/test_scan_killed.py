"""A scan that was killed and run again equals one that was not."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spmigrate.scan.survey import survey
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger
from tests.unit.scan.test_survey import present

ROOT = Path(__file__).parent.parent.parent
FOLDERS, FILES_IN_EACH = 400, 50

SCAN = """
import os, signal, sys
from pathlib import Path
from spmigrate.scan.survey import survey
from spmigrate.store.ledger import Ledger

left = int(sys.argv[3])

def counted(method):
    def run(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(*arguments, **named)
    return run

for name in ("execute", "execute_many", "insert", "one"):
    setattr(Ledger, name, counted(getattr(Ledger, name)))
survey(Ledger(Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 names, awkward ones among them, as hard links to one file."""
    tree = tmp_path_factory.mktemp("kill") / "Tree"
    tree.mkdir()
    seed = tree / "seed"
    seed.write_bytes(b"x" * 12_000)
    for number in range(FOLDERS):
        folder = tree / f"Area {number % 20}" / f"Scheme {number}"
        folder.mkdir(parents=True)
        for each in range(FILES_IN_EACH):
            os.link(seed, folder / f"Report {number}: {each}.docx")
    return tree


def statements(ledger: Path, tree: Path, kill_at: int) -> int:
    """Run a scan that is killed before its n-th statement; its exit status."""
    return subprocess.run(
        [sys.executable, "-c", SCAN, str(ledger), str(tree), str(kill_at)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    ).returncode


def test_scan_killed_at_random_points_equals_one_scan(tree: Path, tmp_path: Path) -> None:
    points = [random.randrange(1, 40) for _ in range(4)]
    killed = [statements(tmp_path / "killed.db", tree, point) for point in points]
    assert -signal.SIGKILL in killed, points
    with Ledger(tmp_path / "killed.db") as ledger, Ledger(tmp_path / "whole.db") as whole:
        again, once = survey(ledger, tree), survey(whole, tree)
        assert again.state == "complete"
        assert (again.items, again.folders, again.bytes) == (once.items, once.folders, once.bytes), points
        assert again.digest == once.digest, points
        assert present(ledger) == present(whole), points


TERMINATED = """
import os, signal, sys
from spmigrate.cli import app
from spmigrate.scan import walk

read, left = walk.read, 100

def counted(root, raw):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGTERM)
    return read(root, raw)

walk.read = counted
sys.exit(app.run(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_terminated_scan_ends_as_interrupted_and_goes_on(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant:\n  rehearsal: tenant\n", "utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", TERMINATED, "scan", "run", tree], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (130, "")
    assert ended.stderr.strip() == "interrupted: it is safe to run the same command again"
    with Ledger(tmp_path / "ledger.db") as ledger:
        (begun,) = inventory.sources(ledger)
        assert begun.state == "running"
        done = survey(ledger, tree)
        assert (done.scan_id, done.state, done.items) == (begun.scan_id, "complete", FOLDERS * FILES_IN_EACH + 1)
