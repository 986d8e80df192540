"""The inverse of a change, as far as there is one, and in words why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

from spmigrate.plan.change import Action, Change
from spmigrate.tenant.contents import Attributes, Kind

_MADE: Mapping[Kind, str] = {
    Kind.TERM_SET: "the term set stays: documents may carry its terms",
    Kind.THEME: "the theme stays: other sites may have it",
    Kind.SITE: "a site is never deleted from here: lock it, or delete it in the admin centre",
    Kind.GROUP: "a Microsoft 365 group is never deleted from here",
    Kind.PERMISSION_LEVEL: "the level stays: somebody may have been given it",
    Kind.COLUMN: "the column stays: documents may hold values in it",
    Kind.CONTENT_TYPE: "the content type stays: documents may be of it",
    Kind.DEFAULT_VALUE: "documents may have taken the value by now: change it in the template",
    Kind.FOLDER: "the folder stays: it may hold documents",
    Kind.FILE: "the file stays: somebody may have written in it",
    Kind.PAGE: "the page stays: take it away by hand when nobody needs it",
    Kind.TEAM: "a team is never deleted from here",
    Kind.CHANNEL: "a channel is never deleted from here: people may have talked in it",
    Kind.LABEL: "a label comes off by hand only, with a reason",
}
"""Why what was made stays, by kind."""

_SETTINGS = frozenset({Kind.REGION, Kind.ACCESS, Kind.LOOK, Kind.SHARING, Kind.STORAGE, Kind.LOCK})
"""Kinds that every site has: setting them for the first time goes with making the site."""

_GROWING = frozenset({
    "columns", "content types", "columns shown", "required columns", "hidden columns", "other languages",
    "terms",
})  # fmt: skip
"""Lists from which nothing is taken away."""


_GONE: Mapping[tuple[Kind, str], str] = {
    (Kind.PAGE, "content"): "restore the page from its version history",
    (Kind.LOOK, "logo"): "set the former picture in the site's settings",
    (Kind.HUB, "logo"): "set the former picture in the settings of the hub",
}
"""What a change replaces and nobody keeps, and what to do instead."""


_OWN = "own permissions"


@dataclass(frozen=True, slots=True)
class Inverse:
    """What takes a change back: `change` is None when nothing does. `lost` says what cannot be taken back, and why."""

    change: Change | None
    lost: str = ""


def inverse(change: Change) -> Inverse:
    """What takes this change back."""
    kind = Kind(change.kind)
    if change.action is Action.REMOVE:
        return _made_again(change, kind)
    if change.action is Action.UPDATE:
        return _set_back(change)
    if kind in _MADE:
        return Inverse(None, _MADE[kind])
    if kind in _SETTINGS:
        return Inverse(None, "it came with the site: what it was before it was set is not known")
    gone = {name: value for name, value in change.after.items() if name != "items"}
    lost = "only while it is empty" if kind in (Kind.LIBRARY, Kind.LIST) else ""
    return Inverse(Change(change.site, Action.REMOVE, change.kind, change.key, change.label, gone), lost)


def lasting(change: Change) -> str:
    """What of a change cannot be taken back later, for plans to show before; empty when all can."""
    found = inverse(change)
    return found.lost if found.change is None or change.action is not Action.CREATE else ""


def _made_again(change: Change, kind: Kind) -> Inverse:
    if kind in (Kind.LIBRARY, Kind.LIST, Kind.PAGE):
        return Inverse(None, "it lies in the site's recycle bin for 93 days: restore it there")
    if not change.before:
        return Inverse(None, "what it was like is not recorded")
    made = Change(change.site, Action.CREATE, change.kind, change.key, change.label, {}, dict(change.before))
    return Inverse(made)


def _set_back(change: Change) -> Inverse:
    kind = Kind(change.kind)
    gone = {name: _GONE[kind, name] for name in change.after if (kind, name) in _GONE}
    if _OWN in change.after and change.before.get(_OWN):
        # Set back, the library would be closed to everybody.
        gone[_OWN] = "who had which permission is not recorded: give the library its own again by hand"
    back: Attributes = {
        name: value
        for name, value in change.before.items()
        if name in change.after and name not in _GROWING and value is not None and name not in gone
    }
    stay = [name for name in change.after if name not in back and name not in gone]
    told = [f"{', '.join(stay)}: what was added stays, and what was unset is not unset"] if stay else []
    told += [f"{name}: {why}" for name, why in gone.items()]
    if _OWN in back:
        told.append(f"{_OWN}: what single folders and files had of their own is gone")
    lost = "; ".join(told)
    if not back:
        return Inverse(None, lost)
    present = {name: change.after[name] for name in back}
    return Inverse(Change(change.site, Action.UPDATE, change.kind, change.key, change.label, present, back), lost)
