"""What a scan hands to the ledger: folders with their entries, and remarks about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import AnyStr, NamedTuple

from spmigrate.model import Severity, Treatment


# These are made once for every file: named tuples, because they cost a third of a frozen dataclass.
class Entry(NamedTuple):
    """One name in a folder. `kind` is folder, file, link or special; `reason` says why it could not be looked at."""

    raw: bytes
    name: str
    kind: str
    size: int
    modified_ns: int
    created_ns: int | None
    reason: str | None


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


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder's entries in the order of their bytes, or the reason why there are none to see."""

    folder: Found
    entries: Sequence[Entry]
    remarks: Sequence[Remark]
    modified_ns: int | None = None
    reason: str | None = None


def join(folder: AnyStr, name: AnyStr) -> AnyStr:
    """The path of a name in a folder, as text or as bytes; the path of the root is empty."""
    if not folder:
        return name
    return folder + ("/" if isinstance(folder, str) else b"/") + name
