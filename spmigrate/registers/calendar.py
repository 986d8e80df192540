"""The freeze calendar: days on which nothing of a unit, of a class, or of anybody, is cut over."""

import calendar as months
import re
from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from spmigrate.errors import Problem
from spmigrate.formats import yaml
from spmigrate.registers.consistency import doubles, refuse
from spmigrate.registers.people import UNIT, Text

FILE = "calendar.yaml"
_MONTHS = tuple(months.month_name)[1:]
_DATE = yaml.Form(f"[1-9][0-9]? ({'|'.join(_MONTHS)})", "a day of every year, such as 10 March")
_SATURDAY, _SUNDAY = 5, 6


class Month(StrEnum):
    """A month by its name."""

    JANUARY = "January"
    FEBRUARY = "February"
    MARCH = "March"
    APRIL = "April"
    MAY = "May"
    JUNE = "June"
    JULY = "July"
    AUGUST = "August"
    SEPTEMBER = "September"
    OCTOBER = "October"
    NOVEMBER = "November"
    DECEMBER = "December"


class MonthEnd(yaml.Described):
    """Working days around the end of every month."""

    last_working_days: Annotated[int, Field(ge=0, le=23)] = 0
    """So many working days before the month ends."""
    first_working_days: Annotated[int, Field(ge=0, le=23)] = 0
    """So many working days after it has begun."""


class Span(yaml.Described):
    """From one day of the year to another, both included; over New Year when the second comes first."""

    from_: Annotated[str, _DATE]
    """The first day."""
    to: Annotated[str, _DATE]
    """The last day."""

    @model_validator(mode="after")
    def _exists(self) -> Self:
        for text in (self.from_, self.to):
            number, month = _day_of_year(text)
            if number > months.monthrange(2024, month)[1]:
                raise ValueError(f"there is no {text}")
        return self

    def holds(self, on: date) -> bool:
        """Whether it covers this day."""
        first, last, here = (each[::-1] for each in (_day_of_year(self.from_), _day_of_year(self.to), _of(on)))
        return first <= here <= last if first <= last else here >= first or here <= last


class Once(yaml.Described):
    """From one day to another, both included, once."""

    from_: yaml.Day
    """The first day."""
    to: yaml.Day
    """The last day."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise ValueError("ends before it begins")
        return self


class Freeze(yaml.Described):
    """Days on which something is not cut over: exactly one of the five ways to say when, and for whom."""

    name: Text
    """What people call it."""
    why: Text
    """Why nothing may move then, as plans and refusals say it."""
    units: tuple[Annotated[str, UNIT], ...] = ()
    """The units of organisation.yaml that it is for, with all below them."""
    classes: tuple[Text, ...] = ()
    """The business classes of lists.yaml that it is for; without units and classes it is for everybody."""
    every_month: MonthEnd | None = None
    """Working days around the end of every month."""
    every_year: Span | None = None
    """The same days of every year."""
    last_weekend_of: tuple[Month, ...] = ()
    """The Saturday and Sunday of the last Sunday of these months."""
    once: Once | None = None
    """A span of days, once: an election, an inspection."""
    days: tuple[yaml.Day, ...] = ()
    """Single days."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.every_month, self.every_year, self.last_weekend_of, self.once, self.days)
        if sum(bool(way) for way in ways) != 1:
            raise ValueError("give one of: every month, every year, last weekend of, once, days")
        if self.every_month and not (self.every_month.first_working_days or self.every_month.last_working_days):
            raise ValueError("say how many first or last working days of every month")
        return self

    def concerns(self, units: Collection[str], class_: str | None) -> bool:
        """Whether it is for something of this class in a unit that is, or lies below, one of `units`."""
        everybody = not self.units and not self.classes
        return everybody or not set(self.units).isdisjoint(units) or class_ in self.classes


class FreezeCalendar(yaml.Described):
    """calendar.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Of the form of this file."""
    bank_holidays: tuple[yaml.Day, ...] = ()
    """The bank holidays that are known: no working days, and frozen for everybody."""
    freezes: list[Freeze]
    """An entry for each freeze."""

    def is_working_day(self, on: date) -> bool:
        """Whether the council works on this day."""
        return on.weekday() < _SATURDAY and on not in self.bank_holidays

    def working_days_after(self, start: date, count: int) -> date:
        """The day that is `count` working days later."""
        found = start
        while count > 0:
            found += timedelta(days=1)
            count -= self.is_working_day(found)
        return found

    def frozen(self, on: date, *, units: Collection[str] = (), class_: str | None = None) -> list[str]:
        """Why nothing is cut over on this day, a sentence for each freeze; nothing when the day is free.

        `units` are the codes of the unit concerned and of those above it, `class_` its business class.
        """
        found = [
            f"{each.name}: {each.why}" for each in self.freezes if each.concerns(units, class_) and self._on(each, on)
        ]
        return ["Bank holiday: nobody is at work to notice", *found] if on in self.bank_holidays else found

    def _on(self, freeze: Freeze, on: date) -> bool:
        if freeze.every_month:
            return self._around_month_end(freeze.every_month, on)
        if freeze.every_year:
            return freeze.every_year.holds(on)
        if freeze.once:
            return freeze.once.from_ <= on <= freeze.once.to
        return on in freeze.days or any(on in _last_weekend(on.year, month) for month in freeze.last_weekend_of)

    def _around_month_end(self, end: MonthEnd, on: date) -> bool:
        """Whether this day is one of the working days at the end or the beginning of its month, or lies among them."""
        last = on.replace(day=months.monthrange(on.year, on.month)[1])
        left = sum(self.is_working_day(on + timedelta(days=n)) for n in range((last - on).days + 1))
        gone = sum(self.is_working_day(on - timedelta(days=n)) for n in range(on.day))
        own = not self.is_working_day(on)  # it lies among them only where another follows, or went before
        return left + own <= end.last_working_days or gone + own <= end.first_working_days


def read_calendar(
    folder: Path, *, units: Collection[str] | None = None, classes: Collection[str] | None = None
) -> FreezeCalendar:
    """calendar.yaml of `folder`. Raises InputError with every problem.

    Without `units` (codes of organisation.yaml) or `classes` (of lists.yaml) what names them is left to a later run.
    """
    document = yaml.source(folder / FILE)
    register = yaml.validate(document, FreezeCalendar)
    problems = doubles(document, "freezes", "name", (each.name for each in register.freezes))
    for key, known, file in (("units", units, "organisation.yaml"), ("classes", classes, "lists.yaml")):
        for n, freeze in enumerate(register.freezes):
            for m, named in enumerate(getattr(freeze, key)):
                if known is not None and named not in known:
                    where = document.where(("freezes", n, key, m))
                    problems.append(Problem(where, f"{freeze.name}: '{named}' is not in {file}"))
    refuse(document, problems)
    return register


def _last_weekend(year: int, month: Month) -> tuple[date, date]:
    number = _MONTHS.index(month) + 1
    last = date(year, number, months.monthrange(year, number)[1])
    sunday = last - timedelta(days=(last.weekday() - _SUNDAY) % 7)
    return sunday - timedelta(days=1), sunday


def _day_of_year(text: str) -> tuple[int, int]:
    number, month = re.split(" ", text)
    return int(number), _MONTHS.index(month) + 1


def _of(on: date) -> tuple[int, int]:
    return on.day, on.month
