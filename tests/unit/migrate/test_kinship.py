"""Files that are one thing together are planned into one batch, and told apart from those that only look like it."""

from pathlib import Path

import pytest

from spmigrate.store import planned_batches
from spmigrate.store.ledger import Ledger
from tests.signed_estate import TIDY, sign, write
from tests.unit.migrate.planning_case import HOME, plan
from tests.unit.migrate.rounds_case import Case

pytestmark = pytest.mark.homes


def batches(ledger: Ledger) -> dict[str, int]:
    """The batch of each file of the last round that is in one, by its path at the source."""
    rows = ledger.rows(
        "SELECT d.path, i.name, t.batch_id FROM transfer t JOIN item i ON i.id = t.item_id"
        " JOIN folder d ON d.id = i.folder_id JOIN wave w ON w.id = t.wave_id AND w.round = t.round"
        " WHERE t.batch_id IS NOT NULL ORDER BY t.id"
    )
    return {f"{row['path']}/{row['name']}": row["batch_id"] for row in rows}


def test_parts_of_a_shapefile_travel_in_one_batch_however_their_names_are_written(
    tmp_path: Path, ledger: Ledger
) -> None:
    for number in range(249):
        write(tmp_path / f"share/maps/m {number:03}.txt", b"x")
    parts = ("Roads.dbf", "ROADS.SHX", "roads.shp", "roads.shp.xml", "roads.prj")
    for name in parts:
        write(tmp_path / "share/maps" / name, b"x")
    sign(ledger, tmp_path / "share", {"maps": (TIDY, HOME)})
    plan(ledger, "pilot")
    found = batches(ledger)
    assert len(found) == 254 and len(set(found.values())) == 2
    assert len({found[f"maps/{name}"] for name in parts}) == 1


def test_a_notebook_travels_with_the_sections_below_it(tmp_path: Path, ledger: Ledger) -> None:
    for number in range(248):
        write(tmp_path / f"share/a/{number:03}.txt", b"x")
    sections = ("Book/A.one", "Book/Open Notebook.onetoc2", "Book/Group/B.one", "Book/Group/Open Notebook.onetoc2")
    for name in (*sections, "Book/Files/plan.txt", "loose/C.one", "loose/plan.txt"):
        write(tmp_path / "share" / "a" / name, b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    plan(ledger, "pilot")
    found = batches(ledger)
    assert len({found[f"a/{name}"] for name in sections}) == 1
    (folder,) = ledger.rows("SELECT id FROM folder WHERE path = 'a/Book'")
    (group,) = ledger.rows("SELECT id FROM folder WHERE path = 'a/Book/Group'")
    (loose,) = ledger.rows("SELECT id FROM folder WHERE path = 'a/loose'")
    assert planned_batches.notebook_of(ledger, group["id"]) == (folder["id"], "a/Book")
    assert planned_batches.notebook_of(ledger, loose["id"]) is None


def test_a_set_larger_than_a_batch_is_split_and_says_so(tmp_path: Path, ledger: Ledger) -> None:
    for number in range(260):
        write(tmp_path / f"share/a/{number:03}.dwg", b"x")
    write(tmp_path / "share/a/readme.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    found = planned_batches.routes(ledger, wave)
    assert [(each.batches, each.amount.items, "larger than one batch" in each.why) for each in found] == [
        (2, 260, True), (1, 1, False),
    ]  # fmt: skip


def test_a_later_round_keeps_what_it_moves_of_a_set_together(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for name in ("roads.shp", "roads.dbf", "roads.shx"):
        write(root / "a" / name, b"first")
    case = Case(ledger, root)
    case.begin()
    for number in range(3):
        write(root / f"a/new {number}.txt", b"x")
    write(root / "a/roads.dbf", b"second", modified=1_500_000_000)
    write(root / "a/roads.prj", b"new", modified=1_500_000_000)
    case.delta()
    found = batches(ledger)
    assert found["a/roads.dbf"] == found["a/roads.prj"] != found["a/new 0.txt"]
    assert case.shelf.paths()["a/roads.dbf"] == b"second"
