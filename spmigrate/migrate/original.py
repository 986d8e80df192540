"""Source files, opened for reading and for nothing else, with digests that grow while they are read.

A file is reached name by name from the root of its source, never through a link, so that nothing outside can be read
in its place and no path is too long.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from operator import or_
from pathlib import Path
from types import TracebackType
from typing import Self

from spmigrate import stubs
from spmigrate.errors import SpmigrateError
from spmigrate.migrate import codes
from spmigrate.migrate.codes import Code
from spmigrate.quickxor import QuickXor


def _flags(*names: str) -> int:
    """These flags of the operating system, as far as it has them."""
    return reduce(or_, (getattr(os, name, 0) for name in names), os.O_RDONLY)


_FOLDER = _flags("O_DIRECTORY", "O_CLOEXEC")
# A pipe that took the file's place must not make us wait for its other end.
_FILE = _flags("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
_NAME_BY_NAME = os.open in os.supports_dir_fd
_SHARE_GONE = frozenset({errno.ENOTCONN, errno.ESTALE, errno.EHOSTDOWN, errno.ENODEV, errno.ETIMEDOUT})


class SourceProblem(Exception):
    """A source file that cannot be had as it was: gone, unreadable, or altered while it was read."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Original:
    """An open source file. `size` and `modified_ns` are those of this moment; a context manager."""

    def __init__(self, root: str, path: bytes, name: bytes) -> None:
        """Open `name` in the folder `path` below `root`. Raises SourceProblem, SpmigrateError for a share that went."""
        self._root = root
        try:
            self._file = os.fdopen(_open(root, path, name), "rb")
            self._found = self._stat()
        except OSError as error:
            raise _problem(root, error) from None
        if not stat.S_ISREG(self._found.st_mode):
            self._file.close()
            raise SourceProblem(codes.SOURCE_CHANGED, "It was a file when it was scanned and is none now.")
        self.size = self._found.st_size
        self.modified_ns = self._found.st_mtime_ns
        self._quickxor = QuickXor()
        self._sha256 = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def fragments(self, length: int) -> Iterator[bytes]:
        """The content in pieces of `length` bytes; the last piece comes only when the file is as it was at the start.

        Raises SourceProblem.
        """
        left = self.size
        while left:
            piece = self._read(min(left, length))
            left -= len(piece)
            self._quickxor.update(piece)
            self._sha256.update(piece)
            if not left:
                self._confirm()
            yield piece
            del piece  # before the next one is read: memory holds one

    def read_all(self, length: int) -> None:
        """Read to the end for the digests alone."""
        for _ in self.fragments(length):
            pass

    def quickxor(self) -> str:
        """QuickXorHash of what has been read, as Graph writes it."""
        return self._quickxor.text()

    def sha256(self) -> str:
        """SHA-256 of what has been read, in hexadecimal."""
        return self._sha256.hexdigest()

    def _read(self, length: int) -> bytes:
        try:
            piece = self._file.read(length)
        except OSError as error:
            raise _problem(self._root, error) from None
        if len(piece) < length:
            raise SourceProblem(codes.SOURCE_CHANGED, "It became shorter while it was read.")
        return piece

    def _confirm(self) -> None:
        try:
            now, more = self._stat(), self._file.read(1)
        except OSError as error:
            raise _problem(self._root, error) from None
        before = self._found
        if more or (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise SourceProblem(codes.SOURCE_CHANGED, "It was written to while it was read.")

    def _stat(self) -> os.stat_result:
        return os.fstat(self._file.fileno())


def _open(root: str, path: bytes, name: bytes) -> int:
    if not _NAME_BY_NAME:
        whole = Path(root, os.fsdecode(path), os.fsdecode(name))
        if whole.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        _refuse_stub(os.fsencode(whole), os.lstat(whole))
        return os.open(whole, _FILE)
    folder = os.open(root, _FOLDER)
    try:
        for part in path.split(b"/") if path else ():
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        _refuse_stub(b"/proc/self/fd/%d/%b" % (folder, name), os.lstat(name, dir_fd=folder))
        return os.open(name, _FILE, dir_fd=folder)
    finally:
        os.close(folder)


def _refuse_stub(path: bytes, found: os.stat_result) -> None:
    if stubs.is_stub(path, found):
        raise SourceProblem(codes.SOURCE_OFFLINE, codes.SOURCE_OFFLINE.title)


def _problem(root: str, error: OSError) -> SourceProblem | SpmigrateError:
    if error.errno in _SHARE_GONE:
        return _gone(root)
    if error.errno == errno.ELOOP:
        return SourceProblem(codes.SOURCE_CHANGED, "It was a file when it was scanned and is a link now.")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceProblem(codes.SOURCE_VANISHED, codes.SOURCE_VANISHED.title) if _has_content(root) else _gone(root)
    return SourceProblem(codes.SOURCE_UNREADABLE, f"It could not be read: {error.strerror or error}.")


def _has_content(root: str) -> bool:
    """Whether the share is there: an empty folder in its place is where it was mounted."""
    with suppress(OSError):
        return any(Path(root).iterdir())
    return False


def _gone(root: str) -> SpmigrateError:
    return SpmigrateError(
        f"the source {root} is not there any more", hint="connect it again, then run the same command again"
    )
