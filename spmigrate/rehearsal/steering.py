"""What whoever steers the tenant has set: kept beside its state, so that it survives a restart, a kill and `reset`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from spmigrate.rehearsal.storage import Store

_SCHEMA = """
CREATE TABLE IF NOT EXISTS steering(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS throttle_window(
  name TEXT NOT NULL, who TEXT NOT NULL, began REAL NOT NULL, used INTEGER NOT NULL, PRIMARY KEY(name, who))
  WITHOUT ROWID;
"""


class Steering:
    """The settings, and what is counted against the limits."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # None of its tables is among those that `reset` empties.
        store.extend(_SCHEMA)

    def read(self, key: str) -> Any:
        """A setting, None when it was never made."""
        row = self._store.db.execute("SELECT value FROM steering WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def write(self, key: str, value: Any) -> None:
        """Keep a setting."""
        self._store.db.execute("INSERT OR REPLACE INTO steering VALUES(?, ?)", (key, json.dumps(value)))

    def windows(self) -> list[tuple[str, str, float, int]]:
        """What is counted: limit, whom it is counted for, since when, how much."""
        return self._store.db.execute("SELECT name, who, began, used FROM throttle_window").fetchall()

    def keep_windows(self, counted: Iterable[tuple[str, str, float, int]]) -> None:
        """Keep what was counted."""
        with self._store.transaction():
            self._store.db.executemany("INSERT OR REPLACE INTO throttle_window VALUES(?, ?, ?, ?)", counted)

    def forget_windows(self) -> None:
        """Begin counting anew."""
        self._store.db.execute("DELETE FROM throttle_window")
