"""`Avoid these dates`, as people write them: days, ranges and lists in words, read into ISO days. Pure.

`1 to 5 April 2027, 2027-05-31` becomes `2027-04-01/2027-04-05, 2027-05-31`. Words that are no date (`month end`) stay
beside them, for the people who plan the waves. Reading what was written here before gives the same again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"([0-3]?[0-9])(?:st|nd|rd|th)?"
_TOKEN = re.compile(
    rf"""(?P<iso>\b([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}})\b)
    | (?P<slash>\b([0-9]{{1,2}})[/.]([0-9]{{1,2}})[/.]([0-9]{{4}}|[0-9]{{2}})\b)
    | (?P<named>\b{_DAY}\s+(?:of\s+)?({_MONTH})(?:,?\s+([0-9]{{4}})\b)?)
    | (?P<american>\b({_MONTH})\s+{_DAY}\b(?:,?\s+([0-9]{{4}})\b)?)
    | (?P<month>\b({_MONTH})(?:\s+([0-9]{{4}})\b)?)
    | (?P<day>\b{_DAY}\b)
    | (?P<range>\bto\b|\buntil\b|\btill\b|\bthrough\b|[-–—/])
    | (?P<list>,|;|\band\b|&|\n|\+)
    | (?P<filler>\b(?:from|between|on|the|(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?)\b)
    | (?P<word>[^\s,;]+)""",
    re.VERBOSE | re.IGNORECASE,
)
_TWENTY_FIRST = 2000


@dataclass(frozen=True, slots=True)
class Avoided:
    """What was read: ISO text to keep, what to tell the owner, and what must be corrected first."""

    text: str
    notes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class _Day:
    """A day that may still lack its month or year; `whole_month` stands for all of its days."""

    shown: str
    day: int
    month: int = 0
    year: int = 0
    whole_month: bool = False
    joined: str = "list"

    def on(self) -> date:
        return date(self.year, self.month, self.day)


@dataclass(slots=True)
class _Reading:
    days: list[_Day] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def read(text: str, today: date) -> Avoided:
    """The days in `text`. A year that is not written is the next one in which the day has not passed."""
    found = _read(text, today)
    if found.wrong or _read(found.text, today).text == found.text:
        return found
    return Avoided(text, (f"no date can be read from '{text}'; it is kept as words",))


def _read(text: str, today: date) -> Avoided:
    reading = _tokens(text)
    _complete(reading, today)
    periods = list(_periods(reading))
    shown = ", ".join(first.isoformat() if first == last else f"{first}/{last}" for first, last in periods)
    if periods and all(last < today for _, last in periods):
        reading.notes.append("these days have passed")
    words = " ".join(reading.words)
    if words and not reading.wrong:
        reading.notes.append(f"no date can be read from '{words}'; it is kept as words")
    if reading.wrong:
        return Avoided(text, (), tuple(reading.wrong))
    return Avoided("; ".join(filter(None, (shown, words))), tuple(reading.notes))


def _tokens(text: str) -> _Reading:
    reading = _Reading()
    joined = "list"
    phrase: list[str] = []
    for found in _TOKEN.finditer(text):
        kind, shown = str(found.lastgroup), found[0]
        if kind in ("range", "list"):
            joined = kind
            if phrase and kind == "list":
                phrase.append(",")
            continue
        if kind == "filler":
            phrase += [shown] if phrase and phrase[-1] != "," else []
            continue
        day = None if kind == "word" else _day(kind, shown, found, reading)
        if day is None:
            phrase.append(shown)
            continue
        day.joined = joined if reading.days else "list"
        reading.days.append(day)
        joined = "list"
    reading.words = [" ".join(phrase).replace(" ,", ",").strip(" ,")] if phrase else []
    return reading


def _day(kind: str, shown: str, found: re.Match[str], reading: _Reading) -> _Day | None:
    groups = [group for group in found.groups()[1:] if group is not None and group != shown]
    if kind == "iso":
        year, month, day = map(int, groups[:3])
        return _Day(shown, day, month, year)
    if kind == "slash":
        first, second, year = map(int, groups[:3])
        return _slashed(shown, first, second, year, reading)
    if kind == "named":
        return _Day(shown, int(groups[0]), _month(groups[1]), int(groups[2]) if len(groups) > 2 else 0)
    if kind == "american":
        return _Day(shown, int(groups[1]), _month(groups[0]), int(groups[2]) if len(groups) > 2 else 0)
    if kind == "month":
        year = int(groups[-1]) if groups and groups[-1].isdigit() else 0
        name = _month(shown.split()[0])
        return _Day(shown, 1, name, year, whole_month=True) if year or shown.lower() != "may" else None
    return _Day(shown, int(re.sub(r"\D", "", shown)))


def _slashed(shown: str, first: int, second: int, year: int, reading: _Reading) -> _Day | None:
    whole = year + (_TWENTY_FIRST if year < 100 else 0)
    if second > 12 >= first:
        try:
            meant = _spoken(date(whole, first, second))
        except ValueError:
            reading.wrong.append(f"'{shown}' is no day")
            return None
        reading.wrong.append(f"'{shown}' is in American order; write {meant}")
        return None
    try:
        found = date(whole, second, first)
    except ValueError:
        reading.wrong.append(f"'{shown}' is no day")
        return None
    reading.notes.append(f"read '{shown}' as {_spoken(found)}")
    return _Day(shown, first, second, whole)


def _complete(reading: _Reading, today: date) -> None:
    """Give each day the month and year that stand after it, or before it; a missing year is the next to come."""
    following = _Day("", 0)
    for day in reversed(reading.days):
        if not day.month:
            day.month = following.month
            day.year = day.year or following.year
        elif not day.year and following.year:
            day.year = following.year - (day.month > following.month)
        following = day
    before: _Day | None = None
    for day in reading.days:
        if not day.month and before is not None:
            day.month, day.year = before.month, before.year
        if day.month and not day.year:
            guess = before.year if before is not None and before.year else today.year
            passed = (before.month, before.day) if before is not None and before.year else (today.month, today.day)
            day.year = guess + ((day.month, day.day) < passed)
            what = f"{_name(day.month)} {day.year}"
            reading.notes.append(f"read '{day.shown}' as {what if day.whole_month else f'{day.day} {what}'}")
        before = day


def _periods(reading: _Reading) -> Iterator[tuple[date, date]]:
    open_period: tuple[date, date] | None = None
    for day in reading.days:
        if not day.month:
            reading.words.append(day.shown)
            continue
        try:
            first = day.on()
        except ValueError:
            reading.wrong.append(f"'{day.shown}' is no day")
            continue
        last = _end_of_month(first) if day.whole_month else first
        if day.joined == "range" and open_period is not None:
            if last < open_period[0]:
                reading.wrong.append(f"'{day.shown}' comes before the day that it is the end of")
            open_period = (open_period[0], last)
            continue
        if open_period is not None:
            yield open_period
        open_period = (first, last)
    if open_period is not None:
        yield open_period


def _end_of_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _month(name: str) -> int:
    return _MONTHS[name.rstrip(".").lower()]


def _name(month: int) -> str:
    return date(_TWENTY_FIRST, month, 1).strftime("%B")


def _spoken(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
