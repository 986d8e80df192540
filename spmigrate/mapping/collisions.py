"""Rows that would meet at their destination, and rows that hold the same source folder. Pure."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from spmigrate.mapping import phrases
from spmigrate.mapping.remarks import Remark
from spmigrate.model import Decision, Destination
from spmigrate.store.listing import join
from spmigrate.store.row_facts import TREE, FolderFacts, Seed
from spmigrate.store.row_paths import Names

Target = tuple[str, str, str]
"""A site, a library, and the path of the folder in it as SharePoint compares names."""

FindNames = Callable[[Sequence[Seed]], Mapping[Seed, Names]]
"""The names of what lies directly in the folder of each of these rows and goes with it."""


@dataclass(frozen=True, slots=True)
class Going:
    """A row on its way: its folder and scope, and where it goes, None when it stays."""

    row_id: str
    seed: Seed
    place: Target | None


@dataclass(frozen=True, slots=True)
class Holding:
    """A row as a piece of a file system: the whole path of its folder, whether with all below it, and what it says."""

    row_id: str
    source_id: int
    path: str
    scope: str
    decision: str
    notes: str


def target(facts: FolderFacts, decision: str, home: Destination) -> Target:
    """Where a row goes, in a form that is equal exactly when SharePoint would take two names for one."""
    name = facts.path.rpartition("/")[2]
    if name and decision == Decision.MOVE_AND_TIDY:
        name = facts.tidied or name
    return home.site, home.library, fold(join(facts.above, name))


def fold(name: str) -> str:
    """A name as SharePoint compares names: neither case nor the way that an accent is written makes a difference."""
    return unicodedata.normalize("NFC", name).casefold()


def meeting(rows: Sequence[Going], others: Iterable[Going], names: FindNames) -> list[Remark]:
    """Remarks on rows of one sheet that meet a row of it or of another sheet at their destination."""
    pairs = list(_pairs([row for row in rows if row.place], [other for other in others if other.place]))
    found = names(sorted({each.seed for pair in pairs for each in pair})) if pairs else {}
    return [remark for row, other in pairs if (remark := _meet(row, other, found)) is not None]


def overlapping(rows: Iterable[Holding], others: Iterable[Holding]) -> Iterator[Remark]:
    """Remarks on rows whose folder lies in the folder of another row, or is the folder of another row too."""
    mine = list(rows)
    whole = [*mine, *others]
    trees = {row.path: row for row in reversed(whole) if row.scope == TREE}
    same = {(row.path, row.scope): row for row in reversed(whole)}
    for row in mine:
        twin = same[row.path, row.scope]
        path = PurePosixPath(row.path)
        above = [*([path] if row.scope != TREE else []), *path.parents]
        around = [trees[str(each)] for each in above if str(each) in trees]
        if twin.row_id != row.row_id and twin.source_id != row.source_id:
            text = f"this folder is a row of another sheet too: {twin.row_id}"
            yield Remark(row.row_id, "source", text, "scan one of the two shares without it, and issue its sheet again")
        elif around and around[0].row_id != row.row_id:
            remark = _inside(row, around[0])
            if remark:
                yield remark


def _inside(row: Holding, around: Holding) -> Remark | None:
    excepted = any(f"except {each}".casefold() in around.notes.casefold() for each in (row.row_id, row.path))
    if excepted or (row.decision == around.decision and row.source_id == around.source_id):
        return None
    text = f"this folder lies in the folder of {around.row_id}, which is to '{around.decision or 'be decided'}'"
    return Remark(row.row_id, "source", text, f"decide both alike, or write in the Notes there: except {row.row_id}")


def _pairs(rows: Sequence[Going], others: Sequence[Going]) -> Iterator[tuple[Going, Going]]:
    there: dict[Target | None, list[Going]] = {}
    for each in [*others, *rows]:
        there.setdefault(each.place, []).append(each)
    for row in rows:
        assert row.place is not None, "only rows that move are compared"
        if there[row.place][0] is not row:
            yield row, there[row.place][0]
        for around in _around(row.place):
            yield from ((row, other) for other in there.get(around, ()))


def _around(place: Target) -> Iterator[Target]:
    """The places around a place, from the library itself: what lies in one may have the name of a folder on the way."""
    site, library, path = place
    names = path.split("/") if path else []
    return ((site, library, "/".join(names[:depth])) for depth in range(len(names)))


def _meet(row: Going, other: Going, names: Mapping[Seed, Names]) -> Remark | None:
    assert row.place is not None and other.place is not None, "only rows that move are compared"
    mine, theirs = names[row.seed], names[other.seed]
    if row.place == other.place:
        known = {fold(name): name for name in (*theirs.files, *theirs.folders)}
        doubled = [_both(name, known[fold(name)]) for name in (*mine.files, *mine.folders) if fold(name) in known]
        which = f": {phrases.listed(doubled)}" if doubled else ""
        if row.place[2]:
            text = f"{other.row_id} moves a folder of the same name to the same place{which}"
        elif doubled:
            text = f"{other.row_id} moves files of the same names to the same place{which}"
        else:
            return None
    else:
        step, _, rest = row.place[2][len(other.place[2]) :].lstrip("/").partition("/")
        taken = next((name for name in theirs.files if fold(name) == step), None)
        if taken is not None:
            which = "a folder around this one" if rest else "this folder"
            text = f"{other.row_id} moves a file of the name of {which} to the same place: {taken}"
        elif not rest and not other.place[2] and step in map(fold, theirs.folders):
            text = f"{other.row_id} moves a folder of the same name to the same place"
        else:
            return None
    return Remark(row.row_id, "home", text, "choose another home for one of them")


def _both(name: str, other: str) -> str:
    return name if name == other else f"{name} and {other}"
