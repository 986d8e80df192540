"""Hub sites: registration, association, properties."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found, invalid_operation
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Stored, action, as_guid, computed, function
from spmigrate.rehearsal.sharepoint.navigation import TOP_BAR, Nodes
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, INT, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.sharepoint.web_look import put_theme
from spmigrate.rehearsal.storage import Entity

# Source: Microsoft's limits for hub sites.
MAX_HUBS = 2000
# Source: the same page: hubs may be associated in three levels.
_DEEPEST = 3


class HubSite(Stored):
    """A hub."""

    type = "SP.HubSite"
    feed = "HubSites"
    declared = table(
        group(TEXT, None, "Description LogoUrl Targets EnforcedECTs", writable=True),
        group(TEXT, "", "Title", writable=True),
        group(TEXT, "", "SiteUrl"),
        group(GUID, ZERO_GUID, "ID SiteId"),
        group(GUID, ZERO_GUID, "ParentHubSiteId SiteDesignId", writable=True),
        group(GUID, ZERO_GUID, "TenantInstanceId"),
        group(BOOLEAN, False, "EnablePermissionsSync HideNameInNavigation RequiresJoinApproval", writable=True),
        group(INT, 0, "EnforcedECTsVersion PermissionsSyncTag"),
    )

    @property
    def path(self) -> str:
        return f"HubSites/GetById('{self.entity.guid}')"

    @property
    def etag(self) -> str | None:
        return f'"{self.entity.etag}"'

    @computed("ID")
    def _id(self) -> str:
        return self.entity.guid.upper()

    @computed("SiteId")
    def _site_id(self) -> str:
        return self.entity.guid

    @computed("SiteUrl")
    def _site_url(self) -> str:
        row = self.scope.store.get("site", self.entity.guid)
        return f"https://{row.name}" if row else ""

    def save(self, patch: Mapping[str, Any]) -> None:
        kept = dict(patch)
        parent = as_guid(kept.get("ParentHubSiteId", "")) if "ParentHubSiteId" in kept else None
        if parent is not None and parent != ZERO_GUID and find_hub(self.scope, parent) is None:
            # As in the service: a parent that is no hub is ignored without a word.
            kept.pop("ParentHubSiteId")
        super().save(kept)

    @action("Update")
    def update(self, _call: Call) -> None:
        """Nothing is pending over REST."""


class HubSites(Collection):
    """All hubs of the tenant."""

    feed = "HubSites"
    element = HubSite

    def all(self) -> list[HubSite]:
        return [HubSite(self.scope, row) for row in self.scope.store.every("hub")]

    def by_key(self, key: object) -> HubSite:
        row = find_hub(self.scope, str(key))
        if row is None:
            raise file_not_found()
        return HubSite(self.scope, row)

    @function("GetById")
    def get_by_id(self, call: Call) -> HubSite:
        """A hub by id."""
        return self.by_key(call.text("hubSiteId", 0))


def find_hub(scope: Scope, identity: str) -> Entity | None:
    """A hub by its site's id."""
    guid = as_guid(identity)
    return scope.store.get("hub", guid) if guid and guid != ZERO_GUID else None


def register(scope: Scope, given: Mapping[str, Any]) -> HubSite:
    """Make a site a hub; refuses one that is a hub already, or that belongs to another."""
    site = scope.refreshed().site
    if find_hub(scope, site.guid) is not None:
        raise invalid_operation("This site is already a HubSite.")
    if (site.props.get("HubSiteId") or ZERO_GUID) != ZERO_GUID:
        raise invalid_operation(
            "This site is already joined to a hub site. Leave the hub site before registering it as one."
        )
    if len(scope.store.every("hub")) >= MAX_HUBS:
        raise invalid_operation(f"A tenant can't have more than {MAX_HUBS} hub sites.")
    props = {
        "Title": given.get("Title") or site.props.get("Title", ""),
        "LogoUrl": given.get("LogoUrl"),
        "Description": given.get("Description"),
    }
    row = scope.store.insert("hub", site.name, at=scope.now, guid=site.guid, props=props)
    scope.store.update(site, {"HubSiteId": site.guid}, at=scope.now)
    return HubSite(scope, row)


