"""The queue of jobs that SharePoint works off by itself: migrations, copies and moves; and what they report.

Whoever asks the tenant anything moves the jobs on (`advance`), a bounded piece each time, by the tenant's clock; they
also go on between the requests. With `delayed` a job is picked up after a while and all jobs of
the tenant share 58 items a second (250 GB a day of files of 50 KB, which is what Microsoft publishes for heavy
content); without, each is done at once.

| kind of entity | parent | name | props |
|---|---|---|---|
| `job` | site | job id | `Kind` `Direction` `State` `Pickup` `Cursor` and what its runner keeps |
"""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from spmigrate.rehearsal.azure.account import Account
from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.migration_content import encrypt
from spmigrate.rehearsal.storage import Entity, Store

QUEUED, RUNNING, ENDED, DELETED = "queued", "running", "ended", "deleted"
ITEMS_A_SECOND = 58
# In Microsoft's example of a job's events two minutes lie between JobQueued and JobStart.
PICKUP_SECONDS = 120
# So many jobs wait for their turn; the others are postponed until there may be room, by a minute at least.
_IN_LINE = 8
_POSTPONED_SECONDS = 60
_LOOKED_AT = 200
# So many bytes are as much work as one item.
_UNIT = 512 << 10
MOST_QUEUED = 5000
KEPT_SECONDS = 5 * 86_400
EVENTS_A_PAGE = 100
_TABLES = """
CREATE TABLE IF NOT EXISTS job_event(
  job INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(job, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS job_object(
  job INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
  item INTEGER NOT NULL DEFAULT 0, content TEXT NOT NULL, PRIMARY KEY(job, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS job_object_id ON job_object(job, id);
CREATE INDEX IF NOT EXISTS job_object_document ON job_object(job, document) WHERE document <> '';
"""
# The same in all events of one tenant.
_FARM = {
    "FarmId": "f77d7b6c-ef43-4609-8fce-0e93142ce8a0",
    "ServerId": "44af885c-393b-4236-9417-bae7a9edc44e",
    "SubscriptionId": "82abb045-250e-4186-ba83-b9295930f272",
}
_DATABASE = "de6b85cd-726e-4b13-ae04-629798fddbf3"


@dataclass(frozen=True, slots=True)
class Step:
    """What a runner did: the job as it is now, items that count for the rate, bytes, and whether it is at its end."""

    job: Entity
    items: int = 0
    size: int = 0
    ended: bool = False


Runner = Callable[[Entity, float], Step]
"""Does the next piece of a job, at a moment."""


