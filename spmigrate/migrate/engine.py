"""The mover: claims batches, keeps the workers busy, and writes every intent and every result to the ledger.

One thread, the caller's, owns the ledger; workers only move files. A file is handed to a worker after its intent is on
disk, and leaves the run when its result is: killed anywhere and run again, nothing is lost and nothing doubled.
"""

import os
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace

from spmigrate import log, words
from spmigrate.errors import AccessDenied, Conflict, SpmigrateError, TenantError, Unavailable
from spmigrate.migrate import codes
from spmigrate.migrate.codes import Code
from spmigrate.migrate.routes import session
from spmigrate.migrate.routes.session import Folders, NameHeld, Task
from spmigrate.model import Outcome
from spmigrate.store import batches, waves
from spmigrate.store.batches import Batch, Moved, Progress, Returned, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from spmigrate.tenant import files
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant

_AHEAD = 3
"""Files in hand for each worker, so that none waits for the ledger."""
_TRIES = 5
"""How often a file is offered in one run, when the service takes others."""
_TRIES_EVER = 15
_TICK_SECONDS = 0.05
_REPORT_SECONDS = 0.1

_AGAIN = (
    "see the network and Microsoft's service health (spmigrate doctor); the same command goes on where this one stopped"
)
_LATER = "run the same command again in some hours, when SharePoint has let go of unfinished uploads"

Report = Callable[[Progress], None]


@dataclass(slots=True)
class _Pending:
    """What the next write to the ledger holds."""

    moved: list[Moved] = field(default_factory=list)
    returned: list[Returned] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)


