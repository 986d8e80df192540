"""`scan diff`, as a person runs it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def share(tmp_path: Path) -> Path:
    (tmp_path / "spmigrate.yaml").write_text("version: 1\ntenant:\n  rehearsal: tenant\n", "utf-8")
    (tmp_path / "Share" / "Plans").mkdir(parents=True)
    (tmp_path / "Share" / "Plans" / "plan.docx").write_text("x", "utf-8")
    (tmp_path / "Share" / "note\n.docx").write_text("x", "utf-8")
    return tmp_path / "Share"


def test_source_that_was_scanned_once_has_nothing_to_be_compared_with(spmigrate: Run, share: Path) -> None:
    assert spmigrate("scan", "diff").code == 2
    spmigrate("scan", "run", "Share")
    done = spmigrate("scan", "diff", "Share")
    assert (done.code, "scanned once only: there is nothing to compare yet" in done.stdout) == (5, True)
    all_of_them = spmigrate("scan", "diff", "--json")
    assert (all_of_them.code, all_of_them.json["sources"][0]["differences"]) == (5, [])
    assert spmigrate("scan", "run", "Share").stdout.count("2 items in 1 folder,") == 1


def test_unchanged_source_is_0_and_a_changed_one_4(spmigrate: Run, share: Path) -> None:
    spmigrate("scan", "run", "Share")
    again = spmigrate("scan", "run", "Share")
    assert "scan diff Share" in again.stderr
    same = spmigrate("scan", "diff")
    assert (same.code, "nothing has changed" in same.stdout) == (0, True)
    (share / "Plans").rename(share / "Drawings")
    (share / "note\n.docx").unlink()
    spmigrate("scan", "run", "Share")
    done = spmigrate("scan", "diff", "Share")
    assert done.code == 4
    assert "renamed: 1 folder, 0 items" in done.stdout
    assert "'Plans' -> 'Drawings/' (1 item, " in done.stdout
    assert "'note\\n.docx'" in done.stdout
    (document,) = spmigrate("scan", "diff", "--json").json["sources"]
    assert [total["kind"] for total in document["totals"]] == ["renamed", "gone"]
    assert document["differences"][0]["before"] == "Plans"


def test_most_important_differences_are_named_and_all_on_request(spmigrate: Run, share: Path) -> None:
    spmigrate("scan", "run", "Share")
    for number in range(30):
        (share / f"new {number}.txt").write_text("x" * number, "utf-8")
    spmigrate("scan", "run", "Share")
    few, everything = spmigrate("scan", "diff"), spmigrate("scan", "diff", "--all")
    assert (few.stdout.count("new "), everything.stdout.count("'new ")) == (40, 30)
    assert "new 29.txt" in few.stdout
    assert "--all" in few.stderr


def test_scan_that_could_not_see_everything_is_5(spmigrate: Run, share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spmigrate("scan", "run", "Share")
    (share / "new.txt").write_text("x", "utf-8")
    spmigrate("scan", "run", "Share")
    from spmigrate.store.ledger import Ledger

    with Ledger(share.parent / "ledger.db") as ledger:
        ledger.execute("UPDATE scan SET state='incomplete', unseen=1 WHERE id=2")
    done = spmigrate("scan", "diff")
    assert done.code == 5
    assert "NOT SEEN: 1" in done.stdout
    assert "new.txt" in done.stdout


def test_emptied_source_is_scanned_on_request(spmigrate: Run, share: Path) -> None:
    spmigrate("scan", "run", "Share")
    (share / "Plans" / "plan.docx").unlink()
    (share / "Plans").rmdir()
    (share / "note\n.docx").unlink()
    assert spmigrate("scan", "run", "Share").code == 1
    assert spmigrate("scan", "run", "Share", "--emptied").code == 0
    assert spmigrate("scan", "diff").code == 4
