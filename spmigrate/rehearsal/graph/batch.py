"""`$batch`: up to twenty calls in one, each through the same door."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.http import Body, Request, Response, json_response
from spmigrate.rehearsal.tenant import Tenant

_MOST = 20
Handle = Callable[[Request, Tenant], Response]


def answer_batch(call: Call, handle: Handle) -> Response:
    """Answer each call of a batch; one that depends on a failed one fails with 424."""
    parts = call.body().get("requests")
    if not isinstance(parts, list) or not all(_is_part(part) for part in parts):
        raise GraphError(400, "BadRequest", "Invalid batch payload format.")
    if len(parts) > _MOST:
        raise GraphError(400, "BadRequest", f"Number of batch request steps exceeds the maximum value of {_MOST}.")
    if len({str(part.get("id")) for part in parts}) < len(parts):
        raise GraphError(400, "BadRequest", "Request Ids in the batch are not unique.")
    status: dict[str, int] = {}
    answers = []
    for part in parts:
        identity = str(part.get("id"))
        if any(status.get(str(each), 500) >= 400 for each in part.get("dependsOn") or []):
            answer: dict[str, Any] = {"status": 424, "body": {"error": {"code": "FailedDependency", "message": ""}}}
        else:
            single = _single(call.request, part)
            refused = single.meter(single) if single.meter else None
            answer = _answer(refused or handle(single, call.tenant))
        status[identity] = answer["status"]
        answers.append({"id": identity, **answer})
    return json_response(200, {"responses": answers})


def _is_part(part: object) -> bool:
    if not isinstance(part, dict):
        return False
    headers, before = part.get("headers") or {}, part.get("dependsOn") or []
    return isinstance(headers, dict) and isinstance(before, list) and bool(part.get("url"))


def _single(request: Request, part: dict[str, Any]) -> Request:
    url = str(part.get("url", ""))
    path, _, query = url.partition("?")
    version = request.path.strip("/").partition("/")[0]
    content = part.get("body")
    body = b"" if content is None else json.dumps(content).encode()
    headers = {str(name).lower(): str(value) for name, value in (part.get("headers") or {}).items()}
    if isinstance(content, str) and "json" not in headers.get("content-type", "json"):
        body = base64.b64decode(content)
    return replace(
        request,
        method=str(part.get("method", "GET")).upper(),
        path=f"/{version}/{path.lstrip('/')}",
        query=query,
        headers=headers,
        body=Body(len(body), body),
    )


def _answer(response: Response) -> dict[str, Any]:
    shown: dict[str, Any] = {"status": response.status, "headers": _title(response)}
    if response.body:
        is_json = "json" in response.headers.get("content-type", "")
        shown["body"] = json.loads(response.body) if is_json else base64.b64encode(response.body).decode()
    return shown


def _title(response: Response) -> dict[str, str]:
    return {"-".join(part.capitalize() for part in name.split("-")): value for name, value in response.headers.items()}
