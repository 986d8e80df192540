"""From what a path says of a site or list to the site or list."""

from __future__ import annotations

from spmigrate.rehearsal.graph.access import require_open, sees_list
from spmigrate.rehearsal.graph.call import Call, GraphError
from spmigrate.rehearsal.graph.site_routes import not_found
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint.model import as_guid
from spmigrate.rehearsal.sharepoint.scope import Scope, open_scope
from spmigrate.rehearsal.site_grants import claims_at
from spmigrate.rehearsal.storage import Entity, fold

_MISSING = "Requested site could not be found"


def open_site(call: Call, text: str) -> Scope:
    """A site by `root`, `host:/path`, `host`, `host,site,web`, `site,web` or its GUID; a 404 when there is none."""
    found = _by_name(call, text) if "," not in text and as_guid(text) is None else _by_id(call, text)
    if found is None:
        raise not_found(_MISSING)
    host, site, web = found
    scope = Scope(call.tenant, claims_at(call.tenant.store, call.request.caller, site), host, site, web)
    require_open(scope)
    return scope


def root_web(call: Call, site: Entity) -> Entity | None:
    """The top web of a site collection."""
    return call.tenant.store.find("web", site.id, "/" + site.name.partition("/")[2])


def need_list(scope: Scope, text: str) -> Entity:
    """A list by id, title or address name; a 404 when there is none."""
    guid = as_guid(text)
    found = scope.store.get("list", guid, parent=scope.web.id) if guid else None
    if found is None:
        wanted = fold(text)
        rows = scope.store.children(scope.web.id, "list")
        found = next((row for row in rows if fold(str(row.props.get("Title", ""))) == wanted), None)
        found = found or next((row for row in rows if fold(row.name.rpartition("/")[2]) == wanted), None)
    if found is None or not sees_list(scope, found):
        raise not_found("The specified list was not found")
    return found


def _by_name(call: Call, text: str) -> tuple[str, Entity, Entity] | None:
    host, colon, path = text.partition(":")
    if text.lower() == "root" or host.lower() == "root":
        host = call.tenant.names.sharepoint
    elif "." not in host:
        raise GraphError(400, "invalidRequest", "Invalid hostname for this tenancy")
    wanted = "/" + path.strip("/") if colon else "/"
    try:
        scope = open_scope(call.tenant, call.request.caller, host.lower(), wanted)
    except ODataError:
        return None
    return None if fold(scope.web.name) != fold(wanted) else (scope.host, scope.site, scope.web)


def _by_id(call: Call, text: str) -> tuple[str, Entity, Entity] | None:
    guids = [each for each in text.split(",") if as_guid(each)]
    site = call.tenant.store.get("site", guids[0]) if guids else None
    if site is None:
        return None
    web = call.tenant.store.get("web", guids[1], parent=site.id) if len(guids) > 1 else root_web(call, site)
    return None if web is None else (site.name.partition("/")[0], site, web)
