"""What the plan of a wave says of dates, people and columns of its transfers."""

from collections.abc import Iterator, Sequence

from spmigrate.store.ledger import Ledger, Row

_AT_ONCE = 500


def planned_dates(ledger: Ledger, transfer_ids: Sequence[int]) -> Iterator[Row]:
    """`id`, `created_ns` (may be NULL) and `modified_ns` of transfers, as they were planned."""
    for start in range(0, len(transfer_ids), _AT_ONCE):
        chunk = transfer_ids[start : start + _AT_ONCE]
        marks = ",".join("?" * len(chunk))
        yield from ledger.rows(
            f"SELECT id, created_ns, modified_ns FROM transfer WHERE id IN ({marks}) ORDER BY id",  # noqa: S608 - marks
            tuple(chunk),
        )
