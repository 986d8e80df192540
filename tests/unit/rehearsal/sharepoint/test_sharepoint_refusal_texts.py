"""What SharePoint says when it refuses: names as they were written, states as they are."""

import json
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


def test_query_with_more_lookups_than_twelve_is_refused(team: Door) -> None:
    team.post("web/lists", {"Title": "Wide", "BaseTemplate": 100})
    names = [f"P{number}" for number in range(13)]
    for name in names:
        xml = f'<Field Type="User" Name="{name}" StaticName="{name}" DisplayName="{name}" />'
        team.post("web/lists/getbytitle('Wide')/fields/CreateFieldAsXml", {"parameters": {"SchemaXml": xml}})

    def path(shown: list[str]) -> str:
        chosen = ",".join(f"{name}/Title" for name in shown)
        return f"web/lists/getbytitle('Wide')/items?$select={chosen}&$expand={','.join(shown)}"

    assert team("GET", path(names[:12]))[0] == 200
    status, code, text = team.refusal("GET", path(names))
    assert (status, code) == (500, "-2147024860, Microsoft.SharePoint.SPQueryThrottledException")
    assert "exceeds the lookup column threshold" in text


def test_column_of_a_long_list_is_not_indexed_any_more(team: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    team.post("web/lists", {"Title": "Long", "BaseTemplate": 100})
    column = "web/lists/getbytitle('Long')/fields/getbyinternalnameortitle('Title')"
    monkeypatch.setattr("spmigrate.rehearsal.content.Content.count_items", lambda *_: 20_001)
    status, code, _ = team.refusal("PATCH", column, {"Indexed": True})
    assert (status, code.partition(",")[0]) == (500, "-2147024860")
    monkeypatch.undo()
    assert team.merge(column, {"Indexed": True}) == 204


def test_scope_has_no_more_role_assignments_than_the_limit(team: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spmigrate.rehearsal.sharepoint.securables.MAX_ASSIGNMENTS", 3)
    added = team.post("web/sitegroups", {"Title": "One more"})["Id"]
    path = f"web/roleassignments/addroleassignment(principalid={added},roledefid=1073741826)"
    assert team.refusal("POST", path)[0] == 400


def test_inheritance_of_a_large_library_is_refused_for_good(team: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    library = "web/lists/getbytitle('Documents')"
    throttle = team.tenant.throttle
    monkeypatch.setattr("spmigrate.rehearsal.content.Content.count_items", lambda *_: 100_001)
    throttle.switch("inheritance", on=True)
    for _ in range(2):
        assert team("POST", f"{library}/breakroleinheritance(copyroleassignments=true)")[0] == 429
        team.tenant.clock.advance(3600)
    throttle.switch("inheritance", on=False)
    assert team("POST", f"{library}/breakroleinheritance(copyroleassignments=true)")[0] == 200


def test_upload_of_more_than_one_request_may_hold_is_refused(team: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spmigrate.rehearsal.sharepoint.service.MAX_UPLOAD", 10)
    path = "web/getfolderbyserverrelativeurl('/sites/team/Shared Documents')/files/add(url='a.txt',overwrite=true)"
    status, _, text = team.refusal("POST", path, b"12345678901")
    assert (status, "The request message is too big." in text) == (400, True)


def test_site_script_names_the_sites_groups_and_brings_its_theme(team: Door) -> None:
    actions = [
        {"verb": "addPrincipalToSPGroup", "principal": "guest@contoso.onmicrosoft.com", "group": "Visitors"},
        {"verb": "applyTheme", "themeJson": {"palette": {"themePrimary": "#123456"}}},
    ]
    owner = "Microsoft.Sharepoint.Utilities.WebTemplateExtensions.SiteScriptUtility"
    body = {"script": json.dumps({"actions": actions, "version": 1})}
    done = team.post(f"{owner}.ExecuteTemplateScript()", body)["value"]
    assert [each["ErrorCode"] for each in done] == [0, 0]
    members = team.get("web/AssociatedVisitorGroup/users?$select=LoginName")["value"]
    assert {"LoginName": "i:0#.f|membership|guest@contoso.onmicrosoft.com"} in members
