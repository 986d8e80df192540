"""What the clocks of sites show. Dates of documents are written in the time of their site, by the hands of its clock.

The service does the sum, because its zones are not those of this machine. It is asked at fixed moments, four weeks
apart, and in between only where a clock was changed: so the dates of thousands of files cost some calls a year of them.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

_BLOCK = 28 * 86_400
"""Seconds within which no zone changes its clocks there and back."""
_QUARTER = 900
"""Clocks are changed at a quarter of an hour, in every zone that has ever been."""
_NEAR = 6 * 3600
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - what a clock shows has no zone


class WallClock:
    """Times on the clocks of a tenant's sites, remembered by zone. Safe between threads."""

    def __init__(self, rest: Callable[..., Any]) -> None:
        """`rest` calls SharePoint."""
        self._rest = rest
        self._lock = threading.Lock()
        self._zones: dict[str, int] = {}
        self._offsets: dict[tuple[int, int], int] = {}

    def shown(self, site: str, seconds: int) -> datetime:
        """What the clock of the site at this address shows, so many seconds from 1970. Raises TenantError."""
        with self._lock:
            return _EPOCH + timedelta(seconds=seconds + self._offset(site, seconds))

    def is_shown_twice(self, site: str, seconds: int) -> bool:
        """Whether the clock shows the same once more, an hour before or after, because it was put back."""
        with self._lock:
            own = self._offset(site, seconds)
            others = {self._offset(site, seconds + near) for near in (-_NEAR, _NEAR)} - {own}
            return any(self._offset(site, seconds + own - other) == other for other in others)

    def _offset(self, site: str, seconds: int) -> int:
        """How many seconds the clock is ahead of UTC."""
        first = seconds // _BLOCK * _BLOCK
        last = first + _BLOCK
        while last - first > _QUARTER and self._asked(site, first) != self._asked(site, last):
            middle = (first + last) // 2 // _QUARTER * _QUARTER
            first, last = (first, middle) if seconds < middle else (middle, last)
        return self._asked(site, first)

    def _asked(self, site: str, seconds: int) -> int:
        if site not in self._zones:
            zone = self._rest("GET", f"{site}/_api/web/RegionalSettings/TimeZone?$select=Id")
            self._zones[site] = int(zone["Id"])
        key = (self._zones[site], seconds)
        if key not in self._offsets:
            utc = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
            moment = utc.strftime("%Y-%m-%dT%H:%M:%SZ")
            path = f"{site}/_api/web/RegionalSettings/TimeZone/UTCToLocalTime(@moment)?@moment='{moment}'"
            answer = self._rest("POST", path, repeatable=True)
            local = datetime.fromisoformat(str(answer["value"]).removesuffix("Z"))
            self._offsets[key] = round((local - utc.replace(tzinfo=None)).total_seconds())
        return self._offsets[key]
