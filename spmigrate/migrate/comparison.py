"""A file of the tenant beside its original: byte by byte, or part by part for Office files, which may be rewritten."""

import hashlib
import tempfile
from collections.abc import Callable

from spmigrate.migrate import codes, office
from spmigrate.migrate.original import Original, SourceProblem
from spmigrate.tenant import transfer
from spmigrate.tenant.files import Library
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import FRAGMENT

_IN_MEMORY = 16 << 20
"""Bytes of each side that stay in memory; more goes to a temporary file."""


def equal_in_content(
    tenant: Tenant, library: Library, item_id: str, *, original: Callable[[], Original], sha256: str
) -> bool:
    """Whether the stored Office file has the content of the original, whose SHA-256 is known; `original` opens it.

    Raises SourceProblem when the original is not what it was, TenantError when the other side cannot be had.
    """
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as ours, tempfile.SpooledTemporaryFile(_IN_MEMORY) as theirs:
        with original() as opened:
            for piece in opened.fragments(FRAGMENT):
                ours.write(piece)
            if opened.sha256() != sha256:
                raise SourceProblem(codes.SOURCE_CHANGED, "The original has changed since it was copied.")
        transfer.download(tenant, library, item_id, theirs)
        return office.same_content(ours, theirs)


def equal_bytes(tenant: Tenant, library: Library, item_id: str, *, sha256: str) -> bool:
    """Whether a stored file has this SHA-256, where the service has not worked out its hash. Raises TenantError."""
    received = _Received()
    transfer.download(tenant, library, item_id, received)
    return received.digest.hexdigest() == sha256


class _Received:
    """Takes content and keeps its digest alone."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, piece: bytes, /) -> None:
        """Take the next piece."""
        self.digest.update(piece)
