"""What the office365 client's own suite asks of lists, folders, columns and people, as the service answers it."""

from __future__ import annotations

from typing import Any

from tests.unit.rehearsal.sharepoint.conftest import Door

LIST = "web/lists/getbytitle('Things')"


def things(team: Door, template: int = 100) -> Any:
    """A list of the template."""
    return team.post("web/lists", {"Title": "Things", "BaseTemplate": template})


def test_folder_that_is_added_to_a_list_has_no_item_unless_it_is_added_as_one(team: Door) -> None:
    things(team)
    team.post(f"{LIST}/rootfolder/folders/add('Plain')", {})
    assert team.get(f"{LIST}/items")["value"] == []
    assert team.get(f"{LIST}/rootfolder/folders?$filter=Name eq 'Plain'")["value"][0]["Exists"] is True
    path = "/sites/team/Lists/Things"
    team.post(f"web/getfolderbyserverrelativepath(decodedurl='{path}')/addsubfolderusingpath(decodedurl='Seen')", {})
    assert [each["FileSystemObjectType"] for each in team.get(f"{LIST}/items")["value"]] == [1]


def test_column_of_several_people_is_of_the_type_of_several(team: Door) -> None:
    things(team)
    made = team.post(f"{LIST}/fields", {"Title": "Who", "FieldTypeKind": 20, "AllowMultipleValues": True})
    assert made["TypeAsString"] == "UserMulti"


def test_place_on_the_earth_is_kept_with_its_parts(team: Door) -> None:
    things(team)
    team.post(f"{LIST}/fields", {"Title": "Place", "FieldTypeKind": 31})
    made = team.post(f"{LIST}/items", {"Title": "A", "Place": {"Latitude": 59.5, "Longitude": 29.8}})
    found = team.get(f"{LIST}/items({made['Id']})")
    assert found["Place"] == {"Altitude": 0.0, "Latitude": 59.5, "Longitude": 29.8, "Measure": 0.0}
    assert team.get(f"{LIST}/items({made['Id']})/fieldvaluesastext")["Place"] == "POINT (29.8 59.5 0 0)"
    assert team.refusal("POST", f"{LIST}/items", {"Title": "B", "Place": {"Latitude": 91, "Longitude": 0}})[0] == 400


def test_tasks_wait_for_tasks_and_their_list_is_related_to_itself(team: Door) -> None:
    things(team, 171)
    first = team.post(f"{LIST}/items", {"Title": "First"})["Id"]
    then = team.post(f"{LIST}/items", {"Title": "Then", "PredecessorsId": [first]})["Id"]
    assert team.get(f"{LIST}/items({then})?$select=PredecessorsId")["PredecessorsId"] == [first]
    assert len(team.get(f"{LIST}/getrelatedfields")["value"]) == 1


def test_view_without_columns_gets_those_of_the_default_view(team: Door) -> None:
    things(team, 107)
    made = team.post(f"{LIST}/views/add", {"parameters": {"Title": "Mine"}})
    shown = team.get(f"{LIST}/views('{made['Id']}')/viewfields")["Items"]
    assert shown == team.get(f"{LIST}/defaultview/viewfields")["Items"]
    assert len(shown) > 1


def test_address_of_a_file_may_be_escaped_where_it_is_no_decoded_path(team: Door) -> None:
    team.post("web/getfolderbyserverrelativeurl('/sites/team/Shared%20Documents')/folders/add('Sub')", {})
    path = "/sites/team/Shared%20Documents/Sub"
    assert team.get(f"web/getfolderbyserverrelativeurl('{path.replace('%', '%25')}')")["Name"] == "Sub"


def test_address_of_a_site_is_found_by_its_id(team: Door) -> None:
    site = team.get("site?$select=Id,Url")
    assert team.post("SP.Site.GetUrlById", {"id": site["Id"], "stopRedirect": False})["value"] == site["Url"]


def test_web_of_a_page_may_be_of_another_site(team: Door) -> None:
    page = "https://contoso.sharepoint.com/SitePages/Home.aspx"
    found = team.post("SP.Web.GetWebUrlFromPageUrl", {"pageFullUrl": page})
    assert found["value"].rstrip("/") == "https://contoso.sharepoint.com"


