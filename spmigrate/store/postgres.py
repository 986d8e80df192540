"""The ledger's home for several machines: a PostgreSQL database, by the same SQL (`dialect.py`).

Transactions that must be alone hold one advisory lock, as a SQLite file does by itself; those that are fenced by the
token of a lease run beside each other. Rows are read through cursors of the server, so that memory stays flat. When
the server restarts, questions are asked again; whether a transaction was kept is looked up by its number.
"""

import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, TypeVar

import psycopg

from spmigrate.errors import LedgerError
from spmigrate.store import postgres_schema
from spmigrate.store.dialect import Statement
from spmigrate.store.dialect import statement as translate
from spmigrate.store.dialect_schema import temporary
from spmigrate.store.ledger import Forbidden, LedgerAway, Parameters, Row
from spmigrate.store.postgres_values import adapt, keepable_json, row_factory

_SETTINGS = {
    "jit": "off",
    "cursor_tuple_fraction": "1.0",  # cursors are read to their end
    "lock_timeout": "600s",
    "idle_in_transaction_session_timeout": "60s",  # a stopped process keeps others waiting no longer than a lease
    "tcp_keepalives_idle": "30",
    "client_min_messages": "warning",
}
_WRITING, _RUNNING = 1, 2
LOCK = "hashtext('spmigrate ' || current_schema())"
"""The first number of every advisory lock of this ledger."""
_HOLDER = (
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objid = %s AND l.objsubid = 2"
)
_BACK_SECONDS = 120.0
"""How long a server that went away is waited for."""
_AT_ONCE = 1000
_T = TypeVar("_T")


