"""A signed-in tenant: SharePoint through the client library and raw REST, Microsoft Graph, and bulk content.

Everything in the product that talks to Microsoft 365 goes through a `Tenant`; it owns signing in, pacing, retrying
and the translation of errors, so that callers see values and the errors of `spmigrate.errors` only.
"""

import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

import requests
from office365.runtime.client_request_exception import ClientRequestException

from spmigrate import __version__
from spmigrate.config import TenantSettings
from spmigrate.errors import Refused, Unavailable
from spmigrate.tenant import translate
from spmigrate.tenant.budget import REST_UNITS, Purse
from spmigrate.tenant.network import Network
from spmigrate.tenant.pacing import Gate, Patience, Retries
from spmigrate.tenant.sender import Reply, Request, Sender
from spmigrate.tenant.signin import GRAPH, SignIn
from spmigrate.tenant.wall_clock import WallClock

if TYPE_CHECKING:
    from office365.sharepoint.client_context import ClientContext

T = TypeVar("T")
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})

# Their log lines repeat what our errors say, with a traceback; without a handler they would go to stderr.
for _name in ("office365", "msal"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class Tenant:
    """A tenant that the app is signed in to. Safe to share between threads; close it when done."""

    def __init__(
        self, settings: TenantSettings, sender: Sender, sign_in: SignIn, network: Network, purse: Purse | None = None
    ) -> None:
        """Use `connect` instead."""
        self.settings = settings
        self._sender = sender
        self._sign_in = sign_in
        self._network = network
        self._purse = purse
        self._hosts = _hosts(settings)
        self.wall_clock = WallClock(self.rest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections, and return what the purse had reserved."""
        self._network.close()
        if self._purse is not None:
            self._purse.close()

    @property
    def throttled_seconds(self) -> float:
        """How long the service has made us wait so far."""
        return self._sender.throttled_seconds

    @property
    def patience(self) -> Patience:
        """How long requests are repeated while the service does not answer, and what ends them before."""
        return self._sender.patience

    def context(self, site_url: str) -> "ClientContext":
        """The client library's context for a site, on our transport. Make one for each thread and use."""
        # Here, because it takes a third of a second, and reading goes without.
        from office365.sharepoint.client_context import ClientContext

        audience = self._audience(site_url)
        context = ClientContext(site_url)
        context.with_access_token(
            # No seconds left: the library asks again for each request, and we remember the token.
            lambda: {"access_token": self.token(audience), "token_type": "Bearer", "expires_in": 0}
        )
        request = context.pending_request()
        request.transport = _Transport(self)
        # With a bearer token SharePoint asks for no form digest; fetching one would double the calls.
        request.beforeExecute -= request.ensure_form_digest
        return context

    def call(self, query: Callable[[], T]) -> T:
        """Run one `execute_query()`-style call of the library; its transport retries. Raises TenantError."""
        try:
            return query()
        except ClientRequestException as error:
            raise _library_error(error) from None
        except requests.RequestException as error:
            raise Unavailable(f"an answer could not be read: {type(error).__name__}") from None

    def rest(
        self,
        method: str,
        url: str,
        body: object | None = None,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        repeatable: bool = False,
    ) -> Any:
        """Call SharePoint REST at an absolute address or a path below the tenant's SharePoint. Raises TenantError.

        Returns the JSON of the answer (nometadata unless `headers` ask otherwise), text when it is none, None when it
        is empty. MERGE is sent as SharePoint wants it. A POST is repeated after a lost answer only when `repeatable`.
        """
        absolute = url if "://" in url else self.settings.sharepoint + "/" + url.lstrip("/")
        form = "application/json;odata=nometadata"
        plain = {"Accept": form} | ({} if body is None else {"Content-Type": form})
        if method == "MERGE":
            method = "POST"
            plain |= {"X-HTTP-Method": "MERGE", "If-Match": "*"}
        return self._json(Request(method, absolute, {**plain, **headers}, _content(body), repeatable))

    def graph(
        self,
        method: str,
        path: str,
        body: object | None = None,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        repeatable: bool = False,
    ) -> Any:
        """Call Microsoft Graph at a path such as `/v1.0/sites/root` or an absolute nextLink. Raises TenantError.

        The caller quotes the path. Returns the JSON of the answer, None when it is empty.
        """
        absolute = path if "://" in path else GRAPH + path
        plain = {"Accept": "application/json"} | ({} if body is None else {"Content-Type": "application/json"})
        answer = self._json(Request(method, absolute, {**plain, **headers}, _content(body), repeatable))
        if isinstance(answer, str):
            # A proxy that wants a person to sign in answers 200 with a page.
            raise Unavailable(
                f"{translate.name_request(method, absolute)}: the answer is not Graph's",
                hint="see whether a proxy answers in its place: spmigrate doctor",
            )
        return answer

    def graph_pages(self, path: str) -> Iterator[dict[str, Any]]:
        """The elements of a Graph collection, page after page. Raises TenantError."""
        following: str | None = path
        while following:
            page = self.graph("GET", following)
            yield from page["value"]
            following = page.get("@odata.nextLink")

    def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes | IO[bytes] | None,
        headers: Mapping[str, str] = _NO_HEADERS,
        authorised: bool = False,
    ) -> Reply:
        """Send bulk content, once; redirects are returned, not followed.

        An upload or download address carries its own key: leave `authorised` False for it. A file as body needs a
        Content-Length header. Raises Throttled (the gate is closed for all threads), Unavailable or OutOfStorage; any
        other answer is returned, refusals included.
        """
        sent = {"User-Agent": user_agent(self.settings.name), **headers}
        if not authorised:
            return self._sender.send(method, url, body=body, headers=sent)
        audience = self._audience(url)
        token = self.token(audience)
        reply = self._sender.send(method, url, body=body, headers={**sent, "Authorization": f"Bearer {token}"})
        if reply.status == HTTPStatus.UNAUTHORIZED:
            self._sign_in.forget(audience, token)
        return reply

    def token(self, audience: str) -> str:
        """An access token for Graph or a SharePoint root. Raises AuthError."""
        return self._sign_in.token(audience)

    def reach(self, url: str) -> str:
        """Ask an address for anything at all, without signing in; returns the `Date` of its answer, empty if none.

        Raises Unavailable when there is no answer, or AuthError when it is not the service.
        """
        return self._sender.exchange(Request("GET", url, {"Accept": "application/json"})).headers.get("Date", "")

    def exchange(self, request: Request) -> requests.Response:
        """Send a request of the control plane, authorised; the answer may be a refusal. Raises transient errors only.

        A token that the service no longer accepts is renewed once.
        """
        audience = self._audience(request.url)
        token = self.token(audience)
        response = self._sender.exchange(self._authorised(request, token))
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            self._sign_in.forget(audience, token)
            response = self._sender.exchange(self._authorised(request, self.token(audience)))
        return response

    def _authorised(self, request: Request, token: str) -> Request:
        headers = {**request.headers, "Authorization": f"Bearer {token}"}
        return replace(request, headers=headers)

    def _json(self, request: Request) -> Any:
        response = self.exchange(request)
        what = translate.name_request(request.method, request.url)
        error = translate.failure(translate.Answer.of(response), what)
        if error is not None:
            raise error
        if not response.content:
            return None
        if "json" not in response.headers.get("Content-Type", ""):
            return response.text
        try:
            return response.json()
        except ValueError:
            raise Unavailable(f"{what}: the answer is not the JSON that it says it is") from None

    def _audience(self, url: str) -> str:
        """Whom a token for this address is for. Raises Refused for an address that may not see our tokens."""
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.netloc.lower() not in self._hosts:
            raise Refused(f"{parts.hostname} is not an address of {self.settings.name}")
        return f"https://{parts.netloc.lower()}"


def connect(
    settings: TenantSettings,
    *,
    workers: int = 1,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
    retries: Retries | None = None,
    purse: Purse | None = None,
    rest_units: float = REST_UNITS,
) -> Tenant:
    """A tenant, ready for `workers` threads. Signing in happens at the first request. Raises ConfigError.

    `purse` pays for its requests and is closed with it; without one only the service's refusals pace them.
    """
    network = Network(agent=user_agent(settings.name), address=settings.address, ca=settings.ca, workers=workers)
    patience = Patience(sleep=sleep, now=now)
    gate = Gate(sleep=patience.pause, now=now)
    sender = Sender(network, gate, retries or Retries(), patience, purse=purse, rest_units=rest_units, now=now)
    return Tenant(settings, sender, SignIn(settings, sender, now=now), network, purse)


def user_agent(organisation: str) -> str:
    """How Microsoft asks programs to name themselves: undecorated traffic is served last."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", organisation.removesuffix(".onmicrosoft.com")).strip("-")
    return f"NONISV|{name or 'council'}|spmigrate/{__version__}"


class _Transport:
    """The client library's transport over ours: it retries before the library sees anything.

    Retrying here keeps the order of queries and the form of the request; the library's own way loses both.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def execute(self, options: Any) -> requests.Response:
        """Send one request of the library."""
        method = str(options.method)
        body = options.data if method in ("POST", "PATCH", "PUT") else None
        if isinstance(body, dict | list):
            body = json.dumps(body)
        return self._tenant.exchange(
            Request(method, options.url, options.headers, body.encode() if isinstance(body, str) else body,
                    stream=options.stream)
        )  # fmt: skip

    def reset_connections(self) -> None:
        """Broken connections are dropped by the pool itself."""

    def close(self) -> None:
        """The connections belong to the tenant."""


def _library_error(error: Any) -> Exception:
    response = error.response
    if response is None:
        return Unavailable("the client library got no answer")
    request = response.request
    what = translate.name_request(request.method or "", request.url or "")
    return translate.failure(translate.Answer.of(response), what) or Refused(f"{what}: {error.message}")


def _content(body: object | None) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, ensure_ascii=False).encode()


def _hosts(settings: TenantSettings) -> frozenset[str]:
    """The only hosts that get our tokens."""
    name, rest = urlsplit(settings.sharepoint).netloc.lower().split(".", 1)
    sites = (f"{name}.{rest}", f"{name}-admin.{rest}", f"{name}-my.{rest}")
    return frozenset({*sites, urlsplit(GRAPH).netloc})
