"""The term sets that sites rest on: one step for the whole tenant, before the first site is made or changed."""

from collections.abc import Iterable, Mapping

from spmigrate.plan.change import TERM_STORE, Action, Change, Plan, digest
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import Kind, complete, name_key


def wanted(desired: Iterable[DesiredSite]) -> dict[str, tuple[str, ...]]:
    """The term sets that these sites use and the organisation writes out, with their terms."""
    return {name: terms for site in desired for name, terms in site.term_sets.items()}


def compare(wanted: Mapping[str, tuple[str, ...]], present: Mapping[str, tuple[str, ...]]) -> Plan:
    """What is missing in the term store; a plan without sites when nothing is. Pure."""
    changes: list[Change] = []
    for name, terms in wanted.items():
        there = present.get(name)
        target = complete(there or (), terms)
        if there is None:
            changes.append(_change(Action.CREATE, name, {}, terms))
        elif target != there:
            changes.append(_change(Action.UPDATE, name, {"terms": there}, target))
    if not changes:
        return Plan(())
    return Plan((TERM_STORE,), tuple(changes), read={TERM_STORE: {Kind.TERM_SET.value: digest(dict(present))}})


def _change(action: Action, name: str, before: Mapping[str, tuple[str, ...]], terms: tuple[str, ...]) -> Change:
    return Change(TERM_STORE, action, Kind.TERM_SET, name_key(name), name, before, {"terms": terms})
