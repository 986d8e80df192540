"""The names of a folder, out of the bytes of a server: FileIdBothDirectoryInformation, MS-FSCC 2.4.22. Pure."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_FIXED = struct.Struct("<I4xq8xq8xq8xIII28xQ")
_TICKS_BEFORE_1970 = 116_444_736_000_000_000
_LATEST = 2**63 - 1

HIDDEN = 0x2
SYSTEM = 0x4
DIRECTORY = 0x10
REPARSE = 0x400
OFFLINE = 0x1000
ENCRYPTED = 0x4000
RECALL_ON_OPEN = 0x40000
RECALL_ON_DATA_ACCESS = 0x400000
STUB = OFFLINE | RECALL_ON_OPEN | RECALL_ON_DATA_ACCESS
"""Attributes of a file whose content lies elsewhere."""

_DFS = (0x8000000A, 0x80000012)
_LINKS = (0x80000014, 0xA000001D)  # NFS links, links of the Linux subsystem
_SPECIALS = (0x80000023, 0x80000024, 0x80000025, 0x80000026, 0x8000001B)
_SURROGATE = 0x20000000
"""Set in the tag of a reparse point that stands for another name: a junction, a mount or a symbolic link."""


class Named(NamedTuple):
    """One name. Times are nanoseconds since 1970; `created_ns` and `id` are None where the server keeps none."""

    name: bytes
    attributes: int
    size: int
    modified_ns: int
    created_ns: int | None
    tag: int
    id: int | None

    @property
    def kind(self) -> str:
        """What the ledger calls it. A link of a DFS namespace is a folder: its target is scanned in its place."""
        if self.attributes & REPARSE:
            if self.is_dfs_link:
                return "folder"
            if self.tag & _SURROGATE or self.tag in _LINKS:
                return "link"
            if self.tag in _SPECIALS:
                return "special"
        return "folder" if self.attributes & DIRECTORY else "file"

    @property
    def is_dfs_link(self) -> bool:
        """Whether it leads to another share of the namespace."""
        return bool(self.attributes & REPARSE) and self.tag in _DFS

    @property
    def is_stub(self) -> bool:
        """Whether its content lies elsewhere, and reading it would bring it back."""
        return bool(self.attributes & STUB)


def parse(answer: bytes) -> Iterator[Named]:
    """Every name in an answer, `.` and `..` included. Raises ValueError when it is cut off."""
    offset = 0
    while True:
        try:
            following, created, modified, size, attributes, length, tag, number = _FIXED.unpack_from(answer, offset)
        except struct.error:
            raise ValueError("the listing is cut off") from None
        start = offset + _FIXED.size
        name = answer[start : start + length]
        if len(name) != length or length % 2:
            raise ValueError("the listing is cut off")
        known = number if number not in (0, 0xFFFFFFFFFFFFFFFF) else None
        yield Named(
            name, attributes, size, nanoseconds(modified), nanoseconds(created) if created > 0 else None, tag, known
        )
        if following == 0:
            return
        offset += following


def nanoseconds(ticks: int) -> int:
    """A time of Windows, in tenths of microseconds since 1601, as nanoseconds since 1970; the latest that fits."""
    return min(max((ticks - _TICKS_BEFORE_1970) * 100, -_LATEST), _LATEST)
