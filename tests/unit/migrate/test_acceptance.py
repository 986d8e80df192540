"""What an owner accepts: an account that balances, every exception of which somebody answers for, by name."""

from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.mapping import accepting as act
from spmigrate.mapping.authority import Refused
from spmigrate.mapping.signoff import Evidence
from spmigrate.migrate import accepting
from spmigrate.store import signoffs, wave_steps, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.wave_steps import Who
from tests import registers
from tests.signed_estate import write
from tests.unit.migrate.rounds_case import Case

_RECORD = Evidence("CHG-7")
_WHO = Who("migration.lead", "migration lead", "migration.lead")

pytestmark = pytest.mark.homes


@pytest.fixture
def case(tmp_path: Path, ledger: Ledger) -> Case:
    root = tmp_path / "share"
    for name in ("1.txt", "2.txt", "3.txt"):
        write(root / "a" / name, name.encode())
    found = Case(ledger, root)
    found.begin()
    ledger.execute("UPDATE transfer SET verified = 'exact' WHERE target_name <> '2.txt'")
    ledger.execute("UPDATE transfer SET verified = 'unverifiable', verify_note = 'why' WHERE target_name = '2.txt'")
    return found


def _one(case: Case) -> accepting.SheetAccount:
    return accepting.choose(accepting.accounts(case.ledger, waves.get(case.ledger, "pilot")), None)


def _waive(case: Case, *paths: str) -> None:
    wave = waves.get(case.ledger, "pilot")
    chosen = [each for each in wave_steps.exceptions(case.ledger, wave) if each.path in paths]
    wave_steps.waive(case.ledger, wave, chosen, _WHO, reason="looked at by hand")


def _accept(case: Case, *, signer: str = "structures.lead", agreed: str | None = None) -> signoffs.SignoffEntry:
    one = _one(case)
    account = act.Account("pilot", one.sheet_id, one.rows, one.digest, one.statement, one.figures)
    bench = act.Bench(case.ledger, registers.rulebook())
    return act.accept(bench, account, signer=signer, evidence=_RECORD, agreed=agreed or one.digest)


def test_a_file_that_did_not_pass_keeps_a_wave_from_being_accepted_until_somebody_answers_for_it(case: Case) -> None:
    with pytest.raises(SpmigrateError, match=r"a/2\.txt \(unverifiable\)"):
        accepting.check(_one(case), name="pilot")
    before = _one(case).digest
    _waive(case, "a/2.txt")
    accepting.check(_one(case), name="pilot")
    (waived,) = _one(case).exceptions
    assert (waived.waived_by, waived.waived_why) == ("migration.lead", "looked at by hand")
    assert _one(case).digest != before, "another account has another digest"


def test_another_failure_of_the_same_file_needs_another_waiver(case: Case) -> None:
    _waive(case, "a/2.txt")
    case.ledger.execute("UPDATE transfer SET verified = 'failed' WHERE target_name = '2.txt'")
    assert [each.path for each in _one(case).unwaived] == ["a/2.txt"]


def test_an_acceptance_is_an_entry_of_the_chain_and_ends_the_wave(case: Case) -> None:
    _waive(case, "a/2.txt")
    entry = _accept(case)
    assert (entry.act, entry.role, entry.level) == ("accepted", "owner", 3)
    assert entry.policy["wave"] == "pilot"
    assert entry.policy["figures"]["items"]["copied"] == 3
    assert signoffs.chain_breaks(case.ledger) == []
    assert accepting.finish(case.ledger, waves.get(case.ledger, "pilot"))
    assert waves.get(case.ledger, "pilot").state == "accepted"
    assert _one(case).accepted
    assert "Nothing at the source will be deleted" in entry.statement


def test_only_the_owner_accepts_and_only_what_they_approved(case: Case) -> None:
    with pytest.raises(Refused, match="may not sign"):
        _accept(case, signer=registers.LEAD)
    with pytest.raises(SpmigrateError, match="not those that were approved"):
        _accept(case, agreed="0" * 64)
    assert not accepting.finish(case.ledger, waves.get(case.ledger, "pilot"))


def test_a_waiver_cannot_be_altered(case: Case) -> None:
    _waive(case, "a/2.txt")
    with pytest.raises(Exception, match="evidence"):
        case.ledger.execute("UPDATE wave_waiver SET reason = 'another'")


def test_a_wave_with_several_sheets_asks_which(case: Case) -> None:
    one = _one(case)
    with pytest.raises(UsageProblem, match="several sheets"):
        accepting.choose([one, one], None)
    with pytest.raises(UsageProblem, match="no sheet S-9"):
        accepting.choose([one], "S-9")
