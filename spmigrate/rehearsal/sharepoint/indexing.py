"""Limits of indexed columns."""

from __future__ import annotations

from spmigrate.rehearsal.odata.errors import bad_argument, over_threshold
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# Source: Microsoft's limits page: indexed columns of a list.
MAX_INDEXES = 20
# Source: the scan risks of SharePoint's migration tools: in a longer list no column can be indexed any more.
MAX_ITEMS = 20_000


def refuse_one_more_index(scope: Scope, owner: Entity, present: int) -> None:
    """Refuse to index one more column of a list that has `present` indexes, or too many items."""
    if owner.kind != "list":
        return
    if present >= MAX_INDEXES:
        raise bad_argument("The maximum number of indexed columns for this list has been reached.")
    if scope.content.count_items(owner.id) > MAX_ITEMS:
        raise over_threshold()
