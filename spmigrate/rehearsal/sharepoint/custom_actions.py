"""Custom actions of sites, webs and lists, and receivers of their events."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    OwnedCollection,
    Resource,
    Stored,
    action,
    as_guid,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.properties import GUID, INT, MASK, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.wordings import Wording
from spmigrate.rehearsal.storage import Entity

_SCOPES = {"site": 2, "web": 3, "list": 4}


class UserCustomAction(Stored):
    """A link, button, script or extension that somebody added."""

    type = "SP.UserCustomAction"
    feed = "UserCustomActions"
    write_level = Level.MANAGE
    declared = table(
        group(TEXT, "", "ClientSideComponentProperties", writable=True),
        group(TEXT, None, "CommandUIExtension Description Group HostProperties ImageUrl Location Name RegistrationId "
              "ScriptBlock ScriptSrc Title Url", writable=True),
        group(GUID, ZERO_GUID, "ClientSideComponentId", writable=True),
        group(GUID, "", "Id"),
        group(INT, 0, "RegistrationType Sequence", writable=True),
        group(INT, 3, "Scope"),
        group(MASK, {"High": "0", "Low": "0"}, "Rights", writable=True),
        group(TEXT, "16.0.1.0", "VersionOfUserCustomAction"),
    )  # fmt: skip

    def __init__(self, scope: Scope, entity: Entity, owner: Entity, owner_path: str) -> None:
        super().__init__(scope, entity)
        self.owner = owner
        self.owner_path = owner_path

    @property
    def path(self) -> str:
        return f"{self.owner_path}/UserCustomActions(guid'{self.entity.guid}')"

    @computed("Id")
    def _id(self) -> str:
        return self.entity.guid

    @computed("Scope")
    def _scope(self) -> int:
        return _SCOPES.get(self.owner.kind, 3)

    @link("TitleResource")
    def title_resource(self) -> Wording:
        """The title in several languages."""
        return Wording(self, "Title", "TitleResource")

    def delete(self) -> None:
        self.scope.store.delete(self.entity)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Remove it."""
        self.delete()


class UserCustomActions(OwnedCollection):
    """The custom actions of a site, web or list."""

    feed = "UserCustomActions"
    element = UserCustomAction
    write_level = Level.MANAGE

    def all(self) -> list[UserCustomAction]:
        rows = self.scope.store.children(self.owner.id, "customaction")
        return [UserCustomAction(self.scope, each, self.owner, self.owner_path) for each in rows]

    def by_key(self, key: object) -> UserCustomAction:
        row = self.scope.store.get("customaction", as_guid(key) or "", parent=self.owner.id)
        if row is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: id")
        return UserCustomAction(self.scope, row, self.owner, self.owner_path)

    @function("GetById")
    def get_by_id(self, call: Call) -> UserCustomAction:
        """A custom action by id."""
        return self.by_key(call.value("id", 0))

    def create(self, call: Call) -> UserCustomAction:
        blank = UserCustomAction(
            self.scope, Entity(0, "customaction", "", 0, "", {}, 1, "", "", None), self.owner, self.owner_path
        )
        props = blank.read_body(call.body)
        row = self.scope.store.insert(
            "customaction", str(uuid.uuid4()), at=self.scope.now, parent=self.owner.id, props=props
        )
        return UserCustomAction(self.scope, row, self.owner, self.owner_path)

    @action("Add")
    def add(self, call: Call) -> UserCustomAction:
        """Add a custom action."""
        return self.create(call)

    @action("Clear")
    def clear(self, _call: Call) -> None:
        """Remove all of them."""
        for each in self.all():
            each.delete()


class EventReceiver(Stored):
    """Something that is told of events."""

    type = "SP.EventReceiverDefinition"
    feed = "EventReceivers"
    write_level = Level.MANAGE
    declared = table(
        group(INT, 0, "EventType Synchronization"),
        group(INT, 10000, "SequenceNumber"),
        group(TEXT, "", "ReceiverAssembly ReceiverClass ReceiverName ReceiverUrl"),
        group(GUID, "", "ReceiverId"),
    )

    def __init__(self, scope: Scope, entity: Entity, owner: Entity, owner_path: str) -> None:
        super().__init__(scope, entity)
        self.owner = owner
        self.owner_path = owner_path

    @property
    def path(self) -> str:
        return f"{self.owner_path}/EventReceivers(guid'{self.entity.guid}')"

    @computed("ReceiverId")
    def _id(self) -> str:
        return self.entity.guid

    def delete(self) -> None:
        self.scope.store.delete(self.entity)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Remove it."""
        self.delete()


class EventReceivers(OwnedCollection):
    """What is told of the events of a site, web or list."""

    feed = "EventReceivers"
    element = EventReceiver
    write_level = Level.MANAGE

    def all(self) -> list[EventReceiver]:
        rows = self.scope.store.children(self.owner.id, "eventreceiver")
        return [EventReceiver(self.scope, each, self.owner, self.owner_path) for each in rows]

    def by_key(self, key: object) -> EventReceiver | None:
        row = self.scope.store.get("eventreceiver", as_guid(key) or "", parent=self.owner.id)
        return None if row is None else EventReceiver(self.scope, row, self.owner, self.owner_path)

    @function("GetById")
    def get_by_id(self, call: Call) -> EventReceiver | None:
        """A receiver by id."""
        return self.by_key(call.value("eventReceiverId", 0))

    def create(self, call: Call) -> EventReceiver:
        given = call.record("eventReceiverCreationInformation")
        if not str(given.get("ReceiverUrl") or "").lower().startswith("https://"):
            # Source: since September 2026 the service registers no receivers that are code on the server.
            raise ODataError(400, f"-2146232832, {SP_EXCEPTION}", "The event receiver type is not supported.")
        names = ("EventType", "ReceiverName", "ReceiverUrl", "SequenceNumber", "Synchronization")
        props: Mapping[str, Any] = {name: given[name] for name in names if given.get(name) is not None}
        row = self.scope.store.insert(
            "eventreceiver", str(uuid.uuid4()), at=self.scope.now, parent=self.owner.id, props=props
        )
        return EventReceiver(self.scope, row, self.owner, self.owner_path)

    @action("Add")
    def add(self, call: Call) -> EventReceiver:
        """Register a receiver."""
        return self.create(call)


class WorkflowAssociation(Resource):
    """A workflow of SharePoint 2010 that is bound to something; the service starts none any more."""

    type = "SP.Workflow.WorkflowAssociation"
    feed = "WorkflowAssociations"
    declared = table(group(GUID, None, "Id"), group(TEXT, "", "Name"))


class WorkflowAssociations(OwnedCollection):
    """The workflows that are bound to something: none."""

    feed = "WorkflowAssociations"
    element = WorkflowAssociation
