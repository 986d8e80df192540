"""List items over REST: CAML, paging, the list view threshold, values of columns, attachments, the log of changes."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.sharepoint import item_query
from spmigrate.rehearsal.sharepoint.caml import Both, Comparison, read_view
from spmigrate.rehearsal.sharepoint.formulas import read_formula
from tests.unit.rehearsal.sharepoint.conftest import Door

LIST = "web/lists/getbytitle('Tasks')"
NUMBER = "<Value Type='Counter'>{}</Value>"


@pytest.fixture
def tasks(team: Door) -> Door:
    """A list of six items: `Item 1` to `Item 6`, a number from 1 to 6, every second one done."""
    team.post("web/lists", {"Title": "Tasks", "BaseTemplate": 100})
    for title, kind in (("Weight", 9), ("Done", 8), ("When", 4), ("Tags", 15)):
        team.post(f"{LIST}/fields", {"Title": title, "FieldTypeKind": kind})
    for number in range(1, 7):
        values: dict[str, Any] = {"Title": f"Item {number}", "Weight": number, "Done": number % 2 == 0}
        team.post(f"{LIST}/items", {**values, "When": f"2026-05-0{number}T12:00:00Z", "Tags": ["a", f"t{number}"]})
    return team


def caml(door: Door, inside: str, **more: object) -> list[int]:
    query = {"ViewXml": f"<View>{inside}</View>", **more}
    return [each["Id"] for each in door.post(f"{LIST}/getitems", {"query": query})["value"]]


def where(test: str) -> str:
    return f"<Query><Where>{test}</Where></Query>"


def compare(operator: str, column: str, kind: str, value: str) -> str:
    return where(f"<{operator}><FieldRef Name='{column}'/><Value Type='{kind}'>{value}</Value></{operator}>")


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (compare("Eq", "Title", "Text", "ITEM 2"), [2]),
        (compare("Neq", "Title", "Text", "Item 2"), [1, 3, 4, 5, 6]),
        (compare("Contains", "Title", "Text", "tem 3"), [3]),
        (compare("BeginsWith", "Title", "Text", "tem"), []),
        (compare("Geq", "Weight", "Number", "5"), [5, 6]),
        (compare("Lt", "ID", "Counter", "3"), [1, 2]),
        (compare("Eq", "Done", "Boolean", "1"), [2, 4, 6]),
        (compare("Eq", "Tags", "MultiChoice", "t4"), [4]),
        (compare("Gt", "When", "DateTime", "2026-05-05T00:00:00Z"), [6]),
        (where("<IsNull><FieldRef Name='Weight'/></IsNull>"), []),
        (where(f"<In><FieldRef Name='ID'/><Values>{NUMBER.format(2)}{NUMBER.format(5)}</Values></In>"), [2, 5]),
        ("<Query><OrderBy><FieldRef Name='Weight' Ascending='FALSE'/></OrderBy></Query><RowLimit>2</RowLimit>", [6, 5]),
    ],
)  # fmt: skip
def test_caml_finds_what_the_service_would(tasks: Door, inside: str, found: list[int]) -> None:
    assert caml(tasks, inside) == found


def test_caml_goes_on_where_a_page_ended(tasks: Door) -> None:
    order = "<Query><OrderBy><FieldRef Name='Weight' Ascending='FALSE'/></OrderBy></Query><RowLimit>2</RowLimit>"
    position = {"ListItemCollectionPosition": {"PagingInfo": "Paged=TRUE&p_Weight=5&p_ID=5"}}
    assert caml(tasks, order, **position) == [4, 3]
    assert caml(tasks, "<RowLimit>2</RowLimit>", ListItemCollectionPosition={"PagingInfo": "Paged=TRUE&p_ID=4"}) == [
        5,
        6,
    ]


@pytest.mark.parametrize("xml", ["<View><Query><Where><Odd/></Where></Query></View>", "<View", "<!DOCTYPE x><View/>"])
def test_what_is_no_view_is_refused(tasks: Door, xml: str) -> None:
    assert tasks.refusal("POST", f"{LIST}/getitems", {"query": {"ViewXml": xml}})[0] == 500


def test_column_that_is_not_there_is_refused(tasks: Door) -> None:
    body = {"query": {"ViewXml": f"<View>{compare('Eq', 'Nope', 'Text', 'x')}</View>"}}
    assert "field types are not installed" in tasks.refusal("POST", f"{LIST}/getitems", body)[2]


def test_column_of_a_view_that_is_not_there_is_left_out(tasks: Door) -> None:
    assert caml(tasks, "<ViewFields><FieldRef Name='Nope'/></ViewFields><RowLimit>1</RowLimit>") == [1]
    view = "<View><ViewFields><FieldRef Name='Title'/><FieldRef Name='Nope'/></ViewFields></View>"
    row = tasks.post(f"{LIST}/RenderListDataAsStream", {"parameters": {"ViewXml": view}})["Row"][0]
    assert "Title" in row and "Nope" not in row


def test_conditions_are_read_as_a_tree() -> None:
    both = "<And><Eq><FieldRef Name='A'/><Value Type='Text'>1</Value></Eq><IsNull><FieldRef Name='B'/></IsNull></And>"
    found = read_view(f"<View Scope='Recursive'>{where(both)}</View>")
    assert isinstance(found.where, Both) and not found.where.either
    assert [each.operator for each in found.where.parts if isinstance(each, Comparison)] == ["Eq", "IsNull"]
    assert found.scope == "Recursive"


def test_large_list_is_refused_without_an_index(tasks: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_query, "THRESHOLD", 5)
    body = {"query": {"ViewXml": f"<View>{compare('Eq', 'Weight', 'Number', '2')}</View>"}}
    status, code, text = tasks.refusal("POST", f"{LIST}/getitems", body)
    assert (status, code.partition(",")[0]) == (500, "-2147024860")
    assert text == "The attempted operation is prohibited because it exceeds the list view threshold."
    assert tasks.merge(f"{LIST}/fields/getbytitle('Weight')", {"Indexed": True}) == 204
    assert caml(tasks, compare("Eq", "Weight", "Number", "2")) == [2]
    assert caml(tasks, "<RowLimit>3</RowLimit>") == [1, 2, 3]


def test_folders_of_a_list_hold_items_and_views_keep_to_one(tasks: Door) -> None:
    tasks.merge(LIST, {"EnableFolderCreation": True})
    made = tasks.post(f"{LIST}/AddValidateUpdateItemUsingPath", {
        "listItemCreateInfo": {"FolderPath": {"DecodedUrl": "/sites/team/Lists/Tasks"}, "UnderlyingObjectType": 1,
                               "LeafName": {"DecodedUrl": "Box"}},
        "formValues": [{"FieldName": "Title", "FieldValue": "Box"}],
    })  # fmt: skip
    assert made["value"][-1]["FieldName"] == "Id"
    inside = {"listItemCreateInfo": {"FolderPath": {"DecodedUrl": "/sites/team/Lists/Tasks/Box"}},
              "formValues": [{"FieldName": "Title", "FieldValue": "Within"}]}  # fmt: skip
    number = int(tasks.post(f"{LIST}/AddValidateUpdateItemUsingPath", inside)["value"][-1]["FieldValue"])
    assert number not in caml(tasks, "")
    assert caml(tasks, "", FolderServerRelativeUrl="/sites/team/Lists/Tasks/Box") == [number]
    everything = {"query": {"ViewXml": "<View Scope='RecursiveAll'/>"}}
    assert len(tasks.post(f"{LIST}/getitems", everything)["value"]) == 8


def test_unique_column_takes_a_value_once(tasks: Door) -> None:
    tasks.merge(f"{LIST}/fields/getbytitle('Title')", {"Indexed": True, "EnforceUniqueValues": True})
    status, code, text = tasks.refusal("POST", f"{LIST}/items", {"Title": "item 1"})
    assert (status, code.partition(",")[0]) == (400, "-2130575169")
    assert "duplicate values" in text


def test_validation_of_a_list_is_judged(tasks: Door) -> None:
    tasks.merge(LIST, {"ValidationFormula": "=Weight<10", "ValidationMessage": "Too heavy."})
    assert tasks.refusal("POST", f"{LIST}/items", {"Title": "x", "Weight": 11})[2] == "Too heavy."
    assert tasks.post(f"{LIST}/items", {"Title": "x", "Weight": 9})["Weight"] == 9


def test_other_requests_see_what_one_changed_by_its_etag(tasks: Door) -> None:
    etag = tasks("GET", f"{LIST}/items(1)", dialect="verbose")[1]["d"]["__metadata"]["etag"]
    assert tasks.merge(f"{LIST}/items(1)", {"Title": "Mine"}) == 204
    status, body = tasks("POST", f"{LIST}/items(1)", {"Title": "Late"}, x_http_method="MERGE", if_match=etag)
    assert status == 412
    assert "ETag" in body["odata.error"]["message"]["value"]


def test_log_names_what_happened_in_order(tasks: Door) -> None:
    token = tasks.get(f"{LIST}?$select=CurrentChangeToken")["CurrentChangeToken"]
    tasks.merge(f"{LIST}/items(1)", {"Title": "Changed"})
    tasks.delete(f"{LIST}/items(2)")
    query = {"Item": True, "Add": True, "Update": True, "DeleteObject": True, "ChangeTokenStart": token}
    found = tasks.post(f"{LIST}/getchanges", {"query": query})["value"]
    assert [(each["ChangeType"], each["ItemId"]) for each in found] == [(2, 1), (3, 2)]
    nothing = tasks.post(f"{LIST}/getchanges", {"query": {**query, "ChangeTokenStart": found[-1]["ChangeToken"]}})
    assert nothing["value"] == []
    assert tasks.refusal("POST", f"{LIST}/getchanges", {"query": {"Odd": True}})[0] == 400


@pytest.mark.parametrize("place", ["web", "site"])
def test_token_of_a_web_or_site_says_where_its_log_stands(tasks: Door, place: str) -> None:
    token = tasks.get(f"{place}?$select=CurrentChangeToken")["CurrentChangeToken"]
    made = tasks.post(f"{LIST}/items", {"Title": "Late"})["Id"]
    query = {"Item": True, "Add": True, "ChangeTokenStart": token}
    assert [each["ItemId"] for each in tasks.post(f"{place}/getchanges", {"query": query})["value"]] == [made]


def test_changes_since_a_token_are_rows_of_xml(tasks: Door) -> None:
    token = tasks.get(f"{LIST}?$select=CurrentChangeToken")["CurrentChangeToken"]["StringValue"]
    tasks.merge(f"{LIST}/items(3)", {"Title": "New & old"})
    status, body = tasks("POST", f"{LIST}/getlistitemchangessincetoken", {"query": {"ChangeToken": token}})
    rows = ElementTree.fromstring(body).findall(".//{#RowsetSchema}row")
    assert status == 200
    assert [row.get("ows_Title") for row in rows] == ["New & old"]


def test_attachment_is_a_file_of_the_site_and_no_item_of_the_list(tasks: Door) -> None:
    tasks.post(f"{LIST}/items(1)/attachmentfiles/addusingpath(decodedurl='a b.txt')", b"text")
    address = "web/getfilebyserverrelativepath(decodedurl='/sites/team/Lists/Tasks/Attachments/1/a b.txt')/$value"
    assert tasks("GET", address) == (200, b"text")
    assert tasks.get(f"{LIST}?$select=ItemCount")["ItemCount"] == 6
    assert tasks.get(f"{LIST}/items(1)?$select=Attachments")["Attachments"] is True
    assert tasks.delete(f"{LIST}/items(1)/attachmentfiles('a b.txt')") == 200
    assert tasks.get(f"{LIST}/items(1)?$select=Attachments")["Attachments"] is False


def test_reserved_number_is_given_to_nothing_else(tasks: Door) -> None:
    assert tasks.post(f"{LIST}/reservelistitemid")["value"] == 7
    assert tasks.post(f"{LIST}/items", {"Title": "x"})["Id"] == 8


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('=IF([Weight]>2,"heavy","light")', "heavy"),
        ("=Weight*2+1", 7.0),
        ("=Weight/0", "#DIV/0!"),
        ('=CONCATENATE(Title," ",UPPER("x"))', "Item X"),
        ("=ROUND(Weight/2,0)", 2.0),
        ("=TEXT(Weight,\"0.00\")", "3.00"),
        ("=AND(Weight=3,NOT(Weight=4))", True),
    ],
)  # fmt: skip
def test_formula_is_worked_out(text: str, value: object) -> None:
    values = {"Weight": 3.0, "Title": "Item"}
    assert read_formula(text, lambda name: name if name in values else None).value(values.get) == value


@pytest.mark.parametrize("text", ["=Missing+1", "=1+", "=NOSUCH(1)", "=(1"])
def test_formula_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ODataError):
        read_formula(text, lambda _name: None)


def test_whoever_does_not_ask_for_json_gets_atom(team: Door) -> None:
    for accept in ("", "*/*", "application/atom+xml"):
        status, body = team("GET", "web?$select=Title,Id", accept=accept)
        entry = ElementTree.fromstring(body)
        title = entry.find(".//{http://schemas.microsoft.com/ado/2007/08/dataservices}Title")
        assert (status, entry.tag.rpartition("}")[2], title is not None and title.text) == (200, "entry", "Team")
    assert b"<m:error" in team("GET", "web/lists/getbytitle('No')", accept="*/*")[1]
    assert team("GET", "web?$select=Title", accept="application/json, text/plain, */*")[1]["Title"] == "Team"
