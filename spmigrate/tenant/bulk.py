"""Bulk requests and their answers: authorised with our token, repeated where that is safe, read with suspicion."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from spmigrate.errors import TenantError, Throttled, Unavailable
from spmigrate.tenant import translate
from spmigrate.tenant.files import Library, Stored, stored
from spmigrate.tenant.sender import Reply
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.signin import GRAPH

T = TypeVar("T")
ATTEMPTS = 6
"""How often one bulk request is sent at most."""
BYTES = "application/octet-stream"
JSON = "application/json"


def ask(
    tenant: Tenant,
    method: str,
    path: str,
    library: Library,
    *,
    body: bytes | None = None,
    kind: str = "",
    etag: str = "",
) -> Reply:
    """Send to Graph with our token, once more when the service no longer takes that token.

    With `etag`, the service refuses what is not as that says (HTTP 412).
    """
    headers = {} if body is None else {"Content-Type": kind, "Content-Length": str(len(body))}
    if etag:
        headers["If-Match"] = etag
    reply = tenant.send(method, GRAPH + path, body=body, headers=headers, authorised=True)
    if reply.status == HTTPStatus.UNAUTHORIZED:
        tenant.graph("GET", f"/v1.0/drives/{library.drive_id}?$select=id")  # which renews the token
        reply = tenant.send(method, GRAPH + path, body=body, headers=headers, authorised=True)
    return reply


def repeated(tenant: Tenant, once: Callable[[], T], *, sleep: Callable[[float], None]) -> T:
    """Ask again after a failure that may pass, up to `ATTEMPTS` times, unless nobody gets an answer any more."""
    for attempt in range(1, ATTEMPTS):
        try:
            return once()
        except Throttled:
            continue  # the gate waits
        except Unavailable:
            if tenant.patience.silent:
                raise
            sleep(pause(attempt))
    return once()


def pause(attempt: int) -> float:
    """Seconds to wait after so many attempts without an answer."""
    return 2.0 ** (attempt - 1) / 2


def accepted(reply: Reply, what: str) -> dict[str, Any]:
    """The JSON object of an answer. Raises TenantError for a refusal, Unavailable for what is not the service's."""
    refusal = failure(reply, what)
    if refusal is not None:
        raise refusal
    try:
        answer = json.loads(reply.body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise odd(what)
    return answer


def item(answer: dict[str, Any]) -> Stored:
    """The file that an answer tells of. Raises Unavailable when it tells of none."""
    try:
        return stored(answer)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise odd("PUT content") from None


def failure(reply: Reply, what: str) -> TenantError | None:
    """The error that an answer means, None when it is a success."""
    return translate.failure(translate.Answer(reply.status, reply.headers, reply.body), what)


def odd(what: str) -> Unavailable:
    """For an answer that says success and is not the service's: a proxy's page, for example."""
    return Unavailable(
        f"{what}: the answer is not what the service says", hint="see whether a proxy answers: spmigrate doctor"
    )
