"""Retention labels of items: who put which label on what, when. They tell; what they forbid is not rehearsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmigrate.rehearsal.storage import Entity, Store, fold

if TYPE_CHECKING:
    from spmigrate.rehearsal.content import Content, Item

# The value of the store under which the tenant's published labels lie.
LABELS = "compliance.labels"
_KEPT = "_Retention"
_PAGE = 500


def published(store: Store) -> list[dict[str, Any]]:
    """The labels that are published to every site."""
    return list(store.read_value(LABELS) or [])


def label_of(item: Item) -> dict[str, Any]:
    """The item's label: `name`, `at`, `by`; empty texts where it has none."""
    return item.fields.get(_KEPT) or {"name": "", "at": "", "by": ""}


def passed_on(folder: Item, *, at: str, by: str) -> dict[str, Any]:
    """What a new file or folder gets from the labelled folder that it is put into; nothing from others.

    A folder's label is the default for what is added later, too (Microsoft, "Apply retention labels to files in
    SharePoint or OneDrive"; blimped.nl, "Implications of applying Purview retention labels to folders").
    """
    name = label_of(folder)["name"]
    return {_KEPT: {"name": name, "at": at, "by": by}} if name else {}


def by_default(library: Entity | None, *, at: str, by: str) -> dict[str, Any]:
    """What a new file gets from the default label of its library; nothing from a library without one."""
    label = library.props.get("_Label") if library is not None else None
    return {_KEPT: {"name": label["TagName"], "at": at, "by": by}} if label else {}


def put_label(content: Content, item: Item, name: str, *, at: str, by: str) -> None:
    """Put a label on an item and all that is below it, or take it away with an empty name; no version is made."""
    content.mark(item, {_KEPT: {"name": name, "at": at, "by": by} if name else None})
    after = ""
    while item.folder:
        page = content.children(item, after=after, limit=_PAGE)
        for each in page:
            put_label(content, each, name, at=at, by=by)
        if len(page) < _PAGE:
            return
        after = fold(page[-1].name)
