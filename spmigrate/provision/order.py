"""The order of work: within a site by kind, sharing that closes first and what opens last; hubs before their sites."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from spmigrate.plan.change import Action, Change
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import SHARING_LEVELS, Kind, Value

LOCKS: tuple[str, ...] = ("Unlocked", "No additions", "Read only", "No access")
"""The states of a site's lock, from open to closed."""

_OUTSIDE = "external sharing"
_OPENNESS: Mapping[str, tuple[str, ...]] = {
    _OUTSIDE: tuple(SHARING_LEVELS),
    "default link": ("Specific people", "People in the organisation", "Anyone"),
    "default link permission": ("View", "Edit"),
    "unmanaged devices": ("Blocked", "Web only", "Full access"),
}
"""The values of sharing from the tightest to the most open. Days until links expire close by getting fewer; 0 is
never. What access is restricted to closes as it gets shorter; nothing is no restriction."""

_COLUMN_LISTS = ("columns", "required columns", "hidden columns", "columns shown")
"""Attributes that name columns by their internal names."""

_BEFORE, _EARLY, _NORMAL, _OPEN, _TEAMS, _LAST = range(6)
_LOOKUPS = Kind.LIST.order + 0.5


def in_order(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes of one site in the order of work; those that belong at two moments are split."""
    lookups = {change.key for change in changes if _is_lookup(change)}
    turns = [turn for change in changes for turn in _in_turn(change, lookups)]
    return tuple(sorted(turns, key=lambda change: _place(change, lookups)))


def levels(desired: Sequence[DesiredSite]) -> list[list[DesiredSite]]:
    """The sites in turns: the hubs without a parent among them, those below these, and so on; all others last."""
    parents = {
        site.address.casefold(): str(hub.attributes.get("parent") or "").casefold()
        for site in desired
        if (hub := site.contents.get(Kind.HUB)) is not None
    }
    found: dict[int, list[DesiredSite]] = {}
    for site in desired:
        depth = _depth(site.address.casefold(), parents) if site.is_hub else len(parents) + 1
        found.setdefault(depth, []).append(site)
    return [found[depth] for depth in sorted(found)]


def closes(name: str, before: Value, after: Value) -> bool:
    """Whether an attribute of sharing surely becomes no more open.

    What a site that is still to be made begins with, and what the tenant's default is, nobody knows here: only the
    tightest value surely closes then, and only leaving the most open one.
    """
    if isinstance(after, tuple):
        return bool(after) and (not before or _names(after) <= _names(before))
    if name not in _OPENNESS:
        return isinstance(after, int) and after > 0 and (not isinstance(before, int) or not before or after < before)
    known = _OPENNESS[name]
    if after == known[0] or before == known[-1]:
        return True
    return before in known and after in known and known.index(str(after)) < known.index(str(before))


def _depth(address: str, parents: Mapping[str, str]) -> int:
    """How many hubs stand above this one; a ring counts once round."""
    seen: list[str] = []
    while address in parents and address not in seen:
        seen.append(address)
        address = parents[address]
    return len(seen)


def _is_lookup(change: Change) -> bool:
    return change.kind == Kind.COLUMN and change.action is Action.CREATE and bool(change.after.get("looks up"))


def _in_turn(change: Change, lookups: Collection[str]) -> Iterator[Change]:
    if change.kind == Kind.SHARING:
        yield from _sharing_in_turn(change)
        return
    late = {name for name in _COLUMN_LISTS if _names(change.after.get(name)) & set(lookups)}
    if change.kind not in (Kind.CONTENT_TYPE, Kind.LIBRARY, Kind.LIST) or not late:
        yield change
        return
    early = {name: _without(value, lookups) if name in late else value for name, value in change.after.items()}
    early = {name: value for name, value in early.items() if change.before.get(name) != value}
    if early or change.action is Action.CREATE:
        yield replace(change, after=early)
    before = {name: early.get(name, change.before.get(name)) for name in late}
    after = {name: change.after[name] for name in late}
    yield replace(change, action=Action.UPDATE, before=before, after=after)


def _sharing_in_turn(change: Change) -> Iterator[Change]:
    """What closes, then what opens. A new site is shared as the tenant has it: it is closed until it is all done."""
    shut = {name for name, value in change.after.items() if closes(name, change.before.get(name), value)}
    opens = change.only(change.after.keys() - shut)
    closed = change.only(shut)
    if change.action is Action.CREATE and _OUTSIDE in opens.after:
        tightest = _OPENNESS[_OUTSIDE][0]
        closed = replace(closed, after={_OUTSIDE: tightest, **closed.after})
        opens = replace(opens, action=Action.UPDATE, before={_OUTSIDE: tightest})
    yield from (each for each in (closed, opens) if each.after)


def _names(value: Value) -> set[str]:
    return set(value) if isinstance(value, tuple) else set()


def _without(value: Value, lookups: Collection[str]) -> Value:
    return tuple(each for each in value if each not in lookups) if isinstance(value, tuple) else value


def _place(change: Change, lookups: Collection[str]) -> tuple[int, float, int]:
    """Where a change stands: its turn, its kind, and its depth below another part of the kind."""
    kind = Kind(change.kind)
    if kind is Kind.SITE:
        return _BEFORE, 0, 0
    if kind is Kind.LOCK:
        return (_EARLY, 0, 0) if _unlocks(change) else (_LAST, 0, 0)
    if kind is Kind.SHARING:
        shut = all(closes(name, change.before.get(name), value) for name, value in change.after.items())
        return (_EARLY, 1, 0) if shut else (_OPEN, 0, 0)
    if kind in (Kind.TEAM, Kind.CHANNEL):
        return _TEAMS, kind.order, 0
    place: float = kind.order
    if kind is Kind.COLUMN and change.key in lookups:
        place = _LOOKUPS
    elif any(_names(change.after.get(name)) & set(lookups) for name in _COLUMN_LISTS) and place < _LOOKUPS:
        place = _LOOKUPS + 0.1 + kind.order / 1000
    return _NORMAL, place, _depth_within(change)


def _depth_within(change: Change) -> int:
    """Folders and links after what they lie in; when they are removed, before it. Bound columns come before views."""
    if change.action is Action.REMOVE:
        return -change.key.count("/")
    if change.kind == Kind.LINK:
        return 1 if change.after.get("parent") else 0
    return change.key.count("/") if change.kind == Kind.FOLDER else 0


def _unlocks(change: Change) -> bool:
    before, after = change.before.get("state"), change.after.get("state")
    return before in LOCKS and after in LOCKS and LOCKS.index(str(after)) < LOCKS.index(str(before))
