"""Answers that stand in another order than before: columns of answers that were sorted apart from the folders. Pure.

A workbook's tool columns show by their row check when they were sorted apart. Answers have no such check, but when they
are the same as those that were issued, or collected last, only in other rows, somebody sorted them. Where some were
edited besides, the others still show it: an answer, or two answers side by side, that one row alone had before and
another row alone has now, was carried there. One such row, or two, may be an owner's correction.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from spmigrate.mapping.answers import Answers, recorded
from spmigrate.mapping.columns import ANSWER_KEYS
from spmigrate.mapping.remarks import Remark
from spmigrate.store.mappings import MappedRow

SETTLED = "order is right"
"""What an owner writes in the Notes of a row whose answers truly changed places with those of another."""

_FEWEST_ROWS = 3
_SWAP = 2
_FOLLOWS: Mapping[str, tuple[str, ...]] = {"keep": ("subject",), "marking": ("sensitive", "home")}
"""Columns that are filled from others when their cells are empty: they change places with these."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A row with its answers before, when they were issued or collected last, and now."""

    row_id: str
    before: Answers
    now: Answers


@dataclass(slots=True)
class _Moved:
    """The rows whose answer in a column stands in another row now."""

    rows: dict[str, frozenset[str]] = field(default_factory=dict)

    def without_followers(self) -> dict[str, frozenset[str]]:
        """Without columns that only followed another one."""
        return {
            key: rows
            for key, rows in self.rows.items()
            if not any(rows <= self.rows.get(leader, frozenset()) for leader in _FOLLOWS.get(key, ()))
        }

    @property
    def is_a_swap(self) -> bool:
        """Whether the owner gave two rows each other's answer in one column, as somebody may who has noticed a slip."""
        own = list(self.without_followers().values())
        return not own or (len(own) == 1 and len(own[0]) == _SWAP)


def check(rows: Sequence[Ordered]) -> Iterator[Remark]:
    """A blocking remark at each row whose answers are those of other rows, unless its Notes say that this is right."""
    if len(rows) < _FEWEST_ROWS:
        return
    moved = _moved(rows)
    sorted_whole = {} if moved.is_a_swap else moved.rows
    carried = _carried(rows)
    noted = {row.before.notes for row in rows}
    for row in rows:
        keys = [key for key in ANSWER_KEYS if row.row_id in sorted_whole.get(key, ())]
        keys += [carried[row.row_id]] if row.row_id in carried else []
        settled = SETTLED in row.now.notes.casefold() and row.now.notes not in noted
        if keys and not settled:
            text = "these answers are last time's in another order: were they sorted apart from the folders?"
            hint = f"undo the sorting; if the answers are meant, write '{SETTLED}' in the Notes of this row"
            yield Remark(row.row_id, keys[0], text, hint)


def check_recorded(rows: Sequence[MappedRow]) -> list[Remark]:
    """Those remarks for the rows of a sheet as the ledger holds them; older ledgers kept nothing to compare with."""
    return list(check([Ordered(row.row_id, Answers(**row.baseline), recorded(row)) for row in rows if row.baseline]))


def _carried(rows: Sequence[Ordered]) -> dict[str, str]:
    """The rows that have what another row alone had before, each with a column of it; fewer than three are none.

    Two columns are looked at together as well as each alone: that two answers came along together is no chance.
    """
    found: dict[str, str] = {}
    before, now = _sides(rows)
    for keys in [*combinations(ANSWER_KEYS, 1), *combinations(ANSWER_KEYS, 2)]:
        old, new = _places(before, keys), _places(now, keys)
        carried = [place for value, place in new.items() if all(value) and old.get(value, place) != place]
        if len(carried) >= _FEWEST_ROWS:
            found |= {rows[place].row_id: keys[0] for place in carried if rows[place].row_id not in found}
    return found


def _places(side: Sequence[Answers], keys: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Where the answers that only one row has stand."""
    values = [tuple(str(getattr(each, key)) for key in keys) for each in side]
    times = Counter(values)
    return {value: place for place, value in enumerate(values) if times[value] == 1}


def _moved(rows: Sequence[Ordered]) -> _Moved:
    found = _Moved()
    for key in ANSWER_KEYS:
        before, now = ([str(getattr(each, key)) for each in side] for side in _sides(rows))
        if before != now and Counter(before) == Counter(now):
            pairs = zip(rows, before, now, strict=True)
            found.rows[key] = frozenset(row.row_id for row, old, new in pairs if old != new)
    return found


def _sides(rows: Sequence[Ordered]) -> tuple[list[Answers], list[Answers]]:
    return [row.before for row in rows], [row.now for row in rows]
