"""What the board of all waves asks of the ledger: what moved when, what is left of each share and why, and snags."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from spmigrate.model import Amount
from spmigrate.store.ledger import Ledger

_CURRENT = " AND t.superseded IS NULL AND t.gone IS NULL"
_NAMED = (
    " FROM transfer t JOIN wave w ON w.id = t.wave_id JOIN item i ON i.id = t.item_id"
    " JOIN folder d ON d.id = i.folder_id"
    " WHERE w.state NOT IN ('cancelled', 'rolled back') AND t.superseded IS NULL AND t.gone IS NULL"
)
_WAIVED = " AND NOT EXISTS (SELECT 1 FROM wave_waiver x WHERE x.transfer_id = t.id AND x.code ="
_SNAGS = (
    "SELECT w.name, 'failed: ' || coalesce(t.code, ''), count(*), min(d.path || '/' || i.name)"  # noqa: S608
    f"{_NAMED} AND t.outcome = 'failed'{_WAIVED} t.code) GROUP BY w.name, t.code"
    " UNION ALL SELECT w.name, 'verified: ' || t.verified, count(*), min(d.path || '/' || i.name)"
    f"{_NAMED} AND t.outcome = 'copied' AND t.verified IN ('failed', 'unverifiable'){_WAIVED} t.verified)"
    " GROUP BY w.name, t.verified"
    " UNION ALL SELECT w.name, 'unexplained', count(*), min(u.path) FROM unexplained u"
    " JOIN wave w ON w.id = u.wave_id WHERE w.state NOT IN ('cancelled', 'rolled back') GROUP BY w.name"
    " ORDER BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class WaveLine:
    """A wave: its state, what has to move in it, what of that has, and what has failed."""

    id: int
    name: str
    state: str
    whole: Amount
    moved: Amount
    failed: Amount

    @property
    def left(self) -> Amount:
        """What has still to move."""
        return Amount(
            self.whole.items - self.moved.items - self.failed.items,
            self.whole.bytes - self.moved.bytes - self.failed.bytes,
        )


@dataclass(frozen=True, slots=True)
class ShareLine:
    """Files of a share as its last scan has them, with one fate: an outcome (None: in no wave, or not yet) and a code.

    `wave_state` is the state of the wave that has them, None for files in no wave.
    """

    share: str
    outcome: str | None
    code: str
    wave_state: str | None
    amount: Amount


@dataclass(frozen=True, slots=True)
class Snag:
    """Something of a wave that somebody has to look at, how often, and an example."""

    wave: str
    kind: str
    count: int
    example: str


def wave_lines(ledger: Ledger) -> list[WaveLine]:
    """Every wave, in the order of planning."""
    rows = ledger.rows(
        "SELECT w.id, w.name, w.state, count(t.id), coalesce(sum(t.size), 0),"
        " coalesce(sum(CASE WHEN t.outcome = 'copied' THEN 1 ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN t.outcome = 'copied' THEN t.size ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN t.outcome <> 'copied' THEN 1 ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN t.outcome <> 'copied' THEN t.size ELSE 0 END), 0)"
        " FROM wave w LEFT JOIN transfer t ON t.wave_id = w.id AND t.batch_id IS NOT NULL"
        " AND t.superseded IS NULL AND t.gone IS NULL GROUP BY w.id, w.name, w.state ORDER BY w.id"
    )
    return [
        WaveLine(row[0], row[1], row[2], Amount(row[3], int(row[4])), Amount(int(row[5]), int(row[6])),
                 Amount(int(row[7]), int(row[8])))
        for row in rows
    ]  # fmt: skip


def moved_by_hour(ledger: Ledger, wave_ids: Sequence[int]) -> list[tuple[datetime, Amount]]:
    """What of these waves got its outcome in each hour, of all that had to move; oldest first."""
    if not wave_ids:
        return []
    rows = ledger.rows(
        "SELECT substr(t.at, 1, 13), count(*), sum(t.size) FROM transfer t WHERE t.outcome IS NOT NULL"  # noqa: S608
        f" AND t.at IS NOT NULL AND t.batch_id IS NOT NULL AND t.wave_id IN ({','.join('?' * len(wave_ids))}){_CURRENT}"
        " GROUP BY substr(t.at, 1, 13) ORDER BY substr(t.at, 1, 13)",
        tuple(wave_ids),
    )
    return [(datetime.fromisoformat(f"{row[0]}:00:00+00:00"), Amount(row[1], int(row[2]))) for row in rows]


def share_lines(ledger: Ledger) -> list[ShareLine]:
    """What became of every file of every share, as the last scans have them, by share, outcome and code.

    The last wave that had a file counts; one that found it copied by an earlier wave counts as copied.
    """
    rows = ledger.rows(
        "SELECT s.name, t.outcome, coalesce(t.code, ''), w.state, count(*), coalesce(sum(i.size), 0)"
        " FROM source s JOIN item i ON i.source_id = s.id AND i.scan_id = s.scan_id"
        " LEFT JOIN transfer t ON t.id = (SELECT max(e.id) FROM transfer e WHERE e.item_id = i.id"
        "   AND e.superseded IS NULL AND e.gone IS NULL)"
        " LEFT JOIN wave w ON w.id = t.wave_id"
        " GROUP BY s.name, t.outcome, coalesce(t.code, ''), w.state"
        " ORDER BY s.name, t.outcome NULLS FIRST, coalesce(t.code, ''), w.state NULLS FIRST"
    )
    return [ShareLine(row[0], row[1], row[2], row[3], Amount(row[4], int(row[5]))) for row in rows]


def snags(ledger: Ledger) -> list[Snag]:
    """What of waves has to be looked at: failures nobody has waived, copies that are not equal, strange files."""
    return [Snag(row[0], row[1], row[2], row[3] or "") for row in ledger.rows(_SNAGS)]
