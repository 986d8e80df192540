"""The journal of packages: how far each one is, what is in it, and what became of that.

Every write is fenced by the lease of the batch: where it changes nothing, another run holds the batch by now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spmigrate.model import Outcome
from spmigrate.store import clock
from spmigrate.store.batches import Batch, LeaseLost, Moved
from spmigrate.store.ledger import Ledger, Row

_COLUMNS = (
    "id, batch_id, phase, secret, expires, archives, job_id, suspects, next_token, began, submitted, asked, looks,"
    " ending, note, created, errors, warnings, unknown_people"
)
_CHANGEABLE = frozenset(_COLUMNS.replace(" ", "").split(",")) - {"id", "batch_id", "began"}
_PUT = """
INSERT INTO package_file(package_id, transfer_id, file_id, blob, size, modified_ns, quickxor, sha256, outcome, code,
  reason, drive_id, target_id, etag, target_quickxor, adopted)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(package_id, transfer_id) DO UPDATE SET
  file_id = excluded.file_id, blob = excluded.blob, size = excluded.size, modified_ns = excluded.modified_ns,
  quickxor = excluded.quickxor, sha256 = excluded.sha256, outcome = excluded.outcome, code = excluded.code,
  reason = excluded.reason, drive_id = excluded.drive_id, target_id = excluded.target_id, etag = excluded.etag,
  target_quickxor = excluded.target_quickxor, adopted = excluded.adopted"""


@dataclass(frozen=True, slots=True)
class Package:
    """One package of a batch. `ending` is how its job ended; times are seconds since 1970."""

    id: int
    batch_id: int
    phase: str
    secret: str
    expires: float | None
    archives: bool
    job_id: str
    suspects: tuple[str, ...]
    next_token: str
    began: float
    submitted: float | None
    asked: float | None
    looks: int
    ending: str
    note: str
    created: int
    errors: int
    warnings: int
    unknown_people: int


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A transfer in a package: the blob that holds it once that is sent, what was read, and what became of it.

    A file in an archive has the name of its member as `blob`.
    """

    transfer_id: int
    file_id: str = ""
    blob: str = ""
    size: int | None = None
    modified_ns: int | None = None
    quickxor: str | None = None
    sha256: str | None = None
    outcome: Outcome | None = None
    code: str | None = None
    reason: str | None = None
    drive_id: str | None = None
    target_id: str | None = None
    etag: str | None = None
    target_quickxor: str | None = None
    adopted: bool = False


def open_package(ledger: Ledger, batch: Batch) -> Package | None:
    """The package of a batch that is not at its end; None when there is none."""
    row = ledger.one(
        f"SELECT {_COLUMNS} FROM package WHERE batch_id = ? AND phase NOT IN ('done', 'abandoned')"  # noqa: S608 - ours
        " ORDER BY id DESC LIMIT 1",
        (batch.id,),
    )
    return None if row is None else _package(row)


def begin(ledger: Ledger, batch: Batch, *, now: float, archives: bool) -> Package:
    """A new package of a batch."""
    with ledger.transaction():
        _must_hold(ledger, batch)
        number = ledger.insert(
            "INSERT INTO package(batch_id, phase, began, archives) VALUES(?, 'making', ?, ?)",
            (batch.id, now, int(archives)),
        )
        _note_step(ledger, number, "begun", "")
        row = ledger.one(f"SELECT {_COLUMNS} FROM package WHERE id = ?", (number,))  # noqa: S608 - our own columns
    assert row is not None
    return _package(row)


def move_on(ledger: Ledger, batch: Batch, package: Package, step: str = "", /, **changes: Any) -> Package:
    """Note a step of a package and what changed with it, in one durable write. Without a step, the change alone.

    Raises LeaseLost when somebody else has the batch by now; then nothing is written.
    """
    unknown = set(changes) - _CHANGEABLE
    assert not unknown, unknown
    plain = {name: _plain(value) for name, value in changes.items()}
    with ledger.transaction():
        _must_hold(ledger, batch)
        if plain:
            sets = ", ".join(f"{name} = :{name}" for name in plain)
            ledger.execute(f"UPDATE package SET {sets} WHERE id = :id", {**plain, "id": package.id})  # noqa: S608 - ours
        if step:
            _note_step(ledger, package.id, step, str(changes.get("note", "")))
        row = ledger.one(f"SELECT {_COLUMNS} FROM package WHERE id = ?", (package.id,))  # noqa: S608 - our own columns
    assert row is not None
    return _package(row)


def put_files(ledger: Ledger, batch: Batch, package: Package, files: Sequence[PackedFile], step: str = "") -> None:
    """Keep what is known of files of a package, in one durable write."""
    with ledger.transaction():
        _must_hold(ledger, batch)
        ledger.execute_many(
            _PUT,
            [
                (package.id, each.transfer_id, each.file_id, each.blob, each.size, each.modified_ns, each.quickxor,
                 each.sha256, each.outcome and str(each.outcome), each.code, each.reason, each.drive_id,
                 each.target_id, each.etag, each.target_quickxor, int(each.adopted))
                for each in files
            ],
        )  # fmt: skip
        if step:
            _note_step(ledger, package.id, step, "")


