"""Several changes to one YAML file in one pass: each lands where it belongs, and nothing else moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import InputError
from spmigrate.formats.yaml import Source
from spmigrate.formats.yaml_entries import Append, Set, edit

TEXT = """# head
list:
  - name: a   # first
    more:
      - {n: "1"}
  - {name: b}
  - name: c
    none:
end: x  # tail
"""


def test_changes_of_one_place_keep_their_order_and_their_depth() -> None:
    text = edit(TEXT, "t", [
        Set(("list", 0, "age"), "4"), Append(("list", 0, "more"), ({"n": "2"}, {"n": "3"})),
        Set(("list", 0, "name"), "aa"),
        Append(("list", 1, "more"), ({"n": "4"},)), Set(("list", 1, "age"), "5"), Set(("list", 2, "age"), "6"),
        Append(("list",), ({"name": "d", "more": [{"n": "7"}]},), spread=True), Append(("other",), ({"n": "8"},)),
    ])  # fmt: skip
    assert Source(text, "t").value == {
        "list": [
            {"name": "aa", "more": [{"n": "1"}, {"n": "2"}, {"n": "3"}], "age": "4"},
            {"name": "b", "more": [{"n": "4"}], "age": "5"}, {"name": "c", "none": None, "age": "6"},
            {"name": "d", "more": [{"n": "7"}]},
        ],
        "end": "x", "other": [{"n": "8"}],
    }  # fmt: skip
    for comment in ("# head", "# first", "# tail"):
        assert comment in text


@pytest.mark.parametrize(
    "change", [Set(("end", "deeper"), "1"), Append(("end",), ({"a": "b"},)), Set(("no", "way"), "1")]
)
def test_a_change_that_has_no_place_is_refused(change: Set | Append) -> None:
    with pytest.raises(InputError):
        edit(TEXT, "t", [change])


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12), max_size=6))
def test_what_is_appended_is_what_is_read(values: list[str]) -> None:
    text = edit(TEXT, "t", [Append(("list", 0, "more"), ({"n": value},)) for value in values])
    assert [each["n"] for each in Source(text, "t").value["list"][0]["more"]] == ["1", *values]
    kept = [line for line in text.splitlines() if line in TEXT.splitlines()]
    assert [line for line in TEXT.splitlines() if line in kept] == TEXT.splitlines()
