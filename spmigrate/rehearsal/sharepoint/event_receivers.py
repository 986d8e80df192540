"""Receivers of the events of lists, and the workflows of old."""

from __future__ import annotations

import uuid

from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, OwnedCollection, Resource, action, computed, function
from spmigrate.rehearsal.sharepoint.owned_rows import OwnedRow, OwnedRows
from spmigrate.rehearsal.sharepoint.properties import GUID, INT, TEXT, group, table


class EventReceiver(OwnedRow):
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

    @property
    def path(self) -> str:
        return f"{self.owner_path}/EventReceivers(guid'{self.entity.guid}')"

    @computed("ReceiverId")
    def _id(self) -> str:
        return self.entity.guid


class EventReceivers(OwnedRows[EventReceiver]):
    """What is told of the events of a site, web or list."""

    feed = "EventReceivers"
    element = EventReceiver
    row_type = EventReceiver
    kind = "eventreceiver"
    write_level = Level.MANAGE

    @function("GetById")
    def get_by_id(self, call: Call) -> EventReceiver | None:
        """A receiver by id."""
        return self.find(call.value("eventReceiverId", 0))

    def create(self, call: Call) -> EventReceiver:
        given = call.record("eventReceiverCreationInformation")
        if not str(given.get("ReceiverUrl") or "").lower().startswith("https://"):
            # Source: since September 2026 the service registers no receivers that are code on the server.
            raise ODataError(400, f"-2146232832, {SP_EXCEPTION}", "The event receiver type is not supported.")
        names = ("EventType", "ReceiverName", "ReceiverUrl", "SequenceNumber", "Synchronization")
        return self.keep(str(uuid.uuid4()), {name: given[name] for name in names if given.get(name) is not None})

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
