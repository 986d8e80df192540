"""How long content takes, learnt while it moves: so much for each file, so much for each byte. Pure."""

from dataclasses import dataclass

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Guess:
    """What is assumed before anything is measured: seconds for each unit, and for each byte of it."""

    unit_seconds: float
    byte_seconds: float


FILE = Guess(unit_seconds=2.0, byte_seconds=1 / (4 * _MEGABYTE))
"""A file by itself: two calls of the service, then 4 MB/s. Source: Microsoft's migration speed guidance puts small
files at some 250 GB a day and large ones at 1 to 2 TB; a guess that is too slow only leaves a window too early."""
JOB = Guess(unit_seconds=600.0, byte_seconds=1 / (2 * _MEGABYTE))
"""A batch that the service works on: ten minutes in its queue, then 2 MB/s."""
_WEIGHT_OF_GUESS = 0.05
_MEMORY = 0.995
"""What an observation still counts after the next one: the last few hundred decide."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """Weighted sums of units, megabytes and seconds, from which a line is drawn."""

    weight: float = 0.0
    size: float = 0.0
    square: float = 0.0
    time: float = 0.0
    product: float = 0.0

    def with_one(self, size: float, seconds: float, weight: float, *, memory: float = 1.0) -> "_Sums":
        return _Sums(
            self.weight * memory + weight, self.size * memory + weight * size, self.square * memory + weight * size**2,
            self.time * memory + weight * seconds, self.product * memory + weight * seconds * size,
        )  # fmt: skip


class Rates:
    """Learns from single files (or jobs) what any number of them will take: seconds = units x a + bytes x b.

    Small files alone say nothing of large ones, and the other way round: for what was not seen yet the guess stands.
    Deviations count relative to what was to be expected. Safe to observe in one thread alone.
    """

    def __init__(self, guess: Guess) -> None:
        self._a, self._b = guess.unit_seconds, guess.byte_seconds * _MEGABYTE
        self._sums = _Sums()

    def observe(self, size: int, seconds: float) -> None:
        """One file of so many bytes took so long."""
        megabytes = size / _MEGABYTE
        self._sums = self._sums.with_one(megabytes, seconds, self._weight(megabytes), memory=_MEMORY)

    def costs(self) -> tuple[float, float]:
        """Seconds for each unit and for each byte, as far as they are known."""
        sums = self._sums
        for size in (0.0, 100.0 * self._a / self._b):  # a file of nothing, and one in which the bytes alone count
            sums = sums.with_one(size, self._a + self._b * size, _WEIGHT_OF_GUESS * self._weight(size))
        whole = sums.weight * sums.square - sums.size**2  # never zero: the guess has two sizes
        unit = (sums.time * sums.square - sums.product * sums.size) / whole
        byte = (sums.product * sums.weight - sums.time * sums.size) / whole
        if unit < 0:
            unit, byte = 0.0, sums.product / sums.square
        elif byte < 0:
            unit, byte = sums.time / sums.weight, 0.0
        return unit, byte / _MEGABYTE

    def seconds(self, units: int, size: int, *, at_once: int) -> float:
        """How long so many files with so many bytes in all take, `at_once` of them at the same time."""
        unit, byte = self.costs()
        return (units * unit + size * byte) / max(min(at_once, units), 1)

    def _weight(self, megabytes: float) -> float:
        return 1 / (self._a + self._b * megabytes) ** 2
