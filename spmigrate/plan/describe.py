"""A plan in words: counts first, then the changes site by site, then what no change can close."""

from collections.abc import Iterator

from spmigrate.plan.change import Action, Change, Plan
from spmigrate.tenant.contents import Attributes, Value

_LONGEST = 60


def lines(plan: Plan) -> Iterator[str]:
    """The plan as people read it."""
    yield counts(plan)
    for site in plan.sites:
        changes = plan.of(site)
        if changes:
            yield ""
            yield site
            yield from (f"  {change_line(change)}" for change in changes)
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


def change_line(change: Change) -> str:
    """One change: symbol, what, and the values that matter."""
    details = _update(change.before, change.after) if change.action is Action.UPDATE else _create(change.after)
    return f"{change.action.value} {change.subject}" + (f"  {details}" if details else "")


def _update(before: Attributes, after: Attributes) -> str:
    return ", ".join(f"{name}: {_value(before.get(name))} -> {_value(value)}" for name, value in after.items())


def _create(after: Attributes) -> str:
    return ", ".join(f"{name}: {_value(value)}" for name, value in after.items() if value and name != "id")


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(value) if isinstance(value, tuple) else str(value) if value not in (None, "") else "(none)"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
