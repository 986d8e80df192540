"""The batches that the service moves as jobs: several are in flight, and no thread waits for any of them."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from spmigrate import log
from spmigrate.errors import TenantError
from spmigrate.migrate import codes
from spmigrate.migrate.engine.course import Course
from spmigrate.migrate.engine.crew import Crew
from spmigrate.migrate.engine.in_hand import InHand
from spmigrate.migrate.engine.rates import JOB, Rates
from spmigrate.migrate.engine.results import Results
from spmigrate.migrate.routes.job import JobRoute, Later
from spmigrate.model import Outcome
from spmigrate.store.batches import Batch, LeaseLost, Moved, Transfer

_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
_MOST_FAILURES = 12
"""Steps of one job in a row that may fail for a cause that passes, some half an hour; then the run ends and says so."""
_TRIES = 5
"""How often a transfer may come back from a job without an outcome before it fails."""


class Unsettled(TenantError):
    """A job ended and said nothing of a file, which is offered again."""

    transient = True


@dataclass(slots=True)
class _Job:
    batch: Batch
    route: JobRoute
    transfers: Sequence[Transfer]
    began: float
    due: float
    running: bool = False
    why: str = ""
    failures: int = 0


@dataclass(slots=True)
class Jobs:
    """What is in flight. `most` jobs may be at once; all times are by the clock of the run."""

    crew: Crew
    in_hand: InHand
    results: Results
    course: Course
    most: int
    rates: Rates = field(default_factory=lambda: Rates(JOB))
    _unsettled: list[Batch] = field(default_factory=list)
    _jobs: dict[int, _Job] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._jobs)

    def take_unsettled(self) -> list[Batch]:
        """Batches to be given back: their job has ended, and not all of their transfers have an outcome."""
        found, self._unsettled = self._unsettled, []
        return found

    @property
    def reasons(self) -> list[str]:
        """What the jobs wait for that wait."""
        return [each.why for each in self._jobs.values() if not each.running and each.why]

    def wants(self) -> bool:
        """Whether there is room for another job."""
        return len(self._jobs) < self.most

    def take(self, route: JobRoute, batch: Batch, transfers: Sequence[Transfer], *, now: float) -> None:
        """Take a claimed batch into flight."""
        self._jobs[batch.id] = _Job(batch, route, transfers, began=now, due=now)

    def advance(self, now: float) -> None:
        """Let threads do the next step of every job that is due."""
        for job in list(self._jobs.values()):
            if not job.running and job.due <= now:
                self._hand_out(job)

    def next_due(self, now: float) -> float | None:
        """Seconds until a job is due; None when none waits."""
        waiting = [each.due for each in self._jobs.values() if not each.running]
        return max(min(waiting) - now, 0.0) if waiting else None

    def forget(self, batch_id: int) -> None:
        """Drop a job whose batch is not ours any more."""
        self._jobs.pop(batch_id, None)

    def put_down(self, *, all_of_them: bool) -> set[int]:
        """Leave the jobs that no thread is busy with to another run; returns the batches of the others.

        Unless it is `all_of_them`, those stay in flight that the service works on already.
        """
        for batch_id, job in list(self._jobs.items()):
            if not job.running and (all_of_them or not job.route.is_away(job.batch)):
                del self._jobs[batch_id]
        return set(self._jobs)

    def _hand_out(self, job: _Job) -> None:
        job.running = True
        batch, transfers, route = job.batch, job.transfers, job.route

        def back(done: "Future[Later | tuple[Moved, ...]]") -> None:
            if self._jobs.get(batch.id) is job:
                job.running = False
                self._sort(job, done)

        self.crew.hand(lambda: route.advance(batch, transfers), back)

    def _sort(self, job: _Job, done: "Future[Later | tuple[Moved, ...]]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if isinstance(error, LeaseLost):
            self.in_hand.mark_lost(job.batch.id)
        elif isinstance(error, TenantError) and error.transient:
            job.failures += 1
            job.why = error.message
            job.due = self.in_hand.now() + min(_FIRST_PAUSE * 2 ** (job.failures - 1), _LONGEST_PAUSE)
            if job.failures >= _MOST_FAILURES:
                self.course.fail(error)
            log.logger().info("job.put-off", batch=job.batch.id, reason=error.message)
        elif error is not None:
            self.course.fail(error)
        else:
            self._take_in(job, done.result())

    def _take_in(self, job: _Job, found: Later | tuple[Moved, ...]) -> None:
        now = self.in_hand.now()
        job.failures = 0
        if isinstance(found, Later):
            job.due, job.why = now + found.seconds, found.why
            return
        del self._jobs[job.batch.id]
        self.rates.observe(sum(each.size for each in job.transfers), now - job.began)
        named = {each.transfer_id: each for each in found}
        left = [each for each in job.transfers if each.id not in named]
        self.results.moved += [named[each.id] for each in job.transfers if each.id in named]
        for each in left:
            self._offer_again(each)
        if left:
            self._unsettled.append(job.batch)

    def _offer_again(self, item: Transfer) -> None:
        code = codes.SERVICE_UNAVAILABLE
        if item.attempts + 1 >= _TRIES:
            failed = Moved(item.id, item.batch_id, item.size, Outcome.FAILED, code.code, code.title)
            self.results.moved.append(failed)
            return
        error = Unsettled("the job ended and said nothing of this file")
        self.results.give_back(item, error, error.message)
        self.results.counted.append(item)
