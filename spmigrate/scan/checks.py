"""What SharePoint would refuse or a person should know, decided for one folder at a time. Pure.

The 400 characters that SharePoint allows a path count from `sites/` on. Where a folder will go is not decided yet when
it is scanned, so `ASSUMED_PREFIX` characters are set aside for the site and the library; the wave measures again.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from spmigrate.limits import (
    ASSUMED_HOST,
    ASSUMED_PREFIX,
    ASSUMED_SYNC_ROOT,
    LARGE_FILE,
    LARGEST_FILE,
    LONGEST_PATH,
    OFFICE_PATH,
    WORKBOOK_PATH,
    encoded,
    units,
)
from spmigrate.model import Treatment
from spmigrate.scan import hints, names, plain, sets
from spmigrate.scan.codes import CODES, Code, remark
from spmigrate.store.entries import Entries
from spmigrate.store.listing import Attribute, Entry, Remark, join
from spmigrate.together import DRAWINGS, SECTIONS

__all__ = ["CODES", "Code", "examine", "remark"]

_LONG_PATH = 300
_OF_OFFICE = {
    **dict.fromkeys(("xls", "xlsx", "xlsm", "xlsb", "xlt", "xltx"), WORKBOOK_PATH),
    **dict.fromkeys(("doc", "docx", "docm", "dot", "dotx", "ppt", "pptx", "pptm"), OFFICE_PATH),
}
_BEYOND = LONGEST_PATH - ASSUMED_PREFIX + ASSUMED_SYNC_ROOT
"""A path that fills its library exactly is so long on a computer that synchronises it."""
_DAY_NS = 86_400 * 1_000_000_000
_EARLIEST_NS = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000_000
_LOCK_BYTES = 1024
"""Office lock files have 162 to 165 bytes; a `~$` file above a kilobyte is somebody's document."""

_SYSTEM_FILES = frozenset(["desktop.ini", "thumbs.db", "ehthumbs.db", ".ds_store"])
_LOCKS = frozenset([".lock"])
_BY_EXTENSION = {
    extension: code
    for code, extensions in {
        "TEMPORARY": "tmp",
        "LOCK-FILE": "laccdb ldb",
        "SHORTCUT": "lnk",
        "WEB-SHORTCUT": "url website",
        "DATABASE": "mdb mde accdb accde sqlite sqlite3 qbw mdf ldf nsf fdb",
        "MAILBOX": "pst ost",
        "ONENOTE-SECTION": " ".join(SECTIONS),
        "SHAPEFILE": "shp",
        "CAD-SET": " ".join(DRAWINGS),
        "SOFTWARE": "exe dll msi bat cmd com scr iso vhd vhdx vmdk",
        "SCRIPT-PAGE": "aspx ascx asmx master htc jar swf xap xsf",
    }.items()
    for extension in extensions.split()
}
_ENDS = frozenset(f".{extension}"[-4:] for extension in _BY_EXTENSION)
"""What the names of all files end in whose extension says something, and a few others."""
_UNSEEN_CHARACTER = re.compile("[\u00a0\u00ad\u0080-\u009f\u200b-\u200f\u2028\u2029\u202a-\u202d\u2060-\u2069\ufeff]")
_TOGETHER = frozenset(["SHAPEFILE", "ONENOTE-SECTION", "CAD-SET"])
_BY_ATTRIBUTE = (
    (Attribute.OFFLINE, "OFFLINE"), (Attribute.ENCRYPTED, "EFS-ENCRYPTED"),
    (Attribute.HIDDEN | Attribute.SYSTEM, "HIDDEN"), (Attribute.STREAMS, "STREAMS"),
)  # fmt: skip


class _Folder(NamedTuple):
    """What the entries of one folder are measured by: characters left for a name, decoded and as addresses have it."""

    path: str
    room: int
    address: int
    now_ns: int


