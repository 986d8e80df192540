"""How a site differs from what is wanted: pure, attribute by attribute, in the order of work.

Three things are compared: what is wanted now, what the site holds, and what was last applied to it. Parts are matched
by kind and key, so a column is adopted by its internal name whatever its id. Nothing is removed because it is absent:
only what a template lists under `remove`, and links of an exact menu that it named once and names no longer.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from spmigrate.plan.change import Action, Change, Mover, Note, Plan, Sort, fingerprints
from spmigrate.provision.equality import target
from spmigrate.provision.order import in_order
from spmigrate.provision.ownership import Ownership, compared, owner_of
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import Attributes, Kind, Part, SiteContents, Value

Place = tuple[Kind, str]
Recorded = Mapping[tuple[str, str], Attributes]
"""What was last applied to each part, by kind and key."""

_NOTHING: Recorded = {}
Unfinished = Mapping[tuple[str, str], Collection[str]]
"""The attributes of parts, by kind and key, whose writing was begun and is not known to have ended."""

_ALL_FINISHED: Unfinished = {}


@dataclass(slots=True)
class _Found:
    """What a comparison finds, in the order of the template."""

    changes: list[Change] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unchanged: int = 0


def compare(
    desired: DesiredSite,
    actual: SiteContents | None,
    recorded: Recorded = _NOTHING,
    *,
    unfinished: Unfinished = _ALL_FINISHED,
) -> Plan:
    """What would be done to make `actual` as desired; `actual` is None while there is no such site.

    A part whose writing a run left `unfinished` is written again even when it has its values by now: what comes after
    them, such as publishing a page, cannot be seen by comparing.
    """
    present = actual or SiteContents.of(desired.address, ())
    found = _Found()
    before = recorded if actual is not None else _NOTHING
    for part in desired.contents.parts.values():
        _Comparison(desired, part, present, before, unfinished).into(found)
    for part in _unwanted(desired, present, before):
        note = _protected(desired, part)
        if note is not None:
            found.notes.append(note)
        else:
            found.changes.append(_remove(desired, part))
    read = {desired.address: fingerprints(actual)}
    return Plan((desired.address,), in_order(found.changes), tuple(found.notes), found.unchanged, read)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One wanted part against what is there and what was applied."""

    desired: DesiredSite
    part: Part
    present: SiteContents
    recorded: Recorded
    unfinished: Unfinished

    def into(self, found: _Found) -> None:
        """Add what this part differs in, or that it does not."""
        there = self.present.parts.get(self.part.place)
        if there is None:
            self._absent(found)
            return
        changed: dict[str, str] = {}
        before: dict[str, Value] = {}
        after: dict[str, Value] = {}
        equal: dict[str, Value] = {}
        for name in compared(self.part):
            wanted = self._target(there, name, self.part.attributes[name])
            if wanted == there.attributes.get(name):
                equal[name] = wanted
                continue
            left = self._left(there, name)
            if left is None:
                before[name], after[name] = there.attributes.get(name), wanted
                changed |= {name: mover} if (mover := self._mover(there, name)) else {}
            else:
                found.notes.extend(left)
        begun = self.unfinished.get((self.part.kind.value, self.part.key), ())
        rest = {name: value for name, value in equal.items() if name in begun}
        if after or rest:
            found.changes.append(self._change(Action.UPDATE, {**rest, **before}, {**rest, **after}, changed))
        else:
            found.unchanged += 1

    def _absent(self, found: _Found) -> None:
        """The part is not there: made, unless the site's owners took away what is theirs."""
        was = self._was()
        if was is not None and self.part.place in self.desired.seeded:
            moved = any(was.get(name) != value for name, value in self.part.attributes.items())
            text = "the site's owners took it away" + (", and the template changed it since" if moved else "")
            found.notes.append(self._note(text, Sort.CONFLICT if moved else Sort.KEPT))
            return
        mover = Mover.SITE.value if was is not None else Mover.TEMPLATE.value if self.recorded else ""
        after = {name: value for name, value in self.part.attributes.items() if name != "items"}
        found.changes.append(self._change(Action.CREATE, {}, after, {"": mover} if mover else {}))

    def _left(self, there: Part, name: str) -> list[Note] | None:
        """Why a difference stays, which may be nothing to speak of; None when it does not stay."""
        present, wanted = there.attributes.get(name), self.part.attributes[name]
        owner = owner_of(self.part, name, self.desired.seeded)
        if owner is Ownership.OWNED:
            return None
        if owner is Ownership.FIXED:
            return [self._note(f"{name} is {_say(present)}, the template says {_say(wanted)}", Sort.FIXED)]
        if name not in there.attributes:  # it was not read
            return []
        was = (self._was() or {}).get(name)
        if was is None or was == wanted:
            return [self._note(f"{name} is {_say(present)}, the template began with {_say(wanted)}", Sort.KEPT)]
        if self._target(there, name, was) == present:
            return None
        text = f"{name} is {_say(present)}; the template moved from {_say(was)} to {_say(wanted)}"
        return [self._note(text, Sort.CONFLICT)]

    def _mover(self, there: Part, name: str) -> str:
        was = self._was()
        if was is None or name not in was:
            return ""
        template = was[name] != self.part.attributes[name]
        site = self._target(there, name, was[name]) != there.attributes.get(name)
        if template and site:
            return Mover.BOTH.value
        return Mover.TEMPLATE.value if template else Mover.SITE.value

    def _was(self) -> Attributes | None:
        return self.recorded.get((self.part.kind.value, self.part.key))

    def _target(self, there: Part, name: str, wanted: Value) -> Value:
        return target(self.part.kind, name, there.attributes.get(name), wanted, host=self.present.host)

    def _change(self, action: Action, before: Attributes, after: Attributes, moved: Mapping[str, str]) -> Change:
        part, reasons = self.part, self.desired.reasons
        told = {name: reasons[part.place, name] for name in ("", *after) if (part.place, name) in reasons}
        return Change(self.desired.address, action, part.kind, part.key, part.label, before, after, moved, told)

    def _note(self, text: str, sort: Sort) -> Note:
        return Note(self.desired.address, self.part.subject, text, sort)


