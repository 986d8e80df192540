"""What a wave needs, what it has, and whether that fits: windows, freezes, owners, waves before it, time. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from spmigrate.config import MigrateSection, WindowSection
from spmigrate.migrate import forecast as forecasts
from spmigrate.migrate.forecast import Conditions, Forecast
from spmigrate.migrate.timetable import Fit, Timetable, by_days, units_an_hour
from spmigrate.migrate.windows import EVERYBODY, Concerned, Windows
from spmigrate.model import Amount
from spmigrate.registers.calendar import FreezeCalendar
from spmigrate.store.measured import MeasuredRun, Mix
from spmigrate.store.schedules import Before
from spmigrate.tenant.budget import BUDGETS, COUNCIL

_WHOLE_DAYS = WindowSection(from_="00:00", to="00:00")


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of a wave: its folder, its owner, and whose content it is."""

    row_id: str
    path: str
    owner: str
    concerned: Concerned


@dataclass(frozen=True, slots=True)
class RowWindows:
    """The hours before the cutover in which a row may move by itself, and why not in all of them."""

    row: PlannedRow
    hours: float
    why_not: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShutDay:
    """A day on which windows are not used: how many hours, why, and for which rows (none: for everybody)."""

    on: date
    hours: float
    reasons: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetReadiness:
    """Where a sheet's owner is with its rows: how many are signed, countersigned of those that need it, and locked.

    `lacks` are the modules that the owner has not taken, or whose time is over; `notes` what to know besides.
    """

    sheet: str
    owner: str
    rows: int
    signed: int
    to_countersign: int
    countersigned: int
    locked: int
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to do for its owner."""
        return not self.lacks and self.locked == self.rows


@dataclass(frozen=True, slots=True)
class Needed:
    """The pace that an amount asks for when it has so many hours."""

    files_an_hour: float
    files_a_second: float
    gb_an_hour: float
    mbit_a_second: float

    @classmethod
    def of(cls, amount: Amount, hours: float) -> "Needed | None":
        """The arithmetic of a plan; None where there are no hours."""
        if hours <= 0:
            return None
        per_hour, bytes_an_hour = amount.items / hours, amount.bytes / hours
        return cls(per_hour, per_hour / 3600, bytes_an_hour / 1e9, bytes_an_hour * 8 / 3600 / 1e6)


@dataclass(frozen=True, slots=True)
class Setting:
    """Under what an outlook is made: from when to which cutover, and what is supposed to be otherwise."""

    start: datetime
    until: datetime
    workers: int
    lost_weeks: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a wave: what has to move by route, what stays, its rows, sheets, and the waves before it."""

    wave: str
    load: Mapping[str, Mix]
    stays: Amount
    rows: tuple[PlannedRow, ...]
    readiness: tuple[SheetReadiness, ...] = ()
    before: tuple[Before, ...] = ()
    runs: tuple[MeasuredRun, ...] = ()
    go_live: tuple[str, ...] = ()
    """What is missing before any wave may go live: modules that nobody has."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that a plan in time says of a wave."""

    facts: Facts
    setting: Setting
    timetable: Timetable
    forecast: Forecast
    fit: Fit
    units_an_hour: float
    hours_a_week: float
    rows: tuple[RowWindows, ...]
    shut: tuple[ShutDay, ...]
    cutover_frozen: tuple[str, ...]

    @property
    def amount(self) -> Amount:
        """What has to move."""
        return sum(self.facts.load.values(), Mix()).total

    @property
    def needed(self) -> Needed | None:
        """The pace at which it just fits."""
        return Needed.of(self.amount, self.timetable.hours)

    @property
    def ends(self) -> tuple[datetime | None, datetime | None]:
        """When it ends at best and at worst."""
        return self.timetable.ends(self.forecast.least), self.timetable.ends(self.forecast.most)

    @property
    def is_good(self) -> bool:
        """Whether it fits with room, may be cut over on its day, and everybody concerned is ready."""
        ready = all(each.is_ready for each in self.facts.readiness) and not self.facts.go_live
        return self.fit.is_good and not self.cutover_frozen and ready


