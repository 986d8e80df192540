"""QuickXorHash, the checksum that the service reports for a file."""

from __future__ import annotations

import base64

_RING = 160
_STEP = 11
_LANES = 160
# Any multiple of 160 bytes lines up with the ring again, so whole blocks can be folded onto one another first.
_BLOCK = _LANES * 512
_MASK = (1 << _RING) - 1


class QuickXor:
    """A running QuickXorHash: feed it bytes, ask for the digest at any time."""

    def __init__(self) -> None:
        self._folded = 0
        self._size = 0
        self._rest = b""

    def update(self, content: bytes) -> None:
        """Add bytes."""
        self._size += len(content)
        joined = self._rest + content if self._rest else content
        whole = len(joined) - len(joined) % _BLOCK
        for start in range(0, whole, _BLOCK):
            self._folded ^= int.from_bytes(joined[start : start + _BLOCK], "little")
        self._rest = joined[whole:]

    def digest(self) -> str:
        """The hash so far, base64 as in `file.hashes.quickXorHash`."""
        length = _BLOCK if self._folded else len(self._rest)
        lanes = _fold(self._folded ^ int.from_bytes(self._rest, "little"), length, _LANES * 8)
        ring = _fold(_spread(lanes), _LANES * _STEP // 8, _RING)
        return base64.b64encode(((ring ^ (self._size << 96)) & _MASK).to_bytes(20, "little")).decode()


def _fold(value: int, length: int, width: int) -> int:
    """XOR all stretches of `width` bits of a number of `length` bytes onto one, by halving."""
    stretches = max(1, -(-length * 8 // width))
    while stretches > 1:
        stretches = -(-stretches // 2)
        bits = stretches * width
        value = (value & ((1 << bits) - 1)) ^ (value >> bits)
    return value


def _moves() -> tuple[tuple[int, int, int], ...]:
    """For each power of two: which bits stay, which move up, and by how many."""
    everything = (1 << (_LANES * _STEP)) - 1
    moves = []
    for power in (128, 64, 32, 16, 8, 4, 2, 1):
        moving = 0
        for lane in range(_LANES):
            if lane & power:
                # The higher powers have moved this lane already.
                moving |= 0xFF << (8 * lane + (_STEP - 8) * (lane & ~(2 * power - 1)))
        moves.append((everything ^ moving, moving, (_STEP - 8) * power))
    return tuple(moves)


_MOVES = _moves()


def _spread(lanes: int) -> int:
    """Move byte `n` of a number to bit `11 * n`, all bytes at once."""
    for staying, moving, bits in _MOVES:
        lanes = (lanes & staying) | ((lanes & moving) << bits)
    return lanes
