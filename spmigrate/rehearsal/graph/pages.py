"""Site pages in Graph: the modern pages of the Site Pages library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.graph.call import Call, collection, entity
from spmigrate.rehearsal.graph.drive_items import identity
from spmigrate.rehearsal.graph.expansion import read_expand
from spmigrate.rehearsal.graph.ids import site_id
from spmigrate.rehearsal.graph.list_items import need_item
from spmigrate.rehearsal.graph.site_listing import answer_all
from spmigrate.rehearsal.graph.site_routes import SiteRoute, bad_argument, not_found, site_route
from spmigrate.rehearsal.graph.site_types import PAGE, WEB_PART
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.files import File
from spmigrate.rehearsal.sharepoint.model import Call as Step
from spmigrate.rehearsal.sharepoint.page_content import ARTICLE_STATE, NEWS_STATE, PAGE_FILE, PAGE_TYPE, page_fields
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.versioning import MAJOR, checked_out

_LAYOUTS = {"article": "Article", "home": "Home", "microsoftreserved": "SingleWebPartAppPage"}
_PROMOTED = {"page": ARTICLE_STATE, "newspost": NEWS_STATE, "microsoftreserved": ARTICLE_STATE}
_TYPE = "#microsoft.graph.sitePage"
_WRITABLE = frozenset({
    "name", "title", "description", "pageLayout", "promotionKind", "showComments", "showRecommendedPages",
    "thumbnailWebUrl", "titleArea", "canvasLayout",
})  # fmt: skip
_CONTEXT = "sites('{site}')/pages"


def _library(scope: Scope) -> Entity:
    found = scope.store.find("list", scope.web.id, "SitePages")
    if found is None:
        raise not_found()
    return found


def _pages(scope: Scope) -> list[Item]:
    found = scope.content.items(_library(scope).id)
    return [each for each in found if each.file and each.name.lower().endswith(".aspx")]


def _page(call: Call, scope: Scope) -> Item:
    found = need_item(scope, _library(scope), call.parts["page"])
    if not found.file:
        raise not_found("Item not found")
    return found


def _show(scope: Scope, item: Item, *, expand: Mapping[str, Any] | None = None) -> dict[str, Any]:
    etag = f'"{{{item.guid.upper()}}},{item.etag}"'
    fields = item.fields
    layout = {name.lower(): key for key, name in _LAYOUTS.items()}.get(str(fields.get("PageLayoutType", "")).lower())
    address = f"{scope.content.list_path(item.list)}/{scope.content.path(item)}"
    level = "checkout" if checked_out(item) else "published" if item.version % MAJOR == 0 else "draft"
    shown: dict[str, Any] = {
        "@odata.type": _TYPE,
        "@odata.etag": etag,
        "createdDateTime": item.created,
        "description": fields.get("Description") or "",
        "eTag": etag,
        "id": item.guid,
        "lastModifiedDateTime": item.modified,
        "name": item.name,
        "webUrl": f"https://{scope.host}{quote(address)}",
        "title": fields.get("Title") or "",
        "pageLayout": layout or "article",
        "thumbnailWebUrl": fields.get("BannerImageUrl") or "",
        "promotionKind": "newsPost" if fields.get("PromotedState") == NEWS_STATE else "page",
        "showComments": bool(fields.get("_ShowComments", True)),
        "showRecommendedPages": bool(fields.get("_ShowRecommended", False)),
        "contentType": {"id": PAGE_TYPE, "name": "Site Page"},
        "createdBy": identity(scope.tenant, item.author),
        "lastModifiedBy": identity(scope.tenant, item.editor),
        "parentReference": {"siteId": site_id(scope.site, scope.web)},
        "publishingState": {"level": level, "versionId": item.version_label},
        "reactions": {},
    }
    if fields.get("_TitleArea"):
        shown["titleArea"] = fields["_TitleArea"]
    if expand and "canvaslayout" in expand:
        shown["canvasLayout"] = fields.get("_CanvasLayout") or {"horizontalSections": []}
    if expand and "webparts" in expand:
        shown["webParts"] = _web_parts(item)
    return shown


def _list(call: Call, scope: Scope) -> Response:
    expand = read_expand(call.query.get("$expand", ""))
    shown = [_show(scope, each, expand=expand) for each in _pages(scope)]
    return answer_all(call, shown, context=_CONTEXT.format(site=call.parts["site"]), of=PAGE)


def _get(call: Call, scope: Scope) -> Response:
    shown = _show(scope, _page(call, scope), expand=read_expand(call.query.get("$expand", "")))
    return entity(shown, context=_CONTEXT.format(site=call.parts["site"]), call=call, of=PAGE)


def _create(call: Call, scope: Scope) -> Response:
    body = call.body()
    if str(body.get("@odata.type", _TYPE)).lstrip("#").lower() != _TYPE[1:].lower():
        raise bad_argument()
    title = str(body.get("title") or "")
    name = str(body.get("name") or "").strip() or f"{title or 'Untitled'}.aspx"
    if not name.lower().endswith(".aspx"):
        raise bad_argument("The name of a page must end with .aspx.")
    library = _library(scope)
    root = scope.content.root(library.id)
    if root is None:
        raise not_found()
    fields = page_fields(title) | _read_body(body)
    blob = scope.content.blobs.put(PAGE_FILE)
    made = scope.content.add_file(root, name, blob, by=scope.claims.login, conflict=Conflict.FAIL, fields=fields)
    # A new page is checked out to whoever makes it, until it is checked in or published.
    page = File(scope, library, made)
    page.check_out(Step(Segment("CheckOut")))
    return entity(_show(scope, page.item), context=_CONTEXT.format(site=call.parts["site"]), status=201)


def _read_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a description of a page gives; a 400 for what pages do not have."""
    fields: dict[str, Any] = {}
    for name in body:
        if name not in _WRITABLE and "@" not in name and name.lower() not in PAGE.known:
            raise bad_argument(f"The property '{name}' does not exist on type 'microsoft.graph.sitePage'.")
    for key, name in (("title", "Title"), ("description", "Description"), ("thumbnailWebUrl", "BannerImageUrl"),
                      ("showComments", "_ShowComments"), ("showRecommendedPages", "_ShowRecommended"),
                      ("titleArea", "_TitleArea")):  # fmt: skip
        if body.get(key) is not None:
            fields[name] = body[key]
    for key, name, words in (("pageLayout", "PageLayoutType", _LAYOUTS), ("promotionKind", "PromotedState", _PROMOTED)):
        if body.get(key) is not None:
            if str(body[key]).lower() not in words:
                raise bad_argument()
            fields[name] = dict(words)[str(body[key]).lower()]
    layout = body.get("canvasLayout")
    if isinstance(layout, Mapping):
        fields |= {"_CanvasLayout": _with_ids(layout), "CanvasContent1": _write_canvas(layout)}
    return fields


