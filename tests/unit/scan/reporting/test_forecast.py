"""The forecast is a range from assumptions that stand beside it."""

from hypothesis import given
from hypothesis import strategies as st

from spmigrate.model import Amount, Treatment
from spmigrate.scan.reporting import forecast
from spmigrate.scan.reporting.figures import gather
from spmigrate.scan.reporting.naming import PlainNames
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger
from tests.scan_sample import File, add_finding, scanned

_TB = 1_000_000_000_000


def test_the_planned_estate_takes_the_weeks_that_were_planned_for_it() -> None:
    # 14.8 million files and 24 TB in 24 weeks of 103 off-peak hours: 1.7 files a second, well inside the range.
    found = forecast.estimate(Amount(14_800_000, 24 * _TB), Amount())
    assert found.weeks[0] < 24
    assert 2 * 24 > found.weeks[1] > 8


def test_budget_binds_by_the_minute_at_night_and_by_the_day_at_the_weekend() -> None:
    night, day = 11 * 60 * 3750, 3_600_000
    assert forecast.units_an_hour() == (5 * night + 2 * day) * 0.65 / 103


def test_small_files_are_decided_by_their_number_and_large_ones_by_their_bytes() -> None:
    assert forecast.estimate(Amount(5_000_000, _TB // 4), Amount()).decided_by != "bytes"
    assert forecast.estimate(Amount(1000, 100 * _TB), Amount()).decided_by == "bytes"


@given(
    files=st.integers(0, 10**8), size=st.integers(0, 10**15), stay=st.integers(0, 10**8), kept=st.integers(0, 10**15)
)
def test_the_range_is_never_the_wrong_way_round(files: int, size: int, stay: int, kept: int) -> None:
    found = forecast.estimate(Amount(files, size), Amount(stay, kept))
    assert 0 <= found.fast_hours <= found.slow_hours
    assert found.weeks[0] <= found.weeks[1]
    assert found.least.items <= found.most.items


def test_what_stays_by_rule_is_in_the_longer_time_alone(ledger: Ledger) -> None:
    source = inventory.by_id(ledger, scanned(ledger, "Share", {"A": [File("x.mdb", 5), File("y.txt", 7)]}))
    folder, item = next((row["folder_id"], row["id"]) for row in ledger.rows("SELECT * FROM item WHERE name='x.mdb'"))
    add_finding(ledger, source.scan_id, "DATABASE", Treatment.ROUTE.value, folder, item)
    topic = forecast.forecast([gather(ledger, source)], PlainNames())
    ((_, least, most, least_bytes, most_bytes, *_),) = topic.grids[0].rows
    assert (least, most, least_bytes, most_bytes) == (1, 2, 7, 12)


def test_every_number_that_is_assumed_is_printed_beside_it(ledger: Ledger) -> None:
    figures = gather(ledger, inventory.by_id(ledger, scanned(ledger, "Share", {"A": [File("x")]})))
    _, assumptions = forecast.forecast([figures], PlainNames()).grids
    said = " ".join(str(cell) for row in assumptions.rows for cell in row)
    for number in ("103", "5 to 15", "250 GB", "9.6 TB", "65%", "3,750", "3,600,000", "2 to 4", "1.3"):
        assert number in said
    assert "range, not a promise" in forecast.forecast([figures], PlainNames()).sentences[0]


def test_an_empty_source_has_nothing_to_move(ledger: Ledger) -> None:
    figures = gather(ledger, inventory.by_id(ledger, scanned(ledger, "Share", {})))
    (row,) = forecast.forecast([figures], PlainNames()).grids[0].rows
    assert row[-3:] == ("0.0", "0", "nothing to move")
