"""Modern pages: ``_api/sitepages/pages``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.naming import name_problem
from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found, item_missing
from spmigrate.rehearsal.odata.paths import Segment
from spmigrate.rehearsal.sharepoint import files, folder_tree, items
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.app_pages import AppPages
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, computed, function, link
from spmigrate.rehearsal.sharepoint.page_content import (
    ARTICLE,
    ARTICLE_STATE,
    NEWS_STATE,
    PAGE_FILE,
    PAGE_TYPE,
    canvas_fields,
    canvas_of,
    page_fields,
)
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, GUID, INT, PATH, TEXT, TEXTS, group, table, whole
from spmigrate.rehearsal.sharepoint.regional import language_tag
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.versioning import MAJOR

_DRAFT, _PUBLISHED = 0, 1
_FUTURE_NEWS = 1
# A page that was made without a name has one that means nothing until its title is first kept.
_UNNAMED = "_Unnamed"
# Properties of a page that a save may hold, and the fields of the list item that keep them.
_SAVED = {
    "Title": "Title", "BannerImageUrl": "BannerImageUrl", "Description": "Description",
    "TopicHeader": "_TopicHeader", "LayoutWebpartsContent": "LayoutWebpartsContent",
    "AuthorByline": "_AuthorByline", "PublishStartDate": "_PublishStartDate", "Categories": "_Categories",
    "CallToAction": "_CallToAction", "BannerThumbnailUrl": "_BannerThumbnailUrl",
}  # fmt: skip
_LAYOUTS = frozenset({
    "Article", "Home", "SingleWebPartAppPage", "RepostPage", "HeaderlessSearchResults", "Spaces", "Topic", "Signal",
    "Newsletter", "Lightweight",
})  # fmt: skip


class SitePage(Resource):
    """A modern page."""

    type = "SP.Publishing.SitePage"
    feed = "SitePages"
    write_level = Level.WRITE
    declared = table(
        group(TEXT, "", "AbsoluteUrl BannerImageUrl BannerThumbnailUrl CallToAction Categories ContentTypeId "
              "Description FileName PageLayoutType Title TopicHeader Url Version CanvasContent1 LayoutWebpartsContent"),
        group(TEXT, None, "AlternativeUrlMap Language"),
        group(TEXTS, [], "AuthorByline"),
        group(BOOLEAN, True, "DoesUserHaveEditPermission"),
        group(BOOLEAN, False, "IsPageCheckedOutToCurrentUser IsWebWelcomePage IsLikedByCurrentUser IsTemplate"),
        group(BOOLEAN, False, "SocialBarOnSitePagesDisabled", on_select=True),
        group(INT, 0, "Id PromotedState"),
        group(INT, 0, "CommentCount LikeCount", on_select=True),
        group(DATE, None, "FirstPublished Modified"),
        group(DATE, None, "Created PublishStartDate", on_select=True),
        group(GUID, None, "UniqueId"),
        group(GUID, None, "ListId", on_select=True),
        group(PATH, None, "Path"),
        group("SP.Publishing.SitePageVersionInfo", None, "VersionInfo"),
    )  # fmt: skip

    def __init__(self, scope: Scope, owner: Entity, item: Item) -> None:
        super().__init__(scope)
        self.owner = owner
        self.item = item

    @property
    def path(self) -> str:
        return f"sitepages/pages({self.item.list_item})"

    def stored(self) -> Mapping[str, Any]:
        item, fields = self.item, self.item.fields
        below = f"{self.owner.name}/{self.scope.content.path(item)}"
        return {
            "AbsoluteUrl": f"{self.scope.web_url}/{below}", "Url": below, "Path": {"DecodedUrl": below},
            "BannerImageUrl": fields.get("BannerImageUrl") or "", "Description": fields.get("Description") or "",
            "BannerThumbnailUrl": fields.get("_BannerThumbnailUrl") or "",
            "ContentTypeId": fields.get("ContentTypeId") or PAGE_TYPE, "FileName": item.name, "Id": item.list_item,
            "PageLayoutType": fields.get("PageLayoutType") or ARTICLE, "Title": fields.get("Title") or "",
            "PromotedState": int(fields.get("PromotedState") or 0), "TopicHeader": fields.get("_TopicHeader"),
            "AuthorByline": fields.get("_AuthorByline") or [], "Version": item.version_label,
            "CanvasContent1": canvas_of(fields), "Modified": item.modified, "Created": item.created,
            "LayoutWebpartsContent": fields.get("LayoutWebpartsContent") or "[]", "UniqueId": item.guid,
            "FirstPublished": fields.get("FirstPublishedDate") or "0001-01-01T08:00:00Z", "ListId": self.owner.guid,
            "IsPageCheckedOutToCurrentUser": fields.get("CheckoutUser") == self.scope.claims.login,
            "IsTemplate": below.lower().startswith(f"{self.owner.name.lower()}/templates/"),
            "PublishStartDate": fields.get("_PublishStartDate"), "Categories": fields.get("_Categories") or "",
            "CallToAction": fields.get("_CallToAction") or "", "Language": language_tag(self.scope),
        }  # fmt: skip

    @computed("IsWebWelcomePage")
    def _welcome(self) -> bool:
        welcome = str(self.scope.web.props.get("WelcomePage") or "SitePages/Home.aspx")
        return welcome.lower() == str(self.stored()["Url"]).lower()

    @computed("VersionInfo")
    def _version_info(self) -> dict[str, Any]:
        """The last version that everybody could see, which has no author while there is none."""
        majors = [each for each in self.scope.content.versions(self.item) if each.number % MAJOR == 0]
        current = self.item.version % MAJOR == 0
        by = self.item.editor if current else (majors[0].editor if majors else "")
        at = self.item.modified if current else (majors[0].modified if majors else "0001-01-01T00:00:00Z")
        return {"LastVersionCreated": at, "LastVersionCreatedBy": by}

    @link("ListItemAllFields")
    def list_item(self) -> items.ListItem:
        """The page as a list item."""
        return items.ListItem(self.scope, self.owner, self.item)

    @property
    def file(self) -> files.File:
        """The page as a file."""
        return files.File(self.scope, self.owner, self.item)

    @action("CheckoutPage")
    def check_out(self, call: Call) -> SitePage:
        """Take the page for oneself; whoever has it already keeps it."""
        if self.item.fields.get("CheckoutUser") != self.scope.claims.login:
            file = self.file
            file.check_out(call)
            self.item = file.item
        return self

    @action("SavePage")
    def save_page(self, call: Call) -> None:
        """Keep content and title."""
        self._keep(_given(call))

    @action("SavePageAsDraft")
    @action("SaveDraft")
    def save_draft(self, call: Call) -> bool:
        """Keep content and title as a draft, and give the page back."""
        self._keep(_given(call))
        self._check_in(major=False)
        return True

    @action("Publish")
    def publish(self, _call: Call) -> bool:
        """Let everybody see the page as it is now."""
        if self.item.fields.get("CheckoutUser"):
            self._check_in(major=True)
        elif self.item.version % MAJOR:
            file = self.file
            file.publish(_call_of("Publish"))
            self.item = file.item
        news = int(self.item.fields.get("PromotedState") or 0) == _FUTURE_NEWS
        first = {} if self.item.fields.get("FirstPublishedDate") else {"FirstPublishedDate": self.scope.now}
        self._write({**({"PromotedState": NEWS_STATE} if news else {}), **first})
        return True

    @action("DiscardPage")
    def discard(self, call: Call) -> SitePage:
        """Forget what was done since the page was taken."""
        if self.item.fields.get("CheckoutUser"):
            file = self.file
            file.undo_check_out(call)
            self.item = file.item
        return self

    @action("SchedulePublish")
    def schedule(self, call: Call) -> str:
        """Say when the page is to be published; answers its version."""
        moment = str(_given(call).get("PublishStartDate") or "")
        try:
            read_time(moment)
        except ValueError:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: sitePage") from None
        self._write({"_PublishStartDate": moment})
        return self.item.version_label

    @action("PromoteToNews")
    def promote(self, _call: Call) -> bool:
        """Make the page news: at once when it is published, else when it will be."""
        published = self.item.version % MAJOR == 0
        self._write({"PromotedState": NEWS_STATE if published else _FUTURE_NEWS})
        return True

    @action("DemoteFromNews")
    def demote(self, _call: Call) -> bool:
        """Make news an ordinary page."""
        self._write({"PromotedState": ARTICLE_STATE})
        return True

    @action("CreateNewsCopy")
    def news_copy(self, _call: Call) -> SitePage:
        """A draft of news with the same content."""
        return self._copy({"PromotedState": _FUTURE_NEWS})

    @action("Copy")
    def copy(self, _call: Call) -> SitePage:
        """A draft with the same content."""
        return self._copy({})

    @action("SavePageAsTemplate")
    def save_as_template(self, _call: Call) -> SitePage:
        """A draft with the same content in the folder of templates."""
        return self._copy({"Title": self.item.fields.get("Title")}, templates=True)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete the page for good."""
        self.delete()

    def delete(self) -> None:
        self.scope.content.purge(self.item)

    def save(self, patch: Mapping[str, Any]) -> None:
        self._keep(patch)

    def merge(self, patch: Mapping[str, Any]) -> None:
        self._keep(patch)

    def _keep(self, given: Mapping[str, Any]) -> None:
        fields: dict[str, Any] = {_SAVED[name]: value for name, value in given.items() if name in _SAVED}
        if given.get("CanvasContent1") is not None:
            fields |= canvas_fields(str(given["CanvasContent1"]))
        title = str(given.get("Title") or "").strip()
        if title and self.item.fields.get(_UNNAMED):
            name = free_name(self.scope, self.item, title)
            self.item = self.scope.content.move(self.item, by=self.scope.claims.login, name=name)
            fields[_UNNAMED] = None
        self._write(fields)

    def _write(self, fields: Mapping[str, Any]) -> None:
        by = self.scope.claims.login
        self.item = self.scope.content.write(self.item, by=by, fields=fields, keep_version=True)

    def _check_in(self, *, major: bool) -> None:
        file = self.file
        if not self.item.fields.get("CheckoutUser"):
            file.check_out(_call_of("CheckOut"))
        file.check_in(_call_of("CheckIn", "", int(major)))
        self.item = file.item

    def _copy(self, changes: Mapping[str, Any], *, templates: bool = False) -> SitePage:
        content, by = self.scope.content, self.scope.claims.login
        root = content.root(self.owner.id)
        assert root is not None
        folder = root
        if templates:
            folder = content.child(root, "Templates") or content.add_folder(root, "Templates", by=by)
        kept = {name: value for name, value in self.item.fields.items() if name not in _PASSING}
        name = _number(self.scope, folder, self.item.name)
        made = content.add_file(folder, name, content.blobs.put(PAGE_FILE), by=by, fields={**kept, **changes})
        return SitePage(self.scope, self.owner, made)


