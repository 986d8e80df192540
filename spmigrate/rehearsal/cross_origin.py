"""Pages of other origins in a browser: what the service lets them send, and read."""

from __future__ import annotations

from dataclasses import replace

from spmigrate.rehearsal.http import Request, Response

# What Graph lets a page read besides the headers that every page may.
_EXPOSED = (
    "ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, ReadWriteConsistencyToken,"
    " SdkVersion, WWW-Authenticate, x-ms-client-gcc-tenant, X-Planner-operationalId"
)
_SECONDS = "86400"


def is_preflight(request: Request) -> bool:
    """True for a browser's question before a request: it never carries a token."""
    asks = "origin" in request.headers and "access-control-request-method" in request.headers
    return request.method == "OPTIONS" and asks


def answer_preflight(request: Request) -> Response:
    """Any origin may send any request: the token decides, not the page."""
    wanted = request.headers.get("access-control-request-headers", "")
    return Response(
        200,
        {
            "access-control-allow-origin": "*",
            "access-control-allow-methods": request.headers["access-control-request-method"],
            **({"access-control-allow-headers": wanted} if wanted else {}),
            "access-control-max-age": _SECONDS,
        },
    )


def opened(request: Request, response: Response) -> Response:
    """An answer that a page of any origin may read, when it was such a page that asked."""
    if "origin" not in request.headers:
        return response
    marks = {"access-control-allow-origin": "*", "access-control-expose-headers": _EXPOSED}
    return replace(response, headers={**response.headers, **marks})
