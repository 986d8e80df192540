"""Waves in the ledger: their rows, their scope, one transfer for every item in it, and the account of it all.

A wave keeps its scope when it is planned: the folders whose own files it answers for (`wave_folder`), each with what
the scan had listed in it. The account takes its source side from there, never from the transfers, so that a lost
transfer shows, and never from a later scan, so that what could not be looked into stays said.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmigrate.errors import UsageProblem
from spmigrate.model import Accounting, Amount, Outcome, SignedRow
from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row

_STANDS = (
    "NOT EXISTS (SELECT 1 FROM wave_undo u WHERE u.wave_id = e.wave_id AND u.target_id = e.target_id"
    " AND u.event = 'removed')"
)
"""Whether what a transfer `e` put there was not taken away again by rolling its wave back."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A planned wave: of which sheets (None: of all), and for which tenant."""

    id: int
    name: str
    round: int
    state: str
    created: str
    tenant: str
    sheets: tuple[str, ...] | None


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
    offered: bool = False
    """An earlier wave had it in hand, so that a copy may be there: the mover looks first."""
    action: str = "copy"
    former_id: int | None = None
    """The transfer whose copy it replaces or renames."""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A row with something to move, and where it goes: by its transfers, and by the batches that they are in."""

    row_id: str
    site: str
    library: str
    batch_site: str
    batch_library: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a wave stands: its accounting, what has no outcome yet, and folders that nobody could look into.

    `moved_bytes` are those that were really copied: files may be edited between the scan and the move.
    """

    accounting: Accounting
    open: Amount
    unseen: int
    moved_bytes: int
    hidden: tuple[str, ...] = ()
    """What its sources may hide from every scan, one sentence each: nobody can tell what is missing."""

    @property
    def is_incomplete(self) -> bool:
        """Whether there may be more than is counted here, or something counted has no end."""
        return self.unseen > 0 or bool(self.hidden) or self.lost != Amount()

    @property
    def lost(self) -> Amount:
        """Items that have neither an outcome nor a transfer: must be zero."""
        source, known = self.accounting.source, self.accounting.accounted + self.open
        return Amount(source.items - known.items, source.bytes - known.bytes)


def find(ledger: Ledger, name: str) -> Wave | None:
    """The wave of this name, None when there is none."""
    row = ledger.one("SELECT id, name, round, state, created, tenant, sheets FROM wave WHERE name = ?", (name,))
    return None if row is None else _wave(row)


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


def _wave(row: Row) -> Wave:
    sheets = None if row["sheets"] is None else tuple(json.loads(row["sheets"]))
    return Wave(row["id"], row["name"], row["round"], row["state"], row["created"], row["tenant"], sheets)


def create(ledger: Ledger, name: str, *, tenant: str, sheets: Sequence[str] | None) -> Wave:
    """A new wave without rows."""
    ledger.execute(
        "INSERT INTO wave(name, state, created, tenant, sheets) VALUES(?, 'planned', ?, ?, ?)",
        (name, clock.now(), tenant, None if sheets is None else json.dumps(list(sheets))),
    )
    return get(ledger, name)


def empty(ledger: Ledger, wave: Wave, *, tenant: str, sheets: Sequence[str] | None) -> Wave:
    """Take everything out of a wave that has not started, so that it can be planned anew. A plan is no evidence."""
    for table in ("transfer", "batch", "wave_folder", "row_home", "wave_row"):
        ledger.execute(f"DELETE FROM {table} WHERE wave_id = ?", (wave.id,))  # noqa: S608 - names from the line above
    ledger.execute(
        "UPDATE wave SET created = ?, tenant = ?, sheets = ? WHERE id = ? AND state = 'planned'",
        (clock.now(), tenant, None if sheets is None else json.dumps(list(sheets)), wave.id),
    )
    return get(ledger, wave.name)


def add_rows(ledger: Ledger, wave: Wave, rows: Sequence[SignedRow]) -> None:
    """Put signed rows into a wave, with the scan that each rests on and the root of its source."""
    ledger.execute_many(
        "INSERT INTO wave_row(wave_id, row_id, signoff_id, digest, scan_id, root)"
        " SELECT ?, ?, ?, ?, scan_id, root FROM source WHERE id = ?",
        [(wave.id, row.row_id, row.signoff_id, row.digest, row.source_id) for row in rows],
    )


