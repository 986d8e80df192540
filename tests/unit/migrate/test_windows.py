"""Windows by the council's clocks: nights in which they change, weekends, and days that are frozen."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.config import MigrateSection, Weekday, WindowSection
from spmigrate.migrate.windows import ALWAYS, Concerned, Windows
from spmigrate.registers.calendar import Freeze, FreezeCalendar, MonthEnd

LONDON = ZoneInfo("Europe/London")
WORKING_WEEK = tuple(Weekday)[:5]
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
"""Sundays on which the clocks change in London."""


def hours(from_: str, to: str, *days: Weekday) -> WindowSection:
    return WindowSection(days=days or tuple(Weekday), from_=from_, to=to)


def windows(*sections: WindowSection, calendar: FreezeCalendar | None = None, **concerned: object) -> Windows:
    settings = MigrateSection(windows=sections)
    return Windows.of(settings, calendar, (Concerned(**concerned),))  # type: ignore[arg-type]


def at(day: date, clock: str, *, fold: int = 0) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), LONDON).replace(fold=fold).astimezone(UTC)


NIGHTS = hours("22:00", "06:00")
OFF_PEAK = (hours("19:00", "06:00", *WORKING_WEEK), hours("06:00", "06:00", Weekday.SATURDAY, Weekday.SUNDAY))
"""Weekday nights of 11 hours and whole weekends: 103 hours a week."""


@pytest.mark.parametrize(("sunday", "long"), [(SPRING, 7), (AUTUMN, 9), (date(2027, 2, 7), 8)])
def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer(sunday: date, long: int) -> None:
    found = windows(NIGHTS)
    evening = at(sunday - timedelta(days=1), "22:00")
    until = found.open_until(evening)
    assert until == at(sunday, "06:00")
    assert until - evening == timedelta(hours=long)


@pytest.mark.parametrize("sunday", [SPRING, AUTUMN])
def test_no_weekend_goes_an_hour_into_monday(sunday: date) -> None:
    found = windows(hours("06:00", "06:00", Weekday.SATURDAY, Weekday.SUNDAY))
    monday = sunday + timedelta(days=1)
    until = found.open_until(at(sunday, "23:00"))
    assert until == at(monday, "06:00")
    assert found.open_until(at(monday, "06:00")) is None
    assert found.said(until).strftime("%A %H:%M") == "Monday 06:00"


def test_the_hour_that_autumn_repeats_is_not_used_twice() -> None:
    found = windows(hours("22:00", "01:30"))
    assert found.open_until(at(AUTUMN, "01:00")) == at(AUTUMN, "01:30")
    assert found.open_until(at(AUTUMN, "01:00", fold=1)) is None


def test_the_hour_that_spring_leaves_out_ends_and_begins_windows_where_it_is_missing() -> None:
    jump = datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert windows(hours("22:00", "01:30")).open_until(at(SPRING, "00:30")) == jump
    assert windows(hours("01:30", "05:00")).next_open(at(SPRING, "00:30")) == jump


def test_off_peak_hours_are_one_hundred_and_three_a_week() -> None:
    spans = list(windows(*OFF_PEAK).spans(at(date(2027, 2, 1), "12:00"), at(date(2027, 2, 8), "12:00")))
    assert sum(span.hours for span in spans) == 103
    assert len(spans) == 5, "Friday evening to Monday morning is one window"


def test_without_hours_it_never_shuts() -> None:
    found, moment = windows(), datetime(2027, 1, 1, tzinfo=UTC)
    assert (found.open_until(moment), found.next_open(moment)) == (ALWAYS, moment)
    assert list(found.spans(moment, moment)) == []


def test_all_hours_of_the_week_never_shut_either() -> None:
    assert windows(hours("00:00", "00:00")).open_until(datetime(2027, 1, 1, tzinfo=UTC)) == ALWAYS


def frozen_month_ends() -> FreezeCalendar:
    close = Freeze(name="Close", why="accounts", units=("FIN",), every_month=MonthEnd(last_working_days=1))
    return FreezeCalendar(version=1, bank_holidays=(date(2027, 3, 26),), freezes=[close])


def test_a_frozen_day_is_cut_out_of_the_windows_of_those_it_concerns() -> None:
    calendar = frozen_month_ends()
    before = at(date(2027, 1, 28), "22:00")  # Friday 29 January is the last working day, the weekend lies behind it
    assert windows(NIGHTS, calendar=calendar, units=("HWT",)).open_until(before) == at(date(2027, 1, 29), "06:00")
    finance = windows(NIGHTS, calendar=calendar, units=("FINAC", "FIN"))
    assert finance.open_until(before) == at(date(2027, 1, 29), "00:00")
    assert finance.next_open(at(date(2027, 1, 29), "00:00")) == at(date(2027, 2, 1), "00:00")
    assert finance.frozen(date(2027, 1, 29)) == ("Close: accounts",)


def test_a_bank_holiday_is_frozen_for_everybody() -> None:
    found = windows(NIGHTS, calendar=frozen_month_ends())
    assert found.open_until(at(date(2027, 3, 25), "23:00")) == at(date(2027, 3, 26), "00:00")


def test_windows_that_never_open_are_told_as_such() -> None:
    always = Freeze(name="Stop", why="for good", days=tuple(date(2027, 1, 1) + timedelta(days=n) for n in range(500)))
    shut = windows(NIGHTS, calendar=FreezeCalendar(version=1, freezes=[always]))
    assert shut.next_open(datetime(2027, 1, 2, tzinfo=UTC)) is None


clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
moments = st.integers(0, 240_000).map(lambda minutes: datetime(2026, 10, 20, tzinfo=UTC) + timedelta(minutes=minutes))


some_days = st.sets(st.sampled_from(Weekday), min_size=1, max_size=5)


@given(clocks, clocks, some_days, moments)
def test_a_window_is_open_exactly_while_it_lasts(from_: str, to: str, days: set[Weekday], moment: datetime) -> None:
    found = windows(hours(from_, to, *days))
    until, opens = found.open_until(moment), found.next_open(moment)
    assert opens is not None
    assert (until is not None) == (opens == moment)
    if until is not None:
        assert until > moment
        before = until - timedelta(microseconds=1)
        assert found.open_until(before) == until
    else:
        assert found.open_until(opens) is not None
        assert found.open_until(opens - timedelta(microseconds=1)) is None


@given(clocks, clocks, moments)
def test_a_window_shuts_when_the_clocks_reach_its_time(from_: str, to: str, moment: datetime) -> None:
    """Whatever the clocks do: nothing is open from the end of the hours to their beginning."""
    found = windows(hours(from_, to))
    shown = found.said(moment).strftime("%H:%M")
    inside = from_ <= shown < to if from_ < to else shown >= from_ or shown < to
    if found.open_until(moment) is not None:
        assert inside


@given(moments, st.integers(1, 400))
def test_spans_are_in_order_apart_and_within_what_was_asked(start: datetime, long: int) -> None:
    end = start + timedelta(hours=long)
    spans = list(windows(*OFF_PEAK, hours("05:00", "07:30")).spans(start, end))
    assert all(start <= each.start < each.end <= end for each in spans)
    assert all(one.end < two.start for one, two in pairwise(spans))
    assert spans == sorted(spans)


def test_days_that_an_owner_avoids_are_cut_out_with_the_reason() -> None:
    found = windows(NIGHTS, avoid="2027-02-01/2027-02-03, month end, 2027-05-31")
    assert found.open_until(at(date(2027, 1, 31), "22:00")) == at(date(2027, 2, 1), "00:00")
    assert found.next_open(at(date(2027, 2, 1), "00:00")) == at(date(2027, 2, 4), "00:00")
    assert found.frozen(date(2027, 2, 2)) == ("Owner's wish: 1 February 2027 to 3 February 2027 is to be avoided",)
    assert found.frozen(date(2027, 5, 31)) == ("Owner's wish: 31 May 2027 is to be avoided",)
    assert found.frozen(date(2027, 5, 30)) == ()
