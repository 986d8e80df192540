"""What a file says when it is opened: type, protection, links, macros, digests, all in one read.

Nothing is ever unpacked, decrypted or executed; how much is read, kept and followed is bounded, whatever the bytes say.
Only the digests read a file to its end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from spmigrate.scan import checks, names, sniff
from spmigrate.scan.contents import archive, compound, documents, office
from spmigrate.scan.contents.office import Remark
from spmigrate.scan.contents.window import Damaged, Window

__all__ = ["Contents", "Remark", "Wanted", "examine"]

_ZIPPED = sniff.extensions("ZIP or Office")
_ENCRYPTED = frozenset(["PASSWORD", "LABEL-ENCRYPTED"])
_PROTECTED = b".pfile"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a scan wants of files: that they are looked into, that they are read whole for digests."""

    look_inside: bool = False
    hashes: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """Remarks as code and message (empty for the code's own); SHA-256 in hexadecimal, QuickXorHash in base64."""

    remarks: list[Remark] = field(default_factory=list)
    sha256: str | None = None
    quickxor: str | None = None


def examine(name: str, size: int, open: Callable[[], BinaryIO], wanted: Wanted) -> Contents:  # noqa: A002 - what it does
    """Everything `wanted` of the file `name` of `size` bytes, read once. `open` may raise OSError; this never does."""
    digests: tuple[str, str] | None = None
    remarks: list[Remark] = []
    try:
        with open() as file:
            window = Window(file, size)
            if wanted.hashes:
                digests = window.digests()
                if digests is None:
                    remarks.append(("UNREADABLE", "The file was written to while it was read."))
            if wanted.look_inside and size:
                remarks += _whole(_found(name, window))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Contents([("UNREADABLE", f"The content could not be read: {reason}.")])
    sha256, quickxor = digests or (None, None)
    return Contents(remarks, sha256, quickxor)


def _found(name: str, window: Window) -> Iterator[Remark]:
    head = window.head()
    if head.startswith((archive.MAGIC, archive.EMPTY)):
        yield from _lie(name, head)
        yield from _zipped(name, window)
    elif head.startswith(compound.MAGIC):
        yield from _compound(name, window, head)
    else:
        yield from _lie(name, head)
        yield from _plain(name, window, head)


def _zipped(name: str, window: Window) -> Iterator[Remark]:
    listed = archive.read(window)
    if text := sniff.office_mismatch(names.extension(name), listed.names):
        yield "CONTENT-TYPE", text
    yield from office.new(listed)


def _compound(name: str, window: Window, head: bytes) -> Iterator[Remark]:
    found = _whole(office.old(window))
    # A new Office file that is encrypted is a compound file, and lies about nothing.
    if names.extension(name) not in _ZIPPED or not any(code in _ENCRYPTED for code, _ in found):
        yield from _lie(name, head)
    yield from found


def _plain(name: str, window: Window, head: bytes) -> Iterator[Remark]:
    if head.startswith(b"%PDF"):
        yield from documents.pdf(window)
    elif documents.is_drawing(head):
        yield from documents.drawing(window)
    elif head.startswith(_PROTECTED):
        yield "LABEL-ENCRYPTED", ""
    else:
        said = checks.by_extension(name)
        yield from (each for each in documents.kept_elsewhere(head) if each[0] != said)


def _lie(name: str, head: bytes) -> Iterator[Remark]:
    if text := sniff.mismatch(name, head):
        yield "CONTENT-TYPE", text


def _whole(found: Iterator[Remark]) -> list[Remark]:
    """What was found, and that the file is damaged where that ended the search."""
    remarks: list[Remark] = []
    try:
        for each in found:
            remarks.append(each)  # noqa: PERF402 - one by one, so that what was found before the damage is kept
    except Damaged:
        remarks.append(("DAMAGED", ""))
    return remarks
