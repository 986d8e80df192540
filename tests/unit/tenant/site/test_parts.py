"""What SharePoint's answers about a site mean."""

from typing import Any
from xml.etree.ElementTree import fromstring

from spmigrate.tenant.contents import Kind, Part
from spmigrate.tenant.site import content_types, hubs, lists, people, region, web
from spmigrate.tenant.site.column_xml import column_xml, text_of
from spmigrate.tenant.site.question import Answers


def answers(**found: Any) -> Answers:
    """Answers of the site /sites/x, by the questions' names with underscores for blanks."""
    named = {name.replace("_", " "): value for name, value in found.items()}
    return Answers("/sites/x", "https://contoso.sharepoint.com", found=named)


def values(*elements: Any) -> dict[str, Any]:
    """A collection as SharePoint gives it."""
    return {"value": list(elements)}


def library(**more: Any) -> dict[str, Any]:
    """A library as SharePoint gives it."""
    return {
        "Id": "6C1D0A4E-0000-4000-8000-000000000001", "Title": "Plans", "Description": None, "ItemCount": 0,
        "BaseTemplate": 101, "EnableVersioning": True, "MajorVersionLimit": 500, "EnableMinorVersions": False,
        "MajorWithMinorVersionsLimit": 0, "DraftVersionVisibility": 0, "EnableModeration": False,
        "ForceCheckout": False, "EnableFolderCreation": True, "NoCrawl": False, "ContentTypesEnabled": False,
        "DefaultSensitivityLabelForLibrary": "", "HasUniqueRoleAssignments": False,
        "RootFolder": {"ServerRelativeUrl": "/sites/x/Plans", "ContentTypeOrder": None},
        "ContentTypes": [{"Name": "Document", "StringId": "0x0101AA"}, {"Name": "Folder", "StringId": "0x0120"}],
        "DefaultView": {"ViewFields": {"Items": ["DocIcon"]}}, **more,
    }  # fmt: skip


def test_people_are_told_by_the_end_of_their_claim() -> None:
    def user(login: str, title: str) -> dict[str, str]:
        return {"LoginName": login, "Title": title}

    owners = {"Id": 3, "Title": "x Owners", "IsHiddenInUI": False, "Users": [
        user("i:0#.f|membership|Structures.Lead@contoso.onmicrosoft.com", "Structures lead"),
        user("c:0t.c|tenant|6c1d0a4e-0000-4000-8000-000000000001", "Structures"),
        user("SHAREPOINT\\system", "System Account"),
    ]}  # fmt: skip
    roles = {"AssociatedOwnerGroup": {"Id": 3}, "AssociatedMemberGroup": None}
    found = people.parts(answers(site_groups=values(owners), roles=roles))
    assert [part.key for part in found if part.kind is Kind.PERSON] == [
        "Owners/structures.lead@contoso.onmicrosoft.com", "Owners/group:structures",
    ]  # fmt: skip


def test_values_without_a_word_are_shown_as_they_are() -> None:
    given = {"WebTemplateConfiguration": "BLOG#0", "Language": 1036, "Title": "Équipe", "Description": None}
    settings = {"LocaleId": 1036, "FirstDayOfWeek": 1, "Time24": True, "TimeZone": {"Id": 3}}
    (site,), (found,) = web.parts(answers(web=given)), region.parts(answers(region=settings))
    assert (site.attributes["type"], site.attributes["description"]) == ("BLOG#0", "")
    assert (found.attributes["time zone"], found.attributes["dates and numbers"]) == ("3", "1036")


def test_a_hub_is_named_by_its_address_even_when_ids_differ_in_case() -> None:
    def parts(is_hub: bool, hub: str) -> list[Part]:
        site = {"site": {"Id": "x", "IsHubSite": is_hub, "HubSiteId": hub}}
        known = {"abcdef00-0000-4000-8000-000000000001": "/sites/d"}
        return list(hubs.parts(Answers("/sites/x", "https://contoso.sharepoint.com", known, found=site)))

    (joined,) = parts(False, "ABCDEF00-0000-4000-8000-000000000001")
    assert joined.attributes == {"hub": "/sites/d"}
    assert parts(False, "00000000-0000-0000-0000-000000000000") == []
    assert [part.kind for part in parts(True, "x")] == [Kind.HUB]


def test_a_library_without_content_types_or_versions_says_so() -> None:
    (part,) = lists.parts(answers(lists=values(library(
        Title="Plans", ItemCount=3, EnableVersioning=False, RootFolder={"ServerRelativeUrl": "/sites/x/Old Plans"}
    ))))  # fmt: skip
    assert part.key == "old plans"
    assert part.attributes == {
        "address": "Old Plans", "title": "Plans", "description": "", "items": 3, "versions kept": 0,
        "draft versions kept": 0, "drafts seen by": "Readers", "approval": False, "check-out": False, "folders": True,
        "searchable": True, "content types": (), "default content type": "", "columns": (),
        "columns shown": ("DocIcon",), "own permissions": False, "retention label": "", "sensitivity label": "",
    }  # fmt: skip


def test_a_library_without_a_first_view_shows_no_columns() -> None:
    (part,) = lists.parts(answers(lists=values(library(DefaultView=None))))
    assert part.attributes["columns shown"] == ()


def test_a_column_counts_when_every_copy_of_the_content_type_has_it() -> None:
    ours, policy = "0x010100" + "A" * 32, "0x010100" + "A" * 32 + "00" + "B" * 32

    def kind(identity: str, name: str, *columns: str) -> dict[str, object]:
        links = [{"Name": column} for column in columns]
        return {"StringId": identity, "Name": name, "Description": None, "FieldLinks": links}

    holders = [
        {"ContentTypes": [kind(ours.lower() + "00" + "1" * 32, "Ours", "Title", "Ward")]},
        {"ContentTypes": [kind(ours + "00" + "2" * 32, "Ours", "Title"), kind(policy + "00" + "3" * 32, "Policy")]},
    ]
    site = [kind(ours, "Ours", "Title", "Ward"), kind(policy, "Policy", "Title"), kind("0x0101", "Dogfen", "Title")]
    links = {str(each["StringId"]): {"value": each["FieldLinks"]} for each in site}
    given = answers(content_types=values(*site), content_type_columns=links, lists=values(*holders))
    found = {part.label: part.attributes for part in content_types.parts(given)}
    assert {name: each["columns"] for name, each in found.items()} == {
        "Ours": ("Title",), "Policy": (), "Dogfen": ("Title",),
    }  # fmt: skip
    # The built-in names are those of the template language, whatever the site's own language is.
    assert {name: each["parent"] for name, each in found.items()} == {
        "Ours": "Document", "Policy": "Ours", "Dogfen": "Item",
    }  # fmt: skip


def test_a_column_goes_out_as_xml_with_every_awkward_character() -> None:
    wanted = {
        "id": "6f1c", "type": "Choice", "title": 'A "B" & <C>', "description": "", "required": True, "group": "Council",
        "choices": ("Law & <order>", "Ünïcode"),
    }  # fmt: skip
    field = fromstring(text_of(column_xml("CouncilB", wanted)))
    assert field.get("DisplayName") == 'A "B" & <C>'
    assert (field.get("ID"), field.get("Name"), field.get("Required")) == ("{6f1c}", "CouncilB", "TRUE")
    assert [choice.text for choice in field.findall("CHOICES/CHOICE")] == ["Law & <order>", "Ünïcode"]
