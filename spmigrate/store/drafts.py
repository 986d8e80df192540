"""The drafts of sources as they were proposed, before anybody edited them: what an edited draft is compared with."""

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger


def keep(ledger: Ledger, source_id: int, scan_id: int, proposed: str) -> None:
    """Keep what was proposed for a source, in place of what was proposed before."""
    ledger.execute(
        "INSERT INTO draft(source_id, scan_id, at, proposed) VALUES(?, ?, ?, ?) ON CONFLICT(source_id) DO UPDATE"
        " SET scan_id = excluded.scan_id, at = excluded.at, proposed = excluded.proposed",
        (source_id, scan_id, clock.now(), proposed),
    )


def proposed(ledger: Ledger, source_id: int) -> str | None:
    """What was proposed for a source last, None when nothing was."""
    row = ledger.one("SELECT proposed FROM draft WHERE source_id = ?", (source_id,))
    return str(row["proposed"]) if row else None
