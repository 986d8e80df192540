"""The folders that rows get at their new homes, and who is to see them: planned, set before content arrives, looked at.

`closed` is the state while a folder is being set: a run that died there is finished by the next.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.listing import Access, Right
from spmigrate.store.waves import Wave

PLANNED, CLOSED, READY, REFUSED = "planned", "closed", "ready", "refused"
AS_SIGNED, WIDER, NARROWER, UNSEEN = "as signed", "wider", "narrower", "not seen"


@dataclass(frozen=True, slots=True)
class RowHome:
    """A row's folder at its new home: `path` is below the library, empty for the library itself.

    `own`: it has permissions of its own, `grants` (who and level). `given` is what those were when they were set: the
    number of each principal on its site, and the number of its level. `label` is the retention label that the row
    names, `columns` what it says of its files by the words for columns, `carried` the same by internal name, without
    what the library fills in by itself.
    """

    row_id: str
    site: str
    library: str
    path: str
    own: bool
    grants: tuple[tuple[str, str], ...]
    label: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    state: str = PLANNED
    note: str = ""
    given: tuple[tuple[int, int], ...] = ()
    folder_id: str = ""
    seen: str = ""
    seen_note: str = ""


def put(ledger: Ledger, wave: Wave, homes: Sequence[RowHome]) -> None:
    """Plan the homes of rows; those of a wave that is planned anew take the place of the former."""
    with ledger.transaction():
        ledger.execute_many(
            "DELETE FROM row_home WHERE wave_id = ? AND row_id = ?", [(wave.id, each.row_id) for each in homes]
        )
        ledger.execute_many(
            "INSERT INTO row_home(wave_id, row_id, site, library, path, own, grants, label, columns, remarks, state)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (wave.id, each.row_id, each.site, each.library, each.path, int(each.own), json.dumps(each.grants),
                 each.label, json.dumps(each.columns), json.dumps(each.remarks), each.state)
                for each in homes
            ],
        )  # fmt: skip


def of_wave(ledger: Ledger, wave: Wave) -> list[RowHome]:
    """The homes of a wave's rows, those of folders around others first; rows that were released have none."""
    return [
        _home(row)
        for row in ledger.rows(
            "SELECT h.* FROM row_home h JOIN wave_row r ON r.wave_id = h.wave_id AND r.row_id = h.row_id"
            " WHERE h.wave_id = ? AND r.released IS NULL ORDER BY h.site, h.library, h.path, h.row_id",
            (wave.id,),
        )
    ]


def not_ready(ledger: Ledger, *, batch_id: int) -> list[str]:
    """The rows with something to move in a batch whose folders are not yet as they were signed."""
    rows = ledger.rows(
        "SELECT DISTINCT h.row_id FROM transfer t JOIN row_home h ON h.wave_id = t.wave_id AND h.row_id = t.row_id"
        " WHERE t.batch_id = ? AND t.state <> 'finished' AND h.state <> ? ORDER BY h.row_id",
        (batch_id, READY),
    )
    return [row["row_id"] for row in rows]


def note_state(
    ledger: Ledger,
    wave: Wave,
    row_id: str,
    state: str,
    *,
    note: str = "",
    given: Sequence[tuple[int, int]] = (),
    folder_id: str = "",
    columns: Sequence[tuple[str, str]] = (),
) -> None:
    """Note how far a row's folder is: before it is touched, and when it is as it was signed or was refused.

    `columns` are what its files carry, by internal name.
    """
    with ledger.transaction():
        ledger.execute(
            "UPDATE row_home SET state = ?, note = ?, given = ?, folder_id = ?, carried = ?"
            " WHERE wave_id = ? AND row_id = ?",
            (state, note, json.dumps(given), folder_id, json.dumps(columns), wave.id, row_id),
        )
        ledger.execute(
            "INSERT INTO wave_event(wave_id, at, event, note) VALUES(?, ?, ?, ?)",
            (wave.id, clock.now(), f"home {state}", f"{row_id}: {note}" if note else row_id),
        )


def note_seen(ledger: Ledger, wave: Wave, row_id: str, seen: str, note: str = "") -> None:
    """Note what verification says of who sees a row's folder."""
    ledger.execute(
        "UPDATE row_home SET seen = ?, seen_note = ? WHERE wave_id = ? AND row_id = ?", (seen, note, wave.id, row_id)
    )


def counts(ledger: Ledger, wave: Wave) -> dict[str, int]:
    """How many rows' folders verification found as signed, wider, narrower, or could not see."""
    rows = ledger.rows(
        "SELECT seen, count(*) AS rows FROM row_home WHERE wave_id = ? AND seen <> '' GROUP BY seen ORDER BY seen",
        (wave.id,),
    )
    return {row["seen"]: row["rows"] for row in rows}


def files_seen(ledger: Ledger, wave: Wave) -> dict[str, int]:
    """How many copies lie in folders that verification found so: as signed, wider, narrower, without their label."""
    rows = ledger.rows(
        "SELECT h.seen, count(*) AS files FROM row_home h JOIN transfer t ON t.wave_id = h.wave_id"
        " AND t.row_id = h.row_id WHERE h.wave_id = ? AND h.seen <> '' AND t.outcome = 'copied'"
        " AND t.superseded IS NULL AND t.gone IS NULL GROUP BY h.seen ORDER BY h.seen",
        (wave.id,),
    )
    return {row["seen"]: row["files"] for row in rows}


def meanings(ledger: Ledger, row_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the owners of these rows signed, by row."""
    found: dict[str, dict[str, Any]] = {}
    for row_id in row_ids:
        row = ledger.one("SELECT decision FROM mapping_row WHERE row_id = ?", (row_id,))
        if row is not None:
            found[row_id] = json.loads(row["decision"]).get("meaning") or {}
    return found


def access_of(ledger: Ledger, folder_id: int) -> tuple[str, Access | None]:
    """The place of a folder as people name it (source and path), and who may open it, as the scan read it."""
    row = ledger.one(
        "SELECT s.name, d.path, a.owner, a.inherits, a.rights FROM folder d JOIN source s ON s.id = d.source_id"
        " LEFT JOIN access a ON a.id = d.access_id WHERE d.id = ?",
        (folder_id,),
    )
    assert row is not None, "rows of a wave have folders"
    place = "/".join(filter(None, (row["name"], row["path"])))
    if row["rights"] is None:
        return place, None
    rights = tuple(Right(**each) for each in json.loads(row["rights"]))
    return place, Access(row["owner"], bool(row["inherits"]), rights)


def _home(row: Row) -> RowHome:
    return RowHome(
        row_id=row["row_id"], site=row["site"], library=row["library"], path=row["path"], own=bool(row["own"]),
        grants=tuple((who, level) for who, level in json.loads(row["grants"])), label=row["label"],
        columns=tuple((name, value) for name, value in json.loads(row["columns"])),
        carried=tuple((name, value) for name, value in json.loads(row["carried"])),
        remarks=tuple(json.loads(row["remarks"])), state=row["state"], note=row["note"],
        given=tuple((who, level) for who, level in json.loads(row["given"])), folder_id=row["folder_id"],
        seen=row["seen"], seen_note=row["seen_note"],
    )  # fmt: skip
