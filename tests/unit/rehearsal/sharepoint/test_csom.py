"""ProcessQuery: the client object model over the same objects as REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import quoteattr

from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.tenant import Tenant
from tests.unit.rehearsal.sharepoint.conftest import ADMIN, HOST, OWNER, Door
from tests.unit.rehearsal.sharepoint.process_query import (
    MEMBERS,
    STORE,
    TENANT,
    WEB,
    WHOLE,
    parameters,
)


def test_web_shows_what_rest_shows(ask: Callable[..., Any], team: Door) -> None:
    answer = ask(f'<ObjectPath Id="5" ObjectPathId="2" /><Query Id="6" ObjectPathId="2">{WHOLE}</Query>', WEB)
    web, rest = answer[6], team.get("web")
    assert answer[5] == {"IsNull": False}
    assert web["_ObjectType_"] == "SP.Web"
    assert web["Id"] == f"/Guid({rest['Id']})/"
    assert web["_ObjectIdentity_"].endswith(f":site:{team.get('site')['Id']}:web:{rest['Id']}")
    assert {name: web[name] for name in ("Title", "Url", "Language")} == {
        n: rest[n] for n in ("Title", "Url", "Language")
    }
    assert set(rest) - {"odata.metadata"} <= set(web)


def test_dates_count_months_from_zero(ask: Callable[..., Any], team: Door) -> None:
    web = ask(f'<Query Id="6" ObjectPathId="2">{WHOLE}</Query>', WEB)[6]
    year, month = (int(part) for part in team.get("web")["Created"].split("-")[:2])
    assert web["Created"].startswith(f"/Date({year},{month - 1},")


def test_what_is_set_waits_for_update(ask: Callable[..., Any], team: Door) -> None:
    setting = (
        '<SetProperty Id="5" ObjectPathId="2" Name="Title"><Parameter Type="String">Other</Parameter></SetProperty>'
    )
    seen = ask(f'{setting}<Query Id="6" ObjectPathId="2">{WHOLE}</Query>', WEB)[6]
    assert (seen["Title"], team.get("web")["Title"]) == ("Other", "Team")
    ask(f'{setting}<Method Id="7" ObjectPathId="2" Name="Update" />', WEB)
    assert team.get("web")["Title"] == "Other"


def test_tenant_settings_are_kept_at_once(ask: Callable[..., Any], admin: Door) -> None:
    tenant = ask(f'<Query Id="5" ObjectPathId="1">{WHOLE}</Query>', TENANT, host=ADMIN)[5]
    assert len(tenant) > 230
    name = quoteattr(tenant["_ObjectIdentity_"], {"\n": "&#xA;"})
    setting = '<SetProperty Id="6" ObjectPathId="9" Name="{}"><Parameter Type="String">{}</Parameter></SetProperty>'
    ask(setting.format("HideDefaultThemes", "true"), f'<Identity Id="9" Name={name} />', host=ADMIN)
    assert admin.get("SPO.Tenant?$select=HideDefaultThemes") == {"HideDefaultThemes": True}


def test_lists_are_found_and_answered_as_a_collection(ask: Callable[..., Any]) -> None:
    paths = f'{WEB}<Property Id="3" ParentId="2" Name="Lists" />'
    lists = ask(f'<Query Id="5" ObjectPathId="3">{MEMBERS}</Query>', paths)[5]
    assert lists["_ObjectType_"] == "SP.ListCollection"
    documents = next(each for each in lists["_Child_Items_"] if each["Title"] == "Documents")
    named = f'<Identity Id="1" Name={quoteattr(documents["_ObjectIdentity_"])} />'
    assert ask(f'<Query Id="5" ObjectPathId="1">{WHOLE}</Query>', named)[5]["Id"] == documents["Id"]


def test_made_up_identities_are_understood(ask: Callable[..., Any], team: Door) -> None:
    site, web = team.get("site")["Id"], team.get("web")["Id"]
    listing = team.get("web/lists/getbytitle('Documents')")["Id"]
    identity = f"1a48869e-c092-0000-1f61-81ec89809537|740c6a0b-85e2-48a0-a494-e0f1759d4aa7:site:{site}:web:{web}"
    for steps, kind in (("", "SP.Web"), (f":list:{listing}", "SP.List"), (f":list:{{{listing}}}", "SP.List")):
        path = f'<Identity Id="1" Name="{identity}{steps}" />'
        assert ask(f'<Query Id="5" ObjectPathId="1">{WHOLE}</Query>', path)[5]["_ObjectType_"] == kind


def test_property_bag_needs_custom_script(
    ask: Callable[..., Any], refused: Callable[..., Any], rehearsed: Tenant
) -> None:
    actions = (
        f'<Method Id="5" ObjectPathId="3" Name="SetFieldValue">{parameters(("String", "k"), ("String", "v"))}</Method>'
        '<Method Id="6" ObjectPathId="2" Name="Update" />'
    )
    paths = f'{WEB}<Property Id="3" ParentId="2" Name="AllProperties" />'
    assert refused(actions, paths)["ErrorTypeName"] == "System.UnauthorizedAccessException"
    site = rehearsed.store.find("site", 0, f"{HOST}/sites/team")
    assert site
    rehearsed.store.update(site, {"DenyAddAndCustomizePages": 1}, at=rehearsed.clock.iso())
    ask(actions, paths)
    nested = ('<Query SelectAllProperties="false"><Properties><Property Name="AllProperties" SelectAll="true">'
              '<Query SelectAllProperties="false"><Properties /></Query></Property></Properties></Query>')  # fmt: skip
    bag = ask(f'<Query Id="5" ObjectPathId="2">{nested}</Query>', WEB)[5]["AllProperties"]
    assert (bag["_ObjectType_"], bag["k"], bag["vti_defaultlanguage"]) == ("SP.PropertyValues", "v", "en-us")


def test_field_link_flags_are_kept_by_the_content_type(ask: Callable[..., Any], team: Door) -> None:
    site, web = team.get("site")["Id"], team.get("web")["Id"]
    base = f"x|740c6a0b-85e2-48a0-a494-e0f1759d4aa7:site:{site}:web:{web}"
    team.post("web/contenttypes", {"Id": {"StringValue": "0x0100AA"}, "Name": "Case"})
    field = team.post("web/fields", {"Title": "Number", "FieldTypeKind": 2})["Id"]
    kind = f'<Identity Id="1" Name="{base}:contenttype:0x0100AA" />'
    update = f'<Method Id="9" ObjectPathId="1" Name="Update">{parameters(("Boolean", "true"))}</Method>'
    creation = (
        '<Parameter TypeId="{63fb2c92-8f65-4bbb-a658-b6cd294403f4}">'
        '<Property Name="Field" ObjectPathId="4" /></Parameter>'
    )
    ask(
        f'<ObjectPath Id="5" ObjectPathId="3" />{update}',
        f'{kind}<Property Id="2" ParentId="1" Name="FieldLinks" /><Identity Id="4" Name="{base}:field:{field}" />'
        f'<Method Id="3" ParentId="2" Name="Add"><Parameters>{creation}</Parameters></Method>',
    )
    required = (
        '<SetProperty Id="6" ObjectPathId="2" Name="Required"><Parameter Type="Boolean">true</Parameter></SetProperty>'
    )
    link = f'<Identity Id="2" Name="{base}:contenttype:0x0100AA:fl:{field}" />'
    ask(required, kind + link)
    read = f"web/contenttypes('0x0100AA')/fieldlinks(guid'{field}')"
    assert team.get(read)["Required"] is False
    ask(required + update, kind + link)
    assert team.get(read)["Required"] is True


def test_version_policies_are_kept_with_their_list(ask: Callable[..., Any], team: Door) -> None:
    named = f'<Method Id="4" ParentId="3" Name="GetByTitle">{parameters(("String", "Documents"))}</Method>'
    paths = f'{WEB}<Property Id="3" ParentId="2" Name="Lists" />{named}'
    paths += '<Property Id="5" ParentId="4" Name="VersionPolicies" />'
    value = '<Parameter Type="Int32">2</Parameter>'
    setting = f'<SetProperty Id="6" ObjectPathId="5" Name="DefaultTrimMode">{value}</SetProperty>'
    read = "web/lists/getbytitle('Documents')/VersionPolicies"
    ask(setting, paths)
    assert team.get(read)["DefaultTrimMode"] == 0
    ask(f'{setting}<Method Id="7" ObjectPathId="4" Name="Update" />', paths)
    assert team.get(read)["DefaultTrimMode"] == 2


def test_site_listing_says_where_it_goes_on(ask: Callable[..., Any]) -> None:
    speak = ('<Parameter TypeId="{b92aeee2-c92c-4b67-abcc-024e471bc140}"><Property Name="Filter" Type="String" />'
             '<Property Name="IncludeDetail" Type="Boolean">false</Property><Property Name="StartIndex" Type="String">0'
             '</Property><Property Name="IncludePersonalSite" Type="Enum">0</Property></Parameter>')  # fmt: skip
    name = "GetSitePropertiesFromSharePointByFilters"
    paths = f'{TENANT}<Method Id="2" ParentId="1" Name="{name}"><Parameters>{speak}</Parameters></Method>'
    sites = ask(f'<Query Id="5" ObjectPathId="2">{MEMBERS}</Query>', paths, host=ADMIN)[5]
    assert sites["_ObjectType_"].endswith("SPOSitePropertiesEnumerable")
    assert (sites["NextStartIndex"], sites["NextStartIndexFromSharePoint"]) == (-1, None)
    team = next(each for each in sites["_Child_Items_"] if each["Url"].endswith("/sites/team"))
    assert team["_ObjectIdentity_"].endswith("\nSiteProperties\nhttps%3a%2f%2fcontoso.sharepoint.com%2fsites%2fteam")


def test_sites_are_listed_three_hundred_a_page(ask: Callable[..., Any], rehearsed: Tenant) -> None:
    with rehearsed.store.transaction():
        for number in range(300):
            create_site(rehearsed, NewSite(f"{HOST}/sites/n{number}", "N", OWNER))
    pages = []
    for start in (0, 300):
        speak = ('<Parameter TypeId="{b92aeee2-c92c-4b67-abcc-024e471bc140}"><Property Name="StartIndex" Type="String">'
                 f"{start}</Property></Parameter>")  # fmt: skip
        name = "GetSitePropertiesFromSharePointByFilters"
        paths = f'{TENANT}<Method Id="2" ParentId="1" Name="{name}"><Parameters>{speak}</Parameters></Method>'
        pages.append(ask(f'<Query Id="5" ObjectPathId="2">{MEMBERS}</Query>', paths, host=ADMIN)[5])
    assert [len(each["_Child_Items_"]) for each in pages] == [300, 2]
    assert [each["NextStartIndexFromSharePoint"] for each in pages] == ["300", None]


def test_site_creation_takes_its_time_where_delays_are_kept(ask: Callable[..., Any], rehearsed: Tenant) -> None:
    props = "".join(
        f'<Property Name="{name}" Type="{kind}">{value}</Property>'
        for name, kind, value in (
            ("Owner", "String", OWNER), ("Title", "String", "New"), ("Template", "String", "STS#3"),
            ("Lcid", "UInt32", 1033),
            ("Url", "String", f"https://{HOST}/sites/new"), ("TimeZoneId", "Int32", 2),
        )
    )  # fmt: skip
    creation = (
        f'<Parameters><Parameter TypeId="{{11f84fff-b8cf-47b6-8b50-34e692656606}}">{props}</Parameter></Parameters>'
    )
    paths = f'{TENANT}<Method Id="2" ParentId="1" Name="CreateSite">{creation}</Method>'
    rehearsed.delays.sites = True
    begun = ask(f'<Query Id="5" ObjectPathId="2">{WHOLE}</Query>', paths, host=ADMIN)[5]
    assert begun["IsComplete"] is False
    named = f'<Identity Id="9" Name={quoteattr(begun["_ObjectIdentity_"], {chr(10): "&#xA;"})} />'
    rehearsed.clock.advance(13)
    assert ask(f'<Query Id="5" ObjectPathId="9">{WHOLE}</Query>', named, host=ADMIN)[5]["IsComplete"] is True


def test_terms_are_made_named_and_found_again(ask: Callable[..., Any]) -> None:
    guid = "11111111-2222-4333-8444-555555555555"
    arguments = parameters(("String", "Council"), ("Guid", f"{{{guid}}}"))
    group = f'<Method Id="3" ParentId="2" Name="CreateGroup">{arguments}</Method>'
    made = ask(f'<Query Id="5" ObjectPathId="3">{WHOLE}</Query>', STORE + group)[5]
    assert (made["_ObjectType_"], made["Id"], made["IsSystemGroup"]) == (
        "SP.Taxonomy.TermGroup",
        f"/Guid({guid})/",
        False,
    )
    assert made["CreatedDate"].removeprefix("/Date(").removesuffix(")/").isdigit()
    groups = f'{STORE}<Property Id="3" ParentId="2" Name="Groups" />'
    named = f'<Identity Id="1" Name={quoteattr(made["_ObjectIdentity_"])} />'
    setting = (
        '<SetProperty Id="4" ObjectPathId="1" Name="Description"><Parameter Type="String">D</Parameter></SetProperty>'
    )
    ask(setting, named)
    found = ask(f'<Query Id="5" ObjectPathId="3">{MEMBERS}</Query>', groups)[5]["_Child_Items_"]
    assert [(each["Name"], each["Description"]) for each in found if each["Name"] == "Council"] == [("Council", "D")]


def test_an_object_is_made_once(ask: Callable[..., Any], team: Door) -> None:
    creation = (
        '<Parameter TypeId="{e247b7fc-095e-4ea4-a4c9-c5d373723d8c}">'
        '<Property Name="Title" Type="String">Once</Property>'
        '<Property Name="TemplateType" Type="Int32">100</Property></Parameter>'
    )
    lists = f'{WEB}<Property Id="3" ParentId="2" Name="Lists" />'
    paths = f'{lists}<Method Id="4" ParentId="3" Name="Add"><Parameters>{creation}</Parameters></Method>'
    answer = ask(f'<ObjectPath Id="5" ObjectPathId="4" /><Query Id="6" ObjectPathId="4">{WHOLE}</Query>', paths)
    assert answer[6]["Title"] == "Once"
    assert sum(each["Title"] == "Once" for each in team.get("web/lists")["value"]) == 1
