"""Reading one folder of a file system: every name in it, nothing followed, nothing opened."""

import os
import stat
from collections.abc import Sequence

from spmigrate.scan import statx
from spmigrate.scan.statx import Seen, platform
from spmigrate.store.entries import Columns, Entries
from spmigrate.store.listing import Entry, join

_OPEN = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_EFFECTIVE = os.access in os.supports_effective_ids
_BY_FOLDER = os.stat in os.supports_dir_fd
_Identity = tuple[int, int] | bytes


def read(root: bytes, raw: bytes) -> tuple[Entries, int]:
    """The entries of a folder in the order of their bytes, and when the folder was modified.

    Raises OSError when the folder cannot be listed to its end: half a listing is none.
    """
    path = join(root, raw) if raw else root
    folder = os.open(path, _OPEN) if _BY_FOLDER else None
    try:
        names = os.listdir(path)  # noqa: PTH208 - pathlib has no paths of bytes
        names.sort()
        entries = _Folder(root, path, folder).entries(names)
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


class _Folder:
    """A folder whose names are being looked at. What is asked of it as a whole is asked once, and only when needed."""

    def __init__(self, root: bytes, path: bytes, opened: int | None) -> None:
        self._root = root
        self._path = path
        self._opened = opened
        self._kinds: dict[bytes, str] = {}
        self._above: set[_Identity] = set()

    def entries(self, names: Sequence[bytes]) -> Entries:
        """What is known of each name; nothing of one that went away meanwhile."""
        found = Entries()
        for raws, seen in platform.look_at_all(self._opened, names):
            texts, unreadable = _decoded(raws)
            start = 0
            for place in sorted({*seen.doubtful, *unreadable}):
                _add_files(found, texts, seen, slice(start, place))
                entry = self._entry(raws[place])
                if entry is not None:
                    found.add(entry)
                start = place + 1
            _add_files(found, texts, seen, slice(start, len(raws)))
        return found

    def _entry(self, raw: bytes) -> Entry | None:
        """What is known of one name; None when it went away."""
        name = raw.decode("utf-8", "replace")
        try:
            facts = platform.look(self._opened, raw, self._path)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._kinds = self._kinds or _kinds(self._path)
            kind = self._kinds.get(raw, "file")
            return Entry(raw, name, kind, 0, 0, None, None if kind == "folder" else reason(error))
        kind = statx.kind(facts.mode)
        if kind == "folder":
            self._above = self._above or _above(self._root, self._path)
            if _identity(join(self._path, raw)) in self._above:
                kind = "link"  # a junction on a mounted share, or a mount: what it shows is what it lies in
        closed = _closed(facts.mode, join(self._path, raw)) if kind == "file" else None
        size = facts.size if kind == "file" else 0
        return Entry(
            raw, name, kind, size, facts.modified_ns, facts.created_ns, closed, facts.attributes, facts.file_id
        )


def _decoded(raws: Sequence[bytes]) -> tuple[Sequence[str], Sequence[int]]:
    """Names as text, and the positions of those that are none."""
    try:
        text = b"\0".join(raws).decode()
    except UnicodeDecodeError:
        text = "\0".join(raw.decode("utf-8", "replace") for raw in raws)
    texts = text.split("\0")
    return texts, [place for place, name in enumerate(texts) if "\ufffd" in name] if "\ufffd" in text else ()


def _add_files(found: Entries, texts: Sequence[str], seen: Seen, part: slice) -> None:
    if part.start < part.stop:
        sizes, modified_ns, created_ns, file_ids, _ = seen
        found.add_files(Columns(texts[part], sizes[part], modified_ns[part], created_ns[part], file_ids[part]))


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
