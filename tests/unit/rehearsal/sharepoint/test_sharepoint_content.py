"""Folders, files and items over REST: the same tree that Graph shows."""

import json
from typing import Any

import pytest

from tests.unit.rehearsal.sharepoint.conftest import Door

LIBRARY = "/sites/team/Shared Documents"
FOLDER = f"web/getfolderbyserverrelativepath(decodedurl='{LIBRARY}')"


def file_path(name: str) -> str:
    quoted = name.replace("'", "''").replace("%", "%25").replace("#", "%23")
    return f"web/getfilebyserverrelativepath(decodedurl='{LIBRARY}/{quoted}')"


def upload(door: Door, name: str, content: bytes, *, overwrite: bool = False) -> tuple[int, Any]:
    quoted = name.replace("'", "''").replace("%", "%25").replace("#", "%23")
    return door(
        "POST", f"{FOLDER}/files/addusingpath(decodedurl='{quoted}',overwrite={str(overwrite).lower()})", content
    )


@pytest.mark.parametrize("name", ["a.txt", "O'Brien #1 100%.docx", "naïve ünïcode.txt"])
def test_file_comes_back_as_it_was_sent(team: Door, name: str) -> None:
    status, made = upload(team, name, b"hello")
    assert (status, made["Name"], made["Length"]) == (200, name, "5")
    assert team("GET", f"{file_path(name)}/$value") == (200, b"hello")
    listed = team.get(f"{FOLDER}/files?$select=Name,ServerRelativeUrl")["value"]
    assert listed == [{"Name": name, "ServerRelativeUrl": f"{LIBRARY}/{name}"}]


def test_second_upload_needs_overwrite_and_makes_a_version(team: Door) -> None:
    upload(team, "a.txt", b"1")
    assert upload(team, "A.TXT", b"2")[0] == 400
    assert upload(team, "A.TXT", b"22", overwrite=True)[1]["UIVersionLabel"] == "2.0"
    versions = team.get(f"{file_path('a.txt')}/versions")["value"]
    assert [(each["VersionLabel"], each["Size"]) for each in versions] == [("1.0", 1)]


def test_forbidden_names_are_refused(team: Door) -> None:
    for name in ("CON", "~$lock.docx", "a|b"):
        assert upload(team, name, b"x")[0] == 400


def test_range_of_a_file(team: Door) -> None:
    upload(team, "a.txt", b"0123456789")
    assert team("GET", f"{file_path('a.txt')}/$value", range="bytes=2-4")[1] == b"234"


def test_upload_in_pieces(team: Door) -> None:
    upload(team, "big.bin", b"")
    path, session = file_path("big.bin"), "6fb1f1a8-4dbb-4e0c-9b26-5b0ba3e76a4d"
    assert team("POST", f"{path}/startupload(uploadid=guid'{session}')", b"abc")[1] == {"value": "3"}
    assert team("POST", f"{path}/continueupload(uploadid=guid'{session}',fileoffset=9)", b"x")[0] == 400
    assert team("POST", f"{path}/continueupload(uploadid=guid'{session}',fileoffset=3)", b"def")[1] == {"value": "6"}
    assert team("POST", f"{path}/finishupload(uploadid=guid'{session}',fileoffset=6)", b"g")[1]["Length"] == "7"
    assert team("GET", f"{path}/$value")[1] == b"abcdefg"


def test_author_and_dates_are_set_without_a_version_in_local_time(team: Door) -> None:
    upload(team, "a.txt", b"1")
    values = [
        {"FieldName": "Modified", "FieldValue": "2020-07-01 12:00:00"},
        {"FieldName": "Created", "FieldValue": "2020-01-01 12:00:00"},
        {"FieldName": "Editor", "FieldValue": "[{'Key':'i:0#.f|membership|guest@contoso.onmicrosoft.com'}]"},
    ]
    body = {"formValues": values, "bNewDocumentUpdate": True, "datesInUTC": True}
    results = team.post(f"{file_path('a.txt')}/listitemallfields/validateupdatelistitem()", body)["value"]
    assert [each["HasException"] for each in results] == [False] * 3
    shown = team.get(f"{file_path('a.txt')}?$expand=ModifiedBy")
    # The site's zone is Pacific: summer time in July, winter time in January.
    assert (shown["TimeLastModified"], shown["TimeCreated"]) == ("2020-07-01T19:00:00Z", "2020-01-01T20:00:00Z")
    assert (shown["UIVersionLabel"], shown["ModifiedBy"]["Title"]) == ("1.0", "G")


