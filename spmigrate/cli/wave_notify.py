"""`--notify`: people are told when a run starts, stops, or falls silent. No message ever stops a wave."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from spmigrate.cli import view, wave_windows
from spmigrate.errors import SpmigrateError

if TYPE_CHECKING:
    from spmigrate.messages.message import Channel, Message
    from spmigrate.migrate.watch import Watch
    from spmigrate.migrate.windows import Windows
    from spmigrate.store.batches import Progress
    from spmigrate.store.waves import Wave


_AT_ONCE_SECONDS = 5.0
"""How long messages may keep somebody who asked twice for an end."""


class Telling:
    """What the run in hand says of itself; does nothing where nobody is to be told."""

    def __init__(self, watch: "Watch | None" = None) -> None:
        self._watch = watch
        self.why = ""

    def saw(self, progress: "Progress") -> None:
        """How far the run is."""
        if self._watch:
            self._watch.saw(progress)

    def ended(self, why: str) -> None:
        """Why the run ends, where it is not for an error: a sentence without its full stop."""
        self.why = why


@contextmanager
def telling(session: view.Session, chosen: "Wave", *, notify: bool, any_time: bool = False) -> Iterator[Telling]:
    """Tell the channels of the settings of the run within. Raises ConfigError, before it, where there is none.

    A run that goes on at `any_time` is expected to move outside its windows, too.
    """
    if not notify:
        yield Telling()
        return
    from spmigrate.messages import channels

    section = session.settings.config.migrate.notify
    yield from _told(session, chosen, channels.channels(section, session.place.folder), any_time=any_time)


def _told(session: view.Session, chosen: "Wave", to: "tuple[Channel, ...]", *, any_time: bool) -> Iterator[Telling]:
    from spmigrate import log
    from spmigrate.messages.outbox import CLOSE_SECONDS, Outbox
    from spmigrate.migrate import bulletins
    from spmigrate.store.batches import progress

    began = _now()
    start = progress(session.ledger, chosen.name)
    windows = wave_windows.windows(session, chosen)
    if any_time:
        windows = replace(windows, hours=())
    watch = _watch(session, chosen.name, start, began, windows)
    outbox = Outbox(to, due=lambda: watch.due(_now()))
    said = Telling(watch)
    until = None if windows.always else windows.open_until(began)
    outbox.put(
        bulletins.started(
            chosen.name, windows.said(began), start, workers=session.settings.workers,
            until=until and windows.said(until),
        )
    )  # fmt: skip
    why, patience = "a fault in spmigrate itself ended it", CLOSE_SECONDS
    try:
        yield said
        why = said.why
    except SpmigrateError as error:
        why = log.hide(error.message)
        raise
    except KeyboardInterrupt:
        why, patience = "it was stopped at once, by hand", _AT_ONCE_SECONDS
        raise
    finally:
        outbox.put(_end(session, chosen, windows.said(_now()), why))
        for each in outbox.close(patience):
            view.note(f"nobody was told by {each.channel} that '{each.subject}': {each.why}")


def _watch(session: view.Session, name: str, start: "Progress", began: datetime, windows: "Windows") -> "Watch":
    from spmigrate.migrate.watch import Watch

    section = session.settings.config.migrate.notify
    return Watch(
        name, start, began=began, silence=timedelta(minutes=section.silence_minutes), windows=windows,
        morning=None if section.morning is None else time.fromisoformat(section.morning),
    )  # fmt: skip


def _end(session: view.Session, chosen: "Wave", at: datetime, why: str) -> "Message":
    from spmigrate.migrate import bulletins
    from spmigrate.store import summary, waves

    standing = waves.standing(session.ledger, chosen)
    if not why:
        why = bulletins.why_it_ended(standing)
    return bulletins.stopped(chosen.name, at, why, standing, summary.causes(session.ledger, chosen.id))


def _now() -> datetime:
    return datetime.now(UTC)
