import pytest

from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.filters import matches, parse_filter, paths_of
from spmigrate.rehearsal.odata.options import parse_options

ROW = {
    "Title": "Adult Care",
    "Id": 7,
    "Hidden": False,
    "Modified": "2026-03-04T05:06:07Z",
    "Guid": "6FB1F1A8-4dbb-4e0c-9b26-5b0ba3e76a4d",
    "Author/Title": "Owner",
    "Empty": None,
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Title eq 'adult care'", True),
        ("Title ne 'x' and Id gt 6", True),
        ("Id ge 8 or startswith(Title,'Adult')", True),
        ("substringof('care', tolower(Title))", True),
        ("not (Hidden eq false)", False),
        ("Modified gt datetime'2026-03-04T05:06:06Z'", True),
        ("Modified lt datetime'2026-03-04'", False),
        ("Guid eq guid'6fb1f1a8-4dbb-4e0c-9b26-5b0ba3e76a4d'", True),
        ("Author/Title eq 'Owner'", True),
        ("Empty eq null", True),
        ("Empty gt 3", False),
        ("Id eq 1 or Id eq 7 and Hidden eq true", False),
        ("year(Modified) eq 2026", True),
    ],
)
def test_filter_selects(text: str, wanted: bool) -> None:
    assert matches(parse_filter(text), ROW.get) is wanted


@pytest.mark.parametrize("text", ["Title eq", "Title like 'x'", "(Id eq 1", "boom(Title)", "startswith(Title)"])
def test_filter_that_does_not_parse_is_refused(text: str) -> None:
    with pytest.raises(ODataError):
        parse_filter(text)


def test_filter_names_its_properties() -> None:
    assert paths_of(parse_filter("Id eq 1 and startswith(Author/Title,'x')")) == {"Id", "Author/Title"}


def test_select_and_expand_form_a_tree() -> None:
    shape = parse_options({"$select": "Id,RootFolder/Name", "$expand": "RootFolder,Fields"}).shape
    assert shape.select == {"id", "rootfolder"}
    assert shape.expanded == {"rootfolder", "fields"}
    assert shape.inner("RootFolder").select == {"name"}


def test_order_top_skip_and_skiptoken() -> None:
    options = parse_options(
        {"$orderby": "Title desc,Id", "$top": "5", "$skip": "2", "$skiptoken": "Paged=TRUE&p_ID=100"}
    )
    assert options.orderby == (("Title", True), ("Id", False))
    assert (options.top, options.skip, options.skiptoken["p_ID"]) == (5, 2, "100")


@pytest.mark.parametrize("query", [{"$top": "x"}, {"$skip": "-1"}, {"$orderby": "Title upwards"}])
def test_options_that_make_no_sense_are_refused(query: dict[str, str]) -> None:
    with pytest.raises(ODataError):
        parse_options(query)
