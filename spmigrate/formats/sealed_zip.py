"""A zip file that is written in one way only, so that any other byte in it shows."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from spmigrate.errors import InputError, Problem

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o644 << 16
_MOST_BYTES = 2**31


def packed(files: Mapping[str, bytes]) -> bytes:
    """The one zip file of these files: in order of their names, not compressed, without times of their own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = _PLAIN_FILE
            book.writestr(entry, files[name])
    return out.getvalue()


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of a zip file that was written here. Raises InputError when a byte of it is another one."""
    if not path.is_file():
        raise InputError(f"{path} cannot be read", [Problem(path.name, "no such file")])
    if path.stat().st_size > _MOST_BYTES:
        raise InputError(f"{path} cannot be read", [Problem(path.name, "is larger than 2 GB")])
    raw = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            entries = book.infolist()
            if any(each.compress_type != zipfile.ZIP_STORED or each.file_size > len(raw) for each in entries):
                raise zipfile.BadZipFile("compressed")
            files = {each.filename: book.read(each) for each in entries}
        same = packed(files) == raw
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, LookupError) as error:
        raise InputError(f"{path} is damaged", [Problem(path.name, f"is no whole zip file: {error}")]) from None
    if not same:
        raise InputError(f"{path} was altered", [Problem(path.name, "has other bytes than when it was written")])
    return files
