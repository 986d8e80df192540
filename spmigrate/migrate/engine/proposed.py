"""Batches for one of several machines: queues offer ids, leases decide, and whoever finds a queue empty fills it."""

import json
from collections.abc import Sequence
from typing import Protocol

from spmigrate.store import leases, proposing
from spmigrate.store.batches import Batch
from spmigrate.store.leases import Hour
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave

ANYWHERE = ""
"""The reach of sources that every machine can read."""
_OFFERED_PER_SLOT = 2
"""So many ids wait for each file that can move at once: more would only be out of date when they are taken."""

_SOON_SECONDS = 2.0


class Queues(Protocol):
    """Queues of ids that machines share. They may lose ids, and offer some twice."""

    def waiting(self, queue: str) -> int:
        """How many ids wait."""

    def offer(self, queue: str, batch_ids: Sequence[int]) -> int:
        """Put ids into a queue; returns how many were not there yet."""

    def take(self, queues: Sequence[str]) -> int | None:
        """The next id; None while there is none."""


class Proposed:
    """The batches of one wave that this machine can reach, as its queues offer them."""

    def __init__(
        self,
        ledger: Ledger,
        wave: Wave,
        queues: Queues,
        *,
        owner: str,
        reaches: Sequence[str] = (),
        to_the_end: bool = True,
    ) -> None:
        """`reaches` names what this machine can read, apart from what all can; `owner` is nobody else's name.

        `to_the_end`: wait for what other machines have in hand, which may die; else the run ends when nothing is free.
        """
        self.owner = owner
        self._ledger = ledger
        self._wave = wave
        self._queues = queues
        self._to_the_end = to_the_end
        self._reaches = (ANYWHERE, *reaches)
        self._listed = json.dumps(self._reaches)

    def begin(self) -> None:
        """Take back what this very process held when it lost the database. What others hold is theirs."""
        proposing.release_own(self._ledger, self._wave, owner=self.owner)

    def next(self, routes: Sequence[str], hour: Hour) -> Batch | None:
        """A batch under a lease; None when nobody offers one that fits. An id that is taken or done is passed over."""
        places = [(route, reach) for route in routes for reach in self._reaches]
        names = [self._name(*place) for place in places]
        filled = False
        while True:
            batch_id = self._queues.take(names)
            if batch_id is None:
                if filled or not self._fill(places):
                    return None
                filled = True
                continue
            batch = leases.claim_this(self._ledger, batch_id, owner=self.owner)
            if batch is not None and not hour.fits(batch.items, batch.bytes):
                leases.give_back(self._ledger, batch)
                return None
            if batch is not None:
                return batch

    def due(self, routes: Sequence[str]) -> float | None:  # noqa: ARG002 - every machine knows all routes
        """Seconds until there may be a batch within reach that nobody holds; None when none is left."""
        due = proposing.next_due(self._ledger, self._wave, owner=self.owner, reaches=self._listed)
        return due if due is None or self._to_the_end or due <= _SOON_SECONDS else None

    def any_fits(self, routes: Sequence[str], hour: Hour) -> bool:
        """Whether any batch of the wave that is not done could be finished in so long an hour."""
        return leases.any_fits(self._ledger, self._wave, routes=routes, hour=hour)

    def _fill(self, places: Sequence[tuple[str, str]]) -> int:
        """Offer what the ledger says is free; returns how many ids that were."""
        most = _OFFERED_PER_SLOT * proposing.slots(self._ledger, self._wave)
        offered = 0
        for route, reach in places:
            name = self._name(route, reach)
            room = most - self._queues.waiting(name)
            if room > 0:
                free = proposing.claimable(self._ledger, self._wave, route=route, reach=reach, limit=most)
                offered += self._queues.offer(name, free[:room]) if free else 0
        return offered

    def _name(self, route: str, reach: str) -> str:
        return f"wave {self._wave.id} {route} {reach}".rstrip()
