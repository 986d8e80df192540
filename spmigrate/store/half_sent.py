"""Uploads that were begun: which sealed secret belongs to which transfer. The secrets themselves are elsewhere."""

from spmigrate.store.batches import Batch, LeaseLost
from spmigrate.store.ledger import Ledger


def name_secret(ledger: Ledger, batch: Batch, transfer_id: int, secret_id: str | None) -> None:
    """Note the sealed upload of a transfer, or None when there is none any more. Raises LeaseLost."""
    changed = ledger.execute(
        "UPDATE transfer SET secret = ? WHERE id = ? AND EXISTS ("
        " SELECT 1 FROM batch b WHERE b.id = transfer.batch_id AND b.lease_token = ?)",
        (secret_id, transfer_id, batch.token),
    )
    if not changed:
        raise LeaseLost([batch.id])


def named_secrets(ledger: Ledger) -> set[str]:
    """The ids of the sealed uploads of transfers that have no outcome yet; others are for nothing any more."""
    rows = ledger.rows("SELECT secret FROM transfer WHERE secret IS NOT NULL AND state <> 'finished' ORDER BY id")
    return {row["secret"] for row in rows}
