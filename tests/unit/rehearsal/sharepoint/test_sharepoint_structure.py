"""Lists, columns, content types, views, navigation, permissions: what the service does, and its odd corners."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.rehearsal.sharepoint.conftest import OWNER, Door

COLUMN = (
    '<Field Type="Choice" ID="{6fb1f1a8-4dbb-4e0c-9b26-5b0ba3e76a4d}" Name="DocType" StaticName="DocType" '
    'DisplayName="Document type" Group="Council" Required="TRUE"><CHOICES><CHOICE>Policy</CHOICE>'
    "<CHOICE>Report</CHOICE></CHOICES></Field>"
)


def add_column(door: Door, owner: str = "web") -> Any:
    return door.post(f"{owner}/fields/createfieldasxml", {"parameters": {"SchemaXml": COLUMN, "Options": 8}})


def test_new_site_has_what_a_new_site_has(team: Door) -> None:
    assert [each["Title"] for each in team.get("web/lists?$filter=Hidden eq false")["value"]][:2] == [
        "Documents",
        "Site Pages",
    ]
    assert team.get("web/regionalsettings?$expand=TimeZone")["TimeZone"]["Id"] == 13
    assert team.get("web/regionalsettings")["LocaleId"] == 1033
    roles = team.get("web/roleassignments?$expand=RoleDefinitionBindings")["value"]
    assert sorted(each["RoleDefinitionBindings"][0]["Name"] for each in roles) == ["Edit", "Full Control", "Read"]
    assert team.get("web/associatedownergroup/users")["value"][0]["UserPrincipalName"] == OWNER
    assert team.get("web/getfilebyserverrelativeurl('/sites/team/SitePages/Home.aspx')")["Name"] == "Home.aspx"


def test_web_says_its_template_in_three_ways_that_agree(team: Door) -> None:
    web = team.get("web")
    assert (web["WebTemplate"], web["Configuration"]) == ("STS", 3)
    assert team.get("web?$select=WebTemplateConfiguration")["WebTemplateConfiguration"] == "STS#3"
    assert replace(team, site="").get("web?$select=Configuration,WebTemplate") == {
        "Configuration": 0, "WebTemplate": "SITEPAGEPUBLISHING",
    }  # fmt: skip


def test_web_answers_with_the_default_set_and_extras_on_select(team: Door) -> None:
    web = team.get("web")
    assert len(web) > 60
    assert len(team.get("web/lists/getbytitle('Documents')")) >= 54
    assert "EffectiveBasePermissions" not in web
    assert team.get("web?$select=EffectiveBasePermissions")["EffectiveBasePermissions"]["Low"] == "4294705151"


def test_list_address_comes_from_its_title_and_stays(team: Door) -> None:
    made = team.post("web/lists", {"Title": "SocialCareRecords", "BaseTemplate": 101})
    path = f"web/lists('{made['Id']}')"
    assert team.merge(path, {"Title": "Social care records", "MajorVersionLimit": 100}) == 204
    shown = team.get(f"{path}?$expand=RootFolder")
    assert (shown["Title"], shown["MajorVersionLimit"]) == ("Social care records", 100)
    assert shown["RootFolder"]["ServerRelativeUrl"] == "/sites/team/SocialCareRecords"
    assert team.get("web/getlist('/sites/team/SocialCareRecords')")["Id"] == made["Id"]


def test_library_keeps_500_versions_and_a_list_50(team: Door) -> None:
    assert team.post("web/lists", {"Title": "L", "BaseTemplate": 101})["MajorVersionLimit"] == 500
    assert team.post("web/lists", {"Title": "M", "BaseTemplate": 100})["MajorVersionLimit"] == 50


def test_library_shows_name_and_title_and_a_list_attachments(team: Door) -> None:
    team.post("web/lists", {"Title": "M", "BaseTemplate": 100})
    query = "fields?$filter=Hidden eq false and ReadOnlyField eq false&$select=InternalName"

    def names(title: str) -> list[str]:
        return [each["InternalName"] for each in team.get(f"web/lists/getbytitle('{title}')/{query}")["value"]]

    assert (names("Documents"), names("M")) == (["Title", "FileLeafRef"], ["Title", "Attachments"])


def test_duplicate_list_is_a_500_with_two_spaces_in_its_text(team: Door) -> None:
    status, code, text = team.refusal("POST", "web/lists", {"Title": "documents", "BaseTemplate": 101})
    assert (status, code) == (500, "-2130575342, Microsoft.SharePoint.SPException")
    assert "Web site.  Please" in text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("web/lists/getbytitle('No')", 404, "-1, System.ArgumentException"),
        ("web/getlist('/sites/team/No')", 404, "-2147024894, System.IO.FileNotFoundException"),
        ("web/getfolderbyserverrelativeurl('/sites/team/No')", 404, "-2147024894, System.IO.FileNotFoundException"),
        (
            "web/getfilebyserverrelativeurl('/sites/team/Shared Documents/no.txt')",
            404,
            "-2130575338, Microsoft.SharePoint.SPException",
        ),
        ("web/lists/getbytitle('Documents')/items(99)", 404, "-2130575338, System.ArgumentException"),
        ("web/nonsense", 404, "-1, Microsoft.SharePoint.Client.ResourceNotFoundException"),
        ("web/workflowassociations", 501, "-1, System.NotImplementedException"),
        ("web/lists(", 400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"),
        ("web/lists/getbytitle('Documents')/recycle", 405, "-1, Microsoft.SharePoint.Client.ClientServiceException"),
    ],
)
def test_refusals_have_the_codes_of_the_service(team: Door, path: str, status: int, code: str) -> None:
    assert team.refusal("GET", path)[:2] == (status, code)


def test_unknown_property_in_a_body_is_named(team: Door) -> None:
    assert team("POST", "web", {"Titel": "x"}, x_http_method="MERGE")[1]["odata.error"]["message"]["value"].startswith(
        "The property 'Titel' does not exist on type 'SP.Web'."
    )


def test_missing_folder_exists_false_only_when_that_alone_is_asked(team: Door) -> None:
    path = "web/getfolderbyserverrelativepath(decodedurl='/sites/team/No')"
    assert team.get(f"{path}?$select=Exists") == {"Exists": False}
    assert team("GET", path)[0] == 404
    status, refused = team("POST", f"{path}/files/add(url='a.txt')", b"a")
    assert (status, refused["odata.error"]["code"]) == (404, "-2147024893, System.IO.DirectoryNotFoundException")


def test_missing_navigation_node_and_field_link_are_null_not_404(team: Door) -> None:
    assert team.get("web/navigation/getnodebyid(4711)") == {"odata.null": True}
    link = "web/contenttypes('0x0101')/fieldlinks('6fb1f1a8-4dbb-4e0c-9b26-5b0ba3e76a4d')"
    assert team.get(link) == {"odata.null": True}


def test_column_keeps_name_id_choices_and_refuses_a_twin(team: Door) -> None:
    made = add_column(team)
    assert (made["InternalName"], made["Id"]) == ("DocType", "6fb1f1a8-4dbb-4e0c-9b26-5b0ba3e76a4d")
    assert (made["Choices"], made["Required"], made["Group"]) == (["Policy", "Report"], True, "Council")
    assert team.refusal("POST", "web/fields/createfieldasxml", {"parameters": {"SchemaXml": COLUMN}})[0] == 500
    assert team.merge("web/fields/getbyinternalnameortitle('DocType')", {"Choices": ["Form"]}) == 204
    assert team.get("web/fields/getbytitle('Document type')")["Choices"] == ["Form"]


def test_list_column_name_comes_from_the_title_without_the_hint(team: Door) -> None:
    xml = '<Field Type="Text" Name="Real" DisplayName="Review date" />'
    fields = "web/lists/getbytitle('Documents')/fields"
    assert team.post(f"{fields}/createfieldasxml", {"parameters": {"SchemaXml": xml}})["InternalName"] == (
        "Review_x0020_date"
    )
    hinted = team.post(f"{fields}/createfieldasxml", {"parameters": {"SchemaXml": xml, "Options": 8}})
    assert hinted["InternalName"] == "Real"


def test_built_in_column_is_changed_on_one_site_alone(team: Door, rehearsed: Any) -> None:
    assert team.merge("web/fields/getbytitle('Comments')", {"Description": "here"}) == 204
    other = Door(rehearsed, site="")
    assert other.get("web/fields/getbytitle('Comments')")["Description"] == ""
    status = team.refusal("GET", "web/fields/getbytitle('Nothing')")
    assert status[:2] == (400, "-2147024809, System.ArgumentException")


def test_content_type_takes_the_id_given_and_binding_derives_one(team: Door) -> None:
    add_column(team)
    wanted = "0x010100" + "A" * 32
    made = team.post("web/contenttypes", {"Name": "Council document", "Id": {"StringValue": wanted}, "Group": "C"})
    assert made["StringId"] == wanted
    link = team.post(f"web/contenttypes('{wanted}')/fieldlinks", {"FieldInternalName": "DocType"})
    assert (link["Name"], link["FieldInternalName"]) == ("DocType", None)
    library = "web/lists/getbytitle('Documents')"
    bound = team.post(f"{library}/contenttypes/addavailablecontenttype", {"contentTypeId": wanted})
    assert bound["StringId"].startswith(wanted + "00")
    assert len(bound["StringId"]) == len(wanted) + 34
    assert team.get(f"{library}/fields/getbyinternalnameortitle('DocType')")["Required"] is True
    twin = team.refusal("POST", f"{library}/contenttypes/addavailablecontenttype", {"contentTypeId": wanted})
    assert twin[2] == 'A duplicate content type "Council document" was found.'


def test_view_is_added_changed_in_place_and_reordered(team: Door) -> None:
    views = "web/lists/getbytitle('Documents')/views"
    given = {"Title": "By type", "RowLimit": 50, "ViewFields": {"results": ["DocIcon", "LinkFilename"]}}
    made = team.post(f"{views}/add", {"parameters": given})
    path = f"{views}('{made['Id']}')"
    assert team.merge(path, {"RowLimit": 70, "DefaultView": True}) == 204
    team.post(f"{path}/viewfields/addviewfield('Modified')")
    team.post(f"{path}/viewfields/moveviewfieldto", {"field": "Modified", "index": 0})
    assert team.get(f"{path}/viewfields")["Items"] == ["Modified", "DocIcon", "LinkFilename"]
    assert team.get("web/lists/getbytitle('Documents')/defaultview")["Title"] == "By type"
    assert [each["DefaultView"] for each in team.get(views)["value"]] == [False, True]


def test_navigation_node_has_children_and_moves(team: Door) -> None:
    made = team.post("web/navigation/quicklaunch", {"Title": "Policies", "Url": "http://linkless.header/"})
    child = team.post(f"web/navigation/getnodebyid({made['Id']})/children", {"Title": "A", "Url": "/a"})
    team.post("web/navigation/quicklaunch/moveafter", {"nodeId": made["Id"], "previousNodeId": 0})
    nodes = team.get("web/navigation/quicklaunch?$expand=Children")["value"]
    assert nodes[0]["Title"] == "Policies"
    assert nodes[0]["Children"][0]["Id"] == child["Id"]
    assert team.delete(f"web/navigation/getnodebyid({made['Id']})") == 200
    assert team.get(f"web/navigation/getnodebyid({child['Id']})") == {"odata.null": True}


def test_library_permissions_break_and_reset(team: Door) -> None:
    library = "web/lists/getbytitle('Documents')"
    user = team.post("web/ensureuser", {"logonName": "guest@contoso.onmicrosoft.com"})
    role = team.get("web/roledefinitions/getbyname('Contribute')")["Id"]
    add = f"{library}/roleassignments/addroleassignment(principalid={user['Id']},roledefid={role})"
    assert team.refusal("POST", add)[0] == 400
    team.post(f"{library}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    team.post(add)
    held = team.get(f"{library}/roleassignments?$expand=Member")["value"]
    assert [each["Member"]["Title"] for each in held] == ["SharePoint App", user["Title"]]
    assert team.get(f"{library}?$select=HasUniqueRoleAssignments") == {"HasUniqueRoleAssignments": True}
    team.post(f"{library}/resetroleinheritance")
    held = team.get(f"{library}/roleassignments?$expand=Member")["value"]
    assert [each["Member"]["Title"].split(" ")[0] for each in held] == ["Team", "Team", "Team", "Limited"]


def test_person_whom_the_directory_does_not_know_is_refused(team: Door) -> None:
    status, code, text = team.refusal("POST", "web/ensureuser", {"logonName": "nobody@nowhere.example"})
    assert (status, code) == (400, "-2146232832, Microsoft.SharePoint.SPException")
    assert text == "The specified user nobody@nowhere.example could not be found."


def test_group_names_are_unique_and_free_of_forbidden_characters(team: Door) -> None:
    team.post("web/sitegroups", {"Title": "Records team"})
    assert team.refusal("POST", "web/sitegroups", {"Title": "records TEAM"})[1].startswith("-2130575293")
    assert team.refusal("POST", "web/sitegroups", {"Title": "a/b"})[0] == 400


def test_property_bag_write_is_accepted_and_not_kept(team: Door) -> None:
    assert team.merge("web/allproperties", {"marker": "1"}) == 204
    assert "marker" not in team.get("web/allproperties")


def test_time_zone_is_set_by_a_script_action_alone(team: Door) -> None:
    call = "Microsoft.Sharepoint.Utilities.WebTemplateExtensions.SiteScriptUtility.ExecuteTemplateScript()"
    assert team("POST", "web/regionalsettings", {"TimeZone": 2}, x_http_method="MERGE")[0] == 400
    script = (
        '{"actions":[{"verb":"setRegionalSettings","timeZone":2,"locale":2057},{"verb":"applyTheme","themeName":"x"}]}'
    )
    results = team.post(call, {"script": script})["value"]
    assert [each["ErrorCode"] for each in results] == [0, 1]
    assert team.get("web/regionalsettings/timezone")["Id"] == 2


def test_retention_label_must_be_published(team: Door, rehearsed: Any) -> None:
    call = "SP_CompliancePolicy_SPPolicyStoreProxy_SetListComplianceTag"
    url = "https://contoso.sharepoint.com/sites/team/Shared Documents"
    body = {"listUrl": url, "complianceTagValue": "Six years", "blockDelete": True, "blockEdit": False}
    assert team.refusal("POST", call, body)[0] == 400
    rehearsed.store.write_value("compliance.labels", [{"TagName": "Six years"}])
    team.post(call, body)
    read = f"SP_CompliancePolicy_SPPolicyStoreProxy_GetListComplianceTag(listUrl=@a)?@a='{url}'"
    assert team.get(read)["TagName"] == "Six years"


def test_list_goes_to_the_bin_and_comes_back(team: Door) -> None:
    made = team.post("web/lists", {"Title": "Old", "BaseTemplate": 100})
    given = team.post(f"web/lists('{made['Id']}')/recycle()")["value"]
    (waiting,) = team.get("web/recyclebin")["value"]
    assert (waiting["Id"], waiting["ItemType"], waiting["DirName"]) == (given, 4, "sites/team/Lists")
    team.post(f"web/recyclebin('{waiting['Id']}')/restore()")
    assert team.get("web/lists/getbytitle('Old')")["Id"] == made["Id"]


def test_new_site_has_its_galleries_and_says_nothing_of_making_them(team: Door) -> None:
    token = team.get("web?$select=CurrentChangeToken")["CurrentChangeToken"]["StringValue"]
    shown = {each["Title"]: each for each in team.get("web/lists")["value"]}
    hidden = {title for title, each in shown.items() if each["Hidden"]}
    assert hidden >= {"appdata", "appfiles", "Composed Looks", "List Template Gallery", "Maintenance Log Library",
                      "Master Page Gallery", "Solution Gallery", "Theme Gallery", "Web Part Gallery",
                      "TaxonomyHiddenList", "User Information List"}  # fmt: skip
    by_address = team.get("web/GetList('/sites/team/_catalogs/masterpage')?$select=Id,BaseTemplate,IsCatalog")
    assert (by_address["Id"], by_address["IsCatalog"]) == (shown["Master Page Gallery"]["Id"], True)
    assert team.get("web/GetCatalog(116)?$select=Id")["Id"] == by_address["Id"]
    query = {"query": {"List": True, "Add": True, "ChangeTokenStart": {"StringValue": token}}}
    assert team.post("web/getchanges", query)["value"] == []
