"""The budget of an app id where machines share one: a row in the ledger's database, changed under its lock.

It has a connection of its own, and waits for no transaction of the ledger: pacing must not stand still while a wave is
planned. As with the file, losing a count harms nobody, so that a lost connection is made again and the change repeated.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg

from spmigrate.errors import LedgerError
from spmigrate.store.postgres import connect

T = TypeVar("T")

_READ = b"SELECT account, CAST(extract(epoch FROM clock_timestamp()) AS float8) FROM pacing WHERE app = %s"
_LOCKED = _READ + b" FOR UPDATE"
_ENTER = b"INSERT INTO pacing(app, account) VALUES(%s, '') ON CONFLICT (app) DO NOTHING"
_WRITE = b"UPDATE pacing SET account = %s WHERE app = %s"
_MOMENT = b"SELECT CAST(extract(epoch FROM clock_timestamp()) AS float8)"
_STAMP = b"SELECT string_agg(CAST(xmin AS text), ' ' ORDER BY app) FROM pacing"
_STAMP_SECONDS = 0.1
"""How long it is believed that nobody changed an account: a question for every request would double its time."""
_TRIES = 60


class TableShelf:
    """Accounts in the ledger's database. Its clock is the database's."""

    def __init__(self, address: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Connect. The ledger has been opened before, so that the table is there. Raises LedgerError."""
        self._address = address
        self._sleep = sleep
        self._lock = threading.Lock()
        self._db = connect(address)
        self._stamp: object = None
        self._stamped = float("-inf")

    def __del__(self) -> None:
        if hasattr(self, "_db"):
            self._db.close()

    def change(self, app: str, act: Callable[[str | None, float], tuple[str, T]]) -> T:
        """Change an account under the lock of its row. Raises LedgerError."""

        def run() -> T:
            with self._db.transaction():
                row = self._db.execute(_LOCKED, (app,)).fetchone()
                if row is None:
                    self._db.execute(_ENTER, (app,))
                    row = self._db.execute(_LOCKED, (app,)).fetchone()
                assert row is not None
                text, answer = act(row[0] or None, row[1])
                self._db.execute(_WRITE, (text, app))
            self._stamped = float("-inf")
            return answer

        return self._again(run)

    def read(self, app: str) -> tuple[str | None, float]:
        """An account and the moment. Raises LedgerError."""

        def run() -> tuple[str | None, float]:
            row = self._db.execute(_READ, (app,)).fetchone()
            if row is None:
                return None, float(self._one(_MOMENT))
            return row[0] or None, row[1]

        return self._again(run)

    def stamp(self) -> object:
        """What other programs' changes alter; it may be a tenth of a second old. Raises LedgerError."""
        now = time.monotonic()
        if now - self._stamped > _STAMP_SECONDS:
            self._stamp = self._again(lambda: self._one(_STAMP))
            self._stamped = now
        return self._stamp

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._db.close()

    def _one(self, sql: bytes) -> Any:
        row = self._db.execute(sql).fetchone()
        return None if row is None else row[0]

    def _again(self, work: Callable[[], T]) -> T:
        with self._lock:
            for _ in range(_TRIES):
                try:
                    if self._db.closed:
                        self._db = connect(self._address)
                    return work()
                except (psycopg.OperationalError, psycopg.InterfaceError, LedgerError):
                    self._sleep(1.0)
            raise LedgerError(
                "the budget in the ledger's database is out of reach",
                hint="see that the database runs, then run the same command again",
            )
