"""App catalogs: packages that are added, deployed, installed in webs, retracted and removed.

A package is a file in the library ``AppCatalog`` of the tenant's catalog or of a site that has one of its own; an app
has the identity of that file. What a web has installed is a row of the web.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.odata.errors import (
    SP_EXCEPTION,
    ODataError,
    access_denied,
    bad_argument,
    duplicate_file,
    invalid_operation,
    unknown_resource,
)
from spmigrate.rehearsal.sharepoint import files
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.app_packages import Package, read_package
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, as_guid, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, DATE, GUID, INT, TEXT, ZERO_GUID, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

LIBRARY = "AppCatalog"
INSTANCE = "appinstance"
_DEPLOYED, _SKIPS = "_AppDeployed", "_AppSkipsFeature"
_NAMESPACE = "Microsoft.SharePoint.Marketplace.CorporateCuratedGallery"


def app_missing() -> ODataError:
    """An app that the catalog does not have (404)."""
    kind = "Microsoft.SharePoint.Client.ResourceNotFoundException"
    return ODataError(404, f"-1, {kind}", f"Exception of type '{kind}' was thrown.")


def not_available(identity: str) -> ODataError:
    """An app that cannot be installed, for the catalog does not offer it (500)."""
    message = f"The app for SharePoint with ID {identity} does not exist in the app catalog."
    return ODataError(500, f"-2146232832, {SP_EXCEPTION}", message)


class App(Resource):
    """An app of a catalog, as a web sees it."""

    type = f"{_NAMESPACE}.CorporateCatalogAppMetadata"
    feed = "CorporateCatalogAppMetadatas"
    write_level = Level.CONTROL
    declared = table(
        group(GUID, None, "ID ProductId"),
        group(TEXT, "", "AppCatalogVersion ErrorMessage InstalledVersion ShortDescription StoreAssetId ThumbnailUrl "
              "Title"),
        group(TEXT, None, "AadAppId AadPermissions CDNLocation"),
        group(BOOLEAN, False, "CanUpgrade ContainsTenantWideExtension CurrentVersionDeployed Deployed "
              "IsClientSideSolution IsEnabled IsPackageDefaultSkipFeatureDeployment IsValidAppPackage "
              "SkipDeploymentFeature SupportsTeamsTabs"),
    )  # fmt: skip

    def __init__(self, scope: Scope, catalog: Scope, item: Item, address: str) -> None:
        super().__init__(scope)
        self.catalog = catalog
        self.item = item
        self.address = address
        self.package = _package(scope, item)

    @property
    def path(self) -> str:
        return f"{self.address}/AvailableApps/GetById('{self.item.guid}')"

    def stored(self) -> Mapping[str, Any]:
        """What the package says, and how far it is deployed and installed here."""
        package, installed, deployed = self.package, self._instance(), str(self.item.fields.get(_DEPLOYED) or "")
        version = "" if installed is None else str(installed.props["Version"])
        return {
            "ID": self.item.guid, "ProductId": package.product or ZERO_GUID, "Title": package.title or self.item.name,
            "AppCatalogVersion": package.version, "InstalledVersion": version, "ShortDescription": package.summary,
            "CanUpgrade": bool(version and deployed) and version != package.version,
            "ErrorMessage": package.error or "No errors.", "IsValidAppPackage": not package.error,
            "Deployed": bool(deployed), "IsEnabled": True, "CurrentVersionDeployed": deployed == package.version,
            "IsClientSideSolution": package.client_side, "SupportsTeamsTabs": package.teams,
            "IsPackageDefaultSkipFeatureDeployment": package.skips_feature,
            "SkipDeploymentFeature": bool(self.item.fields.get(_SKIPS)), "AadAppId": ZERO_GUID,
            "AadPermissions": package.permissions or None, "ContainsTenantWideExtension": package.tenant_wide,
            "CDNLocation": "SharePoint Online" if package.client_side else None,
        }  # fmt: skip

    def _instance(self) -> Entity | None:
        rows = self.scope.store.children(self.scope.web.id, INSTANCE)
        return next((row for row in rows if row.props["App"] == self.item.guid), None)

    def _mark(self, fields: Mapping[str, Any]) -> None:
        self.item = self.scope.content.mark(self.item, fields)

    def _refuse_elsewhere(self) -> None:
        """What concerns the catalog is done in its own web."""
        if self.scope.web.id != self.catalog.web.id:
            raise access_denied()

    @action("Deploy")
    def deploy(self, call: Call) -> None:
        """Let webs install it; without its features, where the package may do so, it is everywhere at once."""
        self._refuse_elsewhere()
        if self.package.error:
            raise bad_argument(self.package.error)
        skips = call.flag("skipFeatureDeployment", 0, default=False) and self.package.skips_feature
        self._mark({_DEPLOYED: self.package.version, _SKIPS: skips})

    @action("Retract")
    def retract(self, _call: Call) -> None:
        """Let no web install it any more."""
        self._refuse_elsewhere()
        self._mark({_DEPLOYED: None, _SKIPS: None})

    @action("Remove")
    def remove(self, _call: Call) -> None:
        """Take it out of the catalog."""
        self._refuse_elsewhere()
        self.scope.content.recycle(self.item, by=self.scope.claims.login)

    @action("Install", Level.MANAGE)
    def install(self, _call: Call) -> None:
        """Add it to the web."""
        if not self.item.fields.get(_DEPLOYED):
            raise not_available(self.item.guid)
        if self._instance() is not None:
            raise invalid_operation("An instance of this App already exists at the specified location.")
        props = {"App": self.item.guid, "Product": self.package.product, "Version": self.package.version,
                 "Title": self.package.title}  # fmt: skip
        store = self.scope.store
        store.insert(INSTANCE, self.item.guid, at=self.scope.now, parent=self.scope.web.id, props=props)

    @action("Upgrade", Level.MANAGE)
    def upgrade(self, _call: Call) -> None:
        """Bring the web to the version of the catalog."""
        row = self._installed()
        if not self.item.fields.get(_DEPLOYED):
            raise not_available(self.item.guid)
        self.scope.store.update(row, {"Version": self.package.version}, at=self.scope.now)

    @action("Uninstall", Level.MANAGE)
    def uninstall(self, _call: Call) -> None:
        """Take it away from the web."""
        self.scope.store.delete(self._installed())

    def _installed(self) -> Entity:
        row = self._instance()
        if row is None:
            raise app_missing()
        return row


class Apps(Collection):
    """The apps of a catalog, as a web sees them."""

    feed = "CorporateCatalogAppMetadatas"
    element = App

    def __init__(self, scope: Scope, catalog: Scope, address: str) -> None:
        super().__init__(scope)
        self.catalog = catalog
        self.address = address

    def all(self) -> list[App]:
        root = _root(self.catalog)
        found = [] if root is None else self.scope.content.files(root)
        return [App(self.scope, self.catalog, each, self.address) for each in found]

    def by_key(self, key: object) -> App:
        guid = as_guid(key)
        for each in self.all():
            if each.item.guid == guid:
                return each
        raise app_missing()

    @function("GetById")
    def get_by_id(self, call: Call) -> App:
        """An app by the id of its file."""
        return self.by_key(call.value("id", 0))


class AppCatalog(Resource):
    """What the two kinds of catalogs have in common."""

    write_level = Level.CONTROL
    segment = ""

    @property
    def path(self) -> str:
        return f"Web/{self.segment}"

    def catalog(self) -> Scope | None:
        """The web that holds the packages, if there is one."""
        raise unknown_resource(self.segment)

    def _open(self) -> Scope:
        found = self.catalog()
        if found is None:
            raise unknown_resource(f"SP.RequestContext.current/web/{self.segment}")
        return found

    @link("AvailableApps")
    def apps(self) -> Apps:
        """The apps."""
        return Apps(self.scope, self._open(), self.path)

    @action("Add")
    def add(self, call: Call) -> files.File:
        """Add a package, in the catalog's own web."""
        catalog = self._open()
        root = _root(catalog)
        if root is None or catalog.web.id != self.scope.web.id:
            raise access_denied()
        name, content = call.text("url", 1), self.scope.content
        if content.child(root, name) is not None and not call.flag("overwrite", 0, default=False):
            raise duplicate_file(f"{catalog.web_path}/{LIBRARY}/{name}".lstrip("/"))
        blob = content.blobs.take(call.upload)
        made = content.add_file(root, name, blob, by=self.scope.claims.login, conflict=Conflict.REPLACE)
        package = _package(self.scope, made)
        made = content.mark(made, {"Title": package.title, "AppProductID": package.product,
                                   "AppVersion": package.version, "IsValidAppPackage": not package.error})  # fmt: skip
        row = catalog.store.find("list", catalog.web.id, LIBRARY)
        assert row is not None
        return files.File(self.scope, row, made)


