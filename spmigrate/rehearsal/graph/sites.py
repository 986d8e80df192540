"""Sites and their lists in Graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.graph.call import Call, GraphError, collection, entity
from spmigrate.rehearsal.graph.drives import answer_drives, default_drive, show_drive
from spmigrate.rehearsal.graph.ids import drive_id, site_id
from spmigrate.rehearsal.graph.types import DRIVE, LIST, SITE
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity, fold

_READ = ("Sites.Read.All",)
_PAGE = 200
_SEARCHED = frozenset({"$search"})
_TEMPLATES = {100: "genericList", 101: "documentLibrary", 106: "events", 119: "webPageLibrary"}

Dispatch = Callable[[Call, str], Response]


def answer_site(call: Call, rest: str, dispatch: Dispatch) -> Response:
    """`sites/{id}` and all below it; drives are answered where drives are."""
    if call.parts["site"].lower() in ("getallsites", "getallsites()", "delta", "delta()"):
        return answer_sites(call)
    site, web = find_site(call, call.parts["site"])
    head, _, tail = rest.strip("/").partition("/")
    section = head.lower()
    method = call.request.method
    if not section and method == "GET":
        call.require(*_READ)
        return entity(show_site(site, web), context="sites", call=call, of=SITE)
    if section == "drives" and not tail and method == "GET":
        return answer_drives(call, site, web)
    if section == "drives" and tail:
        return dispatch(call, f"drives/{tail}")
    if section == "drive" or section.startswith("drive:"):
        drive = default_drive(call.tenant, site, web)
        if not tail and method == "GET":
            call.require(*_READ)
            return entity(show_drive(drive), context="drives", call=call, of=DRIVE)
        return dispatch(call, f"drives/{drive.id}/{tail}")
    if section == "lists":
        return _answer_lists(call, (site, web), tail, dispatch)
    if section == "sites" and not tail and method == "GET":
        call.require(*_READ)
        below = [each for each in call.tenant.store.children(site.id, "web") if each.id != web.id]
        return collection([show_site(site, each) for each in below], context="sites", call=call, of=SITE)
    raise GraphError(501, "notImplemented", f"{method} {call.request.path} is not rehearsed.")


def answer_sites(call: Call) -> Response:
    """`GET sites?search=…` and `sites/getAllSites`, in pages."""
    call.require(*_READ)
    words = call.query.get("search", call.query.get("$search", "*")).strip("\"'* ").lower()
    size = call.page_size(usual=_PAGE, most=_PAGE)
    after = call.query.get("$skiptoken", "0")
    shown: list[dict[str, Any]] = []
    store = call.tenant.store
    following, last = "", 0
    for site in store.every("site", after=int(after) if after.isdecimal() else 0):
        web = root_web(call, site)
        if web is None or (words and words not in f"{web.props.get('Title', '')} {site.name}".lower()):
            continue
        if len(shown) == size:
            following = call.link(**{"$skiptoken": str(last)})
            break
        shown.append(show_site(site, web))
        last = site.id
    return collection(shown, context="sites", call=call, of=SITE, more=_SEARCHED, next=following)


def find_site(call: Call, text: str) -> tuple[Entity, Entity]:
    """Site and web by `root`, `host:/path`, `host`, `host,site,web` or a site's GUID; a 404 when there is none."""
    store = call.tenant.store
    site: Entity | None
    web: Entity | None = None
    if "," in text:
        _, site_guid, *more = text.split(",")
        site = store.get("site", site_guid)
        web = store.get("web", more[0], parent=site.id) if site and more else None
        if more and web is None:
            site = None
    elif text.lower() == "root":
        site = store.find("site", 0, call.tenant.names.sharepoint)
    elif ":" in text or "." in text:
        host, _, path = text.partition(":")
        site = store.find("site", 0, f"{host}/{path.strip('/')}".rstrip("/"))
    else:
        site = store.get("site", text)
    web = web or (root_web(call, site) if site else None)
    if site is None or web is None:
        raise GraphError(404, "itemNotFound", "Requested site could not be found")
    return site, web


def root_web(call: Call, site: Entity) -> Entity | None:
    """The top web of a site collection."""
    webs = call.tenant.store.children(site.id, "web")
    path = fold("/" + site.name.partition("/")[2])
    return next((web for web in webs if fold(web.name) == path), None)


def show_site(site: Entity, web: Entity) -> dict[str, Any]:
    """A site."""
    host = site.name.partition("/")[0]
    shown: dict[str, Any] = {
        "createdDateTime": web.created,
        "description": web.props.get("Description", ""),
        "id": site_id(site, web),
        "lastModifiedDateTime": web.modified,
        "name": web.name.rsplit("/", 1)[-1],
        "webUrl": f"https://{host}{quote(web.name.rstrip('/'))}",
        "displayName": web.props.get("Title", ""),
        "siteCollection": {"hostname": host},
    }
    if "/" not in site.name or site.name.count("/") == 2:
        shown["root"] = {}
    return shown


def _answer_lists(call: Call, place: tuple[Entity, Entity], tail: str, dispatch: Dispatch) -> Response:
    site, web = place
    name, _, rest = tail.partition("/")
    if not name and call.request.method == "GET":
        call.require(*_READ)
        hidden = "system" in call.query.get("$select", "").lower()
        lists = call.tenant.store.children(web.id, "list")
        shown = [_show_list(place, each) for each in lists if hidden or not each.props.get("Hidden")]
        return collection(shown, context="lists", call=call, of=LIST)
    lists = call.tenant.store.children(web.id, "list")
    found = next(
        (each for each in lists if name.lower() in (each.guid, str(each.props.get("Title", "")).lower())), None
    )
    if found is None:
        raise GraphError(404, "itemNotFound", "The specified list was not found")
    if not rest and call.request.method == "GET":
        call.require(*_READ)
        return entity(_show_list(place, found), context="lists", call=call, of=LIST)
    head, _, below = rest.partition("/")
    if head.lower() == "drive":
        return dispatch(call, f"drives/{drive_id(site, web, found)}/{below}".rstrip("/"))
    raise GraphError(501, "notImplemented", f"{call.request.method} {call.request.path} is not rehearsed.")


def _show_list(place: tuple[Entity, Entity], listing: Entity) -> dict[str, Any]:
    site, web = place
    host = site.name.partition("/")[0]
    template = listing.props.get("BaseTemplate", 100)
    shown: dict[str, Any] = {
        "createdDateTime": listing.created,
        "description": listing.props.get("Description", ""),
        "eTag": f'"{listing.guid},{listing.etag}"',
        "id": listing.guid,
        "lastModifiedDateTime": listing.modified,
        "name": listing.name.rsplit("/", 1)[-1],
        "webUrl": f"https://{host}{quote(web.name.rstrip('/'))}/{quote(listing.name)}",
        "displayName": listing.props.get("Title", ""),
        "parentReference": {"siteId": site_id(site, web)},
        "list": {
            "contentTypesEnabled": bool(listing.props.get("ContentTypesEnabled")),
            "hidden": bool(listing.props.get("Hidden")),
            "template": _TEMPLATES.get(template, str(template)),
        },
    }
    if listing.props.get("Hidden"):
        shown["system"] = {}
    return shown
