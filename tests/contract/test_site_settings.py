"""Every attribute of a site's settings against a tenant: written, read back equal, changed, and read again."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from spmigrate.errors import AccessDenied, NotFound, Refused, Unavailable
from spmigrate.tenant.contents import Kind, Value
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site import creation, reading
from spmigrate.tenant.site.hubs import hub_addresses
from spmigrate.tenant.site.writing import SiteWriter
from tests.contract.scratch import Scratch
from tests.rehearsal_fixtures import RunningTenant

NEW = {
    "type": "Team site without group", "title": "x", "description": "", "language": "English", "time zone": "London",
}  # fmt: skip
PEOPLE = ("engineer@contoso.onmicrosoft.com", "migration.lead@contoso.onmicrosoft.com")

ROWS: list[tuple[Kind, str, str, Value, Value]] = [
    (Kind.SHARING, "", "external sharing", "Existing guests", "Only people in the organisation"),
    (Kind.SHARING, "", "external sharing", "Anyone with the link", "New and existing guests"),
    (Kind.SHARING, "", "default link", "Specific people", "People in the organisation"),
    (Kind.SHARING, "", "default link permission", "View", "Edit"),
    (Kind.SHARING, "", "links to people expire after", 90, 30),
    (Kind.SHARING, "", "anyone links expire after", 30, 0),
    (Kind.SHARING, "", "unmanaged devices", "Web only", "Full access"),
    (Kind.SHARING, "", "unmanaged devices", "Blocked", "Full access"),
    (Kind.STORAGE, "", "limit", 50, 25),
    (Kind.STORAGE, "", "warning", 20, 15),
    (Kind.LOCK, "", "state", "Read only", "Unlocked"),
    (Kind.LOCK, "", "state", "No additions", "Unlocked"),
    (Kind.LOCK, "", "state", "No access", "Unlocked"),
    (Kind.HUB, "", "title", "Adults", "Adults and health"),
    (Kind.HUB, "", "description", "For adults", ""),
    (Kind.HUB, "", "logo", "/sites/x/SiteAssets/crest.png", ""),
    (Kind.HUB, "", "approval", True, False),
    (Kind.HUB, "", "who may join", PEOPLE, PEOPLE[:1]),
    (Kind.HUB, "", "who may join", PEOPLE[:1], ()),
]


@pytest.fixture
def tenant(shared_tenant: Tenant) -> Tenant:
    return shared_tenant


@pytest.fixture(scope="module")
def places(shared_tenant: Tenant, owner: str) -> Iterator[Scratch]:
    given = Scratch(shared_tenant, owner)
    yield given
    given.clear()


@dataclass(frozen=True)
class Place:
    """A site that tests of this module share."""

    writer: SiteWriter

    def read(self, kind: Kind, key: str = "") -> dict[str, Value]:
        hubs = hub_addresses(self.writer.tenant)
        found = reading.read(self.writer.tenant, self.writer.address, hubs, frozenset({kind}))
        assert found is not None
        part = found.get(kind, key)
        return {} if part is None else dict(part.attributes)

    def put(self, kind: Kind, key: str, **attributes: Value) -> None:
        self.writer.put(kind, key, {name.replace("_", " "): value for name, value in attributes.items()})


Make = Callable[[str], Place]


@pytest.fixture(scope="module")
def make(shared_tenant: Tenant, places: Scratch) -> Make:
    """A new site whose address begins with a word."""

    def made(word: str) -> Place:
        address = places.address(word)
        creation.create(shared_tenant, address, {**NEW, "owner": places.owner}, sleep=time.sleep)
        return Place(SiteWriter(shared_tenant, address, sleep=lambda _: None))

    return made


@pytest.fixture(scope="module")
def shared(make: Make) -> Place:
    return make("d-settings")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[2]}")
def test_an_attribute_is_read_back_as_written_and_again_when_it_is_changed(
    shared: Place, row: tuple[Kind, str, str, Value, Value]
) -> None:
    kind, key, name, first, second = row
    for value in (first, first, second):
        shared.writer.put(kind, key, {name: value})
        if (kind, value) == (Kind.LOCK, "No access"):
            with pytest.raises(AccessDenied, match="is locked"):
                shared.read(kind, key)
        else:
            assert shared.read(kind, key)[name] == value


def test_a_hub_is_put_below_another_and_out_again_and_never_below_what_is_none(make: Make) -> None:
    upper, lower, none = make("d-upper"), make("f-lower"), make("t-none")
    for place in (upper, lower):
        place.put(Kind.HUB, "")
    lower.put(Kind.HUB, "", parent=upper.writer.address)
    lower.put(Kind.HUB, "", parent=upper.writer.address)
    assert lower.read(Kind.HUB)["parent"] == upper.writer.address
    with pytest.raises(NotFound, match="not a hub"):
        lower.put(Kind.HUB, "", parent=none.writer.address)
    lower.put(Kind.HUB, "", parent="")
    assert lower.read(Kind.HUB)["parent"] == ""


def test_a_group_of_entra_may_join_a_hub_and_no_longer(shared: Place) -> None:
    name = f"Hub joiners {secrets.token_hex(4)}"
    body = {"displayName": name, "mailNickname": "x", "mailEnabled": False, "securityEnabled": True}
    shared.writer.tenant.graph("POST", "/v1.0/groups", body)
    for who in ((PEOPLE[0], f"group:{name}"), (f"group:{name}",), PEOPLE):
        shared.put(Kind.HUB, "", who_may_join=who)
        assert shared.read(Kind.HUB)["who may join"] == tuple(sorted(who))
    with pytest.raises(NotFound, match="no group called 'Nobody'"):
        shared.put(Kind.HUB, "", who_may_join=("group:Nobody",))


def test_a_site_is_restricted_to_groups_and_no_longer(shared: Place) -> None:
    names = [f"Opens it {secrets.token_hex(4)}" for _ in range(2)]
    for name in names:
        body = {"displayName": name, "mailNickname": "x", "mailEnabled": False, "securityEnabled": True}
        shared.writer.tenant.graph("POST", "/v1.0/groups", body)
    both = tuple(f"group:{name}" for name in names)
    for who in (both, both, both[:1], ()):
        shared.put(Kind.SHARING, "", restrict_access_to=who)
        assert shared.read(Kind.SHARING)["restrict access to"] == who
    with pytest.raises(NotFound, match="no group called 'Nobody'"):
        shared.put(Kind.SHARING, "", restrict_access_to=("group:Nobody",))


def test_a_restriction_that_is_ignored_is_told(shared: Place, rehearsal: RunningTenant) -> None:
    rehearsal.fault({"status": 200}, method="POST", path="SPO.Tenant/sites")
    with pytest.raises(Refused, match="RestrictedAccessControl") as caught:
        shared.put(Kind.SHARING, "", restrict_access_to=("Members",))
    assert "Site-level access restriction" in str(caught.value.hint)


def test_a_site_joins_a_hub_moves_to_another_and_leaves(make: Make) -> None:
    first, second, site = make("d-first"), make("d-second"), make("t-moves")
    for place in (first, second):
        place.put(Kind.HUB, "", title="The hub")
    for hub in (first, first, second):
        site.put(Kind.HUB_MEMBERSHIP, "", hub=hub.writer.address)
        assert site.read(Kind.HUB_MEMBERSHIP) == {"hub": hub.writer.address}
    with pytest.raises(Refused, match="cannot become one"):
        site.put(Kind.HUB, "", title="No")
    site.writer.remove(Kind.HUB_MEMBERSHIP, "")
    site.writer.remove(Kind.HUB_MEMBERSHIP, "")
    assert site.read(Kind.HUB_MEMBERSHIP) == {}


def test_a_feature_is_switched_on_and_off(shared: Place) -> None:
    for name in ("document id service", "metadata navigation"):
        assert shared.read(Kind.FEATURE, name) == {}
        shared.put(Kind.FEATURE, name)
        shared.put(Kind.FEATURE, name)
        assert shared.read(Kind.FEATURE, name)["name"].casefold() == name
        shared.writer.remove(Kind.FEATURE, name)
        shared.writer.remove(Kind.FEATURE, name)
        assert shared.read(Kind.FEATURE, name) == {}
    with pytest.raises(NotFound, match="no feature"):
        shared.put(Kind.FEATURE, "teleporting")


def test_a_storage_limit_that_is_ignored_is_told(shared: Place, rehearsal: RunningTenant) -> None:
    place = Place(SiteWriter(shared.writer.tenant, shared.writer.address, sleep=lambda _: None))
    rehearsal.fault({"status": 200}, method="POST", path="SPO.Tenant/sites")
    with pytest.raises(Refused, match="StorageMaximumLevel") as caught:
        place.put(Kind.STORAGE, "", limit=77)
    assert "Manual" in str(caught.value.hint)


@pytest.fixture(scope="module")
def grouped(shared_tenant: Tenant, owner: str) -> Iterator[Place]:
    """A site with a Microsoft 365 group."""
    alias = f"t-group-{secrets.token_hex(4)}"
    owners = [f"https://graph.microsoft.com/v1.0/users/{owner}"]
    body = {
        "displayName": "The group", "mailNickname": alias, "mailEnabled": True, "securityEnabled": False,
        "groupTypes": ["Unified"], "visibility": "Private", "owners@odata.bind": owners,
    }  # fmt: skip
    group = shared_tenant.graph("POST", "/v1.0/groups", body)["id"]
    address = urlsplit(shared_tenant.graph("GET", f"/v1.0/groups/{group}/sites/root")["webUrl"]).path
    yield Place(SiteWriter(shared_tenant, address, sleep=lambda _: None))
    shared_tenant.graph("DELETE", f"/v1.0/groups/{group}")


def test_a_group_is_made_public_and_private_and_its_alias_is_read(grouped: Place) -> None:
    for privacy in ("Public", "Public", "Private"):
        grouped.put(Kind.GROUP, "", privacy=privacy)
        assert grouped.read(Kind.GROUP)["privacy"] == privacy
    assert grouped.read(Kind.GROUP)["alias"] == grouped.writer.address.rpartition("/")[2]


def test_a_site_with_a_group_is_restricted_to_it_and_no_longer(grouped: Place) -> None:
    for who in (("Members",), ("Members",), ()):
        grouped.put(Kind.SHARING, "", restrict_access_to=who)
        assert grouped.read(Kind.SHARING)["restrict access to"] == who


def test_a_site_without_a_group_cannot_have_a_team(shared: Place) -> None:
    assert shared.read(Kind.GROUP) == {}
    assert shared.read(Kind.TEAM) == {}
    with pytest.raises(Refused, match="no Microsoft 365 group"):
        shared.put(Kind.TEAM, "", name="No")


def test_a_group_becomes_a_team_with_channels_as_often_as_it_is_asked(grouped: Place) -> None:
    assert grouped.read(Kind.TEAM) == {}
    for name in ("Adults", "Adults", "Adults and health"):
        grouped.put(Kind.TEAM, "", name=name)
        assert grouped.read(Kind.TEAM) == {"name": name}
    for name, privacy in (("Duty rota", "Standard"), ("Case conference", "Private")):
        for said in ("First", "First", "Then"):
            grouped.put(Kind.CHANNEL, name.casefold(), name=name, description=said, privacy=privacy)
            found = grouped.read(Kind.CHANNEL, name.casefold())
            assert found == {"name": name, "description": said, "privacy": privacy}


def test_a_group_that_teams_does_not_know_yet_is_asked_for_again(grouped: Place, rehearsal: RunningTenant) -> None:
    slept: list[float] = []
    place = Place(SiteWriter(grouped.writer.tenant, grouped.writer.address, sleep=slept.append))
    rehearsal.fault({"status": 404}, count=3, path="/team")
    place.put(Kind.TEAM, "", name="Adults")
    assert slept == [10.0, 20.0]
    rehearsal.fault({"status": 404}, count=99, path="/team")
    with pytest.raises(Unavailable, match="does not know the group yet"):
        place.put(Kind.TEAM, "", name="Adults")
    assert sum(slept[2:]) >= 15 * 60
