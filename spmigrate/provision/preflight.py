"""What would make a change fail, found before the first one is made: rights, addresses, people, hubs, locks."""

from collections.abc import Collection, Iterator, Mapping

from spmigrate.errors import AccessDenied, Problem
from spmigrate.plan.change import WHOLE_TENANT, Action, Change, Plan
from spmigrate.provision.rights import denied
from spmigrate.provision.side_by_side import spread
from spmigrate.tenant import admin, permissions
from spmigrate.tenant.contents import Kind, name_key
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.signin import GRAPH
from spmigrate.tenant.site.addresses import AddressState, state_of
from spmigrate.tenant.site.lookups import Lookups, Seen
from spmigrate.tenant.site.people import is_known

_MISSING = (
    "correct the site's answers or the 'people domain'; if both are right, the person's account is missing in "
    "Microsoft Entra: ask who keeps accounts there"
)
RETENTION, SENSITIVITY, TERMS, GROUPS, THEME = "retention label", "sensitivity label", "term set", "group", "theme"
_HINTS: Mapping[str, str] = {
    RETENTION: "publish it to SharePoint sites in Microsoft Purview (that takes up to a day), or name another",
    SENSITIVITY: "publish it, with 'Groups & sites' in its scope, in Microsoft Purview, or name another",
    TERMS: "make it in the term store, or correct the name: it is written as Group/Set",
    GROUPS: "make it in Microsoft Entra, or correct the name",
    THEME: "give it a 'palette' under 'themes' in organisation.yaml, so that it is added; or correct the name",
}
"""What to do about something that a plan names and the tenant does not have."""

_RIGHTS: Mapping[str, str] = {
    RETENTION: "Sites.FullControl.All of SharePoint",
    SENSITIVITY: "InformationProtectionPolicy.Read.All of Microsoft Graph",
    TERMS: "TermStore.Read.All of Microsoft Graph",
    GROUPS: "Group.Read.All of Microsoft Graph",
    THEME: "Sites.FullControl.All of SharePoint",
}
_GROUP = "group:"
_ASKERS = 4
_CLOSED = ("Read only", "No access", "No additions")


def obstacles(
    tenant: Tenant,
    plan: Plan,
    *,
    hubs: Collection[str],
    locks: Mapping[str, str],
    present: Collection[str],
    begun: Collection[str],
) -> Iterator[Problem]:
    """Everything in the plan that the tenant would refuse.

    `hubs` are the addresses of the present hubs, `present` those of the sites that are there, `locks` the states
    of their locks, and `begun` those of sites that an earlier run began to make.
    """
    if not plan.changes:
        return
    yield from _rights(tenant, plan)
    yield from _addresses(tenant, plan, begun)
    yield from _no_hubs(plan, hubs)
    yield from locked(plan, locks)
    yield from _people(tenant, plan)
    yield from _named(tenant, plan, present, begun)
    yield from _restricted(tenant, plan)


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


def _addresses(tenant: Tenant, plan: Plan, begun: Collection[str]) -> Iterator[Problem]:
    """Addresses of new sites that somebody else holds, if only a deleted site."""
    made = [change.site for change in plan.changes if change.kind == Kind.SITE and change.action is Action.CREATE]
    asked = [address for address in made if address not in begun]
    found = dict(spread(asked, lambda address: state_of(tenant, address), workers=_ASKERS))
    for address in asked:
        state = found[address]
        if state is not AddressState.FREE:
            yield Problem(address, f"the address is {state.text}", state.hint)


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


def _named(tenant: Tenant, plan: Plan, present: Collection[str], begun: Collection[str]) -> Iterator[Problem]:
    """Labels, term sets, groups and aliases that the plan rests on. Each is asked for once."""
    lookups = Lookups(tenant)
    coming = {(change.kind, change.key) for change in plan.of(WHOLE_TENANT)}
    for change in plan.changes:
        for what, name, seen in _asked(lookups, change, present):
            if (what, name_key(name)) in coming:
                continue
            if seen is Seen.MISSING:
                yield Problem(change.site, f"there is no {what} '{name}' that {change.subject} could use", _HINTS[what])
            elif seen is Seen.COULD_NOT_LOOK:
                hint = f"grant the app {_RIGHTS[what]}; spmigrate doctor lists what is missing"
                yield Problem(change.site, f"whether there is a {what} '{name}' cannot be checked", hint)
        alias = str(change.after.get("alias") or "")
        made = change.kind == Kind.GROUP and change.action is Action.CREATE and change.site not in begun
        if made and alias and lookups.alias(alias) is Seen.THERE:
            hint = "choose another address for the site; a deleted group keeps its alias for 30 days"
            yield Problem(change.site, f"the alias '{alias}' is taken", hint)


def _asked(lookups: Lookups, change: Change, present: Collection[str]) -> Iterator[tuple[str, str, Seen]]:
    """What a change names, and whether it is there."""
    after, kind = change.after, Kind(change.kind)
    if after.get("retention label"):
        name = str(after["retention label"])
        # A site that is still to be made gets what is published to the whole tenant, as the root site shows it.
        yield RETENTION, name, lookups.retention_label(change.site if change.site in present else "", name)
    sensitivity = after.get("label") if kind is Kind.LABEL else after.get("sensitivity label")
    if sensitivity:
        yield SENSITIVITY, str(sensitivity), lookups.sensitivity_label(str(sensitivity))
    if after.get("term set"):
        yield TERMS, str(after["term set"]), lookups.term_set(str(after["term set"]))
    if kind is Kind.LOOK and after.get("theme"):
        yield THEME, str(after["theme"]), lookups.theme(str(after["theme"]))
    for name in _groups(change):
        yield GROUPS, name, lookups.group(name)


def _restricted(tenant: Tenant, plan: Plan) -> Iterator[Problem]:
    """Sites that would be restricted to groups in a tenant that does not allow it: it is off unless switched on."""
    asked = [change.site for change in plan.changes if change.after.get("restrict access to")]
    if asked and admin.read_settings(tenant).get("EnableRestrictedAccessControl") is False:
        hint = (
            "allow it in the SharePoint admin centre: Policies > Access control > Site-level access restriction; that "
            "needs SharePoint Advanced Management and takes up to an hour"
        )
        for address in dict.fromkeys(asked):
            yield Problem(address, "the tenant does not allow sites to be restricted to groups", hint)


def _who(change: Change) -> Iterator[str]:
    """Everybody whom a change names."""
    if change.action is Action.REMOVE:
        return
    for name in ("login", "who"):
        if change.after.get(name):
            yield str(change.after[name])
    for name in ("who may join", "restrict access to", "for"):
        several = change.after.get(name)
        yield from several if isinstance(several, tuple) else ()


def _groups(change: Change) -> list[str]:
    return [each.removeprefix(_GROUP).strip() for each in _who(change) if each.startswith(_GROUP)]


def _people(tenant: Tenant, plan: Plan) -> Iterator[Problem]:
    asked = {
        login: None
        for change in plan.changes
        for login in _who(change)
        if "@" in login and not login.startswith(_GROUP)
    }
    try:
        known = dict(spread(list(asked), lambda login: is_known(tenant, login), workers=_ASKERS))
    except AccessDenied:
        hint = "grant the app User.Read.All of Microsoft Graph; spmigrate doctor lists what is missing"
        yield Problem("Microsoft Graph", "whether the people exist cannot be checked", hint)
        return
    for change in plan.changes:
        for login in _who(change):
            if known.get(login) is False:
                yield Problem(change.site, f"nobody in the directory signs in as {login}", _MISSING)
