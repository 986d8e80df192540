"""Taking back what a run did to sites, as far as it can be taken back and nobody changed it since."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from spmigrate.errors import TenantError
from spmigrate.plan import apply
from spmigrate.plan.change import WHOLE_TENANT, Action, Change, Plan, fingerprints
from spmigrate.plan.undo import inverse
from spmigrate.provision.equality import target
from spmigrate.provision.provisioning import Sleep, Trouble, write
from spmigrate.provision.side_by_side import in_turn, spread
from spmigrate.store import site_runs, sites
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.contents import ADMINISTRATORS, Kind, SiteContents, name_key
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.reading import read
from spmigrate.tenant.site.writing import REMOVE, SiteWriter

_FURNITURE = frozenset({"shared documents", "siteassets", "sitepages"})
"""Libraries that SharePoint furnishes every site with: templates only set them up."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What stays as the run left it, and why."""

    site: str
    subject: str
    why: str

    def as_json(self) -> dict[str, str]:
        """What stays as a JSON object."""
        return {"site": self.site, "subject": self.subject, "why": self.why}


@dataclass(frozen=True, slots=True)
class Undoing:
    """The changes that take a run back, the last made first, and what cannot be taken back."""

    plan: Plan
    lost: tuple[Lost, ...] = ()


def changes_of(ledger: Ledger, run: int) -> list[Change]:
    """What a run did to sites, or may have done, in that order.

    A change that failed, or was under way when the run was stopped, may be done in part, or altogether.
    """
    words = {action.word: action for action in Action}
    every = [
        Change(each.site, words[each.action], Kind(each.kind), each.key, each.label, each.before, each.after)
        for each, _ in sites.journalled(ledger, run)
        if each.kind
    ]
    return [change for change in every if not change.finishes]


def plan_undo(tenant: Tenant, done: Collection[Change]) -> Undoing:
    """What would be done to take these changes back, on the sites as they are now."""
    hubs = hub_addresses(tenant)
    kinds: dict[str, set[Kind]] = {}
    for change in done:
        told = {Kind.SITE_GROUP: {Kind.SITE_GROUP, Kind.PERSON}}
        kinds.setdefault(change.site, set()).update(told.get(Kind(change.kind), {Kind(change.kind)}))

    def look(address: str) -> SiteContents | str | None:
        if address == WHOLE_TENANT:
            return "what was added to it stays: documents and other sites may carry it"
        try:
            return read(tenant, address, hubs, kinds[address])
        except TenantError as error:
            if error.fatal or tenant.patience.failing:
                raise
            return f"it could not be looked at: {error.message}"

    found = dict(spread(list(kinds), look, workers=4))
    return taken_back(done, found, removable=frozenset(REMOVE))


def taken_back(
    done: Collection[Change], actual: Mapping[str, SiteContents | str | None], *, removable: Collection[Kind]
) -> Undoing:
    """The inverse of these changes on sites that are now as `actual`; kinds not `removable` stay once made. Pure.

    Of a site that could not be looked at, `actual` says why.
    """
    changes: list[Change] = []
    lost: list[Lost] = []
    made = {change.place for change in done if change.action is Action.CREATE}
    new = {change.site for change in done if change.action is Action.CREATE and change.kind == Kind.SITE}
    for change in reversed(list(done)):
        there = actual.get(change.site)
        if not isinstance(there, SiteContents):
            lost.append(Lost(change.site, change.subject, there or "the site is not there any more"))
            continue
        if change.action is Action.CREATE and there.get(Kind(change.kind), change.key) is None:
            continue
        stays = _stays_with_the_site(change) if change.site in new else ""
        if stays:
            lost.append(Lost(change.site, change.subject, stays))
            continue
        back = inverse(change)
        step, why = (None, "") if back.change is None else _on(there, back.change, removable, made)
        if step is not None:
            changes.append(step)
        whole = step is not None and step.action is not Action.UPDATE
        lost.extend(Lost(change.site, change.subject, text) for text in (why, "" if whole else back.lost) if text)
    names = tuple(dict.fromkeys(change.site for change in changes))
    read_now = {site: fingerprints(there) for site in names if isinstance(there := actual[site], SiteContents)}
    return Undoing(Plan(names, tuple(changes), read=read_now), tuple(dict.fromkeys(lost)))


