"""The front of ProcessQuery: one HTTP request in, one JSON array out; refusals are told inside it, with status 200."""

from __future__ import annotations

import re
import uuid

from spmigrate.rehearsal.content import Refusal
from spmigrate.rehearsal.csom.interpreter import Interpreter
from spmigrate.rehearsal.csom.query import MAX_BYTES, Action, Malformed, Query, parse_query
from spmigrate.rehearsal.csom.values import write_json
from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.odata.errors import ODataError, access_denied, wrong_method
from spmigrate.rehearsal.sharepoint.access import Level, require
from spmigrate.rehearsal.sharepoint.root import Root
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.translation import translate

_PATH = re.compile(r"^(.*?)/+_vti_bin/+client\.svc/+ProcessQuery/*$", re.IGNORECASE)
_VERSION = "16.0.26601.12006"
_NOT_BUILT = 501
_INVALID = "Microsoft.SharePoint.Client.InvalidClientQueryException"


def web_of(path: str) -> str | None:
    """The web's address in the decoded path of a ProcessQuery request; None for any other path."""
    found = _PATH.match(path)
    return None if found is None else re.sub("/{2,}", "/", found.group(1))


def answer(request: Request, scope: Scope) -> Response:
    """Answer a request to a web; what the rehearsal lacks is refused with 501, as in REST."""
    if request.method != "POST":
        raise wrong_method(request.method, "ProcessQuery")
    require(scope.claims, Level.READ)
    if scope.site.props.get("LockState") == "NoAccess":
        raise access_denied()
    trace = str(uuid.uuid4())
    if request.body.size > MAX_BYTES:
        message = f"The request message is too big. The server does not allow messages larger than {MAX_BYTES} bytes."
        return _respond([_header(trace, ODataError(400, f"-1, {_INVALID}", message))])
    try:
        query = parse_query(request.body.read())
        return _respond(_run(query, scope, trace))
    except Malformed as problem:
        return _respond([_header(trace, ODataError(400, f"-1, {_INVALID}", str(problem)))])
    except RecursionError:
        deep = ODataError(400, f"-1, {_INVALID}", "Recursion depth exceeded allowed limit.")
        return _respond([_header(trace, deep)])


def _run(query: Query, scope: Scope, trace: str) -> list[object]:
    interpreter = Interpreter(Root(scope), query, trace)
    results: list[object] = []
    try:
        for action in query.actions:
            results += _perform(interpreter, action, scope, trace)
    except ODataError as error:
        if error.status == _NOT_BUILT:
            raise
        # What was done before the action that failed stays done; nothing of it is answered.
        return [_header(trace, error)]
    return [_header(trace, None), *results]


def _perform(interpreter: Interpreter, action: Action, scope: Scope, trace: str) -> list[object]:
    if action.kind.startswith("ExceptionHandlingScope"):
        return _attempt(interpreter, action, scope, trace)
    try:
        with scope.store.transaction():
            return interpreter.perform(action)
    except Refusal as refusal:
        raise translate(refusal) from None


def _attempt(interpreter: Interpreter, action: Action, scope: Scope, trace: str) -> list[object]:
    """A scope that catches: its try, its catch when that failed, its finally; or a simple one of actions alone."""
    parts = {each.kind: each.inner for each in action.inner}
    tried = parts.get("TryScope", action.inner if action.kind == "ExceptionHandlingScopeSimple" else ())
    results: list[object] = []
    caught: ODataError | None = None
    try:
        for each in tried:
            results += _perform(interpreter, each, scope, trace)
    except ODataError as error:
        if error.status == _NOT_BUILT:
            raise
        caught = error
    for each in (*(parts.get("CatchScope", ()) if caught else ()), *parts.get("FinallyScope", ())):
        results += _perform(interpreter, each, scope, trace)
    told = {"HasException": caught is not None, "ErrorInfo": None if caught is None else _error(trace, caught)}
    return [int(action.id), told, *results]


def _header(trace: str, error: ODataError | None) -> dict[str, object]:
    return {
        "SchemaVersion": "15.0.0.0",
        "LibraryVersion": _VERSION,
        "ErrorInfo": None if error is None else _error(trace, error),
        "TraceCorrelationId": trace,
    }


def _error(trace: str, error: ODataError) -> dict[str, object]:
    number, _, kind = error.code.partition(", ")
    return {
        "ErrorMessage": error.message,
        "ErrorValue": None,
        "TraceCorrelationId": trace,
        "ErrorCode": int(number) if number.lstrip("-").isdecimal() else -1,
        "ErrorTypeName": kind or "Microsoft.SharePoint.SPException",
    }


def _respond(body: list[object]) -> Response:
    return Response(200, {"content-type": "application/json; charset=utf-8"}, write_json(body))
