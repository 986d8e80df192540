"""The batches that this run holds, how much of each is left, and their leases."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spmigrate.store import batches
from spmigrate.store.batches import Batch, LeaseLost
from spmigrate.store.ledger import Ledger


@dataclass(slots=True)
class Holding:
    """A batch in hand, and how many of its transfers have no outcome yet."""

    batch: Batch
    left: int


class InHand:
    """Every batch in hand, by its id."""

    def __init__(
        self, ledger: Ledger, *, now: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        """`now` is the clock of the run; `wall` goes on while the machine sleeps."""
        self.now = now
        self._ledger = ledger
        self._wall = wall
        self._holdings: dict[int, Holding] = {}
        self._lost: set[int] = set()
        self._renewed = (now(), wall())

    def __contains__(self, batch_id: int) -> bool:
        return batch_id in self._holdings

    def __len__(self) -> int:
        return len(self._holdings)

    def __iter__(self) -> Iterator[Holding]:
        return iter(list(self._holdings.values()))

    def __getitem__(self, batch_id: int) -> Holding:
        return self._holdings[batch_id]

    @property
    def batches(self) -> dict[int, Batch]:
        """The batches with their tokens, as writes to the ledger want them."""
        return {key: each.batch for key, each in self._holdings.items()}

    def take(self, batch: Batch, *, left: int) -> None:
        """Take a claimed batch into hand."""
        self._holdings[batch.id] = Holding(batch, left)

    def drop(self, batch_id: int) -> None:
        """Let go of a batch: it is done, was given back, or its lease is lost."""
        self._holdings.pop(batch_id, None)

    def finished(self, batch_id: int) -> bool:
        """One transfer of a batch has its outcome; True when that was the last one."""
        holding = self._holdings[batch_id]
        holding.left -= 1
        return holding.left == 0

    def mark_lost(self, batch_id: int) -> None:
        """A thread has found out that a lease is lost; safe to call from any."""
        self._lost.add(batch_id)

    @property
    def has_lost(self) -> bool:
        """Whether some thread has found a lease lost."""
        return bool(self._lost)

    def seconds_since_renewal(self) -> float:
        """How long ago all leases were renewed, sleep of the machine included."""
        then, wall = self._renewed
        return max(self.now() - then, self._wall() - wall)

    def renew(self) -> frozenset[int]:
        """Keep all leases; returns the batches whose lease is lost, which must be dropped."""
        lost = frozenset(self._lost & self._holdings.keys())
        self._lost.clear()
        moments = self.now(), self._wall()
        while len(lost) < len(self._holdings):
            try:
                batches.renew(self._ledger, [each.batch for each in self if each.batch.id not in lost])
            except LeaseLost as error:
                lost |= error.batch_ids
                continue
            break
        self._renewed = moments
        return lost
