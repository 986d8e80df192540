"""`$filter`, `$top`, `$skiptoken`, `$count` and `$orderby` over objects of the directory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError, collection
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.filters import Expression, matches, parse_filter, sort_key

_ANY = re.compile(r"(\w+)/any\(\s*(\w+)\s*:\s*\2 eq '([\w.-]+)'\s*\)")
_PAGE = 100
_PAGE_LIMIT = 999


def answer_list(call: Call, objects: Sequence[dict[str, Any]], *, context: str, most: int = _PAGE_LIMIT) -> Response:
    """The objects that the options ask for, in pages."""
    found = order(call, [each for each in objects if _fits(call, each)])
    size = call.page_size(usual=_PAGE, most=most)
    text = call.query.get("$skiptoken", "0")
    start = int(text) if text.isdecimal() else 0
    page = found[start : start + size]
    following = call.link(**{"$skiptoken": str(start + size)}) if start + size < len(found) else ""
    response = collection(page, context=context, call=call, next=following)
    if call.query.get("$count", "").lower() != "true":
        return response
    counted = response.body.replace(b'"value":', f'"@odata.count":{len(found)},"value":'.encode(), 1)
    return Response(response.status, response.headers, counted)


def answer_count(call: Call, objects: Sequence[dict[str, Any]]) -> Response:
    """`…/$count`: a bare number."""
    found = sum(1 for each in objects if _fits(call, each))
    return Response(200, {"content-type": "text/plain"}, str(found).encode())


def order(call: Call, objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects in the order of `$orderby`, as they are without it."""
    wanted = call.query.get("$orderby", "").split()
    if not wanted:
        return objects
    return sorted(objects, key=lambda each: sort_key(_read(each, wanted[0])), reverse=wanted[1:] == ["desc"])


def _fits(call: Call, content: dict[str, Any]) -> bool:
    text = call.query.get("$filter")
    if not text:
        return True
    return matches(_parse(text), lambda path: _read(content, path))


def _parse(text: str) -> Expression:
    try:
        return parse_filter(_ANY.sub(r"\1/any/\3 eq true", text))
    except ODataError as error:
        raise GraphError(400, "Request_UnsupportedQuery", f"Invalid filter clause: {error}") from None


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
