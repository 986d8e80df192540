"""Facts of a file in one system call, its time of creation included where the platform keeps one.

Linux has the creation time in `statx` only, which Python's `os.stat` does not show.
"""

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Callable
from typing import NamedTuple

_WANTED = 0x001 | 0x002 | 0x040 | 0x200 | 0x800  # type, mode, modified, size, created
_CREATED = 0x800
_NOT_FOLLOWED = 0x100 | 0x800  # neither symbolic links nor automounts
_FIELDS = struct.Struct("=I24xH10xQ32xqI20xqI")  # mask, mode, size, created, modified
_SECOND = 1_000_000_000


class Facts(NamedTuple):
    """Mode, bytes, modified and created in nanoseconds since 1970; created is None where nobody knows it."""

    mode: int
    size: int
    modified_ns: int
    created_ns: int | None


Look = Callable[[int | None, bytes, bytes], Facts]
"""Facts of a name in an open folder (or, where folders cannot be opened, of the whole path). Raises OSError."""


def _portable(folder: int | None, name: bytes, path: bytes) -> Facts:
    found = os.lstat(path) if folder is None else os.lstat(name, dir_fd=folder)
    born: float | None = getattr(found, "st_birthtime", None)  # macOS and the BSDs; Windows from Python 3.12
    return Facts(found.st_mode, found.st_size, found.st_mtime_ns, None if born is None else int(born * _SECOND))


def _linux() -> Look | None:
    if sys.platform != "linux":
        return None
    try:
        statx = ctypes.CDLL(None, use_errno=True).statx
    except (OSError, AttributeError):
        return None
    statx.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
    buffer = ctypes.create_string_buffer(256)
    address = ctypes.addressof(buffer)
    unpack = _FIELDS.unpack_from

    def look(folder: int | None, name: bytes, path: bytes) -> Facts:
        if folder is None or statx(folder, name, _NOT_FOLLOWED, _WANTED, address) != 0:
            return _portable(folder, name, path)
        mask, mode, size, born, born_ns, modified, modified_ns = unpack(buffer)
        created = born * _SECOND + born_ns if mask & _CREATED else None
        return Facts(mode, size, modified * _SECOND + modified_ns, created)

    return look


look: Look = _linux() or _portable
"""The best way to look that this platform has. One thread at a time."""


def kind(mode: int) -> str:
    """What the ledger calls this kind of file."""
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "special"
