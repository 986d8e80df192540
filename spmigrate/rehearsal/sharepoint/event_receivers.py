"""Receivers of the events of lists, and the workflows of old."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError
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
)
from spmigrate.rehearsal.sharepoint.properties import GUID, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity


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
