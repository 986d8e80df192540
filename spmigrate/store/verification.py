"""What verification saw at the destination, beside what the wave says it copied."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import islice

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

_CHUNK = 1000
_COPIED = """
SELECT t.id, s.kind, s.root, d.raw AS path, i.raw AS name, t.target_folder, t.target_name, t.target_id, t.copied_size,
  t.copied_modified_ns, t.quickxor, t.sha256, g.id AS seen, g.size, g.modified, g.quickxor AS theirs, g.etag,
  g.deleted, g.name AS seen_name, g.parent_id
FROM transfer t JOIN item i ON i.id = t.item_id JOIN folder d ON d.id = i.folder_id JOIN source s ON s.id = i.source_id
  LEFT JOIN sight g ON g.id = t.target_id
WHERE t.wave_id = ? AND t.outcome = 'copied' AND t.site = ? AND t.library = ? AND t.id > ?
  AND t.superseded IS NULL AND t.gone IS NULL ORDER BY t.id LIMIT ?"""
_KEEP = """
INSERT INTO sight(id, size, modified, quickxor, etag, deleted, name, parent_id, folder, created)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET size = excluded.size, modified = excluded.modified,
  quickxor = excluded.quickxor, etag = excluded.etag, deleted = excluded.deleted, name = excluded.name,
  parent_id = excluded.parent_id, folder = excluded.folder, created = excluded.created"""
_UNEXPLAINED = """
SELECT g.id, g.name, g.size, g.parent_id FROM sight g
WHERE g.folder = 0 AND g.deleted = 0 AND g.created >= :since AND g.parent_id IN (
    SELECT p.parent_id FROM transfer t JOIN sight p ON p.id = t.target_id
    WHERE t.wave_id = :wave AND t.outcome = 'copied' AND t.site = :site AND t.library = :library)
  AND NOT EXISTS (SELECT 1 FROM transfer o WHERE o.target_id = g.id)
ORDER BY g.id"""


@dataclass(frozen=True, slots=True)
class Sight:
    """One file or folder as the destination lists it now. `modified` and `created` are in seconds since 1970."""

    id: str
    size: int
    modified: int
    quickxor: str | None
    etag: str
    deleted: bool
    name: str
    parent_id: str
    folder: bool = False
    created: int = 0


@dataclass(frozen=True, slots=True)
class Copied:
    """One copied transfer, what was recorded of it, and what is seen of it now (None: nothing).

    `seen_in` is the path of the folder, below its library, in which it lies now; None when that is not known. `kind` is
    that of its source.
    """

    id: int
    root: str
    path: bytes
    name: bytes
    target_folder: str
    target_name: str
    target_id: str
    size: int
    modified_ns: int
    quickxor: str
    sha256: str
    sight: Sight | None
    seen_in: str | None
    kind: str = "folder"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification says of a transfer: exact, equal in content, failed or unverifiable."""

    transfer_id: int
    verified: str
    note: str | None = None
    target_quickxor: str | None = None
    etag: str | None = None


def libraries(ledger: Ledger, wave: Wave) -> list[tuple[str, str]]:
    """Site and library of everything that a wave copied."""
    rows = ledger.rows(
        "SELECT DISTINCT site, library FROM transfer WHERE wave_id = ? AND outcome = 'copied'"
        " AND superseded IS NULL AND gone IS NULL ORDER BY site, library",
        (wave.id,),
    )
    return [(row["site"], row["library"]) for row in rows]


def keep_sights(ledger: Ledger, sights: Iterator[Sight]) -> None:
    """Remember a listing of one library for as long as the ledger is open; of an id seen twice the last counts.

    No transaction is open while the next sights are fetched: others may write to the ledger meanwhile.
    """
    ledger.execute(
        "CREATE TEMP TABLE IF NOT EXISTS sight(id TEXT PRIMARY KEY, size INTEGER, modified INTEGER, quickxor TEXT,"
        " etag TEXT, deleted INTEGER, name TEXT, parent_id TEXT, folder INTEGER, created INTEGER) WITHOUT ROWID"
    )
    ledger.execute("DELETE FROM sight")
    while chunk := list(islice(sights, _CHUNK)):
        ledger.execute_many(_KEEP, [tuple(map(_plain, astuple(each))) for each in chunk])


def copied(ledger: Ledger, wave: Wave, site: str, library: str, *, root_id: str) -> Iterator[list[Copied]]:
    """What a wave copied to a library, with the kept sight of each, in chunks; write verdicts between them.

    `root_id` is the library's own folder, from which paths count.
    """
    after = 0
    while rows := list(ledger.rows(_COPIED, (wave.id, site, library, after, _CHUNK))):
        after = rows[-1]["id"]
        places = {each: _path(ledger, each, root_id) for each in {row["parent_id"] for row in rows} if each}
        yield [_copied(row, places.get(row["parent_id"])) for row in rows]


def _path(ledger: Ledger, folder_id: str, root_id: str) -> str | None:
    """The path of a folder that was seen, None when the way up to the library's root is not complete."""
    found = list(
        ledger.rows(
            "WITH RECURSIVE up(id, name, parent_id, depth) AS ("
            " SELECT id, name, parent_id, 0 FROM sight WHERE id = :start AND deleted = 0"
            " UNION ALL SELECT s.id, s.name, s.parent_id, depth + 1 FROM up JOIN sight s ON s.id = up.parent_id"
            " WHERE up.id <> :root AND s.deleted = 0 AND depth < 400) SELECT id, name FROM up ORDER BY depth",
            {"start": folder_id, "root": root_id},
        )
    )
    if not found or found[-1]["id"] != root_id:
        return None
    return "/".join(row["name"] for row in reversed(found[:-1]))


