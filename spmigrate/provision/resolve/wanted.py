"""A part that is wanted, and who decides about it once it is made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from spmigrate.provision.language import Entry, Named
from spmigrate.tenant.contents import Attributes, Kind, Part, Value

SITE_OWNERS = "site owners"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part, and whether it is left to the site's owners once it is made."""

    part: Part
    seeded: bool = False


def wanted(kind: Kind, key: str, label: str, attributes: Attributes | None = None, *, seeded: bool = False) -> Wanted:
    """A wanted part of these attributes, without those that nothing is said about."""
    said = {name: value for name, value in (attributes or {}).items() if value is not None}
    return Wanted(Part(kind, key, label, said), seeded)


def is_seeded(entry: str | Entry) -> bool:
    """Whether an entry is left to the site's owners."""
    return isinstance(entry, Entry) and entry.owned_by == SITE_OWNERS


def named(entries: Iterable[str | Named]) -> Iterator[tuple[str, bool]]:
    """The names of a list, each with whether it is left to the site's owners."""
    for each in entries:
        yield (each if isinstance(each, str) else each.name), is_seeded(each)


def said(words: Any, *fields: str) -> dict[str, Value]:
    """The attributes that some fields of a section say, under the fields' names with spaces."""
    return {field.replace("_", " "): getattr(words, field) for field in fields if getattr(words, field) is not None}
