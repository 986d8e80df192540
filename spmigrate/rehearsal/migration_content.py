"""Getting a package out of its containers: the blob that counts, decrypted, as a file on disk."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from spmigrate.rehearsal.azure.containers import Block, Containers, StoredBlob
from spmigrate.rehearsal.blobs import Blob, Checksum
from spmigrate.rehearsal.migration_package import PackageProblem

KEY_BYTES = 32
_BITS = 128
_IN_MEMORY = 1 << 20
_STORAGE = "Microsoft.WindowsAzure.Storage.StorageException"
_CRYPTOGRAPHIC = "System.Security.Cryptography.CryptographicException"


def need_blob(containers: Containers, container: int, name: str, *, snapshot: bool) -> StoredBlob:
    """The state of a blob that counts: its newest snapshot; a `PackageProblem` when there is no blob, or where there
    must be a snapshot and is none.

    Content needs a snapshot ("Any file without a snapshot fails to import with errors", migration-content-package.md).
    For the manifest files the newest is taken when there is one: office365-rest-python-client 3.3.0, whose authors ran
    it on a real tenant, makes none.
    """
    found = containers.newest_snapshot(container, name)
    if found is not None:
        return found
    base = containers.blob(container, name)
    if base is None:
        raise PackageProblem(
            f"The remote server returned an error: (404) Not Found. Blob '{name}'.", error=_STORAGE, code=-2146233088
        )
    if snapshot:
        raise PackageProblem(
            f"The blob '{name}' has no snapshot. Each file must have at least one snapshot.", code=-2147213136
        )
    return base


@contextmanager
def opened(containers: Containers, blob: StoredBlob, key: bytes | None) -> Iterator[tuple[Path, Checksum]]:
    """A blob's plain bytes in a temporary file, with their checksum; the file goes away afterwards."""
    path = containers.blobs.uploads / f"import-{uuid.uuid4().hex}"
    checksum = Checksum()
    try:
        with path.open("wb") as file:
            for piece in _plain(containers, blob, key):
                checksum.update(piece)
                file.write(piece)
        yield path, checksum
    finally:
        path.unlink(missing_ok=True)


def take(containers: Containers, blob: StoredBlob, key: bytes | None) -> Blob:
    """Keep a blob's plain bytes among the tenant's."""
    if blob.size <= _IN_MEMORY:
        return containers.blobs.put(b"".join(_plain(containers, blob, key)))
    with opened(containers, blob, key) as (path, checksum):
        return containers.blobs.adopt(path, checksum)


def _plain(containers: Containers, blob: StoredBlob, key: bytes | None) -> Iterator[bytes]:
    if key is None:
        yield from containers.pieces(blob)
        return
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector_of(blob))).decryptor()
    unpadder = padding.PKCS7(_BITS).unpadder()
    try:
        for piece in containers.pieces(blob):
            yield unpadder.update(decryptor.update(piece))
        yield unpadder.update(decryptor.finalize()) + unpadder.finalize()
    except ValueError:
        message = f"Padding is invalid and cannot be removed. Blob '{blob.name}'."
        raise PackageProblem(message, error=_CRYPTOGRAPHIC, code=-2146233296) from None


def vector_of(blob: StoredBlob) -> bytes:
    """The initialisation vector of an encrypted blob; a `PackageProblem` when there is none."""
    text = next((value for name, value in blob.metadata.items() if name.lower() == "iv"), "")
    try:
        vector = base64.b64decode(text, validate=True)
    except ValueError:
        vector = b""
    if len(vector) != _BITS // 8:
        message = f"The blob '{blob.name}' is not encrypted: it has no valid IV property."
        raise PackageProblem(message, error=_CRYPTOGRAPHIC, code=-2146233296)
    return vector


def encrypt(content: bytes, key: bytes, vector: bytes) -> bytes:
    """AES-256-CBC with PKCS #7 padding, as everything in these containers and queues is encrypted."""
    padder = padding.PKCS7(_BITS).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()


def put_text(containers: Containers, container: int, name: str, *, text: str, key: bytes | None, vector: bytes) -> None:
    """Leave a text in a container, encrypted like the rest of the package."""
    content = text.encode()
    metadata = {}
    if key is not None:
        content = encrypt(content, key, vector)
        metadata = {"IV": base64.b64encode(vector).decode()}
    kept = containers.blobs.put(content)
    blocks = (Block("", kept.address, kept.size),) if kept.size else ()
    headers = {"content-type": "application/octet-stream"}
    containers.save(StoredBlob(container, name, size=kept.size, blocks=blocks, headers=headers, metadata=metadata))
