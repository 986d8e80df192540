"""Facts about sites and their libraries: what is set, who is in the groups, and what the register says."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from spmigrate.govern.site_register import FILE as SITES
from spmigrate.govern.site_register import RegisteredSite
from spmigrate.govern.tenant_facts import sharing, word
from spmigrate.govern.vocabulary import Subject
from spmigrate.model import Fact, FactValue
from spmigrate.tenant.directory import Account
from spmigrate.tenant.libraries import LibrarySettings
from spmigrate.tenant.memberships import Principal, SitePeople
from spmigrate.tenant.reading import Reading, Untold

_LOCKS = {"Unlock": "unlocked", "NoAdditions": "no additions", "ReadOnly": "read only", "NoAccess": "no access"}
# DenyAddAndCustomizePages, a double negative: 1 is disabled, so scripts are allowed.
_CUSTOM_SCRIPT = {1: "yes", 2: "no"}
_SERVICE_ACCOUNT = re.compile(r"(svc|sa|app|robot)[._-]", re.IGNORECASE)

GroupPeople = Callable[[str, str], Reading[tuple[str, ...]]]
"""Asks for the sign-in names of a directory group's owners or members."""


@dataclass(frozen=True, slots=True)
class SiteReadings:
    """Everything that was asked about one site. `address` is what follows the host name."""

    address: str
    title: str
    settings: Reading[dict[str, Any]]
    people: Reading[SitePeople]
    libraries: Reading[list[LibrarySettings]]


def describe(
    site: SiteReadings,
    registered: RegisteredSite | None,
    accounts: Reading[Mapping[str, Account]],
    *,
    ask_group: GroupPeople,
) -> Iterator[Fact]:
    """The facts about a site and its libraries; `accounts` are those of the tenant, by sign-in name."""
    settings, people, at = site.settings, site.people, site.settings.at

    def owners(found: SitePeople) -> "Owners":
        return sort_owners(found.owners, accounts, ask_group)

    def fact(name: str, look: Callable[[SitePeople], FactValue]) -> Fact:
        return people.fact(Subject.SITE, site.address, name, look)

    yield Fact(Subject.SITE, site.address, "title", site.title, settings.source, at)
    yield settings.fact(Subject.SITE, site.address, "sharing", sharing)
    yield settings.fact(Subject.SITE, site.address, "lock", lambda it: word(it, "LockState", _LOCKS))
    yield settings.fact(
        Subject.SITE,
        site.address,
        "custom script allowed",
        lambda it: word(it, "DenyAddAndCustomizePages", _CUSTOM_SCRIPT) == "yes",
    )
    yield fact("working owners", lambda found: len(owners(found).working))
    yield fact("unfit owners", lambda found: _unfit(owners(found)))
    yield fact("everyone able to change", lambda found: _everyone(found.changing))
    yield fact("everyone able to read", lambda found: _everyone(found.reading))
    yield from _registered(site.address, registered, at)
    yield from _libraries(site)


@dataclass(frozen=True, slots=True)
class Owners:
    """The people who own a site, sorted: those who can answer for it, those who must not, and those nobody knows."""

    working: frozenset[str]
    unfit: frozenset[str]
    strange: frozenset[str]


def sort_owners(
    principals: Iterable[Principal], accounts: Reading[Mapping[str, Account]], ask_group: GroupPeople
) -> Owners:
    """The owners by sign-in name. Raises Untold when accounts or a group could not be read, or a claim is not known.

    A claim for everyone is left out: it owns nothing in person, and what it may change is a fact of its own.
    """
    people = [principal for principal in principals if not principal.everyone]
    names = {name for principal in people for name in _names(principal, ask_group)}
    if not names:
        return Owners(frozenset(), frozenset(), frozenset())
    if accounts.value is None:
        raise Untold(str(accounts.trouble))
    found = [accounts.value[name] for name in names if name in accounts.value]
    absent = {name for name in names if name not in accounts.value}
    outside = {name for name in absent if _from_outside(name)}
    unfit = {account for account in found if account.external or _SERVICE_ACCOUNT.match(account.upn)}
    # The accounts are all there are, so a name without one is nobody who works here, whoever it was.
    working = {account for account in found if account.enabled} - unfit
    return Owners(
        frozenset(each.upn for each in working),
        frozenset(each.mail or each.upn for each in unfit) | outside,
        frozenset(absent - outside),
    )


def _unfit(owners: Owners) -> tuple[str, ...]:
    if owners.strange:
        named = ", ".join(sorted(owners.strange))
        raise Untold(f"the directory has no account of these owners: {named}; take them out of the owners group")
    return tuple(sorted(owners.unfit))


def _from_outside(login: str) -> bool:
    """Whether a login name is that of a guest, of the directory or of SharePoint alone."""
    plain = unquote(login).lower()
    return "#ext#" in plain or "urn:spo:guest" in plain


def _names(principal: Principal, ask_group: GroupPeople) -> tuple[str, ...]:
    if principal.account is not None:
        return (principal.account,)
    if principal.directory_group is None:
        if _from_outside(principal.login):
            return (principal.login,)
        raise Untold(f"'{principal.login}' is an owner that this version does not understand")
    people = ask_group(*principal.directory_group)
    if people.value is None:
        raise Untold(str(people.trouble))
    return people.value


def _everyone(principals: Iterable[Principal]) -> tuple[str, ...]:
    return tuple(sorted({each.name or each.login for each in principals if each.everyone}))


def _registered(address: str, site: RegisteredSite | None, at: str) -> Iterator[Fact]:
    def fact(name: str, value: FactValue) -> Fact:
        return Fact(Subject.SITE, address, name, value, SITES, at)

    yield fact("on the register", site is not None)
    if site is None:
        # Nobody has said; and for a site that nobody registered that is a finding of its own, not a gap.
        yield from (fact(name, None) for name in ("kind", "marking", "review by", "DPIA reference"))
        return
    yield fact("kind", site.kind)
    yield fact("marking", site.marking)
    yield fact("review by", site.review_by.isoformat())
    yield fact("DPIA reference", site.dpia_reference)


def _libraries(site: SiteReadings) -> Iterator[Fact]:
    def fact(library: LibrarySettings, name: str, value: FactValue) -> Fact:
        return Fact(Subject.LIBRARY, library.address, name, value, site.libraries.source, site.libraries.at)

    for library in site.libraries.value or ():
        yield fact(library, "versioning", library.versioning)
        yield fact(library, "versions kept", library.versions_kept)
