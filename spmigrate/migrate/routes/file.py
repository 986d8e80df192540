"""Routes that move file by file."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from spmigrate.store.batches import Batch, Moved, Transfer


@runtime_checkable
class FileRoute(Protocol):
    """Moves each file of a batch by itself, many at once."""

    name: str

    def open(self, batch: Batch) -> Callable[[Transfer], Moved]:
        """Get ready for a batch, on a worker thread; the function returned moves one file of it.

        Raises TenantError and SpmigrateError when the batch cannot begin, which ends the run. The function is called
        on any worker thread, after the intent of its transfer is in the ledger. It may raise: transient TenantErrors,
        AccessDenied and Conflict mean that the file is offered again, and all other errors end the run.
        """
        ...
