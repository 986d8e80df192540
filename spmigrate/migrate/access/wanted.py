"""Who is to see the folder of a row at its new home. Pure: decided from what its owner signed, and nothing else.

Where something cannot be told, fewer people see it, and it is said; nothing is ever opened wider than was signed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spmigrate.accounts import is_broad, is_servers_own
from spmigrate.registers.access import AccessRegister, Answer
from spmigrate.registers.user_map import UserMap
from spmigrate.store.listing import Access, Right

OWNERS, MEMBERS = "Owners", "Members"
GROUP, SID = "group:", "sid:"
FULL, CHANGE, READ = "Full Control", "Contribute", "Read"
"""Permission levels of SharePoint by their English names; `Full Control` is for the site's owners alone."""

_TEAM, _FUNCTION, _NAMED, _RESTRICTED, _PARTNER = (
    "Whole team", "Function", "Named group", "Restricted list", "Partner",
)  # fmt: skip
_LEVELS = {"full": CHANGE, "change": CHANGE, "read": READ, "special": READ}
"""What a right of a file server becomes. Source: Microsoft, "File share to OneDrive and SharePoint migration guide"
(modify to Contribute, read and execute to Read); full control over files is not control over who sees them."""
_ORDER = (READ, CHANGE, FULL)


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody and a permission level. `who` is a group of the site, `group:` and a name of Entra, a sign-in name, or
    `sid:` and a SID whom the directory is asked for."""

    who: str
    level: str


@dataclass(frozen=True, slots=True)
class Home:
    """Who sees a row's folder: those of its library (`own` is False), or exactly `grants`.

    `remarks` say what is narrower than the words of the sheet, or was left out by decision; `undecided` what keeps the
    row from moving.
    """

    own: bool = False
    grants: tuple[Grant, ...] = ()
    remarks: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What deciding rests on besides the row: decisions about entries, who is whom, and the groups of functions.

    `functions` are groups of Entra by the address of a site: everybody of the function that the site belongs to.
    """

    decisions: AccessRegister = field(default_factory=AccessRegister)
    users: UserMap = field(default_factory=UserMap)
    functions: Mapping[str, str] = field(default_factory=dict)


def decide(
    meaning: Mapping[str, Any], rules: Rules, *, site: str, place: str, fills_library: bool, access: Access | None
) -> Home:
    """Who is to see a row's folder.

    `meaning` is what its owner signed, `site` the address of the new home, `place` source and folder as people name
    them, `access` who may open the folder at the source (None: the scan did not read it). `fills_library`: the row's
    folder becomes the library itself, whose permissions belong to the site's template.
    """
    who = str(meaning.get("who") or "")
    if who in ("", _TEAM, _PARTNER):
        return Home()
    if who == _FUNCTION:
        return _function(rules.functions.get(site.casefold(), ""), fills_library=fills_library)
    named = tuple(_named(str(meaning.get("group") or "")))
    if who == _NAMED:
        found = _own(*(Grant(each, CHANGE) for each in named))
        if not named:
            return Home(own=True, undecided=("the group is not named",))
    elif who == _RESTRICTED:
        found = _own(*(Grant(each, CHANGE) for each in named)) if named else carried(access, rules, place=place)
    else:
        return Home(own=True, undecided=(f"nobody knows who '{who}' is",))
    if fills_library and not found.undecided:
        return Home(
            own=True,
            undecided=("it fills the library itself, whose permissions are its site's: let the owner name a folder",),
        )
    return found


def carried(access: Access | None, rules: Rules, *, place: str) -> Home:
    """The access list of the source as a folder of a library can have it; what it cannot have needs a decision."""
    if access is None:
        return Home(own=True, undecided=("who may open it today was not read: scan with --access folders",))
    grants: list[Grant] = [Grant(OWNERS, FULL)]
    remarks: list[str] = []
    undecided: list[str] = []
    for right in dict.fromkeys(access.rights):
        if is_servers_own(right.who):
            continue
        question = _question(right)
        names = (right.who, right.name)
        decision = rules.decisions.about(names, place)
        if question and decision is None:
            undecided.append(f"{question}: decide it in access.yaml")
        elif decision is not None and decision.do is Answer.STOP:
            undecided.append(f"{_shown(right)}: {decision.decided_by} decided that it stays: {decision.reason}")
        elif decision is not None and decision.do is Answer.GIVE_TO and decision.give_to:
            grants.append(Grant(decision.give_to, _LEVELS[right.level]))
            remarks.append(f"{decision.give_to} in place of {_shown(right)}: {decision.reason}")
        elif decision is not None:
            remarks.append(f"{_shown(right)} is left out: {decision.reason}")
        else:
            grants.append(Grant(_grantee(right, rules.users), _LEVELS[right.level]))
    return Home(own=True, grants=_highest(grants), remarks=tuple(remarks), undecided=tuple(undecided))


def _function(group: str, *, fills_library: bool) -> Home:
    if not group:
        return Home(remarks=("the team alone will see it: organisation.yaml names no group for its function",))
    if fills_library:
        return Home(remarks=("the team alone will see it: it fills the library, whose permissions are its site's",))
    return _own(Grant(MEMBERS, CHANGE), Grant(group, READ))


def _own(*grants: Grant) -> Home:
    return Home(own=True, grants=_highest([Grant(OWNERS, FULL), *grants]))


def _named(text: str) -> Iterator[str]:
    """The people and groups of a cell, as grants name them."""
    for each in re.split("[;,\n]", text):
        word = " ".join(each.split())
        if word:
            yield word.casefold() if "@" in word else GROUP + word.removeprefix(GROUP).strip()


def _question(right: Right) -> str:
    """Why an entry needs a decision; empty when it does not."""
    if not right.allows:
        return f"{_shown(right)} is denied access, and a library denies nobody"
    if is_broad(right.who):
        return f"{_shown(right)} is everybody"
    if not right.name:
        return f"{right.who} is an account that nobody knows any more"
    return ""


def _grantee(right: Right, users: UserMap) -> str:
    mapped = users.find((right.who, right.name))
    if mapped is None:
        return SID + right.who
    return GROUP + mapped.login if mapped.group else mapped.login.casefold()


def _highest(grants: list[Grant]) -> tuple[Grant, ...]:
    """Each once, with the highest level of those that it was given, in order of their names."""
    best: dict[str, str] = {}
    for each in grants:
        best[each.who] = max(best.get(each.who, READ), each.level, key=_ORDER.index)
    return tuple(Grant(who, best[who]) for who in sorted(best, key=lambda who: (who != OWNERS, who.casefold())))


def _shown(right: Right) -> str:
    return right.name or right.who
