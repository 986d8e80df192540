"""What answers about a site's settings, menus, look and pages mean: JSON in, parts out."""

import json
from types import ModuleType
from typing import Any

import pytest

from spmigrate.tenant.contents import Attributes, Kind, Part, inside, name_key
from spmigrate.tenant.site import copies, creation, features, group, hubs, look, navigation, pages, sharing, team
from spmigrate.tenant.site.question import NO_ID, Answers

HOST, SITE, HUB = "https://contoso.sharepoint.com", "/sites/t-a", "1" * 8 + "-0000-4000-8000-" + "2" * 12
BASE = {"Id": HUB.upper(), "GroupId": NO_ID, "HubSiteId": NO_ID, "IsHubSite": False}
PROPERTIES = {
    "SharingCapability": 3, "DefaultSharingLinkType": 1, "DefaultLinkPermission": 2, "LockState": "ReadOnly",
    "StorageMaximumLevel": "51200", "StorageWarningLevel": 46080,
    "ConditionalAccessPolicy": 1, "AnonymousLinkExpirationInDays": 30,
    "OverrideTenantAnonymousLinkExpirationPolicy": False, "ExternalUserExpirationInDays": 90,
    "OverrideTenantExternalUserExpirationPolicy": True,
}  # fmt: skip


def answers(**found: Any) -> Answers:
    named = {name.replace("_", " "): value for name, value in found.items()}
    return Answers(SITE, HOST, {HUB: "/sites/d-hub"}, found={"site": BASE, **named})


def read(noun: ModuleType, **found: Any) -> dict[tuple[Kind, str], Attributes]:
    return {part.place: part.attributes for part in noun.parts(answers(**found))}


def node(title: str, url: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"Id": 2001, "Title": title, "Url": url, "Children": list(children)}


def link(menu: str, title: str, parent: str = "") -> tuple[Kind, str]:
    return Kind.LINK, inside(menu, inside(name_key(parent), name_key(title)))


@pytest.mark.parametrize("noun", [features, group, look, navigation, pages, sharing, team, hubs])
def test_questions_that_were_not_asked_give_no_parts(noun: ModuleType) -> None:
    assert read(noun) == {}


@pytest.mark.parametrize(("type_", "design", "asked"), [
    ("Communication site", "Showcase", "6142d2a0-63a5-4ba0-aede-d9fefca2c767"),
    ("Communication site", None, "f6cc5403-0d63-442e-96c0-285923709ffc"),
    ("Team site without group", None, NO_ID),
])  # fmt: skip
def test_a_new_site_is_asked_for_with_its_design(type_: str, design: str | None, asked: str) -> None:
    wanted = {"type": type_, "title": "A", "description": "", "owner": "a@b.example", "language": "English"}
    assert creation.request_of(HOST + SITE, wanted | {"design": design})["SiteDesignId"] == asked


def test_each_attribute_of_the_admin_centre_has_its_word() -> None:
    found = read(sharing, site_properties=PROPERTIES)
    assert found == {
        (Kind.SHARING, ""): {
            "external sharing": "Existing guests", "default link": "Specific people",
            "default link permission": "Edit", "unmanaged devices": "Web only", "restrict access to": (),
            "links to people expire after": 90, "anyone links expire after": 0,
        },
        (Kind.STORAGE, ""): {"limit": 50, "warning": 45},
        (Kind.LOCK, ""): {"state": "Read only"},
    }  # fmt: skip


def test_a_site_is_restricted_to_groups_by_name_or_to_its_own() -> None:
    def told(ids: list[str], **groups: Any) -> Any:
        restricted = {**PROPERTIES, "RestrictedAccessControl": True, "RestrictedAccessControlGroups": ids}
        found = read(sharing, site_properties=restricted, restricting_groups=groups)
        return found[Kind.SHARING, ""]["restrict access to"]

    assert told([]) == ("Members",)
    assert told(["{ABC}", "gone"], abc={"id": "abc", "displayName": "Senior managers"}) == (
        "group:Senior managers", "group:gone",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("info", "label"),
    [
        (None, None), ({"DisplayName": None, "Id": None}, None), ({"DisplayName": "", "Id": NO_ID}, None),
        ({"DisplayName": "Official", "Id": HUB}, "Official"), ({"DisplayName": None, "Id": HUB}, HUB),
    ],
)  # fmt: skip
def test_a_label_has_its_name_or_its_id_when_the_site_does_not_tell(info: Any, label: str | None) -> None:
    found = read(sharing, site_label={"SensitivityLabelInfo": info})
    assert [part["label"] for part in found.values()] == ([label] if label else [])


