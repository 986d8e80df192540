"""Pages of a site: made and filled from sections, and published; an owner's page is left as it is.

A page that is there already is filled only when nothing was ever on it, as after a run that was stopped half-way, or
when it is asked to change: then the template owns it, or its owner never touched it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.errors import Conflict, Refused
from spmigrate.tenant.contents import Attributes, Kind, Part
from spmigrate.tenant.site import page_audiences, page_sections
from spmigrate.tenant.site.audiences import FOR
from spmigrate.tenant.site.copies import file_at
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_KINDS = frozenset({Kind.PAGE})
_COLUMNS = "Id,Title,FileLeafRef,FileDirRef,PromotedState,CanvasContent1,Created,Modified,OData__UIVersionString"
_BY_WHOM = "EditorId,CheckoutUserId"
_LIBRARY = "SitePages"


def _at_the_top(answers: Answers) -> Mapping[str, str]:
    """News is left out: owners write it, and there may be thousands. Content is asked for when it is compared."""
    keys = answers.keys(Kind.PAGE)
    content = keys is None or any(answers.says(Kind.PAGE, key, "content") for key in keys)
    columns = _COLUMNS if content else _COLUMNS.replace("CanvasContent1,", "")
    items = f"web/GetList('{answers.address}/{_LIBRARY}')/items"
    return {"": f"{items}?$select={columns}&$filter=PromotedState eq 0&$top=500"}


QUESTIONS = (
    Question("pages", Service.SITE, _at_the_top, kinds=_KINDS, optional=True),
    *page_audiences.QUESTIONS,
    Question("welcome page", Service.SITE, "web/RootFolder?$select=WelcomePage", kinds=_KINDS),
)
_CLIENT_SIDE_PAGE = 3
_HOME, _FIRST, _FURNISHING = "home.aspx", "1.0", 300.0
"""The page that every new site opens with, its version, and in how many seconds SharePoint has finished it."""
_NEW_PAGE: Mapping[str, object] = {
    "ContentTypeId": "0x0101009D1CB255DA76424F860D91F20E6C4118",
    "PageLayoutType": "Article",
    "ClientSideApplicationId": "b6917cb1-93a0-4b97-a84d-7cf49975d4ec",
    "PromotedState": 0,
    "BannerImageUrl": {"Description": "/_layouts/15/images/sitepagethumbnail.png",
                       "Url": "/_layouts/15/images/sitepagethumbnail.png"},
}  # fmt: skip
"""What makes a file a modern page. Source: how CLI for Microsoft 365 adds one."""


def parts(answers: Answers) -> Iterator[Part]:
    """The pages at the top of the library of pages, news left out."""
    if not answers.get("pages"):
        return
    folder = f"{answers.address}/{_LIBRARY}".casefold()
    home = str((answers.get("welcome page") or {}).get("WelcomePage") or "").casefold()
    for page in answers.values("pages"):
        file, title = str(page["FileLeafRef"]), str(page.get("Title") or "")
        if str(page["FileDirRef"]).casefold() == folder and file.casefold().endswith(".aspx"):
            yield Part(Kind.PAGE, file.casefold(), title or file, {
                "file": file, "title": title, "content": _digest(page, answers.address),
                "is home page": home == f"{_LIBRARY}/{file}".casefold(), **page_audiences.told(answers, file),
            })  # fmt: skip


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a page or change one: its title, its content, whether the site opens with it.

    Raises Refused when what is on it is no longer at hand, TenantError.
    """
    file = str(after.get("file") or key)
    page = _find(site, file)
    # Asked for as a whole, a page on which somebody put something is theirs.
    ours = "file" not in after or page is None or not _digest(page, site.address)
    content = _read_content(site, after["content"]) if ours and after.get("content") else None
    if page is None or page.get("PromotedState") is None:
        page = _make(site, file, page)
    retargeted = FOR in after and page_audiences.put(site, int(page["Id"]), after[FOR])
    changes: dict[str, str] = {}
    if ours and "title" in after and page.get("Title") != after["title"]:
        changes["Title"] = str(after["title"])
    if content is not None and after["content"] != _digest(page, site.address):
        changes["CanvasContent1"] = content
    if changes:
        _save(site, int(page["Id"]), changes)
    elif _is_ours_to_publish(site, page, after) if _is_draft(page) else retargeted:
        _publish(site, int(page["Id"]))
    if after.get("is home page"):
        site.rest("MERGE", "web/RootFolder", {"WelcomePage": f"{_LIBRARY}/{file}"})


