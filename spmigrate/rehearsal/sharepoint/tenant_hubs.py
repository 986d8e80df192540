"""Hubs, as the tenant's administrators see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import hubs, site_manager
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Node, action, as_guid, function
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.storage import Entity

_TYPE = "Microsoft.Online.SharePoint.TenantAdministration"
_PERMISSION = f"{_TYPE}.HubSitePermission"
# SP.SPOHubSiteUserRights: none, and joining sites.
_NONE, _JOIN = 0, 1


class HubSiteProperties(hubs.HubSite):
    """A hub with the people who may join sites to it."""

    type = f"{_TYPE}.HubSiteProperties"
    feed = "HubSiteProperties"
    declared = table(hubs.HubSite.declared.values(), group(f"Collection({_PERMISSION})", None, "Permissions"))

    @property
    def path(self) -> str:
        return f"{_TYPE}.Tenant/GetHubSitePropertiesById('{self.entity.guid}')"

    def stored(self) -> Mapping[str, Any]:
        granted = self.entity.props.get("_Rights", {})
        people = [
            Complex(_PERMISSION, {"DisplayName": each["Title"], "PrincipalName": name, "Rights": each["Rights"]})
            for name, each in granted.items()
        ]
        return {**self.entity.props, "Permissions": Bag(f"Collection({_PERMISSION})", tuple(people))}


class HubSitesProperties(Collection):
    """All hubs."""

    feed = "HubSiteProperties"
    element = HubSiteProperties

    def all(self) -> list[HubSiteProperties]:
        return [HubSiteProperties(self.scope, row) for row in self.scope.store.every("hub")]


class HubCalls(Node):
    """What the tenant's administrators do with hubs."""

    @action("RegisterHubSite")
    def register_hub_site(self, call: Call) -> HubSiteProperties:
        """Make a site a hub."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        made = hubs.register(scope_of_site(self.scope, row), call.record("creationInformation"))
        return HubSiteProperties(self.scope, made.entity)

    @action("UnregisterHubSite")
    def unregister_hub_site(self, call: Call) -> None:
        """Make a hub an ordinary site."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        hubs.unregister(scope_of_site(self.scope, row))

    @action("ConnectSiteToHubSite")
    def connect_site_by_url(self, call: Call) -> None:
        """Associate a site with a hub, both by address."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        hub = site_manager.find_site(self.scope, call.text("hubSiteUrl", 1))
        hubs.join(scope_of_site(self.scope, row), hub.guid)

    @action("ConnectSiteToHubSiteById")
    def connect_site(self, call: Call) -> None:
        """Associate a site with a hub."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        hubs.join(scope_of_site(self.scope, row), str(call.value("hubSiteId", 1)))

    @action("DisconnectSiteFromHubSite")
    def disconnect_site(self, call: Call) -> None:
        """Take a site out of its hub."""
        row = site_manager.find_site(self.scope, call.text("siteUrl", 0))
        hubs.join(scope_of_site(self.scope, row), ZERO_GUID)

    @action("ConnectHubSites")
    def connect_hubs(self, call: Call) -> None:
        """Put a hub below another."""
        parent, child = self._hub(call.text("parentUrl", 0)), self._hub(call.text("childUrl", 1))
        hubs.set_parent(self.scope, child, parent.guid)

    @action("DisconnectHubSites")
    def disconnect_hub(self, call: Call) -> None:
        """Put a hub below none."""
        hubs.set_parent(self.scope, self._hub(call.text("childUrl", 0)), ZERO_GUID)

    @function("GetHubSitePropertiesById")
    def hub_by_id(self, call: Call) -> HubSiteProperties:
        """A hub by id."""
        return HubSiteProperties(self.scope, hubs.HubSites(self.scope).by_key(call.value("hubSiteId", 0)).entity)

    @function("GetHubSitePropertiesByUrl")
    def hub_by_url(self, call: Call) -> HubSiteProperties:
        """A hub by its site's address."""
        return HubSiteProperties(self.scope, self._hub(call.text("siteUrl", 0)))

    @function("GetHubSitesProperties")
    def all_hubs(self, _call: Call) -> HubSitesProperties:
        """All hubs."""
        return HubSitesProperties(self.scope)

    @action("GrantHubSiteRights")
    @action("GrantHubSiteRightsById")
    def grant_rights(self, call: Call) -> HubSiteProperties:
        """Let some people alone join sites to a hub."""
        rights = call.number("grantedRights", 2)
        if rights not in (_NONE, _JOIN):
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: grantedRights")
        return self._change(call, {name: {"Title": title, "Rights": rights} for name, title in self._people(call)})

    @action("RevokeHubSiteRights")
    @action("RevokeHubSiteRightsById")
    def revoke_rights(self, call: Call) -> HubSiteProperties:
        """Take the right back; with nobody left, everybody may join sites again."""
        return self._change(call, {name: None for name, _ in self._people(call)})

    def _people(self, call: Call) -> list[tuple[str, str]]:
        scope = _root_scope(self.scope, self._named(call))
        rows = [ensure_user(scope, each) for each in call.texts("principals", 1)]
        return [(row.name, str(row.props.get("Title", ""))) for row in rows]

    def _change(self, call: Call, patch: Mapping[str, Any]) -> HubSiteProperties:
        hub = self._named(call)
        granted = {**hub.props.get("_Rights", {}), **patch}
        kept = {name: each for name, each in granted.items() if each is not None}
        return HubSiteProperties(self.scope, self.scope.store.update(hub, {"_Rights": kept}, at=self.scope.now))

    def _named(self, call: Call) -> Entity:
        given = str(call.value("hubSiteUrl", 0, default=None) or call.value("hubSiteId", 0))
        guid = as_guid(given)
        return hubs.HubSites(self.scope).by_key(guid).entity if guid else self._hub(given)

    def _hub(self, url: str) -> Entity:
        return hubs.HubSites(self.scope).by_key(site_manager.find_site(self.scope, url).guid).entity


def _root_scope(scope: Scope, hub: Entity) -> Scope:
    row = scope.store.get("site", hub.guid)
    return scope_of_site(scope, row) if row else scope
