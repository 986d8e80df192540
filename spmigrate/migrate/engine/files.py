"""The files in hand: each moves by itself on a thread of the crew, after its intent is in the ledger."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

from spmigrate import log
from spmigrate.errors import TenantError
from spmigrate.migrate.engine import offers
from spmigrate.migrate.engine.course import Course
from spmigrate.migrate.engine.crew import Crew
from spmigrate.migrate.engine.in_hand import InHand
from spmigrate.migrate.engine.offers import Fate, Offers
from spmigrate.migrate.engine.rates import FILE, Rates
from spmigrate.migrate.engine.results import Results
from spmigrate.migrate.routes.file import FileRoute
from spmigrate.model import Outcome
from spmigrate.store.batches import LEASE_SECONDS, Batch, Moved, Transfer

_AHEAD = 3
"""Files in hand for each thread, so that none waits for the ledger."""
_AHEAD_SECONDS = 0.5
"""Or as many as move in this time: where files are tiny, one write to the ledger then stands for many."""

Move = Callable[[Transfer], Moved]


@dataclass(frozen=True, slots=True)
class _Task:
    """A file on its way, and the lease under which it goes."""

    item: Transfer
    move: Move
    token: str


class _Stale(Exception):
    """The machine slept, or the ledger did not answer: whether the lease still holds must be seen first."""


class Files:
    """What waits to be handed out, and what has been."""

    def __init__(self, crew: Crew, in_hand: InHand, results: Results, course: Course) -> None:
        self.rates = Rates(FILE)
        self._crew = crew
        self._in_hand = in_hand
        self._results = results
        self._course = course
        self._offers = Offers(crew.threads)
        self._waiting: deque[_Task] = deque()
        self._opening: dict[int, int] = {}
        self._moving: dict[int, Transfer] = {}
        self._log = log.logger()

    def __len__(self) -> int:
        """How many files wait or move."""
        return len(self._waiting) + len(self._moving) + sum(self._opening.values())

    @property
    def moving(self) -> int:
        """How many files were handed out."""
        return len(self._moving)

    @property
    def backlog(self) -> tuple[int, int]:
        """Files and bytes that were begun with and are not finished."""
        items = [*(task.item for task in self._waiting), *self._moving.values()]
        return len(items) + sum(self._opening.values()), sum(item.size for item in items)

    @property
    def aside(self) -> tuple[int, str]:
        """How many files were left for another run, and why the first of them was."""
        return self._offers.aside, self._offers.first_aside

    def ahead(self, items_per_s: float) -> int:
        """How many files may be in hand at such a rate."""
        return max(self._crew.threads * _AHEAD, int(items_per_s * _AHEAD_SECONDS) + self._crew.threads)

    def wants(self, items_per_s: float) -> bool:
        """Whether there is room for another batch."""
        return len(self) < self.ahead(items_per_s)

    def open(self, route: FileRoute, batch: Batch, items: list[Transfer]) -> None:
        """Get a claimed batch ready, on a thread; its files wait from then on."""
        self._opening[batch.id] = len(items)

        def ready(done: Future[Move]) -> None:
            del self._opening[batch.id]
            if done.cancelled():
                return
            error = done.exception()
            if error is not None:
                self._course.fail(error)
            elif self._is_ours(batch.id, batch.token):
                self._waiting.extend(_Task(item, done.result(), batch.token) for item in items)

        self._crew.hand(lambda: route.open(batch), ready)

    def take(self, items_per_s: float) -> list[_Task]:
        """The files that are to be handed out next: their intents must be written first."""
        room = self.ahead(items_per_s) - len(self._moving)
        return [self._waiting.popleft() for _ in range(min(max(room, 0), len(self._waiting)))]

    def hand_out(self, task: _Task) -> None:
        """Let a thread move a file whose intent is in the ledger."""
        self._moving[task.item.id] = task.item

        def work() -> tuple[Moved, float]:
            if self._in_hand.seconds_since_renewal() > LEASE_SECONDS:
                raise _Stale
            began = time.monotonic()
            moved = task.move(task.item)
            return moved, time.monotonic() - began

        self._crew.hand(work, lambda done: self._sort(task, done))

    def forget(self, batch_id: int) -> None:
        """Drop what waits of a batch that is not ours any more, or not for now."""
        self._waiting = deque(task for task in self._waiting if task.item.batch_id != batch_id)

    def put_down(self) -> set[int]:
        """Drop all that waits; returns the batches of which files are still on their way."""
        self._waiting.clear()
        return {item.batch_id for item in self._moving.values()} | set(self._opening)

    def _is_ours(self, batch_id: int, token: str) -> bool:
        return batch_id in self._in_hand and self._in_hand[batch_id].batch.token == token

    def _sort(self, task: _Task, done: "Future[tuple[Moved, float]]") -> None:
        """Record, offer again, or end the run: decided by the class of the error."""
        self._moving.pop(task.item.id, None)
        if done.cancelled() or not self._is_ours(task.item.batch_id, task.token):
            return
        error = done.exception()
        if error is None:
            moved, seconds = done.result()
            self.rates.observe(moved.size, seconds)
            self._results.counted += self._offers.taken(task.item)
            self._results.moved.append(moved)
        elif isinstance(error, _Stale):
            self._waiting.appendleft(task)
        elif isinstance(error, TenantError) and offers.may_pass(error):
            self._again(task, error)
        else:
            self._course.fail(error)

    def _again(self, task: _Task, error: TenantError) -> None:
        item = task.item
        fate = self._offers.refused(item, error)
        self._log.info("transfer.returned", transfer=item.id, reason=error.message)
        if fate is Fate.FAIL:
            code = offers.code(error).code
            self._results.moved.append(Moved(item.id, item.batch_id, item.size, Outcome.FAILED, code, error.message))
            return
        self._results.give_back(item, error, error.message)
        if fate is Fate.AGAIN:
            self._waiting.append(replace(task, item=replace(item, intended=True)))
        if self._offers.nothing_is_taken:
            self._course.fail(error)
