"""How long content takes, learnt from what has moved."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmigrate.migrate.engine.rates import FILE, Rates
from spmigrate.store.leases import Hour


def test_guess_stands_before_anything_has_moved() -> None:
    assert Rates(FILE).costs() == pytest.approx((FILE.unit_seconds, FILE.byte_seconds))


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 20.0), st.floats(5e5, 5e7), st.lists(st.integers(0, 10**9), min_size=5, max_size=20))
def test_costs_of_files_and_bytes_are_found_again(unit: float, speed: float, sizes: list[int]) -> None:
    rates = Rates(FILE)
    for size in [*sizes, 0, 10**9] * 10:
        rates.observe(size, unit + size / speed)
    found = rates.seconds(100, 10**10, at_once=1)
    assert found == pytest.approx(100 * unit + 10**10 / speed, rel=0.35)


def test_small_files_say_nothing_of_large_ones() -> None:
    rates = Rates(FILE)
    for _ in range(1000):
        rates.observe(1_000, 0.02)
    assert rates.seconds(1000, 10**6, at_once=1) == pytest.approx(20, rel=0.3)
    large = rates.seconds(1, 5 * 10**9, at_once=1)
    assert large == pytest.approx(5 * 10**9 * FILE.byte_seconds, rel=0.3)


def test_large_files_say_nothing_of_small_ones() -> None:
    rates = Rates(FILE)
    for _ in range(50):
        rates.observe(10**9, 20.0)
    assert rates.seconds(1, 10**9, at_once=1) == pytest.approx(20, rel=0.3)
    assert rates.seconds(10, 0, at_once=1) < 10 * FILE.unit_seconds * 1.5


def test_a_service_that_becomes_slow_is_noticed() -> None:
    rates = Rates(FILE)
    for seconds in (0.02, 4.0):
        for _ in range(1000):
            rates.observe(10_000, seconds)
    assert rates.seconds(1, 10_000, at_once=1) == pytest.approx(4.0, rel=0.2)


@given(st.integers(1, 500), st.integers(0, 10**9), st.integers(1, 32))
def test_more_at_once_is_faster_but_one_file_is_one_file(items: int, size: int, at_once: int) -> None:
    rates = Rates(FILE)
    assert rates.seconds(items, size, at_once=at_once) <= rates.seconds(items, size, at_once=1)
    assert rates.seconds(1, size, at_once=at_once) == rates.seconds(1, size, at_once=1)


def test_hour_fits_what_can_be_finished() -> None:
    assert Hour().fits(10**6, 10**15)
    hour = Hour(seconds=60.0, unit_seconds=1.0, byte_seconds=1e-6, at_once=4)
    assert hour.fits(240, 0)
    assert not hour.fits(241, 0)
    assert not hour.fits(1, 60_000_000), "one file is not divided between four"
