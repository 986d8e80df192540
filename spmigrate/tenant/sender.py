"""Requests go out here and nowhere else: paced by the gate, retried by the policy, failures translated."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any

import requests
import urllib3

from spmigrate import log
from spmigrate.errors import TenantError, Throttled, Unavailable
from spmigrate.tenant import translate
from spmigrate.tenant.network import ANSWER_SECONDS, BULK_SECONDS, CONNECT_SECONDS, Network
from spmigrate.tenant.pacing import Gate, Patience, Retries

_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "PATCH", "MERGE", "DELETE"})


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the control plane. `repeatable`: a second sending cannot do a thing twice."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Any = None
    repeatable: bool = False
    stream: bool = False

    @property
    def harmless(self) -> bool:
        """Whether it may be sent again although the first sending may have been carried out."""
        spoken = next((value for name, value in self.headers.items() if name.lower() == "x-http-method"), self.method)
        return self.repeatable or spoken.upper() in _REPEATABLE


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a bulk request. Header names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Sender:
    """Sends the requests of one tenant, from any number of threads."""

    def __init__(self, network: Network, gate: Gate, retries: Retries, patience: Patience) -> None:
        self._network = network
        self._gate = gate
        self._retries = retries
        self.patience = patience
        self._log = log.logger()

    @property
    def throttled_seconds(self) -> float:
        """How long the service has made everybody wait so far."""
        return self._gate.closed_seconds

    def exchange(self, request: Request) -> requests.Response:
        """Send until there is an answer that repeating would not change; that answer may be a refusal.

        Raises Throttled or Unavailable when the attempts are used up, or AuthError for an untrusted server.
        """
        what = translate.name_request(request.method, request.url)
        attempt = 0
        while True:
            attempt += 1
            self.patience.check()
            self._gate.wait()
            harmless = request.harmless
            try:
                response = self._once(request, what)
            except requests.RequestException as raw:
                error = translate.lost(raw, what)
                harmless = harmless or translate.never_sent(raw)
            else:
                found = translate.failure(translate.Answer.of(response), what) if response.status_code >= 400 else None
                if found is None or not found.transient:
                    self.patience.heard()
                    return response
                error = found
                harmless = harmless or isinstance(found, Throttled)
            self._heed(error)
            if self.patience.silent or not self._retries.allow(error, attempt=attempt, harmless=harmless):
                raise error
            pause = self._retries.pause(error, attempt=attempt)
            self._log.info("request.repeated", request=what, attempt=attempt, pause=pause, status=error.status)
            if pause:
                self.patience.pause(pause)

    def send(self, method: str, url: str, *, body: bytes | IO[bytes] | None, headers: Mapping[str, str]) -> Reply:
        """Send bulk content once. Raises Throttled, Unavailable, OutOfStorage for 429 and 5xx and lost connections."""
        what = translate.name_request(method, url, secret=True)
        self.patience.check()
        self._gate.wait()
        try:
            response = self._network.pool_for(url).request(
                method, url, body=body, headers=headers, retries=False, redirect=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=BULK_SECONDS),
            )  # fmt: skip
        except urllib3.exceptions.HTTPError as raw:
            lost = translate.lost(raw, what)
            self._heed(lost)
            raise lost from None
        self._log.debug("content.sent", request=what, status=response.status)
        if response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            error = translate.failure(translate.Answer(response.status, response.headers, response.data), what)
            if error is not None:
                self._heed(error)
                raise error
        self.patience.heard()
        return Reply(response.status, response.headers, response.data)

    def _once(self, request: Request, what: str) -> requests.Response:
        proxy = self._network.proxy_for(request.url)
        started = time.monotonic()
        response = self._network.session.request(
            request.method, request.url, headers=dict(request.headers), data=request.body, stream=request.stream,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS), allow_redirects=False,
            proxies={"https": proxy} if proxy else None,
        )  # fmt: skip
        seconds = round(time.monotonic() - started, 3)
        self._log.debug("request.answered", request=what, status=response.status_code, seconds=seconds)
        return response

    def _heed(self, error: TenantError) -> None:
        if isinstance(error, Unavailable):
            self.patience.missed()
        if isinstance(error, Throttled):
            self.patience.heard()
            self._gate.close(error.retry_after)
            self._log.info("gate.closed", seconds=error.retry_after)
