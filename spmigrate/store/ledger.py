"""The ledger: one interface, and two homes for it, a SQLite file (`sqlite.py`) and PostgreSQL (`postgres.py`).

The ledger is the truth about what has been done: a row is written before each remote call and after it. Its SQL is
SQLite's; `dialect.py` puts it in PostgreSQL's words.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar, overload

from spmigrate.errors import LedgerError

Parameters = Sequence[Any] | dict[str, Any]
Forbidden = sqlite3.IntegrityError
"""What a constraint or the evidence does not allow raises this, the standard library's exception, in both homes."""
_T = TypeVar("_T")


class LedgerAway(LedgerError):
    """The database went away before a transaction was kept; nothing of it is written."""


class Row(Protocol):
    """A row of an answer: values by place and by name."""

    @overload
    def __getitem__(self, key: int | str, /) -> Any: ...
    @overload
    def __getitem__(self, key: slice, /) -> tuple[Any, ...]: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> list[str]:
        """The names of the values, in order."""


class Home(Protocol):
    """Where a ledger lies. One thread at a time is in here."""

    name: str

    def close(self) -> None: ...
    def begin(self, *, alone: bool) -> None: ...
    def commit(self) -> None: ...
    def roll_back(self) -> None: ...
    def execute(self, sql: str, parameters: Parameters = ()) -> int: ...
    def insert(self, sql: str, parameters: Parameters) -> int: ...
    def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None: ...
    def one(self, sql: str, parameters: Parameters) -> Row | None: ...
    def rows(self, sql: str, parameters: Parameters, chunk: int) -> Callable[[], Sequence[Row]]: ...
    def moment(self) -> float: ...
    def hold(self, purpose: str) -> AbstractContextManager[None]: ...


class Ledger:
    """An open ledger. Safe to share between threads: one statement or transaction at a time."""

    def __init__(self, where: Path | str) -> None:
        """Open or create the ledger in a file, or at a `postgresql://` address.

        Raises LedgerError when it is damaged, too new or out of reach.
        """
        self._lock = threading.RLock()
        self._depth = 0
        self._alone = True
        self._home = home_at(where)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The ledger as messages name it."""
        return self._home.name

    def close(self) -> None:
        """Close it. The ledger cannot be used afterwards."""
        with self._lock:
            self._home.close()

    @contextmanager
    def transaction(self, *, alone: bool = True) -> Iterator[None]:
        """All or nothing. Nested transactions join the outer one.

        `alone`: nobody else writes meanwhile, so that what was read still holds when it is written. Without it, in
        PostgreSQL, other machines may write at the same time: for what is fenced by a token in its own rows.
        """
        with self._lock:
            if self._depth:
                assert self._alone or not alone, "a transaction among others holds none that must be alone"
                yield
                return
            self._home.begin(alone=alone)
            self._depth, self._alone = 1, alone
            try:
                yield
                self._home.commit()
            except BaseException:
                self._home.roll_back()
                raise
            finally:
                self._depth = 0

    def insist(self, verb: Callable[[], _T]) -> _T:
        """Run a verb; once more from its beginning when the database went away before anything of it was written."""
        for _ in range(_PATIENCE):
            try:
                return verb()
            except LedgerAway:
                if self._depth:
                    raise
        return verb()

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement; returns the number of rows it changed."""
        with self._lock:
            return self._home.execute(sql, parameters)

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one INSERT; returns the id of the new row."""
        with self._lock:
            return self._home.insert(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run one statement for every row, streaming, in one transaction."""
        with self.transaction(alone=self._depth == 0 or self._alone):
            self._home.execute_many(sql, rows)

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row, or None."""
        with self._lock:
            return self._home.one(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = (), *, chunk: int = 2000) -> Iterator[Row]:
        """All rows, fetched in chunks, so that memory stays flat."""
        with self._lock:
            fetch = self._home.rows(sql, parameters, chunk)
        while True:
            with self._lock:
                found = fetch()
            if not found:
                return
            yield from found

    def moment(self) -> float:
        """The time by the ledger's own clock, in seconds since 1970: the same on all machines that share it."""
        with self._lock:
            return self._home.moment()

    @contextmanager
    def run_lock(self, purpose: str) -> Iterator[None]:
        """Hold the ledger for one changing run at a time; a second run fails at once instead of waiting.

        The lock ends with the process, however it ends.
        """
        with self._home.hold(purpose):
            yield


_PATIENCE = 5
"""How often a verb is begun again; each time the database has come back first."""


def home_at(where: Path | str) -> Home:
    """The home of the ledger at a path or an address. Raises LedgerError."""
    if isinstance(where, Path):
        from spmigrate.store.sqlite import SQLite

        return SQLite(where)
    from spmigrate.store.postgres import Postgres

    return Postgres(where)
