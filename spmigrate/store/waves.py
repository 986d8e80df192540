"""Waves in the ledger: their rows, their scope, one transfer for every item in it, and the account of it all.

A wave keeps its scope when it is planned: the folders whose own files it answers for (`wave_folder`). The account takes
its source side from the inventory through that scope, never from the transfers, so that a lost transfer shows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spmigrate.errors import UsageProblem
from spmigrate.model import Accounting, Amount, Outcome, SignedRow
from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row


@dataclass(frozen=True, slots=True)
class Wave:
    """A planned wave."""

    id: int
    name: str
    round: int
    state: str
    created: str


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """What becomes of one item: an outcome known at once, or a target."""

    item_id: int
    row_id: str
    size: int
    modified_ns: int
    created_ns: int | None
    outcome: Outcome | None = None
    code: str | None = None
    reason: str | None = None
    site: str | None = None
    library: str | None = None
    folder: str | None = None
    name: str | None = None
    key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a wave stands: its accounting, what has no outcome yet, and folders that nobody could look into."""

    accounting: Accounting
    open: Amount
    unseen: int

    @property
    def lost(self) -> Amount:
        """Items that have neither an outcome nor a transfer: must be zero."""
        source, known = self.accounting.source, self.accounting.accounted + self.open
        return Amount(source.items - known.items, source.bytes - known.bytes)


def find(ledger: Ledger, name: str) -> Wave | None:
    """The wave of this name, None when there is none."""
    row = ledger.one("SELECT id, name, round, state, created FROM wave WHERE name = ?", (name,))
    return None if row is None else Wave(*row)


def get(ledger: Ledger, name: str) -> Wave:
    """The wave of this name. Raises UsageProblem naming the waves that there are."""
    wave = find(ledger, name)
    if wave is None:
        known = ", ".join(row["name"] for row in ledger.rows("SELECT name FROM wave ORDER BY id"))
        raise UsageProblem(
            f"there is no wave '{name}'",
            hint=f"waves: {known}" if known else f"plan it with: spmigrate wave plan {name}",
        )
    return wave


def create(ledger: Ledger, name: str, rows: Sequence[SignedRow]) -> Wave:
    """A new wave of signed rows, with the scan that each rests on."""
    wave_id = ledger.insert(
        "INSERT INTO wave(name, state, created, last_item)"
        " VALUES(?, 'planned', ?, (SELECT coalesce(max(id), 0) FROM item))",
        (name, clock.now()),
    )
    ledger.execute_many(
        "INSERT INTO wave_row(wave_id, row_id, signoff_id, digest, scan_id)"
        " VALUES(?, ?, ?, ?, (SELECT scan_id FROM source WHERE id = ?))",
        [(wave_id, row.row_id, row.signoff_id, row.digest, row.source_id) for row in rows],
    )
    return get(ledger, name)


def set_state(ledger: Ledger, wave: Wave, state: str) -> None:
    """Note how far the wave is: planned, running, moved, verified."""
    ledger.execute("UPDATE wave SET state = ? WHERE id = ?", (state, wave.id))


def wave_digests(ledger: Ledger, wave: Wave) -> dict[str, str]:
    """The rows of a wave and the digests with which they were signed when it was planned."""
    return dict(tuple(row) for row in ledger.rows("SELECT row_id, digest FROM wave_row WHERE wave_id = ?", (wave.id,)))


def planned_rows(ledger: Ledger) -> dict[str, str]:
    """Every row that is in a wave, and that wave's name."""
    found = ledger.rows("SELECT r.row_id, w.name FROM wave_row r JOIN wave w ON w.id = r.wave_id ORDER BY w.id DESC")
    return dict(tuple(row) for row in found)


def folders_of(ledger: Ledger, row: SignedRow) -> Iterator[Row]:
    """The folders of a row, each before what is in it: id, depth, path, `own` (whether its own files are the row's).

    Deeper rows, of whatever sheet and decision, cover their own folders.
    """
    return ledger.rows(
        "WITH RECURSIVE cover(id, depth, path, own) AS ("
        " SELECT id, 0, path, :scope = 'folder' OR NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = folder.id AND o.scope = 'folder')"
        " FROM folder WHERE id = :folder"
        " UNION ALL"
        " SELECT f.id, c.depth + 1, f.path, NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = f.id AND o.scope = 'folder')"
        " FROM cover c JOIN folder f ON f.parent_id = c.id JOIN source s ON s.id = f.source_id"
        " WHERE :scope = 'tree' AND f.scan_id = s.scan_id AND NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = f.id AND o.scope = 'tree')"
        " ORDER BY 2 DESC, 3) SELECT id, depth, path, own FROM cover",
        {"folder": row.folder_id, "scope": row.scope},
    )


def folder_findings(ledger: Ledger, folder_id: int) -> list[Row]:
    """What the last scan says of a folder itself: code, treatment, proposal, message."""
    return list(
        ledger.rows(
            "SELECT f.code, f.treatment, f.proposal, f.message FROM finding f JOIN folder d ON d.id = f.folder_id"
            " JOIN source s ON s.id = d.source_id WHERE f.folder_id = ? AND f.item_id IS NULL"
            " AND f.scan_id = s.scan_id ORDER BY f.id",
            (folder_id,),
        )
    )


def items_in(ledger: Ledger, folder_id: int) -> Iterator[Row]:
    """What lies directly in a folder, one row a finding (one with none): item columns, code, treatment, proposal."""
    return ledger.rows(
        "SELECT i.id, i.name, i.kind, i.size, i.modified_ns, i.created_ns, i.state, i.reason,"
        " f.code, f.treatment, f.proposal, f.message"
        " FROM item i JOIN source s ON s.id = i.source_id"
        " LEFT JOIN finding f ON f.item_id = i.id AND f.scan_id = s.scan_id"
        " WHERE i.folder_id = ? AND i.scan_id = s.scan_id ORDER BY i.raw, f.id",
        (folder_id,),
    )


