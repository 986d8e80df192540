"""What is said of a folder as a whole: files that travel together, a folder too full, a folder long unchanged. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from spmigrate import words
from spmigrate.limits import LARGEST_NOTEBOOK, VIEW_THRESHOLD
from spmigrate.scan import names
from spmigrate.scan.codes import remark
from spmigrate.store.entries import Entries
from spmigrate.store.listing import Entry, Remark
from spmigrate.together import SECTIONS, SHAPEFILE_PARTS

_YEAR_NS = 31_556_952 * 1_000_000_000
_OLD_YEARS = 7

_NEEDED = SHAPEFILE_PARTS[:3]
_NOTEBOOK = frozenset(SECTIONS)


def examine(entries: Entries, special: Mapping[str, Sequence[Entry]], *, now_ns: int) -> Iterator[Remark]:
    """Findings of a folder. `special` has its shapefiles, OneNote files and drawings, by their code."""
    if special:
        yield from _shapefiles(entries, special.get("SHAPEFILE", ()))
        yield from _notebook(entries, special.get("ONENOTE-SECTION", ()))
        yield from _drawings(special.get("CAD-SET", ()))
    if len(entries) > VIEW_THRESHOLD:
        yield remark(None, "FOLDER-LARGE", f"The folder itself has {len(entries):,} entries.")
    yield from _age(entries, now_ns)


def _shapefiles(entries: Sequence[Entry], shapes: Sequence[Entry]) -> Iterator[Remark]:
    if not shapes:
        return
    present = {names.fold(entry.name) for entry in entries}
    for entry in shapes:
        stem = names.fold(entry.name)[:-4]
        missing = [part for part in _NEEDED if stem + part not in present]
        if missing:
            yield remark(entry, "SHAPEFILE-PART", f"{', '.join(missing)} of this shapefile is not in the folder.")
            continue
        parts = [part for part in SHAPEFILE_PARTS if stem + part in present]
        yield remark(entry, "SHAPEFILE", f"A shapefile is one thing in {len(parts)} files here: {', '.join(parts)}.")


def _notebook(entries: Sequence[Entry], sections: Sequence[Entry]) -> Iterator[Remark]:
    """A notebook is a folder of nothing but sections with a table of contents (Microsoft's OneNote migration page)."""
    if not sections:
        return
    kinds = {names.extension(entry.name) for entry in entries if entry.kind == "file"}
    if "onetoc2" not in kinds or not kinds <= _NOTEBOOK:
        for entry in sections:
            yield remark(entry, "ONENOTE-SECTION")
        return
    yield remark(None, "ONENOTE")
    size = sum(entry.size for entry in sections)
    if size > LARGEST_NOTEBOOK:
        yield remark(None, "ONENOTE-LARGE", f"The notebook has {words.size(size)}; 2 GB open well.")


def _drawings(drawings: Sequence[Entry]) -> Iterator[Remark]:
    if len(drawings) > 1:
        yield remark(None, "CAD-SET", f"{len(drawings)} drawings lie in this folder and may refer to one another.")


def _age(entries: Entries, now_ns: int) -> Iterator[Remark]:
    before = now_ns - _OLD_YEARS * _YEAR_NS
    count = 0
    others = [entry.modified_ns for entry in entries.others if entry.kind == "file"]
    for modified_ns in (others, *(part.modified_ns for part in entries.columns())):
        if any(map(before.__le__, modified_ns)):
            return
        count += len(modified_ns)
    if count:
        yield remark(None, "OLD", f"None of the {count} files directly in this folder changed in the last seven years.")
