"""QuickXorHash, the checksum that the service reports for a file."""

from __future__ import annotations

import base64

_RING = 160
_STEP = 11
# Any multiple of 160 bytes lines up with the ring again, so whole blocks can be folded onto one another first.
_BLOCK = 160 * 512
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
        lanes = _fold(
            self._folded ^ int.from_bytes(self._rest, "little"),
            max(_BLOCK if self._folded else 0, len(self._rest)),
        )
        ring = 0
        for position, byte in enumerate(lanes):
            spread = byte << (position * _STEP % _RING)
            ring ^= (spread & _MASK) ^ (spread >> _RING)
        result = ring ^ (self._size << 96)
        return base64.b64encode((result & _MASK).to_bytes(20, "little")).decode()


def _fold(value: int, length: int) -> bytes:
    """XOR all 160-byte stretches of a little-endian number of `length` bytes onto one, by halving."""
    stretches = max(1, -(-length // 160))
    while stretches > 1:
        half = -(-stretches // 2)
        bits = half * 160 * 8
        value = (value & ((1 << bits) - 1)) ^ (value >> bits)
        stretches = half
    return value.to_bytes(160, "little")


def quick_xor_hash(content: bytes) -> str:
    """The QuickXorHash of bytes, base64."""
    running = QuickXor()
    running.update(content)
    return running.digest()
