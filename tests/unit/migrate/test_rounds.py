"""Rounds after the first: what each difference at the source becomes, and that the account balances."""

from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.migrate import codes, rounds
from spmigrate.model import Amount, Outcome
from spmigrate.scan.survey import survey
from spmigrate.store import rounds as kept
from spmigrate.store import signoffs, waves, where_is
from spmigrate.store.ledger import Ledger
from spmigrate.store.signoffs import UnsignedRow
from spmigrate.store.waves import Wave
from tests.signed_estate import TIDY, library, sign_scanned, write
from tests.unit.migrate.rounds_case import HOME, Case

pytestmark = pytest.mark.homes


@pytest.fixture
def case(tmp_path: Path, ledger: Ledger) -> Case:
    root = tmp_path / "share"
    for number in range(6):
        write(root / "a" / "inner" / f"{number}.txt", b"x" * (number + 1))
    write(root / "a" / "top.txt", b"top")
    found = Case(ledger, root)
    found.begin()
    return found


def _balanced(ledger: Ledger, wave: Wave) -> waves.Standing:
    standing = waves.standing(ledger, wave)
    assert standing.lost == Amount()
    assert standing.open == Amount()
    assert standing.accounting.balances
    return standing


def test_new_files_are_copied(case: Case) -> None:
    write(case.root / "a" / "inner" / "new.txt", b"new")
    wave = case.delta()
    assert (wave.round, case.shelf.calls) == (2, ["copy"])
    assert case.shelf.paths()["a/inner/new.txt"] == b"new"
    assert case.found() == {"new": 1, "unchanged": 7}
    assert _balanced(case.ledger, wave).accounting.source.items == 8


def test_a_changed_file_takes_the_place_of_its_copy_under_the_same_id(case: Case) -> None:
    before = {each.place: number for number, each in case.shelf.files.items()}
    write(case.root / "a" / "inner" / "3.txt", b"another text", modified=1_500_000_000)
    wave = case.delta()
    assert case.shelf.calls == ["replace"]
    assert {each.place: number for number, each in case.shelf.files.items()} == before
    assert case.shelf.paths()["a/inner/3.txt"] == b"another text"
    assert _balanced(case.ledger, wave).accounting.of(Outcome.COPIED).items == 7


def test_what_was_edited_at_both_sides_is_left_and_told(case: Case) -> None:
    case.shelf.edit("a/inner/3.txt", b"edited in the new home")
    write(case.root / "a" / "inner" / "3.txt", b"edited at the source", modified=1_500_000_000)
    wave = case.delta()
    assert case.shelf.paths()["a/inner/3.txt"] == b"edited in the new home"
    failed = case.ledger.one("SELECT code FROM transfer WHERE outcome = 'failed'")
    assert failed is not None
    assert failed["code"] == codes.TARGET_EDITED.code
    assert _balanced(case.ledger, wave).accounting.of(Outcome.FAILED).items == 1
    case.delta()
    assert case.shelf.calls == [], "nothing is asked for again before the source changes"
    write(case.root / "a" / "inner" / "3.txt", b"and again", modified=1_600_000_000)
    wave = case.delta()
    assert case.shelf.calls == ["replace"]
    assert case.shelf.paths()["a/inner/3.txt"] == b"edited in the new home"
    _balanced(case.ledger, wave)


def test_a_renamed_file_is_renamed_and_not_copied_again(case: Case) -> None:
    (case.root / "a" / "top.txt").rename(case.root / "a" / "inner" / "moved.txt")
    wave = case.delta()
    assert case.shelf.calls == ["rename"]
    assert "a/top.txt" not in case.shelf.paths()
    assert case.shelf.paths()["a/inner/moved.txt"] == b"top"
    assert case.found() == {"renamed": 1, "unchanged": 6}
    _balanced(case.ledger, wave)


def test_a_renamed_folder_is_not_doubled(case: Case) -> None:
    (case.root / "a" / "inner").rename(case.root / "a" / "other")
    wave = case.delta()
    assert case.shelf.calls == ["rename"] * 6
    assert sorted(case.shelf.paths()) == ["a/other/0.txt", "a/other/1.txt", "a/other/2.txt", "a/other/3.txt",
                                          "a/other/4.txt", "a/other/5.txt", "a/top.txt"]  # fmt: skip
    assert _balanced(case.ledger, wave).accounting.source.items == 7


