"""The journal of copy jobs: what was asked for, and what came of it. Every write is fenced by the batch's lease."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from spmigrate.model import Outcome
from spmigrate.store.batches import Batch, LeaseLost, Moved
from spmigrate.store.ledger import Ledger, Row


@dataclass(frozen=True, slots=True)
class CopyFile:
    """One file of a batch: `state` is intended, sent or ended; size, time and hash are those of its source."""

    transfer_id: int
    token: str
    state: str
    site_url: str = ""
    size: int | None = None
    modified_ns: int | None = None
    quickxor: str | None = None
    job_id: str | None = None
    secret: str | None = None
    outcome: Outcome | None = None
    code: str | None = None
    reason: str | None = None
    drive_id: str | None = None
    target_id: str | None = None
    etag: str | None = None
    target_quickxor: str | None = None
    adopted: bool = False

    def moved(self, batch_id: int, size: int) -> Moved:
        """The same as the outcome of its transfer."""
        assert self.outcome is not None, "it has ended"
        return Moved(
            transfer_id=self.transfer_id, batch_id=batch_id, size=size, outcome=self.outcome, code=self.code,
            reason=self.reason, drive_id=self.drive_id, target_id=self.target_id, etag=self.etag,
            quickxor=self.quickxor, copied_size=self.size, modified_ns=self.modified_ns,
            target_quickxor=self.target_quickxor, adopted=self.adopted,
        )  # fmt: skip


_NAMES = tuple(each.name for each in fields(CopyFile))
_PUT = (
    f"INSERT INTO copy_file(batch_id, {', '.join(_NAMES)}) VALUES(?{', ?' * len(_NAMES)})"
    " ON CONFLICT(transfer_id) DO UPDATE SET batch_id = excluded.batch_id, "
    + ", ".join(f"{name} = excluded.{name}" for name in _NAMES[1:])
)


def put(ledger: Ledger, batch: Batch, files: Sequence[CopyFile]) -> None:
    """Keep what is known of files, in one durable write. Raises LeaseLost when another run holds the batch."""
    with ledger.transaction():
        held = ledger.one(
            "SELECT 1 AS held FROM batch WHERE id = ? AND lease_token = ? AND state = 'leased'", (batch.id, batch.token)
        )
        if held is None:
            raise LeaseLost([batch.id])
        ledger.execute_many(_PUT, [(batch.id, *_plain(each)) for each in files])


def of_batch(ledger: Ledger, batch: Batch) -> dict[int, CopyFile]:
    """What is known of the files of a batch, by their transfers."""
    rows = ledger.rows(
        f"SELECT {', '.join(_NAMES)} FROM copy_file WHERE batch_id = ? ORDER BY transfer_id",  # noqa: S608 - our columns
        (batch.id,),
    )
    return {row["transfer_id"]: _file(row) for row in rows}


def named_secrets(ledger: Ledger) -> set[str]:
    """The ids of what has to be shown to ask after jobs that have not ended."""
    rows = ledger.rows("SELECT DISTINCT secret FROM copy_file WHERE state = 'sent' AND secret IS NOT NULL")
    return {row["secret"] for row in rows}


def _plain(file: CopyFile) -> tuple[object, ...]:
    return tuple(int(each) if isinstance(each, bool) else each for each in astuple(file))


def _file(row: Row) -> CopyFile:
    outcome = row["outcome"]
    values = {name: row[name] for name in _NAMES}
    return CopyFile(**{**values, "outcome": Outcome(outcome) if outcome else None, "adopted": bool(row["adopted"])})
