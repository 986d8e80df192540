"""The entries of a folder in the order of their bytes: ordinary files side by side in columns, others as they are.

Nearly all names are ordinary files. In columns they take an eighth of the memory, are counted and compared by loops in
C, and go to the ledger as they stand; a value of Python's for each is made only where somebody asks for it.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import NamedTuple, Self, overload

from spmigrate.store.listing import Entry

_AT_ONCE = 10_000


class Columns(NamedTuple):
    """Facts of ordinary files, in the same order in each column."""

    names: Sequence[str]
    sizes: Sequence[int]
    modified_ns: Sequence[int]
    created_ns: Sequence[int]
    file_ids: Sequence[int]


class Entries(Sequence[Entry]):
    """Entries in their order. `others` are those that are no ordinary files.

    An ordinary file has a name in UTF-8, no attributes, a known time of creation and a number for its id, and could be
    looked at.
    """

    __slots__ = ("_created_ns", "_file_ids", "_modified_ns", "_names", "_places", "_sizes", "others")

    def __init__(self) -> None:
        """None as yet."""
        self._names: list[str] = []
        self._sizes, self._modified_ns, self._created_ns, self._file_ids = (array("q") for _ in range(4))
        self.others: list[Entry] = []
        self._places: list[int] = []

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """These entries, which come in the order of their bytes."""
        made = cls()
        for entry in entries:
            made.add(entry)
        return made

    def add(self, entry: Entry) -> None:
        """One more entry, of any kind."""
        _, name, kind, size, modified_ns, created_ns, reason, attributes, file_id = entry
        ordinary = kind == "file" and reason is None and not attributes and "\ufffd" not in name
        if ordinary and created_ns is not None and isinstance(file_id, int):
            self.add_files(Columns([name], [size], [modified_ns], [created_ns], [file_id]))
        else:
            self._places.append(len(self))
            self.others.append(entry)

    def add_files(self, files: Columns) -> None:
        """More ordinary files."""
        names, sizes, modified_ns, created_ns, file_ids = files
        self._names.extend(names)
        self._sizes.extend(sizes)
        self._modified_ns.extend(modified_ns)
        self._created_ns.extend(created_ns)
        self._file_ids.extend(file_ids)

    def columns(self) -> Iterator[Columns]:
        """The ordinary files, at most 10,000 at once."""
        for start in range(0, len(self._names), _AT_ONCE):
            yield self._some(start, start + _AT_ONCE)

    def others_and(self, chosen: Sequence[int]) -> Iterator[Entry]:
        """The others, and the ordinary files that are `chosen` by their places in the columns; all in their order."""
        taken = 0
        for number, place in enumerate(self._places):
            before = bisect_left(chosen, place - number, taken)
            yield from map(self._file, chosen[taken:before])
            yield self.others[number]
            taken = before
        yield from map(self._file, chosen[taken:])

    def names(self) -> Iterator[Sequence[str]]:
        """All names in parts, in no order."""
        yield from (part.names for part in self.columns())
        yield [entry.name for entry in self.others]

    @property
    def items(self) -> int:
        """How many of them are not folders."""
        return len(self) - sum(entry.kind == "folder" for entry in self.others)

    @property
    def bytes(self) -> int:
        """The bytes of all that are not folders."""
        return sum(self._sizes) + sum(entry.size for entry in self.others if entry.kind != "folder")

    def __len__(self) -> int:
        return len(self._names) + len(self.others)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            return list(self._between(start, stop)) if step == 1 else list(self)[index]
        place = range(len(self))[index]
        return next(self._between(place, place + 1))

    def __iter__(self) -> Iterator[Entry]:
        return self._between(0, len(self))

    def _between(self, start: int, stop: int) -> Iterator[Entry]:
        first, last = bisect_left(self._places, start), bisect_left(self._places, stop)
        for number in range(first, last):
            yield from self._files(start - number, self._places[number] - number)
            yield self.others[number]
            start = self._places[number] + 1
        yield from self._files(start - last, stop - last)

    def _files(self, start: int, stop: int) -> Iterator[Entry]:
        for begin in range(start, stop, _AT_ONCE):
            names, *numbers, file_ids = self._some(begin, min(begin + _AT_ONCE, stop))
            raws = map(str.encode, names)
            yield from map(
                _entry, zip(raws, names, repeat("file"), *numbers, repeat(None), repeat(0), file_ids, strict=False)
            )

    def _file(self, at: int) -> Entry:
        name, created_ns = self._names[at], self._created_ns[at]
        size, modified_ns, file_id = self._sizes[at], self._modified_ns[at], self._file_ids[at]
        return Entry(name.encode(), name, "file", size, modified_ns, created_ns, None, 0, file_id)

    def _some(self, start: int, stop: int) -> Columns:
        whole = Columns(self._names, self._sizes, self._modified_ns, self._created_ns, self._file_ids)
        if start == 0 and stop >= len(self._names):
            return whole
        names, sizes, modified_ns, created_ns, file_ids = whole
        return Columns(
            names[start:stop], sizes[start:stop], modified_ns[start:stop], created_ns[start:stop], file_ids[start:stop]
        )


_entry = partial(tuple.__new__, Entry)
"""An entry from its fields; `Entry._make` takes twice as long, and this runs once for every file."""
