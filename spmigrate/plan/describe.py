"""A plan in words: counts first, then the changes site by site, then what no change can close."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from spmigrate.plan.change import Action, Change, Plan
from spmigrate.tenant.contents import Value

_LONGEST = 60
_UNSHOWN = frozenset({"id", "group", "name", "role", "login", "owner"})


def lines(plan: Plan, words: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """The plan as people read it; `words` are the names that people know for internal ones."""
    yield counts(plan)
    for site in plan.sites:
        changes = plan.of(site)
        if changes:
            yield ""
            yield site
            yield from (f"  {change_line(change, words)}" for change in changes)
    if plan.notes:
        yield ""
        yield "Differences that stay, because SharePoint cannot change them here:"
        yield from (f"  ? {note.site}  {note.subject}: {note.text}" for note in plan.notes)


def counts(plan: Plan) -> str:
    """The first line of a plan."""
    sites = f"{len(plan.sites)} site{'' if len(plan.sites) == 1 else 's'}"
    if not plan.changes:
        return f"Nothing to do on {sites}: {plan.unchanged} unchanged."
    return (
        f"Plan for {sites}: {plan.count(Action.CREATE)} to add, {plan.count(Action.UPDATE)} to change, "
        f"{plan.count(Action.REMOVE)} to remove, {plan.unchanged} unchanged."
    )


def change_line(change: Change, words: Mapping[str, str] = MappingProxyType({})) -> str:
    """One change: symbol, what, and the values that matter."""
    if change.action is Action.UPDATE:
        before = change.before
        shown = [
            f"{name}: {_value(before.get(name), words)} -> {_value(value, words)}"
            for name, value in change.after.items()
        ]
    else:
        told = {name: value for name, value in change.after.items() if name not in _UNSHOWN}
        shown = [f"{name}: {_value(each, words)}" for name, each in told.items() if each and each != change.label]
    return f"{change.action.value} {change.subject}" + (f"  {', '.join(shown)}" if shown else "")


def _value(value: Value, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        value = ", ".join(words.get(each, each) for each in value)
    text = str(value) if value not in (None, "") else "(none)"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
