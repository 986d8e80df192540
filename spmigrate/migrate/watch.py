"""Which messages of a run are due: nothing has moved for too long, it moves again, it is morning. No input or output.

The thread that moves says how far it is, the thread that sends asks what is due; neither waits for the other.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from spmigrate.messages.message import Message
from spmigrate.migrate import bulletins
from spmigrate.migrate.windows import Windows
from spmigrate.store.batches import Progress


class Watch:
    """What is known of a run, and what of it was told. Silence counts only while a window is open."""

    def __init__(
        self, wave: str, start: Progress, *, began: datetime, silence: timedelta, morning: time | None, windows: Windows
    ) -> None:
        """`start` is how far the wave was when the run `began`; `morning` is by the council's clocks."""
        self._wave = wave
        self._start = self._now = start
        self._began = began
        self._silence = silence
        self._windows = windows
        self._morning = None if morning is None else self._next(morning, began)
        self._counted = start.finished
        self._moved_at = began
        self._is_silent = False

    def saw(self, progress: Progress) -> None:
        """How far the run is now."""
        self._now = progress

    def due(self, at: datetime) -> Sequence[Message]:
        """What has to be said at this moment and was not said yet."""
        return [*self._about_silence(at), *self._about_the_morning(at)]

    def _about_silence(self, at: datetime) -> list[Message]:
        now = self._now
        if now.finished != self._counted:
            was_silent, self._is_silent = self._is_silent, False
            self._counted, self._moved_at = now.finished, at
            return [bulletins.moving_again(self._wave, self._windows.said(at), now)] if was_silent else []
        if self._windows.open_until(at) is None:
            self._moved_at = at  # nobody expects anything of a run that waits for its window
        if self._is_silent or at - self._moved_at < self._silence:
            return []
        self._is_silent = True
        minutes = round(self._silence / timedelta(minutes=1))
        return [bulletins.silent(self._wave, minutes, self._windows.said(at), now)]

    def _about_the_morning(self, at: datetime) -> list[Message]:
        if self._morning is None or at < self._morning:
            return []
        self._morning = self._next(self._windows.said(self._morning).timetz().replace(tzinfo=None), at)
        done = self._now.finished - self._start.finished
        said = self._windows.said(at)
        return [bulletins.morning(self._wave, said, self._now, since=self._began, finished_since=done)]

    def _next(self, hour: time, after: datetime) -> datetime:
        """The next time that the council's clocks show this hour."""
        local = self._windows.said(after)
        found = datetime.combine(local.date(), hour, self._windows.zone)
        return found if found > local else datetime.combine(local.date() + timedelta(days=1), hour, found.tzinfo)
