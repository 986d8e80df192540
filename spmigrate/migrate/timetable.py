"""Which windows a forecast fills, when that ends, week by week, and whether it fits. Pure.

Weeks begin on Monday by the council's clocks. A week that is lost is one whose windows are not used: the first ones,
because time that is lost later can only be lost if the work is not done by then.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from spmigrate.migrate.forecast import ROOM, Forecast
from spmigrate.migrate.windows import Span, Windows
from spmigrate.model import Amount
from spmigrate.tenant.budget import Budget

_HOUR = timedelta(hours=1)
_WEEK = timedelta(days=7)
_FARTHEST = timedelta(days=3 * 365)
"""Beyond, nobody plans: what does not end by then is told as not ending."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a forecast fits the windows before its day, in a word and in a sentence."""

    word: str
    says: str

    @property
    def is_good(self) -> bool:
        """Whether it fits with room to spare."""
        return self.word == "fits"


@dataclass(frozen=True, slots=True)
class Timetable:
    """The windows of a wave from a moment to its cutover, and those behind it; without the weeks that are lost."""

    windows: Windows
    start: datetime
    until: datetime
    lost_weeks: int = 0

    @property
    def begins(self) -> datetime:
        """The first moment that counts: the start, or the Monday after the last lost week."""
        if not self.lost_weeks:
            return self.start
        monday = monday_of(self.windows.said(self.start).date()) + self.lost_weeks * _WEEK
        return max(self.start, datetime.combine(monday, time(), self.windows.zone).astimezone(UTC))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The windows before the cutover."""
        return tuple(self.windows.spans(self.begins, self.until))

    @property
    def hours(self) -> float:
        """How many hours they have."""
        return sum(each.hours for each in self.spans)

    def ends(self, hours: float) -> datetime | None:
        """When so many hours of windows are over, before or after the cutover; None when that is years away."""
        left = hours
        if left <= 0:
            return self.begins
        for span in self.windows.spans(self.begins, self.begins + _FARTHEST):
            if span.hours >= left:
                return span.start + left * _HOUR
            left -= span.hours
        return None

    def needed(self, hours: float) -> tuple[Span, ...]:
        """The windows that so many hours fill, the last one cut where they end."""
        end = self.ends(hours)
        return tuple(self.windows.spans(self.begins, end)) if end else ()

    def fit(self, forecast: Forecast) -> Fit:
        """Whether a forecast fits before the cutover."""
        have = f"{said_hours(self.hours)} of windows before the cutover"
        if self.hours >= forecast.most * ROOM:
            return Fit("fits", f"{have} hold the longer time {ROOM} times")
        if self.hours >= forecast.most:
            return Fit("no room", f"{have} hold the longer time, but not {ROOM} times: one bad night is too many")
        if self.hours >= forecast.least:
            return Fit("may not fit", f"{have} hold the shorter time and not the longer one")
        return Fit("does not fit", f"{have} do not hold even the shorter time")

    def weeks(self, amount: Amount, hours: float) -> dict[date, Amount]:
        """What would move in each week, if `amount` took `hours` at an even pace; keyed by Mondays."""
        found: dict[date, float] = defaultdict(float)
        for span in self.needed(hours):
            for each in by_days(span, self.windows):
                found[monday_of(self.windows.said(each.start).date())] += each.hours
        whole = sum(found.values())
        if not whole:
            return {monday_of(self.windows.said(self.begins).date()): amount} if amount.items else {}
        return dict(_shares(amount, {week: found[week] / whole for week in sorted(found)}))


def units_an_hour(spans: Sequence[Span], windows: Windows, budget: Budget, share: int) -> float:
    """Resource units in a mean hour of these windows: the limit of a minute binds at night, that of a day elsewhere.

    `share` is in percent. Without windows it is as if they were open all day.
    """
    per_day: dict[date, float] = defaultdict(float)
    for span in spans:
        for each in by_days(span, windows):
            per_day[windows.said(each.start).date()] += each.hours
    if not per_day:
        return min(budget.minute * 60, budget.day / 24) * share / 100
    units = sum(min(hours * 60 * budget.minute, budget.day) for hours in per_day.values())
    return units * share / 100 / sum(per_day.values())


def by_days(span: Span, windows: Windows) -> Iterator[Span]:
    """A window cut at midnights of the council's clocks."""
    start = span.start
    while start < span.end:
        following = windows.said(start).date() + timedelta(days=1)
        end = min(span.end, datetime.combine(following, time(), windows.zone).astimezone(UTC))
        yield Span(start, end)
        start = end


def monday_of(on: date) -> date:
    """The Monday of this day's week."""
    return on - timedelta(days=on.weekday())


def said_hours(hours: float) -> str:
    """Hours for people: `under 0.1 hours`, `3.5 hours`, `120 hours`."""
    if 0 < hours < 0.1:
        return "under 0.1 hours"
    return f"{hours:,.1f} hours" if hours < 10 else f"{hours:,.0f} hours"


def _shares(amount: Amount, parts: Mapping[date, float]) -> Iterator[tuple[date, Amount]]:
    """`amount` in whole files and bytes by parts that add up to one; nothing is lost by rounding."""
    done, until = Amount(), 0.0
    for week, part in parts.items():
        until += part
        so_far = Amount(min(round(amount.items * until), amount.items), min(round(amount.bytes * until), amount.bytes))
        if week == max(parts):
            so_far = amount
        yield week, Amount(so_far.items - done.items, so_far.bytes - done.bytes)
        done = so_far
