"""The sites that a person follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.graph.site_listing import answer_all
from spmigrate.rehearsal.graph.site_opening import open_site
from spmigrate.rehearsal.graph.site_routes import bad_argument
from spmigrate.rehearsal.graph.site_types import SITE
from spmigrate.rehearsal.graph.site_view import show_site
from spmigrate.rehearsal.http import Response, json_response
from spmigrate.rehearsal.storage import Entity

_READ, _WRITE = ("Sites.Read.All",), ("Sites.ReadWrite.All",)
_KIND = "followedsite"


def _user(call: Call) -> Entity:
    found = call.tenant.directory.user(call.parts["id"])
    if found is None:
        raise GraphError(404, "Request_ResourceNotFound", f"Resource '{call.parts['id']}' does not exist.")
    return found


def _list(call: Call) -> Response:
    store, shown = call.tenant.store, []
    for row in store.children(_user(call).id, _KIND):
        web = store.get("web", row.name)
        site = store.by_id(web.parent) if web else None
        if web is not None and site is not None and site.deleted is None:
            shown.append(show_site(site, web))
    return answer_all(call, shown, context="sites", of=SITE)


def _add(call: Call) -> Response:
    user, shown = _user(call), []
    for identity in _named(call):
        scope = open_site(call, identity)
        if call.tenant.store.find(_KIND, user.id, scope.web.guid) is None:
            call.tenant.store.insert(_KIND, scope.web.guid, at=call.tenant.clock.iso(), parent=user.id)
        shown.append(show_site(scope.site, scope.web))
    return json_response(200, {"@odata.context": f"{call.base}/$metadata#sites", "value": shown})


def _remove(call: Call) -> Response:
    user = _user(call)
    for identity in _named(call):
        row = call.tenant.store.find(_KIND, user.id, open_site(call, identity).web.guid)
        if row is not None:
            call.tenant.store.delete(row)
    return Response(204)


def _named(call: Call) -> list[str]:
    value: Any = call.body().get("value")
    named = isinstance(value, list) and value and all(isinstance(each, Mapping) and each.get("id") for each in value)
    if not named:
        raise bad_argument()
    return [str(each["id"]) for each in value]


ROUTES: tuple[Route, ...] = (
    route("GET users/{id}/followedSites", _READ, _list, own=_READ),
    route("POST users/{id}/followedSites/add", _WRITE, _add, own=_WRITE),
    route("POST users/{id}/followedSites/remove", _WRITE, _remove, own=_WRITE),
)
