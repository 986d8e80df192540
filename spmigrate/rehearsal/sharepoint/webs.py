"""The web and the site collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.odata.errors import (
    file_missing,
    file_not_found,
    invalid_operation,
    principal_missing,
)
from spmigrate.rehearsal.odata.render import Complex
from spmigrate.rehearsal.sharepoint import files, folder_tree, folders, hubs, lists, recycle
from spmigrate.rehearsal.sharepoint.content_types import ContentTypes
from spmigrate.rehearsal.sharepoint.features import Features
from spmigrate.rehearsal.sharepoint.fields import Fields
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Collection,
    Resource,
    Stored,
    action,
    as_guid,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.navigation import Navigation
from spmigrate.rehearsal.sharepoint.people import (
    SiteGroup,
    SiteGroups,
    User,
    Users,
    as_resource,
    ensure_user,
    principal,
)
from spmigrate.rehearsal.sharepoint.property_values import PropertyValues
from spmigrate.rehearsal.sharepoint.regional import RegionalSettings
from spmigrate.rehearsal.sharepoint.roles import Roles, Securable
from spmigrate.rehearsal.sharepoint.web_properties import WEB_PROPERTIES

# Permission bits of a site where custom script is denied (the default) and where it is allowed.
_NO_SCRIPT = {"High": "2147483647", "Low": "4294705151"}
_SCRIPT = {"High": "2147483647", "Low": "4294967295"}
_CHROME = {
    "headerlayout": "HeaderLayout", "headeremphasis": "HeaderEmphasis", "logoalignment": "LogoAlignment",
    "hidetitleinheader": "HideTitleInHeader", "footerenabled": "FooterEnabled", "footerlayout": "FooterLayout",
    "footeremphasis": "FooterEmphasis", "megamenuenabled": "MegaMenuEnabled",
    "horizontalquicklaunch": "HorizontalQuickLaunch",
}  # fmt: skip


class Web(Securable):
    """A web."""

    type = "SP.Web"
    feed = "Webs"
    declared = WEB_PROPERTIES

    @property
    def path(self) -> str:
        return "Web"

    @computed("Id")
    def _id(self) -> str:
        return self.entity.guid

    @computed("Url")
    def _url(self) -> str:
        return self.scope.web_url

    @computed("ServerRelativeUrl")
    def _server_relative(self) -> str:
        return self.entity.name

    @computed("ServerRelativePath")
    def _server_path(self) -> dict[str, str]:
        return {"DecodedUrl": self.entity.name}

    @computed("ResourcePath")
    def _resource_path(self) -> dict[str, str]:
        return {"DecodedUrl": self.scope.web_url}

    @computed("Created")
    def _created(self) -> str:
        return self.entity.created

    @computed("LastItemModifiedDate")
    @computed("LastItemUserModifiedDate")
    def _modified(self) -> str:
        return self.entity.modified

    @computed("WebTemplateConfiguration")
    def _template(self) -> str:
        return str(self.scope.site.props.get("Template", "STS#3"))

    @computed("WebTemplate")
    def _template_name(self) -> str:
        return self._template().partition("#")[0]

    @computed("Configuration")
    def _configuration(self) -> int:
        return int(self._template().partition("#")[2] or 0)

    @computed("MasterUrl")
    def _master(self) -> str:
        return f"{self.scope.web_path}/_catalogs/masterpage/seattle.master"

    @computed("CustomMasterUrl")
    def _custom_master(self) -> str:
        return self._master()

    @computed("IsProvisioningComplete")
    def _complete(self) -> bool:
        due = self.scope.site.props.get("_CompleteAt")
        return due is None or self.scope.clock.now() >= read_time(due)

    @computed("EffectiveBasePermissions")
    def _permissions(self) -> dict[str, str]:
        return _NO_SCRIPT if self.scope.site.props.get("DenyAddAndCustomizePages", 2) == 2 else _SCRIPT

    @computed("CurrentChangeToken")
    def _change_token(self) -> dict[str, str]:
        return {"StringValue": f"1;2;{self.entity.guid};638000000000000000;{self.scope.content.last_change}"}

    @computed("WelcomePage")
    def _welcome(self) -> str:
        return str(self.entity.props.get("WelcomePage") or "SitePages/Home.aspx")

    @link("AllProperties")
    def all_properties(self) -> Resource:
        """The property bag; as in the service, a MERGE is accepted and not kept."""
        values = {"vti_defaultlanguage": "en-us", "vti_approvallevels": "Approved Rejected Pending\\ Review"}
        return PropertyValues(self.scope, "Web/AllProperties", values)

    @link("Lists")
    def all_lists(self) -> lists.Lists:
        """The lists and libraries."""
        return lists.Lists(self.scope)

    @link("AvailableFields")
    @link("Fields")
    def fields(self) -> Fields:
        """The site columns."""
        return Fields(self.scope, self.entity, "Web")

    @link("AvailableContentTypes")
    @link("ContentTypes")
    def content_types(self) -> ContentTypes:
        """The content types."""
        return ContentTypes(self.scope, self.entity, "Web")

    @link("RegionalSettings")
    def regional_settings(self) -> RegionalSettings:
        """Locale, week and time zone."""
        return RegionalSettings(self.scope)

    @link("Navigation")
    def navigation(self) -> Navigation:
        """Quick launch and top bar."""
        return Navigation(self.scope)

    @link("RoleDefinitions")
    def role_definitions(self) -> Roles:
        """The permission levels."""
        return Roles(self.scope)

    @link("SiteGroups")
    def site_groups(self) -> SiteGroups:
        """The SharePoint groups."""
        return SiteGroups(self.scope)

    @link("SiteUsers")
    def site_users(self) -> Users:
        """The people that the site knows."""
        return Users(self.scope)

    @link("AssociatedOwnerGroup")
    def owner_group(self) -> SiteGroup | None:
        """The owners."""
        return self._associated("_OwnerGroup")

    @link("AssociatedMemberGroup")
    def member_group(self) -> SiteGroup | None:
        """The members."""
        return self._associated("_MemberGroup")

    @link("AssociatedVisitorGroup")
    def visitor_group(self) -> SiteGroup | None:
        """The visitors."""
        return self._associated("_VisitorGroup")

    def _associated(self, name: str) -> SiteGroup | None:
        number = self.entity.props.get(name)
        row = principal(self.scope, int(number)) if number else None
        return SiteGroup(self.scope, row) if row is not None and row.kind == "sitegroup" else None

    @link("CurrentUser")
    def current_user(self) -> User:
        """The caller."""
        return User(self.scope, ensure_user(self.scope, self.scope.claims.login))

    @link("Author")
    def author(self) -> User:
        """Who made the web."""
        return User(self.scope, ensure_user(self.scope, str(self.scope.site.props.get("Owner", ""))
                                            or self.scope.claims.login))  # fmt: skip

    @link("RootFolder")
    def root_folder(self) -> folders.Folder:
        """The web's own root folder."""
        return folders.Folder(self.scope, None, None)

    @link("Folders")
    def all_folders(self) -> folders.Folders:
        """The folders at the web's root."""
        return folders.Folders(self.root_folder())

    @link("Features")
    def features(self) -> Features:
        """The active features of the web."""
        return Features(self.scope, self.entity, "Web")

    @link("RecycleBin")
    def recycle_bin(self) -> recycle.RecycleBin:
        """What was recycled."""
        return recycle.RecycleBin(self.scope)

    @link("DefaultDocumentLibrary")
    def default_library(self) -> lists.List:
        """The library Documents."""
        return lists.find_by_address(self.scope, "Shared Documents")

    @link("Webs")
    def webs(self) -> Webs:
        """The webs below."""
        return Webs(self.scope)

    @function("GetList")
    def get_list(self, call: Call) -> lists.List:
        """A list by address."""
        return lists.find_by_address(self.scope, call.text("strUrl", 0))

    @function("GetListUsingPath")
    def get_list_using_path(self, call: Call) -> lists.List:
        """A list by decoded address."""
        return lists.find_by_address(self.scope, call.text("DecodedUrl", 0))

    @function("GetListByTitle")
    def get_list_by_title(self, call: Call) -> lists.List:
        """A list by title."""
        return lists.Lists(self.scope).get_by_title(call)

    @function("GetFolderByServerRelativeUrl")
    def get_folder(self, call: Call) -> folders.Folder:
        """A folder by address."""
        return self._folder(call.text("serverRelativeUrl", 0), call)

    @function("GetFolderByServerRelativePath")
    def get_folder_by_path(self, call: Call) -> folders.Folder:
        """A folder by decoded address."""
        return self._folder(call.text("DecodedUrl", 0), call)

    def _folder(self, address: str, call: Call) -> folders.Folder:
        found = folder_tree.find_folder(self.scope, address)
        if found is not None:
            return found
        if call.query.get("$select", "").strip().lower() == "exists":
            return folders.MissingFolder(self.scope, None, None, address)
        raise file_not_found()

    @function("GetFolderById")
    def get_folder_by_id(self, call: Call) -> folders.Folder:
        """A folder by unique id."""
        resource = self._by_id(call.value("uniqueId", 0))
        if not isinstance(resource, folders.Folder):
            raise file_not_found()
        return resource

    @function("GetFileByServerRelativeUrl")
    def get_file(self, call: Call) -> files.File:
        """A file by address."""
        return self._file(call.text("serverRelativeUrl", 0))

    @function("GetFileByServerRelativePath")
    def get_file_by_path(self, call: Call) -> files.File:
        """A file by decoded address."""
        return self._file(call.text("DecodedUrl", 0))

    @function("GetFileByUrl")
    def get_file_by_url(self, call: Call) -> files.File:
        """A file by absolute or server-relative address."""
        return self._file(call.text("fileUrl", 0))

    @function("GetFileById")
    def get_file_by_id(self, call: Call) -> files.File:
        """A file by unique id."""
        resource = self._by_id(call.value("uniqueId", 0))
        if not isinstance(resource, files.File):
            raise file_not_found()
        return resource

    def _file(self, address: str) -> files.File:
        found = files.find_file(self.scope, address)
        if found is None:
            raise file_missing(folder_tree.absolute(self.scope, address, self.scope.web_path))
        return found

    def _by_id(self, value: object) -> Resource | None:
        item = self.scope.content.by_guid(as_guid(value) or "")
        owner = self.scope.store.by_id(item.list) if item else None
        if item is None or owner is None or owner.parent != self.entity.id or owner.deleted:
            return None
        return files.as_resource(self.scope, owner, item)

    @function("GetUserById")
    def get_user_by_id(self, call: Call) -> Stored:
        """A principal by number."""
        row = principal(self.scope, call.number("userId", 0))
        if row is None:
            raise principal_missing()
        return as_resource(self.scope, row)

    @action("EnsureUser")
    def ensure_user(self, call: Call) -> User:
        """The site's entry for somebody, made when missing."""
        return User(self.scope, ensure_user(self.scope, call.text("logonName", 0)))

    @function("GetCatalog")
    def get_catalog(self, call: Call) -> lists.List:
        """A gallery by kind."""
        kind = call.number("typeCatalog", 0)
        for row in self.scope.store.children(self.entity.id, "list"):
            if row.props.get("BaseTemplate") == kind:
                return lists.List(self.scope, row)
        raise file_not_found()

    @function("HubSiteData")
    def hub_site_data(self, _call: Call) -> str:
        """The hub's name, logo and navigation as JSON text; empty without a hub."""
        return hubs.hub_site_data(self.scope)

    @action("SyncHubSiteTheme")
    def sync_hub_site_theme(self, _call: Call) -> None:
        """Take the hub's theme."""

    @function("GetUserEffectivePermissions")
    def user_permissions(self, _call: Call) -> Complex:
        """What a person may do here."""
        return Complex("SP.BasePermissions", self._permissions())

    @action("SetChromeOptions")
    def set_chrome_options(self, call: Call) -> None:
        """Header, footer and menu."""
        patch = {_CHROME[name.lower()]: value for name, value in call.body.items() if name.lower() in _CHROME}
        self.save(patch)

    @action("CreateDefaultAssociatedGroups")
    def create_default_groups(self, _call: Call) -> None:
        """The three groups, which every site here has from the start."""

    @action("SetAccessRequestSiteDescriptionAndUpdate")
    def set_access_request_description(self, call: Call) -> None:
        """The text that people see who ask for access."""
        self.save({"AccessRequestSiteDescription": call.text("description", 0, default="")})

    @action("SetUseAccessRequestDefaultAndUpdate")
    def set_access_request_default(self, call: Call) -> None:
        """Send requests for access to the owners."""
        self.save({"UseAccessRequestDefault": call.flag("useAccessRequestDefault", 0)})

    def save(self, patch: Mapping[str, Any]) -> None:
        super().save(patch)
        if "Title" in patch and self.entity.parent == self.scope.site.id:
            self.scope.store.update(self.scope.site, {"Title": patch["Title"]}, at=self.scope.now)

    def delete(self) -> None:
        if self.entity.name.count("/") <= 2:
            raise invalid_operation("The root web of a site collection can't be deleted in this way.")
        self.scope.store.recycle(self.entity, at=self.scope.now)


class Webs(Collection):
    """The webs directly below a web."""

    feed = "Webs"
    element = Web

    def all(self) -> list[Web]:
        prefix = f"{self.scope.web_path}/"
        return [
            Web(replace(self.scope, web=row), row)
            for row in self.scope.store.children(self.scope.site.id, "web")
            if row.id != self.scope.web.id and row.name.startswith(prefix) and "/" not in row.name[len(prefix) :]
        ]
