"""When to send, and when to send again: the shared gate and the policy of retrying. No other code retries."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from random import random

from spmigrate.errors import TenantError, Throttled, Unavailable

ATTEMPTS = 8
"""How often a request is sent at most; the waits between them add up to about two minutes."""
_FIRST_SECONDS = 1.0
_LONGEST_SECONDS = 60.0
LONGEST_SILENCE = 90.0
"""Seconds in which nobody gets a usable answer, after which nothing is sent again."""
_GLANCE_SECONDS = 0.2
REFUSALS = 6
"""How often one thing is put off in a row, while others are served, before it counts as never served."""
_REMEMBERED = 1000


class Gate:
    """Closed while the service asks to wait: every thread that is about to send waits here.

    The quota belongs to the app in the tenant, not to a thread, so one refusal stops them all. `closed_seconds` is how
    long the gate has been, or is going to be, closed in all.
    `sleep` and `now` belong together: sleeping must move the clock.
    """

    def __init__(
        self, *, sleep: Callable[[float], None] = time.sleep, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._sleep = sleep
        self._now = now
        self._opens = float("-inf")
        self.closed_seconds = 0.0
        self._lock = threading.Lock()

    def close(self, seconds: float) -> None:
        """Keep everybody waiting for so many seconds from now; a longer wait that is in force stays."""
        with self._lock:
            now = self._now()
            opens = max(self._opens, now + seconds)
            self.closed_seconds += opens - max(self._opens, now)
            self._opens = opens

    def wait(self) -> None:
        """Return when the gate is open."""
        while (left := self._opens - self._now()) > 0:
            self._sleep(left)


class Patience:
    """How long everybody goes on sending while nothing usable comes back. Shared by all threads.

    `failing`: the last thing that is known of the service is a failure. `silent`: it has been so for too long.
    """

    def __init__(
        self, *, sleep: Callable[[float], None] = time.sleep, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._sleep = sleep
        self._now = now
        self._failing_since: float | None = None
        self._ended: Callable[[], bool] | None = None

    @property
    def failing(self) -> bool:
        """Whether nobody has had a usable answer since the last failure."""
        return self._failing_since is not None

    @property
    def silent(self) -> bool:
        """Whether it is senseless to send anything again."""
        since = self._failing_since
        return since is not None and self._now() - since >= LONGEST_SILENCE

    def end_when(self, ended: Callable[[], bool]) -> None:
        """Give up every wait once `ended` says so: it is asked five times a second."""
        self._ended = ended

    def heard(self) -> None:
        """The service gave a usable answer, be it a refusal or a request to wait."""
        self._failing_since = None

    def missed(self) -> None:
        """A request failed without one."""
        if self._failing_since is None:
            self._failing_since = self._now()

    def check(self) -> None:
        """Raises Unavailable when the run ends and the service does not answer: nothing more is sent then."""
        if self.failing and self._ended is not None and self._ended():
            raise _given_up()

    def pause(self, seconds: float) -> None:
        """Wait so long. Raises Unavailable when the run ends meanwhile."""
        if self._ended is None:
            self._sleep(seconds)
            return
        until = self._now() + seconds
        while (left := until - self._now()) > 0:
            if self._ended():
                raise _given_up()
            self._sleep(min(left, _GLANCE_SECONDS))


def _given_up() -> Unavailable:
    return Unavailable("given up, because the run ends", hint="run the same command again")


class Refusals:
    """Tells one thing that is never served from a service that is busy. Shared by all threads.

    Source: SharePoint answers 429 for ever to breaking inheritance on a list or folder of more than 100,000 items.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._served = 0
        self._refused: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def served(self, what: str) -> None:
        """The service did what was asked, or refused it for good."""
        with self._lock:
            self._served += 1
            self._refused.pop(what, None)

    def put_off(self, what: str) -> bool:
        """The service asked to wait with it; True when it has done so too often, and served as many others since."""
        with self._lock:
            times, served = self._refused.pop(what, (0, self._served))
            self._refused[what] = (times + 1, served)
            if len(self._refused) > _REMEMBERED:
                self._refused.popitem(last=False)
            return times + 1 >= REFUSALS <= self._served - served


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and after which pause a request is sent again."""

    attempts: int = ATTEMPTS
    chance: Callable[[], float] = random

    def allow(self, error: TenantError, *, attempt: int, harmless: bool) -> bool:
        """Whether to send again after attempt number `attempt` (from 1) failed.

        `harmless` says that a second sending cannot do a thing twice: the request may be repeated by its nature, or
        it is certain that it was never carried out.
        """
        return error.transient and harmless and attempt < self.attempts

    def pause(self, error: TenantError, *, attempt: int) -> float:
        """Seconds to wait before sending again; none of its own where the gate makes everybody wait."""
        if isinstance(error, Throttled):
            return 0.0
        longest = min(_FIRST_SECONDS * 2.0 ** (attempt - 1), _LONGEST_SECONDS)
        return longest * (0.5 + self.chance() / 2)