def test_features_of_the_table_are_told_by_name_and_others_are_not() -> None:
    site = {"value": [{"DefinitionId": "{B50E3104-6812-424F-A011-CC90E6327318}"}, {"DefinitionId": NO_ID}]}
    web = {"value": [{"DefinitionId": "b50e3104-6812-424f-a011-cc90e6327318"}]}
    found = read(features, site_features=site, web_features={"value": []})
    assert found == {(Kind.FEATURE, "document id service"): {"name": "Document ID service"}}
    assert read(features, site_features={"value": []}, web_features=web) == {}


def test_every_feature_has_an_id_of_its_own() -> None:
    assert len({each.id for each in features.FEATURES.values()}) == len(features.FEATURES)
    assert {each.scope for each in features.FEATURES.values()} == {"site", "web"}


def test_a_group_and_its_team_with_channels() -> None:
    shown = {"id": HUB, "mailNickname": "t-a", "visibility": None}
    channels = {"value": [
        {"displayName": "General", "description": None, "membershipType": "standard"},
        {"displayName": "Case  Conference", "description": "x", "membershipType": "unknownFutureValue"},
    ]}  # fmt: skip
    assert read(group, group=shown) == {(Kind.GROUP, ""): {"alias": "t-a", "privacy": "Public"}}
    assert read(team, team={"displayName": "Adults"}, channels=channels) == {
        (Kind.TEAM, ""): {"name": "Adults"},
        (Kind.CHANNEL, "general"): {"name": "General", "description": "", "privacy": "Standard"},
        (Kind.CHANNEL, "case conference"): {
            "name": "Case  Conference", "description": "x", "privacy": "unknownFutureValue",
        },
    }  # fmt: skip


def test_a_hub_tells_of_itself_and_a_member_names_its_hub() -> None:
    shown = {
        "Title": "Adults", "Description": None, "LogoUrl": f"{HOST}/sites/t-a/SiteAssets/a%20b.png",
        "RequiresJoinApproval": True, "ParentHubSiteId": HUB.upper(),
    }  # fmt: skip
    people = ("i:0#.f|membership|B@contoso.example", "a@c.example")
    rights = {"Permissions": [{"PrincipalName": each} for each in people]}
    hub = read(hubs, site={**BASE, "IsHubSite": True}, hub=shown, hub_rights=rights)
    assert hub == {(Kind.HUB, ""): {
        "title": "Adults", "description": "", "logo": "/sites/t-a/SiteAssets/a b.png", "approval": True,
        "parent": "/sites/d-hub", "who may join": ("a@c.example", "b@contoso.example"),
    }}  # fmt: skip
    unknown = NO_ID[:-1] + "9"
    for joined, told in ((HUB.upper(), "/sites/d-hub"), (unknown, unknown)):
        assert read(hubs, site={**BASE, "HubSiteId": joined}) == {(Kind.HUB_MEMBERSHIP, ""): {"hub": told}}


def test_who_may_join_is_unknown_when_that_was_refused() -> None:
    shown = {"Title": "x", "Description": "", "LogoUrl": None, "RequiresJoinApproval": False, "ParentHubSiteId": NO_ID}
    found = read(hubs, site={**BASE, "IsHubSite": True}, hub=shown, hub_rights={})
    assert "who may join" not in found[Kind.HUB, ""]
    assert found[Kind.HUB, ""]["parent"] == ""


def test_links_are_known_by_the_titles_above_them_and_the_first_of_two_counts() -> None:
    deep = node("Rota", f"{HOST}/sites/rota")
    menu = {"value": [
        node("Services", "http://linkless.header/", node("Duty", "/sites/a", deep), node("duty", "/sites/b")),
        node("services", "/sites/other"), node("Out", "https://example.org/x%2Fy?z"),
    ]}  # fmt: skip
    found = read(navigation, quick_launch=menu, hub_navigation=menu)
    assert {key: (each["parent"], each["address"], each["place"]) for key, each in found.items()} == {
        link("quick launch", "Services"): ("", "", 1),
        link("quick launch", "Duty", "Services"): ("Services", "/sites/a", 1),
        link("quick launch", "Rota", "Duty"): ("Duty", "/sites/rota", 1),
        link("quick launch", "Out"): ("", "https://example.org/x%2Fy?z", 3),
    }


def test_only_a_hub_has_hub_navigation_and_only_a_footer_that_was_set_up_has_links() -> None:
    menu = {"value": [node("Home", "/")]}
    hub = {**BASE, "IsHubSite": True}
    assert set(read(navigation, site=hub, hub_navigation=menu)) == {link("hub navigation", "Home")}
    below = [{"Title": "Privacy", "SimpleUrl": f"{HOST}/sites/p", "Nodes": None},
             {"Title": "Old", "SimpleUrl": "/", "IsDeleted": True}]  # fmt: skip
    holder = {"Title": "3a94b35f-030b-468e-80e3-b75ee84ae0ad", "Nodes": below}
    logo = {"Title": "2e456c2e-3ded-4a6c-a9ea-f7ac4c1b5100", "Nodes": []}
    assert set(read(navigation, footer={"Nodes": [logo, holder]})) == {link("footer", "Privacy")}
    for empty in ({"odata.null": True}, {"Nodes": []}, {"Nodes": None}):
        assert read(navigation, footer=empty) == {}


