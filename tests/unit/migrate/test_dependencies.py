"""Waves that wait for others: circles are refused, and nothing runs before what it waits for has moved."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.migrate import dependencies
from spmigrate.model import Amount
from spmigrate.store import schedules, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.schedules import Schedule
from spmigrate.store.waves import Wave

pytestmark = pytest.mark.homes


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def wave(ledger: Ledger, name: str) -> Wave:
    return waves.create(ledger, name, tenant="t", sheets=None)


@pytest.mark.parametrize(
    ("links", "name", "before", "circle"),
    [
        ({}, "a", {"a"}, "a after a"),
        ({"b": {"a"}}, "a", {"b"}, "a after b after a"),
        ({"b": {"c"}, "c": {"d", "a"}}, "a", {"b"}, "a after b after c after a"),
    ],
)
def test_a_circle_is_refused_and_named(links: dict[str, set[str]], name: str, before: set[str], circle: str) -> None:
    with pytest.raises(UsageProblem, match=circle):
        dependencies.refuse_circle(links, name, before)


def test_two_ways_to_one_wave_are_no_circle() -> None:
    dependencies.refuse_circle({"b": {"d"}, "c": {"d"}}, "a", {"b", "c"})


def test_new_links_take_the_place_of_old_ones() -> None:
    dependencies.refuse_circle({"a": {"c"}, "b": set()}, "a", {"b"})
    dependencies.refuse_circle({"a": {"b"}, "b": set()}, "b", set())


@pytest.mark.parametrize("state", ["moved", "verified", "accepted"])
def test_a_wave_runs_once_what_it_waits_for_has_moved(ledger: Ledger, state: str) -> None:
    first, second = wave(ledger, "first"), wave(ledger, "second")
    schedules.follow(ledger, second, [first])
    with pytest.raises(SpmigrateError, match=r"waits for first \(planned\)") as raised:
        dependencies.check(ledger, second)
    assert "wave run first" in str(raised.value.hint)
    ledger.execute("UPDATE wave SET state = ? WHERE id = ?", (state, first.id))
    dependencies.check(ledger, second)


def test_a_wave_that_will_never_move_is_told_with_the_way_out(ledger: Ledger) -> None:
    first, second = wave(ledger, "first"), wave(ledger, "second")
    schedules.follow(ledger, second, [first])
    ledger.execute("UPDATE wave SET state = 'cancelled' WHERE id = ?", (first.id,))
    with pytest.raises(SpmigrateError) as raised:
        dependencies.check(ledger, second)
    assert "--no-after" in str(raised.value.hint)
    schedules.follow(ledger, second, [])
    dependencies.check(ledger, second)


def test_the_last_plan_in_time_is_kept(ledger: Ledger) -> None:
    one, other = wave(ledger, "one"), wave(ledger, "other")
    start, end = datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 2, 15, 18, tzinfo=UTC)
    monday = date(2027, 2, 1)
    schedules.keep(ledger, one, Schedule(start, end, end, None), {monday: Amount(9, 90)})
    schedules.keep(ledger, one, Schedule(start, end, start, end), {monday: Amount(3, 30)})
    weeks = {monday: Amount(2, 20), date(2027, 2, 8): Amount(1, 1)}
    schedules.keep(ledger, other, Schedule(start, end, None, None), weeks)
    assert schedules.schedule(ledger, one) == Schedule(start, end, start, end)
    assert schedules.planned_weeks(ledger, [one.id, other.id]) == {**weeks, monday: Amount(5, 50)}
    assert schedules.planned_weeks(ledger, []) == {}
    schedules.follow(ledger, other, [one])
    (found,) = schedules.before(ledger, other)
    assert (found.name, found.ends, found.is_done) == ("one", end, False)
