"""The app catalog as a web shows it: the tenant's properties, and the sites that have a catalog of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal import sites
from spmigrate.rehearsal.odata.errors import access_denied, bad_argument
from spmigrate.rehearsal.sharepoint import property_bag, site_manager
from spmigrate.rehearsal.sharepoint.access import require_tenant_administrator
from spmigrate.rehearsal.sharepoint.app_catalog import AppCatalog, AppTiles, SiteCollectionAppCatalog
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Node, Resource, action, function, link, refuse_empty
from spmigrate.rehearsal.sharepoint.properties import GUID, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope, scope_of_site
from spmigrate.rehearsal.sharepoint.tenant_services import CATALOG
from spmigrate.rehearsal.storage import Entity

_INDEX = "storageentitiesindex"
_SITES = "spo.siteappcatalogs"


class StorageEntity(Resource):
    """A property of the tenant; one that is not there has no values."""

    type = "SP.StorageEntity"
    feed = "StorageEntities"
    declared = table(group(TEXT, None, "Comment Description Value"))

    def __init__(self, scope: Scope, values: Mapping[str, Any]) -> None:
        super().__init__(scope)
        self.values = values

    @property
    def path(self) -> str:
        return "SP.StorageEntity"

    def stored(self) -> Mapping[str, Any]:
        return self.values


class SiteCatalog(Resource):
    """A site with an app catalog of its own."""

    type = "Microsoft.SharePoint.Marketplace.CorporateCuratedGallery.SiteCollectionAppCatalogAllowedItem"
    feed = "SiteCollectionAppCatalogAllowedItems"
    declared = table(group(TEXT, None, "AbsoluteUrl ErrorMessage"), group(GUID, None, "SiteID"))

    def __init__(self, scope: Scope, site: Entity) -> None:
        super().__init__(scope)
        self.site = site

    @property
    def path(self) -> str:
        return f"Web/TenantAppCatalog/SiteCollectionAppCatalogsSites('{self.site.guid}')"

    def stored(self) -> Mapping[str, Any]:
        return {"AbsoluteUrl": f"https://{self.site.name}", "ErrorMessage": "Success", "SiteID": self.site.guid}


class SiteCatalogs(Collection):
    """The sites with an app catalog of their own."""

    feed = "SiteCollectionAppCatalogAllowedItems"
    element = SiteCatalog

    def _guids(self) -> list[str]:
        return list(self.scope.store.read_value(_SITES) or [])

    def all(self) -> list[SiteCatalog]:
        rows = [self.scope.store.get("site", each) for each in self._guids()]
        return [SiteCatalog(self.scope, row) for row in rows if row is not None]

    @action("Add")
    def add(self, call: Call) -> SiteCatalog:
        """Give a site a catalog of its own."""
        require_tenant_administrator(self.scope)
        row = site_manager.find_site(self.scope, call.text("absolutePath", 0))
        if row.guid not in self._guids():
            self.scope.store.write_value(_SITES, [*self._guids(), row.guid])
            sites.add_catalog(scope_of_site(self.scope, row))
        return SiteCatalog(self.scope, row)

    @action("Remove")
    def remove(self, call: Call) -> None:
        """Take a site's own catalog away."""
        self._drop(site_manager.find_site(self.scope, call.text("absolutePath", 0)).guid)

    @action("RemoveById")
    def remove_by_id(self, call: Call) -> None:
        """Take a site's own catalog away, by the site's id."""
        self._drop(str(call.value("siteID", 0)).lower())

    def _drop(self, guid: str) -> None:
        require_tenant_administrator(self.scope)
        if guid not in self._guids():
            raise bad_argument("The site has no app catalog.")
        self.scope.store.write_value(_SITES, [each for each in self._guids() if each != guid])


class TenantAppCatalog(AppCatalog):
    """``TenantAppCatalog`` of a web."""

    type = "Microsoft.SharePoint.Marketplace.CorporateCuratedGallery.TenantCorporateCatalogAccessor"
    feed = "TenantAppCatalog"
    segment = "TenantAppCatalog"

    def catalog(self) -> Scope | None:
        return _catalog(self.scope)

    @link("SiteCollectionAppCatalogsSites")
    def sites(self) -> SiteCatalogs:
        """The sites with an app catalog of their own."""
        return SiteCatalogs(self.scope)


class CatalogCalls(Node):
    """What a web tells of the app catalog."""

    @link("TenantAppCatalog")
    def tenant_app_catalog(self) -> TenantAppCatalog:
        """The tenant's app catalog."""
        return TenantAppCatalog(self.scope)

    @link("SiteCollectionAppCatalog")
    def site_app_catalog(self) -> SiteCollectionAppCatalog:
        """The app catalog of the site itself."""
        return SiteCollectionAppCatalog(self.scope)

    @link("AppTiles")
    def app_tiles(self) -> AppTiles:
        """The lists and apps of the web."""
        return AppTiles(self.scope)

    @action("EnsureTenantAppCatalog")
    def ensure_tenant_app_catalog(self, _call: Call) -> bool:
        """Make the tenant's app catalog when there is none."""
        require_tenant_administrator(self.scope)
        if _catalog(self.scope) is None:
            address = f"{self.scope.tenant.names.sharepoint}/sites/appcatalog"
            row = self.scope.store.find("site", 0, address)
            owner = self.scope.claims.user or str(self.scope.site.props.get("Owner", ""))
            new = sites.NewSite(address, "App Catalog", owner, "APPCATALOG#0")
            self.scope.store.write_value(CATALOG, (row or sites.create_site(self.scope.tenant, new)).guid)
        return True

    @function("GetStorageEntity")
    def storage_entity(self, call: Call) -> StorageEntity:
        """A property of the tenant, from any web."""
        scope = _catalog(self.scope)
        found = {} if scope is None else _entities(scope).get(call.text("key", 0), {})
        return StorageEntity(self.scope, found)

    @action("SetStorageEntity")
    def set_storage_entity(self, call: Call) -> None:
        """Keep a property of the tenant, in the app catalog alone."""
        names = ("Value", "Description", "Comment")
        given = {name: call.text(name.lower(), place, default="") for place, name in enumerate(names, 1)}
        refuse_empty(given["Value"], "value")
        self._keep({**self._own(), call.text("key", 0): given})

    @action("RemoveStorageEntity")
    def remove_storage_entity(self, call: Call) -> None:
        """Take a property of the tenant away."""
        key = call.text("key", 0)
        self._keep({name: each for name, each in self._own().items() if name != key})

    def _own(self) -> dict[str, Any]:
        scope = _catalog(self.scope)
        if scope is None or scope.web.id != self.scope.web.id:
            raise access_denied()
        return _entities(self.scope)

    def _keep(self, entities: Mapping[str, Any]) -> None:
        property_bag.put(self.scope, {_INDEX: json.dumps(entities, ensure_ascii=False) if entities else None})


def _catalog(scope: Scope) -> Scope | None:
    guid = scope.store.read_value(CATALOG)
    row = scope.store.get("site", str(guid)) if guid else None
    return scope_of_site(scope, row) if row else None


def _entities(scope: Scope) -> dict[str, Any]:
    text = property_bag.web_values(scope).get(_INDEX)
    return dict(json.loads(str(text))) if text else {}
