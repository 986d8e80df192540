"""Retention labels of items: who put which label on what, when. They tell; what they forbid is not rehearsed."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.content import Content, Item
from spmigrate.rehearsal.storage import Store, fold

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
