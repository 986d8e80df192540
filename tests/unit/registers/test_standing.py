"""Who lacks which module by when, and what belongs to people who left."""

from datetime import date
from typing import Any

from spmigrate.registers.people import PeopleRegister, Person, Right, Training
from spmigrate.registers.policy import SignoffPolicy
from spmigrate.registers.standing import Duty, duties_of_rights, needs, orphans, sheet_duty
from spmigrate.registers.training import read_training
from tests.conftest import ROOT

ON = date(2026, 11, 22)
PATHWAY = read_training(ROOT / "governance_rules")


def register(*people: dict[str, Any]) -> PeopleRegister:
    return PeopleRegister(version=1, people=[_person(each) for each in people])


def _person(given: dict[str, Any]) -> Person:
    usual = {"role": given["id"].replace(".", " "), "account": f"{given['id']}@council.example"}
    return Person.model_validate({**usual, **given})


def taken(module: str, on: date) -> Training:
    return Training(module=module, completed=on)


def test_the_owner_of_a_sheet_needs_the_modules_of_the_policy_now() -> None:
    people = register({"id": "roads.head", "training": (taken("O02", date(2026, 1, 5)),)})
    found = needs(people, PATHWAY, [sheet_duty("Roads head", "owns sheet S-0001", SignoffPolicy())], ON)
    assert [(each.person, each.lack.module, each.lack.reason, each.why, each.late) for each in found] == [
        ("roads.head", "O01", "never taken", "owns sheet S-0001", True),
        ("roads.head", "O02", "runs out on 5 January 2027", "taken before", False),
    ]


def test_what_runs_out_later_than_asked_for_is_left_out() -> None:
    people = register({"id": "roads.head", "training": (taken("O02", date(2026, 1, 5)),)})
    assert not needs(people, PATHWAY, [], ON, soon=43)
    assert needs(people, PATHWAY, [], ON, soon=44)


def test_a_starter_has_until_the_day_that_is_due() -> None:
    people = register({"id": "new.lead", "starts": date(2026, 11, 1)}, {"id": "old.lead"})
    (need,) = needs(people, PATHWAY, [], ON)
    assert (need.person, need.lack.module, need.by, need.late) == ("new.lead", "S01", date(2026, 12, 1), False)
    assert needs(people, PATHWAY, [], date(2026, 12, 2))[0].late


def test_an_approver_of_waivers_needs_its_module() -> None:
    people = register({"id": "governance", "may": (Right.APPROVE_WAIVERS,)})
    duties = list(duties_of_rights(people, PATHWAY))
    assert [need.lack.module for need in needs(people, PATHWAY, duties, ON)] == ["G01"]
    assert not orphans(people, duties, date(2027, 1, 1))


def test_who_left_needs_nothing_and_what_they_own_is_named() -> None:
    people = register(
        {"id": "roads.head", "leaves": date(2026, 10, 31)}, {"id": "rail.head", "leaves": date(2026, 12, 31)}
    )
    duties = [Duty("roads.head", "owns /sites/a", ("O01",)), Duty("rail.head", "owns S-1"), Duty("no.body", "owns x")]
    assert not needs(people, PATHWAY, duties, ON)
    assert [(each.person, each.why, each.late) for each in orphans(people, duties, ON)] == [
        ("no.body", "is not on the register", True), ("roads.head", "left on 31 October 2026", True),
        ("rail.head", "leaves on 31 December 2026", False),
    ]  # fmt: skip
