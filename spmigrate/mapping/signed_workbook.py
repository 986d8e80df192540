"""The workbook as it was signed: its bytes lie beside the ledger, and the chain holds their digest."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from spmigrate.store.signoffs import Act, SignoffEntry

KEY = "workbook"
"""Under which a sheet's basis, and then the sign-off, keep the SHA-256 of the workbook that was collected last."""
FOLDER = "collected"
"""Where the workbooks lie, in the folder of the mappings."""


def keep(path: Path, folder: Path | None) -> str:
    """The digest of a workbook that was read, and so is within the limits of size; `folder` keeps its bytes."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        kept = _file(folder, digest)
        if not kept.is_file() or kept.stat().st_size != len(content):
            half = kept.with_suffix(".part")
            half.write_bytes(content)
            half.replace(kept)
    return digest


def digests(entries: Iterable[SignoffEntry]) -> list[str]:
    """The digests of the workbooks behind sign-offs; older sign-offs kept none."""
    found = (str(each.policy.get(KEY, "")) for each in entries if each.act == Act.SIGNED)
    return sorted({each for each in found if each})


def kept(folder: Path, digest: str) -> bytes | None:
    """A workbook that was signed; None when it is not here any more, or is another one now."""
    file = _file(folder, digest)
    content = file.read_bytes() if file.is_file() else b""
    return content if hashlib.sha256(content).hexdigest() == digest else None


def _file(folder: Path, digest: str) -> Path:
    return folder / f"{digest}.xlsx"
