"""A ledger that is none, that another run holds, or that may not be written: said at once, and left as it is."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from spmigrate.store.ledger import Ledger
from tests.conftest import Finished
from tests.flow.refusal import Run, check_refusal, content, refused
from tests.samples import filled_ledger

SETTINGS = "version: 1\ntenant: {rehearsal: tenant}\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A sound ledger in a working folder, with one of everything in it."""
    (tmp_path / "spmigrate.yaml").write_text(SETTINGS, "utf-8")
    (tmp_path / "Share").mkdir()
    with Ledger(tmp_path / "ledger.db") as opened:
        filled_ledger(opened)
    return tmp_path / "ledger.db"


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 999")


def _replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "said", "hint"),
    [
        (lambda path: path.write_text("Dear all, " * 99), "file is not a database", "restore it from a backup"),
        (lambda path: path.write_bytes(path.read_bytes()[:20_000]), "malformed", "restore it from a backup"),
        (_newer, "was written by a newer version of spmigrate", "pip install --upgrade spmigrate"),
        (_replace_by_folder, "cannot be opened", "check that the folder exists and is yours"),
    ],
    ids=["text", "truncated", "newer", "folder"],
)
def test_ledger_that_cannot_be_used_is_left_alone(
    spmigrate: Run, ledger: Path, spoil: Callable[[Path], object], said: str, hint: str
) -> None:
    spoil(ledger)
    before = ledger.read_bytes() if ledger.is_file() else b""
    for command in (("scan", "run", "Share"), ("report",)):
        done = refused(spmigrate, *command)
        assert f"{ledger}" in done.stderr and said in done.stderr and hint in done.json["error"]["hint"]
    assert (ledger.read_bytes() if ledger.is_file() else b"") == before
    assert not (ledger.parent / "report.html").exists()


def test_second_run_names_the_first_and_does_nothing(spmigrate: Run, ledger: Path) -> None:
    before = content(ledger.parent)
    with Ledger(ledger) as opened, opened.run_lock("wave run pilot"):
        for command in (("scan", "run", "Share"), ("wave", "run", "pilot"), ("mapping", "collect", "x.xlsx")):
            done = refused(spmigrate, *command)
            assert "is in use: wave run pilot (process" in done.stderr
            assert "wait for it to finish" in done.json["error"]["hint"]
        assert spmigrate("wave", "status", "pilot").code == 3
    assert content(ledger.parent) == before
    assert spmigrate("scan", "run", "Share").code == 0


def test_folder_that_may_not_be_written(unprivileged: tuple[Path, Callable[..., tuple[int, str, str]]]) -> None:
    folder, run = unprivileged
    (folder / "Share").mkdir()
    assert run("scan", "run", "Share")[0] == 0
    before = content(folder)
    for path in (folder / "ledger.db", folder):
        path.chmod(0o555)
    for command in (("scan", "run", "Share"), ("report", "--out", "new.html"), ("scan", "report")):
        check_refusal(Finished(*run(*command, "--json")))
    check_refusal(Finished(*run("estate", "generate", "new", "--files", "150", "--json")))
    init = Finished(*run("init", "new"))
    assert init.code == 1 and "new: Permission denied" in init.stderr and "hint:  make it yours" in init.stderr
    folder.chmod(0o777)
    assert content(folder) == before