def _stays_with_the_site(change: Change) -> str:
    """Why something stays in a site that the run itself made, and that is never deleted from here."""
    if change.kind == Kind.PERSON and change.after.get("role") in ("Owners", ADMINISTRATORS):
        return "a site keeps those who answer for it"
    if change.kind == Kind.LIBRARY and change.key in _FURNITURE:
        return "it came with the site"
    return ""


def undo_sites(
    tenant: Tenant, ledger: Ledger, undoing: Undoing, *, run: int, undone: int, workers: int, sleep: Sleep = time.sleep
) -> Iterator[apply.Step | Trouble]:
    """Take back what the plan shows, journalled as the run `run`; `undone` is the run that is taken back."""
    plan, before = undoing.plan, site_runs.taken(ledger, undone)

    def work(address: str) -> Iterator[apply.Step | Trouble]:
        """One site; it has its former version again when every step went well."""
        site_runs.take(ledger, run, address)
        writer = SiteWriter(tenant, address, sleep=sleep)
        clean = True
        for step in apply.run(
            plan.id, plan.of(address), ledger=ledger, number=run,
            write=lambda change: write(writer, change, making={}), keep=lambda change: _keep(ledger, change),
        ):  # fmt: skip
            clean = clean and not step.trouble
            yield step
        was = before.get(address)
        if clean and was is not None:
            sites.set_version(ledger, address, template=was[0], version=was[1])

    yield from in_turn(list(plan.sites), work, workers=workers, trouble=Trouble)


def _on(
    there: SiteContents, change: Change, removable: Collection[Kind], made: Collection[tuple[str, str, str]]
) -> tuple[Change | None, str]:
    """The part of an inverse that is still to be done on the site as it is, and why nothing of it is done.

    `made` are the places of what the run made.
    """
    kind = Kind(change.kind)
    part = there.get(kind, change.key)
    if change.action is Action.CREATE:
        return (change, "") if part is None else (None, "")
    if part is None:
        return None, "" if change.action is Action.REMOVE else "it is not there any more"
    if change.action is Action.REMOVE:
        if kind not in removable:
            return None, "what was made stays: it is not taken away from here"
        if part.attributes.get("items"):
            return None, f"it holds {part.attributes['items']} items now: move them first"
        others = _others_in(there, change, made) if kind is Kind.SITE_GROUP else 0
        return (None, f"{others} people were put into it since: take them out first") if others else (change, "")
    left = [name for name in change.after if part.attributes.get(name) != change.after[name]]
    ours = [name for name in left if _is(there, part.attributes.get(name), change, name)]
    why = f"{', '.join(name for name in left if name not in ours)}: somebody changed it since"
    return (change.only(ours) if ours else None), why if len(ours) < len(left) else ""


def _others_in(there: SiteContents, group: Change, made: Collection[tuple[str, str, str]]) -> int:
    """How many people are in a group of the site whom the run did not put there."""
    people = [part for part in there.parts.values() if part.kind is Kind.PERSON]
    inside = [part for part in people if name_key(str(part.attributes.get("role"))) == group.key]
    return sum((group.site, part.kind, part.key) not in made for part in inside)


def _is(there: SiteContents, present: object, change: Change, name: str) -> bool:
    """Whether an attribute is still what the run made of it."""
    value = present if isinstance(present, str | int | tuple) else None
    return target(Kind(change.kind), name, value, change.before[name], host=there.host) == value


def _keep(ledger: Ledger, change: Change) -> None:
    place = (change.kind, change.key)
    if change.action is Action.REMOVE:
        sites.forget_part(ledger, change.site, place)
    else:
        sites.record_part(ledger, change.site, place, change.after)


def summary(lost: Iterable[Lost]) -> list[str]:
    """What stays, a line each."""
    return [f"{each.site}  {each.subject}: {each.why}" for each in lost]
