"""What servers answer, read from bytes: folders and names of accounts."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smbprotocol.file_info import FileIdBothDirectoryInformation
from smbprotocol.security_descriptor import SIDPacket

from spmigrate.fileserver import directory, names, people
from spmigrate.fileserver.directory import Named

units = st.lists(st.integers(1, 0xFFFF).filter(lambda unit: unit not in (0x2F, 0x5C)), min_size=1, max_size=40)
ticks = st.integers(0, 2**62)


def packed(entries: list[tuple[bytes, int, int, int, int]]) -> bytes:
    """A listing by smbprotocol's own structure."""
    answer = b""
    for number, (name, attributes, size, tag, identity) in enumerate(entries):
        made = FileIdBothDirectoryInformation()
        made["file_name"] = name
        made["file_attributes"] = attributes
        made["end_of_file"] = size
        made["ea_size"] = tag
        made["file_id"] = identity
        made["creation_time"] = datetime(2019, 4, 1, tzinfo=UTC)
        made["last_write_time"] = datetime(2020, 4, 1, 12, 0, 0, 123456, tzinfo=UTC)
        content = made.pack()
        content += b"\0" * (-len(content) % 8)
        if number < len(entries) - 1:
            content = struct.pack("<I", len(content)) + content[4:]
        answer += content
    return answer


@given(
    st.lists(
        st.tuples(units, st.integers(0, 2**31), st.integers(0, 2**62), st.integers(1, 2**63)), min_size=1, max_size=5
    )
)
def test_listing_that_smbprotocol_packs_is_read(entries: list[tuple[list[int], int, int, int]]) -> None:
    listed = [(struct.pack(f"<{len(name)}H", *name), 0x20, size, tag, number) for name, tag, size, number in entries]
    read = list(directory.parse(packed(listed)))
    assert [(each.name, each.attributes, each.size, each.tag, each.id) for each in read] == listed
    assert {each.modified_ns for each in read} == {1_585_742_400_123_456_000}
    assert {each.created_ns for each in read} == {1_554_076_800_000_000_000}


@given(st.binary(max_size=300))
def test_listing_of_any_bytes_is_read_or_refused(answer: bytes) -> None:
    try:
        for each in zip(directory.parse(answer), range(1000), strict=False):
            assert each
    except ValueError as error:
        assert "cut off" in str(error)


@given(units)
def test_any_name_of_windows_is_kept_and_comes_back(name: list[int]) -> None:
    utf16 = struct.pack(f"<{len(name)}H", *name)
    raw = names.kept(utf16)
    assert b"/" not in raw and b"\0" not in raw
    assert names.sent(raw).encode("utf-16-le", "surrogatepass") == utf16


@given(units, units)
def test_two_names_are_never_kept_as_one(one: list[int], other: list[int]) -> None:
    first, second = (struct.pack(f"<{len(name)}H", *name) for name in (one, other))
    assert (names.kept(first) == names.kept(second)) == (first == second)


def named(attributes: int, tag: int = 0) -> Named:
    return Named(b"a\0", attributes, 1, 0, None, tag, None)


@pytest.mark.parametrize(
    ("attributes", "tag", "kind"),
    [
        (0x20, 0, "file"),
        (0x10, 0, "folder"),
        (0x410, 0xA0000003, "link"),  # junction, mounted volume
        (0x400, 0xA000000C, "link"),  # symbolic link
        (0x410, 0x8000000A, "folder"),  # DFS
        (0x420, 0x80000013, "file"),  # deduplicated: an ordinary file
        (0x1420, 0x80000006, "file"),  # moved to slower storage
        (0x410, 0x9000001A, "folder"),  # cloud folder
        (0x400, 0x80000023, "special"),  # socket
    ],
)
def test_reparse_points_are_what_they_stand_for(attributes: int, tag: int, kind: str) -> None:
    assert named(attributes, tag).kind == kind


@pytest.mark.parametrize("attributes", [0x1000, 0x40000, 0x400000])
def test_files_whose_content_lies_elsewhere_are_stubs(attributes: int) -> None:
    assert named(0x20 | attributes).is_stub and not named(0x20).is_stub


def test_times_beyond_what_the_ledger_holds_are_its_limits() -> None:
    assert directory.nanoseconds(2**63 - 1) == 2**63 - 1
    assert directory.nanoseconds(116_444_736_000_000_000) == 0


@given(st.lists(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=15), min_size=1, max_size=10))
def test_sids_are_asked_for_in_the_form_of_the_protocol(parts: list[list[int]]) -> None:
    texts = ["S-1-5-" + "-".join(map(str, each)) for each in parts]
    rest = people.marshal(texts)[12 + 4 * len(texts) :]
    for text in texts:
        sid = SIDPacket()
        count = struct.unpack_from("<I", rest)[0]
        sid.unpack(rest[4 : 4 + 8 + 4 * count])
        # smbprotocol keeps two bytes of the authority in the field before it
        assert str(sid) == text and count == len(text.split("-")) - 3
        rest = rest[4 + 8 + 4 * count :]
    assert rest == b""


@given(st.binary(max_size=200), st.integers(1, 5))
def test_names_in_any_bytes_are_read_or_refused(answer: bytes, count: int) -> None:
    try:
        assert len(people.unmarshal(answer, count)) == count
    except ValueError as error:
        assert str(error)


def test_account_types_that_are_no_account_are_nobody() -> None:
    text = struct.pack("<IIII", 0x20000, 1, 0, 1) + "x".encode("utf-16-le") + b"\0\0"
    head = struct.pack("<IIII", 0, 1, 0x20000, 1)
    for use, expected in ((1, ("x", "user")), (4, ("x", "group")), (6, ("", "unknown")), (8, ("", "unknown"))):
        answer = head + struct.pack("<HHHHI", use, 0, 2, 2, 0x20000) + struct.pack("<I", 0xFFFFFFFF) + text[4:]
        assert people.unmarshal(answer + struct.pack("<II", 1, 0), 1) == [expected]
