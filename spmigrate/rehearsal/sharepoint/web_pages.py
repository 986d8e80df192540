"""What a browser is shown: pages of a site, its lists and their views, files at their own addresses, and the pages
under ``_layouts``. Plain HTML that says what is there; nothing in it can be operated."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal import sharing
from spmigrate.rehearsal.browser_sessions import sign_in_address
from spmigrate.rehearsal.http import Request, Response
from spmigrate.rehearsal.odata.errors import access_denied, not_built, site_missing
from spmigrate.rehearsal.odata.paths import decode_path, parse_query
from spmigrate.rehearsal.sharepoint import files, folder_tree, lists, view_pages, webs
from spmigrate.rehearsal.sharepoint.access import Level, require_at, require_visible
from spmigrate.rehearsal.sharepoint.model import as_guid
from spmigrate.rehearsal.sharepoint.navigation import QUICK_LAUNCH, Nodes
from spmigrate.rehearsal.sharepoint.scope import Scope, open_scope
from spmigrate.rehearsal.sharepoint.views import View, Views, default_view
from spmigrate.rehearsal.tenant import Tenant

_LAYOUTS = "_layouts/"
_HOME = "SitePages/Home.aspx"
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "private, max-age=0",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
}
# Pages of ``_layouts`` that show nothing of their own here, by name: what they are called.
_TITLES = {
    "settings.aspx": "Site Settings", "user.aspx": "Permissions", "people.aspx": "People and Groups",
    "groups.aspx": "People and Groups", "adminrecyclebin.aspx": "Recycle bin", "recyclebin.aspx": "Recycle bin",
    "storman.aspx": "Storage Metrics", "mngfield.aspx": "Site Columns", "mngctype.aspx": "Site Content Types",
    "managefeatures.aspx": "Site Features", "regionalsetng.aspx": "Regional Settings", "quiklnch.aspx": "Navigation",
    "navigation.aspx": "Navigation", "listedit.aspx": "Settings", "appinv.aspx": "App", "appregnew.aspx": "App",
    "onenote.aspx": "Notebook", "groupstatus.aspx": "Group", "sharepoint.aspx": "SharePoint", "online.aspx": "Online",
}  # fmt: skip


def answer_page(request: Request, tenant: Tenant) -> Response:
    """The page, file or refusal at an address of a site that is none of its interfaces'."""
    path = decode_path(request.path)
    if request.method not in ("GET", "HEAD"):
        raise not_built(request.method, path)
    moved = _moved(tenant, request.host, path)
    if moved is not None:
        return moved
    scope = open_scope(tenant, request.caller, request.host, path)
    if scope.site.props.get("LockState") == "NoAccess":
        raise access_denied()
    require_at(webs.Web(scope, scope.web), Level.READ)
    below = path[len(scope.web_path) :].strip("/")
    if below.lower().startswith(_LAYOUTS):
        return _layout(scope, request, below.rpartition("/")[2].lower())
    return _content(scope, request, below or _HOME)


def _moved(tenant: Tenant, host: str, path: str) -> Response | None:
    """On to the present address of a site that has another one since."""
    parts = path.strip("/").split("/")
    row = tenant.store.find("redirect", 0, "/".join([host, *parts[:2]])) if len(parts) > 1 else None
    if row is None:
        return None
    return Response(302, {"location": quote(f"https://{'/'.join([row.props['To'], *parts[2:]])}", safe=":/")})


def _content(scope: Scope, request: Request, below: str) -> Response:
    address = f"{scope.web_path}/{below}"
    view = _view_at(scope, address)
    if view is not None:
        require_visible(lists.List(scope, view.owner))
        return _page(scope, str(view.owner.props.get("Title", "")), view_pages.draw(view))
    found = folder_tree.find_item(scope, address)
    listing = folder_tree.find_list(scope, address)
    if found is None and listing is not None and not listing[1]:
        require_visible(lists.List(scope, listing[0]))
        return _redirect(default_view(scope, listing[0]), "")
    if found is None:
        raise site_missing()
    owner, item = found
    shown = files.File(scope, owner, item, address)
    require_visible(shown)
    if item.folder:
        return _redirect(default_view(scope, owner), f"?id={quote(address, safe='')}")
    if item.name.lower().endswith(".aspx"):
        fields = item.fields
        title = str(fields.get("Title") or item.name.rpartition(".")[0])
        return _page(scope, title, str(fields.get("CanvasContent1") or fields.get("WikiField") or ""))
    return _bytes(shown, request)


def _view_at(scope: Scope, address: str) -> View | None:
    listing = folder_tree.find_list(scope, address)
    if listing is None or not listing[1].lower().endswith(".aspx"):
        return None
    wanted = address.casefold()
    for each in Views(scope, listing[0]).all():
        if each.address.casefold() == wanted:
            return each
    return None


def _layout(scope: Scope, request: Request, name: str) -> Response:
    query = parse_query(request.query)
    special: dict[str, Callable[[Scope, Request, Mapping[str, str]], Response]] = {
        "viewlsts.aspx": _contents, "download.aspx": _download, "doc.aspx": _document, "wopiframe.aspx": _document,
        "guestaccess.aspx": _guest, "authenticate.aspx": _authenticated, "start.aspx": _start,
    }  # fmt: skip
    if name in special:
        return special[name](scope, request, query)
    if name in _TITLES:
        return _page(scope, _TITLES[name], "")
    raise site_missing()


