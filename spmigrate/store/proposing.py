"""Which batches are offered to which machines. It proposes; the lease of a batch decides (`leases.claim_this`).

A machine reaches what its `--reach` names, and what every machine reaches (''). All moments are the ledger's.
"""

from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from spmigrate.store.workers import SILENT_SECONDS

_CLAIMABLE = (
    "(b.state = 'queued' AND (b.not_before IS NULL OR b.not_before <= :now)"
    " OR b.state = 'leased' AND b.lease_until < :now)"
)
_WITHIN = " AND b.reach IN (SELECT value FROM json_each(:reaches))"


def set_reach(ledger: Ledger, source_id: int, reach: str) -> int:
    """Note which machines can read a source; returns how many batches, planned and not done, go there now."""
    with ledger.transaction():
        ledger.execute("UPDATE source SET reach = ? WHERE id = ?", (reach, source_id))
        return ledger.execute(
            "UPDATE batch SET reach = ? WHERE state IN ('queued','held') AND id IN ("
            " SELECT t.batch_id FROM transfer t JOIN item i ON i.id = t.item_id"
            " WHERE i.source_id = ? AND t.state <> 'finished')",
            (reach, source_id),
        )


def claimable(ledger: Ledger, wave: Wave, *, route: str, reach: str, limit: int) -> list[int]:
    """The next batches of a running wave that nobody works on, those of machines that died included."""
    rows = ledger.rows(
        f"SELECT b.id FROM batch b JOIN wave w ON w.id = b.wave_id WHERE b.wave_id = :wave AND b.route = :route"  # noqa: S608
        f" AND b.reach = :reach AND w.state = 'running' AND w.control = '' AND {_CLAIMABLE} ORDER BY b.id LIMIT :limit",
        {"wave": wave.id, "route": route, "reach": reach, "limit": limit, "now": ledger.moment()},
    )
    return [row["id"] for row in rows]


def next_due(ledger: Ledger, wave: Wave, *, owner: str, reaches: str) -> float | None:
    """Seconds until there may be a batch within reach that this owner does not hold; None when none is left.

    `reaches` is a JSON list.
    """
    now = ledger.moment()
    row = ledger.one(
        "SELECT min(CASE b.state WHEN 'leased' THEN b.lease_until ELSE coalesce(b.not_before, 0) END) AS due"  # noqa: S608 - ours
        " FROM batch b WHERE b.wave_id = :wave AND (b.state IN ('queued','held')"
        f" OR (b.state = 'leased' AND b.lease_owner <> :owner)){_WITHIN}",
        {"wave": wave.id, "owner": owner, "reaches": reaches},
    )
    return None if row is None or row["due"] is None else max(float(row["due"]) - now, 0.0)


def running_waves(ledger: Ledger, *, reaches: str) -> list[str]:
    """The names of running waves with batches within reach that nobody works on, the oldest first."""
    rows = ledger.rows(
        "SELECT w.name FROM wave w WHERE w.state = 'running' AND w.control = '' AND EXISTS (SELECT 1 FROM batch b"  # noqa: S608
        f" WHERE b.wave_id = w.id AND {_CLAIMABLE}{_WITHIN}) ORDER BY w.id",
        {"now": ledger.moment(), "reaches": reaches},
    )
    return [row["name"] for row in rows]


def any_open(ledger: Ledger, *, reaches: str) -> bool:
    """Whether a running wave has anything within reach that is not done, whoever works on it."""
    row = ledger.one(
        "SELECT 1 FROM batch b JOIN wave w ON w.id = b.wave_id WHERE w.state IN ('running','paused')"  # noqa: S608
        f" AND b.state IN ('queued','held','leased'){_WITHIN} LIMIT 1",
        {"reaches": reaches},
    )
    return row is not None


def slots(ledger: Ledger, wave: Wave) -> int:
    """How many files the machines that live can move at once in this wave; 1 at least."""
    row = ledger.one(
        "SELECT coalesce(sum(threads), 0) FROM worker WHERE wave_id = ? AND ended IS NULL AND seen_at >= ?",
        (wave.id, ledger.moment() - SILENT_SECONDS),
    )
    return max(int(row[0]) if row else 0, 1)


def release_own(ledger: Ledger, wave: Wave, *, owner: str) -> None:
    """Return what an earlier run of this very process held: it lost the database, and begins anew."""
    ledger.execute(
        "UPDATE batch SET state = 'queued', lease_owner = NULL, lease_token = NULL, lease_until = NULL"
        " WHERE wave_id = ? AND state = 'leased' AND lease_owner = ?",
        (wave.id, owner),
    )
