"""Plans as data: saved, loaded, compared, and shown."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import InputError
from spmigrate.plan import describe
from spmigrate.plan.change import Action, Change, Note, Plan, join, load
from spmigrate.tenant.contents import Value

values = st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.lists(st.text()).map(tuple))
attributes = st.dictionaries(st.text(), values, max_size=4)
changes = st.builds(Change, st.text(), st.sampled_from(Action), st.text(), st.text(), st.text(), attributes, attributes)
plans = st.builds(
    Plan,
    st.lists(st.text(), max_size=3).map(tuple),
    st.lists(changes, max_size=5).map(tuple),
    st.lists(st.builds(Note, st.text(), st.text(), st.text()), max_size=2).map(tuple),
    st.integers(0, 500),
)


def change(action: Action = Action.UPDATE, *, before: dict[str, Value], after: dict[str, Value]) -> Change:
    return Change("/sites/t-a3w9c", action, "library", "papers", "Papers", before, after)


@given(plans)
def test_a_saved_plan_comes_back_as_it_was(plan: Plan) -> None:
    assert load(json.dumps(plan.as_json()), "plan.json") == plan


def test_an_edited_plan_is_refused() -> None:
    document = Plan(("/sites/a",), (change(before={"title": "A"}, after={"title": "B"}),)).as_json()
    document["changes"][0]["after"]["title"] = "C"
    with pytest.raises(InputError) as caught:
        load(json.dumps(document), "plan.json")
    assert caught.value.problems[0].text == "was edited after it was made"


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 1}', '{"format": 9}'])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        load(text, "plan.json")


def test_a_change_covers_itself_and_no_other_value() -> None:
    shown = change(before={"versions kept": 500}, after={"versions kept": 100})
    assert shown.covers(shown)
    assert not shown.covers(change(before={"versions kept": 300}, after={"versions kept": 100}))
    assert not shown.covers(change(before={"versions kept": 500}, after={"versions kept": 50}))
    assert not shown.covers(change(before={"versions kept": 500}, after={"versions kept": 100, "title": "B"}))


def test_a_change_covers_what_is_left_of_it() -> None:
    shown = change(
        before={"title": "papers", "content types": ("Document",)},
        after={"title": "Papers", "content types": ("Document", "A", "B")},
    )
    rest = change(before={"content types": ("Document", "A")}, after={"content types": ("Document", "A", "B")})
    foreign = change(before={"content types": ("X",)}, after={"content types": ("X", "A", "B")})
    assert shown.covers(rest)
    assert not shown.covers(foreign)


def test_a_change_covers_writing_again_what_it_wrote() -> None:
    shown = change(before={"versions kept": 500}, after={"versions kept": 100})
    again = change(before={"versions kept": 100}, after={"versions kept": 100})
    assert shown.covers(again)
    assert again.finishes
    assert not shown.finishes
    assert not shown.covers(change(before={"versions kept": 300}, after={"versions kept": 300}))


def test_creating_covers_finishing_what_was_created() -> None:
    shown = change(Action.CREATE, before={}, after={"title": "Papers", "content types": ("A",)})
    assert shown.covers(change(before={"title": "papers"}, after={"title": "Papers"}))
    assert shown.covers(change(before={"content types": ("Document",)}, after={"content types": ("Document", "A")}))
    assert not shown.covers(change(Action.REMOVE, before={}, after={}))
    assert not shown.covers(change(before={"content types": ()}, after={"content types": ("A", "B")}))


def test_a_list_that_loses_something_is_covered_only_from_where_it_was_shown() -> None:
    shown = change(before={"choices": ("A", "X")}, after={"choices": ("A", "B")})
    assert shown.covers(shown)
    assert not shown.covers(change(before={"choices": ("A", "Y")}, after={"choices": ("A", "B")}))


def test_a_plan_is_shown_with_counts_first_and_people_s_words() -> None:
    plan = join([
        Plan(("/sites/a",), (
            Change("/sites/a", Action.CREATE, "library", "p", "Papers", {}, {"title": "Papers", "id": "x", "kept": 5}),
            Change("/sites/a", Action.UPDATE, "column", "C", "Marking", {"required": False}, {"required": True}),
            Change("/sites/a", Action.UPDATE, "content type", "d", "Doc", {"columns": ()}, {"columns": ("CouncilM",)}),
            Change("/sites/a", Action.REMOVE, "library", "old", "Old"),
        ), unchanged=3),
        Plan(("/sites/b",), (), (Note("/sites/b", "column \"Year\"", "type is Number, the template says Text"),), 4),
    ])  # fmt: skip
    assert list(describe.lines(plan, {"CouncilM": "Marking"})) == [
        "Plan for 2 sites: 1 to add, 2 to change, 1 to remove, 7 unchanged.",
        "",
        "/sites/a",
        '  + library "Papers"  kept: 5',
        '  ~ column "Marking"  required: no -> yes',
        '  ~ content type "Doc"  columns: (none) -> Marking',
        '  - library "Old"',
        "",
        "Differences that stay, because SharePoint cannot change them here:",
        '  ? /sites/b  column "Year": type is Number, the template says Text',
        "",
        "Who may make these changes by hand: Site owner for 4.",
        "2 of them cannot be undone, or not wholly; --details says which.",
    ]


def test_internal_names_and_digests_are_told_in_words() -> None:
    page = Change("/sites/a", Action.UPDATE, "page", "a", "About", {"content": "aa"}, {"content": "bb", "title": "Us"})
    assert describe.change_line(page) == '~ page "About"  content, title: (none) -> Us'
    view = Change("/sites/a", Action.CREATE, "view", "v", "Due", {}, {
        "filter": "CouncilReviewDate is before today", "sort by": "Modified", "column": "CouncilMarking",
        "content": "aa", "title": "Modified by the Council",
    })  # fmt: skip
    words = {"CouncilReviewDate": "Review date", "CouncilMarking": "Marking", "Modified": "Modified"}
    assert describe.change_line(view, words) == (
        '+ view "Due"  filter: Review date is before today, sort by: Modified, column: Marking,'
        " title: Modified by the Council"
    )


def test_an_empty_plan_says_so() -> None:
    assert list(describe.lines(Plan(("/sites/a",), unchanged=21))) == ["Nothing to do on 1 site: 21 unchanged."]
