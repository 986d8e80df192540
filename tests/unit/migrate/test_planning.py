"""Planning: every item of the scope has one transfer, and what is known is decided at once."""

from pathlib import Path

import pytest

from spmigrate.errors import NotSignedOff, SpmigrateError, UsageProblem
from spmigrate.migrate import consent
from spmigrate.model import Amount, Decision
from spmigrate.scan.survey import survey
from spmigrate.store import coverage, planned_batches, waves
from spmigrate.store.ledger import Ledger
from tests.signed_estate import TIDY, gate, library, make_estate, sign, sign_scanned, write
from tests.unit.migrate.planning_case import HOME, plan, targets


def test_every_item_has_one_transfer_and_the_rest_is_open(tmp_path: Path, ledger: Ledger) -> None:
    root = make_estate(tmp_path / "share")
    sign(ledger, root, {"Works": (TIDY, HOME), "Plans": (TIDY, HOME), "Drawings": (TIDY, HOME)})
    standing = waves.standing(ledger, plan(ledger, "pilot"))
    files = [path for path in root.rglob("*") if path.is_symlink() or path.is_file()]
    assert standing.accounting.source.items == len(files)
    assert standing.accounting.source.bytes == sum(path.stat().st_size for path in files if not path.is_symlink())
    assert standing.accounting.accounted + standing.open == standing.accounting.source
    assert standing.lost == Amount()
    assert targets(ledger)["Plans/Thumbs.db"] == ("skipped", "SYSTEM-FILE")
    assert targets(ledger)["Plans/Assets.accdb"] == ("routed", "DATABASE")
    assert targets(ledger)["Plans/link"] == ("skipped", "LINK")
    assert targets(ledger)["Works/3/Report 3.txt"] == (None, "Works/3/Report 3.txt")


