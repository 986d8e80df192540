"""A second scan yields what is new, changed, renamed and gone, and reads nothing twice."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.scan.places.local import LocalPlace
from spmigrate.scan.survey import survey
from spmigrate.store import scan_differences
from spmigrate.store.ledger import Ledger

pytestmark = pytest.mark.homes


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "Share"
    for folder in ("Plans/Old/Deep", "Maps"):
        (share / folder).mkdir(parents=True)
    for name in ("top.txt", "Plans/a.txt", "Plans/Old/b.txt", "Plans/Old/Deep/c.txt", "Maps/m.txt"):
        (share / name).write_text(name, "utf-8")
    return share


def differences(ledger: Ledger, share: Path) -> list[tuple[object, ...]]:
    """What a scan of now finds to differ from the one before: kind, path, path before, items."""
    source = survey(ledger, share)
    totals = scan_differences.find(ledger, source)
    found = [(each.kind, each.path, each.before, each.items) for each in scan_differences.shown(ledger)]
    assert {each[0] for each in found} == {total.kind for total in totals}
    return found


def test_nothing_differs_when_nothing_was_done(ledger: Ledger, share: Path) -> None:
    survey(ledger, share)
    assert differences(ledger, share) == []


def test_files_that_come_go_change_and_get_another_name_are_told_apart(ledger: Ledger, share: Path) -> None:
    survey(ledger, share)
    (share / "new.txt").write_text("new", "utf-8")
    (share / "top.txt").write_text("longer than before", "utf-8")
    (share / "Plans" / "a.txt").rename(share / "Maps" / "moved.txt")
    (share / "Maps" / "m.txt").unlink()
    assert differences(ledger, share) == [
        ("renamed", "Maps/moved.txt", "Plans/a.txt", 1),
        ("gone", "Maps/m.txt", None, 1),
        ("new", "new.txt", None, 1),
        ("changed", "top.txt", None, 1),
    ]


def test_renamed_folder_is_one_difference_with_all_below_it(ledger: Ledger, share: Path) -> None:
    survey(ledger, share)
    (share / "Plans").rename(share / "Drawings")
    assert differences(ledger, share) == [("renamed", "Drawings", "Plans", 3)]
    (total,) = scan_differences.find(ledger, survey(ledger, share)) or [None]
    assert total is None, "the scan after that has nothing more to say"


def test_what_was_done_inside_a_renamed_folder_is_said_too(ledger: Ledger, share: Path) -> None:
    survey(ledger, share)
    (share / "Plans").rename(share / "Drawings")
    (share / "Drawings" / "a.txt").unlink()
    (share / "Drawings" / "Old" / "Deep").rename(share / "Drawings" / "Old" / "Deeper")
    (share / "Drawings" / "Old" / "n.txt").write_text("new", "utf-8")
    assert differences(ledger, share) == [
        ("renamed", "Drawings", "Plans", 2),
        ("renamed", "Drawings/Old/Deeper", "Plans/Old/Deep", 1),
        ("gone", "Plans/a.txt", None, 1),
        ("new", "Drawings/Old/n.txt", None, 1),
    ]


def test_new_and_gone_folders_stand_for_what_is_in_them(ledger: Ledger, share: Path, tmp_path: Path) -> None:
    survey(ledger, share)
    (share / "Maps").rename(tmp_path / "away")
    (share / "More" / "Below").mkdir(parents=True)
    (share / "More" / "x.txt").write_text("x", "utf-8")
    (share / "More" / "Below" / "y.txt").write_text("y", "utf-8")
    assert differences(ledger, share) == [("gone", "Maps", None, 1), ("new", "More", None, 2)]
    (tmp_path / "away").rename(share / "Maps")
    assert differences(ledger, share) == [("new", "Maps", None, 1)]


def test_two_equal_folders_that_change_places_are_seen(ledger: Ledger, share: Path, tmp_path: Path) -> None:
    for name in ("A", "B"):
        (share / name).mkdir()
        (share / name / "same.txt").write_text("same", "utf-8")
        os.utime(share / name / "same.txt", (10**9, 10**9))
    before = survey(ledger, share)
    (share / "A").rename(share / "C")
    (share / "B").rename(share / "A")
    (share / "C").rename(share / "B")
    assert differences(ledger, share) == [("renamed", "A", "B", 1), ("renamed", "B", "A", 1)]
    after = survey(ledger, share)
    assert after.digest == before.digest


def test_file_that_was_saved_under_its_name_is_changed_and_not_renamed(ledger: Ledger, share: Path) -> None:
    survey(ledger, share)
    (share / "Plans" / "~new").write_text("Plans/b.txt", "utf-8")
    (share / "Plans" / "~new").replace(share / "Plans" / "a.txt")
    (share / "Maps" / "~new").write_text("Maps/n.txt", "utf-8")
    (share / "Maps" / "~new").replace(share / "Maps" / "m.txt")
    assert differences(ledger, share) == [
        ("changed", "Plans/a.txt", None, 1), ("changed", "Maps/m.txt", None, 1),
    ]  # fmt: skip


def test_hard_links_keep_their_names_apart(ledger: Ledger, share: Path) -> None:
    for number in range(5):
        os.link(share / "top.txt", share / "Maps" / f"link {number}.txt")
    survey(ledger, share)
    (share / "Maps").rename(share / "Atlas")
    assert differences(ledger, share) == [("renamed", "Atlas", "Maps", 6)]


def test_what_could_not_be_looked_at_has_not_gone(ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    survey(ledger, share)
    read = LocalPlace.read

    def refusing(place: LocalPlace, raw: bytes) -> object:
        if raw == b"Plans":
            raise PermissionError(13, "Permission denied")
        return read(place, raw)

    with monkeypatch.context() as patch:
        patch.setattr(LocalPlace, "read", refusing)
        assert differences(ledger, share) == []
    assert differences(ledger, share) == []


def test_emptied_share_is_scanned_when_it_is_said_to_be(ledger: Ledger, share: Path, tmp_path: Path) -> None:
    survey(ledger, share)
    share.rename(tmp_path / "away")
    share.mkdir()
    with pytest.raises(SpmigrateError, match="is empty") as refusal:
        survey(ledger, share)
    assert "--emptied" in refusal.value.hint
    done = survey(ledger, share, emptied=True)
    assert (done.state, done.items, done.folders) == ("complete", 0, 0)
    assert [total[:3] for total in scan_differences.find(ledger, done)] == [("gone", 4, 5)]


def opened(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files that are opened from now on."""
    names: list[bytes] = []
    really = LocalPlace.open

    def noting(place: LocalPlace, raw: bytes) -> object:
        names.append(raw)
        return really(place, raw)

    monkeypatch.setattr(LocalPlace, "open", noting)
    return names


