"""What the mover can read: folders of this machine and shares of file servers. Nothing else yet."""

from collections.abc import Sequence

from spmigrate.errors import SpmigrateError
from spmigrate.migrate.originals import KINDS
from spmigrate.model import SignedRow
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger
from spmigrate.words import plural


def check(ledger: Ledger, rows: Sequence[SignedRow]) -> None:
    """Raise SpmigrateError when rows have something to move from where the mover cannot read."""
    moving = [row for row in rows if row.decision.moves]
    for source_id in dict.fromkeys(row.source_id for row in moving):
        source = inventory.by_id(ledger, source_id)
        if source.kind not in KINDS:
            count = sum(row.source_id == source_id for row in moving)
            raise SpmigrateError(
                f"{plural(count, 'row')} would be read from {source.root}, which the mover cannot read by itself",
                hint="moving from one site to another comes with copy jobs; until then the content stays where it is",
            )
