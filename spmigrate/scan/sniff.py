"""What a file is by its first bytes, where that is beyond doubt. Pure."""

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
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old Office or Outlook",
    b"!BDN": "Outlook data",
    b"SQLite format 3\0": "SQLite",
    b"MZ": "Windows program",
}
_EXPECTED = {
    extension: kind
    for kind, extensions in {
        "PDF": "pdf",
        "JPEG": "jpg jpeg",
        "PNG": "png",
        "GIF": "gif",
        "TIFF": "tif tiff",
        "ZIP or Office": "zip docx xlsx pptx docm xlsm",
        "old Office or Outlook": "doc xls ppt msg",
        "Windows program": "exe dll scr",
    }.items()
    for extension in extensions.split()
}


def knows(name: str) -> bool:
    """Whether this extension has beginnings that are known."""
    return names.extension(name) in _EXPECTED


def mismatch(name: str, head: bytes) -> str | None:
    """A sentence when the first bytes are surely of another type than the extension says."""
    expected = _EXPECTED.get(names.extension(name))
    actual = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    if expected is None or actual is None or actual == expected:
        return None
    return f"The extension says {expected}; the content is {actual}."
