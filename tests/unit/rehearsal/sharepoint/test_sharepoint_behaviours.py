"""What the service does and a mere imitation of its shapes would not: one test a behaviour, by the number that the
list of behaviours gives it, and the table of refusals."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from spmigrate.rehearsal.faults import Action, fault_response
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.people import Person
from tests.unit.rehearsal.sharepoint.conftest import HOST, OWNER, Door
from tests.unit.rehearsal.sharepoint.process_query import packed

URL = f"https://{HOST}/sites/new"
OTHER = "0b5f9f2e-6c1d-4a53-9a35-3f4b7f0c2d99"
SCRIPT = "Microsoft.Sharepoint.Utilities.WebTemplateExtensions.SiteScriptUtility.ExecuteTemplateScript()"
SP = "Microsoft.SharePoint.SPException"


def create(door: Door, **given: Any) -> Any:
    body = {"Title": "New", "Url": URL, "WebTemplate": "STS#3", "Owner": OWNER, "Lcid": 1033, **given}
    return door.post("SPSiteManager/create", {"request": body})


def test_1_creation_goes_through_its_states_by_the_tenants_clock(team: Door, rehearsed: Tenant) -> None:
    rehearsed.delays.sites = True
    states = [create(team)["SiteStatus"]]
    for seconds in (5, 20):
        rehearsed.clock.advance(seconds)
        states.append(team.get(f"SPSiteManager/status?url='{URL}'")["SiteStatus"])
    assert states == [1, 1, 2]
    new = replace(team, site="/sites/new")
    complete = "web?$select=IsProvisioningComplete"
    assert new.get(complete)["IsProvisioningComplete"] is False
    rehearsed.clock.advance(120)
    assert new.get(complete)["IsProvisioningComplete"] is True


def test_2_a_recycled_site_holds_its_address(team: Door, admin: Door, rehearsed: Tenant) -> None:
    create(team)
    admin.post("SPO.Tenant/RemoveSite", {"siteUrl": URL})
    assert create(team)["SiteStatus"] == 3
    rehearsed.clock.advance(93 * 86_400 + 1)
    assert create(team)["SiteStatus"] == 2


def test_3_a_new_site_is_american_until_somebody_says_otherwise(team: Door) -> None:
    create(team)
    regional = replace(team, site="/sites/new").get("web/regionalsettings?$expand=TimeZone")
    assert (regional["LocaleId"], regional["TimeZone"]["Id"], regional["FirstDayOfWeek"]) == (1033, 13, 0)


def test_4_a_merge_answers_204_without_a_body(team: Door) -> None:
    assert team("POST", "web", {"Title": "Renamed"}, x_http_method="MERGE", if_match="*") == (204, b"")


def test_5_addresses_and_internal_names_come_from_the_first_title(team: Door) -> None:
    team.post("web/lists", {"Title": "Review dates", "BaseTemplate": 100})
    xml = '<Field Type="DateTime" DisplayName="Review date" />'
    fields = "web/lists/getbytitle('Review dates')/fields"
    made = team.post(f"{fields}/createfieldasxml", {"parameters": {"SchemaXml": xml}})
    assert made["InternalName"] == "Review_x0020_date"
    team.merge("web/lists/getbytitle('Review dates')", {"Title": "Reviews"})
    assert team.get("web/lists/getbytitle('Reviews')/rootfolder")["ServerRelativeUrl"].endswith("/Review dates")


def test_6_a_lists_content_type_derives_from_the_sites(team: Door) -> None:
    bound = team.post(
        "web/lists/getbytitle('Documents')/contenttypes/addavailablecontenttype", {"contentTypeId": "0x010102"}
    )
    assert bound["StringId"].startswith("0x01010200")
    assert len(bound["StringId"]) == len("0x010102") + 34


def test_7_links_of_a_content_type_do_not_say_the_internal_name(team: Door) -> None:
    links = team.get("web/contenttypes('0x0101')/fieldlinks")["value"]
    assert {each["FieldInternalName"] for each in links} == {None}
    assert "Title" in {each["Name"] for each in links}


def test_8_a_property_bag_takes_what_rest_writes_and_keeps_nothing(team: Door) -> None:
    assert team.merge("web/allproperties", {"marker": "1"}) == 204
    assert "marker" not in team.get("web/allproperties")


def test_9_a_parent_that_is_no_hub_is_passed_over_in_silence(team: Door) -> None:
    hub = team.post("site/RegisterHubSite")["ID"]
    assert team.merge(f"HubSites/GetById('{hub}')", {"ParentHubSiteId": OTHER}) == 204
    assert team.get(f"HubSites/GetById('{hub}')")["ParentHubSiteId"] == "00000000-0000-0000-0000-000000000000"


def test_10_a_second_list_of_a_title_is_a_500(team: Door) -> None:
    team.post("web/lists", {"Title": "Minutes", "BaseTemplate": 101})
    status, code, text = team.refusal("POST", "web/lists", {"Title": "minutes", "BaseTemplate": 101})
    assert (status, code) == (500, f"-2130575342, {SP}")
    assert text == (
        "A list, survey, discussion board, or document library with the specified title already exists in this Web "
        "site.  Please choose another title."
    )


def test_11_what_is_throttled_says_when_to_come_again_and_what_is_busy_says_it_in_html() -> None:
    throttled = fault_response(Action(status=429, retry_after=7), sharepoint=True)
    assert (throttled.status, throttled.headers["retry-after"]) == (429, "7")
    assert json.loads(throttled.body)["error"]["message"]["lang"] == "en-US"
    busy = fault_response(Action(status=503, retry_after=3), sharepoint=True)
    assert (busy.status, busy.headers["retry-after"]) == (503, "3")
    assert busy.headers["content-type"].startswith("text/html")
    assert busy.body.startswith(b"<!DOCTYPE HTML")


def test_12_a_digest_says_how_long_it_holds_and_a_token_needs_none(team: Door) -> None:
    context = team.post("contextinfo")
    assert context["FormDigestTimeoutSeconds"] == 1800
    assert context["FormDigestValue"].startswith("0x")
    expired = "0x00,01 Jan 2020 00:00:00 -0000"
    status, _ = team("POST", "web", {"Title": "Renamed"}, x_http_method="MERGE", x_requestdigest=expired)
    assert status == 204


def test_13_an_application_alone_makes_no_group_site(team: Door) -> None:
    body = {"displayName": "X", "alias": "x", "isPublic": True}
    assert team.refusal("POST", "GroupSiteManager/CreateGroupEx", body)[0] == 400


def test_14_the_object_model_refuses_with_200(team: Door) -> None:
    path = "../_vti_bin/client.svc/ProcessQuery"
    current = '<StaticProperty Id="1" TypeId="{3747adcd-a3c3-41b9-bfab-4a64dd2f1e0a}" Name="Current" />'
    lists = f'{current}<Property Id="2" ParentId="1" Name="Web" /><Property Id="3" ParentId="2" Name="Lists" />'
    missing = (
        '<Method Id="4" ParentId="3" Name="GetByTitle"><Parameters><Parameter Type="String">No</Parameter>'
        "</Parameters></Method>"
    )
    query = '<Query Id="5" ObjectPathId="4"><Query SelectAllProperties="true"><Properties /></Query></Query>'
    status, answer = team("POST", path, packed(query, lists + missing), content_type="text/xml")
    error = (json.loads(answer) if isinstance(answer, bytes) else answer)[0]["ErrorInfo"]
    assert (status, error["ErrorTypeName"], error["ErrorCode"]) == (200, "System.ArgumentException", -1)


def test_15_a_script_is_carried_out_with_a_code_for_each_action(team: Door) -> None:
    actions = [{"verb": "setRegionalSettings", "timeZone": 2}, {"verb": "applyTheme", "themeName": "None such"}]
    done = team.post(SCRIPT, {"script": json.dumps({"actions": actions, "version": 1})})["value"]
    assert [each["ErrorCode"] for each in done] == [0, 1]
    assert {"Title", "Outcome", "OutcomeText", "Target", "TargetId", "ErrorCode"} <= set(done[0])


def test_16_what_owners_change_by_hand_is_what_a_program_reads(team: Door, rehearsed: Tenant) -> None:
    team.post("web/lists", {"Title": "Minutes", "BaseTemplate": 101})
    owner = Person(rehearsed, OWNER)
    header = {"x_http_method": "MERGE", "if_match": "*"}
    assert owner.status("POST", "web/lists/getbytitle('Minutes')", {"Title": "Agendas"}, **header) == 204
    assert team("GET", "web/lists/getbytitle('Minutes')")[0] == 404
    assert team.get("web/lists/getbytitle('Agendas')/rootfolder")["ServerRelativeUrl"].endswith("/Minutes")


COLUMN = '<Field Type="Text" Name="Twin" StaticName="Twin" DisplayName="Twin" />'
FILES = "web/getfolderbyserverrelativeurl('/sites/team/Shared Documents')/files"
REFUSALS: list[tuple[str, str, object, int, str, str]] = [
    ("GET", "web/lists/getbytitle('x')", None, 404, "-1, System.ArgumentException",
     "List 'x' does not exist at site with URL 'https://contoso.sharepoint.com/sites/team'."),
    ("GET", "web/getlist('/sites/team/y')", None, 404, "-2147024894, System.IO.FileNotFoundException",
     "File Not Found."),
    ("GET", "web/getfilebyserverrelativeurl('/sites/team/Shared Documents/no.txt')", None, 404, f"-2130575338, {SP}",
     "The file /sites/team/Shared Documents/no.txt does not exist."),
    ("GET", "web/lists/getbytitle('Documents')/items(9)", None, 404, "-2130575338, System.ArgumentException",
     "Item does not exist. It may have been deleted by another user."),
    ("POST", "web/fields/createfieldasxml", {"parameters": {"SchemaXml": COLUMN}}, 500, "",
     'A duplicate field name "Twin" was found.'),
    ("POST", "web/contenttypes", {"Name": "Document", "Id": {"StringValue": "0x0101" + "00" + "A" * 32}}, 500, "",
     'A duplicate content type "Document" was found.'),
    ("POST", "web/sitegroups", {"Title": "Team Owners"}, 500, f"-2130575293, {SP}",
     "The specified name is already in use."),
    ("POST", "web/roledefinitions", {"Name": "Read", "BasePermissions": {"High": "0", "Low": "1"}, "Order": 1}, 500,
     f"-2130575293, {SP}", "The specified name is already in use."),
    ("POST", "web/ensureuser", {"logonName": "no@where.example"}, 400, f"-2146232832, {SP}",
     "The specified user no@where.example could not be found."),
    ("GET", "web/getuserbyid(4711)", None, 500, f"-2146232832, {SP}", "User cannot be found."),
    ("POST", "SPSiteManager/create", {"request": {"Title": "N", "Url": URL, "WebTemplate": "NONE#9", "Owner": OWNER}},
     400, "-2147024809, System.ArgumentException", "\r\nParameter name: WebTemplate"),
    ("GET", f"web/lists/getbytitle('Documents')/views('{OTHER}')", None, 404, f"-2130575322, {SP}", ""),
    ("POST", f"{FILES}/add(url='here.txt',overwrite=false)", b"again", 400, f"-2130575257, {SP}", "already exists"),
    ("POST", "web/webinfos/add", {"parameters": {"Url": "below", "Title": "B", "WebTemplate": "STS#3"}}, 500,
     f"-2147024713, {SP}", "is already in use."),
    ("POST", "web", {"Nonsense": 1}, 400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
     "The property 'Nonsense' does not exist on type 'SP.Web'."),
    ("GET", "web/nonsense", None, 404, "-1, Microsoft.SharePoint.Client.ResourceNotFoundException",
     "Cannot find resource for the request"),
]  # fmt: skip


@pytest.fixture
def furnished(team: Door) -> Door:
    team.post("web/fields/createfieldasxml", {"parameters": {"SchemaXml": COLUMN}})
    team.post(f"{FILES}/add(url='here.txt',overwrite=false)", b"once")
    team.post("web/webinfos/add", {"parameters": {"Url": "below", "Title": "B", "WebTemplate": "STS#3"}})
    return team


@pytest.mark.parametrize(("method", "path", "body", "status", "code", "text"), REFUSALS)
def test_refusals_have_the_status_code_and_text_of_the_service(
    furnished: Door, method: str, path: str, body: object, status: int, code: str, text: str
) -> None:
    refused = furnished.refusal(method, path, body)
    assert refused[0] == status, refused
    assert refused[1].startswith(code), refused
    assert text in refused[2], refused


def test_refusals_of_no_metadata_and_of_verbose_differ_by_their_first_key(team: Door) -> None:
    assert set(team("GET", "web/nonsense")[1]) == {"odata.error"}
    assert set(team("GET", "web/nonsense", dialect="verbose")[1]) == {"error"}


def test_a_missing_site_is_told_in_plain_text(rehearsed: Tenant) -> None:
    assert Door(rehearsed, site="/sites/none")("GET", "web") == (404, b"404 FILE NOT FOUND")


def test_hidden_column_is_protected(team: Door) -> None:
    column = "web/lists/getbytitle('Documents')/fields/getbyinternalnameortitle('MetaInfo')"
    status, body = team("POST", column, x_http_method="DELETE", if_match="*")
    assert (status, body["odata.error"]["code"].partition(",")[0]) == (400, "-2130575214")


def test_reader_who_writes_is_told_so(rehearsed: Tenant) -> None:
    status, code, text = Door(rehearsed, role="Sites.Read.All").refusal("POST", "web/lists", {"Title": "A"})
    assert (status, code) == (403, "-2147024891, System.UnauthorizedAccessException")
    assert text == "Access denied. You do not have permission to perform this action or access this resource."


@pytest.mark.parametrize("template", ["STS#3", "GROUP#0", "SITEPAGEPUBLISHING#0", "TEAMCHANNEL#0", "TEAMCHANNEL#1"])
def test_tenant_lists_its_sites_by_template(admin: Door, rehearsed: Tenant, template: str) -> None:
    with rehearsed.store.transaction():
        create_site(rehearsed, NewSite(f"{HOST}/sites/other", "Other", OWNER, template))
    body = {"speFilter": {"Template": template, "StartIndex": "0"}}
    found = admin.post("SPO.Tenant/GetSitePropertiesFromSharePointByFilters", body)["value"]
    assert f"https://{HOST}/sites/other" in {each["Url"] for each in found}
    assert {each["Template"] for each in found} == {template}
