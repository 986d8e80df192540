"""Laws of packing."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate import pack as packing
from spmigrate.migrate.choosing import COPY, Choice
from spmigrate.migrate.pack import MOST_BYTES, MOST_ITEMS, Kin, Load, pack

ONE, OTHER, COPIED = Choice("session", "few"), Choice("package", "many"), Choice(COPY, "its own")

SIZES = st.one_of(st.integers(0, 3_000_000), st.integers(MOST_BYTES - 5, MOST_BYTES + 5), st.just(0))
PART_SIZES = st.one_of(st.integers(0, 3_000_000), st.integers(0, MOST_BYTES // 3), SIZES)


@st.composite
def loads(draw: st.DrawFn) -> list[Load]:
    sizes = draw(st.lists(SIZES, max_size=40))
    crowd = draw(st.integers(0, 600))
    sites = draw(st.lists(st.sampled_from(["/sites/a", "/sites/b"]), min_size=1, max_size=3))
    everything = [*sizes, *[1] * crowd]
    choices = draw(st.lists(st.sampled_from([ONE, OTHER]), min_size=1, max_size=3))
    return [
        Load(number, size, sites[number % len(sites)], "Docs", choices[number % len(choices)])
        for number, size in enumerate(everything)
    ]


@st.composite
def folders_with_sets(draw: st.DrawFn) -> list[Load]:
    """Folders one after another, the parts of their sets among other files; a notebook goes on in folders below."""
    found: list[Load] = []
    notebook = Kin("notebook", 900, "n", reaches_below=True)
    for number, path in enumerate(["a", "a/b", "n", "n/1", "n/1/x", "n/2", "na", "z"]):
        kins = [Kin("shapefile", number, path, stem) for stem in "pq"]
        kins += [notebook] if path.split("/")[0] == "n" else []
        parts = draw(st.lists(st.tuples(st.sampled_from([None, *kins]), PART_SIZES), max_size=12))
        crowd = draw(st.sampled_from([0, 0, 3, 240, 260]))
        crowded = draw(st.sampled_from([None, kins[0]]))
        choices = draw(st.lists(st.sampled_from([ONE, OTHER, COPIED]), min_size=1, max_size=3))
        site = draw(st.sampled_from(["/sites/a", "/sites/b"]))
        for kin, size in [*parts, *[(crowded, 7)] * crowd]:
            choice = choices[len(found) % len(choices)]
            found.append(Load(len(found), size, site, "Docs", choice, "", path, kin))
    return found


EVERYTHING = st.one_of(loads(), folders_with_sets())


@given(EVERYTHING)
def test_no_batch_is_over_its_limits_unless_it_is_one_file(given_loads: list[Load]) -> None:
    for parcel in pack(given_loads):
        assert 1 <= len(parcel.transfer_ids) <= MOST_ITEMS
        assert parcel.bytes <= MOST_BYTES or len(parcel.transfer_ids) == 1


@given(EVERYTHING)
def test_every_transfer_is_in_exactly_one_batch_of_its_library(given_loads: list[Load]) -> None:
    by_id = {load.transfer_id: load for load in given_loads}
    packed = [(number, parcel) for parcel in pack(given_loads) for number in parcel.transfer_ids]
    assert sorted(number for number, _ in packed) == sorted(by_id)
    assert all((by_id[n].site, by_id[n].library) == (parcel.site, parcel.library) for n, parcel in packed)
    alone = [(by_id[n].choice, parcel) for n, parcel in packed if by_id[n].kin is None]
    assert all((choice.route, choice.why) == (parcel.route, parcel.why) for choice, parcel in alone)
    assert sum(parcel.bytes for parcel in pack(given_loads)) == sum(load.size for load in given_loads)


@given(EVERYTHING)
def test_packing_is_deterministic_and_keeps_the_order(given_loads: list[Load]) -> None:
    assert list(pack(given_loads)) == list(pack(iter(given_loads)))
    assert all(list(parcel.transfer_ids) == sorted(parcel.transfer_ids) for parcel in pack(given_loads))


@given(folders_with_sets())
def test_a_set_that_fits_is_in_one_batch_and_another_says_that_it_was_split(given_loads: list[Load]) -> None:
    where = {number: parcel for parcel in pack(given_loads) for number in parcel.transfer_ids}
    sets: dict[tuple[Kin, str], list[Load]] = defaultdict(list)
    for load in given_loads:
        if load.kin is not None:
            sets[load.kin, load.site].append(load)
    for members in sets.values():
        batches = {where[load.transfer_id] for load in members}
        fits = len(members) <= MOST_ITEMS and sum(load.size for load in members) <= MOST_BYTES
        copied = {load.choice for load in members} > {COPIED}
        assert len(batches) == 1 or not fits or copied
        assert all(("larger than one batch" in batch.why) is not fits for batch in batches)
        assert all((where[each.transfer_id].route == COPY) is (each.choice == COPIED) for each in members)


@given(folders_with_sets())
def test_no_file_of_a_set_takes_a_route_that_was_not_open_to_it(given_loads: list[Load]) -> None:
    by_id = {load.transfer_id: load for load in given_loads}
    for parcel in pack(given_loads):
        routes = {by_id[number].choice.route for number in parcel.transfer_ids}
        assert parcel.route == "session" or routes == {parcel.route}


def test_batches_are_filled_before_another_is_opened() -> None:
    parcels = list(pack(Load(number, 1, "/sites/a", "Docs", ONE) for number in range(501)))
    assert [len(parcel.transfer_ids) for parcel in parcels] == [250, 250, 1]


def test_larger_file_stands_alone_and_interrupts_nothing() -> None:
    sizes = [10, MOST_BYTES + 1, 10]
    parcels = list(pack(Load(number, size, "/sites/a", "Docs", ONE) for number, size in enumerate(sizes)))
    assert [parcel.transfer_ids for parcel in parcels] == [(1,), (0, 2)]


def test_sets_share_a_batch_and_leave_it_when_they_do_not_fit() -> None:
    kins = [Kin("shapefile", 1, "maps", str(number)) for number in range(63)]
    parcels = list(pack(Load(n, 1, "/sites/a", "Docs", ONE, "", "maps", kins[n // 4]) for n in range(252)))
    assert [len(parcel.transfer_ids) for parcel in parcels] == [248, 4]


def test_no_more_sets_are_held_than_memory_is_meant_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST_SETS", 2)
    taken = 0

    def endless() -> Iterator[Load]:
        nonlocal taken
        for taken in range(1_000_000):
            yield Load(taken, 1, "/sites/a", "Docs", ONE, "", "maps", Kin("shapefile", 1, "maps", str(taken // 5)))

    first = next(iter(pack(endless())))
    assert first.transfer_ids == tuple(range(250)) and taken <= 265
