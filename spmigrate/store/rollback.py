"""What a wave put into a library, beside what is seen there now, and the journal of taking it away again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave

_CHUNK = 1000
_MADE = """
SELECT t.id, t.target_id, t.etag, t.copied_size, t.copied_modified_ns, coalesce(t.target_quickxor, t.quickxor) AS hash,
  t.target_folder, t.target_name, g.id AS seen, g.deleted, g.size, g.modified, g.quickxor AS seen_hash,
  g.etag AS seen_etag,
  (SELECT count(*) FROM outcome_event v WHERE v.transfer_id = t.id AND v.note = 'adopted') AS adopted
FROM transfer t LEFT JOIN sight g ON g.id = t.target_id
WHERE t.wave_id = :wave AND t.outcome = 'copied' AND t.site = :site AND t.library = :library AND t.id > :after
  AND NOT EXISTS (SELECT 1 FROM transfer x WHERE x.wave_id = t.wave_id AND x.target_id = t.target_id
    AND x.outcome = 'copied' AND x.id > t.id)
  AND NOT EXISTS (SELECT 1 FROM wave_undo u WHERE u.wave_id = t.wave_id AND u.target_id = t.target_id
    AND u.event = 'removed')
ORDER BY t.id LIMIT :most"""
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that a wave put into a library: its recorded eTag, and what is seen of it now.

    `same_content` is by hash, size and time; `adopted` that it was found there after an attempt that did not end.
    """

    target_id: str
    path: str
    size: int
    etag: str
    seen_etag: str
    is_there: bool
    same_content: bool
    adopted: bool


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file among those of a wave that the wave did not put there."""

    target_id: str
    path: str
    size: int
    etag: str


def libraries(ledger: Ledger, wave: Wave) -> list[tuple[str, str]]:
    """Site and library of everything that a wave ever copied, gone at the source or not."""
    rows = ledger.rows(
        "SELECT DISTINCT site, library FROM transfer WHERE wave_id = ? AND outcome = 'copied' ORDER BY site, library",
        (wave.id,),
    )
    return [(row["site"], row["library"]) for row in rows]


def made(ledger: Ledger, wave: Wave, site: str, library: str) -> Iterator[MadeFile]:
    """What a wave put into a library and no rollback took away; the library's sights must be kept."""
    after = 0
    given = {"wave": wave.id, "site": site, "library": library, "most": _CHUNK}
    while rows := list(ledger.rows(_MADE, {**given, "after": after})):
        after = rows[-1]["id"]
        for row in rows:
            there = row["seen"] is not None and not row["deleted"]
            same = (row["seen_hash"], row["size"], row["modified"]) == (
                row["hash"], row["copied_size"], (row["copied_modified_ns"] or 0) // _SECOND,
            )  # fmt: skip
            yield MadeFile(
                target_id=row["target_id"], path="/".join(filter(None, (row["target_folder"], row["target_name"]))),
                size=row["copied_size"] or 0, etag=row["etag"] or "", seen_etag=row["seen_etag"] or "",
                is_there=there, same_content=there and same, adopted=bool(row["adopted"]),
            )  # fmt: skip


def foreign(ledger: Ledger, wave: Wave, site: str, library: str, *, root_id: str, since: int) -> Iterator[Foreign]:
    """Files in the folders of a wave, and below them, that came or changed since it was planned and are no wave's."""
    homes = {
        row["parent_id"]
        for row in ledger.rows(
            "SELECT DISTINCT g.parent_id FROM transfer t JOIN sight g ON g.id = t.target_id"
            " WHERE t.wave_id = ? AND t.outcome = 'copied' AND t.site = ? AND t.library = ?",
            (wave.id, site, library),
        )
    }
    ways: dict[str, tuple[str, ...]] = {}
    for row in ledger.rows(
        "SELECT g.id, g.name, g.size, g.parent_id, g.etag FROM sight g WHERE g.folder = 0 AND g.deleted = 0"
        " AND (g.created >= :since OR g.modified >= :since)"
        " AND NOT EXISTS (SELECT 1 FROM transfer o WHERE o.target_id = g.id) ORDER BY g.id",
        {"since": since},
    ):
        way = _way(ledger, row["parent_id"], root_id, ways)
        if homes.intersection(way):
            names = [_name(ledger, each) for each in reversed(way) if each != root_id]
            yield Foreign(row["id"], "/".join([*names, row["name"]]), row["size"], row["etag"])


