"""Sites as the tenant's administrators see them: living and recycled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Bag
from spmigrate.rehearsal.shared_settings import read_settings
from spmigrate.rehearsal.sharepoint import hubs
from spmigrate.rehearsal.sharepoint.model import (
    Call,
    Collection,
    Stored,
    action,
    as_guid,
    computed,
    function,
)
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.properties import DATE, GUID, INT, TEXT, ZERO_GUID, group, table, whole
from spmigrate.rehearsal.sharepoint.regional import time_zone_id
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.sharepoint.site_detail_properties import SITE_DETAIL_PROPERTIES
from spmigrate.rehearsal.sharepoint.tenant_odds import user_groups
from spmigrate.rehearsal.sharepoint.tenant_operations import SpoOperation
from spmigrate.rehearsal.storage import Entity

TYPE = "Microsoft.Online.SharePoint.TenantAdministration"

# External sharing from closed to open; the numbers themselves are not in that order.
_OPENNESS = {0: 0, 3: 1, 1: 2, 2: 3}


# What a listing without detail tells truly; everything else has its default, as in the service.
_LISTED = frozenset({
    "Url", "SiteId", "Title", "Template", "LockState", "StorageMaximumLevel", "StorageUsage", "StorageWarningLevel",
    "SharingCapability", "Status", "Owner", "Lcid", "LastContentModifiedDate", "GroupId", "HubSiteId", "IsHubSite",
    "TimeZoneId", "CreatedTime",
})  # fmt: skip


_LEFT = frozenset({"Url", "SiteId", "Template", "Title"})


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
        # What a site left at its old address has no web that could say more.
        left = self.entity.kind == "redirect" and declared.name not in _LEFT
        if left or (not self.detail and declared.name not in _LISTED):
            return declared.wrap(declared.default)
        return super().read(declared)

    def as_text(self, name: str) -> str | None:
        """A property by name as a filter compares it, None when there is no such property."""
        declared = self.table().get(name.lower())
        return None if declared is None else str(self.read(declared))

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
        limit = int(read_settings(self.scope.store).get("SharingCapability", 2))
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
        """Keep what an administrator set, as far as the tenant allows it."""
        kept = {name: value for name, value in patch.items() if name != "SetOwnerWithoutUpdatingSecondaryAdmin"}
        if kept.get("LockState", "Unlock") not in ("Unlock", "NoAdditions", "ReadOnly", "NoAccess"):
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: LockState")
        if "SharingCapability" in kept:
            self._refuse_wider_than_tenant(whole(kept["SharingCapability"], "SharingCapability"))
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
        limit = int(read_settings(self.scope.store).get("SharingCapability", 2))
        if level not in _OPENNESS or _OPENNESS[level] > _OPENNESS.get(limit, 0):
            raise bad_argument(
                "The SharingCapability of a site can't be more permissive than the tenant's.\r\n"
                "Parameter name: SharingCapability"
            )

    @action("Update")
    def update(self, _call: Call) -> SpoOperation:
        """What was set is kept; the operation tells how far that is."""
        return SpoOperation(self.scope, "SetSite", f"https://{self.entity.name}")


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
    element = SiteProperties
    collection_type = f"{TYPE}.SPOSitePropertiesEnumerable"

    def __init__(
        self, scope: Scope, rows: list[Entity] | None = None, *, detail: bool = True, following: int = -1
    ) -> None:
        super().__init__(scope)
        self.rows = rows
        self.detail = detail
        self.following = following

    def own(self) -> Mapping[str, object]:
        after = None if self.following < 0 else str(self.following)
        return {"NextStartIndex": self.following, "NextStartIndexFromSharePoint": after}

    def all(self) -> list[SiteProperties]:
        names = self.scope.tenant.names
        every = self.scope.store.every("site") if self.rows is None else self.rows
        rows = [row for row in every if row.name not in names.unlisted_sites]
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

    @function("GetSiteUserGroups")
    def get_user_groups(self, call: Call) -> Bag:
        """The people in a site's groups: 0 owners, 1 members, 2 visitors."""
        return user_groups(self.scope, self.by_key(call.value("siteId", 0)).entity, call.text("userGroupIds", 1))

    @function("GetLockStateById")
    def get_lock_state(self, call: Call) -> str:
        """Whether a site is locked."""
        return str(self.by_key(call.value("siteId", 0)).entity.props.get("LockState", "Unlock"))


class DeletedSites(Collection):
    """Recycled sites."""

    feed = "DeletedSiteProperties"
    element = DeletedSite
    collection_type = f"{TYPE}.SPODeletedSitePropertiesEnumerable"

    def own(self) -> Mapping[str, object]:
        return {"NextStartIndex": -1, "NextStartIndexFromSharePoint": None}

    def all(self) -> list[DeletedSite]:
        return [DeletedSite(self.scope, row) for row in self.scope.store.every("site", deleted=True)]
