"""The ways from the root of ``_api`` to what the tenant's administrators have, and to what spans sites."""

from __future__ import annotations

from spmigrate.rehearsal.odata.errors import unknown_resource
from spmigrate.rehearsal.sharepoint import hubs
from spmigrate.rehearsal.sharepoint.access import require_tenant_administrator
from spmigrate.rehearsal.sharepoint.brand_center import BrandCenter
from spmigrate.rehearsal.sharepoint.directory_session import DirectoryCalls
from spmigrate.rehearsal.sharepoint.model import Call, Resource, function, link
from spmigrate.rehearsal.sharepoint.office365_tenant import Office365Tenant
from spmigrate.rehearsal.sharepoint.rename_jobs import RenameJobs
from spmigrate.rehearsal.sharepoint.service_principal import PublicServicePrincipal, WebAppServicePrincipal
from spmigrate.rehearsal.sharepoint.site_group import SiteGroup
from spmigrate.rehearsal.sharepoint.tenant_admin import TenantAdmin
from spmigrate.rehearsal.sharepoint.tenant_cdn import TenantCdnApi
from spmigrate.rehearsal.sharepoint.tenant_places import HomeSite, OrgNews, OrgNewsSite, is_communication_site
from spmigrate.rehearsal.sharepoint.tenant_services import (
    AnalyticsUsage,
    GeoServices,
    GeoVersions,
    TenantAdminEndpoints,
    TenantAdminSettingsService,
    TenantSettings,
)
from spmigrate.rehearsal.sharepoint.tenant_themes import ThemeManager


class HubUtility(Resource):
    """``SPHubSitesUtility``."""

    type = "Microsoft.SharePoint.Portal.SPHubSitesUtility"
    feed = "SPHubSitesUtility"

    @property
    def path(self) -> str:
        return self.type

    @function("GetHubSites")
    def all_hubs(self, _call: Call) -> hubs.HubSites:
        """All hubs."""
        return hubs.HubSites(self.scope)


class TenantCalls(DirectoryCalls):
    """What the root leads to beside the web and the site."""

    @link("SPO.Tenant")
    @link("SPOInternalUseOnly.Tenant")
    @link("Microsoft.Online.SharePoint.TenantAdministration.Tenant")
    def tenant(self) -> TenantAdmin:
        """The tenant, on the admin host and for its administrators alone."""
        self._require_admin("Tenant")
        return TenantAdmin(self.scope)

    @link("Microsoft.Online.SharePoint.TenantManagement.Office365Tenant")
    def office365_tenant(self) -> Office365Tenant:
        """The tenant's other face."""
        self._require_admin("Office365Tenant")
        return Office365Tenant(self.scope)

    @link("Microsoft.Online.SharePoint.TenantAdministration.Internal.SPOWebAppServicePrincipal")
    def service_principal(self) -> WebAppServicePrincipal:
        """What solutions may do at other services."""
        self._require_admin("SPOWebAppServicePrincipal")
        return WebAppServicePrincipal(self.scope)

    @link("Microsoft.Online.SharePoint.TenantAdministration.SPOWebAppServicePrincipalPublic")
    def public_service_principal(self) -> PublicServicePrincipal:
        """The same, for everybody."""
        return PublicServicePrincipal(self.scope)

    @link("Microsoft.Online.SharePoint.TenantAdministration.TenantAdminEndpoints")
    def endpoints(self) -> TenantAdminEndpoints:
        """Where other services are."""
        return TenantAdminEndpoints(self.scope)

    @link("Microsoft.Online.SharePoint.TenantAdministration.TenantAdminSettingsService")
    def settings_service(self) -> TenantAdminSettingsService:
        """Settings for the pages of the admin centre."""
        return TenantAdminSettingsService(self.scope)

    @link("Microsoft.Online.SharePoint.MultiGeo.Service.MultiGeoApiVersions")
    def geo_versions(self) -> GeoVersions:
        """Versions of the service of geographies."""
        return GeoVersions(self.scope)

    @link("Microsoft.Online.SharePoint.MultiGeo.Service.MultiGeoServicesBeta")
    def geo_services(self) -> GeoServices:
        """Geographies."""
        self._require_admin("MultiGeoServicesBeta")
        return GeoServices(self.scope)

    @link("BrandCenter")
    def brand_center(self) -> BrandCenter:
        """The organisation's colours and fonts."""
        return BrandCenter(self.scope)

    @link("SPOGroup")
    def group_of_site(self) -> SiteGroup:
        """The group behind a site."""
        self._require_admin("SPOGroup")
        return SiteGroup(self.scope)

    @link("SiteRenameJobs")
    def rename_jobs(self) -> RenameJobs:
        """Changes of sites' addresses."""
        self._require_admin("SiteRenameJobs")
        return RenameJobs(self.scope)

    @link("Microsoft.SharePoint.Administration.SPAnalyticsUsageService")
    def analytics(self) -> AnalyticsUsage:
        """Where events of use are sent."""
        return AnalyticsUsage(self.scope)

    @link("Microsoft.SharePoint.TenantCdn.TenantCdnApi")
    def cdn(self) -> TenantCdnApi:
        """Addresses in the content delivery networks."""
        return TenantCdnApi(self.scope)

    @link("ThemeManager")
    def themes(self) -> ThemeManager:
        """Themes."""
        return ThemeManager(self.scope)

    @link("SP.TenantSettings.Current")
    @link("SP_TenantSettings_Current")
    def tenant_settings(self) -> TenantSettings:
        """Where the app catalog is."""
        return TenantSettings(self.scope)

    @link("SP.SPHSite")
    @link("SPHSite")
    def home_site(self) -> HomeSite:
        """The home site."""
        return HomeSite(self.scope)

    @function("SP.SPHSite.IsCommSite")
    @function("SP.SPHSite.IsModernSiteWithHorizontalNav")
    def is_communication_site(self, call: Call) -> bool:
        """Whether a site is a communication site."""
        return is_communication_site(self.scope, call.text("siteUrl", 0))

    @function("SP.SPHSite.IsValidHomeSite")
    def is_valid_home_site(self, call: Call) -> bool:
        """Whether a site may become a home site."""
        return is_communication_site(self.scope, call.text("siteUrl", 0))

    @link("OrgNews")
    def org_news(self) -> OrgNews:
        """The sites of the organisation's news."""
        return OrgNews(self.scope)

    @link("Microsoft.SharePoint.OrgNewsSite.OrgNewsSiteApi")
    def org_news_site(self) -> OrgNewsSite:
        """Whether this site is one of them."""
        return OrgNewsSite(self.scope)

    @link("Microsoft.SharePoint.Portal.SPHubSitesUtility")
    def hub_utility(self) -> HubUtility:
        """All hubs."""
        return HubUtility(self.scope)

    def _require_admin(self, name: str) -> None:
        if not self.scope.admin:
            raise unknown_resource(name)
        require_tenant_administrator(self.scope)