def test_a_file_renamed_over_several_scans_is_found_by_its_first_name(case: Case) -> None:
    (case.root / "a" / "top.txt").rename(case.root / "a" / "second.txt")
    case.scan()
    (case.root / "a" / "second.txt").rename(case.root / "a" / "third.txt")
    wave = case.delta()
    assert case.shelf.calls == ["rename"]
    assert "a/third.txt" in case.shelf.paths()
    _balanced(case.ledger, wave)


def test_what_has_gone_at_the_source_stays_at_the_destination_and_is_listed(case: Case) -> None:
    (case.root / "a" / "top.txt").unlink()
    wave = case.delta()
    assert case.shelf.calls == []
    assert case.shelf.paths()["a/top.txt"] == b"top"
    assert case.found() == {"gone": 1, "unchanged": 6}
    assert kept.listed(case.ledger, wave, "gone", 10) == [("a/top.txt", "/sites/team/Shared Documents/a/top.txt")]
    assert _balanced(case.ledger, wave).accounting.source.items == 6


def test_a_file_that_comes_back_counts_again_and_is_not_copied_twice(case: Case) -> None:
    (case.root / "a" / "top.txt").unlink()
    case.delta()
    write(case.root / "a" / "top.txt", b"top")
    wave = case.delta()
    assert (case.shelf.calls, case.found()) == ([], {"back": 1, "unchanged": 6})
    (case.root / "a" / "top.txt").unlink()
    case.delta()
    write(case.root / "a" / "top.txt", b"another", modified=1_500_000_000)
    wave = case.delta()
    assert case.shelf.calls == ["replace"]
    assert case.shelf.paths()["a/top.txt"] == b"another"
    _balanced(case.ledger, wave)


def test_nothing_new_is_a_round_without_transfers(case: Case) -> None:
    before = case.ledger.one("SELECT count(*) FROM transfer")
    wave = case.delta()
    after = case.ledger.one("SELECT count(*) FROM transfer")
    assert (before and before[0], case.found()) == (after and after[0], {"unchanged": 7})
    assert wave.state == "moved"


def test_a_folder_that_cannot_be_read_is_not_gone(case: Case) -> None:
    inner = case.root / "a" / "inner"
    write(inner / "deep" / "x.txt", b"deep")
    case.delta()
    # The account under which tests run may read everything: what a scan says of a closed folder is written by hand.
    survey(case.ledger, case.root, name=case.root.name)
    case.ledger.execute("UPDATE folder SET state = 'unseen', reason = 'closed', items = 0, bytes = 0 WHERE path = ?",
                        ("a/inner",))  # fmt: skip
    case.ledger.execute("UPDATE folder SET scan_id = 0 WHERE path = 'a/inner/deep'")
    below = "SELECT id FROM folder WHERE path LIKE 'a/inner%'"
    case.ledger.execute(f"UPDATE item SET scan_id = 0 WHERE folder_id IN ({below})")
    rounds.plan(case.ledger, "pilot", tenant="t", gate=case.gate)
    wave = waves.get(case.ledger, "pilot")
    assert case.found() == {"unchanged": 1}
    standing = _balanced(case.ledger, wave)
    assert (standing.unseen, standing.accounting.source.items) == (2, 8)


def test_rows_that_may_not_move_wait_with_what_they_have(case: Case) -> None:
    write(case.root / "a" / "more.txt", b"more")
    case.scan()
    row = waves.wave_digests(case.ledger, waves.get(case.ledger, "pilot"))
    (row_id,) = row
    refuse = UnsignedRow(row_id, "S-0001", "a", "the folder changed since it was signed off", voided=True)
    rounds.plan(case.ledger, "pilot", tenant="t", gate=lambda _sheets: [refuse])
    wave = waves.get(case.ledger, "pilot")
    last = kept.of_wave(case.ledger, wave)[-1]
    assert last.waiting == ((row_id, "the folder changed since it was signed off"),)
    assert _balanced(case.ledger, wave).accounting.source.items == 7
    rounds.plan(case.ledger, "pilot", tenant="t", gate=case.gate)
    assert case.found() == {"new": 1, "unchanged": 7}


