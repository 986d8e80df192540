"""``_api/sitepages`` and ``SP.Publishing.SitePageService``: what stands around pages."""

from __future__ import annotations

from typing import Any

from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Node, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, group, table
from spmigrate.rehearsal.sharepoint.site_pages import SitePages, free_name
from spmigrate.rehearsal.sharepoint.web_parts import WebParts, client_side_components

_SERVICE = "SP.Publishing.SitePageService"


class CommunicationSites(Resource):
    """``sitepages/CommunicationSite``: an older way of making a communication site."""

    type = "SP.Publishing.CommunicationSite"
    feed = "CommunicationSite"

    @property
    def path(self) -> str:
        return "sitepages/communicationsite"

    @action("Create", Level.CONTROL)
    def create(self, call: Call) -> Complex:
        """Make a communication site."""
        given = {**call.record("request"), "WebTemplate": "SITEPAGEPUBLISHING#0"}
        return site_manager.create_site(self.scope, given)

    @function("Status", Level.READ)
    def status(self, call: Call) -> Complex:
        """How far a site is."""
        return site_manager.answer(*site_manager.site_status(self.scope, call.text("url", 0)))

    @action("Enable", Level.CONTROL)
    def enable(self, _call: Call) -> None:
        """Make the site a communication site."""
        self.scope.store.update(self.scope.site, {"_Communication": True}, at=self.scope.now)


class PageService(Resource):
    """The service of pages."""

    type = _SERVICE
    feed = "SitePageService"
    declared = table(group(BOOLEAN, False, "CustomContentApprovalEnabled"))

    @property
    def path(self) -> str:
        return "sitepages"

    @link("Pages")
    def pages(self) -> SitePages:
        """The modern pages."""
        return SitePages(self.scope)

    @link("CommunicationSite")
    def communication_site(self) -> CommunicationSites:
        """Making communication sites."""
        return CommunicationSites(self.scope)

    @function("CanCreatePage")
    def can_create(self, _call: Call) -> bool:
        """Whether the caller may make pages."""
        return True

    @function("CanCreatePromotedPage")
    def can_create_news(self, _call: Call) -> bool:
        """Whether the caller may make news."""
        return True


class PageCalls(Node):
    """The service and its static methods."""

    @link("sitepages")
    @link(_SERVICE)
    def page_service(self) -> PageService:
        """Pages."""
        return PageService(self.scope)

    @link("SP.Publishing.SitePageCollection")
    def page_collection(self) -> SitePages:
        """The modern pages."""
        return SitePages(self.scope)

    @function(f"{_SERVICE}.GetCurrentUserMemberships")
    def memberships(self, _call: Call) -> Bag:
        """The Microsoft 365 groups of the caller; an application is in none."""
        directory = self.scope.tenant.directory
        user = directory.user_by_login(self.scope.claims.user) if self.scope.claims.user else None
        groups = [each for each in directory.groups() if user is not None and user in directory.people(each, "member")]
        return Bag("Collection(Edm.String)", tuple(each.guid for each in groups))

    @function(f"{_SERVICE}.ComputeFileName")
    def compute_file_name(self, call: Call) -> str:
        """The name that a page with a title gets."""
        pages = SitePages(self.scope)
        root = self.scope.content.root(pages.owner.id)
        assert root is not None
        child = next(iter(self.scope.content.children(root, limit=1)), root)
        return free_name(self.scope, child, call.text("title", 0))

    @function(f"{_SERVICE}.FilePickerTabOptions")
    def file_picker(self, _call: Call) -> Complex:
        """What the picker of files shows."""
        values: dict[str, Any] = {
            "BingSearchEnabled": True, "CentralAssetRepository": None, "OrgAssets": False,
            "OneDrive": True, "StockImages": True,
        }  # fmt: skip
        return Complex("SP.Publishing.FilePickerOptions", values)


class PageParts(Resource):
    """The part of a web that knows what pages are made of."""

    @function("GetClientSideWebParts")
    def client_side_web_parts(self, _call: Call) -> WebParts:
        """The web parts that pages can hold."""
        return WebParts(self.scope)

    @function("GetAllClientSideComponents")
    def all_client_side_components(self, _call: Call) -> Bag:
        """The components of pages and extensions."""
        return client_side_components(self.scope)
