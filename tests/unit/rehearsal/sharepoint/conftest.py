"""A tenant with three sites, called without sockets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.sharepoint import handle
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.sharepoint.process_query import packed

OWNER = "owner@contoso.onmicrosoft.com"
HOST, ADMIN = "contoso.sharepoint.com", "contoso-admin.sharepoint.com"


@dataclass
class Door:
    """Calls the interface as an application would."""

    tenant: Tenant
    role: str = "Sites.FullControl.All"
    site: str = "/sites/team"
    host: str = HOST

    def __call__(
        self, method: str, path: str, body: object = None, *, dialect: str = "nometadata", **headers: str
    ) -> tuple[int, Any]:
        """Status and JSON (or bytes) of a call below ``_api``."""
        raw, _, query = path.partition("?")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        names = {
            "accept": f"application/json;odata={dialect}",
            "content-type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        claims = Claims("app", "App", "", "", roles=frozenset({self.role}), by_certificate=True)
        request = Request(
            method, self.host, f"{self.site}/_api/{raw}", query, names, Body(len(content), content), claims
        )
        response = handle(request, self.tenant)
        kind = response.headers.get("content-type", "")
        if response.body and "json" in kind:
            return response.status, json.loads(response.body)
        return response.status, response.body

    def get(self, path: str, **headers: str) -> Any:
        """The body of a GET that must succeed."""
        status, body = self("GET", path, **headers)
        assert status == 200, body
        return body

    def post(self, path: str, body: object = None) -> Any:
        """The body of a POST that must succeed."""
        status, answer = self("POST", path, body)
        assert status in (200, 201), answer
        return answer

    def merge(self, path: str, body: object) -> int:
        """The status of a MERGE."""
        return self("POST", path, body, x_http_method="MERGE", if_match="*")[0]

    def delete(self, path: str) -> int:
        """The status of a DELETE."""
        return self("POST", path, x_http_method="DELETE", if_match="*")[0]

    def refusal(self, method: str, path: str, body: object = None) -> tuple[int, str, str]:
        """Status, code and text of a refusal."""
        status, answer = self(method, path, body)
        error = answer["odata.error"]
        return status, error["code"], error["message"]["value"]


@pytest.fixture
def rehearsed(tmp_path: Path) -> Iterator[Tenant]:
    """A tenant with a root site, a team site and the admin site."""
    tenant = open_tenant(tmp_path)
    with tenant.store.transaction():
        tenant.directory.add_user(OWNER, props={"displayName": "Owner"})
        tenant.directory.add_user("guest@contoso.onmicrosoft.com", props={"displayName": "G", "userType": "Guest"})
        create_site(tenant, NewSite(f"{HOST}/sites/team", "Team", OWNER))
        create_site(tenant, NewSite(HOST, "Root", OWNER, "SITEPAGEPUBLISHING#0"))
        create_site(tenant, NewSite(ADMIN, "Admin", OWNER, "TENANTADMIN#0"))
    yield tenant
    tenant.store.close()


@pytest.fixture
def team(rehearsed: Tenant) -> Door:
    """The team site."""
    return Door(rehearsed)


@pytest.fixture
def admin(rehearsed: Tenant) -> Door:
    """The tenant's admin host."""
    return Door(rehearsed, site="", host=ADMIN)


@pytest.fixture
def send(rehearsed: Tenant) -> Callable[..., Response]:
    def call(content: bytes, *, host: str = HOST, site: str = "/sites/team", role: str = "Sites.FullControl.All",
             method: str = "POST") -> Response:  # fmt: skip
        claims = Claims("app", "App", "", "", roles=frozenset({role}), by_certificate=True)
        path = f"{'' if host == ADMIN else site}/_vti_bin/client.svc/ProcessQuery"
        headers = {"accept": "application/json"}
        request = Request(method, host, path, headers=headers, body=Body(len(content), content), claims=claims)
        return handle(request, rehearsed)

    return call


@pytest.fixture
def ask(send: Callable[..., Response]) -> Callable[..., Any]:
    """Ask, and map the ids of actions to their answers; a refusal is an AssertionError with its text."""

    def call(actions: str, paths: str, **where: Any) -> dict[int, Any]:
        response = send(packed(actions, paths), **where)
        answer = json.loads(response.body)
        assert response.status == 200, answer
        assert answer[0]["ErrorInfo"] is None, answer[0]["ErrorInfo"]
        return dict(zip(answer[1::2], answer[2::2], strict=True))

    return call


@pytest.fixture
def refused(send: Callable[..., Response]) -> Callable[..., Any]:
    """Ask for what is refused: the ErrorInfo."""

    def call(actions: str, paths: str, **where: Any) -> Any:
        response = send(packed(actions, paths), **where)
        assert response.status == 200, response.body
        return json.loads(response.body)[0]["ErrorInfo"]

    return call
