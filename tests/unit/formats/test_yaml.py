"""YAML from people: errors at their place, and no value that turns into another."""

import json
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import InputError
from spmigrate.formats import yaml


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Column(yaml.Document):
    name: str
    kind: Colour = Colour.RED
    required: yaml.YesNo = False


class Template(yaml.Document):
    title: str
    site_columns: tuple[Column, ...] = ()
    review: yaml.Day | None = None
    versions: int = 1
    owner: str | Column = "nobody"
    by_name: dict[str, Column] | None = None
    kept: Column | Literal["all"] = "all"


def parse(text: str) -> Template:
    return yaml.validate(yaml.Source(text, "t.yaml"), Template)


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as raised:
        parse(text)
    return [str(problem) for problem in raised.value.problems]


def test_keys_are_words_with_spaces() -> None:
    template = parse("title: Team\nsite columns:\n  - name: Owner\n    kind: green\n    required: yes\n")
    assert template.site_columns == (Column(name="Owner", kind=Colour.GREEN, required=True),)


@pytest.mark.parametrize("plain", ["no", "off", "Yes", "22:30", "0123", "2026-04-01", "1e3", "0x10", "1_000", "~x"])
def test_plain_words_stay_what_the_writer_typed(plain: str) -> None:
    assert yaml.Source(f"a: {plain}", "t").value == {"a": plain}


@pytest.mark.parametrize(
    ("plain", "value"), [("true", True), ("null", None), ("12", 12), ("-3", -3), ("1.5", 1.5), ("", None), ("~", None)]
)
def test_few_plain_words_have_types(plain: str, value: object) -> None:
    assert yaml.Source(f"a: {plain}", "t").value == {"a": value}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30))
def test_quoted_text_survives(text: str) -> None:
    assert yaml.Source(f"a: {json.dumps(text, ensure_ascii=False)}", "t").value == {"a": text}


def test_day_is_read_where_it_is_meant() -> None:
    assert parse("title: x\nreview: 2026-04-30").review == date(2026, 4, 30)
    for other in ("2026-W18-4", '"20260430"', "2026-4-30", "2026-02-30"):
        with pytest.raises(InputError) as caught:
            parse(f"title: x\nreview: {other}")
        assert "write a date as 2026-04-30" in str(caught.value.problems[0])


def test_duplicate_key_is_an_error_at_both_places() -> None:
    assert problems("title: a\nversions: 2\ntitle: b\n") == ["t.yaml:3:1: 'title' stands here twice (first on line 1)"]


def test_unknown_key_gets_a_suggestion() -> None:
    assert "t.yaml:1:1: unknown key 'titel' (did you mean 'title'?)" in problems("titel: a\n")


def test_unknown_key_far_from_all_lists_them() -> None:
    (problem,) = problems("title: a\nzzz: 1\n")
    assert "known here: " in problem
    assert "site columns" in problem


def test_unknown_key_deep_inside_is_suggested_from_its_own_place() -> None:
    (problem,) = problems("title: a\nsite columns:\n  - name: x\n    requird: yes\n")
    assert problem == "t.yaml:4:5: unknown key 'requird' (did you mean 'required'?)"
    (problem,) = problems("title: a\nby name:\n  one: {name: x, knd: red}\n")
    assert problem.startswith("t.yaml:3:18: unknown key 'knd'")


def test_every_problem_is_shown_in_the_order_of_the_file() -> None:
    found = problems("title: 5\nsite columns:\n  - kind: blue\n  - name: ok\n    required: maybe\nreview: tomorrow\n")
    assert [line.split(":")[1] for line in found] == ["1", "3", "3", "5", "6"]
    text = "\n".join(found)
    for said in ("in quotes, such as '5'", "'blue' is not one of: red", "'name' is missing", "yes or no", "2026-04-30"):
        assert said in text


def test_a_mapping_with_an_error_is_not_called_a_wrong_word_besides() -> None:
    (problem,) = problems("title: a\nkept: {name: x, knd: red}\n")
    assert problem.startswith("t.yaml:2:17: unknown key 'knd'")
    assert "'al' is not one of: all" in problems("title: a\nkept: al\n")[-1]


@pytest.mark.parametrize("text", ["a: [1, 2", "a: b: c", "\t- x", 'a: "open', "a: \x00"])
def test_broken_syntax_has_a_place(text: str) -> None:
    with pytest.raises(InputError, match="not readable YAML") as raised:
        yaml.Source(text, "t.yaml")
    assert str(raised.value.problems[0]).startswith("t.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: *nowhere", "t.yaml:1:8: '*nowhere' is not understood here"),
        ("title: &t [*t]", "t.yaml:1:12: '*t' is not understood here (write out what it stands for)"),
        ("title: !!timestamp 2026-04-30", "t.yaml:1:8: the tag 'tag:yaml.org,2002:timestamp' is not understood here"),
        ("!!python/object/apply:os.system [a]", "t.yaml:1:1: the tag"),
        ("? [a, b]\n: c", "t.yaml:1:3: a key is one word or several"),
        ("title: " + "9" * 5000, "t.yaml:1:8: this number is too long"),
        ("title: " + "[" * 100_000, "t.yaml:1:57: nested more than 50 levels deep"),
    ],
)  # fmt: skip
def test_what_nobody_needs_is_refused_at_its_place(text: str, said: str) -> None:
    assert problems(text)[0].startswith(said)


def test_empty_file_says_what_is_missing() -> None:
    assert problems("") == ["t.yaml:1:1: 'title' is missing"]


def test_file_that_is_a_list_is_refused() -> None:
    assert "keys with values" in problems("- a\n- b\n")[0]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00a"])
def test_unreadable_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "t.yaml"
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"t\.yaml cannot be read"):
        yaml.read(path, Template)


def test_position_of_something_absent_is_that_of_its_parent() -> None:
    source = yaml.Source("a:\n  b: 1\n", "t.yaml")
    assert source.where(("a", "b")) == "t.yaml:2:3"
    assert source.where(("a", "c", 3)) == "t.yaml:1:1"


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except InputError as error:
        assert error.problems
