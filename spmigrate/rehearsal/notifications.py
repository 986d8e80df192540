"""What is sent to those who asked to be told of changes: webhooks of lists, and subscriptions of Graph.

As in the service, a notification says that something has changed and not what: whoever gets it asks for the changes.
It is sent a moment after the change, what has changed meanwhile in one, and once: an address that does not take it is
not told again (the service would try for some hours).
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal.change_log import newest, read_log
from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.sharepoint.webhook_handshake import tell
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

OF_LISTS, OF_GRAPH = "subscription", "graphsubscription"
_ITEM_TYPES = {"list": "#Microsoft.Graph.ListItem", "drive": "#Microsoft.Graph.DriveItem"}
# How many objects of the directory are told of one by one.
_MOST = 100


@dataclass(frozen=True, slots=True)
class Notification:
    """A message to one address."""

    url: str
    content: bytes


class Notifications:
    """Follows the log of changes for those who asked to be told."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        # The newest change that has been told, None while nobody wants to be told.
        self._told: int | None = newest(tenant.store)
        self._letters: queue.SimpleQueue[Notification] = queue.SimpleQueue()
        self._carrier: threading.Thread | None = None

    @property
    def wanted(self) -> bool:
        """Whether anybody wants to be told of anything; from then on changes are followed."""
        store = self._tenant.store
        if not store.remembered(("subscriptions",), self._any):
            self._told = None
        elif self._told is None:
            self._told = newest(store)
        return self._told is not None

    def _any(self) -> bool:
        return any(self._tenant.store.every(kind, limit=1) for kind in (OF_LISTS, OF_GRAPH))

    def collect(self) -> list[Notification]:
        """What has to be sent for the changes since the last time."""
        if not self.wanted or self._told is None:
            return []
        after, self._told = self._told, newest(self._tenant.store)
        if after >= self._told:
            return []
        messages: dict[str, list[dict[str, Any]]] = {}
        for each in self._living():
            for said in self._say(each, after):
                messages.setdefault(each.props["notificationUrl"], []).append(said)
        return [Notification(url, json.dumps({"value": value}).encode()) for url, value in messages.items()]

    def send(self) -> None:
        """Send what has to be sent, without waiting for whoever gets it."""
        for each in self.collect():
            self._letters.put(each)
            if self._carrier is None:
                self._carrier = threading.Thread(target=self._carry, daemon=True)
                self._carrier.start()

    def _carry(self) -> None:
        while True:
            letter = self._letters.get()
            tell(letter.url, letter.content)

    def _living(self) -> Iterator[Entity]:
        store, now = self._tenant.store, self._tenant.clock.now()
        for kind in (OF_LISTS, OF_GRAPH):
            for each in store.every(kind):
                if read_time(each.props["expirationDateTime"]) > now:
                    yield each

    def _say(self, kept: Entity, after: int) -> list[dict[str, Any]]:
        if kept.props.get("_of") in ("user", "group"):
            return self._say_directory(kept, after)
        if not self._changed("kind = 'item' AND parent = ?", (kept.parent,), after):
            return []
        return [self._of_list(kept) if kept.kind == OF_LISTS else self._of_graph(kept)]

    def _say_directory(self, kept: Entity, after: int) -> list[dict[str, Any]]:
        """One for each user or group. As in the service, what was made counts as updated, and so does what was put
        into the bin."""
        if "updated" not in kept.props["changeType"].lower():
            return []
        one, kind = kept.parent, kept.props["_of"]
        clause, arguments = ("kind = ? AND target = ?", (kind, one)) if one else ("kind = ?", (kind,))
        said = []
        for guid in self._changed(clause, arguments, after, most=_MOST):
            name = f"{kind.capitalize()}s/{guid}"
            about = {
                "@odata.type": f"#Microsoft.Graph.{kind.capitalize()}", "@odata.id": name, "id": guid,
                "organizationId": self._tenant.names.tenant_id,
            }  # fmt: skip
            said.append({**self._of_graph(kept), "resource": name, "resourceData": about})
        return said

    def _changed(self, clause: str, arguments: tuple[object, ...], after: int, *, most: int = 1) -> list[str]:
        changes = read_log(
            self._tenant.store, after=after, until=self._told or after, clause=clause, arguments=arguments, limit=most,
            newest_first=False,
        )  # fmt: skip
        return list(dict.fromkeys(each.guid for each in changes))

    def _of_list(self, kept: Entity) -> dict[str, Any]:
        store = self._tenant.store
        listing = store.by_id(kept.parent)
        web = store.by_id(listing.parent) if listing else None
        return {
            "subscriptionId": kept.guid,
            "clientState": kept.props.get("clientState"),
            "expirationDateTime": kept.props["expirationDateTime"].replace("Z", ".0000000Z"),
            "resource": listing.guid if listing else "",
            "tenantId": self._tenant.names.tenant_id,
            "siteUrl": web.name if web else "",
            "webId": web.guid if web else "",
        }

    def _of_graph(self, kept: Entity) -> dict[str, Any]:
        return {
            "subscriptionId": kept.guid,
            "subscriptionExpirationDateTime": kept.props["expirationDateTime"],
            "changeType": "updated",
            "resource": kept.props["resource"],
            "clientState": kept.props.get("clientState"),
            "tenantId": self._tenant.names.tenant_id,
            "resourceData": {"@odata.type": _ITEM_TYPES.get(kept.props["_of"], "")},
        }
