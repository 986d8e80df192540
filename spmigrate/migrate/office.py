"""Office files that SharePoint rewrites when they arrive: equal in content when all but the promoted parts are equal.

SharePoint copies library columns into the properties of Word, Excel and PowerPoint files, so their bytes and size
change though nobody touched them. Source: Microsoft, OneDrive API documentation, issues 935 and 1068 ("by design").
"""

import zipfile
import zlib
from typing import IO

_NAMES = (".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm", ".dotx", ".xltx", ".potx", ".ppsx")
_PROMOTED = ("docprops/", "[content_types].xml", "[trash]/")
_CUSTOM = "customxml/"
_PIECE = 1 << 20


def is_office(name: str) -> bool:
    """Whether the service may rewrite a file of this name."""
    return name.lower().endswith(_NAMES)


def same_content(ours: IO[bytes], theirs: IO[bytes]) -> bool:
    """Whether two files are Office packages with equal parts; of the promoted ones, the service may add and rewrite.

    What the original holds below `customXml`, where forms keep their answers, has to be there and equal.
    """
    try:
        with zipfile.ZipFile(ours) as first, zipfile.ZipFile(theirs) as second:
            parts = _parts(first)
            if not parts or parts != _parts(second):
                return False
            kept = [each for each in first.namelist() if each.lower().startswith(_CUSTOM) and not each.endswith("/")]
            return set(kept) <= set(second.namelist()) and all(_equal(first, second, each) for each in parts + kept)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return False  # damaged, encrypted or no package at all: nothing that could be called equal


def _parts(package: zipfile.ZipFile) -> list[str]:
    names = (each for each in package.namelist() if not each.endswith("/"))
    return sorted(each for each in names if not each.lower().startswith((*_PROMOTED, _CUSTOM)))


def _equal(first: zipfile.ZipFile, second: zipfile.ZipFile, name: str) -> bool:
    if first.getinfo(name).file_size != second.getinfo(name).file_size:
        return False
    with first.open(name) as one, second.open(name) as other:
        while piece := one.read(_PIECE):
            if piece != other.read(_PIECE):
                return False
    return True
