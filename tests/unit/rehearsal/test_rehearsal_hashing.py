"""QuickXorHash against the definition, byte by byte, and against known values."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.rehearsal.hashing import QuickXor
from tests.unit.rehearsal.builders import quick_xor_hash


def by_definition(content: bytes) -> str:
    ring = 0
    for position, byte in enumerate(content):
        shifted = byte << (position * 11 % 160)
        ring ^= (shifted & ((1 << 160) - 1)) ^ (shifted >> 160)
    result = bytearray(ring.to_bytes(20, "little"))
    for position, byte in enumerate(len(content).to_bytes(8, "little")):
        result[12 + position] ^= byte
    return base64.b64encode(bytes(result)).decode()


def test_empty_file_hashes_to_twenty_zero_bytes() -> None:
    assert quick_xor_hash(b"") == base64.b64encode(bytes(20)).decode()


@given(st.binary(max_size=2000), st.integers(0, 2000))
def test_hash_is_the_definition_however_the_bytes_are_cut(content: bytes, cut: int) -> None:
    running = QuickXor()
    running.update(content[:cut])
    running.update(content[cut:])
    assert running.digest() == by_definition(content)


def test_long_content_folds_to_the_definition() -> None:
    content = bytes((index * 7 + index // 251) % 256 for index in range(200_003))
    running = QuickXor()
    for start in range(0, len(content), 33_333):
        running.update(content[start : start + 33_333])
    assert running.digest() == by_definition(content)
