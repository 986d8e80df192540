"""The tenant's state on disk: low-volume things as entities, and the one database connection.

Conventions that the areas share (a name is compared without regard to case):

| kind | parent | name | guid |
|---|---|---|---|
| `site` | none (0) | host and path without a trailing slash: `contoso.sharepoint.com/sites/x` | site id |
| `web` | site | server-relative URL: `/sites/x`, `/` for a root site | web id |
| `list` | web | web-relative URL of the root folder: `Shared Documents`, `Lists/Events` | list id |

A list's title, template and settings are in its `props` under SharePoint's own property names.
An entity that was read is shared by everyone who reads it: alter it by `update`, never in place.
Everything runs in the caller's transaction: the application opens one for each request.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Props = dict[str, Any]
Worked = TypeVar("Worked")
_SEEN_LIMIT = 10_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entity(
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, guid TEXT NOT NULL, parent INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL, key TEXT NOT NULL, props TEXT NOT NULL DEFAULT '{}', etag INTEGER NOT NULL DEFAULT 1,
  created TEXT NOT NULL, modified TEXT NOT NULL, deleted TEXT);
CREATE INDEX IF NOT EXISTS entity_guid ON entity(guid, kind);
CREATE INDEX IF NOT EXISTS entity_name ON entity(parent, kind, key);
CREATE INDEX IF NOT EXISTS entity_kind ON entity(kind, key);
CREATE TABLE IF NOT EXISTS value(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS blob(hash TEXT PRIMARY KEY, size INTEGER NOT NULL, data BLOB);
CREATE TABLE IF NOT EXISTS item(
  id INTEGER PRIMARY KEY, list INTEGER NOT NULL, parent INTEGER NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL,
  folder INTEGER NOT NULL, list_item INTEGER NOT NULL, guid TEXT NOT NULL, size INTEGER NOT NULL DEFAULT 0,
  hash TEXT NOT NULL DEFAULT '', blob TEXT NOT NULL DEFAULT '', created TEXT NOT NULL, modified TEXT NOT NULL,
  author TEXT NOT NULL, editor TEXT NOT NULL, fields TEXT NOT NULL DEFAULT '{}', etag INTEGER NOT NULL DEFAULT 1,
  ctag INTEGER NOT NULL DEFAULT 1, version INTEGER NOT NULL DEFAULT 512, change INTEGER NOT NULL,
  bin INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX IF NOT EXISTS item_name ON item(parent, key) WHERE bin = 0;
DROP INDEX IF EXISTS item_guid;
CREATE INDEX IF NOT EXISTS item_identity ON item(guid);
CREATE UNIQUE INDEX IF NOT EXISTS item_number ON item(list, list_item);
CREATE INDEX IF NOT EXISTS item_change ON item(list, change);
CREATE INDEX IF NOT EXISTS item_folder ON item(list, id) WHERE folder = 1 AND bin = 0;
CREATE INDEX IF NOT EXISTS item_folder_in ON item(parent, id) WHERE folder = 1 AND bin = 0;
CREATE INDEX IF NOT EXISTS item_bin ON item(bin) WHERE bin <> 0;
CREATE TABLE IF NOT EXISTS version(
  item INTEGER NOT NULL, number INTEGER NOT NULL, size INTEGER NOT NULL, hash TEXT NOT NULL, blob TEXT NOT NULL,
  modified TEXT NOT NULL, editor TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY(item, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recycled(
  id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, site INTEGER NOT NULL, web INTEGER NOT NULL, kind TEXT NOT NULL,
  ref INTEGER NOT NULL, stage INTEGER NOT NULL DEFAULT 1, deleted TEXT NOT NULL, deleted_by TEXT NOT NULL,
  dir TEXT NOT NULL, leaf TEXT NOT NULL, size INTEGER NOT NULL, props TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS recycled_web ON recycled(web);
CREATE INDEX IF NOT EXISTS recycled_site ON recycled(site);
CREATE INDEX IF NOT EXISTS recycled_thing ON recycled(kind, ref);
CREATE TABLE IF NOT EXISTS upload_session(
  id TEXT PRIMARY KEY, props TEXT NOT NULL, received INTEGER NOT NULL DEFAULT 0, expires TEXT NOT NULL)
  WITHOUT ROWID;
"""
_COLUMNS = "id, kind, guid, parent, name, props, etag, created, modified, deleted"


@dataclass(frozen=True, slots=True)
class Entity:
    """One low-volume thing; times are ISO 8601 UTC to the second, `deleted` is None while it lives."""

    id: int
    kind: str
    guid: str
    parent: int
    name: str
    props: Props
    etag: int
    created: str
    modified: str
    deleted: str | None


