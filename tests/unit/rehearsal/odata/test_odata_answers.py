import pytest

from spmigrate.rehearsal.odata import errors
from spmigrate.rehearsal.odata.batch import parse_batch, write_batch
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.render import (
    Bag,
    Complex,
    Dialect,
    Entity,
    Feed,
    choose_dialect,
    render_error,
    render_result,
)

BASE = "https://contoso.sharepoint.com/sites/x/_api/"
LIST = Entity(
    type="SP.List",
    path="Web/Lists(guid'1')",
    values={"Title": "A", "Ids": Bag("Collection(Edm.Int32)", (1, 2)), "Mask": Complex("SP.M", {"High": "1"})},
    links=("Fields",),
    etag='"3"',
    feed="Lists",
)


def test_accept_header_chooses_the_dialect() -> None:
    assert choose_dialect("application/json;odata=verbose") is Dialect.VERBOSE
    assert choose_dialect("application/json; odata=nometadata") is Dialect.NONE
    assert choose_dialect("application/json") is Dialect.MINIMAL


def test_verbose_entity_has_metadata_links_and_results() -> None:
    body = render_result(LIST, Dialect.VERBOSE, base=BASE)["d"]
    assert body == {
        "__metadata": {
            "id": BASE + "Web/Lists(guid'1')",
            "uri": BASE + "Web/Lists(guid'1')",
            "etag": '"3"',
            "type": "SP.List",
        },
        "Fields": {"__deferred": {"uri": BASE + "Web/Lists(guid'1')/Fields"}},
        "Title": "A",
        "Ids": {"__metadata": {"type": "Collection(Edm.Int32)"}, "results": [1, 2]},
        "Mask": {"__metadata": {"type": "SP.M"}, "High": "1"},
    }


def test_minimal_entity_has_an_absolute_context_and_an_edit_link() -> None:
    body = render_result(LIST, Dialect.MINIMAL, base=BASE)
    assert body["odata.metadata"] == BASE + "$metadata#SP.ApiData.Lists/@Element"
    assert body["odata.editLink"] == "Web/Lists(guid'1')"
    assert body["Ids"] == [1, 2]


def test_plain_dialect_has_values_alone() -> None:
    assert render_result(LIST, Dialect.NONE, base=BASE) == {"Title": "A", "Ids": [1, 2], "Mask": {"High": "1"}}


def test_feed_carries_its_next_page_in_each_dialect() -> None:
    feed = Feed("Lists", (LIST,), next=BASE + "next")
    assert render_result(feed, Dialect.VERBOSE, base=BASE)["d"]["__next"] == BASE + "next"  # type: ignore[index]
    assert render_result(feed, Dialect.NONE, base=BASE)["odata.nextLink"] == BASE + "next"


def test_method_results_are_wrapped_in_the_method_name_when_verbose() -> None:
    assert render_result("x", Dialect.VERBOSE, base=BASE, name="Recycle") == {"d": {"Recycle": "x"}}
    assert render_result("x", Dialect.NONE, base=BASE, name="Recycle") == {"value": "x"}
    assert render_result(None, Dialect.NONE, base=BASE, name="Do") == {"odata.null": True}


def test_error_key_depends_on_the_dialect() -> None:
    body = render_error(errors.duplicate_list(), Dialect.VERBOSE)
    assert body["error"]["code"].startswith("-2130575342")  # type: ignore[index]
    assert "odata.error" in render_error(errors.duplicate_list(), Dialect.NONE)


BATCH = """--b1
Content-Type: application/http
Content-Transfer-Encoding: binary

GET https://contoso.sharepoint.com/_api/web HTTP/1.1
accept: application/json

--b1
Content-Type: multipart/mixed; boundary="c1"

--c1
Content-Type: application/http

POST https://contoso.sharepoint.com/_api/web/lists HTTP/1.1
Content-Type: application/json

{"Title": "A"}

--c1--
--b1--
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_batch_is_read_with_either_line_ending_and_nested_change_sets(newline: str) -> None:
    read, write = parse_batch("multipart/mixed; boundary=b1", BATCH.replace("\n", newline).encode())
    assert (read.method, read.url) == ("GET", "https://contoso.sharepoint.com/_api/web")
    assert read.headers == {"accept": "application/json"}
    assert write.method == "POST"
    assert write.body.strip() == b'{"Title": "A"}'


@pytest.mark.parametrize("kind", ["application/json", "multipart/mixed", "multipart/mixed; boundary=zz"])
def test_what_is_not_a_batch_is_refused(kind: str) -> None:
    with pytest.raises(ODataError):
        parse_batch(kind, BATCH.encode())


def test_answer_has_one_part_for_each_request_in_order() -> None:
    kind, body = write_batch([(200, {"content-type": "application/json"}, b"{}"), (404, {}, b"")], boundary="r1")
    assert kind == "multipart/mixed; boundary=r1"
    assert body.index(b"HTTP/1.1 200 OK") < body.index(b"HTTP/1.1 404 Not Found")
    assert b"CONTENT-TYPE: application/json\r\n\r\n{}\r\n--r1" in body
