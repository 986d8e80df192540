"""How a running wave goes: how fast, how long it may still take, as a range. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spmigrate.store.batches import Progress
from spmigrate.store.workers import Worker
from spmigrate.words import plural

_UNSURE = 0.1
"""What a forecast is widened by at both ends, because the next hour is not the last one."""
_LEAST_SECONDS = 5.0
"""How long a run must have lasted before its average says anything."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Files and bytes a second."""

    items_per_s: float
    bytes_per_s: float


@dataclass(frozen=True, slots=True)
class Remaining:
    """Seconds that a wave may still take, at best and at worst."""

    least: float
    most: float


def recent(workers: Iterable[Worker]) -> Speed:
    """How fast the workers that live are together, over the last half minute."""
    living = [each for each in workers if each.lives]
    return Speed(sum(each.items_per_s for each in living), sum(each.bytes_per_s for each in living))


def average(workers: Iterable[Worker]) -> Speed:
    """How fast the workers that live have been together since each of them began."""
    living = [each for each in workers if each.lives and each.seconds >= _LEAST_SECONDS]
    return Speed(sum(each.items / each.seconds for each in living), sum(each.bytes / each.seconds for each in living))


def remaining(progress: Progress, speeds: Sequence[Speed]) -> Remaining | None:
    """How long the rest takes at these speeds, by its files and by its bytes; None where nothing moves yet.

    Small files are slow by the byte, large ones by the file: the truth lies between the two.
    """
    items, size = progress.items - progress.finished, progress.bytes - progress.finished_bytes
    if items <= 0:
        return Remaining(0.0, 0.0)
    found = [items / each.items_per_s for each in speeds if each.items_per_s > 0]
    found += [size / each.bytes_per_s for each in speeds if each.bytes_per_s > 0]
    return Remaining(min(found) * (1 - _UNSURE), max(found) * (1 + _UNSURE)) if found else None


def said(seconds: float) -> str:
    """A length of time for people: `40 s`, `12 min`, `3 h 20 min`, `2 days`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return plural(round(hours / 24), "day")
