"""Who works on which batch: leases that are claimed, returned, and taken over from a machine that died.

All moments are those of the ledger's clock, in seconds since 1970. `wave run` claims the next batch of its wave;
a worker that is handed the id of a batch claims that one (`claim_this`), and drops the id when it gets None.
"""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from spmigrate.store.batches import LEASE_SECONDS, Batch
from spmigrate.store.ledger import Ledger, Row
from spmigrate.store.waves import Wave

_COLUMNS = "id, site, library, route, items - finished AS items, bytes - finished_bytes AS bytes, state, lease_owner"
_FREE = "(SELECT w.control FROM wave w WHERE w.id = batch.wave_id) = ''"
"""Nothing begins in a wave that is paused or cancelled."""


@dataclass(frozen=True, slots=True)
class Hour:
    """How much may begin: what takes no longer than `seconds`, at so much for each unit and each byte of it.

    A unit is a file, and `at_once` of them move at the same time; or it is the batch, where that is `whole`: one job of
    the service, however many files it has. Infinite seconds let everything begin.
    """

    seconds: float = math.inf
    unit_seconds: float = 0.0
    byte_seconds: float = 0.0
    at_once: int = 1
    whole: bool = False

    def fits(self, items: int, size: int) -> bool:
        """Whether so many files with so many bytes in all can be finished in time."""
        units = 1 if self.whole else items
        needed = units * self.unit_seconds + size * self.byte_seconds
        return needed <= self.seconds * max(min(self.at_once, units), 1)


ANY_TIME = Hour()


def claim(
    ledger: Ledger, wave: Wave, *, owner: str, routes: Sequence[str] = ("session",), hour: Hour = ANY_TIME
) -> Batch | None:
    """The next batch of a wave under a new lease: a queued one, else one whose lease ran out; None when there is none.

    Batches of other routes, and those that cannot be finished in time, are passed over.
    """
    marks = ", ".join("?" * len(routes))
    fits = f"route IN ({marks})"
    given: list[object] = list(routes)
    if math.isfinite(hour.seconds) and hour.whole:
        fits += " AND (bytes - finished_bytes) * ? <= ?"
        given += [hour.byte_seconds, hour.seconds - hour.unit_seconds]
    elif math.isfinite(hour.seconds):
        fits += (
            " AND (items - finished) * ? + (bytes - finished_bytes) * ?"
            " <= ? * CASE WHEN items - finished < ? THEN items - finished ELSE ? END"
        )
        given += [hour.unit_seconds, hour.byte_seconds, hour.seconds, hour.at_once, hour.at_once]
    with ledger.transaction():
        now = ledger.moment()
        row = ledger.one(
            f"SELECT {_COLUMNS} FROM batch WHERE wave_id = ? AND state = 'queued'"  # noqa: S608 - our own words
            f" AND (not_before IS NULL OR not_before <= ?) AND {_FREE} AND {fits} ORDER BY id LIMIT 1",
            (wave.id, now, *given),
        ) or ledger.one(
            f"SELECT {_COLUMNS} FROM batch WHERE state = 'leased' AND lease_until < ?"  # noqa: S608 - our own words
            f" AND wave_id = ? AND {_FREE} AND {fits} ORDER BY id LIMIT 1",
            (now, wave.id, *given),
        )
        return None if row is None else _lease(ledger, row, owner, now)


def claim_this(ledger: Ledger, batch_id: int, *, owner: str) -> Batch | None:
    """One batch under a new lease; None when it is done, held back, put off, or in the hands of a living machine.

    A job that names a batch may come late or twice: the ledger decides, not the job.
    """
    return ledger.insist(lambda: _claim_this(ledger, batch_id, owner))


