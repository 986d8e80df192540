"""Throttling as Microsoft documents it for SharePoint, each limit with a switch of its own; or none.

Source: "Avoid getting throttled or blocked in SharePoint Online": resource units by operation, limits of an application
and a tenant by licence band, of users, of search, sharing and people; RateLimit headers from 80 % of the application's
minute, refused calls count too, traffic that does not say whose it is comes last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spmigrate.rehearsal.steering import Steering
from spmigrate.rehearsal.throttle_prices import Call

PROFILES = ("open", "council")
_MINUTE, _FIVE, _HOUR, _TWO_HOURS, _DAY = 60.0, 300.0, 3600.0, 7200.0, 86_400.0
_SHOWN_FROM = 0.8
_GIGABYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Band:
    """The limits that grow with a tenant's licences."""

    tenant: int
    minute: int
    day: int
    people: int


BANDS: Mapping[str, Band] = {
    "0-1000": Band(18_750, 1_250, 1_200_000, 3_000),
    "1001-5000": Band(37_500, 2_500, 2_400_000, 6_000),
    "5001-15000": Band(56_250, 3_750, 3_600_000, 9_000),
    "15001-50000": Band(75_000, 5_000, 4_800_000, 12_000),
    "50000+": Band(93_750, 6_250, 6_000_000, 15_000),
}
COUNCIL = "5001-15000"
UNITS_A_MINUTE = BANDS[COUNCIL].minute
# By name: what it limits.
SWITCHES: Mapping[str, str] = {
    "app-minute": "resource units of an application in a minute",
    "app-day": "resource units of an application in 24 hours",
    "tenant": "resource units of all applications in 5 minutes",
    "user": "3,000 requests of a user in 5 minutes",
    "undecorated": "traffic without ISV|… or NONISV|… in its User-Agent, which is served last",
    "search": "25 searches of an application in a second, 10 of a user",
    "sharing": "300 sharing calls of an application in 5 minutes",
    "people": "calls of the people manager in 5 minutes",
    "transfer": "bytes of an application (400 GB an hour each way) and of a user (50 in, 100 out)",
    "labels": "100 sensitivity labels assigned in the tenant in 5 minutes",
    "delegation": "50 delegation tokens of a user in 5 minutes",
    "mails": "200 invitations to people outside, of a user and of a site in an hour",
    "anonymous": "3,000 uses of a site's links for anyone in 5 minutes, and 100 GB in 2 hours",
    "inheritance": "over 100,000 items breaking inheritance or taking it up again is refused for good",
}
_USER_REQUESTS, _SHARING, _SEARCHES = 3000, 300, {True: 25, False: 10}
_LABELS, _DELEGATIONS, _MAILS, _ANONYMOUS, _ANONYMOUS_GIGABYTES = 100, 50, 200, 3000, 100
# How much of its minute undecorated traffic may use; "served last" is all that Microsoft says.
_UNDECORATED = 0.8


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and the headers that say how much is left."""

    passes: bool
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Window:
    began: float
    used: int = 0


FREE = Verdict(True)


class Throttle:
    """Counts what everybody uses, and says who has to wait."""

    def __init__(self, profile: str = "open", steering: Steering | None = None) -> None:
        self.on: frozenset[str] = frozenset()
        self.band = COUNCIL
        self._steering = steering
        counted = steering.windows() if steering else ()
        self._windows = {(name, who): _Window(began, used) for name, who, began, used in counted}
        # What has been counted since it was last kept.
        self._touched: set[tuple[str, str]] = set()
        self.profile = profile

    @property
    def profile(self) -> str:
        """`open` with every switch off, `council` with all of them on in the band of 5,001 to 15,000, else `own`."""
        if not self.on:
            return "open"
        return "council" if self.on == frozenset(SWITCHES) and self.band == COUNCIL else "own"

    @profile.setter
    def profile(self, name: str) -> None:
        self.on = frozenset(SWITCHES) if name == "council" else frozenset()
        self.band = COUNCIL

    def switch(self, name: str, *, on: bool) -> None:
        """Turn one limit on or off."""
        self.on = self.on | {name} if on else self.on - {name}

    def charge(self, app_id: str, units: int, *, now: float, call: Call | None = None) -> Verdict:
        """Charge an application for a request at a moment (seconds)."""
        if not self.on:
            return FREE
        asked = call or Call(units)
        band = BANDS[self.band]
        minute = self._count("app-minute", app_id, _MINUTE, now, asked.units)
        waits = [self._wait("app-minute", minute, _MINUTE, band.minute, now)]
        day = self._count("app-day", app_id, _DAY, now, asked.units)
        waits.append(self._wait("app-day", day, _DAY, band.day, now))
        tenant = self._count("tenant", "", _FIVE, now, asked.units)
        waits.append(self._wait("tenant", tenant, _FIVE, band.tenant, now))
        waits += self._special(app_id, asked, now)
        waits += [self._wait(*each, now=now) for each in self._transfers(app_id, asked.user, now)]
        if not asked.decorated and minute.used > band.minute * _UNDECORATED:
            waits.append(self._wait("undecorated", minute, _MINUTE, int(band.minute * _UNDECORATED), now))
        headers = {}
        if "app-minute" in self.on and asked.units and minute.used >= band.minute * _SHOWN_FROM:
            headers = {
                "ratelimit-limit": str(band.minute),
                "ratelimit-remaining": str(max(0, band.minute - minute.used)),
                "ratelimit-reset": str(int(minute.began + _MINUTE - now) + 1),
            }
        self._keep()
        longest = max(waits)
        if longest:
            return Verdict(False, {**headers, "retry-after": str(longest)})
        return Verdict(True, headers)

    def note_bytes(self, app_id: str, user: str, *, received: int, sent: int, now: float) -> None:
        """Count what went over the wire for a request that was answered."""
        if "transfer" not in self.on:
            return
        for who in (f"app {app_id}", f"user {user}" if user else ""):
            if who:
                self._count("transfer", f"{who} in", _HOUR, now, received)
                self._count("transfer", f"{who} out", _HOUR, now, sent)
        self._keep()

    def charge_link(self, site: str, *, now: float) -> Verdict:
        """Charge a site for the use of one of its links for anyone."""
        if "anonymous" not in self.on:
            return FREE
        calls = self._count("anonymous", site, _FIVE, now, 1)
        sent = self._count("anonymous", f"{site} out", _TWO_HOURS, now, 0)
        self._keep()
        longest = max(
            self._wait("anonymous", calls, _FIVE, _ANONYMOUS, now),
            self._wait("anonymous", sent, _TWO_HOURS, _ANONYMOUS_GIGABYTES * _GIGABYTE, now),
        )
        return Verdict(False, {"retry-after": str(longest)}) if longest else FREE

    def note_link_bytes(self, site: str, sent: int, *, now: float) -> None:
        """Count what a link for anyone gave."""
        if "anonymous" in self.on:
            self._count("anonymous", f"{site} out", _TWO_HOURS, now, sent)
            self._keep()

    def usage(self) -> dict[str, dict[str, int]]:
        """Units used in the running minute and day, by application."""
        found: dict[str, dict[str, int]] = {}
        for (name, who), window in self._windows.items():
            if name in ("app-minute", "app-day"):
                found.setdefault(who, {})[name.removeprefix("app-")] = window.used
        return found

    def forget(self) -> None:
        """Begin counting anew."""
        self._windows.clear()
        if self._steering is not None:
            self._steering.forget_windows()

    def _special(self, app_id: str, asked: Call, now: float) -> list[int]:
        who = f"user {asked.user}" if asked.user else f"app {app_id}"
        waits = []
        if asked.user:
            window = self._count("user", asked.user, _FIVE, now, 1)
            waits.append(self._wait("user", window, _FIVE, _USER_REQUESTS, now))
        if asked.search:
            window = self._count("search", who, 1.0, now, 1)
            waits.append(self._wait("search", window, 1.0, _SEARCHES[not asked.user], now))
        if asked.sharing:
            window = self._count("sharing", app_id, _FIVE, now, 1)
            waits.append(self._wait("sharing", window, _FIVE, _SHARING, now))
        if asked.people:
            window = self._count("people", "", _FIVE, now, 1)
            waits.append(self._wait("people", window, _FIVE, BANDS[self.band].people, now))
        if asked.labels:
            waits.append(self._wait("labels", self._count("labels", "", _FIVE, now, 1), _FIVE, _LABELS, now))
        if asked.delegation and asked.user:
            window = self._count("delegation", asked.user, _FIVE, now, 1)
            waits.append(self._wait("delegation", window, _FIVE, _DELEGATIONS, now))
        senders = (f"user {asked.user}" if asked.user else "", f"site {asked.site}" if asked.site else "")
        for sender in filter(None, senders if asked.mails else ()):
            window = self._count("mails", sender, _HOUR, now, asked.mails)
            waits.append(self._wait("mails", window, _HOUR, _MAILS, now))
        return waits

    def _transfers(self, app_id: str, user: str, now: float) -> list[tuple[str, _Window, float, int]]:
        if "transfer" not in self.on:
            return []
        limits = {f"app {app_id} in": 400, f"app {app_id} out": 400}
        if user:
            limits |= {f"user {user} in": 50, f"user {user} out": 100}
        return [
            ("transfer", self._count("transfer", who, _HOUR, now, 0), _HOUR, most * _GIGABYTE)
            for who, most in limits.items()
        ]

    def _count(self, name: str, who: str, length: float, now: float, amount: int) -> _Window:
        window = self._windows.get((name, who))
        if window is None:
            window = self._windows[name, who] = _Window(now)
        if now - window.began >= length or now < window.began:
            window.began, window.used = now, 0
        window.used += amount
        if amount:
            self._touched.add((name, who))
        return window

    def _keep(self) -> None:
        if self._steering is not None:
            windows = ((*key, self._windows[key]) for key in self._touched)
            self._steering.keep_windows((name, who, each.began, each.used) for name, who, each in windows)
        self._touched.clear()

    def _wait(self, name: str, window: _Window, length: float, most: int, now: float) -> int:
        """Seconds until there is room again; 0 while there is, or while the switch is off."""
        if name not in self.on or window.used <= most:
            return 0
        return max(1, int(window.began + length - now) + (1 if length > 1 else 0))
