"""mappings/lists.yaml: the council's own classes, each with its usual keep rule, and groups, read and checked."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml
from spmigrate.mapping.lists import MARKINGS, Choices, nearest
from spmigrate.model import Destination
from spmigrate.registers.retention import Schedule

FILE_NAME = "lists.yaml"


class BusinessClass(yaml.Document):
    """A heading of the council's classification, its usual keep rule, and words in folder names that suggest it.

    The keep rule is a label of the retention schedule.
    """

    name: str
    keep_rule: str
    words: tuple[str, ...] = ()


class ListsFile(yaml.Document):
    """mappings/lists.yaml: the council's own choices."""

    marking: str = MARKINGS[1]
    contact: str
    business_classes: tuple[BusinessClass, ...] = Field(min_length=1)
    groups: tuple[str, ...] = ()


def choices(folder: Path, destinations: Sequence[Destination], *, schedule: Schedule) -> Choices:
    """What sheets offer: the lists of the mappings folder, the approved libraries, the rules of the retention schedule.

    Raises InputError with every problem of lists.yaml: keep rules that the schedule does not have, classes that it has
    rules for and that the lists do not know.
    """
    document = yaml.source(folder / FILE_NAME)
    lists = yaml.validate(document, ListsFile)
    problems = list(_problems(document, lists, schedule))
    if problems:
        raise InputError(f"{document.name} cannot be used", problems)
    return Choices(lists, tuple(destinations), schedule)


def _problems(document: yaml.Source, lists: ListsFile, schedule: Schedule) -> Iterator[Problem]:
    for n, each in enumerate(lists.business_classes):
        if each.keep_rule not in schedule.labels:
            near = nearest(each.keep_rule, schedule.labels)
            hint = f"did you mean '{near}'?" if near else None
            where = document.where(("business classes", n, "keep rule"))
            yield Problem(where, f"{each.name}: '{each.keep_rule}' is no label of retention.yaml", hint)
    known = {each.name for each in lists.business_classes}
    for rule in schedule.rules:
        if rule.class_ is not None and rule.class_ not in known:
            where = document.where(("business classes",))
            yield Problem(where, f"rule {rule.ref} of retention.yaml is for '{rule.class_}', which is no class here")
