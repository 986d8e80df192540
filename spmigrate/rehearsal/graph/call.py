"""A Graph call on its way: the request, what the path said, and Graph's way of refusing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.http import Request, Response, json_response
from spmigrate.rehearsal.tenant import Tenant

VERSION = "https://graph.microsoft.com/v1.0"
JSON_KIND = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


class GraphError(Exception):
    """Graph refuses; `code` is its word for why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Call:
    """A request to Graph: `parts` are the values in the path, `query` the decoded options in lower
    case, `usual` options that count when the caller gives none."""

    request: Request
    tenant: Tenant
    parts: dict[str, str]
    query: dict[str, str]
    usual: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The JSON object in the body, {} when there is none."""
        try:
            content = self.request.json()
            if b"\\u" in self.request.body.small:
                # Half a surrogate pair is JSON, but no text that could be stored or sent.
                json.dumps(content, ensure_ascii=False).encode()
        except ValueError:
            raise GraphError(400, "BadRequest", "Unable to read JSON request payload.") from None
        if content is None:
            return {}
        if not isinstance(content, dict):
            raise GraphError(400, "BadRequest", "The request payload is not a JSON object.")
        return content

    def require(self, *permissions: str) -> None:
        """Refuse a caller who holds none of the permissions."""
        if not self.request.caller.permits(*permissions):
            raise GraphError(403, "accessDenied", "Access denied")

    def page_size(self, *, usual: int, most: int) -> int:
        """`$top`, or the usual size of a page."""
        text = self.query.get("$top", str(usual))
        if not text.isdecimal() or int(text) == 0:
            raise GraphError(400, "invalidRequest", f"Invalid value for $top: {text}")
        return min(int(text), most)

    def link(self, **options: str) -> str:
        """The address of this call with other options, for the next page."""
        merged = {name: value for name, value in {**self.query, **options}.items() if value}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in merged.items())
        return f"https://{self.request.host}{self.request.path}?{query}"


def entity(content: dict[str, Any], *, context: str, status: int = 200, call: Call | None = None) -> Response:
    """One thing, with its context; `$select` of the call is applied."""
    chosen = select(content, call) if call else content
    return json_response(status, {"@odata.context": f"{VERSION}/$metadata#{context}/$entity", **chosen}, kind=JSON_KIND)


def collection(values: list[dict[str, Any]], *, context: str, call: Call | None = None, **links: str) -> Response:
    """Several things; `links` are `next` and `delta`."""
    chosen = [select(value, call) for value in values] if call else values
    content: dict[str, Any] = {"@odata.context": f"{VERSION}/$metadata#{context}", "value": chosen}
    content |= {f"@odata.{name}Link": address for name, address in links.items() if address}
    return json_response(200, content, kind=JSON_KIND)


def select(content: dict[str, Any], call: Call) -> dict[str, Any]:
    """Only the properties that `$select` names; identifiers and annotations stay."""
    wanted = call.query.get("$select", call.usual.get("$select", ""))
    if not wanted:
        return content
    names = {name.strip().lower() for name in wanted.split(",")}
    # What is asked of the expanded thing itself, `sponsors($select=id)`, makes no difference here.
    expand = re.sub(r"\([^)]*\)", "", call.query.get("$expand", ""))
    expanded = {name.strip().lower() for name in expand.split(",")}
    return {
        name: value
        for name, value in content.items()
        if name.lower() in names or name.lower() in expanded or name.startswith("@") or name == "id"
    }


def error_response(error: GraphError, *, request_id: str, at: str) -> Response:
    """The body in which Graph refuses."""
    inner = {"date": at.rstrip("Z"), "request-id": request_id, "client-request-id": request_id}
    content = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
    return Response(error.status, {"content-type": "application/json"}, json.dumps(content).encode())
