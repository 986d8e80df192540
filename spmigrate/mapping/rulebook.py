"""What the protocol of sign-off goes by: policy, people, training, retention schedule, partners, units, versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from spmigrate.registers.calendar import FreezeCalendar
from spmigrate.registers.people import PeopleRegister, Person
from spmigrate.registers.policy import SignoffPolicy
from spmigrate.registers.retention import Schedule
from spmigrate.registers.training import TrainingRegister
from spmigrate.store.row_identity import sha256
from spmigrate.words import folded


@dataclass(frozen=True, slots=True)
class PartnerEntry:
    """A partner of the register: all that it says, and why nothing may be shared with it now, if so."""

    id: str
    name: str
    content: Mapping[str, Any]
    trouble: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all that the register says of it."""
        return sha256(dict(self.content))

    def is_called(self, text: str) -> bool:
        """Whether an owner's words name this partner: by id, by name, or by both."""
        return folded(text) in {folded(each) for each in (self.id, self.name, f"{self.id} {self.name}")}


@dataclass(frozen=True)
class Rulebook:
    """The registers as they stand. `units` maps the code of a unit to those above it; `templates` names versions."""

    policy: SignoffPolicy
    people: PeopleRegister
    training: TrainingRegister
    schedule: Schedule
    calendar: FreezeCalendar
    partners: tuple[PartnerEntry, ...]
    units: Mapping[str, tuple[str, ...]]
    templates: str
    partners_version: str

    def partner(self, text: str) -> PartnerEntry | None:
        """The partner that an owner named, None when the register has none of that name."""
        return next((each for each in self.partners if each.is_called(text)), None)

    def owner(self, role: str, on: date) -> Person | None:
        """Who holds the role of an owner on this day."""
        found = self.people.person(role, on=on)
        return found if found and found.in_post(on) else None

    def unit_of(self, person: Person | None) -> list[str]:
        """The unit of a person with those above it, from the top; empty when the register names none."""
        if person is None or person.unit is None:
            return []
        return [*self.units.get(person.unit, ()), person.unit]
