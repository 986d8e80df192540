"""Files of shares, read from the file server itself."""

import errno
import threading
from collections import defaultdict
from contextlib import suppress

from spmigrate.errors import SpmigrateError
from spmigrate.fileserver import credentials
from spmigrate.fileserver.address import parse
from spmigrate.fileserver.content import Altered, Content
from spmigrate.fileserver.share import Share
from spmigrate.fileserver.status import Lost
from spmigrate.migrate import codes
from spmigrate.migrate.original import Original, SourceProblem, gone

_CHANGED = frozenset({errno.ELOOP, errno.EISDIR})


class Shares:
    """Connections to file servers, each lent to one reader at a time. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[str, list[Share]] = defaultdict(list)

    def take(self, root: str) -> Share:
        """A connection for the share at an address, signed in when it is first used. Raises ConfigError."""
        with self._lock:
            if self._idle[root]:
                return self._idle[root].pop()
        return Share(parse(root), credentials.find())

    def give_back(self, root: str, share: Share) -> None:
        """Let others have a connection."""
        with self._lock:
            self._idle[root].append(share)

    def close(self) -> None:
        """End all connections that nobody has."""
        with self._lock:
            idle = [share for shares in self._idle.values() for share in shares]
            self._idle.clear()
        for share in idle:
            share.close()


class SmbOriginal(Original):
    """A file of a share."""

    def __init__(self, shares: Shares, root: str, path: bytes, name: bytes) -> None:
        """Open `name` in the folder `path` of the share at `root`.

        Raises SourceProblem, SpmigrateError for a share that went, ConfigError when the account is refused.
        """
        self._root = root
        self._at = 0
        self._shares = shares
        self._share = shares.take(root)
        try:
            self._content = Content(self._share, b"/".join(filter(None, (path, name))))
        except OSError as error:
            problem = self._problem(error)
            shares.give_back(root, self._share)
            raise problem from None
        except SpmigrateError:
            self._share.close()
            raise
        super().__init__(self._content.size, self._content.modified_ns)

    def close(self) -> None:
        """Close the file, and let others have the connection."""
        self._content.close()
        self._shares.give_back(self._root, self._share)

    def _read(self, length: int) -> bytes:
        try:
            piece = self._content.read(self._at, length)
        except OSError as error:
            raise self._problem(error) from None
        self._at += len(piece)
        return piece

    def _look(self) -> tuple[int, int]:
        try:
            return self._content.look()
        except OSError as error:
            raise self._problem(error) from None

    def _problem(self, error: OSError) -> SourceProblem | SpmigrateError:
        if isinstance(error, Lost):
            return gone(self._root)
        if isinstance(error, Altered):
            return SourceProblem(codes.SOURCE_CHANGED, "It was written to while it was read.")
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            is_there = self._is_there()
            return SourceProblem(codes.SOURCE_VANISHED, codes.SOURCE_VANISHED.title) if is_there else gone(self._root)
        if error.errno in _CHANGED:
            return SourceProblem(codes.SOURCE_CHANGED, f"It was a file when it was scanned; now: {error.strerror}.")
        code = {errno.EBUSY: codes.SOURCE_LOCKED, errno.EAGAIN: codes.SOURCE_OFFLINE}.get(error.errno or 0)
        if code is not None:
            return SourceProblem(code, f"{code.title.removesuffix('.')}: {error.strerror}.")
        return SourceProblem(codes.SOURCE_UNREADABLE, f"It could not be read: {error.strerror or error}.")

    def _is_there(self) -> bool:
        """Whether the folder that the source begins with can be reached."""
        with suppress(OSError):
            self._share.identity()
            return True
        return False
