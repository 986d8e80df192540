"""A tenant as it is seeded, and Graph called on it without sockets, in either version."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.http import Claims, Response
from spmigrate.rehearsal.identity import ensure_identity
from spmigrate.rehearsal.permissions import API_ROLES, API_SCOPES
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import read, request

EVERY_ROLE = frozenset(API_ROLES["graph"])


@dataclass
class Directory:
    """Graph on a seeded tenant, called by an application with every permission unless a call says less."""

    tenant: Tenant
    seeder: Seeder | None = None

    def seed(self, text: str) -> None:
        """Add what a seed describes."""
        assert self.seeder
        self.seeder.apply(text, source="the test")

    def send(
        self,
        method: str,
        path: str,
        content: object = None,
        *,
        roles: Iterable[str] = EVERY_ROLE,
        version: str = "v1.0",
        user: str = "",
        **headers: str,
    ) -> Response:
        """The answer to a call; with `user` (a UPN's first part) by that person with every scope."""
        call = request(method, path, content, roles=frozenset(roles), **headers)
        claims = call.caller
        if user:
            person = self.tenant.directory.user(f"{user}@{self.tenant.names.domain}")
            assert person
            scopes = frozenset(API_SCOPES["graph"])
            claims = Claims("app-id", "App", person.guid, claims.audience, user=person.name, scopes=scopes)
        return graph.handle(replace(call, path=call.path.replace("/v1.0/", f"/{version}/"), claims=claims), self.tenant)

    def ask(self, method: str, path: str, content: object = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        answer = self.send(method, path, content, **more)
        return answer.status, json.loads(answer.body) if answer.body.startswith(b"{") else answer.body

    def get(self, path: str, **more: Any) -> Any:
        """The JSON of a successful GET."""
        answer = self.send("GET", path, **more)
        assert answer.status == 200, answer.body
        return read(answer)

    def refusal(self, method: str, path: str, content: object = None, **more: Any) -> tuple[int, str]:
        """Status and code of a refusal."""
        status, said = self.ask(method, path, content, **more)
        return status, said["error"]["code"]


def open_directory(folder: Path, seed: str | None = None) -> Directory:
    """A new tenant with the default seed, and one of the built-in ones on top."""
    tenant = open_tenant(folder)
    seeder = Seeder(tenant, ensure_identity(folder, tenant.names))
    seeder.ensure(seed)
    return Directory(tenant, seeder)
