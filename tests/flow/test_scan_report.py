"""`scan report` and the files that it writes, as a person runs it."""

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from spmigrate.store.ledger import Ledger
from tests.scan_sample import File, scanned

SETTINGS = "version: 1\ntenant:\n  rehearsal: tenant\n"

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _working_folder(tmp_path: Path) -> None:
    (tmp_path / "spmigrate.yaml").write_text(SETTINGS, "utf-8")


@pytest.fixture
def share(tmp_path: Path, spmigrate: Run) -> Path:
    """A small share with one name that SharePoint refuses, scanned."""
    folder = tmp_path / "Ashdown Close"
    (folder / "Referrals").mkdir(parents=True)
    (folder / "Referrals" / "meadow: kestrel.docx").write_text("x", "utf-8")
    assert spmigrate("scan", "run", folder).code == 0
    return folder


def test_all_forms_are_written_at_once(share: Path, spmigrate: Run, tmp_path: Path) -> None:
    done = spmigrate(
        "scan", "report", "Ashdown Close", "--html", "r.html", "--xlsx", "r.xlsx", "--csv", "lists", "--json"
    )
    assert done.code == 3
    assert set(done.json["written"]) == {"page", "workbook", "lists"}
    page = (tmp_path / "r.html").read_text("utf-8")
    assert page.count("OFFICIAL-SENSITIVE") == 2
    assert "meadow: kestrel.docx" in page
    assert "Who would gain and who would lose access" in page
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames[0] == "Read me"
    written = sorted(each.relative_to(tmp_path / "lists").as_posix() for each in (tmp_path / "lists").rglob("*.csv"))
    assert written == [
        "FileExtension.csv", "LargeFileSize.csv", "LongPath.csv", "S-01/ItemFailureReport.csv", "S-01/ScanSummary.csv",
        "ScanList.csv",
    ]  # fmt: skip


def test_text_form_stays_and_names_the_files(share: Path, spmigrate: Run, tmp_path: Path) -> None:
    done = spmigrate("scan", "report", "--html", "r.html")
    assert done.code == 3
    assert "Need another name" in done.stdout
    assert done.stdout.splitlines()[-1] == f"page:     {tmp_path / 'r.html'}"


def test_redacted_report_names_nothing_in_any_form(share: Path, spmigrate: Run, tmp_path: Path) -> None:
    options = ("--redact", "--html", "r.html", "--xlsx", "r.xlsx", "--csv", "lists")
    as_json = spmigrate("scan", "report", *options, "--json")
    as_text = spmigrate("scan", "report", "--redact")
    assert (as_json.code, as_text.code) == (3, 3)
    lists = "".join(each.read_text("utf-8") for each in (tmp_path / "lists").rglob("*.csv"))
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    cells = " ".join(str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    page = (tmp_path / "r.html").read_text("utf-8")
    for text in (json.dumps(as_json.json["sources"]), as_text.stdout, lists, cells, page):
        assert [name for name in ("Ashdown", "Referrals", "meadow", "kestrel", str(tmp_path)) if name in text] == []
    (source,) = as_json.json["sources"]
    assert (source["source"], source["root"]) == ("S-01", "")
    assert "OFFICIAL-SENSITIVE" not in page
    assert not list(tmp_path.glob("*key*"))


def test_key_is_written_when_asked_for_and_is_its_owners_alone(share: Path, spmigrate: Run, tmp_path: Path) -> None:
    done = spmigrate("scan", "report", "--redact", "--html", "r.html", "--key", "key.csv", "--json")
    assert done.json["written"]["key"] == str(tmp_path / "key.csv")
    assert stat.S_IMODE((tmp_path / "key.csv").stat().st_mode) == 0o600
    with (tmp_path / "key.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {row["Code"]: row["Name"] for row in csv.DictReader(file)}
    assert "Referrals" in known.values()
    assert known["S-01"].startswith("Ashdown Close")


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--key", "k.csv"), "--redact"),
        (("--html", "same", "--xlsx", "same"), "give each its own"),
        (("--redact", "--csv", "lists", "--key", "lists/k.csv"), "outside the folder"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(
    share: Path, spmigrate: Run, options: tuple[str, ...], hint: str, tmp_path: Path
) -> None:
    done = spmigrate("scan", "report", *options)
    assert done.code == 2
    assert hint in done.stderr
    assert not (tmp_path / "same").exists()


def test_incomplete_scan_is_written_and_exits_incomplete(spmigrate: Run, tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        scanned(ledger, "Share", {"A": [File("a.txt")]}, unseen={"Closed": "permission denied"})
    done = spmigrate("scan", "report", "--html", "r.html", "--json")
    assert done.code == 5
    assert (tmp_path / "r.html").read_text("utf-8").index("Closed") < (tmp_path / "r.html").read_text("utf-8").index(
        "Causes"
    )


def test_several_sources_are_in_one_report(spmigrate: Run, tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        for name in ("Roads", "Schools", "Parks"):
            scanned(ledger, name, {"A": [File("a.txt")]})
    done = spmigrate("scan", "report", "Roads", "Schools", "Roads", "--html", "r.html", "--json")
    assert [each["source"] for each in done.json["sources"]] == ["Roads", "Schools"]
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Schools" in page and "Parks" not in page


def test_report_that_cannot_be_written_says_where(share: Path, spmigrate: Run) -> None:
    done = spmigrate("scan", "report", "--html", "no/such/folder/r.html")
    assert done.code == 1
    assert "no/such/folder/r.html" in done.stderr
