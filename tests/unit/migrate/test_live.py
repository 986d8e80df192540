"""How a running wave goes: speed and the range of what is left."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate import live
from spmigrate.migrate.live import Speed
from spmigrate.store.batches import Progress
from spmigrate.store.workers import Worker

WORKER = Worker(
    id="host process 1", host="host", process=1, threads=6, doing="sending", items=100, bytes=1_000, items_per_s=10.0,
    bytes_per_s=100.0, seconds=20.0, seen_seconds=1.0, ended=False,
)  # fmt: skip


def test_speeds_of_living_workers_add_up_and_those_of_dead_ones_do_not() -> None:
    silent, ended = replace(WORKER, seen_seconds=60.0), replace(WORKER, ended=True)
    assert live.recent([WORKER, WORKER, silent, ended]) == Speed(20.0, 200.0)
    assert live.average([WORKER, replace(WORKER, seconds=1.0), ended]) == Speed(5.0, 50.0)


def test_nothing_is_forecast_before_anything_moves() -> None:
    assert live.remaining(Progress(10, 10, 0, 0, 0), [Speed(0, 0)]) is None


@given(st.integers(1, 10**7), st.floats(0.1, 1000), st.floats(0.1, 1000))
def test_what_is_left_lies_within_the_range_at_any_speed_between(items: int, slow: float, fast: float) -> None:
    low, high = sorted((slow, fast))
    left = live.remaining(Progress(items, 0, 0, 0, 0), [Speed(low, 0), Speed(high, 0)])
    assert left is not None
    assert left.least <= items / high <= items / low <= left.most


@pytest.mark.parametrize(
    ("seconds", "said"), [(40, "40 s"), (720, "12 min"), (12_000, "3 h 20 min"), (10_800, "3 h"), (200_000, "2 days")]
)
def test_time_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert live.said(seconds) == said
