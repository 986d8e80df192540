from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.paths import Segment, parse_path, parse_query, split_web

GUID = "6fb1f1a8-4dbb-4e0c-9b26-5b0ba3e76a4d"


def test_web_part_is_cut_at_api_without_regard_to_case() -> None:
    assert split_web("/sites/x/_API//web") == ("/sites/x", "web")
    assert split_web("/_api/$batch") == ("", "$batch")
    assert split_web("/sites/x/SitePages") is None


def test_arguments_may_be_positional_named_or_aliases() -> None:
    assert parse_path("web/lists/getbytitle('O''Brien')")[2].positional == ("O'Brien",)
    (segment,) = parse_path("addroleassignment(principalid=3, roledefid=1073741827)")
    assert segment.named == {"principalid": 3, "roledefid": 1073741827}
    (segment,) = parse_path("f(decodedurl=@a1,Overwrite=true)", {"@a1": "'/sites/x/a b.txt'"})
    assert segment.named == {"decodedurl": "/sites/x/a b.txt", "overwrite": True}


def test_guid_forms_are_equal_as_keys() -> None:
    (plain,) = parse_path(f"lists('{GUID}')")
    (typed,) = parse_path(f"lists(guid'{GUID}')")
    assert UUID(str(plain.positional[0])) == typed.positional[0]


def test_slashes_and_brackets_inside_quotes_belong_to_the_argument() -> None:
    segments = parse_path("web/getfolderbyserverrelativeurl('/sites/x/a (b)/c')/files")
    assert [segment.key for segment in segments] == ["web", "getfolderbyserverrelativeurl", "files"]
    assert segments[1].positional == ("/sites/x/a (b)/c",)


def test_double_slashes_collapse_and_dotted_names_stay_whole() -> None:
    assert parse_path("/web//lists/") == (Segment("web"), Segment("lists"))
    assert parse_path("SP.MoveCopyUtil.CopyFileByPath(overwrite=@o)", {"@o": "true"})[0].key == (
        "sp.movecopyutil.copyfilebypath"
    )


@pytest.mark.parametrize("path", ["lists('x", "lists(@missing)", "lists('a' 'b')", "lists('a')x"])
def test_malformed_paths_are_refused_with_400(path: str) -> None:
    with pytest.raises(ODataError) as refusal:
        parse_path(path)
    assert refusal.value.status == 400


def test_query_names_are_lower_case_and_plus_is_a_space() -> None:
    assert parse_query("?$Select=Id%2CTitle&@A1='a+b'") == {"$select": "Id,Title", "@a1": "'a b'"}


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_any_quoted_text_comes_back(text: str) -> None:
    quoted = text.replace("'", "''")
    assert parse_path(f"f('{quoted}')/g")[0].positional == (text,)