def _unwanted(desired: DesiredSite, present: SiteContents, recorded: Recorded) -> Iterator[Part]:
    """What is there and should not be: what the template removes, and links of its exact menus that it named once."""
    gone = dict.fromkeys(part.place for part in desired.absent)
    for place in gone:
        found = present.parts.get(place)
        if found is not None:
            yield found
    for place, part in present.parts.items():
        menu = part.attributes.get("menu", "quick launch") if part.kind is Kind.LINK else None
        ours = (part.kind.value, part.key) in recorded and place not in desired.contents.parts
        if menu in desired.exact_menus and ours and place not in gone:
            yield part


def _remove(desired: DesiredSite, part: Part) -> Change:
    gone = {name: value for name, value in part.attributes.items() if name != "items"}
    told = {"": desired.reasons[part.place, ""]} if (part.place, "") in desired.reasons else {}
    return Change(desired.address, Action.REMOVE, part.kind, part.key, part.label, gone, because=told)


def _protected(desired: DesiredSite, found: Part) -> Note | None:
    """Why a part that should go must stay, None when it may go."""
    if found.kind is Kind.PAGE and found.attributes.get("is home page"):
        pages = [part for part in desired.contents.parts.values() if part.kind is Kind.PAGE]
        if not any(page.attributes.get("is home page") for page in pages):
            text = "it should go, but the site opens with it; let it open with another page first: 'home page'"
            return Note(desired.address, found.subject, text, Sort.PROTECTED)
    if found.kind not in (Kind.LIBRARY, Kind.LIST) or found.attributes.get("items") == 0:
        return None
    items = found.attributes.get("items")
    held = f"{items} items" if isinstance(items, int) else "an unknown number of items"
    text = f"it should go, but it holds {held}; move them first"
    return Note(desired.address, found.subject, text, Sort.PROTECTED)


def _say(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return "nothing" if value in (None, "") else str(value)
