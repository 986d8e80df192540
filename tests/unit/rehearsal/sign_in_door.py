"""The sign-in of a seeded tenant, as programs come to it, without sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from spmigrate.rehearsal.http import Body, Request, Response
from spmigrate.rehearsal.identity import CLIENT_ID, ensure_identity
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.signin import SignIn
from spmigrate.rehearsal.tenant import open_tenant
from spmigrate.rehearsal.tokens import Tokens
from tests.unit.rehearsal.directory_calls import Directory

HOME = "contoso.onmicrosoft.com"
GRAPH = "https://graph.microsoft.com"
BACK = "http://localhost:8400"


@dataclass
class Door:
    """The sign-in of a seeded tenant, with Graph beside it."""

    graph: Directory
    sign_in: SignIn
    secret: str
    password: str
    tokens: Tokens

    def token(self, place: str = HOME, *, endpoint: str = "oauth2/v2.0/token", **form: str) -> Response:
        """The token endpoint's answer."""
        body = urlencode({"client_id": CLIENT_ID, **form}).encode()
        path = f"/{place}/{endpoint}"
        return self.sign_in.handle(Request("POST", "login.microsoftonline.com", path, body=Body(len(body), body)))

    def by_app(self, place: str = HOME, **form: str) -> Response:
        """With the application's secret."""
        usual = {"grant_type": "client_credentials", "client_secret": self.secret, "scope": f"{GRAPH}/.default"}
        return self.token(place, **{**usual, **form})

    def by_person(self, place: str = HOME, **form: str) -> Response:
        """With a name and a password."""
        usual = {"grant_type": "password", "username": f"engineer@{HOME}", "password": self.password}
        return self.token(place, **{**usual, "scope": f"{GRAPH}/.default", **form})

    def at_page(self, **query: str) -> Response:
        """Through the page where a person signs in, to the way back to the application."""
        usual = {"client_id": CLIENT_ID, "response_type": "code", "redirect_uri": BACK, "scope": f"{GRAPH}/.default"}
        body = urlencode({"login": f"engineer@{HOME}", "passwd": self.password}).encode()
        path, asked = f"/{HOME}/oauth2/v2.0/authorize", urlencode({**usual, **query})
        return self.sign_in.handle(
            Request("POST", "login.microsoftonline.com", path, asked, body=Body(len(body), body))
        )


@contextmanager
def opened(folder: Path) -> Iterator[Door]:
    """A tenant of its own, as it is at first."""
    tenant = open_tenant(folder)
    identity = ensure_identity(folder, tenant.names)
    Seeder(tenant, identity).ensure(None)
    tokens = Tokens(identity.certificates.token_key, tenant.clock, tenant_id=tenant.names.tenant_id)
    secrets = identity.secrets
    yield Door(Directory(tenant), SignIn(tenant, tokens), secrets.client_secret, secrets.password, tokens)
    tenant.store.close()
