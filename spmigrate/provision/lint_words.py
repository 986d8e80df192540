"""Checks that vocabulary, templates and sites share."""

import re
from collections.abc import Iterator, Sequence

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place
from spmigrate.provision.catalogue import Written
from spmigrate.provision.language import Words
from spmigrate.tenant.contents import name_key

ROLE_ID = re.compile(r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$")


def twice(written: Written[Words], section: Place, names: Sequence[str], key: str = "name") -> Iterator[Problem]:
    """Names of the list at `section` that stand twice, under their `key`; SharePoint compares them without case."""
    first: dict[str, int] = {}
    for n, name in enumerate(names):
        at = first.setdefault(name_key(name), n)
        if at != n:
            hint = f"it is also number {at + 1} of the list"
            yield written.problem((*section, n, key), f"'{name}' stands here twice", hint)


def person_problems(written: Written[Words], place: Place, entry: str) -> Iterator[Problem]:
    """Whether this is the id of one role; groups of everyone are refused by name."""
    if "everyone" in entry.casefold():
        text = f"'{entry}' opens the site to the whole organisation"
        yield written.problem(place, text, "name the roles that need it")
    elif not ROLE_ID.match(entry):
        yield written.problem(place, f"'{entry}' is not a role id", "write it like: service.desk")
