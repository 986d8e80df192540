"""A scan of a real folder into a real ledger."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from spmigrate.errors import LedgerError, SpmigrateError, UsageProblem
from spmigrate.scan import checks, estate, statx, walk
from spmigrate.scan.survey import survey
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


@pytest.fixture
def share(tmp_path: Path) -> Path:
    share = tmp_path / "Share"
    (share / "Plans" / "Old").mkdir(parents=True)
    (share / "Plans" / "a.txt").write_text("four", "utf-8")
    (share / "Plans" / "b.txt").write_text("eleven char", "utf-8")
    (share / "top.txt").write_text("x", "utf-8")
    return share


def present(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """The present inventory without ids: folders, items and findings."""
    questions = {
        "folders": "SELECT d.raw, d.path, d.state, d.reason, d.items, d.bytes, d.digest FROM folder d"
        " JOIN source s ON s.scan_id = d.scan_id ORDER BY d.raw",
        "items": "SELECT d.raw, i.raw, i.name, i.kind, i.size, i.modified_ns, i.created_ns, i.state FROM item i"
        " JOIN folder d ON d.id = i.folder_id JOIN source s ON s.scan_id = i.scan_id ORDER BY d.raw, i.raw",
        "findings": "SELECT d.raw, i.raw, f.code, f.severity, f.treatment, f.proposal, f.message FROM finding f"
        " JOIN folder d ON d.id = f.folder_id LEFT JOIN item i ON i.id = f.item_id ORDER BY 1, 2, 3",
    }
    return {what: [tuple(row) for row in ledger.rows(sql)] for what, sql in questions.items()}


def test_everything_is_counted_once(ledger: Ledger, share: Path) -> None:
    source = survey(ledger, share)
    assert (source.name, source.state, source.folders, source.items, source.bytes) == ("Share", "complete", 2, 3, 16)
    plans = ledger.one("SELECT items, bytes FROM folder WHERE path = 'Plans'")
    assert plans is not None
    assert tuple(plans) == (2, 15)


def test_totals_of_an_estate_are_those_of_the_file_system(ledger: Ledger, tmp_path: Path) -> None:
    made = estate.generate(tmp_path / "e", files=400, seed=3, mean_size=6000)
    source = survey(ledger, made.share)
    assert (source.items, source.folders, source.bytes) == (made.files + made.links, made.folders, made.bytes)


def test_second_scan_equals_the_first_and_keeps_ids(ledger: Ledger, tmp_path: Path) -> None:
    made = estate.generate(tmp_path / "e", files=300, seed=3, mean_size=6000)
    first, before = survey(ledger, made.share), present(ledger)
    ids = [tuple(row) for row in ledger.rows("SELECT id, raw FROM item ORDER BY id")]
    second = survey(ledger, made.share)
    assert second.scan_id != first.scan_id
    assert second.digest == first.digest
    assert present(ledger) == before
    assert [tuple(row) for row in ledger.rows("SELECT id, raw FROM item ORDER BY id")] == ids


@pytest.mark.parametrize("change", ["content", "time", "new", "gone", "renamed"])
def test_any_change_alters_the_digest(ledger: Ledger, share: Path, change: str) -> None:
    before = survey(ledger, share)
    each = share / "Plans" / "a.txt"
    match change:
        case "content":
            each.write_text("five5", "utf-8")
        case "time":
            os.utime(each, (1, 1))
        case "new":
            (share / "Plans" / "c.txt").touch()
        case "gone":
            each.unlink()
        case "renamed":
            each.rename(share / "Plans" / "z.txt")
    assert survey(ledger, share).digest != before.digest


def test_what_is_gone_leaves_the_present_inventory(ledger: Ledger, share: Path) -> None:
    survey(ledger, share)
    (share / "Plans" / "a.txt").unlink()
    (share / "Plans" / "Old").rmdir()
    source = survey(ledger, share)
    assert (source.folders, source.items) == (1, 2)
    assert [row[1] for row in present(ledger)["items"]] == [b"top.txt", b"b.txt"]


def test_links_are_never_followed(ledger: Ledger, share: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret", "utf-8")
    (share / "out").symlink_to(tmp_path / "outside")
    (share / "loop").symlink_to(".")
    source = survey(ledger, share)
    assert source.items == 5
    kinds = {row[1]: (row[3], row[4]) for row in present(ledger)["items"]}
    assert kinds[b"out"] == kinds[b"loop"] == ("link", 0)


def test_folder_that_shows_what_it_lies_in_is_a_link(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a junction on a mounted share does, or a folder that is mounted into itself."""
    (share / "deep" / "loop").mkdir(parents=True)
    (share / "deep" / "plain").mkdir()
    before = survey(ledger, share)
    really = walk._identity
    monkeypatch.setattr(walk, "_identity", lambda path: really(os.fsencode(share) if path.endswith(b"loop") else path))
    source = survey(ledger, share)
    assert (source.folders, source.items) == (before.folders - 1, before.items + 1)
    kept = ledger.one("SELECT kind FROM item WHERE name='loop' AND gone_scan IS NULL")
    assert kept is not None and kept["kind"] == "link"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this platform has no sockets in folders")
