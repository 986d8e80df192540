"""The gate that stops every thread, and the policy of sending again."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import NotFound, Throttled, Unavailable
from spmigrate.tenant.pacing import ATTEMPTS, LONGEST_SILENCE, Gate, Patience, Retries


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def test_open_gate_lets_pass_at_once() -> None:
    time = Time()
    Gate(sleep=time.sleep, now=time.now).wait()
    assert time.slept == []


def test_closed_gate_holds_until_the_service_takes_requests_again() -> None:
    time = Time()
    gate = Gate(sleep=time.sleep, now=time.now)
    gate.close(30)
    gate.wait()
    assert time.at == 30


def test_shorter_wait_does_not_open_the_gate_early() -> None:
    time = Time()
    gate = Gate(sleep=time.sleep, now=time.now)
    gate.close(30)
    gate.close(5)
    gate.wait()
    assert time.at == 30


def test_wait_that_grows_while_somebody_waits_holds_them_too() -> None:
    time = Time()

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if len(time.slept) == 1:
            gate.close(10)

    gate = Gate(sleep=sleep, now=time.now)
    gate.close(5)
    gate.wait()
    assert time.at == 15


def test_gate_stops_every_thread() -> None:
    opened = threading.Event()
    clock = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        opened.wait(10)

    gate = Gate(sleep=sleep, now=lambda: clock[0])
    gate.close(20)
    threads = [threading.Thread(target=gate.wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    while len(slept) < 4:
        opened.wait(0.001)
    clock[0] = 21
    opened.set()
    for thread in threads:
        thread.join(10)
    assert slept == [20.0] * 4


def test_permanent_error_is_never_repeated() -> None:
    assert not Retries().allow(NotFound("no"), attempt=1, harmless=True)


def test_what_may_have_been_done_is_not_repeated() -> None:
    assert not Retries().allow(Unavailable("lost"), attempt=1, harmless=False)


def test_attempts_are_bounded() -> None:
    error = Unavailable("lost")
    assert Retries().allow(error, attempt=ATTEMPTS - 1, harmless=True)
    assert not Retries().allow(error, attempt=ATTEMPTS, harmless=True)


def test_throttled_request_waits_at_the_gate_alone() -> None:
    assert Retries().pause(Throttled("wait", retry_after=7), attempt=3) == 0


@given(attempt=st.integers(1, 50), chance=st.floats(0, 1))
def test_pause_doubles_within_its_bounds(attempt: int, chance: float) -> None:
    pause = Retries(chance=lambda: chance).pause(Unavailable("lost"), attempt=attempt)
    longest = min(2.0 ** (attempt - 1), 60)
    assert longest / 2 <= pause <= longest


def test_patience_ends_after_a_long_silence_and_begins_anew_with_an_answer() -> None:
    time = Time()
    patience = Patience(sleep=time.sleep, now=time.now)
    patience.missed()
    time.sleep(LONGEST_SILENCE - 1)
    patience.missed()
    assert (patience.failing, patience.silent) == (True, False)
    time.sleep(1)
    assert patience.silent
    patience.heard()
    patience.missed()
    assert (patience.failing, patience.silent) == (True, False)


def test_wait_is_given_up_when_the_run_ends() -> None:
    time = Time()
    patience = Patience(sleep=time.sleep, now=time.now)
    patience.end_when(lambda: time.at >= 3)
    with pytest.raises(Unavailable, match="run ends"):
        patience.pause(60)
    assert time.at < 4


def test_run_that_ends_sends_on_unless_the_service_fails() -> None:
    patience = Patience()
    patience.end_when(lambda: True)
    patience.check()
    patience.missed()
    with pytest.raises(Unavailable, match="run ends"):
        patience.check()


def test_closed_gate_lets_go_when_the_run_ends() -> None:
    time = Time()
    patience = Patience(sleep=time.sleep, now=time.now)
    patience.end_when(lambda: time.at >= 3)
    gate = Gate(sleep=patience.pause, now=time.now)
    gate.close(600)
    with pytest.raises(Unavailable, match="run ends"):
        gate.wait()
