"""Where items go, and why some do not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spmigrate.migrate import target
from spmigrate.migrate.target import Fate, Mark, Place
from spmigrate.model import Decision, Destination, Outcome, Treatment

HOME = Destination(site="/sites/t-a3w9c", library="Shared Documents", label="Asset Management > Documents")
TIDY, MOVE = Decision.MOVE_AND_TIDY, Decision.MOVE
NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=300)


def rename(proposal: str | None) -> Mark:
    return Mark("NAME-CHARACTERS", Treatment.RENAME, proposal, "The name has a character that is refused.")


def mark(treatment: Treatment, code: str = "CODE") -> Mark:
    return Mark(code, treatment, None, "Because.")


def settled(name: str, *marks: Mark, decision: Decision = TIDY, path: str = "Plans", kind: str = "file") -> str | Fate:
    return target.settle(Place(path), decision, kind, name, marks, destination=HOME)


def test_signed_rename_is_applied() -> None:
    assert settled("a?.txt", rename("a_.txt")) == "a_.txt"


def test_rename_without_the_owners_word_fails() -> None:
    found = settled("a?.txt", rename("a_.txt"), decision=MOVE)
    assert isinstance(found, Fate)
    assert (found.outcome, found.code) == (Outcome.FAILED, "NAME-CHARACTERS")


def test_rename_without_a_proposal_fails() -> None:
    assert isinstance(settled("a?.txt", rename(None)), Fate)


def test_folder_of_a_row_keeps_its_name_and_a_root_drops_it() -> None:
    assert target.start(MOVE, "Bridges", [], is_root=False) == Place("Bridges")
    assert target.start(MOVE, "", [], is_root=True) == Place("")


def test_renamed_folder_renames_the_path_of_all_below() -> None:
    folder = target.below(Place("Bridges"), TIDY, "2024?", [rename("2024_")])
    assert target.below(folder, TIDY, "June", []) == Place("Bridges/2024_/June")


@pytest.mark.parametrize(
    ("treatment", "outcome"),
    [(Treatment.SKIP, Outcome.SKIPPED), (Treatment.ROUTE, Outcome.ROUTED), (Treatment.BLOCK, Outcome.FAILED)],
)
def test_finding_decides_for_its_item_and_for_all_below_its_folder(treatment: Treatment, outcome: Outcome) -> None:
    fate = settled("a.txt", mark(treatment))
    assert isinstance(fate, Fate) and fate.outcome is outcome
    folder = target.below(target.below(Place("x"), TIDY, "y", [mark(treatment)]), TIDY, "z", [])
    assert folder.fate == fate


def test_staying_behind_by_rule_comes_before_a_blocker() -> None:
    fate = settled("~$a.docx", mark(Treatment.BLOCK, "B"), mark(Treatment.SKIP, "S"))
    assert isinstance(fate, Fate) and fate.code == "S"


@pytest.mark.parametrize(
    ("decision", "outcome", "code"),
    [
        (Decision.ARCHIVE, Outcome.SKIPPED, "OWNER-ARCHIVE"),
        (Decision.NOT_OURS, Outcome.SKIPPED, "OWNER-NOT-OURS"),
        (Decision.BUSINESS_SYSTEM, Outcome.ROUTED, "OWNER-SYSTEM"),
    ],
)
def test_owner_decides_for_the_whole_row(decision: Decision, outcome: Outcome, code: str) -> None:
    place = target.start(decision, "Old", [mark(Treatment.BLOCK)], is_root=False)
    fate = target.settle(place, decision, "file", "a.txt", [], destination=None)
    assert isinstance(fate, Fate) and (fate.outcome, fate.code) == (outcome, code)


@pytest.mark.parametrize(("kind", "code"), [("link", "LINK"), ("special", "SPECIAL")])
def test_only_files_move(kind: str, code: str) -> None:
    fate = settled("a", kind=kind)
    assert isinstance(fate, Fate) and (fate.outcome, fate.code) == (Outcome.SKIPPED, code)


def test_length_is_that_of_the_real_destination() -> None:
    room = target.MOST_PATH - len("sites/t-a3w9c/Shared Documents/") - len("/a.txt")
    folder = "/".join(["x" * 99] * 4)[:room]
    assert settled("a.txt", path=folder) == "a.txt"
    assert isinstance(fate := settled("a.txt", path=folder + "x"), Fate) and fate.code == "TARGET-PATH-LONG"


def test_names_are_counted_as_sharepoint_counts_them() -> None:
    assert settled("x" * 255) == "x" * 255
    assert isinstance(fate := settled("🚧" * 128, path=""), Fate) and fate.code == "TARGET-NAME-LONG"


def test_bytes_that_are_no_text_do_not_move() -> None:
    assert isinstance(fate := settled("caf\udce9.txt"), Fate) and fate.code == "TARGET-NAME-UNREADABLE"


@given(NAMES)
def test_names_arrive_in_nfc_and_fit(name: str) -> None:
    found = settled(name, decision=MOVE)
    if isinstance(found, str):
        assert found == unicodedata.normalize("NFC", name)
        assert target.characters(found) <= target.MOST_NAME


@given(NAMES)
def test_key_ignores_normal_form(name: str) -> None:
    assert target.key(HOME, unicodedata.normalize("NFD", name)) == target.key(HOME, unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Report.docx", "REPORT.DOCX", True), ("Été", "éTÉ", True), ("straße", "strasse", False), ("a/b", "a/c", False),
])  # fmt: skip
def test_key_compares_as_sharepoint_does(one: str, other: str, same: bool) -> None:
    assert (target.key(HOME, one) == target.key(HOME, other)) is same


def test_key_belongs_to_one_library() -> None:
    other = Destination(site=HOME.site, library="Plans", label="x")
    assert target.key(HOME, "a") != target.key(other, "a")
