"""A wave stops by itself under the conditions of the cutover protocol, and under no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate.stopping import FILES_LOOKED_AT, Counters, LastFiles, Room, reason


def test_a_run_without_trouble_goes_on() -> None:
    assert reason(Counters(files=1_000, errors=20, rooms=(Room("site", 10, 100),))) is None


def test_more_than_two_percent_of_a_thousand_files_stop_it() -> None:
    assert reason(Counters(files=1_000, errors=21)) == "21 of the last 1,000 files failed, and 2 % is the most"


def test_fewer_than_a_thousand_files_say_nothing_of_a_rate() -> None:
    assert reason(Counters(files=999, errors=999)) is None


def test_less_than_a_tenth_of_room_stops_it() -> None:
    stopped = reason(Counters(rooms=(Room("/sites/t-a", 50, 100), Room("the ledger's disk", 99, 1_000))))
    assert stopped == "the ledger's disk has 9.9 % left, and 10 % is the least"


def test_a_quota_that_nobody_set_stops_nothing() -> None:
    assert reason(Counters(rooms=(Room("/sites/t-a", 0, 0),))) is None


@pytest.mark.parametrize(
    ("counters", "word"),
    [
        (Counters(wider_permissions=1), "seen by more people"),
        (Counters(missing_labels=1), "label"),
        (Counters(altered_dates=2), "another date"),
        (Counters(unexplained=1), "no wave explains"),
        (Counters(holds=("H-7 tribunal",)), "H-7 tribunal"),
    ],
)
def test_one_case_of_these_is_enough(counters: Counters, word: str) -> None:
    assert word in (reason(counters) or "")


@given(st.lists(st.booleans(), max_size=40), st.integers(min_value=FILES_LOOKED_AT - 20, max_value=FILES_LOOKED_AT + 5))
def test_errors_are_those_of_the_last_thousand_files(late: list[bool], early: int) -> None:
    seen = LastFiles()
    seen.add([True] * early)
    seen.add(late)
    kept = ([True] * early + late)[-FILES_LOOKED_AT:]
    assert (seen.files, seen.errors) == (len(kept), sum(kept))