def examine(path: str, entries: Entries, *, now_ns: int) -> list[Remark]:
    """Every finding about the entries of the folder `path` (empty for the root), and about the folder as a whole.

    `entries` are in the order of their bytes, so that the same folder always gives the same findings and proposals.
    """
    remarks: list[Remark] = []
    wrong: dict[bytes, list[str]] = {}
    staying: set[bytes] = set()
    special: dict[str, list[Entry]] = {}
    folder = _measured(path, now_ns)
    are_plain = plain.are_plain(entries.names(), unlike=_SYSTEM_FILES)
    for entry in _remarkable(entries, folder, are_plain=are_plain):
        code = _staying(entry)
        if code is not None:
            staying.add(entry.raw)
            remarks.append(remark(entry, code))
            continue
        if not are_plain or entry.kind == "folder":
            refused = _refusals(entry, top=not path)
            if refused:
                wrong[entry.raw] = refused
            remarks += _name_notes(entry)
        remarks += _notes(entry, folder, special)
    if wrong or not are_plain:
        remarks += _renames(entries, wrong, staying, top=not path)
    remarks += sets.examine(entries, special, now_ns=now_ns)
    return remarks


def _measured(path: str, now_ns: int) -> _Folder:
    room = LONGEST_PATH - ASSUMED_PREFIX
    if not path:
        return _Folder(path, room, room - ASSUMED_HOST, now_ns)
    return _Folder(path, room - units(path) - 1, room - ASSUMED_HOST - encoded(path) - 1, now_ns)