def remove(site: "SiteWriter", key: str) -> None:
    """Send a page to the recycle bin. Raises Conflict for the page that the site opens with, TenantError."""
    home = str(site.rest("GET", "web/RootFolder?$select=WelcomePage")["WelcomePage"] or "")
    if home.casefold() == f"{_LIBRARY}/{key}".casefold():
        raise Conflict("the site opens with it", hint="let the site open with another page first: `home page`")
    if _find(site, key) is not None:
        site.rest("POST", f"{file_at(f'{site.address}/{_LIBRARY}/{key}')}/recycle()")


def _digest(page: Mapping[str, Any], address: str) -> str:
    """The digest of what somebody put on a page; empty for the home page as SharePoint made it."""
    if _is_untouched(page):
        return ""
    controls = page_sections.read_canvas(str(page.get("CanvasContent1") or ""))
    return page_sections.digest_of_canvas(controls, site=address)


def _is_untouched(page: Mapping[str, Any]) -> bool:
    """Whether a page is the home page that SharePoint gave the site, which nobody has edited since."""
    if str(page["FileLeafRef"]).casefold() != _HOME or page.get("OData__UIVersionString") != _FIRST:
        return False
    made, changed = (datetime.fromisoformat(str(page[name])) for name in ("Created", "Modified"))
    return (changed - made).total_seconds() < _FURNISHING


def _is_draft(page: Mapping[str, Any]) -> bool:
    return bool(page.get("CheckoutUserId")) or not str(page.get("OData__UIVersionString") or ".0").endswith(".0")


def _is_ours_to_publish(site: "SiteWriter", page: Mapping[str, Any], after: Attributes) -> bool:
    """Whether a draft is what a run left that was stopped before it published; that of an owner is theirs."""
    if after.get("content") == _digest(page, site.address):
        return True
    whose = page.get("CheckoutUserId") or page.get("EditorId")
    return bool(whose == site.rest("GET", "web/currentuser?$select=Id")["Id"])


def _find(site: "SiteWriter", file: str) -> dict[str, Any] | None:
    name = quote(file.replace("'", "''"))
    path = (
        f"web/GetList('{site.address}/{_LIBRARY}')/items?$select={_COLUMNS},{_BY_WHOM}&$filter=FileLeafRef eq '{name}'"
    )
    folder = f"{site.address}/{_LIBRARY}".casefold()
    found = site.rest("GET", path)["value"]
    return next((dict(each) for each in found if str(each["FileDirRef"]).casefold() == folder), None)


def _make(site: "SiteWriter", file: str, found: object) -> dict[str, Any]:
    """Make a file, unless it is found, and a page of it."""
    folder = f"{site.address}/{_LIBRARY}"
    if found is None:
        files = f"web/GetFolderByServerRelativePath(DecodedUrl='{quote(folder)}')/Files"
        page = f"urlOfFile='{quote(f'{folder}/{file}')}',templateFileType={_CLIENT_SIDE_PAGE}"
        site.rest("POST", f"{files}/AddTemplateFile({page})")
    item = f"web/GetFileByServerRelativePath(DecodedUrl='{quote(f'{folder}/{file}')}')/ListItemAllFields"
    site.rest("MERGE", item, _NEW_PAGE)
    return _find(site, file) or {}


def _read_content(site: "SiteWriter", wanted: object) -> str:
    """The canvas that a digest stands for, as text. Raises Refused when it is not among the writer's materials."""
    content = site.materials.get(str(wanted))
    if content is None:
        raise Refused("what is on the page changed since the plan was made", hint="plan again: spmigrate site plan")
    sections = page_sections.read_sections(content)
    lists = {path: _list_id(site, path) for path in page_sections.libraries(sections)}
    return json.dumps(page_sections.build_canvas(sections, site=site.address, lists=lists), ensure_ascii=False)


def _list_id(site: "SiteWriter", path: str) -> str:
    address = quote(f"{site.address}/{path}".replace("'", "''"))
    return str(site.rest("GET", f"web/GetList('{address}')?$select=Id")["Id"])


def _save(site: "SiteWriter", number: int, changes: Mapping[str, str]) -> None:
    page = f"sitepages/pages({number})"
    site.rest("POST", f"{page}/CheckoutPage", repeatable=True)
    site.rest("POST", f"{page}/SavePage", changes, repeatable=True)
    _publish(site, number)


def _publish(site: "SiteWriter", number: int) -> None:
    site.rest("POST", f"sitepages/pages({number})/Publish", repeatable=True)
