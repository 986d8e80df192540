"""Whoever asked to be told of changes is told by the tenant itself, in the form of the interface that was asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.migration_package import CertifiedClient
from tests.rehearsal_fixtures import RunningTenant
from tests.webhook_receiver import receiving


@pytest.fixture
def client(rehearsal: RunningTenant) -> Iterator[CertifiedClient]:
    made = CertifiedClient(rehearsal)
    yield made
    made.close()


def test_a_change_is_told_to_webhooks_and_subscriptions(client: CertifiedClient, rehearsal: RunningTenant) -> None:
    site, end = rehearsal.ready["site"], (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    drive = client.graph("GET", "sites/contoso.sharepoint.com:/sites/team:/drive").json["id"]
    hooks = f"{site}/_api/web/lists/getbytitle('Documents')/subscriptions"
    with receiving() as receiver:
        hook = client.send("POST", hooks, {
            "resource": "x", "notificationUrl": f"{receiver.url}/of-list", "expirationDateTime": end,
            "clientState": "one",
        }, Accept="application/json;odata=nometadata").json  # fmt: skip
        subscription = client.graph("POST", "subscriptions", {
            "resource": f"drives/{drive}/root", "changeType": "updated", "notificationUrl": f"{receiver.url}/of-drive",
            "expirationDateTime": end, "clientState": "two",
        }).json  # fmt: skip
        assert client.graph("PUT", f"drives/{drive}/root:/told.txt:/content", b"x").status == 201
        letters = dict(receiver.letters.get(timeout=10) for _ in range(2))
        (of_list,), (of_drive,) = letters["/of-list"]["value"], letters["/of-drive"]["value"]
        assert (of_list["subscriptionId"], of_list["clientState"], of_list["siteUrl"]) == (
            hook["id"],
            "one",
            "/sites/team",
        )
        assert of_list["resource"] == hook["resource"]
        assert (of_drive["subscriptionId"], of_drive["clientState"]) == (subscription["id"], "two")
        assert (of_drive["resource"], of_drive["changeType"]) == (f"drives/{drive}/root", "updated")
        assert client.graph("DELETE", f"subscriptions/{subscription['id']}").status == 204
        assert client.send("DELETE", f"{hooks}('{hook['id']}')", If_Match="*").status in (200, 204)
        client.graph("PUT", f"drives/{drive}/root:/untold.txt:/content", b"x")
        client.graph("GET", "sites/root")
        assert receiver.letters.empty()
