"""No file belongs to two sources: a root inside, around or the same as a known one is refused, however it is spelt."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.errors import UsageProblem
from spmigrate.scan.survey import survey
from spmigrate.store import inventory
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def share(tmp_path: Path) -> Path:
    (tmp_path / "share" / "d00").mkdir(parents=True)
    (tmp_path / "share" / "d00" / "a.txt").write_text("x", "utf-8")
    return tmp_path / "share"


def only(ledger: Ledger) -> Source:
    (source,) = inventory.sources(ledger)
    return source


@pytest.mark.parametrize(("first", "second"), [("share", "share/d00"), ("share/d00", "share")])
def test_source_inside_or_around_another_is_refused_by_both_names(
    ledger: Ledger, share: Path, first: str, second: str
) -> None:
    one, other = share.parent / first, share.parent / second
    survey(ledger, one, name="Known")
    with pytest.raises(UsageProblem, match=r"inside|around") as refusal:
        survey(ledger, other, name="Other")
    for text in (str(one), str(other), "Known"):
        assert text in refusal.value.message
    assert only(ledger).root == str(one)


@pytest.mark.parametrize("spelling", ["link", "link/d00", "share/../share/d00", "share/d00/.."])
def test_spelling_of_a_path_does_not_hide_an_overlap(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    (share.parent / "link").symlink_to(share)
    survey(ledger, share, name="Known")
    monkeypatch.chdir(share.parent)
    with pytest.raises(UsageProblem, match="Known"):
        survey(ledger, Path(spelling), name="Other")
    assert only(ledger).name == "Known"


def test_overlap_is_found_when_the_known_root_is_away(ledger: Ledger, share: Path) -> None:
    survey(ledger, share / "d00", name="Known")
    shutil.rmtree(share / "d00")
    with pytest.raises(UsageProblem, match="around"):
        survey(ledger, share)


@pytest.mark.parametrize(
    ("known", "asked", "says"),
    [
        ("share", "second", "is the same folder as"),
        ("share", "second/d00", "lies inside"),
        ("second/d00", "share", "lies around"),
    ],
)
def test_folder_mounted_in_a_second_place_is_the_same_folder(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch, known: str, asked: str, says: str
) -> None:
    stat, second = Path.stat, share.parent / "second"
    (second / "d00").mkdir(parents=True)

    def mounted(path: Path, **named: bool) -> os.stat_result:
        return stat(share / path.relative_to(second) if path.is_relative_to(second) else path, **named)

    monkeypatch.setattr(Path, "stat", mounted)
    survey(ledger, share.parent / known, name="Known")
    with pytest.raises(UsageProblem, match=says):
        survey(ledger, share.parent / asked)


@pytest.mark.parametrize("inodes", [True, False])
def test_overlap_is_told_from_likeness_on_every_file_system(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch, inodes: bool
) -> None:
    stat = Path.stat
    if not inodes:

        def without(path: Path, **named: bool) -> os.stat_result:
            mode, _, *rest = stat(path, **named)
            return os.stat_result((mode, 0, *rest))

        monkeypatch.setattr(Path, "stat", without)
    (share / "d00" / "deep").mkdir()
    (share / "d00 two").mkdir()
    survey(ledger, share / "d00")
    assert survey(ledger, share / "d00 two").state == "complete"
    for overlapping in (share, share / "d00" / "deep"):
        with pytest.raises(UsageProblem, match=r"inside|around"):
            survey(ledger, overlapping)
