"""How large rows are: a folder is one row with all below it, or is split into its own files and its folders. Pure.

Every folder of a source is then in exactly one row; a folder that is split and holds no files of its own needs none.
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from spmigrate.mapping.folders import Folder
from spmigrate.store.row_facts import FOLDER, TREE


@dataclass(frozen=True, slots=True)
class Limits:
    """What makes a good sheet: 20 to 400 rows. Files of a folder, with all below it, decide what is worth a row."""

    fewest_rows: int = 20
    most_rows: int = 400
    mixed_files: int = 25
    """A part that differs from what it lies in gets rows of its own from so many files on."""
    worth_files: int = 250
    """A folder is split to get more rows while it has at least so many files."""
    large_files: int = 20_000
    """A folder of so many files is split even where there are rows enough."""
    deepest: int = 4
    """Folders are split for their size down to this level: owners know no deeper ones by heart."""


@dataclass(frozen=True, slots=True)
class Pins:
    """What a person has decided about folders: these are split, and these are one row, whatever their size."""

    split: frozenset[int] = frozenset()
    together: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """A row to be: a folder with all below it (`tree`), or the files that lie directly in it (`folder`)."""

    folder: Folder
    scope: str

    @property
    def files(self) -> int:
        """How many files it holds."""
        return self.folder.all_files if self.scope == TREE else self.folder.files


Kind = Callable[[Folder], tuple[str, ...]]
"""What a folder is proposed as; folders of different kinds belong in different rows. Its first word is the sheet."""


@dataclass(slots=True)
class _Splitting:
    root: Folder
    kind: Kind
    limits: Limits
    pins: Pins
    split: set[int] = field(default_factory=set)

    def parts(self) -> Iterator[Part]:
        yield from parts_of(self.root, self.split)

    def may_split(self, folder: Folder) -> bool:
        return bool(folder.children) and folder.id not in self.pins.together and not folder.unseen


def partition(root: Folder, kind: Kind, *, limits: Limits | None = None, pins: Pins | None = None) -> list[Part]:
    """The rows of a source, in the order of their paths."""
    work = _Splitting(root, kind, limits or Limits(), pins or Pins())
    work.split |= {root.id} - work.pins.together
    _split_pinned(work)
    _split_mixed(work)
    _split_large(work)
    _put_together(work)
    return list(work.parts())


def parts_of(root: Folder, split: Collection[int]) -> Iterator[Part]:
    """The rows that remain when the folders in `split` are split."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        if folder.id not in split:
            yield Part(folder, TREE)
            continue
        if folder.files or folder.unseen or not folder.children:
            yield Part(folder, FOLDER)
        waiting.extend(reversed(folder.children))


def _split_pinned(work: _Splitting) -> None:
    """Split what a person wants split, and all above it and above what is to be a row of its own."""
    if not work.pins.split and not work.pins.together:
        return
    for folder in work.root.walk():
        if folder.id in work.pins.split and folder.children:
            work.split.add(folder.id)
        if folder.id in work.pins.split or folder.id in work.pins.together:
            work.split.update(each.id for each in folder.above())


def _split_mixed(work: _Splitting) -> None:
    """Split every folder with a part below it that is of another kind, and large enough to matter."""
    kept = work.pins.together
    for folder in work.root.walk():
        parent = folder.parent
        if parent is None or folder.all_files < work.limits.mixed_files or work.kind(folder) == work.kind(parent):
            continue
        above = list(folder.above())
        if not any(each.id in kept for each in above):
            work.split.update(each.id for each in above)


def _split_large(work: _Splitting) -> None:
    """Split the largest folders of each sheet until it has rows enough, and those that are too large for one row."""
    rows: dict[str, int] = {}
    waiting: list[tuple[int, str, Folder]] = []
    for part in work.parts():
        sheet = work.kind(part.folder)[0]
        rows[sheet] = rows.get(sheet, 0) + 1
        if part.scope == TREE:
            heapq.heappush(waiting, (-part.files, part.folder.path, part.folder))
    while waiting:
        _, _, folder = heapq.heappop(waiting)
        sheet = work.kind(folder)[0]
        more = len(folder.children) - 1 + bool(folder.files)
        if not _worth_it(work, folder, rows.get(sheet, 0), more):
            continue
        work.split.add(folder.id)
        rows[sheet] = rows.get(sheet, 0) + more
        for child in folder.children:
            heapq.heappush(waiting, (-child.all_files, child.path, child))


def _worth_it(work: _Splitting, folder: Folder, rows: int, more: int) -> bool:
    limits = work.limits
    if not work.may_split(folder) or folder.depth >= limits.deepest or more == 0 or rows + more > limits.most_rows:
        return False
    wanted = limits.worth_files if rows < limits.fewest_rows else limits.large_files
    return folder.all_files >= wanted


def _put_together(work: _Splitting) -> None:
    """While a sheet has too many rows, make one row again of the smallest split folders whose rows are alike."""
    counts = _rows_by_sheet(work)
    for sheet, count in counts.items():
        over = count - work.limits.most_rows
        if over <= 0:
            continue
        for folder in sorted(_foldable(work, sheet), key=lambda each: (-each.depth, each.all_files, each.path)):
            if over <= 0:
                break
            if any(child.id in work.split for child in folder.children):
                continue
            over -= len(folder.children) - 1 + bool(folder.files)
            work.split.discard(folder.id)


def _rows_by_sheet(work: _Splitting) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for part in work.parts():
        sheet = work.kind(part.folder)[0]
        counts[sheet] = counts.get(sheet, 0) + 1
    return counts


def _foldable(work: _Splitting, sheet: str) -> Iterable[Folder]:
    """Split folders that may be one row again: all that lies in them is for one sheet, and nobody wanted them split."""
    fixed = set(work.pins.split)
    for folder in work.root.walk():
        if folder.id in work.pins.together:
            fixed.update(each.id for each in folder.above())
    return [
        folder
        for folder in work.root.walk()
        if folder.id in work.split
        and folder.parent is not None
        and folder.id not in fixed
        and all(work.kind(below)[0] == sheet for below in folder.walk())
    ]
