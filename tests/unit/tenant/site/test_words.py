"""Words for what SharePoint keeps as numbers, marks and claims."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.errors import Refused
from spmigrate.tenant.contents import COLUMN_TYPES
from spmigrate.tenant.site import lists, permission_levels, principals, rights
from spmigrate.tenant.site.column_xml import column_xml, raw_default, worded_default
from spmigrate.tenant.site.writing import SiteWriter
from spmigrate.tenant.site_script import failures


@given(st.sets(st.sampled_from(list(permission_levels.RIGHTS))))
def test_a_mask_says_what_it_was_made_of(words: set[str]) -> None:
    assert set(permission_levels.words_of(permission_levels.mask_of(words))) == words


def test_the_built_in_level_read_is_said_in_the_words_of_the_page() -> None:
    assert set(permission_levels.words_of({"High": "176", "Low": "138612833"})) == {
        "View Items", "Open Items", "View Versions", "Create Alerts", "View Application Pages", "View Pages",
        "Use Self-Service Site Creation", "Browse User Information", "Use Remote Interfaces",
        "Use Client Integration Features", "Open",
    }  # fmt: skip


def test_a_right_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="no right called Rule"):
        permission_levels.mask_of(["view items", "Rule"])


@pytest.mark.parametrize(("kind", "word", "stored"), [
    ("Text", "a", "a"), ("Date", "today", "[today]"), ("Date", "2026-04-01", "2026-04-01T00:00:00Z"),
    ("Yes or no", "yes", "1"), ("Yes or no", "no", "0"), ("Multiple choice", "North; South", ";#North;#South;#"),
    ("Number", "7", "7"), ("Date", "", ""),
])  # fmt: skip
def test_defaults_are_said_as_people_type_them(kind: str, word: str, stored: str) -> None:
    assert raw_default(kind, word) == stored
    assert worded_default(kind, stored) == word


@pytest.mark.parametrize("kind", COLUMN_TYPES)
def test_every_type_of_column_has_its_xml(kind: str) -> None:
    field = column_xml("CouncilX", {"id": "x", "type": kind, "title": "X", "unique": True, "default": "1"})
    assert (field.get("Type"), field.get("Indexed"), field.get("Required")) == (COLUMN_TYPES[kind], "TRUE", "FALSE")
    assert field.findtext("Default")


def test_the_services_own_accounts_are_nobody() -> None:
    for login, word in (
        ("i:0#.f|membership|a.b@c.example", "a.b@c.example"), ("c:0t.c|tenant|1", "group:Housing"),
        ("c:0o.c|federateddirectoryclaimprovider|1", "group:Housing"), ("SHAREPOINT\\system", ""),
        ("c:0o.c|federateddirectoryclaimprovider|1_o", ""),
        ("i:0i.t|00000003-0000-0ff1-ce00-000000000000|app@sharepoint", ""),
    ):  # fmt: skip
        assert principals.word_of({"LoginName": login, "Title": "Housing"}) == word


def test_no_versions_and_no_drafts_switch_both_off() -> None:
    assert lists.settings_of({"versions kept": 0, "draft versions kept": 0}, library=True) == {
        "EnableVersioning": False, "EnableMinorVersions": False,
    }  # fmt: skip
    assert lists.settings_of({"draft versions kept": 3}, library=False) == {}
    assert lists.settings_of({"searchable": False, "folders": True}, library=True) == {
        "NoCrawl": True, "EnableFolderCreation": True,
    }  # fmt: skip


def test_an_action_that_failed_is_told_by_its_verb() -> None:
    answer = {
        "value": [{"Verb": "a", "ErrorCode": 0}, {"Verb": "setRegionalSettings", "ErrorCode": 5, "OutcomeText": "No"}]
    }
    assert failures(answer) == ["setRegionalSettings: No"]


class Asked:
    """As much of a writer as a permission is taken away with."""

    address = "/sites/t-a"

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.tenant = self

    def graph_pages(self, path: str) -> list[dict[str, str]]:
        self.paths.append(path)
        return [{"id": "1"}]

    def rest(self, _method: str, path: str, *_body: object, **_options: object) -> dict[str, object]:
        self.paths.append(path)
        return {"Id": 7, "LoginName": "c:0t.c|tenant|1", "value": []}


def test_a_group_with_a_slash_in_its_name_loses_what_it_had_in_a_list() -> None:
    site = Asked()
    rights.remove(cast("SiteWriter", site), "lists/contacts/group:Finance/Payroll")
    assert any("Finance%2FPayroll" in path for path in site.paths)
    assert any("/sites/t-a/lists/contacts" in path for path in site.paths)
