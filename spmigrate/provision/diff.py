"""How a site differs from what is wanted: pure, attribute by attribute, in the order of work.

Parts are matched by kind and key, so a column is adopted by its internal name whatever its id. Nothing is removed
because it is absent: only what a template lists under `remove`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum, auto

from spmigrate.plan.change import Action, Change, Note, Plan
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import (
    SHARING_LEVELS,
    Kind,
    Part,
    SiteContents,
    Value,
    arrange,
    complete,
)
from spmigrate.tenant.link_address import leads_to


class Ownership(Enum):
    """Who decides about an attribute after the site was made."""

    OWNED = auto()
    """The template: a difference is a change."""
    SEEDED = auto()
    """Whoever edits it: the template's value is used at creation alone."""
    FIXED = auto()
    """Nobody: SharePoint cannot change it, so a difference is a note."""


OWNERSHIP: Mapping[tuple[Kind, str], Ownership] = {
    (Kind.SITE, "type"): Ownership.FIXED,
    (Kind.SITE, "language"): Ownership.FIXED,
    (Kind.SITE, "time zone"): Ownership.FIXED,
    (Kind.SITE, "owner"): Ownership.SEEDED,
    (Kind.PERSON, "role"): Ownership.SEEDED,
    (Kind.PERSON, "login"): Ownership.SEEDED,
    (Kind.COLUMN, "id"): Ownership.SEEDED,
    (Kind.COLUMN, "group"): Ownership.SEEDED,
    (Kind.COLUMN, "type"): Ownership.FIXED,
    (Kind.CONTENT_TYPE, "id"): Ownership.SEEDED,
    (Kind.CONTENT_TYPE, "name"): Ownership.SEEDED,
    (Kind.CONTENT_TYPE, "group"): Ownership.SEEDED,
    (Kind.CONTENT_TYPE, "parent"): Ownership.FIXED,
    (Kind.LIBRARY, "address"): Ownership.SEEDED,
    (Kind.LINK, "title"): Ownership.SEEDED,
}
"""Attributes that the template does not simply own."""


_OPENNESS: Mapping[str, tuple[str, ...]] = {
    "external sharing": tuple(SHARING_LEVELS),
    "default link": ("Specific people", "People in the organisation", "Anyone"),
    "default link permission": ("View", "Edit"),
}
"""The values of sharing from the tightest to the most open."""

_TARGETS: Mapping[tuple[Kind, str], Callable[[Value, Value], Value]] = {
    (Kind.CONTENT_TYPE, "columns"): complete,
    (Kind.LIBRARY, "content types"): complete,
    (Kind.LIBRARY, "columns shown"): arrange,
}


def compare(desired: DesiredSite, actual: SiteContents | None) -> Plan:
    """What would be done to make `actual` as desired; `actual` is None while there is no such site."""
    present = actual or SiteContents.of(desired.address, ())
    changes: list[Change] = []
    notes: list[Note] = []
    unchanged = 0
    for part in desired.contents.parts.values():
        found = present.parts.get(part.place)
        change = _create(desired, part) if found is None else _update(desired, part, found, present.host)
        if change is not None:
            changes.extend(_in_turn(change))
        elif found is not None:
            unchanged += 1
        if found is not None:
            notes.extend(_fixed(desired, part, found))
    for place in {part.place: None for part in desired.absent}:
        found = present.parts.get(place)
        if found is not None:
            kept = _kept(desired, found)
            notes.extend(kept)
            if not kept:
                changes.append(Change(desired.address, Action.REMOVE, found.kind, found.key, found.label))
    return Plan((desired.address,), tuple(sorted(changes, key=_order)), tuple(notes), unchanged)


def _create(desired: DesiredSite, part: Part) -> Change:
    return Change(desired.address, Action.CREATE, part.kind, part.key, part.label, {}, dict(part.attributes))


def _update(desired: DesiredSite, part: Part, found: Part, host: str) -> Change | None:
    before: dict[str, Value] = {}
    after: dict[str, Value] = {}
    for name, wanted in part.attributes.items():
        if OWNERSHIP.get((part.kind, name), Ownership.OWNED) is not Ownership.OWNED:
            continue
        there = found.attributes.get(name)
        if (part.kind, name) == (Kind.LINK, "address") and leads_to(str(there), str(wanted), host):
            continue
        target = _TARGETS.get((part.kind, name), _exactly)(there, wanted)
        if target != there:
            before[name], after[name] = there, target
    return Change(desired.address, Action.UPDATE, part.kind, part.key, part.label, before, after) if after else None


def _fixed(desired: DesiredSite, part: Part, found: Part) -> Iterable[Note]:
    for name, wanted in part.attributes.items():
        there = found.attributes.get(name)
        if OWNERSHIP.get((part.kind, name)) is Ownership.FIXED and there != wanted:
            yield Note(desired.address, part.subject, f"{name} is {there}, the template says {wanted}")


def _kept(desired: DesiredSite, found: Part) -> list[Note]:
    """Why a part that should go must stay."""
    if found.kind is Kind.LIBRARY and found.attributes.get("items") != 0:
        text = f"it should go, but it holds {found.attributes.get('items')} items; move them first"
        return [Note(desired.address, found.subject, text)]
    return []


def _exactly(_actual: Value, wanted: Value) -> Value:
    return wanted


def _order(change: Change) -> tuple[int, int]:
    """The site first, then sharing that closes, then the other kinds in order, sharing that may open last."""
    if change.kind == Kind.SHARING and all(
        closes(name, change.before.get(name), change.after[name]) for name in change.after
    ):
        return 1, 0
    return (0 if change.kind == Kind.SITE else 2), Kind(change.kind).order


def _in_turn(change: Change) -> Iterator[Change]:
    """A change of sharing as one that closes and one that may open, since they are made at different times."""
    if change.kind != Kind.SHARING:
        yield change
        return
    shut = {name for name, value in change.after.items() if closes(name, change.before.get(name), value)}
    for names in (shut, change.after.keys() - shut):
        if names:
            before = {name: value for name, value in change.before.items() if name in names}
            after = {name: value for name, value in change.after.items() if name in names}
            yield replace(change, before=before, after=after)


def closes(name: str, before: Value, after: Value) -> bool:
    """Whether an attribute of sharing surely becomes no more open.

    What a site that is still to be made begins with, and what the tenant's default is, nobody knows here: only the
    tightest value surely closes then, and only leaving the most open one.
    """
    levels = _OPENNESS[name]
    if after == levels[0] or before == levels[-1]:
        return True
    return before in levels and after in levels and levels.index(str(after)) < levels.index(str(before))
