"""The web and the site collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.clock import read_time
from spmigrate.rehearsal.odata.errors import principal_missing
from spmigrate.rehearsal.sharepoint import hubs, lists, property_bag, recycle
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.changes import current_token
from spmigrate.rehearsal.sharepoint.content_types import ContentTypes
from spmigrate.rehearsal.sharepoint.features import Features
from spmigrate.rehearsal.sharepoint.fields import Fields
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Resource,
    Stored,
    action,
    computed,
    function,
    link,
)
from spmigrate.rehearsal.sharepoint.navigation import Navigation
from spmigrate.rehearsal.sharepoint.page_service import PageParts
from spmigrate.rehearsal.sharepoint.people import (
    SiteGroup,
    SiteGroups,
    User,
    Users,
    as_resource,
    ensure_user,
    principal,
)
from spmigrate.rehearsal.sharepoint.regional import RegionalSettings
from spmigrate.rehearsal.sharepoint.roles import Roles
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.sharable import Sharable
from spmigrate.rehearsal.sharepoint.sub_webs import SubWebs, is_root
from spmigrate.rehearsal.sharepoint.tenant_catalog import CatalogCalls
from spmigrate.rehearsal.sharepoint.translations import TranslationCalls
from spmigrate.rehearsal.sharepoint.user_resources import UserResource
from spmigrate.rehearsal.sharepoint.web_dates import WebDates
from spmigrate.rehearsal.sharepoint.web_extras import WebExtras
from spmigrate.rehearsal.sharepoint.web_look import WebLook
from spmigrate.rehearsal.sharepoint.web_places import WebPlaces
from spmigrate.rehearsal.sharepoint.web_properties import WEB_PROPERTIES
from spmigrate.rehearsal.sharepoint.web_templates import WebTemplates
from spmigrate.rehearsal.storage import Entity


class Web(
    CatalogCalls,
    TranslationCalls,
    WebPlaces,
    WebLook,
    WebTemplates,
    WebDates,
    WebExtras,
    PageParts,
    SubWebs,
    Sharable,
    Stored,
):
    """A web."""

    type = "SP.Web"
    feed = "Webs"
    declared = WEB_PROPERTIES

    def __init__(self, scope: Scope, entity: Entity) -> None:
        # A web answers from its own surroundings, whatever web the request was sent to.
        super().__init__(scope if scope.web.id == entity.id else replace(scope, web=entity), entity)

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
        return str(self.entity.props.get("_Template") or self.scope.site.props.get("Template", "STS#3"))

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

    @computed("CurrentChangeToken")
    def _change_token(self) -> dict[str, str]:
        return current_token(self.scope, f"1;2;{self.entity.guid}")

    @computed("WelcomePage")
    def _welcome(self) -> str:
        return str(self.entity.props.get("WelcomePage") or "SitePages/Home.aspx")

    @link("AllProperties")
    def all_properties(self) -> Resource:
        """The property bag; as in the service, a MERGE is accepted and not kept."""
        return property_bag.of_web(self.scope, "Web/AllProperties")

    @link("TitleResource")
    def title_resource(self) -> UserResource:
        """The title in people's languages."""
        return UserResource(self.scope, "Web/TitleResource", self.entity, "Title",
                            str(self.entity.props.get("Title", "")))  # fmt: skip

    @link("DescriptionResource")
    def description_resource(self) -> UserResource:
        """The description in people's languages."""
        return UserResource(self.scope, "Web/DescriptionResource", self.entity, "Description",
                            str(self.entity.props.get("Description", "")))  # fmt: skip

    @link("RecycleBin")
    def recycle_bin(self) -> recycle.RecycleBin:
        """What was recycled."""
        return recycle.RecycleBin(self.scope)

    @function("GetRecycleBinItems")
    def recycle_bin_items(self, call: Call) -> recycle.RecycleBin:
        """A page of what was recycled."""
        return recycle.query_bin(self.recycle_bin(), call)

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

    @link("Features")
    def features(self) -> Features:
        """The active features of the web."""
        return Features(self.scope, self.entity, "Web")

    @link("DefaultDocumentLibrary")
    def default_library(self) -> lists.List:
        """The library Documents."""
        return lists.find_by_address(self.scope, "Shared Documents")

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

    @function("GetUserById")
    def get_user_by_id(self, call: Call) -> Stored:
        """A principal by number."""
        row = principal(self.scope, call.number("userId", 0))
        if row is None:
            raise principal_missing()
        return as_resource(self.scope, row)

    @action("EnsureUser", Level.WRITE)
    def ensure_user(self, call: Call) -> User:
        """The site's entry for somebody, made when missing."""
        return User(self.scope, ensure_user(self.scope, call.text("logonName", 0)))

    @function("HubSiteData")
    def hub_site_data(self, _call: Call) -> str | None:
        """The hub's name, logo and navigation as JSON text; null without a hub."""
        return hubs.hub_site_data(self.scope)

    @action("SyncHubSiteTheme")
    def sync_hub_site_theme(self, _call: Call) -> None:
        """Take the hub's theme."""
        hubs.take_theme(self.scope)

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
        if "Title" in patch and is_root(self.scope):
            self.scope.store.update(self.scope.site, {"Title": patch["Title"]}, at=self.scope.now)
