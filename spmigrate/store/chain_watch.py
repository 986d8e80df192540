"""The chain of sign-offs during one run: verified whole at its start, and from there on only what was added."""

from spmigrate.store import signoffs
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import NO_ENTRY, Break


class ChainWatch:
    """Verifies the chain for one run, which asks before every batch; a run makes its own.

    The database refuses to alter entries, so what was verified is looked at again only when their number or the last
    of them differs. What somebody alters behind that, after switching the database's triggers off, is found by the
    next run and by `mapping verify`: both verify the whole chain.
    """

    def __init__(self) -> None:
        """Nothing is verified yet."""
        self._id: int | None = None
        self._entry = NO_ENTRY
        self._count = 0

    def breaks(self, ledger: Ledger) -> list[Break]:
        """Every place where the chain does not hold; empty when nothing was altered or forged."""
        if self._id is not None and not self._stands(ledger):
            self._id, self._entry, self._count = None, NO_ENTRY, 0
        added = list(signoffs.signoffs(ledger, after=self._id))
        found = list(signoffs.breaks(added, previous=self._entry))
        if added and not found:
            self._id, self._entry, self._count = added[-1].id, added[-1].entry, self._count + len(added)
        return found

    def _stands(self, ledger: Ledger) -> bool:
        row = ledger.one(
            "SELECT count(*) AS entries, max(CASE WHEN id = :id THEN entry END) AS entry FROM signoff WHERE id <= :id",
            {"id": self._id},
        )
        return row is not None and (row["entries"], row["entry"]) == (self._count, self._entry)
