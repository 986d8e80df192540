"""``SPO.Tenant`` on the admin host: tenant settings, and sites as administrators see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import hubs, site_manager
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
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.properties import DATE, GUID, INT, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.regional import time_zone_id
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.sharepoint.site_detail_properties import SITE_DETAIL_PROPERTIES
from spmigrate.rehearsal.sharepoint.tenant_properties import TENANT_PROPERTIES
from spmigrate.rehearsal.storage import Entity

TYPE = "Microsoft.Online.SharePoint.TenantAdministration"
# Source: the page size of the service's site listing.
PAGE = 300
SETTINGS = "spo.tenant"
# External sharing from closed to open; the numbers themselves are not in that order.
_OPENNESS = {0: 0, 3: 1, 1: 2, 2: 3}
# What a listing without detail tells truly; everything else has its default, as in the service.
_LISTED = frozenset({
    "Url", "SiteId", "Title", "Template", "LockState", "StorageMaximumLevel", "StorageUsage", "StorageWarningLevel",
    "SharingCapability", "Status", "Owner", "Lcid", "LastContentModifiedDate", "GroupId", "HubSiteId", "IsHubSite",
    "TimeZoneId", "CreatedTime",
})  # fmt: skip


class SiteProperties(Stored):
    """A site as the tenant's administrators see it."""

    type = f"{TYPE}.SiteProperties"
    feed = "SiteProperties"
    declared = SITE_DETAIL_PROPERTIES

    def __init__(self, scope: Scope, entity: Entity, *, detail: bool = True) -> None:
        super().__init__(scope, entity)
        self.detail = detail

    @property
    def path(self) -> str:
        return f"{TYPE}.Tenant/sites('{self.entity.guid}')"

    @property
    def etag(self) -> str | None:
        return None

    def read(self, declared: Any) -> object:
        if not self.detail and declared.name not in _LISTED:
            return declared.wrap(declared.default)
        return super().read(declared)

    @computed("Url")
    def _url(self) -> str:
        return f"https://{self.entity.name}"

    @computed("SiteId")
    def _site_id(self) -> str:
        return self.entity.guid

    @computed("CreatedTime")
    def _created(self) -> str:
        return self.entity.created

    @computed("LastContentModifiedDate")
    def _modified(self) -> str:
        return str(self.entity.props.get("LastContentModifiedDate") or self.entity.modified)

    @computed("IsHubSite")
    def _is_hub(self) -> bool:
        return hubs.find_hub(self.scope, self.entity.guid) is not None

    @computed("Status")
    def _status(self) -> str:
        return "Recycled" if self.entity.deleted else "Active"

    @computed("TimeZoneId")
    def _time_zone(self) -> int:
        return time_zone_id(scope_of_site(self.scope, self.entity))

    @computed("RelatedGroupId")
    def _related_group(self) -> str:
        return str(self.entity.props.get("GroupId") or ZERO_GUID)

    @computed("SiteDefinedSharingCapability")
    def _defined_sharing(self) -> int:
        return int(self.entity.props.get("SharingCapability", 0))

    @computed("SharingCapability")
    def _sharing(self) -> int:
        own = int(self.entity.props.get("SharingCapability", 0))
        limit = int(settings(self.scope).get("SharingCapability", 2))
        return min(own, limit, key=lambda level: _OPENNESS.get(level, 0))

    @computed("OwnerLoginName")
    def _owner_login(self) -> str:
        return str(self.entity.props.get("Owner", ""))

    @computed("OwnerEmail")
    def _owner_email(self) -> str:
        user = self.scope.tenant.directory.user_by_login(str(self.entity.props.get("Owner", "")))
        return str(user.props.get("mail") or "") if user else ""

    @computed("OwnerName")
    def _owner_name(self) -> str:
        user = self.scope.tenant.directory.user_by_login(str(self.entity.props.get("Owner", "")))
        return str(user.props.get("displayName") or "") if user else ""

    def save(self, patch: Mapping[str, Any]) -> None:
        kept = {name: value for name, value in patch.items() if name != "SetOwnerWithoutUpdatingSecondaryAdmin"}
        if kept.get("LockState", "Unlock") not in ("Unlock", "NoAdditions", "ReadOnly", "NoAccess"):
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: LockState")
        if "SharingCapability" in kept:
            self._refuse_wider_than_tenant(int(kept["SharingCapability"]))
        if "Owner" in kept:
            scope = scope_of_site(self.scope, self.entity)
            row = ensure_user(scope, str(kept["Owner"]))
            self.scope.store.update(row, {"IsSiteAdmin": True}, at=self.scope.now)
            kept["Owner"] = row.name
        if "TimeZoneId" in kept:
            raise bad_argument("The time zone of a site can't be changed here.\r\nParameter name: TimeZoneId")
        if "Title" in kept:
            scope = scope_of_site(self.scope, self.entity)
            self.scope.store.update(scope.web, {"Title": kept["Title"]}, at=self.scope.now)
        super().save(kept)

    def _refuse_wider_than_tenant(self, level: int) -> None:
        limit = int(settings(self.scope).get("SharingCapability", 2))
        if level not in _OPENNESS or _OPENNESS[level] > _OPENNESS.get(limit, 0):
            raise bad_argument(
                "The SharingCapability of a site can't be more permissive than the tenant's.\r\n"
                "Parameter name: SharingCapability"
            )

    @action("Update")
    def update(self, _call: Call) -> Complex:
        """Nothing is pending over REST: the operation is complete."""
        return operation()


