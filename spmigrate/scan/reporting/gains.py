"""What a move does to who may open a folder or a file, against its new home. Pure.

Permissions are not carried. A library has members, who all see the same, and no deny entries; so a deny entry that is
lost widens access, and so does a folder that fewer people may open than the one above it.
"""

from dataclasses import dataclass

from spmigrate.accounts import is_broad
from spmigrate.scan.reporting.homes import Home
from spmigrate.store.listing import Access, Right
from spmigrate.store.profile_access import OwnAccess

_MACHINE = frozenset(
    ["S-1-3-0", "S-1-3-1", "S-1-3-4", "S-1-5-9", "S-1-5-10", "S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-5-32-544",
     "S-1-5-32-549", "S-1-5-32-551", "uid:0", "gid:0"]
)  # fmt: skip
"""Who keeps the server going, and placeholders: nobody who would miss a folder."""

_TOLD = ("Named group", "Restricted list")
"""Answers that say exactly who sees a folder: those who may open the folder above do not come with it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the move does to one folder: who is denied, who else gains, who loses; and what is odd about its list."""

    folder: OwnAccess
    home: Home | None
    denied: tuple[Right, ...] = ()
    gain: tuple[Right, ...] = ()
    lose: tuple[Right, ...] = ()
    broad: tuple[Right, ...] = ()
    orphans: tuple[Right, ...] = ()

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """Deny entries first, then who else gains, then who loses."""
        return -len(self.denied), -len(self.gain), -len(self.broad), -len(self.lose), self.folder.path


def is_orphan(right: Right) -> bool:
    """Whether an account does not resolve any more."""
    return not right.name and not is_broad(right.who)


def exchange(folder: OwnAccess, home: Home | None) -> Exchange:
    """What the move would do to a folder. One that stays where it is changes for nobody.

    At the top of a source, and of a row, all its entries count: there they meet a library with members of its own.
    """
    here, above = _allowed(folder.access), _allowed(folder.above)
    orphans = tuple(right for right in folder.access.rights if is_orphan(right) and not right.inherited)
    if home is not None and not home.moves:
        return Exchange(folder, home, orphans=orphans)
    starts = home is not None and home.path == folder.path
    denied = tuple(right for right in folder.access.rights if not right.allows and (starts or is_own(folder, right)))
    gone = {right.who for right in denied}
    told = home is not None and starts and home.who in _TOLD
    narrower = tuple(
        right for who, right in above.items() if not (told or who in here or who in gone or is_orphan(right))
    )
    extra = tuple(
        right
        for who, right in here.items()
        if (starts or who not in above) and not is_broad(who) and not is_orphan(right)
    )
    broad = tuple(right for who, right in here.items() if is_broad(who) and (starts or is_own(folder, right)))
    return Exchange(folder, home, denied, narrower, extra, broad, orphans)


def is_own(folder: OwnAccess, right: Right) -> bool:
    """Whether a right is the folder's own: at the top of a source every right is."""
    return not right.inherited or folder.above is None


def _allowed(access: Access | None) -> dict[str, Right]:
    """Who may open a folder, by account; who is denied anywhere in the list is not."""
    if access is None:
        return {}
    denied = {right.who for right in access.rights if not right.allows and right.level != "special"}
    silent = denied | _MACHINE
    return {right.who: right for right in access.rights if right.allows and right.who not in silent}
