"""Facts about sites and their libraries: what is set, who is in the groups, and what the register says."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spmigrate.govern.registers import SITES, RegisteredSite
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
    yield fact("unfit owners", lambda found: tuple(sorted(owners(found).unfit)))
    yield fact("everyone in owners or members", lambda found: _everyone((*found.owners, *found.members)))
    yield fact("everyone in visitors", lambda found: _everyone(found.visitors))
    yield from _registered(site.address, registered, at)
    yield from _libraries(site)


@dataclass(frozen=True, slots=True)
class Owners:
    """The people who own a site, sorted: those who can answer for it, and those who must not."""

    working: frozenset[str]
    unfit: frozenset[str]


def sort_owners(
    principals: Iterable[Principal], accounts: Reading[Mapping[str, Account]], ask_group: GroupPeople
) -> Owners:
    """The owners by sign-in name. Raises Untold when accounts or a group could not be read."""
    names = {name for principal in principals for name in _names(principal, ask_group)}
    if not names:
        return Owners(frozenset(), frozenset())
    if accounts.value is None:
        raise Untold(str(accounts.trouble))
    found = [accounts.value[name] for name in names if name in accounts.value]
    unfit = {account for account in found if account.external or _SERVICE_ACCOUNT.match(account.upn)}
    working = {account for account in found if account.enabled} - unfit
    return Owners(frozenset(each.upn for each in working), frozenset(each.mail or each.upn for each in unfit))


def _names(principal: Principal, ask_group: GroupPeople) -> tuple[str, ...]:
    if principal.account is not None:
        return (principal.account,)
    if principal.directory_group is None:
        return ()
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
