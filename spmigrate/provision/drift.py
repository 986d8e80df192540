"""What people changed on sites since they were last applied, by who owns it. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from spmigrate.plan.change import Action, Change, Mover, Plan, Sort
from spmigrate.provision.ownership import Ownership
from spmigrate.tenant.contents import Value


@dataclass(frozen=True, slots=True)
class Drift:
    """One attribute of a part that is not as the template says. `attribute` is empty for a part that is missing."""

    site: str
    subject: str
    attribute: str
    template: Value
    present: Value
    owner: Ownership
    mover: str
    text: str

    @property
    def counts(self) -> bool:
        """Whether it is drift: somebody changed what the template owns. What owners own is theirs to change."""
        return self.owner is Ownership.OWNED and self.mover != Mover.TEMPLATE

    def as_json(self) -> dict[str, object]:
        """The drift as a JSON object."""
        return {
            "site": self.site, "subject": self.subject, "attribute": self.attribute, "template": self.template,
            "present": self.present, "owner": self.owner.value, "moved": self.mover, "text": self.text,
            "drift": self.counts,
        }  # fmt: skip


def drifts(plan: Plan) -> list[Drift]:
    """Every difference of a plan: changes attribute by attribute, then what stays."""
    found = [drift for change in plan.changes for drift in _of(change)]
    for note in plan.notes:
        owner = Ownership.SEEDED if note.sort in (Sort.KEPT, Sort.CONFLICT) else Ownership.FIXED
        found.append(Drift(note.site, note.subject, "", None, None, owner, "", note.text))
    return found


def by_owner(found: list[Drift]) -> Counter[str]:
    """How many differences there are by who owns what differs; what the template itself moved is left out."""
    return Counter(drift.owner.value for drift in found if drift.mover != Mover.TEMPLATE)


def _of(change: Change) -> Iterator[Drift]:
    whole = str(change.moved.get("", ""))
    if change.action is Action.UPDATE:
        for name, wanted in change.after.items():
            mover, present = str(change.moved.get(name, "")), change.before.get(name)
            if name in change.before and present == wanted:
                continue  # it is only to be finished
            yield Drift(change.site, change.subject, name, wanted, present, Ownership.OWNED, mover, "")
        return
    text = "it is missing" if change.action is Action.CREATE else "it should not be there"
    yield Drift(change.site, change.subject, "", None, None, Ownership.OWNED, whole, text)
