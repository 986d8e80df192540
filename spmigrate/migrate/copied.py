"""What copy jobs did, judged from what is seen on both sides. Pure."""

from spmigrate.migrate import codes
from spmigrate.migrate.codes import Code
from spmigrate.store.batches import Transfer
from spmigrate.store.copy_files import CopyFile
from spmigrate.tenant.copy_jobs import SourceFile
from spmigrate.tenant.files import Stored

_SECOND = 1_000_000_000
_BY_ERROR = {"-2147024713": codes.TARGET_TAKEN, "-2147024894": codes.SOURCE_VANISHED}
"""Numbers of job errors: a name that is taken (183), and a file that is not there (2)."""


def begins_anew(known: CopyFile | None, token: str) -> bool:
    """Whether jobs have to be asked for: there are none, or an earlier lease ended or died before it knew of them."""
    return known is None or (known.state != "sent" and known.token != token)


def is_as_scanned(transfer: Transfer, found: SourceFile) -> bool:
    """Whether a file is what the scan saw, to the second and the byte."""
    return (found.size, found.modified_ns // _SECOND) == (transfer.size, transfer.modified_ns // _SECOND)


def is_copy(size: int, modified_ns: int, quickxor: str | None, existing: Stored) -> bool:
    """Whether a file at the destination is the copy of a source with this size, time and hash."""
    if existing.folder or (existing.size, existing.modified) != (size, modified_ns // _SECOND):
        return False
    return quickxor is None or existing.quickxor in (None, quickxor)


def code_of(error: tuple[str, str]) -> Code:
    """What the error of a job means: its number, and what it says where that is a general one."""
    number, message = error
    if number in _BY_ERROR:
        return _BY_ERROR[number]
    return codes.SOURCE_EDITED if "etag" in message.lower() else codes.COPY_FAILED
