"""Planning and applying sites on a tenant: read, compare, and write what was shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from spmigrate.errors import Problem
from spmigrate.plan import apply
from spmigrate.plan.change import Action, Change, Plan, join
from spmigrate.provision.diff import compare
from spmigrate.provision.preflight import obstacles
from spmigrate.provision.resolve import DesiredSite
from spmigrate.store.ledger import Ledger
from spmigrate.store.sites import AppliedSite, record
from spmigrate.tenant import sites
from spmigrate.tenant.contents import Kind, SiteContents
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site_creation import wait_until_ready
from spmigrate.tenant.site_writing import SiteWriter

READERS = 4
"""How many sites are read at once: enough to wait for one answer only, and far below the limits for one app."""

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, every site as it was found while planning, and what would make a change fail."""

    plan: Plan
    found: Mapping[str, SiteContents | None]
    obstacles: tuple[Problem, ...] = ()


def plan_sites(tenant: Tenant, desired: Sequence[DesiredSite], *, watch: Callable[[str], None]) -> Planned:
    """What would be done to these sites, in their order. `watch` is told each address before it is read, by threads."""
    hubs = sites.hub_addresses(tenant)

    def look(address: str) -> SiteContents | None:
        watch(address)
        return sites.read(tenant, address, hubs)

    addresses = [site.address for site in desired]
    with ThreadPoolExecutor(READERS) as threads:
        found = dict(zip(addresses, threads.map(look, addresses), strict=True))
    plan = join(compare(site, found[site.address]) for site in desired)
    return Planned(plan, found, tuple(obstacles(tenant, plan, hubs.values())))


def record_site(ledger: Ledger, site: DesiredSite, *, url: str, site_id: str) -> None:
    """Keep that a site needs nothing more: it is as its template says."""
    record(ledger, AppliedSite(site.address, site.title, url, site_id, site.template, site.version))


def apply_site(tenant: Tenant, ledger: Ledger, site: DesiredSite, plan: Plan, *, sleep: Sleep) -> Iterator[apply.Step]:
    """Bring one site to what the plan shows: compare again, refuse surprises, write, and record the site.

    Raises StalePlan when the site now needs something that the plan does not show.
    """
    actual = _ready(tenant, site.address, sleep)
    fresh = compare(site, actual).changes
    apply.confirm(plan, site.address, fresh)
    writer = SiteWriter(tenant, site.address, sleep=sleep)
    clean = True
    for step in apply.run(plan.id, fresh, ledger=ledger, write=lambda change: _write(writer, change)):
        clean = clean and not step.trouble
        yield step
    if clean:
        url, site_id = (actual.url, actual.site_id) if actual else sites.locate(tenant, site.address)
        record_site(ledger, site, url=url, site_id=site_id)


def _ready(tenant: Tenant, address: str, sleep: Sleep) -> SiteContents | None:
    """The site as it is, once SharePoint has furnished it."""
    hubs = sites.hub_addresses(tenant)
    found = sites.read(tenant, address, hubs)
    if found is None or found.ready:
        return found
    wait_until_ready(tenant, address, sleep=sleep)
    return sites.read(tenant, address, hubs)


def _write(writer: SiteWriter, change: Change) -> None:
    kind = Kind(change.kind)
    if change.action is Action.REMOVE:
        writer.remove(kind, change.key)
    elif kind is Kind.SITE and change.action is Action.CREATE:
        writer.create(change.after)
    else:
        writer.put(kind, change.key, change.after)
