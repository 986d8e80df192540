"""A folder of this machine, or one that is mounted here."""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from spmigrate.errors import SpmigrateError
from spmigrate.scan import walk
from spmigrate.scan.places import local_access, mounts
from spmigrate.store.entries import Entries
from spmigrate.store.listing import Access, join


@dataclass(frozen=True, slots=True)
class LocalPlace:
    """A folder by its absolute path without links. `sids` has names for accounts that a mounted share does not tell."""

    path: str
    directory: str
    empty: bool
    kind: str = "folder"
    reservations: tuple[str, ...] = ()
    sids: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    digests: Mapping[bytes, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        """The path in the bytes of the file system."""
        return os.fsencode(self.path)

    def check_present(self) -> None:
        """Raise SpmigrateError when another directory, or none, lies at the path by now: a share that was unmounted."""
        try:
            if _directory(self.path) == self.directory:
                return
            what = "is not the folder any more that the scan began with"
        except OSError as error:
            what = f"has gone during the scan: {walk.reason(error)}"
        raise SpmigrateError(
            f"{self.path} {what}", hint="mount the share again, then run the same command: the scan goes on"
        )

    def read(self, raw: bytes) -> tuple[Entries, int]:
        """The entries of a folder in the order of their bytes, and when it was modified. Raises OSError."""
        return walk.read(self.raw, raw)

    def has_left(self, raw: bytes) -> bool:
        """Whether a folder that was found and is not there now was surely taken away. Raises OSError."""
        return walk.has_left(self.raw, raw)

    def open(self, raw: bytes) -> BinaryIO:
        """A file's content. Raises OSError; a link that took the place of a file is not followed."""
        return os.fdopen(os.open(join(self.raw, raw), _CONTENT), "rb")

    def access(self, raw: bytes) -> Access | None:
        """Who may open a folder or file, by the server's list on a CIFS mount, else by modes. Raises OSError."""
        above = join(self.raw, raw.rpartition(b"/")[0]) if b"/" in raw else self.raw
        try:
            return local_access.read(join(self.raw, raw) if raw else self.raw, above if raw else None, sids=self.sids)
        except ValueError as error:
            raise OSError(errno.EIO, str(error)) from None


_CONTENT = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def find(folder: Path, *, sids: Mapping[str, tuple[str, str]] = MappingProxyType({})) -> LocalPlace:
    """The folder at this path, after a look at it. Raises SpmigrateError when it cannot be listed."""
    hint = "name a folder that this account can read, or mount the share first"
    try:
        whole = folder.resolve(strict=True)
        with os.scandir(whole) as names:
            empty = next(names, None) is None
        str(whole).encode()
        hidden = mounts.reservations(str(whole))
        return LocalPlace(str(whole), _directory(str(whole)), empty, reservations=hidden, sids=sids)
    except UnicodeEncodeError:
        raise SpmigrateError(
            "the path of the source is not readable text", hint="mount it under another name"
        ) from None
    except OSError as error:
        raise SpmigrateError(f"{folder} cannot be scanned: {walk.reason(error)}", hint=hint) from None


def _directory(path: str) -> str:
    found = Path(path).stat()
    return f"{found.st_dev}:{found.st_ino}"