class Run:
    """One run of a wave by this process, which holds the ledger's run lock."""

    def __init__(
        self,
        ledger: Ledger,
        wave: Wave,
        tenant: Tenant,
        *,
        workers: int,
        stop: threading.Event,
        report: Report,
        may_move: Callable[[], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        """`stop` ends the run after the files in hand; `report` is told of progress about ten times a second.

        `may_move` is called before every batch and raises when a row of the wave may not move any more.
        """
        self._ledger = ledger
        self._wave = wave
        self._tenant = tenant
        self._workers = workers
        self._stop = stop
        self._report = report
        self._may_move = may_move
        self._now = now
        self._owner = f"process {os.getpid()}"
        self._waiting: deque[Task] = deque()
        self._held: dict[int, Batch] = {}
        self._left: Counter[int] = Counter()
        self._libraries: dict[tuple[str, str], Library] = {}
        self._results: queue.SimpleQueue[tuple[Task, Future[Moved]]] = queue.SimpleQueue()
        self._in_hand: dict[int, Future[Moved]] = {}
        self._tries: Counter[int] = Counter()
        self._in_a_row = 0
        self._taken = 0
        self._uncounted: list[int] = []
        self._aside: list[NameHeld] = []
        self._trouble: BaseException | None = None
        self._log = log.logger()

    def go(self) -> None:
        """Move until nothing is left, `stop` is set, or something makes it senseless to go on.

        What cannot be moved is recorded as failed. Raises fatal TenantErrors, LedgerError, and SpmigrateError when a
        source has gone; what the workers were doing is recorded first, and no worker outlives it.
        """
        self._tenant.patience.end_when(self._ending)
        batches.release(self._ledger, self._wave)
        waves.set_state(self._ledger, self._wave, "running")
        pool = ThreadPoolExecutor(self._workers, thread_name_prefix="mover")
        try:
            self._work(pool)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        except BaseException as error:
            self._trouble = error  # which ends the waiting of the workers
            # The caller lets go of the run lock: by then nobody may be sending any more.
            pool.shutdown(cancel_futures=True)
            raise
        pool.shutdown()
        batches.release(self._ledger, self._wave)
        self._report(batches.progress(self._ledger, self._wave.name))
        self._say_trouble()
        if not waves.standing(self._ledger, self._wave).open.items:
            waves.set_state(self._ledger, self._wave, "moved")

    def _work(self, pool: ThreadPoolExecutor) -> None:
        renewed = reported = self._now()
        while self._step(pool):
            now = self._now()
            if now - reported > _REPORT_SECONDS:
                reported = now
                self._report(batches.progress(self._ledger, self._wave.name))
            if now - renewed > batches.RENEW_SECONDS:
                renewed = now
                batches.renew(self._ledger, self._held.values(), now=now)

    def _say_trouble(self) -> None:
        """Raise what ended the run, and what a run to its end has left."""
        trouble = self._trouble
        if isinstance(trouble, TenantError) and trouble.transient:
            if not self._stop.is_set():
                raise Unavailable(f"nothing is accepted any more: {trouble.message}", hint=_AGAIN)
        elif trouble is not None:
            raise trouble
        if self._aside and not self._stop.is_set():
            raise Unavailable(
                f"{words.plural(len(self._aside), 'file')} could not move yet: {self._aside[0].message}", hint=_LATER
            )

    def _step(self, pool: ThreadPoolExecutor) -> bool:
        """Record what has come back and hand out as much as there is room for; False when nothing is in hand."""
        pending = self._collect()
        tasks = [] if self._ending() else self._take(self._workers * _AHEAD - len(self._in_hand))
        if tasks or pending.moved or pending.returned:
            batches.flush(
                self._ledger, self._held, intended=[task.transfer.id for task in tasks], moved=pending.moved,
                returned=pending.returned, counted=pending.counted,
            )  # fmt: skip
        for each in pending.moved:
            self._left[each.batch_id] -= 1
            if not self._left[each.batch_id]:
                del self._held[each.batch_id]
        for task in tasks:
            self._hand_out(pool, task)
        if self._trouble is not None or (self._stop.is_set() and self._tenant.patience.failing):
            for future in list(self._in_hand.values()):
                future.cancel()  # those that no worker has begun
        return bool(self._in_hand)

    def _ending(self) -> bool:
        return self._stop.is_set() or self._trouble is not None

    def _hand_out(self, pool: ThreadPoolExecutor, task: Task) -> None:
        future = pool.submit(session.move, self._tenant, task)
        self._in_hand[task.transfer.id] = future
        future.add_done_callback(lambda done: self._results.put((task, done)))

    def _collect(self) -> _Pending:
        """Take results until there is one for every worker, or a moment has passed: one write then records them all."""
        pending = _Pending()
        deadline = time.monotonic() + _TICK_SECONDS
        for _ in range(min(len(self._in_hand), self._workers)):
            with suppress(queue.Empty):
                self._sort(*self._results.get(timeout=max(deadline - time.monotonic(), 0.0)), pending)
        return pending

    def _sort(self, task: Task, done: Future[Moved], pending: _Pending) -> None:
        """Record, offer again, or stop: decided by the class of the error."""
        del self._in_hand[task.transfer.id]
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self._in_a_row = 0
            self._taken += 1
            pending.counted += self._uncounted
            self._uncounted.clear()
            pending.moved.append(done.result())
        elif isinstance(error, AccessDenied | Conflict) or (isinstance(error, TenantError) and error.transient):
            # An app that may not write, or a locked site, refuses everything: no reason to fail a wave file by file.
            self._again(task, error, pending)
        else:
            self._trouble = self._trouble or error

    def _again(self, task: Task, error: TenantError, pending: _Pending) -> None:
        """Offer a file once more, after the others; fail it when others are taken; stop when none is."""
        item = task.transfer
        self._tries[item.id] += 1
        self._log.info("transfer.returned", transfer=item.id, attempt=self._tries[item.id], reason=error.message)
        if isinstance(error, NameHeld):
            self._hold(task, error, pending)
            return
        self._in_a_row += 1
        if self._is_hopeless(item):
            code = _code(error)
            pending.moved.append(Moved(item.id, item.batch_id, item.size, Outcome.FAILED, code.code, error.message))
            return
        self._uncounted.append(item.id)
        self._give_back(task, error, pending)
        if self._in_a_row >= _TRIES * self._workers or self._tenant.patience.silent:
            self._trouble = self._trouble or error

    def _is_hopeless(self, item: Transfer) -> bool:
        """Whether the service takes other files and not this one; while it takes none, nothing counts against any."""
        if item.attempts + self._tries[item.id] >= _TRIES_EVER and self._taken:
            return True
        return self._tries[item.id] >= _TRIES and self._in_a_row < _TRIES

    def _hold(self, task: Task, error: NameHeld, pending: _Pending) -> None:
        """Offer a file again whose name an unfinished upload holds; leave it for another run when that goes on."""
        if self._tries[task.transfer.id] < _TRIES:
            self._give_back(task, error, pending)
        else:
            self._aside.append(error)
            pending.returned.append(Returned(task.transfer.id, type(error).__name__, error.message))

    def _give_back(self, task: Task, error: TenantError, pending: _Pending) -> None:
        pending.returned.append(Returned(task.transfer.id, type(error).__name__, error.message))
        self._waiting.append(replace(task, transfer=replace(task.transfer, intended=True)))

    def _take(self, room: int) -> list[Task]:
        """Up to so many files, from the batches in hand first."""
        while len(self._waiting) < room and self._claim():
            pass
        return [self._waiting.popleft() for _ in range(min(room, len(self._waiting)))]

    def _claim(self) -> bool:
        """Take the next batch into hand; False when there is none, it may not move, or its library cannot be opened."""
        batch = batches.claim(self._ledger, self._wave, owner=self._owner, now=self._now())
        if batch is None:
            return False
        try:
            self._may_move()
            library = self._library(batch)
        except SpmigrateError as error:
            self._trouble = self._trouble or error
            return False
        left = batches.transfers(self._ledger, batch)
        self._held[batch.id] = batch
        self._left[batch.id] = len(left)
        folders = Folders(self._tenant, library)
        self._waiting.extend(Task(transfer, folders) for transfer in left)
        self._log.info("batch.claimed", batch=batch.id, site=batch.site, library=batch.library, items=len(left))
        return True

    def _library(self, batch: Batch) -> Library:
        place = (batch.site, batch.library)
        if place not in self._libraries:
            self._libraries[place] = files.open_library(self._tenant, *place)
        return self._libraries[place]


def _code(error: TenantError) -> Code:
    if isinstance(error, Conflict):
        return codes.TARGET_LOCKED
    return codes.SERVICE_UNAVAILABLE if error.transient else codes.REFUSED
