"""What the next write to the ledger holds: results, returned files and intents, each with the batch that it is of."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from spmigrate.store import batches
from spmigrate.store.batches import Batch, LeaseLost, Moved, Returned, Transfer
from spmigrate.store.ledger import Ledger


@dataclass(slots=True)
class Results:
    """Gathered between two writes; emptied by writing."""

    moved: list[Moved] = field(default_factory=list)
    returned: list[tuple[Transfer, Returned]] = field(default_factory=list)
    counted: list[Transfer] = field(default_factory=list)

    def give_back(self, item: Transfer, error: Exception, note: str) -> None:
        """A file goes back into the queue, because of this error."""
        self.returned.append((item, Returned(item.id, type(error).__name__, note)))

    def write(self, ledger: Ledger, held: dict[int, Batch], intended: list[Transfer]) -> frozenset[int]:
        """Write everything in one durable step, and nothing of batches whose lease is lost: those are returned.

        What is left in `intended`, and in `moved` until `clear`, is what was written. Raises LedgerError.
        """
        lost: frozenset[int] = frozenset()
        self.forget(self._concerned() - held.keys())
        while True:
            concerned = self._concerned() | {item.batch_id for item in intended}
            if not concerned:
                return lost
            try:
                batches.flush(
                    ledger, {each: held[each] for each in sorted(concerned)},
                    intended=[each.id for each in intended], moved=self.moved,
                    returned=[each for _, each in self.returned], counted=[each.id for each in self.counted],
                )  # fmt: skip
            except LeaseLost as error:
                lost |= error.batch_ids
                self.forget(error.batch_ids)
                intended[:] = [each for each in intended if each.batch_id not in lost]
                continue
            return lost

    def _concerned(self) -> set[int]:
        items = (*self.counted, *(item for item, _ in self.returned))
        return {each.batch_id for each in self.moved} | {each.batch_id for each in items}

    def clear(self) -> None:
        """Begin anew, after a write."""
        self.moved.clear()
        self.returned.clear()
        self.counted.clear()

    def forget(self, batch_ids: Iterable[int]) -> None:
        """Write nothing of these batches: they are not ours any more."""
        gone = set(batch_ids)
        self.moved[:] = [each for each in self.moved if each.batch_id not in gone]
        self.returned[:] = [each for each in self.returned if each[0].batch_id not in gone]
        self.counted[:] = [each for each in self.counted if each.batch_id not in gone]
