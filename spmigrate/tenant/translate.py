"""From answers and failures of the network to the errors of the product. Pure.

Messages name the request by method, host and path; never by its query, which may carry a key.
"""

import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from spmigrate import log
from spmigrate.errors import (
    AccessDenied,
    AuthError,
    Conflict,
    NotFound,
    OutOfStorage,
    Refused,
    TenantError,
    Throttled,
    Unavailable,
)

_REQUEST_IDS = ("request-id", "SPRequestGuid", "x-ms-request-id", "client-request-id")
_LONGEST_TEXT = 400
_DEFAULT_WAIT = 10.0
"""Seconds to wait after a 429 that does not say how long; the service nearly always says it."""

_BY_STATUS: Mapping[int, type[TenantError]] = {
    401: AccessDenied, 403: AccessDenied, 404: NotFound, 408: Unavailable, 409: Conflict, 410: NotFound,
    412: Conflict, 423: Conflict, 501: Refused, 505: Refused, 507: OutOfStorage,
}  # fmt: skip

_BY_CODE: Mapping[str, type[TenantError]] = {
    "namealreadyexists": Conflict,
    "itemnotfound": NotFound,
    "request_resourcenotfound": NotFound,
    "quotalimitreached": OutOfStorage,
    "insufficientstorage": OutOfStorage,
    "-2130575342": Conflict,  # a list of this title
    "-2130575257": Conflict,  # a file of this name
    "-2130575293": Conflict,  # a group or permission level of this name
    "-2130575183": Conflict,  # a content type of this name
    "183": Conflict,
    "-2147024713": Conflict,  # an address in use
    "-2147024894": NotFound,  # a path
    "-2130575338": NotFound,  # an item or file
}
"""Codes of SharePoint and Graph that say more than the status: SharePoint answers 400 or 500 to most of them."""

_BY_TEXT: tuple[tuple[str, type[TenantError]], ...] = (
    ("already exists", Conflict),
    ("already in use", Conflict),
    ("a duplicate field name", Conflict),
    ("a duplicate content type", Conflict),
    ("user cannot be found", NotFound),
    ("could not be found", NotFound),
)
"""What SharePoint says where its code says nothing: the codes of these differ between its own answers."""

_HINTS: Mapping[type[TenantError], str] = {
    AccessDenied: "see which permissions the app has with: spmigrate doctor",
    OutOfStorage: "raise the storage limit of the site in the SharePoint admin centre, then run the same command again",
    Unavailable: "run the same command again later",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is looked at of an answer, whichever library received it. Header names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, response: requests.Response) -> "Answer":
        """The answer that `requests` received."""
        return cls(response.status_code, response.headers, response.content)


def name_request(method: str, url: str, *, secret: bool = False) -> str:
    """A request as messages name it: no query, and for a `secret` address (an upload's) the host alone."""
    parts = urlsplit(url)
    return f"{method} {parts.hostname}" + ("" if secret else parts.path)


def failure(answer: Answer, what: str) -> TenantError | None:
    """The error that an answer means, None when it is a success."""
    status = answer.status
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    waits = retry_after(answer.headers)
    request_id = next((answer.headers[name] for name in _REQUEST_IDS if name in answer.headers), "")
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and waits is not None):
        wait = _seconds(answer.headers.get("RateLimit-Reset", ""), None) if waits is None else waits
        message = f"{what}: the service asks to wait {wait:.0f} s (HTTP {status})"
        return Throttled(message, retry_after=wait, status=status, request_id=request_id)
    code, text = explain(answer.body)
    if "app only token" in text.lower():
        return AuthError(
            f"{what}: SharePoint refuses an app that signs in with a secret",
            hint="use a certificate: export SPMIGRATE_CERTIFICATE=/path/to/certificate-and-key.pem",
            status=status, code=code, request_id=request_id,
        )  # fmt: skip
    kind = _kind(status, code, text)
    said = text or _phrase(status)
    return kind(
        f"{what}: {said} (HTTP {status})", hint=_HINTS.get(kind), status=status, code=code, request_id=request_id
    )


def explain(body: bytes) -> tuple[str, str]:
    """Code and text of an error's body, in any form that SharePoint, Graph or the sign-in service use."""
    try:
        found = json.loads(body)
    except ValueError:
        text = body[:_LONGEST_TEXT].decode("utf-8", "replace").strip()
        return "", "" if text.startswith("<") else log.hide(text)
    error: Any = found
    if isinstance(found, dict):
        error = found.get("error", found.get("odata.error", found))
    if not isinstance(error, dict):
        return "", ""
    message = error.get("message", error.get("error_description", ""))
    said = message.get("value") if isinstance(message, dict) else message
    return str(error.get("code") or ""), log.hide(" ".join(str(said or "").split())[:_LONGEST_TEXT])


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the service asks to wait: the larger of Retry-After and RateLimit-Reset, as Microsoft asks."""
    asked = headers.get("Retry-After")
    if asked is None:
        return None
    waits = [_seconds(asked, headers.get("Date")), _seconds(headers.get("RateLimit-Reset", "0"), None)]
    return max(waits)


def remaining(headers: Mapping[str, str]) -> tuple[float, float] | None:
    """Units that are left, and for how many seconds; None where the service does not say so, as it does below 80 %."""
    try:
        return max(float(headers["RateLimit-Remaining"]), 0.0), max(float(headers["RateLimit-Reset"]), 0.0)
    except (KeyError, ValueError):
        return None


def lost(error: Exception, what: str) -> TenantError:
    """The error for a request that got no usable answer."""
    host = what.split(" ")[-1].split("/")[0]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return AuthError(
            f"{what}: the certificate of {host} is not trusted",
            hint="behind an inspecting proxy: export REQUESTS_CA_BUNDLE=/path/to/its-authority.pem",
        )
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Refused(f"{what}: not an https address")
    if never_sent(error):
        said = f"{host} cannot be reached"
    elif isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        said = "no answer in time"
    else:
        said = "the connection was lost"
    return Unavailable(f"{what}: {said}", hint="check the network and the proxy: spmigrate doctor")


def never_sent(error: Exception) -> bool:
    """Whether it is certain that the service did not get the request: no connection was made for it."""
    unconnected = (
        requests.ConnectTimeout,
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.ProxyError,
    )
    return any(isinstance(cause, unconnected) for cause in _causes(error))


def _kind(status: int, code: str, text: str) -> type[TenantError]:
    number = code.split(",")[0].strip().lower()
    if number in _BY_CODE:
        return _BY_CODE[number]
    if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR):
        lowered = text.lower()
        for words, kind in _BY_TEXT:
            if words in lowered:
                return kind
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    # A 500 with SharePoint's own number is a decision of the service, which repeating does not change.
    decided = number.lstrip("-").isdigit() and number != "-1"
    return Unavailable if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not decided else Refused


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "an answer of an unknown kind"


def _seconds(value: str, date: str | None) -> float:
    """A number of seconds, or the distance of an HTTP date from the answer's own."""
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        start = parsedate_to_datetime(date) if date else datetime.now(UTC)
        return max((parsedate_to_datetime(value) - start).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return _DEFAULT_WAIT


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of: requests and urllib3 wrap one another in several ways."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
