"""A plan in words: counts first, then the changes site by site, then what stays as it is and who must be asked."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from spmigrate.plan.change import WHOLE_TENANT, Action, Change, Mover, Plan, Sort
from spmigrate.plan.roles import needed
from spmigrate.plan.undo import lasting
from spmigrate.tenant.contents import Value

_LONGEST = 60
_UNSHOWN = frozenset({"id", "group", "name", "role", "login", "owner"})
_BY_DIGEST = frozenset({"content"})
"""Attributes whose value is a digest, which says nothing to people."""

_OURS = re.compile(r"\bCouncil[A-Za-z0-9]+")
"""Internal names of the organisation's columns within a text, such as a view's filter."""

_STAYS: Mapping[Sort, tuple[str, str]] = {
    Sort.FIXED: ("?", "Differences that stay, because SharePoint cannot change them here:"),
    Sort.PROTECTED: ("!", "Not done, because it would destroy something:"),
    Sort.CONFLICT: ("x", "Conflicts: the site's owners changed what the template changed too. Theirs stays:"),
    Sort.KEPT: ("=", "Kept as the site's owners have it:"),
}
"""The sign of each sort of difference that stays, and what stands above them."""

_MOVED: Mapping[str, str] = {
    Mover.TEMPLATE: "the template moved",
    Mover.SITE: "somebody changed the site",
    Mover.BOTH: "the template and the site moved",
}


def lines(plan: Plan, words: Mapping[str, str] = MappingProxyType({}), *, details: bool = False) -> Iterator[str]:
    """The plan as people read it; `words` are the names that people know for internal ones.

    With `details` every step tells the role that it needs, why it is there and whether it can be taken back, and what
    owners decide for themselves is listed too.
    """
    yield counts(plan)
    for site in plan.sites:
        changes = plan.of(site)
        if changes:
            yield ""
            yield site
            for change in changes:
                yield f"  {change_line(change, words)}{_reasons(change)}"
                if details:
                    yield from (f"      {text}" for text in _details(change))
    for sort, (sign, heading) in _STAYS.items():
        notes = plan.noted(sort) if details or sort is not Sort.KEPT else ()
        if notes:
            yield ""
            yield heading
            yield from (f"  {sign} {note.site}  {note.subject}: {note.text}" for note in notes)
    if plan.changes:
        yield ""
        yield from _closing(plan, details=details)


def counts(plan: Plan) -> str:
    """The first line of a plan."""
    number = len(plan.sites) - (WHOLE_TENANT in plan.sites)
    sites = f"{number} site{'' if number == 1 else 's'}"
    conflicts, kept = len(plan.noted(Sort.CONFLICT)), len(plan.noted(Sort.KEPT))
    also = [f"{kept} kept as owners have them"] if kept else []
    also += [f"{conflicts} in conflict"] if conflicts else []
    if not plan.changes:
        return f"Nothing to do on {sites}: {', '.join([f'{plan.unchanged} unchanged', *also])}."
    told = [
        f"{plan.count(Action.CREATE)} to add", f"{plan.count(Action.UPDATE)} to change",
        f"{plan.count(Action.REMOVE)} to remove", f"{plan.unchanged} unchanged", *also,
    ]  # fmt: skip
    return f"Plan for {sites}: {', '.join(told)}."


def change_line(change: Change, words: Mapping[str, str] = MappingProxyType({})) -> str:
    """One change: symbol, what, and the values that matter."""
    if change.finishes:
        shown = ["to be finished: a run stopped in the middle of it"]
    elif change.action is Action.UPDATE:
        before = change.before
        shown = [
            name if name in _BY_DIGEST else f"{name}: {_value(before.get(name), words)} -> {_value(value, words)}"
            for name, value in change.after.items()
            if name not in before or before[name] != value
        ]
    else:
        told = {name: value for name, value in change.after.items() if name not in _UNSHOWN | _BY_DIGEST}
        shown = [f"{name}: {_value(each, words)}" for name, each in told.items() if each and each != change.label]
    return f"{change.action.value} {change.subject}" + (f"  {', '.join(shown)}" if shown else "")


def document(plan: Plan) -> dict[str, Any]:
    """The plan as JSON, with what each step needs and what of it lasts; `load` takes it back."""
    whole = plan.as_json()
    for change, written in zip(plan.changes, whole["changes"], strict=True):
        written |= {"needs": needed(change), "cannot_be_undone": lasting(change)}
    return whole


def _reasons(change: Change) -> str:
    """Who moved, and why a site departs from its template, behind the change."""
    movers = {_MOVED[mover] for mover in change.moved.values() if mover in _MOVED}
    told = [*sorted(movers), *dict.fromkeys(f"because: {reason}" for reason in change.because.values())]
    return f"  ({'; '.join(told)})" if told else ""


def _details(change: Change) -> Iterator[str]:
    yield f"needs: {needed(change)}"
    lost = lasting(change)
    if lost:
        yield f"cannot be undone: {lost}"


def _closing(plan: Plan, *, details: bool) -> Iterator[str]:
    needs = Counter(needed(change) for change in plan.changes)
    told = ", ".join(f"{role} for {count}" for role, count in needs.most_common())
    yield f"Who may make these changes by hand: {told}."
    lasts = sum(bool(lasting(change)) for change in plan.changes)
    if lasts:
        more = "" if details else "; --details says which"
        yield f"{lasts} of them cannot be undone, or not wholly{more}."


def _value(value: Value, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        value = ", ".join(words.get(each, each) for each in value)
    elif isinstance(value, str):
        value = words.get(value) or _OURS.sub(lambda found: words.get(found[0], found[0]), value)
    text = str(value) if value not in (None, "") else "(none)"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
