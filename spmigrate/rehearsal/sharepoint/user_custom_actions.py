"""Custom actions of a web or site collection: what extensions add to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.sharepoint.model import Call, OwnedCollection, Stored, action, as_guid, computed, function
from spmigrate.rehearsal.sharepoint.properties import GUID, INT, MASK, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

KIND = "customaction"
# SP.UserCustomActionScope.
_SCOPES = {"site": 2, "web": 3, "list": 4}


class UserCustomAction(Stored):
    """A custom action."""

    type = "SP.UserCustomAction"
    feed = "UserCustomActions"
    declared = table(
        group(TEXT, None, "ClientSideComponentProperties CommandUIExtension Description Group HostProperties ImageUrl "
              "Location RegistrationId ScriptBlock ScriptSrc Title Url Name", writable=True),
        group(GUID, ZERO_GUID, "ClientSideComponentId", writable=True),
        group(GUID, "", "Id"),
        group(INT, 0, "RegistrationType Sequence", writable=True),
        group(INT, 3, "Scope"),
        group(MASK, {"High": "0", "Low": "0"}, "Rights", writable=True),
        group(TEXT, "16.0.1.0", "VersionOfUserCustomAction"),
    )  # fmt: skip

    def __init__(self, scope: Scope, entity: Entity, owner_path: str) -> None:
        super().__init__(scope, entity)
        self.owner_path = owner_path

    @property
    def path(self) -> str:
        return f"{self.owner_path}/UserCustomActions('{self.entity.guid}')"

    @computed("Id")
    def _id(self) -> str:
        return self.entity.guid

    def delete(self) -> None:
        self.scope.store.delete(self.entity)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Take the action away."""
        self.delete()


class UserCustomActions(OwnedCollection):
    """The custom actions of a web, site collection or list."""

    feed = "UserCustomActions"
    element = UserCustomAction

    def all(self) -> list[UserCustomAction]:
        rows = self.scope.store.children(self.owner.id, KIND)
        return [UserCustomAction(self.scope, row, self.owner_path) for row in rows]

    def by_key(self, key: object) -> UserCustomAction | None:
        """A custom action by id; a missing one is null, not an error."""
        guid = as_guid(key)
        row = self.scope.store.get(KIND, guid, parent=self.owner.id) if guid else None
        return None if row is None else UserCustomAction(self.scope, row, self.owner_path)

    @function("GetById")
    def get_by_id(self, call: Call) -> UserCustomAction | None:
        """A custom action by id."""
        return self.by_key(call.value("id", 0))

    @action("Clear")
    def clear(self, _call: Call) -> None:
        """Take all of them away."""
        for each in self.all():
            each.delete()

    @action("Add")
    def add(self, call: Call) -> UserCustomAction:
        """Add an action that is filled in afterwards."""
        return self.create(call)

    def create(self, call: Call) -> UserCustomAction:
        blank = UserCustomAction(self.scope, Entity(0, KIND, "", 0, "", {}, 1, "", "", None), self.owner_path)
        props: Mapping[str, Any] = blank.read_body(call.record("parameters"))
        kept = {**props, "Scope": _SCOPES[self.owner.kind]}
        name = str(props.get("Name") or "")
        row = self.scope.store.insert(KIND, name, at=self.scope.now, parent=self.owner.id, props=kept)
        return UserCustomAction(self.scope, row, self.owner_path)
