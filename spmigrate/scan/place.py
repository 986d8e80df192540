"""Where a scan reads: a folder of this machine, a share, a library. One protocol, so that a scan knows none of them."""

from collections.abc import Mapping
from typing import BinaryIO, Protocol

from spmigrate.store.entries import Entries
from spmigrate.store.listing import Access


class Place(Protocol):
    """A root and everything below it, addressed by the bytes of paths relative to it; the root is the empty path."""

    @property
    def kind(self) -> str:
        """What the ledger calls this kind of source: folder, smb or sharepoint."""

    @property
    def path(self) -> str:
        """The root as it is kept in the ledger: absolute, in one spelling."""

    @property
    def directory(self) -> str:
        """Which directory lies at the root, so that another one that is mounted there is noticed."""

    @property
    def empty(self) -> bool:
        """Whether there was nothing in the root when it was found."""

    @property
    def reservations(self) -> tuple[str, ...]:
        """What this place as a whole may hide from the scan, one sentence each; each makes the scan incomplete.

        There may be more of them once folders were read.
        """

    def check_present(self) -> None:
        """Raise SpmigrateError when another directory, or none, lies at the root by now."""

    def read(self, raw: bytes) -> tuple[Entries, int]:
        """The entries of a folder in the order of their bytes, and when it was modified, in nanoseconds since 1970.

        Raises OSError when the folder cannot be listed to its end: half a listing is none.
        """

    @property
    def digests(self) -> Mapping[bytes, str]:
        """QuickXorHash of the files of the folder that was read last, by name, where the place tells it by itself."""

    def has_left(self, raw: bytes) -> bool:
        """Whether a folder that was found and is not there now was surely taken away. Raises OSError if unsure."""

    def open(self, raw: bytes) -> BinaryIO:
        """A file's content, from its beginning. Never asked of offline stubs. Raises OSError."""

    def access(self, raw: bytes) -> Access | None:
        """Who may open a folder or a file; None where the place keeps no such thing. Raises OSError."""
