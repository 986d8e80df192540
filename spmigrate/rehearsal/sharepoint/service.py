"""The front of SharePoint's REST interface: one HTTP request in, one response out."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from spmigrate.rehearsal.content import Refusal
from spmigrate.rehearsal.csom import service as csom
from spmigrate.rehearsal.csom.query import MAX_BYTES
from spmigrate.rehearsal.http import Body, Request, Response, encode_json, split_address
from spmigrate.rehearsal.odata.atom import render_atom, render_atom_error
from spmigrate.rehearsal.odata.batch import Operation as BatchPart
from spmigrate.rehearsal.odata.batch import parse_batch, write_batch
from spmigrate.rehearsal.odata.errors import (
    ODataError,
    access_denied,
    bad_argument,
    invalid_query,
    not_built,
)
from spmigrate.rehearsal.odata.lenient_json import load_json
from spmigrate.rehearsal.odata.options import parse_options
from spmigrate.rehearsal.odata.paths import decode_path, parse_path, parse_query, split_web
from spmigrate.rehearsal.odata.render import Dialect, choose_dialect, render_error, render_result
from spmigrate.rehearsal.sharepoint.access import Level, require
from spmigrate.rehearsal.sharepoint.form_digest import refuse_without_digest
from spmigrate.rehearsal.sharepoint.model import Collection, Raw, Resource, Result
from spmigrate.rehearsal.sharepoint.root import Root
from spmigrate.rehearsal.sharepoint.schema_document import schema_document
from spmigrate.rehearsal.sharepoint.scope import Scope, open_scope
from spmigrate.rehearsal.sharepoint.shaping import shape_result
from spmigrate.rehearsal.sharepoint.translation import translate
from spmigrate.rehearsal.sharepoint.walker import Operation, Outcome, perform
from spmigrate.rehearsal.sharepoint.web_pages import answer_page
from spmigrate.rehearsal.tenant import Tenant

# Bodies of these calls are bytes, whatever their content type says.
# Source: "The request message is too big", as SharePoint REST says it of a single request with a file.
MAX_UPLOAD = 262_144_000
_BYTES = frozenset({
    "add", "addusingpath", "startupload", "startuploadfile", "continueupload", "finishupload",
    "finishuploadwithchecksum", "savebinarystream", "$value",
})  # fmt: skip


# The same service under its older address; the client object model's own endpoint is not meant.
_CLIENT_SERVICE = re.compile(r"/_vti_bin/+client\.svc/+(?!ProcessQuery)", re.IGNORECASE)

# The service's limit is not documented; files come in batches too, but a batch has to fit into memory.
_LARGEST_BATCH = 64 * 1024 * 1024


def handle(request: Request, tenant: Tenant) -> Response:
    """Answer a request to a SharePoint host; its token has been checked, its permissions not."""
    dialect = choose_dialect(request.headers.get("accept", ""))
    try:
        with tenant.store.transaction():
            return _with_service_headers(_answer(request, tenant, dialect))
    except ODataError as error:
        return _with_service_headers(_refuse(error, dialect))
    except Refusal as refusal:
        return _with_service_headers(_refuse(translate(refusal), dialect))
    except RecursionError:
        # Brackets within brackets, in a filter, a formula, a query or a body, deeper than anybody means it.
        return _with_service_headers(_refuse(invalid_query("Recursion depth exceeded allowed limit."), dialect))


def _answer(request: Request, tenant: Tenant, dialect: Dialect) -> Response:
    path = _CLIENT_SERVICE.sub("/_api/", decode_path(request.path))
    web_path = csom.web_of(path)
    if web_path is not None:
        scope = open_scope(tenant, request.caller, request.host, web_path)
        refuse_without_digest(request, scope)
        return csom.answer(request, scope)
    parts = split_web(path)
    if parts is None:
        if "/_vti_bin/" in path.lower():
            raise not_built(request.method, path)
        return answer_page(request, tenant)
    web_path, rest = parts
    scope = open_scope(tenant, request.caller, request.host, web_path)
    refuse_without_digest(request, scope)
    if rest.lower() == "$batch":
        # Its parts are judged one by one: a locked site may be read in batches too.
        return _answer_batch(request, tenant, scope)
    _refuse_locked(scope, request.method)
    if rest.lower() == "$metadata":
        require(scope.claims, Level.READ)
        return Response(200, {"content-type": "application/xml;charset=utf-8"}, schema_document())
    query = parse_query(request.query)
    segments = parse_path(rest, query)
    operation = Operation(
        method=_method(request),
        segments=segments,
        query=query,
        headers=request.headers,
        **_read_body(request, segments[-1].key if segments else ""),
    )
    outcome = perform(Root(scope), operation)
    suffix = f"?{request.query}" if request.query else ""
    return _render(outcome, scope, dialect, query, f"https://{request.host}{request.path}{suffix}")


def _render(outcome: Outcome, scope: Scope, dialect: Dialect, query: Mapping[str, str], address: str) -> Response:
    value = outcome.value
    if isinstance(value, Raw):
        return Response(outcome.status, {"content-type": value.kind, **value.headers}, value.content, value.file)
    if outcome.status == HTTPStatus.NO_CONTENT or (value is None and outcome.status == HTTPStatus.OK):
        return Response(outcome.status, {"etag": outcome.etag} if outcome.etag else {})
    options = parse_options(query)
    name = value.name if isinstance(value, Result) else ""
    inner = value.value if isinstance(value, Result) else value
    headers = {"content-type": dialect.value}
    if isinstance(inner, Resource):
        etag = inner.etag
        headers |= {"etag": etag} if etag else {}
        headers |= {"location": scope.base + inner.path} if outcome.status == HTTPStatus.CREATED else {}
    tree = shape_result(inner, options, address=address) if isinstance(inner, Resource | Collection) else inner
    if dialect is Dialect.ATOM:
        kind, text = render_atom(tree, base=scope.base, name=name, at=scope.now)
        return Response(outcome.status, {**headers, "content-type": kind}, text.encode())
    body = render_result(tree, dialect, base=scope.base, name=name)
    return Response(outcome.status, headers, encode_json(body))


def _answer_batch(request: Request, tenant: Tenant, scope: Scope) -> Response:
    require(scope.claims, Level.READ)
    _refuse_large(request, _LARGEST_BATCH)
    parts = parse_batch(request.headers.get("content-type", ""), request.body.read())
    answers = []
    for part in parts:
        single = _single(part, request, scope)
        refused = single.meter(single) if single.meter else None
        response = refused or handle(single, tenant)
        headers = {name: value for name, value in response.headers.items() if name in ("content-type", "etag")}
        answers.append((response.status, headers, response.body))
    kind, body = write_batch(answers, boundary=f"batchresponse_{uuid.uuid4()}")
    return Response(200, {"content-type": kind}, body)


def _single(part: BatchPart, request: Request, scope: Scope) -> Request:
    address = split_address(part.url)
    path = address.path if address.path.startswith("/") else f"{scope.web_path}/_api/{address.path}"
    if "/_api" not in path.lower():
        path = f"{scope.web_path}/_api{path}"
    host = address.netloc.lower() or request.host
    if host != request.host:
        raise bad_argument("A batch request may only address the site that it is sent to.")
    inherited = {"accept": request.headers.get("accept", "")}
    return replace(
        request,
        # The digest of the batch is that of all in it.
        claims=replace(request.caller, by_cookie=False),
        method=part.method,
        path=path,
        query=address.query,
        headers={**inherited, **part.headers},
        body=Body(len(part.body), part.body),
    )


def _method(request: Request) -> str:
    tunnelled = request.headers.get("x-http-method", "") if request.method == "POST" else ""
    method = (tunnelled or request.method).upper()
    return "GET" if method == "HEAD" else method


def _read_body(request: Request, last: str) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").lower()
    if last in _BYTES and not (request.body.small[:1] == b"{" and "json" in kind and last == "add"):
        _refuse_large(request, MAX_UPLOAD)
        return {"upload": request.body}
    _refuse_large(request, MAX_BYTES)
    content = request.body.read()
    if request.method == "GET" or not content.strip():
        return {}
    try:
        body = load_json(content)
    except ValueError:
        raise invalid_query("Invalid JSON. A token was not recognized in the JSON content.") from None
    if not isinstance(body, dict):
        raise invalid_query("Invalid JSON. The body must be an object.")
    return {"body": body, "upload": request.body}


def _refuse_large(request: Request, most: int) -> None:
    if request.body.size > most:
        raise invalid_query(
            f"The request message is too big. The server does not allow messages larger than {most} bytes."
        )


def _refuse_locked(scope: Scope, method: str) -> None:
    state = scope.site.props.get("LockState", "Unlock")
    if state == "NoAccess" or (state == "ReadOnly" and method not in ("GET", "HEAD")):
        raise access_denied()


def _refuse(error: ODataError, dialect: Dialect) -> Response:
    if error.plain:
        return Response(error.status, {"content-type": "text/plain; charset=utf-8"}, error.message.encode())
    if dialect is Dialect.ATOM:
        kind = "application/xml;charset=utf-8"
        return Response(error.status, {"content-type": kind}, render_atom_error(error).encode())
    return Response(error.status, {"content-type": dialect.value}, encode_json(render_error(error, dialect)))


def _with_service_headers(response: Response) -> Response:
    headers = {
        "sprequestguid": str(uuid.uuid4()),
        "x-sharepointhealthscore": "1",
        "spclientservicerequestduration": "7",
        "x-sp-serverstate": "ReadOnly=0",
        "microsoftsharepointteamservices": "16.0.0.26601",
        "dataserviceversion": "3.0",
        "cache-control": "private, max-age=0",
    }
    return replace(response, headers={**headers, **response.headers})
