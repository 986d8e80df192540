"""Both homes of the ledger have the same tables and refusals, and answer the same questions alike."""

import hashlib
import re
import threading
from pathlib import Path

import psycopg
import pytest

from spmigrate.errors import LedgerError
from spmigrate.store import postgres_schema
from spmigrate.store.ledger import Forbidden, Ledger
from spmigrate.store.postgres import Postgres
from spmigrate.store.postgres_schema import references
from spmigrate.store.schema import MIGRATIONS
from tests.postgres import Databases

_TYPES = {"INTEGER": "bigint", "TEXT": "text", "BLOB": "bytea", "REAL": "double precision", "": "text"}
_PLAIN = re.compile(r'sha256\(|\)|"')
Column = tuple[str, str, str, bool]


def of_file(path: Path) -> tuple[set[Column], set[tuple[str, bool, tuple[str, ...]]], set[str]]:
    """Columns, unique keys and indexes, and triggers of a ledger in a file."""
    columns, keys = set(), set()
    with Ledger(path) as ledger:
        tables = [
            row["name"]
            for row in ledger.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        ]
        for table in tables:
            for row in ledger.rows(f"PRAGMA table_xinfo({table})"):
                required = bool(row["notnull"] or row["pk"])
                columns.add((table, row["name"], _TYPES[row["type"].split(" ")[0]], required))
            for row in list(ledger.rows(f"PRAGMA index_list({table})")):
                listed = [each["name"] for each in ledger.rows(f"PRAGMA index_info({row['name']})")]
                keys.add((table, bool(row["unique"]), tuple(listed)))
            single = [row["name"] for row in ledger.rows(f"PRAGMA table_info({table})") if row["pk"]]
            keys.add((table, True, tuple(single))) if single else None
        triggers = {row["name"] for row in ledger.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    return columns, keys, triggers


def of_database(address: str) -> tuple[set[Column], set[tuple[str, bool, tuple[str, ...]]], set[str]]:
    with Ledger(address) as ledger:
        columns = {
            (row["table_name"], row["column_name"], row["data_type"], row["is_nullable"] == "NO")
            for row in ledger.rows(
                "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND table_name <> 'ledger_version'"
            )
        }
        keys = {
            (
                row["name"],
                row["indisunique"],
                tuple(row["columns"].replace("sha256(raw)", "raw").replace('"', "").split(",")),
            )
            for row in ledger.rows(
                "SELECT c.relname AS name, i.indisunique, (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true),"
                " ',' ORDER BY n) FROM generate_series(1, i.indnkeyatts) AS columns(n)) AS columns"
                " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                " WHERE c.relnamespace = CAST(CAST(current_schema() AS regnamespace) AS oid)"
            )
        }
        triggers = {row["tgname"] for row in ledger.rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
    return columns, keys, triggers


def test_both_homes_have_the_same_columns_keys_and_triggers(tmp_path: Path, databases: Databases) -> None:
    file_columns, file_keys, file_triggers = of_file(tmp_path / "ledger.db")
    columns, keys, triggers = of_database(databases.at(tmp_path / "ledger.db"))
    assert columns == file_columns
    extra = {("folder", False, ("raw",))}  # finds a path, whose digest alone is unique
    assert keys == file_keys | extra
    assert {name for name in triggers if not name.endswith("_all")} == file_triggers
    assert {name for name in triggers if name.endswith("_all")} == {
        f"{name}_all" for name in file_triggers if name.endswith("_no_delete")
    }


def test_what_refers_to_what_is_the_same_in_both_homes(tmp_path: Path, databases: Databases) -> None:
    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger:
        found = {
            (row["name"], row["place"], row["other"])
            for row in ledger.rows(
                "SELECT c.conname AS name, CAST(CAST(c.conrelid AS regclass) AS text) AS place,"
                " CAST(CAST(c.confrelid AS regclass) AS text) AS other FROM pg_constraint c WHERE c.contype = 'f'"
            )
        }
    assert found == {(name, table, other) for name, table, _, other in references()}


@pytest.mark.parametrize("table", ["signoff", "signoff_row", "change", "outcome_event", "wave_event", "refusal"])
def test_evidence_cannot_be_emptied_either(tmp_path: Path, databases: Databases, table: str) -> None:
    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger, pytest.raises(Forbidden, match=f"{table} is evidence"):
        ledger.execute(f"TRUNCATE {table} CASCADE")


def test_checks_of_values_are_the_same(tmp_path: Path, databases: Databases) -> None:
    for where in (tmp_path / "file.db", databases.at(tmp_path / "ledger.db")):
        with Ledger(where) as ledger:
            source = ledger.insert("INSERT INTO source(name, kind, root) VALUES('S', 'folder', '/s')")
            with pytest.raises(Forbidden):
                ledger.insert("INSERT INTO scan(source_id, started, state) VALUES(?, '', 'asleep')", (source,))
            with pytest.raises(Forbidden):
                ledger.insert("INSERT INTO scan(source_id, started, state) VALUES(99, '', 'running')")
            with pytest.raises(Forbidden):
                ledger.insert("INSERT INTO wave(name, state, created, tenant) VALUES('w', 'nowhere', '', '')")


def test_an_older_ledger_in_a_database_is_brought_up_to_date(databases: Databases, tmp_path: Path) -> None:
    address = databases.server.empty()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres_schema, "MIGRATIONS", MIGRATIONS[:9])
        with Ledger(address) as ledger:
            source = ledger.insert("INSERT INTO source(name, kind, root, scan_id) VALUES('S', 'folder', '/s', 1)")
            wave = ledger.insert("INSERT INTO wave(name, state, created, tenant) VALUES('pilot', 'running', '', 't')")
            ledger.insert(
                "INSERT INTO batch(wave_id, round, route, why, site, library, state, items, bytes)"
                " VALUES(?, 1, 'session', '', '/sites/a', 'L', 'leased', 1, 3)",
                (wave,),
            )
    with Ledger(address) as ledger:
        row = ledger.one("SELECT w.name, w.control, b.reach FROM wave w JOIN batch b ON b.wave_id = w.id")
        assert row is not None
        assert tuple(row) == ("pilot", "", "")
        # Numbers go on behind those that were copied into the new table.
        assert ledger.insert("INSERT INTO wave(name, state, created, tenant) VALUES('two', 'planned', '', 't')") > wave
        with pytest.raises(Forbidden):
            ledger.execute("UPDATE batch SET wave_id = 77")
        assert ledger.insert("INSERT INTO source(name, kind, root) VALUES('T', 'folder', '/t')") > source
    assert of_database(address)[0] == of_file(tmp_path / "new.db")[0]
    databases.server.drop(address)


def test_newer_ledger_in_a_database_is_left_alone(tmp_path: Path, databases: Databases) -> None:
    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger:
        ledger.execute("UPDATE ledger_version SET version = version + 1")
    with pytest.raises(LedgerError, match="newer version"):
        Ledger(databases.at(tmp_path / "ledger.db"))


def test_names_that_are_no_text_are_kept_in_their_bytes_and_told_as_unknown(
    tmp_path: Path, databases: Databases
) -> None:
    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger:
        ledger.insert("INSERT INTO source(name, kind, root) VALUES(?, 'folder', '/')", ("a\0b\ud800c",))
        row = ledger.one("SELECT name FROM source")
        assert row is not None
        assert row["name"] == "a\ufffdb\ufffdc"
        found = ledger.rows(
            "SELECT value FROM json_each(?)", ('["\\u0000", "\\ud800", "\\\\u0000", "\\ud83d\\ude00"]',)
        )
        assert [each["value"] for each in found] == ["\ufffd", "\ufffd", "\\u0000", "😀"]


def test_a_path_longer_than_an_index_takes_is_kept_once(tmp_path: Path, databases: Databases) -> None:
    parts = [hashlib.sha512(str(number).encode()).hexdigest() for number in range(60)]  # nothing that compresses well
    raw = "/".join(parts).encode()
    add = (
        "INSERT INTO folder(source_id, path, raw, state, scan_id) VALUES(1, '', ?, 'seen', 1)"
        " ON CONFLICT(source_id, raw) DO UPDATE SET scan_id = 2"
    )
    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger:
        ledger.insert("INSERT INTO source(name, kind, root) VALUES('S', 'folder', '/')")
        ledger.execute(add, (raw,))
        ledger.execute(add, (raw,))
        rows = [tuple(row) for row in ledger.rows("SELECT scan_id FROM folder WHERE source_id = 1 AND raw = ?", (raw,))]
        assert rows == [(2,)]


def test_questions_are_asked_again_when_the_database_was_away(tmp_path: Path, databases: Databases) -> None:
    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger:
        ledger.insert("INSERT INTO source(name, kind, root) VALUES('S', 'folder', '/')")
        databases.server.stop()
        back = threading.Timer(1.0, databases.server.start)
        back.start()
        row = ledger.one("SELECT name FROM source")
        back.join()
        assert row is not None
        assert row["name"] == "S"
        ledger.execute("UPDATE source SET name = 'T'")


def test_a_transaction_that_the_database_lost_is_begun_again_as_a_whole(tmp_path: Path, databases: Databases) -> None:
    tried = []
    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger:

        def verb() -> int:
            with ledger.transaction():
                number = ledger.insert("INSERT INTO source(name, kind, root) VALUES('S', 'folder', '/')")
                tried.append(number)
                if len(tried) == 1:
                    databases.server.stop()
                    databases.server.start()
                return number

        ledger.insist(verb)
        assert len(tried) == 2
        assert len(list(ledger.rows("SELECT 1 FROM source"))) == 1


def test_whether_a_transaction_was_kept_is_looked_up_when_the_answer_was_lost(
    tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Postgres._run

    def lose_the_answer(self: Postgres, text: str, parameters: object = None) -> object:
        found = plain(self, text, parameters)  # type: ignore[arg-type]
        if text == "COMMIT":
            self._db.close()
            raise psycopg.OperationalError("the connection was lost")
        return found

    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger:
        monkeypatch.setattr(Postgres, "_run", lose_the_answer)
        ledger.execute("INSERT INTO source(name, kind, root) VALUES('S', 'folder', '/')")
        monkeypatch.undo()
        assert [row["name"] for row in ledger.rows("SELECT name FROM source")] == ["S"]


def test_rows_stream_while_others_are_written_and_memory_stays_flat(tmp_path: Path, databases: Databases) -> None:
    with Ledger(databases.at(tmp_path / "ledger.db")) as ledger:
        names = ([str(number)] for number in range(5000))
        ledger.execute_many("INSERT INTO source(name, kind, root) VALUES(?, 'folder', '/')", names)
        seen = 0
        for row in ledger.rows("SELECT id FROM source ORDER BY id", chunk=100):
            seen += 1
            if row["id"] % 1000 == 0:
                ledger.execute("UPDATE source SET kind = 'share' WHERE id = ?", (row["id"],))
        assert seen == 5000
        half_read = ledger.rows("SELECT id FROM source", chunk=10)
        next(iter(half_read))
        del half_read
        ledger.one("SELECT 1")
        assert list(ledger.rows("SELECT name FROM pg_cursors WHERE name LIKE 'stream%'", chunk=1)) != []
        list(ledger.rows("SELECT 1"))
        open_now = {row["name"] for row in ledger.rows("SELECT name FROM pg_cursors WHERE name LIKE 'stream%'")}
        assert len(open_now) == 1
