"""What every part of the language is made of: texts, names, addresses, and entries that hold under a condition."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, StringConstraints, Tag

from spmigrate.formats.yaml import Document, Form

Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Address = Annotated[str, StringConstraints(pattern=r"^/sites/[A-Za-z0-9][A-Za-z0-9_-]*$")]
"""Where a site lives below the tenant: `/sites/t-a3w9c`."""

LibraryAddress = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _-]*[A-Za-z0-9]$", max_length=80)]
"""The last part of a library's address; letters, digits, spaces, `-` and `_`."""

Asset = Annotated[Text, Form(r"assets/[^/].*", "a file in this folder; write it like: assets/terms.docx")]
"""A file that sites get: `assets/terms.docx`."""

Audiences = Annotated[
    tuple[Annotated[Text, Form(r"group:.+", "a group; write it like: group:Senior managers")], ...],
    Field(max_length=10),
]
"""Groups of Microsoft Entra, ten at most (SharePoint's own limit)."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
"""A parameter's place in a text of a template; `{each}` is the turn of `for each`."""

EACH = "each"
"""The name of the turn of `for each`; no parameter may have it."""

CONDITION = re.compile(r"(?P<no>not )?\{(?P<name>[^{}]+)\}(?: is (?P<value>.*\S))?")
"""What may stand after `when:`."""

Condition = Annotated[
    Text,
    Form(r"(not )?\{[^{}]+\}|\{[^{}]+\} is .*\S", 'a condition, such as "{private}", "not {private}" or "{a} is b"'),
]
"""`{private}`, `not {private}`, or `{work} is Case work`."""

Question = Annotated[Text, Form(r"\{[^{}]+\}", 'a question in braces, such as "{districts}"')]
"""A parameter's name in braces."""

Owner = Literal["template", "site owners"]
"""Who decides about a part after it was made."""


class Words(Document):
    """Base of every part of the language."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Entry(Words):
    """What every entry of a list may say besides its own keys."""

    when: Condition | None = None
    """The entry holds only then: `{private}`, `not {private}`, or `{work} is Case work`."""
    for_each: Question | None = None
    """A question with several answers: the entry stands once for each, which `{each}` names in its texts."""
    owned_by: Owner | None = None
    """template: a difference is put right. site owners: it is made once, and what they do with it then stays."""


class Named(Entry):
    """A name of a list, written out because it needs more than the name."""

    name: Text
    """The name that would stand here alone."""


def _form(given: object) -> str:
    return "entry" if isinstance(given, dict | Words) else "text"


Name = Annotated[Annotated[Text, Tag("text")] | Annotated[Named, Tag("entry")], Discriminator(_form)]
"""A name, or a name with its condition. Told apart first, so that a mistake is told once."""

Names = tuple[Name, ...]
"""A list of names."""


class SiteKind(StrEnum):
    """What a site is for in the organisation."""

    DIRECTORATE = "Directorate"
    FUNCTION = "Function"
    TEAM = "Team"
    PARTNERSHIP = "Partnership"
    PROGRAMME = "Programme"


def name_of(entry: str | Named) -> str:
    """The name of an entry, however it is written."""
    return entry if isinstance(entry, str) else entry.name


def names_of(entries: tuple[str | Named, ...]) -> tuple[str, ...]:
    """The names of a list, however they are written."""
    return tuple(name_of(each) for each in entries)