def files_of(ledger: Ledger, package: Package) -> dict[int, PackedFile]:
    """The files of a package, by their transfers."""
    rows = ledger.rows(
        "SELECT transfer_id, file_id, blob, size, modified_ns, quickxor, sha256, outcome, code, reason, drive_id,"
        " target_id, etag, target_quickxor, adopted FROM package_file WHERE package_id = ? ORDER BY transfer_id",
        (package.id,),
    )
    return {
        row["transfer_id"]: PackedFile(
            transfer_id=row["transfer_id"], file_id=row["file_id"], blob=row["blob"], size=row["size"],
            modified_ns=row["modified_ns"], quickxor=row["quickxor"], sha256=row["sha256"],
            outcome=Outcome(row["outcome"]) if row["outcome"] else None, code=row["code"], reason=row["reason"],
            drive_id=row["drive_id"], target_id=row["target_id"], etag=row["etag"],
            target_quickxor=row["target_quickxor"], adopted=bool(row["adopted"]),
        )
        for row in rows
    }  # fmt: skip


def moved(batch: Batch, size: int, file: PackedFile) -> Moved:
    """The outcome of a file as the ledger's waves take it; `size` is that of its transfer."""
    assert file.outcome is not None, "files without an outcome go back"
    copied = file.outcome is Outcome.COPIED or file.target_id is not None
    return Moved(
        transfer_id=file.transfer_id, batch_id=batch.id, size=size, outcome=file.outcome, code=file.code,
        reason=file.reason, drive_id=file.drive_id, target_id=file.target_id, etag=file.etag,
        quickxor=file.quickxor if copied else None, sha256=file.sha256 if copied else None,
        copied_size=file.size if copied else None, modified_ns=file.modified_ns if copied else None,
        target_quickxor=file.target_quickxor, adopted=file.adopted,
    )  # fmt: skip


def tried(ledger: Ledger, transfer_ids: Sequence[int]) -> Mapping[int, int]:
    """In how many packages whose jobs have ended each transfer was sent."""
    found: dict[int, int] = {}
    for start in range(0, len(transfer_ids), 500):
        chunk = tuple(transfer_ids[start : start + 500])
        marks = ",".join("?" * len(chunk))
        for row in ledger.rows(
            "SELECT f.transfer_id, count(*) AS packages FROM package_file f JOIN package p ON p.id = f.package_id"  # noqa: S608 - marks
            f" WHERE f.transfer_id IN ({marks}) AND f.blob <> '' AND p.phase IN ('ended', 'done')"
            " GROUP BY f.transfer_id ORDER BY f.transfer_id",
            chunk,
        ):
            found[row["transfer_id"]] = row["packages"]
    return found


def known_jobs(ledger: Ledger) -> frozenset[str]:
    """The ids of all jobs that are known to be somebody's of this ledger."""
    return frozenset(row["job_id"] for row in ledger.rows("SELECT job_id FROM package WHERE job_id <> '' ORDER BY id"))


def archives_work(ledger: Ledger) -> bool:
    """Whether archives may be used: not after the last package with some was refused as a whole."""
    row = ledger.one("SELECT ending FROM package WHERE archives > 0 AND ending <> '' ORDER BY id DESC LIMIT 1")
    return row is None or row["ending"] != "fatal"


def steps(ledger: Ledger, batch_id: int) -> list[tuple[int, str, str]]:
    """What was done for a batch, in order: package, step, note."""
    rows = ledger.rows(
        "SELECT s.package_id, s.step, s.note FROM package_step s JOIN package p ON p.id = s.package_id"
        " WHERE p.batch_id = ? ORDER BY s.id",
        (batch_id,),
    )
    return [(row["package_id"], row["step"], row["note"]) for row in rows]


def secrets_in_use(ledger: Ledger) -> frozenset[str]:
    """The ids of sealed secrets that packages still need."""
    return frozenset(row["secret"] for row in ledger.rows("SELECT secret FROM package WHERE secret <> '' ORDER BY id"))


def unknown_people(ledger: Ledger, wave_id: int) -> int:
    """How many people of a wave's packages the service could not find: their files show System Account."""
    row = ledger.one(
        "SELECT coalesce(sum(p.unknown_people), 0) AS people FROM package p JOIN batch b ON b.id = p.batch_id"
        " WHERE b.wave_id = ?",
        (wave_id,),
    )
    return int(row["people"]) if row else 0


def _note_step(ledger: Ledger, package_id: int, step: str, note: str) -> None:
    ledger.execute(
        "INSERT INTO package_step(package_id, at, step, note) VALUES(?, ?, ?, ?)", (package_id, clock.now(), step, note)
    )


def _must_hold(ledger: Ledger, batch: Batch) -> None:
    held = ledger.one(
        "SELECT 1 AS held FROM batch WHERE id = ? AND lease_token = ? AND state = 'leased'", (batch.id, batch.token)
    )
    if held is None:
        raise LeaseLost([batch.id])


def _package(row: Row) -> Package:
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a database row iterates its values
    values["archives"] = bool(values["archives"])
    values["suspects"] = tuple(values["suspects"].split())
    return Package(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return " ".join(value) if isinstance(value, tuple) else value
