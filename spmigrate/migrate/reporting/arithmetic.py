"""The arithmetic of a plan, line by line, as a lead reads it out. Pure."""

from collections.abc import Iterator
from datetime import datetime

from spmigrate.config import MigrateSection
from spmigrate.migrate import forecast
from spmigrate.migrate.outlook import Outlook
from spmigrate.migrate.timetable import said_hours
from spmigrate.tenant.budget import BUDGETS, COUNCIL
from spmigrate.words import plural, size, spoken


def lines(found: Outlook, settings: MigrateSection) -> Iterator[str]:
    """What moves, in how many hours, at which pace that is, and what the service lets through."""
    amount, stays = found.amount, found.facts.stays
    yield (
        f"To move: {plural(amount.items, 'file')}, {size(amount.bytes)};"
        f" {plural(stays.items, 'file')}, {size(stays.bytes)} stay or have an outcome."
    )
    yield (
        f"Windows: {windows(settings)}, so {found.hours_a_week:,.0f} hours a week;"
        f" {said_hours(found.timetable.hours)} from {moment(found, found.timetable.begins)} to the cutover on"
        f" {moment(found, found.setting.until)}."
    )
    needed = found.needed
    if needed is not None:
        yield (
            f"That needs {needed.files_an_hour:,.0f} files an hour, {needed.files_a_second:,.1f} files a second,"
            f" {needed.gb_an_hour:,.1f} GB an hour, {needed.mbit_a_second:,.1f} Mbit/s."
        )
    yield _budget(found, settings)


def moment(found: Outlook, at: datetime | None) -> str:
    """A moment by the council's clocks; says so where none is in sight."""
    return spoken(found.timetable.windows.said(at)) if at else "no end in sight"


def between(found: Outlook, best: datetime | None, worst: datetime | None) -> str:
    """A range of moments in words; one moment where they are the same to the minute."""
    first, last = moment(found, best), moment(found, worst)
    return f"between {first} and {last}" if first != last else f"on {first}"


def windows(settings: MigrateSection) -> str:
    """The hours of the settings in words."""
    if not settings.windows:
        return "no hours are set in 'migrate: windows:', whole days are counted"
    return "; ".join(f"{_days([str(day) for day in each.days])} {each.from_} to {each.to}" for each in settings.windows)


def _days(days: list[str]) -> str:
    week = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    chosen = [day for day in week if day in days]
    if len(chosen) == len(week):
        return "every day"
    first, last = week.index(chosen[0]), week.index(chosen[-1])
    if len(chosen) > 2 and last - first + 1 == len(chosen):
        return f"{chosen[0]} to {chosen[-1]}"
    return ", ".join(chosen)


def _budget(found: Outlook, settings: MigrateSection) -> str:
    budget = BUDGETS[settings.licences or COUNCIL]
    least, most = (found.units_an_hour / each for each in reversed(forecast.UNITS["session"]))
    return (
        f"Budget: {settings.budget_share} % of {budget.minute:,.0f} resource units a minute and {budget.day:,.0f} a"
        f" day, so {found.units_an_hour:,.0f} in a mean hour of these windows: {least:,.0f} to {most:,.0f} files an"
        " hour by upload sessions."
    )
