"""Laws of packing."""

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate.choosing import Choice
from spmigrate.migrate.pack import MOST_BYTES, MOST_ITEMS, Load, pack

ONE, OTHER = Choice("session", "few"), Choice("package", "many")

SIZES = st.one_of(st.integers(0, 3_000_000), st.integers(MOST_BYTES - 5, MOST_BYTES + 5), st.just(0))


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


@given(loads())
def test_no_batch_is_over_its_limits_unless_it_is_one_file(given_loads: list[Load]) -> None:
    for parcel in pack(given_loads):
        assert 1 <= len(parcel.transfer_ids) <= MOST_ITEMS
        assert parcel.bytes <= MOST_BYTES or len(parcel.transfer_ids) == 1


@given(loads())
def test_every_transfer_is_in_exactly_one_batch_of_its_library(given_loads: list[Load]) -> None:
    by_id = {load.transfer_id: load for load in given_loads}
    packed = [(number, parcel) for parcel in pack(given_loads) for number in parcel.transfer_ids]
    assert sorted(number for number, _ in packed) == sorted(by_id)
    assert all((by_id[n].site, by_id[n].library) == (parcel.site, parcel.library) for n, parcel in packed)
    assert all((by_id[n].choice.route, by_id[n].choice.why) == (parcel.route, parcel.why) for n, parcel in packed)
    assert sum(parcel.bytes for parcel in pack(given_loads)) == sum(load.size for load in given_loads)


@given(loads())
def test_packing_is_deterministic_and_keeps_the_order(given_loads: list[Load]) -> None:
    assert list(pack(given_loads)) == list(pack(iter(given_loads)))
    assert all(list(parcel.transfer_ids) == sorted(parcel.transfer_ids) for parcel in pack(given_loads))


def test_batches_are_filled_before_another_is_opened() -> None:
    parcels = list(pack(Load(number, 1, "/sites/a", "Docs", ONE) for number in range(501)))
    assert [len(parcel.transfer_ids) for parcel in parcels] == [250, 250, 1]


def test_larger_file_stands_alone_and_interrupts_nothing() -> None:
    sizes = [10, MOST_BYTES + 1, 10]
    parcels = list(pack(Load(number, size, "/sites/a", "Docs", ONE) for number, size in enumerate(sizes)))
    assert [parcel.transfer_ids for parcel in parcels] == [(1,), (0, 2)]
