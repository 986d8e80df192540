"""How a site differs from what is wanted: pure, attribute by attribute, in the order of work.

Parts are matched by kind and key, so a column is adopted by its internal name whatever its id. Nothing is removed
because it is absent: only what a template lists under `remove`.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto

from spmigrate.plan.change import Action, Change, Note, Plan
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import (
    SHARING_LEVELS,
    Attributes,
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
            changes.append(change)
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
    """The site first, then sharing if it tightens, then the other kinds in order, sharing last if it loosens."""
    if change.kind == Kind.SHARING and tightens(change.before, change.after):
        return 1, 0
    return (0 if change.kind == Kind.SITE else 2), Kind(change.kind).order


def tightens(before: Attributes, after: Attributes) -> bool:
    """Whether a change of sharing closes rather than opens; on a new site only the tightest level closes."""
    levels = list(SHARING_LEVELS)
    wanted = levels.index(str(after.get("external sharing", levels[0])))
    present = before.get("external sharing")
    return wanted <= levels.index(str(present)) if present in levels else wanted == 0
