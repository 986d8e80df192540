"""What a new site has from its first minute."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spmigrate.rehearsal.sharepoint.builtin import columns, site_columns
from spmigrate.rehearsal.sharepoint.site_columns import grouped_columns
from spmigrate.rehearsal.sharepoint.site_content_types import content_types
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.sharepoint.conftest import HOST, OWNER, Door


def made(tenant: Tenant, template: str) -> Door:
    with tenant.store.transaction():
        create_site(tenant, NewSite(f"{HOST}/sites/fresh", "Fresh", OWNER, template))
    return Door(tenant, site="/sites/fresh")


@pytest.mark.parametrize(
    ("template", "titles"),
    [
        ("GROUP#0", ["Home", "Conversations", "Documents", "Notebook", "Pages", "Site contents"]),
        ("STS#3", ["Home", "Documents", "Notebook", "Pages", "Site contents"]),
        ("SITEPAGEPUBLISHING#0", ["Home", "Documents", "Pages", "Site contents"]),
    ],
)
def test_links_at_the_side_are_those_of_the_template(rehearsed: Tenant, template: str, titles: list[str]) -> None:
    site = made(rehearsed, template)
    assert [each["Title"] for each in site.get("web/navigation/quicklaunch")["value"]] == titles
    menu = site.get("navigation/MenuState?menuNodeKey='1025'")["Nodes"]
    assert [each["Title"] for each in menu] == [*titles, "Recycle Bin"]
    assert menu[-1]["Key"] == "-1"
    assert menu[-1]["SimpleUrl"] == f"https://{HOST}/sites/fresh/_layouts/15/AdminRecycleBin.aspx?ql=1"


def test_menu_that_is_sent_back_as_it_was_read_is_the_same(rehearsed: Tenant) -> None:
    site = made(rehearsed, "GROUP#0")
    state = site.get("navigation/MenuState?menuNodeKey='1025'")
    site.post("navigation/SaveMenuState", {"menuState": state})
    assert site.get("navigation/MenuState?menuNodeKey='1025'")["Nodes"] == state["Nodes"]


def test_a_communication_site_has_a_footer_and_the_wide_menu(rehearsed: Tenant, team: Door) -> None:
    look = "web?$select=FooterEnabled,MegaMenuEnabled"
    assert made(rehearsed, "SITEPAGEPUBLISHING#0").get(look) == {"FooterEnabled": True, "MegaMenuEnabled": True}
    assert team.get(look) == {"FooterEnabled": False, "MegaMenuEnabled": False}


def test_columns_that_people_see_stand_in_their_groups(team: Door) -> None:
    found = team.get("web/fields?$select=InternalName,Group,Id&$filter=Group ne '_Hidden'")["value"]
    groups = {each["Group"] for each in found}
    assert {"Base Columns", "Core Contact and Calendar Columns", "Core Document Columns", "Core Task and Issue Columns",
            "Custom Columns", "Display Template Columns", "Document and Record Management Columns", "Reports",
            "Enterprise Keywords Group", "Extended Columns", "Page Layout Columns", "Publishing Columns",
            "Status Indicators"} <= groups  # fmt: skip
    assert len(found) == len(grouped_columns()) > 250
    birthday = team.get("web/fields/getbyinternalnameortitle('Birthday')?$select=Id,TypeAsString,CanBeDeleted")
    assert birthday == {"Id": "c4c7d925-bc1b-4f37-826d-ac49b4fb1bc1", "TypeAsString": "DateTime", "CanBeDeleted": False}


def test_a_column_has_one_definition_wherever_it_is_named() -> None:
    for each in columns():
        if each.name in grouped_columns():
            assert grouped_columns()[each.name][1:] == (each.type, each.id, each.title)
    known = site_columns()
    assert len({each.id for each in known}) == len(known) == len({each.name for each in known})


def test_every_content_type_links_columns_that_there_are() -> None:
    names = {each.name for each in site_columns()}
    assert {name for kind in content_types() for name in kind.columns} <= names
    assert len({each.id for each in content_types()}) == len(content_types())


@pytest.mark.parametrize(
    ("name", "group", "identity"),
    [
        ("Schedule", "List Content Types", "0x0102007DBDC1392EAF4EBBBF99E41D8922B264"),
        ("Summary Task", "Folder Content Types", "0x012004"),
        ("Unknown Document Type", "Special Content Types", "0x010104"),
        ("Phone Call Memo", "Group Work Content Types", "0x0100807FBAC5EB8A4653B8D24775195B5463"),
        ("List View Style", "Document Content Types", "0x010100734778F2B7DF462491FC91844AE431CF"),
    ],
)
def test_content_types_of_every_group_are_there(team: Door, name: str, group: str, identity: str) -> None:
    found = team.get(f"web/contenttypes('{identity}')?$select=Name,Group,StringId")
    assert found == {"Name": name, "Group": group, "StringId": identity}


def test_a_calendar_shows_its_start_by_the_id_of_the_start_date(team: Door) -> None:
    team.post("web/lists", {"Title": "Diary", "BaseTemplate": 106})
    start = team.get("web/lists/getbytitle('Diary')/fields/getbyinternalnameortitle('EventDate')?$select=Id,Title")
    assert start == {"Id": "64cd368d-2f95-4bfc-a1f9-8d4324ecb007", "Title": "Start Time"}
    item = {"Title": "Opening", "EventDate": "2026-11-22T09:00:00Z"}
    assert team.post("web/lists/getbytitle('Diary')/items", item)["EventDate"] == "2026-11-22T09:00:00Z"


def test_a_new_site_costs_as_few_rows_as_before(rehearsed: Tenant) -> None:
    before = rehearsed.store.db.execute("SELECT count(*) FROM entity").fetchone()[0]
    made(rehearsed, "GROUP#0")
    after = rehearsed.store.db.execute("SELECT count(*) FROM entity").fetchone()[0]
    assert after - before <= 30


def test_columns_and_content_types_are_the_same_for_a_client_that_asks_twice(team: Door) -> None:
    other = replace(team, site="")
    path = "web/availablecontenttypes?$select=StringId"
    assert team.get(path)["value"] == other.get(path)["value"]
