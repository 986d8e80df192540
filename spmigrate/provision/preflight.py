"""What would make a change fail, found before the first one is made: rights, addresses, people, hubs, locks."""

from collections.abc import Collection, Iterator, Mapping

from spmigrate.errors import AccessDenied, Problem
from spmigrate.plan.change import Action, Change, Plan
from spmigrate.provision.rights import denied
from spmigrate.tenant import permissions
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.signin import GRAPH
from spmigrate.tenant.site.people import is_known

_MISSING = (
    "correct the site's answers or the 'people domain'; if both are right, the person's account is missing in "
    "Microsoft Entra: ask who keeps accounts there"
)
_CLOSED = ("Read only", "No access", "No additions")


def obstacles(tenant: Tenant, plan: Plan, *, hubs: Collection[str], locks: Mapping[str, str]) -> Iterator[Problem]:
    """Everything in the plan that the tenant would refuse.

    `hubs` are the addresses of the present hubs, `locks` the states of the locks of the sites that are there.
    """
    if not plan.changes:
        return
    yield from _rights(tenant, plan)
    yield from _no_hubs(plan, hubs)
    yield from locked(plan, locks)
    yield from _people(tenant, plan)


def locked(plan: Plan, locks: Mapping[str, str]) -> Iterator[Problem]:
    """Sites that cannot be written to because they are locked, and that the plan does not unlock."""
    for address, state in locks.items():
        changes = plan.of(address)
        opens = any(change.kind == Kind.LOCK and change.after.get("state") == "Unlocked" for change in changes)
        others = [change for change in changes if change.kind != Kind.LOCK]
        if others and state in _CLOSED and not opens:
            yield Problem(address, f"the site is locked ({state})", "unlock it first: set its 'lock' to Unlocked")


def _rights(tenant: Tenant, plan: Plan) -> Iterator[Problem]:
    held = {
        permissions.SHAREPOINT: permissions.roles(tenant.token(tenant.settings.sharepoint)),
        permissions.MICROSOFT_GRAPH: permissions.roles(tenant.token(GRAPH)),
    }
    yield from denied(plan.changes, held)


def _no_hubs(plan: Plan, hubs: Collection[str]) -> Iterator[Problem]:
    """Sites that would join, or lie below, what is no hub and becomes none."""
    known = {hub.casefold() for hub in hubs}
    known |= {change.site.casefold() for change in plan.changes if change.kind == Kind.HUB}
    for change in plan.changes:
        wanted = {Kind.HUB_MEMBERSHIP: "hub", Kind.HUB: "parent"}.get(Kind(change.kind))
        hub = change.after.get(wanted) if wanted else None
        if hub and change.action is not Action.REMOVE and str(hub).casefold() not in known:
            hint = f"make it one first: spmigrate site apply {hub}"
            yield Problem(change.site, f"{hub} is not a hub of the tenant", hint)


def _people(tenant: Tenant, plan: Plan) -> Iterator[Problem]:
    people = [change for change in plan.changes if change.kind == Kind.PERSON and change.action is Action.CREATE]
    try:
        yield from _unknown(tenant, people)
    except AccessDenied:
        hint = "grant the app User.Read.All of Microsoft Graph; spmigrate doctor lists what is missing"
        yield Problem("Microsoft Graph", "whether the people exist cannot be checked", hint)


def _unknown(tenant: Tenant, people: list[Change]) -> Iterator[Problem]:
    known: dict[str, bool] = {}
    for change in people:
        login = str(change.after["login"])
        if login not in known:
            known[login] = is_known(tenant, login)
        if not known[login]:
            yield Problem(change.site, f"nobody in the directory signs in as {login}", _MISSING)
