"""Reading one folder of a file system: every name in it, nothing followed, nothing opened."""

import os
import stat

from spmigrate.scan import statx
from spmigrate.store.listing import Entry, join

_OPEN = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_EFFECTIVE = os.access in os.supports_effective_ids
_BY_FOLDER = os.stat in os.supports_dir_fd


def read(root: bytes, raw: bytes) -> tuple[list[Entry], int]:
    """The entries of a folder in the order of their bytes, and when the folder was modified.

    Raises OSError when the folder cannot be listed to its end: half a listing is none.
    """
    path = join(root, raw) if raw else root
    folder = os.open(path, _OPEN) if _BY_FOLDER else None
    try:
        with os.scandir(path) as names:
            entries = [entry for name in names if (entry := _entry(name, folder)) is not None]
        entries.sort()
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


def _entry(found: "os.DirEntry[bytes]", folder: int | None) -> Entry | None:
    """What is known of a name; None when it went away meanwhile."""
    raw = found.name
    name = raw.decode("utf-8", "replace")
    if found.is_dir(follow_symlinks=False):
        return _folder(found, name, folder)
    try:
        mode, size, modified, created, file_id, attributes = statx.look(folder, raw, found.path)
    except FileNotFoundError:
        return None
    except OSError as error:
        kind = "link" if found.is_symlink() else "file"
        return Entry(raw, name, kind, 0, 0, None, reason(error))
    kind = statx.kind(mode)
    if kind != "file":
        return Entry(raw, name, kind, 0, modified, created, None, attributes, file_id)
    return Entry(raw, name, kind, size, modified, created, _closed(mode, found.path), attributes, file_id)


def _folder(found: "os.DirEntry[bytes]", name: str, folder: int | None) -> Entry:
    """A folder below; what cannot be asked of it now is asked again when it is listed."""
    try:
        facts = statx.look(folder, found.name, found.path)
    except OSError:
        return Entry(found.name, name, "folder", 0, 0, None, None)
    return Entry(
        found.name, name, "folder", 0, facts.modified_ns, facts.created_ns, None, facts.attributes, facts.file_id
    )


def _closed(mode: int, path: bytes) -> str | None:
    """Why a file could not be read later; asked of the system only where the mode leaves a doubt."""
    if mode & stat.S_IROTH or os.access(path, os.R_OK, effective_ids=_EFFECTIVE):
        return None
    return "permission denied"


def reason(error: OSError) -> str:
    """The operating system's reason, as one phrase."""
    return (error.strerror or str(error)).lower()
