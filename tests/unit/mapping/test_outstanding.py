"""Workbooks that are out and would be the same again stay out: their owners' copies keep their worth."""

from collections.abc import Callable
from pathlib import Path

import pytest

from spmigrate.formats.fill_in import fill_in
from spmigrate.mapping import collecting, issuing
from spmigrate.mapping.answering import agreeable
from spmigrate.mapping.issuing import Delegation, Issued
from spmigrate.store import mappings
from tests.unit.mapping.draft_case import Drawer, choices

EVERY = ["S-0001", "S-0002", "S-0003"]


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    drawer = Drawer.open(tmp_path)
    drawer.draft()
    drawer.issue()
    return drawer


def versions(found: Issued) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    issued, kept = ([(each.id, each.version) for each in side] for side in (found.sheets, found.kept))
    return issued, kept


def test_nothing_changed_nothing_is_issued_again(drawer: Drawer) -> None:
    before = mappings.sheets(drawer.ledger)
    assert versions(drawer.issued()) == ([], [(each, 1) for each in EVERY])
    drawer.scan()
    assert versions(drawer.issued()) == ([], [(each, 1) for each in EVERY])
    assert mappings.sheets(drawer.ledger) == before


def test_the_copy_of_an_owner_is_still_read(drawer: Drawer) -> None:
    drawer.write("Structures/new", 9)
    drawer.scan()
    drawer.draft()
    issued, kept = versions(drawer.issued())
    assert (issued, kept) == ([("S-0003", 2)], [("S-0001", 1), ("S-0002", 1)])
    copy = drawer.folder / "mappings/S-0002-v1.xlsx"
    fill_in(copy, copy, lambda row, offered: agreeable(row, offered, 1))
    assert collecting.collect(drawer.ledger, copy, choices(), keep=True).position.record.version == 1
    assert ("S-0002", 1) in versions(drawer.issued())[1], "answers that came back change nothing of what was issued"


def more_files(drawer: Drawer) -> None:
    drawer.write("Asset Management/Lamps", 1, name="more")
    drawer.scan()


def another_home(drawer: Drawer) -> None:
    drawer.edit(lambda text: text.replace("home: Asset Management > Documents", "home: Structures > Documents"))


def another_owner(drawer: Drawer) -> None:
    drawer.edit(lambda text: text.replace("owner: asset.management.lead", "owner: highways.maintenance.head"))


def lost_file(drawer: Drawer) -> None:
    (drawer.folder / "mappings/S-0001-v1.xlsx").rename(drawer.folder / "elsewhere.xlsx")


def crash(drawer: Drawer) -> None:
    drawer.ledger.execute("UPDATE sheet SET state = 'DRAFT' WHERE id = 'S-0001'")
    (drawer.folder / "mappings/S-0001-v1.xlsx").unlink()


@pytest.mark.parametrize("change", [more_files, another_home, another_owner, lost_file, crash])
def test_a_sheet_in_which_anything_changed_is_issued_again(drawer: Drawer, change: Callable[[Drawer], None]) -> None:
    change(drawer)
    issued, kept = versions(drawer.issued())
    assert [each for each, _ in issued] == ["S-0001"] and kept == [("S-0002", 1), ("S-0003", 1)]


def test_a_sheet_that_is_asked_for_is_issued_again_all_the_same(drawer: Drawer) -> None:
    assert versions(drawer.issued(sheet="Structures")) == ([("S-0003", 2)], [])


def test_a_new_deputy_is_a_change(drawer: Drawer) -> None:
    found = issuing.issue_draft(
        drawer.ledger, drawer.read()[0], choices=choices(), folder=drawer.folder / "mappings",
        delegation=Delegation("deputy", "2026-12-31"),
    )  # fmt: skip
    assert [each.version for each in found.sheets] == [2, 2, 2] and found.kept == []
