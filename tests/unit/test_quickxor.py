"""QuickXorHash against its definition, bit by bit, and against the rehearsal tenant's own code."""

import base64
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate import quickxor as ours
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


@pytest.mark.parametrize("strides", [1, 2, 17, 40])
def test_the_fast_way_and_the_plain_way_fold_alike(strides: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = Random(strides).randbytes(strides * ours._STRIDE + 13)
    fast = quickxor(content)
    assert ours._fastest() is not ours.fold_plainly, "NumPy is installed with the tests"
    monkeypatch.setattr(ours, "_fastest", lambda: ours.fold_plainly)
    assert quickxor(content) == fast


def test_without_numpy_digests_are_made_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    ours._fastest.cache_clear()
    assert ours._fastest() is ours.fold_plainly
    ours._fastest.cache_clear()
