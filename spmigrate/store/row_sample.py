"""A sample of a row's files, kept with the row, so that a later scan can say how many of them are still those.

Files are chosen by a hash of their id, which they keep from scan to scan: the samples of two scans hold the same files
as far as both have them. A row of up to `MOST` files is its own sample, so small rows are judged exactly.
"""

import base64
import struct
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 1000
"""About how many files a sample holds; of larger rows it is every second file, every fourth, and so on."""

WHOLE = 1 << 32
"""Above every hash: a sample with this bound holds all files."""

_FILE = struct.Struct("<QIq")  # id, size (its lowest 32 bits), time of last change in nanoseconds

File = tuple[int, int, int]
"""Id, size and time of last change of a file."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Of `of` sampled files, how many are gone, and how many hold other content that is older than the first scan."""

    gone: int
    replaced: int
    of: int


def bound(items: int) -> int:
    """The hash below which a file of a row with so many files is in the sample."""
    found = WHOLE
    while items * found > MOST * WHOLE:
        found //= 2
    return found


def pack(files: Iterable[File]) -> str:
    """Files as text for the ledger."""
    return base64.b64encode(b"".join(_FILE.pack(number, size & 0xFFFFFFFF, at) for number, size, at in files)).decode()


def unpack(text: str) -> dict[int, tuple[int, int]]:
    """Size and time of the sampled files by their id. Raises ValueError when the text is damaged."""
    try:
        return {number: (size, at) for number, size, at in _FILE.iter_unpack(base64.b64decode(text, validate=True))}
    except struct.error:
        raise ValueError("a damaged sample") from None


def lost(signed: str, present: str, *, below: int, looked_ns: int) -> Lost:
    """What became of the files of a sample, in the part of both samples whose hashes lie below `below`.

    An edited file is newer than `looked_ns`, the start of the scan that was signed; a file with other content that is
    older was put in the place of the one that was signed, as when two folders swap their names.
    """
    before = {number: file for number, file in unpack(signed).items() if hashed(number) < below}
    now = unpack(present)
    gone = sum(number not in now for number in before)
    replaced = sum(
        number in now and now[number] != file and now[number][1] < looked_ns for number, file in before.items()
    )
    return Lost(gone, replaced, len(before))


def hashed(number: int) -> int:
    """The hash of a file by its id, as SQL computes it; times 2^32 / the golden ratio, so that neighbours spread."""
    return (number & 0x7FFFFFFF) * 2654435761 & 0xFFFFFFFF
