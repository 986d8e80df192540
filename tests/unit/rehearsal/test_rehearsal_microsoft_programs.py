"""What other programs of Microsoft's ask of a tenant: Azure's client, and a program on a desk that keeps no secret."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from spmigrate.rehearsal.azure import resource_manager
from spmigrate.rehearsal.http import Request
from spmigrate.rehearsal.identity import CLIENT_ID
from spmigrate.rehearsal.tokens import split
from tests.unit.rehearsal.builders import read
from tests.unit.rehearsal.sign_in_door import BACK, GRAPH, Door, opened

AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
MANAGEMENT = "https://management.core.windows.net/"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("door")) as made:
        yield made


def manage(door: Door, path: str, token: str, query: str = "api-version=2022-12-01") -> tuple[int, Any]:
    asked = Request("GET", "management.azure.com", path, query, {"authorization": f"Bearer {token}"})
    answer = resource_manager.handle(asked, door.graph.tenant, door.tokens)
    return answer.status, read(answer)


def test_azure_knows_the_tenant_and_no_subscription(door: Door) -> None:
    token = read(door.by_app(scope=f"{MANAGEMENT}/.default"))["access_token"]
    assert split(token)[1]["aud"] == MANAGEMENT
    assert manage(door, "/subscriptions", token)[1]["value"] == []
    [tenant] = manage(door, "/tenants", token)[1]["value"]
    assert tenant["tenantId"] == door.graph.tenant.names.tenant_id
    assert manage(door, "/subscriptions/some/resourcegroups", token)[0] == 404
    assert manage(door, "/providers/Microsoft.Web", token)[0] == 501
    assert manage(door, "/tenants", token, "")[0] == 400
    of_graph = read(door.by_app())["access_token"]
    status, refused = manage(door, "/tenants", of_graph)
    assert (status, refused["error"]["code"]) == (401, "InvalidAuthenticationTokenAudience")


def test_person_signs_in_to_azures_client_with_the_scopes_that_microsoft_gave_it(door: Door) -> None:
    token = read(door.by_person(client_id=AZURE_CLI))["access_token"]
    scopes = split(token)[1]["scp"].split()
    assert "Directory.AccessAsUser.All" in scopes
    assert not any(each.startswith(("Files", "Sites")) for each in scopes)
    listed = door.graph.ask("GET", "applications")[1]["value"]
    assert AZURE_CLI not in [each["appId"] for each in listed]


def test_refresh_that_names_no_scope_asks_for_what_was_asked_before(door: Door) -> None:
    first = read(door.by_person(scope="https://contoso.sharepoint.com/.default offline_access"))
    again = read(door.token(grant_type="refresh_token", refresh_token=first["refresh_token"]))
    third = read(door.token(grant_type="refresh_token", refresh_token=again["refresh_token"]))
    assert split(third["access_token"])[1]["aud"] == "https://contoso.sharepoint.com"


def redeem(door: Door, **form: str) -> int:
    way_back = urlsplit(door.at_page().headers["location"])
    code = parse_qs(way_back.query)["code"][0]
    scope = f"{GRAPH}/.default"
    return door.token(grant_type="authorization_code", code=code, redirect_uri=BACK, scope=scope, **form).status


def test_program_on_a_desk_redeems_its_code_without_a_secret_and_one_on_a_server_does_not(door: Door) -> None:
    assert redeem(door) == 200
    [app] = [each for each in door.graph.ask("GET", "applications")[1]["value"] if each["appId"] == CLIENT_ID]
    door.graph.ask("PATCH", f"applications/{app['id']}", {"web": {"redirectUris": [BACK]}})
    assert redeem(door) == 401
    assert redeem(door, client_secret=door.secret) == 200
