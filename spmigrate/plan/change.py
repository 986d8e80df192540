"""What would be done to a tenant: actions, changes and plans, as data that can be shown, saved and compared."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from spmigrate.errors import InputError, Problem
from spmigrate.tenant.contents import Attributes, Value

_FORMAT = 1


class Action(StrEnum):
    """What a change does, by the symbol that plans show."""

    CREATE = "+"
    UPDATE = "~"
    REMOVE = "-"

    @property
    def word(self) -> str:
        """The word for it in results and in the journal."""
        return {"+": "add", "~": "change", "-": "remove"}[self.value]


@dataclass(frozen=True, slots=True)
class Change:
    """One step. `before` holds the present values of what changes (nothing when created), `after` the wanted ones."""

    site: str
    action: Action
    kind: str
    key: str
    label: str
    before: Attributes = field(default_factory=dict)
    after: Attributes = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """Kind and label: `column "Review date"`."""
        return f'{self.kind} "{self.label}"' if self.label else str(self.kind)

    def covers(self, other: "Change") -> bool:
        """Whether `other` does no more than this change, or finishes what a stopped run left half done of it.

        A part that this change creates may exist by now with other values than the wanted ones. Lists that only grow
        may have grown by some of what is wanted.
        """
        if (self.site, self.kind, self.key) != (other.site, other.kind, other.key) or Action.REMOVE in (
            self.action, other.action,
        ):  # fmt: skip
            return self == other
        for name, value in other.after.items():
            before = other.before.get(name)
            if name not in self.after or not _reaches(self.after[name], before, value):
                return False
            if self.action is Action.UPDATE and not _on_the_way(self.before.get(name), before, value):
                return False
        return True

    def and_also(self, other: "Change") -> "Change":
        """This change with what another one does to the same part."""
        return replace(self, before={**self.before, **other.before}, after={**self.after, **other.after})

    def as_json(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return {
            "site": self.site, "action": self.action.word, "kind": self.kind, "key": self.key, "label": self.label,
            "before": dict(self.before), "after": dict(self.after),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """A difference that no change can close, and why; shown with every plan."""

    site: str
    subject: str
    text: str

    def as_json(self) -> dict[str, str]:
        """The note as a JSON object."""
        return {"site": self.site, "subject": self.subject, "text": self.text}


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes in the order of work. `sites` names every site that was compared, `unchanged` counts equal parts."""

    sites: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    unchanged: int = 0

    @property
    def id(self) -> str:
        """A short digest of the changes: equal plans have equal ids."""
        text = json.dumps([change.as_json() for change in self.changes], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def of(self, site: str) -> tuple[Change, ...]:
        """The changes of one site, in order."""
        return tuple(change for change in self.changes if change.site == site)

    def shows(self, change: Change) -> bool:
        """Whether the plan's changes of this part, together, cover a change that was found to be left to do."""
        whole: Change | None = None
        for each in self.of(change.site):
            if (each.kind, each.key) == (change.kind, change.key):
                whole = each if whole is None else whole.and_also(each)
        return whole is not None and whole.covers(change)

    def count(self, action: Action) -> int:
        """How many changes do this."""
        return sum(change.action is action for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        """The plan as the document that `--json` prints and that `load` takes back."""
        return {
            "format": _FORMAT,
            "plan": self.id,
            "counts": {action.word: self.count(action) for action in Action} | {"unchanged": self.unchanged},
            "sites": list(self.sites),
            "changes": [change.as_json() for change in self.changes],
            "notes": [note.as_json() for note in self.notes],
        }


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
            notes=tuple(Note(each["site"], each["subject"], each["text"]) for each in document["notes"]),
            unchanged=document["counts"]["unchanged"],
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
    )  # fmt: skip


def _attributes(document: Mapping[str, Any]) -> Attributes:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in document.items()}


def _not_a_plan(name: str, text: str) -> InputError:
    return InputError(
        f"{name} cannot be applied", [Problem(name, text)], hint="make one with: spmigrate site plan --json > plan.json"
    )
