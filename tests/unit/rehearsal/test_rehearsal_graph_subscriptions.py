"""Subscriptions of Graph: kept where an address on this machine confirms, told of changes until they end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from spmigrate.rehearsal.notifications import Notifications
from tests.unit.rehearsal.directory_calls import Directory, open_directory
from tests.webhook_receiver import receiving


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path)
    yield opened
    opened.tenant.store.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with receiving() as receiver:
        yield receiver.url


def asked(directory: Directory, resource: str, url: str, *, minutes: int = 60, **more: object) -> dict[str, object]:
    end = directory.tenant.clock.now() + timedelta(minutes=minutes)
    return {"changeType": "updated", "notificationUrl": url, "resource": resource, "clientState": "mine",
            "expirationDateTime": end.strftime("%Y-%m-%dT%H:%M:%S.0000000Z"), **more}  # fmt: skip


def subscribe(directory: Directory, resource: str, url: str, **more: Any) -> Any:
    status, made = directory.ask("POST", "subscriptions", asked(directory, resource, url, **more))
    assert status == 201, made
    return made


def said(notifications: Notifications) -> list[tuple[str, str]]:
    """Which subscription is told of what."""
    letters = [json.loads(each.content)["value"] for each in notifications.collect()]
    return [(each["subscriptionId"], each["resource"]) for letter in letters for each in letter]


def test_subscription_is_made_listed_renewed_and_removed(directory: Directory, address: str) -> None:
    made = subscribe(directory, "sites/root/lists/Documents", address)
    assert (made["resource"], made["clientState"], made["changeType"]) == (
        "sites/root/lists/Documents",
        "mine",
        "updated",
    )
    one = f"subscriptions/{made['id']}"
    assert [each["id"] for each in directory.get("subscriptions")["value"]] == [made["id"]]
    later = asked(directory, "", "", minutes=120)["expirationDateTime"]
    assert directory.ask("PATCH", one, {"expirationDateTime": later})[1]["expirationDateTime"] == later
    assert directory.ask("PATCH", one, {"clientState": "yours"})[0] == 400
    assert directory.ask("PATCH", one, {"notificationUrl": f"{address}/silent"})[0] == 400
    assert directory.ask("GET", one, user="admin")[0] == 404
    assert directory.send("DELETE", one).status == 204
    assert directory.ask("GET", one)[0] == 404


@pytest.mark.parametrize(
    "resource",
    ["me/drive/root", "/me/drive/root", "sites/root/drive/root", "users", "groups",
     "sites/contoso.sharepoint.com:/sites/team:/lists/Documents"],
)  # fmt: skip
def test_what_a_person_may_subscribe_to(directory: Directory, address: str, resource: str) -> None:
    person = {"user": "migration.lead"}
    made = directory.ask("POST", "subscriptions", asked(directory, resource, address), **person)
    assert made[0] == 201, made
    assert len(directory.get("subscriptions", **person)["value"]) == 1


def test_change_is_told_to_whoever_asked_about_that_place(directory: Directory, address: str) -> None:
    drive = directory.get("sites/root/drive")["id"]
    notifications = Notifications(directory.tenant)
    of_drive = subscribe(directory, f"drives/{drive}/root", address)["id"]
    subscribe(directory, "sites/contoso.sharepoint.com:/sites/team:/lists/Documents", address)
    assert notifications.wanted
    assert said(notifications) == []
    assert directory.send("PUT", f"drives/{drive}/root:/x.txt:/content", b"x").status == 201
    assert said(notifications) == [(of_drive, f"drives/{drive}/root")]
    assert said(notifications) == []
    directory.tenant.clock.advance(7200)
    assert directory.send("PUT", f"drives/{drive}/root:/y.txt:/content", b"x").status == 201
    assert said(notifications) == []
    assert directory.get("subscriptions")["value"] == []


def test_change_of_a_person_is_told_by_name(directory: Directory, address: str) -> None:
    lead, other = (
        directory.get(f"users/{name}@contoso.onmicrosoft.com")["id"] for name in ("migration.lead", "engineer")
    )
    subscribe(directory, f"users/{lead}", address)
    subscribe(directory, "users", address, changeType="deleted")
    notifications = Notifications(directory.tenant)
    for each in (lead, other):
        directory.send("PATCH", f"users/{each}", {"jobTitle": "Lead"})
    (letter,) = notifications.collect()
    (told,) = json.loads(letter.content)["value"]
    assert (told["resourceData"]["id"], told["clientState"], told["changeType"]) == (lead, "mine", "updated")


@pytest.mark.parametrize(
    ("resource", "more", "status", "code"),
    [
        ("sites/root/lists/Documents", {"changeType": "created"}, 400, "InvalidRequest"),
        ("sites/root/lists/Documents", {"minutes": 42_301}, 400, "ExtensionError"),
        ("sites/root/lists/Documents", {"minutes": -1}, 400, "ExtensionError"),
        ("sites/root/lists/Documents", {"expirationDateTime": "tomorrow"}, 400, "InvalidRequest"),
        ("sites/root/lists/Documents", {"notificationUrl": "https://hooks.fabrikam.example/"}, 400, "ValidationError"),
        ("sites/root/lists/Documents", {"notificationUrl": "http://hooks.fabrikam.example/"}, 400, "InvalidRequest"),
        ("sites/root/lists/Documents", {"clientstate": "x"}, 400, "InvalidRequest"),
        ("sites/root/lists/Documents", {"clientState": 7}, 400, "InvalidRequest"),
        ("sites/root/lists/Nothing", {}, 404, "itemNotFound"),
        ("users/nobody", {}, 400, "ExtensionError"),
        ("nothing", {}, 400, "ExtensionError"),
        ("users/x/messages", {}, 501, "notImplemented"),
    ],
)
def test_subscription_that_cannot_be_is_refused(
    directory: Directory, address: str, resource: str, more: dict[str, Any], status: int, code: str
) -> None:
    answer = directory.ask("POST", "subscriptions", asked(directory, resource, address, **more))
    assert (answer[0], answer[1]["error"]["code"]) == (status, code), answer
    assert directory.get("subscriptions")["value"] == []


def test_subscription_needs_the_right_to_read(directory: Directory, address: str) -> None:
    body = asked(directory, "sites/root/lists/Documents", address)
    assert directory.ask("POST", "subscriptions", body, roles=["User.Read.All"])[0] == 403
    team = asked(directory, "sites/contoso.sharepoint.com:/sites/team:/lists/Documents", address)
    assert directory.ask("POST", "subscriptions", team, user="social.worker")[0] in (403, 404)
