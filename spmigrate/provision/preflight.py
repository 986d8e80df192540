"""What would make a change fail, found before the first one is made: people who do not exist, hubs that are none."""

from collections.abc import Collection, Iterator

from spmigrate.errors import AccessDenied, Problem
from spmigrate.plan.change import Action, Change, Plan
from spmigrate.tenant.contents import Kind
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site_people import is_known

_MISSING = (
    "correct the site's answers or the 'people domain'; if both are right, the person's account is missing in "
    "Microsoft Entra: ask who keeps accounts there"
)


def obstacles(tenant: Tenant, plan: Plan, hubs: Collection[str]) -> Iterator[Problem]:
    """Everything in the plan that the tenant would refuse; `hubs` are the addresses of the present hubs."""
    coming = {change.site for change in plan.changes if change.kind == Kind.HUB}
    for change in plan.changes:
        hub = change.after.get("hub")
        if change.kind == Kind.HUB_MEMBERSHIP and hub not in hubs and hub not in coming:
            hint = f"make it one first: spmigrate site apply {hub}"
            yield Problem(change.site, f"{hub} is not a hub of the tenant", hint)
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
