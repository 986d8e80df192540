"""Rounds of a wave after its first: what the present scan has beside what the wave has copied, and what each found.

A round keeps its own scope (`wave_folder` with its number) and adds transfers; those that it replaces are superseded,
those whose item the scan did not meet any more are gone. Rows that do not take part keep both as they were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmigrate.model import Amount, SignedRow
from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

KINDS = ("new", "changed", "renamed", "back", "gone", "left", "unchanged")
"""What a round can find of a file. `back` was gone and is there again, `left` lies in a row of no present scope."""
_CURRENT = "superseded IS NULL AND gone IS NULL"
_PRESENT = (
    "SELECT i.id, i.name, i.kind, i.size, i.modified_ns, i.created_ns, i.renamed_from,"
    " f.code, f.treatment, f.proposal, f.message, t.id AS current, t.row_id AS of_row, t.outcome, t.code AS why,"
    " t.batch_id, t.size AS planned_size, t.modified_ns AS planned_ns, t.former_id, t.site, t.library,"
    " t.target_folder, t.target_name, t.copied_size, t.copied_modified_ns,"
    " (SELECT CASE WHEN e.outcome = 'copied' AND e.copied_size = i.size AND e.copied_modified_ns = i.modified_ns"
    "   THEN 'copied' WHEN e.outcome = 'copied' THEN 'altered' ELSE 'offered' END FROM transfer e"
    "   WHERE e.item_id = i.id AND e.wave_id <> :wave AND e.batch_id IS NOT NULL AND e.superseded IS NULL"
    "   ORDER BY CASE WHEN e.outcome = 'copied' THEN 0 ELSE 1 END, e.id DESC LIMIT 1) AS earlier"
    " FROM item i JOIN source s ON s.id = i.source_id"
    " LEFT JOIN finding f ON f.item_id = i.id AND f.scan_id = s.scan_id"
    " LEFT JOIN transfer t ON t.item_id = i.id AND t.wave_id = :wave AND t.superseded IS NULL AND t.gone IS NULL"
    " WHERE i.folder_id = :folder AND i.scan_id = s.scan_id ORDER BY i.raw, f.id"
)
_COPY = (
    "WITH RECURSIVE chain(id, former_id, height) AS ("
    " SELECT id, former_id, 0 FROM transfer WHERE id = ?"
    " UNION ALL SELECT t.id, t.former_id, c.height + 1 FROM chain c JOIN transfer t ON t.id = c.former_id)"
    " SELECT t.id, t.item_id, t.site, t.library, t.target_folder, t.target_name, t.copied_size, t.copied_modified_ns"
    " FROM chain c JOIN transfer t ON t.id = c.id WHERE t.outcome = 'copied' ORDER BY c.height LIMIT 1"
)
_LAST = "SELECT id FROM transfer WHERE item_id = ? AND wave_id = ? ORDER BY id DESC LIMIT 1"
_GIVEN_AWAY = "SELECT 1 FROM transfer WHERE former_id = ? AND item_id <> ? LIMIT 1"
_BEFORE = (
    "WITH RECURSIVE line(id, renamed_from, height) AS ("
    " SELECT id, renamed_from, 0 FROM item WHERE id = ?"
    " UNION ALL SELECT i.id, i.renamed_from, l.height + 1 FROM line l JOIN item i ON i.id = l.renamed_from"
    " WHERE l.height < 100)"
    " SELECT l.id FROM line l JOIN item i ON i.id = l.id JOIN source s ON s.id = i.source_id"
    " WHERE l.height > 0 AND i.scan_id <> s.scan_id ORDER BY l.height"
)
_TAKING_PART = (
    "SELECT r.row_id FROM wave_row r WHERE r.wave_id = :wave AND r.released IS NULL AND NOT EXISTS ("
    " SELECT 1 FROM wave_round_waiting w WHERE w.wave_id = :wave AND w.round = :round AND w.row_id = r.row_id)"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a wave has at the destination of a file: the transfer that put it there, where, and of which content."""

    transfer_id: int
    item_id: int
    site: str
    library: str
    folder: str
    name: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a round found: when it was planned, how much of each kind, and the rows that wait, with the reason."""

    round: int
    at: str
    amounts: Mapping[str, Amount]
    waiting: tuple[tuple[str, str], ...] = ()


def begin(ledger: Ledger, wave: Wave, rows: Sequence[SignedRow], waiting: Mapping[str, str]) -> None:
    """Open the round whose number `wave` has: the scans that it rests on, who takes part, who waits."""
    ledger.execute("UPDATE wave SET round = ? WHERE id = ?", (wave.round, wave.id))
    ledger.execute(
        "INSERT INTO wave_round(wave_id, round, at) VALUES(?, ?, ?)", (wave.id, wave.round, clock.now())
    )  # fmt: skip
    ledger.execute_many(
        "INSERT INTO wave_round_waiting(wave_id, round, row_id, reason) VALUES(?, ?, ?, ?)",
        [(wave.id, wave.round, row_id, reason) for row_id, reason in sorted(waiting.items())],
    )
    ledger.execute_many(
        "UPDATE wave_row SET signoff_id = ?, digest = ?, scan_id = (SELECT scan_id FROM source WHERE id = ?)"
        " WHERE wave_id = ? AND row_id = ?",
        [(row.signoff_id, row.digest, row.source_id, wave.id, row.row_id) for row in rows],
    )
    ledger.execute(
        "INSERT INTO wave_round_scan(wave_id, round, source_id, scan_id)"
        " SELECT DISTINCT :wave, :round, s.id, s.scan_id FROM wave_row r JOIN mapping_row m ON m.row_id = r.row_id"
        " JOIN sheet h ON h.id = m.sheet_id JOIN source s ON s.id = h.source_id WHERE r.wave_id = :wave",
        {"wave": wave.id, "round": wave.round},
    )


def present_in(ledger: Ledger, wave: Wave, folder_id: int) -> Iterator[Row]:
    """What the scan has directly in a folder, one row a finding, with the current transfer of each item.

    `earlier` says what other waves did with an item, as for planning.
    """
    return ledger.rows(_PRESENT, {"wave": wave.id, "folder": folder_id})


def copy_of(ledger: Ledger, item: Row) -> Copy | None:
    """The copy of an item that has a current transfer: the one that this made, or follows; None when none arrived."""
    if item["outcome"] == "copied":
        return Copy(
            item["current"], item["id"], item["site"], item["library"], item["target_folder"], item["target_name"],
            item["copied_size"], item["copied_modified_ns"],
        )  # fmt: skip
    return None if item["former_id"] is None else _arrived(ledger, item["former_id"])


def copy_left(ledger: Ledger, wave: Wave, item_id: int) -> Copy | None:
    """The copy that a wave made of an item which has no current transfer, unless another item took it over."""
    last = ledger.one(_LAST, (item_id, wave.id))
    copy = None if last is None else _arrived(ledger, last["id"])
    if copy is None or ledger.one(_GIVEN_AWAY, (copy.transfer_id, copy.item_id)) is not None:
        return None
    return copy


def _arrived(ledger: Ledger, transfer_id: int) -> Copy | None:
    row = ledger.one(_COPY, (transfer_id,))
    return None if row is None else Copy(*row)


def names_before(ledger: Ledger, item_id: int) -> list[int]:
    """The items that a file was before, the last one first: those that are not there any more."""
    return [row["id"] for row in ledger.rows(_BEFORE, (item_id,))]


def keep(ledger: Ledger, transfer_id: int, *, row_id: str, size: int, modified_ns: int) -> None:
    """Let a transfer stand for an item as the present scan has it."""
    ledger.execute(
        "UPDATE transfer SET row_id = ?, size = ?, modified_ns = ?, superseded = NULL, gone = NULL WHERE id = ?",
        (row_id, size, modified_ns, transfer_id),
    )


def supersede(ledger: Ledger, wave: Wave, transfer_ids: Iterable[int]) -> None:
    """Let transfers count no more: a transfer of this round takes their place."""
    ledger.execute_many(
        f"UPDATE transfer SET superseded = ? WHERE id = ? AND {_CURRENT}",  # noqa: S608 - ours
        [(wave.round, each) for each in transfer_ids],
    )


def supersede_gone(ledger: Ledger, wave: Wave, transfer_id: int) -> None:
    """The copy of a file that had gone is taken over by a transfer of this round."""
    ledger.execute(
        "UPDATE transfer SET superseded = ?, gone = NULL WHERE id = ? AND superseded IS NULL", (wave.round, transfer_id)
    )


def carry_scope(ledger: Ledger, wave: Wave) -> None:
    """Take over from the round before what this one could not or did not look at.

    That is: all of rows that do not take part, folders that the scan could not look into, and what lies below those.
    """
    given = {"wave": wave.id, "round": wave.round, "before": wave.round - 1}
    ledger.execute(
        "INSERT INTO wave_folder(wave_id, folder_id, row_id, state, items, bytes, target_key, round)"  # noqa: S608 - ours
        " SELECT p.wave_id, p.folder_id, p.row_id, p.state, p.items, p.bytes, p.target_key, :round"
        " FROM wave_folder p WHERE p.wave_id = :wave AND p.round = :before"
        f" AND p.row_id NOT IN ({_TAKING_PART}) AND NOT EXISTS (SELECT 1 FROM wave_folder d WHERE d.wave_id = :wave"
        "  AND d.round = :round AND d.folder_id = p.folder_id)",
        given,
    )
    before = (
        "SELECT p.{} FROM wave_folder p WHERE p.wave_id = :wave AND p.round = :before"
        " AND p.folder_id = wave_folder.folder_id AND p.row_id = wave_folder.row_id"
    )
    ledger.execute(
        f"UPDATE wave_folder SET items = ({before.format('items')}), bytes = ({before.format('bytes')})"  # noqa: S608 - ours
        f" WHERE wave_id = :wave AND round = :round AND state = 'unseen' AND row_id IN ({_TAKING_PART})"
        f" AND EXISTS ({before.format('items')})",
        given,
    )
    ledger.execute(
        "INSERT INTO wave_folder(wave_id, folder_id, row_id, state, items, bytes, target_key, round)"  # noqa: S608 - ours
        " SELECT p.wave_id, p.folder_id, p.row_id, 'unseen', p.items, p.bytes, p.target_key, :round"
        " FROM wave_folder p JOIN folder f ON f.id = p.folder_id JOIN source s ON s.id = f.source_id"
        " WHERE p.wave_id = :wave AND p.round = :before AND f.scan_id <> s.scan_id AND f.gone_scan IS NULL"
        f" AND p.row_id IN ({_TAKING_PART}) AND NOT EXISTS (SELECT 1 FROM wave_folder d WHERE d.wave_id = :wave"
        "  AND d.round = :round AND d.folder_id = p.folder_id AND d.row_id = p.row_id)",
        given,
    )


def mark_gone(ledger: Ledger, wave: Wave) -> tuple[Amount, Amount]:
    """Mark what the scan did not meet any more, and what is in no row of the wave by now; returns how much of each.

    What could not be looked into is neither. Call it when the scope of the round is whole.
    """
    given = {"wave": wave.id, "round": wave.round, "at": clock.now()}
    older = (
        f"wave_id = :wave AND round < :round AND {_CURRENT} AND (row_id IN ({_TAKING_PART}) OR EXISTS ("  # noqa: S608 - ours
        " SELECT 1 FROM item j JOIN wave_folder o ON o.folder_id = j.folder_id WHERE j.id = transfer.item_id"
        f" AND o.wave_id = :wave AND o.round = :round AND o.row_id IN ({_TAKING_PART})))"
    )
    absent = (
        f"{older} AND EXISTS (SELECT 1 FROM item i JOIN source s ON s.id = i.source_id"  # noqa: S608 - ours
        " WHERE i.id = transfer.item_id"
        " AND i.scan_id <> s.scan_id AND NOT EXISTS (SELECT 1 FROM wave_folder d WHERE d.wave_id = :wave"
        "  AND d.round = :round AND d.folder_id = i.folder_id AND d.state = 'unseen'))"
    )
    outside = (
        f"{older} AND EXISTS (SELECT 1 FROM item i JOIN source s ON s.id = i.source_id"  # noqa: S608 - ours
        " WHERE i.id = transfer.item_id"
        " AND i.scan_id = s.scan_id AND NOT EXISTS (SELECT 1 FROM wave_folder d WHERE d.wave_id = :wave"
        "  AND d.round = :round AND d.folder_id = i.folder_id))"
    )
    gone, left = (_mark(ledger, given, *each) for each in (("gone", absent), ("superseded", outside)))
    return gone, left


def _mark(ledger: Ledger, given: Mapping[str, object], column: str, where: str) -> Amount:
    found = ledger.one(f"SELECT count(*), coalesce(sum(size), 0) FROM transfer WHERE {where}", dict(given))  # noqa: S608 - ours
    ledger.execute(
        "INSERT INTO outcome_event(transfer_id, at, event, code, note)"  # noqa: S608 - ours
        f" SELECT id, :at, '{'gone' if column == 'gone' else 'left'}', NULL, 'round ' || CAST(:round AS TEXT)"
        f" FROM transfer WHERE {where} ORDER BY id",
        dict(given),
    )
    ledger.execute(f"UPDATE transfer SET {column} = :round WHERE {where}", dict(given))  # noqa: S608 - ours
    assert found is not None
    return Amount(*found)


def fail_taken(ledger: Ledger, wave: Wave, *, code: str, reason: str) -> None:
    """Fail what this round would put where another file of any wave is, or a folder; its own copy is no other."""
    ledger.execute(
        "UPDATE transfer SET state = 'finished', outcome = 'failed', code = :code, reason = :reason, at = :at"
        " WHERE wave_id = :wave AND round = :round AND outcome IS NULL AND (EXISTS ("
        "   SELECT 1 FROM transfer e WHERE e.target_key = transfer.target_key AND e.id < transfer.id"
        "   AND e.item_id <> transfer.item_id AND e.superseded IS NULL"
        "   AND (transfer.former_id IS NULL OR e.id <> transfer.former_id)"
        "   AND (e.outcome IS NULL OR e.outcome = 'copied' OR e.code = :code))"
        " OR EXISTS (SELECT 1 FROM wave_folder d WHERE d.target_key = transfer.target_key))",
        {"wave": wave.id, "round": wave.round, "code": code, "reason": reason, "at": clock.now()},
    )


def merged_rows(ledger: Ledger, wave: Wave) -> list[tuple[str, str]]:
    """Pairs of rows that would put folders of one name into one place, as this round has them."""
    rows = ledger.rows(
        "SELECT DISTINCT a.row_id, b.row_id FROM wave_folder a JOIN wave_folder b ON b.target_key = a.target_key"
        " JOIN wave w ON w.id = b.wave_id AND w.round = b.round"
        " WHERE a.wave_id = :wave AND a.round = :round AND a.row_id <> b.row_id"
        " AND (b.wave_id <> a.wave_id OR b.row_id < a.row_id)"
        " AND EXISTS (SELECT 1 FROM transfer t WHERE t.wave_id = b.wave_id AND t.row_id = b.row_id"
        "   AND (t.outcome = 'copied' OR t.outcome IS NULL) AND t.superseded IS NULL) ORDER BY 1, 2",
        {"wave": wave.id, "round": wave.round},
    )
    return [(row[0], row[1]) for row in rows]


def finish(ledger: Ledger, wave: Wave, amounts: Mapping[str, Amount]) -> None:
    """Close the planning of a round: what it found, and the outcomes that it knew at once, become evidence."""
    ledger.execute_many(
        "INSERT INTO wave_round_amount(wave_id, round, kind, items, bytes) VALUES(?, ?, ?, ?, ?)",
        [(wave.id, wave.round, kind, each.items, each.bytes) for kind, each in sorted(amounts.items())],
    )
    ledger.execute(
        "INSERT INTO outcome_event(transfer_id, at, event, code, note) SELECT id, at, outcome, code, reason"
        " FROM transfer WHERE wave_id = ? AND round = ? AND outcome IS NOT NULL ORDER BY id",
        (wave.id, wave.round),
    )


def of_wave(ledger: Ledger, wave: Wave) -> list[Found]:
    """What each round found, the first one first; all of that is new."""
    first = ledger.one(
        "SELECT count(*) AS items, coalesce(sum(size), 0) AS bytes FROM transfer WHERE wave_id = ? AND round = 1",
        (wave.id,),
    )
    assert first is not None
    amounts: dict[int, dict[str, Amount]] = {}
    for row in ledger.rows(
        "SELECT round, kind, items, bytes FROM wave_round_amount WHERE wave_id = ? ORDER BY round, kind", (wave.id,)
    ):
        amounts.setdefault(row["round"], {})[row["kind"]] = Amount(row["items"], row["bytes"])
    waiting: dict[int, list[tuple[str, str]]] = {}
    for row in ledger.rows(
        "SELECT round, row_id, reason FROM wave_round_waiting WHERE wave_id = ? ORDER BY round, row_id", (wave.id,)
    ):
        waiting.setdefault(row["round"], []).append((row["row_id"], row["reason"]))
    later = ledger.rows("SELECT round, at FROM wave_round WHERE wave_id = ? ORDER BY round", (wave.id,))
    return [
        Found(1, wave.created, {"new": Amount(*first)}),
        *(
            Found(row["round"], row["at"], amounts.get(row["round"], {}), tuple(waiting.get(row["round"], ())))
            for row in later
        ),
    ]


def is_stale(ledger: Ledger, wave: Wave) -> bool:
    """Whether no source of a wave was scanned since its last round was planned, so that nothing can have changed."""
    row = ledger.one(
        "SELECT 1 FROM wave_row r JOIN mapping_row m ON m.row_id = r.row_id JOIN sheet h ON h.id = m.sheet_id"
        " JOIN source s ON s.id = h.source_id WHERE r.wave_id = :wave AND r.released IS NULL"
        " AND s.scan_id <> coalesce((SELECT c.scan_id FROM wave_round_scan c WHERE c.wave_id = :wave"
        "  AND c.round = :round AND c.source_id = s.id), r.scan_id) LIMIT 1",
        {"wave": wave.id, "round": wave.round},
    )
    return row is None


def homes(ledger: Ledger, wave: Wave) -> dict[str, set[tuple[str, str]]]:
    """Site and library of what each row of a wave has at the destination."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in ledger.rows(
        "SELECT DISTINCT row_id, site, library FROM transfer WHERE wave_id = ? AND outcome = 'copied'"  # noqa: S608 - ours
        f" AND {_CURRENT}",
        (wave.id,),
    ):
        found.setdefault(row["row_id"], set()).add((row["site"], row["library"]))
    return found


