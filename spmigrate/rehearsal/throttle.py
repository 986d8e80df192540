"""Throttling as Microsoft documents it for an application, or none.

Source: "Avoid getting throttled or blocked in SharePoint Online": resource units by operation, limits of the
band of 5,001 to 15,000 licences, RateLimit headers from 80 % of the minute's limit, refused calls count too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

UNITS_A_MINUTE = 3750
UNITS_A_DAY = 3_600_000
PROFILES = ("open", "council")
_MINUTE = 60.0
_DAY = 86_400.0
_PERMISSIONS = re.compile(
    r"/(permissions|invite|createlink|sharelink|roleassignments)\b|expand=[^&]*permissions", re.IGNORECASE
)
_ONE_ITEM = re.compile(r"/(content|items/[^/:]+|root|drives/[^/]+|sites/[^/]+)$", re.IGNORECASE)


@dataclass(slots=True)
class _Use:
    minute_began: float
    day_began: float
    minute: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and the headers that say how much is left."""

    passes: bool
    headers: dict[str, str] = field(default_factory=dict)


_FREE = Verdict(True)


class Throttle:
    """Counts resource units of each application."""

    def __init__(self, profile: str = "open") -> None:
        self.profile = profile
        self._uses: dict[str, _Use] = {}

    def charge(self, app_id: str, units: int, *, now: float) -> Verdict:
        """Charge an application for a request at a moment (seconds)."""
        if self.profile == "open":
            return _FREE
        use = self._uses.setdefault(app_id, _Use(now, now))
        if now - use.minute_began >= _MINUTE or now < use.minute_began:
            use.minute_began, use.minute = now, 0
        if now - use.day_began >= _DAY or now < use.day_began:
            use.day_began, use.day = now, 0
        use.minute += units
        use.day += units
        if use.day > UNITS_A_DAY:
            return Verdict(False, {"retry-after": str(int(use.day_began + _DAY - now) + 1)})
        reset = int(use.minute_began + _MINUTE - now) + 1
        headers = {}
        if use.minute >= UNITS_A_MINUTE * 0.8:
            headers = {
                "ratelimit-limit": str(UNITS_A_MINUTE),
                "ratelimit-remaining": str(max(0, UNITS_A_MINUTE - use.minute)),
                "ratelimit-reset": str(reset),
            }
        if use.minute > UNITS_A_MINUTE:
            return Verdict(False, {**headers, "retry-after": str(reset)})
        return Verdict(True, headers)

    def usage(self) -> dict[str, dict[str, int]]:
        """Units used in the running minute and day, by application."""
        return {app: {"minute": use.minute, "day": use.day} for app, use in self._uses.items()}


def resource_units(method: str, path: str, query: str, *, sharepoint: bool) -> int:
    """What a request costs: 1 for one item, a download or a delta with token, 5 for permissions, else 2.

    SharePoint REST has no published price; 2 is charged for it, as for the dearer Graph requests.
    """
    if _PERMISSIONS.search(path) or _PERMISSIONS.search(query):
        return 5
    if sharepoint or method != "GET":
        return 2
    if "/delta" in path:
        return 1 if "token=" in query else 2
    return 1 if _ONE_ITEM.search(path) else 2
