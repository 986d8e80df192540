"""What people who are elsewhere are told of a run, and when."""

from datetime import UTC, datetime, time, timedelta

import pytest

from spmigrate.config import MigrateSection, WindowSection
from spmigrate.messages.message import Message
from spmigrate.migrate import bulletins
from spmigrate.migrate.watch import Watch
from spmigrate.migrate.windows import Windows
from spmigrate.model import Accounting, Amount, Outcome
from spmigrate.store.batches import Progress
from spmigrate.store.summary import Cause
from spmigrate.store.waves import Standing

BEGAN = datetime(2026, 11, 20, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def progress(finished: int) -> Progress:
    return Progress(1000, 5_000_000, finished, finished * 5000, 2)


def watch(*hours: WindowSection, morning: time | None = None) -> Watch:
    found = Windows.of(MigrateSection(windows=hours), None)
    return Watch("pilot", progress(0), began=BEGAN, silence=30 * MINUTE, morning=morning, windows=found)


def subjects(messages: list[Message] | tuple[Message, ...]) -> list[str]:
    return [each.subject for each in messages]


def test_silence_is_told_once_and_so_is_its_end() -> None:
    run = watch()
    assert run.due(BEGAN + 29 * MINUTE) == []
    assert subjects(run.due(BEGAN + 30 * MINUTE)) == ["Wave pilot: nothing moves"]
    assert run.due(BEGAN + 90 * MINUTE) == []
    run.saw(progress(1))
    assert subjects(run.due(BEGAN + 91 * MINUTE)) == ["Wave pilot moves again"]
    assert run.due(BEGAN + 120 * MINUTE) == []
    assert subjects(run.due(BEGAN + 121 * MINUTE)) == ["Wave pilot: nothing moves"]


def test_a_run_that_moves_is_never_called_silent() -> None:
    run = watch()
    for n in range(100):
        run.saw(progress(n + 1))
        assert run.due(BEGAN + n * 20 * MINUTE) == []


def test_waiting_for_a_window_is_no_silence() -> None:
    run = watch(WindowSection(from_="20:00", to="22:00"))
    run.saw(progress(1))
    told = []
    for minutes in range(50, 24 * 60, 10):  # it shuts after an hour, and opens 23 hours after the start
        told += [(minutes, each) for each in subjects(run.due(BEGAN + minutes * MINUTE))]
    assert told == [(23 * 60 + 20, "Wave pilot: nothing moves")]


def test_the_morning_is_that_of_the_councils_clocks_every_day() -> None:
    run = watch(morning=time(7))
    run.saw(progress(300))
    run.due(BEGAN + MINUTE)
    assert (
        subjects(run.due(datetime(2026, 11, 21, 6, 59, tzinfo=UTC)))[-1] != "Wave pilot: where it stands this morning"
    )
    (found,) = [each for each in run.due(datetime(2026, 11, 21, 7, tzinfo=UTC)) if "morning" in each.subject]
    assert ("In this run", "300 files, 30 an hour") in found.facts
    assert not [each for each in run.due(datetime(2026, 11, 21, 8, tzinfo=UTC)) if "morning" in each.subject]
    assert [each for each in run.due(datetime(2026, 11, 22, 7, tzinfo=UTC)) if "morning" in each.subject]


def test_the_end_says_why_and_gives_the_account_to_the_byte() -> None:
    outcomes = {Outcome.COPIED: Amount(90, 900), Outcome.FAILED: Amount(8, 80)}
    standing = Standing(Accounting(Amount(100, 1000), outcomes), Amount(2, 20), 0, 900)
    causes = [Cause("skipped", f"RULE-{n}", "stays", Amount(9, 9), "a") for n in range(6)]
    causes.append(Cause("failed", "CODE-0", "is open", Amount(1, 1), "a"))
    said = bulletins.stopped("pilot", BEGAN, "the share has gone", standing, causes)
    assert said.sentences[0] == "The share has gone."
    assert ("At the source", "100 files, 1,000 bytes") in said.facts
    assert ("Still to move", "2") in said.facts
    assert ("failed, CODE-0", "1 file: is open") in said.facts
    assert "and 2 more causes" in said.sentences


@pytest.mark.parametrize(
    ("failed", "left", "why"),
    [
        (0, 0, "everything has moved, or stays by decision"),
        (1, 0, "1 file failed, everything else has moved, or stays by decision"),
        (1, 5, "files are left to move"),
    ],
)
def test_an_end_with_failures_is_not_told_as_if_all_had_moved(failed: int, left: int, why: str) -> None:
    outcomes = {Outcome.COPIED: Amount(90, 900), Outcome.FAILED: Amount(failed, failed)}
    accounting = Accounting(Amount(90 + failed + left, 1000), outcomes)
    assert bulletins.why_it_ended(Standing(accounting, Amount(left, left), 0, 900)) == why
