"""Facts of files in one system call each, its time of creation included where the platform keeps one.

Linux has the creation time in `statx` only, which Python's `os.stat` does not show.
"""

import ctypes
import os
import stat
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from operator import not_
from typing import NamedTuple, Protocol

from spmigrate import stubs
from spmigrate.store.listing import Attribute, join

_WANTED = 0x001 | 0x002 | 0x040 | 0x100 | 0x200 | 0x400 | 0x800  # type, mode, modified, inode, size, blocks, created
_CREATED = 0x800
_NOT_FOLLOWED = 0x100 | 0x800  # neither symbolic links nor automounts
_BYTES = 256
"""What `statx` writes of a name; where its numbers are in it, counted in numbers of 8, 4 and 2 bytes, is below."""
_INODE, _SIZE, _BLOCKS, _BORN, _MODIFIED = 4, 5, 6, 10, 14
_MASK, _BORN_NS, _MODIFIED_NS = 0, 22, 30
_MODE = 14
_AT_ONCE = 256
"""Names that are asked for before what was written of them is read: it stays in the processor's cache."""
_SECOND = 1_000_000_000
_OPEN_FILE = stat.S_IFREG | stat.S_IROTH
_NO_FILE = stat.S_IFMT(0o170000) & ~stat.S_IFREG
"""The bits of a mode that a regular file that anybody may read has, and those of a type that it has not."""
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


class Seen(NamedTuple):
    """What was seen of some names at once: a number for each name in each column.

    `doubtful` are the positions of those that are no files that anybody may read, or of which something is not known:
    their numbers mean nothing, and they are to be looked at one by one.
    """

    sizes: Sequence[int]
    modified_ns: Sequence[int]
    created_ns: Sequence[int]
    file_ids: Sequence[int]
    doubtful: Sequence[int]


class Platform(Protocol):
    """How names of a folder are looked at: an open one, or where those cannot be opened, the one of the path given."""

    def look(self, folder: int | None, name: bytes, above: bytes) -> Facts:
        """Facts of one name. Raises OSError."""

    def look_at_all(self, folder: int | None, names: Sequence[bytes]) -> Iterator[tuple[Sequence[bytes], Seen]]:
        """Facts of many names, a part at a time. To be read to the end before another folder is looked at."""


class _Portable:
    """What every platform has."""

    def look(self, folder: int | None, name: bytes, above: bytes) -> Facts:
        """Facts of one name. Raises OSError."""
        found = os.lstat(join(above, name)) if folder is None else os.lstat(name, dir_fd=folder)
        born: float | None = getattr(found, "st_birthtime", None)  # macOS and the BSDs; Windows from Python 3.12
        created = None if born is None else int(born * _SECOND)
        signed = found.st_ino - (found.st_ino >> 63 << 64)
        attributes = _attributes(getattr(found, "st_file_attributes", 0))
        return Facts(found.st_mode, found.st_size, found.st_mtime_ns, created, signed or None, attributes)

    def look_at_all(self, _folder: int | None, names: Sequence[bytes]) -> Iterator[tuple[Sequence[bytes], Seen]]:
        """All names, each of them to be looked at."""
        yield names, Seen((), (), (), (), range(len(names)))


