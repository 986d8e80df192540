"""What is written is read back as it was, whatever it holds."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from spmigrate.formats import yaml, yaml_text

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
values: st.SearchStrategy[Any] = st.recursive(
    texts | st.booleans() | st.integers(-(10**12), 10**12) | st.none() | st.just("a\n b\nc\n"),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(texts, below, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(texts, values, max_size=4))
@example({"a": "yes", "b": "2026-04-01", "c": "22:30", "d": "null", "e": "1.5", "f": "0123", "g": "", "h": "# no"})
@example({"a": "{title}", "b": "a: b", "c": ["a, b", "[c]"], "d": "line\nline\n", "e": "tab\there", "f": "\ufeff"})
@example({"a": {}, "b": [], "c": [[]], "d": [{}], "e": "x" * 300, "f": "word " * 60, "g": ["long word"] * 20})
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    assert yaml.Source(yaml_text.dump(value), "a.yaml").value == value


def test_it_is_written_as_people_would() -> None:
    said = {"title": "Yes", "on": yaml_text.Word("yes"), "list": ["a", "b"], "deep": [{"name": "A", "of": ["{b}"]}]}
    assert yaml_text.dump(said) == (
        "title: Yes\non: yes\nlist: [a, b]\ndeep:\n  - name: A\n    of: ['{b}']\n"
    )  # fmt: skip


def test_what_stands_twice_is_written_twice() -> None:
    shared = ["a" * 90, "b"]
    assert "*" not in yaml_text.dump({"one": shared, "two": shared})
