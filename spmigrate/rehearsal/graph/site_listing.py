"""Collections of a site that are few enough to be shown whole: columns, content types, lists, pages, terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError, collection
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.filters import matches, parse_filter, paths_of, sort_key

_MANY = 5000
_ANSWERED = frozenset({"$filter", "$orderby", "$top", "$skiptoken", "$count"})


def answer_all(call: Call, objects: Sequence[dict[str, Any]], *, context: str, of: Type) -> Response:
    """The objects that `$filter` and `$orderby` ask for, whole unless `$top` wants pages."""
    found = _ordered(call, _filtered(call, objects, of), of)
    size = call.page_size(usual=_MANY, most=_MANY)
    token = call.query.get("$skiptoken", "0")
    start = int(token) if token.isdecimal() else 0
    following = call.link(**{"$skiptoken": str(start + size)}) if start + size < len(found) else ""
    page = found[start : start + size]
    return collection(page, context=context, call=call, of=of, more=_ANSWERED, next=following)


def _filtered(call: Call, objects: Sequence[dict[str, Any]], of: Type) -> list[dict[str, Any]]:
    text = call.query.get("$filter", "")
    if not text.strip():
        return list(objects)
    try:
        expression = parse_filter(text)
    except ODataError as error:
        raise GraphError(400, "invalidRequest", f"Invalid filter clause: {error}") from None
    of.require_paths(paths_of(expression), "Invalid filter clause")
    return [each for each in objects if matches(expression, partial(read_path, each))]


def _ordered(call: Call, objects: list[dict[str, Any]], of: Type) -> list[dict[str, Any]]:
    keys = [part.split() for part in call.query.get("$orderby", "").split(",") if part.strip()]
    of.require_paths({key[0] for key in keys}, "Invalid OrderBy clause")
    for path, *direction in reversed(keys):
        if direction not in ([], ["asc"], ["desc"]):
            raise GraphError(400, "invalidRequest", f"Syntax error in the OrderBy clause '{call.query['$orderby']}'.")
        objects = sorted(objects, key=lambda each: sort_key(read_path(each, path)), reverse=direction == ["desc"])
    return objects


def read_path(content: dict[str, Any], path: str) -> object:
    """The value at a path of names, whatever their case; None where there is none."""
    value: Any = content
    for step in path.split("/"):
        if not isinstance(value, dict):
            return None
        value = next((each for name, each in value.items() if name.lower() == step.lower()), None)
    return value
