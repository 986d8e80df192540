"""When content may be moved: hours by the council's clocks, without the days that are frozen. Pure.

All moments are aware and come back in UTC, because two times of one civil zone are compared by what the clocks show,
which is wrong by an hour in the nights in which they change. A window begins and ends at the first moment at which the
clocks show its time or a later one: it never goes on through the hour that autumn repeats, nor into that which spring
leaves out.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

from spmigrate.config import MigrateSection, Weekday, WindowSection
from spmigrate.registers.calendar import FreezeCalendar
from spmigrate.words import day

ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)
"""What `open_until` says where it never shuts: no hours are set, or all of them."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_LOOK_AHEAD = timedelta(days=400)
"""No calendar of freezes keeps a window shut for longer; one that does is told as shut for good."""
_DAYS = tuple(Weekday)


_AVOIDED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:/([0-9]{4}-[0-9]{2}-[0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose content it is: the codes of a unit and of those above it, the business class, what its owner avoids.

    `avoid` is as sheets keep it: `2027-04-01/2027-04-05, 2027-05-31`; words that are no day stand for none.
    """

    units: tuple[str, ...] = ()
    class_: str | None = None
    avoid: str = ""

    def avoids(self, on: date) -> str | None:
        """The days, in people's words, that the owner asked to avoid and that this day is one of."""
        for first, last in _AVOIDED.findall(self.avoid):
            begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
            if begin <= on <= end:
                return day(begin) if begin == end else f"{day(begin)} to {day(end)}"
        return None


EVERYBODY = (Concerned(),)
"""Where no row is named: only what is frozen for everybody counts."""


def _reasons(calendar: FreezeCalendar | None, on: date, each: Concerned) -> list[str]:
    found = [] if calendar is None else calendar.frozen(on, units=each.units, class_=each.class_)
    avoided = each.avoids(on)
    return found if avoided is None else [*found, f"Owner's wish: {avoided} is to be avoided"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one moment to another, the second not included."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> float:
        """How long it really is, whatever the clocks show."""
        return (self.end - self.start) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Windows:
    """The hours of every day in which content may be moved; without hours at any time, frozen or not.

    `frozen` says of a civil day why nothing moves on it; its reasons are empty on a day that is free.
    """

    zone: ZoneInfo
    hours: tuple[WindowSection, ...]
    frozen: Callable[[date], tuple[str, ...]]

    @classmethod
    def of(
        cls, settings: MigrateSection, calendar: FreezeCalendar | None, concerned: Collection[Concerned] = EVERYBODY
    ) -> Self:
        """The windows of the settings in which nothing of what is `concerned` is frozen by the calendar."""
        whose = tuple(dict.fromkeys(concerned)) or EVERYBODY

        @cache
        def frozen(on: date) -> tuple[str, ...]:
            return tuple(dict.fromkeys(why for each in whose for why in _reasons(calendar, on, each)))

        return cls(ZoneInfo(settings.zone), settings.windows, frozen)

    @property
    def always(self) -> bool:
        """Whether no hours are set, so that content may be moved at any time."""
        return not self.hours

    def open_until(self, moment: datetime) -> datetime | None:
        """When the window shuts that is open at this moment; None when none is. `ALWAYS` where it does not shut."""
        if self.always:
            return ALWAYS
        horizon = moment + _LOOK_AHEAD
        span = next(self.spans(moment, horizon), None)
        if span is None or span.start > moment:
            return None
        return span.end if span.end < horizon else ALWAYS

    def next_open(self, moment: datetime) -> datetime | None:
        """The first moment from this one on at which a window is open; None when there is none within 400 days."""
        if self.always:
            return moment.astimezone(UTC)
        span = next(self.spans(moment, moment + _LOOK_AHEAD), None)
        return span.start if span else None

    def spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The windows between two moments, in order, cut to them; those that touch are one."""
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        if self.always:
            yield from (Span(first, last),) if first < last else ()
            return
        held: Span | None = None
        for span in self._pieces(first, last):
            if held and span.start <= held.end:
                held = Span(held.start, max(held.end, span.end))
                continue
            if held:
                yield held
            held = span
        if held:
            yield held

    def said(self, moment: datetime) -> datetime:
        """A moment as the council's clocks show it, for people."""
        return moment.astimezone(self.zone)

    def later(self, moment: datetime, days: int) -> datetime:
        """So many days later, at the same time by the council's clocks."""
        return (self.said(moment) + timedelta(days=days)).astimezone(UTC)

    def _pieces(self, first: datetime, last: datetime) -> Iterator[Span]:
        """What lies between two moments of the hours of each day, in order of their beginnings; they may overlap."""
        on = self.said(first).date() - _DAY  # a window of the evening before may still be open
        while self._moment(on, time()) < last:
            for span in sorted(self._of_day(on)):
                cut = Span(max(span.start, first), min(span.end, last))
                if cut.start < cut.end:
                    yield cut
            on += _DAY

    def _of_day(self, on: date) -> Iterator[Span]:
        """The hours that begin on a day, without what of them lies on frozen days."""
        for hours in self.hours:
            if _DAYS[on.weekday()] not in hours.days:
                continue
            begin, end = time.fromisoformat(hours.from_), time.fromisoformat(hours.to)
            following = on + _DAY
            if end > begin:
                parts = [(on, begin, on, end)]
            else:
                parts = [(on, begin, following, time()), (following, time(), following, end)]
            for each, opens, until, shuts in parts:
                span = Span(self._moment(each, opens), self._moment(until, shuts))
                if span.start < span.end and not self.frozen(each):
                    yield span

    def _moment(self, on: date, at: time) -> datetime:
        """The first moment at which the clocks show this time of this day, or a later one."""
        civil = datetime.combine(on, at, self.zone)
        found = civil.astimezone(UTC)
        if found.astimezone(self.zone).replace(tzinfo=None) == civil.replace(tzinfo=None):
            return found
        # Spring leaves this time out: the clocks jump somewhere between what the two offsets make of it.
        low, high = civil.replace(fold=1).astimezone(UTC), found
        offset = low.astimezone(self.zone).utcoffset()
        while high - low > _SECOND:
            middle = low + (high - low) / 2
            low, high = (middle, high) if middle.astimezone(self.zone).utcoffset() == offset else (low, middle)
        return high.replace(microsecond=0)
