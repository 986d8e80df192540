"""How long a wave takes, as a range: what files cost, what the service lets through, what earlier runs showed. Pure.

A worker needs a moment for each file and time for its bytes; so many workers, so much faster, within three limits that
no number of workers lifts: the share of the budget in resource units, what one app may send in, and what Microsoft says
that the service takes a day of files of such a size. Before anything has moved, the range is as wide as what is
published; afterwards each earlier run says how much slower or faster than the model it was, and their spread, widened
for as long as they are few, takes its place.

Laws: more workers are never later, a smaller share is never faster, more files never take less.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spmigrate.store.measured import MeasuredRun, Mix

LEAST_MINUTES = 10
"""A run in which files arrived in fewer minutes measures nothing."""

SLOW_FILE_SECONDS, FAST_FILE_SECONDS = 1.2, 0.4
"""What a worker needs for a file beside its bytes: 5 and 15 files a second with six workers, which is what a plan may
count on and what the mover is designed for."""

SLOW_BYTES, FAST_BYTES = 2e9 / 3600, 5e9 / 3600
"""Bytes a second of one worker: published measurements of migration agents were 2 to 5 GB an hour for each of up to ten
of them."""

LINEAR_WORKERS = 10
"""From here on, another worker brings half of what one before it did (the same measurements)."""

INGRESS_AN_HOUR = 400e9
"""Bytes that one app may send in an hour (Microsoft's page on throttling)."""

_SLOW_DAY = {"small": 250e9, "middle": 500e9, "large": 1000e9}
_FAST_DAY = {"small": 1000e9, "middle": 1000e9, "large": 9600e9}
"""Bytes a day by size of files: Microsoft's guidance for content of 50 KB, 1.5 MB, and large files."""

UNITS = {"session": (2.0, 4.0), "package": (0.02, 0.1), "copy": (0.1, 2.0)}
"""Resource units of a file by route, at least and at most: an upload, or a session and its fragment both charged; a
package job polled every minute, or more often; a copy job for many files, or for each."""

ROOM = 1.3
"""Windows must hold the longer time so many times (the protocol's rehearsal step)."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under what a forecast is made: workers, and the resource units that may be used in an hour of the windows."""

    workers: int
    units_an_hour: float


@dataclass(frozen=True, slots=True)
class Limit:
    """How many hours something asks for, at least and at most."""

    name: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Hours of open windows that a load takes, by everything that could decide it."""

    limits: tuple[Limit, ...]
    measured: tuple[float, ...] = ()
    """How long earlier runs took for each hour of the model; empty before any."""

    @property
    def least(self) -> float:
        """Hours at best."""
        return max((each.least for each in self.limits), default=0.0)

    @property
    def most(self) -> float:
        """Hours at worst, without room to spare."""
        return max((each.most for each in self.limits), default=0.0)

    @property
    def decided_by(self) -> str:
        """What decides the longer time."""
        return max(self.limits, key=lambda each: each.most).name if self.most else "nothing to move"


def forecast(load: Mapping[str, Mix], conditions: Conditions, runs: Sequence[MeasuredRun] = ()) -> Forecast:
    """The forecast for what is left, by route."""
    mix = sum(load.values(), Mix())
    factors = tuple(factor for each in runs if (factor := _factor(each, conditions.workers)) is not None)
    size = mix.total.bytes / INGRESS_AN_HOUR
    ceiling = _days(mix, _FAST_DAY)
    units = [sum(each.total.items * UNITS[route][n] for route, each in load.items()) for n in (0, 1)]
    if factors:
        low, high = _spread(factors)
        slow = _work(mix, conditions.workers)
        work = Limit("the workers, as earlier runs went", slow * low, slow * high)
        service = Limit("what the service takes a day of files of this size", ceiling, ceiling)
    else:
        fast = _work(mix, conditions.workers, FAST_FILE_SECONDS, FAST_BYTES)
        work = Limit("the workers", fast, _work(mix, conditions.workers))
        service = Limit("what the service takes a day of files of this size", ceiling, _days(mix, _SLOW_DAY))
    return Forecast(
        (
            work,
            Limit("the budget in resource units", *(each / conditions.units_an_hour for each in units)),
            service,
            Limit("what one app may send in", size, size),
        ),
        factors,
    )


def _work(mix: Mix, workers: int, seconds: float = SLOW_FILE_SECONDS, speed: float = SLOW_BYTES) -> float:
    """Hours that so many workers need, by the slower figures unless told others."""
    counted = min(workers, LINEAR_WORKERS) + max(workers - LINEAR_WORKERS, 0) / 2
    return (mix.total.items * seconds + mix.total.bytes / speed) / counted / 3600


def _days(mix: Mix, a_day: Mapping[str, float]) -> float:
    """Hours that the service takes for the bytes of each class, one class after the other."""
    amounts = {"small": mix.small, "middle": mix.middle, "large": mix.large}
    return 24 * sum(amount.bytes / a_day[name] for name, amount in amounts.items())


def _factor(run: MeasuredRun, workers: int) -> float | None:
    """How long a run took for each hour of the model; None where it was too short to tell."""
    if run.minutes < LEAST_MINUTES or not run.mix.total.items:
        return None
    return run.minutes / 60 / _work(run.mix, run.threads or workers)


def _spread(factors: Sequence[float]) -> tuple[float, float]:
    """The range that earlier runs span, wider for as long as they are few: by half with one, by a tenth with five."""
    wider = 1 + 0.5 / len(factors)
    return min(factors) / wider, max(factors) * wider
