"""What SharePoint would refuse or a person should know, decided for one folder at a time. Pure.

The 400 characters that SharePoint allows a path count from `sites/` on. Where a folder will go is not decided yet when
it is scanned, so `ASSUMED_PREFIX` characters are set aside for the site and the library; the wave measures again.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from spmigrate.model import Treatment
from spmigrate.scan import names
from spmigrate.scan.codes import CODES, Code
from spmigrate.store.listing import Entry, Remark, join

__all__ = ["ASSUMED_PREFIX", "CODES", "LONGEST_PATH", "Code", "examine", "remark"]

LONGEST_PATH = 400
"""Characters of a decoded path below the tenant, from `sites/` to the file name (Microsoft's page on limits)."""

ASSUMED_PREFIX = 70
"""Characters set aside for `sites/`, a site address of up to 40, and a library's name."""

_LONG_PATH = 300
_GB = 1_000_000_000
_DAY_NS = 86_400 * 1_000_000_000
_YEAR_NS = 31_556_952 * 1_000_000_000
_EARLIEST_NS = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000_000
_OLD_YEARS = 7
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
        "DATABASE": "mdb mde accdb accde sqlite sqlite3 qbw mdf ldf nsf fdb",
        "MAILBOX": "pst ost",
        "ONENOTE": "one onetoc2",
        "SHAPEFILE": "shp",
        "SOFTWARE": "exe dll msi bat cmd com scr iso vhd vhdx vmdk",
        "SCRIPT-PAGE": "aspx ascx asmx master htc jar swf xap xsf",
    }.items()
    for extension in extensions.split()
}
_UNSEEN_CHARACTER = re.compile("[\u00a0\u00ad\u0080-\u009f\u200b-\u200f\u2028\u2029\u202a-\u202d\u2060-\u2069\ufeff]")
_FOLK = ("copy of ", " - copy", "use this one")
_SENSITIVE = ("placement", "safeguard", "disciplin", "grievance", "sickness", "medical", "occ health",
              "capability hearing", "dob", "child prot")  # fmt: skip
_SENSITIVE_WORD = re.compile(r"\b(?:" + "|".join(word + r"\b" * (len(word) < 4) for word in _SENSITIVE) + ")")
_TELLING = ("..", *_FOLK, *_SENSITIVE)


def remark(entry: Entry | None, code: str, message: str = "", proposal: str | None = None) -> Remark:
    """A finding of this code, with its own message or the code's."""
    known = CODES[code]
    return Remark(entry, code, known.severity, known.treatment, message or known.message, proposal)


def examine(path: str, entries: Sequence[Entry], *, now_ns: int) -> list[Remark]:
    """Every finding about the entries of the folder `path` (empty for the root), and about the folder's age.

    `entries` are in the order of their bytes, so that the same folder always gives the same findings and proposals.
    """
    remarks: list[Remark] = []
    wrong: dict[bytes, list[str]] = {}
    staying: set[bytes] = set()
    top = not path
    room = LONGEST_PATH - ASSUMED_PREFIX - (names.units(path) + 1 if path else 0)
    for entry in entries:
        if _unremarkable(entry, room, now_ns):
            continue
        code = _staying(entry)
        if code is not None:
            staying.add(entry.raw)
            remarks.append(remark(entry, code))
            continue
        refused = _refusals(entry, top=top)
        if refused:
            wrong[entry.raw] = refused
        remarks += _notes(entry, path, room, now_ns)
    remarks += _renames(entries, wrong, staying, top=top)
    remarks += _together(entries)
    remarks += _age(entries, now_ns)
    return remarks


def _unremarkable(entry: Entry, room: int, now_ns: int) -> bool:
    """Whether nothing at all can be said of a file on its own: one cheap look that spares most files the others."""
    _, name, kind, size, modified_ns, _, reason, _, _ = entry
    lower = name.lower()
    return (
        kind == "file"
        and reason is None
        and 0 < size <= 15 * _GB
        and _EARLIEST_NS <= modified_ns <= now_ns + _DAY_NS
        and len(name) <= room - (LONGEST_PATH - _LONG_PATH)
        and lower.rpartition(".")[2] not in _BY_EXTENSION
        and lower not in _SYSTEM_FILES
        and names.is_plain(name, lower)
        and not any(map(lower.__contains__, _TELLING))
    )


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
    code = _BY_EXTENSION.get(names.extension(lower))
    return code if code and CODES[code].treatment in (Treatment.SKIP, Treatment.ROUTE) else None


