"""A Graph call on its way: the request, what the path said, and Graph's way of refusing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from spmigrate.rehearsal.http import Request, Response, json_response
from spmigrate.rehearsal.tenant import Tenant

if TYPE_CHECKING:
    from spmigrate.rehearsal.graph.types import Type

VERSION = "https://graph.microsoft.com/v1.0"
BETA = "https://graph.microsoft.com/beta"
# Graph's limit of a request that is no upload, with its answer: github.com/microsoftgraph/microsoft-graph-docs, issue
# 11806; the status is that of python-o365's issue 308.
LARGEST_JSON = 4 * 1024 * 1024
JSON_KIND = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


_OPTIONS = frozenset({
    "$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$skiptoken", "$count", "$search", "$format",
    "$apply", "$compute", "$deltatoken",
})  # fmt: skip
_OF_ONE = frozenset({"$select", "$expand"})
_OF_MANY = frozenset({"$select", "$expand", "$top", "$skiptoken"})


# Stands among the options when `select` came without its dollar sign: then Graph's front does not read it, and drives
# and sites pass over a name that they do not know (msgraph-sdk-javascript issue 466; msgraphfs asks that way for names
# that an item does not have).
UNCHECKED_SELECT = "select"

_SLASHES = re.compile("/{2,}")


class GraphError(Exception):
    """Graph refuses; `code` is its word for why."""

    def __init__(self, status: int, code: str, message: str, *, inner: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.inner = inner


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
        if self.request.body.size > LARGEST_JSON:
            raise GraphError(413, "BadRequest", "The maximum request length supported is 4MB.")
        try:
            content = self.request.json()
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

    def require_options(self, answered: frozenset[str]) -> None:
        """Refuse query options that Graph does not have (400), or that are not rehearsed here (501)."""
        for name in self.query:
            if name in answered or not name.startswith("$"):
                continue
            if name in _OPTIONS:
                raise GraphError(501, "notImplemented", f"{name} of {self.request.path} is not rehearsed.")
            raise GraphError(400, "BadRequest", f"The query parameter '{name}' is not supported.")

    @property
    def base(self) -> str:
        """The address of the API that was called: Graph's, or the same API on a SharePoint host."""
        path, mark, rest = self.request.path.partition("/_api/")
        if mark:
            return f"https://{self.request.host}{path}{mark}{rest.partition('/')[0]}"
        return BETA if self.is_beta else VERSION

    @property
    def is_beta(self) -> bool:
        """True for a call to Graph's beta version."""
        return self.request.path.lstrip("/")[:5].lower() in ("beta", "beta/")

    def type_of(self, of: Type) -> Type:
        """A type as the version that was called has it."""
        return of.beta if of.beta is not None and self.is_beta else of

    @property
    def whole(self) -> bool:
        """True when nothing is chosen from what is shown, and nothing added to it."""
        return not ("$select" in self.query or "$expand" in self.query or self.usual)

    @property
    def path(self) -> str:
        """The path that was asked for, as Graph reads it: slashes side by side are one."""
        return _SLASHES.sub("/", self.request.path)

    def link(self, **options: str) -> str:
        """The address of this call with other options, for the next page."""
        merged = {name: value for name, value in {**self.query, **options}.items() if value}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in merged.items())
        return f"https://{self.request.host}{self.path}?{query}"


def entity(
    content: dict[str, Any],
    *,
    context: str,
    status: int = 200,
    call: Call | None = None,
    of: Type | None = None,
) -> Response:
    """One thing, with its context; with a call, its `$select` is applied to the type `of`."""
    chosen = content
    if call is not None and of is not None:
        of = call.type_of(of)
        call.require_options(_OF_ONE)
        chosen = select([content], call, of)[0]
    base = VERSION if call is None else call.base
    return json_response(status, {"@odata.context": f"{base}/$metadata#{context}/$entity", **chosen}, kind=JSON_KIND)


def collection(
    values: list[dict[str, Any]] | orjson.Fragment,
    *,
    context: str,
    call: Call,
    of: Type,
    more: frozenset[str] = frozenset(),
    **links: str,
) -> Response:
    """Several things of a type; `links` are `next` and `delta`, `more` the further options that were answered. Of what
    is written already nothing can be selected (`whole`)."""
    call.require_options(_OF_MANY | more if more else _OF_MANY)
    of = call.type_of(of)
    content: dict[str, Any] = {
        "@odata.context": f"{call.base}/$metadata#{context}",
        "value": select(values, call, of) if isinstance(values, list) else values,
    }
    content |= {f"@odata.{name}Link": address for name, address in links.items() if address}
    return json_response(200, content, kind=JSON_KIND)


def select(values: list[dict[str, Any]], call: Call, of: Type) -> list[dict[str, Any]]:
    """Only the properties that `$select` names; identifiers, annotations and what is expanded stay.

    A 400 for a name that the type does not have.
    """
    asked, expand = call.query.get("$select", ""), call.query.get("$expand", "")
    if asked and UNCHECKED_SELECT not in call.query:
        of.require_selection(asked)
    if expand:
        of.require_expansion(expand)
    wanted = asked or call.usual.get("$select", "")
    names = {name.strip().partition("/")[0].lower() for name in wanted.split(",")}
    if not wanted or "*" in names:
        return values
    kept = names | {"id", *(of.expandable if expand else ())}
    chosen = [
        {name: value for name, value in content.items() if name.lower() in kept or name.startswith("@")}
        for content in values
    ]
    if of.directory and asked:
        empty = {of.properties[name]: of.absent(name) for name in names if name in of.properties}
        chosen = [{**empty, **content} for content in chosen]
    return chosen


def error_response(error: GraphError, *, request_id: str, at: str) -> Response:
    """The body in which Graph refuses."""
    inner = {"date": at.rstrip("Z"), "request-id": request_id, "client-request-id": request_id}
    inner = {"code": error.inner, **inner} if error.inner else inner
    content = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
    return Response(error.status, {"content-type": "application/json"}, json.dumps(content).encode())
