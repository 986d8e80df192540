"""Access by the modes and access lists of POSIX, in the same form as a Windows server's. Pure.

POSIX looks at the owner first, then at named users, then at the groups, then at all others, and stops where somebody
is named. Whoever is named with less than all others have is therefore denied the difference. POSIX inherits nothing: a
folder whose owner, group, mode and list are those of the folder above is taken to inherit.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from spmigrate.accounts import OTHERS
from spmigrate.store.listing import Access, Right

_ENTRY = struct.Struct("<HHI")
_USER, _OWNING_GROUP, _GROUP, _MASK = 0x02, 0x04, 0x08, 0x10
_READ, _WRITE, _ENTER = 4, 2, 1

Look = Callable[[str], str]
"""The name of a `uid:` or `gid:`, empty when nobody has it any more."""


@dataclass(frozen=True, slots=True)
class Modes:
    """What a file system keeps: numbers, the mode's nine bits, and the list of `system.posix_acl_access`, if any."""

    owner: int
    group: int
    mode: int
    acl: bytes = b""


def of_modes(modes: Modes, above: Modes | None, look: Look) -> Access:
    """The access that modes give, to a folder or file below one with the modes `above`. Raises ValueError."""
    inherits = above is not None and (above.owner, above.group, above.mode & 0o777, above.acl) == (
        modes.owner, modes.group, modes.mode & 0o777, modes.acl,
    )  # fmt: skip
    others = modes.mode & 7
    named = [(f"uid:{modes.owner}", "user", modes.mode >> 6 & 7), *_named(modes)]
    rights = [
        Right(who, look(who), kind, False, denied, inherits)
        for who, kind, bits in named
        if (denied := _denied(others & ~bits)) is not None
    ]
    granted = [(who, look(who), kind, bits) for who, kind, bits in named]
    granted.append((OTHERS, "everyone with an account here", "group", others))
    rights += [
        Right(who, name, kind, True, _level(bits, owner=who == named[0][0]), inherits)
        for who, name, kind, bits in granted
        if bits
    ]
    return Access(named[0][0], inherits, tuple(dict.fromkeys(rights)))


def _named(modes: Modes) -> list[tuple[str, str, int]]:
    """Users and groups with the bits that are left to them by the mask."""
    if not modes.acl:
        return [(f"gid:{modes.group}", "group", modes.mode >> 3 & 7)]
    if len(modes.acl) % 8 != 4 or modes.acl[:4] != b"\2\0\0\0":
        raise ValueError("the access list is of an unknown version")
    entries = list(_ENTRY.iter_unpack(modes.acl[4:]))
    mask = next((bits for tag, bits, _ in entries if tag == _MASK), 7)
    found = []
    for tag, bits, number in entries:
        if tag == _USER:
            found.append((f"uid:{number}", "user", bits & mask))
        elif tag == _GROUP:
            found.append((f"gid:{number}", "group", bits & mask))
        elif tag == _OWNING_GROUP:
            found.append((f"gid:{modes.group}", "group", bits & mask))
    return found


def _level(bits: int, *, owner: bool) -> str:
    if not bits & _READ:
        return "special"
    if not bits & _WRITE:
        return "read"
    return "full" if owner else "change"


def _denied(bits: int) -> str | None:
    if bits & _READ:
        return "read"
    if bits & _WRITE:
        return "change"
    return "special" if bits & _ENTER else None
