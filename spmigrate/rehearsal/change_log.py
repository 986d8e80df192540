"""The log of changes that SharePoint keeps: every adding, altering, deleting, renaming, moving and restoring.

The database writes it itself, by triggers that last as long as the connection, so that no writer can forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.storage import Store

_SCHEMA = """
CREATE TABLE IF NOT EXISTS change_log(
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, type INTEGER NOT NULL,
  target INTEGER NOT NULL, parent INTEGER NOT NULL, guid TEXT NOT NULL, name TEXT NOT NULL);
"""
# Kinds of entities whose changes are logged.
KINDS = ("list", "field", "view", "contenttype", "web", "site", "sitegroup", "siteuser", "user", "group")
_ITEM = "VALUES(rehearsal_now(), 'item', {type}, NEW.id, NEW.list, '', '')"
_ENTITY = "VALUES(rehearsal_now(), {row}.kind, {type}, {row}.id, {row}.parent, {row}.guid, {row}.name)"
_INTO = "INSERT INTO change_log(at, kind, type, target, parent, guid, name)"
_TRIGGERS = f"""
CREATE TEMP TRIGGER item_added AFTER INSERT ON main.item WHEN NEW.list_item > 0
BEGIN {_INTO} {_ITEM.format(type=1)}; END;
CREATE TEMP TRIGGER item_changed AFTER UPDATE ON main.item
WHEN NEW.list_item > 0 AND (NEW.bin = 0 OR OLD.bin = 0)
BEGIN {_INTO} {
    _ITEM.format(
        type="CASE WHEN NEW.bin <> 0 THEN 3 WHEN OLD.bin <> 0 THEN 7"
        " WHEN OLD.parent <> NEW.parent THEN 6 WHEN OLD.name <> NEW.name THEN 4 ELSE 2 END"
    )
}; END;
CREATE TEMP TRIGGER entity_added AFTER INSERT ON main.entity WHEN NEW.kind IN {KINDS}
BEGIN {_INTO} {_ENTITY.format(row="NEW", type=1)}; END;
CREATE TEMP TRIGGER entity_changed AFTER UPDATE ON main.entity WHEN NEW.kind IN {KINDS}
BEGIN {_INTO} {
    _ENTITY.format(
        row="NEW",
        type="CASE WHEN NEW.deleted IS NOT NULL AND OLD.deleted IS NULL THEN 3"
        " WHEN NEW.deleted IS NULL AND OLD.deleted IS NOT NULL THEN 7 ELSE 2 END",
    )
}; END;
CREATE TEMP TRIGGER entity_deleted AFTER DELETE ON main.entity WHEN OLD.kind IN {KINDS} AND OLD.deleted IS NULL
BEGIN {_INTO} {_ENTITY.format(row="OLD", type=3)}; END;
"""


class ChangeType(IntEnum):
    """What happened; the numbers are SharePoint's."""

    ADD = 1
    UPDATE = 2
    DELETE = 3
    RENAME = 4
    MOVE_AWAY = 5
    MOVE_INTO = 6
    RESTORE = 7


@dataclass(frozen=True, slots=True)
class Change:
    """One entry: its number, when, what kind of thing, what happened; ``parent`` is the list of an item, and what an
    entity lies below."""

    id: int
    at: str
    kind: str
    type: int
    target: int
    parent: int
    guid: str
    name: str


def keep_log(store: Store, clock: Clock) -> None:
    """Let the database log its changes from now on."""
    store.extend(_SCHEMA, "change_log")
    store.db.create_function("rehearsal_now", 0, clock.iso)
    store.db.executescript(_TRIGGERS)


def newest(store: Store) -> int:
    """The number of the newest entry."""
    row = store.db.execute("SELECT coalesce(max(id), 0) FROM change_log").fetchone()
    return int(row[0])


def read_log(
    store: Store, *, after: int, until: int, clause: str, arguments: tuple[object, ...], limit: int, newest_first: bool
) -> list[Change]:
    """Entries after one number, up to another, that an SQL condition lets through."""
    order = "DESC" if newest_first else "ASC"
    query = (
        "SELECT id, at, kind, type, target, parent, guid, name FROM change_log"  # noqa: S608 - from this package alone
        f" WHERE id > ? AND id <= ? AND ({clause}) ORDER BY id {order} LIMIT ?"
    )
    return [Change(*row) for row in store.db.execute(query, (after, until, *arguments, limit))]


def forget(store: Store, target: int) -> None:
    """Take back the entries of an entity that was just written down and has been there all along."""
    store.db.execute("DELETE FROM change_log WHERE kind = 'list' AND target = ?", (target,))
