"""The board: planned and done week by week, and what is left of each share, by cause, with nothing counted twice."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.config import MigrateSection
from spmigrate.migrate.board import Board, active, burn_down, shares
from spmigrate.migrate.reporting import board_report
from spmigrate.migrate.windows import Windows
from spmigrate.model import Amount, Explanation
from spmigrate.store.board import ShareLine, WaveLine
from spmigrate.store.coverage import Uncovered

WINDOWS = Windows.of(MigrateSection(), None)
FIRST, SECOND, THIRD = date(2027, 3, 22), date(2027, 3, 29), date(2027, 4, 5)
EXPLAINED = {"NAME-LONG": Explanation("The name is too long.", "Shorten it.")}


def files(count: int) -> Amount:
    return Amount(count, count * 10)


def test_weeks_are_those_of_the_councils_clocks() -> None:
    sunday_night = datetime(2027, 3, 28, 23, 30, tzinfo=UTC)  # Monday 00:30 in London, where summer has just begun
    (week,) = burn_down(files(5), {}, [(sunday_night, files(5))], WINDOWS, date(2027, 4, 1))
    assert week.monday == SECOND


def test_what_has_not_come_is_not_told_as_nothing_done() -> None:
    planned = {FIRST: files(6), THIRD: files(4)}
    done = [(datetime(2027, 3, 23, tzinfo=UTC), files(2))]
    found = burn_down(files(10), planned, done, WINDOWS, date(2027, 3, 30))
    assert [(each.monday, each.planned_left.items) for each in found] == [(FIRST, 4), (SECOND, 4), (THIRD, 0)]
    assert [None if each.left is None else each.left.items for each in found] == [8, 8, None]
    assert found[1].done == Amount()


def test_a_burn_down_that_is_late_goes_on_to_this_week() -> None:
    late = burn_down(files(5), {FIRST: files(5)}, [], WINDOWS, date(2027, 4, 9))
    assert [each.monday for each in late] == [FIRST, SECOND, THIRD]
    done = [(datetime(2027, 3, 23, tzinfo=UTC), files(5))]
    assert len(burn_down(files(5), {FIRST: files(5)}, done, WINDOWS, date(2027, 4, 9))) == 1


def test_nothing_planned_and_nothing_done_has_no_weeks() -> None:
    assert burn_down(files(0), {}, [], WINDOWS, FIRST) == ()


def line(outcome: str | None, count: int, *, code: str = "", state: str | None = "running") -> ShareLine:
    return ShareLine("Common", outcome, code, state, files(count))


def test_residue_says_why_by_cause_with_its_remedy() -> None:
    (found,) = shares(
        [
            line(None, 10, state=None), line(None, 4), line("copied", 50), line("skipped", 5, code="MOVED-ALREADY"),
            line("failed", 3, code="NAME-LONG"), line("copied", 2, state="rolled back"),
        ],
        [Uncovered("Common", "Old", files(7)), Uncovered("Common", "", files(1))],
        EXPLAINED,
    )  # fmt: skip
    assert (found.whole, found.moved, found.left) == (files(74), files(55), files(19))
    assert {each.cause: each.amount.items for each in found.residue} == {
        "in no row of any sheet": 8, "still to move": 4, "failed: The name is too long.": 3,
        "in a row, in no wave yet": 2, "its wave was rolled back": 2,
    }  # fmt: skip
    assert all(each.remedy for each in found.residue)
    assert [each.amount.items for each in found.residue] == [8, 4, 3, 2, 2]


outcomes = st.sampled_from((None, "copied", "skipped", "routed", "failed", "vanished"))
states = st.sampled_from((None, "planned", "running", "moved", "cancelled", "rolled back"))
lines = st.lists(
    st.builds(
        lambda share, outcome, state, count: ShareLine(share, outcome if state else None, "C", state, files(count)),
        st.sampled_from(("A", "B")), outcomes, states, st.integers(1, 100),
    )
)  # fmt: skip
bare_folders = st.builds(lambda name, n: Uncovered(name, "x", files(n)), st.sampled_from("AB"), st.integers(0, 99))
bares = st.lists(bare_folders)


@given(lines, bares)
def test_what_is_left_adds_up_to_all_that_has_not_moved(found: list[ShareLine], bare: list[Uncovered]) -> None:
    for share in shares(found, bare, {}):
        assert sum((each.amount for each in share.residue), Amount()) == share.left
        assert share.whole == sum((each.amount for each in found if each.share == share.name), Amount())


def test_waves_that_were_given_up_count_no_more() -> None:
    waves = [
        WaveLine(n, state, state, files(1), files(0), files(0))
        for n, state in enumerate(("planned", "cancelled", "rolled back", "accepted"))
    ]
    assert active(waves) == [0, 3]


def test_with_nothing_left_the_board_says_that_in_a_whole_sentence() -> None:
    done = cast("Board", SimpleNamespace(left=Amount()))
    assert board_report.sentence(done) == "Nothing is left to move in any wave."
