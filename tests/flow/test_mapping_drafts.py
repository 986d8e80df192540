"""`spmigrate mapping draft` to the workbooks of several owners, from the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Finished
from tests.flow.test_mapping_commands import scan, work

Run = Callable[..., Finished]
__all__ = ["work"]


@pytest.fixture
def drafted(work: Path, spmigrate: Run) -> Path:
    """A working folder with the draft of a share, which the director of highways owns but for its structures."""
    share = work.parent / "share"
    for n in range(30):
        (share / "Structures").mkdir(exist_ok=True)
        (share / "Structures" / f"{n}.txt").write_text("x")
    scan(work, share)
    done = spmigrate("mapping", "draft", "Highways", "--json", cwd=work)
    assert done.code in (0, 3), done.stderr
    assert done.json["file"] == "mappings/drafts/Highways.yaml"
    text = (work / done.json["file"]).read_text().replace('owner: ""', "owner: highways.director")
    (work / done.json["file"]).write_text(text)
    return work


def test_a_draft_is_issued_to_each_owner_answered_and_collected(drafted: Path, spmigrate: Run) -> None:
    issued = spmigrate("mapping", "issue", "Highways", "--json", cwd=drafted)
    assert issued.code == 0, issued.stderr
    assert issued.json["unowned"] == []
    for each in issued.json["sheets"]:
        assert spmigrate("mapping", "answer", each["file"], cwd=drafted).code == 0
        assert spmigrate("mapping", "collect", each["file"], cwd=drafted).code == 0
    again = spmigrate("mapping", "issue", "Highways", cwd=drafted)
    assert again.code == 0, again.stderr
    for each in issued.json["sheets"]:
        kept = f"{each['sheet']} version 1 for {each['owner']} is out, and nothing in it has changed: {each['file']}"
        assert kept in again.stdout
    status = spmigrate("mapping", "status", "--reminders", "reminders.csv", "--json", cwd=drafted)
    assert {each["sheet"] for each in status.json["reminders"]} == {each["sheet"] for each in issued.json["sheets"]}
    assert all(each["uncovered"] == [] for each in status.json["sheets"])
    assert (drafted / "reminders.csv").read_text("utf-8-sig").startswith("Owner,Sheet,About,File,Issued")


def test_a_broken_draft_is_not_issued_and_every_line_is_named(drafted: Path, spmigrate: Run) -> None:
    file = drafted / "mappings/drafts/Highways.yaml"
    file.write_text(file.read_text().replace("folder: Surveys", "folder: Survey"))
    checked = spmigrate("mapping", "draft", "Highways", "--check", cwd=drafted)
    assert checked.code == 3
    assert "there is no folder 'Survey' in the last scan (did you mean 'Surveys'?)" in checked.stdout
    refused = spmigrate("mapping", "issue", "Highways", cwd=drafted)
    assert refused.code == 1
    assert "Highways.yaml cannot be issued" in refused.stderr


def test_without_a_draft_an_owner_is_asked_for(work: Path, spmigrate: Run) -> None:
    done = spmigrate("mapping", "issue", "Highways", cwd=work)
    assert done.code == 2
    assert "spmigrate mapping draft Highways, or name one owner for all of it: --owner ROLE" in done.stderr


def test_practice_and_compare_say_what_they_did(drafted: Path, spmigrate: Run) -> None:
    done = spmigrate("mapping", "issue", "Highways", "--practice", "--json", cwd=drafted)
    assert done.code == 0, done.stderr
    practice = done.json["practice"][0]["file"]
    refused = spmigrate("mapping", "collect", practice, cwd=drafted)
    assert refused.code == 1 and "is a practice workbook, and nothing in it counts" in refused.stderr
    file = spmigrate("mapping", "issue", "Highways", "--json", cwd=drafted).json["sheets"][0]["file"]
    for policy, out in (("agreeable", "a.xlsx"), ("mixed", "b.xlsx")):
        answered = spmigrate("mapping", "answer", file, "--policy", policy, "--seed", "3", "--out", out, cwd=drafted)
        assert answered.code == 0, answered.stderr
    merged = spmigrate("mapping", "compare", file, "a.xlsx", "--out", "c.xlsx", "--json", cwd=drafted)
    assert (merged.code, merged.json["conflicts"], (drafted / "c.xlsx").exists()) == (0, [], True)
    assert spmigrate("mapping", "collect", "c.xlsx", cwd=drafted).code == 0
    told = spmigrate("mapping", "compare", "a.xlsx", "b.xlsx", "--out", "d.xlsx", cwd=drafted)
    assert told.code == 3 and "says 'Move and tidy', " in told.stdout and "to settle" in told.stdout
    assert not (drafted / "d.xlsx").exists()
