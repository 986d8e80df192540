"""Webhooks of lists: who is told of changes, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from spmigrate.rehearsal.http import split_address
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument, invalid_operation
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, action, computed, function
from spmigrate.rehearsal.sharepoint.owned_rows import OwnedRow, OwnedRows
from spmigrate.rehearsal.sharepoint.properties import DATE, GUID, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.webhook_handshake import confirms, is_near

# Source: Microsoft's page on list webhooks: a subscription lasts 180 days at most.
MAX_DAYS = 180


def subscription_missing() -> ODataError:
    """A subscription that is not there (404)."""
    return ODataError(404, f"-2147024894, {SP_EXCEPTION}", "The subscription does not exist.")


class Subscription(OwnedRow):
    """One subscription."""

    type = "Microsoft.SharePoint.Webhooks.Subscription"
    feed = "subscriptions"
    write_level = Level.MANAGE
    declared = table(
        group(TEXT, None, "clientState", writable=True),
        group(DATE, None, "expirationDateTime", writable=True),
        group(TEXT, "", "notificationUrl", writable=True),
        group(GUID, "", "id"),
        group(TEXT, "", "resource"),
        group(TEXT, None, "resourceData"),
        group(TEXT, None, "scenarios"),
    )

    @property
    def path(self) -> str:
        return f"{self.owner_path}/Subscriptions('{self.entity.guid}')"

    @computed("id")
    def _id(self) -> str:
        return self.entity.guid

    @computed("resource")
    def _resource(self) -> str:
        return self.owner.guid

    def save(self, patch: Mapping[str, Any]) -> None:
        if "expirationDateTime" in patch:
            read_expiry(self.scope, patch["expirationDateTime"])
        if "notificationUrl" in patch:
            ask_for_confirmation(str(patch["notificationUrl"]))
        super().save(patch)


class Subscriptions(OwnedRows[Subscription]):
    """The subscriptions to a list."""

    feed = "subscriptions"
    element = Subscription
    row_type = Subscription
    kind = "subscription"
    write_level = Level.MANAGE

    def all(self) -> list[Subscription]:
        return [each for each in super().all() if not self._over(each)]

    def find(self, key: object) -> Subscription | None:
        found = super().find(key)
        return None if found is None or self._over(found) else found

    def _over(self, subscription: Subscription) -> bool:
        """As in the service, a subscription that has expired is gone."""
        end = parse_date(str(subscription.entity.props.get("expirationDateTime") or ""))
        return end <= self.scope.clock.now()

    def by_key(self, key: object) -> Subscription:
        found = self.find(key)
        if found is None:
            raise subscription_missing()
        return found

    @function("GetById")
    def get_by_id(self, call: Call) -> Subscription:
        """A subscription by id."""
        return self.by_key(call.value("subscriptionId", 0))

    def create(self, call: Call) -> Subscription:
        """Be told of changes from now on, once the address has confirmed that it wants to be."""
        given = call.record("parameters")
        end = read_expiry(self.scope, given.get("expirationDateTime"))
        url = str(given.get("notificationUrl") or "")
        ask_for_confirmation(url)
        state = given.get("clientState")
        props = {"notificationUrl": url, "expirationDateTime": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
                 "clientState": None if state is None else str(state)}  # fmt: skip
        return self.keep(url, props)

    @action("Add")
    def add(self, call: Call) -> Subscription:
        """The same as a POST to the collection."""
        return self.create(call)

    @action("Remove")
    def remove(self, call: Call) -> None:
        """End a subscription."""
        self.by_key(call.value("subscriptionId", 0)).delete()


def read_expiry(scope: Scope, text: Any) -> datetime:
    """The end of a subscription; refuses (400) one that is past, or more than 180 days away."""
    moment = parse_date(str(text or ""))
    now = scope.clock.now()
    if not now < moment <= now + timedelta(days=MAX_DAYS):
        raise bad_argument(
            f"Expiration date should be within {MAX_DAYS} days from now.\r\nParameter name: expirationDateTime"
        )
    return moment


def ask_for_confirmation(url: str) -> None:
    """Refuse (400) an address that is none, that is not on this machine, or that does not send the token back. On this
    machine, where nobody has a certificate, it may do without TLS."""
    address = split_address(url)
    if address.scheme.lower() != "https" and not (address.scheme.lower() == "http" and is_near(address)):
        raise bad_argument("The notification URL must be an absolute HTTPS address.\r\nParameter name: notificationUrl")
    if not confirms(address):
        raise invalid_operation(f"Failed to validate the notification URL '{url}'.")
