"""Permissions held, missing and in excess."""

import base64
import json

import pytest

from spmigrate.tenant.permissions import MICROSOFT_GRAPH, NEEDS, SHAREPOINT, excess, missing, roles

ENOUGH = {api: frozenset(need.permission for need in NEEDS if need.api == api) for api in (SHAREPOINT, MICROSOFT_GRAPH)}


def make_token(*held: str) -> str:
    body = base64.urlsafe_b64encode(json.dumps({"roles": held}).encode()).decode().rstrip("=")
    return f"eyJ9.{body}.c2ln"


def test_roles_are_read_from_a_token() -> None:
    assert roles(make_token("Sites.Read.All", "User.Read.All")) == {"Sites.Read.All", "User.Read.All"}


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "eyJ9.eyJ9.x", "a.W10.c"])
def test_token_that_is_none_holds_nothing(token: str) -> None:
    assert roles(token) == frozenset()


def test_declared_permissions_are_neither_too_few_nor_too_many() -> None:
    assert missing(ENOUGH) == []
    assert excess(ENOUGH) == {}


def test_missing_permission_says_what_it_is_for() -> None:
    held = {**ENOUGH, MICROSOFT_GRAPH: ENOUGH[MICROSOFT_GRAPH] - {"AuditLog.Read.All"}}
    (need,) = missing(held)
    assert (need.permission, need.work) == ("AuditLog.Read.All", "check")


def test_wider_permission_is_enough_and_not_in_excess() -> None:
    held = {**ENOUGH, MICROSOFT_GRAPH: ENOUGH[MICROSOFT_GRAPH] - {"Group.Read.All"} | {"Group.ReadWrite.All"}}
    assert missing(held) == []
    assert excess(held) == {}


def test_permission_without_need_is_named() -> None:
    held = {**ENOUGH, MICROSOFT_GRAPH: ENOUGH[MICROSOFT_GRAPH] | {"Mail.Read", "Calendars.Read"}}
    assert excess(held) == {MICROSOFT_GRAPH: ["Calendars.Read", "Mail.Read"]}


def test_same_name_at_the_other_service_does_not_count() -> None:
    assert missing({SHAREPOINT: frozenset({"Sites.ReadWrite.All"})}) == [NEEDS[0]]
