"""What a drive is called by the people who use it: `G:`, and the folders below which a source lies. Pure."""

import re
from collections.abc import Mapping

_SMB = re.compile(r"^smb:(?=//)", re.IGNORECASE)
_PORT = re.compile(r"^(//[^/]+?):\d+(?=/|$)")


def known_as(root: str, drives: Mapping[str, str], shares: Mapping[str, str]) -> str:
    """`G: > Placements` for the root of a source; empty where no letter leads to it.

    `drives` says what a letter stands for, `shares` where a share was scanned: both from spmigrate.yaml. Of several
    letters that lead there the one that leads closest counts.
    """
    wanted = _plain(root)
    found: list[tuple[int, str]] = []
    for letter, target in drives.items():
        for place in _places(target, shares):
            below = _below(wanted, place)
            if below is not None:
                names = root.replace("\\", "/").rstrip("/").split("/")[-len(below) :] if below else []
                found.append((len(below), " > ".join([f"{letter.rstrip(':').upper()}:", *names])))
    return min(found, default=(0, ""))[1]


def _places(target: str, shares: Mapping[str, str]) -> list[str]:
    """The share that a letter stands for, and where it was scanned."""
    place = _plain(target)
    found = [place]
    for share, root in shares.items():
        rest = _below(place, _plain(share))
        if rest is not None:
            found.append("/".join([_plain(root), *rest]))
    return found


def _below(path: str, place: str) -> list[str] | None:
    """The names between a place and a path in it, None when it is elsewhere."""
    if path == place:
        return []
    return path[len(place) + 1 :].split("/") if path.startswith(f"{place}/") else None


def _plain(path: str) -> str:
    """A path in one form: slashes, no port, no capitals, as file servers compare."""
    return _PORT.sub(r"\1", _SMB.sub("", path).replace("\\", "/")).rstrip("/").casefold()
