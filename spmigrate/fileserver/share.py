"""A folder on a share and everything below it, wherever links of a DFS namespace lead. Looks and reads; never writes.

A connection that breaks is made again, and the request repeated, a few times. Errors are those of the operating system.
"""

import errno
import struct
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from spmigrate import log
from spmigrate.fileserver import connection, dfs, directory, names
from spmigrate.fileserver.address import Address, from_unc
from spmigrate.fileserver.connection import Opened, Server, Tree
from spmigrate.fileserver.credentials import Credentials
from spmigrate.fileserver.directory import Named
from spmigrate.fileserver.status import (
    BAD_NETWORK_NAME,
    END_OF_FILE,
    NO_MORE_FILES,
    NO_SUCH_FILE,
    PATH_NOT_COVERED,
    Lost,
    Status,
)

T = TypeVar("T")
Birth = tuple[int, int | None]
"""A folder's number and when it was made, in nanoseconds: numbers alone repeat on a server of several volumes."""
Work = Callable[[Server, Tree, str], T]

_WAITS = (0.5, 2.0, 5.0)
"""Seconds before connecting again; after the last the request is given up."""
_REMEMBERED = 4096
"""Folders whose numbers are kept at hand."""
_HOPS = 8
"""Links that may lead to links, before it is called a circle."""

_ACCESS_BASED = 0x800  # SHI1005_FLAGS_ACCESS_BASED_DIRECTORY_ENUM, MS-SMB2 2.2.10
_ASK = 0x80  # FILE_READ_ATTRIBUTES
_LIST = 0x1 | _ASK | 0x100000  # FILE_LIST_DIRECTORY, or FILE_READ_DATA of a file, and SYNCHRONIZE
_READ_CONTROL = 0x20000
_SYSTEM_SECURITY = 0x1000000
_IS_FOLDER = 0x1
_IS_FILE = 0x40
_BACKUP = 0x4000  # FILE_OPEN_FOR_BACKUP_INTENT
_NO_RECALL = 0x400000
_OWNER_GROUP_DACL = 0x7
_SAMBA = b"aBmS"  # SAMBA_EXTENDED_INFO_MAGIC, in its FileFsObjectIdInformation