def _change(call: Call, scope: Scope) -> Response:
    item, body = _page(call, scope), call.body()
    fields = _read_body(body)
    if body.get("name") and body["name"] != item.name:
        item = scope.content.move(item, by=scope.claims.login, name=str(body["name"]))
    if fields:
        item = scope.content.write(item, by=scope.claims.login, fields=fields)
    return entity(_show(scope, item), context=_CONTEXT.format(site=call.parts["site"]))


def _delete(call: Call, scope: Scope) -> Response:
    item = _page(call, scope)
    File(scope, _library(scope), item).recycle(Step(Segment("Recycle")))
    return Response(204)


def _publish(call: Call, scope: Scope) -> Response:
    item = _page(call, scope)
    file = File(scope, _library(scope), item)
    if checked_out(item):
        file.check_in(Step(Segment("CheckIn"), body={"comment": "", "checkInType": 1}))
    elif item.version % MAJOR:
        file.publish(Step(Segment("Publish"), body={"comment": ""}))
    return Response(204)


def _canvas(call: Call, scope: Scope) -> Response:
    shown = _page(call, scope).fields.get("_CanvasLayout") or {"horizontalSections": []}
    return entity(shown, context=f"{_CONTEXT.format(site=call.parts['site'])}/canvasLayout")


def _list_parts(call: Call, scope: Scope) -> Response:
    return collection(_web_parts(_page(call, scope)), context="Collection(webPart)", call=call, of=WEB_PART)