def _contents(scope: Scope, _request: Request, _query: Mapping[str, str]) -> Response:
    shown = [each for each in lists.Lists(scope).all() if not each.entity.props.get("Hidden")]
    rows = "".join(f"<li>{escape(str(each.entity.props.get('Title', '')))}</li>" for each in shown)
    return _page(scope, "Site contents", f"<ul>{rows}</ul>")


def _download(scope: Scope, request: Request, query: Mapping[str, str]) -> Response:
    """The bytes of a file by its id or address."""
    file = _file(scope, query.get("uniqueid", ""), query.get("sourceurl", ""))
    answer, name = _bytes(file, request), quote(file.item.name, safe="")
    return replace(answer, headers={**answer.headers, "content-disposition": f"attachment;filename*=UTF-8''{name}"})


def _document(scope: Scope, _request: Request, query: Mapping[str, str]) -> Response:
    """Where Office for the web would open a document."""
    found = _file(scope, query.get("sourcedoc", ""), query.get("sourcedoc", ""))
    return _page(scope, found.item.name, f"<p>{escape(found.address)}</p>")


def _guest(scope: Scope, request: Request, query: Mapping[str, str]) -> Response:
    """A link of a form that the service gave before 2018, or the one that it still makes of new ones."""
    url = f"https://{request.host}/:u:/g/{query.get('share', '')}"
    found = sharing.find_link(scope.tenant, url) if query.get("share") else None
    if found is None:
        raise site_missing()
    return _page(scope, found[1].name, "")


def _authenticated(scope: Scope, request: Request, query: Mapping[str, str]) -> Response:
    """Back to where somebody came from, who is signed in by now; to no other host."""
    source = query.get("source", "")
    inside = source.startswith("/") and not source.startswith(("//", "/\\"))
    return Response(302, {"location": f"https://{request.host}{source if inside else scope.web_path or '/'}"})


def _start(scope: Scope, request: Request, _query: Mapping[str, str]) -> Response:
    return _content(scope, request, _HOME)


def _file(scope: Scope, identity: str, address: str) -> files.File:
    guid = as_guid(identity)
    item = scope.content.by_guid(guid, site=scope.site.id) if guid else None
    if item is None:
        found = folder_tree.find_item(scope, decode_path(address)) if address.startswith("/") else None
        item = found[1] if found else None
    owner = None if item is None else scope.store.by_id(item.list)
    if item is None or owner is None or item.folder:
        raise site_missing()
    shown = files.File(scope, owner, item)
    require_visible(shown)
    return shown


def _bytes(file: files.File, request: Request) -> Response:
    raw = file.download(request.headers)
    kind = mimetypes.guess_type(file.item.name, strict=False)[0] or "application/octet-stream"
    status = 206 if "content-range" in raw.headers else 200
    return Response(status, {**raw.headers, "content-type": kind, "accept-ranges": "bytes"}, raw.content, raw.file)


def _redirect(view: View, query: str) -> Response:
    return Response(302, {"location": f"https://{view.scope.host}{quote(view.address)}{query}"})


def _page(scope: Scope, title: str, main: str) -> Response:
    site = escape(str(scope.web.props.get("Title", "")))
    links: list[Any] = Nodes(scope, QUICK_LAUNCH).all()
    menu = "".join(
        f'<li><a href="{escape(str(each.entity.props.get("Url", "")))}">'
        f"{escape(str(each.entity.props.get('Title', '')))}</a></li>"
        for each in links
    )
    text = (
        f'<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>{site} - {escape(title)}</title></head>'
        f"<body><header><p>{site}</p><nav><ul>{menu}</ul></nav></header><main><h1>{escape(title)}</h1>{main}</main>"
        "</body></html>"
    )
    return Response(200, dict(_HEADERS), text.encode())


def challenge_page(request: Request, *, sign_in: str) -> Response | None:
    """What somebody without a token is told at the address of a page: browsers are sent to sign in, others refused.

    None where the address is an interface's, which says it in its own way.
    """
    low = request.path.lower()
    if request.method not in ("GET", "HEAD") or "authorization" in request.headers:
        return None
    if "/_api" in low or "/_vti_bin" in low:
        return None
    source = quote(request.path + (f"?{request.query}" if request.query else ""), safe="")
    base = request.path.partition("/_layouts/")[0].rstrip("/") if "/_layouts/" in low else ""
    if low.endswith("/authenticate.aspx"):
        return Response(302, {"location": sign_in_address(request, sign_in=sign_in)})
    if request.headers.get("user-agent", "").startswith("Mozilla/"):
        address = f"https://{request.host}{base}/_layouts/15/Authenticate.aspx?Source={source}"
        return Response(302, {"location": address})
    forms = f"https://{request.host}/_forms/default.aspx?ReturnUrl=/_layouts/15/error.aspx&Source={source}"
    message = "Access denied. Before opening files in this location, you must first browse to the web site and select "
    return Response(
        403,
        {
            "content-type": "text/plain; charset=utf-8",
            "x-forms_based_auth_required": forms,
            "x-forms_based_auth_return_url": f"https://{request.host}/_layouts/15/error.aspx",
            "x-msdavext_error": f"917656; {message}the option to login automatically.",
        },
        b"403 FORBIDDEN",
    )
