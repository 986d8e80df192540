"""`estate generate`, `scan run` and `scan report`, as a person runs them."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SETTINGS = "version: 1\ntenant:\n  rehearsal: tenant\n"

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _working_folder(tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text(SETTINGS, "utf-8")


def test_estate_is_made_scanned_and_reported(spmigrate: Run, tmp_path: Path) -> None:
    made = spmigrate("estate", "generate", "share", "--files", 300, "--mean-size", "6KB", "--json")
    assert made.code == 0
    share = made.json["share"]
    assert (Path(share).parent, Path(share).name, made.json["files"]) == (tmp_path / "share", "Highways", 300)

    scanned = spmigrate("scan", "run", share, "--json")
    assert scanned.code == 0, scanned.stderr
    assert (scanned.json["source"], scanned.json["state"]) == ("Highways", "complete")
    assert (scanned.json["items"], scanned.json["bytes"]) == (300 + made.json["links"], made.json["bytes"])

    report = spmigrate("scan", "report", "Highways", "--json")
    assert report.code == 3
    (source,) = report.json["sources"]
    assert source == scanned.json
    by_code = {each["code"]: each for each in source["findings"]}
    assert by_code["PATH-TOO-LONG"]["count"] == 1
    assert by_code["NAME-CHARACTER"]["proposal"] == "Agenda- 14 March.docx"


def test_every_expected_cause_is_found_in_an_estate(spmigrate: Run) -> None:
    spmigrate("estate", "generate", "share", "--files", 900, "--mean-size", "30KB")
    scanned = spmigrate("scan", "run", "share/Highways", "--look-inside", "--no-access", "--json")
    found = {each["code"] for each in scanned.json["findings"]}
    from spmigrate.scan.checks import CODES

    elsewhere = {"UNSEEN", "FILE-TOO-LARGE", "FILE-LARGE", "NAME-LENGTH", "SPECIAL", "SCRIPT-PAGE", "DATE-ODD",
                 "FOLDER-LARGE", "PATH-ENCODED", "ONENOTE-LARGE", "THICKET-ABROAD"}  # fmt: skip
    of_windows = {"OFFLINE", "EFS-ENCRYPTED", "HIDDEN", "STREAMS"}
    of_a_whole_library = {code for code in CODES if code.startswith("LIBRARY-")} | {"SITE-SIZE", "DUPLICATE-CONTENT"}
    of_access = {code for code in CODES if code.startswith("ACL-")}
    of_contents = {"LABEL-ENCRYPTED", "DATA-CONNECTION", "CAD-REFERENCES", "UNREADABLE"}
    by_chance = {"OLD", "PATH-LONG", "PATH-OFFICE", "CAD-SET"}
    rare = elsewhere | of_windows | of_a_whole_library | of_access | of_contents
    assert found | by_chance == (set(CODES) - rare) | by_chance


def test_report_reads_as_text_with_an_example_and_a_remedy(spmigrate: Run, tmp_path: Path) -> None:
    (tmp_path / "Share").mkdir()
    (tmp_path / "Share" / "two\nlines.txt").write_text("x", "utf-8")
    assert spmigrate("scan", "run", "Share").code == 0
    report = spmigrate("scan", "report")
    assert report.code == 3
    assert "Need another name" in report.stdout
    assert "'two\\nlines.txt' -> 'two lines.txt'" in report.stdout
    assert "Move and tidy" in report.stdout


def test_clean_share_is_reported_clean(spmigrate: Run, tmp_path: Path) -> None:
    (tmp_path / "Share").mkdir()
    (tmp_path / "Share" / "plan.docx").write_text("x", "utf-8")
    spmigrate("scan", "run", "Share")
    assert spmigrate("scan", "report", "Share").code == 0


def test_interrupted_scan_says_so_and_goes_on(spmigrate: Run, tmp_path: Path) -> None:
    from spmigrate.scan.places import local
    from spmigrate.store import scans
    from spmigrate.store.ledger import Ledger

    (tmp_path / "Share").mkdir()
    root = local.find(tmp_path / "Share")
    with Ledger(tmp_path / "ledger.db") as ledger:
        begun = scans.begin(ledger, root.path, None, directory=root.directory, look_inside=False)
    report = spmigrate("scan", "report")
    assert report.code == 5
    assert "was interrupted" in report.stdout
    done = spmigrate("scan", "run", "Share", "--json")
    assert (done.code, done.json["scan"], done.json["state"]) == (0, begun.scan_id, "complete")


def test_missing_source_is_one_clear_error(spmigrate: Run, tmp_path: Path) -> None:
    done = spmigrate("scan", "run", "nowhere")
    assert done.code == 1
    assert done.stderr.startswith("error: nowhere cannot be scanned: no such file or directory")
    assert "Traceback" not in done.stderr


def test_source_that_is_empty_by_now_is_one_clear_error_and_stays_as_it_was(spmigrate: Run, tmp_path: Path) -> None:
    (tmp_path / "Share" / "Plans").mkdir(parents=True)
    before = spmigrate("scan", "run", "Share", "--json").json
    (tmp_path / "Share" / "Plans").rmdir()
    done = spmigrate("scan", "run", "Share")
    assert done.code == 1
    assert "hint:  mount the share first" in done.stderr
    assert spmigrate("scan", "report", "Share", "--json").json["sources"] == [before]


def test_folder_of_a_source_is_no_second_source(spmigrate: Run, tmp_path: Path) -> None:
    (tmp_path / "Share" / "Plans").mkdir(parents=True)
    (tmp_path / "Link").symlink_to("Share")
    spmigrate("scan", "run", "Share")
    for spelling in ("Share/Plans", "Link/Plans", "."):
        done = spmigrate("scan", "run", spelling, "--name", "Other")
        assert done.code == 2
        assert f"{tmp_path / 'Share'}, which is in the ledger as 'Share'" in done.stderr


def test_file_as_a_source_is_one_clear_error(spmigrate: Run) -> None:
    done = spmigrate("scan", "run", "spmigrate.yaml", "--json")
    assert done.code == 1
    assert "not a directory" in done.json["error"]["message"]


def test_report_of_an_unknown_source_names_those_there_are(spmigrate: Run, tmp_path: Path) -> None:
    assert spmigrate("scan", "report").code == 2
    (tmp_path / "Share").mkdir()
    spmigrate("scan", "run", "Share")
    done = spmigrate("scan", "report", "Highways")
    assert done.code == 2
    assert "there are: Share" in done.stderr


def test_estate_refuses_a_folder_with_content_and_bad_sizes(spmigrate: Run) -> None:
    assert spmigrate("estate", "generate", ".").code == 1
    assert "--mean-size" in spmigrate("estate", "generate", "new", "--mean-size", "big").stderr
    assert spmigrate("estate", "generate", "new", "--files", 3).code == 2


def test_nothing_but_the_document_is_printed(spmigrate: Run, tmp_path: Path) -> None:
    (tmp_path / "Share").mkdir()
    done = spmigrate("scan", "run", "Share", "--json")
    assert done.json["items"] == 0
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="modes of folders are POSIX")
def test_what_may_not_be_read_makes_the_scan_incomplete(unprivileged: tuple[Path, Run]) -> None:
    folder, run = unprivileged
    share = folder / "Share"
    for name in ("Open", "Closed", "Listed only"):
        (share / name).mkdir(parents=True)
        (share / name / "plan.docx").write_text("x", "utf-8")
    (share / "secret.docx").write_text("secret", "utf-8")
    (share / "secret.docx").chmod(0)
    (share / "Closed").chmod(0)
    (share / "Listed only").chmod(0o444)
    code, stdout, stderr = run("scan", "run", "Share")
    assert code == 5, stderr
    assert "incomplete: 3 items in 3 folders" in stdout
    assert "NOT SEEN: 3" in stdout
    for path in ("Closed", "Listed only/plan.docx", "secret.docx"):
        assert f"'{path}': permission denied" in stdout
    code, stdout, _ = run("scan", "report", "Share")
    assert code == 5
    assert stdout.index("NOT SEEN") < stdout.index("Could not be looked at (UNSEEN, critical)")


@pytest.mark.skipif(sys.platform == "win32", reason="modes of folders are POSIX")
def test_unreadable_source_is_one_clear_error(unprivileged: tuple[Path, Run]) -> None:
    folder, run = unprivileged
    (folder / "Closed").mkdir(mode=0)
    code, _, stderr = run("scan", "run", "Closed")
    assert code == 1
    assert stderr.strip().startswith("error: Closed cannot be scanned: permission denied")
    assert "hint:" in stderr