def _plain(value: object) -> object:
    """A value as columns take it: yes and no as numbers."""
    return int(value) if isinstance(value, bool) else value


def _copied(row: Row, seen_in: str | None) -> Copied:
    sight = None
    if row["seen"] is not None:
        sight = Sight(
            id=row["seen"], size=row["size"], modified=row["modified"], quickxor=row["theirs"], etag=row["etag"],
            deleted=bool(row["deleted"]), name=row["seen_name"], parent_id=row["parent_id"],
        )  # fmt: skip
    return Copied(
        id=row["id"], root=row["root"], path=row["path"], name=row["name"], target_folder=row["target_folder"],
        target_name=row["target_name"], target_id=row["target_id"], size=row["copied_size"],
        modified_ns=row["copied_modified_ns"], quickxor=row["quickxor"], sha256=row["sha256"], sight=sight,
        seen_in=seen_in, kind=row["kind"],
    )  # fmt: skip


def record(ledger: Ledger, verdicts: Sequence[Verdict]) -> None:
    """Write verdicts, and put each into the evidence."""
    at = clock.now()
    with ledger.transaction():
        ledger.execute_many(
            "UPDATE transfer SET verified = ?, verify_note = ?, target_quickxor = coalesce(?, target_quickxor),"
            " etag = coalesce(?, etag) WHERE id = ?",
            [(each.verified, each.note, each.target_quickxor, each.etag, each.transfer_id) for each in verdicts],
        )
        ledger.execute_many(
            "INSERT INTO outcome_event(transfer_id, at, event, code, note) VALUES(?, ?, 'verified', ?, ?)",
            [(each.transfer_id, at, each.verified, each.note) for each in verdicts],
        )


def record_unseen(ledger: Ledger, wave: Wave, site: str, library: str, note: str) -> None:
    """Nothing that was copied to this library could be looked at."""
    where = {"note": note, "at": clock.now(), "wave": wave.id, "site": site, "library": library}
    with ledger.transaction():
        ledger.execute(
            "UPDATE transfer SET verified = 'unverifiable', verify_note = :note"
            " WHERE wave_id = :wave AND outcome = 'copied' AND site = :site AND library = :library"
            " AND superseded IS NULL AND gone IS NULL",
            where,
        )
        ledger.execute(
            "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
            " SELECT id, :at, 'verified', 'unverifiable', :note FROM transfer"
            " WHERE wave_id = :wave AND outcome = 'copied' AND site = :site AND library = :library"
            " AND superseded IS NULL AND gone IS NULL ORDER BY id",
            where,
        )


def keep_unexplained(ledger: Ledger, wave: Wave, site: str, library: str, *, root_id: str, since: int) -> None:
    """Note the files that lie among what a wave copied to this library and that no wave put there.

    `since`, in seconds since 1970: what was there before was somebody's already, and is no question of this wave.
    """
    where = {"wave": wave.id, "site": site, "library": library}
    found = list(ledger.rows(_UNEXPLAINED, {**where, "since": since}))
    places = {each: _path(ledger, each, root_id) or "?" for each in {row["parent_id"] for row in found}}
    with ledger.transaction():
        ledger.execute("DELETE FROM unexplained WHERE wave_id = :wave AND site = :site AND library = :library", where)
        ledger.execute_many(
            "INSERT INTO unexplained(wave_id, target_id, site, library, path, size) VALUES(?, ?, ?, ?, ?, ?)",
            [
                (wave.id, row["id"], site, library, "/".join(filter(None, (places[row["parent_id"]], row["name"]))),
                 row["size"])
                for row in found
            ],
        )  # fmt: skip


def unexplained(ledger: Ledger, wave: Wave, limit: int) -> tuple[int, list[str]]:
    """How many files the last verification could not explain, and where the first of them lie."""
    row = ledger.one("SELECT count(*) AS items FROM unexplained WHERE wave_id = ?", (wave.id,))
    places = ledger.rows(
        "SELECT site, library, path FROM unexplained WHERE wave_id = ? ORDER BY site, library, path LIMIT ?",
        (wave.id, limit),
    )
    return (row["items"] if row else 0), ["/".join(each) for each in places]


def counts(ledger: Ledger, wave: Wave) -> dict[str, int]:
    """Copied items by what verification says of them; `not yet` before it ran."""
    rows = ledger.rows(
        "SELECT coalesce(verified, 'not yet'), count(*) FROM transfer WHERE wave_id = ? AND outcome = 'copied'"
        " AND superseded IS NULL AND gone IS NULL GROUP BY 1 ORDER BY 1",
        (wave.id,),
    )
    return dict(tuple(row) for row in rows)


def count_noted(ledger: Ledger, wave: Wave, note: str) -> int:
    """How many copies verification failed with these words."""
    row = ledger.one(
        "SELECT count(*) AS items FROM transfer WHERE wave_id = ? AND outcome = 'copied' AND verified = 'failed'"
        " AND verify_note = ? AND superseded IS NULL AND gone IS NULL",
        (wave.id, note),
    )
    return row["items"] if row else 0


def problems(ledger: Ledger, wave: Wave, limit: int) -> list[tuple[str, str, str]]:
    """Items that did not pass: verdict, path at the destination, note."""
    rows = ledger.rows(
        "SELECT verified, site || '/' || library || '/' || CASE target_folder WHEN '' THEN '' ELSE target_folder || '/'"
        " END || target_name, verify_note FROM transfer WHERE wave_id = ? AND outcome = 'copied'"
        " AND superseded IS NULL AND gone IS NULL AND verified IN ('failed', 'unverifiable')"
        " ORDER BY verified, id LIMIT ?",
        (wave.id, limit),
    )
    return [(row[0], row[1], row[2] or "") for row in rows]
