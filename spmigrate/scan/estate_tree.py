"""The folders of a share, one after the other, each with its number of files; no more is kept than the way down."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

_LEAVES = 0.62
"""About so many of the folders have none below them; the empty ones are among these."""


class Visit(NamedTuple):
    """A folder that is entered, with the number of its own files; or left, with None."""

    path: str
    files: int | None


@dataclass
class Names:
    """The names taken in one folder, compared without case."""

    taken: set[str] = field(default_factory=set)
    _next: dict[str, int] = field(default_factory=dict)

    def free(self, name: str) -> str:
        """This name, numbered if it is taken; it is taken from now on."""
        stem, dot, extension = name.rpartition(".")
        stem, extension = (stem, dot + extension) if stem else (name, "")
        chosen, number = name, self._next.get(name.lower(), 2)
        while chosen.lower() in self.taken:
            chosen, number = f"{stem} ({number}){extension}", number + 1
        self._next[name.lower()] = number
        self.taken.add(chosen.lower())
        return chosen


@dataclass(frozen=True, slots=True)
class Shape:
    """What folders are called, how they branch, how deep they go, which stay empty, and names that are taken."""

    tops: Sequence[str]
    names: Sequence[str]
    mean_depth: float
    most_depth: int
    empty: float
    taken: Mapping[str, Collection[str]]


def walk(chance: Random, shape: Shape, *, files: int, folders: int) -> Iterator[Visit]:
    """Every folder below the root, entered before what is in it and left after; with exactly so many of both."""
    tops = shape.tops[: max(1, min(folders, len(shape.tops)))]
    branching = max(1.5, (folders / len(tops)) ** (1 / max(1.0, shape.mean_depth - 2)))
    below = _split(chance, max(0, folders - len(tops)), [chance.lognormvariate(0, 0.6) for _ in tops])
    held = _split(chance, files, [count + 1 for count in below])
    for name, own_files, own_folders in zip(tops, held, below, strict=True):
        yield from _visits(chance, shape, name, branching, files=own_files, folders=own_folders)


def _visits(chance: Random, shape: Shape, path: str, branching: float, *, files: int, folders: int) -> Iterator[Visit]:
    depth = path.count("/") + 1
    count = min(folders, max(1, round(branching * chance.uniform(0.4, 1.6))))
    if depth >= shape.most_depth - 1:
        count = folders
    below = _split(chance, folders - count, [chance.lognormvariate(0, 1) for _ in range(count)])
    weights = [
        0.0 if not each and chance.random() < shape.empty / _LEAVES else (each + 1) * chance.lognormvariate(0, 0.4)
        for each in below
    ]
    here = files if not any(weights) else min(files, round(files / (folders + 1) * chance.lognormvariate(-0.3, 0.8)))
    yield Visit(path, here)
    names = Names({name.lower() for name in shape.taken.get(path, ())})
    for own_folders, own_files in zip(below, _split(chance, files - here, weights), strict=True):
        child = f"{path}/{names.free(chance.choice(shape.names))}"
        yield from _visits(chance, shape, child, branching, files=own_files, folders=own_folders)
    yield Visit(path, None)


def _split(chance: Random, total: int, weights: Sequence[float]) -> list[int]:
    """`total` in whole parts like `weights`; what rounding leaves goes to a part that has a weight."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [int(total * weight / whole) for weight in weights]
    heavy = [place for place, weight in enumerate(weights) if weight]
    for _ in range(total - sum(parts)):
        parts[chance.choice(heavy)] += 1
    return parts
