"""`scan run` and `scan reconcile` on a real file server, as a person runs them."""

import os
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.samba import FULL, PASSWORD, READ, READER, Samba, entry

Run = Callable[..., Any]
README = Path(__file__).parent.parent.parent / "README.md"
COUNT_ON_LINUX = next(
    line.strip().removesuffix(" > /tmp/counts.csv")
    for line in README.read_text("utf-8").splitlines()
    if line.strip().startswith("(echo path,folders,files,bytes;")
)


@pytest.fixture(autouse=True)
def _working_folder(tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant:\n  rehearsal: tenant\n", "utf-8")


@pytest.fixture
def share(samba: Samba) -> Samba:
    for name, size in (("Letters/2019/one.txt", 10), ("Letters/two.txt", 20), ("Plans/three.txt", 30), ("four.txt", 5)):
        file = samba.root("plain") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * size)
    (samba.root("plain") / "Empty").mkdir()
    return samba


def count(samba: Samba, tmp_path: Path, share: str = "plain") -> Path:
    """What an administrator counts on the server."""
    said = subprocess.run(
        ["sh", "-c", COUNT_ON_LINUX], cwd=samba.root(share), check=True, capture_output=True, text=True
    ).stdout
    (tmp_path / "counts.csv").write_text(said)
    return tmp_path / "counts.csv"


def test_share_is_scanned_into_the_ledger(share: Samba, spmigrate: Run) -> None:
    scanned = spmigrate("scan", "run", share.address("plain"), "--name", "Common", "--json")
    assert scanned.code == 0, scanned.stderr
    found = scanned.json
    assert (found["source"], found["state"], found["items"], found["folders"]) == ("Common", "complete", 4, 4)
    assert found["root"] == share.address("plain") and found["bytes"] == 65
    again = spmigrate("scan", "run", share.address("plain"), "--json")
    assert (again.code, again.json["digest"]) == (0, found["digest"])


def test_password_is_nowhere_in_the_ledger_or_the_output(share: Samba, spmigrate: Run, tmp_path: Path) -> None:
    scanned = spmigrate("scan", "run", share.address("plain"), "-v")
    assert PASSWORD not in scanned.stdout + scanned.stderr
    assert all(PASSWORD.encode() not in file.read_bytes() for file in tmp_path.iterdir() if file.is_file())


def test_share_that_hides_names_is_an_incomplete_scan(samba: Samba, spmigrate: Run) -> None:
    (samba.root("hiding") / "seen.txt").touch()
    scanned = spmigrate("scan", "run", samba.address("hiding"), "--json")
    assert (scanned.code, scanned.json["state"]) == (5, "incomplete")
    (told,) = scanned.json["unseen"]["examples"]
    assert told["path"] == "." and "access-based enumeration" in told["reason"]


def test_folder_that_may_not_be_listed_is_an_incomplete_scan(share: Samba, spmigrate: Run) -> None:
    (share.root("plain") / "closed").mkdir(mode=0o700)
    scanned = spmigrate("scan", "run", share.address("plain"), "--json")
    assert (scanned.code, scanned.json["unseen"]["examples"]) == (
        5,
        [{"path": "closed", "reason": "permission denied"}],
    )


def test_stubs_are_never_opened_by_a_scan_that_looks_inside(samba: Samba, spmigrate: Run) -> None:
    (samba.root("stubs") / "scan.pdf").write_bytes(b"\xff\xd8\xff no PDF at all")
    os.utime(samba.root("stubs") / "scan.pdf", ns=(10**18, 10**18))
    scanned = spmigrate("scan", "run", samba.address("stubs"), "--look-inside", "--hash", "--json")
    assert scanned.code == 0, scanned.stderr
    assert "CONTENT-TYPE" not in {each["code"] for each in scanned.json["findings"]}
    assert (samba.root("stubs") / "scan.pdf").stat().st_atime_ns == 10**18


def test_streams_are_told_where_they_are_asked_for(samba: Samba, spmigrate: Run) -> None:
    file = samba.root("streams") / "with.txt"
    file.write_text("x")
    os.setxattr(file, "user.DosStream.notes:$DATA", b"said\0")
    without = spmigrate("scan", "run", samba.address("streams"), "--json")
    assert "STREAMS" not in {each["code"] for each in without.json["findings"]}
    asked = spmigrate("scan", "run", samba.address("streams"), "--streams", "--json")
    assert "STREAMS" in {each["code"] for each in asked.json["findings"]}


