"""PDF files that are encrypted, drawings that refer to others, and what is a database or a mailbox by its first bytes.

Sources: ISO 32000-1, 7.5.5 and 7.6.1; [MS-PST] 2.2.2.6; the list of file dependencies that AutoCAD keeps in a drawing.
"""

import re
from collections.abc import Iterator

from spmigrate.scan.contents.office import Remark
from spmigrate.scan.contents.window import Damaged, Window

_ENDS = 1 << 16
"""Bytes at either end of a PDF, and at its list of objects, that are searched."""
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d{1,10}\s+\d{1,10}\s+R|<<)")
_RIGHTS = (b"/MicrosoftIRMServices", b"MicrosoftIRMServices Protected PDF", b"/MSIPC")
_LIST_AT = re.compile(rb"startxref\s{1,4}(\d{1,12})")

_DRAWING = re.compile(rb"AC1\d{3}|AC2\.\d\d")
_DRAWING_BYTES = 2 << 20
_REFERENCE = re.compile(rb"Acad:XRef|A\0c\0a\0d\0:\0X\0R\0e\0f\0|[\x20-\x7e]\.dwg\s*[\r\n\0]", re.IGNORECASE)

_DATABASES = {
    b"\0\1\0\0Standard Jet DB": "Access",
    b"\0\1\0\0Standard ACE DB": "Access",
    b"\0\1\0\0MSISAM Database": "Money",
    b"SQLite format 3\0": "SQLite",
    b"\x1a\0\0\4\0\0": "Lotus Notes",
}


def pdf(window: Window) -> Iterator[Remark]:
    """What a PDF says of its protection. Raises Damaged, OSError."""
    tail = window.tail(_ENDS)
    places = [tail, window.at(0, _ENDS)]
    if found := _LIST_AT.findall(tail):
        at = int(found[-1])
        if 0 < at < window.size:
            places.append(window.at(at, _ENDS))
    if any(mark in place for place in places for mark in _RIGHTS):
        yield "LABEL-ENCRYPTED", ""
    elif any(_ENCRYPTED.search(place) for place in places):
        yield "PASSWORD", "The PDF is encrypted: it asks for a password, or forbids printing or copying."
    elif b"%%EOF" not in tail and not found:
        raise Damaged


def is_drawing(head: bytes) -> bool:
    """Whether a file is a CAD drawing: DWG, or DXF as text."""
    return _DRAWING.match(head) is not None or (head.lstrip()[:1] == b"0" and b"SECTION" in head[:64])


def drawing(window: Window) -> Iterator[Remark]:
    """Whether a drawing refers to other drawings, as far as its beginning shows. Raises Damaged, OSError."""
    if _REFERENCE.search(window.at(0, _DRAWING_BYTES)):
        yield "CAD-REFERENCES", ""


def kept_elsewhere(head: bytes) -> Iterator[Remark]:
    """What does not belong in SharePoint, whatever its name says."""
    if head.startswith(b"!BDN"):
        yield "MAILBOX", "The content is an Outlook data file, whatever the name says."
    for magic, kind in _DATABASES.items():
        if head.startswith(magic):
            yield "DATABASE", f"The content is a database ({kind}), whatever the name says."
