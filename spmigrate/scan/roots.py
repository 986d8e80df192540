"""The folder that a scan begins in: found, known again while the scan lasts, and told apart from other sources."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.scan import walk
from spmigrate.store.inventory import Source

_Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Root:
    """Where a scan begins: its absolute path without links, which directory lies there, and whether it is empty."""

    path: str
    directory: str
    empty: bool

    @property
    def raw(self) -> bytes:
        """The path in the bytes of the file system."""
        return os.fsencode(self.path)


def find(folder: Path) -> Root:
    """The root at this path, after a look at it. Raises SpmigrateError when it cannot be listed."""
    hint = "name a folder that this account can read, or mount the share first"
    try:
        whole = folder.resolve(strict=True)
        with os.scandir(whole) as names:
            empty = next(names, None) is None
        str(whole).encode()
        return Root(str(whole), _directory(str(whole)), empty)
    except UnicodeEncodeError:
        raise SpmigrateError(
            "the path of the source is not readable text", hint="mount it under another name"
        ) from None
    except OSError as error:
        raise SpmigrateError(f"{folder} cannot be scanned: {walk.reason(error)}", hint=hint) from None


def check_present(root: Root) -> None:
    """Raise SpmigrateError when another directory, or none, lies at the path by now: a share that was unmounted."""
    try:
        if _directory(root.path) == root.directory:
            return
        what = "is not the folder any more that the scan began with"
    except OSError as error:
        what = f"has gone during the scan: {walk.reason(error)}"
    raise SpmigrateError(
        f"{root.path} {what}", hint="mount the share again, then run the same command: the scan goes on"
    )


def check_apart(root: Root, sources: Iterable[Source]) -> None:
    """Raise UsageProblem when the root is inside, around or the same folder as a source of another path.

    Its files would be scanned, mapped and moved twice. Links, mounts and spellings make no difference.
    """
    own, above = _identity(Path(root.path)), _identities(Path(root.path))
    for source in sources:
        if source.root == root.path:
            continue
        known = f"{source.root}, which is in the ledger as '{source.name}'"
        other = _identity(Path(source.root))
        if own is not None and own == other:
            raise UsageProblem(f"{root.path} is the same folder as {known}", hint=f"spmigrate scan run {source.root}")
        if Path(root.path).is_relative_to(source.root) or other in above:
            raise UsageProblem(
                f"{root.path} lies inside {known}", hint=f"it is scanned with: spmigrate scan run {source.root}"
            )
        if Path(source.root).is_relative_to(root.path) or own in _identities(Path(source.root)):
            raise UsageProblem(
                f"{root.path} lies around {known}",
                hint="scan the folders beside it one by one, or begin with the whole in a new working folder",
            )


def _directory(path: str) -> str:
    found = Path(path).stat()
    return f"{found.st_dev}:{found.st_ino}"


def _identity(path: Path) -> _Identity | None:
    """Device and inode; None when nothing is there, or on a file system that keeps no inodes."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_ino else None


def _identities(path: Path) -> set[_Identity]:
    """The identities of a folder and of all folders above it."""
    return {known for each in (path, *path.parents) if (known := _identity(each)) is not None}
