"""Batches in the ledger: an intent before each transfer, its result after it, fenced by the lease of its batch.

Every write after a claim carries the lease's token; where it changes nothing the lease is lost and so is the work.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spmigrate.errors import LedgerError
from spmigrate.model import Outcome
from spmigrate.store import clock
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave

LEASE_SECONDS = 60.0
RENEW_SECONDS = 20.0
"""A lease, and how often it is renewed: a machine that died is taken over from after a minute."""

# One statement for many rows: each call of SQLite lets the other threads run first, which costs more than the work.
_INTEND = "UPDATE transfer SET state = 'copying' WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))"
_FINISH = """
UPDATE transfer SET state = 'finished', outcome = json_extract(r.value, '$[1]'), code = json_extract(r.value, '$[2]'),
  reason = json_extract(r.value, '$[3]'), drive_id = json_extract(r.value, '$[4]'),
  target_id = json_extract(r.value, '$[5]'), etag = json_extract(r.value, '$[6]'),
  quickxor = json_extract(r.value, '$[7]'), sha256 = json_extract(r.value, '$[8]'),
  copied_size = CAST(json_extract(r.value, '$[9]') AS INTEGER),
  copied_modified_ns = CAST(json_extract(r.value, '$[10]') AS INTEGER),
  target_quickxor = json_extract(r.value, '$[11]'), at = :at
FROM json_each(:results) r WHERE transfer.id = CAST(json_extract(r.value, '$[0]') AS INTEGER)"""
_FINISHED_EVENTS = """
INSERT INTO outcome_event(transfer_id, at, event, code, note)
SELECT CAST(json_extract(value, '$[0]') AS INTEGER), :at, json_extract(value, '$[1]'), json_extract(value, '$[2]'),
  json_extract(value, '$[12]') FROM json_each(:results)"""
_COUNT_AGAINST = (
    "UPDATE transfer SET attempts = attempts + 1 WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))"
)
_RETURNED_EVENTS = """
INSERT INTO outcome_event(transfer_id, at, event, code, note)
SELECT CAST(json_extract(value, '$[0]') AS INTEGER), :at, 'returned', json_extract(value, '$[1]'),
  json_extract(value, '$[2]')
FROM json_each(:results)"""


class LeaseLost(LedgerError):
    """Batches were taken over, held back or cancelled by others: nothing of them may be written any more."""

    def __init__(self, batch_ids: Iterable[int]) -> None:
        self.batch_ids = frozenset(batch_ids)
        named = ", ".join(str(each) for each in sorted(self.batch_ids))
        super().__init__(f"batch {named} was taken over by another run", hint="let one run finish, then run this again")


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that this process holds, the route that it takes, and how much is left of it.

    `former` is who held it when its lease ran out: that machine died, and this one goes on.
    """

    id: int
    site: str
    library: str
    token: str
    route: str = "session"
    items: int = 0
    bytes: int = 0
    former: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One file to move. `path` and `name` are the bytes of the file system; `intended` means that an earlier attempt
    may have landed, `attempts` how often the service did not take it.

    `source_kind` says how its root is reached (folder, smb, sharepoint). `action` is copy, replace or rename; the copy
    to replace or to rename is `known_id`, and `known_etag` what it was like when we left it there. `secret` is the id
    of a sealed upload session. `row_id` is the row of its sheet, `modified_ns` the time that the scan saw.
    """

    id: int
    batch_id: int
    root: str
    path: bytes
    name: bytes
    size: int
    created_ns: int | None
    target_folder: str
    target_name: str
    intended: bool
    attempts: int
    source_kind: str = "folder"
    action: str = "copy"
    known_id: str | None = None
    known_etag: str | None = None
    secret: str | None = None
    row_id: str = ""
    modified_ns: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one transfer, with the evidence of it."""

    transfer_id: int
    batch_id: int
    size: int
    outcome: Outcome
    code: str | None = None
    reason: str | None = None
    drive_id: str | None = None
    target_id: str | None = None
    etag: str | None = None
    quickxor: str | None = None
    sha256: str | None = None
    copied_size: int | None = None
    modified_ns: int | None = None
    target_quickxor: str | None = None
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A transfer that goes back into the queue, and why."""

    transfer_id: int
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the batches of a wave are. Outcomes that planning knew are not counted."""

    items: int
    bytes: int
    finished: int
    finished_bytes: int
    failed: int


def progress(ledger: Ledger, name: str) -> Progress:
    """How far the wave of this name is; cheap, it adds up batches and not items. Zeroes when there is no such wave."""
    row = ledger.one(
        "SELECT coalesce(sum(items), 0), coalesce(sum(bytes), 0), coalesce(sum(finished), 0),"
        " coalesce(sum(finished_bytes), 0), coalesce(sum(failed), 0)"
        " FROM batch WHERE wave_id = (SELECT id FROM wave WHERE name = ?)",
        (name,),
    )
    assert row is not None
    return Progress(*row)


def has_open(ledger: Ledger, wave: Wave) -> bool:
    """Whether anything of a wave has no outcome yet; one look at an index, however large the wave is."""
    found = ledger.one(
        "SELECT 1 FROM transfer WHERE wave_id = ? AND state <> 'finished'"
        " AND superseded IS NULL AND gone IS NULL LIMIT 1",
        (wave.id,),
    )
    return found is not None


