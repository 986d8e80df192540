"""What a site's parts are called in the language: columns, people, texts. What has no word there is kept in a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from spmigrate.formats.yaml_text import Word
from spmigrate.provision import identity
from spmigrate.provision.vocabulary import BUILT_IN_LEVELS, Vocabulary
from spmigrate.tenant.contents import BUILT_IN_COLUMNS, Kind, Part, SiteContents, Value, name_key

Entry = dict[str, Any]
GROUP = "group:"


@dataclass(frozen=True, slots=True)
class Left:
    """What is not in the exported files, and why."""

    subject: str
    why: str

    def as_json(self) -> dict[str, str]:
        """It as a JSON object."""
        return {"subject": self.subject, "why": self.why}


@dataclass(slots=True)
class Export:
    """A site on its way into the language: what it holds, the vocabulary, and what finds no place."""

    contents: SiteContents
    vocabulary: Vocabulary
    left: list[Left] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Part]:
        """The parts of a kind."""
        return [part for part in self.contents.parts.values() if part.kind is kind]

    def value(self, kind: Kind, name: str) -> Value:
        """An attribute of the one part of a kind; None when there is none."""
        part = self.contents.get(kind)
        return part.attributes.get(name) if part else None

    def leave(self, subject: str, why: str) -> None:
        """Keep that something finds no place."""
        if Left(subject, why) not in self.left:
            self.left.append(Left(subject, why))

    def text(self, subject: str, value: Value) -> str | None:
        """A text as a template may hold it; None for an empty one, or one that a template would take for a question."""
        given = str(value or "")
        if set(given) & set("{}"):
            self.leave(subject, f"'{given}' has braces, which stand for questions in a template")
            return None
        return given or None

    def columns(self, subject: str, fields: Value, *, drawn: Mapping[str, str]) -> list[str]:
        """The names of columns; those that the vocabulary does not know are left."""
        found = [(field, drawn.get(field)) for field in (fields if isinstance(fields, tuple) else ())]
        strange = [field for field, name in found if name is None]
        if strange:
            self.leave(subject, f"columns that the vocabulary does not know: {', '.join(strange)}")
        return [name for _, name in found if name is not None]

    def person(self, subject: str, login: str) -> str | None:
        """Somebody by role id or whole address; None for everyone, and for the service's own accounts."""
        domain = f"@{self.vocabulary.organisation.people_domain}"
        if "everyone" in login.casefold():
            self.leave(subject, "groups of everyone have no place in a template")
        elif login.casefold().endswith(domain):
            return login[: -len(domain)]
        elif "@" in login or login.startswith(GROUP):
            return login
        return None

    def level(self, subject: str, level: str) -> str | None:
        """A permission level that templates may name."""
        if name_key(level) in {*map(name_key, BUILT_IN_LEVELS), *self.vocabulary.levels}:
            return level
        self.leave(subject, f"the vocabulary has no permission level '{level}'")
        return None


def drawn_columns(vocabulary: Vocabulary) -> dict[str, str]:
    """The name of a column by the field that a view shows for it."""
    return dict(vocabulary.words) | {"LinkTitle": "Title", "LinkTitleNoMenu": "Title"}


def plain_columns(vocabulary: Vocabulary) -> dict[str, str]:
    """The name of a column by the field that holds its value."""
    names = [*BUILT_IN_COLUMNS, *(column.name for column in vocabulary.organisation.site_columns)]
    return {vocabulary.plain_field(name): name for name in names}


def internal_names(columns: Iterable[str]) -> set[str]:
    """The internal names of columns of the vocabulary."""
    return {identity.internal_name(column) for column in columns}


def yes(value: bool) -> Word:
    """Yes or no, as people write it."""
    return Word("yes" if value else "no")


def said(**entries: Any) -> Entry:
    """Keys with spaces for underlines, without those that say nothing."""
    return {
        name.rstrip("_").replace("_", " "): value for name, value in entries.items() if value not in (None, "", [], {})
    }
