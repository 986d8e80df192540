"""What SharePoint says when it refuses: names as they were written, states as they are."""

from dataclasses import replace

import pytest

from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.people import Person
from tests.unit.rehearsal.sharepoint.conftest import HOST, OWNER, Door

_SITE = {"Title": "New", "Url": f"https://{HOST}/sites/new", "WebTemplate": "STS#3", "Owner": OWNER}


@pytest.mark.parametrize("path", ["web?$select=NoSuch", "web/lists?$expand=NoSuch", "web/lists?$filter=NoSuch eq 1"])
def test_unknown_name_is_refused_as_it_was_written(team: Door, path: str) -> None:
    status, _, text = team.refusal("GET", path)
    assert (status, text) == (400, "The field or property 'NoSuch' does not exist.")


def test_old_etag_is_refused_with_both_etags(team: Door) -> None:
    team.post("web/lists", {"Title": "Marks", "BaseTemplate": 100})
    team.post("web/lists/getbytitle('Marks')/items", {"Title": "a"})
    path = "web/lists/getbytitle('Marks')/items(1)"
    present = team("GET", path, dialect="verbose")[1]["d"]["__metadata"]["etag"]
    status, answer = team("PATCH", path, {"Title": "b"}, if_match='"9"')
    wanted = f"The request ETag value '\"9\"' does not match the object's ETag value '{present}'."
    assert (status, answer["odata.error"]["message"]["value"]) == (412, wanted)


def test_unknown_property_comes_before_the_missing_title(team: Door) -> None:
    status, _, text = team.refusal("POST", "web/lists", {"Titel": "Typo", "BaseTemplate": 100})
    assert (status, "'Titel' does not exist on type 'SP.List'" in text) == (400, True)


@pytest.mark.parametrize(
    "change", [{"Bogus": 1}, {"Url": f"https://{HOST}/sites/new#4"}, {"Url": f"https://{HOST}/sites/new?x=1"}]
)
def test_request_for_a_site_that_the_service_cannot_read_makes_none(team: Door, change: dict[str, object]) -> None:
    assert team.refusal("POST", "SPSiteManager/Create", {"request": {**_SITE, **change}})[0] == 400
    assert team.post("SP.Site.Exists", {"url": _SITE["Url"]})["value"] is False


def test_group_has_what_its_optional_parameters_say(rehearsed: Tenant) -> None:
    with rehearsed.store.transaction():
        rehearsed.directory.add_user("second@contoso.onmicrosoft.com", props={"displayName": "Second"})
        create_site(rehearsed, NewSite(f"{HOST}/sites/hub", "Hub", OWNER))
    person = Person(rehearsed, OWNER)
    options = {
        "Description": "What it is for",
        "CreationOptions": {"results": ["SPSiteLanguage:1106"]},
        "Owners": {"results": ["second@contoso.onmicrosoft.com"]},
    }
    body = {"displayName": "Welsh", "alias": "welsh", "isPublic": False, "optionalParams": options}
    made = person.post("GroupSiteManager/CreateGroupEx", body)
    group = rehearsed.directory.group(made["GroupId"])
    assert group is not None
    assert group.props["description"] == "What it is for"
    owners = {each.name for each in rehearsed.directory.people(group, "owner")}
    assert owners == {OWNER, "second@contoso.onmicrosoft.com"}
    site = replace(person, site="/sites/welsh")
    assert site.get("web?$select=Language,Description") == {"Language": 1106, "Description": "What it is for"}


def test_site_of_a_group_takes_its_time_where_sites_are_delayed(rehearsed: Tenant) -> None:
    rehearsed.delays.sites = True
    person = Person(rehearsed, OWNER)
    made = person.post("GroupSiteManager/CreateGroupEx", {"displayName": "Slow", "alias": "slow", "isPublic": False})
    assert (made["SiteStatus"], made["SiteUrl"]) == (1, None)
    path = f"GroupSiteManager/GetSiteStatus('{made['GroupId']}')"
    assert person.get(path)["SiteStatus"] == 1
    rehearsed.clock.advance(15)
    assert (person.get(path)["SiteStatus"], person.get(path)["SiteUrl"]) == (2, f"https://{HOST}/sites/slow")
