"""From the tenant's answers to facts: right words, nothing guessed, and every fact declared."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from spmigrate.errors import AccessDenied, AuthError, Unavailable
from spmigrate.govern import site_facts, site_register, tenant_facts
from spmigrate.govern.collection import find_gap
from spmigrate.govern.site_facts import SiteReadings
from spmigrate.govern.vocabulary import Subject, known_about
from spmigrate.model import Fact
from spmigrate.registers.people import read_people
from spmigrate.tenant.admin import SiteEntry
from spmigrate.tenant.directory import Account
from spmigrate.tenant.libraries import LibrarySettings, read_library
from spmigrate.tenant.memberships import Principal, SitePeople, sign_in_names, sort_people
from spmigrate.tenant.reading import Reading, ask

SHIPPED = Path(__file__).parents[3] / "governance_rules"
SITES = site_register.read_sites(SHIPPED, people=read_people(SHIPPED).ids()).by_address()
EVERYONE = Principal("c:0-.f|rolemanager|spo-grid-all-users/9f", "Everyone except external users")

SETTINGS = {
    "SharingCapability": 1,
    "PreventExternalUsersFromResharing": True,
    "DefaultSharingLinkType": 1,
    "RequireAnonymousLinksExpireInDays": -1,
    "LegacyAuthProtocolsEnabled": False,
}
POLICY = {"allowInvitesFrom": "adminsAndGuestInviters", "guestUserRoleId": "10dae51f-b6af-4016-8d66-8c2a99b929b3"}


def by_name(facts: Iterable[Fact]) -> dict[str, Any]:
    return {fact.name: "unknown" if fact.unknown is not None else fact.value for fact in facts}


def tenant(**changes: Any) -> dict[str, Any]:
    settings = {name: value for name, value in {**SETTINGS, **changes}.items() if value is not None}
    return by_name(tenant_facts.describe("c", Reading("T", "", settings), Reading("A", "", POLICY)).facts)


def test_the_settings_of_the_tenant_in_our_words() -> None:
    assert tenant() == {
        "sharing": "new and existing guests",
        "guests can reshare": False,
        "default link": "specific people",
        "anyone links expire after days": None,
        "old sign-in allowed": False,
        "who may invite guests": "administrators and guest inviters",
        "directory rights of guests": "limited",
    }


@pytest.mark.parametrize(
    ("number", "level"),
    [(0, "only people in the council"), (3, "existing guests"), (1, "new and existing guests"), (2, "anyone"),
     (4, "unknown"), (None, "unknown")],
)  # fmt: skip
def test_sharing_is_named_and_a_new_number_is_unknown(number: int | None, level: str) -> None:
    assert tenant(SharingCapability=number)["sharing"] == level


def test_an_absent_setting_is_unknown_and_never_its_default() -> None:
    assert tenant(PreventExternalUsersFromResharing=None)["guests can reshare"] == "unknown"
    assert tenant(RequireAnonymousLinksExpireInDays=None)["anyone links expire after days"] == "unknown"


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("RequireAnonymousLinksExpireInDays", "x", "anyone links expire after days"),
        ("RequireAnonymousLinksExpireInDays", True, "anyone links expire after days"),
        ("SharingCapability", [1], "sharing"),
        ("SharingCapability", True, "sharing"),
        ("DefaultSharingLinkType", {}, "default link"),
    ],
)
def test_a_setting_of_a_wrong_type_is_unknown_and_the_others_are_not(setting: str, value: object, name: str) -> None:
    found = tenant(**{setting: value})
    assert [key for key, fact in found.items() if fact == "unknown"] == [name]


@pytest.mark.parametrize(
    "wrong", [{"EnableVersioning": None}, {"EnableVersioning": "false"}, {"MajorVersionLimit": "5"}]
)
def test_a_library_that_is_half_told_is_not_read(wrong: dict[str, object]) -> None:
    told = {"EnableVersioning": True, "MajorVersionLimit": 500, "Title": "A", "RootFolder": {"ServerRelativeUrl": "/A"}}
    assert read_library(told) == LibrarySettings("/A", "A", True, 500)
    with pytest.raises(TypeError):
        read_library({**told, **wrong})


def person(upn: str) -> Principal:
    return Principal(f"i:0#.f|membership|{upn}", upn)


def account(upn: str, *, enabled: bool = True, guest: bool = False) -> Account:
    return Account(upn, upn, upn, guest, enabled, None, None)


ACCOUNTS = {
    each.upn: each
    for each in (
        account("one@c.example"),
        account("two@c.example"),
        account("left@c.example", enabled=False),
        account("svc-move@c.example"),
        account("p_fire-e.example#ext#@c.example", guest=True),
    )
}


def group_of_two(group: str, role: str) -> Reading[tuple[str, ...]]:
    assert (group, role) == ("77aa", "owners")
    return Reading("groups", "", ("one@c.example", "two@c.example"))


def refused(_group: str, _role: str) -> Reading[tuple[str, ...]]:
    return Reading("groups", "", None, "denied; grant Group.Read.All")


def site(
    owners: Iterable[Principal] = (),
    *,
    ask_group: site_facts.GroupPeople = group_of_two,
    accounts: dict[str, Account] | None = ACCOUNTS,
    address: str = "/sites/t-a3w9c",
    **others: Iterable[Principal],
) -> dict[str, Any]:
    people = SitePeople(tuple(owners), tuple(others.get("changing", ())), tuple(others.get("reading", ())))
    readings = SiteReadings(
        address,
        "Asset Management",
        Reading("S", "", {"SharingCapability": 0, "LockState": "Unlock", "DenyAddAndCustomizePages": 2}),
        Reading("G", "", people),
        Reading("L", "", [LibrarySettings(f"{address}/Shared Documents", "Documents", True, 500)]),
    )
    known = Reading("users", "", accounts, None if accounts is not None else "denied; grant User.Read.All")
    return by_name(site_facts.describe(readings, SITES.get(address), known, ask_group=ask_group))


def test_owners_are_sorted_into_working_and_unfit() -> None:
    found = site(
        map(person, ["one@c.example", "LEFT@c.example", "svc-move@c.example", "p_fire-e.example#ext#@c.example"])
    )
    assert found["working owners"] == 1
    assert found["unfit owners"] == ("p_fire-e.example#ext#@c.example", "svc-move@c.example")


def test_the_owners_of_a_microsoft_365_group_are_owners_once() -> None:
    group = Principal("c:0o.c|federateddirectoryclaimprovider|77aa_o", "Team Owners")
    assert site([group, person("one@c.example")])["working owners"] == 2


def test_a_group_that_may_not_be_read_leaves_owners_unknown() -> None:
    group = Principal("c:0t.c|tenant|77aa", "Security group")
    assert site([group], ask_group=refused)["working owners"] == "unknown"


def test_without_accounts_owners_are_unknown_and_an_empty_group_is_still_empty() -> None:
    assert site([person("one@c.example")], accounts=None)["working owners"] == "unknown"
    assert site([], accounts=None)["working owners"] == 0


def test_everyone_is_found_by_claim_where_it_stands() -> None:
    found = site(changing=[EVERYONE], reading=[Principal("c:0(.s|true", "Everyone")])
    assert found["everyone able to change"] == ("Everyone except external users",)
    assert found["everyone able to read"] == ("Everyone",)


@pytest.mark.parametrize(
    "login", ["c:0(.s|true", "c:0!.s|windows", "c:0!.s|forms%3amembership", "C:0-.F|rolemanager|SPO-Grid-All-Users/9f"]
)
def test_every_claim_for_everyone_is_known_and_owns_nothing_in_person(login: str) -> None:
    found = site([Principal(login, "All"), *GOOD], changing=[Principal(login, "All")])
    assert (found["unfit owners"], found["working owners"]) == ((), 2)
    assert found["everyone able to change"] == ("All",)


GOOD = (person("one@c.example"), person("two@c.example"))


@pytest.mark.parametrize("login", ["c:0+.w|s-1-5-21-1", "i:0i.t|ms.sp.ext|abc@def", "SHAREPOINT\\system"])
def test_an_owner_that_is_not_understood_leaves_owners_unknown(login: str) -> None:
    found = site([*GOOD, Principal(login, "Somebody")])
    assert (found["unfit owners"], found["working owners"]) == ("unknown", "unknown")


def test_an_owner_whose_account_is_gone_does_not_work_here_and_may_be_unfit() -> None:
    found = site([*GOOD, person("gone@c.example")])
    assert (found["unfit owners"], found["working owners"]) == ("unknown", 2)
    assert site([person("gone@c.example")])["working owners"] == 0


@pytest.mark.parametrize(
    "login",
    ["i:0#.f|membership|urn%3aspo%3aguest#p@evil.example", "i:0#.f|membership|p_evil.example#EXT#@c.example",
     "i:0e.t|urn:spo:guest|p@evil.example"],
)  # fmt: skip
def test_an_outsider_without_an_account_is_an_unfit_owner(login: str) -> None:
    assert len(site([*GOOD, Principal(login, "Outsider")])["unfit owners"]) == 1


LIMITED, READER, EDITOR = "134287360", "138612833", "1011030767"
WEB: dict[str, Any] = {
    "AssociatedOwnerGroup": {"Id": 4},
    "SiteGroups": [
        {"Id": 4, "Users": [{"LoginName": "i:0#.f|membership|one@c.example", "Title": "One"}]},
        {"Id": 9, "Users": [{"LoginName": EVERYONE.login, "Title": EVERYONE.name}]},
    ],
    "RoleAssignments": [],
}


def granted(number: int, *levels: str, login: str = "a group") -> SitePeople:
    roles = [{"BasePermissions": {"High": "0", "Low": level}} for level in levels]
    assignment = {
        "PrincipalId": number, "Member": {"LoginName": login, "Title": login}, "RoleDefinitionBindings": roles,
    }  # fmt: skip
    return sort_people({**WEB, "RoleAssignments": [assignment]}, [])


def test_whatever_group_everyone_is_in_its_rights_are_seen() -> None:
    assert granted(9, EDITOR).changing == (EVERYONE,)
    assert granted(9, READER).reading == (EVERYONE,)
    assert granted(9, READER, EDITOR).reading == ()
    assert granted(9, LIMITED) == SitePeople((Principal("i:0#.f|membership|one@c.example", "One"),), (), ())


def test_everyone_is_seen_with_a_right_of_its_own_and_as_administrator() -> None:
    (direct,) = granted(12, EDITOR, login="c:0(.s|true").changing
    assert direct.everyone
    administrators = [{"LoginName": "c:0(.s|true", "Title": "Everyone"}]
    assert sort_people(WEB, administrators).changing == (Principal("c:0(.s|true", "Everyone"),)


def test_an_owners_group_that_was_taken_away_is_empty() -> None:
    assert sort_people({**WEB, "AssociatedOwnerGroup": {"odata.null": True}}, []).owners == ()


def test_members_of_groups_within_a_group_are_its_members_and_a_nameless_one_is_not_guessed() -> None:
    person_ = {"id": "1", "userPrincipalName": "One@c.example"}
    nested = {"id": "2", "@odata.type": "#microsoft.graph.group"}
    assert list(sign_in_names([person_, nested])) == ["one@c.example"]
    with pytest.raises(ValueError, match="has no sign-in name"):
        list(sign_in_names([person_, {"id": "3", "@odata.type": "#microsoft.graph.servicePrincipal"}]))


def test_a_registered_site_and_an_unregistered_one() -> None:
    assert site()["marking"] == "OFFICIAL"
    found = site(address="/sites/nobody-knows")
    assert (found["on the register"], found["marking"]) == (False, None)


def test_every_collected_fact_is_declared() -> None:
    declared = {*known_about(Subject.SITE), *known_about(Subject.LIBRARY)}
    assert set(site()) == declared
    assert set(tenant()) <= set(known_about(Subject.TENANT))


def denied() -> dict[str, Any]:
    raise AccessDenied("GET /x", status=403)


def down() -> dict[str, Any]:
    raise Unavailable("no answer")


def signed_out() -> dict[str, Any]:
    raise AuthError("expired")


def test_a_refusal_becomes_an_unknown_fact_that_says_what_to_grant() -> None:
    reading = ask(denied, source="SPO.Tenant", needs="SharePoint Sites.FullControl.All", at="now")
    fact = reading.fact("tenant", "c", "sharing", tenant_facts.sharing)
    assert fact.unknown == "access to SPO.Tenant was denied; grant SharePoint Sites.FullControl.All"
    assert ask(down, source="SPO.Tenant", needs="", at="").trouble == "SPO.Tenant could not be read: no answer"


def test_half_an_answer_is_unknown_and_not_a_crash() -> None:
    reading = ask(lambda: {}["value"], source="Graph users", needs="", at="")
    assert reading.trouble == "Graph users answered in a form that this version cannot read (KeyError('value'))"


def test_a_fact_that_cannot_be_looked_up_is_unknown_and_not_a_crash() -> None:
    fact = Reading("T", "", {"a": None}).fact("tenant", "c", "x", lambda it: it["a"].strip())
    assert str(fact.unknown).startswith("T answered in a form that this version cannot read (AttributeError")


def test_failing_to_sign_in_is_not_a_fact() -> None:
    with pytest.raises(AuthError):
        ask(signed_out, source="SPO.Tenant", needs="", at="")


def entries(*addresses: str) -> Reading[list[SiteEntry]]:
    return Reading("SPO", "", [SiteEntry(each, f"https://c.sharepoint.com{each}", each, each) for each in addresses])


def test_two_lists_of_sites_must_agree() -> None:
    whole = entries("/", "/sites/A")
    assert find_gap(whole, Reading("Graph", "", {"/", "/sites/a"})) is None
    assert find_gap(whole, Reading("Graph", "", {"/sites/a"})) is None
    cut = find_gap(whole, Reading("Graph", "", {"/sites/a", *(f"/sites/{n}" for n in range(5))}))
    assert cut == "the admin centre lists 2 sites, and Graph has others: /sites/0, /sites/1, /sites/2, and 2 more"
    assert "could not be confirmed" in str(find_gap(whole, Reading("Graph", "", None, "denied")))
