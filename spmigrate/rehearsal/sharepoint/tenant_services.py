"""Small services of the admin host: endpoints, sharing status, app catalog, geographies, migration centre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.shared_settings import read_settings
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.access import Level, require_tenant_administrator
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.properties import INT, LONG, TEXT, TEXTS, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope

_TYPE = "Microsoft.Online.SharePoint.TenantAdministration"
_GEO = "Microsoft.Online.SharePoint.MultiGeo.Service"
CATALOG = "spo.appcatalog"


class TenantAdminEndpoints(Resource):
    """Where the other services of the tenant are."""

    type = f"{_TYPE}.TenantAdminEndpoints"
    feed = "TenantAdminEndpoints"
    declared = table(
        group(TEXT, "https://entra.microsoft.com", "AADAdminCenterEndpoint"),
        group(TEXT, "https://publiccdn.sharepointonline.com", "CdnDefaultEndpoint"),
        group(TEXT, "https://graph.microsoft.com", "CFRMSGraphEndpoint MicrosoftGraphEndpoint"),
        group(TEXT, "https://admin.microsoft.com", "O365AdminCenterEndpoint"),
        group(TEXT, "", "MigrationAgentUrl MiniMavenEndpoint SPMigrationToolUrl"),
    )

    @property
    def path(self) -> str:
        return self.type


class TenantAdminSettingsService(Resource):
    """Settings for the pages of the admin centre."""

    type = f"{_TYPE}.TenantAdminSettingsService"
    feed = "TenantAdminSettingsService"

    @property
    def path(self) -> str:
        return self.type

    @function("GetTenantSharingStatus")
    def sharing_status(self, _call: Call) -> int:
        """How openly the tenant shares, as ``SharingCapability`` says it."""
        return int(read_settings(self.scope.store).get("SharingCapability", 2))


class TenantSettings(Resource):
    """``SP.TenantSettings.Current``: where the app catalog is."""

    type = "SP.TenantSettings"
    feed = "TenantSettings"
    declared = table(group(TEXT, None, "CorporateCatalogUrl"))

    @property
    def path(self) -> str:
        return "SP.TenantSettings.Current"

    def stored(self) -> Mapping[str, Any]:
        return {"CorporateCatalogUrl": catalog_url(self.scope)}

    @action("SetCorporateCatalog", Level.READ)
    def set_catalog(self, call: Call) -> None:
        """Make a site the app catalog."""
        require_tenant_administrator(self.scope)
        row = site_manager.find_site(self.scope, call.text("url", 0))
        self.scope.store.write_value(CATALOG, row.guid)

    @action("ClearCorporateCatalog", Level.READ)
    def clear_catalog(self, _call: Call) -> None:
        """Have no app catalog."""
        require_tenant_administrator(self.scope)
        self.scope.store.write_value(CATALOG, "")


class AnalyticsUsage(Resource):
    """``SPAnalyticsUsageService``, which takes events and tells nothing."""

    type = "Microsoft.SharePoint.Administration.SPAnalyticsUsageService"
    feed = "SPAnalyticsUsageService"

    @property
    def path(self) -> str:
        return self.type


class GeoVersions(Resource):
    """Which versions the service of geographies has."""

    type = f"{_GEO}.MultiGeoApiVersions"
    feed = "MultiGeoApiVersions"
    declared = table(group(TEXTS, ["1.0", "1.1", "1.2", "1.3"], "SupportedVersions"))

    @property
    def path(self) -> str:
        return self.type


class StorageQuota(Resource):
    """How much the tenant may keep in a geography."""

    type = f"{_GEO}.StorageQuota"
    feed = "StorageQuotas"
    declared = table(
        group(TEXT, "GBR", "GeoLocation"),
        group(LONG, 1_304_576, "TenantStorageMB"),
        group(LONG, 0, "GeoAllocatedStorageMB GeoArchivedStorageMB GeoUsedArchivedStorageMB GeoUsedStorageMB"),
        group(LONG, 1_304_576, "GeoAvailableStorageMB"),
        group(INT, 0, "QuotaType"),
    )

    @property
    def path(self) -> str:
        return f"{_GEO}.MultiGeoServicesBeta/StorageQuotas('GBR')"


class StorageQuotas(Collection):
    """The one geography of the tenant."""

    feed = "StorageQuotas"
    element = StorageQuota

    def all(self) -> list[StorageQuota]:
        return [StorageQuota(self.scope)]


class GeoServices(Resource):
    """Geographies of a tenant that has one."""

    type = f"{_GEO}.MultiGeoServicesBeta"
    feed = "MultiGeoServicesBeta"

    @property
    def path(self) -> str:
        return self.type

    @link("StorageQuotas")
    def quotas(self) -> StorageQuotas:
        """What may be kept where."""
        return StorageQuotas(self.scope)


def catalog_url(scope: Scope) -> str | None:
    """The app catalog's address, None while there is none."""
    guid = scope.store.read_value(CATALOG)
    row = scope.store.get("site", str(guid)) if guid else None
    return f"https://{row.name}" if row else None


def templates(_scope: Scope) -> Bag:
    """The templates that a new site may have."""
    kind = f"{_TYPE}.SPOTenantWebTemplate"
    values = tuple(
        Complex(kind, {"CompatibilityLevel": 15, "Description": text, "DisplayCategory": "Collaboration", "Id": number,
                       "Lcid": 1033, "Name": name, "Title": title})
        for number, name, title, text in _TEMPLATES
    )  # fmt: skip
    return Bag(f"Collection({kind})", values)


_TEMPLATES = (
    (1, "STS#3", "Team site (no Microsoft 365 group)", "A site with no connection to a Microsoft 365 group."),
    (1, "STS#0", "Team site (classic experience)", "A place to work together with a group of people."),
    (7, "BDR#0", "Document Center", "A site to centrally manage documents in your enterprise."),
    (2764, "DEV#0", "Developer Site", "A site for developers to build, test and publish apps for Office."),
    (68, "SITEPAGEPUBLISHING#0", "Communication site", "Publish dynamic, beautiful content to people."),
    (3100, "APPCATALOG#0", "App Catalog Site", "A site for sharing apps for SharePoint and Office."),
    (50, "SRCHCEN#0", "Enterprise Search Center", "A site focused on delivering an enterprise-wide search experience."),
    (52, "SRCHCENTERLITE#0", "Basic Search Center", "A site focused on delivering a basic search experience."),
    (14483, "OFFILE#1", "Records Center", "This template creates a site designed for records management."),
    (15000, "EDISC#0", "eDiscovery Center", "A site to manage the preservation, search, and export of content."),
)
