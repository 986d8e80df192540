"""The budget of an app id as all programs on a machine share it: a small file beside the ledger.

It is no evidence and no part of the ledger: a run writes here several times a second, and a ledger that is busy or on
a slow disk must not slow down the pacing. Losing it costs nothing but the count of what was used lately. Units are
reserved in blocks that hold for a second at most, so that a request costs no transaction.
"""

import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from spmigrate.errors import LedgerError
from spmigrate.store.allowance import Account, Grant, Limits

T = TypeVar("T")
TABLE = "CREATE TABLE IF NOT EXISTS pacing (app TEXT PRIMARY KEY, account TEXT NOT NULL)"
READ = "SELECT account FROM pacing WHERE app = ?"
WRITE = "INSERT INTO pacing(app, account) VALUES (?, ?) ON CONFLICT (app) DO UPDATE SET account = excluded.account"

_BUSY_SECONDS = 30.0
_GLANCE_SECONDS = 0.02
"""After which to ask again while enough requests are on their way."""
_LONGEST_WAIT = 5.0
"""After which to ask again in any case: another program may have returned what it had reserved."""
_OWN_EVEN_SECONDS = 3.0
_FIRST_BLOCK, _LARGEST_BLOCK = 8.0, 1000.0


class Shelf(Protocol):
    """Where accounts lie, as texts by app id. Safe between threads and programs."""

    def change(self, app: str, act: Callable[[str | None, float], tuple[str, T]]) -> T:
        """Read an account, let `act` make the new one from it and from the moment (seconds since 1970), and keep that.

        Nobody else comes between. Returns what `act` returns beside the new text.
        """

    def read(self, app: str) -> tuple[str | None, float]:
        """An account as it is, and the moment."""

    def stamp(self) -> object:
        """Something that is another one after any other program has changed an account; cheap."""

    def close(self) -> None:
        """Let go of it."""


class FileShelf:
    """Accounts in a file of this machine. Its clock is the machine's."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        """Open or make the file. Raises LedgerError."""
        self._path = path
        self._now = now
        self._lock = threading.Lock()
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            # Not FULL: after a power failure the last blocks may be missing, which harms nobody.
            for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", TABLE):
                self._db.execute(statement)
        except (sqlite3.Error, OSError) as error:
            raise _trouble(path, error) from None

    def change(self, app: str, act: Callable[[str | None, float], tuple[str, T]]) -> T:
        """Change an account under the lock of the file. Raises LedgerError."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    text, answer = act(self._text(app), self._now())
                    self._db.execute(WRITE, (app, text))
                    self._db.execute("COMMIT")
                except BaseException:
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                    raise
            except (sqlite3.Error, ValueError, KeyError) as error:
                raise _trouble(self._path, error) from None
            return answer

    def read(self, app: str) -> tuple[str | None, float]:
        """An account and the moment. Raises LedgerError."""
        with self._lock:
            try:
                return self._text(app), self._now()
            except sqlite3.Error as error:
                raise _trouble(self._path, error) from None

    def stamp(self) -> object:
        """A number that other programs' commits change. Raises LedgerError."""
        with self._lock:
            try:
                return self._db.execute("PRAGMA data_version").fetchone()[0]
            except sqlite3.Error as error:
                raise _trouble(self._path, error) from None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _text(self, app: str) -> str | None:
        row = self._db.execute(READ, (app,)).fetchone()
        return None if row is None else str(row[0])


@dataclass(frozen=True, slots=True)
class Spent:
    """Where an app id stands: units used, what it may use, and what the service has asked for."""

    minute: float
    day: float
    limits: Limits
    blocked_seconds: float
    at_once: int
    """How many requests may be on their way at once; 0 for as many as wish."""


def spent(shelf: Shelf, app: str, limits: Callable[[float], Limits]) -> Spent:
    """Where an app id stands now. Raises LedgerError."""
    text, now = shelf.read(app)
    account = Account.read(text)
    account.settle(now)
    minute, day = account.used()
    return Spent(minute, day, limits(now), max(account.blocked_until - now, 0.0), account.cap_at(now))


