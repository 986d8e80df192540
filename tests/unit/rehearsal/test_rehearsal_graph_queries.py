"""What a query of Graph may name: anything else is refused, never answered as if it had not been asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.graph.ids import drive_id
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import drive_of, make_library, read, request


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    opened = open_tenant(tmp_path)
    for name in ("Alice", "Bob", "Carol"):
        opened.directory.add_user(f"{name.lower()}@contoso.onmicrosoft.com", props={"displayName": name})
    opened.directory.add_group("Schools", props={"mailNickname": "schools"})
    yield opened
    opened.store.close()


def ask(tenant: Tenant, path: str, **headers: str) -> tuple[int, Any]:
    response = graph.handle(request("GET", path, **headers), tenant)
    content = read(response)
    return response.status, content.get("error", content)


@pytest.mark.parametrize(
    "option", ["$select=nope", "$filter=nope eq 1", "$orderby=nope", "$expand=nope", "filter=nope eq 1"]
)
@pytest.mark.parametrize("path", ["users", "groups", "servicePrincipals", "organization"])
def test_property_that_the_type_does_not_have_is_refused(tenant: Tenant, path: str, option: str) -> None:
    status, error = ask(tenant, f"{path}?{option}")
    assert (status, error["code"]) == (400, "BadRequest")
    assert "Could not find a property named 'nope' on type 'microsoft.graph." in error["message"]


@pytest.mark.parametrize(
    "path", ["users/alice", "users?$filter=displayName eq 'Nobody'", "policies/crossTenantAccessPolicy/partners"]
)
def test_selection_is_judged_by_the_type_and_not_by_what_is_found(tenant: Tenant, path: str) -> None:
    assert ask(tenant, f"{path}{'&' if '?' in path else '?'}$select=nope")[0] == 400


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("$top=5000", 400, "Request_UnsupportedQuery"),
        ("$top=0", 400, "Request_UnsupportedQuery"),
        ('$search="displayName:Al"', 400, "Request_UnsupportedQuery"),
        ("$filter=userType ne 'Guest'", 400, "Request_UnsupportedQuery"),
        ("$filter=displayName eq", 400, "BadRequest"),
        ("$filter=not(assignedLicenses/$count eq 0)", 400, "Request_UnsupportedQuery"),
        ("$filter=displayName eq 'Bob'&$orderby=displayName", 400, "Request_UnsupportedQuery"),
        ("$expand=extensions", 501, "notImplemented"),
        ("$select=aboutMe", 501, "NotImplemented"),
        ("$skip=1", 501, "notImplemented"),
        ("$nonsense=1", 400, "BadRequest"),
        ("$orderby=displayName up", 400, "BadRequest"),
    ],
)
def test_option_that_is_not_answered_is_refused(tenant: Tenant, query: str, status: int, code: str) -> None:
    found, content = ask(tenant, f"users?{query}")
    assert (found, content.get("code", "")) == (status, code)


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ('"displayName:al"', ["Alice"]),
        ('"displayName:al" OR "mail:carol@"', ["Alice", "Carol"]),
        ('"displayName:al" AND "mail:bob"', []),
    ],
)
def test_search_needs_its_header(tenant: Tenant, search: str, names: list[str]) -> None:
    assert ask(tenant, f"users?$search={search}")[0] == 400
    status, found = ask(tenant, f"users?$search={search}", consistencylevel="eventual")
    assert (status, [each["displayName"] for each in found["value"]]) == (200, names)


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("displayName in ('Bob','Carol')", ["Bob", "Carol"]),
        ("startswith(displayName,'B') or mail eq 'ALICE@contoso.onmicrosoft.com'", ["Alice", "Bob"]),
        ("createdDateTime ge 2020-01-01T00:00:00Z and accountEnabled eq true", ["Alice", "Bob", "Carol"]),
        ("identities/any(c:c/issuerAssignedId eq 'bob@contoso.onmicrosoft.com')", ["Bob"]),
    ],
)
def test_filters_of_graph(tenant: Tenant, condition: str, names: list[str]) -> None:
    _, found = ask(tenant, f"users?$filter={condition}")
    assert [each["displayName"] for each in found["value"]] == names


def test_count_is_told_only_to_who_takes_an_answer_that_may_be_behind(tenant: Tenant) -> None:
    assert ask(tenant, "users/$count")[0] == 400
    assert "@odata.count" not in ask(tenant, "users?$count=true")[1]
    assert ask(tenant, "users?$count=true", consistencylevel="eventual")[1]["@odata.count"] == 3


def test_advanced_operator_is_answered_when_it_is_asked_for_as_such(tenant: Tenant) -> None:
    _, found = ask(tenant, "users?$filter=displayName ne 'Bob'&$count=true", consistencylevel="eventual")
    assert [each["displayName"] for each in found["value"]] == ["Alice", "Carol"]
    assert found["@odata.count"] == 2


def test_property_without_a_value_is_null_or_empty(tenant: Tenant) -> None:
    _, found = ask(tenant, "users/alice@contoso.onmicrosoft.com?$select=displayName,employeeId,otherMails")
    assert (found["displayName"], found["employeeId"], found["otherMails"]) == ("Alice", None, [])


def test_order_by_several_keys(tenant: Tenant) -> None:
    _, found = ask(tenant, "users?$orderby=userType,displayName desc")
    assert [each["displayName"] for each in found["value"]] == ["Carol", "Bob", "Alice"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("$filter=nope eq 1", None),
        ("$select=nope", 400),
        ("$expand=children", 200),
        ("$expand=workbook", 501),
        ("$expand=nope", 400),
        ("$select=id,name,file,@microsoft.graph.downloadUrl", 200),
    ],
)
@pytest.mark.parametrize("place", ["root/children", "root/delta"])
def test_files_are_asked_for_as_strictly(tenant: Tenant, place: str, query: str, status: int | None) -> None:
    drive = drive_of(tenant, make_library(tenant))
    name = drive_id(drive.site, drive.web, drive.listing)
    wanted = status or {"root/children": 400, "root/delta": 501}[place]
    assert ask(tenant, f"drives/{name}/{place}?{query}")[0] == wanted
