"""Archives of small files: which files go into one, and how it is written.

Source: "Preparing the content for Migration API", archive small files: two archives a package, 10 MB each, files below
100 KB after encryption, not compressed, and the QuickXorHash of the archive before it is encrypted.
"""

import struct
from collections.abc import Mapping
from zlib import crc32

from spmigrate.migrate.package.cipher import encrypted_size

MOST_ARCHIVES = 2
MOST_BYTES = 10_000_000
FILE_BELOW = 100_000
MEMBER = 256
"""Bytes that a member takes beside its content, at most: both headers of a name of 36 characters."""
_EARLIEST = 0x0021
"""1 January 1980, as the format writes days."""
_END = 22


def choose(sizes: Mapping[int, int]) -> list[list[int]]:
    """Which files go into which archive, the smallest first: these cost the most requests for their bytes.

    `sizes` are bytes by any id. A file that would be alone in an archive is none.
    """
    archives: list[list[int]] = []
    room = 0
    for each in sorted(sizes, key=lambda each: (sizes[each], each)):
        needed = sizes[each] + MEMBER
        if encrypted_size(sizes[each]) >= FILE_BELOW:
            break
        if needed > room:
            if len(archives) == MOST_ARCHIVES:
                break
            archives.append([])
            room = MOST_BYTES - 1024
        archives[-1].append(each)
        room -= needed
    return [each for each in archives if len(each) > 1]


class ArchiveWriter:
    """A zip in memory, of at most 10 MB; its members are stored as they are.

    Written here because the library's writer takes longer for a member than reading and encrypting it. Source of the
    form: PKWARE's APPNOTE, version 2.0 of the format.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._directory = bytearray()
        self.members: list[str] = []

    def add(self, name: str, content: bytes) -> None:
        """Add a file; its name is plain ASCII."""
        told = name.encode("ascii")
        common = struct.pack("<HHHHHIII", 20, 0, 0, 0, _EARLIEST, crc32(content), len(content), len(content))
        lengths = struct.pack("<HH", len(told), 0)
        self._directory += b"PK\x01\x02\x14\0" + common + lengths
        self._directory += struct.pack("<HHHII", 0, 0, 0, 0, len(self._bytes)) + told
        self._bytes += b"PK\x03\x04" + common + lengths + told + content
        self.members.append(name)

    @property
    def size(self) -> int:
        """How long the archive is, as it is now."""
        return len(self._bytes) + len(self._directory) + _END

    def close(self) -> bytes:
        """The whole archive."""
        count = len(self.members)
        end = struct.pack("<HHHHIIH", 0, 0, count, count, len(self._directory), len(self._bytes), 0)
        return bytes(self._bytes + self._directory + b"PK\x05\x06" + end)
