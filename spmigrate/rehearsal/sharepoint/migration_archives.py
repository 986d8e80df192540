"""Archives of a migration package: zips of small files that the service takes apart before it imports them.

Source: "Preparing the content for Migration API", archive small files (two archives a package, 10 MB each, files below
100 KB after encryption, which are not compressed; the archive must be encrypted), and the older "SharePoint Import
Migration API" (the QuickXorHash is that of the zip, before encryption). Microsoft does not say how what is in an
archive is encrypted; here it is the archive alone, like every other blob.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from spmigrate.rehearsal.azure.containers import Containers
from spmigrate.rehearsal.blobs import Blob
from spmigrate.rehearsal.migration_content import need_blob, opened
from spmigrate.rehearsal.migration_package import ARCHIVES, PackageProblem, read_document

_MOST = 2
_MOST_BYTES = 10 * 1024 * 1024
_FILE_BELOW = 100 * 1024
_CIPHER_BLOCK = 16


def read_archives(path: Path, containers: Containers, container: int, key: bytes | None) -> dict[str, Blob]:
    """The files of all archives that `ArchivedFiles.xml` names, by the names that the manifest has for them."""
    root = read_document(path, ARCHIVES)
    if len(root) > _MOST:
        raise PackageProblem(f"A package can have {_MOST} archives at most.")
    if len(root) and key is None:
        raise PackageProblem("Archived files must be encrypted.")
    found: dict[str, Blob] = {}
    for each in root:
        name, checksum = each.get("Name", ""), each.get("Checksum", "")
        if each.tag != "ArchivedFile" or not name or not checksum:
            raise PackageProblem("The element 'ArchivedFiles' has an invalid child element.")
        blob = need_blob(containers, container, name, snapshot=True)
        if blob.size > _MOST_BYTES:
            raise PackageProblem(f"The archive '{name}' is larger than 10 MB.")
        with opened(containers, blob, key) as (zipped, sums):
            if sums.blob().hash != checksum:
                raise PackageProblem(f"The checksum of the archive '{name}' does not match.")
            wanted = [child.get("FileValue", "") for child in each]
            for member, content in _unpacked(zipped, name, wanted):
                found[member] = containers.blobs.put(content)
    return found


def _unpacked(path: Path, name: str, wanted: list[str]) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for each in wanted:
                info = archive.getinfo(each)
                if info.compress_type != zipfile.ZIP_STORED:
                    raise PackageProblem(f"The file '{each}' in the archive '{name}' is compressed.")
                if info.file_size + _CIPHER_BLOCK - info.file_size % _CIPHER_BLOCK >= _FILE_BELOW:
                    raise PackageProblem(f"The file '{each}' in the archive '{name}' is 100 KB or larger.")
                yield each, archive.read(info)
    except KeyError:
        raise PackageProblem(f"The archive '{name}' does not have all files that {ARCHIVES} names.") from None
    except zipfile.BadZipFile:
        raise PackageProblem(f"The archive '{name}' cannot be read.") from None
