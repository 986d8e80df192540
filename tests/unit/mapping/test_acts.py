"""The acts of the protocol in a ledger: who may, who may not, and what the next one is."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError
from spmigrate.mapping import acts, issuing, noticing
from spmigrate.mapping.authority import Refused
from spmigrate.mapping.gate import Turn
from spmigrate.mapping.gatekeeper import Gatekeeper
from spmigrate.mapping.signoff import Evidence
from spmigrate.mapping.states import State
from spmigrate.registers.people import Training
from spmigrate.registers.policy import SignoffPolicy
from spmigrate.store import signoffs
from spmigrate.store.signoffs import Act
from tests.postgres import Databases
from tests.registers import DEPUTY, GOVERNANCE, LEAD, OWNER, people, person, rulebook
from tests.unit.mapping.desk_case import APPROVED, ARCHIVE, MOVE, Desk

pytestmark = pytest.mark.homes

EVERY_FOLDER = {"Bridges", "Surveys", "=HYPERLINK(1)", "."}


@pytest.fixture
def answered(desk: Desk) -> Desk:
    """A sheet that came back: three folders move, Surveys stays as an archive."""
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()
    return desk


def by_version(at: str) -> Evidence:
    """The owner agreed in a library at this moment."""
    return Evidence("V-12", asserted_by="the library", at=at, level=1)


def rules_of(desk: Desk) -> list[str]:
    """The rules by which acts were refused."""
    return [row["rule"] for row in desk.ledger.rows("SELECT rule FROM refusal ORDER BY id")]


def test_three_people_one_after_the_other_until_everything_may_move(answered: Desk) -> None:
    states = [answered.stands().state]
    for act in (answered.announce, answered.sign, answered.countersign, answered.lock):
        act()
        states.append(answered.stands().state)
    assert states == [
        State.VALIDATED, State.VALIDATED, State.OWNER_SIGNED, State.COUNTERSIGNED, State.LOCKED,
    ]  # fmt: skip
    assert answered.moving() == EVERY_FOLDER
    chain = list(signoffs.signoffs(answered.ledger))
    assert [each.kind for each in chain] == [Act.ANNOUNCED, Act.SIGNED, Act.COUNTERSIGNED, Act.LOCKED]
    assert [each.person for each in chain[1:]] == [
        "highways.maintenance.head", "information.governance", "migration.lead",
    ]  # fmt: skip
    assert signoffs.chain_breaks(answered.ledger) == []


def test_countersignature_covers_what_needs_it_alone_and_says_why(answered: Desk) -> None:
    answered.sign()
    entry = answered.countersign()
    assert entry is not None
    assert [row_id for row_id, _ in entry.rows] == [answered.row_id("Surveys")]
    assert "it stays as a read-only archive" in entry.statement and "Nothing will be deleted" in entry.statement
    assert answered.countersign() is None


def test_only_locked_rows_move(answered: Desk) -> None:
    answered.announce()
    answered.sign()
    answered.countersign()
    assert answered.moving() == set()
    assert {each.reason for each in answered.verdicts().values()} == {"not locked by the migration lead"}


def test_nobody_acts_in_two_capacities_on_one_sheet(answered: Desk) -> None:
    everything = SignoffPolicy(countersigned_by=(GOVERNANCE, OWNER), locked_by=(LEAD, OWNER, GOVERNANCE))
    answered.rules = rulebook(policy=everything)
    answered.announce()
    answered.sign()
    for act in (answered.countersign, answered.lock):
        with pytest.raises(Refused, match="four eyes: nobody is two of owner") as refused:
            act(OWNER)
        assert refused.value.hint
    answered.countersign()
    with pytest.raises(Refused, match="acted on S-0001 as information governance"):
        answered.lock(GOVERNANCE)
    assert len(rules_of(answered)) == 3 and answered.moving() == set()


def test_the_database_refuses_a_second_capacity_too(answered: Desk) -> None:
    entry = answered.sign()
    assert entry is not None
    forged = replace(entry, act="locked", role="migration lead", rows=())
    with pytest.raises(sqlite3.IntegrityError, match="four eyes"):
        signoffs.add_signoff(answered.ledger, forged)


def test_the_database_takes_entries_at_the_end_of_the_chain_alone(
    answered: Desk, ledger_home: Databases | None
) -> None:
    answered.sign()
    insert = (
        "INSERT{} INTO signoff(id, sheet_id, at, signer, role, evidence, statement, digest, previous, entry)"
        " SELECT {}, sheet_id, at, signer, role, evidence, statement, digest, {}, {} FROM signoff"
    )
    ways = [("", "0", "entry", "'a'"), ("", "2", "'x'", "'a'"), ("", "2", "previous", "'a'")]
    if ledger_home is None:  # PostgreSQL has no such statement
        ways += [(" OR REPLACE", "1", "previous", "'a'"), (" OR REPLACE", "2", "entry", "entry")]
    for way, number, previous, entry in ways:
        with pytest.raises(sqlite3.IntegrityError):
            answered.ledger.execute(insert.format(way, number, previous, entry))
    answered.announce()
    with pytest.raises(sqlite3.IntegrityError, match="by the last entry alone"):
        answered.ledger.execute("INSERT INTO signoff_row SELECT 1, 'M-9', digest FROM signoff_row LIMIT 1")
    assert signoffs.chain_breaks(answered.ledger) == []


def test_who_edited_the_workbook_last_does_not_countersign(answered: Desk) -> None:
    answered.sign(edited_by=GOVERNANCE)
    with pytest.raises(Refused, match="the last to edit the workbook"):
        answered.countersign()
    assert answered.verdicts()["Surveys"].turn is Turn.GOVERNANCE


@pytest.mark.parametrize(
    ("id_", "role", "act"),
    [
        ("highways.maintenance.head", OWNER, "sign"), ("information.governance", GOVERNANCE, "countersign"),
        ("migration.lead", "SharePoint Migration Lead", "lock"),
    ],
)  # fmt: skip
def test_who_lacks_a_module_is_told_where_to_book_it(answered: Desk, id_: str, role: str, act: str) -> None:
    answered.announce()
    if act != "sign":
        answered.sign()
    if act == "lock":
        answered.countersign()
    untrained = person(id_, role, training=())
    policy = SignoffPolicy(lock_modules=("G01",))
    answered.rules = rulebook(policy=policy, people=people(**{id_.replace(".", "_"): untrained}))
    with pytest.raises(Refused, match="needs training first") as refused:
        getattr(answered, act)()
    assert "https://learning.council.example" in str(refused.value.hint)
    assert rules_of(answered) == ["training before signing"]


def test_training_that_ran_out_counts_no_longer(answered: Desk) -> None:
    old = tuple(Training(module=module, completed="2020-01-01") for module in ("O01", "O02"))
    head = person("highways.maintenance.head", OWNER, training=old)
    answered.rules = rulebook(people=people(highways_maintenance_head=head))
    with pytest.raises(Refused, match="ran out on"):
        answered.sign()


def test_role_that_nobody_registered_may_not_sign(answered: Desk) -> None:
    answered.rules = rulebook(people=people(highways_maintenance_head=person("x.y", "Somebody")))
    with pytest.raises(Refused, match="is not in people"):
        answered.sign()


def test_deputy_of_the_register_signs_while_the_delegation_runs(answered: Desk) -> None:
    until = {"person": "highways.maintenance.head", "until": "2099-12-31"}
    answered.rules = rulebook(
        people=people(asset_management_lead=person("asset.management.lead", DEPUTY, deputy_for=(until,)))
    )
    entry = answered.sign(DEPUTY)
    assert entry is not None and entry.role == "deputy"


def test_deputy_is_the_owners_side_of_four_eyes(desk: Desk) -> None:
    desk.reissue(delegation=issuing.Delegation(DEPUTY, "2099-12-31"))
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()
    desk.rules = rulebook(policy=SignoffPolicy(countersigned_by=(DEPUTY,)))
    desk.sign(DEPUTY)
    with pytest.raises(Refused, match="four eyes"):
        desk.countersign(DEPUTY)


def test_evidence_that_is_too_weak_is_refused(answered: Desk) -> None:
    answered.rules = rulebook(policy=SignoffPolicy(lowest_evidence=3))
    with pytest.raises(Refused, match="evidence of level 4, and policy"):
        answered.sign(evidence=Evidence("MAIL-1", "Migration lead"))
    said = by_version("2026-11-22T09:00:00Z")
    entry = answered.sign(evidence=said, now="2026-11-22T10:00:00Z")
    assert entry is not None and entry.level == 1
    assert entry.evidence == "level 1: version V-12, asserted by the library at 2026-11-22T09:00:00Z"


def test_deputy_who_agreed_outside_the_delegation_has_not_signed(answered: Desk) -> None:
    later = person("asset.management.lead", DEPUTY, starts="2026-06-10", deputy_for=(
        {"person": "highways.maintenance.head", "until": "2026-06-20"},
    ))  # fmt: skip
    answered.rules = rulebook(people=people(asset_management_lead=later))
    for day in ("2026-06-01", "2026-06-21"):
        with pytest.raises(Refused):
            answered.sign(DEPUTY, by_version(f"{day}T09:00:00Z"), now="2026-06-15T09:00:00Z")
    entry = answered.sign(DEPUTY, by_version("2026-06-12T09:00:00Z"), now="2026-06-15T09:00:00Z")
    assert entry is not None and entry.role == "deputy"


def test_what_was_agreed_more_than_sixty_days_ago_is_agreed_again(answered: Desk) -> None:
    agreed = by_version("2026-03-01T23:59:00Z")
    with pytest.raises(Refused, match="agreed on 1 March 2026, more than 60 days ago"):
        answered.sign(evidence=agreed, now="2026-05-01T00:00:00Z")
    assert answered.sign(evidence=agreed, now="2026-04-30T23:59:59Z") is not None


def test_evidence_signs_the_same_rows_once(answered: Desk) -> None:
    assert answered.sign() is not None
    answered.withdraw()
    with pytest.raises(Refused, match="signed these rows before, and that was taken back"):
        answered.sign()
    assert rules_of(answered) == ["evidence proves one signature"]
    assert answered.sign(evidence=Evidence("APR-2026-18")) is not None


def test_owner_may_change_their_mind_until_the_day_that_they_were_told(answered: Desk) -> None:
    answered.announce(on="2099-01-31")
    entry = answered.sign()
    assert entry is not None and "until 31 January 2099" in entry.statement
    answered.announce()
    answered.countersign()
    with pytest.raises(Refused, match="may change their mind until 31 January 2099"):
        answered.lock()
    assert answered.moving() == set()


def test_sheet_without_an_announced_day_is_locked_three_weeks_after_its_issue(answered: Desk) -> None:
    answered.sign()
    answered.countersign()
    with pytest.raises(Refused, match="not before the lock day"):
        answered.lock()


def test_what_is_taken_back_is_signed_again_from_the_start(answered: Desk) -> None:
    answered.through()
    entry = answered.withdraw("Bridges")
    assert (entry.kind, entry.statement) == (Act.WITHDRAWN, "Not yet")
    assert answered.moving() == EVERY_FOLDER - {"Bridges"} and answered.stands().state is State.WITHDRAWN
    again = answered.sign()
    assert again is not None and [row_id for row_id, _ in again.rows] == [answered.row_id("Bridges")]
    answered.lock()
    assert answered.moving() == EVERY_FOLDER and answered.stands().state is State.LOCKED


def test_everybody_with_a_part_may_stop_a_sheet_and_nobody_else(answered: Desk) -> None:
    answered.through()
    with pytest.raises(Refused, match="has no part in S-0001"):
        answered.withdraw(signer="Structures Lead")
    for path, signer in (("Bridges", GOVERNANCE), ("Surveys", LEAD), ("=HYPERLINK(1)", OWNER)):
        assert answered.withdraw(path, signer=signer).rows
    with pytest.raises(SpmigrateError, match="no row M-1"):
        acts.withdraw(answered.counter(), "S-0001", signer=OWNER, reason="x", row_ids=["M-1"])


def test_unlocked_rows_keep_their_signatures(answered: Desk) -> None:
    answered.through()
    assert acts.unlock(answered.counter(), "S-0001", signer=LEAD, reason="The freeze was moved.") is not None
    assert answered.moving() == set() and answered.stands().state is State.COUNTERSIGNED
    answered.lock()
    assert answered.moving() == EVERY_FOLDER


def test_new_owner_confirms_what_the_last_one_signed(answered: Desk) -> None:
    answered.through(now="2026-03-02T09:00:00Z")
    gone = person("highways.maintenance.head", OWNER, leaves="2026-03-04")
    new = person("new.head", OWNER, starts="2026-03-05")
    answered.rules = rulebook(people=people(highways_maintenance_head=gone, new_head=new))
    keeper = Gatekeeper(answered.ledger, lambda: answered.rules)
    assert len(noticing.notice(answered.ledger, keeper, at="2026-03-06T09:00:00Z")) == 1
    assert noticing.notice(answered.ledger, keeper, at="2026-03-07T09:00:00Z") == []
    assert answered.moving("2026-03-18T09:00:00Z") == EVERY_FOLDER
    assert answered.moving("2026-03-19T09:00:00Z") == set()
    assert answered.reconfirm(now="2026-03-19T10:00:00Z") is not None
    assert answered.moving("2026-03-19T11:00:00Z") == EVERY_FOLDER
    assert signoffs.chain_breaks(answered.ledger) == []


def test_old_signature_is_confirmed_again_by_the_same_owner(answered: Desk) -> None:
    answered.through(now="2026-03-02T09:00:00Z")
    late = "2026-05-20T09:00:00Z"
    assert answered.moving(late) == set() and answered.stands(late).state is State.INVALIDATED
    answered.reconfirm(now=late)
    assert answered.moving(late) == EVERY_FOLDER and answered.reconfirm(now=late) is None


def test_change_of_class_is_countersigned_even_where_nothing_else_asks_for_it(answered: Desk) -> None:
    answered.through()
    answered.answer({"Bridges": MOVE | {"subject": "Finance", "keep": ""}, "Surveys": ARCHIVE})
    answered.collect()
    answered.sign()
    assert answered.verdicts()["Bridges"].turn is Turn.GOVERNANCE
    answered.countersign()
    answered.lock()
    assert answered.moving() == EVERY_FOLDER


def test_refusals_are_kept_with_their_rule_and_cannot_be_altered(answered: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        answered.sign("Structures Lead")
    assert rules_of(answered) == ["the owner signs, or a recorded deputy"]
    with pytest.raises(sqlite3.IntegrityError, match="never altered"):
        answered.ledger.execute("DELETE FROM refusal")


def test_statement_names_who_else_can_see_it_and_the_day(answered: Desk) -> None:
    answered.announce(on="2099-01-31")
    entry = answered.sign()
    assert entry is not None
    parts = [
        "Nothing will be deleted.",
        "Who else can see it, as you want it: Whole team: 3 folders.",
        "31 January 2099",
    ]
    assert [entry.statement.index(part) for part in parts] == sorted(entry.statement.index(part) for part in parts)


def test_what_is_signed_names_the_versions_that_it_rests_on(answered: Desk) -> None:
    entry = answered.sign()
    assert entry is not None and entry.digest == entry.covered()
    versions = entry.policy["versions"]
    assert (versions["sheet"], versions["templates"], versions["partners"]) == ("S-0001", "team 1", "1")
    assert versions["retention"] == answered.rules.schedule.version and versions["scan"]
    forms = signoffs.forms(answered.ledger, [digest for _, digest in entry.rows])
    assert len(forms) == 4
    assert APPROVED.level == entry.level == 3