def add_folder(ledger: Ledger, wave: Wave, folder_id: int, row_id: str) -> None:
    """Take a folder's own files into the scope of a wave."""
    ledger.execute("INSERT INTO wave_folder(wave_id, folder_id, row_id) VALUES(?, ?, ?)", (wave.id, folder_id, row_id))


def keep_folder_key(ledger: Ledger, wave: Wave, folder_id: int, key: bytes) -> None:
    """Note that this folder will exist at the destination under a name with this key."""
    ledger.execute(
        "UPDATE wave_folder SET target_key = ? WHERE wave_id = ? AND folder_id = ?", (key, wave.id, folder_id)
    )


def add_transfers(ledger: Ledger, wave: Wave, transfers: Iterator[NewTransfer]) -> None:
    """One transfer an item, streaming."""
    ledger.execute_many(
        "INSERT INTO transfer(wave_id, round, item_id, row_id, size, modified_ns, created_ns, state, outcome, code,"
        " reason, site, library, target_folder, target_name, target_key, at)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                wave.id, wave.round, each.item_id, each.row_id, each.size, each.modified_ns, each.created_ns,
                "todo" if each.outcome is None else "finished", each.outcome, each.code, each.reason, each.site,
                each.library, each.folder, each.name, each.key, None if each.outcome is None else wave.created,
            )
            for each in transfers
        ),
    )  # fmt: skip


def fail_taken_targets(ledger: Ledger, wave: Wave, *, code: str, reason: str) -> None:
    """Fail every transfer whose target an earlier one, or a folder, of any wave has: the later one gives way."""
    ledger.execute(
        "UPDATE transfer SET state = 'finished', outcome = 'failed', code = :code, reason = :reason, at = :at"
        " WHERE wave_id = :wave AND outcome IS NULL AND (EXISTS ("
        "   SELECT 1 FROM transfer e WHERE e.target_key = transfer.target_key AND e.id < transfer.id"
        "   AND (e.outcome IS NULL OR e.outcome = 'copied' OR e.code = :code))"
        " OR EXISTS (SELECT 1 FROM wave_folder d WHERE d.target_key = transfer.target_key))",
        {"wave": wave.id, "code": code, "reason": reason, "at": clock.now()},
    )


def record_known_outcomes(ledger: Ledger, wave: Wave) -> None:
    """Put every outcome that planning decided into the evidence."""
    ledger.execute(
        "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
        " SELECT id, at, outcome, code, reason FROM transfer WHERE wave_id = ? AND outcome IS NOT NULL ORDER BY id",
        (wave.id,),
    )


def loads(ledger: Ledger, wave: Wave) -> Iterator[Row]:
    """Transfers that have to move, in order: id, size, site, library."""
    return ledger.rows(
        "SELECT id, size, site, library FROM transfer WHERE wave_id = ? AND round = ? AND state <> 'finished'"
        " AND batch_id IS NULL ORDER BY id",
        (wave.id, wave.round),
    )


def add_batch(
    ledger: Ledger, wave: Wave, *, site: str, library: str, why: str, size: int, transfer_ids: Iterable[int]
) -> None:
    """A batch of these transfers, queued, by the session route."""
    ids = list(transfer_ids)
    batch_id = ledger.insert(
        "INSERT INTO batch(wave_id, round, route, why, site, library, state, items, bytes)"
        " VALUES(?, ?, 'session', ?, ?, ?, 'queued', ?, ?)",
        (wave.id, wave.round, why, site, library, len(ids), size),
    )
    ledger.execute_many("UPDATE transfer SET batch_id = ? WHERE id = ?", [(batch_id, each) for each in ids])


def standing(ledger: Ledger, wave: Wave) -> Standing:
    """The account of a wave: the source side from the inventory in its scope, the outcomes from its transfers.

    Bytes are those of the scan that the wave was planned on, even when a later scan found a file altered.
    """
    source = ledger.one(
        "SELECT count(*), coalesce(sum(CASE WHEN i.scan_id = r.scan_id THEN i.size ELSE coalesce(t.size, i.size) END),"
        " 0) FROM wave w JOIN wave_folder d ON d.wave_id = w.id JOIN wave_row r USING(wave_id, row_id)"
        " JOIN item i ON i.folder_id = d.folder_id"
        " LEFT JOIN transfer t ON t.wave_id = w.id AND t.round = w.round AND t.item_id = i.id"
        " WHERE w.id = ? AND i.scan_id >= r.scan_id AND i.id <= w.last_item",
        (wave.id,),
    )
    outcomes: dict[Outcome | None, Amount] = {
        None if row[0] is None else Outcome(row[0]): Amount(row[1], row[2])
        for row in ledger.rows(
            "SELECT outcome, count(*), sum(size) FROM transfer WHERE wave_id = ? AND round = ? GROUP BY outcome",
            (wave.id, wave.round),
        )
    }
    unseen = ledger.one(
        "SELECT count(*) FROM wave_folder d JOIN folder f ON f.id = d.folder_id"
        " WHERE d.wave_id = ? AND f.state <> 'seen'",
        (wave.id,),
    )
    assert source is not None and unseen is not None
    still_open = outcomes.pop(None, Amount())
    known = {outcome: amount for outcome, amount in outcomes.items() if outcome is not None}
    return Standing(Accounting(Amount(*source), known), still_open, unseen[0])
