"""Making, recycling, restoring and archiving sites, as the tenant's administrators do it."""

from __future__ import annotations

from spmigrate.rehearsal.odata.errors import ODataError, bad_argument
from spmigrate.rehearsal.odata.render import Bag
from spmigrate.rehearsal.sharepoint import site_manager
from spmigrate.rehearsal.sharepoint.model import Call, Node, action, as_guid, function
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.scope import scope_of_site
from spmigrate.rehearsal.sharepoint.tenant_operations import SpoOperation
from spmigrate.rehearsal.sharepoint.tenant_services import CATALOG, templates
from spmigrate.rehearsal.sharepoint.tenant_sites import DeletedSite, DeletedSites
from spmigrate.rehearsal.storage import Entity

_CATALOG_TEMPLATE = "APPCATALOG#0"


class SiteLife(Node):
    """A site from its making to its end."""

    @action("CreateSite")
    def create_site(self, call: Call) -> SpoOperation:
        """Make a site; the operation tells when it is there."""
        given = call.record("siteCreationProperties")
        template = str(given.get("Template") or "STS#3")
        url = str(given.get("Url") or "")
        answer = site_manager.create_site(self.scope, {**given, "WebTemplate": template}, templates=CLASSIC)
        if answer.values["SiteStatus"] in (site_manager.TAKEN, site_manager.ERROR):
            raise ODataError(
                400,
                "-2147024713, Microsoft.SharePoint.SPException",
                f"A site already exists at url {url}." if answer.values["SiteStatus"] == site_manager.TAKEN
                else "The owner of the site could not be found, or a deleted site has this address.",
            )  # fmt: skip
        if template == _CATALOG_TEMPLATE:
            self.scope.store.write_value(CATALOG, site_manager.find_site(self.scope, url).guid)
        return SpoOperation(self.scope, "CreateSite", url)

    @action("RemoveSite")
    def remove_site(self, call: Call) -> SpoOperation:
        """Recycle a site."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0), moved=True)
        if row.kind == "redirect":
            self.scope.store.delete(row)
            return SpoOperation(self.scope, "RemoveSite", f"https://{row.name}", row.guid)
        site_manager.recycle_site(self.scope, row)
        return SpoOperation(self.scope, "RemoveSite", f"https://{row.name}", row.guid)

    @action("RemoveDeletedSite")
    def remove_deleted_site(self, call: Call) -> SpoOperation:
        """Delete a recycled site for good."""
        row = self._deleted(call.text("siteUrl", 0))
        self.scope.store.delete(row)
        return SpoOperation(self.scope, "RemoveDeletedSite", f"https://{row.name}", row.guid)

    @action("RestoreDeletedSite")
    def restore_deleted_site(self, call: Call) -> SpoOperation:
        """Take a site out of the recycle bin."""
        return self._restore(self._deleted(call.text("siteUrl", 0)))

    @action("RestoreDeletedSiteById")
    def restore_deleted_site_by_id(self, call: Call) -> SpoOperation:
        """Take a site out of the recycle bin, by its id."""
        guid = as_guid(call.value("siteId", 0))
        for row in self.scope.store.every("site", deleted=True):
            if row.guid == guid:
                return self._restore(row)
        raise bad_argument(f"Unable to find the deleted site: {guid}.")

    def _restore(self, row: Entity) -> SpoOperation:
        self.scope.store.restore(row)
        return SpoOperation(self.scope, "RestoreDeletedSite", f"https://{row.name}", row.guid)

    def _deleted(self, url: str) -> Entity:
        try:
            return site_manager.find_site(self.scope, url, deleted=True)
        except ODataError:
            raise bad_argument(f"Unable to find the deleted site: {url}.") from None

    @function("GetDeletedSiteProperties")
    @function("GetDeletedSitePropertiesFromSharePoint")
    def deleted_sites(self, _call: Call) -> DeletedSites:
        """The recycled sites."""
        return DeletedSites(self.scope)

    @function("GetDeletedSitePropertiesByUrl")
    def deleted_site(self, call: Call) -> DeletedSite:
        """A recycled site by address."""
        return DeletedSite(self.scope, self._deleted(call.text("url", 0)))

    @action("ArchiveSiteByUrl")
    def archive_site(self, call: Call) -> SpoOperation:
        """Archive a site: nobody reaches it until it is active again."""
        return self._archive(call.text("siteUrl", 0), "RecentlyArchived", "NoAccess")

    @action("UnarchiveSiteByUrl")
    def unarchive_site(self, call: Call) -> SpoOperation:
        """Make an archived site active again."""
        return self._archive(call.text("siteUrl", 0), "NotArchived", "Unlock")

    def _archive(self, url: str, status: str, lock: str) -> SpoOperation:
        row = site_manager.find_site(self.scope, url)
        self.scope.store.update(row, {"ArchiveStatus": status, "LockState": lock}, at=self.scope.now)
        return SpoOperation(self.scope, "ArchiveSite", f"https://{row.name}", row.guid)

    @action("SetSiteAdmin")
    def set_site_admin(self, call: Call) -> None:
        """Make somebody an administrator of a site, or one no longer."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        scope = scope_of_site(self.scope, row)
        user = ensure_user(scope, call.text("loginName", 1))
        self.scope.store.update(user, {"IsSiteAdmin": call.flag("isSiteAdmin", 2)}, at=self.scope.now)

    @function("GetSPOAllWebTemplates")
    @function("GetSPOTenantAllWebTemplates")
    @function("GetSPOTenantWebTemplates")
    def web_templates(self, _call: Call) -> Bag:
        """The templates that a new site may have."""
        return templates(self.scope)


# What administrators may make beside the templates that everybody may use.
CLASSIC = ("APPCATALOG#0", "BDR#0", "DEV#0", "STS#1", "STS#2", "BLOG#0", "PROJECTSITE#0", "COMMUNITY#0", "SRCHCEN#0",
           "SRCHCENTERLITE#0", "OFFILE#1", "EDISC#0", "BICENTERSITE#0", "ENTERWIKI#0", "EHS#1")  # fmt: skip
