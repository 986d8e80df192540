"""The compound files of old Office, of Outlook messages, and of everything Office encrypts: names and streams.

Source: [MS-CFB], Microsoft's description of the Compound File Binary format.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from spmigrate.scan.contents.window import Damaged, Window

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of a chain, free, used by the table itself."""
_MOST_ENTRIES = 4096
_ENTRY = 128
_STREAM = 2
_ROOT = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A storage or stream: its name, its kind, where it begins, how long it is."""

    name: str
    kind: int
    start: int
    size: int


class Compound:
    """The directory of a compound file, and the first bytes of its streams. Every method may raise Damaged, OSError."""

    def __init__(self, window: Window) -> None:
        self._window = window
        header = window.at(0, 512)
        if len(header) < 512 or not header.startswith(MAGIC):
            raise Damaged
        shift, mini_shift = struct.unpack_from("<HH", header, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise Damaged
        self._sector = 1 << shift
        self._tables: tuple[int, ...] = struct.unpack_from("<109I", header, 76)
        directory, self._cutoff, self._mini_table = struct.unpack_from("<I4xII", header, 48)
        self._more_tables = int.from_bytes(header[68:72], "little")
        self.entries = list(self._read_entries(directory))
        if not self.entries or self.entries[0].kind != _ROOT:
            raise Damaged

    def names(self) -> set[str]:
        """Every name in the file, of storages and streams alike."""
        return {entry.name for entry in self.entries}

    def stream(self, name: str, most: int) -> bytes | None:
        """The first `most` bytes of the first stream of this name; None where there is none."""
        found = next((each for each in self.entries if each.kind == _STREAM and each.name == name), None)
        if found is None:
            return None
        length = min(found.size, most)
        if found.size >= self._cutoff:
            return self._chain(found.start, length)
        return self._small(found.start, length)

    def _read_entries(self, start: int) -> Iterator[Entry]:
        whole = self._chain(start, _MOST_ENTRIES * _ENTRY)
        for at in range(0, len(whole) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", whole, at + 64)
            if kind and 2 <= length <= 64:
                name = whole[at : at + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", whole, at + 116)
                yield Entry(name, kind, first, size)

    def _chain(self, start: int, most: int) -> bytes:
        pieces: list[bytes] = []
        got, sector, seen = 0, start, set[int]()
        while got < most and sector < _LAST_SECTOR:
            if sector in seen:
                raise Damaged
            seen.add(sector)
            piece = self._window.at((sector + 1) * self._sector, self._sector)
            if not piece:
                raise Damaged
            pieces.append(piece)
            got += len(piece)
            sector = self._next(sector)
        return b"".join(pieces)[:most]

    def _next(self, sector: int) -> int:
        each = self._sector // 4
        table = self._table(sector // each)
        return self._number(table, sector % each)

    def _table(self, index: int) -> int:
        """The sector that holds this part of the table of sectors."""
        if index < len(self._tables):
            return self._tables[index]
        each = self._sector // 4 - 1
        hops, place = divmod(index - len(self._tables), each)
        sector = self._more_tables
        if hops > 1024:
            raise Damaged
        for _ in range(hops):
            sector = self._number(sector, each)
        return self._number(sector, place)

    def _number(self, sector: int, place: int) -> int:
        found = self._window.at((sector + 1) * self._sector + place * 4, 4)
        if len(found) < 4:
            raise Damaged
        return int.from_bytes(found, "little")

    def _small(self, start: int, length: int) -> bytes:
        """A short stream: it lies in pieces of 64 bytes inside the root's own stream."""
        table = self._chain(self._mini_table, 1 << 20)
        inside = self._chain(self.entries[0].start, min(self.entries[0].size, 4 << 20))
        pieces: list[bytes] = []
        sector = start
        while len(pieces) * 64 < length:
            if (sector + 1) * 4 > len(table) or (sector + 1) * 64 > len(inside) + 63:
                raise Damaged
            pieces.append(inside[sector * 64 : sector * 64 + 64])
            sector = int.from_bytes(table[sector * 4 : sector * 4 + 4], "little")
        return b"".join(pieces)[:length]
