"""Why sign-in gives no token: each of Entra's numbers with its status and error word."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.identity import CLIENT_ID
from tests.unit.rehearsal.builders import read
from tests.unit.rehearsal.sign_in_door import BACK, GRAPH, HOME, Door, opened

GRAPH_ID = "00000003-0000-0000-c000-000000000000"
POLICY: dict[str, Any] = {
    "displayName": "P", "state": "enabled",
    "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}},
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def usual_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One for the tests that change nothing."""
    with opened(tmp_path_factory.mktemp("door")) as door:
        yield door


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with opened(tmp_path) as door:
        yield door


def refusal(answer: Response) -> tuple[int, str, int]:
    """Status, error word and number; the text begins with the number too."""
    said = read(answer)
    (number,) = said["error_codes"]
    assert said["error_description"].startswith(f"AADSTS{number}: ")
    assert said["trace_id"]
    assert said["correlation_id"]
    return answer.status, said["error"], number


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        ({"client_id": "11111111-1111-1111-1111-111111111111"}, (400, "unauthorized_client", 700016)),
        ({"client_id": ""}, (400, "invalid_request", 900144)),
        ({"grant_type": ""}, (400, "invalid_request", 900144)),
        ({"grant_type": "nonsense"}, (400, "unsupported_grant_type", 70003)),
        ({"scope": ""}, (400, "invalid_request", 90014)),
        ({"scope": f"{GRAPH}/User.Read.All"}, (400, "invalid_scope", 1002012)),
        ({"scope": "User.Read.All"}, (400, "invalid_scope", 1002012)),
        ({"scope": "https://elsewhere.example/.default"}, (400, "invalid_resource", 500011)),
    ],
)  # fmt: skip
def test_application_is_refused_by_number(
    usual_door: Door, form: dict[str, str], expected: tuple[int, str, int]
) -> None:
    assert refusal(usual_door.by_app(**form)) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"password": "wrong"}, (400, "invalid_grant", 50126)),
        ({"username": f"nobody@{HOME}"}, (400, "invalid_grant", 50034)),
        ({"username": ""}, (400, "invalid_request", 900144)),
        ({"password": ""}, (400, "invalid_request", 900144)),
        ({"scope": f"{GRAPH}/.default {GRAPH}/User.Read"}, (400, "invalid_scope", 70011)),
        ({"scope": f"{GRAPH}/User.Read https://contoso.sharepoint.com/AllSites.Read"}, (400, "invalid_request", 28000)),
        ({"scope": f"{GRAPH}/No.Such.Thing"}, (400, "invalid_client", 650053)),
    ],
)  # fmt: skip
def test_person_is_refused_by_number(usual_door: Door, form: dict[str, str], expected: tuple[int, str, int]) -> None:
    assert refusal(usual_door.by_person(**form)) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("elsewhere.example", (400, "invalid_request", 90002)),
        ("11111111-1111-1111-1111-111111111111", (400, "invalid_request", 90002)),
        ("nonsense", (400, "invalid_request", 900023)),
        ("common", (400, "invalid_request", 50059)),
    ],
)
def test_place_of_no_tenant_is_refused(usual_door: Door, place: str, expected: tuple[int, str, int]) -> None:
    assert refusal(usual_door.by_app(place)) == expected
    if place != "common":
        path = f"/{place}/v2.0/.well-known/openid-configuration"
        found = usual_door.sign_in.handle(Request("GET", "login.microsoftonline.com", path))
        assert refusal(found) == (400, "invalid_tenant", expected[2])


def test_password_needs_a_tenant_or_any_organisation(usual_door: Door) -> None:
    assert refusal(usual_door.by_person("common")) == (400, "invalid_request", 9001023)
    assert usual_door.by_person("organizations").status == 200


def test_secret_that_has_ended_is_told_from_a_wrong_one(door: Door) -> None:
    made = door.graph.ask("POST", f"applications(appId='{CLIENT_ID}')/addPassword", {"passwordCredential": {}})[1]
    assert door.by_app(client_secret=made["secretText"]).status == 200
    door.graph.tenant.clock.advance(86_400 * 365 * 3)
    assert refusal(door.by_app(client_secret=made["secretText"])) == (401, "invalid_client", 7000222)
    assert refusal(door.by_app(client_secret=made["secretText"] + "x")) == (401, "invalid_client", 7000215)


def test_scope_that_nobody_consented_to_wants_consent(door: Door) -> None:
    app = door.graph.tenant.directory.app(CLIENT_ID)
    assert app
    door.graph.tenant.store.update(app, {"scopes": {"graph": ["User.Read"]}}, at=door.graph.tenant.clock.iso())
    answer = door.by_person(scope=f"{GRAPH}/Sites.Read.All")
    assert refusal(answer) == (400, "invalid_grant", 65001)
    assert read(answer)["suberror"] == "consent_required"
    assert door.by_person(scope=f"{GRAPH}/User.Read").status == 200


def test_foreign_way_back_is_refused_at_the_page(usual_door: Door) -> None:
    answer = usual_door.at_page(redirect_uri="https://elsewhere.example/back")
    assert (answer.status, "location" in answer.headers) == (400, False)
    assert b"AADSTS50011" in answer.body


def test_scope_that_there_is_not_is_told_to_the_application(usual_door: Door) -> None:
    answer = usual_door.at_page(scope=f"{GRAPH}/.default {GRAPH}/User.Read")
    assert answer.status == 302
    told = parse_qs(urlsplit(answer.headers["location"]).query)
    assert told["error"] == ["invalid_scope"]
    assert told["error_description"][0].startswith("AADSTS70011: ")


