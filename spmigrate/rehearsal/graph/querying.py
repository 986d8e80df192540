"""`$filter`, `$top`, `$skiptoken`, `$count` and `$orderby` over objects of the directory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError, collection
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.filters import Expression, matches, operators_of, parse_filter, paths_of, sort_key

_ANY = re.compile(r"(\w+)/any\(\s*(\w+)\s*:\s*\2 eq '([\w.-]+)'\s*\)")
# Conditions over many values and lists of values, which Graph has.
_UNREHEARSED = re.compile(r"/(any|all)\(|\bin\s*\(", re.IGNORECASE)
_ANSWERED = frozenset({"$filter", "$orderby", "$count", "$top", "$skiptoken"})
_ADVANCED = frozenset({"ne", "not", "endswith"})
_PAGE = 100
_PAGE_LIMIT = 999


def answer_list(
    call: Call, objects: Sequence[dict[str, Any]], *, context: str, of: Type, most: int = _PAGE_LIMIT
) -> Response:
    """The objects that the options ask for, in pages; a 400 for options that name what the type does not have."""
    _refuse_search(call)
    found = order(call, _filtered(call, objects, of), of)
    size = _page_size(call, most)
    text = call.query.get("$skiptoken", "0")
    start = int(text) if text.isdecimal() else 0
    page = found[start : start + size]
    following = call.link(**{"$skiptoken": str(start + size)}) if start + size < len(found) else ""
    response = collection(page, context=context, call=call, of=of, more=_ANSWERED, next=following)
    if call.query.get("$count", "").lower() != "true":
        return response
    counted = response.body.replace(b'"value":', f'"@odata.count":{len(found)},"value":'.encode(), 1)
    return Response(response.status, response.headers, counted)


def answer_count(call: Call, objects: Sequence[dict[str, Any]], *, of: Type) -> Response:
    """`…/$count`: a bare number."""
    _refuse_search(call)
    call.require_options(_ANSWERED)
    return Response(200, {"content-type": "text/plain"}, str(len(_filtered(call, objects, of))).encode())


def order(call: Call, objects: list[dict[str, Any]], of: Type) -> list[dict[str, Any]]:
    """The objects in the order of `$orderby`, as they are without it."""
    keys = [part.split() for part in call.query.get("$orderby", "").split(",") if part.strip()]
    of.require_paths({key[0] for key in keys}, "Invalid OrderBy clause")
    for path, *direction in reversed(keys):
        if direction not in ([], ["asc"], ["desc"]):
            raise GraphError(400, "BadRequest", f"Syntax error in the OrderBy clause '{call.query['$orderby']}'.")
        objects = sorted(objects, key=lambda each: sort_key(_read(each, path)), reverse=direction == ["desc"])
    return objects


def _page_size(call: Call, most: int) -> int:
    text = call.query.get("$top", str(_PAGE))
    if not text.isdecimal() or not 0 < int(text) <= _PAGE_LIMIT:
        message = f"Invalid page size specified: '{text}'. Must be between 1 and {_PAGE_LIMIT} inclusive."
        raise GraphError(400, "Request_UnsupportedQuery", message)
    return min(int(text), most)


def _refuse_search(call: Call) -> None:
    if "$search" not in call.query:
        return
    if not _is_eventual(call):
        message = "Request with $search query parameter only works through MSGraph with a special request header:"
        raise GraphError(400, "Request_UnsupportedQuery", f"{message} 'ConsistencyLevel: eventual'")
    raise GraphError(501, "notImplemented", f"$search of {call.request.path} is not rehearsed.")


def _is_eventual(call: Call) -> bool:
    return call.request.headers.get("consistencylevel", "").lower() == "eventual"


def _filtered(call: Call, objects: Sequence[dict[str, Any]], of: Type) -> list[dict[str, Any]]:
    text = call.query.get("$filter")
    if text is None:
        return list(objects)
    expression = _parse(text)
    of.require_paths(paths_of(expression), "Invalid filter clause")
    advanced = operators_of(expression) & _ADVANCED
    counts = call.query.get("$count", "").lower() == "true" or call.request.path.endswith("/$count")
    if of.directory and advanced and not (_is_eventual(call) and counts):
        message = f"Operator: '{min(advanced)}' is not supported because the required parameters might be missing."
        raise GraphError(400, "Request_UnsupportedQuery", f"{message} Add $count=true and ConsistencyLevel: eventual.")
    return [each for each in objects if matches(expression, partial(_read, each))]


def _parse(text: str) -> Expression:
    simple = _ANY.sub(r"\1/any/\3 eq true", text)
    if _UNREHEARSED.search(simple):
        raise GraphError(501, "notImplemented", f"$filter={text} is not rehearsed.")
    try:
        return parse_filter(simple)
    except ODataError as error:
        raise GraphError(400, "BadRequest", f"Invalid filter clause: {error}") from None


def _read(content: dict[str, Any], path: str) -> object:
    value: Any = content
    steps = path.split("/")
    for position, step in enumerate(steps):
        if step == "any" and isinstance(value, list):
            return steps[position + 1] in value
        if not isinstance(value, dict):
            return None
        value = next((each for name, each in value.items() if name.lower() == step.lower()), None)
    return value