def test_one_bad_form_value_cancels_all(team: Door) -> None:
    upload(team, "a.txt", b"1")
    values = [
        {"FieldName": "Title", "FieldValue": "set"},
        {"FieldName": "Editor", "FieldValue": "[{'Key':'nobody@nowhere.example'}]"},
    ]
    status, body = team(
        "POST", f"{file_path('a.txt')}/listitemallfields/validateupdatelistitem", {"formValues": values}
    )
    assert (status, [each["HasException"] for each in body["value"]]) == (200, [False, True])
    assert team.get(f"{file_path('a.txt')}/listitemallfields")["Title"] is None


def test_items_page_by_token_and_filter(team: Door) -> None:
    team.post("web/lists", {"Title": "Tasks", "BaseTemplate": 100})
    for number in range(5):
        team.post("web/lists/getbytitle('Tasks')/items", {"Title": f"t{number}"})
    path = "web/lists/getbytitle('Tasks')/items"
    page = team.get(f"{path}?$select=Title&$top=2")
    assert [each["Title"] for each in page["value"]] == ["t0", "t1"]
    following = page["odata.nextLink"].partition("/_api/")[2]
    assert [each["Title"] for each in team.get(following)["value"]] == ["t2", "t3"]
    assert [each["Title"] for each in team.get(f"{path}?$filter=Title eq 't4'")["value"]] == ["t4"]
    assert [each["Title"] for each in team.get(f"{path}?$orderby=Title desc&$top=1")["value"]] == ["t4"]
    assert team.refusal("GET", f"{path}?$select=Nonsense")[0] == 400


def test_item_changes_with_its_etag(team: Door) -> None:
    team.post("web/lists", {"Title": "Tasks", "BaseTemplate": 100})
    path = "web/lists/getbytitle('Tasks')/items"
    team.post(path, {"__metadata": {"type": "SP.Data.TasksListItem"}, "Title": "a"})
    headers = {"x_http_method": "MERGE", "if_match": '"old,1"'}
    assert team("POST", f"{path}(1)", {"Title": "b"}, **headers)[0] == 412
    assert team.merge(f"{path}(1)", {"Title": "b"}) == 204
    shown = team("GET", f"{path}(1)", dialect="verbose")[1]["d"]
    assert shown["__metadata"]["type"] == "SP.Data.TasksListItem"
    assert (shown["Title"], shown["OData__UIVersionString"]) == ("b", "2.0")
    assert team.delete(f"{path}(1)") == 200
    assert team("GET", f"{path}(1)")[0] == 404


def test_deleted_file_goes_to_the_bin_and_back(team: Door) -> None:
    upload(team, "a.txt", b"1")
    guid = team.post(f"{file_path('a.txt')}/recycle()")["value"]
    assert team("GET", file_path("a.txt"))[0] == 404
    team.post(f"web/recyclebin('{guid}')/restore()")
    assert team("GET", file_path("a.txt"))[0] == 200


def test_graph_sees_the_same_tree(team: Door) -> None:
    team.post("web/folders/addusingpath(decodedurl='Shared Documents/Sub')")
    row = team.tenant.store.get("list", team.get("web/lists/getbytitle('Documents')")["Id"])
    assert row is not None
    root = team.tenant.content.root(row.id)
    assert root is not None
    assert [each.name for each in team.tenant.content.children(root)] == ["Sub"]


def test_minimal_metadata_leads_back_to_the_same_item(team: Door) -> None:
    upload(team, "a.txt", b"1")
    body = team("GET", f"{file_path('a.txt')}/listitemallfields", dialect="minimalmetadata")[1]
    assert body["odata.metadata"].startswith("https://contoso.sharepoint.com/sites/team/_api/$metadata#")
    assert team.get(body["odata.editLink"])["Id"] == json.loads(str(body["Id"]))
