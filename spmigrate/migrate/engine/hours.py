"""The hours in which this run may move content, as seconds that are left of them."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from spmigrate.migrate.windows import ALWAYS, Windows

_LOOK_AHEAD = timedelta(days=30)


class Hours:
    """What is left of the window that is open. `now` is in seconds since 1970."""

    def __init__(self, windows: Windows | None = None, *, now: Callable[[], float] = time.time) -> None:
        """Without windows content moves at any time."""
        self._windows = windows
        self._now = now

    @property
    def always(self) -> bool:
        """Whether there are no windows to keep."""
        return self._windows is None or self._windows.always

    def left(self) -> float:
        """Seconds until the window shuts; infinite when it never does, 0 when none is open."""
        if self._windows is None:
            return math.inf
        now = self._moment()
        until = self._windows.open_until(now)
        if until is None:
            return 0.0
        return math.inf if until >= ALWAYS else (until - now).total_seconds()

    def longest(self) -> float:
        """Seconds of the longest window that the next weeks have; infinite without windows."""
        if self._windows is None or self._windows.always:
            return math.inf
        now = self._moment()
        spans = self._windows.spans(now, now + _LOOK_AHEAD)
        return max(((each.end - each.start).total_seconds() for each in spans), default=0.0)

    def opens(self) -> str:
        """When the next window opens, as the council's clocks show it; empty when that is not known."""
        found = self._windows.next_open(self._moment()) if self._windows else None
        return f"{self._windows.said(found):%A %d %B, %H:%M}" if found and self._windows else ""

    def _moment(self) -> datetime:
        return datetime.fromtimestamp(self._now(), UTC)
