"""Requests go out here and nowhere else: paced by the gate, retried by the policy, failures translated."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any

import requests
import urllib3

from spmigrate import log
from spmigrate.errors import NeverServed, TenantError, Throttled, Unavailable
from spmigrate.tenant import translate
from spmigrate.tenant.budget import REST_UNITS, Purse, price
from spmigrate.tenant.network import ANSWER_SECONDS, BULK_SECONDS, CONNECT_SECONDS, Network
from spmigrate.tenant.pacing import Gate, Patience, Refusals, Retries

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

    def __init__(
        self,
        network: Network,
        gate: Gate,
        retries: Retries,
        patience: Patience,
        *,
        purse: Purse | None = None,
        rest_units: float = REST_UNITS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`purse` pays for every request; `rest_units` is what one of SharePoint REST is taken to cost."""
        self._network = network
        self._gate = gate
        self._retries = retries
        self.patience = patience
        self._purse = purse
        self._rest_units = rest_units
        self._now = now
        self._refusals = Refusals()
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
        units = price(request.method, request.url, request.body, rest=self._rest_units)
        attempt = 0
        while True:
            attempt += 1
            harmless = request.harmless
            try:
                with self._paid(units):
                    response = self._once(request, what)
                self._hear(response.headers, units)
            except requests.RequestException as raw:
                error = translate.lost(raw, what)
                harmless = harmless or translate.never_sent(raw)
            else:
                found = translate.failure(translate.Answer.of(response), what) if response.status_code >= 400 else None
                if found is None or not found.transient:
                    self.patience.heard()
                    self._refusals.served(what)
                    return response
                error = found
                harmless = harmless or isinstance(found, Throttled)
                self._despair(what, found, response.headers)
            self._heed(error, units)
            if self.patience.silent or not self._retries.allow(error, attempt=attempt, harmless=harmless):
                raise error
            pause = self._retries.pause(error, attempt=attempt)
            self._log.info("request.repeated", request=what, attempt=attempt, pause=pause, status=error.status)
            if pause:
                self.patience.pause(pause)

    def send(self, method: str, url: str, *, body: bytes | IO[bytes] | None, headers: Mapping[str, str]) -> Reply:
        """Send bulk content once. Raises Throttled, Unavailable, OutOfStorage for 429 and 5xx and lost connections, and
        NeverServed."""
        what = translate.name_request(method, url, secret=True)
        units = price(method, url, rest=self._rest_units)
        try:
            with self._paid(units):
                response = self._network.pool_for(url).request(
                    method, url, body=body, headers=headers, retries=False, redirect=False,
                    timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=BULK_SECONDS),
                )  # fmt: skip
        except urllib3.exceptions.HTTPError as raw:
            lost = translate.lost(raw, what)
            self._heed(lost, units)
            raise lost from None
        self._hear(response.headers, units)
        where = translate.name_request(method, url)
        self._log.debug("content.sent", request=what, status=response.status)
        if response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            error = translate.failure(translate.Answer(response.status, response.headers, response.data), what)
            if error is not None:
                self._despair(where, error, response.headers, said=what)
                self._heed(error, units)
                raise error
        self.patience.heard()
        self._refusals.served(where)
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

    @contextmanager
    def _paid(self, units: float) -> Iterator[None]:
        """Wait until a request may go. Raises Unavailable when the run ends meanwhile and the service does not answer,
        or while the purse makes it wait."""
        self.patience.check()
        self._gate.wait()
        if self._purse is None or not units:
            yield
            return
        while (wait := self._purse.take(units, self._now())) > 0:
            self.patience.pause(wait)
        try:
            yield
        finally:
            self._purse.done()

    def _hear(self, headers: Mapping[str, str], units: float) -> None:
        """Heed what the service says of the budget that is left, which it does from 80 % of it on."""
        left = translate.remaining(headers) if self._purse is not None and units else None
        if left is not None and self._purse is not None:
            self._purse.told(*left)

    def _despair(self, where: str, error: TenantError, headers: Mapping[str, str], *, said: str = "") -> None:
        """Raises NeverServed for what is put off again and again while others are served.

        Where the service says how much of the minute's budget is left, it is busy with us and means all we ask.
        """
        if not isinstance(error, Throttled) or translate.remaining(headers) is not None:
            return
        if self._refusals.put_off(where):
            raise NeverServed(
                f"{said or where}: the service asks to wait each time this is asked, and does other things meanwhile",
                hint="see the limits of what was asked: permissions cannot be broken on more than 100,000 items",
                status=error.status, request_id=error.request_id,
            )  # fmt: skip

    def _heed(self, error: TenantError, units: float) -> None:
        if isinstance(error, Unavailable):
            self.patience.missed()
        if isinstance(error, Throttled):
            self.patience.heard()
            self._gate.close(error.retry_after)
            if self._purse is not None and units:
                self._purse.refused(error.retry_after)
            self._log.info("gate.closed", seconds=error.retry_after)
