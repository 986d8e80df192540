"""Accounts of file servers by their SIDs: which of them are everybody, and which are the server's own.

Source: Microsoft, "Security identifiers"; MS-DTYP 2.4.2.4.
"""

EVERYONE = "S-1-1-0"
OTHERS = "other"
"""Everybody with an account, where a file system has modes and no access lists."""

_BROAD = frozenset([EVERYONE, "S-1-5-2", "S-1-5-4", "S-1-5-7", "S-1-5-11", "S-1-5-15", "S-1-5-32-545",
                    "S-1-5-32-546", OTHERS])  # fmt: skip
_BROAD_OF_DOMAIN = ("-513", "-514", "-515")  # domain users, guests and computers
_ADMINISTRATORS_OF_DOMAIN = ("-500", "-512", "-518", "-519")
_SERVERS_OWN = frozenset([
    "S-1-3-0", "S-1-3-1", "S-1-3-4", "S-1-5-9", "S-1-5-10", "S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-5-32-544",
    "S-1-5-32-547", "S-1-5-32-549", "S-1-5-32-550", "S-1-5-32-551", "uid:0", "gid:0",
])  # fmt: skip
_PARTS_OF_DOMAIN = 7


def is_broad(who: str) -> bool:
    """Whether it is everybody, or nearly: Everyone, Authenticated Users, Users, Domain Users and their like."""
    return who in _BROAD or _of_domain(who, _BROAD_OF_DOMAIN)


def is_servers_own(who: str) -> bool:
    """Whether it is an account by which a file server is run: it opens nothing for people who work there."""
    return who in _SERVERS_OWN or _of_domain(who, _ADMINISTRATORS_OF_DOMAIN)


def _of_domain(who: str, endings: tuple[str, ...]) -> bool:
    return who.startswith("S-1-5-21-") and who.endswith(endings) and who.count("-") == _PARTS_OF_DOMAIN
