"""The ledger: nothing half written, one changing run at a time, evidence that stays."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from spmigrate.errors import LedgerError
from spmigrate.store.ledger import Ledger

pytestmark = pytest.mark.homes
SOURCE = "INSERT INTO source(name, kind, root) VALUES(?, 'folder', '/x')"


def names(ledger: Ledger) -> list[str]:
    return [row["name"] for row in ledger.rows("SELECT name FROM source ORDER BY id")]


def test_rows_survive_closing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert ledger.insert(SOURCE, ["one"]) == 1
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert names(ledger) == ["one"]


def test_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        with pytest.raises(RuntimeError), ledger.transaction():
            ledger.insert(SOURCE, ["one"])
            with ledger.transaction():
                ledger.insert(SOURCE, ["two"])
            raise RuntimeError
        assert names(ledger) == []
        ledger.insert(SOURCE, ["three"])
        assert names(ledger) == ["three"]


def test_many_rows_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        with pytest.raises(sqlite3.IntegrityError):
            ledger.execute_many(SOURCE, iter([["one"], ["two"], ["one"]]))
        assert names(ledger) == []
        ledger.execute_many(SOURCE, iter([["one"], ["two"]]))
        assert names(ledger) == ["one", "two"]


def test_rows_are_all_read_in_small_chunks(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.execute_many(SOURCE, ([str(n)] for n in range(25)))
        rows = ledger.rows("SELECT name FROM source ORDER BY id", chunk=10)
        assert [row["name"] for row in rows] == [str(n) for n in range(25)]
        assert ledger.one("SELECT name FROM source WHERE name='x'") is None
        assert ledger.execute("UPDATE source SET kind='share'") == 25


def test_threads_share_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:

        def write(thread: int) -> None:
            for n in range(20):
                with ledger.transaction():
                    ledger.insert(SOURCE, [f"{thread}-{n}"])

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(names(ledger)) == 80


def test_row_of_nothing_is_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger, pytest.raises(sqlite3.IntegrityError):
        ledger.insert("INSERT INTO scan(source_id, started, state) VALUES(99, 'x', 'running')")


def test_second_run_is_refused_at_once_and_told_who_holds_it(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as one, Ledger(tmp_path / "ledger.db") as two:
        holder = f"wave run .process {os.getpid()}"
        with one.run_lock("wave run"), pytest.raises(LedgerError, match=holder), two.run_lock("site apply"):
            pass
        with two.run_lock("site apply"):
            pass
