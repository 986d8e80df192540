"""What Linux says of the Windows shares that are mounted here: whether they hide names, which no listing shows."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_PROC = Path("/proc")
_SHARES = frozenset(["cifs", "smb3"])
_ACCESS_BASED = 0x800  # SHI1005_FLAGS_ACCESS_BASED_DIRECTORY_ENUM, MS-SMB2 2.2.10
_TREE = re.compile(r"^\s*(?:\d+\)\s*)?(\\\\\S.*?) Mounts: \d+", re.MULTILINE)
_FLAGS = re.compile(r"Share Flags: 0x([0-9a-fA-F]+)")
_OCTAL = re.compile(r"\\([0-7]{3})")


def reservations(folder: str) -> tuple[str, ...]:
    """A sentence for each mounted share in which a folder lies, or which lies in it, that hides names from accounts."""
    try:
        mounts = (_PROC / "self" / "mounts").read_text("utf-8", "replace")
        hiding = _hiding((_PROC / "fs" / "cifs" / "DebugData").read_text("utf-8", "replace"))
    except OSError:
        return ()
    return tuple(
        f"The mounted share {share} leaves out of its listings what the account that mounted it may not open"
        " (access-based enumeration): there may be more than was seen. Switch that off for the share on its server, and"
        " scan again."
        for share in sorted(_shares(mounts, PurePosixPath(folder)))
        if share.casefold() in hiding
    )


def _shares(mounts: str, folder: PurePosixPath) -> set[str]:
    """The shares, as `\\\\server\\share`, that a folder lies in or holds."""
    found = set()
    above: tuple[int, str] = (-1, "")
    for device, point, kind in _mounted(mounts):
        share = "\\\\" + "\\".join(device.replace("\\", "/").strip("/").split("/")[:2]) if kind in _SHARES else ""
        if folder.is_relative_to(point):
            above = max(above, (len(point.parts), share), key=lambda each: each[0])
        elif share and point.is_relative_to(folder):
            found.add(share)
    return found | ({above[1]} if above[1] else set())


def _mounted(mounts: str) -> Iterator[tuple[str, PurePosixPath, str]]:
    for line in mounts.splitlines():
        device, point, kind, *_ = [*line.split(" "), "", "", ""]
        yield _text(device), PurePosixPath(_text(point)), kind


def _text(field: str) -> str:
    """A field of the list of mounts: blanks and backslashes are octal there."""
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), field)


def _hiding(debug: str) -> set[str]:
    """The shares that hide names, in small letters, as the kernel has them since it connected."""
    found = set()
    _, *parts = _TREE.split(debug)
    for share, said in zip(parts[::2], parts[1::2], strict=True):
        flags = _FLAGS.search(said)
        if flags and int(flags[1], 16) & _ACCESS_BASED:
            found.add(share.casefold())
    return found
