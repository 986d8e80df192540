"""What a query of SharePoint may name, judged by the type and not by what is there."""

import pytest

from tests.unit.rehearsal.sharepoint.conftest import Door

_PLACES = [
    "web", "site", "web/lists", "web/fields", "web/contenttypes", "web/webs", "web/siteusers", "web/sitegroups",
    "web/roleassignments", "web/roledefinitions", "web/recyclebin", "web/navigation/quicklaunch",
    "web/lists/getbytitle('Documents')", "web/lists/getbytitle('Documents')/items",
    "web/lists/getbytitle('Documents')/views", "web/GetFolderByServerRelativePath(decodedurl='Shared Documents')/files",
    "web/GetFolderByServerRelativePath(decodedurl='Shared Documents')/folders", "web/regionalsettings/timezones",
]  # fmt: skip


@pytest.mark.parametrize("place", _PLACES)
@pytest.mark.parametrize("option", ["$select=Nope", "$select=Id,Nope", "$expand=Nope"])
def test_name_that_the_type_does_not_have_is_refused_though_nothing_is_there(
    team: Door, place: str, option: str
) -> None:
    assert team.refusal("GET", f"{place}?{option}")[:2] == (400, "-1, Microsoft.SharePoint.SPException")


@pytest.mark.parametrize("place", ["web/lists", "web/webs", "web/lists/getbytitle('Documents')/items"])
@pytest.mark.parametrize("option", ["$filter=Nope eq 1", "$orderby=Nope"])
def test_filter_and_order_are_judged_by_the_type(team: Door, place: str, option: str) -> None:
    assert team("GET", f"{place}?{option}")[0] == 400


def test_name_below_an_expanded_link_is_judged_too(team: Door) -> None:
    assert team("GET", "web?$select=RootFolder/Name&$expand=RootFolder")[0] == 200
    assert team("GET", "web?$select=RootFolder/Nope&$expand=RootFolder")[0] == 400
    assert team("GET", "web/lists?$select=Views/Nope&$expand=Views")[0] == 400


def test_columns_of_several_types_are_asked_for_what_one_of_them_has(team: Door) -> None:
    assert team("GET", "web/fields?$select=Title,Choices")[0] == 200


@pytest.mark.parametrize("place", ["files", "folders"])
def test_id_of_files_and_folders_is_passed_over_as_the_service_does(team: Door, place: str) -> None:
    answer = team.get(f"web/GetFolderByServerRelativePath(decodedurl='SitePages')/{place}?$select=Id,Name")
    assert all(set(each) == {"Name"} for each in answer["value"])


def test_path_behind_which_nothing_is_opened_is_passed_over_except_of_items(team: Door) -> None:
    path = "web/getfolderbyserverrelativeurl('/sites/team/Shared Documents')"
    shown = team.get(f"{path}?$expand=Folders&$select=Folders/Name,Folder/TimeCreated")
    assert "Folders" in shown
    assert "Folder" not in shown
    assert team.refusal("GET", "web/lists/getbytitle('Documents')/items?$select=Nothing/Title")[0] == 400
