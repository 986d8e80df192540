"""The forecast: its laws, and what earlier runs do to its range."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.config import MigrateSection, Weekday, WindowSection
from spmigrate.migrate.forecast import ROOM, Conditions, forecast
from spmigrate.migrate.timetable import Timetable, monday_of, units_an_hour
from spmigrate.migrate.windows import Windows
from spmigrate.model import Amount
from spmigrate.store.measured import MeasuredRun, Mix
from spmigrate.tenant.budget import BUDGETS, Budget

START = datetime(2027, 2, 1, 12, tzinfo=UTC)  # a Monday
BUDGET = BUDGETS["5001-15000"]
NIGHTS = (WindowSection(days=tuple(Weekday)[:5], from_="19:00", to="06:00"),)
UNITS = 100_000.0


def windows(*hours: WindowSection) -> Windows:
    return Windows.of(MigrateSection(windows=hours), None)


def run(minutes: int, *, files: int = 100_000, threads: int | None = 6) -> MeasuredRun:
    return MeasuredRun("pilot", START, Mix(small=Amount(files, files * 50_000)), minutes, threads)


amounts = st.builds(lambda items, mean: Amount(items, items * mean), st.integers(0, 10**7), st.integers(1, 10**7))
mixes = st.builds(Mix, amounts, amounts, amounts)
loads = st.dictionaries(st.sampled_from(("session", "package", "copy")), mixes)
runs = st.lists(st.builds(run, st.integers(1, 5000), threads=st.sampled_from((None, 1, 6, 30))), max_size=4)
workers = st.integers(1, 32)
shares = st.integers(1, 100)


@given(loads, workers, workers, runs)
def test_more_workers_are_never_later(load: dict[str, Mix], one: int, other: int, measured: list[MeasuredRun]) -> None:
    fewer, more = (forecast(load, Conditions(n, UNITS), measured) for n in sorted((one, other)))
    assert more.least <= fewer.least + 1e-9
    assert more.most <= fewer.most * (1 + 1e-9)


@given(loads, shares, shares, runs)
def test_a_smaller_share_of_the_budget_is_never_faster(
    load: dict[str, Mix], one: int, other: int, measured: list[MeasuredRun]
) -> None:
    spans = tuple(windows(*NIGHTS).spans(START, START + timedelta(weeks=2)))
    smaller, larger = sorted((one, other))
    slow, fast = (
        forecast(load, Conditions(6, units_an_hour(spans, windows(*NIGHTS), BUDGET, share)), measured)
        for share in (smaller, larger)
    )
    assert fast.least <= slow.least * (1 + 1e-9)
    assert fast.most <= slow.most * (1 + 1e-9)


@given(loads, mixes, runs)
def test_more_files_never_take_less(load: dict[str, Mix], more: Mix, measured: list[MeasuredRun]) -> None:
    grown = {**load, "session": load.get("session", Mix()) + more}
    before, after = (forecast(each, Conditions(6, UNITS), measured) for each in (load, grown))
    assert before.least <= after.least * (1 + 1e-9)
    assert before.most <= after.most * (1 + 1e-9)


@given(loads, runs)
def test_the_shorter_time_is_never_the_longer_one(load: dict[str, Mix], measured: list[MeasuredRun]) -> None:
    found = forecast(load, Conditions(6, UNITS), measured)
    assert 0 <= found.least <= found.most


@given(st.floats(0, 2000), st.integers(0, 8), st.integers(0, 8))
def test_fewer_weeks_never_end_earlier(hours: float, one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    early, late = (Timetable(windows(*NIGHTS), START, START + timedelta(weeks=4), lost) for lost in (fewer, more))
    first, second = early.ends(hours), late.ends(hours)
    assert first is not None
    assert second is not None
    assert first <= second
    assert late.hours <= early.hours


@given(amounts, st.floats(0, 500))
def test_the_weeks_of_a_plan_add_up_to_all_of_it(amount: Amount, hours: float) -> None:
    found = Timetable(windows(*NIGHTS), START, START + timedelta(weeks=2)).weeks(amount, hours)
    assert sum(found.values(), Amount()) == amount
    assert all(week.weekday() == 0 for week in found)
    assert list(found) == sorted(found)


def test_before_any_run_the_range_is_that_of_the_published_figures() -> None:
    load = {"session": Mix(small=Amount(54_000, 54_000 * 10))}
    found = forecast(load, Conditions(6, 1e12))
    assert (round(found.least, 1), round(found.most, 1)) == (1.0, 3.0)  # 15 and 5 files a second
    assert found.decided_by == "the workers"


def test_the_budget_decides_where_it_is_small() -> None:
    load = {"session": Mix(small=Amount(100_000, 1_000_000))}
    found = forecast(load, Conditions(6, 1000.0))
    assert (found.least, found.most) == (200.0, 400.0)
    assert found.decided_by == "the budget in resource units"
    assert forecast({"package": load["session"]}, Conditions(6, 1000.0)).most == 10.0


def test_earlier_runs_take_the_place_of_published_figures_and_narrow_with_their_number() -> None:
    load = {"session": Mix(small=Amount(100_000, 100_000 * 50_000))}
    conditions = Conditions(6, 1e12)
    blind, once, often = (forecast(load, conditions, measured) for measured in ([], [run(120)], [run(120)] * 5))
    assert once.least < 120 / 60 < once.most, "the same again takes about as long"
    assert often.most - often.least < once.most - once.least < blind.most - blind.least
    assert once.decided_by == "the workers, as earlier runs went"


def test_the_spread_of_earlier_runs_is_the_range() -> None:
    load = {"session": Mix(small=Amount(100_000, 100_000 * 50_000))}
    found = forecast(load, Conditions(6, 1e12), [run(120), run(360)])
    assert found.least < 2
    assert found.most > 6


def test_runs_of_a_few_minutes_measure_nothing() -> None:
    load = {"session": Mix(small=Amount(100_000, 1))}
    assert forecast(load, Conditions(6, 1e12), [run(9)]).measured == ()


def test_nothing_to_move_takes_no_time() -> None:
    found = forecast({}, Conditions(6, UNITS))
    assert (found.least, found.most, found.decided_by) == (0.0, 0.0, "nothing to move")


def table(hours_open: float, **options: int) -> Timetable:
    return Timetable(windows(), START, START + timedelta(hours=hours_open), **options)


def test_a_plan_fits_when_its_windows_hold_the_longer_time_with_room() -> None:
    load = {"session": Mix(small=Amount(54_000, 540))}
    found = forecast(load, Conditions(6, 1e12))  # 1 to 3 hours
    words = [table(hours).fit(found).word for hours in (found.most * ROOM, found.most, found.least, 0.5)]
    assert words == ["fits", "no room", "may not fit", "does not fit"]
    assert "one bad night is too many" in table(found.most).fit(found).says


def test_windows_are_filled_in_order_and_the_last_one_is_cut() -> None:
    nights = Timetable(windows(*NIGHTS), START, START + timedelta(weeks=1))
    first, second = nights.needed(15)
    assert (first.hours, second.hours) == (11, 4)
    assert nights.ends(15) == second.end


def test_lost_weeks_begin_with_the_present_one() -> None:
    wednesday = START + timedelta(days=2)
    assert Timetable(windows(), wednesday, START, 1).begins == datetime(2027, 2, 8, tzinfo=UTC)
    assert Timetable(windows(), START, START, 2).begins == datetime(2027, 2, 15, tzinfo=UTC)


def test_the_limit_of_a_day_binds_where_windows_are_open_all_day() -> None:
    spans = tuple(windows(*NIGHTS).spans(START, START + timedelta(weeks=1)))
    assert round(units_an_hour(spans, windows(*NIGHTS), Budget(100, 1e9), 50)) == 3000
    whole = tuple(windows().spans(START, START + timedelta(days=3)))
    assert round(units_an_hour(whole, windows(), Budget(100, 24_000), 50)) in range(500, 800)


def test_a_week_begins_on_monday() -> None:
    assert monday_of(date(2027, 2, 7)) == date(2027, 2, 1)
