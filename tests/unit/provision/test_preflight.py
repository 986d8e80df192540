"""What a plan rests on is looked for before its first change."""

from typing import Any, cast

import pytest

from spmigrate.plan.change import Action, Change, Plan
from spmigrate.provision import preflight
from spmigrate.provision.rights import denied, needs
from spmigrate.tenant.contents import Kind, Value
from spmigrate.tenant.permissions import MICROSOFT_GRAPH, SHAREPOINT
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.addresses import AddressState
from spmigrate.tenant.site.lookups import Seen

SITE = "/sites/t-a3w9c"
EVERYTHING = frozenset({
    "Sites.FullControl.All", "User.Read.All", "Group.ReadWrite.All", "InformationProtectionPolicy.Read.All",
    "TermStore.Read.All",
})  # fmt: skip


def change(kind: Kind, action: Action = Action.CREATE, **after: Value) -> Change:
    return Change(SITE, action, kind, "", "It", {}, {name.replace("_", " "): value for name, value in after.items()})


class Looked:
    """Lookups that give one answer for everything."""

    answer = Seen.THERE

    def __init__(self, _tenant: object) -> None:
        pass

    def __getattr__(self, _name: str) -> Any:
        return lambda *_names: self.answer


class Connected:
    """As much of a tenant as is asked for tokens."""

    class settings:  # noqa: N801 - an attribute of the tenant
        sharepoint = "https://contoso.sharepoint.com"

    def token(self, _audience: str) -> str:
        return ""


def problems(monkeypatch: pytest.MonkeyPatch, *changes: Change, **world: Any) -> list[str]:
    """The obstacles of a plan of these changes, in a tenant that is otherwise in order."""
    monkeypatch.setattr(preflight.permissions, "roles", lambda _token: EVERYTHING)
    monkeypatch.setattr(preflight, "Lookups", Looked)
    monkeypatch.setattr(Looked, "answer", world.get("seen", Seen.THERE))
    monkeypatch.setattr(preflight, "state_of", lambda _tenant, _address: world.get("address", AddressState.FREE))
    allowed = {"EnableRestrictedAccessControl": world.get("restricting", True)}
    monkeypatch.setattr(preflight.admin, "read_settings", lambda _tenant: allowed)
    monkeypatch.setattr(preflight, "is_known", lambda _tenant, _login: world.get("known", True))
    found = preflight.obstacles(
        cast("Tenant", Connected()), Plan((SITE,), changes), hubs=world.get("hubs", ["/sites/d-hub"]),
        locks=world.get("locks", {}), present=[], begun=world.get("begun", ()),
    )  # fmt: skip
    return [each.text for each in found]


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        (change(Kind.LIBRARY, retention_label="Keep 7 years"), "retention label 'Keep 7 years'"),
        (change(Kind.LABEL, label="Official"), "sensitivity label 'Official'"),
        (change(Kind.COLUMN, term_set="Council/Wards"), "term set 'Council/Wards'"),
        (change(Kind.PERSON, login="group:Highways", role="Members"), "group 'Highways'"),
        (change(Kind.LOOK, theme="County"), "theme 'County'"),
        (change(Kind.SHARING, restrict_access_to=("group:Highways",)), "group 'Highways'"),
    ],
)
def test_what_is_named_must_be_there_and_must_be_seen(
    monkeypatch: pytest.MonkeyPatch, wanted: Change, what: str
) -> None:
    assert problems(monkeypatch, wanted) == []
    (missing,) = problems(monkeypatch, wanted, seen=Seen.MISSING)
    assert missing.startswith(f"there is no {what}")
    (blind,) = problems(monkeypatch, wanted, seen=Seen.COULD_NOT_LOOK)
    assert blind == f"whether there is a {what} cannot be checked"


def test_access_is_restricted_only_where_the_tenant_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    closing = change(Kind.SHARING, restrict_access_to=("Members",))
    assert problems(monkeypatch, closing) == []
    opening = change(Kind.SHARING, restrict_access_to=())
    assert problems(monkeypatch, opening, restricting=False) == []
    (told,) = problems(monkeypatch, closing, restricting=False)
    assert told == "the tenant does not allow sites to be restricted to groups"


def test_an_address_must_be_free_unless_an_earlier_run_took_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = change(Kind.SITE, type="Communication site")
    assert problems(monkeypatch, made) == []
    for state in (AddressState.RECYCLED, AddressState.REDIRECTING, AddressState.TAKEN):
        assert problems(monkeypatch, made, address=state) == [f"the address is {state.text}"]
        assert problems(monkeypatch, made, address=state, begun=[SITE]) == []


def test_an_alias_must_be_free_unless_an_earlier_run_took_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = change(Kind.GROUP, alias="t-a3w9c")
    assert problems(monkeypatch, made) == ["the alias 't-a3w9c' is taken"]
    assert problems(monkeypatch, made, seen=Seen.MISSING) == []
    assert problems(monkeypatch, made, begun=[SITE]) == []


def test_hubs_people_and_locks_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    joins = change(Kind.HUB_MEMBERSHIP, hub="/sites/d-other")
    assert problems(monkeypatch, joins) == ["/sites/d-other is not a hub of the tenant"]
    below = change(Kind.HUB, parent="/sites/d-other")
    assert problems(monkeypatch, below) == ["/sites/d-other is not a hub of the tenant"]
    assert problems(monkeypatch, change(Kind.HUB_MEMBERSHIP, hub="/sites/D-hub")) == []
    person = change(Kind.PERSON, login="nobody@council.example", role="Members")
    assert problems(monkeypatch, person, known=False) == ["nobody in the directory signs in as nobody@council.example"]
    title = change(Kind.SITE, Action.UPDATE, title="x")
    assert problems(monkeypatch, title, locks={SITE: "Read only"}) == ["the site is locked (Read only)"]
    assert (
        problems(monkeypatch, title, change(Kind.LOCK, Action.UPDATE, state="Unlocked"), locks={SITE: "Read only"})
        == []
    )


def test_the_rights_that_are_missing_are_named_by_what_the_plan_does() -> None:
    group = change(Kind.SITE, type="Team site with Microsoft 365 group")
    terms = change(Kind.COLUMN, term_set="Council/Wards")
    assert [need.permission for need in needs([group, terms])] == [
        "Sites.FullControl.All", "Group.ReadWrite.All", "TermStore.Read.All",
    ]  # fmt: skip
    restricted = change(Kind.SHARING, restrict_access_to=("group:Senior managers",))
    assert "Group.Read.All" in [need.permission for need in needs([restricted])]
    assert needs([]) == []
    held = {SHAREPOINT: frozenset({"Sites.FullControl.All"}), MICROSOFT_GRAPH: frozenset({"Group.ReadWrite.All"})}
    found = list(denied([group, terms], held))
    assert [each.where for each in found] == ["Microsoft Graph"]
    assert "TermStore.Read.All" in (found[0].hint or "")
