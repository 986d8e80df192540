"""Who may sign, what a signature covers, and what ends it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.mapping import agreement, issuing
from spmigrate.mapping import desk as counter
from spmigrate.mapping.signoff import Evidence, statement
from spmigrate.mapping.states import State, after
from spmigrate.model import Decision, Destination
from spmigrate.scan.survey import survey
from spmigrate.store import mappings, signoffs
from tests.registers import DEPUTY, OWNER, rulebook
from tests.unit.mapping.desk_case import APPROVED, ARCHIVE, MOVE, Desk, answered, choices, signed

pytestmark = pytest.mark.homes

EVERY_FOLDER = {"Bridges", "Surveys", "=HYPERLINK(1)", "."}


def rescan(desk: Desk) -> None:
    survey(desk.ledger, desk.root, name="Highways")


def states(desk: Desk) -> State:
    (position,) = counter.status(desk.ledger, choices(), desk.rules)
    return position.state


def test_sheet_goes_from_issued_to_signed(desk: Desk) -> None:
    assert states(desk) is State.ISSUED
    desk.answer({"Surveys": {}})
    desk.collect()
    assert states(desk) is State.RETURNED
    answered(desk)
    assert states(desk) is State.VALIDATED and desk.signed() == set()
    desk.sign()
    assert states(desk) is State.OWNER_SIGNED and desk.signed() == EVERY_FOLDER
    desk.answer({"Bridges": ARCHIVE, "Surveys": ARCHIVE})
    desk.collect()
    assert states(desk) is State.INVALIDATED


def test_signed_rows_carry_decision_and_destination(desk: Desk) -> None:
    entry = signed(desk)
    rows = {row.row_id: row for row in signoffs.signed_rows(desk.ledger, [desk.record.id])}
    bridges, surveys = rows[desk.row_id("Bridges")], rows[desk.row_id("Surveys")]
    assert (bridges.decision, bridges.scope, bridges.signoff_id) == (Decision.MOVE_AND_TIDY, "tree", entry.id)
    assert bridges.destination == Destination("/sites/t-s6p2x", "Shared Documents", "Structures > Documents")
    assert (surveys.decision, surveys.destination) == (Decision.ARCHIVE, None)
    assert signoffs.signed_rows(desk.ledger, ["S-0099"]) == [] and signoffs.unsigned_rows(desk.ledger) == []


def test_unsigned_rows_say_why(desk: Desk) -> None:
    answered(desk)
    assert {row.reason for row in signoffs.unsigned_rows(desk.ledger)} == {"not signed off"}


@pytest.mark.parametrize(
    "change",
    [
        {"decision": "Move"}, {"home": "Asset Management > Documents"}, {"subject": "Finance"},
        {"keep": "RL-FI01 FY+6"}, {"sensitive": "Personal"}, {"marking": "OFFICIAL-SENSITIVE"}, {"who": "Function"},
        {"group": "Bridge team"}, {"used_with": "Database"}, {"ig_view": "Hold"}, {"hold": "HOLD-CSA"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_any_change_that_matters_ends_the_signature_of_that_row_alone(desk: Desk, change: dict[str, str]) -> None:
    signed(desk)
    desk.answer({"Bridges": MOVE | change, "Surveys": ARCHIVE})
    assert desk.collect().changed == (desk.row_id("Bridges"),)
    (row,) = signoffs.unsigned_rows(desk.ledger)
    assert (row.path, row.reason, row.voided) == ("Bridges", "changed since it was signed off", True)
    assert desk.signed() == EVERY_FOLDER - {"Bridges"}


@pytest.mark.parametrize(
    "change", [{"notes": "Thank you"}, {"avoid": "month end"}, {"ig_view": "OK"}], ids=lambda change: next(iter(change))
)
def test_notes_and_dates_do_not_end_a_signature(desk: Desk, change: dict[str, str]) -> None:
    signed(desk)
    desk.answer({"Bridges": MOVE | change, "Surveys": ARCHIVE})
    desk.collect()
    assert desk.signed() == EVERY_FOLDER


def test_only_what_changed_is_signed_again(desk: Desk) -> None:
    first = signed(desk)
    desk.answer({"Bridges": ARCHIVE, "Surveys": ARCHIVE})
    desk.collect()
    second = desk.sign()
    assert second is not None and [row for row, _ in second.rows] == [desk.row_id("Bridges")]
    assert second.previous == first.entry and desk.signed() == EVERY_FOLDER
    assert desk.sign() is None


def test_going_back_to_an_answer_that_was_replaced_needs_a_new_signature(desk: Desk) -> None:
    signed(desk)
    for answers in (ARCHIVE, MOVE):
        desk.answer({"Bridges": answers, "Surveys": ARCHIVE})
        desk.collect()
        if answers is ARCHIVE:
            desk.sign()
    assert desk.signed() == EVERY_FOLDER - {"Bridges"}


def test_rows_that_are_not_ready_stay_unsigned(desk: Desk) -> None:
    desk.answer({"Bridges": {"decision": "I don't know"}, "Surveys": ARCHIVE})
    desk.collect()
    entry = desk.sign()
    assert entry is not None and desk.signed() == EVERY_FOLDER - {"Bridges"}
    assert f"Not part of this: 1 folder still to be settled ({desk.row_id('Bridges')}:" in entry.statement


def test_statement_names_exceptions_first_then_numbers(desk: Desk) -> None:
    special = MOVE | {"sensitive": "Special category or criminal"}
    shared = MOVE | {"home": "Shared with Districts > Documents", "who": "Partner", "group": "District A"}
    desk.answer({"Bridges": special, "Surveys": ARCHIVE, "=HYPERLINK(1)": shared})
    desk.collect()
    text = counter.statement(desk.ledger, desk.stands())
    assert text is not None
    parts = [
        "1 folder holds special category or criminal details", "1 folder is meant for a partner",
        "1 name will be changed", "You are agreeing to move and tidy 3 folders (4 files, ",
        "and leave 1 folder (1 file, 16 bytes) as a read-only archive", "Nothing will be deleted.",
    ]  # fmt: skip
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


def test_statement_says_where_each_row_goes(desk: Desk) -> None:
    desk.answer({"Surveys": ARCHIVE})
    desk.collect()
    text = counter.statement(desk.ledger, desk.stands())
    ids = {path: desk.row_id(path) for path in ("Bridges", "Surveys", "=HYPERLINK(1)", "")}
    assert text is not None
    assert (
        f"Row by row: Move and tidy to Structures > Documents: {ids['=HYPERLINK(1)']} =HYPERLINK(1),"
        f" {ids['Bridges']} Bridges, {ids['']} (files in no folder);"
        f" Leave as read-only archive: {ids['Surveys']} Surveys."
    ) in text


def test_statement_of_any_number_of_rows_is_whole_in_a_cell(desk: Desk) -> None:
    desk.answer({})
    desk.collect()
    stands = desk.stands()
    for times in (1, 50, 500):
        rows = stands.answered(stands.ready) * times
        text = statement(stands.record, "Highways", rows, [], locks_on=date(2026, 12, 4))
        assert agreement.in_a_cell(text) == text, times
        assert text.endswith("until the folder has moved.")
        assert ("Row by row: as the tab 'Your folders' has" in text) == (times == 500), times


def test_nothing_is_signed_before_the_workbook_is_back_or_ready(desk: Desk) -> None:
    with pytest.raises(SpmigrateError, match="has not come back"):
        desk.sign()
    desk.answer({}, others={})
    desk.collect()
    with pytest.raises(SpmigrateError, match="no row of S-0001 can be signed yet"):
        desk.sign()
    assert list(signoffs.signoffs(desk.ledger)) == []


@pytest.mark.parametrize(
    ("signer", "evidence", "text"),
    [
        ("Structures Lead", APPROVED, "may not sign S-0001: its owner is"),
        (OWNER, Evidence("MAIL-1", OWNER.upper()), "the witness must hold another role"),
        (OWNER, Evidence("  "), "the evidence has no reference"),
    ],
)
def test_the_wrong_role_or_evidence_is_refused(desk: Desk, signer: str, evidence: Evidence, text: str) -> None:
    answered(desk)
    with pytest.raises(SpmigrateError, match=text):
        desk.sign(signer, evidence)
    assert desk.signed() == set()


def test_a_recorded_deputy_signs_until_the_delegation_ends(desk: Desk) -> None:
    desk.reissue(delegation=issuing.Delegation(DEPUTY, "2026-12-31"))
    answered(desk)
    with pytest.raises(SpmigrateError, match="was deputy for S-0001 until 2026-12-31"):
        desk.sign(DEPUTY, now="2027-01-01T00:00:00Z")
    entry = desk.sign(DEPUTY, Evidence("MAIL-7", "Migration Lead"), now="2026-12-31T23:00:00Z")
    assert entry is not None
    assert (entry.role, entry.evidence) == ("deputy", "level 4: e-mail MAIL-7, witnessed by Migration Lead")


def test_a_deputy_stays_one_for_the_same_owner_only(desk: Desk) -> None:
    desk.reissue(delegation=issuing.Delegation(DEPUTY, "2099-12-31"))
    desk.reissue(owner=OWNER.upper())
    assert desk.record.deputy == DEPUTY
    desk.reissue(owner="Director of Children's Services")
    deputies = [each.deputy for each in mappings.sheets(desk.ledger)]
    assert deputies == [None]
    answered(desk)
    with pytest.raises(SpmigrateError, match="may not sign"):
        desk.sign(DEPUTY)


def test_only_what_was_approved_is_signed(desk: Desk) -> None:
    desk.answer({}, others=ARCHIVE)
    desk.collect()
    approved = desk.digest()
    desk.answer({})
    desk.collect()
    with pytest.raises(SpmigrateError, match="not those that were approved: their digest is"):
        desk.sign(agreed=approved)
    assert desk.signed() == set()
    entry = desk.sign(agreed=desk.digest()[:12].upper())
    assert entry is not None and desk.signed() == EVERY_FOLDER


@pytest.mark.parametrize("length", [1, 11, 65])
def test_a_digest_too_short_to_mean_one_set_of_rows_is_refused(desk: Desk, length: int) -> None:
    answered(desk)
    with pytest.raises(UsageProblem, match="give at least 12 of its digits"):
        desk.sign(agreed=(desk.digest() + "0")[:length])
    assert desk.signed() == set()


def test_a_new_owner_signs_again(desk: Desk) -> None:
    signed(desk)
    desk.reissue(owner=DEPUTY)
    assert desk.signed() == set()


def test_a_few_new_files_keep_the_signature(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / "share" / "Works").mkdir(parents=True, exist_ok=True)
        (tmp_path / "share" / "Works" / f"{number}.txt").write_text("x")
    desk = Desk.open(tmp_path, tmp_path / "share")
    desk.answer({})
    desk.collect()
    desk.sign()
    for number in range(100, 105):
        assert desk.signed() == {"Works"}
        (desk.root / "Works" / f"{number}.txt").write_text("x")
        rescan(desk)
    (row,) = signoffs.unsigned_rows(desk.ledger)
    assert row.reason == "the folder changed since it was signed off: of 100 files, 0 went or were replaced, and 5 came"
    with pytest.raises(SpmigrateError, match="can be signed yet"):
        desk.sign()
    desk.ledger.close()


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Bridges/new/x.txt", "folders were added"), ("Bridges/what?.txt", "renamed or left behind")],
)
def test_a_new_folder_or_a_new_rename_ends_the_signature(desk: Desk, name: str, reason: str) -> None:
    signed(desk)
    (desk.root / name).parent.mkdir(exist_ok=True)
    (desk.root / name).write_text("x")
    rescan(desk)
    assert desk.signed() == EVERY_FOLDER - {"Bridges"}
    assert reason in signoffs.unsigned_rows(desk.ledger)[0].reason


def test_issued_again_after_a_scan_unchanged_rows_stay_signed(desk: Desk) -> None:
    signed(desk)
    (desk.root / "Bridges" / "new").mkdir()
    desk.reissue()
    assert desk.signed() == EVERY_FOLDER - {"Bridges"} and states(desk) is State.ISSUED
    desk.collect()
    assert desk.sign() is not None
    assert desk.signed() == EVERY_FOLDER and states(desk) is State.OWNER_SIGNED


def test_a_folder_that_left_and_came_back_is_in_no_row_until_it_is_issued(desk: Desk) -> None:
    signed(desk)
    (desk.root / "Surveys").rename(desk.root.parent / "away")
    desk.reissue()
    (desk.root.parent / "away").rename(desk.root / "Surveys")
    rescan(desk)
    assert desk.stands().uncovered == ("Surveys",)
    desk.reissue()
    assert desk.stands().uncovered == () and desk.row_id("Surveys") in {row.row_id for row in desk.stands().rows}


def test_a_home_that_is_approved_no_longer_ends_the_signature(desk: Desk) -> None:
    desk.answer({"Surveys": ARCHIVE, "Bridges": MOVE | {"home": "Asset Management > Documents"}})
    desk.collect()
    desk.sign()
    (left,) = (home for home in choices().destinations if home.site == "/sites/t-a3w9c")
    renamed = replace(left, label="Assets > Documents")
    assert signoffs.unsigned_rows(desk.ledger, homes=choices().destinations) == []
    stands = counter.stand(desk.ledger, desk.record.id, choices([renamed]), rulebook())
    assert set(stands.unsigned) == {desk.row_id("=HYPERLINK(1)"), desk.row_id("")} == stands.blocked
    assert set(stands.unsigned.values()) == {
        "its new home 'Structures > Documents' is not an approved library any more"
    }
    assert stands.state is State.INVALIDATED


def test_nothing_may_move_while_its_source_is_scanned(desk: Desk) -> None:
    signed(desk)
    rescan(desk)
    desk.ledger.execute("UPDATE scan SET state = 'running' WHERE id = (SELECT max(id) FROM scan)")
    assert {row.reason for row in signoffs.unsigned_rows(desk.ledger)} == {"a scan of its source has not finished"}


def test_answers_changed_behind_the_back_of_the_tool_are_not_signed(desk: Desk) -> None:
    signed(desk)
    desk.ledger.execute("UPDATE mapping_row SET decision = replace(decision, 't-s6p2x', 't-a3w9c')")
    assert desk.signed() == {"Surveys"}


def test_rows_that_were_pointed_at_other_folders_behind_the_back_of_the_tool_are_not_signed(desk: Desk) -> None:
    signed(desk)
    assert {"Bridges", "Surveys"} <= desk.signed()
    rows = {row.path: row for row in mappings.rows(desk.ledger)}
    one, other = rows["Bridges"], rows["Surveys"]
    for folder_id, scope, row_id in (
        (other.folder_id, "folder", one.row_id), (one.folder_id, "tree", other.row_id),
        (other.folder_id, "tree", one.row_id),
    ):  # fmt: skip
        desk.ledger.execute(
            "UPDATE mapping_row SET folder_id = ?, scope = ? WHERE row_id = ?", (folder_id, scope, row_id)
        )
    assert desk.signed().isdisjoint({"Bridges", "Surveys"})


def test_state_follows_from_facts() -> None:
    assert after(rows=3, signed=3, voided=0, blocked=0) is State.OWNER_SIGNED
    assert after(rows=3, signed=2, voided=1, blocked=1) is State.INVALIDATED
    assert after(rows=3, signed=1, voided=0, blocked=1) is State.RETURNED
    assert after(rows=3, signed=1, voided=0, blocked=0) is State.VALIDATED
    assert after(rows=0, signed=0, voided=0, blocked=0) is State.VALIDATED
