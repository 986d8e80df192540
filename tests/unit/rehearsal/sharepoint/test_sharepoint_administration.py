"""What the tenant's administrators do by REST: themes, content delivery, hubs, places, guests, the list of sites."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spmigrate.rehearsal.odata.lenient_json import load_json
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.sharepoint.conftest import HOST, OWNER, Door

TENANT = "Microsoft.Online.SharePoint.TenantAdministration.Tenant"
OFFICE365 = "Microsoft.Online.SharePoint.TenantManagement.Office365Tenant"
SITES = "DO_NOT_DELETE_SPLIST_TENANTADMIN_AGGREGATED_SITECOLLECTIONS"
PORTAL = f"https://{HOST}/sites/portal"


@pytest.fixture
def portal(rehearsed: Tenant) -> str:
    """A communication site."""
    with rehearsed.store.transaction():
        create_site(rehearsed, NewSite(f"{HOST}/sites/portal", "Portal", OWNER, "SITEPAGEPUBLISHING#0"))
    return PORTAL


def test_theme_is_added_once_changed_and_deleted(admin: Door) -> None:
    theme = {"name": "Council", "themeJson": json.dumps({"palette": {"themePrimary": "#123456"}})}
    assert admin.post(f"{OFFICE365}/AddTenantTheme", theme) == {"value": True}
    assert admin("POST", f"{OFFICE365}/AddTenantTheme", theme)[0] == 400
    options = admin.get("thememanager/GetTenantThemingOptions")
    assert [each["name"] for each in options["themePreviews"]] == ["Council"]
    admin.post(f"{OFFICE365}/DeleteTenantTheme", {"name": "Council"})
    assert admin.post(f"{OFFICE365}/GetAllTenantThemes")["value"] == []


def test_reader_may_not_change_themes(rehearsed: Tenant) -> None:
    reader = Door(rehearsed, role="Sites.Read.All")
    assert reader("POST", "thememanager/DeleteTenantTheme", {"name": "x"})[0] == 403


def test_public_network_is_the_same_in_the_settings(admin: Door) -> None:
    admin.post(f"{TENANT}/SetTenantCdnEnabled", {"cdnType": 0, "isEnabled": True})
    admin.post(f"{TENANT}/CreateTenantCdnDefaultOrigins", {"cdnType": 0})
    shown = admin.get(f"{TENANT}?$select=PublicCdnEnabled,PublicCdnOrigins")
    assert shown["PublicCdnEnabled"] is True
    assert "*/CLIENTSIDEASSETS" in shown["PublicCdnOrigins"]
    assert admin("POST", f"{TENANT}/GetTenantCdnEnabled", {"cdnType": 7})[0] == 400


def test_hub_stands_below_a_hub_but_not_below_itself(admin: Door, portal: str) -> None:
    team = f"https://{HOST}/sites/team"
    for url in (portal, team):
        admin.post(f"{TENANT}/RegisterHubSite", {"siteUrl": url})
    admin.post(f"{TENANT}/ConnectHubSites", {"parentUrl": portal, "childUrl": team})
    hubs = {each["SiteUrl"]: each for each in admin.get(f"{TENANT}/GetHubSitesProperties")["value"]}
    assert hubs[team]["ParentHubSiteId"] == hubs[portal]["SiteId"]
    refused = admin("POST", f"{TENANT}/ConnectHubSites", {"parentUrl": team, "childUrl": portal})
    assert refused[0] == 400


def test_rights_to_join_a_hub_are_granted_and_taken_back(admin: Door, portal: str) -> None:
    hub = admin.post(f"{TENANT}/RegisterHubSite", {"siteUrl": portal})["ID"]
    grant = {"hubSiteUrl": portal, "principals": [OWNER], "grantedRights": 1}
    admin.post(f"{TENANT}/GrantHubSiteRights", grant)
    read = f"{TENANT}/GetHubSitePropertiesById('{hub}')"
    assert [each["Rights"] for each in admin.get(read)["Permissions"]] == [1]
    admin.post(f"{TENANT}/RevokeHubSiteRights", {"hubSiteUrl": portal, "principals": [OWNER]})
    assert admin.get(read)["Permissions"] == []


def test_home_site_is_a_communication_site(admin: Door, portal: str) -> None:
    assert admin("POST", "SPHSite/AddHomeSite", {"siteUrl": f"https://{HOST}/sites/team"})[0] == 400
    admin.post("SPHSite/AddHomeSite", {"siteUrl": portal})
    assert [each["Url"] for each in admin.get("SPO.Tenant/GetTargetedSitesDetails")["value"]] == [portal]


def test_list_of_all_sites_follows_them(admin: Door, portal: str) -> None:
    def rows() -> dict[str, Any]:
        items = admin.get(f"web/lists/getbytitle('{SITES}')/items?$filter=SiteUrl eq '{portal}'")["value"]
        return dict(items[0])

    assert (rows()["Title"], rows()["TimeDeleted"]) == ("Portal", None)
    admin.post(f"{TENANT}/RemoveSite", {"siteUrl": portal})
    assert rows()["TimeDeleted"]


def test_list_of_all_sites_is_the_admin_hosts_alone(team: Door) -> None:
    assert team("GET", f"web/lists/getbytitle('{SITES}')")[0] == 404


def test_properties_of_the_tenant_are_kept_in_the_app_catalog(admin: Door, team: Door, rehearsed: Tenant) -> None:
    admin.post("web/EnsureTenantAppCatalog")
    catalog = Door(rehearsed, site="/sites/appcatalog")
    catalog.post("web/SetStorageEntity", {"key": "k", "value": "v", "description": "d", "comment": "c"})
    assert team.get("web/GetStorageEntity('k')") == {"Comment": "c", "Description": "d", "Value": "v"}
    assert team("POST", "web/SetStorageEntity", {"key": "k", "value": "v"})[0] == 403
    assert admin.get("SP_TenantSettings_Current")["CorporateCatalogUrl"] == f"https://{HOST}/sites/appcatalog"


def test_guests_come_in_pages(admin: Door) -> None:
    page = admin.post(f"{OFFICE365}/GetExternalUsers?$expand=ExternalUserCollection", {"position": 0, "pageSize": 50})
    assert (page["TotalUserCount"], page["UserCollectionPosition"]) == (1, -1)
    assert admin("POST", f"{OFFICE365}/GetExternalUsers", {"position": 0, "pageSize": 51})[0] == 400


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"{'a': 'b'}", {"a": "b"}),
        (b"{'a': '{\"b\": \"it\\'s\"}'}", {"a": '{"b": "it\'s"}'}),
        (b'{"a": "it\'s"}', {"a": "it's"}),
    ],
)
def test_strings_may_stand_in_single_quotes(text: bytes, value: object) -> None:
    assert load_json(text) == value


@pytest.mark.parametrize("text", [b"{'a'", b"{a: 'b'}", b"'", b"\xff'"])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        load_json(text)
