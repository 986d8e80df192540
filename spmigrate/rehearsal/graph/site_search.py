"""Many sites at once: search, all sites, delta, and the sites below a site."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from spmigrate.rehearsal.graph.access import can_open
from spmigrate.rehearsal.graph.call import Call, GraphError, collection
from spmigrate.rehearsal.graph.ids import site_id
from spmigrate.rehearsal.graph.site_opening import root_web
from spmigrate.rehearsal.graph.site_types import SITE, SITE_OF_HOST
from spmigrate.rehearsal.graph.site_view import show_site, site_ids
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

_READ = ("Sites.Read.All",)
_PAGE = 200
_STEP = 500
_ANSWERED = frozenset({"$search", "$filter", "$top", "$count"})
# The one filter that is documented for the collection of sites: the roots of geographies.
_ROOTS = "sitecollection/root ne null"


def answer_sites(call: Call, *, all_sites: bool = False) -> Response:
    """`GET sites?search=…` and `sites/getAllSites`, in pages; subsites come after their site."""
    if call.request.method != "GET":
        raise GraphError(405, "notAllowed", "The method is not allowed for this resource.")
    call.require(*_READ)
    words = call.query.get("search", call.query.get("$search", "*")).strip("\"'* ").lower()
    wanted = call.query.get("$filter", "").lower().strip()
    if wanted not in ("", _ROOTS, "siteCollection/root ne null".lower()):
        raise GraphError(501, "notImplemented", f"$filter={call.query['$filter']} of sites is not rehearsed.")
    size = call.page_size(usual=_PAGE, most=_PAGE)
    shown: list[dict[str, Any]] = []
    following, last = "", 0
    for site, web in _webs(call, after=_number(call.query.get("$skiptoken", ""))):
        if wanted and "/" in site.name:
            continue
        if words and words not in f"{web.props.get('Title', '')} {site.name}{web.name}".lower():
            continue
        if not can_open(call.tenant, call, site, web):
            continue
        if len(shown) >= size and site.id != last:
            following = call.link(**{"$skiptoken": str(last)})
            break
        shown.append(_show(call, site, web, personal=all_sites))
        last = site.id
    if call.request.host == call.tenant.names.graph:
        return collection(shown, context="sites", call=call, of=SITE, more=_ANSWERED, next=following)
    titled = [{**each, "title": each["displayName"]} for each in shown]
    return collection(titled, context="sites", call=call, of=SITE_OF_HOST, more=_ANSWERED, next=following)


def answer_delta(call: Call) -> Response:
    """`GET sites/delta`: the sites changed since a token, those that went away as deleted."""
    call.require(*_READ)
    since = _read_moment(call.query.get("token") or call.query.get("$deltatoken", ""), call)
    now = call.tenant.clock.iso()
    shown = [_show(call, site, web) for site, web in _webs(call, after=0) if max(site.modified, web.modified) >= since]
    for site in call.tenant.store.every("site", deleted=True):
        if since and (site.deleted or "") >= since:
            web = root_web(call, site)
            shown.append({"id": site_id(site, web) if web else site.guid, "deleted": {"state": "softDeleted"}})
    token = base64.urlsafe_b64encode(f"1;{now}".encode()).decode().rstrip("=")
    end = f"{call.base}/sites/delta?token={token}"
    return collection(shown, context="sites", call=call, of=SITE, delta=end)


def answer_subsites(call: Call, scope: Scope) -> Response:
    """`GET sites/{id}/sites`: the webs directly below one."""
    return collection(subsites(scope), context="sites", call=call, of=SITE)


def subsites(scope: Scope) -> list[dict[str, Any]]:
    """The webs directly below a web."""
    base = scope.web.name.rstrip("/").lower()
    rows = scope.store.children(scope.site.id, "web")
    below = [row for row in rows if row.id != scope.web.id and row.name.lower().rpartition("/")[0] == base]
    return [show_site(scope.site, each) for each in below if can_open(scope.tenant, scope, scope.site, each)]


def _webs(call: Call, *, after: int) -> Iterator[tuple[Entity, Entity]]:
    """Every web with its site, few at a time."""
    store = call.tenant.store
    while True:
        rows = store.every("site", after=after, limit=_STEP)
        for site in rows:
            yield from ((site, web) for web in store.children(site.id, "web"))
        if len(rows) < _STEP:
            return
        after = rows[-1].id


def _show(call: Call, site: Entity, web: Entity, *, personal: bool = False) -> dict[str, Any]:
    shown = show_site(site, web)
    if personal:
        shown["isPersonalSite"] = site.name.startswith(f"{call.tenant.names.personal}/personal/")
    if "sharepointids" in call.query.get("$select", "").lower():
        shown["sharepointIds"] = site_ids(site, web)
    return shown


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _read_moment(token: str, call: Call) -> str:
    if token == "latest":  # noqa: S105 - a word of the interface
        return call.tenant.clock.iso()
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().partition(";")[2]
    except ValueError:
        raise GraphError(410, "resyncRequired", "Resync required. The token is not valid any more.") from None
