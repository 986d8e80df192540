"""The steps of a wave as they were recorded, waivers of single files, and what the protocol asks of the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass

from spmigrate.store import clock
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave

_EXCEPTION = (
    " FROM transfer t JOIN item i ON i.id = t.item_id JOIN folder d ON d.id = i.folder_id"
    " JOIN mapping_row m ON m.row_id = t.row_id"
    " LEFT JOIN wave_waiver w ON w.id = (SELECT max(x.id) FROM wave_waiver x WHERE x.transfer_id = t.id"
    "  AND x.code = CASE WHEN t.outcome = 'failed' THEN coalesce(t.code, 'failed') ELSE t.verified END)"
    " WHERE t.wave_id = :wave AND t.superseded IS NULL AND t.gone IS NULL"
    " AND (t.outcome = 'failed' OR (t.outcome = 'copied' AND t.verified IN ('failed', 'unverifiable')))"
)


@dataclass(frozen=True, slots=True)
class Who:
    """Who did something: the role, the capacity in which it acts, the person, and what proves it."""

    signer: str
    role: str
    person: str
    evidence: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class StepEvent:
    """One thing that was recorded about a step of a wave; evidence, never altered."""

    id: int
    round: int
    at: str
    step: str
    event: str
    signer: str
    role: str
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class ExceptionItem:
    """A file that failed, or whose copy did not pass verification: `waived_by` is empty while nobody answers for it."""

    transfer_id: int
    path: str
    sheet_id: str
    code: str
    reason: str
    size: int
    waived_by: str
    waived_why: str


def record(ledger: Ledger, wave: Wave, step: str, event: str, who: Who, *, note: str = "") -> StepEvent:
    """Add to the record of a wave's steps."""
    at = clock.now()
    number = ledger.insert(
        "INSERT INTO wave_step(wave_id, round, at, step, event, signer, role, person, evidence, level, note)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (wave.id, wave.round, at, step, event, who.signer, who.role, who.person, who.evidence, who.level, note),
    )
    return StepEvent(number, wave.round, at, step, event, who.signer, who.role, who.evidence, note)


def events(ledger: Ledger, wave: Wave) -> list[StepEvent]:
    """All that was recorded of a wave's steps, oldest first."""
    rows = ledger.rows(
        "SELECT id, round, at, step, event, signer, role, evidence, note FROM wave_step WHERE wave_id = ? ORDER BY id",
        (wave.id,),
    )
    return [StepEvent(*row) for row in rows]


def exceptions(ledger: Ledger, wave: Wave, *, waived: bool | None = None) -> list[ExceptionItem]:
    """The files of a wave that somebody has to answer for: all, or those with a waiver, or without."""
    chosen = {None: "", True: " AND w.id IS NOT NULL", False: " AND w.id IS NULL"}[waived]
    rows = ledger.rows(
        "SELECT t.id, CASE WHEN d.path = '' THEN i.name ELSE d.path || '/' || i.name END, m.sheet_id,"
        " CASE WHEN t.outcome = 'failed' THEN coalesce(t.code, 'failed') ELSE t.verified END,"
        " coalesce(CASE WHEN t.outcome = 'failed' THEN t.reason ELSE t.verify_note END, ''), t.size,"
        f" coalesce(w.signer, ''), coalesce(w.reason, ''){_EXCEPTION}{chosen} ORDER BY t.id",
        {"wave": wave.id},
    )
    return [ExceptionItem(*row) for row in rows]


def count_exceptions(ledger: Ledger, wave: Wave, *, planned: bool | None = None) -> int:
    """How many of them have no waiver: all, those that planning refused before anything moved, or that failed later."""
    only = {
        None: "",
        True: " AND t.outcome = 'failed' AND t.batch_id IS NULL",
        False: " AND t.outcome = 'failed' AND t.batch_id IS NOT NULL",
    }[planned]
    row = ledger.one(f"SELECT count(*){_EXCEPTION} AND w.id IS NULL{only}", {"wave": wave.id})
    assert row is not None
    return int(row[0])


def waive(ledger: Ledger, wave: Wave, items: Iterable[ExceptionItem], who: Who, *, reason: str) -> None:
    """Record that somebody answers for each of these files as it is; another failure of it needs another waiver."""
    at = clock.now()
    ledger.execute_many(
        "INSERT INTO wave_waiver(wave_id, transfer_id, at, code, signer, role, person, reason)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        [(wave.id, each.transfer_id, at, each.code, who.signer, who.role, who.person, reason) for each in items],
    )


def count_unverified(ledger: Ledger, wave: Wave) -> int:
    """How many copies of a wave nobody has looked at yet."""
    row = ledger.one(
        "SELECT count(*) FROM transfer WHERE wave_id = ? AND outcome = 'copied' AND verified IS NULL"
        " AND superseded IS NULL AND gone IS NULL",
        (wave.id,),
    )
    assert row is not None
    return int(row[0])


def count_unexplained(ledger: Ledger, wave: Wave) -> int:
    """How many files lie among the copies of a wave that no wave put there, when it was verified last."""
    row = ledger.one("SELECT count(*) FROM unexplained WHERE wave_id = ?", (wave.id,))
    assert row is not None
    return int(row[0])


def missing_sites(ledger: Ledger, wave: Wave) -> list[str]:
    """The sites that files of a wave go to and that are planned and not made; of others the ledger knows nothing."""
    rows = ledger.rows(
        "SELECT DISTINCT t.site FROM transfer t JOIN site s ON s.address = t.site"
        " WHERE t.wave_id = ? AND t.superseded IS NULL AND t.gone IS NULL AND s.applied IS NULL ORDER BY t.site",
        (wave.id,),
    )
    return [row["site"] for row in rows]


def is_final(ledger: Ledger, wave: Wave) -> bool:
    """Whether the last round rests on scans that were begun after the freeze, as the last clean look found it."""
    frozen = ledger.one(
        "SELECT note FROM wave_step WHERE wave_id = ? AND step = 'freeze' AND event = 'clean' ORDER BY id DESC LIMIT 1",
        (wave.id,),
    )
    if frozen is None:
        return False
    since = str(frozen["note"]).partition(" ")[0]
    row = ledger.one(
        "SELECT min(c.started) AS begun FROM wave_round_scan r JOIN scan c ON c.id = r.scan_id"
        " WHERE r.wave_id = ? AND r.round = ?",
        (wave.id, wave.round),
    )
    return row is not None and row["begun"] is not None and str(row["begun"]) >= since


def sheets(ledger: Ledger, wave: Wave) -> list[str]:
    """The sheets of a wave's rows, of those that were not released."""
    rows = ledger.rows(
        "SELECT DISTINCT m.sheet_id FROM wave_row r JOIN mapping_row m ON m.row_id = r.row_id"
        " WHERE r.wave_id = ? AND r.released IS NULL ORDER BY m.sheet_id",
        (wave.id,),
    )
    return [row["sheet_id"] for row in rows]