def test_column_that_is_no_lookup_has_no_choices_elsewhere(team: Door) -> None:
    things(team)
    team.post(f"{LIST}/fields", {"Title": "Kind", "FieldTypeKind": 6, "Choices": ["A"]})
    assert team.get(f"{LIST}/getlookupfieldchoices('Kind')")["value"] == '{"Row": []}'


def test_library_has_the_folder_of_its_forms(team: Door) -> None:
    found = team.get("web/defaultdocumentlibrary/rootfolder/folders")["value"]
    assert [each["Name"] for each in found] == ["Forms"]
    assert team.get(f"web/getfolderbyid('{found[0]['UniqueId']}')")["Name"] == "Forms"
    assert team.get(f"web/getfolderbyid('{found[0]['UniqueId']}')/files")["value"] == []
    things(team)
    assert team.get(f"{LIST}/rootfolder/folders")["value"] == []


def test_wiki_page_is_made_with_its_text(team: Door) -> None:
    given = {"ServerRelativeUrl": "/sites/team/SitePages/Old.aspx", "WikiHtmlContent": "<p>Hello</p>"}
    made = team.post("SP.Utilities.Utility.CreateWikiPageInContextWeb", {"parameters": given})
    assert made["Name"] == "Old.aspx"
    path = "web/getfilebyserverrelativeurl('/sites/team/SitePages/Old.aspx')/listitemallfields"
    assert team.get(f"{path}?$select=WikiField")["WikiField"] == "<p>Hello</p>"
    assert team("POST", "SP.Utilities.Utility.CreateWikiPageInContextWeb", {"parameters": given})[0] == 400


def test_small_services_answer_what_there_is(team: Door) -> None:
    assert team.get("SP.Publishing.VideoServiceDiscoverer")["IsMigratedToStream"] is True
    pounds = [each for each in team.post("SP.CurrencyList.GetList")["Items"] if each["LCID"] == "2057"]
    assert pounds[0]["DisplayString"] == "£123,456.00 (United Kingdom)"
    assert team.post("SP.Publishing.SitePageService.OrgAssets")["OrgAssetsLibraries"]["Items"] == []
    assert team.post("SP.Utilities.SPSocialSwitch.IsFollowingFeatureEnabled")["value"] is True
    assert team.get("web/alerts")["value"] == []
    assert team.get("web/currentuser/alerts")["value"] == []
    assert team("POST", "web/alerts", {"Title": "A"})[0] == 501


def test_page_says_the_language_of_its_web(team: Door) -> None:
    made = team.post("sitepages/pages", {"PageLayoutType": "Article"})
    assert team.get(f"sitepages/pages({made['Id']})?$select=Language")["Language"] == "en-us"


def test_nothing_is_checked_out_that_was_never_checked_in(team: Door) -> None:
    assert team.post("web/defaultdocumentlibrary/getcheckedoutfiles")["value"] == []


def test_design_may_name_a_script_that_is_not_there(team: Door) -> None:
    utility = "Microsoft.Sharepoint.Utilities.WebTemplateExtensions.SiteScriptUtility"
    scripts = ["07702c07-0485-426f-b710-4704241caad9"]
    info = {"Title": "Tracking", "WebTemplate": "64", "SiteScriptIds": scripts}
    assert team.post(f"{utility}.CreateSiteDesign", {"info": info})["SiteScriptIds"] == scripts
    assert team("POST", f"{utility}.CreateSiteDesign", {"info": {**info, "SiteScriptIds": ["x"]}})[0] == 400


def test_what_the_service_has_besides_is_counted(team: Door) -> None:
    for name in ("SP.BrandCenter/GetSiteThemes", "SP.EmployeeEngagement/AppConfiguration"):
        assert team("GET", name)[0] == 501


def test_services_of_migration_and_workflows_are_there_and_their_methods_are_counted(team: Door) -> None:
    service = "Microsoft.Online.SharePoint.MigrationCenter.Service.MigrationCenterStorage"
    assert team.get(service, dialect="verbose")["d"]["__metadata"]["type"] == service
    assert team.get("SP.WorkflowServices.WorkflowServicesManager.Current")["IsConnected"] is False
    asked = "SP.MetadataNavigation.MetadataNavigationSettings.GetConfiguredSettings(DecodedUrl='{}')"
    assert team.get(asked.format("/sites/team/Shared Documents"))["Items"] == []
    assert team("GET", asked.format("/sites/team/Nowhere"))[0] == 404