def test_unchanged_files_keep_their_hashes_and_findings_unopened(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (share / "lie.pdf").write_bytes(b"\xff\xd8\xff\xe0 and more")
    survey(ledger, share, look_inside=True, hashes=True)
    names = opened(monkeypatch)
    survey(ledger, share, look_inside=True, hashes=True)
    assert names == []
    kept = ledger.one("SELECT count(sha256), count(quickxor), count(*) FROM item")
    assert kept is not None
    assert tuple(kept) == (6, 6, 6)
    codes = ledger.rows("SELECT f.code FROM finding f JOIN source s ON s.scan_id = f.scan_id WHERE f.inside = 1")
    assert [row["code"] for row in codes] == ["CONTENT-TYPE"]
    (share / "top.txt").write_text("changed since", "utf-8")
    survey(ledger, share, look_inside=True, hashes=True)
    assert names == [b"top.txt"]


def test_renamed_file_keeps_its_hash(ledger: Ledger, share: Path) -> None:
    survey(ledger, share, hashes=True)
    (share / "top.txt").rename(share / "bottom.txt")
    survey(ledger, share)
    rows = ledger.rows("SELECT name, sha256 FROM item WHERE name IN ('top.txt', 'bottom.txt') ORDER BY id")
    (first, second) = [row["sha256"] for row in rows]
    assert first == second is not None


def test_changed_file_loses_its_hash(ledger: Ledger, share: Path) -> None:
    survey(ledger, share, hashes=True)
    (share / "top.txt").write_text("another", "utf-8")
    survey(ledger, share)
    row = ledger.one("SELECT sha256, quickxor, looked_scan FROM item WHERE name='top.txt'")
    assert row is not None
    assert tuple(row) == (None, None, None)


def test_interrupted_scan_does_not_begin_to_read_whole_files(ledger: Ledger, share: Path) -> None:
    survey(ledger, share)
    ledger.execute("UPDATE scan SET state='running'")
    with pytest.raises(UsageProblem, match="read files for their digests"):
        survey(ledger, share, hashes=True)
    with pytest.raises(UsageProblem, match="access lists of files"):
        survey(ledger, share, access="files")
