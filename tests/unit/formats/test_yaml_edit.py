"""One value of a file changes; everything that people wrote beside it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import InputError
from spmigrate.formats.yaml import Source
from spmigrate.formats.yaml_edit import set_text, written

FILE = """\
# the team's site
address: /sites/t-a3w9c   # for good
answers:
  title: Assets
  hub: /sites/d-h7k2m     # until April
  members: [one, two]

# the end
"""


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        (FILE, ("answers", "hub"), FILE.replace("/sites/d-h7k2m ", "/sites/new ")),
        (FILE, ("successor area",), FILE.replace("two]\n", "two]\nsuccessor area: /sites/new\n")),
        (FILE, ("answers", "area"), FILE.replace("two]\n", "two]\n  area: /sites/new\n")),
        ("a: {b: 1, c: 2}  # x\n", ("a", "c"), "a: {b: 1, c: /sites/new}  # x\n"),
        ("a: {b: 1}  # x\n", ("a", "c"), "a: {b: 1, c: /sites/new}  # x\n"),
        ("a: {}\n", ("a", "c"), "a: {c: /sites/new}\n"),
        ("a: 1", ("b", "c"), "a: 1\nb:\n  c: /sites/new\n"),
        ("a: 1\r\nb: 2\r\n", ("c",), "a: 1\r\nb: 2\r\nc: /sites/new\r\n"),
        ('a: "old" # x\n', ("a",), "a: /sites/new # x\n"),
        ("a:\nb: 1\n", ("a",), "a: /sites/new\nb: 1\n"),
        ("\ufeffa: 1\n", ("a",), "\ufeffa: /sites/new\n"),
        ("", ("a",), "a: /sites/new\n"),
    ],
)
def test_one_value_changes_and_nothing_else(text: str, place: tuple[str, ...], expected: str) -> None:
    assert set_text(text, "site.yaml", place, value="/sites/new") == expected


def test_a_list_on_the_way_is_refused_at_its_place() -> None:
    with pytest.raises(InputError) as caught:
        set_text(FILE, "site.yaml", ("answers", "members", "x"), value="y")
    assert caught.value.problems[0].where == "site.yaml:6:12"


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30))
def test_a_text_comes_back_as_it_was_written(value: str) -> None:
    assert Source(f"a: {written(value)}\n", "x").value == {"a": value}
    assert Source(set_text(FILE, "x", ("answers", "hub"), value=value), "x").value["answers"]["hub"] == value