def set_state(ledger: Ledger, wave: Wave, state: str) -> None:
    """Note how far the wave is: planned, running, paused, moved, verified, accepted, cancelled, rolled back.

    A wave that leaves `planned` keeps its rows, and what planning decided becomes evidence. How a wave ended is
    final, also for a run that had files in hand meanwhile.
    """
    with ledger.transaction():
        ledger.execute(
            "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
            " SELECT t.id, t.at, t.outcome, t.code, t.reason FROM wave w JOIN transfer t ON t.wave_id = w.id"
            " WHERE w.id = ? AND w.state = 'planned' AND t.outcome IS NOT NULL ORDER BY t.id",
            (wave.id,),
        )
        ledger.execute(
            "UPDATE wave SET state = ? WHERE id = ? AND state NOT IN ('cancelled', 'accepted', 'rolled back')",
            (state, wave.id),
        )


def wave_digests(ledger: Ledger, wave: Wave) -> dict[str, str]:
    """The rows of a wave and the digests with which they were signed when it was planned; released ones are not."""
    rows = ledger.rows("SELECT row_id, digest FROM wave_row WHERE wave_id = ? AND released IS NULL", (wave.id,))
    return {row["row_id"]: row["digest"] for row in rows}


def strange_roots(ledger: Ledger, wave: Wave) -> list[tuple[str, str]]:
    """The rows of a wave whose source has another root than when it was planned, and that root."""
    rows = ledger.rows(
        "SELECT w.row_id, s.root FROM wave_row w JOIN mapping_row m USING(row_id) JOIN sheet h ON h.id = m.sheet_id"
        " JOIN source s ON s.id = h.source_id WHERE w.wave_id = ? AND s.root <> w.root",
        (wave.id,),
    )
    return [(row["row_id"], row["root"]) for row in rows]


def merged_rows(ledger: Ledger, wave: Wave) -> list[tuple[str, str]]:
    """Pairs of rows that would put folders of one name into one place: a row of this wave, and the other one.

    Rows that were released before anything of them moved do not count.
    """
    rows = ledger.rows(
        "SELECT DISTINCT a.row_id, b.row_id FROM wave_folder a JOIN wave_folder b ON b.target_key = a.target_key"
        " JOIN wave_row r ON r.wave_id = b.wave_id AND r.row_id = b.row_id WHERE a.wave_id = ? AND a.row_id <> b.row_id"
        " AND (b.wave_id < a.wave_id OR b.row_id < a.row_id) AND (r.released IS NULL OR EXISTS ("
        "   SELECT 1 FROM transfer t WHERE t.wave_id = b.wave_id AND t.row_id = b.row_id AND t.outcome = 'copied'))",
        (wave.id,),
    )
    return [(row[0], row[1]) for row in rows]


def grown_rows(ledger: Ledger) -> set[str]:
    """The rows of waves with files that came to their folders since and are in no wave."""
    rows = ledger.rows(
        "SELECT DISTINCT d.row_id FROM wave_folder d JOIN item i ON i.folder_id = d.folder_id"
        " JOIN source s ON s.id = i.source_id AND s.scan_id = i.scan_id"
        " WHERE NOT EXISTS (SELECT 1 FROM transfer t WHERE t.item_id = i.id)"
    )
    return {row["row_id"] for row in rows}


def taken_rows(ledger: Ledger, digests: Mapping[str, str], *, free: Collection[str] = ()) -> dict[str, str]:
    """The rows that are in a wave, and that wave's name; `digests` are the rows as they are signed now.

    Once all of a row has its outcome, it may join another wave if it is among `free` or was signed anew; one that was
    released may at once.
    """
    still_open = {
        row["row_id"] for row in ledger.rows("SELECT DISTINCT row_id FROM transfer WHERE state <> 'finished'")
    }
    return {
        row["row_id"]: row["name"]
        for row in ledger.rows(
            "SELECT r.row_id, r.digest, w.name, w.state FROM wave_row r JOIN wave w ON w.id = r.wave_id"
            " WHERE r.released IS NULL ORDER BY w.id DESC"
        )
        if row["state"] == "planned"
        or row["row_id"] in still_open
        or (digests.get(row["row_id"]) == row["digest"] and row["row_id"] not in free)
    }


