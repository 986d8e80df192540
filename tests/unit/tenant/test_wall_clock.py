"""Clocks of sites: the same as the service's own sum, at every hour, for few questions."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.tenant.wall_clock import WallClock

LONDON = ZoneInfo("Europe/London")
SITE, OTHER = "https://contoso.sharepoint.com/sites/a", "https://contoso.sharepoint.com/sites/b"


class Service:
    """SharePoint as far as its clocks are asked for."""

    def __init__(self, zone: ZoneInfo = LONDON) -> None:
        self.zone = zone
        self.asked: list[str] = []

    def rest(self, method: str, url: str, **_: Any) -> dict[str, Any]:
        self.asked.append(method)
        if method == "GET":
            return {"Id": 2}
        moment = datetime.fromisoformat(url.partition("@moment='")[2].rstrip("'").replace("Z", "+00:00"))
        return {"value": moment.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M:%SZ")}


def seconds(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]  # numbers of a date


def shown(zone: ZoneInfo, at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).replace(tzinfo=None)


@given(
    at=st.integers(seconds(1980, 1, 1), seconds(2037, 12, 31)),
    zone=st.sampled_from([LONDON, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/New_York"), ZoneInfo("UTC")]),
)
def test_clock_shows_what_the_service_would_say(at: int, zone: ZoneInfo) -> None:
    assert WallClock(Service(zone).rest).shown(SITE, at) == shown(zone, at)


@pytest.mark.parametrize("change", [seconds(2026, 3, 29, 1), seconds(2025, 10, 26, 1)])
@pytest.mark.parametrize("off", [-3601, -3600, -1, 0, 1, 3599, 3600])
def test_clock_is_right_around_the_hour_in_which_it_is_changed(change: int, off: int) -> None:
    assert WallClock(Service().rest).shown(SITE, change + off) == shown(LONDON, change + off)


@pytest.mark.parametrize(
    ("at", "twice"),
    [
        (seconds(2025, 10, 25, 23, 59, 59), False), (seconds(2025, 10, 26, 0), True),
        (seconds(2025, 10, 26, 0, 59, 59), True), (seconds(2025, 10, 26, 1, 59, 59), True),
        (seconds(2025, 10, 26, 2), False), (seconds(2026, 3, 29, 1), False), (seconds(2026, 3, 29, 0, 30), False),
    ],
)  # fmt: skip
def test_hour_that_clocks_show_twice_is_known(at: int, twice: bool) -> None:
    assert WallClock(Service().rest).is_shown_twice(SITE, at) is twice


def test_dates_of_a_decade_cost_some_questions_a_year_and_other_sites_of_the_zone_none() -> None:
    service = Service()
    clock = WallClock(service.rest)
    every_hour = range(seconds(2016, 1, 1), seconds(2026, 1, 1), 3600)
    for at in every_hour:
        clock.shown(SITE, at)
    assert len(service.asked) < 10 * 13 + 20 * 12 + 3
    before = len(service.asked)
    for at in every_hour[:: 24 * 7]:
        clock.shown(OTHER, at)
    assert service.asked[before:] == ["GET"]