def test_disabled_application_signs_nobody_in(door: Door) -> None:
    principal = door.graph.get(f"servicePrincipals(appId='{CLIENT_ID}')")["id"]
    assert door.graph.ask("PATCH", f"servicePrincipals/{principal}", {"accountEnabled": False})[0] == 204
    assert refusal(door.by_app()) == (400, "unauthorized_client", 7000112)


def test_application_for_assigned_people_takes_no_others(door: Door) -> None:
    principal = door.graph.get(f"servicePrincipals(appId='{CLIENT_ID}')")["id"]
    assert door.graph.ask("PATCH", f"servicePrincipals/{principal}", {"appRoleAssignmentRequired": True})[0] == 204
    assert refusal(door.by_person()) == (400, "invalid_grant", 50105)
    person = door.graph.get(f"users/engineer@{HOME}")["id"]
    given = {"principalId": person, "resourceId": principal, "appRoleId": "00000000-0000-0000-0000-000000000000"}
    assert door.graph.ask("POST", f"users/{person}/appRoleAssignments", given)[0] == 201
    assert door.by_person().status == 200


def conditional(door: Door, **changes: Any) -> None:
    """Add a policy of conditional access."""
    conditions = {**POLICY["conditions"], **changes.pop("conditions", {})}
    status, said = door.graph.ask(
        "POST", "identity/conditionalAccess/policies", {**POLICY, **changes, "conditions": conditions}
    )
    assert status == 201, said


def test_second_factor_cannot_be_given_with_a_password_alone(door: Door) -> None:
    conditional(door)
    answer = door.by_person()
    assert refusal(answer) == (400, "invalid_grant", 50076)
    assert read(answer)["suberror"] == "basic_action"
    assert GRAPH_ID in read(answer)["error_description"]
    assert door.at_page().status == 302
    assert door.by_app().status == 200


def test_token_that_was_got_with_a_second_factor_is_refreshed(door: Door) -> None:
    before = read(door.by_person())
    told = parse_qs(urlsplit(door.at_page().headers["location"]).query)
    code = {"grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": BACK}
    strong = read(door.token(**code, client_secret=door.secret))
    conditional(door)
    scope = f"{GRAPH}/.default"
    assert door.token(grant_type="refresh_token", refresh_token=strong["refresh_token"], scope=scope).status == 200
    weak = door.token(grant_type="refresh_token", refresh_token=before["refresh_token"], scope=scope)
    assert refusal(weak) == (400, "invalid_grant", 50076)


@pytest.mark.parametrize(
    ("controls", "number"),
    [
        ({"operator": "OR", "builtInControls": ["block"]}, 53003),
        ({"operator": "OR", "builtInControls": ["compliantDevice"]}, 53000),
        ({"operator": "OR", "builtInControls": ["domainJoinedDevice"]}, 53001),
        ({"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]}, 50076),
    ],
)
def test_policy_refuses_by_its_own_number(door: Door, controls: dict[str, Any], number: int) -> None:
    conditional(door, grantControls=controls)
    assert refusal(door.by_person()) == (400, "invalid_grant", number)


def test_blocked_person_is_told_at_the_page(door: Door) -> None:
    conditional(door, grantControls={"operator": "OR", "builtInControls": ["block"]})
    answer = door.at_page()
    assert answer.status == 400
    assert b"AADSTS53003" in answer.body


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "disabled"},
        {"state": "enabledForReportingButNotEnforced"},
        {"conditions": {"applications": {"includeApplications": ["11111111-1111-1111-1111-111111111111"]}}},
        {"conditions": {"applications": {"includeApplications": ["All"], "excludeApplications": [GRAPH_ID]}}},
        {"conditions": {"users": {"includeUsers": ["GuestsOrExternalUsers"]}}},
        {"conditions": {"clientAppTypes": ["browser"]}},
        {"conditions": {"signInRiskLevels": ["high"]}},
        {"conditions": {"platforms": {"includePlatforms": ["iOS"]}}},
    ],
)
def test_policy_that_does_not_meet_a_sign_in_lets_it_be(door: Door, changes: dict[str, Any]) -> None:
    conditional(door, **changes)
    assert door.by_person().status == 200


def test_policy_meets_people_by_group_and_spares_by_name(door: Door) -> None:
    person = door.graph.get(f"users/engineer@{HOME}")["id"]
    group = {"displayName": "G", "mailNickname": "g", "mailEnabled": False, "securityEnabled": True}
    made = door.graph.ask("POST", "groups", group)[1]["id"]
    conditional(door, conditions={"users": {"includeGroups": [made]}})
    assert door.by_person().status == 200
    link = {"@odata.id": f"{GRAPH}/v1.0/directoryObjects/{person}"}
    assert door.graph.ask("POST", f"groups/{made}/members/$ref", link)[0] == 204
    assert refusal(door.by_person())[2] == 50076
    policy = door.graph.get("identity/conditionalAccess/policies")["value"][0]["id"]
    users = {"conditions": {**POLICY["conditions"], "users": {"includeGroups": [made], "excludeUsers": [person]}}}
    assert door.graph.ask("PATCH", f"identity/conditionalAccess/policies/{policy}", users)[0] == 204
    assert door.by_person().status == 200


def test_security_defaults_want_a_second_factor_of_administrators(door: Door) -> None:
    path = "policies/identitySecurityDefaultsEnforcementPolicy"
    assert door.graph.ask("PATCH", path, {"isEnabled": True})[0] == 204
    assert refusal(door.by_person(username=f"admin@{HOME}"))[2] == 50076
    assert door.by_person().status == 200
