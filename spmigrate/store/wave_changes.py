"""What may still change in a wave that has started: rows are released, failed items are offered again. All is evidence.

Only the holder of the run lock may call these.
"""

import json
from collections.abc import Collection, Mapping, Sequence

from spmigrate.model import Amount
from spmigrate.store import clock
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import OpenPlace, Wave

_OPEN_OF_ROWS = (
    " FROM transfer WHERE wave_id = :wave AND state <> 'finished' AND row_id IN (SELECT value FROM json_each(:rows))"
)
_OPEN_OF_ROW = (
    " FROM transfer WHERE wave_id = :wave AND row_id = :row AND state <> 'finished'"
    " AND superseded IS NULL AND gone IS NULL"
)
_AGAIN = (
    " FROM transfer JOIN wave_row r USING(wave_id, row_id) WHERE wave_id = :wave AND outcome = 'failed'"
    " AND superseded IS NULL AND gone IS NULL AND batch_id IS NOT NULL AND r.released IS NULL"
    " AND code IN (SELECT value FROM json_each(:codes))"
    # A later wave has this file, or the place that it would take.
    " AND NOT EXISTS (SELECT 1 FROM transfer e WHERE e.item_id = transfer.item_id AND e.id > transfer.id)"
    " AND NOT EXISTS (SELECT 1 FROM transfer e WHERE e.target_key = transfer.target_key AND e.id <> transfer.id"
    "   AND e.superseded IS NULL AND (e.outcome IS NULL OR e.outcome = 'copied'))"
)
_OFFER_AGAIN = """
UPDATE transfer SET state = 'copying', outcome = NULL, code = NULL, reason = NULL, at = NULL, attempts = 0,
  drive_id = NULL, target_id = NULL, etag = NULL, quickxor = NULL, sha256 = NULL, copied_size = NULL,
  copied_modified_ns = NULL, target_quickxor = NULL, verified = NULL, verify_note = NULL
WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))"""


def open_rows(ledger: Ledger, wave: Wave) -> list[str]:
    """The rows of a wave with something left to move; one look at an index for each row."""
    found = ledger.rows(
        "SELECT r.row_id FROM wave_row r WHERE r.wave_id = ? AND EXISTS ("
        " SELECT 1 FROM transfer t WHERE t.wave_id = r.wave_id AND t.row_id = r.row_id AND t.state <> 'finished'"
        " AND t.superseded IS NULL AND t.gone IS NULL) ORDER BY r.row_id",
        (wave.id,),
    )
    return [row["row_id"] for row in found]


def open_places(ledger: Ledger, wave: Wave) -> list[OpenPlace]:
    """Where the rows of a wave have still something to go to, as transfers and batches say; looks at all of them."""
    found = ledger.rows(
        "SELECT DISTINCT t.row_id, t.site, t.library, b.site AS batch_site, b.library AS batch_library"
        " FROM transfer t LEFT JOIN batch b ON b.id = t.batch_id WHERE t.wave_id = ? AND t.state <> 'finished'"
        " AND t.superseded IS NULL AND t.gone IS NULL ORDER BY t.row_id, t.site, t.library",
        (wave.id,),
    )
    return [OpenPlace(*row) for row in found]


def places_of(ledger: Ledger, batch_id: int) -> list[OpenPlace]:
    """Where the rows of a batch have still something to go to, as its transfers and as the batch itself says."""
    found = ledger.rows(
        "SELECT DISTINCT t.row_id, t.site, t.library, b.site AS batch_site, b.library AS batch_library"
        " FROM batch b JOIN transfer t ON t.batch_id = b.id WHERE b.id = ? AND t.state <> 'finished'"
        " ORDER BY t.row_id, t.site, t.library",
        (batch_id,),
    )
    return [OpenPlace(*row) for row in found]


def sheets_of_rows(ledger: Ledger, row_ids: Collection[str]) -> list[str]:
    """The sheets that these rows stand on."""
    found: set[str] = set()
    for row_id in sorted(row_ids):
        row = ledger.one("SELECT sheet_id FROM mapping_row WHERE row_id = ?", (row_id,))
        found |= {row["sheet_id"]} if row else set()
    return sorted(found)


def states_of_rows(ledger: Ledger) -> dict[str, str]:
    """The rows that are in a wave and the state of the last one that has them; released rows are in none."""
    found = ledger.rows(
        "SELECT r.row_id, w.state FROM wave_row r JOIN wave w ON w.id = r.wave_id WHERE r.released IS NULL"
        " ORDER BY w.id"
    )
    return {row["row_id"]: row["state"] for row in found}


def sheets_of(ledger: Ledger, wave: Wave) -> list[str]:
    """The sheets that the rows of a wave stand on."""
    found = ledger.rows(
        "SELECT DISTINCT m.sheet_id FROM wave_row r JOIN mapping_row m USING(row_id) WHERE r.wave_id = ? ORDER BY 1",
        (wave.id,),
    )
    return [row["sheet_id"] for row in found]


