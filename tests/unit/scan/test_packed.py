"""Entries of enormous folders are the same packed as not."""

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.scan.packed import PackedEntries
from spmigrate.store.listing import Entry

NUMBERS = st.integers(-(2**63), 2**63 - 1)
ENTRIES = st.lists(
    st.builds(
        lambda raw, *rest: Entry(raw, raw.decode("utf-8", "replace"), *rest),
        st.binary(min_size=1),
        st.sampled_from(["file", "folder", "link"]),
        NUMBERS,
        NUMBERS,
        st.none() | NUMBERS,
        st.none() | st.just("permission denied"),
        st.integers(0, 3),
        st.none() | NUMBERS | st.text(),
    )
)


@given(ENTRIES, st.integers(0, 5))
def test_packed_entries_are_the_entries(entries: list[Entry], start: int) -> None:
    packed = PackedEntries(entries)
    assert list(packed) == entries
    assert len(packed) == len(entries)
    assert packed[start : start + 3] == entries[start : start + 3]
    assert not entries or packed[-1] == entries[-1]
