"""Unmodified clients, through the CONNECT proxy, with nothing but the exports of `rehearsal env`."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import msal
import pytest
import requests
from office365.graph_client import GraphClient

from tests.rehearsal_fixtures import RunningTenant

GRAPH_SCOPE = ["https://graph.microsoft.com/.default"]


@pytest.fixture(autouse=True)
def _exports(rehearsal: RunningTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in rehearsal.environment.items():
        monkeypatch.setenv(name, value)


def sign_in(rehearsal: RunningTenant, credential: object, tenant: str | None = None) -> dict[str, Any]:
    authority = f"https://login.microsoftonline.com/{tenant or rehearsal.ready['tenant']}"
    app = msal.ConfidentialClientApplication(
        rehearsal.ready["client_id"], authority=authority, client_credential=credential
    )
    return dict(app.acquire_token_for_client(GRAPH_SCOPE))


def certificate(rehearsal: RunningTenant) -> dict[str, str]:
    key = Path(rehearsal.ready["cert"]).read_text(encoding="utf-8")
    return {"private_key": key, "thumbprint": rehearsal.ready["thumbprint"]}


def test_msal_signs_in_with_a_certificate_and_graph_takes_the_token(rehearsal: RunningTenant) -> None:
    answer = sign_in(rehearsal, certificate(rehearsal))
    header = {"Authorization": f"Bearer {answer['access_token']}"}
    site = requests.get("https://graph.microsoft.com/v1.0/sites/root", headers=header, timeout=30)
    assert (site.status_code, site.json()["webUrl"]) == (200, "https://contoso.sharepoint.com")


def test_msal_signs_in_with_the_pfx(rehearsal: RunningTenant) -> None:
    credential = {"private_key_pfx_path": rehearsal.ready["pfx"], "passphrase": rehearsal.ready["pfx_password"]}
    assert "access_token" in sign_in(rehearsal, credential)


def test_msal_signs_in_a_user(rehearsal: RunningTenant) -> None:
    authority = f"https://login.microsoftonline.com/{rehearsal.ready['tenant']}"
    app = msal.PublicClientApplication(rehearsal.ready["client_id"], authority=authority)
    ready = rehearsal.ready
    with pytest.warns(DeprecationWarning, match="public client"):
        answer = app.acquire_token_by_username_password(ready["admin_user"], ready["password"], scopes=GRAPH_SCOPE)
    assert answer["id_token_claims"]["preferred_username"] == ready["admin_user"]
    header = {"Authorization": f"Bearer {answer['access_token']}"}
    me = requests.get("https://graph.microsoft.com/v1.0/me", headers=header, timeout=30).json()
    assert me["userPrincipalName"] == ready["admin_user"]
    assert app.acquire_token_silent(GRAPH_SCOPE, app.get_accounts()[0], force_refresh=True)["access_token"]


def test_msal_passes_on_why_it_was_refused(rehearsal: RunningTenant) -> None:
    answer = sign_in(rehearsal, "wrong")
    assert (answer["error"], answer["error_codes"]) == ("invalid_client", [7000215])


def test_msal_does_not_find_another_tenant(rehearsal: RunningTenant) -> None:
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        sign_in(rehearsal, "x", "elsewhere.example")


@pytest.fixture
def graph(rehearsal: RunningTenant) -> GraphClient:
    ready = rehearsal.ready
    return GraphClient(tenant=ready["tenant"]).with_client_secret(ready["client_id"], ready["client_secret"])


def test_office365_client_uploads_lists_and_downloads(graph: GraphClient, tmp_path: Path) -> None:
    drive = graph.sites.root.drive
    name = f"t{uuid.uuid4().hex}"
    folder = drive.root.create_folder(name).execute_query()
    folder.upload("hello.txt", b"hello").execute_query()
    children = drive.root.get_by_path(name).children.get().execute_query()
    assert [each.name for each in children] == ["hello.txt"]
    assert children[0].get_content().execute_query().value == b"hello"


def test_office365_client_reads_the_directory(graph: GraphClient) -> None:
    users = graph.users.filter("userType eq 'Member'").top(5).get().execute_query()
    assert users[0].user_principal_name.endswith("@contoso.onmicrosoft.com")
    organisation = graph.organization.get().execute_query()
    assert organisation[0].properties["displayName"] == "Contoso County Council"
    settings = graph.admin.sharepoint.settings.get().execute_query()
    assert len(settings.properties) >= 29
