"""Zip files and the new Office formats, by their list of members alone: nothing is ever unpacked.

Source: PKWARE's APPNOTE.TXT, sections 4.3.12 to 4.3.16.
"""

import struct
from dataclasses import dataclass

from spmigrate.scan.contents.window import Damaged, Window

MAGIC = b"PK\x03\x04"
EMPTY = b"PK\x05\x06"

_LIST_ENDS = struct.Struct("<4x6xHII")
_LONG_ENDS = struct.Struct("<4x28xQQQ")
_MEMBER = struct.Struct("<4s4xH18xHHH")
_MEMBER_BYTES = 46
_MOST_BYTES = 4 << 20
"""Bytes of the list of members that are read: some 40,000 of them."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The names of the members, and whether any is encrypted. `cut` when the list is longer than what was read."""

    names: tuple[str, ...]
    encrypted: bool
    cut: bool

    def count(self, start: str, end: str = "") -> int:
        """How many members' names begin and end so, in any case."""
        return sum(name.startswith(start) and name.endswith(end) for name in self.names)


def read(window: Window) -> Archive:
    """The members of a zip file. Raises Damaged when it has no list of them, OSError when it cannot be read."""
    tail = window.tail(65_557)
    end = tail.rfind(EMPTY)
    if end < 0 or len(tail) - end < 22:
        raise Damaged
    place = window.size - len(tail) + end
    _, size, offset = _LIST_ENDS.unpack_from(tail, end)
    if 0xFFFFFFFF in (size, offset):
        size, place = _long(window, place)
    # What stands before the archive, as in a program that unpacks itself, moves everything: count from the end.
    listed = window.at(place - size, min(size, _MOST_BYTES))
    names: list[str] = []
    encrypted, at = False, 0
    while at + _MEMBER_BYTES <= len(listed):
        magic, flags, name, extra, comment = _MEMBER.unpack_from(listed, at)
        if magic != b"PK\x01\x02":
            raise Damaged
        encrypted = encrypted or bool(flags & 1)
        names.append(listed[at + _MEMBER_BYTES : at + _MEMBER_BYTES + name].decode("utf-8", "replace").lower())
        at += _MEMBER_BYTES + name + extra + comment
    if size and not names:
        raise Damaged
    return Archive(tuple(names), encrypted, size > _MOST_BYTES)


def _long(window: Window, place: int) -> tuple[int, int]:
    """Size of the list and where it ends, of an archive beyond 4 GB or 65,535 members."""
    locator = window.at(place - 20, 20)
    if not locator.startswith(b"PK\x06\x07"):
        raise Damaged
    ends_at = int.from_bytes(locator[8:16], "little")
    record = window.at(ends_at, 56)
    if len(record) < 56 or not record.startswith(b"PK\x06\x06"):
        raise Damaged
    _, size, _ = _LONG_ENDS.unpack(record)
    return size, ends_at
