"""A planned wave of many small batches over a ledger in PostgreSQL, and programs that work on it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmigrate.model import Amount, Destination
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, sign, write
from tests.tenant_tree import new_site, session, tree, working_folder

WAVE = "pilot"
SHORT_LEASE = (
    "import spmigrate.migrate.engine.run as run, spmigrate.store.batches as batches, spmigrate.store.leases as leases\n"
    "batches.LEASE_SECONDS = leases.LEASE_SECONDS = 4.0\n"
    "run.RENEW_SECONDS = 1.0\n"
)
"""What is changed in the process of a worker, so that nobody waits a minute for a lease to run out."""
_COMMAND = "import sys\nfrom spmigrate.cli.app import run as main\nsys.exit(main(sys.argv[1:]))"
_OUTCOMES = "'copied', 'failed', 'skipped', 'routed', 'vanished'"


def make_share(root: Path, *, files: int, size: int = 2000) -> Path:
    """So many small files in folders of fifty, no two with the same content."""
    for number in range(files):
        content = f"report {number}\n".encode() * (size // 12)
        write(root / "Works" / f"Area {number // 50}" / f"Report {number}.txt", content)
    return root


@dataclass(frozen=True)
class WorkerEstate:
    """A working folder with a planned wave, the address of its ledger, and the home of its files."""

    work: Path
    address: str
    home: Destination
    root: Path

    @classmethod
    def plan(
        cls, folder: Path, rehearsal: RunningTenant, address: str, *, files: int = 300, batch: int = 20,
        workers: int = 2, settings: str = "",
    ) -> "WorkerEstate":  # fmt: skip
        """Sign and plan a wave of so many files, in batches of so many. `settings` are lines of `migrate:`."""
        root = make_share(folder / "Share", files=files)
        home = new_site(rehearsal, folder.name)
        work = working_folder(folder / "work", rehearsal, workers=workers)
        with (work / "spmigrate.yaml").open("a", encoding="utf-8") as file:
            file.write(f"{settings}ledger: {address}\n")
        key = work / "sealing.key"
        key.write_bytes(os.urandom(32))
        key.chmod(0o600)
        with Ledger(address) as ledger:
            sign(ledger, root, {"Works": (TIDY, home)})
        made = cls(work, address, home, root)
        made.must(
            "wave",
            "plan",
            WAVE,
            "--route",
            "session",
            change=f"import spmigrate.migrate.pack as pack\npack.MOST_ITEMS = {batch}\n",
        )
        return made

    def start(self, *arguments: str, change: str = "") -> subprocess.Popen[str]:
        """Start a command in a process of its own; `change` is Python that is run before it."""
        return subprocess.Popen(
            [sys.executable, "-c", change + _COMMAND, *arguments], cwd=self.work, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SPMIGRATE_SEALING_KEY_FILE": str(self.work / "sealing.key")},
        )  # fmt: skip

    def must(self, *arguments: str, change: str = "", seconds: float = 120.0) -> str:
        """Run a command that ends well; returns what it said."""
        process = self.start(*arguments, change=change)
        said, _ = process.communicate(timeout=seconds)
        assert process.returncode == 0, said
        return said

    def states(self) -> Mapping[str, int]:
        """How many batches are in which state."""
        with Ledger(self.address) as ledger:
            rows = ledger.rows("SELECT state, count(*) FROM batch GROUP BY state ORDER BY state")
            return {row[0]: row[1] for row in rows}

    def owners(self) -> list[str]:
        """Who holds leases."""
        with Ledger(self.address) as ledger:
            rows = ledger.rows("SELECT DISTINCT lease_owner FROM batch WHERE state = 'leased' ORDER BY 1")
            return [row[0] for row in rows]

    def check_whole(self) -> None:
        """Every file has arrived once, has one outcome, and the account balances."""
        with Ledger(self.address) as ledger:
            standing = waves.standing(ledger, waves.get(ledger, WAVE))
            assert (standing.accounting.balances, standing.lost, standing.open) == (True, Amount(), Amount())
            doubled = ledger.rows(
                f"SELECT transfer_id FROM outcome_event WHERE event IN ({_OUTCOMES})"
                " GROUP BY transfer_id HAVING count(*) > 1"
            )
            assert list(doubled) == []
            wrong = ledger.one("SELECT count(*) FROM batch WHERE state <> 'done' OR finished <> items")
            assert wrong is not None
            assert wrong[0] == 0
        with session(self.work) as tenant:
            arrived = {path: leaf.size for path, leaf in tree(tenant, self.home).items()}
        expected = {
            str(path.relative_to(self.root)): path.stat().st_size for path in self.root.rglob("*") if path.is_file()
        }
        assert arrived == expected


def end(processes: Sequence[subprocess.Popen[Any]]) -> None:
    """Kill what still runs, stopped processes included."""
    for each in processes:
        if each.poll() is None:
            each.send_signal(signal.SIGKILL)
        each.wait(10)
        if each.stdout:
            each.stdout.close()
