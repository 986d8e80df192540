"""Whatever is sent to Graph is answered or refused in Graph's form: never a crash, never a 500."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.identity import ensure_identity
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import drive_of, make_library, read, request

PARTS = [
    "drives", "root", "items", "children", "content", "createUploadSession", "delta", "versions", "1.0", "sites",
    "lists",
    "users", "groups", "members", "$ref", "policies", "crossTenantAccessPolicy", "default", "partners", "$batch",
    "invitations", "admin", "sharepoint", "settings", "servicePrincipals", "root:", "root:/a.txt:", "%2e%2e", "%ff",
    "²",
    "DRIVE", "contoso.sharepoint.com:", "sites/fuzz:", "sponsors", "$count", "permanentDelete", "a.txt",
    "me", "drive", "shares", "u!aHR0cHM6Ly9jb250b3NvLnNoYXJlcG9pbnQuY29tLw", "copy", "createLink", "invite",
    "permissions",
    "search(q='a')", "versions", "1.0", "checkout", "checkin", "restore", "special", "approot", "listItem", "list",
    "thumbnails", "analytics", "preview", "follow", "recent", "sharedWithMe", "microsoft.graph.delta()",
]  # fmt: skip
OPTIONS = ["$top=", "$filter=", "$select=", "$expand=", "$orderby=", "$skiptoken=", "token=", "$count=", "search="]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**12), st.text(max_size=8), st.just({}), st.just([]),
    st.just({"id": "x"}),
    st.just("\ud800"),
)  # fmt: skip
NAMES = [
    "name", "folder", "item", "fileSystemInfo", "fileSize", "parentReference", "requests", "@odata.id", "displayName",
    "tenantId", "inboundTrust", "userPrincipalName", "mailNickname", "members@odata.bind", "sharingCapability",
    "invitedUserEmailAddress", "inviteRedirectUrl", "@microsoft.graph.conflictBehavior", "type", "scope",
    "roles", "recipients", "expirationDateTime", "deferCommit", "description", "file",
]  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tenant, str]]:
    folder = tmp_path_factory.mktemp("fuzz")
    tenant = open_tenant(folder)
    Seeder(tenant, ensure_identity(folder, tenant.names)).ensure(None)
    yield tenant, drive_of(tenant, make_library(tenant, path="/sites/fuzz")).id
    tenant.store.close()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    METHODS,
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5),
    st.lists(st.tuples(st.sampled_from(OPTIONS), st.text(max_size=6)), max_size=2),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4),
)
def test_every_request_is_answered_in_form(
    place: tuple[Tenant, str], method: str, parts: list[str], options: list[tuple[str, str]], body: dict[str, object]
) -> None:
    tenant, drive = place
    path = "/".join(f"drives/{drive}" if part == "DRIVE" else part for part in parts)
    query = "&".join(name + value.replace("?", "") for name, value in options)
    response = graph.handle(request(method, f"{path}?{query}", json.dumps(body).encode()), tenant)
    assert response.status in (200, 201, 202, 204, 302, 400, 403, 404, 405, 409, 410, 412, 413, 416, 423, 501)
    if response.status >= 400:
        assert set(read(response)["error"]) >= {"code", "message"}
