"""Menus against a tenant: links of three levels in the quick launch, a hub's navigation and the footer."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from spmigrate.errors import NotFound, Refused
from spmigrate.tenant.contents import Attributes, Kind, Value, inside, name_key
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import creation, reading
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.navigation import FOOTER, HUB, QUICK_LAUNCH
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.scratch import Scratch

NEW = {
    "type": "Communication site", "title": "x", "description": "", "language": "English", "time zone": "London",
}  # fmt: skip
MENUS = (QUICK_LAUNCH, HUB, FOOTER)


def key_of(menu: str, title: str, parent: str = "") -> str:
    return inside(menu, inside(name_key(parent), name_key(title)))


@dataclass(frozen=True)
class Menus:
    """The menus of one site."""

    writer: SiteWriter

    def read(self) -> dict[str, Attributes]:
        hubs = hub_addresses(self.writer.tenant)
        found = reading.read(self.writer.tenant, self.writer.address, hubs, frozenset({Kind.LINK}))
        assert found is not None
        return {part.key: part.attributes for part in found.parts.values()}

    def titles(self, menu: str, parent: str = "") -> list[str]:
        found = [each for each in self.read().values() if (each["menu"], each["parent"]) == (menu, parent)]
        return [str(each["title"]) for each in sorted(found, key=lambda each: int(str(each["place"])))]

    def put(self, menu: str, title: str, address: str, *, parent: str = "", place: int | None = None) -> None:
        given: dict[str, Value] = {"menu": menu, "parent": parent, "title": title, "address": address}
        self.writer.put(Kind.LINK, key_of(menu, title, parent), given | ({"place": place} if place else {}))

    def clear(self, menu: str) -> None:
        for key, link in reversed(self.read().items()):
            if link["menu"] == menu:
                self.writer.remove(Kind.LINK, key)


@pytest.fixture(scope="module")
def site(shared_tenant: Tenant, owner: str) -> Iterator[Menus]:
    places = Scratch(shared_tenant, owner)
    address = places.address("d-menus")
    creation.create(shared_tenant, address, {**NEW, "owner": owner}, sleep=time.sleep)
    writer = SiteWriter(shared_tenant, address)
    writer.put(Kind.HUB, "", {})
    yield Menus(writer)
    places.clear()


@pytest.mark.parametrize("menu", MENUS)
def test_a_link_is_added_once_points_elsewhere_and_goes(site: Menus, menu: str) -> None:
    for address in ("/sites/a", "/sites/a", "https://example.org/a%2Fb?c=d", ""):
        site.put(menu, "Duty & desk/rota", address)
        found = site.read()[key_of(menu, "Duty & desk/rota")]
        assert (found["title"], found["address"]) == ("Duty & desk/rota", address)
        assert site.titles(menu).count("Duty & desk/rota") == 1
    site.writer.remove(Kind.LINK, key_of(menu, "Duty & desk/rota"))
    site.writer.remove(Kind.LINK, key_of(menu, "Duty & desk/rota"))
    assert "Duty & desk/rota" not in site.titles(menu)


@pytest.mark.parametrize("menu", MENUS)
def test_links_lie_below_links_and_a_changed_address_alone_finds_its_link(site: Menus, menu: str) -> None:
    site.clear(menu)
    site.put(menu, "Services", "")
    site.put(menu, "Adults", "/sites/adults", parent="Services")
    site.put(menu, "Duty", "/sites/duty", parent="Adults")
    site.put(menu, "Duty", "/sites/another", parent="Services")
    site.writer.put(Kind.LINK, key_of(menu, "Duty", "Adults"), {"address": "/sites/rota"})
    found = {key: link["address"] for key, link in site.read().items() if link["menu"] == menu}
    assert found == {
        key_of(menu, "Services"): "", key_of(menu, "Adults", "Services"): "/sites/adults",
        key_of(menu, "Duty", "Adults"): "/sites/rota", key_of(menu, "Duty", "Services"): "/sites/another",
    }  # fmt: skip
    with pytest.raises(Refused, match="links lie below"):
        site.writer.remove(Kind.LINK, key_of(menu, "Adults", "Services"))
    with pytest.raises(NotFound, match="no link 'Nobody'"):
        site.put(menu, "Lost", "/sites/lost", parent="Nobody")
    site.clear(menu)
    assert site.titles(menu) == []


@pytest.mark.parametrize("menu", MENUS)
def test_links_with_a_place_stand_in_order_and_owners_own_stay_behind_them(site: Menus, menu: str) -> None:
    site.clear(menu)
    for title in ("Own", "Third", "First"):
        site.put(menu, title, "/sites/x")
    for _ in range(2):
        for place, title in enumerate(("First", "Second", "Third"), 1):
            site.put(menu, title, "/sites/x", place=place)
        assert site.titles(menu) == ["First", "Second", "Third", "Own"]


@pytest.mark.parametrize("menu", [QUICK_LAUNCH, HUB])
def test_a_link_is_shown_to_the_groups_that_it_is_for(site: Menus, menu: str) -> None:
    site.clear(menu)
    site.put(menu, "Services", "")
    key, given = key_of(menu, "Duty", "Services"), {"menu": menu, "parent": "Services", "title": "Duty"}
    site.writer.put(Kind.LINK, key, {**given, "address": "/sites/duty", "for": ("group:all staff",)})
    assert (site.read()[key]["for"], site.read()[key]["address"]) == (("group:All staff",), "/sites/duty")
    site.writer.rest("MERGE", "web", {"NavAudienceTargetingEnabled": False})
    assert site.read()[key]["for"] == ()  # everybody sees it now
    site.writer.put(Kind.LINK, key, {"for": ("group:All staff",)})
    assert site.read()[key]["for"] == ("group:All staff",)
    site.writer.put(Kind.LINK, key, {"for": ()})
    assert site.read()[key]["for"] == site.read()[key_of(menu, "Services")]["for"] == ()
    with pytest.raises(NotFound, match="no group called 'Nobody'"):
        site.writer.put(Kind.LINK, key, {"for": ("group:Nobody",)})


def test_where_a_link_leads_outside_the_tenant_is_marked(site: Menus) -> None:
    site.clear(QUICK_LAUNCH)
    site.put(QUICK_LAUNCH, "Here", "/sites/x")
    site.put(QUICK_LAUNCH, "There", "https://example.org/")
    nodes = site.writer.rest("GET", "web/navigation/quicklaunch?$select=Title,IsExternal")["value"]
    assert {node["Title"]: node["IsExternal"] for node in nodes} == {"Here": False, "There": True}
