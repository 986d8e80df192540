"""`POST search/query`: files, items, lists, sites and drives by words and properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.graph import search_people
from spmigrate.rehearsal.graph.call import JSON_KIND, VERSION, Call, GraphError
from spmigrate.rehearsal.graph.drive_items import Drive, identity, show_item
from spmigrate.rehearsal.graph.ids import drive_id, site_id
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.site_view import show_list, show_site
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.search_index import PROPERTIES, Hit, search
from spmigrate.rehearsal.search_kql import Beyond, Malformed, parse, words
from spmigrate.rehearsal.sharepoint.scope import Scope

_READ = ("Files.Read.All", "Sites.Read.All")
_KINDS = {
    "driveitem": frozenset({"file", "folder"}), "listitem": frozenset({"item", "file", "folder"}),
    "list": frozenset({"list"}), "site": frozenset({"site", "web"}), "drive": frozenset({"list"}),
}  # fmt: skip
_ELSEWHERE = frozenset({"chatmessage", "externalitem", "acronym", "bookmark", "qna"})
_USUAL, _MOST = 25, 500
_KNOWN = {each.lower(): each for each in PROPERTIES}
_LEFT_OUT = ("@microsoft.graph.downloadUrl", "cTag", "eTag", "shared")
_UNREHEARSED = ("aggregations", "aggregationFilters", "resultTemplateOptions", "collapseProperties")


def _answer(call: Call) -> Response:
    requests = call.body().get("requests")
    if not isinstance(requests, list) or not requests or not all(isinstance(each, Mapping) for each in requests):
        raise _invalid("Requests is empty.")
    answers = [_search(call, each) for each in requests]
    context = f"{VERSION}/$metadata#Collection(microsoft.graph.searchResponse)"
    return json_response(200, {"value": answers, "@odata.context": context}, kind=JSON_KIND)


def _search(call: Call, request: Mapping[str, Any]) -> dict[str, Any]:
    types = [str(each) for each in request.get("entityTypes") or []]
    _require_known(request, types)
    if call.request.caller.app_only and not request.get("region"):
        raise _invalid("Region is required when request with application permission.")
    query = request.get("query")
    if not isinstance(query, Mapping) or not isinstance(query.get("queryString"), str):
        raise _invalid("QueryString is missing.")
    text = query["queryString"]
    apart = search_people.answer(call, types, text, page=_page(request))
    if apart is not None:
        return apart
    template = str(query.get("queryTemplate") or "{searchTerms}")
    start, size = _page(request)
    call.require(*_READ)
    kinds = frozenset().union(*(_KINDS[each.lower()] for each in types))
    try:
        tree = parse(template.replace("{searchTerms}", text))
        order = _order(request)
        found = search(call.tenant, call.request.caller, tree, start=start, rows=size, kinds=kinds, order=order)
    except Malformed:
        raise _invalid(f"The query '{text}' is malformed.") from None
    except Beyond as beyond:
        raise GraphError(501, "notImplemented", f"'{beyond}' in a query is not rehearsed.") from None
    hits = [_show(call, hit, types, request, rank) for rank, hit in enumerate(found.hits, start + 1)]
    container = {"hits": hits, "total": found.total, "moreResultsAvailable": start + size < found.total}
    return {"searchTerms": [each for word in words(tree) for each in word.split()], "hitsContainers": [container]}


def _page(request: Mapping[str, Any]) -> tuple[int, int]:
    start, size = request.get("from") or 0, request.get("size") or _USUAL
    if not isinstance(start, int) or not isinstance(size, int) or start < 0 or not 0 < size <= _MOST:
        raise _invalid(f"The size must be from 1 to {_MOST}.")
    return start, size


def _require_known(request: Mapping[str, Any], types: list[str]) -> None:
    """Refuse what Graph's search does not have (400), and what is not rehearsed (501)."""
    if not types:
        raise _invalid("EntityTypes is missing.")
    for each in types:
        if each.lower() in _ELSEWHERE:
            raise GraphError(501, "notImplemented", f"A search for {each} is not rehearsed.")
        if each.lower() not in _KINDS and each.lower() not in search_people.PERMISSIONS:
            raise _invalid(f"Invalid entity type '{each}'.")
    for name in _UNREHEARSED:
        if request.get(name):
            raise GraphError(501, "notImplemented", f"{name} of a search is not rehearsed.")