def _refusals(entry: Entry, *, top: bool) -> list[str]:
    found = names.refusals(entry.name, folder=entry.kind == "folder", top=top)
    if "\ufffd" in entry.name and names.readable(entry.raw) is None:
        found.insert(0, "NAME-ENCODING")
    return found


def _notes(entry: Entry, path: str, room: int, now_ns: int) -> Iterator[Remark]:
    name, lower = entry.name, entry.name.lower()
    for code in _name_notes(name, lower):
        yield remark(entry, code)
    if entry.kind == "folder":
        if ";" in name:
            yield remark(entry, "SEMICOLON")
        if path and lower == "forms":
            yield remark(entry, "FORMS")
        return
    by_extension = _BY_EXTENSION.get(names.extension(lower))
    if by_extension and by_extension != "SHAPEFILE":
        yield remark(entry, by_extension)
    if len(name) > room - (LONGEST_PATH - _LONG_PATH):
        yield _length(entry, path, room)
    if entry.size == 0:
        yield remark(entry, "ZERO-BYTES")
    elif entry.size > 15 * _GB:
        yield remark(entry, "FILE-TOO-LARGE" if entry.size > 250 * _GB else "FILE-LARGE")
    if not _EARLIEST_NS <= entry.modified_ns <= now_ns + _DAY_NS:
        yield remark(entry, "DATE-ODD")


def _length(entry: Entry, path: str, room: int) -> Remark:
    over = names.units(entry.name) - room
    if over <= 0:
        return remark(entry, "PATH-LONG")
    fits = LONGEST_PATH - ASSUMED_PREFIX
    longest = max(join(path, entry.name).split("/"), key=len)
    return remark(
        entry,
        "PATH-TOO-LONG",
        f"The path has {fits + over} characters; {fits} fit below a site and library of {ASSUMED_PREFIX}. Take out"
        f" {over}; the longest name in it is '{longest}' ({len(longest)}).",
    )


def _name_notes(name: str, lower: str) -> Iterator[str]:
    if not name.isascii():
        yield from _unicode_notes(name)
    if ".." in name:
        yield "MANY-DOTS"
    if name[0] in "=+@":
        yield "FORMULA-NAME"
    if any(phrase in lower for phrase in _FOLK):
        yield "FOLK-VERSION"
    if _SENSITIVE_WORD.search(lower):
        yield "SENSITIVE-NAME"


def _unicode_notes(name: str) -> Iterator[str]:
    if "\u202e" in name:
        yield "DIRECTION"
    if _UNSEEN_CHARACTER.search(name):
        yield "INVISIBLE"
    if not unicodedata.is_normalized("NFC", name):
        yield "DECOMPOSED"


def _renames(
    entries: Sequence[Entry], wrong: dict[bytes, list[str]], staying: set[bytes], *, top: bool
) -> Iterator[Remark]:
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


def _together(entries: Sequence[Entry]) -> Iterator[Remark]:
    """Map data that is several files of one name."""
    shapes = [entry for entry in entries if entry.kind == "file" and entry.name.lower().endswith(".shp")]
    if not shapes:
        return
    present = {names.fold(entry.name) for entry in entries}
    for entry in shapes:
        stem = names.fold(entry.name)[:-4]
        whole = {stem + ".shx", stem + ".dbf"} <= present
        yield remark(entry, "SHAPEFILE" if whole else "SHAPEFILE-PART")


def _age(entries: Sequence[Entry], now_ns: int) -> Iterator[Remark]:
    before = now_ns - _OLD_YEARS * _YEAR_NS
    newest = max((entry.modified_ns for entry in entries if entry.kind == "file"), default=None)
    if newest is not None and newest < before:
        count = sum(entry.kind == "file" for entry in entries)
        yield remark(None, "OLD", f"None of the {count} files directly in this folder changed in the last seven years.")
