"""What a run says of itself in the ledger every two seconds: how fast it is, and what it does."""

import os
import platform
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence

from spmigrate import __version__, words
from spmigrate.migrate.engine.in_hand import InHand
from spmigrate.store import workers
from spmigrate.store.batches import Moved
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from spmigrate.store.workers import Beat

BEAT_SECONDS = 2.0
_SPAN_SECONDS = 30.0


class Speed:
    """Files and bytes a second, over the last half minute. Pure but for the clock that it is given."""

    def __init__(self, now: float) -> None:
        self.items = 0
        self.bytes = 0
        self._marks: deque[tuple[float, int, int]] = deque([(now, 0, 0)])

    def add(self, items: int, size: int) -> None:
        """So many files have been finished."""
        self.items += items
        self.bytes += size

    def at(self, now: float) -> tuple[float, float]:
        """Files and bytes a second now. Call it every second or so."""
        if now - self._marks[-1][0] >= 1.0:
            self._marks.append((now, self.items, self.bytes))
        while len(self._marks) > 2 and now - self._marks[1][0] >= _SPAN_SECONDS:
            self._marks.popleft()
        then, items, size = self._marks[0]
        seconds = max(now - then, 1.0)
        return (self.items - items) / seconds, (self.bytes - size) / seconds


class Pulse:
    """The line of one run in the ledger."""

    def __init__(self, ledger: Ledger, wave: Wave, *, threads: int, now: Callable[[], float] = time.monotonic) -> None:
        self.host = platform.node()
        self.owner = f"{self.host} process {os.getpid()}"
        self._id = f"{self.owner} {secrets.token_hex(4)}"
        self._ledger = ledger
        self._wave = wave
        self._threads = threads
        self._now = now
        self._speed = Speed(now())
        self._beaten = float("-inf")

    @property
    def items_per_s(self) -> float:
        """Files a second over the last half minute."""
        return self._speed.at(self._now())[0]

    def begin(self) -> None:
        """Write the line."""
        workers.enter(
            self._ledger, self._wave, id_=self._id, host=self.host, process=os.getpid(), threads=self._threads,
            version=__version__,
        )  # fmt: skip

    def add(self, moved: Sequence[Moved]) -> None:
        """These files have their outcome."""
        self._speed.add(len(moved), sum(each.size for each in moved))

    def beat(self, doing: Callable[[], str]) -> bool:
        """Say it again when two seconds have passed; True when it was said."""
        now = self._now()
        if now - self._beaten < BEAT_SECONDS:
            return False
        self._beaten = now
        items_per_s, bytes_per_s = self._speed.at(now)
        workers.beat(
            self._ledger, self._id, Beat(doing(), self._speed.items, self._speed.bytes, items_per_s, bytes_per_s)
        )
        return True

    def end(self, why: str) -> None:
        """The run is over."""
        workers.beat(self._ledger, self._id, Beat(why, self._speed.items, self._speed.bytes))
        workers.leave(self._ledger, self._id, why)


def doing(files: int, in_hand: InHand, jobs: int, reasons: Sequence[str]) -> str:
    """What a run does, in a few words."""
    said = [f"sending {words.plural(files, 'file')}"] if files else []
    if jobs:
        said.append(words.plural(jobs, "job") + (f" ({reasons[0]})" if reasons else ""))
    if not said:
        return "waiting"
    return f"{', '.join(said)} of {words.plural(len(in_hand), 'batch', 'batches')}"
