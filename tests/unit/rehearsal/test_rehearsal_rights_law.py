"""The effective rights of random assignments are those that a slow and obvious model gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.permission_levels import FULL_MASK, LIMITED_ACCESS, MASKS, Right, add_up
from spmigrate.rehearsal.rights import Securable, user_mask
from spmigrate.rehearsal.sites import NewSite, create_site
from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.people import Person

LEVELS = (1073741829, 1073741828, 1073741830, 1073741827, 1073741826)
PEOPLE = ("ann", "bob", "cyd")
PLACES = ("web", "list", "folder", "file")
PATHS = {
    "web": "web",
    "list": "web/lists/getbytitle('Documents')",
    "folder": "web/GetFolderByServerRelativeUrl('Shared Documents/A')/ListItemAllFields",
    "file": "web/GetFileByServerRelativeUrl('/sites/team/Shared Documents/A/f.txt')/ListItemAllFields",
}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("break"), st.sampled_from(PLACES[1:]), st.booleans()),
        st.tuples(st.just("reset"), st.sampled_from(PLACES[1:]), st.none()),
        st.tuples(st.just("give"), st.sampled_from(PLACES), st.tuples(st.sampled_from([*PEOPLE, "group"]),
                                                                      st.sampled_from(LEVELS))),
        st.tuples(st.just("take"), st.sampled_from(PLACES), st.tuples(st.sampled_from([*PEOPLE, "group"]),
                                                                      st.sampled_from(LEVELS))),
        st.tuples(st.just("join"), st.just("web"), st.sampled_from(PEOPLE)),
    ),
    max_size=14,
)  # fmt: skip


@dataclass
class Model:
    """Permissions as a person would work them out on paper."""

    given: dict[str, set[tuple[str, int]] | None] = field(
        default_factory=lambda: {"web": set(), "list": None, "folder": None, "file": None}
    )
    members: set[str] = field(default_factory=set)

    def above(self, place: str) -> set[tuple[str, int]]:
        for each in reversed(PLACES[: PLACES.index(place) + 1]):
            found = self.given[each]
            if found is not None:
                return found
        raise AssertionError(place)

    def mask(self, who: str, place: str) -> int:
        names = {who} | ({"group"} if who in self.members else set())
        mask = 0
        for name, level in self.above(place):
            mask |= MASKS[level] if name in names else 0
        if place in ("web", "list"):
            # Who holds something below that does not inherit may open what lies above.
            below = (self.given[each] or set() for each in PLACES[PLACES.index(place) + 1 :])
            mask |= MASKS[LIMITED_ACCESS] if any(name in names for held in below for name, _ in held) else 0
        return mask & FULL_MASK & ~Right.CUSTOMIZE_PAGES


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    made = open_tenant(tmp_path_factory.mktemp("law"))
    with made.store.transaction():
        for name in (*PEOPLE, "owner"):
            made.directory.add_user(f"{name}@contoso.onmicrosoft.com", props={"displayName": name})
        create_site(made, NewSite("contoso.sharepoint.com/sites/team", "Team", "owner"))
    app = Person(made)
    app.post("web/folders", {"ServerRelativeUrl": "/sites/team/Shared Documents/A"})
    app.post("web/GetFolderByServerRelativeUrl('Shared Documents/A')/Files/Add(url='f.txt')", b"x")
    yield made
    made.store.close()


@given(
    numbers=st.frozensets(st.integers(1, 4)),
    assignments=st.lists(st.tuples(st.integers(1, 4), st.lists(st.sampled_from(LEVELS), max_size=3)), max_size=6),
)
def test_all_levels_of_all_principals_add_up(numbers: frozenset[int], assignments: list[tuple[int, list[int]]]) -> None:
    levels = [level for principal, held in assignments if principal in numbers for level in held]
    bits = {bit for bit in range(63) for level in levels if MASKS[level] >> bit & 1}
    assert add_up(numbers, assignments, MASKS) == sum(1 << bit for bit in bits)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("break", "file", False), ("give", "file", ("ann", 1073741829)), ("break", "list", False)])
def test_effective_mask_is_that_of_the_model(tenant: Tenant, steps: list[tuple[str, str, object]]) -> None:
    tenant.store.db.execute("BEGIN")
    tenant.store._depth += 1
    try:
        _run(tenant, steps)
    finally:
        tenant.store._depth -= 1
        tenant.store._forget()
        tenant.store.db.execute("ROLLBACK")


def _run(tenant: Tenant, steps: list[tuple[str, str, object]]) -> None:
    app, model = Person(tenant), Model()
    numbers = {name: app.post("web/ensureuser", {"logonName": name})["Id"] for name in PEOPLE}
    numbers["group"] = app.post("web/sitegroups", {"Title": "Law"})["Id"]
    for step, place, about in steps:
        _step(app, model, numbers, (step, place, about))
    for place, where in _places(tenant).items():
        for who in PEOPLE:
            login = f"i:0#.f|membership|{who}@contoso.onmicrosoft.com"
            held, expected = user_mask(tenant, login, where), model.mask(who, place)
            # Limited access that was once given stays, as in the service.
            assert held | MASKS[LIMITED_ACCESS] == expected | MASKS[LIMITED_ACCESS], (place, who, steps)
            assert held & expected == expected, (place, who, steps)


def _step(app: Person, model: Model, numbers: dict[str, int], step: tuple[str, str, object]) -> None:
    kind, place, about = step
    own = model.given[place] is not None
    if kind == "break":
        app.post(f"{PATHS[place]}/breakroleinheritance(copyRoleAssignments={str(about).lower()},clearSubscopes=false)")
        if not own:
            model.given[place] = set(model.above(place)) if about else set()
    elif kind == "reset":
        app.post(f"{PATHS[place]}/resetroleinheritance")
        model.given[place] = None
    elif kind == "join":
        app.post("web/sitegroups/getbyname('Law')/users", {"LoginName": str(about)})
        model.members.add(str(about))
    else:
        assert isinstance(about, tuple)
        name, level = about
        verb = "add" if kind == "give" else "remove"
        call = f"{PATHS[place]}/roleassignments/{verb}roleassignment(principalid={numbers[name]},roledefid={level})"
        status = app.status("POST", call)
        held = model.given[place]
        if held is None:
            assert status == 400
        elif kind == "give":
            assert status == 200
            held.add((name, level))
        else:
            assert status == (200 if any(each[0] == name for each in held) else 404)
            held.discard((name, level))


def _places(tenant: Tenant) -> dict[str, Securable]:
    site = tenant.store.find("site", 0, "contoso.sharepoint.com/sites/team")
    web = tenant.store.find("web", site.id, "/sites/team") if site else None
    listing = tenant.store.find("list", web.id, "Shared Documents") if web else None
    assert site is not None and web is not None and listing is not None
    root = tenant.content.root(listing.id)
    assert root is not None
    folder = tenant.content.resolve(root, "A")
    assert folder is not None
    file = tenant.content.resolve(folder, "f.txt")
    return {"web": Securable(site, web), "list": Securable(site, web, listing),
            "folder": _at(site, web, listing, folder), "file": _at(site, web, listing, file)}  # fmt: skip


def _at(site: Entity, web: Entity, listing: Entity, item: Item | None) -> Securable:
    assert item is not None
    return Securable(site, web, listing, item)