_PASSING = frozenset({"CheckoutUser", "_Taken", "_CheckInComment", "FirstPublishedDate", "_Lock"})


class SitePages(AppPages):
    """The modern pages of a web."""

    feed = "SitePages"
    element = SitePage
    write_level = Level.WRITE

    @property
    def owner(self) -> Entity:
        """The library of pages; refuses when the web has none."""
        row = self.scope.store.find("list", self.scope.web.id, "SitePages")
        if row is None:
            raise file_not_found()
        return row

    def all(self) -> list[SitePage]:
        owner = self.owner
        return [
            SitePage(self.scope, owner, each)
            for each in self.scope.content.items(owner.id)
            if each.file and each.name.lower().endswith(".aspx")
        ]

    def by_key(self, key: object) -> SitePage:
        item = self.scope.content.by_number(self.owner.id, int(str(key))) if str(key).isdecimal() else None
        if item is None or not item.file:
            raise item_missing()
        return SitePage(self.scope, self.owner, item)

    @function("GetById")
    def get_by_id(self, call: Call) -> SitePage:
        """A page by number."""
        return self.by_key(call.number("id", 0))

    @function("GetByUrl")
    def get_by_url(self, call: Call) -> SitePage:
        """A page by its address, also one below the web's."""
        found = self._find(call.text("url", 0))
        if found is None:
            raise file_not_found()
        return found

    def _find(self, url: str) -> SitePage | None:
        found = folder_tree.find_item(self.scope, url)
        if found is None or found[0].id != self.owner.id or not found[1].file:
            return None
        return SitePage(self.scope, self.owner, found[1])

    @function("GetByUniqueId")
    def get_by_unique_id(self, call: Call) -> SitePage:
        """A page by its unique id."""
        item = self.scope.content.by_guid(str(call.value("uniqueId", 0)))
        if item is None or item.list != self.owner.id:
            raise file_not_found()
        return SitePage(self.scope, self.owner, item)

    @function("IsSitePage")
    def is_site_page(self, call: Call) -> bool:
        """Whether there is a modern page at an address."""
        return self._find(call.text("url", 0)) is not None

    @function("GetPageColumnState")
    def column_state(self, _call: Call) -> int:
        """Whether the library has the columns of pages: 1, yes."""
        return 1

    @function("Templates")
    def templates(self, _call: Call) -> SitePageTemplates:
        """The pages in the folder of templates."""
        return SitePageTemplates(self.scope)

    def create(self, call: Call) -> SitePage:
        """A new page, taken by its maker; without a name it gets one from its title when that is kept."""
        given = dict(call.body)
        layout = str(given.get("PageLayoutType") or ARTICLE)
        if layout not in _LAYOUTS:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: PageLayoutType")
        content, by = self.scope.content, self.scope.claims.login
        root = content.root(self.owner.id)
        assert root is not None
        name = str(given.get("Name") or given.get("FileName") or "")
        title = str(given.get("Title") or "")
        named = name or (_as_name(title) if title else "")
        fields = page_fields(title, layout=layout, promoted=whole(given.get("PromotedState"), "PromotedState"))
        if not named:
            fields[_UNNAMED] = True
            named = f"{content.last_change + 1:08x}.aspx"
        if not named.lower().endswith(".aspx"):
            named += ".aspx"
        made = content.add_file(
            root, _number(self.scope, root, named), content.blobs.put(PAGE_FILE), by=by, fields=fields
        )
        page = SitePage(self.scope, self.owner, made)
        page.check_out(_call_of("CheckOut"))
        page._keep({key: value for key, value in given.items() if key in _SAVED or key == "CanvasContent1"})
        return page