def fold(name: str) -> str:
    """The form in which names are compared: case does not count, length never alters."""
    if name.isascii():
        return name.lower()
    return "".join(low if len(low := char.lower()) == 1 else char for char in name)


class Store:
    """The tenant's database: one file, one connection, one writer."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._depth = 0
        self._tables: tuple[str, ...] = ()
        # What has been read and not been written since; any write of an entity empties it.
        self._seen: dict[tuple[object, ...], Any] = {}
        self._remembering: list[Callable[[], None]] = [self._seen.clear]
        _make_private(folder / "tenant.db")
        self.db = sqlite3.connect(folder / "tenant.db", isolation_level=None, cached_statements=512)
        self.db.execute("PRAGMA journal_mode=WAL")
        # A killed process loses nothing, for the system holds what was written; a power cut may, and a rehearsal
        # is begun again then.
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("PRAGMA cache_size=-32768")
        # Pages that change with every file are copied from the log into the database a quarter as often as usual.
        self.db.execute("PRAGMA wal_autocheckpoint=4000")
        self.db.executescript(_SCHEMA)

    def remembering(self, forget: Callable[[], None]) -> None:
        """For whoever remembers what was read: `forget` is called when a transaction is taken back, or all cleared."""
        self._remembering.append(forget)

    def extend(self, schema: str, *tables: str) -> None:
        """Add an area's own tables, outside any transaction; `clear` empties them with the rest."""
        self.db.executescript(schema)
        self._tables += tables

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything written inside, or nothing when an exception leaves it. Nests."""
        name = f"s{self._depth}"
        self.db.execute(f"SAVEPOINT {name}" if self._depth else "BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            self._forget()
            self.db.execute(f"ROLLBACK TO {name}" if self._depth else "ROLLBACK")
            if self._depth:
                self.db.execute(f"RELEASE {name}")
            raise
        self._depth -= 1
        self.db.execute(f"RELEASE {name}" if self._depth else "COMMIT")

    def by_id(self, entity_id: int) -> Entity | None:
        """The entity with this row id, deleted or not."""
        return self._one("id = ?", entity_id)

    def get(self, kind: str, guid: str, *, parent: int | None = None) -> Entity | None:
        """The living entity of a kind with this GUID; built-in things repeat a GUID, so give their parent."""
        clause = "guid = ? AND kind = ? AND deleted IS NULL"
        if parent is None:
            return self._one(clause, guid.strip("{}").lower(), kind)
        return self._one(f"{clause} AND parent = ?", guid.strip("{}").lower(), kind, parent)

    def find(self, kind: str, parent: int, name: str) -> Entity | None:
        """The living entity of a kind below a parent with this name (case does not count)."""
        return self._one("parent = ? AND kind = ? AND key = ? AND deleted IS NULL", parent, kind, fold(name))

    def children(self, parent: int, kind: str, *, deleted: bool = False) -> list[Entity]:
        """The entities of a kind below a parent in order of creation: the living, or the deleted."""
        state = "NOT NULL" if deleted else "NULL"
        return self._many(f"parent = ? AND kind = ? AND deleted IS {state} ORDER BY id", parent, kind)

    def every(self, kind: str, *, after: int = 0, limit: int = -1, deleted: bool = False) -> list[Entity]:
        """Entities of a kind in the whole tenant, in order of id: the living, or the deleted."""
        state = "NOT NULL" if deleted else "NULL"
        clause = f"kind = ? AND id > ? AND deleted IS {state} ORDER BY id LIMIT ?"
        return self._many(clause, kind, after, limit)

    def holders(self, kind: str, name: str) -> list[int]:
        """Row ids of what has a living child of a kind with this name: the groups that somebody is in."""
        rows = self.db.execute(
            "SELECT parent FROM entity WHERE kind = ? AND key = ? AND deleted IS NULL ORDER BY id", (kind, fold(name))
        )
        return [int(row[0]) for row in rows]

    def count(self, parent: int, kind: str, *, limit: int = -1) -> int:
        """How many living entities of a kind a parent has; counting ends at the limit."""
        inner = "SELECT 1 FROM entity WHERE parent = ? AND kind = ? AND deleted IS NULL LIMIT ?"
        row = self.db.execute(f"SELECT count(*) FROM ({inner})", (parent, kind, limit)).fetchone()  # noqa: S608
        return int(row[0])

    def remembered(self, key: tuple[object, ...], work: Callable[[], Worked]) -> Worked:
        """What `work` makes of entities alone, kept under a key until one is written."""
        if key not in self._seen:
            made = work()
            if len(self._seen) >= _SEEN_LIMIT:
                self._seen.clear()
            self._seen[key] = made
        found: Worked = self._seen[key]
        return found

    def insert(
        self,
        kind: str,
        name: str,
        *,
        at: str,
        parent: int = 0,
        guid: str | None = None,
        props: Mapping[str, Any] | None = None,
    ) -> Entity:
        """Add an entity made at `at`; a GUID is drawn when none is given."""
        identity = (guid or str(uuid.uuid4())).strip("{}").lower()
        content = dict(props or {})
        self._seen.clear()
        cursor = self.db.execute(
            "INSERT INTO entity(kind, guid, parent, name, key, props, created, modified) VALUES(?,?,?,?,?,?,?,?)",
            (kind, identity, parent, name, fold(name), _dump(content), at, at),
        )
        return Entity(cursor.lastrowid or 0, kind, identity, parent, name, content, 1, at, at, None)

    def update(self, entity: Entity, patch: Mapping[str, Any], *, at: str, name: str | None = None) -> Entity:
        """Merge a patch into the props as they are now, rename if asked; the etag goes up by one."""
        self._seen.clear()
        now = self.by_id(entity.id)
        self._seen.clear()
        if now is None:
            raise KeyError(entity.id)
        props = {**now.props, **patch}
        new_name = now.name if name is None else name
        self.db.execute(
            "UPDATE entity SET props = ?, name = ?, key = ?, modified = ?, etag = etag + 1 WHERE id = ?",
            (_dump(props), new_name, fold(new_name), at, entity.id),
        )
        return Entity(
            now.id,
            now.kind,
            now.guid,
            now.parent,
            new_name,
            props,
            now.etag + 1,
            now.created,
            at,
            now.deleted,
        )

    def recycle(self, entity: Entity, *, at: str) -> None:
        """Mark as deleted: it is no longer found, but can be restored."""
        self._seen.clear()
        self.db.execute("UPDATE entity SET deleted = ? WHERE id = ?", (at, entity.id))

    def restore(self, entity: Entity) -> None:
        """Take back `recycle`."""
        self._seen.clear()
        self.db.execute("UPDATE entity SET deleted = NULL WHERE id = ?", (entity.id,))

    def delete(self, entity: Entity) -> None:
        """Remove for ever, with everything below it."""
        self._seen.clear()
        self.db.execute(
            "WITH RECURSIVE gone(id) AS (SELECT ? UNION ALL"
            " SELECT entity.id FROM entity JOIN gone ON entity.parent = gone.id)"
            " DELETE FROM entity WHERE id IN (SELECT id FROM gone)",
            (entity.id,),
        )

    def read_value(self, key: str) -> Any:
        """A single stored value, None when it was never written."""
        row = self.db.execute("SELECT value FROM value WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def write_value(self, key: str, value: Any) -> None:
        """Store a single value that JSON can hold."""
        self.db.execute("INSERT OR REPLACE INTO value VALUES(?, ?)", (key, _dump(value)))

    def clear(self) -> None:
        """Forget everything in the database, not the files of large blobs."""
        self._forget()
        for table in ("entity", "value", "blob", "item", "version", "recycled", "upload_session", *self._tables):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are written in this package

    def _forget(self) -> None:
        for forget in self._remembering:
            forget()

    def _one(self, clause: str, *arguments: object) -> Entity | None:
        key = (clause, *arguments)
        if key not in self._seen:
            if len(self._seen) >= _SEEN_LIMIT:
                self._seen.clear()
            row = self.db.execute(f"SELECT {_COLUMNS} FROM entity WHERE {clause}", arguments).fetchone()  # noqa: S608
            self._seen[key] = None if row is None else _entity(row)
        found: Entity | None = self._seen[key]
        return found

    def _many(self, clause: str, *arguments: object) -> list[Entity]:
        rows = self.db.execute(f"SELECT {_COLUMNS} FROM entity WHERE {clause}", arguments)  # noqa: S608
        return [_entity(row) for row in rows]


def _make_private(database: Path) -> None:
    """Passwords and secrets are inside: its owner alone may read it. SQLite gives the log the database's mode."""
    database.touch(mode=0o600)
    for file in (database, database.with_name("tenant.db-wal"), database.with_name("tenant.db-shm")):
        if file.exists():
            file.chmod(0o600)


def _entity(row: tuple[Any, ...]) -> Entity:
    return Entity(*(*row[:5], json.loads(row[5]), *row[6:]))


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
