"""Planning and applying sites on a tenant: read, compare, and write what was shown."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spmigrate.errors import AccessDenied, Problem, TenantError
from spmigrate.plan import apply
from spmigrate.plan.change import WHOLE_TENANT, Action, Change, Plan, join
from spmigrate.provision import tenant_wide
from spmigrate.provision.diff import Recorded, compare
from spmigrate.provision.order import levels
from spmigrate.provision.preflight import obstacles
from spmigrate.provision.resolve import DesiredSite
from spmigrate.provision.side_by_side import in_turn, spread
from spmigrate.store import site_runs, sites
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import Attributes, Kind, Part, SiteContents
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.creation import wait_until_ready
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.reading import read
from spmigrate.tenant.site.writing import SiteWriter

WORKERS = 4
"""How many sites are read or written at once: enough to wait for one answer only, far below the limits for one app."""

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Found:
    """A site that is there, by its whole address and its id. `lock` is the state of its lock where that was read."""

    url: str
    site_id: str
    lock: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, which sites were there while planning, and what would make a change fail.

    `unread` says by address why a site could not be looked at; nothing is known of such a site.
    """

    plan: Plan
    found: Mapping[str, Found | None]
    obstacles: tuple[Problem, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a site was left as it is, or half-way."""

    site: str
    text: str


def kinds_of(site: DesiredSite) -> frozenset[Kind]:
    """The kinds of parts about which a site's template says anything: only these are read."""
    kinds = {kind for kind, _ in site.contents.parts} | {part.kind for part in site.absent}
    kinds |= {Kind.LINK} if site.exact_menus else set()
    return frozenset(kinds | {Kind.SITE} | ({Kind.LOCK} if Kind.SHARING in kinds else set()))


def compared_parts(site: DesiredSite) -> dict[tuple[Kind, str], Part]:
    """The parts that a site is compared by: what it should have, and what it should do without."""
    return {**site.contents.parts, **{part.place: part for part in site.absent}}


def recorded(ledger: Ledger, address: str) -> Recorded:
    """What was last applied to each part of a site."""
    return sites.parts(ledger, address)


def plan_sites(
    tenant: Tenant,
    desired: Sequence[DesiredSite],
    *,
    watch: Callable[[str], None],
    ledger: Ledger | None = None,
    workers: int = WORKERS,
    check: bool = True,
) -> Planned:
    """What would be done to these sites, in their order. `watch` is told each address when it was read.

    Without `check` it is not looked for what would make a change fail.
    """
    hubs = hub_addresses(tenant)
    half_done = sites.unfinished(ledger) if ledger else {}

    def look(site: DesiredSite) -> tuple[Plan, Found | None] | str:
        try:
            actual = read(tenant, site.address, hubs, kinds_of(site), only=compared_parts(site))
        except TenantError as error:
            if error.fatal or tenant.patience.failing:
                raise
            return f"{error.message} ({error.hint})" if error.hint else error.message
        known = recorded(ledger, site.address) if ledger else {}
        plan = compare(site, actual, known, unfinished=half_done.get(site.address, {}))
        return plan, None if actual is None else Found(actual.url, actual.site_id, _lock(actual))

    looked: dict[str, tuple[Plan, Found | None]] = {}
    unread: dict[str, str] = {}
    for site, answer in spread(desired, look, workers=workers):
        if isinstance(answer, str):
            unread[site.address] = answer
        else:
            looked[site.address] = answer
        watch(site.address)
    shared, refused = _shared(tenant, desired) if check else (Plan(()), ())
    ordered = [site.address for site in desired if site.address in looked]
    plan = join([shared, *(looked[address][0] for address in ordered)])
    found = {address: looked[address][1] for address in ordered}
    present = {address: each for address, each in found.items() if each is not None}
    locks = {address: each.lock for address, each in present.items() if each.lock}
    begun = sites.begun(ledger, Kind.SITE.value) if ledger else ()
    more = obstacles(tenant, plan, hubs=hubs.values(), locks=locks, present=present, begun=begun)
    return Planned(plan, found, (*refused, *more) if check else (), unread)


def _shared(tenant: Tenant, desired: Sequence[DesiredSite]) -> tuple[Plan, tuple[Problem, ...]]:
    """What the tenant lacks of what these sites rest on, or why nobody knows."""
    try:
        return tenant_wide.plan(tenant, tenant_wide.wanted(desired)), ()
    except AccessDenied as error:
        hint = "grant the app TermStore.ReadWrite.All of Microsoft Graph; spmigrate doctor lists what is missing"
        return Plan(()), (Problem(WHOLE_TENANT, f"its term sets cannot be checked: {error.message}", hint),)


def record_site(ledger: Ledger, site: DesiredSite, *, url: str, site_id: str) -> None:
    """Keep that a site needs nothing more, and what its template says of each part."""
    parts = {(part.kind.value, part.key): part.attributes for part in site.contents.parts.values()}
    done = sites.AppliedSite(site.address, site.title, url, site_id, site.template, site.version)
    sites.record(ledger, done, parts)


def is_recorded(ledger: Ledger, site: DesiredSite, done: sites.AppliedSite | None) -> bool:
    """Whether a site is recorded at this version, with what its template says now of each part."""
    if done is None or (done.template, done.version) != (site.template, site.version):
        return False
    kept = sites.parts(ledger, site.address)
    return kept == {(part.kind.value, part.key): dict(part.attributes) for part in site.contents.parts.values()}


def apply_site(
    tenant: Tenant, ledger: Ledger, site: DesiredSite, plan: Plan, *, sleep: Sleep = time.sleep, number: int = 0
) -> Iterator[apply.Step]:
    """Bring one site to what the plan shows: compare again, refuse surprises, write, and record the site.

    `number` is the run's. Raises StalePlan when the site now needs something that the plan does not show.
    """
    actual = _ready(tenant, site, sleep)
    half_done = sites.unfinished(ledger, site.address).get(site.address, {})
    fresh = compare(site, actual, recorded(ledger, site.address), unfinished=half_done)
    apply.confirm(plan, site.address, fresh.changes, fresh.read.get(site.address))
    if fresh.changes and number:
        site_runs.take(ledger, number, site.address)
    writer = SiteWriter(tenant, site.address, sleep=sleep, materials=site.materials)
    steps = apply.run(
        plan.id, fresh.changes, ledger=ledger, number=number,
        write=lambda change: write(writer, change, making=making(site)), keep=lambda change: keep(ledger, site, change),
    )  # fmt: skip
    clean = True
    for step in steps:
        clean = clean and not step.trouble
        yield step
    if clean:
        url, site_id = (actual.url, actual.site_id) if actual else (writer.url, writer.site_id)
        record_site(ledger, site, url=url, site_id=site_id)


def apply_sites(
    tenant: Tenant,
    ledger: Ledger,
    desired: Sequence[DesiredSite],
    planned: Planned,
    shown: Plan,
    *,
    workers: int = WORKERS,
    number: int = 0,
    sleep: Sleep = time.sleep,
) -> Iterator[apply.Step | Trouble]:
    """Bring all sites to what the plan shows, hubs level by level and then the others side by side.

    A site that nothing is to be done to is recorded when this ledger did not know that, and else left as it is
    recorded. Raises the fatal errors of the tenant when every worker has ended its present step.
    """
    applied = sites.applied(ledger)
    busy: list[DesiredSite] = []
    for site in desired:
        actual = planned.found[site.address]
        if actual is None or planned.plan.of(site.address):
            busy.append(site)
        elif not is_recorded(ledger, site, applied.get(site.address)):
            record_site(ledger, site, url=actual.url, site_id=actual.site_id)

    def work(site: DesiredSite) -> Iterator[apply.Step | Trouble]:
        return apply_site(tenant, ledger, site, shown, sleep=sleep, number=number)

    if planned.plan.of(WHOLE_TENANT):
        yield from _apply_shared(tenant, ledger, desired, shown, number=number)
    for level in levels(busy):
        yield from in_turn(level, work, workers=workers, trouble=lambda site, text: Trouble(site.address, text))


def _apply_shared(
    tenant: Tenant, ledger: Ledger, desired: Sequence[DesiredSite], shown: Plan, *, number: int
) -> Iterator[apply.Step]:
    """Add what the tenant lacks. Raises StalePlan when that is more than the plan shows."""
    wanted = tenant_wide.wanted(desired)
    fresh = tenant_wide.plan(tenant, wanted)
    apply.confirm(shown, WHOLE_TENANT, fresh.changes, fresh.read.get(WHOLE_TENANT))
    yield from apply.run(
        shown.id, fresh.changes, ledger=ledger, number=number,
        write=lambda change: tenant_wide.write(tenant, wanted, change),
    )  # fmt: skip


def making(site: DesiredSite) -> Attributes:
    """What SharePoint must be told of other parts when it makes the site: time zone, and the group with its people."""
    region, group = site.contents.get(Kind.REGION), site.contents.get(Kind.GROUP)
    told = dict(group.attributes) if group else {}
    if region is not None and "time zone" in region.attributes:
        told["time zone"] = region.attributes["time zone"]
    for role in ("Owners", "Members"):
        people = [part for part in site.contents.parts.values() if part.kind is Kind.PERSON]
        told[role.casefold()] = tuple(
            str(part.attributes["login"]) for part in people if part.attributes.get("role") == role
        )
    return told


def write(writer: SiteWriter, change: Change, *, making: Attributes) -> None:
    """Write one change; `making` goes with the making of a site. Raises TenantError."""
    kind = Kind(change.kind)
    if change.action is Action.REMOVE:
        writer.remove(kind, change.key)
    elif kind is Kind.SITE and change.action is Action.CREATE:
        writer.create({**making, **change.after})
    else:
        writer.put(kind, change.key, change.after)


def keep(ledger: Ledger, site: DesiredSite, change: Change) -> None:
    """Record what was just applied: what the template says, not what owners had beside it."""
    place = (change.kind, change.key)
    if change.action is Action.REMOVE:
        sites.forget_part(ledger, site.address, place)
        return
    part = site.contents.get(Kind(change.kind), change.key)
    wanted = part.attributes if part is not None else change.after
    sites.record_part(ledger, site.address, place, {name: wanted[name] for name in change.after if name in wanted})


def _lock(actual: SiteContents) -> str:
    lock = actual.get(Kind.LOCK)
    return str(lock.attributes.get("state", "")) if lock else ""


def _ready(tenant: Tenant, site: DesiredSite, sleep: Sleep) -> SiteContents | None:
    """The site as it is, once SharePoint has furnished it."""
    hubs = hub_addresses(tenant)
    kinds: Collection[Kind] = kinds_of(site)
    found = read(tenant, site.address, hubs, kinds, only=compared_parts(site))
    if found is None or found.ready:
        return found
    wait_until_ready(tenant, site.address, sleep=sleep)
    return read(tenant, site.address, hubs, kinds, only=compared_parts(site))
