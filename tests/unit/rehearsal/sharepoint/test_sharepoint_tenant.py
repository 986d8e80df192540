"""Sites of the tenant: creation, hubs, settings, permissions of the caller, batches."""

from dataclasses import replace
from typing import Any

import pytest

from spmigrate.rehearsal.graph.router import handle as graph_handle
from spmigrate.rehearsal.policy_defaults import sharepoint_settings
from spmigrate.rehearsal.shared_settings import SHARED, to_graph, to_sharepoint
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.builders import read, request
from tests.unit.rehearsal.sharepoint.conftest import OWNER, Door

URL = "https://contoso.sharepoint.com/sites/new"


def create(door: Door, **given: Any) -> Any:
    body = {"Title": "New", "Url": URL, "WebTemplate": "SITEPAGEPUBLISHING#0", "Owner": OWNER, "Lcid": 1033, **given}
    return door.post("SPSiteManager/create", {"request": body})


def test_site_is_created_once_and_found(team: Door) -> None:
    made = create(team)
    assert made["SiteStatus"] == 2
    assert team.get(f"SPSiteManager/status?url='{URL}'")["SiteId"] == made["SiteId"]
    assert create(team) == {"SiteId": "", "SiteStatus": 4, "SiteUrl": ""}
    assert team.post("SP.Site.Exists", {"url": URL}) == {"value": True}


@pytest.mark.parametrize(
    "given",
    [
        {"WebTemplate": "NONE#9"},
        {"Lcid": 2057},
        {"Url": "https://contoso.sharepoint.com/other/x"},
        {"Url": "https://contoso.sharepoint.com/sites/_x"},
        {"Owner": ""},
    ],
)
def test_site_creation_refuses_what_the_service_refuses(team: Door, given: dict[str, str]) -> None:
    body = {"Title": "New", "Url": URL, "WebTemplate": "STS#3", "Owner": OWNER, **given}
    status, code, _ = team.refusal("POST", "SPSiteManager/create", {"request": body})
    assert (status, code) == (400, "-2147024809, System.ArgumentException")


def test_deleted_site_keeps_its_address_for_93_days(team: Door, admin: Door, rehearsed: Tenant) -> None:
    create(team)
    admin.post("SPO.Tenant/RemoveSite", {"siteUrl": URL})
    assert create(team)["SiteStatus"] == 3
    assert admin.get("SPO.Tenant/GetDeletedSiteProperties")["value"][0]["Url"] == URL
    rehearsed.clock.advance(94 * 86400)
    assert create(team)["SiteStatus"] == 2


def test_creation_takes_time_in_the_council_profile(rehearsed: Tenant) -> None:
    rehearsed.delays.sites = True
    door = Door(rehearsed)
    assert create(door)["SiteStatus"] == 1
    rehearsed.clock.advance(20)
    assert door.get(f"SPSiteManager/status?url='{URL}'")["SiteStatus"] == 2
    new = Door(door.tenant, site="/sites/new")
    assert new.get("web?$select=IsProvisioningComplete") == {"IsProvisioningComplete": False}
    rehearsed.clock.advance(90)
    assert new.get("web?$select=IsProvisioningComplete") == {"IsProvisioningComplete": True}


def test_application_cannot_create_group_sites(team: Door) -> None:
    body = {"displayName": "X", "alias": "x", "isPublic": True}
    assert team.refusal("POST", "GroupSiteManager/CreateGroupEx", body)[0] == 400


def test_missing_site_is_plain_text(rehearsed: Tenant) -> None:
    assert Door(rehearsed, site="/sites/none")("GET", "web") == (404, b"404 FILE NOT FOUND")


def test_hub_is_joined_and_a_parent_that_is_no_hub_is_ignored(team: Door, rehearsed: Tenant) -> None:
    create(team)
    new = Door(rehearsed, site="/sites/new")
    hub = new.post("site/RegisterHubSite")["ID"]
    assert team("POST", f"site/JoinHubSite('{hub}')")[0] == 200
    assert team.get("site")["HubSiteId"] == hub.lower()
    assert '"name": "New"' in team.get("web/hubsitedata(false)")["value"]
    status, _, text = team.refusal("POST", "site/RegisterHubSite")
    assert (status, "already joined" in text) == (400, True)
    stranger = team.get("site")["Id"]
    assert new.merge(f"HubSites/GetById('{hub}')", {"ParentHubSiteId": stranger}) == 204
    assert new.get(f"HubSites/GetById('{hub}')")["ParentHubSiteId"] == "00000000-0000-0000-0000-000000000000"


def test_tenant_has_over_230_settings_that_can_be_changed(admin: Door) -> None:
    assert len(admin.get("SPO.Tenant")) > 230
    name = "Microsoft.Online.SharePoint.TenantAdministration.Tenant"
    assert admin.merge(name, {"DefaultSharingLinkType": 1}) == 204
    assert admin.get(name)["DefaultSharingLinkType"] == 1


def test_setting_that_graph_shows_too_is_one_value(admin: Door, rehearsed: Tenant) -> None:
    rehearsed.store.insert("policy", "sharepointSettings", at="2026-01-01T00:00:00Z", props=sharepoint_settings())

    def graph(method: str, content: object = None) -> Any:
        return read(graph_handle(request(method, "admin/sharepoint/settings", content), rehearsed))

    graph("PATCH", {"sharingCapability": "disabled", "sharingAllowedDomainList": ["a.example", "b.example"]})
    shown = admin.get("SPO.Tenant")
    assert (shown["SharingCapability"], shown["SharingAllowedDomainList"]) == (0, "a.example b.example")
    admin.merge("SPO.Tenant", {"SharingCapability": 1, "PreventExternalUsersFromResharing": True, "BlockMacSync": True})
    settings = graph("GET")
    assert settings["sharingCapability"] == "externalUserSharingOnly"
    assert settings["isResharingByExternalUsersEnabled"] is settings["isMacSyncAppEnabled"] is False


