"""What SharePoint's answers about a site mean."""

from xml.etree.ElementTree import fromstring

from spmigrate.tenant import site_reading as reading
from spmigrate.tenant.columns import column_xml
from spmigrate.tenant.contents import Kind


def test_people_are_told_by_the_end_of_their_claim() -> None:
    web = {
        "AssociatedOwnerGroup": {"Users": [{"LoginName": "i:0#.f|membership|Structures.Lead@contoso.onmicrosoft.com"}]},
        "AssociatedMemberGroup": None,
    }
    (person,) = reading.people_parts(web)
    assert person.key == "Owners/structures.lead@contoso.onmicrosoft.com"


def test_values_without_a_word_are_shown_as_they_are() -> None:
    web = {
        "WebTemplateConfiguration": "GROUP#0", "Language": 1036, "Title": "Équipe", "Description": None,
        "RegionalSettings": {"LocaleId": 1036, "FirstDayOfWeek": 1, "Time24": True, "TimeZone": {"Id": 3}},
    }  # fmt: skip
    site, region = reading.site_part(web), reading.region_part(web)
    assert site.attributes["type"] == "GROUP#0"
    assert site.attributes["time zone"] == "3"
    assert site.attributes["description"] == ""
    assert region.attributes["dates and numbers"] == "1036"


def test_a_hub_is_named_by_its_address_even_when_ids_differ_in_case() -> None:
    site = {"IsHubSite": False, "HubSiteId": "ABCDEF00-0000-4000-8000-000000000001"}
    (joined,) = reading.hub_parts(site, {"abcdef00-0000-4000-8000-000000000001": "/sites/d"})
    assert joined.attributes == {"hub": "/sites/d"}
    assert list(reading.hub_parts({"IsHubSite": False, "HubSiteId": "00000000-0000-0000-0000-000000000000"}, {})) == []
    assert [part.kind for part in reading.hub_parts({"IsHubSite": True, "HubSiteId": "x"}, {})] == [Kind.HUB]


def test_a_library_without_content_types_or_versions_says_so() -> None:
    (library,) = reading.library_parts([{
        "Title": "Plans", "ItemCount": 3, "EnableVersioning": False, "MajorVersionLimit": 500,
        "ContentTypesEnabled": False, "ContentTypes": [{"Name": "Document"}, {"Name": "Folder"}],
        "RootFolder": {"ServerRelativeUrl": "/sites/x/Old Plans"},
        "DefaultView": {"ViewFields": {"Items": ["DocIcon"]}},
    }], "/sites/x")  # fmt: skip
    assert library.key == "old plans"
    assert library.attributes == {
        "address": "Old Plans", "title": "Plans", "items": 3, "versions kept": 0, "content types": (),
        "columns shown": ("DocIcon",),
    }  # fmt: skip


def test_a_library_without_a_first_view_shows_no_columns() -> None:
    (library,) = reading.library_parts([{
        "Title": "Plans", "ItemCount": 0, "EnableVersioning": True, "MajorVersionLimit": 500,
        "ContentTypesEnabled": False, "RootFolder": {"ServerRelativeUrl": "/sites/x/Plans"}, "DefaultView": None,
    }], "/sites/x")  # fmt: skip
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
    found = {part.label: part.attributes for part in reading.content_type_parts(site, lists)}
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
