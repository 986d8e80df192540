"""A wave of one batch on its way to a library of its own, moved by the session route as the engine does it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spmigrate.migrate import planning
from spmigrate.migrate.routes.session import SessionRoute
from spmigrate.model import Destination
from spmigrate.sealed import FileSealed
from spmigrate.store import batches, leases, waves
from spmigrate.store.batches import Batch, Moved, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.session import Tenant
from tests.signed_estate import TIDY, gate, sign


@dataclass(frozen=True)
class Case:
    """A ledger with a planned wave, and the tenant that it goes to."""

    folder: Path
    tenant: Tenant
    home: Destination
    ledger: Ledger
    sealed: FileSealed

    @property
    def share(self) -> Path:
        """Where the originals lie."""
        return self.folder / "share"

    def plan(self) -> None:
        """Scan, sign and plan what lies in the share."""
        sign(self.ledger, self.share, {"a": (TIDY, self.home)})
        planning.plan(self.ledger, "pilot", gate=gate(self.ledger))

    def claim(self) -> tuple[Batch, list[Transfer]]:
        """The batch, as a run that begins finds it."""
        wave = waves.get(self.ledger, "pilot")
        leases.release(self.ledger, wave)
        batch = leases.claim(self.ledger, wave, owner="test")
        assert batch is not None
        return batch, batches.transfers(self.ledger, batch)

    def run(self, prepare: Callable[[Transfer], Transfer] = lambda item: item) -> list[Moved]:
        """What a new process makes of every file that is left; results are not recorded."""
        batch, items = self.claim()
        batches.flush(self.ledger, {batch.id: batch}, intended=[each.id for each in items])
        move = SessionRoute(self.tenant, self.ledger, self.sealed).open(batch)
        return [move(prepare(item)) for item in items]

    def record(self, moved: list[Moved]) -> None:
        """Keep results, as the engine does."""
        batch, _ = self.claim()
        batches.flush(self.ledger, {batch.id: batch}, moved=moved)

    def follow(self, action: str, **changes: Any) -> None:
        """A next transfer for the copy that was made: a round that found its original changed."""
        names = "".join(f", {name} = ?" for name in changes)
        number = self.ledger.insert(
            "INSERT INTO batch(wave_id, round, route, why, site, library, state, items, bytes)"
            " SELECT wave_id, 2, route, why, site, library, 'queued', items, bytes FROM batch ORDER BY id LIMIT 1"
        )
        made = self.ledger.insert(
            "INSERT INTO transfer(wave_id, round, item_id, row_id, batch_id, size, modified_ns, created_ns, state,"
            " site, library, target_folder, target_name, action, former_id)"
            " SELECT wave_id, 2, item_id, row_id, ?, size, modified_ns,"
            " created_ns, 'todo', site, library, target_folder, target_name, ?, id FROM transfer"
            " ORDER BY id LIMIT 1",
            (number, action),
        )
        if names:
            self.ledger.execute(
                f"UPDATE transfer SET {names.removeprefix(', ')} WHERE id = ?",
                (*changes.values(), made),
            )


def fresh(item: Transfer) -> Transfer:
    """A transfer as it is when nobody has offered it yet."""
    return replace(item, intended=False)
