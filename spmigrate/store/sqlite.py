"""The ledger's home on one machine: a SQLite file. WAL with `synchronous=FULL` keeps what was committed."""

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spmigrate.errors import LedgerError
from spmigrate.store.schema import MIGRATIONS

_BUSY_SECONDS = 60.0
_CACHE = "cache_size=-8000"
"""Kilobytes, which hold what a scan writes in one transaction: pages that do not fit are written twice."""

Parameters = Sequence[Any] | dict[str, Any]


class SQLite:
    """An open file. Its caller sees to it that one thread at a time is in here."""

    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises LedgerError when it is damaged or too new."""
        self.path = path
        self.name = str(path)
        try:
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL", _CACHE):
                self._db.execute(f"PRAGMA {pragma}")
            self._migrate()
            self._db.execute("PRAGMA foreign_keys=ON")  # a migration may rebuild a table that others refer to
        except sqlite3.DatabaseError as error:
            raise _trouble(path, error) from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(self, *, alone: bool) -> None:  # noqa: ARG002 - the other home makes a difference
        """Begin a transaction. A SQLite file has one that writes at a time, so every one is alone."""
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what was written since."""
        self.execute("COMMIT")

    def roll_back(self) -> None:
        """Forget what was written since."""
        if self._db.in_transaction:  # SQLite has rolled back by itself when the disk is full
            self._db.execute("ROLLBACK")

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement; returns the number of rows it changed."""
        with self._translated():
            return self._db.execute(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Parameters) -> int:
        """Run one INSERT; returns the id of the new row."""
        with self._translated():
            return self._db.execute(sql, parameters).lastrowid or 0

    def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run one statement for every row."""
        with self._translated():
            self._db.executemany(sql, rows)

    def one(self, sql: str, parameters: Parameters) -> Any:
        """The first row, or None."""
        with self._translated():
            return self._db.execute(sql, parameters).fetchone()

    def rows(self, sql: str, parameters: Parameters, chunk: int) -> Callable[[], Sequence[Any]]:
        """Ask a question; what is returned fetches the next rows each time, none at the end."""
        with self._translated():
            cursor = self._db.execute(sql, parameters)

        def fetch() -> Sequence[Any]:
            with self._translated():
                return cursor.fetchmany(chunk)

        return fetch

    def moment(self) -> float:
        """The time by this machine's clock, in seconds since 1970."""
        return time.time()

    @contextmanager
    def hold(self, purpose: str) -> Iterator[None]:
        """Hold the file for one run, by a lock that ends with the process, however it ends. Raises LedgerError."""
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
            raise too_new(self.name)
        for number in range(version, len(MIGRATIONS)):
            self.begin(alone=True)
            try:
                self._apply(number)
                self.commit()
            except BaseException:
                self.roll_back()
                raise

    def _apply(self, number: int) -> None:
        # Another process may have done it while this one waited for the lock.
        if self._db.execute("PRAGMA user_version").fetchone()[0] > number:
            return
        for statement in statements(MIGRATIONS[number]):
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


def statements(script: str) -> Iterator[str]:
    """The statements of a script, triggers with their inner semicolons included."""
    pending = ""
    for piece in script.split(";"):
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def too_new(name: str) -> LedgerError:
    """What is wrong with a ledger that has seen migrations which this program does not know."""
    return LedgerError(
        f"{name} was written by a newer version of spmigrate", hint="upgrade with: pip install --upgrade spmigrate"
    )


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