def transfers(ledger: Ledger, batch: Batch) -> list[Transfer]:
    """What is left to move of a batch, in order."""
    rows = ledger.rows(
        "SELECT t.id, t.batch_id, s.root, d.raw AS path, i.raw AS name, t.size, i.created_ns, t.target_folder,"
        " t.target_name, t.state, t.attempts, s.kind, t.action, t.secret, k.target_id AS known_id,"
        " k.etag AS known_etag, t.row_id, t.modified_ns FROM transfer t JOIN item i ON i.id = t.item_id"
        " JOIN folder d ON d.id = i.folder_id JOIN source s ON s.id = i.source_id"
        " LEFT JOIN transfer k ON k.id = t.former_id"
        " WHERE t.batch_id = ? AND t.state <> 'finished' ORDER BY t.id",
        (batch.id,),
    )
    return [
        Transfer(
            id=row["id"], batch_id=row["batch_id"], root=row["root"], path=row["path"], name=row["name"],
            size=row["size"], created_ns=row["created_ns"], target_folder=row["target_folder"],
            target_name=row["target_name"], intended=row["state"] == "copying", attempts=row["attempts"],
            source_kind=row["kind"], action=row["action"], known_id=row["known_id"], known_etag=row["known_etag"],
            secret=row["secret"], row_id=row["row_id"], modified_ns=row["modified_ns"],
        )
        for row in rows
    ]  # fmt: skip


def flush(
    ledger: Ledger,
    held: Mapping[int, Batch],
    *,
    intended: Sequence[int] = (),
    moved: Sequence[Moved] = (),
    returned: Sequence[Returned] = (),
    counted: Sequence[int] = (),
) -> None:
    """Results and new intents in one durable step, which renews the leases of `held`: the batches that they are of.

    Raises LeaseLost when a lease of `held` was lost; then nothing is written. `counted` are transfers that were
    returned while others were taken: that counts against them.

    A transfer may be sent only after its intent is in the ledger.
    """
    ledger.insist(lambda: _flush(ledger, held, intended, moved, returned, counted))


def _flush(
    ledger: Ledger,
    held: Mapping[int, Batch],
    intended: Sequence[int],
    moved: Sequence[Moved],
    returned: Sequence[Returned],
    counted: Sequence[int],
) -> None:
    with ledger.transaction(alone=False):
        _renew(ledger, held.values())
        if intended:
            ledger.execute(_INTEND, (json.dumps(list(intended)),))
        if moved:
            _record(ledger, moved)
        if returned:
            _return(ledger, returned)
        if counted:
            ledger.execute(_COUNT_AGAINST, (json.dumps(list(counted)),))
        for batch_id in sorted({each.batch_id for each in moved}):
            _count(ledger, held[batch_id], [each for each in moved if each.batch_id == batch_id])


def renew(ledger: Ledger, held: Iterable[Batch]) -> None:
    """Keep the leases of batches in hand for another minute. Raises LeaseLost naming those that are lost."""
    batches = list(held)
    ledger.insist(lambda: _renew(ledger, batches))


def _renew(ledger: Ledger, held: Iterable[Batch]) -> None:
    with ledger.transaction(alone=False):
        until = ledger.moment() + LEASE_SECONDS
        lost = [
            batch.id
            for batch in sorted(held, key=lambda each: each.id)
            if not ledger.execute(
                "UPDATE batch SET lease_until = ? WHERE id = ? AND lease_token = ? AND state = 'leased'",
                (until, batch.id, batch.token),
            )
        ]
        if lost:
            raise LeaseLost(lost)


def _record(ledger: Ledger, moved: Sequence[Moved]) -> None:
    results = json.dumps(
        [
            (each.transfer_id, each.outcome, each.code, each.reason, each.drive_id, each.target_id, each.etag,
             each.quickxor, each.sha256, each.copied_size, each.modified_ns, each.target_quickxor,
             "adopted" if each.adopted else each.reason)
            for each in moved
        ]
    )  # fmt: skip
    given = {"results": results, "at": clock.now()}
    ledger.execute(_FINISH, given)
    ledger.execute(_FINISHED_EVENTS, given)


def _return(ledger: Ledger, returned: Sequence[Returned]) -> None:
    given = {"at": clock.now(), "results": json.dumps([(each.transfer_id, each.code, each.note) for each in returned])}
    ledger.execute(_RETURNED_EVENTS, given)


def _count(ledger: Ledger, batch: Batch, moved: Sequence[Moved]) -> None:
    failed = sum(each.outcome is not Outcome.COPIED for each in moved)
    changed = ledger.execute(
        "UPDATE batch SET finished = finished + :items, finished_bytes = finished_bytes + :bytes,"
        " failed = failed + :failed, state = CASE WHEN finished + :items = items THEN 'done' ELSE state END"
        " WHERE id = :id AND lease_token = :token",
        {"items": len(moved), "bytes": sum(each.size for each in moved), "failed": failed, "id": batch.id,
         "token": batch.token},
    )  # fmt: skip
    if not changed:
        raise LeaseLost([batch.id])
