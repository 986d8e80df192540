"""Source files, opened for reading and for nothing else, with digests that grow while they are read."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from spmigrate.errors import SpmigrateError
from spmigrate.migrate import codes
from spmigrate.migrate.codes import Code
from spmigrate.quickxor import QuickXor


class SourceProblem(Exception):
    """A source file that cannot be had as it was: gone, locked, unreadable, or altered while it was read."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Original(ABC):
    """An open source file. `size` and `modified_ns` are those of the moment it was opened; a context manager."""

    def __init__(self, size: int, modified_ns: int) -> None:
        self.size = size
        self.modified_ns = modified_ns
        self._quickxor = QuickXor()
        self._sha256 = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""

    @abstractmethod
    def _read(self, length: int) -> bytes:
        """The next bytes, fewer only at the end. Raises SourceProblem, SpmigrateError for a share that went."""

    @abstractmethod
    def _look(self) -> tuple[int, int]:
        """Size and time of the file as it is now. Raises SourceProblem, SpmigrateError for a share that went."""

    def fragments(self, length: int, *, start: int = 0) -> Iterator[bytes]:
        """The content from `start` on in pieces of `length` bytes; what stands before goes into the digests alone.

        The last piece comes only when the file is as it was at the start. Raises SourceProblem.
        """
        at = 0
        while at < self.size:
            piece = self._next(min((start if at < start else self.size) - at, length))
            at += len(piece)
            if at == self.size:
                self._confirm()
            if at > start:
                yield piece
            del piece  # before the next one is read: memory holds one

    def read_all(self, length: int) -> None:
        """Read to the end for the digests alone."""
        for _ in self.fragments(length):
            pass

    def quickxor(self) -> str:
        """QuickXorHash of what has been read, as Graph writes it."""
        return self._quickxor.text()

    def sha256(self) -> str:
        """SHA-256 of what has been read, in hexadecimal."""
        return self._sha256.hexdigest()

    def _next(self, length: int) -> bytes:
        piece = self._read(length)
        if len(piece) < length:
            raise SourceProblem(codes.SOURCE_CHANGED, "It became shorter while it was read.")
        self._quickxor.update(piece)
        self._sha256.update(piece)
        return piece

    def _confirm(self) -> None:
        if self._look() != (self.size, self.modified_ns):
            raise SourceProblem(codes.SOURCE_CHANGED, "It was written to while it was read.")


def gone(root: str) -> SpmigrateError:
    """The error for a source that is not there as a whole: it ends a run."""
    return SpmigrateError(
        f"the source {root} is not there any more", hint="connect it again, then run the same command again"
    )
