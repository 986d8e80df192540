"""The register of people and the training pathway: who is in post, who deputises, who lacks what."""

from datetime import date
from pathlib import Path

import pytest

from spmigrate.errors import InputError, Problem
from spmigrate.registers import policy, training
from spmigrate.registers.people import FILE, PeopleRegister, Right, read_people
from spmigrate.registers.training import Gate, months_after, read_training
from tests.conftest import ROOT

SHIPPED = ROOT / "governance_rules"
ON = date(2026, 11, 22)

TWO = """version: 1
people:
  - {id: roads.lead, role: Roads Lead, account: roads.lead@council.example, unit: RDS, leaves: 2026-10-31}
  - id: roads.lead.new
    role: Roads  lead
    account: roads.lead.new@council.example
    starts: 2026-11-01
    deputy for: [{person: roads.head, until: 2026-12-31}]
    training: [{module: O01, completed: 2025-11-22}, {module: O02, completed: 2026-01-05}]
  - {id: roads.head, role: Head of Roads, account: roads.head@council.example, may: [approve waivers]}
"""


def at_line(problem: Problem) -> str:
    """Line and text of a problem."""
    return f"{problem.where.split(':')[-2]}: {problem.text}"


@pytest.fixture
def people(tmp_path: Path) -> PeopleRegister:
    (tmp_path / FILE).write_text(TWO)
    return read_people(tmp_path)


def test_a_role_is_found_by_its_text_and_its_id_however_it_is_written(people: PeopleRegister) -> None:
    for written in ("Head of Roads", "head of  ROADS", "roads.head", "Roads head"):
        found = people.person(written)
        assert found is not None
        assert found.id == "roads.head"
    assert people.person("Nobody") is None
    assert people.by_account("Roads.Head@council.example") is people.people[2]


def test_a_role_that_passed_on_is_whoever_holds_it_that_day(people: PeopleRegister) -> None:
    before, after = people.person("Roads Lead", on=date(2026, 10, 31)), people.person("Roads Lead", on=ON)
    assert before is people.people[0]
    assert after is people.people[1]
    assert people.person("Roads Lead") is after
    assert not people.people[0].in_post(ON)
    assert not people.people[1].in_post(date(2026, 10, 31))


def test_a_deputy_decides_until_the_last_day_and_only_in_post(people: PeopleRegister) -> None:
    new = people.people[1]
    assert new.deputises("roads.head", date(2026, 12, 31))
    assert not new.deputises("roads.head", date(2027, 1, 1))
    assert not new.deputises("roads.head", date(2026, 10, 31))
    assert not new.deputises("roads.lead", ON)
    assert people.deputies("roads.head", ON) == [new]


def test_who_holds_a_right_is_told(people: PeopleRegister) -> None:
    assert people.tell_who_may(Right.APPROVE_WAIVERS) == "who may: roads.head"
    assert people.tell_who_may(Right.APPROVE_ASSESSMENTS).startswith("nobody in people.yaml may")


def test_every_contradiction_is_told_at_its_place(tmp_path: Path) -> None:
    text = TWO.replace("leaves: 2026-10-31", "leaves: 2026-10-31, starts: 2026-11-01")
    text = text.replace("person: roads.head", "person: roads.lead.new").replace("O02", "O09")
    (tmp_path / FILE).write_text(text)
    with pytest.raises(InputError) as refused:
        read_people(tmp_path, units={"HWM"}, modules={"O01"})
    assert [at_line(each) for each in refused.value.problems] == [
        "3: roads.lead: 'RDS' is no unit of organisation.yaml",
        "3: roads.lead: leaves before starting",
        "8: roads.lead.new: nobody deputises for themselves",
        "9: roads.lead.new: there is no module O09 in training.yaml",
    ]


def test_a_module_counts_until_its_months_have_passed(people: PeopleRegister) -> None:
    pathway, new = read_training(SHIPPED), people.people[1]
    assert not pathway.lacking(new, ["O01", "O02"], date(2026, 11, 21))
    (lack,) = pathway.lacking(new, ["O01", "O02"], ON)
    assert (lack.module, lack.reason) == ("O01", "ran out on 22 November 2026")
    assert lack.booking == pathway.booking
    assert lack.title.startswith("Data owner")


def test_nobody_and_who_has_not_finished_yet_lack_every_module(people: PeopleRegister) -> None:
    pathway = read_training(SHIPPED)
    assert [lack.reason for lack in pathway.lacking(None, ["O01", "O02"], ON)] == ["never taken", "never taken"]
    assert [lack.module for lack in pathway.lacking(people.people[1], ["O01"], date(2025, 11, 21))] == ["O01"]
    assert [lack.module for lack in pathway.lacking(people.people[1], ["X99"], ON)] == ["X99"]


def test_the_last_of_a_short_month_ends_a_validity() -> None:
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)


def test_what_ships_lets_owners_sign() -> None:
    """The owners of the sample council hold what its own policy asks for."""
    pathway, rules = read_training(SHIPPED), policy.read_policy(SHIPPED).sign_off
    register = read_people(SHIPPED, modules=pathway.ids())
    assert set(rules.owner_modules) == set(pathway.opening(Gate.SIGN_OFF))
    owner = register.person("Head of Highways Maintenance")
    assert not pathway.lacking(owner, rules.owner_modules, ON)
    assert rules == policy.SignoffPolicy()


def test_a_policy_that_names_nobody_is_refused(tmp_path: Path, people: PeopleRegister) -> None:
    text = "version: 1\nsign-off:\n  owner modules: [O01, X01]\n  locked by: [Roads head]\n"
    (tmp_path / policy.FILE).write_text(text)
    with pytest.raises(InputError) as refused:
        policy.read_policy(tmp_path, people=people, training=read_training(SHIPPED))
    assert [at_line(each) for each in refused.value.problems] == [
        "3: there is no module X01 in training.yaml",
        "2: nobody in people.yaml is 'Information Governance Officer'",
    ]


def test_a_module_stands_once_in_the_pathway(tmp_path: Path) -> None:
    entry = "  - {id: O01, title: T, for: [owners], form: 10 minutes}\n"
    (tmp_path / training.FILE).write_text("version: 1\nbooking: learning@council.example\nmodules:\n" + entry * 2)
    with pytest.raises(InputError, match="cannot be used") as refused:
        read_training(tmp_path)
    assert len(refused.value.problems) == 2
