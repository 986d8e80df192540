"""What becomes of entries of access lists that a library cannot have: each is a decision by a role, with its reason.

A library has no deny entries, knows nobody whom the directory does not know, and shows in search what everybody may
open. So a deny entry, an account that nobody knows any more and a group of everybody need a decision each before a
list is carried.
"""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import model_validator

from spmigrate.errors import Problem
from spmigrate.formats import yaml
from spmigrate.registers.consistency import refuse
from spmigrate.registers.people import Text
from spmigrate.words import folded

FILE = "access.yaml"
_GRANTEE = yaml.Form(r"group:.+|[^@\s]+@[^@\s]+", "group: and the name of a group of Entra, or a sign-in name")


class Answer(StrEnum):
    """What is done with an entry."""

    LEAVE_OUT = "leave out"
    GIVE_TO = "give to"
    STOP = "stop"


class AccessDecision(yaml.Described):
    """A decision about one account of a file server, for a folder and everything below it, or everywhere."""

    who: Text
    """The account: its SID, or its name as the server says it."""
    where: Text | None = None
    """The source and the folder, as in Highways/Works/Claims; left out: everywhere."""
    do: Answer
    """`leave out`: nobody gets in by this entry. `give to`: somebody else in its place. `stop`: the row stays."""
    give_to: Annotated[str, _GRANTEE] | None = None
    """With `give to`: a group of Entra, or a person."""
    decided_by: Text
    """The role that decided."""
    reason: Text
    """Why."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.do is Answer.GIVE_TO) != (self.give_to is not None):
            raise ValueError("'give to' names somebody where 'do' is 'give to', and nowhere else")
        return self

    def concerns(self, accounts: Iterable[str], path: str) -> bool:
        """Whether it is about one of these names of an account, at this place (source and folder)."""
        if folded(self.who) not in {folded(each) for each in accounts if each}:
            return False
        if self.where is None:
            return True
        wanted, here = folded(self.where).strip("/"), folded(path)
        return here == wanted or here.startswith(f"{wanted}/")


class AccessRegister(yaml.Described):
    """access.yaml."""

    decisions: tuple[AccessDecision, ...] = ()
    """An entry for each decision; of two that fit, the one with the longer `where` counts."""

    def about(self, accounts: Iterable[str], path: str) -> AccessDecision | None:
        """The decision about an account at this place; None when there is none."""
        names = list(accounts)
        fitting = [each for each in self.decisions if each.concerns(names, path)]
        return max(fitting, key=lambda each: len(each.where or ""), default=None)


def read_access(folder: Path) -> AccessRegister:
    """access.yaml of `folder`, empty where there is none. Raises InputError with every problem."""
    if not (folder / FILE).exists():
        return AccessRegister()
    document = yaml.source(folder / FILE)
    register = yaml.validate(document, AccessRegister)
    seen: set[tuple[str, str]] = set()
    problems: list[Problem] = []
    for n, each in enumerate(register.decisions):
        key = (folded(each.who), folded(each.where or "").strip("/"))
        if key in seen:
            problems.append(Problem(document.where(("decisions", n)), f"{each.who} is decided twice for one place"))
        seen.add(key)
    refuse(document, problems)
    return register