def folders_of(ledger: Ledger, row: SignedRow) -> Iterator[Row]:
    """The folders of a row, each before what is in it: id, depth, path, `own` (whether its own files are the row's).

    Deeper rows, of whatever sheet and decision, cover their own folders.
    """
    return ledger.rows(
        "WITH RECURSIVE cover(id, depth, path, raw, own) AS ("
        " SELECT id, 0, path, raw, :scope = 'folder' OR NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = folder.id AND o.scope = 'folder' AND o.position > 0)"
        " FROM folder WHERE id = :folder"
        " UNION ALL"
        " SELECT f.id, c.depth + 1, f.path, f.raw, NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = f.id AND o.scope = 'folder' AND o.position > 0)"
        " FROM cover c JOIN folder f ON f.parent_id = c.id JOIN source s ON s.id = f.source_id"
        " WHERE :scope = 'tree' AND f.scan_id = s.scan_id AND NOT EXISTS ("
        "   SELECT 1 FROM mapping_row o WHERE o.folder_id = f.id AND o.scope = 'tree' AND o.position > 0))"
        " SELECT id, depth, path, own FROM cover"
        " ORDER BY CASE raw WHEN X'' THEN X'' ELSE CAST(raw || X'2F' AS BLOB) END",
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
    """What lies directly in a folder, one row a finding (one with none): item columns, code, treatment, proposal.

    `earlier` says what earlier waves did with it: `copied`, `altered` since it was copied, `offered` in vain, NULL.
    """
    return ledger.rows(
        "SELECT i.id, i.name, i.kind, i.size, i.modified_ns, i.created_ns, i.state, i.reason,"  # noqa: S608 - ours
        " f.code, f.treatment, f.proposal, f.message,"
        " (SELECT CASE WHEN e.outcome IS NOT 'copied' THEN 'offered' WHEN e.copied_size = i.size"
        "   AND e.copied_modified_ns = i.modified_ns THEN 'copied' ELSE 'altered' END FROM transfer e"
        f"   WHERE e.item_id = i.id AND e.batch_id IS NOT NULL AND {_STANDS}"
        "   ORDER BY e.outcome IS 'copied' DESC, e.id DESC LIMIT 1"
        " ) AS earlier FROM item i JOIN source s ON s.id = i.source_id"
        " LEFT JOIN finding f ON f.item_id = i.id AND f.scan_id = s.scan_id"
        " WHERE i.folder_id = ? AND i.scan_id = s.scan_id ORDER BY i.raw, f.id",
        (folder_id,),
    )


def add_folder(ledger: Ledger, wave: Wave, folder_id: int, row_id: str) -> None:
    """Take a folder's own files into the scope of a wave, as the scan has them now."""
    ledger.execute(
        "INSERT INTO wave_folder(wave_id, folder_id, row_id, state, items, bytes, round)"
        " SELECT ?, id, ?, state, items, bytes, ? FROM folder WHERE id = ?",
        (wave.id, row_id, wave.round, folder_id),
    )


def keep_folder_key(ledger: Ledger, wave: Wave, folder_id: int, key: bytes) -> None:
    """Note that this folder will exist at the destination under a name with this key."""
    ledger.execute(
        "UPDATE wave_folder SET target_key = ? WHERE wave_id = ? AND folder_id = ? AND round = ?",
        (key, wave.id, folder_id, wave.round),
    )


def add_transfers(ledger: Ledger, wave: Wave, transfers: Iterator[NewTransfer]) -> None:
    """One transfer an item, streaming."""
    ledger.execute_many(
        "INSERT INTO transfer(wave_id, round, item_id, row_id, size, modified_ns, created_ns, state, outcome, code,"
        " reason, site, library, target_folder, target_name, target_key, action, former_id, at)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                wave.id, wave.round, each.item_id, each.row_id, each.size, each.modified_ns, each.created_ns,
                _state(each), each.outcome, each.code, each.reason, each.site,
                each.library, each.folder, each.name, each.key, each.action, each.former_id,
                None if each.outcome is None else clock.now(),
            )
            for each in transfers
        ),
    )  # fmt: skip


