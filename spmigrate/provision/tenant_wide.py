"""What sites share, term sets and themes: one step for the whole tenant, before the first site is made or changed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from spmigrate.plan.change import WHOLE_TENANT, Action, Change, Plan, digest
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant import term_store, themes
from spmigrate.tenant.contents import Kind, Value, complete, name_key
from spmigrate.tenant.session import Tenant

Terms = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shared:
    """Term sets with their terms, and themes with their colours, each by name."""

    term_sets: Terms = field(default_factory=dict)
    themes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def wanted(desired: Iterable[DesiredSite]) -> Shared:
    """What these sites use of what the organisation writes out."""
    every = list(desired)
    return Shared(
        {name: terms for site in every for name, terms in site.term_sets.items()},
        {name: palette for site in every for name, palette in site.themes.items()},
    )


def plan(tenant: Tenant, wanted: Shared) -> Plan:
    """What the tenant lacks of it. Raises TenantError."""
    return compare(wanted, term_store.present(tenant, wanted.term_sets), themes.present(tenant, wanted.themes))


def compare(wanted: Shared, terms: Terms, known_themes: Collection[str]) -> Plan:
    """What is missing; a plan without sites when nothing is. Pure."""
    changes: list[Change] = []
    for name, every in wanted.term_sets.items():
        there = terms.get(name)
        target = complete(there or (), every)
        if there is None:
            changes.append(_change(Action.CREATE, Kind.TERM_SET, name, {}, {"terms": every}))
        elif target != there:
            changes.append(_change(Action.UPDATE, Kind.TERM_SET, name, {"terms": there}, {"terms": target}))
    for name, palette in wanted.themes.items():
        if name not in known_themes:
            colours = tuple(f"{slot} {colour}" for slot, colour in palette.items())
            changes.append(_change(Action.CREATE, Kind.THEME, name, {}, {"colours": colours}))
    if not changes:
        return Plan(())
    read = {Kind.TERM_SET.value: digest(dict(terms)), Kind.THEME.value: digest(sorted(known_themes))}
    return Plan((WHOLE_TENANT,), tuple(changes), read={WHOLE_TENANT: read})


def write(tenant: Tenant, wanted: Shared, change: Change) -> None:
    """Make one of these changes. Raises TenantError."""
    if change.kind == Kind.THEME:
        themes.ensure(tenant, change.label, wanted.themes[change.label])
    else:
        term_store.ensure(tenant, change.label, wanted.term_sets[change.label])


def _change(action: Action, kind: Kind, name: str, before: Mapping[str, Value], after: Mapping[str, Value]) -> Change:
    return Change(WHOLE_TENANT, action, kind, name_key(name), name, before, after)
