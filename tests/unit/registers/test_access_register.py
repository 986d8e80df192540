"""Decisions about entries of access lists, and the table of users: read whole, or every problem is named."""

import re
from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.registers.access import Answer, read_access
from spmigrate.registers.user_map import Mapped, read_user_map
from tests.conftest import ROOT

GUIDE = (ROOT / "spmigrate" / "migrate" / "README.md").read_text()


def example(language: str, word: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return next(each for each in found if word in each)


def test_example_of_the_guide_is_a_register(tmp_path: Path) -> None:
    (tmp_path / "access.yaml").write_text(example("yaml", "decisions:"))
    register = read_access(tmp_path)
    decision = register.about(["S-1", "COUNCIL\\Domain Users"], "highways/works/claims/2019")
    assert decision is not None
    assert (decision.do, decision.give_to) == (Answer.GIVE_TO, "group:Highways staff")
    assert register.about(["COUNCIL\\Domain Users"], "Highways/Works/Claims2") is None


def test_no_register_is_an_empty_one(tmp_path: Path) -> None:
    assert read_access(tmp_path).decisions == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("decisions:\n  - {who: X, do: give to, decided by: a, reason: b}\n", "'give to' names somebody"),
        ("decisions:\n  - {who: X, do: leave out, decided by: a}\n", "reason"),
        (
            "decisions:\n" + "  - {who: X, where: A/B, do: stop, decided by: a, reason: b}\n" * 2,
            "decided twice for one place",
        ),
    ],
)
def test_register_that_cannot_be_used_names_the_place(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "access.yaml").write_text(text)
    with pytest.raises(InputError) as refused:
        read_access(tmp_path)
    assert any(says in each.text and "access.yaml:" in each.where for each in refused.value.problems)


def test_example_of_the_guide_is_a_table_of_users(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text(example("csv", "TRUE"))
    table = read_user_map(path)
    assert table.find(["council\\BRIDGES"]) == Mapped("Bridge inspectors", group=True)
    assert table.find(["S-1-5-21-1", "x"]) is None


def test_lines_of_the_table_that_cannot_be_used_are_named_together(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("a,b,FALSE\n\nonly one\nA,c,TRUE\nd,e,perhaps\n", "utf-8-sig")
    with pytest.raises(InputError) as refused:
        read_user_map(path)
    assert [each.where for each in refused.value.problems] == ["users.csv:3", "users.csv:4", "users.csv:5"]
