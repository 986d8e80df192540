"""Entries kept in columns are the entries that were put in."""

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.store.entries import Entries
from spmigrate.store.listing import Entry

NUMBERS = st.integers(-(2**63), 2**63 - 1)
ENTRIES = st.lists(
    st.builds(
        lambda raw, *rest: Entry(raw, raw.decode("utf-8", "replace"), *rest),
        st.binary(min_size=1) | st.text("ab\u00e9", min_size=1).map(str.encode),
        st.sampled_from(["file", "file", "file", "folder", "link"]),
        NUMBERS,
        NUMBERS,
        st.none() | NUMBERS,
        st.none() | st.none() | st.just("permission denied"),
        st.sampled_from([0, 0, 0, 1]),
        st.none() | NUMBERS | st.text(),
    ),
    unique_by=lambda entry: entry.raw,
)


@given(ENTRIES, st.integers(0, 5))
def test_entries_in_columns_are_the_entries(entries: list[Entry], start: int) -> None:
    kept = Entries.of(entries)
    assert list(kept) == entries
    assert len(kept) == len(entries)
    assert kept[start : start + 3] == entries[start : start + 3]
    assert kept[::-2] == entries[::-2]
    assert not entries or kept[-1] == entries[-1]


@given(ENTRIES)
def test_entries_are_counted_as_they_are(entries: list[Entry]) -> None:
    kept = Entries.of(entries)
    sizes = [entry.size for entry in entries if entry.kind != "folder"]
    assert (kept.items, kept.bytes) == (len(sizes), sum(sizes))
    assert sorted(name for part in kept.names() for name in part) == sorted(entry.name for entry in entries)


@given(ENTRIES, st.sets(st.integers(0, 9)))
def test_files_picked_from_the_columns_stand_among_the_others_in_order(entries: list[Entry], places: set[int]) -> None:
    kept = Entries.of(entries)
    files = [entry for entry in entries if entry not in kept.others]
    wanted = [*kept.others, *(entry for place, entry in enumerate(files) if place in places)]
    chosen = sorted(place for place in places if place < len(files))
    assert list(kept.others_and(chosen)) == [entry for entry in entries if entry in wanted]
