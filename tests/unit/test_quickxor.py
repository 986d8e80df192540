"""QuickXorHash against its definition, bit by bit, and against the rehearsal tenant's own code."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.quickxor import QuickXor, quickxor
from spmigrate.rehearsal import hashing


def by_definition(content: bytes) -> str:
    """One bit at a time, as the definition reads."""
    ring = [0] * 160
    for index, byte in enumerate(content):
        for bit in range(8):
            ring[(index * 11 + bit) % 160] ^= byte >> bit & 1
    for bit in range(64):
        ring[96 + bit] ^= len(content) >> bit & 1
    value = sum(bit << place for place, bit in enumerate(ring))
    return base64.b64encode(value.to_bytes(20, "little")).decode()


def test_empty_content_has_twenty_zero_bytes() -> None:
    assert quickxor(b"") == "AAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.mark.parametrize("size", [1, 7, 8, 15, 19, 20, 21, 159, 160, 161, 333, 1760, 15359, 15360, 15361, 100_003])
def test_hash_is_the_definition_at_every_boundary(size: int) -> None:
    content = bytes((number * 7919 + number // 251) % 256 for number in range(size))
    assert quickxor(content) == by_definition(content)


@given(st.binary(max_size=2000))
def test_hash_is_the_definition(content: bytes) -> None:
    assert quickxor(content) == by_definition(content)


@given(st.lists(st.integers(0, 60_000), max_size=8))
def test_pieces_give_the_hash_of_the_whole(sizes: list[int]) -> None:
    pieces = [bytes([number + 1]) * size for number, size in enumerate(sizes)]
    running = QuickXor()
    for piece in pieces:
        running.update(piece)
    assert running.text() == quickxor(b"".join(pieces))


def test_rehearsal_tenant_agrees() -> None:
    content = bytes(range(256)) * 1000
    witness = hashing.QuickXor()
    witness.update(content)
    assert quickxor(content) == witness.digest()
