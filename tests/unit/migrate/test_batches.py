"""Leases, intents and results in the ledger."""

from pathlib import Path

import pytest

from spmigrate.errors import LedgerError, SpmigrateError
from spmigrate.migrate import planning, progress, rolling_back
from spmigrate.migrate.access import preparing
from spmigrate.model import Outcome
from spmigrate.store import batches, leases, row_homes, wave_changes, waves
from spmigrate.store.batches import Batch, Moved, Returned, Transfer
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from tests.signed_estate import TIDY, gate, library, sign, write


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path / "ledger.db")
    for number in range(3):
        write(tmp_path / f"share/a/{number}.txt", b"x" * number)
    sign(ledger, tmp_path / "share", {"a": (TIDY, library())})
    planning.plan(ledger, "pilot", gate=gate(ledger))
    return ledger


@pytest.fixture
def wave(ledger: Ledger) -> Wave:
    return waves.get(ledger, "pilot")


def claimed(ledger: Ledger, wave: Wave) -> tuple[Batch, list[Transfer]]:
    batch = leases.claim(ledger, wave, owner="test")
    assert batch is not None
    return batch, batches.transfers(ledger, batch)


def moved(transfer: Transfer, outcome: Outcome = Outcome.COPIED) -> Moved:
    return Moved(transfer.id, transfer.batch_id, transfer.size, outcome)


def test_batch_is_claimed_once(ledger: Ledger, wave: Wave) -> None:
    claimed(ledger, wave)
    assert leases.claim(ledger, wave, owner="other") is None


def test_intent_outlives_the_process_that_had_it(ledger: Ledger, wave: Wave) -> None:
    batch, transfers = claimed(ledger, wave)
    batches.flush(ledger, {batch.id: batch}, intended=[transfers[1].id])
    leases.release(ledger, wave)
    assert [each.intended for each in claimed(ledger, wave)[1]] == [False, True, False]


def test_batch_is_done_with_its_last_result(ledger: Ledger, wave: Wave) -> None:
    batch, transfers = claimed(ledger, wave)
    held = {batch.id: batch}
    batches.flush(ledger, held, moved=[moved(transfers[0]), moved(transfers[1], Outcome.FAILED)])
    assert progress(ledger, "pilot") == batches.Progress(3, 3, 2, 1, 1)
    batches.flush(ledger, held, moved=[moved(transfers[2])])
    assert progress(ledger, "pilot").finished == 3
    leases.release(ledger, wave)
    assert leases.claim(ledger, wave, owner="test") is None
    assert waves.standing(ledger, wave).open.items == 0


def test_nothing_is_written_without_the_lease(ledger: Ledger, wave: Wave) -> None:
    batch, transfers = claimed(ledger, wave)
    leases.release(ledger, wave)
    claimed(ledger, wave)
    with pytest.raises(LedgerError, match="taken over"):
        batches.flush(ledger, {batch.id: batch}, moved=[moved(transfers[0])])
    with pytest.raises(LedgerError, match="taken over"):
        batches.renew(ledger, [batch])
    assert waves.standing(ledger, wave).open.items == 3


def test_evidence_is_added_and_never_altered(ledger: Ledger, wave: Wave) -> None:
    batch, transfers = claimed(ledger, wave)
    held = {batch.id: batch}
    batches.flush(ledger, held, returned=[Returned(transfers[0].id, "Unavailable", "no answer")])
    batches.flush(ledger, held, moved=[moved(transfers[0])])
    events = [(row["event"], row["code"]) for row in ledger.rows("SELECT event, code FROM outcome_event ORDER BY id")]
    assert events == [("returned", "Unavailable"), ("copied", None)]
    with pytest.raises(Exception, match="evidence"):
        ledger.execute("UPDATE outcome_event SET event = 'x'")


def test_progress_of_no_wave_is_nothing(ledger: Ledger) -> None:
    assert progress(ledger, "none").items == 0


def test_row_that_fails_while_a_machine_has_it_in_hand_gets_one_outcome(ledger: Ledger, wave: Wave) -> None:
    batch, transfers = claimed(ledger, wave)
    wave_changes.fail_rows(ledger, wave, {transfers[0].row_id: "nobody knows them"}, code="HOME-REFUSED")
    with pytest.raises(batches.LeaseLost):
        batches.flush(ledger, {batch.id: batch}, moved=[moved(each) for each in transfers])
    assert progress(ledger, "pilot") == batches.Progress(3, 3, 3, 3, 3)


def test_machine_that_has_a_part_of_failed_rows_in_hand_loses_its_lease(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "other.db")
    for name in ("a", "b"):
        write(tmp_path / f"shared/{name}/1.txt", b"x")
    sign(ledger, tmp_path / "shared", {"a": (TIDY, library()), "b": (TIDY, library())})
    wave = planning.plan(ledger, "pilot", gate=gate(ledger))
    batch, transfers = claimed(ledger, wave)
    assert len({each.row_id for each in transfers}) == 2
    wave_changes.fail_rows(ledger, wave, {transfers[0].row_id: "nobody knows them"}, code="HOME-REFUSED")
    with pytest.raises(batches.LeaseLost):
        batches.flush(ledger, {batch.id: batch}, moved=[moved(each) for each in transfers])
    assert [each.id for each in claimed(ledger, wave)[1]] == [transfers[1].id]


def test_nothing_of_a_row_moves_before_its_folder_is_as_it_was_signed(ledger: Ledger, wave: Wave) -> None:
    batch, transfers = claimed(ledger, wave)
    row_id = transfers[0].row_id
    row_homes.note_state(ledger, wave, row_id, row_homes.REFUSED, note="nobody knows them")
    assert preparing.is_needed(ledger, wave)
    with pytest.raises(SpmigrateError, match=f"the folders of {row_id} are not yet"):
        preparing.check_batch(ledger, wave, batch.id)
    row_homes.note_state(ledger, wave, row_id, row_homes.READY)
    preparing.check_batch(ledger, wave, batch.id)
    assert not preparing.is_needed(ledger, wave)


def test_wave_that_machines_may_still_add_to_is_not_rolled_back(ledger: Ledger, wave: Wave) -> None:
    waves.set_state(ledger, wave, "running")
    with pytest.raises(SpmigrateError, match="may still grow") as refused:
        rolling_back.check_at_rest(ledger, wave)
    assert "spmigrate wave pause pilot" in (refused.value.hint or "")
    batch, _ = claimed(ledger, wave)
    waves.set_state(ledger, wave, "moved")
    with pytest.raises(SpmigrateError, match="test at work"):
        rolling_back.check_at_rest(ledger, wave)
    leases.give_back(ledger, batch)
    rolling_back.check_at_rest(ledger, wave)
