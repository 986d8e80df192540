"""Reading one folder of a file system: every name in it, nothing followed, nothing opened."""

import os
import stat
from collections.abc import Iterator, Sequence

from spmigrate.scan import statx
from spmigrate.scan.packed import PackedEntries
from spmigrate.store.listing import Entry, join

_OPEN = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_EFFECTIVE = os.access in os.supports_effective_ids
_OPEN_FILE = stat.S_IFREG | stat.S_IROTH
_NO_FILE = stat.S_IFMT(0o170000) & ~stat.S_IFREG
"""The bits of a mode that a regular file that anybody may read has, and those of a type that it has not."""
_ENORMOUS = 10_000
"""Names in a folder from which they are packed: memory stays flat, at some cost of time."""
_BY_FOLDER = os.stat in os.supports_dir_fd
_Identity = tuple[int, int] | bytes


def read(root: bytes, raw: bytes) -> tuple[Sequence[Entry], int]:
    """The entries of a folder in the order of their bytes, and when the folder was modified.

    Raises OSError when the folder cannot be listed to its end: half a listing is none.
    """
    path = join(root, raw) if raw else root
    folder = os.open(path, _OPEN) if _BY_FOLDER else None
    try:
        with os.scandir(path) as found:
            names = sorted([each.name for each in found])
        found_entries = _entries(root, path, folder, names)
        entries = list(found_entries) if len(names) < _ENORMOUS else PackedEntries(found_entries)
        return entries, (os.lstat(path) if folder is None else os.fstat(folder)).st_mtime_ns
    finally:
        if folder is not None:
            os.close(folder)


def has_left(root: bytes, raw: bytes) -> bool:
    """Whether a folder that was found and is not there now was surely taken away.

    The nearest folder above it that is there must list other names and not this one. An empty one may be the place
    where a share was mounted; and a name that is listed yet cannot be opened, as one that ends in a full stop on a
    Windows share, is there. Raises OSError when a folder above cannot be listed.
    """
    above, _, name = raw.rpartition(b"/")
    try:
        with os.scandir(join(root, above) if above else root) as found:
            names = {each.name for each in found}
    except FileNotFoundError:
        if not above:
            raise
        return has_left(root, above)
    return bool(names) and name not in names


def _entries(root: bytes, path: bytes, folder: int | None, names: list[bytes]) -> Iterator[Entry]:
    """What is known of each name; nothing of one that went away meanwhile. Written for speed: one turn a file."""
    look, new = statx.look, tuple.__new__
    kinds: dict[bytes, str] = {}
    above: set[_Identity] = set()
    for raw in names:
        name = raw.decode("utf-8", "replace")
        try:
            mode, size, modified, created, file_id, attributes = look(folder, raw, path)
        except FileNotFoundError:
            continue
        except OSError as error:
            kinds = kinds or _kinds(path)
            kind = kinds.get(raw, "file")
            yield Entry(raw, name, kind, 0, 0, None, None if kind == "folder" else reason(error))
            continue
        if mode & _OPEN_FILE == _OPEN_FILE and not mode & _NO_FILE:
            yield new(Entry, (raw, name, "file", size, modified, created, None, attributes, file_id))
            continue
        kind = statx.kind(mode)
        if kind == "folder":
            above = above or _above(root, path)
            if _identity(join(path, raw)) in above:
                kind = "link"  # a junction on a mounted share, or a mount: what it shows is what it lies in
        closed = _closed(mode, join(path, raw)) if kind == "file" else None
        yield Entry(raw, name, kind, size if kind == "file" else 0, modified, created, closed, attributes, file_id)


def _above(root: bytes, path: bytes) -> set[_Identity]:
    """The folder itself and those that it lies in, up to the root of the scan."""
    found = {_identity(path)}
    while len(path) > len(root):
        path = path.rpartition(b"/")[0] or b"/"
        found.add(_identity(path))
    return found


def _identity(path: bytes) -> _Identity:
    """What a folder is known by whatever its name. One that cannot be looked at is like no other."""
    try:
        found = os.lstat(path)
    except OSError:
        return path
    return (found.st_dev, found.st_ino) if found.st_ino else path


def _kinds(path: bytes) -> dict[bytes, str]:
    """What a folder says of the names in it, which is all there is to know where they may not be looked at."""
    with os.scandir(path) as names:
        return {
            each.name: "folder" if each.is_dir(follow_symlinks=False) else "link" if each.is_symlink() else "file"
            for each in names
        }


def _closed(mode: int, path: bytes) -> str | None:
    """Why a file could not be read later; asked of the system only where the mode leaves a doubt."""
    if mode & stat.S_IROTH or os.access(path, os.R_OK, effective_ids=_EFFECTIVE):
        return None
    return "permission denied"


def reason(error: OSError) -> str:
    """The operating system's reason, as one phrase."""
    return (error.strerror or str(error)).lower()
