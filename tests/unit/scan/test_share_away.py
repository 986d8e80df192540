"""A share that is unmounted is no empty share; a folder that is not there is taken for gone only where that is sure."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError, UsageProblem
from spmigrate.scan import walk
from spmigrate.scan.survey import survey
from spmigrate.store import inventory, keeping
from spmigrate.store.inventory import Source
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Listing
from tests.unit.scan.test_survey import present

FOLDERS = 50


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for number in range(FOLDERS):
        (tmp_path / "share" / f"d{number:02}").mkdir(parents=True)
        (tmp_path / "share" / f"d{number:02}" / "a.txt").write_text("x", "utf-8")
    return tmp_path / "share"


def unmount(share: Path) -> None:
    """Leave the empty folder where the share was mounted."""
    share.rename(share.with_name("server"))
    share.mkdir()


def mount(share: Path) -> None:
    shutil.rmtree(share)
    share.with_name("server").rename(share)


@pytest.fixture
def interrupted(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Scan the root, or more, as if the scan were killed then."""

    def run(share: Path, *, look_inside: bool = False, after: int = 1) -> None:
        keep, left = keeping.keep, after

        def counted(ledger: Ledger, source: Source, listings: Sequence[Listing]) -> None:
            nonlocal left
            keep(ledger, source, listings)
            left -= 1
            if not left:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(keeping, "keep", counted)
            survey(ledger, share, look_inside=look_inside)

    return run


def when_read(monkeypatch: pytest.MonkeyPatch, raw: bytes, do: Callable[[], object]) -> None:
    """Let something happen just before the folder `raw` is listed."""
    read = walk.read

    def racing(root: bytes, folder: bytes) -> object:
        if folder == raw:
            do()
        return read(root, folder)

    monkeypatch.setattr(walk, "read", racing)


def only(ledger: Ledger) -> Source:
    (source,) = inventory.sources(ledger)
    return source


def test_interrupted_scan_of_an_unmounted_share_waits_for_it(
    ledger: Ledger, share: Path, interrupted: Callable[..., None]
) -> None:
    interrupted(share)
    begun = only(ledger)
    unmount(share)
    with pytest.raises(SpmigrateError, match="is empty, and was not"):
        survey(ledger, share)
    assert only(ledger) == begun
    mount(share)
    done = survey(ledger, share)
    assert (done.scan_id, done.state, done.folders, done.items) == (begun.scan_id, "complete", FOLDERS, FOLDERS)


@pytest.mark.parametrize("below", [[], ["not mounted.txt"]])
@pytest.mark.parametrize("raw", [b"", b"d07", b"d49"])
def test_share_unmounted_meanwhile_ends_the_run_and_not_the_scan(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes, below: list[str]
) -> None:
    def away() -> None:
        unmount(share)
        for name in below:
            (share / name).touch()

    with monkeypatch.context() as patch:
        when_read(patch, raw, away)
        with pytest.raises(SpmigrateError, match="not the folder any more"):
            survey(ledger, share)
    assert only(ledger).state == "running"
    mount(share)
    done = survey(ledger, share)
    assert (done.state, done.folders, done.items) == ("complete", FOLDERS, FOLDERS)


@pytest.mark.parametrize("raw", [b"", b"d07"])
def test_root_that_goes_away_meanwhile_ends_the_run_and_not_the_scan(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes
) -> None:
    when_read(monkeypatch, raw, lambda: share.rename(share.with_name("server")))
    with pytest.raises(SpmigrateError, match="has gone during the scan"):
        survey(ledger, share)
    assert only(ledger).state == "running"


def test_share_that_was_scanned_and_is_empty_now_is_refused_and_stays_in_the_ledger(
    ledger: Ledger, share: Path
) -> None:
    before, kept = survey(ledger, share), present(ledger)
    unmount(share)
    with pytest.raises(SpmigrateError, match="is empty, and was not"):
        survey(ledger, share)
    assert only(ledger) == before
    assert present(ledger) == kept


def test_empty_source_can_be_scanned_again(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert survey(ledger, tmp_path / "empty").state == survey(ledger, tmp_path / "empty").state == "complete"


def test_other_directory_at_the_root_is_scanned_from_its_beginning(
    ledger: Ledger, share: Path, interrupted: Callable[..., None]
) -> None:
    interrupted(share)
    begun = only(ledger)
    unmount(share)
    (share / "d01").mkdir()
    done = survey(ledger, share)
    assert done.scan_id != begun.scan_id
    assert (done.state, done.folders, done.items) == ("complete", 1, 0)


def test_scan_that_begins_anew_says_everything_once(
    ledger: Ledger, share: Path, tmp_path: Path, interrupted: Callable[..., None]
) -> None:
    (share / "d01" / "deep").mkdir()
    (share / "d01" / "deep" / "a:b.txt").touch()
    interrupted(share, after=2)
    share.rename(share.with_name("server"))
    shutil.copytree(share.with_name("server"), share)
    survey(ledger, share)
    with Ledger(tmp_path / "whole.db") as whole:
        survey(whole, share)
        assert present(ledger)["findings"] == present(whole)["findings"]


def test_tree_renamed_before_it_was_listed_is_no_part_of_the_scan(
    ledger: Ledger, share: Path, interrupted: Callable[..., None]
) -> None:
    for name in ("a", "b"):
        (share / "d00" / "deep" / name).mkdir(parents=True)
    interrupted(share)
    (share / "d00").rename(share / "renamed")
    done = survey(ledger, share)
    assert (done.state, done.folders, done.items) == ("complete", FOLDERS - 1, FOLDERS - 1)


def test_folder_below_one_that_went_is_gone_too(ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (share / "d00" / "deep").mkdir()
    when_read(monkeypatch, b"d00/deep", lambda: shutil.rmtree(share / "d00"))
    assert survey(ledger, share).state == "complete"


def test_folder_that_is_listed_and_not_to_be_opened_is_unseen(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a name that ends in a full stop, on a Windows share."""
    read = walk.read

    def refusing(root: bytes, raw: bytes) -> object:
        if raw == b"d07":
            raise FileNotFoundError(2, "No such file or directory")
        return read(root, raw)

    monkeypatch.setattr(walk, "read", refusing)
    done = survey(ledger, share)
    assert (done.state, done.unseen) == ("incomplete", 1)
    assert [each[:2] for each in inventory.unseen(ledger, done, 5)] == [("d07", "no such file or directory")]


def test_folder_that_went_with_all_beside_it_is_unseen(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one in another share that was mounted below the root."""
    (share / "d00" / "deep").mkdir()

    def empty() -> None:
        shutil.rmtree(share / "d00")
        (share / "d00").mkdir()

    when_read(monkeypatch, b"d00/deep", empty)
    done = survey(ledger, share)
    assert (done.state, done.unseen) == ("incomplete", 1)


def test_interrupted_scan_goes_on_looking_inside(ledger: Ledger, share: Path, interrupted: Callable[..., None]) -> None:
    for file in (share / "top.pdf", share / "d00" / "below.pdf"):
        file.write_bytes(b"MZ no PDF")
    interrupted(share, look_inside=True)
    survey(ledger, share)
    assert [row[1] for row in present(ledger)["findings"]] == [b"top.pdf", b"below.pdf"]


def test_interrupted_scan_does_not_begin_to_look_inside_half_way(
    ledger: Ledger, share: Path, interrupted: Callable[..., None]
) -> None:
    interrupted(share)
    with pytest.raises(UsageProblem, match="does not look inside"):
        survey(ledger, share, look_inside=True)
    survey(ledger, share)
    assert survey(ledger, share, look_inside=True).look_inside