def test_special_files_are_not_opened(ledger: Ledger, share: Path) -> None:
    os.mkfifo(share / "pipe")
    survey(ledger, share, look_inside=True)
    assert [row[2] for row in present(ledger)["findings"]] == ["SPECIAL"]


def test_bytes_of_a_name_are_kept(ledger: Ledger, share: Path) -> None:
    (share / "caf\udce9.txt").touch()
    survey(ledger, share)
    row = ledger.one("SELECT name, raw FROM item WHERE raw = ?", (b"caf\xe9.txt",))
    assert row is not None
    assert tuple(row) == ("caf\ufffd.txt", b"caf\xe9.txt")


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limit of path lengths")
def test_folder_that_cannot_be_listed_is_unseen_and_the_scan_incomplete(ledger: Ledger, share: Path) -> None:
    here = os.open(share, os.O_RDONLY)
    for _ in range(20):  # a path longer than the system takes in one call
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    source = survey(ledger, share)
    assert (source.state, source.unseen) == ("incomplete", 1)
    ((path, reason, *_),) = inventory.unseen(ledger, source, 5)
    assert len(path) > 3500
    assert reason == "file name too long"
    assert inventory.finding_totals(ledger, source.id)[0].code == "UNSEEN"


def test_folder_that_goes_away_meanwhile_is_no_part_of_the_scan(
    ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = walk.read

    def racing(root: bytes, raw: bytes) -> object:
        if raw == b"Plans/Old":
            (share / "Plans" / "Old").rmdir()
        return read(root, raw)

    monkeypatch.setattr(walk, "read", racing)
    source = survey(ledger, share)
    assert (source.state, source.folders, source.items) == ("complete", 1, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms tell the time of creation one by one")
def test_ordinary_files_are_not_met_one_by_one(ledger: Ledger, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):  # more than are looked at at once
        (share / "Plans" / f"Letter {number:03}.docx").write_bytes(b"x" * 30)
    (share / "Plans" / "empty.docx").touch()
    (share / "Plans" / "photo..jpg").write_bytes(b"x")
    met: list[str] = []
    look, staying = statx.platform.look, checks._staying
    monkeypatch.setattr(statx.platform, "look", lambda opened, raw, above: met.append(raw) or look(opened, raw, above))
    monkeypatch.setattr(checks, "_staying", lambda entry: met.append(entry.name) or staying(entry))
    assert survey(ledger, share).items == 305
    assert not [each for each in met if "Letter" in str(each)], "their folder has a name out of order, and others"
    assert "photo..jpg" in met


def test_time_of_creation_is_kept_where_the_platform_knows_it(ledger: Ledger, share: Path) -> None:
    os.utime(share / "top.txt", (1, 1))
    survey(ledger, share)
    row = ledger.one("SELECT created_ns, modified_ns FROM item WHERE name = 'top.txt'")
    assert row is not None
    assert row["modified_ns"] == 1_000_000_000
    assert row["created_ns"] is None or row["created_ns"] > 1_600_000_000 * 10**9


def test_same_name_and_size_elsewhere_is_noted(ledger: Ledger, share: Path) -> None:
    (share / "Logo.bmp").write_bytes(b"x" * 20_000)
    (share / "Plans" / "logo.bmp").write_bytes(b"y" * 20_000)
    (share / "Plans" / "other.bmp").write_bytes(b"y" * 20_000)
    survey(ledger, share)
    assert [(row[1], row[2]) for row in present(ledger)["findings"]] == [
        (b"Logo.bmp", "DUPLICATE"), (b"logo.bmp", "DUPLICATE"),
    ]  # fmt: skip


def test_extension_that_lies_is_found_on_request_only(ledger: Ledger, share: Path) -> None:
    (share / "scan.pdf").write_bytes(b"\xff\xd8\xff\xe0 and more")
    survey(ledger, share)
    assert present(ledger)["findings"] == []
    survey(ledger, share, look_inside=True)
    assert [row[2] for row in present(ledger)["findings"]] == ["CONTENT-TYPE"]


def test_missing_source_keeps_nothing(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(SpmigrateError, match="no such file or directory"):
        survey(ledger, tmp_path / "nowhere")
    assert inventory.sources(ledger) == []


def test_name_of_another_source_is_refused(ledger: Ledger, share: Path, tmp_path: Path) -> None:
    survey(ledger, share, name="Highways")
    (tmp_path / "Other").mkdir()
    with pytest.raises(UsageProblem, match="is the name of"):
        survey(ledger, tmp_path / "Other", name="Highways")
    with pytest.raises(UsageProblem, match="in the ledger as 'Highways'"):
        survey(ledger, share, name="Roads")


def test_two_scans_at_once_are_refused(ledger: Ledger, share: Path) -> None:
    with ledger.run_lock("wave run"), pytest.raises(LedgerError, match="in use"):
        survey(ledger, share)


def test_progress_adds_up(ledger: Ledger, share: Path) -> None:
    told: list[tuple[int, int, int]] = []
    survey(ledger, share, progress=lambda *amount: told.append(amount))
    assert tuple(map(sum, zip(*told, strict=True))) == (3, 3, 16)
