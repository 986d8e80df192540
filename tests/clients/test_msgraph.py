"""Microsoft's Graph client for Python (msgraph-sdk with azure-identity), unmodified."""

from collections.abc import Callable

from tests.clients.conftest import Done
from tests.clients.msgraph_scripts import FILES, LISTS, PEOPLE

Client = Callable[..., Done]


def test_lists_columns_and_items_are_made_found_altered_and_deleted(python_client: Client) -> None:
    out = python_client(LISTS).json
    assert out["site"] == "https://contoso.sharepoint.com/sites/team"
    assert out["template"] == "genericList"
    assert out["columns"] == [True, "two", ["North", "South"], "radioButtons"]
    assert out["item"] == ["5", 2, "Item"]
    assert out["red"] == ["A1", "A3"]
    assert out["versions"] == ["2.0", "1.0"]
    assert out["delta"] == ["1", "3", "4", "5"]
    assert out["kind"] == [True, "0x01"]
    assert out["honoured"] == 0
    refused = {name: out[name] for name in ("taken", "plain", "unknown", "gone", "deleted")}
    assert refused == {
        "taken": [409, "nameAlreadyExists"],
        "plain": [400, "invalidRequest"],
        "unknown": [400, "invalidRequest"],
        "gone": [404, "itemNotFound"],
        "deleted": [404, "itemNotFound"],
    }


def test_files_go_up_in_one_and_in_pieces_and_delta_pages_and_batches_are_read(python_client: Client) -> None:
    out = python_client(FILES).json
    assert out["small"] == ["a b.txt", "hello"]
    assert out["big"] is True
    assert out["delta"][0] == 3
    assert {f"p{number}.txt" for number in range(7)} <= set(out["delta"][1])
    assert out["batch"] == [200, 200, 404]
    assert (out["taken"], out["gone"]) == ([409, "nameAlreadyExists"], [404, "itemNotFound"])


def test_people_and_groups_are_read_and_made(python_client: Client) -> None:
    out = python_client(PEOPLE).json
    assert out["user"] == [1, True, None]
    assert out["members"] == [True]
    assert out["gone"] == [404, "Request_ResourceNotFound"]
    assert out["wrong"] == [400, "BadRequest"]
