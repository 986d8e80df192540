"""A plain client for contract tests: real host names, the tenant's address, urllib3 as it is."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import urllib3

from tests.rehearsal_fixtures import RunningTenant


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class PlainClient:
    """Connects to the tenant's address with the host name that a URL says, in SNI and Host, and signs in itself."""

    def __init__(self, tenant: RunningTenant) -> None:
        self._tenant = tenant
        self._pools: dict[str, urllib3.HTTPSConnectionPool] = {}
        self._tokens: dict[str, str] = {}

    def send(self, method: str, url: str, content: object = None, *, token: bool = True, **headers: str) -> Answer:
        """Send a request; JSON unless the content is bytes; a token for the host unless told otherwise."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            names["Authorization"] = f"Bearer {self.token(parts.netloc)}"
        body = content
        if content is not None and not isinstance(content, bytes):
            body, names["Content-Type"] = json.dumps(content).encode(), "application/json"
        answer = self._pool(parts.netloc).request(
            method, target, body=body, headers={**names, "Host": parts.netloc}, redirect=False, retries=False
        )
        return Answer(answer.status, answer.headers, answer.data)

    def graph(self, method: str, path: str, content: object = None, **headers: str) -> Answer:
        """A call to Graph; `path` follows the version and is sent as it is."""
        return self.send(method, f"https://graph.microsoft.com/v1.0/{path}", content, **headers)

    def token(self, host: str) -> str:
        """A token for a host, by the application's secret."""
        if host not in self._tokens:
            form = {
                "grant_type": "client_credentials",
                "client_id": self._tenant.ready["client_id"],
                "client_secret": self._tenant.ready["client_secret"],
                "scope": f"https://{host}/.default",
            }
            body = "&".join(f"{name}={quote(value, safe='')}" for name, value in form.items()).encode()
            url = f"https://login.microsoftonline.com/{self._tenant.ready['tenant']}/oauth2/v2.0/token"
            answer = self.send("POST", url, body, token=False, Content_Type="application/x-www-form-urlencoded")
            self._tokens[host] = answer.json["access_token"]
        return self._tokens[host]

    def forget_tokens(self) -> None:
        """Sign in anew at the next call."""
        self._tokens.clear()

    def close(self) -> None:
        """Close the connections."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, host: str) -> urllib3.HTTPSConnectionPool:
        if host not in self._pools:
            address, port = self._tenant.address
            self._pools[host] = urllib3.HTTPSConnectionPool(
                address,
                port,
                maxsize=8,
                ssl_context=ssl.create_default_context(cafile=self._tenant.ready["ca"]),
                server_hostname=host,
                assert_hostname=host,
            )
        return self._pools[host]
