"""The council's own policy: who must have learnt and signed what before anything moves, and what the desk says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from spmigrate.errors import Problem
from spmigrate.formats import yaml
from spmigrate.registers.consistency import refuse
from spmigrate.registers.people import FILE as PEOPLE
from spmigrate.registers.people import MODULE, PeopleRegister, Text
from spmigrate.registers.training import FILE as TRAINING
from spmigrate.registers.training import TrainingRegister

FILE = "policy.yaml"
_Module = Annotated[str, MODULE]


class SignoffPolicy(yaml.Described):
    """What a sign-off takes, and what ends it. Days are calendar days unless they are called working days."""

    version: Text = "2026.1"
    """Of this policy; it is part of what owners sign."""
    owner_modules: tuple[_Module, ...] = ("O01", "O02")
    """The modules of training.yaml that an owner or a deputy must hold on the day of signing."""
    expires_days: Annotated[int, Field(ge=1, le=366)] = 60
    """After how many days an owner confirms again what has not been scheduled."""
    growth_percent: Annotated[int, Field(ge=1, le=100)] = 5
    """From how many per cent of files more or fewer a row is issued and signed again."""
    reconfirm_working_days: Annotated[int, Field(ge=1, le=60)] = 10
    """How many working days a new owner has to confirm what the last one signed."""
    lowest_evidence: Annotated[int, Field(ge=1, le=4)] = 4
    """The weakest evidence of identity that counts: 1 the server's versions, 2 sign-in, 3 record, 4 witnessed."""
    countersigned_by: Annotated[tuple[Text, ...], Field(min_length=1)] = ("Information Governance Officer",)
    """The roles that may countersign."""
    countersign_modules: tuple[_Module, ...] = ("G01",)
    """The modules that who countersigns must hold on that day."""
    locked_by: Annotated[tuple[Text, ...], Field(min_length=1)] = ("Migration lead",)
    """The roles that may lock a sheet."""
    lock_modules: tuple[_Module, ...] = ()
    """The modules that who locks must hold on that day."""


class ServiceDesk(yaml.Described):
    """What `where-is` tells the service desk besides where something is."""

    marking: Text = "OFFICIAL-SENSITIVE"
    """The marking of answers and pages: names of folders can say something about people."""
    contact: Text = "Migration lead"
    """The role that answers what where-is cannot."""
    incident: Text = (
        "This is an incident, not a ticket. Ask the caller to close it and to copy nothing, and ring the Information "
        "Governance Officer at once."
    )
    """What to do when a caller says: I can see something I shouldn't."""


class Policy(yaml.Described):
    """policy.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Of the form of this file."""
    sign_off: Annotated[SignoffPolicy, Field(alias="sign-off")] = SignoffPolicy()
    """What a sign-off takes, and what ends it."""
    service_desk: ServiceDesk = ServiceDesk()
    """What where-is tells the service desk."""


def read_policy(
    folder: Path, *, people: PeopleRegister | None = None, training: TrainingRegister | None = None
) -> Policy:
    """policy.yaml of `folder`. Raises InputError with every problem.

    Without `people` or `training`, because they cannot be read, what names them is left to a later run.
    """
    document = yaml.source(folder / FILE)
    policy = yaml.validate(document, Policy)
    refuse(document, [Problem(document.where(place), text) for place, text in _wrong(policy, people, training)])
    return policy


def _wrong(
    policy: Policy, people: PeopleRegister | None, training: TrainingRegister | None
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The names that lead nowhere."""
    signoff = policy.sign_off
    modules = (
        ("owner modules", signoff.owner_modules),
        ("countersign modules", signoff.countersign_modules),
        ("lock modules", signoff.lock_modules),
    )
    for key, wanted in modules:
        for n, module in enumerate(wanted):
            if training is not None and module not in training.ids():
                yield ("sign-off", key, n), f"there is no module {module} in {TRAINING}"
    for key, roles in (("countersigned by", signoff.countersigned_by), ("locked by", signoff.locked_by)):
        for n, role in enumerate(roles):
            if people is not None and people.person(role) is None:
                yield ("sign-off", key, n), f"nobody in {PEOPLE} is '{role}'"
