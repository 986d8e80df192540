"""Which version a change makes: the settings of the library decide, and whether the file is checked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from spmigrate.rehearsal.items import Item, Refusal

MAJOR = 512
# What a file was when it was checked out; while it is there, changes make no version.
TAKEN = "_Taken"
_DEFAULT_LIMIT = {True: 500, False: 50}


@dataclass(frozen=True, slots=True)
class VersionRules:
    """The settings of a list that decide about versions; `limit` counts major versions, 0 is no limit."""

    kept: bool = True
    drafts: bool = False
    limit: int = 500

    @property
    def first(self) -> int:
        """The number of a new file's version: 1.0, or 0.1 where there are drafts."""
        return 1 if self.drafts else MAJOR

    def following(self, number: int) -> int:
        """The number after this one: the next draft, or the next major version.

        A `Refusal` after 511 drafts (Microsoft: "SharePoint limits", versions), whose text is ours.
        """
        if not self.drafts:
            return next_major(number)
        if number % MAJOR == MAJOR - 1:
            raise Refusal("tooManyDrafts", "A file has at most 511 minor versions. Publish it first.")
        return number + 1


def rules_of(props: Mapping[str, Any]) -> VersionRules:
    """The rules that a list's properties give."""
    library = props.get("BaseType") == 1
    limit = props.get("MajorVersionLimit")
    return VersionRules(
        kept=bool(props.get("EnableVersioning", True)),
        drafts=bool(props.get("EnableMinorVersions", False)),
        limit=_DEFAULT_LIMIT[library] if limit is None else int(limit),
    )


def next_major(number: int) -> int:
    """The major version after a version."""
    return (number // MAJOR + 1) * MAJOR


def checked_out(item: Item) -> bool:
    """Whether changes to the item belong to a check-out."""
    return TAKEN in item.fields


def taken(item: Item) -> dict[str, Any]:
    """What is kept of an item at its check-out, for undoing it and for its version at check-in."""
    return {
        "size": item.size, "hash": item.hash, "blob": item.blob, "modified": item.modified, "editor": item.editor,
        "fields": {name: value for name, value in item.fields.items() if name != TAKEN},
    }  # fmt: skip


def as_taken(item: Item) -> Item:
    """The item as it was before its check-out."""
    return replace(item, **item.fields[TAKEN])
