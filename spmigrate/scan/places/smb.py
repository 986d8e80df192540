"""A folder on a share, read from the file server itself: with what no mount shows, and what the share may hide."""

import errno
import io
from collections.abc import Iterator, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import BinaryIO

from spmigrate.errors import SpmigrateError
from spmigrate.fileserver import credentials, directory, names
from spmigrate.fileserver.address import parse
from spmigrate.fileserver.directory import Named
from spmigrate.fileserver.people import People
from spmigrate.fileserver.share import Birth, Share
from spmigrate.fileserver.status import Lost
from spmigrate.scan import access as rights
from spmigrate.scan import walk
from spmigrate.store.entries import Entries
from spmigrate.store.listing import Access, Attribute, Entry, join

_ATTRIBUTES = (
    (directory.HIDDEN, Attribute.HIDDEN),
    (directory.SYSTEM, Attribute.SYSTEM),
    (directory.REPARSE, Attribute.REPARSE),
    (directory.ENCRYPTED, Attribute.ENCRYPTED),
)
_TOLD = sum(bit for bit, _ in _ATTRIBUTES) | directory.STUB
_CHUNK = 1 << 20
_raw = attrgetter("raw")
_HIDES = (
    "The share leaves out of its listings what the account that scans may not open (access-based enumeration), and"
    " {why}: there may be more than was seen. {remedy}, and scan again."
)


class SmbPlace:
    """A folder of a file server. Not for more than one thread."""

    kind = "smb"
    digests: Mapping[bytes, str] = MappingProxyType({})

    def __init__(self, share: Share, *, streams: bool = False) -> None:
        """Looks at the root. Raises OSError. With `streams` every file is asked for named streams, one by one."""
        self._share = share
        self._streams = streams
        self._people = People(share)
        self.path = str(share.address)
        self.directory = share.identity()
        self.empty = not share.names(b"")[0]
        self.backup = share.grants_backup()
        self.reservations: tuple[str, ...] = tuple(_reservations(share, b""))
        self._judged = {b""}

    def check_present(self) -> None:
        """Raise SpmigrateError when another folder, or none, lies at the address by now, or nobody answers."""
        hint = "see that the file server can be reached, then run the same command: the scan goes on"
        try:
            if self._share.identity() == self.directory:
                return
        except OSError as error:
            raise SpmigrateError(f"{self.path} has gone during the scan: {walk.reason(error)}", hint=hint) from None
        raise SpmigrateError(f"{self.path} is not the folder any more that the scan began with", hint=hint)

    def read(self, raw: bytes) -> tuple[Entries, int]:
        """The entries of a folder in the order of their bytes, and when it was modified. Raises OSError.

        Raises SpmigrateError when the server does not answer any more, so that not every folder is waited for.
        """
        try:
            found, modified_ns = self._share.names(raw)
            holds_folders = any(each.kind == "folder" for each in found)
            above = self._share.numbers_above(raw) if holds_folders else frozenset()
            entries = Entries.of(sorted((self._entry(raw, each, above) for each in found), key=_raw))
            self._judge_links()
        except Lost:
            self.check_present()
            raise
        return entries, modified_ns

    def _judge_links(self) -> None:
        """Note what the shares may hide that links of the namespace lead to."""
        for link in self._share.links:
            if link not in self._judged:
                self._judged.add(link)
                where = names.shown(link)
                self.reservations += tuple(f"Below '{where}': {text}" for text in _reservations(self._share, link))

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
        return io.BufferedReader(_Content(self._share, raw), _CHUNK)

    def access(self, raw: bytes) -> Access | None:
        """Who may open a folder or a file, by the server's own list. Raises OSError."""
        try:
            return rights.of_descriptor(self._share.descriptor(raw), self._people.names)
        except ValueError as error:
            raise OSError(errno.EIO, str(error)) from None

    @property
    def referrals(self) -> Mapping[str, str]:
        """Where the links of the namespace lead that were met so far: paths, and folders as Windows writes them."""
        return self._share.referrals

    def close(self) -> None:
        """End every connection."""
        self._share.close()

    def _entry(self, folder: bytes, found: Named, above: frozenset[Birth]) -> Entry:
        raw = names.kept(found.name)
        kind = found.kind
        if kind == "folder" and (
            (found.id, found.created_ns) in above or (found.is_dfs_link and self._is_circle(join(folder, raw)))
        ):
            kind = "link"
        told = self._streams or found.attributes & _TOLD
        attributes = self._attributes(join(folder, raw), found, kind) if told else 0
        number = found.id if found.id is None or found.id < 1 << 63 else found.id - (1 << 64)
        size = found.size if kind == "file" else 0
        return Entry(raw, names.shown(raw), kind, size, found.modified_ns, found.created_ns, None, attributes, number)

    def _attributes(self, raw: bytes, found: Named, kind: str) -> int:
        told = sum(ours for theirs, ours in _ATTRIBUTES if found.attributes & theirs)
        if found.is_stub:
            return told | Attribute.OFFLINE
        if self._streams and kind == "file" and self._share.has_streams(raw):
            return told | Attribute.STREAMS
        return told

    def _is_circle(self, raw: bytes) -> bool:
        """Whether a link of the namespace leads to what it lies in; other trouble shows when it is read."""
        try:
            self._share.leads(raw)
        except OSError as error:
            return error.errno == errno.ELOOP
        return False


def _reservations(share: Share, folder: bytes) -> Iterator[str]:
    if not share.hides(folder):
        return
    if share.is_samba(folder):
        why = "Samba does so whatever rights the account has"
        yield _HIDES.format(
            why=why, remedy="Switch 'hide unreadable' off for the share, or scan as a user who sees all"
        )
    elif not share.grants_backup(folder):
        why = "the server does not grant this account the right to back up files"
        remedy = "Give the account the right 'Back up files and directories' on the file server, or switch it off"
        yield _HIDES.format(why=why, remedy=remedy)


class _Content(io.RawIOBase):
    """A file of a share as Python reads files."""

    def __init__(self, share: Share, raw: bytes) -> None:
        super().__init__()
        self._share = share
        self._raw = raw
        self._at = 0
        self._piece = share.read(raw, 0, _CHUNK)
        self._start = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """From the beginning and from where it stands."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the file."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = self._share.size(self._raw) + offset if start is None else start + offset
        return self._at

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill a buffer as far as one answer goes."""
        inside = self._at - self._start
        if not 0 <= inside < len(self._piece):
            self._piece, self._start, inside = self._share.read(self._raw, self._at, _CHUNK), self._at, 0
        taken = self._piece[inside : inside + len(buffer)]
        buffer[: len(taken)] = taken
        self._at += len(taken)
        return len(taken)


def find(text: str, *, streams: bool = False) -> SmbPlace:
    """The folder at an address such as `smb://fs01/AdultSocialCare`, after a look at it.

    Raises UsageProblem for an address that is none, ConfigError when no account is named or it is refused, and
    SpmigrateError when the folder cannot be listed.
    """
    share = Share(parse(text), credentials.find())
    try:
        return SmbPlace(share, streams=streams)
    except OSError as error:
        share.close()
        raise SpmigrateError(
            f"{text} cannot be scanned: {walk.reason(error)}",
            hint="name a share and a folder that this account can open, as smb://server/share/folder",
        ) from None
