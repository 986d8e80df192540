"""Rows whose files are used with others, and the rows beside them that do not move with them. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_NAMED = 5


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row, where its folder is, what its owner says that the files are used with (empty: nothing), and its wave.

    `wave` is empty for a row in none. A row that `stays` was decided to stay where it is, whatever its wave.
    """

    row_id: str
    source_id: int
    path: str
    used_with: str
    stays: bool
    wave: str


@dataclass(frozen=True, slots=True)
class Apart:
    """A row that moves, and its neighbours that do not move with it: those that are used with others, too, first."""

    row: PlacedRow
    neighbours: tuple[PlacedRow, ...]

    @property
    def said(self) -> str:
        """A sentence that names both."""
        first = "; ".join(f"{each.row_id} {each.path or '.'} ({_where(each)})" for each in self.neighbours[:_NAMED])
        more = len(self.neighbours) - _NAMED
        rest = f"; and {more} more" if more > 0 else ""
        return f"{self.row.row_id} {self.row.path or '.'} is used with others ({self.row.used_with}): {first}{rest}"


def apart(rows: Sequence[PlacedRow], wave: str) -> list[Apart]:
    """The rows of a wave that are used with other files, and whose neighbours do not all move in it.

    Neighbours have the same folder above them, or lie directly above or below: what a drawing or a workbook refers to
    is near it as a rule. Which files those are nobody but the owner knows: programs write links in many ways.
    """
    by_place: dict[tuple[int, str], list[PlacedRow]] = defaultdict(list)
    below: dict[tuple[int, str], list[PlacedRow]] = defaultdict(list)
    for row in rows:
        by_place[row.source_id, row.path].append(row)
        if row.path:
            below[row.source_id, _above(row.path)].append(row)
    found: list[Apart] = []
    for row in rows:
        if row.wave != wave or row.stays or not row.used_with:
            continue
        near = [*by_place[row.source_id, row.path], *below[row.source_id, row.path]]
        if row.path:
            near += [*by_place[row.source_id, _above(row.path)], *below[row.source_id, _above(row.path)]]
        left = tuple(_left(near, row, wave))
        if left:
            found.append(Apart(row, left))
    return found


def _left(near: Iterable[PlacedRow], row: PlacedRow, wave: str) -> Iterator[PlacedRow]:
    others = {each.row_id: each for each in near if each.row_id != row.row_id}
    for each in sorted(others.values(), key=lambda other: (not other.used_with, other.path, other.row_id)):
        if each.wave != wave or each.stays:
            yield each


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _where(row: PlacedRow) -> str:
    if row.stays:
        return "stays where it is"
    return f"wave {row.wave}" if row.wave else "in no wave"
