"""Facts about guests, and what stays unknown when the tenant does not tell."""

import dataclasses
from pathlib import Path

import pytest

from spmigrate.federate import guests, partners
from spmigrate.model import FactValue
from spmigrate.registers.people import Right, read_people
from spmigrate.tenant import directory
from spmigrate.tenant.directory import Account
from spmigrate.tenant.reading import Reading

SHIPPED = Path(__file__).parents[3] / "governance_rules"
PEOPLE = read_people(SHIPPED)
APPROVERS = PEOPLE.who_may(Right.APPROVE_ASSESSMENTS)
REGISTER = partners.read(SHIPPED, people=PEOPLE.ids(), approvers=APPROVERS)

STAFF = Account("s1", "sponsor@c.example", "sponsor@c.example", False, True, "2020-01-01", None)
LEFT = Account("s2", "left@c.example", "left@c.example", False, False, "2020-01-01", None)


def guest(mail: str = "person@fire-e.example", upn: str = "person_fire-e.example#ext#@c.example") -> Account:
    return Account("g1", upn, mail, True, True, "2026-01-05", "Accepted")


def test_somebody_from_outside_is_a_guest_whatever_the_type_of_the_account() -> None:
    boss = dataclasses.replace(guest("boss@evil.example", "boss_evil.example#ext#@c.example"), guest=False)
    found = facts(boss, (), "2025-01-05")
    assert (found["partner state"], found["working sponsors"], found["last sign-in"]) == (None, 0, "2025-01-05")


@pytest.mark.parametrize(
    ("state", "invitation"),
    [("Accepted", "accepted"), ("PendingAcceptance", "pending"), (None, "unknown"), ("Expired", "unknown")],
)
def test_an_invitation_is_accepted_only_when_the_tenant_says_so(state: str | None, invitation: str) -> None:
    assert facts(dataclasses.replace(guest(), invitation=state))["invitation"] == invitation


USER = {"id": "1", "userPrincipalName": "A@c.example", "userType": "Member", "accountEnabled": True}


@pytest.mark.parametrize("name", ["userType", "accountEnabled", "userPrincipalName"])
def test_an_account_that_is_half_told_is_not_read(name: str) -> None:
    assert not directory.read_account(USER).external
    with pytest.raises((LookupError, ValueError)):
        directory.read_account({key: value for key, value in USER.items() if key != name})
    with pytest.raises((LookupError, ValueError)):
        directory.read_account({**USER, "userType": "Robot"})


def facts(
    account: Account, sponsors: tuple[str, ...] = ("s1",), signed_in: str | None = "2026-06-01"
) -> dict[str, FactValue]:
    sheet = guests.describe(
        REGISTER,
        Reading("users", "", {each.upn: each for each in (STAFF, LEFT, account)}),
        Reading("sponsors", "", {account.id: sponsors}),
        Reading("sign-ins", "", {account.id: signed_in}),
    )
    return {fact.name: "unknown" if fact.unknown is not None else fact.value for fact in sheet.facts}


def test_a_guest_belongs_to_the_partner_of_the_domain() -> None:
    found = facts(guest())
    assert found["partner"] == "P06 Fire and Rescue Service E"
    assert found["partner state"] == "live"
    assert found["guests permitted"] is True


def test_a_guest_of_nobody_has_no_partner() -> None:
    found = facts(guest("person@nobody.example"))
    assert (found["partner"], found["partner state"], found["guests permitted"]) == (None, None, False)


@pytest.mark.parametrize(
    ("upn", "domain"),
    [
        ("first_last_fire-e.example#ext#@c.example", "fire-e.example"),
        ("person_fire-e.example#ext#@c.example", "fire-e.example"),
        ("person@c.example", None),
    ],
)
def test_without_mail_the_name_is_split_at_its_last_underscore(upn: str, domain: str | None) -> None:
    assert guest("", upn).domain == domain


@pytest.mark.parametrize(
    ("sponsors", "working"), [(("s1",), 1), (("s1", "s2"), 1), (("s2",), 0), ((), 0), (("gone",), 0)]
)
def test_only_sponsors_who_still_work_here_count(sponsors: tuple[str, ...], working: int) -> None:
    assert facts(guest(), sponsors)["working sponsors"] == working


def test_a_guest_who_never_signed_in_counts_from_the_invitation() -> None:
    assert facts(guest(), signed_in=None)["last sign-in"] == "2026-01-05"


def test_no_sign_in_of_anybody_is_not_believed() -> None:
    doubted = guests.doubt(Reading("sign-ins", "", {"g1": None, "g2": None}))
    assert doubted.value is None
    assert "Entra ID P1" in str(doubted.trouble)
    believed = Reading("sign-ins", "", {"g1": None, "g2": "2026-06-01"})
    assert guests.doubt(believed) is believed


def test_without_accounts_no_guest_was_seen() -> None:
    sheet = guests.describe(
        REGISTER, Reading("users", "", None, "denied; grant User.Read.All"), Reading("", "", {}), Reading("", "", {})
    )
    assert sheet.facts == ()
    assert sheet.coverage["guest"].gap == "denied; grant User.Read.All"


def test_guests_who_share_a_mail_address_are_told_apart() -> None:
    first, second = guest(), dataclasses.replace(guest(), id="g2", upn="other#ext#@c.example")
    assert guests.name_subjects([first, second]) == {"g1": first.upn, "g2": second.upn}
    assert guests.name_subjects([first]) == {"g1": "person@fire-e.example"}
