"""What is known of the copies that transfers replace or rename: the evidence of the transfers that they follow."""

from dataclasses import dataclass

from spmigrate.store.batches import Batch
from spmigrate.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Former:
    """The evidence of an earlier copy: its name, digests of what was sent and of what arrived, its size and time."""

    target_name: str
    quickxor: str | None
    sha256: str | None
    copied_size: int | None
    modified_ns: int | None
    target_quickxor: str | None


def of_batch(ledger: Ledger, batch: Batch) -> dict[int, Former]:
    """The former copy of each transfer of a batch that has one, by the transfer's id."""
    rows = ledger.rows(
        "SELECT t.id, f.target_name, f.quickxor, f.sha256, f.copied_size, f.copied_modified_ns, f.target_quickxor"
        " FROM transfer t JOIN transfer f ON f.id = t.former_id"
        " WHERE t.batch_id = ? AND t.state <> 'finished' ORDER BY t.id",
        (batch.id,),
    )
    return {row["id"]: Former(*row[1:]) for row in rows}