def _remarkable(entries: Entries, folder: _Folder, *, are_plain: bool) -> Iterator[Entry]:
    """The entries of which something may be said on their own; a look at whole columns spares most files the others.

    `are_plain` says that the names as such are in order.
    """
    longest = min(folder.room - (_BEYOND - WORKBOOK_PATH), folder.address // 3)
    chosen: list[int] = []
    before = 0
    for files in entries.columns():
        names = files.names
        found = {
            *_outside(files.sizes, 1, LARGE_FILE),
            *_outside(files.modified_ns, _EARLIEST_NS, folder.now_ns + _DAY_NS),
            *_outside(list(map(len, names)), 1, longest),
        }
        if not _ENDS.isdisjoint(plain.ends(names)):
            found.update(place for place, name in enumerate(names) if name[-4:].lower() in _ENDS)
        if not are_plain:
            found.update(place for place, name in enumerate(names) if not _is_plain(name))
        chosen += sorted(before + place for place in found)
        before += len(names)
    return entries.others_and(chosen)


def _outside(values: Sequence[int], least: int, most: int) -> Iterable[int]:
    """The places of the values that are out of bounds; mostly there are none, which is seen at once."""
    if least <= min(values) and max(values) <= most:
        return ()
    return (place for place, value in enumerate(values) if not least <= value <= most)


def _is_plain(name: str) -> bool:
    lower = name.lower()
    return (
        lower not in _SYSTEM_FILES and names.is_plain(name, lower) and ".." not in lower and not hints.may_tell(lower)
    )


def by_extension(name: str) -> str | None:
    """The code that an extension alone gives a file, such as DATABASE; None for most."""
    return _BY_EXTENSION.get(names.extension(name))


def _staying(entry: Entry) -> str | None:
    """The code by which an entry does not move at all."""
    if entry.reason is not None:
        return "UNSEEN"
    if entry.kind == "folder":
        return None
    if entry.kind != "file":
        return entry.kind.upper()
    lower = entry.name.lower()
    if lower in _SYSTEM_FILES:
        return "SYSTEM-FILE"
    if lower in _LOCKS or (lower.startswith("~$") and entry.size <= _LOCK_BYTES):
        return "LOCK-FILE"
    code = by_extension(lower)
    return code if code and CODES[code].treatment in (Treatment.SKIP, Treatment.ROUTE) else None


def _refusals(entry: Entry, *, top: bool) -> list[str]:
    found = names.refusals(entry.name, folder=entry.kind == "folder", top=top)
    if "\ufffd" in entry.name and names.readable(entry.raw) is None:
        found.insert(0, "NAME-ENCODING")
    return found


def _notes(entry: Entry, folder: _Folder, special: dict[str, list[Entry]]) -> Iterator[Remark]:
    name, lower = entry.name, entry.name.lower()
    for attribute, code in _BY_ATTRIBUTE if entry.attributes else ():
        if entry.attributes & attribute and (entry.kind == "file" or code == "HIDDEN"):
            yield remark(entry, code)
    if entry.kind == "folder":
        yield from _folder_notes(entry, lower, top=not folder.path)
        return
    known = by_extension(lower)
    if known in _TOGETHER:
        special.setdefault(known, []).append(entry)
    elif known:
        yield remark(entry, known)
    if len(name) > folder.room - (LONGEST_PATH - _LONG_PATH):
        yield _length(entry, folder)
    elif len(name) * 3 > folder.address and encoded(name) > folder.address:
        yield remark(entry, "PATH-ENCODED")
    elif units(name) > folder.room - (_BEYOND - _OF_OFFICE.get(names.extension(name), _BEYOND)):
        yield remark(entry, "PATH-OFFICE")
    if entry.size == 0:
        yield remark(entry, "ZERO-BYTES")
    elif entry.size > LARGE_FILE:
        yield remark(entry, "FILE-TOO-LARGE" if entry.size > LARGEST_FILE else "FILE-LARGE")
    if not _EARLIEST_NS <= entry.modified_ns <= folder.now_ns + _DAY_NS:
        yield remark(entry, "DATE-ODD")


def _folder_notes(entry: Entry, lower: str, *, top: bool) -> Iterator[Remark]:
    if ";" in entry.name:
        yield remark(entry, "SEMICOLON")
    if not top and lower == "forms":
        yield remark(entry, "FORMS")
    if names.is_thicket_abroad(lower):
        yield remark(entry, "THICKET-ABROAD")
    if lower.endswith(".gdb"):
        yield remark(entry, "GEODATABASE")


def _length(entry: Entry, folder: _Folder) -> Remark:
    over = units(entry.name) - folder.room
    if over <= 0:
        return remark(entry, "PATH-LONG")
    fits = LONGEST_PATH - ASSUMED_PREFIX
    longest = max(join(folder.path, entry.name).split("/"), key=len)
    return remark(
        entry,
        "PATH-TOO-LONG",
        f"The path has {fits + over} characters; {fits} fit below a site and library of {ASSUMED_PREFIX}. Take out"
        f" {over}; the longest name in it is '{longest}' ({len(longest)}).",
    )


def _name_notes(entry: Entry) -> Iterator[Remark]:
    name, lower = entry.name, entry.name.lower()
    if not name.isascii():
        yield from (remark(entry, code) for code in _unicode_notes(name))
    if ".." in name:
        yield remark(entry, "MANY-DOTS")
    if name[0] in "=+@":
        yield remark(entry, "FORMULA-NAME")
    if hints.is_folk_version(lower):
        yield remark(entry, "FOLK-VERSION")
    if about := hints.personal(lower):
        yield remark(entry, "SENSITIVE-NAME", f"The name itself may say something about a person ({about}).")


def _unicode_notes(name: str) -> Iterator[str]:
    if "\u202e" in name:
        yield "DIRECTION"
    if _UNSEEN_CHARACTER.search(name):
        yield "INVISIBLE"
    if not unicodedata.is_normalized("NFC", name):
        yield "DECOMPOSED"


def _renames(entries: Entries, wrong: dict[bytes, list[str]], staying: set[bytes], *, top: bool) -> Iterator[Remark]:
    """Proposals for refused names and for all but the first of twins, each unlike every other name in the folder."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.raw in wrong or entry.raw in staying:
            continue
        twin = first.setdefault(names.fold(entry.name), entry)
        if twin is not entry:
            same = unicodedata.normalize("NFC", entry.name) == unicodedata.normalize("NFC", twin.name)
            wrong[entry.raw] = ["TWIN-UNICODE" if same else "TWIN-CASE"]
    if not wrong:
        return
    taken = {names.fold(entry.name) for entry in entries}
    for entry in entries:
        if entry.raw not in wrong:
            continue
        text = names.readable(entry.raw) or names.guess(entry.raw)
        new = names.proposal(text, folder=entry.kind == "folder", top=top, taken=taken)
        for code in wrong[entry.raw]:
            yield remark(entry, code, proposal=new)
