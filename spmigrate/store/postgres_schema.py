"""The tables of the ledger in a PostgreSQL database: the migrations of `schema.py`, translated, one after the other.

`ledger_version` counts them. Keys that refer to other tables are those that the same migrations make in SQLite.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import psycopg

from spmigrate.errors import LedgerError
from spmigrate.store.dialect_schema import FUNCTIONS, statements
from spmigrate.store.schema import MIGRATIONS
from spmigrate.store.sqlite import statements as parts
from spmigrate.store.sqlite import too_new

_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name"
_KEYS = (
    "SELECT c.conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace"
    " WHERE n.nspname = current_schema() AND c.contype = 'f'"
)
_NUMBERED = (
    "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " WHERE a.attidentity <> '' AND c.relnamespace = CAST(CAST(current_schema() AS regnamespace) AS oid)"
)


def bring_up_to_date(database: psycopg.Connection[Any], name: str) -> None:
    """Run the migrations that a database has not seen. Raises LedgerError when it has seen others."""
    version = _version(database)
    if version > len(MIGRATIONS):
        raise too_new(name)
    if version == len(MIGRATIONS):
        return
    encoding = _all(database, "SHOW server_encoding")[0][0]
    if encoding != "UTF8":
        raise LedgerError(f"{name} is a database in {encoding}", hint="make one with: createdb --encoding=UTF8")
    database.execute("BEGIN")
    try:
        # Another process may be at it: whoever comes second finds it done.
        database.execute("SELECT pg_advisory_xact_lock(hashtext('spmigrate ' || current_schema()), 3)")
        version = _version(database)
        if version < len(MIGRATIONS):
            _migrate(database, MIGRATIONS[version:])
            database.execute("CREATE TABLE IF NOT EXISTS ledger_version(version bigint NOT NULL)")
            database.execute("DELETE FROM ledger_version")
            database.execute(f"INSERT INTO ledger_version VALUES({len(MIGRATIONS)})")
        database.execute("COMMIT")
    except BaseException:
        if not database.closed:
            database.execute("ROLLBACK")
        raise


def _version(database: psycopg.Connection[Any]) -> int:
    if _all(database, "SELECT to_regclass('ledger_version') IS NULL")[0][0]:
        return 0
    return int(_all(database, "SELECT coalesce(max(version), 0) FROM ledger_version")[0][0])


def _migrate(database: psycopg.Connection[Any], scripts: Sequence[str]) -> None:
    for function in FUNCTIONS:
        database.execute(function)
    for script in scripts:
        for part in parts(script):
            for statement in statements(part):
                database.execute(statement.encode())
    for table, column in _all(database, _NUMBERED):
        database.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table}"  # noqa: S608 - ours
            " HAVING max(id) IS NOT NULL".replace("max(id)", f"max({column})")
        )
    _refer(database)


def _refer(database: psycopg.Connection[Any]) -> None:
    """Put those keys in place that are not there yet."""
    there = {row[0] for row in _all(database, _KEYS)}
    for name, table, column, other in references():
        if name not in there:
            database.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {other}".encode()
            )


def references() -> list[tuple[str, str, str, str]]:
    """The keys that refer to other tables: a name for each, its table and column, and the table that it refers to."""
    with closing(sqlite3.connect(":memory:")) as memory:
        for script in MIGRATIONS:
            memory.executescript(script)
        tables = [row[0] for row in memory.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]
        return [
            (f"{table}_{row[3]}_refers", table, row[3], row[2])
            for table in tables
            for row in memory.execute(f"PRAGMA foreign_key_list({table})")
        ]


def _all(database: psycopg.Connection[Any], sql: str) -> list[Any]:
    return database.execute(sql.encode()).fetchall()
