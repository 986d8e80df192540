"""Calls of drives in Graph, without sockets."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal import graph, transfers
from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.identity import ensure_identity
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import ALL, read, request

TEAM = "sites/contoso.sharepoint.com:/sites/team:"
ENGINEER = "users/engineer@contoso.onmicrosoft.com"


def seeded_tenant(folder: Path) -> Iterator[Tenant]:
    """The tenant that every rehearsal begins with."""
    opened = open_tenant(folder)
    Seeder(opened, ensure_identity(folder, opened.names)).ensure(None)
    yield opened
    opened.store.close()


def drive_of(tenant: Tenant) -> str:
    """The drive of the team's documents."""
    return f"drives/{ok(tenant, 'GET', f'{TEAM}/drive')['id']}"


def call(tenant: Tenant, method: str, path: str, content: object = None, **headers: str) -> Response:
    """An answer of Graph."""
    return graph.handle(request(method, quote(path, safe="/:?&=$@'(),!%"), content, **headers), tenant)


def ok(tenant: Tenant, method: str, path: str, content: object = None, **headers: str) -> Any:
    """What Graph answers when nothing is wrong."""
    response = call(tenant, method, path, content, **headers)
    assert response.status < 300, response.body
    return read(response) if response.body else None


def as_person(tenant: Tenant, upn: str, method: str, path: str, content: object = None) -> Response:
    asked = request(method, path, content)
    claims = Claims(
        "app-id", "App", "oid", "https://graph.microsoft.com", scopes=ALL, user=f"{upn}@{tenant.directory.domain}"
    )
    return graph.handle(replace(asked, claims=claims), tenant)


def follow(tenant: Tenant, url: str, method: str = "GET", content: bytes = b"", **headers: str) -> Response:
    host, _, rest = url.removeprefix("https://").partition("/")
    path, _, query = rest.partition("?")
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return transfers.handle(Request(method, host, "/" + path, query, names, Body(len(content), content)), tenant)
