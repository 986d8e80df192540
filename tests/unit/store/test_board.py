"""What plans and the board ask of the ledger: size mixes, measured runs, lines of waves and shares, snags."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spmigrate.model import Amount, Outcome
from spmigrate.store import board, measured, waves
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from tests.signed_estate import TIDY, library, sign, write
from tests.unit.migrate.planning_case import finish, plan

pytestmark = pytest.mark.homes


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def pilot(ledger: Ledger, tmp_path: Path) -> Wave:
    """A wave of three small files and one of 600 KB; one file of the share is in no wave."""
    root = tmp_path / "Common"
    for name in "123":
        write(root / "a" / f"{name}.txt", name.encode() * 10)
    write(root / "a" / "4.pdf", b"x" * 600_000)
    write(root / "b" / "left.txt", b"y")
    sign(ledger, root, {"a": (TIDY, library())})
    return plan(ledger, "pilot")


def set_time(ledger: Ledger, name: str, at: str) -> None:
    ledger.execute("UPDATE transfer SET at = ? WHERE target_name = ?", (at, name))


def test_what_is_left_is_told_by_route_and_size(ledger: Ledger, pilot: Wave) -> None:
    (mix,) = measured.left(ledger, [pilot.id]).values()
    assert (mix.small, mix.middle, mix.large) == (Amount(3, 30), Amount(1, 600_000), Amount())
    assert measured.left(ledger) == measured.left(ledger, [pilot.id])
    assert measured.left(ledger, [pilot.id + 1]) == {}


def test_hours_that_follow_each_other_are_one_run(ledger: Ledger, pilot: Wave) -> None:
    waves.set_state(ledger, pilot, "running")
    for name in ("1.txt", "2.txt", "3.txt"):
        finish(ledger, pilot, name, Outcome.COPIED)
    set_time(ledger, "1.txt", "2027-02-01T20:10:00.000000Z")
    set_time(ledger, "2.txt", "2027-02-01T21:20:00.000000Z")
    set_time(ledger, "3.txt", "2027-02-03T20:30:00.000000Z")
    one, two = measured.runs(ledger)
    assert (one.began, one.minutes, one.mix.total) == (datetime(2027, 2, 1, 20, tzinfo=UTC), 2, Amount(2, 20))
    assert (two.began, two.minutes, two.mix.total) == (datetime(2027, 2, 3, 20, tzinfo=UTC), 1, Amount(1, 10))


def test_waves_shares_and_hours_are_counted(ledger: Ledger, pilot: Wave) -> None:
    waves.set_state(ledger, pilot, "running")
    finish(ledger, pilot, "1.txt", Outcome.COPIED)
    finish(ledger, pilot, "2.txt", Outcome.FAILED, "SOURCE-LOCKED")
    set_time(ledger, "1.txt", "2027-02-01T20:10:00.000000Z")
    set_time(ledger, "2.txt", "2027-02-01T20:50:00.000000Z")
    (line,) = board.wave_lines(ledger)
    assert (line.whole, line.moved, line.failed) == (Amount(4, 600_030), Amount(1, 10), Amount(1, 10))
    assert line.left == Amount(2, 600_010)
    assert board.moved_by_hour(ledger, [pilot.id]) == [(datetime(2027, 2, 1, 20, tzinfo=UTC), Amount(2, 20))]
    assert board.moved_by_hour(ledger, []) == []
    found = {(each.outcome, each.code, each.wave_state): each.amount.items for each in board.share_lines(ledger)}
    assert found == {
        (None, "", None): 1, (None, "", "running"): 2, ("copied", "", "running"): 1,
        ("failed", "SOURCE-LOCKED", "running"): 1,
    }  # fmt: skip
    (snag,) = board.snags(ledger)
    assert (snag.wave, snag.kind, snag.count, snag.example) == ("pilot", "failed: SOURCE-LOCKED", 1, "a/2.txt")


def test_what_was_waived_or_given_up_is_no_snag(ledger: Ledger, pilot: Wave) -> None:
    waves.set_state(ledger, pilot, "running")
    finish(ledger, pilot, "2.txt", Outcome.FAILED, "SOURCE-LOCKED")
    (row,) = ledger.rows("SELECT id FROM transfer WHERE target_name = '2.txt'")
    ledger.execute(
        "INSERT INTO wave_waiver(wave_id, transfer_id, at, code, signer, role, person, reason)"
        " VALUES(?, ?, '2027', 'SOURCE-LOCKED', 's', 'owner', 'p', 'not needed')",
        (pilot.id, row["id"]),
    )
    assert board.snags(ledger) == []
    ledger.execute(
        "UPDATE transfer SET verified = 'unverifiable', outcome = 'copied', code = NULL WHERE id = ?", (row["id"],)
    )
    assert [each.kind for each in board.snags(ledger)] == ["verified: unverifiable"]
    ledger.execute("UPDATE wave SET state = 'cancelled' WHERE id = ?", (pilot.id,))
    assert board.snags(ledger) == []
