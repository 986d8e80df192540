"""What SharePoint's answers about a site mean."""

from typing import Any
from xml.etree.ElementTree import fromstring

from spmigrate.tenant.contents import Kind, Part
from spmigrate.tenant.site import content_types, hubs, libraries, people, region, web
from spmigrate.tenant.site.columns import column_xml
from spmigrate.tenant.site.question import Answers


def answers(**found: Any) -> Answers:
    """Answers of the site /sites/x, by the questions' names with underscores for blanks."""
    named = {name.replace("_", " "): value for name, value in found.items()}
    return Answers("/sites/x", "https://contoso.sharepoint.com", found=named)


def values(*elements: Any) -> dict[str, Any]:
    """A collection as SharePoint gives it."""
    return {"value": list(elements)}


def test_people_are_told_by_the_end_of_their_claim() -> None:
    groups = {
        "AssociatedOwnerGroup": {"Users": [{"LoginName": "i:0#.f|membership|Structures.Lead@contoso.onmicrosoft.com"}]},
        "AssociatedMemberGroup": None,
    }
    (person,) = people.parts(answers(people=groups))
    assert person.key == "Owners/structures.lead@contoso.onmicrosoft.com"


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
    (library,) = libraries.parts(answers(lists=values({
        "Title": "Plans", "ItemCount": 3, "EnableVersioning": False, "MajorVersionLimit": 500,
        "ContentTypesEnabled": False, "ContentTypes": [{"Name": "Document"}, {"Name": "Folder"}],
        "RootFolder": {"ServerRelativeUrl": "/sites/x/Old Plans"},
        "DefaultView": {"ViewFields": {"Items": ["DocIcon"]}},
    })))  # fmt: skip
    assert library.key == "old plans"
    assert library.attributes == {
        "address": "Old Plans", "title": "Plans", "items": 3, "versions kept": 0, "content types": (),
        "columns shown": ("DocIcon",),
    }  # fmt: skip


def test_a_library_without_a_first_view_shows_no_columns() -> None:
    (library,) = libraries.parts(answers(lists=values({
        "Title": "Plans", "ItemCount": 0, "EnableVersioning": True, "MajorVersionLimit": 500,
        "ContentTypesEnabled": False, "RootFolder": {"ServerRelativeUrl": "/sites/x/Plans"}, "DefaultView": None,
    })))  # fmt: skip
    assert library.attributes["columns shown"] == ()


def test_a_column_counts_when_every_copy_of_the_content_type_has_it() -> None:
    ours, policy = "0x010100" + "A" * 32, "0x010100" + "A" * 32 + "00" + "B" * 32

    def kind(identity: str, name: str, *columns: str) -> dict[str, object]:
        links = [{"Name": column} for column in columns]
        return {"StringId": identity, "Name": name, "Description": None, "FieldLinks": links}

    lists = [
        {"ContentTypes": [kind(ours.lower() + "00" + "1" * 32, "Ours", "Title", "Ward")]},
        {"ContentTypes": [kind(ours + "00" + "2" * 32, "Ours", "Title"), kind(policy + "00" + "3" * 32, "Policy")]},
    ]
    site = [kind(ours, "Ours", "Title", "Ward"), kind(policy, "Policy", "Title"), kind("0x0101", "Dogfen", "Title")]
    given = answers(content_types=values(*site), lists=values(*lists))
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
    field = fromstring(column_xml("CouncilB", wanted))
    assert field.get("DisplayName") == 'A "B" & <C>'
    assert (field.get("ID"), field.get("Name"), field.get("Required")) == ("{6f1c}", "CouncilB", "TRUE")
    assert [choice.text for choice in field.findall("CHOICES/CHOICE")] == ["Law & <order>", "Ünïcode"]
