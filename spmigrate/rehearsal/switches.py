"""Limits and delays as `throttle` shows and sets them, and as they are found again after a restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.errors import RehearsalError
from spmigrate.rehearsal.tenant import Tenant
from spmigrate.rehearsal.throttle import BANDS, PROFILES, SWITCHES

COUNCIL_LATENCY = 0.04
# The switches that delay jobs, the making of sites, and the end of a name that an unfinished upload holds, and the one
# that compresses answers; they stand among the limits, but no request waits for them.
JOBS, SITES, NAMES, GZIP = "jobs", "sites", "names", "gzip"
_KEPT = "switches"
_PARTS = frozenset({"profile", "band", "on", "off", "latency"})


@dataclass(frozen=True, slots=True)
class Switches:
    """All of them, of one tenant; `served` is the profile and latency (milliseconds, None for the profile's) that the
    tenant is served with."""

    tenant: Tenant
    served: tuple[str, int | None] = ("open", None)

    def begin(self) -> None:
        """Take the profile's, or what was set since the tenant was first served with this profile and latency: a
        tenant that is served in another way than before begins with what it is told now."""
        profile, latency = self.served
        usual = COUNCIL_LATENCY if profile == "council" else 0.0
        self.tenant.delays.latency = usual if latency is None else latency / 1000
        self.tenant.throttle.profile = profile
        kept = self.tenant.steering.read(_KEPT)
        if kept is None:
            return
        if tuple(kept["served"]) != self.served:
            self.tenant.steering.write(_KEPT, None)
            return
        self._turn(kept["on"])
        self.tenant.throttle.band = kept["band"]
        self.tenant.delays.latency = kept["latency"]

    def describe(self) -> dict[str, Any]:
        """What holds now, and what each application has used."""
        throttle = self.tenant.throttle
        latency = round(self.tenant.delays.latency * 1000)
        about = {"profile": throttle.profile, "band": throttle.band, "latency": latency}
        return {**about, "on": self._states(), "usage": throttle.usage()}

    def change(self, content: object) -> None:
        """Set what a JSON object says; a `RehearsalError`, and nothing set, when it says anything unknown."""
        if not isinstance(content, dict) or not content or set(content) - _PARTS:
            raise RehearsalError("the throttle takes `profile`, `band`, `on`, `off` and `latency`")
        throttle = self.tenant.throttle
        profile, band = content.get("profile"), content.get("band")
        switched = {str(name): on for on, part in ((True, "on"), (False, "off")) for name in content.get(part, [])}
        _refuse_unknown("profile", profile, PROFILES)
        _refuse_unknown("band", band, tuple(BANDS))
        for name in switched:
            _refuse_unknown("switch", name, (*SWITCHES, JOBS, SITES, NAMES, GZIP))
        if "latency" in content:
            self.tenant.delays.latency = _read_latency(content["latency"])
        if profile is not None:
            throttle.profile = profile
        throttle.band = band or throttle.band
        self._turn(switched)
        kept = {"served": self.served, "on": self._states(), "band": throttle.band}
        self.tenant.steering.write(_KEPT, {**kept, "latency": self.tenant.delays.latency})

    def _states(self) -> dict[str, bool]:
        tenant = self.tenant
        on = {name: name in tenant.throttle.on for name in SWITCHES}
        on |= {JOBS: tenant.jobs.delayed, SITES: tenant.delays.sites, NAMES: tenant.uploads.holds_names}
        return {**on, GZIP: tenant.delays.gzip}

    def _turn(self, states: dict[str, bool]) -> None:
        for name, on in states.items():
            if name == JOBS:
                self.tenant.jobs.delayed = on
            elif name == SITES:
                self.tenant.delays.sites = on
            elif name == NAMES:
                self.tenant.uploads.holds_names = on
            elif name == GZIP:
                self.tenant.delays.gzip = on
            elif name in SWITCHES:
                self.tenant.throttle.switch(name, on=on)


def _read_latency(given: object) -> float:
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise RehearsalError(f"the latency can't be {given!r}", "give whole milliseconds, for example 40; 0 is none")
    return given / 1000


def _refuse_unknown(what: str, name: Any, known: tuple[str, ...]) -> None:
    if name is not None and name not in known:
        raise RehearsalError(f"there is no {what} {name!r}", f"give one of {', '.join(known)}")
