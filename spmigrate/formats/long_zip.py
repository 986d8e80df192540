"""A zip file of any size, written and read entry by entry, so that memory stays flat."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from spmigrate.errors import InputError, Problem
from spmigrate.formats import whole

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o644 << 16
_PIECE = 1 << 20
_MOST_TIMES = 200
"""How many times its packed size an entry may unpack to: text packs to a twentieth, a trap to a thousandth."""
_SMALL = 10 << 20
_DAMAGE = (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, LookupError)


class LongZip:
    """A zip file being written; knows the SHA-256 of every entry so far."""

    def __init__(self, book: zipfile.ZipFile) -> None:
        """Use `writing` instead."""
        self._book = book
        self.digests: dict[str, str] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write an entry, piece by piece; without a time of its own, so that equal content gives an equal file."""
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.create_system = 3
        entry.external_attr = _PLAIN_FILE
        entry.compress_type = zipfile.ZIP_DEFLATED
        digest = hashlib.sha256()
        with self._book.open(entry, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        self.digests[name] = digest.hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[LongZip]:
    """A zip file at `path`, there whole or not at all. Raises OSError."""
    with whole.writing(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as book:
        yield LongZip(book)


class ReadZip:
    """A zip file being read; a context manager."""

    def __init__(self, path: Path) -> None:
        """Raises InputError when it is none, or holds a name twice."""
        try:
            self._book = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise _damaged(path, error) from None
        self._path = path
        self.names = tuple(each.filename for each in self._book.infolist())
        if len(set(self.names)) < len(self.names):
            raise _damaged(path, ValueError("holds a name twice"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def whole(self, name: str) -> bytes:
        """A small entry as a whole. Raises InputError when it is damaged or larger than 10 MB."""
        content = b""
        for piece in self._pieces(name):
            content += piece
            if len(content) > _SMALL:
                raise _damaged(self._path, ValueError(f"{name} is larger than 10 MB"))
        return content

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of an entry without their ends. Raises InputError when it is damaged."""
        rest = b""
        for piece in self._pieces(name):
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > _SMALL:
                raise _damaged(self._path, ValueError(f"a line of {name} is larger than 10 MB"))
            yield from lines
        if rest:
            yield rest

    def digest(self, name: str) -> str:
        """SHA-256 of an entry, in hexadecimal. Raises InputError when it is damaged."""
        found = hashlib.sha256()
        for piece in self._pieces(name):
            found.update(piece)
        return found.hexdigest()

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            entry = self._book.getinfo(name)
            if entry.file_size > max(entry.compress_size * _MOST_TIMES, _SMALL):
                raise ValueError(f"{name} unpacks to {entry.file_size:,} bytes")
            with self._book.open(entry) as file:
                yield from _read(file)
        except _DAMAGE as error:
            raise _damaged(self._path, error) from None


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(f"{path} is damaged", [Problem(path.name, f"is no whole zip file: {error}")])
