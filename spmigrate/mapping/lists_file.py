"""mappings/lists.yaml: the council's own classes, keep rules and groups, read and checked."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from spmigrate.formats import yaml
from spmigrate.mapping.lists import MARKINGS, Choices
from spmigrate.model import Destination

FILE_NAME = "lists.yaml"


class BusinessClass(yaml.Document):
    """A heading of the council's classification, its usual keep rule, and words in folder names that suggest it."""

    name: str
    keep_rule: str
    words: tuple[str, ...] = ()


class ListsFile(yaml.Document):
    """mappings/lists.yaml: the council's own choices."""

    version: str
    marking: str = MARKINGS[1]
    contact: str
    business_classes: tuple[BusinessClass, ...] = Field(min_length=1)
    keep_rules: tuple[str, ...] = Field(min_length=1)
    default_keep_rule: str
    groups: tuple[str, ...] = ()


def choices(folder: Path, destinations: Sequence[Destination]) -> Choices:
    """What sheets offer: the lists of the mappings folder and the approved libraries. Raises InputError."""
    return Choices(yaml.read(folder / FILE_NAME, ListsFile), tuple(destinations))