class SharedPurse:
    """The purse of one program: pays from blocks that it reserves in the account of its app id."""

    def __init__(self, shelf: Shelf, app: str, *, limits: Callable[[float], Limits], own_minute: float = 0.0) -> None:
        """`limits` tells what may be used at a moment (seconds since 1970), by all programs together.

        `own_minute`: how much of it this program uses by itself at most, in units a minute; 0 for all of it.
        """
        self._shelf = shelf
        self._app = app
        self._limits = limits
        self._own_minute = own_minute
        self._own_until = float("-inf")
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._grant: Grant | None = None
        self._left = 0.0
        self._holds_until = 0.0
        self._wish = _FIRST_BLOCK
        self._ask_again = float("-inf")
        self._stamp: object = None
        self._busy = 0
        self._most = 0
        self._told: tuple[float, float] | None = None

    def take(self, units: float, now: float) -> float:
        """Pay for a request: 0.0 when it may go, else seconds after which to ask again. Raises LedgerError."""
        with self._lock:
            wait = self._hindrance(units, now)
            if wait <= 0 and not self._covers(units, now):
                wait = self._reserve(units, now)
            if wait > 0:
                return wait
            self._left -= units
            self._busy += 1
            if self._own_minute:
                self._own_until = max(self._own_until, now) + units * 60 / self._own_minute
            return 0.0

    def done(self) -> None:
        """A request that was let go has ended."""
        with self._lock:
            self._busy -= 1

    def refused(self, seconds: float) -> None:
        """The service asked to wait: all programs do. Raises LedgerError."""

        def act(account: Account, now: float) -> None:
            account.refuse(now, seconds)

        with self._lock:
            self._change(act)

    def told(self, remaining: float, seconds: float) -> None:
        """The service says what is left: kept with the next block, at once when it is nothing. Raises LedgerError."""
        with self._lock:
            if self._told is None or remaining < self._told[0]:
                self._told = (remaining, seconds)
            if remaining <= 0:
                self._change(lambda _account, _now: None)

    def close(self) -> None:
        """Return what is left of the block, and let go of the file."""

        def leave(account: Account, _now: float) -> None:
            account.members.pop(self._name, None)

        with self._lock:
            try:
                self._change(leave)
            finally:
                self._shelf.close()

    def _hindrance(self, units: float, now: float) -> float:
        """What is known here already to keep it from going, in seconds."""
        if self._most and self._busy >= self._most:
            return _GLANCE_SECONDS
        if self._own_minute:
            worth = min(units * 60 / self._own_minute, _OWN_EVEN_SECONDS)
            if (wait := self._own_until + worth - _OWN_EVEN_SECONDS - now) > 0:
                return min(wait, _LONGEST_WAIT)
        return self._ask_again - now

    def _covers(self, units: float, now: float) -> bool:
        """Whether the block in hand pays for it, and nobody was told meanwhile to wait."""
        if self._grant is None or now >= self._holds_until or units > self._left:
            return False
        stamp = self._shelf.stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            text, at = self._shelf.read(self._app)
            return Account.read(text).blocked_until <= at
        return True

    def _reserve(self, units: float, now: float) -> float:
        self._guess_next(now)

        def act(account: Account, at: float) -> tuple[Grant, int]:
            limits = self._limits(at)
            self._wish = min(self._wish, limits.minute / 20, _LARGEST_BLOCK)
            return account.reserve(at, units, max(units, self._wish), limits), account.share_of_cap(at)

        grant, self._most = self._change(act)
        self._stamp = self._shelf.stamp()
        if not grant.units:
            wait = min(grant.wait, _LONGEST_WAIT)
            self._ask_again = now + wait
            return wait
        self._grant, self._holds_until = grant, now + grant.seconds
        self._left = max(grant.units, units)
        return 0.0

    def _guess_next(self, now: float) -> None:
        """How large the next block should be: twice the last where that was too small, else what was spent of it."""
        if self._grant is not None:
            spent = self._grant.units - self._left
            self._wish = self._wish * 2 if now < self._holds_until else max(spent * 1.5, _FIRST_BLOCK)

    def _change(self, act: Callable[[Account, float], T]) -> T:
        """Change the account, and return what is left of the block with it: it must not outlive the change."""
        grant, left, told = self._grant, max(self._left, 0.0), self._told

        def change(text: str | None, now: float) -> tuple[str, T]:
            account = Account.read(text)
            account.settle(now)
            if grant is not None:
                account.give_back(grant, left, self._limits(now))
            if told is not None:
                account.tell(now, *told)
            account.join(now, self._name, self._busy)
            answer = act(account, now)
            return account.write(), answer

        answer = self._shelf.change(self._app, change)
        self._grant, self._left, self._told = None, 0.0, None
        return answer


def _trouble(path: Path, error: Exception) -> LedgerError:
    text = str(error)
    if "full" in text or "disk I/O" in text:
        return LedgerError(f"{path}: the disk is full", hint="free some space, then run the same command again")
    if "locked" in text:
        return LedgerError(f"{path} is in use by another program", hint="close it, then run the same command again")
    if "unable to open" in text or "readonly" in text or isinstance(error, OSError):
        return LedgerError(f"{path} cannot be opened for writing", hint="check that the folder exists and is yours")
    hint = "remove it while nothing runs; only the count of lately used units is lost"
    return LedgerError(f"{path} cannot be read: {text}", hint=hint)
