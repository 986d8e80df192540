"""What a query asks of objects of the directory: `$filter`, `$search`, `$orderby`, `$select`, `$expand`, pages.

Rules of the service (Microsoft: "Advanced query capabilities on Microsoft Entra ID objects"): some operators,
`$search`, counts, and an order together with a filter want `ConsistencyLevel: eventual` and `$count=true`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from spmigrate.rehearsal.graph import filters
from spmigrate.rehearsal.graph.call import JSON_KIND, VERSION, Call, GraphError
from spmigrate.rehearsal.graph.expansion import read_expand
from spmigrate.rehearsal.graph.searching import parse_search
from spmigrate.rehearsal.graph.types import Type
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.odata.filters import sort_key

Content = dict[str, Any]
# How a relation is found for one thing: a list of things, or one, or None.
Relation = Callable[[Content], object]
Relations = Mapping[str, Relation]

_OF_MANY = frozenset({"$filter", "$orderby", "$count", "$top", "$skiptoken", "$search", "$select", "$expand"})
_OF_ONE = frozenset({"$select", "$expand"})
_ADVANCED = frozenset({"ne", "not", "endswith", "$count"})
_PAGE = 100
_PAGE_LIMIT = 999
# Source: Microsoft's "Use query parameters": an expanded relation to directory objects has at most twenty of them.
_EXPANDED = 20
_HELP = "Refer to https://aka.ms/graph-docs/advanced-queries for more information"


def answer_list(
    call: Call,
    objects: Iterable[Any],
    *,
    context: str,
    of: Type,
    most: int = _PAGE_LIMIT,
    page: int = _PAGE,
    relations: Relations | None = None,
    show: Callable[[Any], Content] | None = None,
) -> Response:
    """The objects that the options ask for, in pages; a 400 for options that name what the type does not have.

    With `show` the objects are given as they are kept, and those of the page alone are shown where that is enough.
    """
    call.require_options(_OF_MANY)
    of = call.type_of(of)
    chosen = _Choice(call, of, relations or {})
    found = list(objects)
    if show is not None and call.query.keys() & {"$filter", "$search", "$orderby"}:
        found, show = [show(each) for each in found], None
    if show is None:
        found = _order(call, _filtered(call, found, of), of)
    size = _page_size(call, page, most)
    text = call.query.get("$skiptoken", "0")
    start = int(text) if text.isdecimal() else 0
    content: Content = {"@odata.context": f"{call.base}/$metadata#{_context(context, call)}"}
    if _wants_count(call) and (not of.directory or is_eventual(call)):
        content["@odata.count"] = len(found)
    if start + size < len(found):
        content["@odata.nextLink"] = call.link(**{"$skiptoken": str(start + size)})
    shown = found[start : start + size]
    content["value"] = [chosen.shape(each if show is None else show(each)) for each in shown]
    return json_response(200, content, kind=JSON_KIND)


def answer_one(
    call: Call, content: Content, *, context: str, of: Type, relations: Relations | None = None, status: int = 200
) -> Response:
    """One object with what `$select` and `$expand` ask for."""
    call.require_options(_OF_ONE)
    shaped = _Choice(call, call.type_of(of), relations or {}).shape(content)
    marked = {"@odata.context": f"{call.base}/$metadata#{_context(context, call)}/$entity", **shaped}
    return json_response(status, marked, kind=JSON_KIND)


def answer_made(call: Call, content: Content, *, context: str, of: Type, location: str = "") -> Response:
    """What was just made: 201, with its usual properties."""
    shaped = {name: value for name, value in content.items() if not of.usual or name in of.usual or name[0] == "@"}
    marked = {"@odata.context": f"{call.base}/$metadata#{context}/$entity", **shaped}
    headers = {"location": location} if location else {}
    return json_response(201, marked, headers=headers, kind=JSON_KIND)


def answer_values(name: str, values: object) -> Response:
    """The value of a function or action: `Collection(Edm.String)` and the like."""
    return json_response(200, {"@odata.context": f"{VERSION}/$metadata#{name}", "value": values}, kind=JSON_KIND)


def answer_count(call: Call, objects: Iterable[Content], *, of: Type) -> Response:
    """`…/$count`: a bare number."""
    call.require_options(_OF_MANY)
    of = call.type_of(of)
    if of.directory and not is_eventual(call):
        raise GraphError(400, "Request_BadRequest", "$count is not currently supported.")
    return Response(200, {"content-type": "text/plain"}, str(len(_filtered(call, list(objects), of))).encode())


def answer_references(identities: Sequence[str]) -> Response:
    """`…/$ref`: where each thing is, without the thing."""
    values = [{"@odata.id": f"{VERSION}/directoryObjects/{each}"} for each in identities]
    return json_response(
        200, {"@odata.context": f"{VERSION}/$metadata#Collection($ref)", "value": values}, kind=JSON_KIND
    )


def is_eventual(call: Call) -> bool:
    """True when the caller takes an answer that may be a little behind, as advanced queries want."""
    return call.request.headers.get("consistencylevel", "").lower() == "eventual"


class _Choice:
    """What is shown of each object."""

    def __init__(self, call: Call, of: Type, relations: Relations) -> None:
        self._of = of
        asked, expand = call.query.get("$select", ""), call.query.get("$expand", "")
        of.require_selection(asked)
        of.require_expansion(expand)
        names = {name.strip().partition("/")[0].lower() for name in asked.split(",") if name.strip()}
        self._names = names if "*" not in names else set()
        self._expanded = read_expand(expand)
        self._relations = {name: relations[name] for name in self._expanded if name in relations}
        missing = [name for name in self._expanded if name not in relations]
        if missing:
            raise GraphError(501, "notImplemented", f"$expand={missing[0]} is not rehearsed.")

    def shape(self, content: Content) -> Content:
        shown = cut(content, self._names, self._of)
        for name, find in self._relations.items():
            label = next((each for each in _RELATION_NAMES if each.lower() == name), name)
            shown[label] = self._related(find(content), self._expanded[name])
        return shown

    def _related(self, found: object, options: Mapping[str, str]) -> object:
        names = {each.strip().lower() for each in options.get("$select", "").split(",") if each.strip()}
        if isinstance(found, list):
            top = options.get("$top", "")
            of_directory = bool(found) and "@odata.type" in found[0]
            most = int(top) if top.isdecimal() else _EXPANDED if of_directory else len(found)
            return [cut(each, names, None) for each in found[:most]]
        return cut(found, names, None) if isinstance(found, dict) else found


_RELATION_NAMES = (
    "appRoleAssignments", "appRoleAssignedTo", "memberOf", "transitiveMemberOf", "transitiveMembers", "directReports",
    "ownedObjects", "oauth2PermissionGrants", "extensionProperties", "federatedIdentityCredentials", "roleDefinition",
    "identitySynchronization", "teamsApp", "teamsAppDefinition", "appDefinitions", "primaryChannel", "installedApps",
    "filesFolder", "scopedRoleMembers", "allChannels", "installationOptions",
    "internalSponsors", "externalSponsors", "assignmentPolicies", "assignmentPolicy", "accessPackage",
    "resourceRoleScopes", "effectiveRules", "appliesTo",
)  # fmt: skip


def cut(content: Content, names: set[str], of: Type | None) -> Content:
    """What of an object is shown: the selected names (nothing beside them), or what its type shows usually."""
    if not names:
        usual = of.usual if of is not None else ()
        shown = {name: each for name, each in content.items() if not usual or name in usual or name[0] == "@"}
        return {**of.unsaid, **shown} if of is not None and of.unsaid else shown
    chosen = {name: value for name, value in content.items() if name.lower() in names or name[0] == "@"}
    if of is None or not of.directory:
        return chosen
    known = {of.properties[name]: of.absent(name) for name in names if name in of.properties}
    mixed = of.name == "directoryObject"
    return {**({} if mixed else known), **chosen}


def _context(context: str, call: Call) -> str:
    asked = call.query.get("$select", "")
    return f"{context}({','.join(each.strip() for each in asked.split(','))})" if asked else context


def _wants_count(call: Call) -> bool:
    return call.query.get("$count", "").lower() == "true"


def _page_size(call: Call, usual: int, most: int) -> int:
    text = call.query.get("$top", str(usual))
    if not text.isdecimal() or not 0 < int(text) <= _PAGE_LIMIT:
        message = f"Invalid page size specified: '{text}'. Must be between 1 and {_PAGE_LIMIT} inclusive."
        raise GraphError(400, "Request_UnsupportedQuery", message)
    return min(int(text), most)


def _filtered(call: Call, objects: list[Content], of: Type) -> list[Content]:
    search, text = call.query.get("$search"), call.query.get("$filter")
    if search is not None:
        if of.directory and not is_eventual(call):
            message = "Request with $search query parameter only works through MSGraph with a special request header:"
            raise GraphError(400, "Request_UnsupportedQuery", f"{message} 'ConsistencyLevel: eventual'")
        wanted = parse_search(search, of)
        objects = [each for each in objects if wanted(each)]
    if text is None:
        return objects
    try:
        node = filters.parse(text)
    except filters.FilterError as problem:
        raise GraphError(400, "BadRequest", f"Invalid filter clause: {problem}") from None
    of.require_paths(filters.heads(node), "Invalid filter clause")
    _require_advanced(call, filters.operators(node) & _ADVANCED, of)
    try:
        return [each for each in objects if filters.matches(node, each)]
    except (TypeError, ValueError):
        raise GraphError(400, "BadRequest", "Invalid filter clause: the operands do not fit the operator.") from None


def _require_advanced(call: Call, used: frozenset[str] | set[str], of: Type) -> None:
    counts = _wants_count(call) or call.request.path.rstrip("/").lower().endswith("/$count")
    if not of.directory or not used or (is_eventual(call) and counts):
        return
    name = {"ne": "NotEqualsMatch", "not": "Not", "endswith": "EndsWithMatch", "$count": "CountMatch"}[min(used)]
    message = (
        f"Operator: '{name}' is not supported because the required parameters might be missing. Try adding $count=true"
        f" query parameter and ConsistencyLevel:eventual header. {_HELP}"
    )
    raise GraphError(400, "Request_UnsupportedQuery", message)


def _order(call: Call, objects: list[Content], of: Type) -> list[Content]:
    text = call.query.get("$orderby", "")
    keys = [part.split() for part in text.split(",") if part.strip()]
    if not keys:
        return objects
    of.require_paths({key[0] for key in keys}, "Invalid OrderBy clause")
    if of.directory and ("$filter" in call.query or "$search" in call.query) and not is_eventual(call):
        raise GraphError(400, "Request_UnsupportedQuery", f"Sorting not supported for current query. {_HELP}")
    for path, *direction in reversed(keys):
        if [each.lower() for each in direction] not in ([], ["asc"], ["desc"]):
            raise GraphError(400, "BadRequest", f"Syntax error in the OrderBy clause '{text}'.")
        down = [each.lower() for each in direction] == ["desc"]
        objects = sorted(objects, key=lambda each: sort_key(_read(each, path)), reverse=down)
    return objects


def _read(content: Content, path: str) -> object:
    value: Any = content
    for step in path.split("/"):
        if not isinstance(value, dict):
            return None
        value = next((each for name, each in value.items() if name.lower() == step.lower()), None)
    return value if not isinstance(value, dict | list) else json.dumps(value)
