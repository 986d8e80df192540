"""What SharePoint does not take as a value."""

from typing import Any

import pytest

from tests.unit.rehearsal.sharepoint.conftest import Door

_LIBRARY = "web/lists/getbytitle('Documents')"


@pytest.mark.parametrize(
    ("path", "name", "wrong", "right"),
    [
        (_LIBRARY, "MajorVersionLimit", -3, 100),
        (_LIBRARY, "MajorVersionLimit", 99_999_999, 50_000),
        (_LIBRARY, "DraftVersionVisibility", 9, 1),
        ("web/regionalsettings", "LocaleId", 99_999, 2057),
        ("web/regionalsettings", "FirstDayOfWeek", 12, 1),
    ],
)
def test_number_out_of_range_is_refused(team: Door, path: str, name: str, wrong: int, right: int) -> None:
    assert team.merge(path, {name: wrong}) == 400
    assert team.merge(path, {name: right}) == 204
    assert team.get(f"{path}?$select={name}")[name] == right


@pytest.mark.parametrize(
    ("name", "wrong"), [("DenyAddAndCustomizePages", 7), ("DefaultSharingLinkType", 9), ("StorageMaximumLevel", -5)]
)
def test_site_setting_out_of_range_is_refused(admin: Door, team: Door, name: str, wrong: int) -> None:
    site = f"SPO.Tenant/sites('{team.get('site?$select=Id')['Id']}')"
    assert admin.merge(site, {name: wrong}) == 400
    assert admin.merge(site, {name: 1}) == 204


@pytest.mark.parametrize("owner", ["web", _LIBRARY])
def test_column_of_an_unknown_type_is_refused(team: Door, owner: str) -> None:
    xml = '<Field Type="Nope" Name="Strange" DisplayName="Strange" />'
    status, _, text = team.refusal("POST", f"{owner}/fields/CreateFieldAsXml", {"parameters": {"SchemaXml": xml}})
    assert (status, "Field type Nope is not installed properly" in text) == (500, True)


@pytest.mark.parametrize("owner", ["web", _LIBRARY])
def test_internal_name_that_is_taken_is_refused_the_first_time(team: Door, owner: str) -> None:
    xml = '<Field Type="Text" Name="Modified" DisplayName="Mine" />'
    body = {"parameters": {"SchemaXml": xml, "Options": 8}}
    assert team.refusal("POST", f"{owner}/fields/CreateFieldAsXml", body)[0] == 500


@pytest.mark.parametrize(
    ("link", "status"),
    [
        ({"Title": "A"}, 400),
        ({"Title": "A", "Url": "Structures"}, 500),
        ({"Title": "A", "Url": "/sites/team/Lists"}, 201),
        ({"Title": "A", "Url": "https://council.example", "IsExternal": True}, 201),
    ],
)
def test_link_needs_an_address_that_can_be_opened(team: Door, link: dict[str, Any], status: int) -> None:
    assert team("POST", "web/navigation/quicklaunch", link)[0] == status


def test_item_of_a_library_needs_a_file(team: Door) -> None:
    status, _, text = team.refusal("POST", f"{_LIBRARY}/items", {"Title": "x"})
    assert (status, text) == (400, "To add an item to a document library, use SPFileCollection.Add()")


def test_body_of_another_type_is_refused_and_a_base_type_is_not(team: Door) -> None:
    team.post("web/fields/CreateFieldAsXml", {"parameters": {"SchemaXml": '<Field Type="Text" Name="Own" />'}})
    assert team.merge("web", {"__metadata": {"type": "SP.List"}, "Title": "New"}) == 400
    assert team.merge("web", {"__metadata": {"type": "SP.Web"}, "Title": "New"}) == 204
    column = {"__metadata": {"type": "SP.Field"}, "Title": "Ours"}
    assert team.merge("web/fields/getbyinternalnameortitle('Own')", column) == 204


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"Nope": 1}, 400),
        ({"GroupIdDefined": "x"}, 400),
        ({"Filter": "Nonsense"}, 400),
        ({"UserId": "x"}, 501),
        ({"Filter": ""}, 200),
    ],
)
def test_filter_for_sites_is_read_strictly(admin: Door, members: dict[str, Any], status: int) -> None:
    path = "SPO.Tenant/GetSitePropertiesFromSharePointByFilters"
    assert admin("POST", path, {"speFilter": members})[0] == status
