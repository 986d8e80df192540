"""Things that hang from a site, web or list, one row each: receivers of events, webhooks, custom actions."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from spmigrate.rehearsal.sharepoint.model import Call, OwnedCollection, Stored, action, as_guid
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity, Props


class OwnedRow(Stored):
    """One of them; ``owner_path`` is the address below ``_api/`` of what it hangs from."""

    def __init__(self, scope: Scope, entity: Entity, owner: Entity, owner_path: str) -> None:
        super().__init__(scope, entity)
        self.owner = owner
        self.owner_path = owner_path

    def delete(self) -> None:
        self.scope.store.delete(self.entity)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Remove it."""
        self.delete()


Row = TypeVar("Row", bound=OwnedRow)


class OwnedRows(OwnedCollection, Generic[Row]):
    """All of a kind that hang from one thing."""

    kind: ClassVar[str] = ""
    row_type: type[Row]

    def all(self) -> list[Row]:
        return [self.shown(each) for each in self.scope.store.children(self.owner.id, self.kind)]

    def by_key(self, key: object) -> Row | None:
        """One of them by id; a missing one is null, where a class does not refuse it."""
        return self.find(key)

    def find(self, key: object) -> Row | None:
        """One of them by id."""
        row = self.scope.store.get(self.kind, as_guid(key) or "", parent=self.owner.id)
        return None if row is None else self.shown(row)

    def shown(self, row: Entity) -> Row:
        """A row as a resource."""
        return self.row_type(self.scope, row, self.owner, self.owner_path)

    def keep(self, name: str, props: Props) -> Row:
        """Add one."""
        row = self.scope.store.insert(self.kind, name, at=self.scope.now, parent=self.owner.id, props=props)
        return self.shown(row)
