"""Questions: only the word yes goes on, and every other end says what it means."""

import io
import sys

import click
import pytest

from spmigrate.cli import view


class Terminal(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("typed", ["no\n", "\n", "y\n", "nonsense\n"])
def test_any_answer_but_yes_ends_the_command_and_says_so(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    with pytest.raises(click.exceptions.Exit) as caught:
        view.confirm("Apply this plan?", yes=False)
    assert caught.value.exit_code == 1
    assert capsys.readouterr().err.endswith("not applied: nothing was changed\n")


def test_the_word_yes_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(" Yes \n"))
    view.confirm("Apply this plan?", yes=False)


def test_leaving_the_question_is_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(""))
    with pytest.raises(click.Abort):
        view.confirm("Apply this plan?", yes=False)


def test_no_name_commands_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    name = "Payment\u202excod.exe \x1b[31m"
    view.line(f"first {name}\nsecond")
    view.note(name)
    view.table(("name",), [(name,)])
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err and "\u202e" not in out + err
    assert out.startswith("first Payment\\u202excod.exe \\x1b[31m\nsecond\n")
    assert err == "Payment\\u202excod.exe \\x1b[31m\n"
