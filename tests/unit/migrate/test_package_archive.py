"""Archives and the cipher of packages: Microsoft's limits, kept for any mix of sizes."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate.package import cipher
from spmigrate.migrate.package.archive import FILE_BELOW, MOST_ARCHIVES, MOST_BYTES, ArchiveWriter, choose

SIZES = st.dictionaries(st.integers(0, 10_000), st.integers(0, 300_000), max_size=250)
KEY = bytes(range(32))


@given(SIZES)
def test_archives_keep_to_the_limits(sizes: dict[int, int]) -> None:
    archives = choose(sizes)
    assert len(archives) <= MOST_ARCHIVES
    assert len({each for archive in archives for each in archive}) == sum(map(len, archives))
    for archive in archives:
        assert len(archive) > 1
        assert sum(sizes[each] for each in archive) < MOST_BYTES
        assert all(cipher.encrypted_size(sizes[each]) < FILE_BELOW for each in archive)


@given(SIZES)
def test_the_same_sizes_give_the_same_archives(sizes: dict[int, int]) -> None:
    assert choose(sizes) == choose(dict(reversed(sizes.items())))


def test_a_full_archive_is_below_ten_megabytes_with_all_that_a_zip_adds() -> None:
    sizes = dict.fromkeys(range(250), 79_000)
    for archive in choose(sizes):
        writer = ArchiveWriter()
        for each in archive:
            writer.add(f"{each:036d}", bytes(sizes[each]))
        assert writer.size >= len(content := writer.close())
        assert cipher.encrypted_size(len(content)) <= MOST_BYTES


def test_small_files_go_first_and_one_alone_is_no_archive() -> None:
    assert choose({1: 10, 2: 99_999}) == []
    assert choose({1: 30, 2: 20, 3: 200_000, 4: 10}) == [[4, 2, 1]]


def test_members_are_stored_and_not_compressed() -> None:
    writer = ArchiveWriter()
    writer.add("a", b"x" * 1000)
    with zipfile.ZipFile(io.BytesIO(writer.close())) as archive:
        assert archive.getinfo("a").compress_type == zipfile.ZIP_STORED
        assert archive.read("a") == b"x" * 1000


@given(st.binary(max_size=200), st.integers(1, 50))
def test_pieces_and_the_whole_give_the_same_cipher(content: bytes, length: int) -> None:
    vector = cipher.new_vector()
    pieces = [content[start : start + length] for start in range(0, len(content), length)]
    sealed = cipher.encrypt(content, KEY, vector)
    assert b"".join(cipher.encrypt_pieces(pieces, KEY, vector)) == sealed
    assert len(sealed) == cipher.encrypted_size(len(content))
    assert cipher.decrypt(sealed, KEY, vector) == content


def test_another_key_does_not_open_it() -> None:
    vector = cipher.new_vector()
    sealed = cipher.encrypt(b"plain", KEY, vector)
    with pytest.raises(ValueError, match="padding"):
        for key in (bytes([number]) * 32 for number in range(20)):  # one in 256 has a padding that seems right
            assert cipher.decrypt(sealed, key, vector) != b"plain"


def test_no_two_vectors_are_alike() -> None:
    assert len({cipher.new_vector() for _ in range(100)}) == 100
