"""Who decides about what in a site after it was made: one table for every kind and attribute."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from spmigrate.tenant.contents import Kind, Part


class Ownership(StrEnum):
    """Who decides about an attribute after the site was made, in the words of plans and of reports of drift."""

    OWNED = "the template"
    """A difference is a change."""
    SEEDED = "site owners"
    """The template's value is used when the part is made; later only where the template moves on and owners did not
    touch it."""
    FIXED = "nobody"
    """SharePoint cannot change it, so a difference is a note."""
    IDENTITY = "identity"
    """What a part is made with and known by: neither compared nor changed."""


def _each(kind: Kind, *names: str) -> list[tuple[Kind, str]]:
    return [(kind, name) for name in names]


_FIXED = (
    *_each(Kind.SITE, "type", "language"),
    *_each(Kind.GROUP, "alias"),
    *_each(Kind.COLUMN, "type"),
    *_each(Kind.CONTENT_TYPE, "parent", "source"),
    *_each(Kind.LIST, "list type"),
    *_each(Kind.CHANNEL, "privacy"),
)
_SEEDED = (
    *_each(Kind.SITE, "owner", "description"),
    *_each(Kind.COLUMN, "group"),
    *_each(Kind.CONTENT_TYPE, "group"),
    *_each(Kind.LIBRARY, "description"),
    *_each(Kind.LIST, "description"),
    *_each(Kind.CHANNEL, "description"),
)
_IDENTITY = (
    *_each(Kind.SITE, "design"),
    *_each(Kind.FEATURE, "name"),
    *_each(Kind.PERMISSION_LEVEL, "name"),
    *_each(Kind.PERSON, "role", "login"),
    *_each(Kind.COLUMN, "id"),
    *_each(Kind.CONTENT_TYPE, "id", "name"),
    *_each(Kind.LIBRARY, "address", "items"),
    *_each(Kind.LIST, "address", "items"),
    *_each(Kind.VIEW, "list"),
    *_each(Kind.DEFAULT_VALUE, "list", "column"),
    *_each(Kind.FOLDER, "library", "path"),
    *_each(Kind.FILE, "library", "path", "from"),
    *_each(Kind.ACCESS_RIGHT, "list", "who"),
    *_each(Kind.PAGE, "file"),
    *_each(Kind.LINK, "menu", "parent", "title"),
    *_each(Kind.CHANNEL, "name"),
)

OWNERSHIP: Mapping[tuple[Kind, str], Ownership] = (
    dict.fromkeys(_FIXED, Ownership.FIXED)
    | dict.fromkeys(_SEEDED, Ownership.SEEDED)
    | dict.fromkeys(_IDENTITY, Ownership.IDENTITY)
)
"""Attributes that the template does not simply own; it owns all others."""


def owner_of(part: Part, name: str, seeded: Collection[tuple[Kind, str]] = ()) -> Ownership:
    """Who decides about an attribute; `seeded` are the parts that a template leaves to the site's owners."""
    found = OWNERSHIP.get((part.kind, name), Ownership.OWNED)
    return Ownership.SEEDED if found is Ownership.OWNED and part.place in seeded else found


def compared(part: Part) -> Iterable[str]:
    """The attributes of a part that are compared at all."""
    return (name for name in part.attributes if OWNERSHIP.get((part.kind, name)) is not Ownership.IDENTITY)
