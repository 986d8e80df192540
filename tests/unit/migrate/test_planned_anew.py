"""Planning anew: what changed since moves with its new signature, and nothing is copied twice."""

from pathlib import Path

import pytest

from spmigrate.errors import NotSignedOff, SpmigrateError
from spmigrate.migrate import consent, planning
from spmigrate.model import Amount, Decision, Outcome
from spmigrate.scan.survey import survey
from spmigrate.store import batches, coverage, leases, waves
from spmigrate.store.ledger import Ledger
from tests.signed_estate import TIDY, gate, library, sign, sign_scanned, write
from tests.unit.migrate.planning_case import HOME, finish, plan, started, targets

pytestmark = pytest.mark.homes


def test_wave_that_has_not_started_is_planned_anew_from_the_present_signoffs(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    write(root / "a/one.txt", b"x")
    write(root / "b/two.txt", b"y")
    sign(ledger, root, {"a": (TIDY, HOME), "b": (TIDY, HOME)})
    plan(ledger, "pilot")
    sign(ledger, root, {"a": (Decision.ARCHIVE, None), "b": (TIDY, library("/sites/other"))})
    with pytest.raises(NotSignedOff, match="signed anew"):
        consent.check(ledger, waves.get(ledger, "pilot"), tenant="", gate=gate(ledger))
    wave = plan(ledger, "pilot")
    consent.check(ledger, wave, tenant="", gate=gate(ledger))
    assert targets(ledger) == {"a/one.txt": ("skipped", "OWNER-ARCHIVE"), "b/two.txt": (None, "b/two.txt")}
    assert [row["site"] for row in ledger.rows("SELECT DISTINCT site FROM batch")] == ["/sites/other"]


def test_wave_keeps_its_sheets_when_it_is_planned_anew(tmp_path: Path, ledger: Ledger) -> None:
    for number in (1, 2):
        write(tmp_path / f"{number}/{number}/a.txt", b"x")
        sign(ledger, tmp_path / f"{number}", {f"{number}": (TIDY, HOME)}, sheet_id=f"S-000{number}")
    plan(ledger, "pilot", ["S-0001"])
    assert waves.standing(ledger, plan(ledger, "pilot")).open.items == 1
    assert waves.standing(ledger, plan(ledger, "pilot", ["S-0001", "S-0002"])).open.items == 2


def test_started_wave_releases_a_row_that_was_signed_anew_and_the_rest_moves(tmp_path: Path, ledger: Ledger) -> None:
    wave = started(tmp_path, ledger)
    other = library("/sites/other")
    sign_scanned(ledger, tmp_path / "share", {"a": (TIDY, other), "b": (TIDY, HOME)})
    with pytest.raises(NotSignedOff, match="signed anew"):
        consent.check(ledger, wave, tenant="", gate=gate(ledger))
    plan(ledger, "pilot")
    consent.check(ledger, wave, tenant="", gate=gate(ledger))
    assert targets(ledger) == {
        "a/1.txt": ("copied", None),
        "a/2.txt": ("failed", "RELEASED-IN-HAND"),
        "a/3.txt": ("skipped", "RELEASED"),
        "b/4.txt": (None, "b/4.txt"),
    }
    standing = waves.standing(ledger, wave)
    assert (standing.lost, standing.open.items, standing.accounting.source.items) == (Amount(), 1, 4)
    finish(ledger, wave, "4.txt", Outcome.COPIED)
    assert leases.claim(ledger, wave, owner="test") is None, "the batch knows that nothing is left of it"
    assert batches.progress(ledger, "pilot").items == 2
    events = ledger.rows(
        "SELECT event, e.code FROM outcome_event e JOIN transfer t ON t.id = transfer_id"
        " WHERE target_name IN ('2.txt', '3.txt') ORDER BY e.id"
    )
    assert [tuple(row) for row in events] == [("failed", "RELEASED-IN-HAND"), ("skipped", "RELEASED")]


def test_released_row_joins_another_wave_and_nothing_is_copied_twice(tmp_path: Path, ledger: Ledger) -> None:
    started(tmp_path, ledger)
    sign_scanned(ledger, tmp_path / "share", {"a": (TIDY, library("/sites/other")), "b": (TIDY, HOME)})
    assert coverage.in_no_wave(ledger) == Amount()
    plan(ledger, "pilot")
    assert coverage.in_no_wave(ledger).items == 2
    second = plan(ledger, "second")
    found = {
        row["target_name"] or row["code"]: row["state"]
        for row in ledger.rows("SELECT * FROM transfer WHERE wave_id = ?", (second.id,))
    }
    assert found == {"MOVED-ALREADY": "finished", "2.txt": "copying", "3.txt": "todo"}
    assert waves.standing(ledger, second).lost == Amount()


def test_file_edited_after_an_earlier_wave_copied_it_is_named(tmp_path: Path, ledger: Ledger) -> None:
    started(tmp_path, ledger)
    write(tmp_path / "share/a/1.txt", b"edited", modified=1_600_000_000)
    sign(ledger, tmp_path / "share", {"a": (TIDY, library("/sites/other")), "b": (TIDY, HOME)})
    plan(ledger, "pilot")
    second = plan(ledger, "second")
    codes = ledger.rows("SELECT outcome, code FROM transfer WHERE wave_id = ? AND code IS NOT NULL", (second.id,))
    assert [tuple(row) for row in codes] == [("failed", "ALTERED-SINCE-MOVED")]


def test_row_that_has_moved_does_not_hold_up_the_others(tmp_path: Path, ledger: Ledger) -> None:
    wave = started(tmp_path, ledger)
    finish(ledger, wave, "4.txt", Outcome.COPIED)
    write(tmp_path / "share/b/new.txt", b"new")
    survey(ledger, tmp_path / "share", name="share")
    consent.check(ledger, wave, tenant="", gate=gate(ledger))


def test_failed_items_are_offered_again_and_what_planning_refused_is_not(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for name in ("busy.txt", "kept.txt", "what?.txt"):
        write(root / name, name.encode())
    sign(ledger, root, {"": (Decision.MOVE, HOME)})
    wave = plan(ledger, "pilot")
    waves.set_state(ledger, wave, "running")
    finish(ledger, wave, "busy.txt", Outcome.FAILED, "SOURCE-CHANGED")
    finish(ledger, wave, "kept.txt", Outcome.COPIED)
    waves.set_state(ledger, wave, "verified")
    assert planning.retry(ledger, wave) == Amount(1, 8)
    assert planning.retry(ledger, wave) == Amount()
    assert targets(ledger) == {
        "busy.txt": (None, "busy.txt"),
        "kept.txt": ("copied", None),
        "what?.txt": ("failed", "NAME-CHARACTER"),
    }
    standing = waves.standing(ledger, waves.get(ledger, "pilot"))
    assert (waves.get(ledger, "pilot").state, standing.lost, standing.open.items) == ("running", Amount(), 1)
    batch = leases.claim(ledger, wave, owner="test")
    assert batch is not None
    assert [(each.target_name, each.intended) for each in batches.transfers(ledger, batch)] == [("busy.txt", True)]
    progress = batches.progress(ledger, "pilot")
    assert (progress.items, progress.finished, progress.failed) == (2, 1, 0)
    events = [row["event"] for row in ledger.rows("SELECT event FROM outcome_event ORDER BY id")]
    assert events == ["failed", "failed", "copied", "offered again"]


def test_failed_item_is_not_offered_again_when_another_has_its_place(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "one/a.txt", b"x")
    write(tmp_path / "two/a.txt", b"y")
    sign(ledger, tmp_path / "one", {"": (TIDY, HOME)})
    first = plan(ledger, "first")
    waves.set_state(ledger, first, "running")
    finish(ledger, first, "a.txt", Outcome.FAILED, "SERVICE-UNAVAILABLE")
    sign(ledger, tmp_path / "two", {"": (TIDY, HOME)}, sheet_id="S-0002")
    plan(ledger, "second")
    assert planning.retry(ledger, first) == Amount()


def test_files_that_came_since_move_with_another_wave_of_their_sheet(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for number in range(40):
        write(root / f"a/{number}.txt", b"x")
    sign(ledger, root, {"a": (TIDY, HOME)})
    wave = plan(ledger, "first")
    waves.set_state(ledger, wave, "running")
    for number in range(40):
        finish(ledger, wave, f"{number}.txt", Outcome.COPIED)
    with pytest.raises(SpmigrateError, match="in a wave already: first"):
        plan(ledger, "second", ["S-0001"])
    write(root / "a/new.txt", b"x")
    survey(ledger, root, name="share")
    with pytest.raises(SpmigrateError, match="in a wave already: first"):
        plan(ledger, "second")
    standing = waves.standing(ledger, plan(ledger, "second", ["S-0001"]))
    assert (standing.open.items, standing.accounting.of(Outcome.SKIPPED).items) == (1, 40)
