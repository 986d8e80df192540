"""The ledger in a file: what only a file can suffer, and ledgers as older versions left them."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from spmigrate.errors import LedgerError
from spmigrate.store import sites, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.schema import MIGRATIONS

SOURCE = "INSERT INTO source(name, kind, root) VALUES(?, 'folder', '/x')"


def names(ledger: Ledger) -> list[str]:
    return [row["name"] for row in ledger.rows("SELECT name FROM source ORDER BY id")]


@pytest.mark.parametrize("table", ["signoff", "change", "outcome_event"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at='x'", "DELETE FROM {}"])
def test_evidence_cannot_be_altered(tmp_path: Path, table: str, statement: str) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.execute("PRAGMA foreign_keys=OFF")
        columns = [row for row in ledger.rows(f"PRAGMA table_info({table})") if row["notnull"] and not row["pk"]]
        listed, marks = ",".join(row["name"] for row in columns), ",".join("?" * len(columns))
        special = {"event": "intended", "previous": "0" * 64}
        values = [special.get(row["name"], 1) for row in columns]
        ledger.insert(f"INSERT INTO {table}({listed}) VALUES({marks})", values)
        with pytest.raises(sqlite3.IntegrityError, match="evidence"):
            ledger.execute(statement.format(table))


def test_lock_ends_with_its_process_however_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    script = (
        "import sys, time; from pathlib import Path; from spmigrate.store.ledger import Ledger\n"
        f"ledger = Ledger(Path({str(path)!r}))\n"
        "with ledger.run_lock('wave run'):\n"
        "    ledger.insert(\"INSERT INTO source(name, kind, root) VALUES('kept', 'folder', '/')\")\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with Ledger(path) as ledger:
            with pytest.raises(LedgerError, match="wave run"), ledger.run_lock("mine"):
                pass
            os.kill(other.pid, signal.SIGKILL)
            other.wait(10)
            with ledger.run_lock("mine"):
                assert names(ledger) == ["kept"]


def test_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"This is a letter, not a database." * 100)
    with pytest.raises(LedgerError, match=r"ledger\.db") as raised:
        Ledger(path)
    assert raised.value.hint
    assert path.read_bytes().startswith(b"This is a letter")


def test_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger(tmp_path / "gone" / "ledger.db")


def test_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(LedgerError, match="newer version") as raised:
        Ledger(path)
    assert "upgrade" in str(raised.value.hint)


def test_full_disk_says_so(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        pages = ledger.one("PRAGMA page_count")
        assert pages
        ledger.execute(f"PRAGMA max_page_count={pages[0]}")
        with pytest.raises(LedgerError, match="disk is full"):
            ledger.execute_many(SOURCE, ([f"{n}" * 500] for n in range(2000)))
        assert names(ledger) == []
        ledger.execute("PRAGMA max_page_count=100000")
        ledger.insert(SOURCE, ["room again"])
        assert names(ledger) == ["room again"]


def older(path: Path, migrations: int, script: str) -> None:
    """A ledger as it was after so many migrations, with what `script` put into it."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"{''.join(MIGRATIONS[:migrations])}; PRAGMA user_version={migrations}; {script}")


def test_links_recorded_under_their_older_name_are_known_by_the_present_one(tmp_path: Path) -> None:
    row = """'/sites/a', 'quick launch link', 'quick launch//home', '{"address": "/"}', ''"""
    older(tmp_path / "ledger.db", 3, f"INSERT INTO site_part VALUES({row})")
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert sites.parts(ledger, "/sites/a") == {("link", "quick launch//home"): {"address": "/"}}


def test_inventory_of_an_older_ledger_keeps_its_items_and_all_that_refers_to_them(tmp_path: Path) -> None:
    older(
        tmp_path / "ledger.db",
        4,
        """
        INSERT INTO source VALUES(1, 'S', 'folder', '/s', 2);
        INSERT INTO scan(id, source_id, started, state) VALUES(1, 1, '', 'complete'), (2, 1, '', 'complete');
        INSERT INTO folder(id, source_id, path, raw, state, scan_id) VALUES(1, 1, '', x'', 'seen', 2);
        INSERT INTO item(id, source_id, folder_id, name, raw, kind, size, modified_ns, scan_id)
          VALUES(7, 1, 1, 'café.txt', CAST('café.txt' AS BLOB), 'file', 3, 4, 2),
                (9, 1, 1, 'caf�', x'636166e9', 'file', 3, 4, 1);
        INSERT INTO finding(scan_id, code, severity, folder_id, item_id, treatment, message)
          VALUES(2, 'OLD', 'info', 1, 9, 'note', '')""",
    )
    with Ledger(tmp_path / "ledger.db") as ledger:
        items = [tuple(row) for row in ledger.rows("SELECT id, name, raw, gone_scan, first_scan FROM item ORDER BY id")]
        assert items == [(7, "café.txt", "café.txt".encode(), None, 0), (9, "caf�", b"caf\xe9", 0, 0)]
        assert list(ledger.rows("PRAGMA foreign_key_check")) == []
        with pytest.raises(sqlite3.IntegrityError):
            ledger.execute("DELETE FROM item WHERE id = 9")


def test_waves_of_an_older_ledger_keep_their_batches_and_scope(tmp_path: Path) -> None:
    older(
        tmp_path / "ledger.db",
        9,
        """
        INSERT INTO source VALUES(1, 'S', 'folder', '/s', 1);
        INSERT INTO scan(id, source_id, started, state) VALUES(1, 1, '', 'complete');
        INSERT INTO folder(id, source_id, path, raw, state, scan_id) VALUES(1, 1, '', x'', 'seen', 1);
        INSERT INTO item(id, source_id, folder_id, name, kind, size, modified_ns, scan_id)
          VALUES(1, 1, 1, 'a', 'file', 3, 4, 1);
        INSERT INTO sheet(id, source_id, scan_id, version, issue_key, file, owner, state, issued, basis)
          VALUES('h', 1, 1, 1, '', '', '', '', '', '{}');
        INSERT INTO mapping_row(row_id, sheet_id, position, folder_id, scope, identity)
          VALUES('r', 'h', 0, 1, 'tree', '');
        INSERT INTO wave VALUES(5, 'pilot', 1, 'running', '', 't', NULL);
        INSERT INTO wave_folder VALUES(5, 1, 'r', 'seen', 1, 3, NULL);
        INSERT INTO batch(id, wave_id, round, route, why, site, library, state, items, bytes)
          VALUES(6, 5, 1, 'session', '', '/sites/a', 'L', 'leased', 1, 3);
        INSERT INTO transfer(id, wave_id, round, item_id, row_id, batch_id, size, modified_ns, state)
          VALUES(7, 5, 1, 1, 'r', 6, 3, 4, 'copying')""",
    )
    with Ledger(tmp_path / "ledger.db") as ledger:
        pilot = waves.get(ledger, "pilot")
        assert waves.standing(ledger, pilot).accounting.source.items == waves.standing(ledger, pilot).open.items == 1
        found = ledger.one("SELECT w.control, b.state, b.reach, t.action, f.round FROM wave w"
                           " JOIN batch b ON b.wave_id = w.id JOIN transfer t ON t.batch_id = b.id"
                           " JOIN wave_folder f ON f.wave_id = w.id")  # fmt: skip
        assert found is not None
        assert tuple(found) == ("", "leased", "", "copy", 1)
        assert list(ledger.rows("PRAGMA foreign_key_check")) == []
