"""The register of people: who has which role, since when, what they may decide, and what they have learnt."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from spmigrate.errors import Problem
from spmigrate.formats import yaml
from spmigrate.registers.consistency import doubles, refuse
from spmigrate.words import folded

FILE = "people.yaml"
ID = yaml.Form("[a-z0-9.-]+", "an id such as structures.lead: small letters, digits, . and -")
ACCOUNT = yaml.Form(r"[^@\s]+@[^@\s]+", "a sign-in name such as structures.lead@council.example")
MODULE = yaml.Form("[A-Z][0-9]{2}", "a module such as G01: a capital and two digits")
UNIT = yaml.Form("[A-Z0-9]+", "the code of a unit, such as HWMS: capitals and digits")

Text = Annotated[str, Field(min_length=1)]


class Right(StrEnum):
    """What a person may decide in governance."""

    APPROVE_WAIVERS = "approve waivers"
    APPROVE_ASSESSMENTS = "approve assessments"


class Training(yaml.Described):
    """A module of the training pathway that somebody has completed."""

    module: Annotated[str, MODULE]
    """The module of the training pathway."""
    completed: yaml.Day
    """The day on which it was completed."""


class Delegation(yaml.Described):
    """For whom somebody decides in their absence, and until when."""

    person: Annotated[str, ID]
    """Whose decisions: an id of this register."""
    until: yaml.Day
    """The last day of the delegation."""


class Person(yaml.Described):
    """Somebody with a role in governance. `account` is the sign-in name in the tenant."""

    id: Annotated[str, ID]
    """What the other registers call this person."""
    role: Text
    """What the person does in the council."""
    account: Annotated[str, ACCOUNT]
    """The sign-in name in the tenant."""
    unit: Annotated[str | None, UNIT] = None
    """The unit of organisation.yaml that the role belongs to, by its code."""
    starts: yaml.Day | None = None
    """The first day in the role; without it, from before this register began."""
    leaves: yaml.Day | None = None
    """The last day in the role; the entry stays, because what was signed names it."""
    deputy_for: tuple[Delegation, ...] = ()
    """For whom the person decides in their absence."""
    may: tuple[Right, ...] = ()
    """What the person may decide."""
    training: tuple[Training, ...] = ()
    """What the person has completed of the training pathway."""

    def in_post(self, on: date) -> bool:
        """Whether the person holds the role on this day."""
        return (self.starts is None or self.starts <= on) and (self.leaves is None or on <= self.leaves)

    def deputises(self, person: str, on: date) -> bool:
        """Whether the person may decide for that one (an id) on this day."""
        return self.in_post(on) and any(each.person == person and on <= each.until for each in self.deputy_for)


class PeopleRegister(yaml.Described):
    """people.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Of the form of this file."""
    people: list[Person]
    """An entry for each person."""

    def person(self, role: str, *, on: date | None = None) -> Person | None:
        """Who has this role, given as its text or as an id; capitals and the dots of ids make no difference.

        An id is that one entry. Where a role has passed on, it is who holds it on the day `on`; without a day, or when
        nobody does, who held it last.
        """
        for each in self.people:
            if each.id == role.strip().lower():
                return each
        wanted = _spoken(role)
        found = [each for each in self.people if wanted in (_spoken(each.id), folded(each.role))]
        if on is not None:
            found = [each for each in found if each.in_post(on)] or found
        return max(found, key=lambda each: (each.leaves or date.max, each.starts or date.min), default=None)

    def by_account(self, account: str) -> Person | None:
        """Who signs in with this name; capitals make no difference."""
        return next((each for each in self.people if each.account.lower() == account.strip().lower()), None)

    def deputies(self, person: str, on: date) -> list[Person]:
        """Who may decide for this person (an id) on this day."""
        return [each for each in self.people if each.deputises(person, on)]

    def ids(self) -> frozenset[str]:
        """The ids of everybody on the register."""
        return frozenset(person.id for person in self.people)

    def accounts(self) -> dict[str, str]:
        """The sign-in name of each person, by id."""
        return {person.id: person.account for person in self.people}

    def who_may(self, right: Right) -> frozenset[str]:
        """The ids of the people who hold a right."""
        return frozenset(person.id for person in self.people if right in person.may)

    def tell_who_may(self, right: Right) -> str:
        """Who holds a right, as the end of a message."""
        holders = [person.id for person in self.people if right in person.may]
        return f"who may: {', '.join(holders)}" if holders else f"nobody in {FILE} may: write it under somebody's 'may'"


def read_people(
    folder: Path, *, units: Collection[str] | None = None, modules: Collection[str] | None = None
) -> PeopleRegister:
    """people.yaml of `folder`. Raises InputError with every problem, doubled ids and accounts included.

    Without `units` (codes of organisation.yaml) or `modules` (of training.yaml) what names them is left to a later run.
    """
    return check(yaml.source(folder / FILE), units=units, modules=modules)


def check(
    document: yaml.Source, *, units: Collection[str] | None = None, modules: Collection[str] | None = None
) -> PeopleRegister:
    """The register that a parsed people.yaml holds. Raises InputError with every problem."""
    register = yaml.validate(document, PeopleRegister)
    problems = doubles(document, "people", "id", (person.id for person in register.people))
    problems += doubles(document, "people", "account", (person.account.lower() for person in register.people))
    ids = register.ids()
    for n, person in enumerate(register.people):
        for place, text in _wrong(person, ids, units, modules):
            problems.append(Problem(document.where(("people", n, *place)), f"{person.id}: {text}"))
    refuse(document, problems)
    return register


def _wrong(
    person: Person, ids: frozenset[str], units: Collection[str] | None, modules: Collection[str] | None
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where an entry contradicts itself or names what is not there."""
    if units is not None and person.unit is not None and person.unit not in units:
        yield ("unit",), f"'{person.unit}' is no unit of organisation.yaml"
    if person.starts and person.leaves and person.leaves < person.starts:
        yield ("leaves",), "leaves before starting"
    for n, each in enumerate(person.deputy_for):
        if each.person == person.id:
            yield ("deputy for", n, "person"), "nobody deputises for themselves"
        elif each.person not in ids:
            yield ("deputy for", n, "person"), f"'{each.person}' is not in {FILE}"
    for n, learnt in enumerate(person.training):
        if modules is not None and learnt.module not in modules:
            yield ("training", n, "module"), f"there is no module {learnt.module} in training.yaml"


def _spoken(role: str) -> str:
    """A role or an id as somebody would say it: `structures.lead` is `structures lead`."""
    return folded(re.sub(r"[.-]+", " ", role) if re.fullmatch(ID.pattern, role.strip()) else role)
