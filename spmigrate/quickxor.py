"""QuickXorHash, the digest that Microsoft Graph gives for every file.

Byte `i` of the content is XORed into a ring of 160 bits at bit `11 * i mod 160`, and the length into the last eight
bytes. The place depends on `i mod 160` alone, so content is folded in large strides first and placed once at the end.
It finds transfer errors; against tampering it is worthless, which is why SHA-256 is kept beside it.
Source: Microsoft's "QuickXorHash" snippet for OneDrive and SharePoint.

Python alone folds about half a gigabyte a second, and nothing in its library is faster; with NumPy, where it is
installed (the extra `fast`), it is a multiple of that. Both give the same digest.
"""

import base64
from collections.abc import Callable
from functools import cache

_LANE = 160
"""Bytes after which the places repeat."""
_STRIDE = _LANE * 96
"""Bytes folded at once: as many as stay, with the numbers made of them, in the processor's nearest cache."""
_WORTH_LOADING = 16 * _STRIDE
"""Bytes in one piece from which NumPy is worth its start: files that are smaller are done sooner without."""

_LANE_BITS = _LANE * 8
_RING_BITS = 160
_RING = (1 << _RING_BITS) - 1


class QuickXor:
    """A running QuickXorHash, fed with any pieces in order."""

    __slots__ = ("_folded", "_length", "_rest")

    def __init__(self) -> None:
        self._folded = 0
        self._length = 0
        self._rest = bytearray()

    def update(self, piece: bytes | bytearray | memoryview) -> None:
        """Take the next bytes of the content."""
        view = memoryview(piece)
        self._length += len(view)
        if self._rest:
            missing = _STRIDE - len(self._rest)
            self._rest += view[:missing]
            view = view[missing:]
            if len(self._rest) < _STRIDE:
                return
            self._folded ^= int.from_bytes(self._rest, "little")
            self._rest.clear()
        whole = len(view) - len(view) % _STRIDE
        fold = _fastest() if whole >= _WORTH_LOADING else fold_plainly
        self._folded ^= fold(view[:whole])
        self._rest += view[whole:]

    def digest(self) -> bytes:
        """The 20 bytes of the hash of everything so far."""
        lane = _one_lane(self._folded ^ int.from_bytes(self._rest, "little"))
        placed = _place(lane) ^ (self._length << (_RING_BITS - 64))
        return (placed & _RING).to_bytes(_RING_BITS // 8, "little")

    def text(self) -> str:
        """The hash as Graph writes it, in base64."""
        return base64.b64encode(self.digest()).decode("ascii")


Fold = Callable[[memoryview], int]
"""Folds whole strides into one, as a number."""


def fold_plainly(strides: memoryview) -> int:
    """Fold with nothing but Python."""
    folded = 0
    for start in range(0, len(strides), _STRIDE):
        folded ^= int.from_bytes(strides[start : start + _STRIDE], "little")
    return folded


@cache
def _fastest() -> Fold:
    try:
        import numpy
    except ImportError:
        return fold_plainly

    def fold(strides: memoryview) -> int:
        rows = numpy.frombuffer(strides, dtype=numpy.uint64).reshape(-1, _STRIDE // 8)
        return int.from_bytes(numpy.bitwise_xor.reduce(rows, axis=0).tobytes(), "little")

    return fold


def quickxor(content: bytes) -> str:
    """The hash of a whole content, as Graph writes it."""
    running = QuickXor()
    running.update(content)
    return running.text()


def _one_lane(folded: int) -> bytes:
    """Fold by halves until one lane is left."""
    lanes = -(-folded.bit_length() // _LANE_BITS)
    while lanes > 1:
        lanes = -(-lanes // 2)
        folded = (folded >> (lanes * _LANE_BITS)) ^ (folded & ((1 << (lanes * _LANE_BITS)) - 1))
    return folded.to_bytes(_LANE, "little")


def _place(lane: bytes) -> int:
    """XOR each byte of the lane into the ring, 11 bits after the one before it.

    Every eighth byte lies 88 bits, a whole 11 bytes, further on: eight spreads place all of them.
    """
    spread = 0
    for first in range(8):
        spaced = bytearray(_LANE // 8 * 11)
        spaced[::11] = lane[first::8]
        spread ^= int.from_bytes(spaced, "little") << (11 * first)
    ring = 0
    while spread:
        ring ^= spread & _RING
        spread >>= _RING_BITS
    return ring
