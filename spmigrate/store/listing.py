"""What a scan hands to the ledger: folders with their entries, and remarks about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from typing import TYPE_CHECKING, AnyStr, NamedTuple

from spmigrate.model import Severity, Treatment

if TYPE_CHECKING:
    from spmigrate.store.entries import Entries


class Attribute(IntFlag):
    """What a Windows file system says of a name; the values are those of the ledger and of no other system."""

    HIDDEN = 1
    SYSTEM = 2
    OFFLINE = 4
    """Its content lies elsewhere and would be fetched when it is opened; so it is not."""
    REPARSE = 8
    ENCRYPTED = 16
    STREAMS = 32
    """It has named streams, which no library keeps."""


@dataclass(frozen=True, slots=True)
class Right:
    """One entry of an access list. `who` is a SID, or `uid:` or `gid:` with a number; `name` is empty for an orphan.

    `kind` is user, group or unknown; `level` is full, change, read or special.
    """

    who: str
    name: str
    kind: str
    allows: bool
    level: str
    inherited: bool


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a folder or a file: its owner, whether it inherits, and its rights in the order of evaluation."""

    owner: str
    inherits: bool
    rights: tuple[Right, ...]


# These may be made once for every file: named tuples, because they cost a third of a frozen dataclass.
class Entry(NamedTuple):
    """One name in a folder. `kind` is folder, file, link or special; `reason` says why it could not be looked at.

    `attributes` are those of `Attribute`. `file_id` is what the place knows the file or folder by, whatever its name:
    a number of 64 bits with a sign, or a text; None where it has no such thing.
    """

    raw: bytes
    name: str
    kind: str
    size: int
    modified_ns: int
    created_ns: int | None
    reason: str | None
    attributes: int = 0
    file_id: int | str | None = None


class Remark(NamedTuple):
    """A finding before it is kept: about an entry of the folder, or, with None, about the folder itself."""

    entry: Entry | None
    code: str
    severity: Severity
    treatment: Treatment
    message: str
    proposal: str | None


class Found(NamedTuple):
    """A folder that waits to be listed."""

    id: int
    raw: bytes
    path: str
    known: bool = False
    """Whether the ledger has items of it from an earlier scan."""
    new: bool = True
    """Whether the last scan did not have it."""


class Known(NamedTuple):
    """An item as an earlier scan kept it; the seven fields after `id` are those of an `Entry`."""

    id: int
    kind: str
    size: int
    modified_ns: int
    created_ns: int | None
    reason: str | None
    attributes: int
    file_id: int | str | None
    gone_scan: int | None
    sha256: str | None
    looked_scan: int | None

    def is_same(self, entry: Entry) -> bool:
        """Whether it is this file still, unchanged: its content need not be read again."""
        return self.gone_scan is None and self.reason is None and self[1:8] == entry[2:]


class Content(NamedTuple):
    """What an opened file has said: digests where they were asked for, and whether it was looked into."""

    sha256: str | None
    quickxor: str | None
    looked: bool

    @property
    def read(self) -> bool:
        """Whether bytes of the file were read for it; a library tells its own digests."""
        return self.looked or self.sha256 is not None


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder's entries in the order of their bytes, or the reason why there are none to see.

    `inside` are the remarks about what files contain, which stay true while those do not change. `contents` and
    `item_access` are by the raw names of files.
    """

    folder: Found
    entries: "Entries"
    remarks: Sequence[Remark]
    modified_ns: int | None = None
    reason: str | None = None
    inside: Sequence[Remark] = ()
    contents: Mapping[bytes, Content] = field(default_factory=dict)
    access: Access | None = None
    item_access: Mapping[bytes, Access] = field(default_factory=dict)


def join(folder: AnyStr, name: AnyStr) -> AnyStr:
    """The path of a name in a folder, as text or as bytes; the path of the root is empty."""
    if not folder:
        return name
    return folder + ("/" if isinstance(folder, str) else b"/") + name
