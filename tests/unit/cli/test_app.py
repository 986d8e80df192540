"""The error boundary: every end of a command has its exit code, its words, and no traceback."""

import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest

from spmigrate.cli import app, view
from spmigrate.errors import ExitCode, InputError, Problem, SpmigrateError, UsageProblem


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Make `spmigrate doctor` do what a test wants."""

    def install(action: Callable[[], object]) -> None:
        module = ModuleType("spmigrate.cli.pretended")
        module.doctor = click.command("doctor")(view.json_option(lambda json_: action()))
        monkeypatch.setitem(sys.modules, "spmigrate.cli.pretended", module)
        monkeypatch.setitem(app.COMMANDS, "doctor", ("pretended", "Pretend."))

    return install


def raising(error: BaseException) -> Callable[[], object]:
    def action() -> object:
        raise error

    return action


@pytest.mark.parametrize("code", list(ExitCode))
def test_code_of_a_command_is_the_exit_code(command: Callable[..., None], code: ExitCode) -> None:
    command(lambda: code)
    assert app.run(["doctor"]) == code


def test_command_that_says_nothing_is_done(command: Callable[..., None]) -> None:
    command(lambda: None)
    assert app.run(["doctor"]) == 0


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SpmigrateError("no tenant", hint="name one"), 1, ["error: no tenant", "hint:  name one"]),
        (UsageProblem("not both"), 2, ["error: not both"]),
        (click.UsageError("no such option"), 2, ["no such option"]),
        (InputError("bad", [Problem("a.yaml:1:2", "x"), Problem("a.yaml:3:4", "y", "z")]), 1,
         ["  a.yaml:1:2: x", "  a.yaml:3:4: y (z)"]),
        (KeyboardInterrupt(), 130, ["interrupted", "safe to run"]),
        (click.Abort(), 130, ["interrupted"]),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/x/y"), 1, ["error: /x/y: No space left", "free some"]),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 1, ["error: /x: Permission denied"]),
    ],
)  # fmt: skip
def test_error_is_said_without_a_traceback(
    command: Callable[..., None], capsys: pytest.CaptureFixture[str], error: BaseException, code: int, said: list[str]
) -> None:
    command(raising(error))
    assert app.run(["doctor"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    for words in said:
        assert words in err


def test_fault_of_ours_is_one_line_with_the_details_in_a_file(
    command: Callable[..., None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    command(raising(ZeroDivisionError("division by zero")))
    assert app.run(["doctor"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "division by zero" in err
    (details,) = tmp_path.glob("spmigrate-*.txt")
    assert str(details) in err
    assert "Traceback" in details.read_text()


def test_json_error_is_one_document(command: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    command(raising(InputError("bad", [Problem("a.yaml:1:2", "x")], hint="mend it")))
    assert app.run(["doctor", "--json"]) == 1
    problems = [{"where": "a.yaml:1:2", "text": "x", "hint": None}]
    assert json.loads(capsys.readouterr().out) == {"error": {"message": "bad", "hint": "mend it", "problems": problems}}


def test_one_command_line_does_not_make_the_next_one_json(
    command: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    command(raising(SpmigrateError("no")))
    app.run(["doctor", "--json"])
    capsys.readouterr()
    app.run(["doctor"])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["doctor", "--nonsense"], ["init"]])
def test_wrong_usage_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(arguments) == 2
    assert "Usage: spmigrate" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["init", "--help"]])
def test_help_is_done(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(arguments) == 0
    assert "spmigrate" in capsys.readouterr().out


def test_help_lists_every_command_in_the_order_of_work(capsys: pytest.CaptureFixture[str]) -> None:
    app.run(["--help"])
    shown = capsys.readouterr().out
    places = [shown.index(f"\n  {name} ") for name in app.COMMANDS]
    assert places == sorted(places)
