"""A tenant with a team site, and Graph called on it without sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spmigrate.rehearsal import graph, sharepoint, sites
from spmigrate.rehearsal.http import Body, Claims, Request
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import ALL, read, request

# The application that calls, by its client id.
APP = "89ea5c94-7736-4e25-95ad-3fa95f62b66e"
EVERYTHING = ALL | {"TermStore.ReadWrite.All"}
SELECTED = frozenset({"Sites.Selected"})
OWNER = "alice@contoso.onmicrosoft.com"


@dataclass
class Team:
    """The team site `/sites/team` of a small tenant."""

    tenant: Tenant

    def __post_init__(self) -> None:
        self.id = self.get("sites/contoso.sharepoint.com:/sites/team")["id"]
        self.base = f"sites/{self.id}"

    def ask(
        self, method: str, path: str, content: object = None, *, roles: frozenset[str] = EVERYTHING, **headers: str
    ) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        call = request(method, path, content, roles=roles, **headers)
        response = graph.handle(replace(call, claims=replace(call.caller, app_id=APP)), self.tenant)
        return response.status, read(response) if response.body else None

    def get(self, path: str, **headers: str) -> Any:
        """The JSON of a successful GET."""
        status, content = self.ask("GET", path, **headers)
        assert status == 200, content
        return content

    def post(self, path: str, content: object) -> Any:
        """The JSON of a successful POST."""
        status, made = self.ask("POST", path, content)
        assert status in (200, 201), made
        return made

    def refusal(self, method: str, path: str, content: object = None, **headers: str) -> tuple[int, str]:
        """Status and code of a refusal."""
        status, said = self.ask(method, path, content, **headers)
        return status, said["error"]["code"]

    def put_file(self, path: str, content: bytes) -> None:
        """A file in the default library."""
        call = request("PUT", f"{self.base}/drive/root:/{path}:/content", content, roles=EVERYTHING)
        assert graph.handle(call, self.tenant).status == 201

    def beta(self, path: str) -> int:
        """The status of a GET in the beta version."""
        call = request("GET", path, roles=EVERYTHING)
        return graph.handle(replace(call, path=call.path.replace("/v1.0/", "/beta/")), self.tenant).status

    def drive_api(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a GET to the same API on the SharePoint host."""
        call = request("GET", path, roles=EVERYTHING)
        path = call.path.replace("/v1.0/", "/sites/team/_api/v2.1/")
        response = graph.handle(replace(call, host="contoso.sharepoint.com", path=path), self.tenant)
        return response.status, read(response)

    def rest(
        self, path: str, content: object = None, *, roles: frozenset[str] = ALL, web: str = "/sites/team"
    ) -> tuple[int, Any]:
        """Status and JSON of a GET, or with content a POST, to SharePoint's REST interface."""
        raw, _, query = path.partition("?")
        claims = Claims(APP, "App", "oid", "https://contoso.sharepoint.com", roles=roles, by_certificate=True)
        headers = {"accept": "application/json;odata=nometadata", "content-type": "application/json"}
        method, body = ("GET", b"") if content is None else ("POST", json.dumps(content).encode())
        sent = Body(len(body), body)
        call = Request(method, "contoso.sharepoint.com", f"{web}/_api/{raw}", query, headers, sent, claims)
        response = sharepoint.handle(call, self.tenant)
        return response.status, read(response)


def open_team(folder: Path) -> Team:
    """A tenant with a root site and a team site."""
    tenant = open_tenant(folder)
    tenant.directory.add_user(OWNER, props={"displayName": "Alice"})
    for address, title in (("contoso.sharepoint.com", "Root"), ("contoso.sharepoint.com/sites/team", "Team")):
        with tenant.store.transaction():
            sites.create_site(tenant, sites.NewSite(address, title, OWNER))
    return Team(tenant)
