"""What machines share in the ledger's database: the budget, sealed secrets, queues of ids; and leases, which decide."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from spmigrate.errors import SealedError
from spmigrate.migrate.engine.proposed import Proposed
from spmigrate.model import Outcome
from spmigrate.store import batches, leases, proposing, waves
from spmigrate.store.allowance import Limits
from spmigrate.store.batches import LeaseLost, Moved
from spmigrate.store.leases import ANY_TIME
from spmigrate.store.ledger import Ledger
from spmigrate.store.pacing import SharedPurse
from spmigrate.store.proposals import Proposals
from spmigrate.store.shared_pacing import TableShelf
from spmigrate.store.shared_sealed import SharedSealed
from tests.postgres import Databases


@pytest.fixture
def address(tmp_path: Path, databases: Databases) -> str:
    return databases.at(tmp_path / "ledger.db")


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    with Ledger(address) as opened:
        opened.insert("INSERT INTO source(name, kind, root) VALUES('S', 'folder', '/s')")
        opened.insert("INSERT INTO folder(source_id, path, raw, state, scan_id) VALUES(1, '', x'', 'seen', 1)")
        opened.execute("INSERT INTO scan(source_id, started, state) VALUES(1, '', 'complete')")
        opened.execute(
            "INSERT INTO sheet(id, source_id, scan_id, version, issue_key, file, owner, state, issued, basis)"
            " VALUES('h', 1, 1, 1, '', '', '', '', '', '{}')"
        )
        opened.execute(
            "INSERT INTO mapping_row(row_id, sheet_id, position, folder_id, scope, identity)"
            " VALUES('r', 'h', 1, 1, 'tree', '')"
        )
        opened.insert("INSERT INTO wave(name, state, created, tenant) VALUES('pilot', 'running', '', 't')")
        for number in range(1, 4):
            opened.insert(
                "INSERT INTO batch(wave_id, round, route, why, site, library, state, items, bytes)"
                " VALUES(1, 1, 'session', '', '/sites/a', 'L', 'queued', 1, 3)"
            )
            opened.insert(
                "INSERT INTO item(source_id, folder_id, name, kind, size, modified_ns, scan_id)"
                " VALUES(1, 1, ?, 'file', 3, 4, 1)",
                (f"{number}.txt",),
            )
            opened.insert(
                "INSERT INTO transfer(wave_id, round, item_id, row_id, batch_id, size, modified_ns, state)"
                " VALUES(1, 1, ?, 'r', ?, 3, 4, 'todo')",
                (number, number),
            )
        yield opened


def expire(ledger: Ledger) -> None:
    ledger.execute("UPDATE batch SET lease_until = lease_until - 120 WHERE state = 'leased'")


def moved(batch_id: int) -> Moved:
    return Moved(transfer_id=batch_id, batch_id=batch_id, size=3, outcome=Outcome.COPIED)


def test_a_late_result_is_refused_by_the_token_and_the_one_in_time_counts_once(ledger: Ledger) -> None:
    late = leases.claim_this(ledger, 1, owner="asleep")
    assert late is not None
    assert leases.claim_this(ledger, 1, owner="awake") is None
    expire(ledger)
    taken = leases.claim_this(ledger, 1, owner="awake")
    assert taken is not None
    assert taken.former == "asleep"
    with pytest.raises(LeaseLost):
        batches.flush(ledger, {1: late}, moved=[moved(1)])
    batches.flush(ledger, {1: taken}, moved=[moved(1)])
    with pytest.raises(LeaseLost):
        batches.flush(ledger, {1: replace(taken, token="guessed")}, intended=[1])
    row = ledger.one("SELECT state, finished FROM batch WHERE id = 1")
    assert row is not None
    assert tuple(row) == ("done", 1)
    assert len(list(ledger.rows("SELECT 1 FROM outcome_event WHERE event = 'copied'"))) == 1


def test_what_is_free_is_offered_by_reach_and_what_ran_out_again(ledger: Ledger) -> None:
    wave = waves.get(ledger, "pilot")
    assert proposing.set_reach(ledger, 1, "depot") == 3
    assert proposing.claimable(ledger, wave, route="session", reach="", limit=9) == []
    assert proposing.running_waves(ledger, reaches='[""]') == []
    assert proposing.claimable(ledger, wave, route="session", reach="depot", limit=2) == [1, 2]
    leases.claim_this(ledger, 1, owner="one")
    assert proposing.claimable(ledger, wave, route="session", reach="depot", limit=9) == [2, 3]
    expire(ledger)
    assert proposing.claimable(ledger, wave, route="session", reach="depot", limit=9) == [1, 2, 3]
    assert proposing.next_due(ledger, wave, owner="two", reaches='["", "depot"]') == 0.0
    assert proposing.next_due(ledger, wave, owner="two", reaches='[""]') is None


def test_queues_hold_each_id_once_and_hand_it_to_one_machine(ledger: Ledger, address: str) -> None:
    assert ledger.moment() > 0
    one, two = Proposals(address), Proposals(address)
    try:
        assert one.offer("q", [1, 2, 3]) == 3
        assert two.offer("q", [2, 3, 4]) == 1
        assert one.waiting("q") == 4
        taken = [each.take(["q", "other"]) for each in (one, two, one, two)]
        assert sorted(each or 0 for each in taken) == [1, 2, 3, 4]
        assert two.take(["q"]) is None
        assert one.offer("q", [1]) == 1  # taken, but nobody claimed it: offered again
    finally:
        one.close()
        two.close()


def test_losing_all_jobs_loses_nothing(ledger: Ledger, address: str) -> None:
    wave = waves.get(ledger, "pilot")
    queues = Proposals(address)
    try:
        claims = Proposed(ledger, wave, queues, owner="one")
        claims.begin()
        first = claims.next(["session"], ANY_TIME)
        assert first is not None
        ledger.execute("DELETE FROM procrastinate_jobs")
        found = [claims.next(["session"], ANY_TIME), claims.next(["session"], ANY_TIME)]
        assert sorted(each.id for each in (first, *found) if each) == [1, 2, 3]
        assert claims.next(["session"], ANY_TIME) is None
        assert queues.waiting("wave 1 session") <= 2 * proposing.slots(ledger, wave)
    finally:
        queues.close()


def test_machines_use_one_budget_and_wait_together(ledger: Ledger, address: str) -> None:
    assert ledger.moment() > 0
    one, two = (SharedPurse(TableShelf(address), "app", limits=lambda _: Limits(120.0, 100_000.0)) for _ in range(2))
    for _ in range(400):
        for purse in (one, two):
            if purse.take(1.0, ledger.moment()) == 0:
                purse.done()
    row = ledger.one("SELECT account FROM pacing")
    assert row is not None
    one.refused(30.0)
    assert two.take(1.0, ledger.moment() + 0.2) > 0
    one.close()
    two.close()


def test_a_secret_is_opened_by_who_has_the_key_and_by_nobody_else(ledger: Ledger, tmp_path: Path) -> None:
    def key(name: str) -> Path:
        file = tmp_path / name
        file.write_bytes(os.urandom(32))
        file.chmod(0o600)
        return file

    ours = key("ours")
    here, there, stranger = (SharedSealed(ledger, each) for each in (ours, ours, key("other")))
    secret_id = here.put(b"https://upload.example/secret")
    assert there.get(secret_id) == b"https://upload.example/secret"
    with pytest.raises(SealedError):
        stranger.get(secret_id)
    kept = ledger.one("SELECT value FROM sealed")
    assert kept is not None
    assert b"secret" not in kept["value"]
    assert here.ids() == frozenset()  # it may be about to be named
    ledger.execute("UPDATE sealed SET at = at - 90000")
    assert here.ids() == {secret_id}
    there.erase(secret_id)
    assert here.get(secret_id) is None
    ours.chmod(0o644)
    with pytest.raises(SealedError, match="open to others"):
        SharedSealed(ledger, ours)
    with pytest.raises(SealedError, match="no sealing key"):
        SharedSealed(ledger, tmp_path / "none")
