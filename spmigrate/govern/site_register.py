"""The register of sites: what the council itself knows of each of them, read from governance_rules."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from spmigrate.errors import Problem
from spmigrate.formats import yaml
from spmigrate.govern.vocabulary import Marking, SiteKind
from spmigrate.registers.consistency import doubles, refuse
from spmigrate.registers.people import FILE as PEOPLE
from spmigrate.registers.people import Text

FILE = "sites.yaml"


class RegisteredSite(yaml.Described):
    """A site that the council knows. `address` is what follows the tenant's host name."""

    address: Annotated[str, yaml.Form("/([a-z]+/[A-Za-z0-9._-]+)?", "an address such as /sites/t-a3w9c")]
    """What follows the tenant's host name; it never changes."""
    title: Text
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


def read_sites(folder: Path, *, people: frozenset[str] | None) -> SiteRegister:
    """sites.yaml of `folder`. Raises InputError with every problem; owners must be among `people`.

    Without `people`, because their register cannot be read, that is left to a later run.
    """
    document = yaml.source(folder / FILE)
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
