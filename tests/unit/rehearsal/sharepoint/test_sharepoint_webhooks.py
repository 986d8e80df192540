"""Webhooks: an address on this machine that confirms is kept until it expires; every other one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.sharepoint.conftest import Door
from tests.webhook_receiver import receiving

HOOKS = "web/lists/getbytitle('Documents')/subscriptions"


@pytest.fixture
def receiver() -> Iterator[str]:
    with receiving() as found:
        yield found.url


def asked(tenant: Tenant, url: str, days: int = 30) -> dict[str, str]:
    end = (tenant.clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"resource": "documents", "notificationUrl": url, "expirationDateTime": end, "clientState": "mine"}


def test_address_that_confirms_is_subscribed_altered_and_removed(team: Door, rehearsed: Tenant, receiver: str) -> None:
    given = asked(rehearsed, f"{receiver}/hook?of=me")
    made = team.post(HOOKS, given)
    assert (made["notificationUrl"], made["clientState"]) == (given["notificationUrl"], "mine")
    assert made["resource"] == team.get("web/lists/getbytitle('Documents')")["Id"]
    one = f"{HOOKS}('{made['id']}')"
    later = asked(rehearsed, "", days=60)["expirationDateTime"]
    team("PATCH", one, {"expirationDateTime": later})
    assert team.get(one)["expirationDateTime"] == later
    assert team.refusal("PATCH", one, {"notificationUrl": f"{receiver}/silent"})[0] == 400
    team("DELETE", one)
    assert team.get(HOOKS)["value"] == []


def test_subscription_ends_when_it_expires(team: Door, rehearsed: Tenant, receiver: str) -> None:
    one = team.post(HOOKS, asked(rehearsed, receiver, days=2))["id"]
    rehearsed.clock.advance(3 * 86_400)
    assert team.get(HOOKS)["value"] == []
    assert team.refusal("GET", f"{HOOKS}('{one}')")[0] == 404


@pytest.mark.parametrize("path", ["/silent", "/busy"])
def test_address_that_does_not_confirm_is_refused(team: Door, rehearsed: Tenant, receiver: str, path: str) -> None:
    assert team.refusal("POST", HOOKS, asked(rehearsed, receiver + path))[0] == 400


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1:1/", "https://hooks.fabrikam.example/", "http://hooks.fabrikam.example/", "x", "https://["],
)
def test_address_that_is_not_here_is_refused(team: Door, rehearsed: Tenant, url: str) -> None:
    assert team.refusal("POST", HOOKS, asked(rehearsed, url))[0] == 400
    assert team.get(HOOKS)["value"] == []


def test_subscription_lasts_for_half_a_year_at_most(team: Door, rehearsed: Tenant, receiver: str) -> None:
    status, _, text = team.refusal("POST", HOOKS, asked(rehearsed, receiver, days=181))
    assert status == 400
    assert text.startswith("Expiration date should be within 180 days")