def test_access_of_folders_is_kept_and_told(share: Samba, spmigrate: Run) -> None:
    entries = [entry("S-1-5-32-544", READ, allows=False), entry("S-1-1-0", READ), entry("S-1-5-21-1-2-3-4", FULL)]
    share.set_access("plain", "Letters", entries, protected=True)
    scanned = spmigrate("scan", "run", share.address("plain"), "--json")
    codes = {each["code"]: each for each in scanned.json["findings"]}
    assert {"ACL-DENY", "ACL-ORPHAN", "ACL-BROAD", "ACL-UNIQUE"} <= set(codes)
    assert codes["ACL-DENY"]["example"] == "Letters"


def test_count_of_the_server_is_equal_to_a_scan_that_saw_everything(
    share: Samba, spmigrate: Run, tmp_path: Path
) -> None:
    spmigrate("scan", "run", share.address("plain"), "--name", "Common")
    found = spmigrate("scan", "reconcile", "Common", "--counts", count(share, tmp_path), "--json")
    assert found.code == 0, found.stdout + found.stderr
    assert found.json["equal"] == [".", "Empty", "Letters", "Plans"]


def test_what_was_hidden_from_the_scan_is_a_difference(samba: Samba, spmigrate: Run, tmp_path: Path) -> None:
    daemon = pwd.getpwnam(READER).pw_uid
    for name in ("Open", "Closed"):
        (samba.root("hiding") / name).mkdir(mode=0o700)
        (samba.root("hiding") / name / "one.txt").write_text("one")
    for each in (samba.root("hiding") / "Open", samba.root("hiding") / "Open" / "one.txt"):
        os.chown(each, daemon, -1)
    assert spmigrate("scan", "run", samba.address("hiding"), "--name", "Common").code == 5
    found = spmigrate("scan", "reconcile", "Common", "--counts", count(samba, tmp_path, "hiding"), "--json")
    assert found.code == 5  # the scan itself was incomplete
    assert found.json["different"] == [
        {"path": "Closed", "scan": None, "server": {"folders": 0, "files": 1, "bytes": 3}}
    ]
    assert found.json["equal"] == ["Open"]


def test_new_files_are_a_difference_in_words(share: Samba, spmigrate: Run, tmp_path: Path) -> None:
    spmigrate("scan", "run", share.address("plain"), "--name", "Common")
    (share.root("plain") / "Plans" / "new.txt").write_bytes(b"x" * 7)
    found = spmigrate("scan", "reconcile", "Common", "--counts", count(share, tmp_path))
    assert found.code == 3
    assert "3 equal, 1 different" in found.stdout
    assert any(line.split()[:5] == ["Plans", "server", "0", "2", "37"] for line in found.stdout.splitlines())


def test_mounted_folder_is_held_against_its_file_server(share: Samba, spmigrate: Run) -> None:
    spmigrate("scan", "run", share.root("plain"), "--name", "Mounted")
    assert spmigrate("scan", "reconcile", "Mounted", "--smb", share.address("plain")).code == 0
    (share.root("plain") / "Letters" / "closed").mkdir(mode=0o700)
    spmigrate("scan", "run", share.root("plain"))
    found = spmigrate("scan", "reconcile", "Mounted", "--smb", share.address("plain"), "--json")
    assert found.code == 5
    assert found.json["unknown"] == [{"path": "Letters", "reason": "the count could not look into 1 of its folders"}]


def test_count_that_cannot_be_used_is_refused_line_by_line(share: Samba, spmigrate: Run, tmp_path: Path) -> None:
    spmigrate("scan", "run", share.address("plain"), "--name", "Common")
    (tmp_path / "counts.csv").write_text("path,folders,files,bytes\nLetters,many,2,3\n,1,2,3\n")
    found = spmigrate("scan", "reconcile", "Common", "--counts", "counts.csv")
    assert found.code == 1
    assert "counts.csv:2: 'many' is no number of folders" in found.stderr and "counts.csv:3" in found.stderr
    assert spmigrate("scan", "reconcile", "Common").code == 2
    assert spmigrate("scan", "reconcile", "Nowhere", "--counts", "counts.csv").code == 2
