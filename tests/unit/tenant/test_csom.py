"""Requests to the client object model as XML, and what its answers mean."""

from collections.abc import Callable
from xml.etree.ElementTree import Element, fromstring

import pytest

from spmigrate.errors import AccessDenied, Conflict, NotFound, Refused, TenantError, Unavailable
from spmigrate.tenant import csom

SITE, WEB, FIELD = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002", "3" * 8
IDS = csom.WebIds(SITE, WEB)
TYPE = "0x010100" + "A" * 32
URL = "https://contoso-admin.sharepoint.com/_vti_bin/client.svc/ProcessQuery"


def plain(request: bytes) -> Element:
    root = fromstring(request)
    for each in root.iter():
        each.tag = each.tag.rpartition("}")[2]
    return root


def told(request: bytes) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Kind, name and parameters of each action, in order."""

    def values(action: Element) -> list[tuple[str, str]]:
        return [(each.get("Type", ""), each.text or "") for each in action.iter("Parameter")]

    actions = plain(request).find("Actions")
    assert actions is not None
    return [(each.tag, each.get("Name", ""), values(each)) for each in actions]


def identities(request: bytes) -> list[str]:
    return [each.get("Name", "").partition(":")[2] for each in plain(request).iter("Identity")]


ALL: tuple[Callable[[], bytes], ...] = (
    lambda: csom.create_content_type(IDS, csom.NewContentType(TYPE, "Policy", "", "Council")),
    lambda: csom.flag_columns(IDS, TYPE, {FIELD: {"Required": True}}),
    lambda: csom.bind_term_set(IDS, FIELD, store_id=SITE, set_id=WEB),
    lambda: csom.push_column(IDS, FIELD, {"Title": "Marking"}),
    lambda: csom.ask_hub(SITE),
    lambda: csom.set_hub(SITE, {"Title": "Adults"}),
    lambda: csom.set_joiners("https://contoso.sharepoint.com/sites/d", grant=["a@contoso.example"], revoke=["b"]),
)


@pytest.mark.parametrize("build", ALL)
def test_every_action_names_a_path_that_is_there_and_no_number_twice(build: Callable[[], bytes]) -> None:
    root = plain(build())
    actions, paths = root.find("Actions"), root.find("ObjectPaths")
    assert actions is not None
    assert paths is not None
    numbers = [each.get("Id") for each in (*actions, *paths)]
    assert len(set(numbers)) == len(numbers)
    known = {path.get("Id") for path in paths}
    assert {action.get("ObjectPathId") for action in actions} <= known
    assert {path.get("ParentId") for path in paths if path.get("ParentId")} <= known


def test_a_content_type_is_made_with_its_id_and_text_is_escaped() -> None:
    request = csom.create_content_type(IDS, csom.NewContentType(TYPE, "Law & <order>", "What it is", "Council"))
    given = {each.get("Name"): each.text for each in plain(request).iter("Property") if each.get("Type")}
    assert given == {
        "Description": "What it is", "Group": "Council", "Id": TYPE, "Name": "Law & <order>", "ParentContentType": None,
    }  # fmt: skip
    assert b"Law &amp; &lt;order&gt;" in request


def test_flags_of_columns_are_set_before_the_content_type_is_updated_with_its_children() -> None:
    request = csom.flag_columns(IDS, TYPE, {FIELD: {"Required": True, "Hidden": False}})
    assert told(request) == [
        ("SetProperty", "Required", [("Boolean", "true")]),
        ("SetProperty", "Hidden", [("Boolean", "false")]),
        ("Method", "Update", [("Boolean", "true")]),
    ]
    inside = f"740c6a0b-85e2-48a0-a494-e0f1759d4aa7:site:{SITE}:web:{WEB}:contenttype:{TYPE}"
    assert identities(request) == [f"{inside}:fl:{FIELD}".partition(":")[2], inside.partition(":")[2]]


def test_a_term_set_is_bound_with_its_store() -> None:
    request = csom.bind_term_set(IDS, f"{{{FIELD}}}", store_id="store", set_id="set")
    assert told(request)[0] == ("SetProperty", "SspId", [("Guid", "store")])
    assert told(request)[1] == ("SetProperty", "TermSetId", [("Guid", "set")])
    assert told(request)[-1] == ("Method", "UpdateAndPushChanges", [("Boolean", "true")])
    assert identities(request) == [f"site:{SITE}:web:{WEB}:field:{FIELD}"]


def test_a_pushed_column_carries_each_value_with_its_type() -> None:
    request = csom.push_column(IDS, FIELD, {"Title": "Marking", "Required": True, "MaxLength": 40})
    assert [each[2] for each in told(request)] == [
        [("String", "Marking")], [("Boolean", "true")], [("Int32", "40")], [("Boolean", "true")],
    ]  # fmt: skip


def test_rights_to_join_are_granted_and_taken_in_one_request_and_only_those_asked_for() -> None:
    both = csom.set_joiners("https://contoso.sharepoint.com/sites/d", grant=["a"], revoke=["b", "c"])
    assert [each[1] for each in told(both)] == ["GrantHubSiteRights", "RevokeHubSiteRights"]
    assert [each.text for each in plain(both).iter("Object")] == ["a", "b", "c"]
    assert [each[1] for each in told(csom.set_joiners("https://x", revoke=["b"]))] == ["RevokeHubSiteRights"]


@pytest.mark.parametrize(
    ("number", "kind", "text", "error"),
    [
        (-2147024891, "System.UnauthorizedAccessException", "Access denied.", AccessDenied),
        (-1, "Microsoft.Online.SharePoint.Common.SpoNoSiteException", "Cannot get site https://x.", NotFound),
        (183, "Microsoft.SharePoint.SPException", 'A duplicate content type "Policy" was found.', Conflict),
        (-1, "Microsoft.SharePoint.Client.InvalidClientQueryException", "Invalid object identity.", Refused),
    ],
)
def test_a_refusal_that_came_with_200_is_the_same_error_as_over_rest(
    number: int, kind: str, text: str, error: type[TenantError]
) -> None:
    info = {"ErrorMessage": text, "ErrorValue": None, "ErrorCode": number, "ErrorTypeName": kind}
    with pytest.raises(error, match=text[:12]) as caught:
        csom.read_answer([{"SchemaVersion": "15.0.0.0", "ErrorInfo": info}], URL)
    assert caught.value.code == f"{number}, {kind}"


def test_results_follow_the_header() -> None:
    assert csom.read_answer([{"ErrorInfo": None}, 3, {"IsNull": False}], URL) == [3, {"IsNull": False}]


@pytest.mark.parametrize("answer", [None, "<html>", [], {}, ["x"]])
def test_what_is_no_answer_of_the_client_object_model_is_told(answer: object) -> None:
    with pytest.raises(Unavailable):
        csom.read_answer(answer, URL)