def _state(transfer: NewTransfer) -> str:
    if transfer.outcome is not None:
        return "finished"
    return "copying" if transfer.offered else "todo"


def fail_taken_targets(ledger: Ledger, wave: Wave, *, code: str, reason: str) -> None:
    """Fail every transfer whose target an earlier one, or a folder, of any wave has: the later one gives way."""
    ledger.execute(
        "UPDATE transfer SET state = 'finished', outcome = 'failed', code = :code, reason = :reason, at = :at"  # noqa: S608
        " WHERE wave_id = :wave AND outcome IS NULL AND (EXISTS ("
        "   SELECT 1 FROM transfer e WHERE e.target_key = transfer.target_key AND e.id < transfer.id"
        "   AND e.item_id <> transfer.item_id"
        f"   AND {_STANDS} AND (e.outcome IS NULL OR e.outcome = 'copied' OR e.code = :code))"
        " OR EXISTS (SELECT 1 FROM wave_folder d WHERE d.target_key = transfer.target_key))",
        {"wave": wave.id, "code": code, "reason": reason, "at": clock.now()},
    )


def fail_targets(ledger: Ledger, wave: Wave, keys: Iterable[bytes], *, code: str, reason: str) -> None:
    """Fail every transfer of a wave to one of these targets, which folders around its rows have."""
    ledger.execute_many(
        "UPDATE transfer SET state = 'finished', outcome = 'failed', code = ?, reason = ?, at = ?"
        " WHERE wave_id = ? AND outcome IS NULL AND target_key = ?",
        [(code, reason, clock.now(), wave.id, key) for key in keys],
    )


def standing(ledger: Ledger, wave: Wave) -> Standing:
    """The account of a wave: the source side from its scope as it was planned, the outcomes from its transfers."""
    source = ledger.one(
        "SELECT coalesce(sum(items), 0), coalesce(sum(bytes), 0), count(CASE WHEN state <> 'seen' THEN 1 END)"
        " FROM wave_folder WHERE wave_id = ? AND round = ?",
        (wave.id, wave.round),
    )
    outcomes: dict[Outcome | None, Amount] = {}
    moved_bytes = 0
    for row in ledger.rows(
        "SELECT outcome, count(*), sum(size), sum(CASE outcome WHEN 'copied' THEN copied_size END) FROM transfer"
        " WHERE wave_id = ? AND superseded IS NULL AND gone IS NULL GROUP BY outcome",
        (wave.id,),
    ):
        outcomes[None if row[0] is None else Outcome(row[0])] = Amount(row[1], row[2])
        moved_bytes += row[3] or 0
    assert source is not None
    still_open = outcomes.pop(None, Amount())
    known = {outcome: amount for outcome, amount in outcomes.items() if outcome is not None}
    hidden = _hidden(ledger, wave)
    return Standing(Accounting(Amount(source[0], source[1]), known), still_open, source[2], moved_bytes, hidden)


def _hidden(ledger: Ledger, wave: Wave) -> tuple[str, ...]:
    """What the sources of a wave as a whole may hide, by their last scans."""
    rows = ledger.rows(
        "SELECT DISTINCT n.message FROM wave_row w JOIN mapping_row m USING(row_id) JOIN sheet h ON h.id = m.sheet_id"
        " JOIN source s ON s.id = h.source_id JOIN folder f ON f.source_id = s.id AND f.raw = x''"
        " JOIN finding n ON n.folder_id = f.id AND n.item_id IS NULL AND n.scan_id = s.scan_id AND n.code = 'UNSEEN'"
        " WHERE w.wave_id = ? ORDER BY n.message",
        (wave.id,),
    )
    return tuple(row["message"] for row in rows)
