"""What search finds: sites, lists, files and items as they are now, trimmed to what the caller may see.

Nothing is kept beside the state: a search walks it, few rows at a time, so that an answer is never older than the last
change and no memory grows with the content.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.items import Item
from spmigrate.rehearsal.permission_levels import Right
from spmigrate.rehearsal.rights import Securable, may
from spmigrate.rehearsal.search_kql import (
    Beyond,
    Node,
    Restriction,
    Word,
    holds,
    required_values,
    required_words,
    restrictions,
)
from spmigrate.rehearsal.site_grants import claims_at
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

_STEP = 500
_TEXTUAL = ("txt", "md", "csv", "htm", "html", "aspx", "json", "xml", "log")
_LARGEST_TEXT = 65_536
_LIBRARIES = {101: "DocumentLibrary", 109: "PictureLibrary", 119: "WebPageLibrary", 851: "AssetLibrary"}
_LISTS = {100: "GenericList", 103: "Links", 104: "Announcements", 105: "Contacts", 106: "Events", 107: "Tasks",
          171: "Tasks", 1100: "IssueTracking"}  # fmt: skip
# The managed properties that a query may name and an answer may hold.
PROPERTIES = (
    "Title", "Path", "Author", "AuthorOWSUSER", "EditorOWSUSER", "contentclass", "FileType", "FileExtension",
    "Filename", "IsDocument", "IsContainer", "IsListItem", "SiteId", "WebId", "ListId", "ListItemID", "UniqueId",
    "Created", "LastModifiedTime", "Write", "Size", "ContentType", "ContentTypeId", "Description", "SPSiteUrl",
    "SPWebUrl", "SiteName", "SiteTitle", "ParentLink", "OriginalPath", "WebTemplate", "SecondaryFileExtension",
    "HitHighlightedSummary", "DocId", "WorkId", "Rank", "NormSiteID", "NormWebID", "NormListID", "NormUniqueID",
    "IdentitySiteCollectionId", "IdentityWebId", "IdentityListId", "IdentityListItemId", "ServerRedirectedURL",
    "DisplayAuthor", "ModifiedBy", "CreatedBy", "ViewsLifeTime", "ViewsRecent", "SiteLogo", "SiteDescription",
    "IndexDocId",
)  # fmt: skip
_KNOWN = {each.lower(): each for each in PROPERTIES}
_NUMBERS = frozenset({"size", "listitemid", "rank", "docid", "indexdocid", "workid", "viewslifetime", "viewsrecent"})
_DATES = frozenset({"created", "lastmodifiedtime"})
# Sites, webs and lists are numbered after all files and items.
_PLACES = 1 << 40
_FLAGS = frozenset({"isdocument", "iscontainer", "islistitem"})
_PATHS = frozenset({"path", "spsiteurl", "spweburl", "parentlink"})


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: `kind` is site, web, list, file, folder or item; `values` are its managed properties."""

    kind: str
    site: Entity
    web: Entity
    listing: Entity | None = None
    item: Item | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, and how many there are of all."""

    hits: tuple[Hit, ...]
    total: int


def search(
    tenant: Tenant,
    claims: Claims,
    query: Node,
    *,
    start: int = 0,
    rows: int = 10,
    kinds: frozenset[str] = frozenset(),
    order: tuple[tuple[str, bool], ...] = (),
) -> Found:
    """The hits of a query from a place on, in order of properties (name, descending) or as they stand."""
    for each in restrictions(query):
        if each.name not in _KNOWN:
            raise Beyond(each.name)
    for name, _ in order:
        if name.lower() not in _KNOWN:
            raise Beyond(name)
    total = 0

    def count(hits: Iterator[Hit]) -> Iterator[Hit]:
        nonlocal total
        for hit in hits:
            total += 1
            yield hit

    every = count(_matching(tenant, claims, query, kinds))
    if order:
        best = heapq.nsmallest(start + rows, every, key=partial(_place, order))
        return Found(tuple(best[start:]), total)
    page = [hit for position, hit in enumerate(every) if start <= position < start + rows]
    return Found(tuple(page), total)


def _matching(tenant: Tenant, claims: Claims, query: Node, kinds: frozenset[str]) -> Iterator[Hit]:
    for hit in _candidates(tenant, claims, query, kinds):
        if kinds and hit.kind not in kinds:
            continue
        if holds(query, partial(_text_of, tenant, hit), partial(_compare, hit)) and _visible(tenant, claims, hit):
            yield hit


def _candidates(tenant: Tenant, claims: Claims, query: Node, kinds: frozenset[str]) -> Iterator[Hit]:
    after, places = 0, [each.rstrip("/").lower() for each in required_values(query, "path")]
    while True:
        sites = tenant.store.every("site", after=after, limit=_STEP)
        for site in sites:
            if not claims_at(tenant.store, claims, site).permits("Sites.Read.All", "Files.Read.All"):
                continue
            address = f"https://{site.name}".lower()
            if not all(address.startswith(each) or each.startswith(address) for each in places):
                continue
            for web in tenant.store.children(site.id, "web"):
                yield from _in_web(tenant, site, web, query, kinds)
        if len(sites) < _STEP:
            return
        after = sites[-1].id


def _in_web(tenant: Tenant, site: Entity, web: Entity, query: Node, kinds: frozenset[str]) -> Iterator[Hit]:
    yield _site_hit(site, web)
    for listing in tenant.store.children(web.id, "list"):
        if listing.props.get("Hidden") or listing.props.get("NoCrawl"):
            continue
        yield _list_hit(site, web, listing)
        if kinds and not kinds & {"file", "folder", "item"}:
            continue
        for item in _items(tenant, listing, query):
            yield _item_hit(tenant, Hit("item", site, web, listing, item))


def _items(tenant: Tenant, listing: Entity, query: Node) -> Iterator[Item]:
    """The items of a list that may match, by the words that every match must have."""
    clause, arguments = "list = ? AND bin = 0 AND list_item > ?", []
    for word in required_words(query):
        textual = " OR ".join(f"key LIKE '%.{each}'" for each in _TEXTUAL)
        like = f"%{word.replace('%', '').replace('_', '')}%" if word.isascii() and word.isalnum() else "%"
        clause += f" AND (key LIKE ? OR fields LIKE ? OR {textual})"
        arguments += [like, like]
    after = 0
    while True:
        rows = tenant.content.many(f"{clause} ORDER BY list_item LIMIT {_STEP}", listing.id, after, *arguments)
        yield from rows
        if len(rows) < _STEP:
            return
        after = rows[-1].list_item


def _site_hit(site: Entity, web: Entity) -> Hit:
    top = web.name.strip("/").lower() == site.name.partition("/")[2].lower()
    address = _web_url(site, web)
    values = {
        "Title": web.props.get("Title", ""), "Path": address, "OriginalPath": address,
        "contentclass": "STS_Site" if top else "STS_Web", "Description": web.props.get("Description") or "",
        "Created": web.created, "LastModifiedTime": web.modified, "Write": web.modified, "IsDocument": False,
        "IsContainer": True, "WebTemplate": str(site.props.get("Template", "STS#3")).partition("#")[0],
        "SiteDescription": web.props.get("Description") or "", "Author": "", **_place_values(site, web),
        **_numbers(_PLACES + web.id),
    }  # fmt: skip
    return Hit("site" if top else "web", site, web, values=values)


def _numbers(number: int) -> dict[str, Any]:
    return {"DocId": number, "IndexDocId": number, "WorkId": number}


def _place_values(site: Entity, web: Entity) -> dict[str, Any]:
    return {
        "SiteId": site.guid, "WebId": web.guid, "SPSiteUrl": f"https://{site.name}", "SPWebUrl": _web_url(site, web),
        "SiteName": _web_url(site, web), "SiteTitle": web.props.get("Title", ""), "NormSiteID": site.guid,
        "NormWebID": web.guid, "IdentitySiteCollectionId": site.guid, "IdentityWebId": web.guid,
    }  # fmt: skip


def _web_url(site: Entity, web: Entity) -> str:
    return f"https://{site.name.partition('/')[0]}{web.name.rstrip('/')}"


def _list_hit(site: Entity, web: Entity, listing: Entity) -> Hit:
    address = f"{_web_url(site, web)}/{listing.name}"
    name = _class_name(listing)
    values = {
        "Title": listing.props.get("Title", ""), "Path": f"{address}/Forms/AllItems.aspx" if _library(listing)
        else f"{address}/AllItems.aspx", "contentclass": f"STS_List_{name}", "Created": listing.created,
        "LastModifiedTime": listing.modified, "Write": listing.modified, "IsDocument": False, "IsContainer": True,
        "Description": listing.props.get("Description") or "", "ListId": listing.guid, "NormListID": listing.guid,
        "IdentityListId": listing.guid, "Author": "", "ParentLink": _web_url(site, web), **_place_values(site, web),
        **_numbers(_PLACES + listing.id),
    }  # fmt: skip
    return Hit("list", site, web, listing, values={**values, "OriginalPath": values["Path"]})


def _library(listing: Entity) -> bool:
    return bool(listing.props.get("BaseType") == 1)


def _class_name(listing: Entity) -> str:
    number = int(listing.props.get("BaseTemplate", 100))
    return _LIBRARIES.get(number, "DocumentLibrary") if _library(listing) else _LISTS.get(number, str(number))


def _item_hit(tenant: Tenant, hit: Hit) -> Hit:
    item, listing = hit.item, hit.listing
    assert item is not None and listing is not None
    folder = f"https://{hit.site.name.partition('/')[0]}{tenant.content.list_path(listing.id)}"
    below = tenant.content.path(item)
    suffix = item.name.rpartition(".")[2].lower() if item.file and "." in item.name else ""
    form = f"{folder}/DispForm.aspx?ID={item.list_item}"
    path = f"{folder}/{below}" if _library(listing) else form
    author, editor = _person(tenant, item.author), _person(tenant, item.editor)
    title = str(item.fields.get("Title") or "") or (item.name.rpartition(".")[0] if suffix else item.name)
    values = {
        "Title": title, "Path": path, "OriginalPath": path, "Filename": item.name if _library(listing) else "",
        "contentclass": f"STS_ListItem_{_class_name(listing)}", "FileType": suffix, "FileExtension": suffix,
        "SecondaryFileExtension": suffix, "IsDocument": item.file and suffix != "aspx", "IsContainer": item.folder,
        "IsListItem": not item.file, "Author": author, "DisplayAuthor": author, "CreatedBy": author,
        "ModifiedBy": editor, "AuthorOWSUSER": author, "EditorOWSUSER": editor, "Created": item.created,
        "LastModifiedTime": item.modified, "Write": item.modified, "Size": item.size, "ListId": listing.guid,
        "NormListID": listing.guid, "IdentityListId": listing.guid, "ListItemID": item.list_item,
        "IdentityListItemId": item.guid, "UniqueId": f"{{{item.guid}}}", "NormUniqueID": item.guid,
        "ContentTypeId": str(item.fields.get("ContentTypeId") or ""), "Description": "", **_numbers(item.id),
        "ParentLink": f"{folder}/{below}".rpartition("/")[0], **_place_values(hit.site, hit.web),
    }  # fmt: skip
    kind = "file" if item.file else "folder" if item.folder else "item"
    return Hit(kind, hit.site, hit.web, listing, item, values)


def _person(tenant: Tenant, login: str) -> str:
    found = tenant.directory.user(login.rsplit("|", 1)[-1])
    return str(found.props.get("displayName", "")) if found else "SharePoint App"


def _text_of(tenant: Tenant, hit: Hit) -> str:
    """All the words of something, in lower case: title, name, description, columns, and the text of a small file."""
    words = [str(hit.values.get(name) or "") for name in ("Title", "Filename", "Description", "Author")]
    if hit.item is None:
        words.append(hit.web.name if hit.listing is None else hit.listing.name)
        return " ".join(words).lower()
    for name, value in hit.item.fields.items():
        if not name.startswith("_"):
            words += [str(each) for each in (value if isinstance(value, list) else [value])]
    if hit.values.get("FileType") in _TEXTUAL and 0 < hit.item.size <= _LARGEST_TEXT:
        words.append(tenant.content.blobs.read(hit.item.blob).decode(errors="replace"))
    return " ".join(words).lower()


def _compare(hit: Hit, wanted: Restriction) -> bool:
    name = wanted.name
    value = _value(hit, name)
    if name in _FLAGS:
        same = bool(value) == (wanted.value.lower() in ("1", "true", "yes"))
        return same != (wanted.operator == "<>")
    if name in _NUMBERS and wanted.value.lstrip("-").isdecimal():
        return _ordered(wanted.operator, int(value or 0), int(wanted.value))
    if name in _DATES:
        return _ordered(wanted.operator, str(value or "")[: len(wanted.value)], wanted.value.upper())
    text, asked = str(value or "").lower(), quote(wanted.value, safe=":/ ").replace("%20", " ").lower()
    if name in _PATHS:
        asked = asked.rstrip("/")
        inside = text == asked or text.startswith((f"{asked}/", f"{asked}?"))
        found = text.startswith(asked) if wanted.prefix else inside
        return found != (wanted.operator == "<>")
    asked = wanted.value.lower().strip("{}")
    text = text.strip("{}")
    if wanted.operator in ("<>", "="):
        return (text == asked) == (wanted.operator == "=")
    if wanted.operator != ":":
        return _ordered(wanted.operator, text, asked)
    if name in ("filetype", "contentclass", "siteid", "webid", "listid", "uniqueid", "webtemplate"):
        return text.startswith(asked) if wanted.prefix else text == asked
    return _contains(text, asked, prefix=wanted.prefix)


def _contains(text: str, asked: str, *, prefix: bool) -> bool:
    return holds(Word(asked, prefix), lambda: text, lambda _: False)


def _value(hit: Hit, name: str) -> Any:
    return hit.values.get(_KNOWN.get(name, name))


def _ordered(operator: str, left: Any, right: Any) -> bool:
    results: dict[str, Callable[[], bool]] = {
        ":": lambda: left == right, "=": lambda: left == right, "<>": lambda: left != right,
        ">": lambda: left > right, ">=": lambda: left >= right, "<": lambda: left < right, "<=": lambda: left <= right,
    }  # fmt: skip
    return bool(results[operator]())


def _visible(tenant: Tenant, claims: Claims, hit: Hit) -> bool:
    if claims.app_only:
        return True
    item = hit.item if hit.item is not None and hit.item.parent else None
    right = Right.VIEW_ITEMS if hit.listing is not None else Right.OPEN
    place = Securable(hit.site, hit.web, hit.listing, item)
    return may(tenant, claims_at(tenant.store, claims, hit.site), place, right)


class _Reversed:
    """A value that sorts the other way round."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Reversed) -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and bool(other.value == self.value)

    def __hash__(self) -> int:
        return hash(self.value)


def _place(order: tuple[tuple[str, bool], ...], hit: Hit) -> tuple[Any, ...]:
    keys: list[Any] = []
    for name, descending in order:
        value = _value(hit, name.lower())
        key = (float(value or 0), "") if name.lower() in _NUMBERS else (0.0, str(value or "").lower())
        keys.append(_Reversed(key) if descending else key)
    return tuple(keys)