def released(ledger: Ledger, wave: Wave) -> list[tuple[str, str]]:
    """The rows that were taken out of a wave: id and path."""
    found = ledger.rows(
        "SELECT r.row_id, f.path FROM wave_row r JOIN mapping_row m USING(row_id) JOIN folder f ON f.id = m.folder_id"
        " WHERE r.wave_id = ? AND r.released IS NOT NULL ORDER BY r.row_id",
        (wave.id,),
    )
    return [(row["row_id"], row["path"]) for row in found]


def release(
    ledger: Ledger, wave: Wave, row_ids: Collection[str], *, code: tuple[str, str], in_hand: tuple[str, str]
) -> None:
    """Take rows out of a wave: what has still to move gets an outcome, and the rows may join another wave.

    `code` is code and title for what was never offered, `in_hand` for what may have arrived all the same.
    """
    given = {
        "wave": wave.id, "rows": json.dumps(sorted(row_ids)), "at": clock.now(), "code": code[0], "title": code[1],
        "hand_code": in_hand[0], "hand_title": in_hand[1],
    }  # fmt: skip
    with ledger.transaction():
        loads = list(ledger.rows(f"SELECT batch_id, count(*), sum(size) {_OPEN_OF_ROWS} GROUP BY batch_id", given))
        ledger.execute(
            "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
            " SELECT id, :at, iif(state = 'todo', 'skipped', 'failed'), iif(state = 'todo', :code, :hand_code),"
            f" iif(state = 'todo', :title, :hand_title) {_OPEN_OF_ROWS} ORDER BY id",
            given,
        )
        ledger.execute(
            "UPDATE transfer SET outcome = iif(state = 'todo', 'skipped', 'failed'),"
            " code = iif(state = 'todo', :code, :hand_code), reason = iif(state = 'todo', :title, :hand_title),"
            " at = :at, batch_id = iif(state = 'todo', NULL, batch_id), state = 'finished'"
            " WHERE wave_id = :wave AND state <> 'finished' AND row_id IN (SELECT value FROM json_each(:rows))",
            given,
        )
        ledger.execute_many(
            "UPDATE batch SET state = CASE WHEN finished = items - ?2 THEN 'done' ELSE 'queued' END,"
            " items = items - ?2, bytes = bytes - ?3 WHERE id = ?1",
            [tuple(load) for load in loads],
        )
        ledger.execute(
            "UPDATE wave_row SET released = :at WHERE wave_id = :wave"
            " AND row_id IN (SELECT value FROM json_each(:rows))",
            given,
        )


def fail_rows(ledger: Ledger, wave: Wave, reasons: Mapping[str, str], *, code: str) -> None:
    """Fail what rows have still to move, each row for its reason; it stays in its batches and may be offered again."""
    at = clock.now()
    with ledger.transaction():
        for row_id, reason in reasons.items():
            given = {"wave": wave.id, "row": row_id, "at": at, "code": code, "reason": reason}
            loads = list(ledger.rows(f"SELECT batch_id, count(*), sum(size) {_OPEN_OF_ROW} GROUP BY batch_id", given))
            ledger.execute(
                "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
                f" SELECT id, :at, 'failed', :code, :reason {_OPEN_OF_ROW} ORDER BY id",
                given,
            )
            ledger.execute(
                "UPDATE transfer SET state = 'finished', outcome = 'failed', code = :code, reason = :reason, at = :at"
                " WHERE wave_id = :wave AND row_id = :row AND state <> 'finished'"
                " AND superseded IS NULL AND gone IS NULL",
                given,
            )
            for batch_id, items, size in loads:
                ledger.execute(
                    "UPDATE batch SET finished = finished + :n, finished_bytes = finished_bytes + :size,"
                    " failed = failed + :n, state = CASE WHEN finished + :n = items THEN 'done'"
                    # Whoever has it in hand looks again: what was failed here must not get a second outcome.
                    "  WHEN state = 'leased' THEN 'queued' ELSE state END"
                    " WHERE id = :batch",
                    {"n": items, "size": size, "batch": batch_id},
                )


def offer_again(ledger: Ledger, wave: Wave, codes: Sequence[str]) -> Amount:
    """Put the failed items with these codes back into their batches; returns how much that is.

    Each of them was offered before and may have arrived, so that the mover looks first. What planning failed stays.
    """
    given = {"wave": wave.id, "codes": json.dumps(list(codes))}
    with ledger.transaction():
        found = [tuple(row) for row in ledger.rows(f"SELECT id, batch_id, size {_AGAIN} ORDER BY id", given)]
        if not found:
            return Amount()
        ids = json.dumps([each[0] for each in found])
        ledger.execute(
            "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
            " SELECT id, ?, 'offered again', code, reason FROM transfer"
            " WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) ORDER BY id",
            (clock.now(), ids),
        )
        ledger.execute(_OFFER_AGAIN, (ids,))
        ledger.execute_many(
            "UPDATE batch SET state = 'queued', finished = finished - 1, finished_bytes = finished_bytes - ?2,"
            " failed = failed - 1 WHERE id = ?1",
            [each[1:] for each in found],
        )
        ledger.execute("UPDATE wave SET state = 'running' WHERE id = ?", (wave.id,))
    return Amount(len(found), sum(each[2] for each in found))
