"""The training pathway: its modules, how long each is valid, what each one opens, and where it is booked."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from spmigrate.formats import yaml
from spmigrate.registers.consistency import doubles, refuse
from spmigrate.registers.people import MODULE, Person, Text
from spmigrate.words import day

FILE = "training.yaml"


class Gate(StrEnum):
    """What somebody may do only with a module that is valid."""

    RESTRICTED_SITE = "access to restricted site"
    SIGN_OFF = "sign-off"
    SITE_REQUEST = "site request"
    PROVISION = "provision"
    GUEST_SPONSOR = "guest sponsor"
    TEMPLATE_PROPOSALS = "template proposals"
    WAIVER_APPROVAL = "waiver approval"
    WAVE_GO_LIVE = "wave go-live"


class Module(yaml.Described):
    """A module of the training pathway."""

    id: Annotated[str, MODULE]
    """What the other registers call the module."""
    title: Text
    """What it is about, in the words of the course list."""
    for_: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Who takes it: audiences in the council's own words."""
    form: Text
    """How it is taught, and how long it takes."""
    valid_months: Annotated[int | None, Field(ge=1, le=120)] = None
    """For how many months it counts; without it, for good."""
    due_days: Annotated[int | None, Field(ge=1, le=366)] = None
    """Within how many days of starting it must be taken."""
    gates: tuple[Gate, ...] = ()
    """What nobody may do without it."""
    booking: Text | None = None
    """Where it is booked, when that is another place than for the rest."""

    def runs_out(self, completed: date) -> date | None:
        """The first day on which a module completed on that day counts no longer; None when it always will."""
        return None if self.valid_months is None else months_after(completed, self.valid_months)


@dataclass(frozen=True, slots=True)
class Lack:
    """A module that somebody needs and does not have: why not, and where it is booked."""

    module: str
    title: str
    reason: str
    booking: str


class TrainingRegister(yaml.Described):
    """training.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Of the form of this file."""
    booking: Text
    """Where modules are booked: an address that opens in a browser, or a mailbox."""
    modules: Annotated[list[Module], Field(min_length=1)]
    """An entry for each module."""

    def ids(self) -> frozenset[str]:
        """The ids of all modules."""
        return frozenset(each.id for each in self.modules)

    def module(self, wanted: str) -> Module | None:
        """The module of this id, None when there is none."""
        return next((each for each in self.modules if each.id == wanted), None)

    def opening(self, gate: Gate) -> tuple[str, ...]:
        """The ids of the modules that open a gate."""
        return tuple(each.id for each in self.modules if gate in each.gates)

    def lacking(self, person: Person | None, modules: Sequence[str], on: date) -> list[Lack]:
        """Those of `modules` that `person` has not taken, or whose validity had run out on the day `on`.

        Nobody (None) has taken none. A module completed after `on` does not count yet.
        """
        return [lack for wanted in modules if (lack := self._lack(person, wanted, on))]

    def _lack(self, person: Person | None, wanted: str, on: date) -> Lack | None:
        module = self.module(wanted)
        title, booking = (module.title, module.booking or self.booking) if module else ("", self.booking)
        taken = [each.completed for each in person.training if each.module == wanted] if person else []
        counted = [each for each in taken if each <= on]
        if not counted:
            return Lack(wanted, title, "never taken", booking)
        ended = module.runs_out(max(counted)) if module else None
        return Lack(wanted, title, f"ran out on {day(ended)}", booking) if ended and ended <= on else None


def read_training(folder: Path) -> TrainingRegister:
    """training.yaml of `folder`. Raises InputError with every problem, doubled modules included."""
    document = yaml.source(folder / FILE)
    register = yaml.validate(document, TrainingRegister)
    refuse(document, doubles(document, "modules", "id", (each.id for each in register.modules)))
    return register


def months_after(start: date, months: int) -> date:
    """The same day so many months later; the last of the month where that day does not exist."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
