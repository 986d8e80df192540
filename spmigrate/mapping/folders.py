"""The folders of a source as a tree, with what lies in and below each: what rows are proposed from. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from spmigrate.store.folders import Listed

_NO_HINTS: Mapping[str, int] = {}

ROOT = "."
"""How the folder of a source itself is written where a person reads or types it."""


@dataclass(slots=True, eq=False)
class Folder:
    """A folder among others. `files`, `bytes` and `hints` count what lies directly in it, `all_` with all below it."""

    id: int
    path: str
    files: int
    bytes: int
    unseen: bool
    hints: Mapping[str, int]
    parent: "Folder | None" = field(default=None, repr=False)
    children: list["Folder"] = field(default_factory=list, repr=False)
    all_files: int = 0
    all_bytes: int = 0
    all_folders: int = 1
    all_hints: Mapping[str, int] = field(default_factory=lambda: _NO_HINTS)

    @property
    def name(self) -> str:
        """Its own name; empty for the source itself."""
        return self.path.rpartition("/")[2]

    @property
    def depth(self) -> int:
        """0 for the source itself, 1 for its top folders."""
        return self.path.count("/") + 1 if self.path else 0

    def above(self) -> Iterator["Folder"]:
        """The folders that it lies in, from the nearest to the source itself."""
        folder = self.parent
        while folder is not None:
            yield folder
            folder = folder.parent

    def walk(self) -> Iterator["Folder"]:
        """It and every folder below it, each before those in it, in the order of their paths."""
        waiting = [self]
        while waiting:
            folder = waiting.pop()
            yield folder
            waiting.extend(reversed(folder.children))


def tree(listed: Iterable[Listed]) -> Folder:
    """The source itself with all below it. Raises ValueError when nothing is listed."""
    rows = list(listed)
    known = {row.id: Folder(row.id, row.path, row.files, row.bytes, row.unseen, row.hints or _NO_HINTS) for row in rows}
    root: Folder | None = None
    for row in rows:
        folder = known[row.id]
        parent = known.get(row.parent_id) if row.parent_id is not None else None
        if parent is None:
            root = folder if row.parent_id is None else root
            continue
        folder.parent = parent
        parent.children.append(folder)
    if root is None:
        raise ValueError("a tree has a folder that lies in no other")
    every = list(root.walk())
    for folder in reversed(every):
        _add_up(folder)
    return root


def _add_up(folder: Folder) -> None:
    folder.children.sort(key=lambda each: (each.path.casefold(), each.path))
    folder.all_files = folder.files + sum(each.all_files for each in folder.children)
    folder.all_bytes = folder.bytes + sum(each.all_bytes for each in folder.children)
    folder.all_folders = 1 + sum(each.all_folders for each in folder.children)
    below = [each.all_hints for each in folder.children if each.all_hints]
    if folder.hints or below:
        total: Counter[str] = Counter(folder.hints)
        for hints in below:
            total.update(hints)
        folder.all_hints = total
