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

from spmigrate import stubs
from spmigrate.store.listing import Attribute, join

_WANTED = 0x001 | 0x002 | 0x040 | 0x100 | 0x200 | 0x400 | 0x800  # type, mode, modified, inode, size, blocks, created
_CREATED = 0x800
_NOT_FOLLOWED = 0x100 | 0x800  # neither symbolic links nor automounts
_FIELDS = struct.Struct("=I24xH2xqQQ24xqI20xqI")  # mask, mode, inode, size, blocks, created, modified
_SECOND = 1_000_000_000
_WINDOWS = (
    (0x2, Attribute.HIDDEN), (0x4, Attribute.SYSTEM), (0x400, Attribute.REPARSE), (0x4000, Attribute.ENCRYPTED),
    (stubs.ELSEWHERE, Attribute.OFFLINE),
)  # fmt: skip


class Facts(NamedTuple):
    """Mode, bytes, modified and created in nanoseconds since 1970; created is None where nobody knows it.

    `file_id` is the inode as a number with a sign, which is what the ledger's column holds.
    """

    mode: int
    size: int
    modified_ns: int
    created_ns: int | None
    file_id: int | None
    attributes: int = 0


Look = Callable[[int | None, bytes, bytes], Facts]
"""Facts of a name in an open folder; where folders cannot be opened, in the one of the path given. Raises OSError."""


def _portable(folder: int | None, name: bytes, above: bytes) -> Facts:
    found = os.lstat(join(above, name)) if folder is None else os.lstat(name, dir_fd=folder)
    born: float | None = getattr(found, "st_birthtime", None)  # macOS and the BSDs; Windows from Python 3.12
    created = None if born is None else int(born * _SECOND)
    signed = found.st_ino - (found.st_ino >> 63 << 64)
    attributes = _attributes(getattr(found, "st_file_attributes", 0))
    return Facts(found.st_mode, found.st_size, found.st_mtime_ns, created, signed or None, attributes)


def _attributes(windows: int) -> int:
    """The ledger's attributes for those of Windows."""
    found = 0
    for bits, attribute in _WINDOWS:
        if windows & bits:
            found |= attribute
    return found


def _linux() -> Look | None:
    if sys.platform != "linux":
        return None
    try:
        statx = ctypes.CDLL(None).statx
    except (OSError, AttributeError):
        return None
    buffer = ctypes.create_string_buffer(256)
    # Made once: converting Python's numbers takes longer than the rest of the call.
    flags, wanted, address = (
        ctypes.c_int(_NOT_FOLLOWED),
        ctypes.c_uint(_WANTED),
        ctypes.c_void_p(ctypes.addressof(buffer)),
    )
    unpack, new, second = _FIELDS.unpack_from, tuple.__new__, _SECOND

    def look(folder: int | None, name: bytes, above: bytes) -> Facts:
        if folder is None or statx(folder, name, flags, wanted, address):
            return _portable(folder, name, above)
        mask, mode, inode, size, blocks, born, born_ns, modified, modified_ns = unpack(buffer)
        created = born * second + born_ns if mask & _CREATED else None
        # A file that has bytes and none of them here may be a stub.
        attributes = 0 if blocks or not size else _attributes(stubs.mounted(join(above, name)))
        return new(Facts, (mode, size, modified * second + modified_ns, created, inode or None, attributes))

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