def _claim_this(ledger: Ledger, batch_id: int, owner: str) -> Batch | None:
    with ledger.transaction():
        now = ledger.moment()
        row = ledger.one(
            f"SELECT {_COLUMNS} FROM batch WHERE id = ? AND {_FREE}"  # noqa: S608 - our own words
            " AND ((state = 'queued' AND (not_before IS NULL OR not_before <= ?))"
            " OR (state = 'leased' AND lease_until < ?))",
            (batch_id, now, now),
        )
        return None if row is None else _lease(ledger, row, owner, now)


def _lease(ledger: Ledger, row: Row, owner: str, now: float) -> Batch:
    token = secrets.token_hex(8)
    ledger.execute(
        "UPDATE batch SET state = 'leased', lease_owner = ?, lease_token = ?, lease_until = ?,"
        " attempts = attempts + 1, not_before = NULL WHERE id = ?",
        (owner, token, now + LEASE_SECONDS, row["id"]),
    )
    former = (row["lease_owner"] or "an unknown machine") if row["state"] == "leased" else ""
    return Batch(row["id"], row["site"], row["library"], token, row["route"], row["items"], row["bytes"], former)


def release(ledger: Ledger, wave: Wave) -> None:
    """Return the leases of a process that ended. Only the holder of the run lock may call this."""
    ledger.execute(
        "UPDATE batch SET state = 'queued', lease_owner = NULL, lease_token = NULL, lease_until = NULL"
        " WHERE wave_id = ? AND state = 'leased'",
        (wave.id,),
    )


def holders(ledger: Ledger, wave: Wave) -> list[str]:
    """Who holds batches of a wave under a lease that has not run out."""
    rows = ledger.rows(
        "SELECT DISTINCT lease_owner FROM batch WHERE wave_id = ? AND state = 'leased' AND lease_until >= ?"
        " ORDER BY lease_owner",
        (wave.id, ledger.moment()),
    )
    return [row["lease_owner"] or "an unknown machine" for row in rows]


def give_back(
    ledger: Ledger, batch: Batch, *, state: str = "queued", seconds: float = 0.0, error: str | None = None
) -> None:
    """Return a batch that is not done, to be claimed again after so many seconds; nothing when its lease is lost.

    `error` is what ended this attempt. A batch of a paused wave is queued, too: nothing is claimed there, and nobody
    has to remember it when the wave goes on.
    """
    ledger.execute(
        "UPDATE batch SET state = ?, lease_owner = NULL, lease_token = NULL, lease_until = NULL, not_before = ?,"
        " error = ? WHERE id = ? AND lease_token = ? AND state = 'leased'",
        (state, ledger.moment() + seconds if seconds else None, error, batch.id, batch.token),
    )


def next_due(ledger: Ledger, wave: Wave, *, owner: str, routes: Sequence[str]) -> float | None:
    """Seconds until a batch of these routes that this owner does not hold may be claimed; None when there is none."""
    marks = ", ".join("?" * len(routes))
    row = ledger.one(
        "SELECT min(CASE state WHEN 'leased' THEN lease_until ELSE coalesce(not_before, 0) END) AS due"  # noqa: S608
        f" FROM batch WHERE wave_id = ? AND (state IN ('queued','held') OR (state = 'leased' AND lease_owner <> ?))"
        f" AND route IN ({marks})",
        (wave.id, owner, *routes),
    )
    return None if row is None or row["due"] is None else max(float(row["due"]) - ledger.moment(), 0.0)


def any_fits(ledger: Ledger, wave: Wave, *, routes: Sequence[str], hour: Hour) -> bool:
    """Whether any batch of these routes that is not done could be finished in so long an hour."""
    for row in ledger.rows(
        "SELECT items - finished AS items, bytes - finished_bytes AS bytes FROM batch WHERE wave_id = ?"  # noqa: S608
        f" AND state IN ('queued','held','leased') AND route IN ({', '.join('?' * len(routes))}) ORDER BY bytes, id",
        (wave.id, *routes),
    ):
        if hour.fits(row["items"], row["bytes"]):
            return True
    return False
