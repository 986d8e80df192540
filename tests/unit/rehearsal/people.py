"""People of a tenant who ask SharePoint and Graph with tokens of their own, without sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from spmigrate.rehearsal import graph, sharepoint
from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.tenant import Tenant

HOST, TEAM = "contoso.sharepoint.com", "/sites/team"
_ALL = frozenset({"AllSites.FullControl", "Sites.FullControl.All", "Files.ReadWrite.All", "User.ReadWrite.All"})


def caller(tenant: Tenant, upn: str, scopes: frozenset[str] = _ALL) -> Claims:
    """The claims of somebody's token."""
    user = tenant.directory.user(upn)
    assert user is not None, upn
    return Claims("app", "App", user.guid, "", scopes=scopes, user=user.name)


@dataclass
class Person:
    """Somebody who is signed in; without a name an application with full control."""

    tenant: Tenant
    upn: str = ""
    scopes: frozenset[str] = _ALL
    site: str = TEAM

    def _claims(self) -> Claims:
        if self.upn:
            return caller(self.tenant, self.upn, self.scopes)
        roles = frozenset({"Sites.FullControl.All", "Files.ReadWrite.All"})
        return Claims("app", "App", "", "", roles=roles, by_certificate=True)

    def rest(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of a call below `_api` of the site."""
        raw, _, query = path.partition("?")
        request = self._request(method, HOST, f"{self.site}/_api/{raw}", query, body, headers)
        return _read(sharepoint.handle(request, self.tenant))

    def graph(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of a call to Graph."""
        raw, _, query = path.partition("?")
        request = self._request(method, "graph.microsoft.com", f"/v1.0/{raw}", query, body, headers)
        return _read(graph.handle(request, self.tenant))

    def get(self, path: str) -> Any:
        """What a GET gives that must succeed."""
        status, answer = self.rest("GET", path)
        assert status == 200, answer
        return answer

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        """What a POST gives that must succeed."""
        status, answer = self.rest("POST", path, body, **headers)
        assert status in (200, 201, 204), answer
        return answer

    def status(self, method: str, path: str, body: object = None, **headers: str) -> int:
        """The status of a call below `_api`."""
        return self.rest(method, path, body, **headers)[0]

    def _request(self, method: str, host: str, path: str, query: str, body: object, headers: dict[str, str]) -> Request:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {
            "accept": "application/json;odata=nometadata",
            "content-type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return Request(method, host, path, query, named, Body(len(content), content), self._claims())


def _read(response: Response) -> tuple[int, Any]:
    if response.body and "json" in response.headers.get("content-type", ""):
        return response.status, json.loads(response.body)
    return response.status, response.body
