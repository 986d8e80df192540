"""Several sites at once: nothing is lost, errors about one stop no other, fatal ones stop all."""

import threading
from collections.abc import Iterator

import pytest

from spmigrate.errors import AuthError, LedgerError, Refused
from spmigrate.provision.side_by_side import in_turn, spread


@pytest.mark.parametrize("workers", [1, 3])
def test_everything_is_done_once_and_told(workers: int) -> None:
    things = list(range(20))
    assert dict(spread(things, lambda n: n * n, workers=workers)) == {n: n * n for n in things}


def test_work_really_goes_on_side_by_side() -> None:
    together = threading.Barrier(3, timeout=10)
    assert len(list(spread([1, 2, 3], lambda _n: together.wait(), workers=3))) == 3


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_about_one_becomes_trouble_and_the_others_go_on(workers: int) -> None:
    def work(n: int) -> Iterator[str]:
        yield f"{n} begun"
        if n == 2:
            raise Refused("no such list", hint="make it")
        yield f"{n} done"

    told = list(in_turn([1, 2, 3], work, workers=workers, trouble=lambda n, text: f"{n}: {text}"))
    assert sorted(told) == ["1 begun", "1 done", "2 begun", "2: no such list (make it)", "3 begun", "3 done"]


@pytest.mark.parametrize("error", [AuthError("expired"), LedgerError("full"), ZeroDivisionError()])
@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_fatal_ends_all_and_nothing_new_is_begun(error: Exception, workers: int) -> None:
    begun: list[int] = []

    def work(n: int) -> Iterator[int]:
        begun.append(n)
        if n == 1:
            raise error
        yield n

    with pytest.raises(type(error)):
        list(in_turn(list(range(1, 200)), work, workers=workers, trouble=lambda n, _text: n))
    assert len(begun) < 199


def test_whoever_stops_listening_stops_the_work_after_its_present_step() -> None:
    steps: list[int] = []

    def work(_n: int) -> Iterator[int]:
        for step in range(10_000):
            steps.append(step)
            yield step

    events = in_turn([1, 2], work, workers=2, trouble=lambda n, _text: n)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert len(steps) < 20_000
