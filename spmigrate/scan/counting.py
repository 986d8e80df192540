"""Counting what lies in a place, by the folders at its top, without keeping any of it."""

from collections.abc import Sequence

from spmigrate.scan.place import Place
from spmigrate.store.counts import ROOT, Count
from spmigrate.store.listing import Entry, join


def by_top(place: Place) -> list[Count]:
    """The count of each folder at the top, and of the files beside them as `.`. Raises OSError for the root alone."""
    entries, _ = place.read(b"")
    tops = [entry for entry in entries if entry.kind == "folder"]
    return [_count(ROOT, 0, entries), *(_below(place, entry) for entry in tops)]


def _below(place: Place, top: Entry) -> Count:
    folders = files = size = unseen = 0
    waiting = [top.raw]
    while waiting:
        raw = waiting.pop()
        try:
            entries, _ = place.read(raw)
        except OSError:
            unseen += 1
            continue
        one = _count("", 0, entries)
        waiting += [join(raw, entry.raw) for entry in entries if entry.kind == "folder"]
        folders += sum(entry.kind == "folder" for entry in entries)
        files, size = files + one.files, size + one.bytes
    return Count(top.name, folders, files, size, unseen)


def _count(top: str, folders: int, entries: Sequence[Entry]) -> Count:
    files = [entry for entry in entries if entry.kind == "file"]
    return Count(top, folders, len(files), sum(entry.size for entry in files))
