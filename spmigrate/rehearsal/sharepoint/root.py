"""The root of ``_api``: web, site, and the services beside them."""

from __future__ import annotations

from dataclasses import replace

from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import folder_tree, hubs, site_manager, webs
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.compliance import LabelCalls
from spmigrate.rehearsal.sharepoint.folder_coloring import ColoringCalls
from spmigrate.rehearsal.sharepoint.form_digest import DIGEST_SECONDS, make_digest
from spmigrate.rehearsal.sharepoint.lists import Lists
from spmigrate.rehearsal.sharepoint.menus import MenuService
from spmigrate.rehearsal.sharepoint.model import Call, Member, Result, function, link
from spmigrate.rehearsal.sharepoint.move_copy import MoveCopyCalls
from spmigrate.rehearsal.sharepoint.page_service import PageCalls
from spmigrate.rehearsal.sharepoint.people_calls import PeopleCalls
from spmigrate.rehearsal.sharepoint.related_items import RelatedItemCalls
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.search import SearchCalls
from spmigrate.rehearsal.sharepoint.site import Site
from spmigrate.rehearsal.sharepoint.site_designs import DesignCalls
from spmigrate.rehearsal.sharepoint.site_services import SiteServices
from spmigrate.rehearsal.sharepoint.small_services import SmallServices
from spmigrate.rehearsal.sharepoint.tenant_root import TenantCalls
from spmigrate.rehearsal.sharepoint.web_look import LookCalls
from spmigrate.rehearsal.site_grants import claims_elsewhere


class Root(
    TenantCalls,
    LabelCalls,
    DesignCalls,
    LookCalls,
    MoveCopyCalls,
    SearchCalls,
    PageCalls,
    RelatedItemCalls,
    SiteServices,
    PeopleCalls,
    ColoringCalls,
    SmallServices,
):
    """Where every path begins."""

    write_level = Level.CONTROL

    @property
    def path(self) -> str:
        return ""

    def step_to(self, key: str) -> Member | None:
        """A member; those of other namespaces are found with underscores for dots as well."""
        return self.members.get(key) or self.members.get(key.replace("_", "."))

    @function("ContextInfo")
    def context_info(self, _call: Call) -> object:
        """The form digest and the addresses of site and web."""
        return Result("GetContextWebInformation", self._context())

    @function("SP.Web.GetContextWebInformation")
    def context_web_information(self, _call: Call) -> Complex:
        """The same, as a static method."""
        return self._context()

    def _context(self) -> Complex:
        return Complex(
            "SP.ContextWebInformation",
            {
                "FormDigestTimeoutSeconds": DIGEST_SECONDS,
                "FormDigestValue": make_digest(self.scope),
                "LibraryVersion": "16.0.26601.12006",
                "SiteFullUrl": self.scope.site_url,
                "SupportedSchemaVersions": Bag("Collection(Edm.String)", ("14.0.0.0", "15.0.0.0")),
                "WebFullUrl": self.scope.web_url,
            },
        )

    @link("Web")
    def web(self) -> webs.Web:
        """The web."""
        return webs.Web(self.scope, self.scope.web)

    @link("Lists")
    def lists(self) -> Lists:
        """The lists and libraries of the web."""
        return Lists(self.scope)

    @link("Site")
    def site(self) -> Site:
        """The site collection."""
        return Site(self.scope, self.scope.site)

    @link("SPSiteManager")
    def new_sites(self) -> site_manager.SiteManager:
        """Making sites."""
        return site_manager.SiteManager(self._tenant_wide())

    @link("GroupSiteManager")
    def group_site_manager(self) -> site_manager.GroupSiteManager:
        """Making sites of groups."""
        return site_manager.GroupSiteManager(self._tenant_wide())

    def _tenant_wide(self) -> Scope:
        """The same surroundings without what single sites grant, which makes no sites."""
        return replace(self.scope, claims=claims_elsewhere(self.scope.claims))

    @link("HubSites")
    def hub_sites(self) -> hubs.HubSites:
        """All hubs."""
        return hubs.HubSites(self.scope)

    @link("Microsoft.SharePoint.Navigation.REST.NavigationServiceRest")
    @link("navigation")
    def navigation(self) -> MenuService:
        """Menus as trees."""
        return MenuService(self.scope)

    @function("SP.Site.Exists")
    def site_exists(self, call: Call) -> bool:
        """Whether an address is a site's; a recycled site's still is."""
        url = call.text("url", 0)
        host, _, path = url.partition("://")[2].partition("/")
        address = f"{host}/{path}".strip("/")
        return site_manager.address_state(self.scope, address) == "taken"

    @function("SP.Site.GetUrlById")
    def site_url_by_id(self, call: Call) -> str:
        """A site's address."""
        row = self.scope.store.get("site", str(call.value("id", 0)))
        if row is None:
            raise ODataError(404, "-2147024894, System.IO.FileNotFoundException", "File Not Found.")
        return f"https://{row.name}"

    @function("SP.Web.GetWebUrlFromPageUrl")
    def web_url_from_page(self, call: Call) -> str:
        """The web that an address lies in."""
        return folder_tree.scope_at(self.scope, call.text("pageFullUrl", 0)).web_url
