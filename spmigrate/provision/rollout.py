"""Bringing a template's new version to its sites: a lab, a few canaries, then waves, halted when too many fail."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from spmigrate.plan import apply
from spmigrate.plan.change import Plan, Sort
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.provisioning import Planned, Sleep, Trouble, apply_sites
from spmigrate.provision.resolve import DesiredSite
from spmigrate.store import rollouts, site_runs
from spmigrate.store.ledger import Ledger
from spmigrate.store.rollouts import RolloutSite
from spmigrate.tenant.session import Tenant

LAB, CANARY = "lab", "canary"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far each stage reaches: the lab's sites by address, how many canaries and sites a wave, and the percentage
    of a stage's sites above which failures halt everything."""

    lab: tuple[str, ...] = ()
    canary: int = 3
    wave: int = 20
    stop_above: int = 5

    def as_json(self) -> dict[str, object]:
        """The limits as the ledger keeps them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one site."""

    site: str
    outcome: str
    note: str = ""


def sites_of(catalogue: Catalogue, desired: Iterable[DesiredSite], template: str) -> list[DesiredSite]:
    """The sites that stand on a template, directly or through one that extends it."""
    return [site for site in desired if template in _chain(catalogue, site.template)]


def stages(addresses: Sequence[str], limits: Limits, *, first_wave: int = 1) -> list[tuple[str, list[str]]]:
    """The sites in stages: the lab as named, then so many canaries, then waves; empty stages are left out. Pure."""
    lab = [address for address in addresses if address in limits.lab]
    rest = [address for address in addresses if address not in limits.lab]
    canaries, rest = rest[: limits.canary], rest[limits.canary :]
    size = max(1, limits.wave)
    waves = [rest[start : start + size] for start in range(0, len(rest), size)]
    named = [(LAB, lab), (CANARY, canaries), *((f"wave {n}", wave) for n, wave in enumerate(waves, first_wave))]
    return [(name, group) for name, group in named if group]


def too_many(failed: int, of: int, *, stop_above: int) -> bool:
    """Whether more than this percentage of a stage's sites failed. Pure."""
    return failed * 100 > stop_above * of


def open_stages(sites: Iterable[RolloutSite]) -> list[tuple[str, list[RolloutSite]]]:
    """The stages in which something is left to do, each with all of its sites, in order. Pure."""
    grouped: dict[str, list[RolloutSite]] = {}
    for site in sites:
        grouped.setdefault(site.stage, []).append(site)
    left = (rollouts.WAITING, rollouts.FAILED)
    return [(stage, group) for stage, group in grouped.items() if any(each.outcome in left for each in group)]


def counts(sites: Iterable[RolloutSite]) -> Counter[str]:
    """How many sites have which outcome."""
    return Counter(site.outcome for site in sites)


def prepare(ledger: Ledger, template: str, *, version: int, addresses: Sequence[str], limits: Limits) -> int:
    """The number of the rollout to go on with: the unfinished one of this version, or a new one.

    Sites that came since an unfinished one began are put into waves behind the others.
    """
    last = rollouts.latest(ledger, template)
    with ledger.transaction():
        if last is None or last.version != version or last.state == rollouts.FINISHED:
            number = rollouts.begin(ledger, template, version=version, limits=limits.as_json()).id
            rollouts.add(ledger, number, stages(addresses, limits))
            return number
        known = {each.site: each.stage for each in rollouts.sites(ledger, last.id)}
        fresh = [address for address in addresses if address not in known]
        later = Limits(canary=0, wave=limits.wave)
        waves = sum(stage not in (LAB, CANARY) for stage in set(known.values()))
        rollouts.add(ledger, last.id, stages(fresh, later, first_wave=waves + 1))
        rollouts.set_state(ledger, last.id, rollouts.RUNNING)
        return last.id


def hindered(planned: Planned) -> dict[str, str]:
    """The sites of a stage that cannot be upgraded, with the reason; obstacles of no one site are left out."""
    return dict(planned.unread) | {
        each.where: f"{each.text} ({each.hint})" if each.hint else each.text
        for each in planned.obstacles
        if each.where in planned.found
    }


def run_stage(
    tenant: Tenant,
    ledger: Ledger,
    desired: Sequence[DesiredSite],
    planned: Planned,
    *,
    rollout: int,
    run: int,
    size: int,
    stop_above: int,
    workers: int,
    sleep: Sleep = time.sleep,
) -> Iterator[apply.Step | Settled]:
    """Upgrade the sites of one stage and settle each in the ledger.

    `size` is how many sites the whole stage has; once too many of them failed, no other is begun.
    """
    failed = 0
    waits = hindered(planned)
    for address, why in waits.items():
        failed += 1
        yield _settle(ledger, rollout, Settled(address, rollouts.FAILED, why))
    looked = [site for site in desired if site.address not in waits]
    ready = [site for site in looked if planned.found[site.address] is not None]
    for site in looked:
        if site not in ready:
            note = f"there is no such site yet: spmigrate site apply {site.address}"
            yield _settle(ledger, rollout, Settled(site.address, rollouts.NOTHING, note))
    step = max(1, workers)
    for start in range(0, len(ready), step):
        if too_many(failed, size, stop_above=stop_above):
            return
        group = ready[start : start + step]
        trouble: dict[str, str] = {}
        for event in apply_sites(
            tenant, ledger, group, planned, planned.plan, workers=workers, number=run, sleep=sleep
        ):
            if isinstance(event, Trouble):
                trouble[event.site] = event.text
                continue
            if event.trouble:
                trouble[event.change.site] = f"{event.change.subject}: {event.trouble}"
            yield event
        touched = site_runs.touched(ledger, plan_name(rollout))
        for site in group:
            settled = _outcome(site.address, planned.plan, trouble, touched)
            failed += settled.outcome == rollouts.FAILED
            yield _settle(ledger, rollout, settled, run=run)


def conflicts(plan: Plan) -> Mapping[str, list[str]]:
    """What owners changed where the template moved on too, by site; it is kept as the owners have it."""
    found: dict[str, list[str]] = {}
    for note in plan.noted(Sort.CONFLICT):
        found.setdefault(note.site, []).append(f"{note.subject}: {note.text}")
    return found


def plan_name(rollout: int) -> str:
    """What the runs of a rollout are known by."""
    return f"rollout {rollout}"


def _outcome(address: str, plan: Plan, trouble: Mapping[str, str], touched: Collection[str]) -> Settled:
    if address in trouble:
        return Settled(address, rollouts.FAILED, trouble[address])
    kept = conflicts(plan).get(address, [])
    note = f"kept as its owners have it: {'; '.join(kept)}" if kept else ""
    return Settled(address, rollouts.UPGRADED if plan.of(address) or address in touched else rollouts.NOTHING, note)


def _settle(ledger: Ledger, rollout: int, settled: Settled, *, run: int = 0) -> Settled:
    number = run if settled.outcome == rollouts.UPGRADED else 0
    rollouts.settle(ledger, rollout, settled.site, outcome=settled.outcome, note=settled.note, run=number)
    return settled


def _chain(catalogue: Catalogue, name: str) -> list[str]:
    found: list[str] = []
    wanted: str | None = name
    while wanted is not None and wanted in catalogue.by_name and wanted not in found:
        found.append(wanted)
        wanted = catalogue.by_name[wanted].extends
    return found
