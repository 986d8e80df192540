"""A small wave with every kind of file that moves in its own way, and what has to be true of it in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spmigrate.model import Amount, Destination
from spmigrate.sealed import FileSealed
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from tests.crash.points import Commands
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import FRAGMENT, TIDY, sign, write
from tests.tenant_tree import Leaf, new_site, session, tree, working_folder

WAVE = "pilot"
HASTE = (
    "from spmigrate.migrate.routes.package import PackageRoute\n"
    "PackageRoute.__init__.__kwdefaults__['poll_seconds'] = 0.1\n"
)
"""What is changed in a run's process, so that nobody waits a minute for a job that is done at once."""
_OUTCOMES = "'copied', 'failed', 'skipped', 'routed', 'vanished'"


def make_share(root: Path) -> Path:
    """Two folders: small files, an empty one, names that are tidied, and one file of more than a fragment."""
    for number in range(4):
        write(root / "Works" / f"Area {number % 2}" / f"Report {number}.txt", f"report {number}\n".encode() * 50)
    write(root / "Works" / "empty.txt", b"")
    write(root / "Works" / "what?.txt", b"tidied")
    write(root / "Drawings" / "large.bin", bytes(range(256)) * (FRAGMENT // 256) + b"and more")
    return root


@dataclass(frozen=True)
class SmallWave:
    """A planned wave in a working folder of its own, and its home."""

    work: Path
    home: Destination

    @classmethod
    def plan(
        cls, commands: Commands, folder: Path, rehearsal: RunningTenant, root: Path, *, route: str = "session",
        settings: str = "",
    ) -> "SmallWave":  # fmt: skip
        """Sign what `root` has for a new site, and plan the wave. `settings` are lines of `migrate:`."""
        home = new_site(rehearsal, folder.name)
        work = working_folder(folder, rehearsal, workers=2)
        if settings:
            with (work / "spmigrate.yaml").open("a", encoding="utf-8") as file:
                file.write(settings)
        with Ledger(work / "ledger.db") as ledger:
            sign(ledger, root, {each.name: (TIDY, home) for each in sorted(root.iterdir()) if each.is_dir()})
        commands.must(work, "wave", "plan", WAVE, "--route", route)
        return cls(work, home)

    def tree(self) -> Mapping[str, Leaf]:
        """What its library holds; when an original was made is not looked at, as each copy of the share has its own."""
        with session(self.work) as tenant:
            return {path: leaf._replace(created="") for path, leaf in tree(tenant, self.home).items()}

    def outcomes(self) -> list[tuple[Any, ...]]:
        """What is recorded of every transfer, places and moments aside; one outcome each, and the account balances."""
        with Ledger(self.work / "ledger.db") as ledger:
            standing = waves.standing(ledger, waves.get(ledger, WAVE))
            assert (standing.accounting.balances, standing.lost, standing.open) == (True, Amount(), Amount())
            doubled = ledger.rows(
                f"SELECT transfer_id, event FROM outcome_event WHERE event IN ({_OUTCOMES})"
                " GROUP BY transfer_id, event HAVING count(*) > 1"
            )
            assert not list(doubled)
            return [
                tuple(row)
                for row in ledger.rows(
                    "SELECT t.id, outcome, code, quickxor, sha256, copied_size, verified, target_folder, target_name,"
                    " secret FROM transfer t ORDER BY t.id"
                )
            ]

    def secrets(self) -> frozenset[str]:
        """The ids of what is still sealed."""
        return FileSealed(self.work / ".sealed").ids()
