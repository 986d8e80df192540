"""A budget that programs share: never more than the limit in any minute or day, and everybody waits when one must."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spmigrate.errors import LedgerError
from spmigrate.store.allowance import Account, Limits
from spmigrate.store.pacing import FileShelf, SharedPurse, spent

T = TypeVar("T")
MINUTE, DAY = 60.0, 86_400.0
START = 1_800_000_000.4
WIDE = Limits(2_400.0, 2_000_000.0)


class Slate:
    """Accounts in memory, under a clock that only tests move; counts how often they are changed."""

    def __init__(self) -> None:
        self.at = START
        self.texts: dict[str, str] = {}
        self.changes = 0

    def change(self, app: str, act: Callable[[str | None, float], tuple[str, T]]) -> T:
        self.changes += 1
        self.texts[app], answer = act(self.texts.get(app), self.at)
        return answer

    def read(self, app: str) -> tuple[str | None, float]:
        return self.texts.get(app), self.at

    def stamp(self) -> object:
        return self.changes

    def close(self) -> None:
        pass


def purse(slate: Slate, limits: Limits = WIDE, *, own_minute: float = 0.0) -> SharedPurse:
    return SharedPurse(slate, "app", limits=lambda _: limits, own_minute=own_minute)


def spend(slate: Slate, purses: list[SharedPurse], units: float, *, seconds: float) -> list[tuple[float, float]]:
    """Let all purses spend as fast as they may for so long; when what was spent."""
    gone: list[tuple[float, float]] = []
    end = slate.at + seconds
    while slate.at < end:
        waits = []
        for each in purses:
            while (wait := each.take(units, slate.at)) == 0:
                gone.append((slate.at, units))
                each.done()
            waits.append(wait)
        slate.at += max(min(waits), 0.001)
    return gone


def most_within(gone: list[tuple[float, float]], seconds: float) -> float:
    """The most that was spent in any interval of this length."""
    most, first, held = 0.0, 0, 0.0
    for at, units in gone:
        held += units
        while gone[first][0] <= at - seconds:
            held -= gone[first][1]
            first += 1
        most = max(most, held)
    return most


_STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([1.0, 2.0, 5.0, 40.0]), st.sampled_from([0.0, 0.0, 0.01, 0.3, 1, 7])),
    max_size=200,
)


@settings(max_examples=60, deadline=None)
@given(steps=_STEPS, limit=st.sampled_from([60.0, 100.0, 300.0]))
def test_never_more_than_the_limit_in_any_minute(steps: list[tuple[int, float, float]], limit: float) -> None:
    slate = Slate()
    purses = [purse(slate, Limits(limit, 1e9)) for _ in range(3)]
    gone = []
    for who, units, pause in steps:
        if purses[who].take(units, slate.at) == 0:
            gone.append((slate.at, units))
            purses[who].done()
        slate.at += pause
    assert most_within(gone, MINUTE) <= limit


@settings(max_examples=60, deadline=None)
@given(steps=_STEPS, scale=st.sampled_from([60.0, 1800.0, 7200.0]))
def test_never_more_than_the_limit_in_any_24_hours(steps: list[tuple[int, float, float]], scale: float) -> None:
    slate = Slate()
    purses = [purse(slate, Limits(1e6, 120.0)) for _ in range(3)]
    gone = []
    for who, units, pause in steps:
        if purses[who].take(units, slate.at) == 0:
            gone.append((slate.at, units))
            purses[who].done()
        slate.at += pause * scale
    assert most_within(gone, DAY) <= 120.0


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([1.0, 2.0, 5.0]), st.sampled_from([0.5, 5.0, -3600.0, 3600.0, -1e7, 1e7])),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_clock_that_jumps_keeps_nobody_waiting(steps: list[tuple[float, float]]) -> None:
    slate = Slate()
    one = purse(slate, Limits(60.0, 5_000.0))
    own = 0.0  # the sender's clock does not jump
    for units, jump in steps:
        waited = 0.0
        while (wait := one.take(units, own)) > 0:
            waited += wait
            own += wait
            slate.at += wait
        one.done()
        slate.at += jump
        own += 0.5
        assert waited <= MINUTE + 5


def test_clock_that_goes_back_forgets_nothing() -> None:
    slate = Slate()
    limit = Limits(100.0, 1e6)
    gone = spend(slate, [purse(slate, limit)], 2.0, seconds=30)
    slate.at -= 3600
    more = spend(slate, [purse(slate, limit)], 2.0, seconds=29)
    assert sum(units for _, units in gone + more) <= 100.0 + 2.0


def test_budget_is_used_to_within_five_in_a_hundred_and_evenly_by_those_who_share_it() -> None:
    slate = Slate()
    one, other = purse(slate), purse(slate)
    first = spend(slate, [one, other], 2.0, seconds=300)
    assert 0.95 * 5 * WIDE.minute <= sum(units for _, units in first) <= 5 * WIDE.minute * 1.04
    assert most_within(first, 1.0) <= WIDE.minute / 60 * 4.5  # no spikes: what goes at once is three seconds' worth


def test_request_costs_no_transaction() -> None:
    slate = Slate()
    gone = spend(slate, [purse(slate)], 2.0, seconds=120)
    assert len(gone) > 2_000
    assert slate.changes < len(gone) / 4


def test_what_was_reserved_and_not_spent_returns() -> None:
    slate = Slate()
    one = purse(slate)
    assert one.take(3.0, slate.at) == 0
    assert spent(slate, "app", lambda _: WIDE).minute > 3.0
    one.close()
    assert spent(slate, "app", lambda _: WIDE).minute == 3.0
    assert spent(slate, "app", lambda _: WIDE).day == 3.0


def test_retry_after_that_one_gets_silences_the_others() -> None:
    slate = Slate()
    one, other = purse(slate), purse(slate)
    assert one.take(1.0, slate.at) == other.take(1.0, slate.at) == 0
    one.refused(30.0)
    one.done()
    other.done()
    assert other.take(1.0, slate.at) > 0
    assert spent(slate, "app", lambda _: WIDE).blocked_seconds == 30.0
    slate.at += 29.9
    assert one.take(1.0, slate.at) > 0
    slate.at += 0.2
    assert other.take(1.0, slate.at) == 0


def test_longer_wait_that_is_in_force_stays() -> None:
    slate = Slate()
    one, other = purse(slate), purse(slate)
    one.refused(60.0)
    other.refused(5.0)
    slate.at += 50
    assert other.take(1.0, slate.at) > 0


def test_refusal_halves_what_is_on_its_way_for_all_and_time_lets_it_grow() -> None:
    slate = Slate()
    one, other = purse(slate), purse(slate)
    for each in (one, other):
        assert [each.take(1.0, slate.at) for _ in range(8)] == [0.0] * 8
    slate.at += 1
    assert one.take(1.0, slate.at) == other.take(1.0, slate.at) == 0.0  # so that it is known how many there are
    for _ in range(5):
        one.refused(2.0)  # they were on their way together
    for each in (one, other):
        for _ in range(9):
            each.done()
    slate.at += 2
    granted = [sum(each.take(1.0, slate.at) == 0 for _ in range(20)) for each in (one, other)]
    assert sum(granted) in (8, 9)
    assert spent(slate, "app", lambda _: WIDE).at_once in (8, 9)
    slate.at += 5
    assert spent(slate, "app", lambda _: WIDE).at_once in (9, 10)
    slate.at += 3600
    assert spent(slate, "app", lambda _: WIDE).at_once == 0


def test_one_request_may_always_go() -> None:
    slate = Slate()
    one = purse(slate)
    for _ in range(10):
        while one.take(1.0, slate.at):
            slate.at += 0.5
        one.refused(1.0)
        one.done()
        slate.at += 1.0
    assert one.take(1.0, slate.at) == 0


def test_what_the_service_says_is_left_is_not_exceeded() -> None:
    slate = Slate()
    one, other = purse(slate), purse(slate)
    one.take(1.0, slate.at)
    one.told(20.0, 30.0)
    one.told(40.0, 30.0)  # an answer that was on its way for longer
    slate.at += 1
    gone = spend(slate, [one, other], 1.0, seconds=28)
    assert len(gone) <= 20
    slate.at += 2
    assert one.take(1.0, slate.at) == 0


def test_nothing_left_silences_all_at_once() -> None:
    slate = Slate()
    one, other = purse(slate), purse(slate)
    one.take(1.0, slate.at)
    other.take(1.0, slate.at)
    one.told(0.0, 30.0)
    assert other.take(200.0, slate.at) > 0


def test_a_program_of_its_own_part_stays_within_it() -> None:
    slate = Slate()
    gone = spend(slate, [purse(slate, own_minute=600.0)], 2.0, seconds=300)
    assert 0.95 * 5 * 600 <= sum(units for _, units in gone) <= 5 * 600 + 110


def test_what_is_larger_than_the_limit_goes_when_nothing_else_did() -> None:
    slate = Slate()
    one = purse(slate, Limits(50.0, 1e6))
    assert one.take(200.0, slate.at) == 0
    slate.at += 1
    assert one.take(1.0, slate.at) > 0
    slate.at += 61
    assert one.take(1.0, slate.at) == 0


def test_limits_of_the_hour_count() -> None:
    slate = Slate()
    day = purse(slate)
    by_hour = SharedPurse(slate, "app", limits=lambda at: Limits(60.0 if at < START + 100 else 6_000.0, 1e6))
    assert sum(units for _, units in spend(slate, [by_hour], 1.0, seconds=99)) <= 121
    slate.at = START + 101
    assert sum(units for _, units in spend(slate, [by_hour], 1.0, seconds=30)) > 2_000
    day.close()


def test_account_survives_being_written() -> None:
    account = Account()
    account.settle(START)
    account.join(START, "program", 3)
    account.reserve(START, 2.0, 9.0, WIDE)
    account.refuse(START, 4.0)
    assert Account.read(account.write()) == account
    with pytest.raises(ValueError, match="other"):
        Account.read(json.dumps({**json.loads(account.write()), "other": 1}))


def test_two_files_handles_share_one_account(tmp_path: Path) -> None:
    one = SharedPurse(FileShelf(tmp_path / "pacing.db"), "app", limits=lambda _: WIDE)
    other = SharedPurse(FileShelf(tmp_path / "pacing.db"), "app", limits=lambda _: WIDE)
    stranger = SharedPurse(FileShelf(tmp_path / "pacing.db"), "another app", limits=lambda _: WIDE)
    assert one.take(1.0, 0.0) == other.take(1.0, 0.0) == 0
    one.refused(30.0)
    assert other.take(1.0, 0.0) > 0
    assert stranger.take(1.0, 0.0) == 0
    for each in (one, other, stranger):
        each.close()


def test_file_that_is_no_account_is_told(tmp_path: Path) -> None:
    (tmp_path / "pacing.db").write_bytes(b"not a database" * 100)
    with pytest.raises(LedgerError, match="cannot be read") as told:
        FileShelf(tmp_path / "pacing.db")
    assert told.value.hint is not None
    assert "remove it" in told.value.hint
    with pytest.raises(LedgerError, match="cannot be opened"):
        FileShelf(tmp_path / "absent" / "pacing.db")