def test_growth_of_five_percent_ends_the_signature_and_the_row_waits(case: Case) -> None:
    write(case.root / "a" / "more.txt", b"more")
    case.scan()
    (refused,) = signoffs.unsigned_rows(case.ledger)
    rounds.plan(case.ledger, "pilot", tenant="t", gate=lambda _sheets: [refused])
    last = kept.of_wave(case.ledger, waves.get(case.ledger, "pilot"))[-1]
    assert [reason for _, reason in last.waiting] == [refused.reason]
    assert "changed since it was signed off" in refused.reason


def test_a_round_needs_a_later_scan(case: Case) -> None:
    with pytest.raises(UsageProblem, match="was scanned since round 1"):
        rounds.plan(case.ledger, "pilot", tenant="t", gate=case.gate)


def test_a_round_begins_when_the_one_before_is_done(case: Case) -> None:
    write(case.root / "a" / "new.txt", b"new")
    case.scan()
    rounds.plan(case.ledger, "pilot", tenant="t", gate=case.gate)
    with pytest.raises(SpmigrateError, match="still 1 files to move") as caught:
        rounds.plan(case.ledger, "pilot", tenant="t", gate=case.gate)
    assert caught.value.hint == "finish it first: spmigrate wave run pilot"


@pytest.mark.parametrize("state", ["accepted", "rolled back", "cancelled"])
def test_a_wave_that_is_over_takes_no_rounds(case: Case, state: str) -> None:
    waves.set_state(case.ledger, waves.get(case.ledger, "pilot"), state)
    case.scan()
    with pytest.raises(SpmigrateError, match="nothing more moves in it"):
        rounds.plan(case.ledger, "pilot", tenant="t", gate=case.gate)


def test_a_row_with_another_home_waits_for_a_wave_of_its_own(case: Case) -> None:
    (signed,) = signoffs.signed_rows(case.ledger)
    elsewhere = type(signed)(**{name: getattr(signed, name) for name in signed.__slots__} | {
        "destination": library("/sites/another")})  # fmt: skip
    case.scan()
    rounds.plan(case.ledger, "pilot", tenant="t", gate=lambda _sheets: [elsewhere])
    last = kept.of_wave(case.ledger, waves.get(case.ledger, "pilot"))[-1]
    assert "another new home" in last.waiting[0][1]


def test_a_row_signed_anew_for_fewer_people_adds_nothing_to_what_more_people_see(case: Case) -> None:
    write(case.root / "a" / "new.txt", b"new")
    case.scan()
    sign_scanned(case.ledger, case.root, case.rows, answers={"a": {"who": "Named group", "group": "Claims"}})
    rounds.plan(case.ledger, "pilot", tenant="t", gate=lambda _sheets: signoffs.signed_rows(case.ledger))
    wave = waves.get(case.ledger, "pilot")
    assert "who may see it" in kept.of_wave(case.ledger, wave)[-1].waiting[0][1]
    assert not waves.standing(case.ledger, wave).open.items


def test_a_row_signed_anew_as_it_was_takes_part(case: Case) -> None:
    write(case.root / "a" / "new.txt", b"new")
    case.scan()
    sign_scanned(case.ledger, case.root, case.rows)
    rounds.plan(case.ledger, "pilot", tenant="t", gate=lambda _sheets: signoffs.signed_rows(case.ledger))
    assert case.found() == {"new": 1, "unchanged": 7}


def test_where_is_tells_the_present_place_of_what_was_renamed(case: Case) -> None:
    (case.root / "a" / "top.txt").rename(case.root / "a" / "inner" / "moved.txt")
    case.delta()
    source = where_is.sources(case.ledger)[0]
    for path in ("a/top.txt", "a/inner/moved.txt"):
        met = where_is.meet(case.ledger, source.id, path.split("/"))
        assert met is not None
        place = where_is.at(case.ledger, met.folder_id, met.item_id)
        assert place is not None
        assert place.landing is not None, path
        assert (place.landing.folder, place.landing.name) == ("a/inner", "moved.txt"), path


def test_a_file_that_moves_to_another_row_of_the_same_library_is_renamed(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    write(root / "a" / "1.txt", b"one")
    write(root / "b" / "2.txt", b"two")
    case = Case(ledger, root, rows={"a": (TIDY, HOME), "b": (TIDY, HOME)})
    case.begin()
    (root / "a" / "1.txt").rename(root / "b" / "1.txt")
    wave = case.delta()
    assert case.shelf.calls == ["rename"]
    assert sorted(case.shelf.paths()) == ["b/1.txt", "b/2.txt"]
    _balanced(ledger, wave)
