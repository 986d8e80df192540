"""Lists and libraries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import (
    bad_argument,
    duplicate_list,
    file_not_found,
    list_id_missing,
    list_missing,
)
from spmigrate.rehearsal.sharepoint import folder_tree, folders, galleries, items, recycle, tenant_site_list, webs
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.builtin import LIST_TEMPLATES
from spmigrate.rehearsal.sharepoint.changes import current_token
from spmigrate.rehearsal.sharepoint.content_types import ContentTypes
from spmigrate.rehearsal.sharepoint.fields import Fields
from spmigrate.rehearsal.sharepoint.list_calls import ListCalls
from spmigrate.rehearsal.sharepoint.list_parts import form_address
from spmigrate.rehearsal.sharepoint.list_properties import LIST_PROPERTIES
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Member, action, as_guid, computed, function, link
from spmigrate.rehearsal.sharepoint.people import User, ensure_user
from spmigrate.rehearsal.sharepoint.properties import whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.securables import Securable
from spmigrate.rehearsal.sharepoint.views import View, Views, default_view
from spmigrate.rehearsal.storage import Entity

# Source: Microsoft's limits page: lists and libraries in one site.
MAX_LISTS = 2000
MAX_TITLE = 255


class List(ListCalls, Securable):
    """A list or library."""

    type = "SP.List"
    feed = "Lists"
    write_level = Level.MANAGE
    declared = LIST_PROPERTIES

    @property
    def path(self) -> str:
        return f"Web/Lists(guid'{self.entity.guid}')"

    @property
    def etag(self) -> str | None:
        return f'"{self.entity.guid},{self.entity.etag}"'

    @property
    def library(self) -> bool:
        """True for a document library."""
        return self.entity.props.get("BaseType") == 1

    @computed("Id")
    def _id(self) -> str:
        return self.entity.guid

    @computed("ItemCount")
    def _count(self) -> int:
        return self.scope.content.count_items(self.entity.id)

    @computed("EntityTypeName")
    def _entity_type_name(self) -> str:
        return items.entity_type_name(self.entity)

    @computed("ListItemEntityTypeFullName")
    def _item_type(self) -> str:
        return items.item_type(self.entity)

    @computed("Created")
    def _created(self) -> str:
        return self.entity.created

    @computed("LastItemModifiedDate")
    def _last_modified(self) -> str:
        return self.entity.modified

    @computed("LastItemUserModifiedDate")
    def _last_user_modified(self) -> str:
        return self.entity.modified

    @computed("LastItemDeletedDate")
    def _last_deleted(self) -> str:
        return self.entity.created

    @computed("ParentWebUrl")
    def _parent_web(self) -> str:
        return self.scope.web.name

    @computed("ParentWebPath")
    def _parent_web_path(self) -> dict[str, str]:
        return {"DecodedUrl": self.scope.web.name}

    @computed("ImageUrl")
    def _image(self) -> str:
        return f"/_layouts/15/images/{'itdl' if self.library else 'itgen'}.png?rev=47"

    @computed("ImagePath")
    def _image_path(self) -> dict[str, str]:
        return {"DecodedUrl": self._image()}

    @computed("DefaultViewUrl")
    def _default_view_url(self) -> str:
        view = default_view(self.scope, self.entity)
        return str(view.read(View.declared["serverrelativeurl"]))

    @computed("DefaultViewPath")
    def _default_view_path(self) -> dict[str, str]:
        return {"DecodedUrl": self._default_view_url()}

    @computed("DefaultDisplayFormUrl")
    def _display_form(self) -> str:
        return str(
            self.entity.props.get("DefaultDisplayFormUrl") or form_address(self.scope, self.entity, "DispForm.aspx")
        )

    @computed("DefaultEditFormUrl")
    def _edit_form(self) -> str:
        return str(
            self.entity.props.get("DefaultEditFormUrl") or form_address(self.scope, self.entity, "EditForm.aspx")
        )

    @computed("DefaultNewFormUrl")
    def _new_form(self) -> str:
        page = "Upload.aspx" if self.library else "NewForm.aspx"
        return str(self.entity.props.get("DefaultNewFormUrl") or form_address(self.scope, self.entity, page))

    @computed("MajorVersionLimit")
    def _major_limit(self) -> int:
        return int(self.entity.props.get("MajorVersionLimit", 500 if self.library else 50))

    @computed("MajorWithMinorVersionsLimit")
    def _minor_limit(self) -> int:
        return int(self.entity.props.get("MajorWithMinorVersionsLimit", 0))

    @computed("EnableAttachments")
    def _attachments(self) -> bool:
        return bool(self.entity.props.get("EnableAttachments", not self.library))

    @computed("EnableFolderCreation")
    def _folder_creation(self) -> bool:
        return bool(self.entity.props.get("EnableFolderCreation", self.library))

    @computed("DocumentTemplateUrl")
    def _template_url(self) -> str | None:
        return f"{self._address()}/Forms/template.dotx" if self.library else None

    @computed("TemplateFeatureId")
    def _feature(self) -> str:
        template = LIST_TEMPLATES.get(int(self.entity.props.get("BaseTemplate", 100)), LIST_TEMPLATES[100])
        return template.feature

    @computed("CurrentChangeToken")
    def _change_token(self) -> dict[str, str]:
        return current_token(self.scope, f"1;3;{self.entity.guid}")

    @computed("SchemaXml")
    def _schema(self) -> str:
        props = self.entity.props
        return (
            f'<List DocTemplateUrl="" ID="{{{self.entity.guid.upper()}}}" '
            f'BaseType="{props.get("BaseType")}" ServerTemplate="{props.get("BaseTemplate")}" />'
        )

    def _address(self) -> str:
        return f"{self.scope.web_path}/{self.entity.name}"

    @link("RootFolder")
    def root_folder(self) -> folders.Folder:
        """The list's root folder."""
        root = self.scope.content.root(self.entity.id)
        return folders.Folder(self.scope, self.entity, root, self._address())

    @link("Fields")
    def fields(self) -> Fields:
        """The columns."""
        return Fields(self.scope, self.entity, self.path)

    @link("Views")
    def views(self) -> Views:
        """The views."""
        return Views(self.scope, self.entity)

    @link("DefaultView")
    def default_view(self) -> View:
        """The view that opens."""
        return default_view(self.scope, self.entity)

    @link("ContentTypes")
    def content_types(self) -> ContentTypes:
        """The content types."""
        return ContentTypes(self.scope, self.entity, self.path)

    @link("Items")
    def all_items(self) -> items.Items:
        """The items."""
        return items.Items(self.scope, self.entity)

    @link("Author")
    def author(self) -> User:
        """Who made the list."""
        return User(self.scope, ensure_user(self.scope, str(self.entity.props.get("_By") or self.scope.claims.login)))

    @link("ParentWeb")
    def parent_web(self) -> webs.Web:
        """The web."""
        return webs.Web(self.scope, self.scope.web)

    @function("GetItemById")
    def get_item_by_id(self, call: Call) -> Any:
        """An item by number."""
        return self.all_items().by_key(call.number("id", 0))

    @function("GetView")
    def get_view(self, call: Call) -> View:
        """A view by id."""
        return self.views().by_key(call.value("viewGuid", 0))

    @action("Recycle")
    def recycle(self, _call: Call) -> str:
        """Put the list into the recycle bin."""
        self._refuse_built_in()
        return recycle.put_list(self.scope, self.entity)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete the list for good."""
        self.delete()

    def delete(self) -> None:
        self._refuse_built_in()
        for each in self.scope.content.items(self.entity.id):
            if self.scope.content.item(each.id) is not None:
                self.scope.content.purge(each)
        self.scope.store.delete(self.entity)

    def _refuse_built_in(self) -> None:
        if self.entity.props.get("AllowDeletion") is False:
            raise bad_argument("This list cannot be deleted.")

    def save(self, patch: Mapping[str, Any]) -> None:
        title = patch.get("Title")
        if title is not None and str(title).casefold() != str(self.entity.props.get("Title", "")).casefold():
            if not str(title).strip():
                raise bad_argument("List title can't be empty.\r\nParameter name: Title")
            if find_by_title(self.scope, str(title)) is not None:
                raise duplicate_list()
        super().save(patch)


class Lists(Collection):
    """The lists and libraries of a web."""

    feed = "Lists"
    element = List
    write_level = Level.MANAGE

    def all(self) -> list[List]:
        return [List(self.scope, row) for row in galleries.whole_lists(self.scope)]

    def by_key(self, key: object) -> List:
        guid = as_guid(key)
        row = self.scope.store.get("list", guid, parent=self.scope.web.id) if guid else None
        if row is None:
            raise list_id_missing()
        return List(self.scope, row)

    def step_to(self, key: str) -> Member | None:
        """A member, or the list with this entity type name: CLI for Microsoft 365 asks for `lists/SitePages`."""
        named = super().step_to(key)
        if named is not None:
            return named
        rows = self.scope.store.children(self.scope.web.id, "list")
        row = next((each for each in rows if items.entity_type_name(each).lower() == key), None)
        return None if row is None else Member(row.name, "link", lambda lists: List(lists.scope, row))

    @function("GetById")
    def get_by_id(self, call: Call) -> List:
        """A list by id."""
        return self.by_key(call.value("id", 0))

    @function("GetByTitle")
    def get_by_title(self, call: Call) -> List:
        """A list by title."""
        title = call.text("title", 0)
        tenant_site_list.refresh(self.scope, title)
        row = find_by_title(self.scope, title)
        if row is None:
            raise list_missing(title, self.scope.web_url)
        return List(self.scope, row)

    @action("EnsureSiteAssetsLibrary")
    def ensure_site_assets(self, _call: Call) -> List:
        """The Site Assets library, made when missing."""
        return self._ensure("SiteAssets", "Site Assets", 101)

    @action("EnsureSitePagesLibrary")
    def ensure_site_pages(self, _call: Call) -> List:
        """The Site Pages library, made when missing."""
        return self._ensure("SitePages", "Site Pages", 119)

    @action("EnsureClientRenderedSitePagesLibrary")
    def ensure_client_pages(self, _call: Call) -> List:
        """The Site Pages library, made when missing."""
        return self._ensure("SitePages", "Site Pages", 119)

    @action("EnsureEventsList")
    def ensure_events(self, _call: Call) -> List:
        """The Events list, made when missing."""
        return self._ensure("Lists/Events", "Events", 106)

    def _ensure(self, address: str, title: str, template: int) -> List:
        row = self.scope.store.find("list", self.scope.web.id, address)
        return List(self.scope, row or add_list(self.scope, title, template, address=address))

    @action("Add")
    def add(self, call: Call) -> List:
        """Add a list."""
        return self.create(call)

    def create(self, call: Call) -> List:
        """A new list or library; its address follows from its title. A taken title is refused as the service does."""
        given = call.record("parameters")
        title = str(given.pop("Title", "") or "").strip()
        template = whole(given.pop("BaseTemplate", None) or given.pop("TemplateType", None) or 100, "BaseTemplate")
        address = str(given.pop("Url", "") or "").strip("/")
        for name in (
            "DocumentTemplateType",
            "QuickLaunchOption",
            "CustomSchemaXml",
            "TemplateFeatureId",
            "TemplateType",
        ):
            given.pop(name, None)
        given.pop("DataSourceProperties", None)
        blank = List(self.scope, Entity(0, "list", "", 0, "", {}, 1, "", "", None))
        props = blank.read_body(given, creating=True)
        if not title or len(title) > MAX_TITLE:
            raise bad_argument("The specified list title is invalid.\r\nParameter name: Title")
        if template not in LIST_TEMPLATES:
            raise bad_argument("Invalid list template.\r\nParameter name: BaseTemplate")
        if find_by_title(self.scope, title) is not None:
            raise duplicate_list()
        if len(self.scope.store.children(self.scope.web.id, "list")) >= MAX_LISTS:
            raise bad_argument(f"A site can't hold more than {MAX_LISTS} lists and libraries.")
        return List(self.scope, add_list(self.scope, title, template, address=address, props=props))


def find_by_title(scope: Scope, title: str) -> Entity | None:
    """A list of the web by title (case does not count)."""
    return galleries.find_titled(scope, title)


def find_by_address(scope: Scope, address: str) -> List:
    """``GetList``: a list by the address of its root folder, which may lack its first slash."""
    server_relative = f"/{address}".lower().startswith(f"{scope.web_path}/".lower())
    wanted = folder_tree.absolute(scope, f"/{address}" if server_relative else address, scope.web_path)
    below = wanted[len(scope.web_path) + 1 :] if wanted.lower().startswith(scope.web_path.lower()) else ""
    row = galleries.find_catalog(scope, below)
    if row is None:
        raise file_not_found()
    return List(scope, row)


def list_address(scope: Scope, title: str, template: int) -> str:
    """The web-relative address that a new list's title gives, made unique as SharePoint does."""
    prefix = LIST_TEMPLATES[template].prefix
    leaf = re.sub(r"[\"*:<>?/\\|#%&{}~+.]", "", title).strip() or "List"
    name, number = f"{prefix}{leaf}", 1
    while scope.store.find("list", scope.web.id, name) is not None:
        name, number = f"{prefix}{leaf}{number}", number + 1
    return name


def add_list(
    scope: Scope, title: str, template: int, *, address: str = "", props: Mapping[str, Any] | None = None
) -> Entity:
    """Make a list with its root folder; the address comes from the title when none is given."""
    base = LIST_TEMPLATES[template].base
    name = address or list_address(scope, title, template)
    content = {
        "EnableVersioning": True,
        "_By": scope.claims.login,
        **({"EnableMinorVersions": False} if base == 1 else {}),
        **(props or {}),
        "Title": title,
        "BaseTemplate": template,
        "BaseType": base,
    }
    row = scope.store.insert("list", name, at=scope.now, parent=scope.web.id, props=content)
    scope.content.create_root(row.id, name=name.rpartition("/")[2], by=scope.claims.login)
    return row