def unregister(scope: Scope) -> None:
    """Make a hub an ordinary site; its associated sites lose the hub."""
    row = find_hub(scope, scope.site.guid)
    if row is None:
        raise invalid_operation("This site is not a HubSite.")
    scope.store.delete(row)
    for site in scope.store.every("site"):
        if site.props.get("HubSiteId") == row.guid:
            scope.store.update(site, {"HubSiteId": ZERO_GUID}, at=scope.now)


def set_parent(scope: Scope, hub: Entity, parent: str) -> None:
    """Put a hub below another, which may be two levels below a third; the zero GUID puts it below none."""
    above, levels = parent, 0
    while above != ZERO_GUID:
        row = find_hub(scope, above)
        if row is None:
            raise bad_argument(f"The hub site {parent} does not exist.\r\nParameter name: parentHubSiteId")
        if row.guid == hub.guid or levels >= _DEEPEST:
            raise invalid_operation("This hub can't be associated with that parent hub.")
        above, levels = str(row.props.get("ParentHubSiteId") or ZERO_GUID), levels + 1
    scope.store.update(hub, {"ParentHubSiteId": parent}, at=scope.now)


def join(scope: Scope, hub: str) -> None:
    """Associate the scope's site with a hub; the zero GUID takes it out."""
    guid = as_guid(hub)
    if guid is None:
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: hubSiteId")
    if find_hub(scope, scope.site.guid) is not None:
        raise invalid_operation("A hub site can't be joined to another hub site.")
    if guid != ZERO_GUID and find_hub(scope, guid) is None:
        raise bad_argument(f"The hub site {guid} does not exist.\r\nParameter name: hubSiteId")
    scope.store.update(scope.site, {"HubSiteId": guid}, at=scope.now)
    take_theme(scope.refreshed())


def take_theme(scope: Scope) -> None:
    """Give the scope's web the theme of the hub that its site belongs to, if that has one."""
    site = scope.store.get("site", str(scope.site.props.get("HubSiteId") or ""))
    hub = scope_of_site(scope, site).web if site is not None and site.guid != scope.site.guid else None
    if hub is not None and "_Palette" in hub.props:
        put_theme(scope, str(hub.props.get("_Theme", "")), hub.props["_Palette"])


def hub_site_data(scope: Scope) -> str | None:
    """The hub's name, address and navigation, as JSON text; None when there is no hub."""
    row = find_hub(scope, str(scope.site.props.get("HubSiteId") or ""))
    site = scope.store.get("site", row.guid) if row else None
    if row is None or site is None:
        return None
    nodes = Nodes(scope_of_site(scope, site), TOP_BAR).all()
    content = {
        "themeKey": None,
        "name": row.props.get("Title", ""),
        "url": f"https://{site.name}",
        "logoUrl": row.props.get("LogoUrl"),
        "usesMetadataNavigation": False,
        "navigation": [
            {"Id": each.entity.name, "Title": each.entity.props["Title"], "Url": each.entity.props["Url"],
             "IsDocLib": False, "IsExternal": each.entity.props.get("IsExternal", False), "ParentId": 0,
             "ListTemplateType": 0, "AudienceIds": [], "CurrentLCID": 1033, "Children": [], "OpenInNewWindow": None}
            for each in nodes
        ],
        "megaMenuEnabled": bool(scope.web.props.get("MegaMenuEnabled")),
        "hubSiteId": row.guid,
        "isNavAudienceTargeted": False,
        "permissionsSyncTag": 0,
        "requiresJoinApproval": bool(row.props.get("RequiresJoinApproval")),
        "parentHubSiteId": row.props.get("ParentHubSiteId", ZERO_GUID),
    }  # fmt: skip
    return json.dumps(content)
