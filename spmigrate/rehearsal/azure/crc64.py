"""CRC-64 as Azure Storage checks bodies with it (`x-ms-content-crc64`): CRC-64/NVME, base64 of little-endian bytes.

About 10 MB a second: it is worked out only where a client sends one.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

_POLYNOMIAL = 0x9A6C9329AC4BC9B5
_ONES = 0xFFFFFFFFFFFFFFFF


def _make_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        register = byte
        for _ in range(8):
            register = (register >> 1) ^ (_POLYNOMIAL if register & 1 else 0)
        table.append(register)
    return tuple(table)


_TABLE = _make_table()


def crc64(pieces: Iterable[bytes]) -> str:
    """The checksum of the pieces put together, as the header writes it."""
    table, crc = _TABLE, _ONES
    for piece in pieces:
        for byte in piece:
            crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return base64.b64encode((crc ^ _ONES).to_bytes(8, "little")).decode()
