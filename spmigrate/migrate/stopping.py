"""When a wave has to stop by itself: counters go in, the reason comes out. Nothing else is looked at."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from spmigrate.words import plural

FILES_LOOKED_AT = 1_000
MOST_ERRORS = 0.02
LEAST_FREE = 0.10
"""The council's cutover protocol: more than 2 % errors over 1,000 files, less than 10 % of quota or disk left."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of something that fills up: a site's quota, a library's, the ledger's disk."""

    name: str
    free: int
    whole: int


@dataclass(frozen=True, slots=True)
class Counters:
    """What is known of a running wave now.

    `files` is how many of the last files (at most 1,000) have a result, `errors` how many of those failed; the others
    count what was found so far, whoever looked: each one alone stops the wave.
    """

    files: int = 0
    errors: int = 0
    rooms: tuple[Room, ...] = ()
    wider_permissions: int = 0
    missing_labels: int = 0
    altered_dates: int = 0
    unexplained: int = 0
    holds: tuple[str, ...] = ()


@dataclass(slots=True)
class LastFiles:
    """The results of the last 1,000 files of a run, which the rate of errors is taken from."""

    _failed: deque[bool] = field(default_factory=lambda: deque(maxlen=FILES_LOOKED_AT))
    _errors: int = 0

    def add(self, failures: Iterable[bool]) -> None:
        """Take results in their order: whether each file failed."""
        for failed in failures:
            if len(self._failed) == FILES_LOOKED_AT:
                self._errors -= self._failed[0]
            self._failed.append(failed)
            self._errors += failed

    @property
    def files(self) -> int:
        """How many results are looked at: 1,000, or as many as there are."""
        return len(self._failed)

    @property
    def errors(self) -> int:
        """How many of these failed."""
        return self._errors


def reason(counters: Counters) -> str | None:
    """Why a wave must stop before its next file, in words for its lead; None while it may go on."""
    found = [
        ("may be seen by more people than was signed", counters.wider_permissions),
        ("arrived without the label that its row names", counters.missing_labels),
        ("arrived with another date than its original", counters.altered_dates),
        ("at the destination that no wave explains", counters.unexplained),
    ]
    for what, count in found:
        if count:
            return f"{plural(count, 'file')} {what}"
    if counters.holds:
        return f"a hold was discovered: {'; '.join(counters.holds)}"
    for room in counters.rooms:
        if room.whole > 0 and room.free < LEAST_FREE * room.whole:
            return f"{room.name} has {100 * max(room.free, 0) / room.whole:.1f} % left, and 10 % is the least"
    if counters.files >= FILES_LOOKED_AT and counters.errors > MOST_ERRORS * counters.files:
        return f"{counters.errors:,} of the last {counters.files:,} files failed, and 2 % is the most"
    return None
