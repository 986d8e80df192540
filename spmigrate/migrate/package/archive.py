"""Archives of small files: which files go into one, and how it is written.

Source: "Preparing the content for Migration API", archive small files: two archives a package, 10 MB each, files below
100 KB after encryption, not compressed, and the QuickXorHash of the archive before it is encrypted.
"""

import io
import zipfile
from collections.abc import Mapping

from spmigrate.migrate.package.cipher import encrypted_size

MOST_ARCHIVES = 2
MOST_BYTES = 10_000_000
FILE_BELOW = 100_000
MEMBER = 256
"""Bytes that a member takes beside its content, at most: both headers of a name of 36 characters."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)


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
    """A zip in memory, of at most 10 MB; its members are stored as they are."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._zip = zipfile.ZipFile(self._bytes, "w", zipfile.ZIP_STORED)
        self.members: list[str] = []

    def add(self, name: str, content: bytes) -> None:
        """Add a file."""
        self._zip.writestr(zipfile.ZipInfo(name, _EARLIEST), content)
        self.members.append(name)

    @property
    def size(self) -> int:
        """How long the archive will be at most, as it is now."""
        return self._bytes.tell() + MEMBER * (len(self.members) + 4)

    def close(self) -> bytes:
        """The whole archive."""
        self._zip.close()
        return self._bytes.getvalue()