def _get_part(call: Call, scope: Scope) -> Response:
    for each in _web_parts(_page(call, scope)):
        if each["id"] == call.parts["part"].lower():
            return entity(each, context="microsoft.graph.webPart", call=call, of=WEB_PART)
    raise not_found("Item not found")


def _web_parts(item: Item) -> list[dict[str, Any]]:
    layout = item.fields.get("_CanvasLayout") or {}
    sections = [*layout.get("horizontalSections", []), *filter(None, [layout.get("verticalSection")])]
    columns = [column for section in sections for column in section.get("columns", [section])]
    return [part for column in columns for part in column.get("webparts") or column.get("webParts") or []]


def _with_ids(layout: Mapping[str, Any]) -> dict[str, Any]:
    """A layout whose sections, columns and web parts each have an id."""
    count = iter(range(1, 10_000))

    def mark(value: Any) -> Any:
        if isinstance(value, list):
            return [mark(each) for each in value]
        if not isinstance(value, Mapping):
            return value
        return {key: mark(each) if key in _NESTED else each for key, each in value.items()} | (
            {} if "id" in value or not _NESTED.intersection(value) else {"id": str(next(count))}
        )

    marked = mark(layout)
    return {key: value for key, value in marked.items() if key != "id"}


_NESTED = frozenset({"horizontalSections", "verticalSection", "columns", "webparts", "webParts"})


def _write_canvas(layout: Mapping[str, Any]) -> str:
    """The canvas as SharePoint keeps it: a control for each web part, text parts with their HTML."""
    controls = []
    for zone, section in enumerate(layout.get("horizontalSections") or [], 1):
        for place, column in enumerate(section.get("columns") or [], 1):
            for order, part in enumerate(column.get("webparts") or column.get("webParts") or [], 1):
                position = {"zoneIndex": zone, "sectionIndex": place, "controlIndex": order,
                            "sectionFactor": column.get("width", 12)}  # fmt: skip
                text = part.get("innerHtml")
                data = escape(json.dumps({"controlType": 3 if text is None else 4, "position": position}))
                inner = f'<div data-sp-rte="">{unescape(text)}</div>' if text is not None else ""
                controls.append(f'<div data-sp-canvascontrol="" data-sp-controldata="{data}">{inner}</div>')
    return f"<div>{''.join(controls)}</div>"


_CAST = "{cast:(?:/(?:microsoft\\.)?graph\\.sitePage)?}"
_ONE = f"pages/{{page}}{_CAST}"
ROUTES: tuple[SiteRoute, ...] = (
    site_route(f"GET pages{_CAST}", Level.READ, _list),
    site_route("POST pages", Level.WRITE, _create),
    site_route(f"GET {_ONE}", Level.READ, _get),
    site_route(f"PATCH {_ONE}", Level.WRITE, _change),
    site_route(f"DELETE {_ONE}", Level.WRITE, _delete),
    site_route(f"POST {_ONE}/publish", Level.WRITE, _publish),
    site_route(f"GET {_ONE}/canvasLayout", Level.READ, _canvas),
    site_route(f"GET {_ONE}/webParts", Level.READ, _list_parts),
    site_route(f"GET {_ONE}/webParts/{{part}}", Level.READ, _get_part),
    site_route(f"GET {_ONE}/getWebPartsByPosition{{arguments:(?:\\([^/]*\\))?}}", Level.READ, _list_parts),
)
