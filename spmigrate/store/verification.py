"""What verification saw at the destination, beside what the wave says it copied."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Sight:
    """One item as the destination lists it now. `modified` is in seconds since 1970."""

    id: str
    size: int
    modified: int
    quickxor: str | None
    etag: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """One copied transfer, what was recorded of it, and what is seen of it now (None: nothing)."""

    id: int
    root: str
    path: bytes
    name: bytes
    target_name: str
    target_id: str
    size: int
    modified_ns: int
    quickxor: str
    sha256: str
    sight: Sight | None


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
        "SELECT DISTINCT site, library FROM transfer WHERE wave_id = ? AND outcome = 'copied' ORDER BY site, library",
        (wave.id,),
    )
    return [(row["site"], row["library"]) for row in rows]


def keep_sights(ledger: Ledger, sights: Iterable[Sight]) -> None:
    """Remember a listing of one library for as long as the ledger is open; of an id seen twice the last counts."""
    ledger.execute(
        "CREATE TEMP TABLE IF NOT EXISTS sight(id TEXT PRIMARY KEY, size INTEGER, modified INTEGER, quickxor TEXT,"
        " etag TEXT, deleted INTEGER) WITHOUT ROWID"
    )
    ledger.execute("DELETE FROM sight")
    ledger.execute_many(
        "INSERT OR REPLACE INTO sight VALUES(?, ?, ?, ?, ?, ?)",
        ((each.id, each.size, each.modified, each.quickxor, each.etag, each.deleted) for each in sights),
    )


def copied(ledger: Ledger, wave: Wave, site: str, library: str) -> Iterator[list[Copied]]:
    """What a wave copied to a library, with the kept sight of each, in chunks; write verdicts between them."""
    after = 0
    while True:
        rows = list(
            ledger.rows(
                "SELECT t.id, s.root, d.raw AS path, i.raw AS name, t.target_name, t.target_id, t.copied_size,"
                " t.copied_modified_ns, t.quickxor, t.sha256, g.id AS seen, g.size, g.modified,"
                " g.quickxor AS theirs, g.etag, g.deleted"
                " FROM transfer t JOIN item i ON i.id = t.item_id JOIN folder d ON d.id = i.folder_id"
                " JOIN source s ON s.id = i.source_id LEFT JOIN sight g ON g.id = t.target_id"
                " WHERE t.id > ? AND t.wave_id = ? AND t.outcome = 'copied' AND t.site = ? AND t.library = ?"
                " ORDER BY t.id LIMIT ?",
                (after, wave.id, site, library, _CHUNK),
            )
        )
        if not rows:
            return
        after = rows[-1]["id"]
        yield [_copied(row) for row in rows]


def _copied(row: Row) -> Copied:
    sight = None
    if row["seen"] is not None:
        sight = Sight(
            id=row["seen"], size=row["size"], modified=row["modified"], quickxor=row["theirs"], etag=row["etag"],
            deleted=bool(row["deleted"]),
        )  # fmt: skip
    return Copied(
        id=row["id"], root=row["root"], path=row["path"], name=row["name"], target_name=row["target_name"],
        target_id=row["target_id"], size=row["copied_size"], modified_ns=row["copied_modified_ns"],
        quickxor=row["quickxor"], sha256=row["sha256"], sight=sight,
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
            " WHERE wave_id = :wave AND outcome = 'copied' AND site = :site AND library = :library",
            where,
        )
        ledger.execute(
            "INSERT INTO outcome_event(transfer_id, at, event, code, note)"
            " SELECT id, :at, 'verified', 'unverifiable', :note FROM transfer"
            " WHERE wave_id = :wave AND outcome = 'copied' AND site = :site AND library = :library ORDER BY id",
            where,
        )


def counts(ledger: Ledger, wave: Wave) -> dict[str, int]:
    """Copied items by what verification says of them; `not yet` before it ran."""
    rows = ledger.rows(
        "SELECT coalesce(verified, 'not yet'), count(*) FROM transfer WHERE wave_id = ? AND outcome = 'copied'"
        " GROUP BY 1 ORDER BY 1",
        (wave.id,),
    )
    return dict(tuple(row) for row in rows)


def problems(ledger: Ledger, wave: Wave, limit: int) -> list[tuple[str, str, str]]:
    """Items that did not pass: verdict, path at the destination, note."""
    rows = ledger.rows(
        "SELECT verified, site || '/' || library || '/' || CASE target_folder WHEN '' THEN '' ELSE target_folder || '/'"
        " END || target_name, verify_note FROM transfer WHERE wave_id = ? AND outcome = 'copied'"
        " AND verified IN ('failed', 'unverifiable') ORDER BY verified, id LIMIT ?",
        (wave.id, limit),
    )
    return [(row[0], row[1], row[2] or "") for row in rows]