def test_root_drops_its_name_and_a_deeper_row_keeps_its_place(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for path in ("top.txt", "a/one.txt", "a/b/two.txt", "a/b/c/three.txt", "a/d/four.txt"):
        write(root / path, b"x")
    other = library("/sites/other")
    sign(ledger, root, {"": (TIDY, HOME), "a/b": (TIDY, other), "a/d": (Decision.ARCHIVE, None)})
    plan(ledger, "pilot")
    assert targets(ledger) == {
        "top.txt": (None, "top.txt"),
        "a/one.txt": (None, "a/one.txt"),
        "a/b/two.txt": (None, "a/b/two.txt"),
        "a/b/c/three.txt": (None, "a/b/c/three.txt"),
        "a/d/four.txt": ("skipped", "OWNER-ARCHIVE"),
    }
    sites = {row["target_name"]: row["site"] for row in ledger.rows("SELECT target_name, site FROM transfer")}
    assert (sites["two.txt"], sites["one.txt"]) == ("/sites/other", "/sites/team")


def test_later_of_two_targets_gives_way(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "one/a.txt", b"first")
    write(tmp_path / "two/A.TXT", b"second")
    write(tmp_path / "two/b.txt", b"alone")
    sign(ledger, tmp_path / "one", {"": (TIDY, HOME)})
    sign(ledger, tmp_path / "two", {"": (TIDY, HOME)}, sheet_id="S-0002")
    plan(ledger, "pilot")
    assert targets(ledger) == {
        "a.txt": (None, "a.txt"),
        "A.TXT": ("failed", "TARGET-TAKEN"),
        "b.txt": (None, "b.txt"),
    }


def test_a_file_never_takes_the_name_of_a_folder_around_a_row(tmp_path: Path, ledger: Ledger) -> None:
    for path in ("one/a/b/c/d.txt", "one/a/x.txt", "two/A", "two/b.txt", "three/a/B"):
        write(tmp_path / path, b"x")
    sign(ledger, tmp_path / "one", {"a/b/c": (TIDY, HOME)})
    sign(ledger, tmp_path / "two", {"": (TIDY, HOME)}, sheet_id="S-0002")
    sign(ledger, tmp_path / "three", {"": (TIDY, HOME)}, sheet_id="S-0003")
    plan(ledger, "pilot")
    assert targets(ledger) == {
        "a/b/c/d.txt": (None, "a/b/c/d.txt"),
        "A": ("failed", "TARGET-TAKEN"),
        "b.txt": (None, "b.txt"),
        "a/B": ("failed", "TARGET-TAKEN"),
    }


@pytest.mark.parametrize("sheets", [(["S-0001", "S-0002"],), (["S-0001"], ["S-0002"])], ids=["one wave", "two waves"])
def test_folders_of_two_owners_never_become_one(tmp_path: Path, ledger: Ledger, sheets: tuple[list[str], ...]) -> None:
    write(tmp_path / "one/Cases?/a.txt", b"adults")
    write(tmp_path / "two/Cases_/b.txt", b"children")
    sign(ledger, tmp_path / "one", {"Cases?": (TIDY, HOME)})
    proposed = ledger.one("SELECT proposal FROM finding WHERE item_id IS NULL AND treatment = 'rename'")
    assert proposed is not None
    (tmp_path / "two/Cases_").rename(tmp_path / "two" / proposed["proposal"].upper())
    sign(ledger, tmp_path / "two", {proposed["proposal"].upper(): (TIDY, HOME)}, sheet_id="S-0002")
    with pytest.raises(SpmigrateError, match="M-S-0002-1 and M-S-0001-1"):
        for number, chosen in enumerate(sheets):
            plan(ledger, f"wave {number}", chosen)


def test_file_gives_way_to_a_folder_of_its_name(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    write(root / "x/Plans", b"file")
    write(root / "y/plans/a.txt", b"in a folder")
    write(root / "y/full/none", b"")
    sign(ledger, root, {"x": (TIDY, HOME), "y/plans": (TIDY, HOME), "y/full": (TIDY, library("/sites/b"))})
    plan(ledger, "one")
    assert targets(ledger)["x/Plans"] == (None, "x/Plans")
    again = Ledger(tmp_path / "other.db")
    write(tmp_path / "share3/plans/a.txt", b"in a folder")
    sign(again, tmp_path / "share3", {"plans": (TIDY, HOME)})
    write(tmp_path / "share2/plans", b"file")
    sign(again, tmp_path / "share2", {"": (TIDY, HOME)}, sheet_id="S-0002")
    plan(again, "two")
    assert targets(again)["plans"] == ("failed", "TARGET-TAKEN")


def test_rows_of_folders_that_were_split_keep_the_folders_around_them_tidied(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for path in ("2019?/Plans/a.txt", "2019?/b.txt", "2020/Plans/c.txt"):
        write(root / path, b"x")
    sign(ledger, root, {"2019?/Plans": (Decision.MOVE, HOME), "2020/Plans": (Decision.MOVE, HOME)})
    proposed = ledger.one("SELECT proposal FROM finding WHERE item_id IS NULL AND treatment = 'rename'")
    assert proposed is not None
    plan(ledger, "pilot")
    assert targets(ledger) == {
        "2019?/Plans/a.txt": (None, f"{proposed['proposal']}/Plans/a.txt"),
        "2020/Plans/c.txt": (None, "2020/Plans/c.txt"),
    }


def test_unsigned_rows_are_refused_by_name(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    ledger.execute("UPDATE mapping_row SET decision = replace(decision, 'team', 'elsewhere')")
    with pytest.raises(NotSignedOff, match="M-S-0001-1 a"):
        plan(ledger, "pilot")
    assert waves.find(ledger, "pilot") is None


def test_row_that_changed_after_planning_does_not_move(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    consent.check(ledger, wave, tenant="", gate=gate(ledger))
    ledger.execute("UPDATE mapping_row SET decision = replace(decision, 'team', 'elsewhere')")
    with pytest.raises(NotSignedOff, match="changed since it was signed off"):
        consent.check(ledger, wave, tenant="", gate=gate(ledger))


def test_planning_twice_is_planning_once(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    standings = [waves.standing(ledger, plan(ledger, "pilot")) for _ in range(2)]
    assert standings[0] == standings[1]
    assert targets(ledger) == {"a/one.txt": (None, "a/one.txt")}
    assert [row["name"] for row in ledger.rows("SELECT name FROM wave")] == ["pilot"]
    with pytest.raises(SpmigrateError, match="in a wave already: pilot"):
        plan(ledger, "second")
    with pytest.raises(UsageProblem, match="no sheet S-9"):
        plan(ledger, "third", ["S-9"])


def test_account_stands_when_a_later_scan_finds_other_things(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for number in range(40):
        write(root / f"a/{number}.txt", b"x" * number)
    sign(ledger, root, {"a": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    before = waves.standing(ledger, wave)
    write(root / "a/new.txt", b"new")
    write(root / "a/7.txt", b"longer than it was")
    (root / "a/8.txt").unlink()
    survey(ledger, root, name=root.name)
    assert waves.standing(ledger, wave) == before


def test_item_that_was_away_in_one_scan_is_not_lost(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for number in range(40):
        write(root / f"a/{number}.txt", b"x" * number)
    survey(ledger, root, name=root.name)
    (root / "a/7.txt").rename(tmp_path / "7.txt")
    sign(ledger, root, {"a": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    (tmp_path / "7.txt").rename(root / "a/7.txt")
    survey(ledger, root, name=root.name)
    assert waves.standing(ledger, wave).lost == Amount()
    assert waves.standing(ledger, wave).accounting.source.items == 39


def test_folder_that_could_not_be_looked_into_stays_said_after_another_scan(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    write(root / "a/one.txt", b"x")
    write(root / "a/closed/two.txt", b"y")
    survey(ledger, root, name=root.name)
    ledger.execute("UPDATE folder SET state = 'unseen', reason = 'no access' WHERE path = 'a/closed'")
    sign_scanned(ledger, root, {"a": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    assert waves.standing(ledger, wave).unseen == 1
    survey(ledger, root, name=root.name)
    assert waves.standing(ledger, wave).unseen == 1


def test_lost_transfer_shows(tmp_path: Path, ledger: Ledger) -> None:
    root = make_estate(tmp_path / "share", plain=10)
    sign(ledger, root, {"Works": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    ledger.execute("DELETE FROM transfer WHERE id = 4")
    assert waves.standing(ledger, wave).lost.items == 1


def test_same_estate_gives_the_same_plan(tmp_path: Path) -> None:
    root = make_estate(tmp_path / "share", plain=30)
    plans = []
    for name in ("one.db", "two.db"):
        ledger = Ledger(tmp_path / name)
        sign(ledger, root, {"Works": (TIDY, HOME), "Plans": (TIDY, HOME)})
        plan(ledger, "pilot")
        plans.append(targets(ledger))
    assert plans[0] == plans[1]


def test_what_is_in_no_row_is_named(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for name in ("a/1.txt", "a/b/2.txt", "loose.txt", "c/3.txt", "c/d/4.txt", "e/f/5.txt"):
        write(root / name, b"xy")
    sign(ledger, root, {"a": (TIDY, HOME), "e/f": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    found = coverage.in_no_row(ledger, coverage.sources_of(ledger, wave))
    assert [(each.source, each.path, each.amount) for each in found] == [
        ("share", "", Amount(1, 2)), ("share", "c", Amount(2, 4)),
    ]  # fmt: skip
    assert coverage.in_no_wave(ledger) == Amount(3, 6)


def test_row_whose_folder_went_and_came_back_is_in_no_row(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "share"
    for name in ("a/1.txt", "b/2.txt"):
        write(root / name, b"xy")
    sign(ledger, root, {"a": (TIDY, HOME), "b": (TIDY, HOME)})
    ledger.execute("UPDATE mapping_row SET position = 0 WHERE row_id = 'M-S-0001-2'")
    wave = plan(ledger, "pilot")
    assert [each.path for each in coverage.in_no_row(ledger, coverage.sources_of(ledger, wave))] == ["b"]


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ("UPDATE transfer SET site = '/sites/public'", "would go to /sites/public"),
        ("UPDATE batch SET site = '/sites/public'", "M-S-0001-1 would go to"),
        ("UPDATE batch SET library = 'Other'", "M-S-0001-1 would go to"),
        ("UPDATE source SET root = '/etc'", "would be read from /etc"),
        ("UPDATE transfer SET row_id = 'M-S-0001-2'", "M-S-0001-2"),
    ],
)
def test_plan_that_was_edited_does_not_move(tmp_path: Path, ledger: Ledger, edit: str, says: str) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    write(tmp_path / "share/b/two.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME), "b": (Decision.ARCHIVE, None)})
    wave = plan(ledger, "pilot")
    (batch_id,) = [row["id"] for row in ledger.rows("SELECT id FROM batch")]

    def check() -> None:
        consent.check(ledger, wave, tenant="", gate=gate(ledger))
        consent.check_batch(ledger, wave, batch_id, gate(ledger))

    check()
    ledger.execute(edit)
    with pytest.raises(SpmigrateError, match=says):
        check()


def test_broken_chain_of_signoffs_stops_planning_and_moving(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    wave = plan(ledger, "pilot")
    ledger.execute(
        "INSERT INTO signoff(sheet_id, at, signer, role, evidence, statement, digest, previous, entry)"
        " SELECT sheet_id, 'x', 'nobody', 'owner', '', '', '', entry, 'forged' FROM signoff ORDER BY id DESC LIMIT 1"
    )
    with pytest.raises(NotSignedOff, match="chain of sign-offs"):
        consent.check(ledger, wave, tenant="", gate=gate(ledger))
    with pytest.raises(NotSignedOff, match="chain of sign-offs"):
        plan(ledger, "second")


def test_wave_is_for_one_tenant(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "share/a/one.txt", b"x")
    sign(ledger, tmp_path / "share", {"a": (TIDY, HOME)})
    wave = plan(ledger, "pilot", tenant="rehearsal")
    with pytest.raises(SpmigrateError, match="is for rehearsal"):
        consent.check(ledger, wave, tenant="council", gate=gate(ledger))
    consent.check(ledger, plan(ledger, "pilot", tenant="council"), tenant="council", gate=gate(ledger))
    waves.set_state(ledger, wave, "running")
    with pytest.raises(SpmigrateError, match="is for council"):
        plan(ledger, "pilot", tenant="rehearsal")


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT id FROM batch WHERE wave_id = 1 AND state = 'queued' ORDER BY id LIMIT 1", "batch_queued"),
        ("SELECT sum(items) FROM batch WHERE wave_id = 1", "batch_wave"),
        ("UPDATE batch SET lease_owner = NULL WHERE wave_id = 1 AND state = 'leased'", "batch_wave"),
        (
            "SELECT id FROM transfer t WHERE t.id > 5 AND t.wave_id = 1 AND t.outcome = 'copied' AND t.site = 'x'"
            " AND t.library = 'y' ORDER BY t.id LIMIT 9",
            "transfer_copied",
        ),
        ("DELETE FROM transfer WHERE id = 1", ""),
    ],
)
def test_questions_of_a_long_run_use_an_index(ledger: Ledger, statement: str, index: str) -> None:
    plan = " ".join(row["detail"] for row in ledger.rows(f"EXPLAIN QUERY PLAN {statement}"))
    assert index in plan
    assert "SCAN" not in plan and "TEMP B-TREE" not in plan, plan


@pytest.mark.parametrize(("kind", "route"), [("folder", "session"), ("smb", "session"), ("sharepoint", "copy")])
def test_batches_take_the_route_that_the_kind_of_their_source_asks_for(
    tmp_path: Path, ledger: Ledger, kind: str, route: str
) -> None:
    root = make_estate(tmp_path / "share")
    sign(ledger, root, {"Works": (TIDY, HOME), "Plans": (Decision.ARCHIVE, None)})
    ledger.execute("UPDATE source SET kind = ?", (kind,))
    found = planned_batches.routes(ledger, plan(ledger, "pilot"))
    assert [each.route for each in found] == [route] and all(each.why for each in found)