LOOK = {
    "SiteLogoUrl": "/sites/t-a/SiteAssets/crest%20new-1a2b.png?v=1", "HeaderLayout": 0, "HeaderEmphasis": 2,
    "FooterEnabled": True, "MegaMenuEnabled": False, "QuickLaunchEnabled": True,
    "CommentsOnSitePagesDisabled": True,
}  # fmt: skip
RED, BLUE = ({"themePrimary": each, "Accent": "#112233"} for each in ("#FF0000", "#0000ff"))


@pytest.mark.parametrize(
    ("colours", "theme"),
    [
        ({"ThemePrimary": {"DefaultColor": {"R": 255, "G": 0, "B": 0, "A": 255}}}, "Red"),
        ({"themePrimary": {"DefaultColor": {"R": 0, "G": 0, "B": 255}}}, "Blue"),
        ({"themePrimary": {"DefaultColor": {"R": 1, "G": 2, "B": 3}}}, ""),
        ({"accent": {"DefaultColor": {"R": 17, "G": 34, "B": 51}}}, ""),
    ],
)
def test_a_theme_is_known_by_its_colours(colours: Any, theme: str) -> None:
    themes = {"themePreviews": [
        {"name": "Red", "themeJson": json.dumps({"palette": RED})}, {"name": "Blue", "themeJson": json.dumps(BLUE)},
    ]}  # fmt: skip
    data = {"value": json.dumps({"Palette": {"Colors": colours}})}
    assert read(look, look=LOOK, theme=data, themes=themes)[Kind.LOOK, ""] == {
        "logo": "crest new-1a2b.png", "header": "Standard", "header emphasis": "Soft", "footer": True,
        "mega menu": False, "quick launch shown": True, "theme": theme,
        "comments on pages": False,
    }  # fmt: skip


def test_a_theme_that_could_not_be_read_is_left_out() -> None:
    assert "theme" not in read(look, look={**LOOK, "SiteLogoUrl": None})[Kind.LOOK, ""]
    found = read(look, look=LOOK, theme={"value": "no JSON"}, themes={"themePreviews": []})
    assert found[Kind.LOOK, ""]["theme"] == ""


def test_a_picture_is_named_by_what_it_shows() -> None:
    assert copies.copy_name("assets/crest.png", b"a") == copies.copy_name("other/crest.png", b"a")
    assert copies.copy_name("crest.png", b"a") != copies.copy_name("crest.png", b"b")


def test_pages_at_the_top_are_told_and_those_in_folders_or_without_content_are_no_trouble() -> None:
    folder = f"{SITE}/SitePages"
    listed = {"value": [
        {"Title": None, "FileLeafRef": "Home.aspx", "FileDirRef": folder, "CanvasContent1": None,
         "OData__UIVersionString": "2.0"},
        {"Title": "Plan", "FileLeafRef": "Plan.aspx", "FileDirRef": f"{folder}/Templates", "CanvasContent1": ""},
        {"Title": "Picture", "FileLeafRef": "a.png", "FileDirRef": folder},
    ]}  # fmt: skip
    assert read(pages, pages=listed, welcome_page={"WelcomePage": "sitepages/home.aspx"}) == {
        (Kind.PAGE, "home.aspx"): {"file": "Home.aspx", "title": "", "content": "", "is home page": True},
    }


def test_what_nobody_compares_is_not_asked() -> None:
    def asked(noun: ModuleType, part: Part | None) -> str:
        only = None if part is None else {part.place: part}
        hub = {**BASE, "IsHubSite": True}
        given = Answers(SITE, HOST, found={"site": hub}, only=only)
        return " ".join(path for question in noun.QUESTIONS for _, path in question.paths(given))

    rows = [
        (look, Kind.LOOK, "theme", "ThemeManager"), (look, Kind.LOOK, "theme", "GetContextWebThemeData"),
        (pages, Kind.PAGE, "content", "CanvasContent1"), (hubs, Kind.HUB, "who may join", f"') {answers().site_id}"),
    ]  # fmt: skip
    for noun, kind, attribute, path in rows:
        assert path in asked(noun, None)
        assert path in asked(noun, Part(kind, "", "", {attribute: "x"}))
        assert path not in asked(noun, Part(kind, "", "", {"title": "x"}))