def rows_elsewhere(ledger: Ledger, wave: Wave) -> dict[str, str]:
    """The rows of a wave that another wave has and has not finished with, and that wave's name."""
    rows = ledger.rows(
        "SELECT r.row_id, w.name FROM wave_row r JOIN wave_row o ON o.row_id = r.row_id AND o.wave_id <> r.wave_id"
        " JOIN wave w ON w.id = o.wave_id WHERE r.wave_id = ? AND r.released IS NULL AND o.released IS NULL"
        " AND (w.state = 'planned' OR EXISTS (SELECT 1 FROM transfer t WHERE t.wave_id = w.id"
        "   AND t.row_id = o.row_id AND t.state <> 'finished')) ORDER BY r.row_id",
        (wave.id,),
    )
    return {row["row_id"]: row["name"] for row in rows}


def scanning(ledger: Ledger, wave: Wave) -> list[str]:
    """The sources of a wave whose last scan has not finished."""
    rows = ledger.rows(
        "SELECT DISTINCT s.name FROM wave_row r JOIN mapping_row m ON m.row_id = r.row_id"
        " JOIN sheet h ON h.id = m.sheet_id JOIN source s ON s.id = h.source_id JOIN scan c ON c.id = s.scan_id"
        " WHERE r.wave_id = ? AND c.state = 'running' ORDER BY s.name",
        (wave.id,),
    )
    return [row["name"] for row in rows]


def listed(ledger: Ledger, wave: Wave, kind: str, limit: int) -> list[tuple[str, str]]:
    """Files of the last round, each by its path at the source and where its copy is: `gone`, or an action's name."""
    chosen = "t.gone = :round" if kind == "gone" else "t.round = :round AND t.action = :kind"
    rows = ledger.rows(
        "SELECT CASE WHEN d.path = '' THEN i.name ELSE d.path || '/' || i.name END, coalesce(t.site, '') || '/' ||"  # noqa: S608 - ours
        " coalesce(t.library, '') || '/' || CASE WHEN coalesce(t.target_folder, '') = '' THEN '' ELSE t.target_folder"
        " || '/' END || coalesce(t.target_name, '') FROM transfer t JOIN item i ON i.id = t.item_id"
        f" JOIN folder d ON d.id = i.folder_id WHERE t.wave_id = :wave AND {chosen} ORDER BY 1 LIMIT :limit",
        {"wave": wave.id, "round": wave.round, "kind": kind, "limit": limit},
    )
    return [(row[0], row[1]) for row in rows]
