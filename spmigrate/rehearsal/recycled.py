"""What lies in the recycle bins: who deleted what, where it was, and in which of the two stages it is.

An entry is one act of deleting: a file, a folder with all below it, a list, a web, or an earlier version. Things stay
for 93 days from the moment they were deleted, whatever stage they are in.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.storage import Store

# Source: Microsoft's page on the retention of deleted items, first and second stage together.
KEPT = timedelta(days=93)
FIRST, SECOND = 1, 2
ITEM, LIST, WEB, VERSION = "item", "list", "web", "version"
_COLUMNS = "id, guid, site, web, kind, ref, stage, deleted, deleted_by, dir, leaf, size, props"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the bin; `ref` is the row id of the item, list or web."""

    id: int
    guid: str
    site: int
    web: int
    kind: str
    ref: int
    stage: int
    deleted: str
    by: str
    dir: str
    leaf: str
    size: int
    props: dict[str, Any]


class Recycled:
    """The entries of all bins. Call inside a transaction of the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._db = store.db
        self._clock = clock

    def add(
        self,
        kind: str,
        ref: int,
        web: int,
        *,
        by: str,
        address: str,
        size: int = 0,
        props: Mapping[str, Any] | None = None,
    ) -> str:
        """Note that something was recycled at a server-relative address; gives its id in the bin."""
        guid = str(uuid.uuid4())
        above, _, leaf = address.strip("/").rpartition("/")
        site = self._store.by_id(web)
        self._db.execute(
            "INSERT INTO recycled(guid, site, web, kind, ref, deleted, deleted_by, dir, leaf, size, props)"
            " VALUES(?,?,?,?,?,?,?,?,?,?,?)",
            (guid, site.parent if site else 0, web, kind, ref, self._clock.iso(), by, above, leaf, size,
             json.dumps(dict(props or {}), ensure_ascii=False)),
        )  # fmt: skip
        return guid

    def of_web(self, web: int) -> Iterator[Entry]:
        """The first stage of a web, the newest first."""
        return self._some("web = ? AND stage = 1", web)

    def of_site(self, site: int) -> Iterator[Entry]:
        """Both stages of a site collection, the newest first."""
        return self._some("site = ?", site)

    def find(self, guid: str, *, site: int) -> Entry | None:
        """An entry of a site collection by its id."""
        return next(self._some("guid = ? AND site = ?", guid, site), None)

    def of_thing(self, kind: str, ref: int) -> Entry | None:
        """The entry of an item, list or web."""
        return next(self._some("kind = ? AND ref = ?", kind, ref), None)

    def to_second_stage(self, entry: Entry) -> None:
        """Move an entry to the administrators' bin."""
        self._db.execute("UPDATE recycled SET stage = ? WHERE id = ?", (SECOND, entry.id))

    def drop(self, entry: Entry) -> None:
        """Forget an entry: what it stood for was restored or deleted for good."""
        self._db.execute("DELETE FROM recycled WHERE id = ?", (entry.id,))

    def forget(self, kind: str, ref: int) -> None:
        """Forget the entries of an item, list or web."""
        self._db.execute("DELETE FROM recycled WHERE kind = ? AND ref = ?", (kind, ref))

    def _some(self, clause: str, *arguments: object) -> Iterator[Entry]:
        oldest = (self._clock.now() - KEPT).strftime("%Y-%m-%dT%H:%M:%SZ")
        statement = f"SELECT {_COLUMNS} FROM recycled WHERE {clause} AND deleted > ? ORDER BY id DESC"  # noqa: S608
        for row in self._db.execute(statement, (*arguments, oldest)):
            yield Entry(*(*row[:12], json.loads(row[12])))
