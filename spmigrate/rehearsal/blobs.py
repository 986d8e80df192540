"""The bytes of files: small ones in the database, larger ones as content-addressed files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from spmigrate.rehearsal.hashing import QuickXor
from spmigrate.rehearsal.http import Body
from spmigrate.rehearsal.storage import Store

SMALL = 64 * 1024
_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that are stored: their SHA-256 (the address), size and QuickXorHash."""

    address: str
    size: int
    hash: str


class Checksum:
    """SHA-256 and QuickXorHash of the same bytes, running."""

    def __init__(self) -> None:
        self._address = hashlib.sha256()
        self._hash = QuickXor()
        self.size = 0

    def update(self, content: bytes) -> None:
        """Add bytes."""
        self.size += len(content)
        self._address.update(content)
        self._hash.update(content)

    def read(self, path: Path) -> None:
        """Add all bytes of a file."""
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                self.update(piece)

    def blob(self) -> Blob:
        """The blob that these bytes make."""
        return Blob(self._address.hexdigest(), self.size, self._hash.digest())


class Blobs:
    """Where bytes lie: `blob` rows for small ones, `blobs/ab/abcd…` for the rest."""

    def __init__(self, store: Store) -> None:
        self._db = store.db
        self._folder = store.folder / "blobs"
        self.uploads = store.folder / "uploads"
        self._folder.mkdir(exist_ok=True, mode=0o700)
        self.uploads.mkdir(exist_ok=True, mode=0o700)

    def put(self, content: bytes) -> Blob:
        """Keep bytes."""
        checksum = Checksum()
        checksum.update(content)
        blob = checksum.blob()
        if blob.size < SMALL:
            self._insert(blob, content)
        else:
            path = self._path(blob.address)
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                part = path.with_suffix(".part")
                part.write_bytes(content)
                part.replace(path)
            self._insert(blob, None)
        return blob

    def take(self, body: Body) -> Blob:
        """Keep the bytes of a request body; a large one's temporary file is moved, not copied."""
        if body.file is None:
            return self.put(body.small)
        checksum = Checksum()
        checksum.read(body.file)
        return self.adopt(body.file, checksum)

    def adopt(self, file: Path, checksum: Checksum) -> Blob:
        """Keep a file whose checksum is known; the file itself becomes the blob."""
        blob = checksum.blob()
        if blob.size < SMALL:
            self._insert(blob, file.read_bytes())
            return blob
        path = self._path(blob.address)
        path.parent.mkdir(exist_ok=True)
        file.replace(path)
        self._insert(blob, None)
        return blob

    def read(self, address: str, start: int = 0, length: int | None = None) -> bytes:
        """Bytes of a blob, or a range of them."""
        end = None if length is None else start + length
        row = self._db.execute("SELECT data FROM blob WHERE hash = ?", (address,)).fetchone()
        if row is not None and row[0] is not None:
            return bytes(row[0])[start:end]
        with self._path(address).open("rb") as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    def file(self, address: str) -> Path | None:
        """The file that holds a large blob, None when it is in the database."""
        row = self._db.execute("SELECT data IS NULL FROM blob WHERE hash = ?", (address,)).fetchone()
        return self._path(address) if row is not None and row[0] else None

    def _insert(self, blob: Blob, content: bytes | None) -> None:
        self._db.execute("INSERT OR IGNORE INTO blob VALUES(?, ?, ?)", (blob.address, blob.size, content))

    def _path(self, address: str) -> Path:
        return self._folder / address[:2] / address
