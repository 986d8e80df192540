"""The entries of an enormous folder in a quarter of the memory: numbers side by side, each entry made when met."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from spmigrate.store.listing import Entry

_NUMBERS = 4


class PackedEntries(Sequence[Entry]):
    """Entries in their order. Those that are no ordinary files are kept as they are."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take the entries, one after the other."""
        self._raws: list[bytes] = []
        self._numbers = array("q")
        self._others: dict[int, Entry] = {}
        for entry in entries:
            raw, name, kind, size, modified_ns, created_ns, reason, attributes, file_id = entry
            ordinary = kind == "file" and reason is None and not attributes and "\ufffd" not in name
            if ordinary and created_ns is not None and isinstance(file_id, int):
                self._numbers.extend((size, modified_ns, created_ns, file_id))
            else:
                self._others[len(self._raws)] = entry
                self._numbers.extend((0,) * _NUMBERS)
            self._raws.append(raw)

    def __len__(self) -> int:
        return len(self._raws)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self._entry(each) for each in range(*index.indices(len(self)))]
        return self._entry(range(len(self))[index])

    def __iter__(self) -> Iterator[Entry]:
        return map(self._entry, range(len(self)))

    def _entry(self, index: int) -> Entry:
        other = self._others.get(index)
        if other is not None:
            return other
        raw = self._raws[index]
        size, modified_ns, created_ns, file_id = self._numbers[index * _NUMBERS : (index + 1) * _NUMBERS]
        return Entry(raw, raw.decode(), "file", size, modified_ns, created_ns, None, 0, file_id)