def _order(request: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    given = request.get("sortProperties") or []
    if not isinstance(given, list) or not all(isinstance(each, Mapping) and each.get("name") for each in given):
        raise _invalid("SortProperties are malformed.")
    return tuple((str(each["name"]), bool(each.get("isDescending"))) for each in given)


def _show(call: Call, hit: Hit, types: list[str], request: Mapping[str, Any], rank: int) -> dict[str, Any]:
    fields = {
        _KNOWN[str(name).lower()][0].lower() + _KNOWN[str(name).lower()][1:]: hit.values.get(_KNOWN[str(name).lower()])
        for name in request.get("fields") or []
        if str(name).lower() in _KNOWN
    }
    scope = Scope(call.tenant, call.request.caller, hit.site.name.partition("/")[0], hit.site, hit.web)
    wanted = {each.lower() for each in types}
    resource = _resource(scope, hit, wanted, fields)
    return {"hitId": _hit_id(resource, hit), "rank": rank, "summary": "", "resource": resource}


def _hit_id(resource: Mapping[str, Any], hit: Hit) -> str:
    return str(resource.get("id") or hit.values.get("UniqueId") or "")


def _resource(scope: Scope, hit: Hit, wanted: set[str], fields: Mapping[str, Any]) -> dict[str, Any]:
    if hit.listing is None:
        shown = {"@odata.type": "#microsoft.graph.site", **show_site(hit.site, hit.web)}
    elif hit.item is None and "list" in wanted:
        shown = {"@odata.type": "#microsoft.graph.list", **show_list(scope, hit.listing)}
    elif hit.item is None:
        shown = {"@odata.type": "#microsoft.graph.drive", "id": drive_id(hit.site, hit.web, hit.listing),
                 "name": hit.listing.props.get("Title", ""), "driveType": "documentLibrary",
                 "webUrl": f"{quote(scope.web_url, safe=':/')}/{quote(hit.listing.name)}"}  # fmt: skip
    elif hit.kind != "item" and "driveitem" in wanted:
        return _drive_item(scope, hit, fields)
    else:
        return _list_item(scope, hit, fields)
    shown.pop("@odata.etag", None)
    return shown


def _drive_item(scope: Scope, hit: Hit, fields: Mapping[str, Any]) -> dict[str, Any]:
    assert hit.listing is not None and hit.item is not None
    root = scope.content.root(hit.listing.id)
    assert root is not None
    shown = show_item(Drive(scope.tenant, hit.site, hit.web, hit.listing, root), hit.item)
    kept = {name: value for name, value in shown.items() if name not in _LEFT_OUT}
    kept["parentReference"] = {**shown["parentReference"], "sharepointIds": _ids(hit)}
    if fields:
        kept["listItem"] = {"@odata.type": "#microsoft.graph.listItem", "id": hit.item.guid, "fields": dict(fields)}
    return {"@odata.type": "#microsoft.graph.driveItem", **kept}


def _list_item(scope: Scope, hit: Hit, fields: Mapping[str, Any]) -> dict[str, Any]:
    item = hit.item
    assert item is not None
    return {
        "@odata.type": "#microsoft.graph.listItem",
        "id": item.guid,
        "createdDateTime": item.created,
        "lastModifiedDateTime": item.modified,
        "webUrl": quote(str(hit.values["Path"]), safe=":/?="),
        "createdBy": identity(scope.tenant, item.author),
        "lastModifiedBy": identity(scope.tenant, item.editor),
        "parentReference": {"siteId": site_id(hit.site, hit.web), "sharepointIds": _ids(hit)},
        "sharepointIds": _ids(hit),
        "fields": dict(fields) or {"title": hit.values.get("Title", "")},
    }


def _ids(hit: Hit) -> dict[str, str]:
    assert hit.listing is not None and hit.item is not None
    return {"listId": hit.listing.guid, "listItemId": str(hit.item.list_item), "listItemUniqueId": hit.item.guid}


def _invalid(message: str) -> GraphError:
    return GraphError(400, "BadRequest", f"SearchRequest Invalid ({message})")


_EVERY = (*_READ, *search_people.PERMISSIONS.values())
ROUTES: tuple[Route, ...] = (route("POST search/query", _EVERY, _answer, standing="anyone"),)