class SiteCollectionAppCatalog(AppCatalog):
    """``SiteCollectionAppCatalog`` of a web: the catalog of its own site collection."""

    type = f"{_NAMESPACE}.SiteCollectionCorporateCatalogAccessor"
    feed = "SiteCollectionAppCatalog"
    segment = "SiteCollectionAppCatalog"

    def catalog(self) -> Scope | None:
        return self.scope if self.scope.store.find("list", self.scope.web.id, LIBRARY) is not None else None


class AppTile(Resource):
    """A list or an app of a web, as its page of contents shows it."""

    type = "SP.AppTile"
    feed = "AppTiles"
    declared = table(
        group(GUID, None, "AppId ProductId"),
        group(TEXT, "", "AppPrincipalId Description LastModified Target Thumbnail Title Version"),
        group(TEXT, None, "AssetId ContentMarket CustomSettingsUrl"),
        group(INT, 0, "AppSource AppStatus AppType"),
        group(INT, -1, "BaseTemplate ChildCount"),
        group(BOOLEAN, False, "IsCorporateCatalogSite"),
        group(DATE, None, "LastModifiedDate"),
    )

    def __init__(self, scope: Scope, row: Entity) -> None:
        super().__init__(scope)
        self.row = row

    @property
    def path(self) -> str:
        return f"Web/AppTiles('{self.row.guid}')"

    def stored(self) -> Mapping[str, Any]:
        """The tile of an installed app, or of a list or library."""
        row, props = self.row, self.row.props
        changed = {"LastModifiedDate": row.modified, "LastModified": row.modified[:16].replace("T", " ")}
        if row.kind == INSTANCE:
            picture = f"{self.scope.web_url}/_layouts/15/images/spstorefrontappdefault.96x96x32.png"
            return {"AppId": row.guid, "ProductId": props["Product"], "Title": props["Title"], "AppType": 3,
                    "AppStatus": 4, "AppSource": 2, "Version": props["Version"], "Thumbnail": picture, **changed,
                    "AppPrincipalId": f"i:0i.t|ms.sp.int|{row.guid}@{self.scope.tenant.names.tenant_id}"}  # fmt: skip
        library = props.get("BaseType") == 1
        return {"AppId": row.guid, "ProductId": ZERO_GUID, "Title": props.get("Title", ""), "AppType": int(not library),
                "AppStatus": 4, "BaseTemplate": props.get("BaseTemplate", 100), "Version": "0.0.0.0", **changed,  # noqa: S104
                "Target": f"{self.scope.web_path}/{row.name}",
                "ChildCount": self.scope.content.count_items(row.id)}  # fmt: skip


class AppTiles(Collection):
    """The lists and apps of a web."""

    feed = "AppTiles"
    element = AppTile

    def all(self) -> list[AppTile]:
        store, web = self.scope.store, self.scope.web.id
        shown = [row for row in store.children(web, "list") if not row.props.get("Hidden")]
        return [AppTile(self.scope, row) for row in (*shown, *store.children(web, INSTANCE))]


def _root(catalog: Scope) -> Item | None:
    row = catalog.store.find("list", catalog.web.id, LIBRARY)
    return None if row is None else catalog.content.root(row.id)


def _package(scope: Scope, item: Item) -> Package:
    return read_package(scope.content.blobs.read(item.blob)) if item.blob else Package(error="The package is empty.")