class _Linux:
    """Linux, by one system call a name, without a value of Python's for each."""

    def __init__(self, statx: Callable[..., int]) -> None:
        """`statx` of the C library. What it is called with is made once: that takes longer than the call."""
        self._statx = statx
        self._buffer = ctypes.create_string_buffer(_BYTES * _AT_ONCE)
        start = ctypes.addressof(self._buffer)
        self._slots = [ctypes.c_void_p(start + _BYTES * number) for number in range(_AT_ONCE)]
        self._flags, self._wanted = ctypes.c_int(_NOT_FOLLOWED), ctypes.c_uint(_WANTED)
        whole = memoryview(self._buffer).cast("B")
        self._by_eights, self._by_fours, self._by_twos = whole.cast("q"), whole.cast("I"), whole.cast("H")
        self._portable = _Portable()

    def look(self, folder: int | None, name: bytes, above: bytes) -> Facts:
        """Facts of one name. Raises OSError."""
        if folder is None or self._statx(ctypes.c_int(folder), name, self._flags, self._wanted, self._slots[0]):
            return self._portable.look(folder, name, above)
        eights, fours = self._by_eights, self._by_fours
        created = eights[_BORN] * _SECOND + fours[_BORN_NS] if fours[_MASK] & _CREATED else None
        modified = eights[_MODIFIED] * _SECOND + fours[_MODIFIED_NS]
        mode, size, inode = self._by_twos[_MODE], eights[_SIZE], eights[_INODE]
        # A file that has bytes and none of them here may be a stub.
        attributes = 0 if eights[_BLOCKS] or not size else _attributes(stubs.mounted(join(above, name)))
        return Facts(mode, size, modified, created, inode or None, attributes)

    def look_at_all(self, folder: int | None, names: Sequence[bytes]) -> Iterator[tuple[Sequence[bytes], Seen]]:
        """Facts of many names, a part at a time."""
        if folder is None:
            yield from self._portable.look_at_all(folder, names)
            return
        opened, flags, wanted = repeat(ctypes.c_int(folder)), repeat(self._flags), repeat(self._wanted)
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            refused = list(map(self._statx, opened, part, flags, wanted, self._slots))
            yield part, self._seen(refused)

    def _seen(self, refused: Sequence[int]) -> Seen:
        """What was written of the first names, of which some were `refused`."""
        count = len(refused)
        eights, fours = self._by_eights[: count * _BYTES // 8], self._by_fours[: count * _BYTES // 4]
        sizes, inodes = array("q", eights[_SIZE :: _BYTES // 8].tobytes()), eights[_INODE :: _BYTES // 8].tolist()
        born, modified = eights[_BORN :: _BYTES // 8].tolist(), eights[_MODIFIED :: _BYTES // 8].tolist()
        born_ns, modified_ns = fours[_BORN_NS :: _BYTES // 4].tolist(), fours[_MODIFIED_NS :: _BYTES // 4].tolist()
        return Seen(
            sizes,
            [seconds * _SECOND + rest for seconds, rest in zip(modified, modified_ns, strict=True)],
            [seconds * _SECOND + rest for seconds, rest in zip(born, born_ns, strict=True)],
            inodes,
            self._doubtful(refused, sizes, inodes),
        )

    def _doubtful(self, refused: Sequence[int], sizes: Sequence[int], inodes: Sequence[int]) -> Sequence[int]:
        count = len(refused)
        blocks = self._by_eights[_BLOCKS : count * _BYTES // 8 : _BYTES // 8].tolist()
        masks = self._by_fours[_MASK : count * _BYTES // 4 : _BYTES // 4].tolist()
        modes = self._by_twos[_MODE : count * _BYTES // 2 : _BYTES // 2].tolist()
        doubtful = {place for place, block in enumerate(blocks) if not block and sizes[place]} if 0 in blocks else set()
        for values, is_doubtful in ((refused, bool), (inodes, not_), (masks, _lacks), (modes, _is_no_file)):
            doubted = set(filter(is_doubtful, set(values)))
            if doubted:
                doubtful.update(place for place, value in enumerate(values) if value in doubted)
        return sorted(doubtful)


def _is_no_file(mode: int) -> bool:
    return mode & _OPEN_FILE != _OPEN_FILE or bool(mode & _NO_FILE)


def _lacks(mask: int) -> bool:
    return not mask & _CREATED


def _attributes(windows: int) -> int:
    """The ledger's attributes for those of Windows."""
    found = 0
    for bits, attribute in _WINDOWS:
        if windows & bits:
            found |= attribute
    return found


def _best() -> Platform:
    if sys.platform != "linux":
        return _Portable()
    try:
        return _Linux(ctypes.CDLL(None).statx)
    except (OSError, AttributeError):
        return _Portable()


platform: Platform = _best()
"""The best way to look that this platform has. One thread at a time."""


def kind(mode: int) -> str:
    """What the ledger calls this kind of file."""
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "special"
