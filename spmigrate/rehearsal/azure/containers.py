"""The containers and queues that SharePoint gives out, and what lies in them.

A blob is a row that names its blocks; the bytes of the blocks lie with all other bytes of the tenant, by content. A
snapshot is a second row with the moment as its key, so that it costs nothing.
"""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from spmigrate.rehearsal.azure import sas
from spmigrate.rehearsal.blobs import Blobs, Checksum
from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.http import FileRange
from spmigrate.rehearsal.storage import Entity, Store

ACCOUNT = "spodm10008"
"""The one storage account of the data centre: `spodm10008.blob.core.windows.net` and its queues."""
_DAY = 86_400
# Both seen in addresses of 2023: a container lives for three more days, a queue for 21, counted from midnight.
_CONTAINER_DAYS, _QUEUE_DAYS = 3, 21
_READ = 4 * 1024 * 1024
_AT_ONCE = 64 * 1024 * 1024
_TABLES = """
CREATE TABLE IF NOT EXISTS azure_blob(
  container INTEGER NOT NULL, name TEXT NOT NULL, snapshot TEXT NOT NULL, size INTEGER NOT NULL, blocks TEXT NOT NULL,
  headers TEXT NOT NULL, metadata TEXT NOT NULL, lease TEXT NOT NULL, etag TEXT NOT NULL, created REAL NOT NULL,
  modified REAL NOT NULL, PRIMARY KEY(container, name, snapshot)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS azure_block(
  container INTEGER NOT NULL, name TEXT NOT NULL, block TEXT NOT NULL, address TEXT NOT NULL, size INTEGER NOT NULL,
  PRIMARY KEY(container, name, block)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS azure_message(
  id INTEGER PRIMARY KEY AUTOINCREMENT, queue INTEGER NOT NULL, guid TEXT NOT NULL, text TEXT NOT NULL,
  inserted REAL NOT NULL, expires REAL NOT NULL, visible REAL NOT NULL, receipt TEXT NOT NULL,
  dequeued INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS azure_message_queue ON azure_message(queue, visible);
"""
_COLUMNS = "container, name, snapshot, size, blocks, headers, metadata, lease, etag, created, modified"


