"""App catalogs: add, deploy, install, upgrade, uninstall, retract, remove."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.sharepoint.conftest import ADMIN, HOST, Door

PRODUCT = "1e5954e2-fc1c-4501-8678-27a6bd013422"


def package(version: str = "1.0.0.0", *, skips: bool = True) -> bytes:
    manifest = (
        '<App xmlns="http://schemas.microsoft.com/sharepoint/2012/app/manifest" Name="notices" '
        f'ProductID="{PRODUCT}" Version="{version}" IsClientSideSolution="true" '
        f'SkipFeatureDeployment="{str(skips).lower()}"><Properties><Title>Notices</Title>'
        "<ShortDescription>What is new</ShortDescription></Properties></App>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("AppManifest.xml", manifest)
    return content.getvalue()


@pytest.fixture
def catalog(rehearsed: Tenant) -> Door:
    Door(rehearsed, site="", host=ADMIN).post("web/EnsureTenantAppCatalog")
    return Door(rehearsed, site="/sites/appcatalog")


def add(catalog: Door, content: bytes, *, where: str = "tenantappcatalog") -> str:
    made = catalog.post(f"web/{where}/Add(overwrite=true,url='notices.sppkg')", content)
    return str(made["UniqueId"])


def app(door: Door, identity: str) -> str:
    return f"web/tenantappcatalog/AvailableApps/GetById('{identity}')"


def test_an_app_goes_from_the_catalog_into_a_web_and_back(catalog: Door, team: Door) -> None:
    identity = add(catalog, package())
    shown = catalog.get(app(catalog, identity))
    assert (shown["Title"], shown["ProductId"], shown["AppCatalogVersion"]) == ("Notices", PRODUCT, "1.0.0.0")
    assert (shown["Deployed"], shown["IsValidAppPackage"], shown["InstalledVersion"]) == (False, True, "")
    assert team.refusal("POST", f"{app(team, identity)}/Install")[0] == 500
    catalog.post(f"{app(catalog, identity)}/Deploy", {"skipFeatureDeployment": True})
    assert catalog.get(app(catalog, identity))["SkipDeploymentFeature"] is True
    team.post(f"{app(team, identity)}/Install")
    status, code, text = team.refusal("POST", f"{app(team, identity)}/Install")
    assert (status, code) == (400, "-1, System.InvalidOperationException")
    assert text == "An instance of this App already exists at the specified location."
    tiles = team.get("web/AppTiles?$filter=AppType eq 3&$select=Title,ProductId,AppStatus")["value"]
    assert tiles == [{"Title": "Notices", "ProductId": PRODUCT, "AppStatus": 4}]
    assert add(catalog, package("1.1.0.0")) == identity
    assert catalog.get(app(catalog, identity))["CurrentVersionDeployed"] is False
    catalog.post(f"{app(catalog, identity)}/Deploy(true)")
    before = team.get(app(team, identity))
    assert (before["InstalledVersion"], before["CanUpgrade"]) == ("1.0.0.0", True)
    team.post(f"{app(team, identity)}/Upgrade")
    after = team.get(app(team, identity))
    assert (after["InstalledVersion"], after["CanUpgrade"]) == ("1.1.0.0", False)
    team.post(f"{app(team, identity)}/Uninstall")
    assert team.get("web/AppTiles?$filter=AppType eq 3")["value"] == []
    catalog.post(f"{app(catalog, identity)}/Retract")
    assert catalog.get(app(catalog, identity))["Deployed"] is False
    catalog.post(f"{app(catalog, identity)}/Remove")
    assert catalog.get("web/tenantappcatalog/AvailableApps")["value"] == []


def test_a_package_that_is_there_is_not_overwritten_unasked(catalog: Door) -> None:
    add(catalog, package())
    path = "web/tenantappcatalog/Add(overwrite=false,url='notices.sppkg')"
    assert catalog.refusal("POST", path, package())[:2] == (400, "-2130575257, Microsoft.SharePoint.SPException")


def test_what_is_no_package_is_kept_marked_and_never_deployed(catalog: Door) -> None:
    identity = add(catalog, b"no zip")
    shown = catalog.get(app(catalog, identity))
    assert shown["IsValidAppPackage"] is False
    assert "Open Packaging Conventions" in shown["ErrorMessage"]
    assert catalog.refusal("POST", f"{app(catalog, identity)}/Deploy")[0] == 400


def test_unknown_app_and_missing_catalog_are_refused(catalog: Door, team: Door) -> None:
    status, code, _ = team.refusal("GET", app(team, PRODUCT))
    assert (status, code) == (404, "-1, Microsoft.SharePoint.Client.ResourceNotFoundException")
    assert team.refusal("GET", "web/sitecollectionappcatalog/AvailableApps")[0] == 404
    assert team.refusal("POST", "web/tenantappcatalog/Add(overwrite=true,url='a.sppkg')", package())[0] == 403


def test_a_site_has_apps_of_its_own_once_it_is_allowed_a_catalog(catalog: Door, team: Door) -> None:
    catalog.post(
        "web/TenantAppCatalog/SiteCollectionAppCatalogsSites/Add", {"absolutePath": f"https://{HOST}/sites/team"}
    )
    identity = add(team, package(), where="sitecollectionappcatalog")
    path = f"web/sitecollectionappcatalog/AvailableApps/GetById('{identity}')"
    team.post(f"{path}/Deploy(false)")
    team.post(f"{path}/Install")
    assert team.get(path)["InstalledVersion"] == "1.0.0.0"
    assert catalog.get("web/tenantappcatalog/AvailableApps")["value"] == []
    by_product = f"web/GetList('/sites/team/AppCatalog')/items?$select=Id&$filter=AppProductID eq '{PRODUCT}'"
    assert len(team.get(by_product)["value"]) == 1
    assert replace(team, site="").refusal("GET", path)[0] == 404
