"""What Office files say of themselves: passwords, labels that encrypt, links to other workbooks, macros.

Sources: [MS-OFFCRYPTO], [MS-XLS] 2.4, [MS-DOC] 2.5.2, [MS-PPT] 2.3.2.
"""

import struct
from collections.abc import Iterator

from spmigrate.scan.contents.archive import Archive
from spmigrate.scan.contents.compound import Compound
from spmigrate.scan.contents.window import Window

Remark = tuple[str, str]
"""A code of `scan/codes.py`, and a message in place of the code's own where it is not empty."""

_RIGHTS = ("\tDRMContent", "\tDRMTransform", "DRMEncryptedTransform", "DRMEncryptedDataSpace")
_PASSWORD = ("EncryptedPackage", "EncryptionInfo", "EncryptedSummary", "EncryptedSummaryInformation")
_MACROS = ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "Macros")
_WORKBOOKS = ("Workbook", "Book")
_RECORDS_BYTES = 1 << 20
"""Bytes of a workbook's first records that are read: links to others stand before its texts."""

_BEGIN, _END, _PASSWORD_RECORD, _OTHER_BOOK, _QUERY = 0x0809, 0x000A, 0x002F, 0x01AE, 0x01B8
_OWN_SHEETS, _FUNCTIONS = 0x0401, 0x3A01
_OUTSIDE = "The workbook takes values from {count} other workbook{s}."


def old(window: Window) -> Iterator[Remark]:
    """What a compound file says. Raises Damaged, OSError."""
    compound = Compound(window)
    names = compound.names()
    if any(name in names for name in _RIGHTS):
        yield "LABEL-ENCRYPTED", ""
        return
    if any(name in names for name in _PASSWORD) or _word_encrypted(compound) or _slides_encrypted(compound):
        yield "PASSWORD", ""
        return
    if any(name in names for name in _MACROS):
        yield "MACRO", ""
    book = next((found for name in _WORKBOOKS if (found := compound.stream(name, _RECORDS_BYTES)) is not None), None)
    if book is not None:
        yield from _old_workbook(book)


def _word_encrypted(compound: Compound) -> bool:
    start = compound.stream("WordDocument", 12) or b""
    return len(start) == 12 and bool(int.from_bytes(start[10:12], "little") & 0x0100)


def _slides_encrypted(compound: Compound) -> bool:
    start = compound.stream("Current User", 16) or b""
    return start[12:16] == b"\xdf\xc4\xd1\xf3"


def _old_workbook(book: bytes) -> Iterator[Remark]:
    others, queries = 0, 0
    for kind, body in _records(book):
        if kind == _PASSWORD_RECORD:
            yield "PASSWORD", ""
            return
        if kind == _OTHER_BOOK and len(body) >= 4:
            sheets, name = struct.unpack_from("<HH", body)
            # Without sheets and without a path it is another program's document (DDE or OLE), not a workbook.
            others += name not in (_OWN_SHEETS, _FUNCTIONS) and (sheets > 0 or body[5:6] == b"\1")
        queries += kind == _QUERY
    if others:
        yield "EXTERNAL-LINKS", _outside(others)
    if queries:
        yield "DATA-CONNECTION", ""


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a workbook's first part, as far as they were read."""
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        if kind == _END:
            return
        at += 4 + length


def new(archive: Archive) -> Iterator[Remark]:
    """What a zip file, or a new Office file, says."""
    if archive.encrypted:
        yield "PASSWORD", "Members of the archive are encrypted with a password."
    if archive.count("", "/vbaproject.bin") or archive.count("xl/macrosheets/"):
        yield "MACRO", ""
    if others := archive.count("xl/externallinks/externallink"):
        yield "EXTERNAL-LINKS", _outside(others)
    if archive.count("xl/connections.") or archive.count("xl/querytables/"):
        yield "DATA-CONNECTION", ""


def _outside(count: int) -> str:
    return _OUTSIDE.format(count=count, s="" if count == 1 else "s")
