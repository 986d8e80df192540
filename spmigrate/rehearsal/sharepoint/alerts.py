"""Alerts of webs and people."""

from __future__ import annotations

from spmigrate.rehearsal.odata.errors import not_built
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, INT, TEXT, group, table


class Alert(Resource):
    """A mail about a change that somebody asked for."""

    type = "SP.Alert"
    feed = "Alerts"
    declared = table(
        group(INT, 0, "AlertFrequency AlertType DeliveryChannels EventType Status UserId"),
        group(TEXT, "", "AlertTemplateName Filter Title"),
        group(BOOLEAN, False, "AlwaysNotify"),
        group(GUID, None, "ID"),
    )


class Alerts(Collection):
    """The alerts of a web or person. There are none: the service stopped taking new ones in 2025."""

    feed = "Alerts"
    element = Alert

    def all(self) -> list[Alert]:
        return []

    def create(self, _call: Call) -> Alert:
        raise not_built("POST", "Alerts")
