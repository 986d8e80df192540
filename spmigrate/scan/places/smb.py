"""A folder on a share, read from the file server itself: with what no mount shows, and what the share may hide."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from spmigrate.errors import SpmigrateError
from spmigrate.fileserver import credentials, directory, names
from spmigrate.fileserver.address import Address, parse
from spmigrate.fileserver.directory import Named
from spmigrate.fileserver.people import People
from spmigrate.fileserver.share import Share
from spmigrate.scan import access as rights
from spmigrate.store.listing import Access, Attribute, Entry, join

_ATTRIBUTES = (
    (directory.HIDDEN, Attribute.HIDDEN),
    (directory.SYSTEM, Attribute.SYSTEM),
    (directory.REPARSE, Attribute.REPARSE),
    (directory.ENCRYPTED, Attribute.ENCRYPTED),
)
_HELD_BACK = 4096
"""Numbers of folders that are remembered to notice a folder that lies in itself."""
_CHUNK = 1 << 20
_HIDES = (
    "The share leaves out of its listings what the account that scans may not open (access-based enumeration), and the"
    " server does not grant this account the right to back up files: there may be more than was seen. Give the account"
    " the right 'Back up files and directories' on the file server, or switch the enumeration off, and scan again."
)


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders by their numbers, for the links that a server follows by itself."""

    share: Share

    def number(self, raw: bytes) -> int | None:
        """The number of a folder, None where the server keeps none. Raises OSError."""
        return self.share.number(raw)


class SmbPlace:
    """A place on a file server. Not for more than one thread."""

    kind = "smb"

    def __init__(self, share: Share, *, streams: bool = False) -> None:
        """Looks at the root. Raises OSError. With `streams` every file is asked for named streams, one by one."""
        self._share = share
        self._streams = streams
        self._people = People(share)
        self.path = str(share.address)
        self.directory = share.identity()
        found, _ = share.names(b"")
        self.empty = not found
        self.backup = share.sees_all()
        self.reservations: tuple[str, ...] = (_HIDES,) if share.hides() and not self.backup else ()
        self._number = lru_cache(_HELD_BACK)(share.number)

    def check_present(self) -> None:
        """Raise SpmigrateError when another folder, or none, lies at the address by now, or nobody answers."""
        hint = "see that the file server can be reached, then run the same command: the scan goes on"
        try:
            if self._share.identity() == self.directory:
                return
        except OSError as error:
            raise SpmigrateError(f"{self.path} has gone during the scan: {_reason(error)}", hint=hint) from None
        raise SpmigrateError(f"{self.path} is not the folder any more that the scan began with", hint=hint)

    def read(self, raw: bytes) -> tuple[list[Entry], int]:
        """The entries of a folder in the order of their bytes, and when it was modified. Raises OSError."""
        found, modified_ns = self._share.names(raw)
        above = self._numbers_above(raw) if any(each.kind == "folder" for each in found) else frozenset()
        entries = [self._entry(raw, each, above) for each in found]
        entries.sort()
        return entries, modified_ns

    def has_left(self, raw: bytes) -> bool:
        """Whether a folder that was found and is not there now was surely taken away. Raises OSError if unsure."""
        above, _, name = raw.rpartition(b"/")
        try:
            found = {names.kept(each.name) for each in self._share.names(above)[0]}
        except FileNotFoundError:
            if not above:
                raise
            return self.has_left(above)
        return bool(found) and name not in found

    def open(self, raw: bytes) -> BinaryIO:
        """A file's content, in pieces of a megabyte. Raises OSError, also for what would have to be recalled."""
        content = _Content(self._share, raw)
        content.fill()
        return io.BufferedReader(content, _CHUNK)

    def access(self, raw: bytes) -> Access | None:
        """Who may open a folder or a file, by the server's own list. Raises OSError."""
        return rights.of_descriptor(self._share.descriptor(raw), self._people.names)

    def close(self) -> None:
        """End every connection."""
        self._share.close()

    def _entry(self, folder: bytes, found: Named, above: frozenset[int]) -> Entry:
        raw = names.kept(found.name)
        kind = found.kind
        reason: str | None = None
        if kind == "folder":
            if found.id in above:
                kind = "link"
            elif found.is_dfs_link:
                reason = self._circle(join(folder, raw))
                kind = "link" if reason else kind
        attributes = self._attributes(folder, raw, found) if kind != "folder" or found.attributes & 0x446 else 0
        number = found.id if found.id is None or found.id < 1 << 63 else found.id - (1 << 64)
        size = found.size if kind == "file" else 0
        return Entry(
            raw, names.shown(raw), kind, size, found.modified_ns if kind != "folder" else 0,
            found.created_ns if kind != "folder" else None, None, attributes, number,
        )  # fmt: skip
