"""When to send, and when to send again: the shared gate and the policy of retrying. No other code retries."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import random

from spmigrate.errors import TenantError, Throttled

ATTEMPTS = 8
"""How often a request is sent at most; the waits between them add up to about two minutes."""
_FIRST_SECONDS = 1.0
_LONGEST_SECONDS = 60.0


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
