"""Which saved version of a workbook is the owner's signature."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import SpmigrateError
from spmigrate.mapping.agreement import SavedVersion, signature

OWNER, OTHER = "owner-id", "other-id"
ALLOWED = {OWNER: "Head of Highways"}
DIGEST = "d" * 64


def versions(*saved: tuple[str, bool], digest: str = DIGEST) -> list[SavedVersion]:
    return [
        SavedVersion(f"{n}.0", f"2026-11-{n:02}T10:00:00Z", editor, editor, digest, agreed)
        for n, (editor, agreed) in enumerate(saved, start=1)
    ]


def test_the_version_in_which_the_owner_set_the_cell_signs_whoever_saved_since() -> None:
    found = signature(versions((OTHER, False), (OWNER, True), (OTHER, True)), ALLOWED, sheet_id="S-0001")
    assert found.number == "2.0"


def test_agreeing_again_after_taking_it_back_is_the_later_version() -> None:
    saved = versions((OTHER, False), (OWNER, True), (OWNER, False), (OWNER, True), (OWNER, True))
    assert signature(saved, ALLOWED, sheet_id="S-0001").number == "4.0"


@pytest.mark.parametrize(
    ("saved", "text"),
    [
        ([], "nobody has agreed"),
        ([(OWNER, True), (OWNER, False)], "nobody has agreed"),
        ([(OWNER, False), (OTHER, True)], "was set by other-id .version 2.0., not by Head of Highways"),
        ([(OTHER, False), (OTHER, True), (OWNER, True)], "was set by other-id"),
        ([(OWNER, True), (OWNER, True)], "missing before 1.0"),
    ],
)
def test_what_is_no_signature_says_why(saved: list[tuple[str, bool]], text: str) -> None:
    with pytest.raises(SpmigrateError, match=text) as caught:
        signature(versions(*saved), ALLOWED, sheet_id="S-0001")
    assert caught.value.hint


def test_agreeing_before_there_is_anything_to_agree_to_does_not_count() -> None:
    with pytest.raises(SpmigrateError, match="before it said what"):
        signature(versions((OTHER, False), (OWNER, True), digest=""), ALLOWED, sheet_id="S-0001")


@given(st.lists(st.tuples(st.sampled_from([OWNER, OTHER]), st.booleans()), max_size=8))
def test_whatever_is_found_was_set_by_somebody_who_may_and_is_still_set(saved: list[tuple[str, bool]]) -> None:
    history = versions(*saved)
    try:
        found = signature(history, ALLOWED, sheet_id="S-0001")
    except SpmigrateError:
        return
    at = history.index(found)
    assert found.editor_id == OWNER
    assert all(each.agreed for each in history[at:])
    assert at > 0 and not history[at - 1].agreed


@given(st.lists(st.tuples(st.sampled_from([OWNER, OTHER]), st.booleans()), min_size=2, max_size=8), st.data())
def test_no_version_can_be_taken_out_to_make_a_signature(saved: list[tuple[str, bool]], data: st.DataObject) -> None:
    history = versions((OTHER, False), *saved)
    place = data.draw(st.integers(0, len(history) - 2))  # the newest cannot be deleted
    try:
        found = signature([*history[:place], *history[place + 1 :]], ALLOWED, sheet_id="S-0001")
    except SpmigrateError:
        return
    assert found == signature(history, ALLOWED, sheet_id="S-0001")


def test_drafts_between_published_versions_follow_one_another() -> None:
    saved = versions((OTHER, False), (OWNER, True), (OTHER, True))
    numbered = [replace(each, number=number) for each, number in zip(saved, ("1.0", "1.1", "2.0"), strict=True)]
    assert signature(numbered, ALLOWED, sheet_id="S-0001").number == "1.1"
