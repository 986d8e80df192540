"""The zip that a workbook is: judged before anything is unpacked, and unpacked within limits.

A workbook comes by mail from somebody who may have been deceived. Nothing here trusts a size that the file declares
about itself: entries are counted before they are listed, and unpacking ends at the declared size.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spmigrate.errors import InputError, Problem

SAVE_AS = "in Excel choose File, Save As, Excel Workbook (.xlsx), and send that"

_LARGEST_FILE = 20_000_000
_LARGEST_CONTENT = 40_000_000
_MOST_PARTS = 500
_ENTRY = b"PK\x01\x02"
_OLE = b"\xd0\xcf\x11\xe0"
_LABEL = "DRMEncrypted".encode("utf-16-le")
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_SMALLEST_ENTRY = 30  # bytes of a local header without its name

BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, LookupError, ValueError, TypeError,
    NotImplementedError, RuntimeError, ArithmeticError,
)  # fmt: skip
"""What the zip module raises on damaged files; each means the same to the sender."""


def unusable(name: str, why: str, hint: str | None = None) -> InputError:
    """A file that cannot be read at all, in one sentence."""
    return InputError(f"{name} cannot be read", [Problem(name, why, hint)])


def damaged(name: str) -> InputError:
    """A file whose inside makes no sense."""
    return unusable(name, "is damaged or not an Excel workbook", SAVE_AS)


class Container:
    """An open zip whose entries are few, small together, in one place each, and packed in the usual way."""

    def __init__(self, name: str, content: bytes) -> None:
        """Raises InputError when it is no such zip."""
        self.name = name
        if content.count(_ENTRY) > _MOST_PARTS:
            raise self._too_much()
        with self._sound():
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._entries = {part.filename.lower(): part for part in self._archive.infolist()}
            self._check()

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of all parts, in small letters."""
        return tuple(self._entries)

    def read(self, part: str) -> bytes:
        """The content of a part. Raises InputError when there is none, or when it is damaged."""
        with self._sound():
            entry = self._entries[part.lower()]
            with self._archive.open(entry) as stream:
                return stream.read(entry.file_size + 1)

    def _check(self) -> None:
        entries = self._archive.infolist()
        if sum(entry.file_size for entry in entries) > _LARGEST_CONTENT:
            raise self._too_much()
        if len(self._entries) < len(entries):
            raise zipfile.BadZipFile("two parts of one name")
        end = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            if entry.header_offset < end:
                raise zipfile.BadZipFile("parts that lie over each other")
            end = entry.header_offset + _SMALLEST_ENTRY + entry.compress_size
            if entry.flag_bits & 1:
                raise unusable(self.name, "is protected by a password", "ask the sender for it without the password")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise zipfile.BadZipFile("packed in a way that no spreadsheet program uses")

    def _too_much(self) -> InputError:
        return unusable(self.name, "unpacks to far more than a mapping workbook holds")

    @contextmanager
    def _sound(self) -> Iterator[None]:
        try:
            yield
        except BROKEN:
            raise damaged(self.name) from None


def opened(path: Path, *, ask: str) -> Container:
    """The container at `path`; `ask` is whom to turn to about a workbook that is encrypted. Raises InputError."""
    content = _content(path)
    if content.startswith(_OLE):
        raise _of_the_old_form(path.name, content, ask)
    if path.suffix.lower() != ".xlsx":
        raise unusable(
            path.name, f"is not an .xlsx workbook but '{path.suffix or 'a file without an ending'}'", SAVE_AS
        )
    if not content.startswith(b"PK"):
        raise damaged(path.name)
    found = Container(path.name, content)
    if "mimetype" in found.parts and "xl/workbook.xml" not in found.parts:
        raise unusable(path.name, "is an OpenDocument file under the name of an Excel workbook", SAVE_AS)
    return found


def _content(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise unusable(path.name, "is not a file")
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise unusable(path.name, (error.strerror or "cannot be read").lower()) from None
    if len(content) > _LARGEST_FILE:
        raise unusable(path.name, f"is far too large for a mapping workbook (over {_LARGEST_FILE:,} bytes)")
    return content


def _of_the_old_form(name: str, content: bytes, ask: str) -> InputError:
    """Encrypted workbooks lie in a container of the form that .xls had; the names of its streams tell them apart."""
    if _LABEL in content:
        hint = f"ask {ask}: the label must let them read it, or be one that does not encrypt"
        return unusable(name, "is encrypted by its sensitivity label, so that only its named readers can open it", hint)
    if _PASSWORD in content:
        hint = f"in Excel choose File, Info, Protect Workbook, Encrypt with Password, and empty it; or ask {ask}"
        return unusable(name, "is protected by a password", hint)
    return unusable(name, "is an old .xls workbook, or encrypted", f"{SAVE_AS}; if that does not help, ask {ask}")
