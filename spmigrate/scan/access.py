"""Who may open what: access lists of Windows and of POSIX as one form, and what they mean for a move. Pure.

A library has no deny entries and knows nobody whom the directory does not know. So a deny entry that is not carried
widens access, an entry for a deleted account opens nothing for anybody, and a group of everybody becomes visible in
search from the first day.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping

from spmigrate.accounts import EVERYONE, is_broad
from spmigrate.limits import MOST_ENTRIES
from spmigrate.store.listing import Access, Right

Look = Callable[[Iterable[str]], Mapping[str, tuple[str, str]]]
"""Names and kinds of SIDs; an empty name for those nobody knows, nothing for those that nobody could be asked for."""

_FULL = 0x1F01FF
_READ_DATA, _WRITE_DATA, _APPEND, _DELETE = 0x1, 0x2, 0x4, 0x10000
_WRITE = _WRITE_DATA | _APPEND
_GENERIC = ((0x10000000, _FULL), (0x80000000, 0x120089), (0x40000000, 0x120116), (0x20000000, 0x1200A0))
_DACL_PRESENT, _DACL_PROTECTED = 0x0004, 0x1000
_INHERITED, _OBJECT = 0x10, (0x5, 0x6, 0xB, 0xC)
_ALLOWS, _DENIES, _CONDITIONAL = (0x0, 0x5, 0x9, 0xB), (0x1, 0x6, 0xA, 0xC), (0x9, 0xA, 0xB, 0xC)
_PLACEHOLDERS = ("S-1-3-0", "S-1-3-1")
"""Creator owner and creator group: they stand for whoever makes something, and open nothing by themselves."""

_WELL_KNOWN = {
    EVERYONE: ("Everyone", "group"),
    "S-1-2-0": ("LOCAL", "group"),
    "S-1-3-4": ("OWNER RIGHTS", "group"),
    "S-1-5-2": ("NETWORK", "group"),
    "S-1-5-4": ("INTERACTIVE", "group"),
    "S-1-5-7": ("ANONYMOUS LOGON", "user"),
    "S-1-5-9": ("ENTERPRISE DOMAIN CONTROLLERS", "group"),
    "S-1-5-10": ("SELF", "user"),
    "S-1-5-11": ("Authenticated Users", "group"),
    "S-1-5-15": ("This Organization", "group"),
    "S-1-5-18": ("SYSTEM", "user"),
    "S-1-5-19": ("LOCAL SERVICE", "user"),
    "S-1-5-20": ("NETWORK SERVICE", "user"),
    "S-1-5-32-544": ("Administrators", "group"),
    "S-1-5-32-545": ("Users", "group"),
    "S-1-5-32-546": ("Guests", "group"),
    "S-1-5-32-547": ("Power Users", "group"),
    "S-1-5-32-549": ("Server Operators", "group"),
    "S-1-5-32-550": ("Print Operators", "group"),
    "S-1-5-32-551": ("Backup Operators", "group"),
}


def of_descriptor(descriptor: bytes, look: Look) -> Access:
    """The access that a security descriptor gives (MS-DTYP 2.4.6, self-relative). Raises ValueError when malformed."""
    try:
        revision, control, owner_at, _, _, list_at = struct.unpack_from("<BxHIIII", descriptor)
        if revision != 1:
            raise ValueError("the access list is of an unknown revision")
        owner = _sid(descriptor, owner_at) if owner_at else ""
        entries = list(_entries(descriptor, list_at)) if control & _DACL_PRESENT and list_at else None
    except (struct.error, IndexError):
        raise ValueError("the access list is cut off") from None
    inherits = not control & _DACL_PROTECTED
    if entries is None:
        everyone = Right(EVERYONE, "Everyone", "group", allows=True, level="full", inherited=False)
        return Access(owner, inherits, (everyone,))
    known = look({who for who, *_ in entries if who not in _WELL_KNOWN})
    rights = (_right(entry, known) for entry in entries if entry[0] not in _PLACEHOLDERS)
    return Access(owner, inherits, tuple(dict.fromkeys(rights)))


def level(mask: int, *, allows: bool) -> str:
    """What an access mask amounts to: full, change, read or special.

    For a deny entry it is what is taken away: full for everything, read where not even reading is left, change where
    writing alone is.
    """
    for bit, means in _GENERIC:
        mask |= means if mask & bit else 0
    if mask & _FULL == _FULL:
        return "full"
    if allows:
        if not mask & _READ_DATA:
            return "special"
        return "change" if mask & _WRITE == _WRITE else "special" if mask & (_WRITE | _DELETE) else "read"
    if mask & _READ_DATA:
        return "read"
    return "change" if mask & _WRITE else "special"


def findings(access: Access, *, top: bool) -> list[tuple[str, str]]:
    """What should be known of an access list before a move: codes with messages, deny entries first.

    What a folder inherits is said where it comes from: at the `top` of a source, inherited entries count as its own.
    """
    own = [right for right in access.rights if top or not right.inherited]
    named = {right.who for right in own if right.allows}
    many = len(named) > MOST_ENTRIES
    return [
        *(("ACL-DENY", _deny(right)) for right in own if not right.allows),
        *(("ACL-ORPHAN", _orphan(right)) for right in own if not right.name),
        *(("ACL-BROAD", _broad(right)) for right in own if right.allows and is_broad(right.who)),
        *(("ACL-ENTRIES", f"Its access list names {len(named):,} people and groups.") for _ in range(many)),
        *(("ACL-UNIQUE", _unique(access, own)) for _ in range(not top and (not access.inherits or bool(own)))),
    ]


def _shown(right: Right) -> str:
    return right.name or right.who


def _deny(right: Right) -> str:
    lost = {"full": "everything", "read": "reading", "change": "changing"}.get(right.level, "some of it")
    return (
        f"{_shown(right)} is denied {lost} here. SharePoint has no deny entries: unless they are left out there by"
        " another way, they will see it."
    )


def _orphan(right: Right) -> str:
    verb = "allows" if right.allows else "denies"
    return f"An entry {verb} an account that nobody knows any more ({right.who}); it cannot be carried."


def _broad(right: Right) -> str:
    may = {"full": "do everything", "change": "read and change", "read": "read"}.get(right.level, "do some things")
    return f"{_shown(right)} may {may} here: in SharePoint it would come up in everybody's search."


def _unique(access: Access, own: list[Right]) -> str:
    if access.inherits:
        return f"It adds {len(own)} {'entry' if len(own) == 1 else 'entries'} of its own to what it inherits."
    return "It inherits nothing: its access list is its own."


_Entry = tuple[str, int, int, int]
"""SID, type, flags, mask."""


def _entries(descriptor: bytes, start: int) -> Iterator[_Entry]:
    _, size, count = struct.unpack_from("<BxHHxx", descriptor, start)
    at, end = start + 8, min(start + size, len(descriptor))
    for _ in range(count):
        kind, flags, length = struct.unpack_from("<BBH", descriptor, at)
        if length < 8 or at + length > end:
            raise ValueError("the access list is cut off")
        if kind in _ALLOWS or kind in _DENIES:
            mask = struct.unpack_from("<I", descriptor, at + 4)[0]
            yield _sid(descriptor, at + 8 + _extra(descriptor, at, kind)), kind, flags, mask
        at += length


def _extra(descriptor: bytes, at: int, kind: int) -> int:
    """Bytes between mask and SID of an entry about kinds of objects (MS-DTYP 2.4.4.3)."""
    if kind not in _OBJECT:
        return 0
    flags = struct.unpack_from("<I", descriptor, at + 8)[0]
    return int(4 + 16 * bool(flags & 1) + 16 * bool(flags & 2))


def _sid(descriptor: bytes, at: int) -> str:
    revision, count = struct.unpack_from("<BB", descriptor, at)
    authority = int.from_bytes(descriptor[at + 2 : at + 8], "big")
    parts = struct.unpack_from(f"<{count}I", descriptor, at + 8)
    return "-".join(("S", str(revision), str(authority), *map(str, parts)))


def _right(entry: _Entry, known: Mapping[str, tuple[str, str]]) -> Right:
    who, kind, flags, mask = entry
    # A SID that nobody could be asked for is no orphan: it keeps itself for a name.
    name, of = _WELL_KNOWN.get(who) or known.get(who, (who, "unknown"))
    allows = kind in _ALLOWS
    amount = "special" if kind in _CONDITIONAL else level(mask, allows=allows)
    return Right(who, name, of, allows, amount, inherited=bool(flags & _INHERITED))
