"""Requests of CLI for Microsoft 365 that no other client makes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spmigrate.rehearsal.sharepoint.page_content import canvas_fields, canvas_of
from tests.unit.rehearsal.sharepoint.conftest import OWNER, Door

ROOT = "https://contoso.sharepoint.com"
FOLDER = "/sites/team/Shared Documents"
PART = {"id": "e2d5f5e0-1111-4a4a-9b9b-000000000000", "properties": {"a": 1}}


def folder(name: str, below: str = "") -> str:
    return f"web/GetFolderByServerRelativePath(DecodedUrl='{FOLDER}/{name}'){below}"


def test_folder_has_a_colour(team: Door) -> None:
    colour = {"coloringInformation": {"ColorHex": "5"}}
    made = team.post(f"foldercoloring/createfolder(DecodedUrl='{FOLDER}/One', overwrite=false)", colour)
    assert made["Name"] == "One"
    assert team.get(folder("One", "/ListItemAllFields"))["OData__ColorTag"] == "5"
    other = {"coloringInformation": {"ColorHex": "9"}, "newName": "Two"}
    team.post(f"foldercoloring/renamefolder(DecodedUrl='{FOLDER}/One')", other)
    assert team.get(folder("Two", "/ListItemAllFields"))["OData__ColorTag"] == "9"
    team.post(f"foldercoloring/stampcolor(DecodedUrl='{FOLDER}/Two')", {"coloringInformation": {"ColorHex": ""}})
    assert not team.get(folder("Two", "/ListItemAllFields"))["OData__ColorTag"]
    assert team.refusal("POST", f"foldercoloring/stampcolor(DecodedUrl='{FOLDER}/One')", colour)[0] == 404


def test_all_levels_of_a_principal_are_taken_when_none_is_named(team: Door) -> None:
    group = team.post("web/sitegroups", {"Title": "Readers"})["Id"]
    team.post("web/lists/getbytitle('Documents')/breakroleinheritance(false)")
    place = "web/lists/getbytitle('Documents')/roleassignments"
    for level in (1073741826, 1073741827):
        team.post(f"{place}/addroleassignment(principalid={group},roledefid={level})")
    team.post(f"{place}/removeroleassignment(principalid={group},roledefid=1073741827)")
    assert group in [each["PrincipalId"] for each in team.get(place)["value"]]
    team.post(f"{place}/removeroleassignment(principalid='{group}')")
    assert group not in [each["PrincipalId"] for each in team.get(place)["value"]]


def test_lists_are_found_by_their_entity_type(team: Door) -> None:
    assert "Home.aspx" in [each["Name"] for each in team.get("web/lists/SitePages/rootfolder/files")["value"]]
    assert team.refusal("GET", "web/lists/Nothing/rootfolder")[0] == 404


def test_property_at_the_end_of_an_expansion_is_shown(team: Door) -> None:
    page = "web/GetFileByServerRelativePath(DecodedUrl='/sites/team/SitePages/Home.aspx')"
    shown = team.get(f"{page}?$expand=ListItemAllFields/ClientSideApplicationId")["ListItemAllFields"]
    assert shown["ClientSideApplicationId"] == "b6917cb1-93a0-4b97-a84d-7cf49975d4ec"
    assert "ClientSideApplicationId" not in team.get(f"{page}?$expand=ListItemAllFields")["ListItemAllFields"]


@pytest.mark.parametrize("space", ["Microsoft.SharePoint.Utilities.", "Microsoft_SharePoint_Utilities_"])
def test_static_methods_have_dots_or_underscores(team: Door, space: str) -> None:
    inner = "WebTemplateExtensions.SiteScriptUtility.GetSiteScripts"
    assert team.post(space + (inner.replace(".", "_") if "_" in space else inner)) == {"value": []}
    assert team.post(f"{space}{inner}'") == {"value": []}


def test_custom_action_that_is_missing_is_null(team: Door) -> None:
    made = team.post("web/UserCustomActions", {"Title": "Menu", "Name": "M", "Location": "X"})["Id"]
    assert team("DELETE", f"web/UserCustomActions('{made}')')")[0] == 200
    assert team.get(f"web/UserCustomActions(guid'{made}')") == {"odata.null": True}


def test_page_of_one_web_part_gets_its_name_from_its_title(team: Door) -> None:
    url = team.post("sitepages/Pages/CreateAppPage", {"webPartDataAsJson": json.dumps(PART)})["value"]
    item = team.get(f"web/GetFileByServerRelativePath(DecodedUrl='/sites/team/{url}')/ListItemAllFields")
    given = {"pageId": item["Id"], "title": "App", "webPartDataAsJson": json.dumps(PART), "includeInNavigation": True}
    assert team.post("sitepages/Pages/UpdateAppPage", given) == {"value": "SitePages/App.aspx"}
    page = team.get("sitepages/pages/GetByUrl('SitePages/App.aspx')")
    assert (page["PageLayoutType"], json.loads(page["CanvasContent1"])[0]["webPartId"]) == (
        "SingleWebPartAppPage",
        PART["id"],
    )
    assert "App" in [each["Title"] for each in team.get("web/navigation/quicklaunch")["value"]]
    other = {"serverRelativeUrl": "/sites/team/SitePages/App.aspx", "webPartDataAsJson": "no part"}
    assert team.refusal("POST", "sitepages/Pages/UpdateFullPageApp", other)[0] == 400


def test_content_that_was_written_as_html_is_the_pages_content() -> None:
    controls: list[dict[str, Any]] = [
        {"controlType": 4, "id": "a", "position": {"zoneIndex": 1}, "innerHTML": "<p>One &amp; <br>two</p>"},
        {"controlType": 3, "id": "b", "webPartId": "c", "webPartData": {"title": "T <b> & {x}"}},
    ]
    html = canvas_fields(json.dumps(controls))["CanvasContent1"]
    assert json.loads(canvas_of({"_Canvas": "[]", "CanvasContent1": html})) == controls
    assert canvas_of({"_Canvas": "[]", "CanvasContent1": "<div></div>"}) == "[]"


def test_version_is_kept_until_a_day_or_for_ever(team: Door) -> None:
    for content in (b"one", b"two"):
        team.post(f"{folder('')[:-3]}')/Files/Add(url='a.txt',overwrite=true)", content)
    version = f"web/GetFileByServerRelativePath(DecodedUrl='{FOLDER}/a.txt')/versions(512)"
    team.post(f"{version}/SetExpirationDate('2027-01-01T00:00:00Z')")
    assert team.get(f"{version}?$select=ExpirationDate")["ExpirationDate"] == "2027-01-01T00:00:00Z"
    team.post(f"{version}/SetExpirationDate()")
    assert team.get(f"{version}?$select=ExpirationDate")["ExpirationDate"] is None


def test_site_gets_another_address(team: Door, admin: Door) -> None:
    body = {"Title": "Old", "Url": f"{ROOT}/sites/old", "WebTemplate": "SITEPAGEPUBLISHING#0", "Owner": OWNER}
    team.post("SPSiteManager/create", {"request": {**body, "Lcid": 1033}})
    asked = {"SourceSiteUrl": f"{ROOT}/sites/old", "TargetSiteUrl": f"{ROOT}/sites/new", "TargetSiteTitle": "New"}
    status, job = admin("POST", "SiteRenameJobs?api-version=1.4.7", asked)
    assert (status, job["JobState"]) == (201, "Queued")
    done = admin.get(f"SiteRenameJobs/GetJobsBySiteUrl(url='{ROOT}/sites/old')")["value"]
    assert [each["JobState"] for each in done] == ["Success"]
    moved = Door(team.tenant, site="/sites/new")
    assert moved.get("web?$select=Title,Url") == {"Title": "New", "Url": f"{ROOT}/sites/new"}
    assert moved.get("web/lists/getbytitle('Documents')/rootfolder")["ServerRelativeUrl"].startswith("/sites/new/")
    assert Door(team.tenant, site="/sites/old")("GET", "web")[0] == 404
    assert admin.refusal("POST", "SiteRenameJobs", asked)[0] == 404
    assert team.refusal("POST", "SiteRenameJobs", asked)[0] == 404


def test_content_type_of_a_list_may_descend_from_the_webs(team: Door) -> None:
    parent = "0x0100" + "AB" * 16
    team.post("web/contenttypes", {"Name": "Case", "Id": {"StringValue": parent}})
    place = "web/lists/getbytitle('Documents')/contenttypes"
    assert team("POST", place, {"Name": "Mine", "Id": {"StringValue": f"{parent}01"}})[0] == 201


def test_batch_may_begin_a_part_in_the_line_where_another_ends(team: Door) -> None:
    part = "Content-Type: application/http\n\nGET https://contoso.sharepoint.com/sites/team/_api/web HTTP/1.1\n\n{}"
    body = f"--b\n{part}--b\n{part}\n--b--\n".encode()
    status, answer = team("POST", "$batch", body, content_type="multipart/mixed; boundary=b")
    assert status == 200 and answer.count(b"HTTP/1.1 200") == 2