def look(facts: Facts, settings: MigrateSection, calendar: FreezeCalendar, setting: Setting) -> Outlook:
    """The outlook of a wave. Windows on days that are frozen for one of its rows are not used by any of them.

    Where no hours are set, whole days count, without those that are frozen.
    """
    hours = settings if settings.windows else settings.model_copy(update={"windows": (_WHOLE_DAYS,)})
    windows = Windows.of(hours, calendar, tuple(row.concerned for row in facts.rows) or EVERYBODY)
    usual = Windows.of(hours, None)
    timetable = Timetable(windows, _not_before(facts, setting.start), setting.until, setting.lost_weeks)
    spans = tuple(windows.spans(setting.start, setting.until))
    units = units_an_hour(spans, windows, BUDGETS[settings.licences or COUNCIL], settings.budget_share)
    found = forecasts.forecast(facts.load, Conditions(setting.workers, units), facts.runs)
    return Outlook(
        facts=facts, setting=setting, timetable=timetable, forecast=found, fit=timetable.fit(found),
        units_an_hour=units, hours_a_week=_hours_a_week(usual, setting.start),
        rows=_row_windows(facts.rows, hours, calendar, setting),
        shut=tuple(_shut(facts.rows, hours, calendar, setting)),
        cutover_frozen=windows.frozen(windows.said(setting.until).date()),
    )  # fmt: skip


def _not_before(facts: Facts, start: datetime) -> datetime:
    """The start, or the planned end of a wave that this one waits for."""
    ends = [each.ends for each in facts.before if each.ends and not each.is_done]
    return max([start, *ends])


def _hours_a_week(usual: Windows, start: datetime) -> float:
    """Hours of four weeks' windows, by the week; without the calendar."""
    weeks = 4
    return Timetable(usual, start, usual.later(start, weeks * 7)).hours / weeks


def _row_windows(
    rows: Sequence[PlannedRow], settings: MigrateSection, calendar: FreezeCalendar, setting: Setting
) -> tuple[RowWindows, ...]:
    known: dict[Concerned, tuple[float, tuple[str, ...]]] = {}
    for each in dict.fromkeys(row.concerned for row in rows):
        own = Windows.of(settings, calendar, (each,))
        table = Timetable(own, setting.start, setting.until, setting.lost_weeks)
        every = Timetable(Windows.of(settings, None), setting.start, setting.until)
        days = {own.said(piece.start).date() for span in every.spans for piece in by_days(span, own)}
        known[each] = (table.hours, tuple(dict.fromkeys(why for on in sorted(days) for why in own.frozen(on))))
    return tuple(RowWindows(row, *known[row.concerned]) for row in rows)


def _shut(
    rows: Sequence[PlannedRow], settings: MigrateSection, calendar: FreezeCalendar, setting: Setting
) -> Iterator[ShutDay]:
    """The days on which windows of the settings are not used."""
    usual, everybody = Windows.of(settings, None), Windows.of(settings, calendar)
    hours: dict[date, float] = defaultdict(float)
    for span in usual.spans(setting.start, setting.until):
        for each in by_days(span, usual):
            hours[usual.said(each.start).date()] += each.hours
    whose = {each: Windows.of(settings, calendar, (each,)) for each in dict.fromkeys(row.concerned for row in rows)}
    for on in sorted(hours):
        concerned = {each: own.frozen(on) for each, own in whose.items()}
        all_of_them = everybody.frozen(on)
        reasons = dict.fromkeys([*all_of_them, *(why for found in concerned.values() for why in found)])
        if reasons:
            ids = () if all_of_them else tuple(row.row_id for row in rows if concerned[row.concerned])
            yield ShutDay(on, hours[on], tuple(reasons), ids)
