"""How long it will take, as a range, from assumptions that are printed beside it. Pure.

The numbers are Microsoft's published limits and guidance, and the planning figures of this project; none was measured
on the tenant in question. A rehearsal of one to five percent settles which end of the range to believe.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from spmigrate.formats.grid import Column, Grid, Topic, count, size
from spmigrate.model import Amount, Treatment
from spmigrate.scan.reporting.figures import Figures
from spmigrate.scan.reporting.naming import Names

NIGHTS, NIGHT_HOURS, WEEKEND_HOURS = 5, 11, 48
"""Off-peak: nights of the working week, and the weekend."""

WEEK_HOURS = NIGHTS * NIGHT_HOURS + WEEKEND_HOURS

FAST_FILES, SLOW_FILES = 15, 5
"""Files a second: what the engine is designed for, and what a plan may count on."""

UNITS_A_MINUTE, UNITS_A_DAY = 3750, 3_600_000
"""Resource units of one app in a tenant of 5,001 to 15,000 licences (Microsoft's page on throttling)."""

BUDGET = 0.65
"""The part of those that a migration allows itself."""

LOW_UNITS, HIGH_UNITS = 2, 4
"""Units for one new file: one upload, or a session and its fragment both charged."""

_GB = 1_000_000_000
_SMALL, _LARGE = 500_000, 10_000_000
_DAY_GB = {"small": (250, 1000), "medium": (500, 1000), "large": (1000, 9600)}
"""GB a day, slow and fast, by mean file size (Microsoft's guidance for content of 50 KB, 1.5 MB, and large files; the
last is what one app may send in: 400 GB an hour)."""

_OVERHEAD = 1.3
"""Windows are filled to three quarters: a forecast should fit them 1.3 times."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What would move, from and to, and how many off-peak hours it takes at best and at worst."""

    least: Amount
    most: Amount
    fast_hours: float
    slow_hours: float
    decided_by: str

    @property
    def weeks(self) -> tuple[int, int]:
        """Weeks of off-peak windows, whole ones."""
        return ceil(self.fast_hours / WEEK_HOURS), ceil(self.slow_hours * _OVERHEAD / WEEK_HOURS)


def estimate(most: Amount, staying: Amount) -> Estimate:
    """The forecast for `most` files, of which `staying` are expected to stay where they are."""
    least = Amount(max(0, most.items - staying.items), max(0, most.bytes - staying.bytes))
    slow, fast = _DAY_GB[_content(most)]
    best = {"files a second": least.items / FAST_FILES / 3600, "bytes": least.bytes / _GB / fast * 24,
            "resource units": least.items * LOW_UNITS / units_an_hour()}  # fmt: skip
    worst = {"files a second": most.items / SLOW_FILES / 3600, "bytes": most.bytes / _GB / slow * 24,
             "resource units": most.items * HIGH_UNITS / units_an_hour()}  # fmt: skip
    return Estimate(least, most, max(best.values()), max(worst.values()), max(worst, key=lambda each: worst[each]))


def units_an_hour() -> float:
    """Resource units in an average off-peak hour: the minute binds at night, the day at the weekend."""
    night = min(NIGHT_HOURS * 60 * UNITS_A_MINUTE, UNITS_A_DAY)
    day = min(24 * 60 * UNITS_A_MINUTE, UNITS_A_DAY)
    return (NIGHTS * night + WEEKEND_HOURS // 24 * day) * BUDGET / WEEK_HOURS


def _content(amount: Amount) -> str:
    mean = amount.bytes / amount.items if amount.items else 0
    return "small" if mean < _SMALL else "medium" if mean < _LARGE else "large"


def forecast(figures: Sequence[Figures], names: Names) -> Topic:
    """The forecast of each source and of all together, with the assumptions."""
    rows = [_row(names.source(f.source), estimate(f.files, _staying(f))) for f in figures]
    most = sum((f.files for f in figures), Amount())
    whole = estimate(most, sum((_staying(f) for f in figures), Amount()))
    if len(figures) > 1:
        rows.append(_row("All of them, one after the other", whole))
    columns = (Column("Source", width=18), count("Files, at least"), count("Files, at most"), size("Size, at least"),
               size("Size, at most"), Column("Off-peak hours", width=20), Column("Weeks of off-peak windows", width=24),
               Column("What decides the longer time", width=26))  # fmt: skip
    assumptions = Grid(
        "Assumptions",
        "Assumptions of the forecast",
        (Column("Assumption", width=50), Column("Value", width=70)),
        _ASSUMED,
    )
    sentences = (
        "A range, not a promise: the shorter time is for what is left when everything stays that rules say should stay,"
        " at the faster figures below; the longer one is for everything, at the slower ones, with room to spare.",
    )
    grids = (Grid("Forecast", "Forecast", columns, tuple(rows)), assumptions)
    return Topic("How long it will take", sentences, grids=grids)


def _staying(f: Figures) -> Amount:
    return sum((amount for treatment, (amount, _) in f.treated.items() if treatment is not Treatment.RENAME), Amount())


def _row(source: str, each: Estimate) -> tuple[str | int, ...]:
    weeks, longest = each.weeks
    return (
        source, each.least.items, each.most.items, each.least.bytes, each.most.bytes,
        _range(_hours(each.fast_hours), _hours(each.slow_hours)), _range(f"{weeks:,}", f"{longest:,}"),
        each.decided_by if each.most.items else "nothing to move",
    )  # fmt: skip


def _hours(hours: float) -> str:
    return "under 0.1" if 0 < hours < 0.1 else f"{hours:,.1f}" if hours < 10 else f"{hours:,.0f}"


def _range(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"


_ASSUMED = (
    ("Off-peak hours a week", f"{WEEK_HOURS}: {NIGHTS} nights of {NIGHT_HOURS}, and {WEEKEND_HOURS} at the weekend"),
    ("Files a second", f"{SLOW_FILES} to {FAST_FILES}: what a plan may count on, and what the engine is designed for"),
    ("Throughput, mean file under 500 KB", "250 GB to 1 TB a day (Microsoft's guidance for files of 50 KB and 1.5 MB)"),
    ("Throughput, mean file of 500 KB to 10 MB", "500 GB to 1 TB a day (half of Microsoft's guidance, and all of it)"),
    ("Throughput, mean file over 10 MB", "1 TB to 9.6 TB a day (one app may send in 400 GB an hour)"),
    ("Resource units", f"{BUDGET:.0%} of {UNITS_A_MINUTE:,} a minute and {UNITS_A_DAY:,} a day, for one app in a tenant"
     " of 5,001 to 15,000 licences; the limit of a day binds at the weekend"),
    ("Units for a file", f"{LOW_UNITS} to {HIGH_UNITS}: an upload, or a session and its fragment both charged"),
    ("Files that stay", "what blocks, is routed or stays by rule is only in the longer time"),
    ("Room to spare", f"the longer time must fit its windows {_OVERHEAD} times"),
    ("Not counted", "deltas, verification, retries after throttling, freeze days, and time that owners take to decide"),
)  # fmt: skip
