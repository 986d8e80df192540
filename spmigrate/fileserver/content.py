"""A file of a share that stays open while it is read. A connection that breaks is made again, and the file reopened."""

import errno
import struct
from contextlib import suppress
from functools import partial

from spmigrate.fileserver import connection, directory
from spmigrate.fileserver.connection import Opened, Server, Tree
from spmigrate.fileserver.share import Share
from spmigrate.fileserver.status import END_OF_FILE, Lost, Status

_READ = 0x1 | 0x80 | 0x100000  # FILE_READ_DATA, FILE_READ_ATTRIBUTES and SYNCHRONIZE
_OPTIONS = 0x40 | 0x4000 | 0x400000  # no folder, with the backup intent, without recalling what an archive has
_NETWORK_OPEN = struct.Struct("<16xq16xq")  # FileNetworkOpenInformation, MS-FSCC 2.4.29: written, end of file


class Altered(OSError):
    """The file that was reopened is not what it was."""

    def __init__(self) -> None:
        super().__init__(errno.ESTALE, "it was altered while the connection was lost")


class Content:
    """An open file; `size` and `modified_ns` are those of the moment it was opened. Not for more than one thread."""

    def __init__(self, share: Share, raw: bytes) -> None:
        """Open the file at a path of the ledger; others may go on with it. Raises OSError: EAGAIN when it is a stub."""
        self._share = share
        self._raw = raw
        self._held: tuple[Server, Tree, Opened] | None = None
        self.size, self.modified_ns = share.ask(raw, self._open)

    def read(self, offset: int, length: int) -> bytes:
        """The bytes from `offset` on, fewer at the end. Raises OSError, Altered among them."""
        pieces = []
        while length:
            piece = self._share.ask(self._raw, partial(self._piece, offset=offset, length=length))
            if not piece:
                break
            pieces.append(piece)
            offset += len(piece)
            length -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def look(self) -> tuple[int, int]:
        """Size and time as they are now, in bytes and nanoseconds since 1970. Raises OSError."""

        def work(server: Server, tree: Tree, path: str) -> tuple[int, int]:
            opened = self._still(server, tree, path)
            found = connection.look_up(server, tree, opened, kind=1, level=34)
            modified, size = _NETWORK_OPEN.unpack_from(found)
            return size, directory.nanoseconds(modified)

        return self._share.ask(self._raw, work)

    def close(self) -> None:
        """Close the file at the server."""
        if self._held is not None:
            with suppress(Status, Lost):  # what is left open, the server closes with the connection
                connection.close_name(*self._held)
            self._held = None

    def _piece(self, server: Server, tree: Tree, path: str, *, offset: int, length: int) -> bytes:
        try:
            return connection.read_bytes(server, tree, self._still(server, tree, path), offset, length)
        except Status as refusal:
            if refusal.code == END_OF_FILE:
                return b""
            raise

    def _still(self, server: Server, tree: Tree, path: str) -> Opened:
        """The open file; opened again when the connection is another one."""
        is_open = self._held is not None and self._held[0] is server
        if not is_open and self._open(server, tree, path) != (self.size, self.modified_ns):
            raise Altered
        assert self._held is not None, "it was opened above"
        return self._held[2]

    def _open(self, server: Server, tree: Tree, path: str) -> tuple[int, int]:
        opened = connection.open_name(server, tree, path, access=_READ, options=_OPTIONS)
        self._held = (server, tree, opened)
        if opened.attributes & directory.STUB:
            self.close()
            raise OSError(errno.EAGAIN, "its content lies elsewhere")
        return opened.size, directory.nanoseconds(opened.modified)
