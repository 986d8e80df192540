"""Answers that came back in another order than they were in: sorted apart from their folders, or truly changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from spmigrate.mapping import reordering
from spmigrate.mapping.answers import Answers
from spmigrate.mapping.columns import ANSWER_KEYS
from spmigrate.mapping.reordering import SETTLED, Ordered
from spmigrate.mapping.states import State
from tests.unit.mapping.desk_case import ARCHIVE, LETTER, MOVE, Desk

_WORDS = st.sampled_from(["", "a", "b", "c", "d"])
_TEXT = "these answers are last time's in another order: were they sorted apart from the folders?"


@st.composite
def _sheets(draw: st.DrawFn) -> list[Answers]:
    count = draw(st.integers(3, 7))
    return [Answers(**{key: draw(_WORDS) for key in ANSWER_KEYS}) for _ in range(count)]


def shuffled(rows: Sequence[Answers], orders: Mapping[str, Sequence[int]]) -> list[Answers]:
    """The same answers, those of some columns in other orders."""
    return [
        replace(row, **{key: getattr(rows[order[place]], key) for key, order in orders.items()})
        for place, row in enumerate(rows)
    ]


def check(before: Sequence[Answers], now: Sequence[Answers]) -> dict[str, str]:
    rows = [Ordered(f"M-{n}", old, new) for n, (old, new) in enumerate(zip(before, now, strict=True))]
    return {each.row_id: each.key for each in reordering.check(rows) if each.blocks and each.text == _TEXT}


@given(rows=_sheets(), keys=st.sets(st.sampled_from(ANSWER_KEYS), min_size=1), data=st.data())
def test_any_columns_in_any_other_order_are_caught_at_the_rows_that_changed(
    rows: list[Answers], keys: set[str], data: st.DataObject
) -> None:
    together = data.draw(st.permutations(range(len(rows))), label="one order for all columns")
    apart = data.draw(st.booleans(), label="each column in an order of its own")
    orders = {
        key: data.draw(st.permutations(range(len(rows))), label=key) if apart else together for key in sorted(keys)
    }
    now = shuffled(rows, orders)
    moved = {
        key: [n for n, (old, new) in enumerate(zip(rows, now, strict=True)) if getattr(old, key) != getattr(new, key)]
        for key in ANSWER_KEYS
    }
    own = [places for key, places in moved.items() if places and key not in ("keep", "marking")]
    assume(len(own) > 1 or any(len(places) > 2 for places in own))
    assert set(check(rows, now)) == {f"M-{n}" for places in moved.values() for n in places}


@given(data=st.data(), count=st.integers(4, 12), keys=st.sampled_from([("home", "subject"), ("decision", "who")]))
def test_columns_that_were_sorted_together_and_edited_since_show_at_the_rows_that_nobody_edited(
    data: st.DataObject, count: int, keys: tuple[str, str]
) -> None:
    """No baseline of the sorted order is needed: any rows may be edited, so long as three that moved are left."""
    first, second = keys
    rows = [Answers(**{first: f"a{number % 3}", second: f"b{number // 3}"}) for number in range(count)]
    order = data.draw(st.permutations(range(count)), label="sorted")
    edited = data.draw(st.sets(st.integers(0, count - 1)), label="edited since")
    now = [
        replace(row, **{first: f"new {place}", second: "new"}) if place in edited else row
        for place, row in enumerate(shuffled(rows, dict.fromkeys(keys, order)))
    ]
    left = {f"M-{place}" for place in range(count) if order[place] != place and place not in edited}
    assume(len(left) > 2)
    assert left <= set(check(rows, now))


def test_edits_that_repeat_what_other_rows_have_are_no_sorting() -> None:
    rows = [Answers(decision="", home=f"H{number}", subject=f"S{number % 2}") for number in range(8)]
    answered = [replace(row, decision="Move", home="H0" if number < 5 else row.home) for number, row in enumerate(rows)]
    assert check(rows, answered) == {}


@given(rows=_sheets(), data=st.data())
def test_whole_rows_in_another_order_are_the_same_answers(rows: list[Answers], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(rows))))
    before = [Ordered(f"M-{n}", row, row) for n, row in enumerate(rows)]
    assert list(reordering.check([before[n] for n in order])) == []


@given(rows=_sheets(), key=st.sampled_from(ANSWER_KEYS), data=st.data())
def test_an_owner_may_give_two_rows_each_others_answer(rows: list[Answers], key: str, data: st.DataObject) -> None:
    one, two = data.draw(st.permutations(range(len(rows))))[:2]
    order = list(range(len(rows)))
    order[one], order[two] = two, one
    assert check(rows, shuffled(rows, {key: order})) == {}


def test_what_follows_from_a_column_changes_places_with_it() -> None:
    rows = [Answers(subject=name, keep=f"rule of {name}") for name in "abc"]
    assert check(rows, shuffled(rows, {"subject": [1, 0, 2], "keep": [1, 0, 2]})) == {}
    assert set(check(rows, shuffled(rows, {"keep": [1, 2, 0]}))) == {"M-0", "M-1", "M-2"}


def test_two_rows_are_too_few_to_have_been_sorted() -> None:
    rows = [Answers(decision="Move", home="A"), Answers(decision="Not ours", home="B")]
    assert check(rows, rows[::-1]) == {}


def test_new_answers_are_no_other_order() -> None:
    rows = [Answers(decision=text) for text in ("Move", "Move", "Not ours", "")]
    assert check(rows, [Answers(decision="Move")] * 4) == {}


def test_what_an_owner_settles_in_the_notes_of_a_row_is_settled() -> None:
    rows = [Answers(decision=text) for text in ("a", "b", "c")]
    now = shuffled(rows, {"decision": [1, 2, 0]})
    noted = [replace(now[0], notes=f"The {SETTLED.upper()}, I asked"), *now[1:]]
    assert set(check(rows, noted)) == {"M-1", "M-2"}
    before = [replace(row, notes=each.notes) for row, each in zip(rows, noted, strict=True)]
    assert len(check(before, noted)) == 3, "a note of last time settles nothing now"


def sort_answers(page: Worksheet, keys: Sequence[str], order: Sequence[int]) -> None:
    cells = [[page[f"{LETTER[key]}{number}"].value for key in keys] for number in order]
    for number, values in enumerate(cells, start=4):
        for key, value in zip(keys, values, strict=True):
            page[f"{LETTER[key]}{number}"] = value


DIFFERENT = {
    "Bridges": MOVE, "Surveys": ARCHIVE, "=HYPERLINK(1)": {"decision": "Not ours"},
}  # fmt: skip
KEYS = ("decision", "home", "subject", "sensitive", "who")


def complaints(desk: Desk) -> list[str]:
    return [str(each.problem) for each in desk.collect().observations if _TEXT in str(each.problem) and each.blocks]


@pytest.mark.parametrize("keys", [KEYS, ("decision",)])
def test_answers_that_were_sorted_alone_cannot_be_signed_before_they_are_put_back(
    desk: Desk, keys: Sequence[str]
) -> None:
    desk.answer(DIFFERENT)
    assert complaints(desk) == []
    desk.edit(lambda page: sort_answers(page, keys, [5, 6, 7, 4]))
    found = complaints(desk)
    assert len(found) == 4 and "S-0001-v1.xlsx!Your folders!G4" in found[0]
    assert complaints(desk) == found, "collecting them once more settles nothing"
    assert desk.stands().state is State.RETURNED and len(desk.stands().blocked) == len(found)
    desk.edit(lambda page: sort_answers(page, keys, [7, 4, 5, 6]))
    assert complaints(desk) == [] and desk.stands().state is State.VALIDATED


def test_issuing_answers_again_that_were_sorted_alone_settles_nothing(desk: Desk) -> None:
    desk.answer(DIFFERENT)
    desk.collect()
    desk.edit(lambda page: sort_answers(page, KEYS, [5, 6, 7, 4]))
    assert len(complaints(desk)) == 4
    desk.reissue()
    assert len(complaints(desk)) == 4


def test_proposals_that_were_sorted_before_they_were_answered_are_caught(desk: Desk) -> None:
    desk.answer({"Bridges": {"home": "A"}, "Surveys": {"home": "B"}, "=HYPERLINK(1)": {"home": "C"}}, others={})
    desk.collect()
    desk.reissue()
    desk.edit(lambda page: sort_answers(page, ["home"], [5, 6, 7, 4]))
    desk.answer({}, others={"decision": "Leave as read-only archive"})
    assert len(complaints(desk)) == 4
    desk.edit(lambda page: [page.__setitem__(f"{LETTER['notes']}{n}", f"The {SETTLED}") for n in range(4, 8)])
    assert complaints(desk) == [] and desk.stands().state is not State.ISSUED
    assert complaints(desk) == []
