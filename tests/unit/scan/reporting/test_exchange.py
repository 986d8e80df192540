"""The lists of Microsoft's tools: their names, their columns, and numbers that add up."""

import csv
from pathlib import Path
from typing import Any

from spmigrate.formats import csv as csv_files
from spmigrate.scan.reporting import exchange
from spmigrate.scan.reporting.figures import gather
from spmigrate.scan.reporting.naming import PlainNames
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access
from tests.scan_sample import File, add_finding, right, scanned

_GB = 1_000_000_000


def written(ledger: Ledger, source: int, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The lists of a source, written and read again."""
    found = {}
    for each in exchange.lists(ledger, [gather(ledger, inventory.by_id(ledger, source))], PlainNames()):
        target = folder / each.file.replace("/", " ")
        csv_files.write(target, each.headings, each.rows)
        with target.open(encoding="utf-8-sig", newline="") as file:
            found[each.file] = list(csv.DictReader(file))
    return found


def test_columns_are_those_of_the_tools() -> None:
    assert ", ".join(exchange.SCAN_SUMMARY) == (
        "Incremental round, Total scanned items, Total scanned folders, Total scanned list items, Total scanned files,"
        " Folders with issues, Items with issues, Items filtered out, Folders to be migrated, Items to be migrated,"
        " Total items to be migrated, Device name"
    )
    assert ", ".join(exchange.ITEM_FAILURE_REPORT) == (
        "Source, Destination, Item name, Extension, Item size, Content type, Status, Result category, Message,"
        " Error code, Source item ID, Destination item ID, Package number, Migration job ID, Incremental round,"
        " Task ID, Device name"
    )
    assert ", ".join(exchange.SCAN_LIST) == (
        "Source path, Scan status, Data size, File count, Folder count, Max path length, Root permissions,"
        " Last accessed, Created on, Migration Readiness, Task ID"
    )
    assert ", ".join(exchange.FILE_EXTENSION) == "TaskId, Name, SourcePath, FullPath, SourceExtension, TotalSize"
    assert ", ".join(exchange.LARGE_FILE_SIZE) == "TaskId, Name, SourcePath, FullPath, SourceSize, SourceSizeInGB"
    assert ", ".join(exchange.LONG_PATH) == "TaskId, Name, SourcePath, FullPath, SourcePathLength"


def test_every_list_is_written_under_its_name(ledger: Ledger, tmp_path: Path) -> None:
    source = scanned(ledger, "Share", {"": [File("a.txt")]})
    assert list(written(ledger, source, tmp_path)) == [
        "ScanList.csv", "FileExtension.csv", "LargeFileSize.csv", "LongPath.csv",
        f"S-{source:02d}/ScanSummary.csv", f"S-{source:02d}/ItemFailureReport.csv",
    ]  # fmt: skip


def test_summary_adds_up_and_failures_are_one_for_each_finding(ledger: Ledger, tmp_path: Path) -> None:
    folders = {"A": [File("x.mdb", 5), File("y.", 7), File("Thumbs.db", 1), File("fine.txt", 2)], "B": []}
    source = scanned(ledger, "Share", folders)
    scan = inventory.by_id(ledger, source).scan_id
    items = {row["name"]: (row["folder_id"], row["id"]) for row in ledger.rows("SELECT * FROM item")}
    add_finding(ledger, scan, "DATABASE", "route", *items["x.mdb"])
    add_finding(ledger, scan, "NAME-DOT", "rename", *items["y."])
    add_finding(ledger, scan, "SYSTEM-FILE", "skip", *items["Thumbs.db"])
    add_finding(ledger, scan, "NAME-DOT", "rename", items["y."][0])
    lists = written(ledger, source, tmp_path)
    (summary,) = lists[f"S-{source:02d}/ScanSummary.csv"]
    assert [summary[each] for each in exchange.SCAN_SUMMARY[1:-1]] == ["6", "2", "0", "4", "1", "2", "1", "1", "1", "2"]
    failures = lists[f"S-{source:02d}/ItemFailureReport.csv"]
    assert [(each["Item name"], each["Error code"], each["Content type"]) for each in failures] == [
        ("x.mdb", "DATABASE", "File"), ("y.", "NAME-DOT", "File"), ("A", "NAME-DOT", "Folder"),
    ]  # fmt: skip
    assert failures[0]["Source"] == "/srv/Share/A/x.mdb"
    assert (failures[0]["Destination"], failures[0]["Migration job ID"]) == ("", "")


def test_large_files_and_long_paths_are_those_beyond_the_bounds(ledger: Ledger, tmp_path: Path) -> None:
    room = 300 - len("/srv/Share/A/")
    files = [File("fits", 15 * _GB), File("large.iso", 15 * _GB + 1), File("n" * room), File("m" * (room + 1))]
    lists = written(ledger, scanned(ledger, "Share", {"A": files}), tmp_path)
    assert [(each["FullPath"], each["SourceSizeInGB"]) for each in lists["LargeFileSize.csv"]] == [
        ("/srv/Share/A/large.iso", "15.00")
    ]
    assert [each["SourcePathLength"] for each in lists["LongPath.csv"]] == ["301"]
    assert lists["ScanList.csv"][0]["Max path length"] == "301"


def test_scan_list_says_ready_only_of_what_was_seen_and_can_move(ledger: Ledger, tmp_path: Path) -> None:
    access = {"": Access("o", True, (right("1001", "Team"), right("1002", "Panel")))}
    clean = scanned(ledger, "Clean", {"A": [File("a.txt", 9)]}, access=access)
    partly = scanned(ledger, "Partly", {"A": []}, unseen={"B": "permission denied"})
    (ready,) = written(ledger, clean, tmp_path)["ScanList.csv"]
    assert (ready["Scan status"], ready["Migration Readiness"], ready["Root permissions"]) == ("Success", "Ready", "2")
    assert (ready["Data size"], ready["File count"], ready["Folder count"], ready["Last accessed"]) == (
        "9",
        "1",
        "1",
        "",
    )
    (not_ready,) = written(ledger, partly, tmp_path)["ScanList.csv"]
    assert (not_ready["Scan status"], not_ready["Migration Readiness"]) == ("Failure", "Warning")
    assert not_ready["Root permissions"] == ""


def test_no_cell_acts_as_a_formula_and_no_name_alters_the_list(ledger: Ledger, tmp_path: Path) -> None:
    names = ["=HYPERLINK(1).csv", "+1", "@x", "-2", "two\nlines", "rtl\u202egpj.exe"]
    source = scanned(ledger, "Share", {"": [File(name, 16 * _GB) for name in names]})
    scan = inventory.by_id(ledger, source).scan_id
    for row in list(ledger.rows("SELECT * FROM item")):
        add_finding(ledger, scan, "NAME-CHARACTER", "rename", row["folder_id"], row["id"])
    failures = written(ledger, source, tmp_path)[f"S-{source:02d}/ItemFailureReport.csv"]
    assert [each["Item name"] for each in failures] == [
        "'=HYPERLINK(1).csv", "'+1", "'@x", "'-2", "two\\nlines", "rtl\\u202egpj.exe",
    ]  # fmt: skip


def test_types_have_all_bytes(ledger: Ledger, tmp_path: Path) -> None:
    files = [File("a.PDF", 5), File("b.pdf", 6), File("README", 7), File("Mr. Smith", 8)]
    rows = written(ledger, scanned(ledger, "Share", {"A": files}), tmp_path)["FileExtension.csv"]
    assert [(each["SourceExtension"], each["TotalSize"]) for each in rows] == [("", "15"), ("pdf", "11")]


def test_a_share_is_written_as_the_tools_take_it(ledger: Ledger, tmp_path: Path) -> None:
    source = scanned(ledger, "Roads", {"A/B": [File("large.iso", 16 * _GB)], "A": []})
    ledger.execute("UPDATE source SET root='smb://fs03/Highways/Roads'")
    lists = written(ledger, source, tmp_path)
    assert lists["ScanList.csv"][0]["Source path"] == "\\\\fs03\\Highways\\Roads"
    assert lists["LargeFileSize.csv"][0]["FullPath"] == "\\\\fs03\\Highways\\Roads\\A\\B\\large.iso"


def test_a_finding_about_the_whole_source_names_its_root(ledger: Ledger, tmp_path: Path) -> None:
    source = scanned(ledger, "Share", {}, unseen={"": "hidden names"})
    (row,) = written(ledger, source, tmp_path)[f"S-{source:02d}/ItemFailureReport.csv"]
    assert (row["Source"], row["Item name"], row["Error code"]) == ("/srv/Share", "Share", "UNSEEN")
