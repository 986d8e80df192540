"""What an approval is of: one digest, with the lock day and what the scan may not have seen; and who is asked next."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError
from spmigrate.mapping import desk as desk_
from spmigrate.mapping import position
from spmigrate.mapping.authority import Refused, check_bound
from spmigrate.mapping.gate import answer
from spmigrate.mapping.signoff import Evidence
from spmigrate.store import signoffs
from tests.registers import DEPUTY, OWNER, people, person, rulebook
from tests.unit.mapping.desk_case import ARCHIVE, Desk


@pytest.fixture
def answered(desk: Desk) -> Desk:
    """A sheet that came back: three folders move, Surveys stays as an archive."""
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()
    return desk


@pytest.mark.parametrize("evidence", [Evidence("APR-7"), Evidence("MAIL-7", "Migration lead")])
def test_record_approves_one_digest(answered: Desk, evidence: Evidence) -> None:
    first = answered.sign(evidence=evidence)
    assert first is not None
    again = replace(evidence, reference=evidence.reference.lower() + " ", witness=evidence.witness and "Records Lead")
    answered.withdraw("Bridges")
    with pytest.raises(Refused, match=f"approved the digest {first.digest[:12]}… of S-0001") as refused:
        answered.sign(evidence=again)
    assert refused.value.rule == "a record approves one digest" and answered.digest()[:12] in str(refused.value.hint)
    with pytest.raises(Refused, match="approved the digest"):
        answered.countersign(evidence=again)
    rules = [row["rule"] for row in answered.ledger.rows("SELECT rule FROM refusal ORDER BY id")]
    assert rules == ["a record approves one digest"] * 2


def test_record_of_one_sheet_signs_no_other_one(answered: Desk, tmp_path: Path) -> None:
    evidence = Evidence("APR-7")
    answered.sign(evidence=evidence)
    used = signoffs.proved_by(answered.ledger, 3)
    (tmp_path / "other").mkdir()
    other = Desk.open(tmp_path / "other")
    other.answer({})
    other.collect()
    with pytest.raises(Refused, match="of S-0001"):
        check_bound(evidence, other.digest(), used)
    check_bound(evidence, used[-1].digest, used)


def test_lock_day_that_changed_since_it_was_approved_is_approved_again(answered: Desk) -> None:
    answered.announce(on="2099-01-31")
    agreed = answered.digest()
    answered.announce(on="2099-02-28")
    with pytest.raises(SpmigrateError, match="are not those that were approved"):
        answered.sign(agreed=agreed)
    entry = answered.sign()
    assert entry is not None and entry.policy["versions"]["lock on"] == "2099-02-28"
    assert entry.digest == entry.covered() and signoffs.chain_breaks(answered.ledger) == []


def test_owner_is_told_what_the_scan_may_not_have_seen_and_signs_that(
    answered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed, told = answered.digest(), "The share hides what the account may not open"
    monkeypatch.setattr(position.inventory, "hidden", lambda *_: [told])
    with pytest.raises(SpmigrateError, match="are not those that were approved"):
        answered.sign(agreed=agreed)
    entry = answered.sign()
    assert entry is not None and f"may be less than there is: {told}." in entry.statement
    assert entry.policy["versions"]["not seen"] == [told]


def test_rows_that_are_taken_back_together_are_one_line(answered: Desk) -> None:
    answered.sign()
    answered.withdraw()
    (line,) = desk_.voided(answered.stands())
    assert line.count("M-") == 4 and "must be signed again: taken back by Head of Highways Maintenance" in line


def test_owner_who_left_is_told_apart_unless_a_deputy_of_the_sheet_acts(answered: Desk) -> None:
    stands = answered.stands()
    assert desk_.left(stands, answered.rules) == ""
    answered.rules = rulebook(
        people=people(highways_maintenance_head=person("highways.maintenance.head", OWNER, leaves="2026-06-30"))
    )
    day = date(2026, 7, 1)
    assert desk_.left(stands, answered.rules, today=day) == "left on 30 June 2026"
    deputised = replace(stands, record=replace(stands.record, deputy=DEPUTY, deputy_until="2026-07-01"))
    assert desk_.left(deputised, answered.rules, today=day) == ""


def test_gate_says_what_stays_and_what_has_moved(answered: Desk) -> None:
    answered.through()
    verdicts = answered.verdicts()
    told = [answer(verdicts[path], stopped=False, left=left) for path, left in
            (("Surveys", False), ("Bridges", True), ("Bridges", False))]  # fmt: skip
    assert told == ["stays", "yes", "has moved"]
    assert answer(verdicts["Bridges"], stopped=True, left=True) == "no"
