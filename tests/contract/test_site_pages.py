"""Pages and the look of a site against a tenant: made, filled, changed, and owners' own work left alone."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from spmigrate.errors import AccessDenied, Conflict, NotFound, Refused
from spmigrate.tenant.contents import Attributes, Kind, Value
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import copies, creation, page_sections, reading
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.people import token
from tests.contract.rehearsal_client import PlainClient
from tests.contract.scratch import Scratch
from tests.rehearsal_fixtures import RunningTenant

NEW = {
    "type": "Communication site", "title": "x", "description": "", "language": "English", "time zone": "London",
}  # fmt: skip
Block = page_sections.Block
WELCOME = (
    ((Block(heading="Welcome & hello"), Block(text="First <b> paragraph.\n\nSecond.")),),
    ((Block(show="Documents", library="Shared Documents"),), (Block(show="News"), Block(show="Quick links"))),
    ((), (Block(show="People"),), (Block(show="Events"), Block(show="Sites"))),
)
OTHER = (((Block(text="Something else"),),),)
MATERIALS = {page_sections.digest(each): page_sections.write_sections(each) for each in (WELCOME, OTHER)}
CREST = b"\x89PNG\r\n\x1a\n" + bytes(40)
LOGO = copies.copy_name("assets/crest.png", CREST)
PALETTE = {"themePrimary": "#ff0000", "themeDark": "#aa0000", "white": "#ffffff"}


@dataclass(frozen=True)
class Place:
    """A site, with what attributes name by a digest at hand."""

    writer: SiteWriter

    def read(self, kind: Kind, key: str = "") -> Attributes:
        hubs = hub_addresses(self.writer.tenant)
        found = reading.read(self.writer.tenant, self.writer.address, hubs, frozenset({kind}))
        assert found is not None
        part = found.get(kind, key)
        return {} if part is None else part.attributes

    def page(self, name: str, /, **attributes: Value) -> Attributes:
        given = {word.replace("_", " "): value for word, value in attributes.items()}
        self.writer.put(Kind.PAGE, name.casefold(), given)
        return self.read(Kind.PAGE, name.casefold())


@pytest.fixture(scope="module")
def place(shared_tenant: Tenant, owner: str) -> Iterator[Place]:
    places = Scratch(shared_tenant, owner)
    address = places.address("t-pages")
    creation.create(shared_tenant, address, {**NEW, "owner": owner}, sleep=time.sleep)
    yield Place(SiteWriter(shared_tenant, address, materials={**MATERIALS, LOGO: CREST}))
    places.clear()


@pytest.fixture(scope="module")
def themes(shared_tenant: Tenant) -> list[str]:
    """Themes of the tenant with different colours."""
    names = ["Council red", "Council blue"]
    for name, primary in zip(names, ("#ff0000", "#0000ff"), strict=True):
        body = {"name": name, "themeJson": json.dumps({"palette": {**PALETTE, "themePrimary": primary}})}
        shared_tenant.rest("POST", f"{shared_tenant.settings.admin}/_api/ThemeManager/UpdateTenantTheme", body)
    return names


def test_a_page_is_made_with_its_sections_and_published_as_often_as_it_is_asked(place: Place) -> None:
    wanted = {"file": "About-us.aspx", "title": "About us", "content": page_sections.digest(WELCOME)}
    for _ in range(2):
        assert place.page("About-us.aspx", **wanted) == {**wanted, "is home page": False, "for": ()}
    page = place.writer.rest("GET", "sitepages/pages/GetByUrl('SitePages/About-us.aspx')")
    assert (page["Version"], page["IsPageCheckedOutToCurrentUser"]) == ("1.0", False)
    controls = json.loads(page["CanvasContent1"])
    library = place.writer.rest("GET", f"web/GetList('{place.writer.address}/Shared Documents')?$select=Id")["Id"]
    shown = [each["webPartData"]["properties"] for each in controls if each.get("webPartData")]
    assert [each["selectedListId"] for each in shown if "selectedListId" in each] == [library]


def test_title_and_content_change_each_without_the_other(place: Place) -> None:
    place.page("Two.aspx", file="Two.aspx", title="Two", content=page_sections.digest(WELCOME))
    assert place.page("Two.aspx", title="Second")["content"] == page_sections.digest(WELCOME)
    found = place.page("Two.aspx", content=page_sections.digest(OTHER))
    assert (found["title"], found["content"]) == ("Second", page_sections.digest(OTHER))


def test_the_site_opens_with_the_page_that_is_its_home(place: Place) -> None:
    for file in ("Start.aspx", "Other.aspx", "Start.aspx"):
        assert place.page(file, file=file, title="Start", is_home_page=True)["is home page"] is True
    assert place.read(Kind.PAGE, "other.aspx")["is home page"] is False


def test_a_page_that_an_owner_made_is_adopted_and_left_alone(place: Place) -> None:
    owners = (((Block(heading="The owners' own"),),),)
    mine = Place(SiteWriter(place.writer.tenant, place.writer.address, materials={
        page_sections.digest(owners): page_sections.write_sections(owners)}))  # fmt: skip
    mine.page("Own.aspx", file="Own.aspx", title="Our page", content=page_sections.digest(owners))
    found = place.page("Own.aspx", file="Own.aspx", title="Welcome", content=page_sections.digest(WELCOME))
    assert (found["title"], found["content"]) == ("Our page", page_sections.digest(owners))


def test_a_page_whose_making_was_stopped_is_filled(place: Place) -> None:
    folder = f"{place.writer.address}/SitePages"
    add = f"AddTemplateFile(urlOfFile='{folder}/Half.aspx',templateFileType=3)"
    place.writer.rest("POST", f"web/GetFolderByServerRelativePath(DecodedUrl='{folder}')/Files/{add}")
    found = place.page("Half.aspx", file="Half.aspx", title="Whole", content=page_sections.digest(WELCOME))
    assert (found["title"], found["content"]) == ("Whole", page_sections.digest(WELCOME))


def test_the_home_page_as_sharepoint_made_it_is_nobodys_and_once_edited_it_is_somebodys(place: Place) -> None:
    assert place.read(Kind.PAGE, "home.aspx")["content"] == ""
    whole = {"file": "Home.aspx", "title": "Home", "content": page_sections.digest(WELCOME)}
    assert place.page("Home.aspx", **whole)["content"] == page_sections.digest(WELCOME)
    again = place.page("Home.aspx", **{**whole, "content": page_sections.digest(OTHER)})
    assert again["content"] == page_sections.digest(WELCOME)


def test_a_page_that_was_saved_and_not_published_is_published(place: Place, rehearsal: RunningTenant) -> None:
    whole = {"file": "Draft.aspx", "title": "Draft", "content": page_sections.digest(WELCOME)}
    rehearsal.fault({"status": 403}, path="/Publish")
    with pytest.raises(AccessDenied):
        place.page("Draft.aspx", **whole)
    assert place.page("Draft.aspx", **whole) == {**whole, "is home page": False, "for": ()}
    page = place.writer.rest("GET", "sitepages/pages/GetByUrl('SitePages/Draft.aspx')?$select=Version")
    assert page["Version"] == "1.0"


def test_what_an_owner_has_not_published_stays_unpublished(place: Place, rehearsal: RunningTenant, owner: str) -> None:
    whole = {"file": "Theirs.aspx", "title": "Theirs", "content": page_sections.digest(WELCOME)}
    place.page("Theirs.aspx", **whole)
    shown = "sitepages/pages/GetByUrl('SitePages/Theirs.aspx')?$select=Id,Version"
    number = place.writer.rest("GET", shown)["Id"]
    key = f"Bearer {token(rehearsal, owner, 'https://contoso.sharepoint.com')}"
    saved = PlainClient(rehearsal).send(
        "POST", f"{place.writer.url}/_api/sitepages/pages({number})/SavePageAsDraft", b'{"Title": "Not yet"}',
        token=False, Authorization=key, content_type="application/json",
    )  # fmt: skip
    assert saved.status == 200, saved.body
    for wanted in ({"title": "Not yet"}, {"for": ("group:All staff",)}):
        place.page("theirs.aspx", **wanted)
        assert str(place.writer.rest("GET", shown)["Version"]).startswith("1.")


def test_content_that_is_no_longer_at_hand_is_refused(place: Place) -> None:
    with pytest.raises(Refused, match="changed since the plan"):
        place.page("Gone.aspx", file="Gone.aspx", title="Gone", content="0" * 16)
    assert place.read(Kind.PAGE, "gone.aspx") == {}


def test_a_page_is_meant_for_groups_and_for_everybody_again(place: Place) -> None:
    groups = ("group:All staff", "group:Finance team")
    for given in groups:
        name = given.removeprefix("group:")
        if not list(place.writer.tenant.graph_pages(f"/v1.0/groups?$filter=displayName eq '{name}'&$select=id")):
            place.writer.tenant.graph("POST", "/v1.0/groups", {
                "displayName": name, "mailNickname": name.replace(" ", "").lower(), "mailEnabled": False,
                "securityEnabled": True,
            })  # fmt: skip
    wanted = {"file": "Aimed.aspx", "title": "Aimed", "content": page_sections.digest(WELCOME)}
    assert place.page("Aimed.aspx", **wanted)["for"] == ()
    for told in (groups, groups[:1], ()):
        for _ in range(2):
            assert place.page("aimed.aspx", **{"for": told})["for"] == told
        page = place.writer.rest("GET", "sitepages/pages/GetByUrl('SitePages/Aimed.aspx')?$select=Version")
        assert page["Version"].endswith(".0"), "readers see it"
    assert place.page("Aimed.aspx", **wanted, **{"for": groups})["for"] == groups


def test_a_page_goes_to_the_recycle_bin_unless_the_site_opens_with_it(place: Place) -> None:
    place.page("Old.aspx", file="Old.aspx", title="Old", content=page_sections.digest(WELCOME))
    home = place.writer.rest("GET", "web/RootFolder?$select=WelcomePage")["WelcomePage"].rpartition("/")[2]
    with pytest.raises(Conflict, match="opens with it"):
        place.writer.remove(Kind.PAGE, home.casefold())
    for _ in range(2):
        place.writer.remove(Kind.PAGE, "old.aspx")
    assert place.read(Kind.PAGE, "old.aspx") == {}
    assert "Old.aspx" in [each["LeafName"] for each in place.writer.rest("GET", "site/RecycleBin")["value"]]


LOOKS: list[tuple[str, Value, Value]] = [
    ("header", "Compact", "Extended"),
    ("header emphasis", "Strong", "None"),
    ("footer", False, True),
    ("mega menu", False, True),
    ("quick launch shown", False, True),
    ("comments on pages", False, True),
    ("logo", LOGO, ""),
]


@pytest.mark.parametrize(("name", "first", "second"), LOOKS)
def test_an_attribute_of_the_look_is_read_back_as_written_and_nothing_else_moves(
    place: Place, name: str, first: Value, second: Value
) -> None:
    before = place.read(Kind.LOOK)
    for value in (first, first, second):
        place.writer.put(Kind.LOOK, "", {name: value})
        assert place.read(Kind.LOOK) == {**before, name: value}


def test_a_picture_that_lies_in_the_site_need_not_be_at_hand_and_another_must(place: Place) -> None:
    place.writer.put(Kind.LOOK, "", {"logo": LOGO})
    place.writer.put(Kind.LOOK, "", {"logo": ""})
    bare = Place(SiteWriter(place.writer.tenant, place.writer.address))
    bare.writer.put(Kind.LOOK, "", {"logo": LOGO})
    assert bare.read(Kind.LOOK)["logo"] == LOGO
    with pytest.raises(Refused, match="no longer at hand"):
        bare.writer.put(Kind.LOOK, "", {"logo": "another.png"})


def test_a_theme_of_the_tenant_is_put_on_a_site(place: Place, themes: list[str]) -> None:
    assert place.read(Kind.LOOK)["theme"] == ""
    for theme in (*themes, themes[0]):
        place.writer.put(Kind.LOOK, "", {"theme": theme})
        assert place.read(Kind.LOOK)["theme"] == theme
    with pytest.raises(NotFound, match="no theme 'Sunset'"):
        place.writer.put(Kind.LOOK, "", {"theme": "Sunset"})
    with pytest.raises(Refused, match="cannot be put back"):
        place.writer.put(Kind.LOOK, "", {"theme": ""})


def test_a_site_in_a_hub_keeps_the_hubs_theme(
    place: Place, themes: list[str], shared_tenant: Tenant, owner: str
) -> None:
    places = Scratch(shared_tenant, owner)
    hub = SiteWriter(shared_tenant, places.address("d-themed"))
    hub.create({**NEW, "owner": owner})
    hub.put(Kind.HUB, "", {})
    hub.put(Kind.LOOK, "", {"theme": themes[0]})
    place.writer.put(Kind.LOOK, "", {"theme": themes[1]})
    place.writer.put(Kind.HUB_MEMBERSHIP, "", {"hub": hub.address})
    assert place.read(Kind.LOOK)["theme"] == themes[0]
    with pytest.raises(Refused, match="theme of its hub"):
        place.writer.put(Kind.LOOK, "", {"theme": themes[1]})
    place.writer.remove(Kind.HUB_MEMBERSHIP, "")
    places.clear()