def folders(ledger: Ledger, wave: Wave, site: str, library: str, *, root_id: str, since: int) -> list[tuple[str, str]]:
    """The folders with copies of a wave, and those around them, made since it was planned; innermost first, by path."""
    ways: dict[str, tuple[str, ...]] = {}
    found: dict[str, str] = {}
    for row in list(
        ledger.rows(
            "SELECT DISTINCT g.parent_id FROM transfer t JOIN sight g ON g.id = t.target_id"
            " WHERE t.wave_id = ? AND t.outcome = 'copied' AND t.site = ? AND t.library = ? ORDER BY g.parent_id",
            (wave.id, site, library),
        )
    ):
        way = _way(ledger, row["parent_id"], root_id, ways)
        for start, folder_id in enumerate(way):
            made_then = ledger.one("SELECT created FROM sight WHERE id = ? AND deleted = 0", (folder_id,))
            if folder_id != root_id and made_then is not None and made_then["created"] >= since:
                inner = [each for each in reversed(way[start:]) if each != root_id]
                found[folder_id] = "/".join(_name(ledger, each) for each in inner)
    return sorted(found.items(), key=lambda each: (-each[1].count("/"), each[1]))


def _way(ledger: Ledger, folder_id: str, root_id: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A folder and those around it, innermost first, as far as they were seen."""
    if folder_id not in known:
        row = ledger.one("SELECT parent_id FROM sight WHERE id = ? AND deleted = 0", (folder_id,))
        around = row["parent_id"] if row is not None and folder_id != root_id else None
        known[folder_id] = (folder_id, *(_way(ledger, around, root_id, known) if around else ()))
    return known[folder_id]


def _name(ledger: Ledger, folder_id: str) -> str:
    row = ledger.one("SELECT name FROM sight WHERE id = ?", (folder_id,))
    return str(row["name"]) if row is not None else ""


def note(ledger: Ledger, wave: Wave, event: str, entries: Iterable[tuple[str, str, str]]) -> None:
    """Add to the journal of a rollback: target id, path and a note of each."""
    at = clock.now()
    ledger.execute_many(
        "INSERT INTO wave_undo(wave_id, at, target_id, path, event, note) VALUES(?, ?, ?, ?, ?, ?)",
        [(wave.id, at, target_id, path, event, text) for target_id, path, text in entries],
    )


def exported(ledger: Ledger, wave: Wave) -> set[tuple[str, str]]:
    """What was exported already: target ids, each with the eTag or place that it had."""
    rows = ledger.rows(
        "SELECT target_id, note FROM wave_undo WHERE wave_id = ? AND event = 'exported' ORDER BY id", (wave.id,)
    )
    return {(row["target_id"], row["note"]) for row in rows}


def counts(ledger: Ledger, wave: Wave) -> dict[str, int]:
    """How many files and folders the journal of a rollback has of each event."""
    rows = ledger.rows(
        "SELECT event, count(DISTINCT target_id) AS items FROM wave_undo WHERE wave_id = ? GROUP BY event"
        " ORDER BY event",
        (wave.id,),
    )
    return {row["event"]: row["items"] for row in rows}


def close(ledger: Ledger, wave: Wave) -> None:
    """Let nothing of a wave run any more: its batches end, it is rolled back, and its rows may join another wave."""
    with ledger.transaction():
        ledger.execute(
            "UPDATE batch SET state = 'cancelled' WHERE wave_id = ? AND state IN ('queued', 'held', 'leased')",
            (wave.id,),
        )
        ledger.execute(
            "UPDATE wave_row SET released = ? WHERE wave_id = ? AND released IS NULL", (clock.now(), wave.id)
        )
        ledger.execute("UPDATE wave SET state = 'rolled back' WHERE id = ?", (wave.id,))


def pieces(found: Iterable[MadeFile], size: int) -> Iterator[Sequence[MadeFile]]:
    """So many at a time: each piece is one durable step of the journal."""
    waiting: list[MadeFile] = []
    for each in found:
        waiting.append(each)
        if len(waiting) == size:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
