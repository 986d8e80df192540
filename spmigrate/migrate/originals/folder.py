"""Files of folders of this machine, mounted shares among them.

A file is reached name by name from the root of its source, never through a link, so that nothing outside can be read
in its place and no path is too long.
"""

import errno
import os
import stat
from contextlib import suppress
from functools import reduce
from operator import or_
from pathlib import Path

from spmigrate import stubs
from spmigrate.errors import SpmigrateError
from spmigrate.migrate import codes
from spmigrate.migrate.original import Original, SourceProblem, gone


def _flags(*names: str) -> int:
    """These flags of the operating system, as far as it has them."""
    return reduce(or_, (getattr(os, name, 0) for name in names), os.O_RDONLY)


_FOLDER = _flags("O_DIRECTORY", "O_CLOEXEC")
# A pipe that took the file's place must not make us wait for its other end.
_FILE = _flags("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
_NAME_BY_NAME = os.open in os.supports_dir_fd
_SHARE_GONE = frozenset({errno.ENOTCONN, errno.ESTALE, errno.EHOSTDOWN, errno.ENODEV, errno.ETIMEDOUT})
_LOCKED = frozenset({errno.EBUSY, errno.ETXTBSY, errno.EDEADLK})
_LOCKED_ON_WINDOWS = frozenset({32, 33})  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


class FolderOriginal(Original):
    """A file of a folder of this machine."""

    def __init__(self, root: str, path: bytes, name: bytes) -> None:
        """Open `name` in the folder `path` below `root`. Raises SourceProblem, SpmigrateError for a share that went."""
        self._root = root
        try:
            self._file = os.fdopen(_open(root, path, name), "rb")
            found = os.fstat(self._file.fileno())
        except OSError as error:
            raise _problem(root, error) from None
        if not stat.S_ISREG(found.st_mode):
            self._file.close()
            raise SourceProblem(codes.SOURCE_CHANGED, "It was a file when it was scanned and is none now.")
        super().__init__(found.st_size, found.st_mtime_ns)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self, length: int) -> bytes:
        try:
            return self._file.read(length)
        except OSError as error:
            raise _problem(self._root, error) from None

    def _look(self) -> tuple[int, int]:
        try:
            now, more = os.fstat(self._file.fileno()), len(self._file.read(1))
        except OSError as error:
            raise _problem(self._root, error) from None
        return now.st_size + more, now.st_mtime_ns


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
        return gone(root)
    if error.errno == errno.ELOOP:
        return SourceProblem(codes.SOURCE_CHANGED, "It was a file when it was scanned and is a link now.")
    if error.errno in _LOCKED or getattr(error, "winerror", None) in _LOCKED_ON_WINDOWS:
        return SourceProblem(codes.SOURCE_LOCKED, codes.SOURCE_LOCKED.title)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return SourceProblem(codes.SOURCE_VANISHED, codes.SOURCE_VANISHED.title) if _has_content(root) else gone(root)
    return SourceProblem(codes.SOURCE_UNREADABLE, f"It could not be read: {error.strerror or error}.")


def _has_content(root: str) -> bool:
    """Whether the share is there: an empty folder in its place is where it was mounted."""
    with suppress(OSError):
        return any(Path(root).iterdir())
    return False
