"""What every register checks beyond the form of its keys: entries that stand twice, and names of other registers."""

from collections import Counter
from collections.abc import Iterable

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml


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