class Postgres:
    """A connection to the database, made again when it is lost. One thread at a time is in here."""

    def __init__(self, address: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Connect, and bring the tables up to date. Raises LedgerError."""
        self._address = address
        self._sleep = sleep
        self._inside = False
        self._streams = 0
        self._ended: list[str] = []
        self._lock: _RunLock | None = None
        self._db = connect(address)
        self.name = f"the ledger {self._db.info.dbname} on {self._db.info.host}"
        try:
            with self._told():
                postgres_schema.bring_up_to_date(self._db, self.name)
        except BaseException:
            self.close()
            raise

    def __del__(self) -> None:
        if hasattr(self, "_db"):
            self.close()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def begin(self, *, alone: bool) -> None:
        """Begin a transaction: alone, or beside others that are not alone either."""
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        self._again(lambda: self._run(f"BEGIN; SELECT {lock}({LOCK}, {_WRITING})"))
        self._inside = True

    def commit(self) -> None:
        """Keep what was written since. When the server goes away meanwhile, it is asked later what became of it."""
        number = self._within(lambda: self._scalar("SELECT CAST(pg_current_xact_id_if_assigned() AS text)"))
        self._inside = False
        try:
            self._within(lambda: self._run("COMMIT"))
        except LedgerAway:
            if number is not None and not self._was_kept(number):
                raise

    def _was_kept(self, number: str) -> bool:
        asked = "SELECT pg_xact_status(CAST(%s AS xid8))"
        return bool(self._again(lambda: self._scalar(asked, (number,))) == "committed")

    def roll_back(self) -> None:
        """Forget what was written since."""
        self._inside = False
        self._ended.clear()  # streams that were opened within have gone with it
        with suppress(psycopg.Error):
            if self._db.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
                self._run("ROLLBACK")

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement; returns the number of rows it changed."""
        if sql.lstrip()[:7].upper() == "CREATE ":
            text = temporary(sql)
            return self._written(lambda: self._run(text, parameters).rowcount)
        found = translate(sql)
        return self._written(lambda: self._run(found.text, _given(found, parameters)).rowcount)

    def insert(self, sql: str, parameters: Parameters) -> int:
        """Run one INSERT; returns the id of the new row, 0 where there is none."""
        found = translate(sql)
        row = self._written(lambda: self._run(f"{found.text} RETURNING id", _given(found, parameters)).fetchone())
        return int(row[0]) if row else 0

    def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run one statement for every row, many on their way at once. Only within a transaction."""
        found = translate(sql)
        given = (_given(found, each) for each in rows)
        with psycopg.Cursor(self._db) as cursor:
            while some := list(islice(given, _AT_ONCE)):
                with self._told():
                    cursor.executemany(found.text.encode(), some)

    def one(self, sql: str, parameters: Parameters) -> Row | None:
        """The first row, or None."""
        found = translate(sql)
        row: Row | None = self._asked(lambda: self._run(found.first, _given(found, parameters)).fetchone())
        return row

    def rows(self, sql: str, parameters: Parameters, chunk: int) -> Callable[[], Sequence[Row]]:
        """Ask a question; what is returned fetches the next rows each time, none at the end."""
        found = translate(sql)
        given = _given(found, parameters)
        if not found.reads:
            whole = [self._written(lambda: self._run(found.text, given).fetchall())]
            return lambda: whole.pop() if whole else []
        return _Stream(self, found.text, given, chunk)

    def open_stream(self, text: str, given: Parameters, chunk: int) -> tuple[str, list[Row]]:
        """Open a cursor at the server and fetch its first rows; returns its name and them."""
        self._streams += 1
        name = f"stream_{self._streams}"
        declared = f"DECLARE {name} NO SCROLL CURSOR WITH HOLD FOR {text}; FETCH {chunk} FROM {name}"

        def run() -> list[Row]:
            ended = "".join(f"CLOSE {each}; " for each in self._ended)
            self._ended.clear()
            cursor = self._run(ended + declared, given)
            while cursor.nextset():
                pass
            return cursor.fetchall()

        return name, self._asked(run)

    def next_of_stream(self, name: str, chunk: int) -> list[Row]:
        """The next rows of a cursor. Raises LedgerAway when the server restarted since: it is gone then."""
        return self._within(lambda: self._run(f"FETCH {chunk} FROM {name}").fetchall())

    def end_stream(self, name: str) -> None:
        """Close a cursor, with the next question."""
        self._ended.append(name)

    def moment(self) -> float:
        """The time by the server's clock, in seconds since 1970."""
        return float(self._asked(lambda: self._scalar("SELECT CAST(extract(epoch FROM clock_timestamp()) AS float8)")))

    @contextmanager
    def hold(self, purpose: str) -> Iterator[None]:
        """Hold the ledger for one run, by a lock that ends with its connection. Raises LedgerError."""
        self._lock = _RunLock(self._address, purpose, self.name)
        try:
            yield
        finally:
            self._lock.close()
            self._lock = None

    def _run(self, text: str, parameters: Parameters | None = None) -> psycopg.Cursor[Any]:
        return self._db.execute(text.encode(), parameters)

    def _scalar(self, text: str, parameters: Parameters = ()) -> Any:
        row = self._run(text, parameters).fetchone()
        return None if row is None else row[0]

    def _asked(self, work: Callable[[], _T]) -> _T:
        return self._within(work) if self._inside else self._again(work)

    def _written(self, work: Callable[[], _T]) -> _T:
        """A statement on its own is a transaction of its own, which is begun again when it was not kept."""
        if self._inside:
            return self._within(work)
        while True:
            self.begin(alone=True)
            try:
                found = self._within(work)
                self.commit()
            except LedgerAway:
                self.roll_back()
            except BaseException:
                self.roll_back()
                raise
            else:
                return found

    def _within(self, work: Callable[[], _T]) -> _T:
        with self._told():
            return work()

    def _again(self, work: Callable[[], _T]) -> _T:
        """Do what can be done twice, waiting for a server that went away."""
        until = time.monotonic() + _BACK_SECONDS
        while True:
            try:
                if self._db.closed:
                    self._connect_again()
                return self._within(work)
            except LedgerAway:
                if time.monotonic() > until:
                    raise
                self._sleep(0.5)

    def _connect_again(self) -> None:
        self._ended.clear()
        self._db = connect(self._address)
        if self._lock is not None:
            self._lock.take_again()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.IntegrityError as error:
            raise Forbidden(str(error).partition("\n")[0]) from None
        except psycopg.ProgrammingError:
            raise
        except psycopg.Error as error:
            if self._db.closed:
                raise LedgerAway(
                    f"{self.name} is out of reach", hint="see that the database runs, then run the same command again"
                ) from None
            raise _trouble(self.name, error) from None


class _Stream:
    """The rows of one question, a chunk at each call."""

    def __init__(self, home: Postgres, text: str, given: Parameters, chunk: int) -> None:
        self._home = home
        self._chunk = chunk
        self._ended = False
        self._name, self._first = home.open_stream(text, given, chunk)
        self._more = len(self._first) == chunk

    def __call__(self) -> Sequence[Row]:
        if self._first:
            first, self._first = self._first, []
            return first
        found = self._home.next_of_stream(self._name, self._chunk) if self._more else []
        self._more = len(found) == self._chunk
        if not self._more:
            self._end()
        return found

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._home.end_stream(self._name)

    def __del__(self) -> None:
        if hasattr(self, "_name"):
            self._end()


class _RunLock:
    """A connection that holds the lock of runs, under a name that tells who it is."""

    def __init__(self, address: str, purpose: str, name: str) -> None:
        self._address = address
        self._holder = f"{purpose} (process {os.getpid()} on {socket.gethostname()})"
        self._name = name
        self._take()

    def take_again(self) -> None:
        """Take it again after the server restarted. Raises LedgerError when another run was faster."""
        if self._db.closed or _lost(self._db):
            self._take()

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def _take(self) -> None:
        self._db = connect(self._address, holder=self._holder)
        taken = self._db.execute(f"SELECT pg_try_advisory_lock({LOCK}, {_RUNNING})".encode()).fetchone()
        if taken is None or not taken[0]:
            other = self._db.execute(_HOLDER.encode(), (_RUNNING,)).fetchone()
            self._db.close()
            raise LedgerError(
                f"{self._name} is in use: {other[0] if other else 'another run'}",
                hint="wait for it to finish, or stop it, then run this again",
            )


def _lost(connection: psycopg.Connection[Any]) -> bool:
    try:
        connection.execute(b"SELECT 1")
    except psycopg.Error:
        return True
    return False


def connect(address: str, *, holder: str = "") -> psycopg.Connection[Any]:
    """A connection as the ledger uses it; `holder` is how others see it. Raises LedgerAway."""
    try:
        connection: psycopg.Connection[Any] = psycopg.connect(
            address, autocommit=True, cursor_factory=psycopg.ClientCursor, row_factory=row_factory,
            connect_timeout=10, application_name=(holder or f"spmigrate (process {os.getpid()})")[:63],
        )  # fmt: skip
        settings = "; ".join(f"SET {name} = '{value}'" for name, value in _SETTINGS.items())
        connection.execute(settings.encode())
    except psycopg.Error as error:
        raise LedgerAway(
            f"the ledger's database cannot be reached: {_first_line(error)}",
            hint="see `ledger:` in spmigrate.yaml; a password comes from PGPASSWORD or PGPASSFILE",
        ) from None
    adapt(connection)
    return connection


def _given(found: Statement, parameters: Parameters) -> Parameters:
    if found.numbered:
        parameters = {f"p{number}": value for number, value in enumerate(parameters, 1)}
    if not found.lists:
        return parameters
    if isinstance(parameters, dict):
        return {name: _keepable(value) for name, value in parameters.items()}
    return [_keepable(value) for value in parameters]


def _keepable(value: Any) -> Any:
    return keepable_json(value) if isinstance(value, str) and value[:1] == "[" else value


def _trouble(name: str, error: psycopg.Error) -> LedgerError:
    if isinstance(error, psycopg.errors.DiskFull):
        return LedgerError(f"{name}: the disk is full", hint="free some space, then run the same command again")
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return LedgerError(f"{name} is in use by another run", hint="let it finish, then run the same command again")
    return LedgerError(f"{name} does not answer: {_first_line(error)}", hint="ask whoever looks after the database")


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0]
