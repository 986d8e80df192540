"""What every refusal has in common, checked through the real command line."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.conftest import Finished

Run = Callable[..., Finished]
_OF_SQLITE = ("-wal", "-shm", ".lock")


def refused(spmigrate: Run, *arguments: object, code: int = 1, **options: Any) -> Finished:
    """Run a command that must be refused, with --json: words on stderr, one document on stdout, no fault of ours."""
    done = spmigrate(*arguments, "--json", **options)
    check_refusal(done, code)
    return done


def check_refusal(done: Finished, code: int = 1) -> None:
    """The form of a refusal: what is wrong and what to type, for people and for machines, and never a traceback."""
    assert done.code == code, done
    assert "\nerror: " in "\n" + done.stderr, done
    assert "\nhint:  " in done.stderr, done
    assert "Traceback" not in done.stderr, done
    assert "fault in spmigrate" not in done.stderr, done
    error = done.json["error"]
    assert set(error) == {"message", "hint", "problems"}
    assert f"error: {error['message']}" in done.stderr
    assert f"hint:  {error['hint']}" in done.stderr


def content(folder: Path) -> dict[str, bytes | str]:
    """Every file below a folder; the ledger by its rows, since opening it may change its bytes. What was spent of the
    budget is no content."""
    return {
        str(path.relative_to(folder)): _rows(path) if path.name == "ledger.db" else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(_OF_SQLITE) and path.name != "pacing.db"
    }


def edit(path: Path, old: str, new: str) -> int:
    """Replace a text that must be there, once; returns its line, so that tests do not count lines of shipped files."""
    text = path.read_text("utf-8")
    before, found, after = text.partition(old)
    assert found
    path.write_text(before + new + after, "utf-8")
    return before.count("\n") + 1


def _rows(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(database.iterdump())