@dataclass(frozen=True, slots=True)
class Block:
    """Some bytes of a blob, with the id that its client gave them."""

    id: str
    address: str
    size: int


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A block blob or a snapshot of one; times are seconds."""

    container: int
    name: str
    snapshot: str = ""
    size: int = 0
    blocks: tuple[Block, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    lease: dict[str, Any] = field(default_factory=dict)
    etag: str = ""
    created: float = 0
    modified: float = 0


class Containers:
    """All containers and queues. Call inside a transaction of the store."""

    def __init__(self, store: Store, clock: Clock, blobs: Blobs) -> None:
        store.extend(_TABLES, "azure_blob", "azure_block", "azure_message")
        self._store = store
        self._db = store.db
        self.clock = clock
        self.blobs = blobs

    def key(self) -> bytes:
        """The account's key; drawn when it is first needed."""
        kept = self._store.read_value("azure.key")
        if kept is None:
            kept = base64.b64encode(secrets.token_bytes(64)).decode()
            self._store.write_value("azure.key", kept)
        return base64.b64decode(kept)

    # -- giving out

    def provision_container(self, *, site: int, number: int, purpose: str, key: str) -> str:
        """Make a container for one job and give its address, which reads and writes and does not list."""
        midnight = self._midnight()
        expiry = midnight + _CONTAINER_DAYS * _DAY
        name = f"0-{1600 + number}-{_day(expiry)}-{uuid.uuid4().hex}"
        self._store.insert(
            "azure_container", name, at=self.clock.iso(), props={"site": site, "purpose": purpose, "key": key}
        )
        query = sas.sign(ACCOUNT, self.key(), name, sas.Grant("rw", _written(midnight - _DAY), _written(expiry)))
        return f"https://{ACCOUNT}.blob.core.windows.net/{name}?{query}"

    def provision_queue(self, *, site: int, number: int, key: str = "") -> str:
        """Make a queue for the events of jobs and give its address, which reads, adds and takes away."""
        midnight = self._midnight()
        name = f"{1600 + number}pq{_day(midnight)}-{uuid.uuid4().hex}"
        self._store.insert("azure_queue", name, at=self.clock.iso(), props={"site": site, "key": key})
        grant = sas.Grant("rap", _written(midnight - _DAY), _written(midnight + _QUEUE_DAYS * _DAY))
        query = sas.sign(ACCOUNT, self.key(), name, grant, queue=True)
        return f"https://{ACCOUNT}.queue.core.windows.net/{name}?{query}"

    def _midnight(self) -> float:
        now = self.clock.seconds()
        return now - now % _DAY

    def container(self, name: str) -> Entity | None:
        """A container by name."""
        return self._store.find("azure_container", 0, name)

    def queue(self, name: str) -> Entity | None:
        """A queue by name."""
        return self._store.find("azure_queue", 0, name)

    # -- blobs

    def blob(self, container: int, name: str, snapshot: str = "") -> StoredBlob | None:
        """A blob, or one of its snapshots."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM azure_blob WHERE container = ? AND name = ? AND snapshot = ?",  # noqa: S608
            (container, name, snapshot),
        ).fetchone()
        return None if row is None else _blob(row)

    def newest_snapshot(self, container: int, name: str) -> StoredBlob | None:
        """The newest snapshot of a blob."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM azure_blob WHERE container = ? AND name = ? AND snapshot > ''"  # noqa: S608
            " ORDER BY snapshot DESC LIMIT 1",
            (container, name),
        ).fetchone()
        return None if row is None else _blob(row)

    def listing(self, container: int, *, prefix: str, after: str, limit: int, snapshots: bool) -> list[StoredBlob]:
        """Blobs of at most `limit` names that follow a name, in order; the snapshots of each stand before it."""
        kind = "" if snapshots else " AND snapshot = ''"
        names = (
            "SELECT DISTINCT name FROM azure_blob"  # noqa: S608
            f" WHERE container = ? AND name >= ? AND name > ?{kind} ORDER BY name LIMIT ?"
        )
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM azure_blob WHERE container = ? AND name IN ({names}){kind}"  # noqa: S608
            " ORDER BY name, snapshot = '', snapshot",
            (container, container, prefix, after, limit),
        )
        return [_blob(row) for row in rows]

    def save(self, blob: StoredBlob, *, touched: bool = True) -> StoredBlob:
        """Keep a blob; a touched one gets a new entity tag and the time."""
        now = self.clock.seconds()
        if touched:
            blob = replace(blob, etag=_new_etag(), modified=now, created=blob.created or now)
        blocks = json.dumps([[each.id, each.address, each.size] for each in blob.blocks])
        self._db.execute(
            "INSERT OR REPLACE INTO azure_blob VALUES(?,?,?,?,?,?,?,?,?,?,?)",
            (blob.container, blob.name, blob.snapshot, blob.size, blocks, json.dumps(blob.headers),
             json.dumps(blob.metadata), json.dumps(blob.lease), blob.etag, blob.created, blob.modified),
        )  # fmt: skip
        return blob

    def snapshot(self, blob: StoredBlob, metadata: Mapping[str, str]) -> StoredBlob:
        """Keep a blob as it is now beside it; metadata given replaces the blob's in the snapshot."""
        moment = datetime.fromtimestamp(self.clock.seconds(), UTC)
        newest = self.newest_snapshot(blob.container, blob.name)
        stamp = f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"
        if newest is not None and newest.snapshot >= stamp:
            stamp = _next_stamp(newest.snapshot)
        taken = replace(blob, snapshot=stamp, lease={}, metadata=dict(metadata) or blob.metadata)
        return self.save(taken, touched=bool(metadata))

    def delete(self, blob: StoredBlob, *, snapshots: bool = False, base: bool = True) -> None:
        """Remove a blob, its snapshots, or both; or the one snapshot that is given."""
        where = "container = ? AND name = ?"
        if blob.snapshot or not snapshots:
            where += " AND snapshot = ?"
        elif not base:
            where += " AND snapshot > ?"
        values = (blob.container, blob.name, blob.snapshot)[: where.count("?")]
        self._db.execute(f"DELETE FROM azure_blob WHERE {where}", values)  # noqa: S608
        if base and not blob.snapshot:
            self.drop_blocks(blob.container, blob.name)

    def has_snapshots(self, blob: StoredBlob) -> bool:
        """Whether a blob has snapshots."""
        return self.newest_snapshot(blob.container, blob.name) is not None

    # -- blocks that are not part of a blob yet

    def add_block(self, container: int, name: str, block: Block) -> None:
        """Keep a block until a list commits it."""
        self._db.execute(
            "INSERT OR REPLACE INTO azure_block VALUES(?,?,?,?,?)",
            (container, name, block.id, block.address, block.size),
        )

    def blocks(self, container: int, name: str) -> list[Block]:
        """The blocks that wait for a list."""
        clause = "SELECT block, address, size FROM azure_block WHERE container = ? AND name = ? ORDER BY block"
        return [Block(*row) for row in self._db.execute(clause, (container, name))]

    def drop_blocks(self, container: int, name: str) -> None:
        """Forget the blocks that wait for a list."""
        self._db.execute("DELETE FROM azure_block WHERE container = ? AND name = ?", (container, name))

    # -- bytes

    def pieces(self, blob: StoredBlob) -> Iterator[bytes]:
        """A blob's bytes, a few megabytes at a time."""
        for block in blob.blocks:
            for start in range(0, block.size, _READ):
                yield self.blobs.read(block.address, start, min(_READ, block.size - start))

    def read(self, blob: StoredBlob, start: int, length: int) -> bytes | FileRange:
        """A range of a blob: bytes, or a place in a file when there are many."""
        touched, offset = [], 0
        for block in blob.blocks:
            first, last = max(start, offset), min(start + length, offset + block.size)
            if first < last:
                touched.append((block.address, first - offset, last - first))
            offset += block.size
        if len(touched) == 1:
            file = self.blobs.file(touched[0][0])
            if file is not None:
                return FileRange(file, touched[0][1], touched[0][2])
        if length <= _AT_ONCE:
            return b"".join(self.blobs.read(*each) for each in touched)
        whole = self._join(blob)
        file = self.blobs.file(whole)
        assert file is not None
        return FileRange(file, start, length)

    def _join(self, blob: StoredBlob) -> str:
        """Put the blocks of a blob into one file; gives its address."""
        checksum, path = Checksum(), self.blobs.uploads / f"join-{uuid.uuid4().hex}"
        with path.open("wb") as file:
            for piece in self.pieces(blob):
                checksum.update(piece)
                file.write(piece)
        made = self.blobs.adopt(path, checksum)
        path.unlink(missing_ok=True)
        return made.address


def _blob(row: tuple[Any, ...]) -> StoredBlob:
    container, name, snapshot, size, blocks, headers, metadata, lease, etag, created, modified = row
    return StoredBlob(
        container, name, snapshot, size, tuple(Block(*each) for each in json.loads(blocks)), json.loads(headers),
        json.loads(metadata), json.loads(lease), etag, created, modified,
    )  # fmt: skip


def _new_etag() -> str:
    return f'"0x8D{secrets.token_hex(7).upper()[:13]}"'


def _next_stamp(stamp: str) -> str:
    # Snapshots are told apart by 100 nanoseconds, which is finer than Python's times.
    return f"{stamp[:20]}{int(stamp[20:27]) + 1:07d}Z"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%d")


def _written(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