def test_settings_that_graph_shows_too_have_the_same_defaults(admin: Door) -> None:
    shown = admin.get("SPO.Tenant")
    defaults = sharepoint_settings()
    assert to_graph(shown) == {name: defaults[name] for name in SHARED}
    assert to_graph(to_sharepoint(defaults)) == to_graph(shown)


def test_setting_with_a_value_that_it_cannot_have_is_refused(admin: Door) -> None:
    assert admin.merge("SPO.Tenant", {"SharingCapability": 7}) == 400
    assert admin.get("SPO.Tenant")["SharingCapability"] == 2


def test_site_listing_without_detail_has_wrong_defaults(admin: Door) -> None:
    site = admin.get("SPO.Tenant/sites?$filter=Title eq 'Team'")["value"][0]["SiteId"]
    assert admin.merge(f"SPO.Tenant/sites('{site}')", {"DefaultLinkPermission": 2, "LockState": "Unlock"}) == 204
    call = "SPO.Tenant/GetSitePropertiesFromSharePointByFilters"

    def level(detail: bool) -> int:
        body = {"speFilter": {"IncludeDetail": detail, "StartIndex": "0"}}
        return int(
            next(each for each in admin.post(call, body)["value"] if each["SiteId"] == site)["DefaultLinkPermission"]
        )

    assert (level(False), level(True)) == (0, 2)


def test_site_sharing_cannot_be_wider_than_the_tenants(admin: Door) -> None:
    site = admin.get("SPO.Tenant/sites?$filter=Title eq 'Team'")["value"][0]["SiteId"]
    admin.merge("SPO.Tenant", {"SharingCapability": 3})
    path = f"SPO.Tenant/sites('{site}')"
    assert admin.merge(path, {"SharingCapability": 1}) == 400
    assert admin.merge(path, {"SharingCapability": 3}) == 204


def test_site_administrators_are_replaced_beside_the_owner(admin: Door) -> None:
    site = admin.get("SPO.Tenant/sites?$filter=Title eq 'Team'")["value"][0]["SiteId"]
    fields = {"siteId": site, "secondaryAdministratorLoginNames": ["guest@contoso.onmicrosoft.com"]}
    admin.post(
        "SPOInternalUseOnly.Tenant/SetSiteSecondaryAdministrators", {"secondaryAdministratorsFieldsData": fields}
    )
    found = admin.post(f"SPO.Tenant/GetSiteAdministrators?siteId='{site}'")["value"]
    assert sorted(each["email"].partition("@")[0] for each in found) == ["guest", "owner"]


@pytest.mark.parametrize(
    ("role", "method", "path", "body", "status"),
    [
        ("Sites.Read.All", "GET", "web", None, 200),
        ("Sites.Read.All", "POST", "web/lists", {"Title": "A"}, 403),
        ("Sites.ReadWrite.All", "POST", "web/lists/getbytitle('Documents')/rootfolder/folders/add('x')", None, 200),
        ("Sites.ReadWrite.All", "POST", "web/lists", {"Title": "A"}, 403),
        ("Sites.Manage.All", "POST", "web/lists", {"Title": "A"}, 201),
        ("Sites.Manage.All", "POST", "web/sitegroups", {"Title": "A"}, 403),
        ("Mail.Read", "GET", "web", None, 403),
    ],
)
def test_token_must_hold_the_permission(
    rehearsed: Tenant, role: str, method: str, path: str, body: object, status: int
) -> None:
    door = Door(rehearsed, role=role)
    answer = door(method, path, body)
    assert answer[0] == status
    if status == 403:
        assert answer[1]["odata.error"]["code"].startswith("-2147024891")


def test_admin_host_needs_full_control(admin: Door) -> None:
    assert replace(admin, role="Sites.Manage.All")("GET", "SPO.Tenant")[0] == 403


def test_batch_answers_each_request_through_the_same_door(team: Door) -> None:
    base = "https://contoso.sharepoint.com/sites/team/_api"
    parts = [f"GET {base}/web/title", f"GET {base}/web/lists/getbytitle('No')"]
    body = "".join(
        f"--b\nContent-Type: application/http\n\n{part} HTTP/1.1\naccept: application/json\n\n" for part in parts
    )
    status, answer = team("POST", "$batch", f"{body}--b--\n".encode(), content_type="multipart/mixed; boundary=b")
    assert status == 200
    assert answer.index(b"HTTP/1.1 200 OK") < answer.index(b"HTTP/1.1 404 Not Found")
    assert b'"value":"Team"' in answer


def test_refused_write_leaves_nothing_behind(team: Door) -> None:
    before = team.get("web/lists?$select=Title")
    assert team("POST", "web/lists", {"Title": "X", "BaseTemplate": 100, "Nonsense": 1})[0] == 400
    assert team.get("web/lists?$select=Title") == before


def test_locked_site_refuses_writes(team: Door, admin: Door) -> None:
    site = team.get("site")["Id"]
    admin.merge(f"SPO.Tenant/sites('{site}')", {"LockState": "ReadOnly"})
    assert (team("GET", "web")[0], team("POST", "web/lists", {"Title": "A"})[0]) == (200, 403)
