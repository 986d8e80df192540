"""The tenant's clock: a value that can be moved, so that no test waits 93 days."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

from spmigrate.rehearsal.storage import Store

_STORED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Clock:
    """Real time plus an offset; the offset survives a restart."""

    def __init__(self, store: Store, *, real: Callable[[], float] = time.time) -> None:
        self._store = store
        self._real = real
        self._offset = float(store.read_value("clock.offset") or 0)
        self._second = 0
        self._text = ""

    def seconds(self) -> float:
        """Now, in seconds since 1970 (UTC)."""
        return self._real() + self._offset

    def now(self) -> datetime:
        """Now, with its time zone (UTC)."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def iso(self) -> str:
        """Now as the service writes it: `2026-11-21T09:30:00Z`."""
        second = int(self.seconds())
        if second != self._second:
            self._second, self._text = second, write_time(second)
        return self._text

    def advance(self, seconds: float) -> None:
        """Move the clock on (or back, by a negative number)."""
        self._offset += seconds
        self._store.write_value("clock.offset", self._offset)

    def reset(self) -> None:
        """Go back to real time."""
        self.advance(-self._offset)

    def set_to(self, moment: datetime) -> None:
        """Let the clock go on from a moment."""
        self.advance(moment.timestamp() - self.seconds())


def write_time(seconds: float) -> str:
    """A moment to the second: `2026-11-21T09:30:00Z`."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str) -> datetime:
    """Read a client's ISO 8601 time (UTC when it names no zone); a ValueError when it is none."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def normal_time(text: str) -> str:
    """A client's time in the form in which times are stored; fractions of a second are cut off."""
    moment = read_time(text)
    if _STORED.fullmatch(text):
        return text
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
