"""Who is to see a row's folder: narrower where something cannot be told, never wider than signed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate.access.wanted import CHANGE, FULL, READ, Grant, Home, Rules, carried, decide
from spmigrate.registers.access import AccessDecision, AccessRegister, Answer
from spmigrate.registers.user_map import Mapped, UserMap
from spmigrate.store.listing import Access, Right

OWNERS = Grant("Owners", FULL)
STAFF, GONE, ALL = "S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-1200", "S-1-5-21-1-2-3-513"


def right(who: str, name: str = "", *, allows: bool = True, level: str = "change") -> Right:
    return Right(who, name, "group", allows=allows, level=level, inherited=False)


def home(
    who: str, group: str = "", *, access: Access | None = None, rules: Rules | None = None, fills: bool = False
) -> Home:
    meaning = {"who": who, "group": group}
    return decide(
        meaning, rules or Rules(), site="/sites/t-1", place="Highways/Works", fills_library=fills, access=access
    )


def settled(who: str, do: Answer, *, where: str | None = None, give_to: str | None = None) -> AccessDecision:
    return AccessDecision(who=who, where=where, do=do, give_to=give_to, decided_by="ig.officer", reason="agreed")


def test_whole_team_sees_what_the_library_shows() -> None:
    assert home("Whole team") == home("") == home("Partner") == Home()


def test_named_group_alone_sees_it_beside_the_owners() -> None:
    assert home("Named group", "Bridge inspectors").grants == (OWNERS, Grant("group:Bridge inspectors", CHANGE))
    assert home("Named group", " ").undecided


def test_restricted_list_of_names_is_exactly_those() -> None:
    found = home("Restricted list", "A.Lead@council.example; Payroll")
    assert found.grants == (OWNERS, Grant("a.lead@council.example", CHANGE), Grant("group:Payroll", CHANGE))


def test_restricted_list_without_names_is_who_opens_it_today() -> None:
    access = Access(
        "S-1-5-18", True, (right(STAFF, "COUNCIL\\bridges", level="read"), right("S-1-5-32-544", "Administrators"))
    )
    assert home("Restricted list", access=access).grants == (OWNERS, Grant(f"sid:{STAFF}", READ))


def test_nothing_is_carried_where_access_was_not_read() -> None:
    assert "was not read" in home("Restricted list").undecided[0]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (right(STAFF, "COUNCIL\\bridges", allows=False), "is denied access"),
        (right(ALL, "COUNCIL\\Domain Users"), "is everybody"),
        (right(GONE), "nobody knows any more"),
    ],
)
def test_deny_orphan_and_everybody_need_a_decision_each(entry: Right, says: str) -> None:
    access = Access(STAFF, True, (entry,))
    assert says in home("Restricted list", access=access).undecided[0]
    out = Rules(AccessRegister(decisions=(settled(entry.who, Answer.LEAVE_OUT),)))
    found = home("Restricted list", access=access, rules=out)
    assert (found.undecided, found.grants) == ((), (OWNERS,))
    assert "is left out" in found.remarks[0]
    stop = Rules(AccessRegister(decisions=(settled(entry.who, Answer.STOP),)))
    assert home("Restricted list", access=access, rules=stop).undecided


def test_decision_of_the_nearest_folder_counts() -> None:
    access = Access(STAFF, True, (right(ALL, "Domain Users", level="read"),))
    rules = Rules(
        AccessRegister(
            decisions=(
                settled("Domain Users", Answer.LEAVE_OUT),
                settled(ALL, Answer.GIVE_TO, where="Highways/Works", give_to="group:Highways staff"),
                settled(ALL, Answer.STOP, where="Highways/Wor"),
            )
        )
    )
    assert home("Restricted list", access=access, rules=rules).grants == (OWNERS, Grant("group:Highways staff", READ))


def test_table_of_users_says_who_an_account_is() -> None:
    users = UserMap({STAFF.casefold(): Mapped("Bridges", group=True), "council\\lead": Mapped("Lead@council.example")})
    access = Access(STAFF, True, (right(STAFF, "COUNCIL\\bridges"), right(GONE, "COUNCIL\\lead", level="full")))
    grants = carried(access, Rules(users=users), place="Highways").grants
    assert grants == (OWNERS, Grant("group:Bridges", CHANGE), Grant("lead@council.example", CHANGE))


def test_function_sees_it_by_its_group_and_the_team_alone_without_one() -> None:
    rules = Rules(functions={"/sites/t-1": "group:Highways"})
    assert home("Function", rules=rules).grants == (OWNERS, Grant("group:Highways", READ), Grant("Members", CHANGE))
    alone = home("Function")
    assert (alone.own, alone.undecided, len(alone.remarks)) == (False, (), 1)


def test_permissions_of_a_whole_library_are_its_sites() -> None:
    assert "fills the library itself" in home("Named group", "Bridges", fills=True).undecided[0]
    assert home("Whole team", fills=True) == Home()


RIGHTS = st.builds(
    right, st.sampled_from([STAFF, GONE, ALL, "S-1-5-18", "S-1-1-0"]), st.sampled_from(["", "COUNCIL\\x"]),
    allows=st.booleans(), level=st.sampled_from(["full", "change", "read", "special"]),
)  # fmt: skip


@given(st.lists(RIGHTS, max_size=6))
def test_carried_list_never_opens_what_nobody_allowed(rights: list[Right]) -> None:
    found = carried(Access(STAFF, True, tuple(rights)), Rules(), place="Highways")
    allowed = {f"sid:{each.who}" for each in rights if each.allows}
    assert {grant.who for grant in found.grants} <= allowed | {"Owners"}
    assert all(grant.level != FULL for grant in found.grants if grant.who != "Owners")
    if any(not each.allows or each.who in (ALL, "S-1-1-0") for each in rights if each.who != "S-1-5-18"):
        assert found.undecided
