"""Collecting facts: asks the tenant, and turns the answers into a sheet that rules are evaluated over."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache

from spmigrate.govern import site_facts, tenant_facts
from spmigrate.govern.site_facts import GroupPeople, SiteReadings
from spmigrate.govern.site_register import SiteRegister
from spmigrate.govern.vocabulary import Subject
from spmigrate.model import Coverage, Fact, FactSheet
from spmigrate.tenant import admin, directory, libraries, memberships, policies
from spmigrate.tenant.admin import SiteEntry
from spmigrate.tenant.directory import Account
from spmigrate.tenant.reading import Reading, ask
from spmigrate.tenant.session import Tenant

SHAREPOINT = "SharePoint Sites.FullControl.All"
GRAPH_USERS = "Graph User.Read.All"
GRAPH_GROUPS = "Graph Group.Read.All"
GRAPH_SITES = "Graph Sites.Read.All"
GRAPH_POLICY = "Graph Policy.Read.All"


def collect_tenant(tenant: Tenant, *, at: str) -> FactSheet:
    """The facts about the tenant itself: two requests."""
    settings = ask(lambda: admin.read_settings(tenant), source="SPO.Tenant", needs=SHAREPOINT, at=at)
    policy = ask(
        lambda: policies.read_authorization(tenant), source="policies/authorizationPolicy", needs=GRAPH_POLICY, at=at
    )
    return tenant_facts.describe(tenant.settings.name, settings, policy)


def collect_accounts(tenant: Tenant, *, at: str) -> Reading[Mapping[str, Account]]:
    """Every account of the tenant, by sign-in name."""
    return ask(
        lambda: {account.upn: account for account in directory.list_accounts(tenant)},
        source="Graph users",
        needs=GRAPH_USERS,
        at=at,
    )


def collect_sites(
    tenant: Tenant,
    register: SiteRegister,
    accounts: Reading[Mapping[str, Account]],
    *,
    at: str,
    seen: Callable[[int, int], None] = lambda _done, _total: None,
) -> FactSheet:
    """The facts about every site and its libraries; `seen` is told how many of how many sites are read.

    Two independent lists of the sites must agree before anybody may conclude that all of them were seen.
    """
    listed = ask(lambda: admin.list_sites(tenant), source="SPO.Tenant/sites", needs=SHAREPOINT, at=at)
    counted = ask(
        lambda: admin.list_addresses_by_graph(tenant), source="Graph sites/getAllSites", needs=GRAPH_SITES, at=at
    )
    sites = listed.value or []
    registered = register.by_address()
    ask_group = _group_asker(tenant, at)
    facts: list[Fact] = []
    unread = 0
    for n, site in enumerate(sites, 1):
        readings = _read(tenant, site, at)
        unread += readings.libraries.value is None
        facts += site_facts.describe(readings, registered.get(site.address.lower()), accounts, ask_group=ask_group)
        seen(n, len(sites))
    gap = find_gap(listed, counted)
    shut = f"the libraries of {unread} of {len(sites)} sites could not be read" if unread else None
    count = len({fact.subject for fact in facts if fact.subject_kind == Subject.LIBRARY})
    coverage: dict[str, Coverage] = {
        Subject.SITE: Coverage(len(sites), gap),
        Subject.LIBRARY: Coverage(count, gap or shut),
    }
    return FactSheet(tuple(facts), coverage)


def find_gap(listed: Reading[list[SiteEntry]], counted: Reading[set[str]]) -> str | None:
    """Why the list of sites may not be whole, None when the second list has nothing that the first has not."""
    if listed.value is None:
        return listed.trouble
    if counted.value is None:
        return f"the list of sites could not be confirmed: {counted.trouble}"
    missing = sorted(counted.value - {site.address.lower() for site in listed.value})
    if missing:
        named = ", ".join(_few(missing))
        return f"the admin centre lists {len(listed.value)} sites, and Graph has others: {named}"
    return None


def _few(names: Collection[str]) -> Iterator[str]:
    for n, name in enumerate(names):
        if n == 3:
            yield f"and {len(names) - 3} more"
            return
        yield name


def _read(tenant: Tenant, site: SiteEntry, at: str) -> SiteReadings:
    return SiteReadings(
        address=site.address,
        title=site.title or site.address,
        settings=ask(lambda: admin.read_site(tenant, site.id), source="SPO.Tenant/sites", needs=SHAREPOINT, at=at),
        people=ask(
            lambda: memberships.read_people(tenant, site.url), source="the site's groups", needs=SHAREPOINT, at=at
        ),
        libraries=ask(
            lambda: libraries.list_libraries(tenant, site.url), source="the site's lists", needs=SHAREPOINT, at=at
        ),
    )


def _group_asker(tenant: Tenant, at: str) -> GroupPeople:
    """Asks for each directory group once, however many sites it owns."""

    @cache
    def ask_group(group_id: str, role: str) -> Reading[tuple[str, ...]]:
        return ask(
            lambda: memberships.read_group_people(tenant, group_id, role),
            source=f"Graph groups/{role}",
            needs=GRAPH_GROUPS,
            at=at,
        )

    return ask_group
