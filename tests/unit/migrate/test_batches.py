"""Leases, intents and results in the ledger."""

from pathlib import Path

import pytest

from spmigrate.errors import LedgerError
from spmigrate.migrate import planning, progress
from spmigrate.model import Outcome
from spmigrate.store import batches, leases, waves
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
