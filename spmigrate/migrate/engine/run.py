"""The mover: claims batches, keeps the crew busy, and writes every intent and every result to the ledger.

One thread, the caller's, owns the run; the crew only moves files and advances jobs. A file is handed out after its
intent is on disk, and leaves the run when its result is: killed anywhere and run again, nothing is lost or doubled.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from spmigrate import log
from spmigrate.errors import SpmigrateError
from spmigrate.migrate import codes, stopping
from spmigrate.migrate.engine.claims import Claims, OfWave
from spmigrate.migrate.engine.course import Course
from spmigrate.migrate.engine.crew import Crew
from spmigrate.migrate.engine.ending import End
from spmigrate.migrate.engine.files import Files
from spmigrate.migrate.engine.hours import Hours
from spmigrate.migrate.engine.in_hand import InHand
from spmigrate.migrate.engine.jobs import Jobs
from spmigrate.migrate.engine.pulse import Pulse, doing
from spmigrate.migrate.engine.rates import Rates
from spmigrate.migrate.engine.results import Results
from spmigrate.migrate.routes.file import FileRoute
from spmigrate.migrate.routes.job import JobRoute
from spmigrate.migrate.stopping import Counters, LastFiles
from spmigrate.model import Outcome
from spmigrate.store import batches, leases, wave_control, waves
from spmigrate.store.batches import RENEW_SECONDS, Batch, Progress
from spmigrate.store.leases import Hour
from spmigrate.store.ledger import Ledger
from spmigrate.store.wave_control import CANCEL
from spmigrate.store.waves import Wave
from spmigrate.tenant.pacing import Patience

_TICK_SECONDS = 0.25
"""For how long results are gathered at most before they are written: one write to the disk then stands for many."""
_GLANCE_SECONDS = 0.5
"""After which to look at what was asked of the wave, and for another batch where there was none."""
_REPORT_SECONDS = 0.1
_PUT_OFF_SECONDS = 30.0
"""Before a batch whose job said nothing of some files is offered again."""

Report = Callable[[Progress], None]
Routes = Mapping[str, FileRoute | JobRoute]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run works: threads, jobs in flight, its hours, and whether it ends when they do (else it waits)."""

    workers: int
    jobs: int = 4
    hours: Hours = field(default_factory=Hours)
    end_with_window: bool = False


