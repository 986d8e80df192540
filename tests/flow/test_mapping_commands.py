"""`spmigrate mapping` from end to end: issue, answer in Excel, collect, sign, change one row, verify."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from spmigrate.mapping.columns import COLUMNS, TAB
from spmigrate.scan.survey import survey
from spmigrate.store.ledger import Ledger
from tests.conftest import ROOT, Finished
from tests.registers import LEAD, OWNER, today, write_registers
from tests.unit.mapping.desk_case import MOVE, write_share

Run = Callable[..., Finished]
SIGN = ("S-0001", "--signer", OWNER)
DIGEST = ("--digest", "8da7f1c04e2b")
LETTER = {column.key: openpyxl.utils.get_column_letter(n) for n, column in enumerate(COLUMNS, start=1)}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A working folder with one share, scanned as `scan run` does; in this process, because every test needs it."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("site_templates", "mappings"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "spmigrate.yaml").write_text("version: 1\ntenant:\n  rehearsal: ../tenant\n")
    write_registers(folder / "governance_rules")
    share = write_share(tmp_path / "share")
    scan(folder, share)
    return folder


def scan(folder: Path, share: Path) -> None:
    """Scan a share into the ledger of a working folder."""
    with Ledger(folder / "ledger.db") as ledger:
        survey(ledger, share, name="Highways", access="folders")


def issue(spmigrate: Run, work: Path) -> Path:
    done = spmigrate("mapping", "issue", "Highways", "--owner", OWNER, "--json", cwd=work)
    assert done.code == 0, done.stderr
    return work / str(done.json["file"])


def answer(file: Path, answers: Mapping[str, str], *, row: int | None = None) -> None:
    """What an owner does in Excel, in one row or in all."""
    book = openpyxl.load_workbook(file)
    page = book[TAB]
    for number in [row] if row else range(4, page.max_row + 1):
        for key, text in answers.items():
            page[f"{LETTER[key]}{number}"] = text
    book.save(file)


def sign(spmigrate: Run, work: Path, *more: str) -> Finished:
    (sheet,) = spmigrate("mapping", "status", "--json", cwd=work).json["sheets"]
    digest = sheet["digest"] or "0" * 12
    evidence = more or ("--approval-record", f"APR-{digest[:12]}")
    return spmigrate("mapping", "sign", "S-0001", "--digest", digest, "--signer", OWNER, *evidence, "--json", cwd=work)


def by(role: str, *more: str) -> tuple[str, ...]:
    return ("S-0001", "--signer", role, "--approval-record", "CHG-7", *more)


def lock(spmigrate: Run, work: Path) -> Finished:
    return spmigrate("mapping", "lock", *by(LEAD), "--json", cwd=work)


def announce(spmigrate: Run, work: Path) -> None:
    done = spmigrate("mapping", "lock", *by(LEAD, "--on", today()), cwd=work)
    assert done.code == 0, done.stderr


def test_from_issue_to_signature_and_back(work: Path, spmigrate: Run) -> None:
    file = issue(spmigrate, work)
    assert file == work / "mappings" / "S-0001-v1.xlsx"
    early = sign(spmigrate, work)
    assert early.code == 1 and "has not come back" in early.json["error"]["message"]

    empty = spmigrate("mapping", "collect", file, "--json", cwd=work)
    assert (empty.code, empty.json["state"], len(empty.json["blocked"])) == (3, "RETURNED", 4)
    assert empty.json["problems"][0]["where"] == "S-0001-v1.xlsx!Your folders!G4"

    answer(file, MOVE)
    assert spmigrate("mapping", "lint", file, cwd=work).code == 0
    assert spmigrate("mapping", "status", "--json", cwd=work).json["sheets"][0]["state"] == "RETURNED"
    collected = spmigrate("mapping", "collect", file, cwd=work)
    assert collected.code == 0 and "You are agreeing to move and tidy 4 folders" in collected.stdout

    (sheet,) = spmigrate("mapping", "status", "--json", cwd=work).json["sheets"]
    assert f"Digest of these rows: {sheet['digest']}" in collected.stdout
    assert f"ready to be signed, digest {sheet['digest']}" in spmigrate("mapping", "status", cwd=work).stdout
    assert f"mapping sign S-0001 --digest {sheet['digest'][:12]} --signer '{OWNER}'" in collected.stderr
    refused = spmigrate("mapping", "sign", *SIGN, "--digest", "0" * 12, "--approval-record", "APR-1", cwd=work)
    assert refused.code == 1 and f"their digest is {sheet['digest'][:12]}…, not 000000000000…" in refused.stderr

    signed = sign(spmigrate, work)
    assert (signed.code, signed.json["state"], signed.json["signed"]) == (0, "OWNER-SIGNED", 4)
    assert signed.json["signoff"]["evidence"].startswith("level 3: approval record APR-")
    again = sign(spmigrate, work)
    assert (again.code, again.json["signoff"]) == (0, None)

    answer(file, {"decision": "Leave as read-only archive"}, row=5)
    changed = spmigrate("mapping", "collect", file, "--json", cwd=work).json
    assert (changed["state"], changed["signed"], len(changed["voided"])) == ("INVALIDATED", 3, 1)
    status = spmigrate("mapping", "status", cwd=work)
    assert status.code == 4 and "must be signed again: changed since it was signed off" in status.stdout
    second = sign(spmigrate, work, "--email-ref", "MAIL-7", "--witness", "Migration Lead")
    assert second.json["signoff"]["rows"] == changed["voided"]
    assert spmigrate("mapping", "status", cwd=work).code == 4

    verified = spmigrate("mapping", "verify", "--json", cwd=work)
    assert verified.code == 0
    assert verified.json == {"entries": 2, "head": second.json["signoff"]["entry"], "breaks": []}


def test_folders_in_no_row_are_named_until_they_are_issued(work: Path, spmigrate: Run) -> None:
    file = issue(spmigrate, work)
    answer(file, MOVE)
    spmigrate("mapping", "collect", file, cwd=work)
    announce(spmigrate, work)
    sign(spmigrate, work)
    assert lock(spmigrate, work).json["state"] == "LOCKED"
    assert spmigrate("mapping", "status", cwd=work).code == 0
    new = work.parent / "share" / "Safeguarding"
    new.mkdir()
    (new / "a.txt").write_text("x")
    spmigrate("scan", "run", work.parent / "share", cwd=work)
    status = spmigrate("mapping", "status", cwd=work)
    assert status.code == 4
    assert "S-0001 1 folder is in no row: Safeguarding; run the same spmigrate mapping issue again" in status.stdout
    assert spmigrate("mapping", "status", "--json", cwd=work).json["sheets"][0]["uncovered"] == ["Safeguarding"]
    issue(spmigrate, work)
    assert spmigrate("mapping", "status", "--json", cwd=work).json["sheets"][0]["uncovered"] == []


def test_a_home_that_left_the_site_files_is_not_planned(work: Path, spmigrate: Run) -> None:
    file = issue(spmigrate, work)
    answer(file, MOVE)
    spmigrate("mapping", "collect", file, cwd=work)
    sign(spmigrate, work)
    (work / "site_templates" / "sites" / "structures.yaml").unlink()
    gone = "its new home 'Structures > Documents' is not an approved library any more"
    status = spmigrate("mapping", "status", cwd=work)
    assert (status.code, status.stdout.count(gone)) == (4, 1), status.stdout
    assert status.stdout.count("is not an approved home") == 4, "each row by its name"
    planned = spmigrate("wave", "plan", "pilot", cwd=work)
    assert (planned.code, planned.stderr.count(gone)) == (1, 4), planned.stderr


def test_altered_signoffs_are_found(work: Path, spmigrate: Run) -> None:
    file = issue(spmigrate, work)
    answer(file, MOVE)
    spmigrate("mapping", "collect", file, cwd=work)
    sign(spmigrate, work)
    with closing(sqlite3.connect(work / "ledger.db")) as database, database:
        database.execute("DROP TRIGGER signoff_no_update")
        database.execute("UPDATE signoff SET signer = 'Somebody else'")
    done = spmigrate("mapping", "verify", "--json", cwd=work)
    assert done.code == 3 and "was altered after it was written" in done.json["breaks"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("collect", "nowhere.xlsx"), 1, "nowhere.xlsx: no such file or directory"),
        (("lint", "spmigrate.yaml"), 1, "is not an .xlsx workbook but '.yaml'"),
        (("issue", "Roads", "--owner", OWNER), 2, "no source called 'Roads' has been scanned"),
        (("issue", "Highways", "--owner", OWNER, "--deputy", "X"), 2, "--deputy and --deputy-until belong together"),
        (("sign", *SIGN, "--approval-record", "A"), 2, "the digest that was approved is not said"),
        (("sign", *SIGN, *DIGEST, "--approval-record", "A"), 1, "there is no sheet S-0001"),
        (("sign", *SIGN, *DIGEST), 2, "give the evidence"),
        (("sign", *SIGN, *DIGEST, "--email-ref", "A"), 2, "an e-mail alone proves nothing"),
    ],
)
def test_mistakes_are_explained(work: Path, spmigrate: Run, arguments: tuple[str, ...], code: int, text: str) -> None:
    done = spmigrate("mapping", *arguments, cwd=work)
    assert done.code == code and text in done.stderr and "Traceback" not in done.stderr


def test_refusals_are_documents_too(work: Path, spmigrate: Run) -> None:
    file = issue(spmigrate, work)
    book = openpyxl.load_workbook(file)
    book[TAB]["A4"] = "=A1"
    book["Lists"].sheet_state = "hidden"
    book.save(file)
    done = spmigrate("mapping", "collect", file, "--json", cwd=work)
    assert done.code == 1
    wheres = [problem["where"] for problem in json.loads(done.stdout)["error"]["problems"]]
    assert wheres == ["S-0001-v1.xlsx!Your folders!A4", "S-0001-v1.xlsx!Lists"]


def test_status_says_whose_turn_it_is_while_the_workbook_is_out(work: Path, spmigrate: Run) -> None:
    file = issue(spmigrate, work)
    told = spmigrate("mapping", "status", cwd=work).stderr
    assert f"next: {OWNER} answers the workbook of S-0001; then: spmigrate mapping collect mappings/{file.name}" in told
    assert spmigrate("mapping", "collect", file, cwd=work).code == 3
    told = spmigrate("mapping", "status", cwd=work).stderr
    assert f"next: {OWNER} answers what is not ready; then: spmigrate mapping collect mappings/{file.name}" in told


def test_status_shows_the_way_on_when_folders_changed_since_the_workbook_went_out(work: Path, spmigrate: Run) -> None:
    file = issue(spmigrate, work)
    answer(file, MOVE)
    spmigrate("mapping", "collect", file, cwd=work)
    for number in range(40):
        (work.parent / "share" / "Bridges" / f"new {number}.txt").write_text("x")
    scan(work, work.parent / "share")
    sign(spmigrate, work)
    told = spmigrate("mapping", "status", cwd=work).stderr
    assert "next: show the owner the new facts: spmigrate mapping issue Highways\n" in told
    issue(spmigrate, work)
    assert "the new facts" not in spmigrate("mapping", "status", cwd=work).stderr


def test_no_list_of_choices_is_explained(work: Path, spmigrate: Run) -> None:
    (work / "mappings" / "lists.yaml").write_text("version: 2026.1\nkeep rule: x\n")
    done = spmigrate("mapping", "issue", "Highways", "--owner", OWNER, cwd=work)
    assert done.code == 1 and "lists.yaml:2:1: unknown key 'keep rule'" in done.stderr


def test_an_unfinished_scan_is_not_issued(work: Path, spmigrate: Run) -> None:
    with closing(sqlite3.connect(work / "ledger.db")) as database, database:
        database.execute("UPDATE scan SET state = 'running'")
    done = spmigrate("mapping", "issue", "Highways", "--owner", OWNER, cwd=work)
    assert done.code == 1 and "has not finished" in done.stderr
    assert not list((work / "mappings").glob("*.xlsx"))


def _types(value: Any) -> Any:
    return {key: _types(each) for key, each in value.items()} if isinstance(value, dict) else type(value).__name__


def test_json_of_issue_is_stable(work: Path, spmigrate: Run) -> None:
    done = spmigrate("mapping", "issue", "Highways", "--owner", OWNER, "--json", cwd=work)
    sheet = {"sheet": "str", "part": "str", "version": "int", "file": "str", "owner": "str", "state": "str"}
    assert _types(done.json) == {**sheet, "sheets": "list", "unowned": "list", "kept": "list"}
    assert [_types(each) for each in done.json["sheets"]] == [sheet]


def test_folders_stand_under_the_letter_that_the_team_knows_and_come_back_so(work: Path, spmigrate: Run) -> None:
    share = (work.parent / "share").resolve()
    settings = work / "spmigrate.yaml"
    before = settings.read_text("utf-8")
    settings.write_text(before + f"drives:\n  G: '{share}'\n", "utf-8")
    file = issue(spmigrate, work)
    names = [row[1].value for row in openpyxl.load_workbook(file)[TAB].iter_rows(min_row=4)]
    assert "G: > Bridges" in names and all(str(name).startswith("G: ") for name in names)
    settings.write_text(before, "utf-8")
    answer(file, MOVE)
    assert spmigrate("mapping", "collect", file, cwd=work).code == 0, "whatever the letter is by now"