class DeletedSite(Stored):
    """A recycled site."""

    type = f"{TYPE}.DeletedSiteProperties"
    feed = "DeletedSiteProperties"
    declared = table(
        group(TEXT, "", "Url"),
        group(TEXT, "Recycled", "Status"),
        group(GUID, "", "SiteId"),
        group(DATE, None, "DeletionTime"),
        group(INT, 93, "DaysRemaining"),
        group("Edm.Int64", 26214400, "StorageMaximumLevel"),
        group("Edm.Double", 300.0, "UserCodeMaximumLevel"),
    )

    @property
    def path(self) -> str:
        return f"{TYPE}.DeletedSiteProperties('{self.entity.guid}')"

    @computed("Url")
    def _url(self) -> str:
        return f"https://{self.entity.name}"

    @computed("SiteId")
    def _site_id(self) -> str:
        return self.entity.guid

    @computed("DeletionTime")
    def _deletion_time(self) -> str | None:
        return self.entity.deleted


class SiteList(Collection):
    """Sites of the tenant, a page at a time."""

    feed = "SiteProperties"

    def __init__(self, scope: Scope, rows: list[Entity] | None = None, *, detail: bool = True) -> None:
        super().__init__(scope)
        self.rows = rows
        self.detail = detail

    def all(self) -> list[SiteProperties]:
        names = self.scope.tenant.names
        every = self.scope.store.every("site") if self.rows is None else self.rows
        rows = [row for row in every if row.name not in (names.admin, names.personal)]
        return [SiteProperties(self.scope, row, detail=self.detail) for row in rows]

    def by_key(self, key: object) -> SiteProperties:
        guid = as_guid(key)
        row = self.scope.store.get("site", guid) if guid else None
        if row is None:
            raise ODataError(
                404, "-1, Microsoft.Online.SharePoint.Common.SpoNoSiteException", f"Cannot get site {key}."
            )
        return SiteProperties(self.scope, row)

    @function("GetById")
    def get_by_id(self, call: Call) -> SiteProperties:
        """A site by id."""
        return self.by_key(call.value("siteId", 0))

    @function("GetLockStateById")
    def get_lock_state(self, call: Call) -> str:
        """Whether a site is locked."""
        return str(self.by_key(call.value("siteId", 0)).entity.props.get("LockState", "Unlock"))


class DeletedSites(Collection):
    """Recycled sites."""

    feed = "DeletedSiteProperties"

    def all(self) -> list[DeletedSite]:
        return [DeletedSite(self.scope, row) for row in self.scope.store.every("site", deleted=True)]


