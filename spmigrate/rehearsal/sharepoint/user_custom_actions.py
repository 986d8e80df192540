"""Custom actions of a web or site collection: what extensions add to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.sharepoint.model import Call, action, computed, function
from spmigrate.rehearsal.sharepoint.owned_rows import OwnedRow, OwnedRows
from spmigrate.rehearsal.sharepoint.properties import GUID, INT, MASK, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.storage import Entity

KIND = "customaction"
# SP.UserCustomActionScope.
_SCOPES = {"site": 2, "web": 3, "list": 4}


class UserCustomAction(OwnedRow):
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

    @property
    def path(self) -> str:
        return f"{self.owner_path}/UserCustomActions('{self.entity.guid}')"

    @computed("Id")
    def _id(self) -> str:
        return self.entity.guid


class UserCustomActions(OwnedRows[UserCustomAction]):
    """The custom actions of a web, site collection or list."""

    feed = "UserCustomActions"
    element = UserCustomAction
    row_type = UserCustomAction
    kind = KIND

    @function("GetById")
    def get_by_id(self, call: Call) -> UserCustomAction | None:
        """A custom action by id."""
        return self.find(call.value("id", 0))

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
        blank = self.shown(Entity(0, KIND, "", 0, "", {}, 1, "", "", None))
        props: Mapping[str, Any] = blank.read_body(call.record("parameters"))
        return self.keep(str(props.get("Name") or ""), {**props, "Scope": _SCOPES[self.owner.kind]})
