"""Routes that move whole batches, as jobs which the service works on by itself while we wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from spmigrate.store.batches import Batch, Moved, Transfer


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing to do before so many seconds have passed; `why` is shown beside the batch."""

    seconds: float
    why: str = ""


@runtime_checkable
class JobRoute(Protocol):
    """Moves a batch as one job, step by step.

    `advance` runs on a worker thread, one call a batch at a time, and is called until it returns outcomes. It finds in
    the ledger where the batch stands (a table of its own), does the next long action or one poll, and returns when it
    wants to be called again. It writes its own intents before what it sends, fenced by `batch.token`.

    In the end it returns what became of the transfers. Those that it does not name are offered again: to the same
    route, which must then find in the ledger that it has begun.

    A transient TenantError means that it is called again later with the same batch; all other errors end the run.
    """

    name: str

    def advance(self, batch: Batch, transfers: Sequence[Transfer]) -> Later | tuple[Moved, ...]:
        """The next step of a batch; `transfers` are those that have no outcome yet, in order."""
        ...

    def is_away(self, batch: Batch) -> bool:
        """Whether the service works on a batch already, so that nobody can hold it back any more."""
        ...
