"""A file that is read once from the front for its digests, and looked into at a few places, within bounds."""

import hashlib
from collections import deque
from typing import BinaryIO

from spmigrate.quickxor import QuickXor

PIECE = 1 << 18
"""Bytes read at once for the digests: as many as stay in a processor's cache until both are made.

The first piece and the last two stay in memory, so that most looks are free.
"""

_BLOCK = 1 << 14
_MOST_BYTES = 16 << 20
"""Bytes that all looks into one file may read, however large it is or says it is."""
_MOST_LOOKS = 4096


class Damaged(Exception):
    """The bytes contradict themselves: a place outside, a circle, or more to read than a sound file needs."""


class Window:
    """Looks into an open file of a known size."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.size = size
        self._file = file
        self._kept: list[tuple[int, bytes]] = []
        self._blocks: dict[int, bytes] = {}
        self._left = _MOST_BYTES
        self._looks = _MOST_LOOKS

    def digests(self) -> tuple[str, str] | None:
        """Read to the end: SHA-256 in hexadecimal and QuickXorHash as Graph writes it.

        None when the file is not as long as it is said to be: it is being written to. Raises OSError.
        """
        sha256, quickxor = hashlib.sha256(), QuickXor()
        last: deque[tuple[int, bytes]] = deque(maxlen=2)
        at = 0
        while at <= self.size and (piece := self._file.read(PIECE)):
            sha256.update(piece)
            quickxor.update(piece)
            if not at:
                self._kept.append((0, piece))
            last.append((at, piece))
            at += len(piece)
        if last:
            self._kept.append((last[0][0], b"".join(piece for _, piece in last)))
        return (sha256.hexdigest(), quickxor.text()) if at == self.size else None

    def at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; fewer at the end of the file. Raises OSError, Damaged."""
        if not 0 <= offset <= self.size:
            raise Damaged
        length = min(length, self.size - offset)
        for start, piece in self._kept:
            if start <= offset and offset + length <= start + len(piece):
                return piece[offset - start : offset - start + length]
        if length > _BLOCK:
            return self._read(offset, length)
        first = self._block(offset // _BLOCK)[offset % _BLOCK :][:length]
        rest = length - len(first)
        return first + self._block(offset // _BLOCK + 1)[:rest] if rest else first

    def head(self) -> bytes:
        """The beginning of the file."""
        return self.at(0, _BLOCK)

    def tail(self, length: int) -> bytes:
        """The last `length` bytes, or all of a shorter file."""
        return self.at(max(0, self.size - length), length)

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            self._blocks[number] = self._read(number * _BLOCK, min(_BLOCK, self.size - number * _BLOCK))
        return self._blocks[number]

    def _read(self, offset: int, length: int) -> bytes:
        self._left -= length
        self._looks -= 1
        if length < 0 or self._left < 0 or self._looks < 0:
            raise Damaged
        self._file.seek(offset)
        return self._file.read(length)