class TenantAdmin(Resource):
    """The tenant."""

    type = f"{TYPE}.Tenant"
    feed = "Tenants"
    declared = TENANT_PROPERTIES

    @property
    def path(self) -> str:
        return f"{TYPE}.Tenant"

    def stored(self) -> Mapping[str, Any]:
        return settings(self.scope)

    @computed("RootSiteUrl")
    def _root(self) -> str:
        return f"https://{self.scope.tenant.names.sharepoint}/"

    @link("sites")
    def sites(self) -> SiteList:
        """All sites."""
        return SiteList(self.scope)

    def save(self, patch: Mapping[str, Any]) -> None:
        self.scope.store.write_value(SETTINGS, {**settings(self.scope), **patch})

    @action("Update")
    def update(self, _call: Call) -> None:
        """Nothing is pending over REST."""

    @function("GetSitePropertiesByUrl")
    def by_url(self, call: Call) -> SiteProperties:
        """A site by address."""
        row = site_manager.find_site(self.scope, call.text("url", 0))
        return SiteProperties(self.scope, row, detail=True)

    @function("GetSitePropertiesBySiteId")
    def by_site_id(self, call: Call) -> SiteProperties:
        """A site by id."""
        return SiteList(self.scope).by_key(call.value("siteId", 0))

    @function("GetSiteByUrl")
    def site_by_url(self, call: Call) -> SiteProperties:
        """A site by address."""
        return self.by_url(call)

    @function("GetSitePropertiesFromSharePointByFilters")
    def by_filters(self, call: Call) -> SiteList:
        """One page of sites; without detail most properties have their defaults, as in the service."""
        given = call.record("speFilter")
        rows = self._filtered(given)
        start = str(given.get("StartIndex") or "0")
        begin = int(start) if start.isdigit() else 0
        return SiteList(self.scope, rows[begin : begin + PAGE], detail=bool(given.get("IncludeDetail")))

    @function("GetSitePropertiesFromSharePoint")
    def from_sharepoint(self, call: Call) -> SiteList:
        """One page of sites."""
        start = call.text("startIndex", 0, default="0")
        begin = int(start) if start.isdigit() else 0
        detail = call.flag("includeDetail", 1, default=False)
        return SiteList(self.scope, self._filtered({})[begin : begin + PAGE], detail=detail)

    @function("GetSiteProperties")
    def site_properties(self, call: Call) -> SiteList:
        """One page of sites."""
        return self.from_sharepoint(call)

    def _filtered(self, given: Mapping[str, Any]) -> list[Entity]:
        rows = self.scope.store.every("site")
        personal, template = int(given.get("IncludePersonalSite") or 0), str(given.get("Template") or "")
        group = int(given.get("GroupIdDefined") or 0)
        names = self.scope.tenant.names
        rows = [row for row in rows if row.name not in (names.admin, names.personal)]
        if personal != 1:
            rows = [row for row in rows if not row.name.startswith(names.personal)]
        if template:
            rows = [row for row in rows if row.props.get("Template") == template]
        if group:
            rows = [row for row in rows if bool(row.props.get("GroupId")) == (group == 1)]
        return rows

    @function("GetDeletedSiteProperties")
    def deleted_sites(self, _call: Call) -> DeletedSites:
        """The recycled sites."""
        return DeletedSites(self.scope)

    @function("GetDeletedSitePropertiesByUrl")
    def deleted_site(self, call: Call) -> DeletedSite:
        """A recycled site by address."""
        row = site_manager.find_site(self.scope, call.text("url", 0), deleted=True)
        return DeletedSite(self.scope, row)

    @function("GetDeletedSitePropertiesFromSharePoint")
    def deleted_from_sharepoint(self, _call: Call) -> DeletedSites:
        """The recycled sites."""
        return DeletedSites(self.scope)

    @action("RemoveSite")
    def remove_site(self, call: Call) -> Complex:
        """Recycle a site."""
        site_manager.recycle_site(self.scope, site_manager.find_site(self.scope, call.text("siteUrl", 0)))
        return operation()

    @action("RemoveDeletedSite")
    def remove_deleted_site(self, call: Call) -> Complex:
        """Delete a recycled site for good."""
        self.scope.store.delete(site_manager.find_site(self.scope, call.text("siteUrl", 0), deleted=True))
        return operation()

    @action("RestoreDeletedSite")
    def restore_deleted_site(self, call: Call) -> Complex:
        """Take a site out of the recycle bin."""
        self.scope.store.restore(site_manager.find_site(self.scope, call.text("siteUrl", 0), deleted=True))
        return operation()

    @action("CreateSite")
    def create_site(self, call: Call) -> Complex:
        """Make a site."""
        given = call.record("siteCreationProperties")
        site_manager.create_site(self.scope, {**given, "WebTemplate": given.get("Template") or "STS#3"})
        return operation()

    @function("GetSiteAdministrators")
    def site_administrators(self, call: Call) -> Bag:
        """Who administers a site."""
        row = SiteList(self.scope).by_key(call.value("siteId", 0)).entity
        people = [each for each in self.scope.store.children(row.id, "siteuser") if each.props.get("IsSiteAdmin")]
        kind = f"{TYPE}.SiteAdministratorsInfo"
        return Bag(
            f"Collection({kind})",
            tuple(
                Complex(
                    kind,
                    {
                        "email": each.props.get("Email", ""),
                        "loginName": each.name,
                        "name": each.props.get("Title", ""),
                        "userPrincipalName": each.props.get("UserPrincipalName"),
                    },
                )
                for each in people
            ),
        )

    @function("GetSiteSecondaryAdministrators")
    def secondary_administrators(self, call: Call) -> Bag:
        """Who administers a site beside its owner."""
        given = call.record("secondaryAdministratorsFieldsData")
        row = SiteList(self.scope).by_key(given.get("siteId")).entity
        kind = f"{TYPE}.SecondaryAdministratorsInfo"
        people = [
            each
            for each in self.scope.store.children(row.id, "siteuser")
            if each.props.get("IsSiteAdmin") and each.name != row.props.get("Owner")
        ]
        values = [
            {"email": each.props.get("Email", ""), "loginName": each.name, "name": each.props.get("Title", ""),
             "userPrincipalName": each.props.get("UserPrincipalName")}
            for each in people
        ]  # fmt: skip
        return Bag(f"Collection({kind})", tuple(Complex(kind, each) for each in values))

    @action("SetSiteSecondaryAdministrators")
    def set_secondary_administrators(self, call: Call) -> None:
        """Replace the administrators beside the owner."""
        given = call.record("secondaryAdministratorsFieldsData")
        row = SiteList(self.scope).by_key(given.get("siteId")).entity
        scope = scope_of_site(self.scope, row)
        wanted = {ensure_user(scope, str(login)).name for login in given.get("secondaryAdministratorLoginNames") or []}
        wanted.add(str(row.props.get("Owner")))
        for each in self.scope.store.children(row.id, "siteuser"):
            if bool(each.props.get("IsSiteAdmin")) != (each.name in wanted):
                self.scope.store.update(each, {"IsSiteAdmin": each.name in wanted}, at=self.scope.now)

    @action("RegisterHubSite")
    def register_hub_site(self, call: Call) -> hubs.HubSite:
        """Make a site a hub."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        return hubs.register(scope_of_site(self.scope, row), call.record("creationInformation"))

    @action("UnregisterHubSite")
    def unregister_hub_site(self, call: Call) -> None:
        """Make a hub an ordinary site."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        hubs.unregister(scope_of_site(self.scope, row))

    @action("ConnectSiteToHubSiteById")
    def connect_site(self, call: Call) -> None:
        """Associate a site with a hub."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        hubs.join(scope_of_site(self.scope, row), str(call.value("hubSiteId", 1)))

    @function("GetHubSitePropertiesById")
    def hub_by_id(self, call: Call) -> hubs.HubSite:
        """A hub by id."""
        return hubs.HubSites(self.scope).by_key(call.value("hubSiteId", 0))

    @function("GetHubSitesProperties")
    def all_hubs(self, _call: Call) -> hubs.HubSites:
        """All hubs."""
        return hubs.HubSites(self.scope)

    @function("GetRootSiteUrl")
    def root_site_url(self, _call: Call) -> str:
        """The tenant's root address."""
        return self._root()


def settings(scope: Scope) -> dict[str, Any]:
    """What was set for the tenant; anything else has its default."""
    return dict(scope.store.read_value(SETTINGS) or {})


def operation() -> Complex:
    """SpoOperation, complete at once."""
    return Complex(f"{TYPE}.SpoOperation", {"HasTimedout": False, "IsComplete": True, "PollingInterval": 15000})