class Run:
    """One run of a wave by this process. It serves `wave run`, and workers that are handed their batches (`claims`)."""

    def __init__(
        self,
        ledger: Ledger,
        wave: Wave,
        routes: Routes,
        *,
        terms: Terms,
        patience: Patience,
        course: Course,
        may_move: Callable[[Batch], None],
        report: Report = lambda _: None,
        counters: Callable[[], Counters] = Counters,
        claims: Claims | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`course.stop` ends the run after the files in hand; `report` is told of progress about ten times a second.

        `may_move` is called before every batch and raises when a row of it may not move any more. `counters` says what
        others found that may stop the wave; the rate of errors is added here. Without `claims` the process must hold
        the ledger's run lock.
        """
        self._ledger = ledger
        self._wave = wave
        self._terms = terms
        self._patience = patience
        self._course = course
        self._may_move = may_move
        self._report = report
        self._counters = counters
        self._now = now
        self._file_routes = {name: each for name, each in routes.items() if isinstance(each, FileRoute)}
        self._job_routes = {name: each for name, each in routes.items() if isinstance(each, JobRoute)}
        self._pulse = Pulse(ledger, wave, threads=terms.workers, now=now)
        self._claims = claims or OfWave(ledger, wave, owner=self._pulse.owner)
        self._crew = Crew(terms.workers)
        self._in_hand = InHand(ledger, now=now)
        self._results = Results()
        self._files = Files(self._crew, self._in_hand, self._results, course)
        self._jobs = Jobs(self._crew, self._in_hand, self._results, course, terms.jobs)
        self._last = LastFiles()
        self._progress = Progress(0, 0, 0, 0, 0)
        self._end = End(course)
        self._listened = self._reported = float("-inf")
        self._none_until: dict[str, float] = {}
        self._log = log.logger()

    def go(self) -> str:
        """Move until nothing is left; returns why it ended before, empty when it did not.

        What cannot be moved is recorded as failed. Raises fatal TenantErrors, LedgerError, Stopped, Cancelled, and
        SpmigrateError when a source has gone; no thread of the crew outlives it.
        """
        self._patience.end_when(lambda: self._course.ending)
        try:
            self._begin()
            while self._step():
                pass
            self._finish()
        except KeyboardInterrupt:
            self._crew.close(wait=False)
            raise
        except BaseException as error:
            self._course.fail(error)  # which ends the waiting of the crew
            # The caller lets go of the run lock: by then nobody may be sending any more.
            self._crew.close()
            raise
        return self._end.say(self._wave.name, *self._files.aside)

    def _begin(self) -> None:
        wave_control.begin(self._ledger, self._wave)
        self._claims.begin()
        self._pulse.begin()
        wave_control.note(self._ledger, self._wave, "run began", self._pulse.owner)
        self._progress = batches.progress(self._ledger, self._wave.name)

    def _step(self) -> bool:
        """Record what has come back and hand out as much as there is room for; False when the run is over."""
        self._collect()
        self._listen()
        resting = self._course.ending or self._course.paused
        if not resting:
            self._claim_more()
        tasks = [] if resting else self._files.take(self._pulse.items_per_s)
        self._write([task.item for task in tasks])
        for task in tasks:
            if task.item.batch_id in self._in_hand:
                self._files.hand_out(task)
        if resting:
            self._put_down()
        if not self._course.in_a_hurry:
            self._jobs.advance(self._now())
        self._keep_alive()
        return not self._is_over()

    def _collect(self) -> None:
        if self._crew.busy:
            # The other half of what is in hand keeps the crew busy meanwhile.
            most = max(self._crew.threads, self._files.ahead(self._pulse.items_per_s) // 2)
            self._crew.collect(min(most, self._crew.busy), seconds=_TICK_SECONDS)
        elif not len(self._files) and self._listened > float("-inf"):
            due = self._jobs.next_due(self._now())
            self._course.stop.wait(_GLANCE_SECONDS if due is None else min(due, _GLANCE_SECONDS))

    def _listen(self) -> None:
        """Look at what was asked of the wave from another terminal."""
        now = self._now()
        if now - self._listened < _GLANCE_SECONDS:
            return
        self._listened = now
        asked = wave_control.control(self._ledger, self._wave)
        if asked != self._course.control:
            self._log.info("wave.control", wave=self._wave.name, asked=asked or "continue")
            self._course.control = asked

    def _put_down(self) -> None:
        """Hand out nothing more, and give back every batch of which nothing is on its way."""
        if self._course.trouble is not None or (self._course.stop.is_set() and self._patience.failing):
            self._crew.drop()
        busy = self._files.put_down()
        busy |= self._jobs.put_down(all_of_them=self._course.in_a_hurry)
        for holding in self._in_hand:
            if holding.batch.id not in busy:
                self._give_back(holding.batch)

    def _claim_more(self) -> None:
        """Claim as many batches as there is room for; where there was none just now, not at once again."""
        speed = self._pulse.items_per_s
        while self._files.wants(speed) and self._asks(self._file_routes):
            self._claim(self._file_routes, self._hour(self._files.rates, *self._files.backlog))
        while self._jobs.wants() and self._asks(self._job_routes):
            self._claim(self._job_routes, self._hour(self._jobs.rates, 0, 0))

    def _asks(self, routes: Mapping[str, object]) -> bool:
        now = self._now()
        return bool(routes) and not self._course.ending and now >= self._none_until.get(next(iter(routes)), now)

    def _hour(self, rates: Rates, items: int, size: int) -> Hour:
        """What may begin now, behind what is in hand already."""
        left = self._terms.hours.left()
        if left != float("inf"):
            left = max(left - rates.seconds(items, size, at_once=self._terms.workers), 0.0)
        return self._of(rates, left)

    def _of(self, rates: Rates, seconds: float) -> Hour:
        """So many seconds, for files or for jobs of whole batches."""
        unit, byte = rates.costs()
        whole = rates is self._jobs.rates
        return Hour(seconds, unit, byte, 1 if whole else self._terms.workers, whole=whole)

    def _claim(self, routes: Mapping[str, object], hour: Hour) -> None:
        """Take the next batch into hand, if there is one and it may move."""
        batch = self._claims.next(list(routes), hour) if hour.seconds > 0 else None
        if batch is None:
            self._none_until[next(iter(routes))] = self._now() + _GLANCE_SECONDS
            return
        if batch.former:
            wave_control.note(self._ledger, self._wave, "taken over", f"batch {batch.id} of {batch.former}")
        try:
            self._may_move(batch)
        except SpmigrateError as error:
            leases.give_back(self._ledger, batch, error=error.message)
            self._course.fail(error)
            return
        left = batches.transfers(self._ledger, batch)
        if not left:
            leases.give_back(self._ledger, batch, state="done")
            return
        self._in_hand.take(batch, left=len(left))
        if batch.route in self._file_routes:
            self._files.open(self._file_routes[batch.route], batch, left)
        else:
            self._jobs.take(self._job_routes[batch.route], batch, left, now=self._now())
        self._log.info("batch.claimed", batch=batch.id, site=batch.site, library=batch.library, items=len(left))

    def _write(self, intended: list[batches.Transfer]) -> None:
        """Results and intents, durably; then everything that follows from them."""
        self._let_go(self._results.write(self._ledger, self._in_hand.batches, intended))
        moved = self._results.moved
        for each in moved:
            if self._in_hand.finished(each.batch_id):
                self._in_hand.drop(each.batch_id)
        if moved:
            self._pulse.add(moved)
            self._progress = _further(self._progress, moved)
            self._last.add(each.outcome is Outcome.FAILED for each in moved)
            self._heed_stop_conditions()
        self._results.clear()
        for batch in self._jobs.take_unsettled():
            if batch.id in self._in_hand:
                self._give_back(batch, seconds=_PUT_OFF_SECONDS)

    def _heed_stop_conditions(self) -> None:
        found = replace(self._counters(), files=self._last.files, errors=self._last.errors)
        sentence = stopping.reason(found)
        if sentence and not self._course.halted:
            self._course.halted = sentence
            wave_control.note(self._ledger, self._wave, "stopped", sentence)

    def _let_go(self, lost: frozenset[int]) -> None:
        """Drop the work of batches whose lease is lost: others do it, and look first at what has arrived."""
        self._results.forget(lost)
        for batch_id in lost:
            self._files.forget(batch_id)
            self._jobs.forget(batch_id)
            self._in_hand.drop(batch_id)
            self._log.warning("batch.lost", batch=batch_id)

    def _give_back(self, batch: Batch, *, seconds: float = 0.0) -> None:
        leases.give_back(self._ledger, batch, seconds=seconds)
        self._in_hand.drop(batch.id)

    def _keep_alive(self) -> None:
        """Renew the leases, and say how it goes."""
        if self._in_hand.seconds_since_renewal() > RENEW_SECONDS or self._in_hand.has_lost:
            self._let_go(self._in_hand.renew())
        self._pulse.beat(self._doing)
        now = self._now()
        if now - self._reported > _REPORT_SECONDS:
            self._reported = now
            self._report(self._progress)

    def _doing(self) -> str:
        if self._course.paused:
            return "paused"
        if not self._in_hand and self._terms.hours.left() <= 0:
            return f"waiting for the window that opens {self._terms.hours.opens() or 'never'}"
        return doing(self._files.moving, self._in_hand, len(self._jobs), self._jobs.reasons)

    def _is_over(self) -> bool:
        if self._crew.busy or len(self._jobs):
            return False
        if self._course.ending:
            return True
        if len(self._files) or self._course.paused:
            return False
        if self._claims.due([*self._file_routes, *self._job_routes]) is None:
            return True
        if self._terms.hours.always or not self._none_until or self._any_fits(self._terms.hours.left()):
            return False
        return self._is_shut()

    def _any_fits(self, seconds: float) -> bool:
        """Whether anything that is left could be finished in so many seconds, even if it is put off now."""
        kinds = ((self._file_routes, self._files.rates), (self._job_routes, self._jobs.rates))
        return seconds > 0 and any(
            routes and self._claims.any_fits(list(routes), self._of(rates, seconds)) for routes, rates in kinds
        )

    def _is_shut(self) -> bool:
        """Nothing is in hand and nothing that is left fits into the window: whether that ends the run."""
        if self._terms.end_with_window:
            self._end.shut = True
            return True
        if not self._any_fits(self._terms.hours.longest()):
            self._course.fail(
                SpmigrateError(
                    "no batch that is left can be finished within a window",
                    hint="set longer windows (migrate: windows: in spmigrate.yaml), or run it once with --now REASON",
                )
            )
        return False

    def _finish(self) -> None:
        """Give back what is left, and write how it ended."""
        self._crew.close()
        self._listened = float("-inf")
        self._listen()
        for holding in self._in_hand:
            self._give_back(holding.batch)
        if self._course.control == CANCEL:
            never, in_hand = codes.CANCELLED, codes.CANCELLED_IN_HAND
            wave_control.settle(
                self._ledger, self._wave, never=(never.code, never.title), in_hand=(in_hand.code, in_hand.title)
            )
        self._report(self._progress)
        why = self._end.why
        self._pulse.end(why or "finished")
        wave_control.note(self._ledger, self._wave, "run ended", why)
        if not batches.has_open(self._ledger, self._wave):
            waves.set_state(self._ledger, self._wave, "moved")


def _further(progress: Progress, moved: list[batches.Moved]) -> Progress:
    return replace(
        progress,
        finished=progress.finished + len(moved),
        finished_bytes=progress.finished_bytes + sum(each.size for each in moved),
        failed=progress.failed + sum(each.outcome is not Outcome.COPIED for each in moved),
    )
