"""Filters: what people say and what SharePoint keeps are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import Refused
from spmigrate.tenant.site.view_query import OPERATORS, Query, conditions, from_caml, to_caml

TYPES = {"Name": "Text", "Day": "DateTime", "Done": "Boolean", "Editor": "User", "Pages": "Number", "Kind": "Choice"}
_words = (
    st.text("abc &<>'\"é and is", min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda text: text and " and " not in text)
)
_values = {
    "Name": _words, "Kind": _words, "Day": st.one_of(st.just("today"), st.dates().map(lambda day: day.isoformat())),
    "Done": st.sampled_from(["yes", "no"]), "Editor": st.just("me"), "Pages": st.integers(0, 99).map(str),
}  # fmt: skip


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """A filter of up to four conditions."""
    found = []
    for column in draw(st.lists(st.sampled_from(list(TYPES)), min_size=0, max_size=4)):
        asked = draw(st.sampled_from(list(OPERATORS)))
        value = "" if asked.endswith("empty") else " " + draw(_values[column])
        found.append(f"{column} {asked}{value}")
    return " and ".join(found)


@given(sentences(), st.sampled_from(["", "Day"]), st.booleans(), st.sampled_from(["", "Kind"]))
def test_what_is_said_comes_back(sentence: str, sort: str, descending: bool, group: str) -> None:
    query = Query(sentence, sort, descending and bool(sort), group)
    assert from_caml(to_caml(query, TYPES)) == query


def test_a_query_that_no_sentence_says_stays_as_it_is() -> None:
    caml = "<Where><Or><IsNull><FieldRef Name='Day'/></IsNull><IsNull><FieldRef Name='Name'/></IsNull></Or></Where>"
    query = from_caml(f"<OrderBy><FieldRef Name='Day'/></OrderBy>{caml}")
    assert query.filter.startswith("<Where><Or>")
    assert from_caml(to_caml(query, TYPES)) == query
    assert from_caml("<Where>") == Query(filter="<Where>")


@pytest.mark.parametrize(("text", "said"), [
    ("Name", "'Name' is no condition"), ("Name is", "no condition"), ("Name is empty today", "no condition"),
    ("Name is 1 or Day is today and then", None), ("Other is 1", "no column Other"),
])  # fmt: skip
def test_what_is_no_condition_is_told(text: str, said: str | None) -> None:
    if said is None:
        assert len(conditions(text)) == 1
        return
    with pytest.raises(Refused, match=said):
        to_caml(Query(text), TYPES)
