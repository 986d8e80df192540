"""What a file is by its first bytes, where that is beyond doubt. Pure."""

import re
from collections.abc import Collection

from spmigrate.scan import names

HEAD = 16
"""Bytes that must be read of a file."""

_MAGIC = {
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"PK\x03\x04": "ZIP or Office",
    b"PK\x05\x06": "ZIP or Office",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old Office or Outlook",
    b"{\\rtf": "RTF",
    b"!BDN": "Outlook data",
    b"SQLite format 3\0": "SQLite",
    b"\0\1\0\0Standard ": "Access",
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x1f\x8b\x08": "GZIP",
    b"AC10": "AutoCAD drawing",
    b"MZ": "Windows program",
}
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html)", re.IGNORECASE)
_EXPECTED = {
    extension: kind
    for kind, extensions in {
        "PDF": "pdf",
        "JPEG": "jpg jpeg",
        "PNG": "png",
        "GIF": "gif",
        "TIFF": "tif tiff",
        "ZIP or Office": "zip docx xlsx pptx docm xlsm pptm dotx xltx potx ppsx xlsb vsdx",
        "old Office or Outlook": "doc xls ppt msg dot xlt pps vsd pub mpp",
        "RTF": "rtf",
        "RAR": "rar",
        "7-Zip": "7z",
        "AutoCAD drawing": "dwg",
        "Windows program": "exe dll scr",
    }.items()
    for extension in extensions.split()
}
_OFFICE = {"word/": "Word", "xl/": "Excel", "ppt/": "PowerPoint", "visio/": "Visio"}
_OFFICE_EXTENSIONS = {
    **dict.fromkeys(["docx", "docm", "dotx"], "Word"),
    **dict.fromkeys(["xlsx", "xlsm", "xltx", "xlsb"], "Excel"),
    **dict.fromkeys(["pptx", "pptm", "potx", "ppsx"], "PowerPoint"),
    "vsdx": "Visio",
}


def extensions(kind: str) -> frozenset[str]:
    """The extensions that promise this kind of content."""
    return frozenset(extension for extension, promised in _EXPECTED.items() if promised == kind)


def mismatch(name: str, head: bytes) -> str | None:
    """A sentence when the first bytes are surely of another type than the extension says."""
    expected = _EXPECTED.get(names.extension(name))
    actual = None if expected is None else _kind(head)
    if actual is None or actual == expected:
        return None
    return f"The extension says {expected}; the content is {actual}."


def office_mismatch(extension: str, members: Collection[str]) -> str | None:
    """A sentence when a new Office file holds another program's document, or none at all."""
    expected = _OFFICE_EXTENSIONS.get(extension)
    if expected is None:
        return None
    actual = [program for start, program in _OFFICE.items() if any(name.startswith(start) for name in members)]
    if expected in actual:
        return None
    return f"The extension says {expected}; the content is {actual[0] if actual else 'an archive of other files'}."


def _kind(head: bytes) -> str | None:
    found = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    return "a web page" if found is None and _PAGE.match(head) else found