class Share:
    """The folder at an address. Not for more than one thread; close it when done."""

    def __init__(
        self, address: Address, credentials: Credentials, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Nothing is asked of the server yet."""
        self.address = address
        self._credentials = credentials
        self._sleep = sleep
        self._servers: dict[tuple[str, int], Server] = {}
        self._trees: dict[tuple[str, int, str], Tree] = {}
        self._links: dict[bytes, Address] = {}
        self._births: dict[bytes, Birth] = {}
        self.referrals: dict[str, str] = {}

    def close(self) -> None:
        """End every connection."""
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        self._trees.clear()

    def names(self, raw: bytes) -> tuple[list[Named], int]:
        """What is in a folder, in no order, and when the folder was modified. Raises OSError."""
        return self.ask(raw, _names)

    def descriptor(self, raw: bytes) -> bytes:
        """Owner, group and access list of a name, as the server sends them (MS-DTYP 2.4.6). Raises OSError."""

        def work(server: Server, tree: Tree, path: str) -> bytes:
            opened = connection.open_name(server, tree, path, access=_READ_CONTROL, options=_BACKUP)
            try:
                return connection.look_up(server, tree, opened, kind=3, parts=_OWNER_GROUP_DACL)
            finally:
                _close(server, tree, opened)

        return self.ask(raw, work)

    def has_streams(self, raw: bytes) -> bool:
        """Whether a file has more streams than its content. Raises OSError."""

        def work(server: Server, tree: Tree, path: str) -> bool:
            opened = connection.open_name(server, tree, path, access=_ASK, options=_BACKUP | _NO_RECALL)
            try:
                found = connection.look_up(server, tree, opened, kind=1, level=22)  # FileStreamInformation
                return len(found) > 4 and struct.unpack_from("<I", found)[0] != 0
            finally:
                _close(server, tree, opened)

        return self.ask(raw, work)

    def identity(self) -> str:
        """Which folder lies at the address: the serial number of the volume and the number of the folder."""

        def work(server: Server, tree: Tree, path: str) -> str:
            opened = connection.open_name(server, tree, path, access=_ASK, options=_IS_FOLDER | _BACKUP)
            try:
                volume = connection.look_up(server, tree, opened, kind=2, level=1)  # FileFsVolumeInformation
                return f"{struct.unpack_from('<8xI', volume)[0]:x}:{_number(server, tree, opened):x}"
            finally:
                _close(server, tree, opened)

        return self.ask(b"", work)

    def numbers_above(self, raw: bytes) -> frozenset["Birth"]:
        """The folder and those that hold it, up to where its share begins, each by number and birth. Raises OSError."""
        found = set()
        while True:
            found.add(self._birth(raw))
            if not raw or raw in self._links:
                return frozenset(found)
            raw = raw.rpartition(b"/")[0]

    def _birth(self, raw: bytes) -> "Birth":
        known = self._births.get(raw)
        if known is None:
            if len(self._births) >= _REMEMBERED:
                self._births.clear()
            known = self._births[raw] = self.ask(raw, _birth)
        return known

    @property
    def links(self) -> tuple[bytes, ...]:
        """The links that were followed so far, by their paths; the root is among them when its address is one."""
        return tuple(self._links)

    def hides(self, raw: bytes = b"") -> bool:
        """Whether the share of a folder leaves out what the account may not open (access-based enumeration)."""
        return self.ask(raw, lambda _server, tree, _path: bool(tree.flags & _ACCESS_BASED))

    def grants_backup(self, raw: bytes = b"") -> bool:
        """Whether a folder's server grants the account what backup programs get: to read whatever the access lists say.

        With the backup intent such an account may open a folder's audit list too, which nothing else but the right to
        manage auditing gives; that one is an administrator's.
        """

        def work(server: Server, tree: Tree, path: str) -> bool:
            access = _SYSTEM_SECURITY | _READ_CONTROL | _LIST
            try:
                opened = connection.open_name(server, tree, path, access=access, options=_IS_FOLDER | _BACKUP)
            except Status as refusal:
                if refusal.lost or refusal.code in (PATH_NOT_COVERED, BAD_NETWORK_NAME):
                    raise
                return False
            _close(server, tree, opened)
            return True

        return self.ask(raw, work)

    def is_samba(self, raw: bytes = b"") -> bool:
        """Whether the server of a folder is Samba, which hides names from an account whatever rights it has."""

        def work(server: Server, tree: Tree, path: str) -> bool:
            opened = connection.open_name(server, tree, path, access=_ASK, options=_IS_FOLDER | _BACKUP)
            try:
                found = connection.look_up(server, tree, opened, kind=2, level=8)  # FileFsObjectIdInformation
                return found[16:20] == _SAMBA
            except Status as refusal:
                if refusal.lost:
                    raise
                return False  # volumes without such a number are not Samba's
            finally:
                _close(server, tree, opened)

        return self.ask(raw, work)

    def read(self, raw: bytes, offset: int, length: int) -> bytes:
        """Bytes of a file, fewer at its end. Raises OSError; a file whose content lies elsewhere is not recalled."""

        def work(server: Server, tree: Tree, path: str) -> bytes:
            opened = connection.open_name(server, tree, path, access=_LIST, options=_IS_FILE | _BACKUP | _NO_RECALL)
            try:
                if opened.attributes & (directory.OFFLINE | directory.RECALL_ON_DATA_ACCESS):
                    raise OSError(errno.EAGAIN, "its content lies elsewhere")
                return connection.read_bytes(server, tree, opened, offset, length)
            except Status as refusal:
                if refusal.code == END_OF_FILE:
                    return b""
                raise
            finally:
                _close(server, tree, opened)

        return self.ask(raw, work)

    def size(self, raw: bytes) -> int:
        """The bytes of a file. Raises OSError."""

        def work(server: Server, tree: Tree, path: str) -> int:
            opened = connection.open_name(server, tree, path, access=_ASK, options=_IS_FILE | _BACKUP | _NO_RECALL)
            _close(server, tree, opened)
            return opened.size

        return self.ask(raw, work)

    def call(self, pipe: str, calls: Callable[[Callable[[bytes], bytes]], T]) -> T:
        """Open a named pipe of the server, hand over a function that sends and receives, and close it.

        Done again when the connection breaks, with a new pipe. Raises OSError.
        """

        def work(server: Server, _share: Tree, _path: str) -> T:
            tree = self._pipes(self._locate(b""))
            opened = connection.open_name(server, tree, pipe, access=0x12019F, options=0)
            try:
                return calls(lambda sent: connection.transceive(server, tree, opened, sent))
            finally:
                _close(server, tree, opened)

        return self.ask(b"", work)

    def leads(self, raw: bytes) -> Address:
        """Where a folder lies when all links are followed. Raises OSError: ELOOP when they lead to what it lies in."""
        self.ask(raw, lambda server, tree, path: _close(server, tree, connection.open_name(
            server, tree, path, access=_ASK, options=_IS_FOLDER | _BACKUP)))  # fmt: skip
        return self._locate(raw)

    def ask(self, raw: bytes, work: "Work[T]") -> T:
        """Do something with a path, on the server where it lies; done again when the connection breaks. Raises OSError.

        `work` is given the server, the share and the path there; after a broken connection they are others.
        """
        for wait in (*_WAITS, None):
            try:
                return self._follow(raw, work)
            except Lost as error:
                self.close()
                self._links.clear()
                if wait is None:
                    raise
                log.logger().warning("connection.lost", server=self.address.server, why=error.strerror, wait=wait)
                self._sleep(wait)
        raise AssertionError("unreachable")

    def _follow(self, raw: bytes, work: "Work[T]") -> T:
        for _ in range(_HOPS):
            spot = self._locate(raw)
            try:
                tree = self._tree(spot)
                path = spot.path.replace("/", "\\")
                if tree.is_dfs_share:
                    path = f"{spot.server}\\{spot.share}" + (f"\\{path}" if path else "")
                return work(self._server(spot), tree, path)
            except Status as refusal:
                if refusal.lost:
                    raise Lost(refusal.reason) from None
                if refusal.code not in (PATH_NOT_COVERED, BAD_NETWORK_NAME):
                    raise refusal.error() from None
                self._refer(raw, spot, refusal)
        raise OSError(errno.ELOOP, "links of the namespace lead in a circle")

    def _refer(self, raw: bytes, spot: Address, refusal: Status) -> None:
        """Ask the server where a path leads, and remember it."""
        asked = spot.unc[1:]
        try:
            referral = dfs.parse(connection.refer(self._server(spot), self._pipes(spot), asked), asked)
        except Status as status:
            if status.lost:
                raise Lost(status.reason) from None
            raise refusal.error() from None
        except ValueError:
            raise refusal.error() from None
        parts = raw.split(b"/") if raw else []
        below = len(referral.rest)
        link = b"/".join(parts[: max(len(parts) - below, 0)])
        inside = referral.rest[: max(below - len(parts), 0)]
        self._links[link] = self._reachable(link, spot, referral.targets, inside, refusal)

    def _reachable(
        self, link: bytes, spot: Address, targets: tuple[str, ...], inside: tuple[str, ...], refusal: Status
    ) -> Address:
        error = refusal.error()
        for text in targets:
            try:
                target = self._target(text, spot, inside)
            except ValueError:
                continue
            if link and any(target.holds(above) for above in self._above(link)):
                raise OSError(errno.ELOOP, f"a link to {target.unc}, in which it lies itself")
            try:
                self._tree(target)
            except Status as status:
                error = status.error()
            except Lost as lost:
                error = lost
            else:
                self.referrals[names.shown(link)] = target.unc
                log.logger().info("dfs.resolved", link=names.shown(link), root=str(self.address), target=target.unc)
                return target
        raise error

    def _target(self, text: str, spot: Address, inside: tuple[str, ...]) -> Address:
        found = from_unc(text)
        path = "/".join(filter(None, (found.path, *inside)))
        return replace(found, port=spot.port if found.server == spot.server else found.port, path=path)

    def _above(self, link: bytes) -> list[Address]:
        """Where the folders lie that hold this link, one for each server on the way."""
        found, rest = [], link
        while rest:
            rest = rest.rpartition(b"/")[0]
            found.append(self._locate(rest))
        return found

    def _locate(self, raw: bytes) -> Address:
        """Where a path of the ledger lies, as far as it is known."""
        above, below = raw, b""
        while above and above not in self._links:
            above, _, name = above.rpartition(b"/")
            below = name + b"/" + below if below else name
        start = self._links.get(above, self.address)
        inside = names.sent(below).replace("\\", "/")
        return replace(start, path="/".join(filter(None, (start.path, inside))))

    def _server(self, spot: Address) -> Server:
        key = (spot.server, spot.port)
        if key not in self._servers:
            self._servers[key] = connection.sign_in(spot.server, spot.port, self._credentials)
        return self._servers[key]

    def _pipes(self, spot: Address) -> Tree:
        """Where a server has its named pipes."""
        return self._tree(replace(spot, share="IPC$", path=""))

    def _tree(self, spot: Address) -> Tree:
        key = (spot.server, spot.port, spot.share.casefold())
        if key not in self._trees:
            self._trees[key] = self._server(spot).tree(spot.share)
        return self._trees[key]


def _names(server: Server, tree: Tree, path: str) -> tuple[list[Named], int]:
    opened = connection.open_name(server, tree, path, access=_LIST, options=_IS_FOLDER | _BACKUP)
    found: list[Named] = []
    modified_ns = 0
    try:
        while True:
            for each in directory.parse(connection.list_names(server, tree, opened)):
                if each.name == b".\0":
                    modified_ns = each.modified_ns
                elif each.name != b".\0.\0":
                    found.append(each)
    except Status as refusal:
        if refusal.code not in (NO_MORE_FILES, NO_SUCH_FILE):
            raise
    except ValueError as error:
        raise OSError(errno.EIO, str(error)) from None
    finally:
        _close(server, tree, opened)
    return found, modified_ns


def _birth(server: Server, tree: Tree, path: str) -> Birth:
    opened = connection.open_name(server, tree, path, access=_ASK, options=_IS_FOLDER | _BACKUP)
    try:
        born = directory.nanoseconds(opened.created) if opened.created > 0 else None
        return _number(server, tree, opened), born
    finally:
        _close(server, tree, opened)


def _number(server: Server, tree: Tree, opened: Opened) -> int:
    found: int = struct.unpack_from("<Q", connection.look_up(server, tree, opened, kind=1, level=6))[0]
    return found  # FileInternalInformation


def _close(server: Server, tree: Tree, opened: Opened) -> None:
    try:
        connection.close_name(server, tree, opened)
    except (Status, Lost):
        return  # what is left open, the server closes with the connection
