"""Settings of search and of translations, components, new documents."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.people import Person
from tests.unit.rehearsal.sharepoint.conftest import HOST, OWNER, Door

SETTING = "Microsoft.Office.Server.Search.REST.SearchSetting"
SERVICE = "Microsoft.Office.Server.Search.REST.SearchService"
GUEST = "guest@contoso.onmicrosoft.com"


def test_what_was_searched_for_is_told_to_administrators(team: Door, rehearsed: Tenant) -> None:
    owner = Person(rehearsed, OWNER)
    for _ in range(2):
        owner.post("search/postquery", {"request": {"Querytext": "minutes"}})
    team.get("search/query?querytext='agenda'")
    popular = team.post(f"{SERVICE}/exportpopulartenantqueries", {"count": 1})["value"]
    assert [(each["QueryText"], each["QueryCount"]) for each in popular] == [("minutes", 2)]
    body = {"userName": f"i:0#.f|membership|{OWNER}", "startTime": "2020-01-01T00:00:00"}
    lines = team.post(f"{SERVICE}/export", body)["value"].split("\r\n")
    assert (lines[0], [each.partition(",")[2] for each in lines[1:-1]]) == ("Date,QueryText", ["minutes"] * 2)
    assert team.post(f"{SERVICE}/export", {**body, "userName": GUEST})["value"] == "Date,QueryText\r\n"


def test_configuration_of_search_names_the_site_and_nothing_is_promoted(team: Door) -> None:
    context = team.post(f"{SETTING}/getqueryconfiguration", {"callLocalSearchFarmsOnly": True})["QueryContext"]
    assert context["SpSiteId"] == team.get("site?$select=Id")["Id"]
    promoted = team.get(f"{SETTING}/getpromotedresultqueryrules?siteCollectionLevel=true&offset=0&numberOfRules=10")
    assert promoted["Result"] == []
    assert promoted["SearchObjectOwner"]["SiteCollectionId"] == context["SpSiteId"]


def test_translators_are_kept_by_language(team: Door) -> None:
    path = "web/MultilingualSettings"
    recipients = [{"LanguageCode": "cy-GB", "Recipients": [{"LoginName": GUEST}]}]
    team.post(f"{path}/SetNotificationRecipients", {"request": {"NotificationRecipients": recipients}})
    team.post(f"{path}/SetFollowLangPreference", {"request": True})
    assert team.get(path)["FollowLangPreference"] is True
    found = team.get(f"{path}/Recipients?$expand=Recipients")["value"]
    assert [(each["LanguageCode"], each["Recipients"][0]["Title"]) for each in found] == [("cy-GB", "G")]
    people: list[object] = ["x", 7, ["x"], {"results": "x"}]
    for wrong in [
        "x",
        ["x"],
        [{"LanguageCode": "tlh"}],
        *([{"LanguageCode": "cy-GB", "Recipients": each}] for each in people),
    ]:
        body = {"request": {"NotificationRecipients": wrong}}
        assert team.refusal("POST", f"{path}/SetNotificationRecipients", body)[0] == 400, wrong


def test_components_are_those_that_pages_hold(team: Door) -> None:
    components = team.post("web/GetAllClientSideComponents")["value"]
    parts = team.get("web/GetClientSideWebParts")["value"]
    assert {each["Id"] for each in components} == {each["Id"] for each in parts}


@pytest.mark.parametrize(
    ("kind", "extension", "part"),
    [(1, "docx", "word/document.xml"), (2, "xlsx", "xl/workbook.xml"), (3, "pptx", "ppt/presentation.xml")],
)
def test_new_document_is_one_and_has_a_place_to_be_edited(team: Door, kind: int, extension: str, part: str) -> None:
    library = "web/defaultDocumentLibrary"
    body = {"fileName": "Minutes", "folderPath": "/sites/team/Shared Documents", "documentTemplateType": kind}
    link = team.post(f"{library}/CreateDocumentAndGetEditLink", body)["value"]
    made = team.get(f"web/getfilebyserverrelativeurl('/sites/team/Shared Documents/Minutes.{extension}')")
    assert made["UniqueId"].upper() in link
    assert "/_layouts/15/Doc.aspx?" in link
    content = team("GET", f"web/getfilebyid('{made['UniqueId']}')/$value")[1]
    assert part in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert team.refusal("POST", f"{library}/CreateDocumentAndGetEditLink", body)[:2] == (
        400, "-2130575257, Microsoft.SharePoint.SPException",
    )  # fmt: skip


def test_new_documents_without_a_name_are_numbered(team: Door) -> None:
    library = "web/defaultDocumentLibrary"
    body = {"folderPath": "/sites/team/Shared Documents", "extension": "docx"}
    names = [team.post(f"{library}/CreateDocumentWithDefaultName", body)["value"] for _ in range(2)]
    assert names == ["Document.docx", "Document1.docx"]


def test_full_metadata_says_types_and_where_links_lead(team: Door) -> None:
    status, web = team("GET", "web?$select=Id,Title,Created,SupportedUILanguageIds,Lists", dialect="fullmetadata")
    assert status == 200
    assert (web["odata.type"], web["Id@odata.type"], web["Created@odata.type"]) == (
        "SP.Web",
        "Edm.Guid",
        "Edm.DateTime",
    )
    assert web["SupportedUILanguageIds@odata.type"] == "Collection(Edm.Int32)"
    whole = team("GET", "web", dialect="fullmetadata")[1]
    assert whole["Lists@odata.navigationLinkUrl"] == "Web/Lists"
    assert "Title@odata.type" not in whole
    assert "Lists@odata.navigationLinkUrl" not in team("GET", "web", dialect="minimalmetadata")[1]


@pytest.mark.parametrize("site", ["/sites/team", ""])
def test_schema_names_types_properties_and_functions(team: Door, site: str) -> None:
    status, document = replace(team, site=site)("GET", "$metadata")
    root = ElementTree.fromstring(document)
    edm = "{http://schemas.microsoft.com/ado/2009/11/edm}"
    (space,) = [each for each in root.iter(f"{edm}Schema") if each.get("Namespace") == "SP"]
    web = next(each for each in space.findall(f"{edm}EntityType") if each.get("Name") == "Web")
    kinds = {each.get("Name"): each.get("Type") for each in web.findall(f"{edm}Property")}
    assert (status, kinds["Title"], kinds["Created"], kinds["Id"]) == (200, "Edm.String", "Edm.DateTime", "Edm.Guid")
    names = [each.get("Name") for each in space.findall(f"{edm}EntityType")]
    assert len(names) == len(set(names)) > 45
    functions = {each.get("Name") for each in root.iter(f"{edm}FunctionImport")}
    assert {"GetFileById", "EnsureUser", "BreakRoleInheritance"} <= functions


def test_default_library_is_told_by_the_address_of_its_web(team: Door) -> None:
    found = team.post("SP.Web.DefaultDocumentLibraryUrl", {"webUrl": f"https://{HOST}/sites/team"})
    assert (found["Title"], found["ServerRelativeUrl"]) == ("Documents", "/sites/team/Shared Documents")
    assert found["IsDefaultDocumentLibrary"] is True


def test_folder_is_not_made_where_a_file_has_its_name(team: Door) -> None:
    team.post("web/rootfolder/files/add(url='probe',overwrite=true)", {})
    status, code, _ = team.refusal("POST", "web/rootfolder/folders/add('probe')", {})
    assert (status, code.partition(",")[0]) == (400, "-2130575257")
