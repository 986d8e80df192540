"""Sources told apart: no file belongs to two of them."""

from collections.abc import Callable, Iterable
from pathlib import Path

from spmigrate.errors import UsageProblem
from spmigrate.scan.place import Place
from spmigrate.store.inventory import Source

_Identity = tuple[int, int]
_Relation = Callable[[str], str]


def check_apart(place: Place, sources: Iterable[Source]) -> None:
    """Raise UsageProblem when the place is inside, around or the same as a source of another path.

    Its files would be scanned, mapped and moved twice. Links, mounts and spellings make no difference.
    """
    others = [each for each in sources if each.kind == place.kind and each.root != place.path]
    relation = _folder_relation(place.path) if place.kind == "folder" else _address_relation(place.path)
    for source in others:
        known = f"{source.root}, which is in the ledger as '{source.name}'"
        match relation(source.root):
            case "same":
                raise UsageProblem(
                    f"{place.path} is the same folder as {known}", hint=f"spmigrate scan run {source.root}"
                )
            case "inside":
                raise UsageProblem(
                    f"{place.path} lies inside {known}", hint=f"it is scanned with: spmigrate scan run {source.root}"
                )
            case "around":
                raise UsageProblem(
                    f"{place.path} lies around {known}",
                    hint="scan the folders beside it one by one, or begin with the whole in a new working folder",
                )


def _folder_relation(path: str) -> _Relation:
    own, above = _identity(Path(path)), _identities(Path(path))

    def relation(root: str) -> str:
        other = _identity(Path(root))
        if own is not None and own == other:
            return "same"
        if Path(path).is_relative_to(root) or other in above:
            return "inside"
        around = Path(root).is_relative_to(path) or own in _identities(Path(root))
        return "around" if around else "apart"

    return relation


def _address_relation(path: str) -> _Relation:
    """Addresses of shares and sites, whose names have no case."""
    own = path.rstrip("/").casefold()

    def relation(root: str) -> str:
        other = root.rstrip("/").casefold()
        if own == other:
            return "same"
        if own.startswith(other + "/"):
            return "inside"
        return "around" if other.startswith(own + "/") else "apart"

    return relation


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
