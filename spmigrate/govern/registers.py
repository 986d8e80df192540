"""The registers of people and of sites: what the council itself knows, read from governance_rules."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml
from spmigrate.govern.vocabulary import Marking, SiteKind

PEOPLE = "people.yaml"
SITES = "sites.yaml"

_Text = Annotated[str, Field(min_length=1)]


class Right(StrEnum):
    """What a person may decide in governance."""

    APPROVE_WAIVERS = "approve waivers"
    APPROVE_ASSESSMENTS = "approve assessments"


class Training(yaml.Described):
    """A module of the training pathway that somebody has completed."""

    module: Annotated[str, yaml.Form("[A-Z][0-9]{2}", "a module such as G01: a capital and two digits")]
    """The module of the training pathway."""
    completed: yaml.Day
    """The day on which it was completed."""


class Person(yaml.Described):
    """Somebody with a role in governance. `account` is the sign-in name in the tenant."""

    id: Annotated[str, yaml.Form("[a-z0-9.-]+", "an id such as structures.lead: small letters, digits, . and -")]
    """What the other registers call this person."""
    role: _Text
    """What the person does in the council."""
    account: Annotated[str, yaml.Form(r"[^@\s]+@[^@\s]+", "a sign-in name such as structures.lead@council.example")]
    """The sign-in name in the tenant."""
    may: tuple[Right, ...] = ()
    """What the person may decide."""
    training: tuple[Training, ...] = ()
    """What the person has completed of the training pathway."""


class PeopleRegister(yaml.Described):
    """people.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Of the form of this file."""
    people: list[Person]
    """An entry for each person."""

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
        return (
            f"who may: {', '.join(holders)}" if holders else f"nobody in {PEOPLE} may: write it under somebody's 'may'"
        )


class RegisteredSite(yaml.Described):
    """A site that the council knows. `address` is what follows the tenant's host name."""

    address: Annotated[str, yaml.Form("/([a-z]+/[A-Za-z0-9._-]+)?", "an address such as /sites/t-a3w9c")]
    """What follows the tenant's host name; it never changes."""
    title: _Text
    """The name that people see."""
    kind: SiteKind
    """What sort of site it is."""
    marking: Marking
    """The highest marking that it may hold."""
    owners: Annotated[tuple[str, ...], Field(min_length=1)]
    """Who answers for it: ids of people.yaml."""
    review_by: yaml.Day
    """When its owner next confirms that it is needed."""
    dpia_reference: Annotated[str | None, Field(alias="DPIA reference")] = None
    """The data protection impact assessment that covers it."""


class SiteRegister(yaml.Described):
    """sites.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Of the form of this file."""
    sites: list[RegisteredSite]
    """An entry for each site."""

    def by_address(self) -> dict[str, RegisteredSite]:
        """The sites by address; addresses do not tell capitals apart."""
        return {site.address.lower(): site for site in self.sites}


def read_people(folder: Path) -> PeopleRegister:
    """people.yaml of `folder`. Raises InputError with every problem, doubled ids and accounts included."""
    document = yaml.source(folder / PEOPLE)
    register = yaml.validate(document, PeopleRegister)
    problems = doubles(document, "people", "id", (person.id for person in register.people))
    problems += doubles(document, "people", "account", (person.account.lower() for person in register.people))
    refuse(document, problems)
    return register


def read_sites(folder: Path, *, people: frozenset[str] | None) -> SiteRegister:
    """sites.yaml of `folder`. Raises InputError with every problem; owners must be among `people`.

    Without `people`, because their register cannot be read, that is left to a later run.
    """
    document = yaml.source(folder / SITES)
    register = yaml.validate(document, SiteRegister)
    problems = doubles(document, "sites", "address", (site.address.lower() for site in register.sites))
    problems += [
        Problem(document.where(("sites", n, "owners", m)), f"'{owner}' is not in {PEOPLE}")
        for n, site in enumerate(register.sites)
        for m, owner in enumerate(site.owners)
        if people is not None and owner not in people
    ]
    refuse(document, problems)
    return register


def doubles(document: yaml.Source, section: str, key: str, values: Iterable[str]) -> list[Problem]:
    """A problem for every value of `key` that stands in more than one entry of `section`."""
    listed = list(values)
    counts = Counter(listed)
    return [
        Problem(document.where((section, n, key)), f"'{value}' stands in more than one entry")
        for n, value in enumerate(listed)
        if counts[value] > 1
    ]


def refuse(document: yaml.Source, problems: list[Problem]) -> None:
    """Raise InputError when there are problems."""
    if problems:
        raise InputError(f"{document.name} cannot be used", problems)
