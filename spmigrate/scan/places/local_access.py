"""Who may open a folder or file of this machine: the server's own list where a mount shows it, else modes."""

import os
import sys
from collections.abc import Mapping
from functools import lru_cache

from spmigrate.scan import access as rights
from spmigrate.scan import modes
from spmigrate.scan.modes import Modes
from spmigrate.store.listing import Access

_OF_THE_SERVER = "system.cifs_ntsd"
"""Owner, group and access list of a file on a CIFS mount, as the server sends them."""
_OF_POSIX = "system.posix_acl_access"


def read(path: bytes, above: bytes | None, *, sids: Mapping[str, tuple[str, str]]) -> Access | None:
    """The access to a path; `above` is the folder that holds it, None for the root of a source.

    `sids` has the names of accounts of a Windows domain, which a mount does not tell. None on systems that
    tell it in other ways. Raises OSError and ValueError.
    """
    if sys.platform != "linux":
        return None
    descriptor = _attribute(path, _OF_THE_SERVER)
    if descriptor:
        return rights.of_descriptor(descriptor, lambda wanted: {sid: sids[sid] for sid in wanted if sid in sids})
    return modes.of_modes(_modes(path), None if above is None else _modes(above), _name)


def _modes(path: bytes) -> Modes:
    found = os.lstat(path)
    return Modes(found.st_uid, found.st_gid, found.st_mode & 0o777, _attribute(path, _OF_POSIX))


def _attribute(path: bytes, name: str) -> bytes:
    try:
        return os.getxattr(path, name, follow_symlinks=False)
    except OSError:
        return b""  # most files have none, and most file systems cannot have any


@lru_cache(4096)
def _name(who: str) -> str:
    import grp
    import pwd

    kind, _, number = who.partition(":")
    try:
        return pwd.getpwuid(int(number)).pw_name if kind == "uid" else grp.getgrgid(int(number)).gr_name
    except KeyError:
        return ""
