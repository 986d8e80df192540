"""Batches as they are planned: what has to move, how much of it there is, and which route each batch takes and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spmigrate.model import Amount
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

_IS_NOTEBOOK = (
    "EXISTS (SELECT 1 FROM finding n JOIN source s ON s.scan_id = n.scan_id"
    " WHERE n.folder_id = f.id AND n.item_id IS NULL AND n.code = 'ONENOTE' AND s.id = f.source_id)"
)
_NOTEBOOK = (
    "WITH RECURSIVE above(id, parent_id, path, height) AS ("  # noqa: S608 - ours
    f" SELECT f.id, f.parent_id, f.path, 0 FROM folder f WHERE f.id = ? AND {_IS_NOTEBOOK}"
    " UNION ALL SELECT f.id, f.parent_id, f.path, a.height + 1 FROM above a JOIN folder f ON f.id = a.parent_id"
    f" WHERE {_IS_NOTEBOOK}) SELECT id, path FROM above ORDER BY height DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class RouteTotal:
    """What goes by one route for one reason."""

    route: str
    why: str
    batches: int
    amount: Amount


def loads(ledger: Ledger, wave: Wave) -> Iterator[Row]:
    """Transfers that have to move, in order: id, size, site, library, target_name, action, kind and reach.

    `name`, `folder_id` and `folder` say where each lies at its source.
    """
    return ledger.rows(
        "SELECT t.id, t.size, t.site, t.library, t.target_name, t.action, s.kind, s.reach, i.name, i.folder_id,"
        " d.path AS folder FROM transfer t"
        " JOIN item i ON i.id = t.item_id JOIN folder d ON d.id = i.folder_id JOIN source s ON s.id = i.source_id"
        " WHERE t.wave_id = ? AND t.round = ? AND t.state <> 'finished' AND t.batch_id IS NULL ORDER BY t.id",
        (wave.id, wave.round),
    )


def notebook_of(ledger: Ledger, folder_id: int) -> tuple[int, str] | None:
    """The OneNote notebook that a folder is, or is a group of sections of: its folder and path, None when it is none.

    By what the last scan says of the folder and of those above it.
    """
    row = ledger.one(_NOTEBOOK, (folder_id,))
    return None if row is None else (row["id"], row["path"])


def new_files(ledger: Ledger, wave: Wave) -> dict[tuple[str, str], int]:
    """How many files the present round of a wave has to copy into each library that it has something for."""
    rows = ledger.rows(
        "SELECT site, library, count(*) AS files FROM transfer WHERE wave_id = ? AND round = ?"
        " AND state <> 'finished' AND batch_id IS NULL AND action = 'copy' GROUP BY site, library"
        " ORDER BY site, library",
        (wave.id, wave.round),
    )
    return {(row["site"], row["library"]): row["files"] for row in rows}


def routes(ledger: Ledger, wave: Wave) -> list[RouteTotal]:
    """What goes by which route in the present round of a wave, and why: most files first."""
    rows = ledger.rows(
        "SELECT route, why, count(*) AS batches, sum(items) AS items, sum(bytes) AS bytes FROM batch"
        " WHERE wave_id = ? AND round = ? GROUP BY route, why ORDER BY items DESC, route, why",
        (wave.id, wave.round),
    )
    return [RouteTotal(row["route"], row["why"], row["batches"], Amount(row["items"], row["bytes"])) for row in rows]


def add_batch(
    ledger: Ledger, wave: Wave, *, site: str, library: str, route: str, why: str, size: int,
    transfer_ids: Iterable[int], reach: str = "",
) -> None:  # fmt: skip
    """A batch of these transfers, queued, by a route that was chosen for the reason `why`."""
    ids = list(transfer_ids)
    batch_id = ledger.insert(
        "INSERT INTO batch(wave_id, round, route, why, site, library, state, items, bytes, reach)"
        " VALUES(?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)",
        (wave.id, wave.round, route, why, site, library, len(ids), size, reach),
    )
    ledger.execute_many("UPDATE transfer SET batch_id = ? WHERE id = ?", [(batch_id, each) for each in ids])
