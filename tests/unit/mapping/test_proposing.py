"""What is proposed from findings of the scan, and what owners read of them."""

from pathlib import Path

import pytest

from spmigrate.mapping import proposing, sheet
from spmigrate.mapping.draft import DraftRow
from spmigrate.scan.codes import CODES
from spmigrate.scan.survey import survey
from spmigrate.store.row_facts import FolderFacts
from tests.unit.mapping.draft_case import Drawer, rows


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    drawer = Drawer.open(tmp_path)
    for folder in (tmp_path / "share", *(tmp_path / "share").rglob("*/")):
        folder.chmod(0o750)
    return drawer


def drafted(drawer: Drawer, path: str) -> DraftRow:
    """A row of the draft, once who may open each folder was read too."""
    survey(drawer.ledger, drawer.folder / "share", name="Highways", access="folders")
    return rows(drawer.draft().draft)[path][1]


def test_proposals_are_made_from_findings_that_scans_make() -> None:
    assert set(proposing.READ_CODES) <= set(CODES)


def test_a_folder_that_everybody_may_open_says_so_and_is_not_proposed_wider(drawer: Drawer) -> None:
    assert drafted(drawer, "Structures/old").why[-1] == "Who: the home is the site of a team"
    (drawer.folder / "share/Structures/old").chmod(0o755)
    row = drafted(drawer, "Structures/old")
    assert row.who == "Whole team"
    assert "today everybody in the council may open parts of it" in row.why[-1]


def test_folders_with_access_of_their_own_are_pointed_at(drawer: Drawer) -> None:
    (drawer.folder / "share/Structures/old").chmod(0o700)
    row = drafted(drawer, "Structures/old")
    assert row.why[-1] == "Who: the home is the site of a team; 1 folder has access of its own today: look"


def test_sensitive_names_behind_an_access_list_of_their_own_stay_restricted(drawer: Drawer) -> None:
    drawer.write("Structures/old", 4, name="Safeguarding referral")
    (drawer.folder / "share/Structures/old").chmod(0o700)
    row = drafted(drawer, "Structures/old")
    assert (row.sensitive, row.who) == ("Personal", "Restricted list")
    assert row.why[-1] == "Who: 1 folder has access of its own today, and names look sensitive"


def test_what_everybody_may_open_because_of_a_folder_around_it_says_so_too(drawer: Drawer) -> None:
    drawer.write("Structures/old", 4, name="Safeguarding referral")
    for folder in (drawer.folder / "share", *(drawer.folder / "share").rglob("*/")):
        folder.chmod(0o755)
    text = "Who: today everybody in the council may open parts of it; names look sensitive, so not more than need to"
    assert drafted(drawer, "Structures/old").why[-1] == text
    (drawer.folder / "share/Structures/old").chmod(0o750)
    assert "everybody" not in drafted(drawer, "Structures/old").why[-1]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("EXTERNAL-LINKS", "2 workbooks with links to others"),
        ("PASSWORD", "2 files with a password"),
        ("LABEL-ENCRYPTED", "2 files encrypted by their labels"),
        ("CAD-SET", "2 folders of drawings that belong together"),
        ("GEODATABASE", "2 geodatabases"),
        ("ACL-DENY", "2 places that are closed to somebody today"),
    ],
)
def test_owners_read_what_was_found_in_their_folders(code: str, text: str) -> None:
    assert sheet.things_to_know(FolderFacts(1, "Bridges", "tree", findings=(("note", code, 2),))) == text


def test_every_note_for_owners_is_one_that_scans_make() -> None:
    assert set(sheet.NOTES) <= set(CODES)