class Jobs:
    """All jobs of the tenant."""

    def __init__(self, store: Store, clock: Clock, account: Account, *, delayed: bool) -> None:
        store.extend(_TABLES, "job_event", "job_object")
        self._store = store
        self._clock = clock
        self._account = account
        self.delayed = delayed
        self._waiting: bool | None = None
        store.remembering(self._forget)

    def _forget(self) -> None:
        self._waiting = None

    @property
    def waiting(self) -> bool:
        """Whether any job is not done yet."""
        if self._waiting is None:
            self._waiting = bool(self.unfinished(limit=1))
        return self._waiting

    def unfinished(self, *, limit: int = -1, site: int = 0) -> list[Entity]:
        """Jobs that are not done, the oldest first."""
        clause = "SELECT id FROM entity WHERE kind = 'job' AND deleted IS NULL"
        values: tuple[int, ...] = (limit,)
        if site:
            clause, values = f"{clause} AND parent = ?", (site, limit)
        rows = self._store.db.execute(f"{clause} ORDER BY id LIMIT ?", values).fetchall()
        return [found for row in rows if (found := self._store.by_id(row[0]))]

    def add(
        self, site: Entity, kind: str, direction: str, props: Mapping[str, Any], *, wait: float = PICKUP_SECONDS
    ) -> Entity | None:
        """Put a job into the queue; None when the queue is full. The kind says which runner does it, the direction is
        what its events say (`Import`, `Export`); a delayed job is picked up after `wait` seconds."""
        count = "SELECT count(*) FROM entity WHERE kind = 'job' AND deleted IS NULL"
        if int(self._store.db.execute(count).fetchone()[0]) >= MOST_QUEUED:
            return None
        now = self._clock.seconds()
        identity = str(uuid.uuid4())
        content = {
            **props, "Kind": kind, "Direction": direction, "State": QUEUED, "Queued": now, "Cursor": 0, "Postponed": 0,
            "Pickup": now + (wait if self.delayed else 0), "Correlation": str(uuid.uuid4()),
        }  # fmt: skip
        job = self._store.insert("job", identity, at=self._clock.iso(), parent=site.id, guid=identity, props=content)
        self._waiting = True
        self.report(job, "JobQueued", {"SiteId": site.guid, "DbId": _DATABASE}, at=now)
        return job

    def find(self, site: Entity, guid: str) -> Entity | None:
        """A job of a site, done or not."""
        row = self._store.db.execute(
            "SELECT id FROM entity WHERE kind = 'job' AND guid = ? AND parent = ?", (guid.strip("{} ").lower(), site.id)
        ).fetchone()
        return None if row is None else self._store.by_id(row[0])

    def find_anywhere(self, guid: str) -> Entity | None:
        """A job of any site, done or not."""
        row = self._store.db.execute(
            "SELECT id FROM entity WHERE kind = 'job' AND guid = ?", (guid.strip("{} ").lower(),)
        ).fetchone()
        return None if row is None else self._store.by_id(row[0])

    def keep(self, job: Entity, patch: Mapping[str, Any]) -> Entity:
        """Note how far a job is."""
        return self._store.update(job, patch, at=self._clock.iso())

    def end(self, job: Entity, state: str = ENDED) -> None:
        """A job is done: it leaves the queue, and the key with which it was read is forgotten."""
        self.keep(job, {"State": state, "Ended": self._clock.seconds(), "Key": ""})
        self._store.recycle(job, at=self._clock.iso())
        self._store.db.execute("DELETE FROM job_object WHERE job = ?", (job.id,))
        self._waiting = None

    # -- working

    def advance(self, runners: Mapping[str, Runner], *, budget: int) -> None:
        """Move jobs on by a bounded piece. Call inside a transaction of the store."""
        now = self._clock.seconds()
        job: Entity | None = None
        reached = float(self._store.read_value("jobs.reached") or 0) if self.delayed else 0.0
        while budget > 0:
            job = job or self._next(now)
            if job is None:
                break
            moment = max(reached, float(job.props.get("Started") or job.props["Pickup"])) if self.delayed else now
            if moment > now:
                break
            if job.props["State"] == QUEUED:
                job = self._start(job, moment)
            step = runners[str(job.props["Kind"])](job, moment)
            job = None if step.ended else step.job
            budget -= 1 + step.items + step.size // _UNIT
            reached = moment + step.items / ITEMS_A_SECOND
        if self.delayed:
            self._store.write_value("jobs.reached", reached)

    def abandon(self) -> None:
        """Take the job whose turn it is out of the queue, with an event that says so."""
        job = self._next(self._clock.seconds())
        if job is not None:
            told = {"ErrorCode": "-2147467259", "ErrorType": "System.Exception", "Message": "The job has failed."}
            self.report(job, "JobFatalError", told, at=self._clock.seconds())
            self.end(job)

    def _next(self, now: float) -> Entity | None:
        """The job whose turn it is; those that can't even stand in line are postponed."""
        rows = self._store.db.execute(
            "SELECT id FROM entity WHERE kind = 'job' AND deleted IS NULL ORDER BY"
            " json_extract(props, '$.State') = 'running' DESC, json_extract(props, '$.Pickup'), id LIMIT ?",
            (_LOOKED_AT if self.delayed else 1,),
        ).fetchall()
        found = [job for row in rows if (job := self._store.by_id(row[0])) is not None]
        due = [job for job in found if job.props["State"] == RUNNING or job.props["Pickup"] <= now]
        for place, job in enumerate(due[_IN_LINE:], start=_IN_LINE):
            self._postpone(job, place, now)
        return due[0] if due else None

    def _postpone(self, job: Entity, place: int, now: float) -> None:
        pickup = now + _POSTPONED_SECONDS * (1 + place // _IN_LINE)
        told = {"NextPickupTime": written(pickup), "JobsInQueue": str(place), "DbId": _DATABASE}
        self.keep(job, {"Pickup": pickup, "Postponed": int(job.props["Postponed"]) + 1})
        self.report(job, "JobPostponed", told, at=float(job.props["Pickup"]))

    def _start(self, job: Entity, moment: float) -> Entity:
        self.report_start(job, at=moment)
        return self.keep(job, {"State": RUNNING, "Started": moment})

    def report_start(self, job: Entity, *, at: float) -> None:
        """Say that a job, or the part of it that goes in its direction, begins."""
        site = self._store.by_id(job.parent)
        told = {
            "SiteId": site.guid if site else "", "WebId": str(job.props.get("Web", "")), "DbId": _DATABASE, **_FARM,
        }  # fmt: skip
        self.report(job, "JobStart", told, at=at)

    # -- telling

    def report(self, job: Entity, event: str, told: Mapping[str, str], *, at: float) -> None:
        """Note an event of a job, and put it into the job's queue if it has one."""
        correlation = str(job.props["Correlation"])
        common = {"MigrationType": "None", "MigrationDirection": str(job.props["Direction"])}
        after = {"JobId": job.guid, "Time": written(at), "CorrelationId": correlation, "Event": event}
        if event in ("JobDeleted", "JobFinishedObjectInfo"):
            content = {**told, **after}
        else:
            content = {**common, **told, "TotalRetryCount": "0", **after}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        self._store.db.execute(
            "INSERT INTO job_event SELECT ?, coalesce(max(number), 0) + 1, ? FROM job_event WHERE job = ?",
            (job.id, text, job.id),
        )
        self._send(job, text)

    def _send(self, job: Entity, text: str) -> None:
        queue = self._store.by_id(int(job.props.get("Queue") or 0))
        if queue is None:
            return
        key = str(job.props.get("Key") or "")
        if key:
            vector = secrets.token_bytes(16)
            sealed = base64.b64encode(encrypt(text.encode(), base64.b64decode(key), vector)).decode()
            envelope = {
                "Label": "Encrypted", "JobId": job.guid, "IV": base64.b64encode(vector).decode(), "Content": sealed,
            }  # fmt: skip
            text = json.dumps(envelope)
        # The library with which the service writes puts every text into base64.
        self._account.queues.add(queue, base64.b64encode(text.encode()).decode())

    def events(self, job: Entity, *, after: int, limit: int = EVENTS_A_PAGE) -> tuple[list[str], int]:
        """Events of a job after a number, and the number of the last of them."""
        rows = self._store.db.execute(
            "SELECT number, text FROM job_event WHERE job = ? AND number > ? ORDER BY number LIMIT ?",
            (job.id, after, limit),
        ).fetchall()
        return [str(row[1]) for row in rows], int(rows[-1][0]) if rows else after


def written(seconds: float) -> str:
    """A moment as events write it: `05/20/2025 09:20:57.380`, UTC and no zone."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%m/%d/%Y %H:%M:%S}.{moment.microsecond // 1000:03d}"
