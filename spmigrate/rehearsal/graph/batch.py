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
    _require_sound(parts)
    status: dict[str, int] = {}
    answers: dict[str, dict[str, Any]] = {}
    for part in _in_turn(parts):
        identity = str(part.get("id"))
        if any(status.get(str(each), 500) >= 400 for each in part.get("dependsOn") or []):
            answer: dict[str, Any] = {"status": 424, "body": {"error": {"code": "FailedDependency", "message": ""}}}
        else:
            single = _single(call.request, part)
            refused = single.meter(single) if single.meter else None
            answer = _answer(refused or handle(single, call.tenant))
        status[identity] = answer["status"]
        answers[identity] = {"id": identity, **answer}
    return json_response(200, {"responses": [answers[str(part.get("id"))] for part in parts]})


def _require_sound(parts: list[dict[str, Any]]) -> None:
    """A 400 for a part that depends on one that is not there, or that has a body without saying of what kind."""
    known = {str(part.get("id")) for part in parts}
    for part in parts:
        missing = [str(each) for each in part.get("dependsOn") or [] if str(each) not in known]
        if missing:
            message = f"Request '{part.get('id')}' depends on '{missing[0]}', which is not in the batch."
            raise GraphError(400, "BadRequest", message)
        kinds = [name for name in part.get("headers") or {} if str(name).lower() == "content-type"]
        if part.get("body") is not None and not kinds:
            message = f"Write request id : {part.get('id')} does not contain Content-Type header or body."
            raise GraphError(400, "BadRequest", message)


def _in_turn(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts in an order in which each comes after those it depends on; a 400 when they go round in a circle."""
    waiting, done, turn = list(parts), set[str](), list[dict[str, Any]]()
    while waiting:
        ready = [part for part in waiting if done.issuperset(str(each) for each in part.get("dependsOn") or [])]
        if not ready:
            raise GraphError(400, "BadRequest", "The requests of the batch depend on each other in a circle.")
        turn.append(ready[0])
        done.add(str(ready[0].get("id")))
        waiting.remove(ready[0])
    return turn


def _is_part(part: object) -> bool:
    if not isinstance(part, dict):
        return False
    headers, before = part.get("headers") or {}, part.get("dependsOn") or []
    named = all(isinstance(part.get(key), str) and part[key] for key in ("url", "method"))
    return isinstance(headers, dict) and isinstance(before, list) and named and part.get("id") is not None


def _single(request: Request, part: dict[str, Any]) -> Request:
    url = str(part.get("url", ""))
    path, _, query = url.partition("?")
    version = request.path.strip("/").partition("/")[0]
    content = part.get("body")
    body = b"" if content is None else json.dumps(content).encode()
    headers = {str(name).lower(): str(value) for name, value in (part.get("headers") or {}).items()}
    if isinstance(content, str) and "json" not in headers.get("content-type", "json"):
        body = _decode(content)
    return replace(
        request,
        method=str(part.get("method", "GET")).upper(),
        path=f"/{version}/{path.lstrip('/')}",
        query=query,
        headers=headers,
        body=Body(len(body), body),
    )


def _decode(content: str) -> bytes:
    """Bytes of a body that is not JSON: base64, in either alphabet."""
    try:
        return base64.b64decode(content.replace("-", "+").replace("_", "/") + "=" * (-len(content) % 4), validate=True)
    except ValueError:
        raise GraphError(400, "BadRequest", "Invalid batch payload format.") from None


def _answer(response: Response) -> dict[str, Any]:
    shown: dict[str, Any] = {"status": response.status, "headers": _title(response)}
    if response.body:
        is_json = "json" in response.headers.get("content-type", "")
        shown["body"] = json.loads(response.body) if is_json else base64.b64encode(response.body).decode()
    return shown


def _title(response: Response) -> dict[str, str]:
    return {"-".join(part.capitalize() for part in name.split("-")): value for name, value in response.headers.items()}
