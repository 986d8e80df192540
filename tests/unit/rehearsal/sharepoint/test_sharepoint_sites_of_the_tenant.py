"""Listings of sites by filter, what a renamed site leaves behind, and whose deletions a person sees."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from spmigrate.rehearsal.http import Body, Request
from spmigrate.rehearsal.sharepoint import handle
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.people import Person
from tests.unit.rehearsal.sharepoint.conftest import ADMIN, HOST, OWNER, Door
from tests.unit.rehearsal.sharepoint.process_query import TENANT, WHOLE, packed
from tests.unit.rehearsal.sharepoint.test_sharepoint_pages import APP

FILTERED = "SPO.Tenant/GetSitePropertiesFromSharePointByFilters"
SECOND = "second@contoso.onmicrosoft.com"


def titles(admin: Door, **given: object) -> set[str]:
    found = admin.post(FILTERED, {"speFilter": {"StartIndex": "0", **given}})["value"]
    return {each["Title"] for each in found}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Url -like 'team'", {"Team"}),
        ("Url -like '*TEAM*'", {"Team"}),
        ("Title -eq 'team'", {"Team"}),
        ("Template -eq 'STS#3' -and LockState -eq 'Unlock'", {"Team"}),
        ("Template -ne 'STS#3' -and Url -notlike 'admin'", {"Root"}),
        ("Url -like 'nothing'", set()),
    ],
)
def test_sites_are_listed_by_a_filter(admin: Door, text: str, wanted: set[str]) -> None:
    assert titles(admin, Filter=text) == wanted


@pytest.mark.parametrize("text", ["Url", "Url -is 'x'", "Nothing -eq 'x'", "Url -eq 'x' -or Title -eq 'y'"])
def test_filter_that_is_none_is_refused(admin: Door, text: str) -> None:
    assert admin.refusal("POST", FILTERED, {"speFilter": {"Filter": text}})[0] == 400


def rename(admin: Door, to: str = "crew") -> None:
    base = f"https://{HOST}/sites"
    admin.post("SiteRenameJobs", {"SourceSiteUrl": f"{base}/team", "TargetSiteUrl": f"{base}/{to}"})


def test_renamed_site_leaves_a_redirect(admin: Door, team: Door, rehearsed: Tenant) -> None:
    rename(admin)
    path = quote("/sites/team/Shared Documents/Forms/AllItems.aspx")
    answer = handle(Request("GET", HOST, path, claims=APP), rehearsed)
    assert answer.status == 302
    assert answer.headers["location"] == f"https://{HOST}/sites/crew/Shared%20Documents/Forms/AllItems.aspx"
    assert team("GET", "web") == (404, b"404 FILE NOT FOUND")
    assert "Team" in titles(admin, Template="REDIRECTSITE#0")
    listed = admin.post(FILTERED, {"speFilter": {"StartIndex": "0"}})["value"]
    assert f"https://{HOST}/sites/team" not in {each["Url"] for each in listed}


def test_redirect_holds_the_address_until_it_is_removed(admin: Door, team: Door) -> None:
    rename(admin)
    url = f"https://{HOST}/sites/team"
    root = replace(team, site="")
    body = {"request": {"Title": "T", "Url": url, "WebTemplate": "STS#3", "Owner": OWNER}}
    assert root.post("SPSiteManager/create", body)["SiteStatus"] == 4
    shown = admin.post("SPO.Tenant/GetSitePropertiesByUrl", {"url": url})
    assert shown["Template"] == "REDIRECTSITE#0"
    admin.post("SPO.Tenant/RemoveSite", {"siteUrl": url})
    assert root.post("SPSiteManager/create", body)["SiteStatus"] == 2


def test_person_sees_in_the_bin_what_they_deleted_and_an_administrator_everything(
    team: Door, rehearsed: Tenant
) -> None:
    with rehearsed.store.transaction():
        rehearsed.directory.add_user(SECOND, props={"displayName": "Second"})
    members = team.get("web/AssociatedMemberGroup?$select=Id")["Id"]
    team.post(f"web/sitegroups({members})/users", {"LoginName": f"i:0#.f|membership|{SECOND}"})
    second, owner = Person(rehearsed, SECOND), Person(rehearsed, OWNER)
    for person, name in ((second, "mine.txt"), (owner, "theirs.txt")):
        person.post(f"web/DefaultDocumentLibrary/RootFolder/Files/Add(url='{name}')", b"x")
        person.post(f"web/GetFileByServerRelativePath(DecodedUrl='/sites/team/Shared Documents/{name}')/Recycle")

    def names(person: Person, where: str = "web") -> set[str]:
        return {each["LeafName"] for each in person.get(f"{where}/RecycleBin")["value"]}

    assert (names(second), names(owner)) == ({"mine.txt"}, {"mine.txt", "theirs.txt"})
    theirs = next(each["Id"] for each in owner.get("web/RecycleBin")["value"] if each["LeafName"] == "theirs.txt")
    assert second.status("POST", f"web/RecycleBin('{theirs}')/Restore") == 400
    mine = next(each["Id"] for each in second.get("web/RecycleBin")["value"])
    second.post(f"web/RecycleBin('{mine}')/MoveToSecondStage")
    assert (names(second), names(owner, "site")) == (set(), {"mine.txt", "theirs.txt"})


def test_no_step_leads_on_from_nothing(team: Door) -> None:
    status, code, _ = team.refusal("GET", "web/DefaultDocumentLibrary/RootFolder/ListItemAllFields/ParentList")
    assert (status, code) == (404, "-1, Microsoft.SharePoint.Client.ResourceNotFoundException")


def test_link_has_a_group_among_the_role_assignments_until_it_is_deleted(team: Door) -> None:
    team.post("web/DefaultDocumentLibrary/RootFolder/Files/Add(url='a.txt',overwrite=true)", b"x")
    item = "web/GetFileByServerRelativePath(DecodedUrl='/sites/team/Shared Documents/a.txt')/ListItemAllFields"
    body = {"request": {"createLink": True, "settings": {"linkKind": 3, "role": 2, "scope": 1}}}
    made = team.post(f"{item}/ShareLink", body)["sharingLinkInfo"]

    def groups() -> dict[str, str]:
        held = team.get(f"{item}/RoleAssignments?$expand=Member,RoleDefinitionBindings")["value"]
        return {each["Member"]["Title"]: each["RoleDefinitionBindings"][0]["Name"] for each in held
                if each["Member"]["Title"].startswith("SharingLinks.")}  # fmt: skip

    ((title, level),) = groups().items()
    guid = team.get(f"{item}/File?$select=UniqueId")["UniqueId"]
    assert title.startswith(f"SharingLinks.{guid}.Organization")
    assert level in ("Contribute", "Read")
    assert title in {each["Title"] for each in team.get("web/sitegroups")["value"]}
    team.post(f"{item}/DeleteLinkByKind", {"linkKind": made["LinkKind"]})
    assert groups() == {}
    assert title not in {each["Title"] for each in team.get("web/sitegroups")["value"]}


def test_site_is_not_made_where_there_is_one(rehearsed: Tenant) -> None:
    given = (("Owner", OWNER), ("Title", "Again"), ("Template", "STS#3"), ("Url", f"https://{HOST}/sites/team"))
    props = "".join(f'<Property Name="{name}" Type="String">{value}</Property>' for name, value in given)
    creation = (
        f'<Parameters><Parameter TypeId="{{11f84fff-b8cf-47b6-8b50-34e692656606}}">{props}</Parameter></Parameters>'
    )
    paths = f'{TENANT}<Method Id="2" ParentId="1" Name="CreateSite">{creation}</Method>'
    content = packed(f'<Query Id="5" ObjectPathId="2">{WHOLE}</Query>', paths)
    where = "/_vti_bin/client.svc/ProcessQuery"
    answer = handle(Request("POST", ADMIN, where, body=Body(len(content), content), claims=APP), rehearsed)
    error = json.loads(answer.body)[0]["ErrorInfo"]
    assert answer.status == 200
    assert error["ErrorMessage"] == f"A site already exists at url https://{HOST}/sites/team."
