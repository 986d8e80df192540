"""One SQLite file holds the ledger: connection, transactions, schema versions, and the lock of a run.

The ledger is the truth about what has been done: a row is written before each remote call and after it. It must lie
on a local disk; WAL with `synchronous=FULL` keeps every committed row through SIGKILL and power loss.
"""

import os
import sqlite3
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from spmigrate.errors import LedgerError
from spmigrate.store.schema import MIGRATIONS

Row = sqlite3.Row
_BUSY_SECONDS = 60.0


class Ledger:
    """An open ledger. Safe to share between threads: one statement or transaction at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create the ledger at `path`. Raises LedgerError when it is damaged or too new."""
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        try:
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                self._db.execute(f"PRAGMA {pragma}")
            self._migrate()
            self._db.execute("PRAGMA foreign_keys=ON")  # a migration may rebuild a table that others refer to
        except sqlite3.DatabaseError as error:
            raise _trouble(path, error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. The ledger cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Nested transactions join the outer one."""
        with self._lock:
            if self._depth:
                yield
                return
            self.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # SQLite has rolled back by itself when the disk is full
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> int:
        """Run one statement; returns the number of rows it changed."""
        with self._lock, self._translated():
            return self._db.execute(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> int:
        """Run one INSERT; returns the id of the new row."""
        with self._lock, self._translated():
            return self._db.execute(sql, parameters).lastrowid or 0

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any] | dict[str, Any]]) -> None:
        """Run one statement for every row, streaming, in one transaction."""
        with self.transaction(), self._translated():
            self._db.executemany(sql, rows)

    def one(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        """The first row, or None."""
        with self._lock, self._translated():
            row: Row | None = self._db.execute(sql, parameters).fetchone()
            return row

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = (), *, chunk: int = 2000) -> Iterator[Row]:
        """All rows, fetched in chunks, so that memory stays flat."""
        with self._lock, self._translated():
            cursor = self._db.execute(sql, parameters)
        while True:
            with self._lock, self._translated():
                found = cursor.fetchmany(chunk)
            if not found:
                return
            yield from found

    @contextmanager
    def run_lock(self, purpose: str) -> Iterator[None]:
        """Hold the ledger for one changing run at a time; a second run fails at once instead of waiting.

        The lock belongs to the process and ends with it, however it ends.
        """
        path = self.path.with_name(self.path.name + ".lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not _try_lock(descriptor):
                holder = os.read(descriptor, 200).decode("utf-8", "replace").strip() or "another run"
                raise LedgerError(
                    f"{self.path} is in use: {holder}", hint="wait for it to finish, or stop it, then run this again"
                )
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{purpose} (process {os.getpid()})".encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def _migrate(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise LedgerError(
                f"{self.path} was written by a newer version of spmigrate",
                hint="upgrade with: pip install --upgrade spmigrate",
            )
        for number in range(version, len(MIGRATIONS)):
            with self.transaction():
                # Another process may have done it while this one waited for the lock.
                if self._db.execute("PRAGMA user_version").fetchone()[0] > number:
                    continue
                for statement in _statements(MIGRATIONS[number]):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={number + 1}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            raise _trouble(self.path, error) from None


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, triggers with their inner semicolons included."""
    pending = ""
    for piece in script.split(";"):
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def _trouble(path: Path, error: sqlite3.Error) -> LedgerError:
    text = str(error)
    if "disk is full" in text or "disk I/O" in text:
        return LedgerError(f"{path}: the disk is full", hint="free some space, then run the same command again")
    if "locked" in text:
        return LedgerError(f"{path} is in use by another program", hint="close it, then run the same command again")
    if "unable to open" in text or "readonly" in text:
        return LedgerError(f"{path} cannot be opened for writing", hint="check that the folder exists and is yours")
    return LedgerError(f"{path} is not a readable ledger: {text}", hint="restore it from a backup")


def _try_lock(descriptor: int) -> bool:
    """Take the whole-file lock of the operating system without waiting."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
