"""Files, folders, recycle bins and webs through SharePoint REST: what PnPjs and the Office365 library do not show."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from spmigrate.rehearsal.office import with_properties
from tests.unit.rehearsal.sharepoint.conftest import HOST, OWNER, Door

LIBRARY = "web/DefaultDocumentLibrary/RootFolder"
FOLDER = "/sites/team/Shared Documents"
UTILITY = "Microsoft.Sharepoint.Utilities.WebTemplateExtensions.SiteScriptUtility"


def put(team: Door, name: str, content: bytes = b"text", *, library: str = LIBRARY) -> dict[str, Any]:
    made: dict[str, Any] = team.post(f"{library}/Files/Add(url='{name}',overwrite=true)", content)
    return made


def file(name: str) -> str:
    return f"web/GetFileByServerRelativePath(DecodedUrl='{FOLDER}/{name}')"


def settings(team: Door, **properties: object) -> None:
    assert team.merge("web/lists/getbytitle('Documents')", properties) == 204


def test_drafts_are_published_and_taken_back_where_the_library_has_them(team: Door) -> None:
    settings(team, EnableMinorVersions=True)
    assert put(team, "a.txt")["UIVersionLabel"] == "0.1"
    assert put(team, "a.txt")["UIVersionLabel"] == "0.2"
    team.post(f"{file('a.txt')}/Publish('good')")
    now = team.get(f"{file('a.txt')}?$select=UIVersionLabel,Level,CheckInComment")
    assert now == {"UIVersionLabel": "1.0", "Level": 1, "CheckInComment": "good"}
    assert [each["VersionLabel"] for each in team.get(f"{file('a.txt')}/Versions")["value"]] == ["0.1", "0.2"]
    team.post(f"{file('a.txt')}/UnPublish('bad')")
    assert team.get(f"{file('a.txt')}?$select=UIVersionLabel")["UIVersionLabel"] == "0.3"


@pytest.mark.parametrize(
    "call", ["Publish('x')", "UnPublish('x')", "Approve('x')", "CheckIn(comment='',checkintype=0)"]
)
def test_what_the_library_is_not_set_up_for_is_refused(team: Door, call: str) -> None:
    put(team, "a.txt")
    if call.startswith("CheckIn"):
        team.post(f"{file('a.txt')}/CheckOut()")
    assert team.refusal("POST", f"{file('a.txt')}/{call}")[0] == 400


@pytest.mark.parametrize(("kind", "label", "kept"), [(1, "2.0", 1), (2, "1.0", 0)])
def test_check_in_says_what_becomes_of_the_version(team: Door, kind: int, label: str, kept: int) -> None:
    put(team, "a.txt")
    team.post(f"{file('a.txt')}/CheckOut()")
    put(team, "a.txt", b"other")
    put(team, "a.txt", b"third")
    team.post(f"{file('a.txt')}/CheckIn(comment='c',checkintype={kind})")
    assert team.get(f"{file('a.txt')}?$select=UIVersionLabel")["UIVersionLabel"] == label
    assert len(team.get(f"{file('a.txt')}/Versions")["value"]) == kept


def test_without_versioning_nothing_earlier_is_kept(team: Door) -> None:
    settings(team, EnableVersioning=False)
    put(team, "a.txt")
    assert put(team, "a.txt", b"2")["UIVersionLabel"] == "1.0"
    assert team.get(f"{file('a.txt')}/Versions")["value"] == []


def test_only_as_many_versions_as_the_library_keeps(team: Door) -> None:
    settings(team, MajorVersionLimit=3)
    for number in range(6):
        put(team, "a.txt", str(number).encode())
    labels = [each["VersionLabel"] for each in team.get(f"{file('a.txt')}/Versions")["value"]]
    assert labels == ["4.0", "5.0"]


def test_pieces_must_follow_each_other(team: Door) -> None:
    put(team, "a.bin", b"")
    upload = "guid'0b5f9f2e-6c1d-4a53-9a35-3f4b7f0c2d11'"
    assert team.post(f"{file('a.bin')}/StartUpload(uploadId={upload})", b"12345") == {"value": "5"}
    assert team.refusal("POST", f"{file('a.bin')}/ContinueUpload(uploadId={upload},fileOffset=4)", b"x")[0] == 400
    assert team.post(f"{file('a.bin')}/ContinueUpload(uploadId={upload},fileOffset=5)", b"67") == {"value": "7"}
    assert team.post(f"{file('a.bin')}/FinishUpload(uploadId={upload},fileOffset=7)", b"8")["Length"] == "8"
    assert team.refusal("POST", f"{file('a.bin')}/FinishUpload(uploadId={upload},fileOffset=8)", b"")[0] == 404


def test_ranges_of_a_file(team: Door) -> None:
    put(team, "a.txt", b"0123456789")
    assert team("GET", f"{file('a.txt')}/$value", range="bytes=2-4") == (200, b"234")
    assert team("GET", f"{file('a.txt')}/$value", range="bytes=-3")[1] == b"789"
    assert team("GET", f"{file('a.txt')}/$value", range="bytes=20-")[0] == 416


def test_wrong_hash_is_refused_and_nothing_is_kept(team: Door) -> None:
    assert team.refusal("POST", f"{LIBRARY}/Files/AddUsingPath(DecodedUrl='a.txt',XorHash='AAAA')", b"x")[0] == 400
    assert team.get(f"{LIBRARY}/Files")["value"] == []


def test_bin_keeps_things_for_93_days(team: Door) -> None:
    put(team, "a.txt")
    given = team.post(f"{file('a.txt')}/Recycle()")["value"]
    (entry,) = team.get("web/RecycleBin")["value"]
    assert (entry["Id"], entry["DirName"], entry["Size"]) == (given, FOLDER.strip("/"), "4")
    team.tenant.clock.advance(timedelta(days=92).total_seconds())
    team.post(f"web/RecycleBin('{given}')/MoveToSecondStage()")
    assert len(team.get("site/RecycleBin?$filter=ItemState eq 2")["value"]) == 1
    team.tenant.clock.advance(timedelta(days=2).total_seconds())
    assert team.get("site/RecycleBin")["value"] == []
    assert team.refusal("POST", f"site/RecycleBin('{given}')/Restore()")[0] == 400


def test_what_was_deleted_with_its_folder_comes_back_alone_when_it_went_first(team: Door) -> None:
    team.post(f"{LIBRARY}/Folders/Add('f')")
    put(team, "f/a.txt")
    put(team, "f/a.txt", b"second")
    given = team.post(f"{file('f/a.txt')}/Recycle()")["value"]
    team.post(f"web/GetFolderByServerRelativeUrl('{FOLDER}/f')/Recycle()")
    team.post("site/RecycleBin/RestoreByIds", {"ids": [given], "bRenameExistingItems": True})
    assert team.get(f"{file('f/a.txt')}?$select=UIVersionLabel")["UIVersionLabel"] == "2.0"
    assert len(team.get(f"{file('f/a.txt')}/Versions")["value"]) == 1
    (left,) = team.get("web/RecycleBin")["value"]
    status, code, _ = team.refusal("POST", f"web/RecycleBin('{left['Id']}')/Restore()")
    assert (status, code.partition(",")[0]) == (400, "-2130575257")


def test_thing_of_a_list_that_is_gone_has_no_place_to_go_back_to(team: Door) -> None:
    team.post("web/lists", {"Title": "Plans", "BaseTemplate": 101})
    put(team, "a.txt", library="web/lists/getbytitle('Plans')/RootFolder")
    given = team.post("web/GetFileByServerRelativeUrl('/sites/team/Plans/a.txt')/Recycle()")["value"]
    team.post("web/lists/getbytitle('Plans')/Recycle()")
    assert team.refusal("POST", f"web/RecycleBin('{given}')/Restore()")[0] == 404
    team.post("web/RecycleBin/RestoreAll()")
    assert team.get("web/lists/getbytitle('Plans')")["ItemCount"] == 1


def test_file_moves_to_another_site_with_its_versions(team: Door, site: str = f"https://{HOST}") -> None:
    put(team, "a.txt")
    put(team, "a.txt", b"second")
    body = {"srcUrl": f"{site}{FOLDER}/a.txt", "destUrl": f"{site}/Shared Documents/b.txt"}
    team.post("SP.MoveCopyUtil.MoveFile(overwrite=false)", body)
    root = Door(team.tenant, site="")
    there = "web/GetFileByServerRelativePath(decodedurl='/Shared Documents/b.txt')"
    assert root("GET", f"{there}/$value")[1] == b"second"
    assert len(root.get(f"{there}/Versions")["value"]) == 1
    assert team("GET", file("a.txt"))[0] == 404
    bad = {**body, "options": {"KeepEverything": True}}
    assert team.refusal("POST", "SP.MoveCopyUtil.MoveFile(overwrite=false)", bad)[0] == 400


def test_web_has_folders_that_belong_to_no_list(team: Door) -> None:
    assert team.get("web/GetFolderByServerRelativeUrl('_catalogs')?$select=Name") == {"Name": "_catalogs"}
    team.post("web/Folders/AddUsingPath(DecodedUrl='_catalogs/own')")
    assert "own" in {
        each["Name"] for each in team.get("web/GetFolderByServerRelativeUrl('_catalogs')/Folders")["value"]
    }
    identity = team.get("web/Folders('Lists')?$select=UniqueId")["UniqueId"]
    assert team.get(f"web/GetFolderById('{identity}')?$select=Name") == {"Name": "Lists"}
    assert team.get("web/RootFolder?$select=Name,ServerRelativeUrl") == {"Name": "", "ServerRelativeUrl": "/sites/team"}


def test_folder_is_renamed_by_its_name(team: Door) -> None:
    team.post(f"{LIBRARY}/Folders/Add('old')")
    assert team.merge(f"web/GetFolderByServerRelativeUrl('{FOLDER}/old')", {"Name": "new"}) == 204
    assert team.get(f"web/GetFolderByServerRelativeUrl('{FOLDER}/new')?$select=Exists") == {"Exists": True}


def test_subsite_with_permissions_of_its_own_goes_to_the_bin_and_comes_back(team: Door) -> None:
    given = {"parameters": {"Url": "minutes", "Title": "Minutes", "WebTemplate": "STS",
                            "UseSamePermissionsAsParentSite": False}}  # fmt: skip
    made = team.post("web/webs/add", given)
    below = Door(team.tenant, site="/sites/team/minutes")
    assert below.get("web?$select=HasUniqueRoleAssignments")["HasUniqueRoleAssignments"] is True
    assert team.get("web?$select=Title")["Title"] == "Team"
    assert below.merge("web", {"Title": "Agendas"}) == 204
    assert team.get("site/rootweb?$select=Title")["Title"] == "Team"
    assert team.refusal("POST", "web/webs/add", given)[:2] == (500, "-2147024713, Microsoft.SharePoint.SPException")
    assert below.delete("web") == 200
    assert below("GET", "web?$select=Id")[1]["Id"] != made["Id"]
    (waiting,) = team.get("web/RecycleBin")["value"]
    assert (waiting["ItemType"], waiting["Title"]) == (10, "Agendas")
    team.post(f"web/RecycleBin('{waiting['Id']}')/Restore()")
    assert below.get("web?$select=Id")["Id"] == made["Id"]


def test_addresses_of_a_subsite_are_its_own(team: Door) -> None:
    team.post("web/webs/add", {"parameters": {"Url": "m", "Title": "M"}})
    (found,) = team.get("web/webs", accept="application/json;odata=minimalmetadata")["value"]
    assert found["odata.id"] == f"https://{HOST}/sites/team/m/_api/Web"


def test_full_site_takes_no_more(team: Door) -> None:
    (site,) = [each for each in team.tenant.store.every("site") if each.name.endswith("/team")]
    team.tenant.store.update(site, {"StorageMaximumLevel": 1}, at=team.tenant.clock.iso())
    put(team, "a.bin", b"x" * 900_000)
    status, answer = team("POST", f"{LIBRARY}/Files/Add(url='b.bin',overwrite=true)", b"x" * 300_000)
    assert (status, "exceeded the storage quota" in answer["odata.error"]["message"]["value"]) == (507, True)
    team.post(f"{file('a.bin')}/DeleteObject()")
    assert put(team, "b.bin", b"x" * 300_000)["Length"] == "300000"


def test_locked_site_keeps_what_it_has(team: Door) -> None:
    put(team, "a.txt")
    (site,) = [each for each in team.tenant.store.every("site") if each.name.endswith("/team")]
    team.tenant.store.update(site, {"LockState": "NoAdditions"}, at=team.tenant.clock.iso())
    assert team("POST", f"{LIBRARY}/Files/Add(url='b.txt')", b"x")[0] == 403
    assert team("POST", f"{file('a.txt')}/SaveBinaryStream", b"y")[0] == 200


def _docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="x"></Types>')
        target.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="y"></Relationships>')
        target.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def test_office_files_come_back_changed_when_that_is_on(team: Door) -> None:
    sent = _docx()
    assert put(team, "a.docx", sent)["Length"] == str(len(sent))
    team.tenant.office.switch(True)
    changed = put(team, "b.docx", sent)
    kept = team("GET", f"{file('b.docx')}/$value")[1]
    assert changed["Length"] == str(len(kept)) != str(len(sent))
    with zipfile.ZipFile(io.BytesIO(kept)) as source:
        assert source.testzip() is None
        assert b"ContentTypeId" in source.read("docProps/custom.xml")
    assert with_properties(kept) is None
    assert put(team, "c.docx", kept)["Length"] == str(len(kept))
    assert put(team, "d.docx", b"not a file of Office")["Length"] == "20"


def test_page_gets_its_name_from_its_title(team: Door) -> None:
    page = team.post("sitepages/pages", {"PageLayoutType": "Article"})
    assert page["IsPageCheckedOutToCurrentUser"] is True
    text = json.dumps([{"controlType": 4, "id": "1", "innerHTML": "<p>Hello</p>"}])
    team.post(f"sitepages/pages({page['Id']})/SaveDraft", {"Title": "What is new?", "CanvasContent1": text})
    found = team.get("sitepages/pages/GetByUrl('SitePages/What-is-new.aspx')")
    assert (found["Id"], found["CanvasContent1"], found["Version"]) == (page["Id"], text, "0.2")
    item = team.get(f"web/lists/getbytitle('Site Pages')/items({page['Id']})?$select=PromotedState,CanvasContent1")
    assert "<p>Hello</p>" in item["CanvasContent1"]
    assert team.post(f"sitepages/pages({page['Id']})/Publish") == {"value": True}
    assert team.get(f"sitepages/pages({page['Id']})?$select=Version")["Version"] == "1.0"


def test_every_verb_of_a_site_script_has_its_effect(team: Door) -> None:
    actions: list[dict[str, Any]] = [
        {"verb": "createSiteColumn", "fieldType": "Text", "internalName": "Ward", "displayName": "Ward"},
        {"verb": "createContentType", "name": "Visit",
         "subactions": [{"verb": "addSiteColumn", "internalName": "Ward"}]},
        {"verb": "createSPList", "listName": "Visits", "templateType": 100,
         "subactions": [
             {"verb": "addSiteColumn", "internalName": "Ward"},
             {"verb": "addContentType", "name": "Visit"},
             {"verb": "addSPView", "name": "Wards", "viewFields": ["Ward"], "makeDefault": True},
             {"verb": "setSPFieldCustomFormatter", "fieldDisplayName": "Ward", "formatterJSON": {"elmType": "div"}},
         ]},
        {"verb": "addNavLink", "displayName": "Foot", "url": "/x", "navComponent": "Footer"},
        {"verb": "setSiteBranding", "headerLayout": "Compact", "showFooter": True},
        {"verb": "associateExtension", "title": "Bar", "location": "ClientSideExtension.ApplicationCustomizer",
         "clientSideComponentId": "0b5f9f2e-6c1d-4a53-9a35-3f4b7f0c2d11"},
        {"verb": "triggerFlow", "url": "https://flows.example/1", "name": "Tell"},
        {"verb": "enableApprovals", "listName": "Documents"},
        {"verb": "installSolution", "id": "0b5f9f2e-6c1d-4a53-9a35-3f4b7f0c2d11"},
        {"verb": "setTheWorldToRights"},
    ]  # fmt: skip
    body = {"script": json.dumps({"actions": actions})}
    results = team.post(f"{UTILITY}.ExecuteTemplateScript", body)["value"]
    assert [each["Outcome"] for each in results] == [0] * 8 + [1, 1], results
    view = team.get("web/lists/getbytitle('Visits')/DefaultView?$select=Title")
    assert view["Title"] == "Wards"
    field = team.get("web/lists/getbytitle('Visits')/Fields/GetByTitle('Ward')?$select=CustomFormatter")
    assert json.loads(field["CustomFormatter"]) == {"elmType": "div"}
    assert "Visit" in {each["Name"] for each in team.get("web/lists/getbytitle('Visits')/ContentTypes")["value"]}
    assert team.get("web?$select=HeaderLayout,FooterEnabled") == {"HeaderLayout": 2, "FooterEnabled": True}
    assert [each["Title"] for each in team.get("web/UserCustomActions")["value"]] == ["Bar"]
    menu = team.post("navigation/MenuState", {"menuNodeKey": "13b7c916-4fea-4bb2-8994-5cf274aeb530"})
    assert [[below["Title"] for below in each["Nodes"]] for each in menu["Nodes"]] == [["Foot"]]


def test_menu_is_kept_as_a_whole(team: Door) -> None:
    menu = team.post("navigation/MenuState", {"menuNodeKey": "1025"})
    first = menu["Nodes"][0]
    new = {"Key": "", "Title": "New", "SimpleUrl": "/new", "Nodes": [{"Title": "Deep", "SimpleUrl": "/deep"}]}
    state = {
        "StartingNodeKey": "1025",
        "Nodes": [new, {**first, "Title": "Start"}, {**menu["Nodes"][1], "IsDeleted": True}],
    }
    assert team.post("navigation/SaveMenuState", {"menuState": state}) == {"value": 200}
    after = team.post("navigation/MenuState", {"menuNodeKey": "1025"})["Nodes"]
    assert [each["Title"] for each in after][:2] == ["New", "Start"]
    assert [each["Title"] for each in after[0]["Nodes"]] == ["Deep"]
    assert menu["Nodes"][1]["Key"] not in {each["Key"] for each in after}
    assert team.post("navigation/MenuNodeKey", {"currentUrl": "/new"}) == {"value": after[0]["Key"]}


def test_bag_of_a_web_takes_nothing_over_rest(team: Door) -> None:
    assert team.merge("web/AllProperties", {"Own": "x"}) == 204
    bag = team.get("web/AllProperties")
    assert "Own" not in bag
    assert bag["vti_x005f_defaultlanguage"] == "en-us"


def test_times_are_those_of_the_zone(team: Door) -> None:
    zones = team.get("web/RegionalSettings/TimeZones")["value"]
    assert len(zones) > 85
    kolkata = team.get("web/RegionalSettings/TimeZones/GetById(23)")
    assert (kolkata["Description"][:11], kolkata["Information"]["Bias"]) == ("(UTC+05:30)", -330)


def test_owner_of_a_page_is_a_person(team: Door) -> None:
    put(team, "a.txt")
    found = team.get(f"{file('a.txt')}?$expand=Author,ModifiedBy&$select=Author/Title,ModifiedBy/Title")
    assert found["Author"]["Title"] == "SharePoint App"
    assert OWNER in team.get("web/AssociatedOwnerGroup/Users")["value"][0]["LoginName"]
