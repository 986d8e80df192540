"""What would be done to a tenant: actions, changes and plans, as data that can be shown, saved and compared."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from spmigrate.errors import InputError, Problem
from spmigrate.tenant.contents import Attributes, SiteContents, Value

_FORMAT = 2

WHOLE_TENANT = "whole tenant"
"""What stands in the place of a site's address for changes that all sites share: term sets and themes."""


class Action(StrEnum):
    """What a change does, by the symbol that plans show."""

    CREATE = "+"
    UPDATE = "~"
    REMOVE = "-"

    @property
    def word(self) -> str:
        """The word for it in results and in the journal."""
        return {"+": "add", "~": "change", "-": "remove"}[self.value]


class Mover(StrEnum):
    """Who moved since a part was last applied; nobody knows for a part that never was."""

    TEMPLATE = "template"
    SITE = "site"
    BOTH = "both"


class Sort(StrEnum):
    """The sorts of differences that no change closes."""

    FIXED = "fixed"
    """SharePoint cannot change it."""
    KEPT = "kept"
    """The site's owners decide about it."""
    CONFLICT = "conflict"
    """The site's owners decide about it, and the template moved on too."""
    PROTECTED = "protected"
    """It would destroy something."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step. `before` holds the present values of what changes (nothing when created), `after` the wanted ones.

    `moved` says by attribute who moved since the part was last applied, `because` why a site departs from its
    template; the empty name stands for the part as a whole.
    """

    site: str
    action: Action
    kind: str
    key: str
    label: str
    before: Attributes = field(default_factory=dict)
    after: Attributes = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """Kind and label: `column "Review date"`."""
        return f'{self.kind} "{self.label}"' if self.label else str(self.kind)

    @property
    def place(self) -> tuple[str, str, str]:
        """The part that it is about: site, kind and key."""
        return self.site, self.kind, self.key

    @property
    def finishes(self) -> bool:
        """Whether it changes no value: a run was stopped before the last writes of this part, which are made again."""
        return self.action is Action.UPDATE and self.before == self.after

    def covers(self, other: "Change") -> bool:
        """Whether `other` does no more than this change, or finishes what a stopped run left half done of it.

        A part that this change creates may exist by now with other values than the wanted ones. Lists that only grow
        may have grown by some of what is wanted.
        """
        if self.place != other.place:
            return False
        if Action.REMOVE in (self.action, other.action):
            return self.action is other.action
        for name, value in other.after.items():
            before = other.before.get(name)
            if name not in self.after or not _reaches(self.after[name], before, value):
                return False
            done = before == value
            if self.action is Action.UPDATE and not done and not _on_the_way(self.before.get(name), before, value):
                return False
        return True

    def and_also(self, other: "Change") -> "Change":
        """This change with what another one does to the same part."""
        return replace(self, before={**other.before, **self.before}, after={**self.after, **other.after})

    def only(self, names: Collection[str]) -> "Change":
        """What of this change is about these attributes."""
        return replace(
            self,
            before={name: value for name, value in self.before.items() if name in names},
            after={name: value for name, value in self.after.items() if name in names},
        )

    def as_json(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return {
            "site": self.site, "action": self.action.word, "kind": self.kind, "key": self.key, "label": self.label,
            "before": dict(self.before), "after": dict(self.after), "moved": dict(self.moved),
            "because": dict(self.because),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """A difference that no change closes, and why."""

    site: str
    subject: str
    text: str
    sort: Sort = Sort.FIXED

    @property
    def counts(self) -> bool:
        """Whether somebody should look at it: what owners decide themselves is in order."""
        return self.sort is not Sort.KEPT

    def as_json(self) -> dict[str, str]:
        """The note as a JSON object."""
        return {"site": self.site, "subject": self.subject, "text": self.text, "sort": self.sort.value}


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes in the order of work. `sites` names every site that was compared, `unchanged` counts equal parts.

    `read` holds a digest, by site and kind of part, of what was read: whether a site moved since can be told.
    """

    sites: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    unchanged: int = 0
    read: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """A short digest of the changes: equal plans have equal ids."""
        return digest([change.as_json() for change in self.changes])

    def of(self, site: str) -> tuple[Change, ...]:
        """The changes of one site, in order."""
        return tuple(change for change in self.changes if change.site == site)

    def shows(self, change: Change) -> bool:
        """Whether the plan's changes of this part, together, cover all that was found to be left to do of it."""
        return any(each.covers(change) for each in whole(self.of(change.site)) if each.place == change.place)

    def part(self, site: str) -> "Plan":
        """What the plan says of one site."""
        return Plan(
            (site,), self.of(site), tuple(note for note in self.notes if note.site == site),
            read={site: self.read[site]} if site in self.read else {},
        )  # fmt: skip

    def count(self, action: Action) -> int:
        """How many changes do this."""
        return sum(change.action is action for change in self.changes)

    def noted(self, sort: Sort) -> tuple[Note, ...]:
        """The differences of this sort that stay."""
        return tuple(note for note in self.notes if note.sort is sort)

    def as_json(self) -> dict[str, Any]:
        """The plan as the document that `--json` prints and that `load` takes back."""
        return {
            "format": _FORMAT,
            "plan": self.id,
            "counts": {action.word: self.count(action) for action in Action}
            | {"unchanged": self.unchanged}
            | {sort.value: len(self.noted(sort)) for sort in Sort},
            "sites": list(self.sites),
            "changes": [change.as_json() for change in self.changes],
            "notes": [note.as_json() for note in self.notes],
            "read": {site: dict(kinds) for site, kinds in self.read.items()},
        }


def whole(changes: Iterable[Change]) -> list[Change]:
    """Changes with those of one part, which may be made at different moments, put together."""
    found: dict[tuple[str, str, str], Change] = {}
    for change in changes:
        found[change.place] = found[change.place].and_also(change) if change.place in found else change
    return list(found.values())


def digest(document: object) -> str:
    """A short digest of a JSON document: equal documents have equal ones."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:12]


def fingerprints(contents: SiteContents | None) -> dict[str, str]:
    """A digest of what was read of each kind of part; nothing for a site that is not there."""
    found: dict[str, list[object]] = {}
    for part in contents.parts.values() if contents else ():
        told = {name: value for name, value in part.attributes.items() if name != "items"}
        found.setdefault(part.kind.value, []).append([part.key, told])
    return {kind: digest(sorted(parts, key=str)) for kind, parts in found.items()}


def _reaches(shown: Value, before: Value, after: Value) -> bool:
    """Whether a value ends where it was shown to end; lists may keep what they hold by now."""
    if isinstance(shown, tuple) and isinstance(before, tuple) and isinstance(after, tuple):
        return set(shown) <= set(after) <= {*shown, *before}
    return shown == after


def _on_the_way(shown: Value, before: Value, after: Value) -> bool:
    """Whether a value is still where it was shown to begin, or between there and its end."""
    if isinstance(shown, tuple) and isinstance(before, tuple) and isinstance(after, tuple) and shown != before:
        return set(shown) <= set(before) <= set(after)
    return shown == before


def join(plans: Iterable[Plan]) -> Plan:
    """Several plans as one, in their order."""
    kept = list(plans)
    return Plan(
        sites=tuple(site for plan in kept for site in plan.sites),
        changes=tuple(change for plan in kept for change in plan.changes),
        notes=tuple(note for plan in kept for note in plan.notes),
        unchanged=sum(plan.unchanged for plan in kept),
        read={site: kinds for plan in kept for site, kinds in plan.read.items()},
    )


def load(text: str, name: str) -> Plan:
    """A saved plan. `name` says where it comes from. Raises InputError when it is not one, or was edited."""
    try:
        document = json.loads(text)
        if document["format"] != _FORMAT:
            raise _not_a_plan(name, f"is of format {document['format']}, not {_FORMAT}")
        plan = Plan(
            sites=tuple(document["sites"]),
            changes=tuple(_change(each) for each in document["changes"]),
            notes=tuple(
                Note(each["site"], each["subject"], each["text"], Sort(each["sort"])) for each in document["notes"]
            ),
            unchanged=document["counts"]["unchanged"],
            read={site: dict(kinds) for site, kinds in document["read"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _not_a_plan(name, "is not a plan") from None
    if plan.id != document["plan"]:
        raise _not_a_plan(name, "was edited after it was made")
    return plan


def _change(document: Mapping[str, Any]) -> Change:
    words = {action.word: action for action in Action}
    return Change(
        site=document["site"], action=words[document["action"]], kind=document["kind"], key=document["key"],
        label=document["label"], before=_attributes(document["before"]), after=_attributes(document["after"]),
        moved=dict(document["moved"]), because=dict(document["because"]),
    )  # fmt: skip


def _attributes(document: Mapping[str, Any]) -> Attributes:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in document.items()}


def _not_a_plan(name: str, text: str) -> InputError:
    return InputError(
        f"{name} cannot be applied", [Problem(name, text)], hint="make one with: spmigrate site plan --out plan.json"
    )
