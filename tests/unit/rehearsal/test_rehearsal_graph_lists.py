"""Graph's lists, columns, content types and items: what they make is what SharePoint has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.rehearsal.site_calls import Team, open_team

HONOUR = {"prefer": "HonorNonIndexedQueriesWarningMayFailRandomly"}


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    opened = open_team(tmp_path)
    yield opened
    opened.tenant.store.close()


@pytest.fixture
def tasks(team: Team) -> str:
    columns = [{"name": "Colour", "text": {}, "indexed": True}, {"name": "Weight", "number": {}}]
    made = team.post(
        f"{team.base}/lists", {"displayName": "Tasks", "list": {"template": "genericList"}, "columns": columns}
    )
    return f"{team.base}/lists/{made['id']}"


@pytest.mark.parametrize(
    ("facet", "kind", "shown"),
    [
        ({"text": {"maxLength": 40}}, "Text", {"maxLength": 40}),
        ({"text": {"allowMultipleLines": True, "textType": "richText"}}, "Note", {"textType": "richText"}),
        ({"number": {"decimalPlaces": "two", "minimum": 1}}, "Number", {"decimalPlaces": "two", "minimum": 1}),
        ({"boolean": {}}, "Boolean", {}),
        ({"dateTime": {"format": "dateTime"}}, "DateTime", {"format": "dateTime"}),
        ({"choice": {"choices": ["a"], "displayAs": "checkBoxes"}}, "MultiChoice", {"displayAs": "checkBoxes"}),
        ({"choice": {"choices": ["a"], "displayAs": "radioButtons"}}, "Choice", {"choices": ["a"]}),
        ({"currency": {"locale": "en-gb"}}, "Currency", {"locale": "en-gb"}),
        ({"personOrGroup": {"allowMultipleSelection": True}}, "UserMulti", {"allowMultipleSelection": True}),
        ({"hyperlinkOrPicture": {"isPicture": True}}, "URL", {"isPicture": True}),
        ({"calculated": {"formula": "=[Title]"}}, "Calculated", {"formula": "=[Title]", "outputType": "text"}),
        ({"term": {"termSet": {"id": "0e8f395e-ff58-4d45-9ff7-e331ab728beb"}}}, "TaxonomyFieldType", {}),
        ({"thumbnail": {}}, "Thumbnail", {}),
    ],
)
def test_column_of_each_type_is_a_field_of_sharepoint(
    team: Team, tasks: str, facet: dict[str, Any], kind: str, shown: dict[str, Any]
) -> None:
    made = team.post(f"{tasks}/columns", {"name": "Made", **facet})
    found = team.get(f"{tasks}/columns/{made['id']}")
    assert shown.items() <= found[next(iter(facet))].items()
    status, field = team.rest("web/lists/getbytitle('Tasks')/fields/getbyinternalnameortitle('Made')")
    assert (status, field["TypeAsString"], field["Id"]) == (200, kind, made["id"])


def test_column_needs_one_type_and_a_free_name(team: Team, tasks: str) -> None:
    assert team.refusal("POST", f"{tasks}/columns", {"name": "None"}) == (400, "invalidRequest")
    assert team.refusal("POST", f"{tasks}/columns", {"name": "Two", "text": {}, "boolean": {}}) == (
        400,
        "invalidRequest",
    )
    assert team.refusal("POST", f"{tasks}/columns", {"name": "Colour", "text": {}}) == (409, "nameAlreadyExists")
    assert team.refusal("POST", f"{tasks}/columns", {"name": "X", "text": {}, "nope": 1}) == (400, "invalidRequest")


def test_lookup_shows_the_value_behind_its_number(team: Team, tasks: str) -> None:
    team.post(f"{tasks}/items", {"fields": {"Title": "Pump"}})
    lookup = {"name": "Asset", "lookup": {"listId": tasks.rpartition("/")[2], "columnName": "Title"}}
    team.post(f"{tasks}/columns", lookup)
    made = team.post(f"{tasks}/items", {"fields": {"Title": "Repair", "AssetLookupId": 1}})
    assert made["fields"]["AssetLookupId"] == "1"
    found = team.get(f"{tasks}/items/{made['id']}/fields?$select=Asset")
    assert found["Asset"] == "Pump"


def test_item_of_graph_is_an_item_of_sharepoint_and_the_other_way_round(team: Team, tasks: str) -> None:
    made = team.post(f"{tasks}/items", {"fields": {"title": "One", "Weight": 2.5}, "Unknown": "passed over"})
    assert (made["id"], made["fields"]["Weight"], made["contentType"]["name"]) == ("1", 2.5, "Item")
    _, item = team.rest("web/lists/getbytitle('Tasks')/items(1)")
    assert (item["Title"], item["Weight"], item["GUID"]) == ("One", 2.5, made["eTag"].strip('"').partition(",")[0])
    status, changed = team.ask("PATCH", f"{tasks}/items/1/fields", {"Colour": "red"})
    assert (status, changed["Colour"], changed["_UIVersionString"]) == (200, "red", "2.0")
    versions = team.get(f"{tasks}/items/1/versions?$expand=fields")["value"]
    assert [(each["id"], each["fields"].get("Colour")) for each in versions] == [("2.0", "red"), ("1.0", None)]


@pytest.mark.parametrize("fields", [{"Nope": 1}, {"Created": "2020-01-01T00:00:00Z"}, {"Title": 5}, {"ID": 4}])
def test_field_that_is_unknown_read_only_or_of_another_kind_is_refused(
    team: Team, tasks: str, fields: dict[str, Any]
) -> None:
    assert team.refusal("POST", f"{tasks}/items", {"fields": fields}) == (400, "invalidRequest")


def test_filter_wants_an_index_or_a_header(team: Team, tasks: str) -> None:
    for number in range(6):
        team.post(
            f"{tasks}/items",
            {"fields": {"Title": f"t{number}", "Colour": "red" if number % 2 else "blue", "Weight": number}},
        )
    status, refused = team.ask("GET", f"{tasks}/items?$filter=fields/Weight gt 3")
    assert status == 400
    assert refused["error"]["message"].startswith(
        "Field 'Weight' cannot be referenced in filter or orderby as it is not indexed."
    )
    assert [each["id"] for each in team.get(f"{tasks}/items?$filter=fields/Weight gt 3", **HONOUR)["value"]] == [
        "5",
        "6",
    ]
    assert team.refusal("GET", f"{tasks}/items?$filter=fields/Nope eq 1") == (400, "invalidRequest")
    first = team.get(f"{tasks}/items?$filter=fields/Colour eq 'red'&$top=2&$expand=fields($select=Title)")
    assert [each["fields"]["Title"] for each in first["value"]] == ["t1", "t3"]
    rest = team.get(first["@odata.nextLink"].partition("/v1.0/")[2])
    assert [each["fields"]["Title"] for each in rest["value"]] == ["t5"]
    assert "@odata.nextLink" not in rest
    ordered = team.get(f"{tasks}/items?$orderby=fields/Colour desc&$top=4")
    assert [each["id"] for each in ordered["value"]] == ["2", "4", "6", "1"]


def test_delta_tells_what_was_made_altered_and_deleted_since(team: Team, tasks: str) -> None:
    for number in range(3):
        team.post(f"{tasks}/items", {"fields": {"Title": f"t{number}"}})
    first = team.get(f"{tasks}/items/delta?$top=2")
    last = team.get(first["@odata.nextLink"].partition("/v1.0/")[2])
    assert [each["id"] for page in (first, last) for each in page["value"]] == ["1", "2", "3"]
    team.ask("DELETE", f"{tasks}/items/2")
    team.ask("PATCH", f"{tasks}/items/1/fields", {"Title": "new"})
    since = team.get(last["@odata.deltaLink"].partition("/v1.0/")[2])["value"]
    assert sorted((each["id"], "deleted" in each) for each in since) == [("1", False), ("2", True)]
    assert team.refusal("GET", f"{tasks}/items/delta?token=rubbish") == (410, "resyncRequired")


def test_if_match_with_an_older_state_is_refused(team: Team, tasks: str) -> None:
    made = team.post(f"{tasks}/items", {"fields": {"Title": "a"}})
    team.ask("PATCH", f"{tasks}/items/1/fields", {"Title": "b"}, if_match=made["eTag"])
    assert team.refusal("PATCH", f"{tasks}/items/1/fields", {"Title": "c"}, if_match=made["eTag"])[0] == 412
    assert team.refusal("DELETE", f"{tasks}/items/1", if_match=made["eTag"])[0] == 412


def test_content_type_is_copied_to_a_list_and_kept_while_items_use_it(team: Team, tasks: str) -> None:
    kind = team.post(f"{team.base}/contentTypes", {"name": "Asset", "base": {"id": "0x01"}})
    column = team.post(f"{team.base}/columns", {"name": "Serial", "text": {}})
    bound = {"sourceColumn@odata.bind": f"https://graph.microsoft.com/v1.0/{team.base}/columns/{column['id']}"}
    team.post(f"{team.base}/contentTypes/{kind['id']}/columns", bound)
    address = f"https://graph.microsoft.com/v1.0/{team.base}/contentTypes/{kind['id']}"
    copy = team.post(f"{tasks}/contentTypes/addCopy", {"contentType": address})
    assert copy["parentId"] == kind["id"]
    assert "Serial" in [each["name"] for each in team.get(f"{tasks}/columns")["value"]]
    team.post(f"{tasks}/items", {"contentType": {"id": kind["id"]}, "fields": {"Serial": "7"}})
    assert team.get(f"{tasks}/items/1")["contentType"] == {"id": copy["id"], "name": "Asset"}
    assert team.refusal("DELETE", f"{tasks}/contentTypes/{copy['id']}") == (400, "invalidRequest")
    assert team.refusal("DELETE", f"{team.base}/contentTypes/{kind['id']}") == (400, "invalidRequest")
    assert team.refusal("GET", f"{team.base}/contentTypes/{kind['id']}/isPublished") == (400, "invalidRequest")


def test_list_goes_to_the_recycle_bin_and_system_lists_show_when_asked_for(team: Team, tasks: str) -> None:
    visible = [each["displayName"] for each in team.get(f"{team.base}/lists")["value"]]
    every = [each["displayName"] for each in team.get(f"{team.base}/lists?$select=displayName,system")["value"]]
    assert "User Information List" in set(every) - set(visible)
    assert team.ask("DELETE", tasks)[0] == 204
    assert team.refusal("GET", tasks) == (404, "itemNotFound")
    _, content = team.rest("site/recyclebin")
    assert "Tasks" in [each["Title"] for each in content["value"]]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"displayName": "Documents"}, (409, "nameAlreadyExists")),
        ({"displayName": "X", "list": {"template": "nope"}}, (400, "invalidRequest")),
        ({"list": {"template": "genericList"}}, (400, "invalidRequest")),
    ],
)
def test_list_that_cannot_be_is_refused(team: Team, body: dict[str, Any], wanted: tuple[int, str]) -> None:
    assert team.refusal("POST", f"{team.base}/lists", body) == wanted


def test_links_and_permissions_of_a_list_item_are_its_files(team: Team) -> None:
    team.put_file("a.txt", b"text")
    library = team.get(f"{team.base}/drive/list")["id"]
    item = f"{team.base}/lists/{library}/items/{team.get(f'{team.base}/drive/root:/a.txt:/listItem')['id']}"
    made = team.post(f"{item}/createLink", {"type": "view", "scope": "organization"})
    assert made["link"]["type"] == "view"
    of_file = {each["id"] for each in team.get(f"{team.base}/drive/root:/a.txt:/permissions")["value"]}
    assert {each["id"] for each in team.get(f"{item}/permissions")["value"]} == of_file
    assert made["id"] in of_file


def test_sharing_of_an_item_that_is_no_file_is_a_counted_gap(team: Team, tasks: str) -> None:
    made = team.post(f"{tasks}/items", {"fields": {"Title": "x"}})
    assert team.refusal("GET", f"{tasks}/items/{made['id']}/permissions")[0] == 501
