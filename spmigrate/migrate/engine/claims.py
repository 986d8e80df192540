"""Where the next batch comes from: the wave itself, or whoever hands out ids of batches."""

from collections.abc import Sequence
from typing import Protocol

from spmigrate.store import leases
from spmigrate.store.batches import Batch
from spmigrate.store.leases import Hour
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave


class Claims(Protocol):
    """Gives batches to a run, each under a lease of its own.

    A worker that is handed ids of batches implements this over them with `leases.claim_this`: `next` returns None while
    it has no id, `due` the seconds after which to look again, and None once no more will come, which ends the run.
    A batch of another route, or one that does not fit the hour, it gives back with `leases.give_back`.
    """

    owner: str
    """Who holds the leases, as others read it: host and process."""

    def begin(self) -> None:
        """The run begins."""
        ...

    def next(self, routes: Sequence[str], hour: Hour) -> Batch | None:
        """A batch of these routes that can be finished within the hour, under a lease; None when there is none now."""
        ...

    def due(self, routes: Sequence[str]) -> float | None:
        """Seconds until there may be one that nobody holds now; None when no more will come."""
        ...

    def any_fits(self, routes: Sequence[str], hour: Hour) -> bool:
        """Whether any batch that is left could be finished in so long an hour, however late it begins."""
        ...


class OfWave:
    """Every batch of one wave, in order, for the one process that holds the ledger's run lock."""

    def __init__(self, ledger: Ledger, wave: Wave, *, owner: str) -> None:
        self.owner = owner
        self._ledger = ledger
        self._wave = wave

    def begin(self) -> None:
        """Take over at once what a run that ended had in hand: nobody else may hold a lease here."""
        leases.release(self._ledger, self._wave)

    def next(self, routes: Sequence[str], hour: Hour) -> Batch | None:
        """The next queued batch, else one whose lease ran out."""
        return leases.claim(self._ledger, self._wave, owner=self.owner, routes=routes, hour=hour)

    def due(self, routes: Sequence[str]) -> float | None:
        """Seconds until a batch that was put off is due."""
        return leases.next_due(self._ledger, self._wave, owner=self.owner, routes=routes)

    def any_fits(self, routes: Sequence[str], hour: Hour) -> bool:
        """Whether any batch of the wave that is not done could be finished in so long an hour."""
        return leases.any_fits(self._ledger, self._wave, routes=routes, hour=hour)
