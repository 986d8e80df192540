"""A wave of packages, moved batch by batch without the engine: what the route says is all that happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from spmigrate.migrate import planning
from spmigrate.migrate.routes.job import Later
from spmigrate.migrate.routes.package import PackageRoute
from spmigrate.model import Destination, Outcome
from spmigrate.sealed import FileSealed
from spmigrate.store import batches, leases, packages, waves
from spmigrate.store.batches import Batch, Moved
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from spmigrate.tenant.session import Tenant
from tests.rehearsal_fixtures import RunningTenant
from tests.signed_estate import TIDY, gate, sign
from tests.tenant_tree import session, working_folder

_MOST_STEPS = 60


@dataclass
class PackageRun:
    """A planned wave and a route for it. Time moves only when the route asks to wait."""

    ledger: Ledger
    tenant: Tenant
    wave: Wave
    sealed: FileSealed
    work: Path
    archives: bool = True
    clock: float = 0.0
    waits: list[Later] = field(default_factory=list)

    def route(self) -> PackageRoute:
        """A route as a new process has it."""
        return PackageRoute(
            self.ledger, self.tenant, self.sealed, poll_seconds=60, archives=self.archives, now=lambda: self.clock
        )

    def claim(self) -> Batch | None:
        """The next batch."""
        return leases.claim(self.ledger, self.wave, owner="test", routes=("package",))

    def settle(
        self, batch: Batch, route: PackageRoute | None = None, *, each_step: Callable[[], None] = lambda: None
    ) -> tuple[Moved, ...]:
        """Call the route until it has the outcomes of a batch, write them down, and return them."""
        route = route or self.route()
        for _ in range(_MOST_STEPS):
            answer = route.advance(batch, batches.transfers(self.ledger, batch))
            if not isinstance(answer, Later):
                batches.flush(self.ledger, {batch.id: batch}, moved=answer)
                return answer
            self.waits.append(answer)
            self.clock += answer.seconds
            each_step()
        raise AssertionError(f"no outcome: {self.waits[-3:]}")

    def move_all(self) -> list[Moved]:
        """Move every batch to its end."""
        found: list[Moved] = []
        while (batch := self.claim()) is not None:
            while batches.transfers(self.ledger, batch):
                found += self.settle(batch)
        return found

    def code_of(self, name: str) -> tuple[str, str | None]:
        """Outcome and code of a file by its name at the destination."""
        row = self.ledger.one("SELECT outcome, code FROM transfer WHERE target_name = ?", (name,))
        assert row is not None
        return row["outcome"], row["code"]

    def steps(self, batch: Batch) -> list[str]:
        """What the journal says was done for a batch, ids of jobs aside."""
        return [step.split(" ")[0].rstrip(":") for _, step, _ in packages.steps(self.ledger, batch.id)]

    def balanced(self) -> bool:
        """Whether every file of the wave has its outcome."""
        standing = waves.standing(self.ledger, self.wave)
        return standing.accounting.balances and not standing.open.items

    def copied(self) -> int:
        """How many files were copied."""
        return waves.standing(self.ledger, self.wave).accounting.of(Outcome.COPIED).items


@contextmanager
def package_run(
    folder: Path, rehearsal: RunningTenant, share: Path, home: Destination, rows: tuple[str, ...] = ("",)
) -> Iterator[PackageRun]:
    """A wave of everything in these folders of a share, planned and not begun."""
    work = working_folder(folder, rehearsal)
    with Ledger(work / "ledger.db") as ledger, session(work) as tenant:
        sign(ledger, share, dict.fromkeys(rows, (TIDY, home)))
        wave = planning.plan(ledger, "pilot", tenant="t", gate=gate(ledger), route="package")
        yield PackageRun(ledger, tenant, wave, FileSealed(work / ".sealed"), work)
