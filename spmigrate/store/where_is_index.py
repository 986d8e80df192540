"""The words of all folders and files that were scanned, in a file of its own beside the ledger: `where-is.db`.

A scan is never slowed by it: it is filled afterwards, from where it ended before, and can be deleted at any time. What
it finds is looked up in the ledger again, so that an index that lags finds too little and never anything wrong.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from spmigrate.errors import LedgerError
from spmigrate.store.ledger import Ledger

FILE = "where-is.db"
_STEP = 250_000
"""Rows that are entered in one transaction: a run that is stopped begins again behind the last of them."""

_TOKENS = 'tokenize="unicode61 remove_diacritics 2"'
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS note(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE IF NOT EXISTS folder_word USING"
    f" fts5(name, above, content='', detail=column, columnsize=0, {_TOKENS})",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS file_word USING fts5(name, content='', detail=none, columnsize=0, {_TOKENS})",
)
_FILL = {
    "folder": "INSERT INTO folder_word(rowid, name, above) SELECT id, substr(path, length(above) + 1), above FROM"
    " (SELECT id, path, rtrim(path, replace(path, '/', '')) AS above FROM ledger.folder"
    "  WHERE id > :after AND id <= :to AND path <> '')",
    "item": "INSERT INTO file_word(rowid, name) SELECT id, name FROM ledger.item WHERE id > :after AND id <= :to",
}
_NAMES = {"folder": "path", "item": "name"}
_WORDS = {"folder": "folder_word", "item": "file_word"}


class WordIndex:
    """An open index. Reading needs no ledger."""

    def __init__(self, path: Path, *, write: bool = False, patience: float = 10.0) -> None:
        """Open the index; to `write` it, it is made where there is none. Raises LedgerError.

        Another run that writes is waited for, `patience` seconds at most.
        """
        self.path = path
        mode = "rwc" if write else "ro"
        try:
            address = f"{_address(path)}?mode={mode}"
            self._db = sqlite3.connect(address, uri=True, isolation_level=None, timeout=patience)
            if write:
                self._db.execute("PRAGMA journal_mode=WAL")
                for statement in _SCHEMA:
                    self._db.execute(statement)
        except sqlite3.DatabaseError as error:
            raise _trouble(path, error) from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def size(self) -> int:
        """How many bytes the index has, with what is not yet written from its log into the file."""
        row = self._db.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").fetchone()
        return int(row[0])

    def note(self, key: str) -> Any:
        """What was noted under `key`, None when nothing was."""
        with self._translated():
            row = self._db.execute("SELECT value FROM note WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def put_note(self, key: str, value: Any) -> None:
        """Note `value`, which JSON can hold, under `key`."""
        with self._translated():
            self._db.execute("INSERT OR REPLACE INTO note VALUES(?, ?)", (key, json.dumps(value, ensure_ascii=False)))

    def marks(self) -> dict[str, int]:
        """Up to which folder and item the words are entered, by `folder` and `item`."""
        return {kind: int(self.note(f"up to {kind}") or 0) for kind in _FILL}

    def fill(self, ledger: Path, *, told: Callable[[str, int, int], None] = lambda *_: None) -> dict[str, int]:
        """Enter what the ledger has and the index does not; returns how many folders and items that were.

        `told` hears of each step: `folder` or `item`, up to which id, of which last id.
        """
        with self._beside(f"{_address(ledger)}?mode=ro"):
            return {kind: self._enter(kind, told) for kind in _FILL}

    def fill_from(self, ledger: Ledger, *, told: Callable[[str, int, int], None] = lambda *_: None) -> dict[str, int]:
        """The same from a ledger that is no file: its names pass through memory, a step at a time."""
        with self._beside(":memory:"):
            for kind, name in _NAMES.items():
                self._db.execute(f"CREATE TABLE ledger.{kind}(id INTEGER PRIMARY KEY, {name} TEXT NOT NULL)")
            return {kind: self._pass_through(ledger, kind, told) for kind in _FILL}

    @contextmanager
    def _beside(self, database: str) -> Iterator[None]:
        """Have another database at hand, as `ledger`."""
        with self._translated():
            self._db.execute("ATTACH ? AS ledger", (database,))
            self._db.execute("PRAGMA synchronous=OFF")  # after a power cut it is made anew
            for table in _WORDS.values():
                self._db.execute(f"INSERT INTO {table}({table}, rank) VALUES('hashsize', 67108864)")
            try:
                yield
            finally:
                if self._db.in_transaction:  # stopped within a step: the ledger cannot be let go of before
                    self._db.execute("ROLLBACK")
                self._db.execute("DETACH ledger")

    def _pass_through(self, ledger: Ledger, kind: str, told: Callable[[str, int, int], None]) -> int:
        entered, mark, name = 0, self.marks()[kind], _NAMES[kind]
        asked = f"SELECT id, {name} FROM {kind} WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - ours
        while rows := [tuple(row) for row in ledger.rows(asked, (mark, _STEP))]:
            self._db.executemany(f"INSERT INTO ledger.{kind} VALUES(?, ?)", rows)
            entered += self._enter(kind, told)
            self._db.execute(f"DELETE FROM ledger.{kind}")  # noqa: S608 - ours
            mark = rows[-1][0]
        return entered

    def _enter(self, kind: str, told: Callable[[str, int, int], None]) -> int:
        begun = mark = self.marks()[kind]
        (last,) = self._db.execute(f"SELECT coalesce(max(id), 0) FROM ledger.{kind}").fetchone()  # noqa: S608 - ours
        while mark < last:
            self._db.execute("BEGIN IMMEDIATE")
            mark = self.marks()[kind]  # another run may have been here meanwhile
            to = min(mark + _STEP, last)
            self._db.execute(_FILL[kind], {"after": mark, "to": to})
            self.put_note(f"up to {kind}", to)
            self._db.execute("COMMIT")
            mark = to
            told(kind, mark, last)
        return int(mark - begun)

    def folders(self, words: Sequence[str], *, most: int) -> list[int]:
        """Folders whose names hold all `words`, then those whose names hold some and whose paths hold all of them."""
        if not words:
            return []
        every = " AND ".join(map(_quoted, words))
        found = self._match("folder_word", f"name : ({every})", most)
        if len(found) < most:
            some = " OR ".join(map(_quoted, words))
            found += self._match("folder_word", f"(name : ({some})) AND {every}", most - len(found))
        if not found:
            *first, last = words
            begun = " AND ".join([*map(_quoted, first), f"{_quoted(last)} *"])
            found = self._match("folder_word", f"name : ({begun})", most)
        return list(dict.fromkeys(found))

    def files(self, words: Sequence[str], *, most: int) -> list[int]:
        """Files whose names hold all `words`."""
        return self._match("file_word", " AND ".join(map(_quoted, words)), most) if words else []

    def _match(self, table: str, query: str, most: int) -> list[int]:
        with self._translated():
            sql = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid LIMIT ?"  # noqa: S608 - ours
            return [row[0] for row in self._db.execute(sql, (query, most))]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _trouble(self.path, error) from None


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _address(path: Path) -> str:
    return "file:" + quote(str(path.resolve()))


def _trouble(path: Path, error: sqlite3.DatabaseError) -> LedgerError:
    if "locked" in str(error):
        return LedgerError(f"{path} is in use by another run", hint="wait for it to finish, then run this again")
    return LedgerError(f"{path} cannot be used: {error}", hint="delete it and run: spmigrate where-is index")