class SitePageTemplates(SitePages):
    """The pages in the folder of templates."""

    def all(self) -> list[SitePage]:
        return [each for each in super().all() if each.stored()["IsTemplate"]]


def free_name(scope: Scope, item: Item, title: str) -> str:
    """The file name that a page with a title gets in its folder."""
    folder = scope.content.folder(item.parent)
    assert folder is not None
    return _number(scope, folder, _as_name(title), own=item.id)


def _as_name(title: str) -> str:
    stem = re.sub(r"[\"*:<>?/\\|#%&{}~\s]+", "-", title.removesuffix(".aspx")).strip("-.") or "Page"
    name = f"{stem}.aspx"
    return name if name_problem(name) is None else "Page.aspx"


def _number(scope: Scope, folder: Item, name: str, *, own: int = 0) -> str:
    stem, number, free = name.removesuffix(".aspx"), 0, name
    while (taken := scope.content.child(folder, free)) is not None and taken.id != own:
        number += 1
        free = f"{stem}({number}).aspx"
    return free


def _given(call: Call) -> dict[str, Any]:
    names = {name.lower() for name in call.body}
    for wrapper in ("pageStream", "sitePage"):
        if wrapper.lower() in names:
            return call.record(wrapper)
    return dict(call.body)


def _call_of(name: str, *arguments: Any) -> Call:
    return Call(Segment(name, tuple(arguments), called=True))
