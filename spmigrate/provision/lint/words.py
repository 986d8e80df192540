"""Checks that vocabulary, templates and sites share."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.catalogue import Catalogue, Written
from spmigrate.provision.language import Named, Parameter, Sections, Words
from spmigrate.provision.lint.rules import Finding, broken
from spmigrate.provision.nearest import suggestion
from spmigrate.provision.resolve.access import GROUP_PREFIX
from spmigrate.provision.vocabulary import Vocabulary
from spmigrate.tenant.contents import name_key

ROLE_ID = re.compile(r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$")
ADDRESS = re.compile(r"^[^@\s{}]+@[a-z0-9.-]+\.[a-z]+$")


@dataclass(frozen=True)
class Checked:
    """Sections of a template or of an exception, and what they make with all that is above them."""

    catalogue: Catalogue
    written: Written[Words]
    sections: Sections
    whole: Sections
    parameters: tuple[Parameter, ...]
    above: Sections | None = None
    prefix: Place = ()

    @property
    def vocabulary(self) -> Vocabulary:
        """The organisation's words."""
        return Vocabulary(self.catalogue.organisation.words)

    @property
    def questions(self) -> dict[str, Parameter]:
        """The questions that are asked, by key."""
        return {name_key(each.name): each for each in self.parameters}

    def broken(self, rule: str, place: Place, text: str, hint: str | None = None) -> Finding:
        """A finding at this place of the sections."""
        return broken(rule, self.written, (*self.prefix, *place), text, hint)

    def twice(self, section: Place, names: Sequence[str], key: str = "name") -> Iterator[Problem]:
        """Names of a list that stand twice."""
        return twice("TPL-05", self.written, (*self.prefix, *section), names, key)

    def unknown(self, rule: str, place: Place, text: str, name: str, known: Iterable[str]) -> Iterator[Finding]:
        """A finding when a name is not among those known; one with a question in it is looked at with its answer."""
        names = list(known)
        if "{" not in name and name_key(name) not in set(map(name_key, names)):
            yield self.broken(rule, place, text, suggestion(name, names))


def twice(
    rule: str, written: Written[Words], section: Place, names: Sequence[str], key: str = "name"
) -> Iterator[Problem]:
    """Names of the list at `section` that stand twice, under their `key`; SharePoint compares them without case."""
    first: dict[str, int] = {}
    for n, name in enumerate(names):
        at = first.setdefault(name_key(name), n)
        if at != n:
            hint = f"it is also number {at + 1} of the list"
            yield broken(rule, written, (*section, n, key), f"'{name}' stands here twice", hint)


def entries(names: Iterable[str | Named], section: Place) -> Iterator[tuple[Place, str]]:
    """The names of a list, each with its place."""
    for n, each in enumerate(names):
        yield ((*section, n), each) if isinstance(each, str) else ((*section, n, "name"), each.name)


def person_problems(
    written: Written[Words], place: Place, entry: str, groups: Iterable[str], *, error: str = "TPL-11"
) -> Iterator[Problem]:
    """Whether this is one role, address or known group; groups of everyone are refused by name."""
    if "everyone" in entry.casefold() or "all users" in entry.casefold():
        text = f"'{entry}' opens the site to the whole organisation"
        yield broken("TPL-12", written, place, text, "name the roles that need it")
    elif entry.startswith(GROUP_PREFIX):
        name, known = entry.removeprefix(GROUP_PREFIX).strip(), list(groups)
        if name_key(name) not in set(map(name_key, known)):
            text = f"organisation.yaml has no group '{name}'"
            yield broken("TPL-13", written, place, text, suggestion(name, known))
    elif not ROLE_ID.match(entry) and not ADDRESS.match(entry):
        yield broken(error, written, place, f"'{entry}' is not a role id", "write it like: service.desk")


def texts(words: Words, place: Place = ()) -> Iterator[tuple[Place, str, bool]]:
    """Every text of a part of the language with its place, and whether it stands in the turn of a `for each`."""
    yield from _texts(words, place, turn=False)


def _texts(value: Any, place: Place, *, turn: bool) -> Iterator[tuple[Place, str, bool]]:
    if type(value) is str:
        yield place, value, turn
    elif isinstance(value, Words):
        turn = turn or getattr(value, "for_each", None) is not None
        for name in value.model_fields_set:
            alias = type(value).model_fields[name].alias or name
            yield from _texts(getattr(value, name), (*place, alias), turn=turn)
    elif isinstance(value, tuple):
        for n, each in enumerate(value):
            yield from _texts(each, (*place, n), turn=turn)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield (*place, key), key, turn
            yield from _texts(each, (*place, key), turn=turn)


def audience_problems(checked: Checked, place: Place, groups: Iterable[str]) -> Iterator[Problem]:
    """Errors of `for`: groups of Entra that organisation.yaml does not know."""
    for n, entry in enumerate(groups):
        at = (*checked.prefix, *place, "for", n)
        yield from person_problems(checked.written, at, entry, checked.vocabulary.organisation.groups)
