"""Office files that SharePoint rewrites when they arrive: equal in content when all but the promoted parts are equal.

SharePoint copies library columns into the properties of Word, Excel and PowerPoint files, so their bytes and size
change though nobody touched them. Source: Microsoft, OneDrive API documentation, issues 935 and 1068 ("by design").
"""

import zipfile
import zlib
from typing import IO

_NAMES = (".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm", ".dotx", ".xltx", ".potx", ".ppsx")
_PROMOTED = ("docprops/", "customxml/", "[content_types].xml", "[trash]/")
_PIECE = 1 << 20


def is_office(name: str) -> bool:
    """Whether the service may rewrite a file of this name."""
    return name.lower().endswith(_NAMES)


def same_content(one: IO[bytes], other: IO[bytes]) -> bool:
    """Whether two files are Office packages whose parts are equal, the promoted ones aside."""
    try:
        with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
            names = _parts(first)
            return names == _parts(second) and all(_equal(first, second, name) for name in names)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return False  # damaged, encrypted or no package at all: nothing that could be called equal


def _parts(package: zipfile.ZipFile) -> list[str]:
    names = (each for each in package.namelist() if not each.endswith("/"))
    return sorted(each for each in names if not each.lower().startswith(_PROMOTED))


def _equal(first: zipfile.ZipFile, second: zipfile.ZipFile, name: str) -> bool:
    if first.getinfo(name).file_size != second.getinfo(name).file_size:
        return False
    with first.open(name) as one, second.open(name) as other:
        while piece := one.read(_PIECE):
            if piece != other.read(_PIECE):
                return False
    return True
