"""Planning: every item of the scope has one transfer, and what is known is decided at once."""

from pathlib import Path

import pytest

from spmigrate.errors import NotSignedOff, SpmigrateError, UsageProblem
from spmigrate.migrate import planning
from spmigrate.model import Amount, Decision
from spmigrate.scan.survey import survey
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from tests.signed_estate import TIDY, library, make_estate, sign, write

HOME = library()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.db")


def targets(ledger: Ledger) -> dict[str, tuple[str | None, str | None]]:
    """What planning says of each item, by its path at the source: outcome and code, or the path at the destination."""
    rows = ledger.rows(
        "SELECT d.path || '/' || i.name AS path, t.* FROM transfer t JOIN item i ON i.id = t.item_id"
        " JOIN folder d ON d.id = i.folder_id"
    )
    return {
        row["path"].strip("/"): (row["outcome"], row["code"])
        if row["outcome"]
        else (None, f"{row['target_folder']}/{row['target_name']}".strip("/"))
        for row in rows
    }


def test_every_item_has_one_transfer_and_the_rest_is_open(tmp_path: Path, ledger: Ledger) -> None:
    root = make_estate(tmp_path / "share")
    sign(ledger, root, {"Works": (TIDY, HOME), "Plans": (TIDY, HOME), "Drawings": (TIDY, HOME)})
    standing = waves.standing(ledger, planning.plan(ledger, "pilot"))
    files = [path for path in root.rglob("*") if path.is_symlink() or path.is_file()]
    assert standing.accounting.source.items == len(files)
    assert standing.accounting.source.bytes == sum(path.stat().st_size for path in files if not path.is_symlink())
    assert standing.accounting.accounted + standing.open == standing.accounting.source
    assert standing.lost == Amount()
    assert targets(ledger)["Plans/Thumbs.db"] == ("skipped", "SYSTEM-FILE")
    assert targets(ledger)["Plans/Assets.accdb"] == ("routed", "DATABASE")
    assert targets(ledger)["Plans/link"] == ("skipped", "LINK")
    assert targets(ledger)["Works/3/Report 3.txt"] == (None, "Works/3/Report 3.txt")


def test_root_drops_its_name_and_a_deeper_row_takes_its_own_part(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for path in ("top.txt", "a/one.txt", "a/b/two.txt", "a/b/c/three.txt", "a/d/four.txt"):
        write(root / path, b"x")
    other = library("/sites/other")
    sign(ledger, root, {"": (TIDY, HOME), "a/b": (TIDY, other), "a/d": (Decision.ARCHIVE, None)})
    planning.plan(ledger, "pilot")
    assert targets(ledger) == {
        "top.txt": (None, "top.txt"),
        "a/one.txt": (None, "a/one.txt"),
        "a/b/two.txt": (None, "b/two.txt"),
        "a/b/c/three.txt": (None, "b/c/three.txt"),
        "a/d/four.txt": ("skipped", "OWNER-ARCHIVE"),
    }
    sites = {row["target_name"]: row["site"] for row in ledger.rows("SELECT target_name, site FROM transfer")}
    assert (sites["two.txt"], sites["one.txt"]) == ("/sites/other", "/sites/team")


def test_later_of_two_targets_gives_way(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    write(root / "x/Plans/a.txt", b"first")
    write(root / "y/plans/A.TXT", b"second")
    write(root / "y/plans/b.txt", b"alone")
    write(root / "z/PLANS", b"a file with the name of a folder")
    sign(ledger, root, {"x/Plans": (TIDY, HOME), "y/plans": (TIDY, HOME), "z": (TIDY, HOME)})
    planning.plan(ledger, "pilot")
    found = targets(ledger)
    assert found["x/Plans/a.txt"] == (None, "Plans/a.txt")
    assert found["y/plans/A.TXT"] == ("failed", "TARGET-TAKEN")
    assert found["y/plans/b.txt"] == (None, "plans/b.txt")
    assert found["z/PLANS"] == (None, "z/PLANS")


def test_file_gives_way_to_a_folder_of_its_name(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    write(root / "x/Plans", b"file")
    write(root / "y/plans/a.txt", b"in a folder")
    write(root / "y/full/none", b"")
    sign(ledger, root, {"x": (TIDY, HOME), "y/plans": (TIDY, HOME), "y/full": (TIDY, library("/sites/b"))})
    planning.plan(ledger, "one")
    assert targets(ledger)["x/Plans"] == (None, "x/Plans")
    again = Ledger(tmp_path / "other.db")
    sign(again, root, {"": (TIDY, HOME), "y/plans": (TIDY, HOME)})
    write(tmp_path / "share2/plans", b"file")
    sign(again, tmp_path / "share2", {"": (TIDY, HOME)}, sheet_id="S-0002")
    planning.plan(again, "two")
    assert targets(again)["plans"] == ("failed", "TARGET-TAKEN")


def test_unsigned_rows_are_refused_by_name(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    ledger.execute("UPDATE mapping_row SET decision = replace(decision, 'team', 'elsewhere')")
    with pytest.raises(NotSignedOff, match="M-S-0001-1 a"):
        planning.plan(ledger, "pilot")
    assert waves.find(ledger, "pilot") is None


def test_row_that_changed_after_planning_does_not_move(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    wave = planning.plan(ledger, "pilot")
    planning.check_signed(ledger, wave)
    ledger.execute("UPDATE mapping_row SET decision = replace(decision, 'team', 'elsewhere')")
    with pytest.raises(NotSignedOff, match="changed since it was signed off"):
        planning.check_signed(ledger, wave)


def test_planning_twice_is_planning_once(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    assert planning.plan(ledger, "pilot") == planning.plan(ledger, "pilot")
    with pytest.raises(SpmigrateError, match="in a wave already: pilot"):
        planning.plan(ledger, "second")
    with pytest.raises(UsageProblem, match="no sheet S-9"):
        planning.plan(ledger, "third", ["S-9"])


def test_account_stands_when_a_later_scan_finds_other_things(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for number in range(40):
        write(root / f"a/{number}.txt", b"x" * number)
    sign(ledger, root, {"a": (TIDY, HOME)})
    wave = planning.plan(ledger, "pilot")
    before = waves.standing(ledger, wave)
    write(root / "a/new.txt", b"new")
    write(root / "a/7.txt", b"longer than it was")
    (root / "a/8.txt").unlink()
    survey(ledger, root, name=root.name)
    assert waves.standing(ledger, wave) == before


def test_lost_transfer_shows(tmp_path: Path, ledger: Ledger) -> None:
    root = make_estate(tmp_path / "share", plain=10)
    sign(ledger, root, {"Works": (TIDY, HOME)})
    wave = planning.plan(ledger, "pilot")
    ledger.execute("DELETE FROM transfer WHERE id = 4")
    assert waves.standing(ledger, wave).lost.items == 1


def test_same_estate_gives_the_same_plan(tmp_path: Path) -> None:
    root = make_estate(tmp_path / "share", plain=30)
    plans = []
    for name in ("one.db", "two.db"):
        ledger = Ledger(tmp_path / name)
        sign(ledger, root, {"Works": (TIDY, HOME), "Plans": (TIDY, HOME)})
        planning.plan(ledger, "pilot")
        plans.append(targets(ledger))
    assert plans[0] == plans[1]
