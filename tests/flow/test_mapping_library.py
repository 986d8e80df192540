"""Workbooks in a library: issued there, answered there, agreed to there; and signers who sign in."""

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from spmigrate.cli import mapping_library, view
from spmigrate.errors import SpmigrateError
from spmigrate.mapping import agreement
from spmigrate.mapping.columns import COLUMNS, TAB
from spmigrate.store import mappings, sheet_documents, signoffs
from spmigrate.store.ledger import Ledger
from spmigrate.tenant.files import Library
from spmigrate.tenant.shared_document import SharedDocument
from tests.conftest import ROOT, Finished
from tests.contract.people import as_person, browser_of, read_as, save_as
from tests.registers import GOVERNANCE, OWNER, write_registers
from tests.rehearsal_fixtures import RunningTenant
from tests.unit.mapping.desk_case import MOVE, write_share

Run = Callable[..., Finished]
URL = "https://contoso.sharepoint.com/sites/team/Shared%20Documents"
ACCOUNT, STRANGER = "engineer@contoso.onmicrosoft.com", "service.desk@contoso.onmicrosoft.com"
LETTER = {column.key: openpyxl.utils.get_column_letter(n) for n, column in enumerate(COLUMNS, start=1)}


class Desk:
    """A working folder, and people who open the workbook of S-0001 in their browsers."""

    def __init__(self, folder: Path, tenant: RunningTenant) -> None:
        self.folder = folder
        self.tenant = tenant

    @property
    def document(self) -> SharedDocument:
        with Ledger(self.folder / "ledger.db") as ledger:
            place = sheet_documents.of_sheet(ledger, "S-0001")
        assert place is not None
        library = Library(place.site, place.library, place.drive_id, "")
        return SharedDocument(place.url, library, place.item_id)

    @property
    def document_path(self) -> str:
        return f"drives/{self.document.library.drive_id}/items/{self.document.item_id}"

    def edit(self, who: str, change: Callable[[openpyxl.Workbook], None]) -> None:
        book = openpyxl.load_workbook(BytesIO(read_as(self.tenant, who, self.document)))
        change(book)
        content = BytesIO()
        book.save(content)
        save_as(self.tenant, who, self.document, content.getvalue())


def answer(**answers: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        page = book[TAB]
        for number in range(4, page.max_row + 1):
            for key, text in answers.items():
                page[f"{LETTER[key]}{number}"] = text

    return change


def agree(book: openpyxl.Workbook) -> None:
    book[agreement.TAB]["C4"] = agreement.AGREE


def take_back(book: openpyxl.Workbook) -> None:
    book[agreement.TAB]["C4"] = agreement.NOT_YET


@pytest.fixture
def desk(tmp_path: Path, spmigrate: Run, rehearsal: RunningTenant) -> Desk:
    """A share that was scanned, and whose workbook lies in a library of the tenant."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("site_templates", "mappings"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: '{rehearsal.state}'\n", "utf-8")
    write_registers(folder / "governance_rules")
    people = folder / "governance_rules" / "people.yaml"
    text = people.read_text("utf-8").replace("highways.maintenance.head@contoso.onmicrosoft.com", ACCOUNT)
    people.write_text(text, "utf-8")
    share = write_share(tmp_path / "share")
    assert spmigrate("scan", "run", share, "--name", f"Highways {tmp_path.name}", cwd=folder).code == 0
    issued = spmigrate(
        "mapping", "issue", f"Highways {tmp_path.name}", "--owner", OWNER, "--library", URL,
        "--out", f"mappings/{tmp_path.name}-{rehearsal.mark()}.xlsx", "--json", cwd=folder,
    )  # fmt: skip
    assert issued.code == 0, issued.stderr
    assert issued.json["url"].startswith("https://contoso.sharepoint.com/sites/team/")
    assert f"S-0001: {ACCOUNT} can edit it" in issued.stderr
    return Desk(folder, rehearsal)


def test_an_owner_who_agrees_in_the_library_has_signed_by_that_version(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    collected = spmigrate("mapping", "collect", "S-0001", cwd=desk.folder)
    assert collected.code == 0, collected.stdout + collected.stderr
    assert "the workbook now says what there is to agree to" in collected.stderr
    early = spmigrate("mapping", "sign", "S-0001", "--from-library", cwd=desk.folder)
    assert (early.code, "nobody has agreed to S-0001 yet" in early.stderr) == (1, True)
    desk.edit(ACCOUNT, agree)
    signed = spmigrate("mapping", "sign", "S-0001", "--from-library", "--json", cwd=desk.folder)
    assert signed.code == 0, signed.stderr
    entry = signed.json["signoff"]
    assert (entry["level"], entry["signer"], entry["role"]) == (1, OWNER, "owner")
    assert re.fullmatch(
        rf"level 1: version \d+\.0 of https://contoso\S+ \(SHA-256 [0-9a-f]{{64}}\), asserted by SharePoint"
        rf" \({re.escape(ACCOUNT)}\) at \S+",
        entry["evidence"],
    )  # fmt: skip
    assert spmigrate("mapping", "verify", cwd=desk.folder).code == 0


def test_what_is_changed_after_agreeing_is_void_in_its_row_alone(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0
    desk.edit(ACCOUNT, agree)

    def change(book: openpyxl.Workbook) -> None:
        book[TAB][f"{LETTER['decision']}4"] = "Not ours"

    desk.edit(STRANGER, change)
    signed = spmigrate("mapping", "sign", "S-0001", "--from-library", "--json", cwd=desk.folder)
    assert signed.code == 3, signed.stderr
    assert len(signed.json["voided"]) == 1
    assert signed.json["signed"] == signed.json["rows"] - 1


def test_a_cell_that_somebody_else_set_signs_nothing(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0
    desk.edit(STRANGER, agree)
    refused = spmigrate("mapping", "sign", "S-0001", "--from-library", cwd=desk.folder)
    assert refused.code == 1
    assert f"'I agree' was set by {STRANGER}" in refused.stderr
    assert f"not by {OWNER}" in refused.stderr


def test_the_workbook_of_another_sheet_in_its_place_is_not_read(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0

    def swap(book: openpyxl.Workbook) -> None:
        page = book["Read me"]
        (cell,) = [row[1] for row in page.iter_rows() if row[0].value == "Sheet"]
        cell.value = "S-0002"
        agree(book)

    desk.edit(ACCOUNT, swap)
    for command in (("collect", "S-0001"), ("sign", "S-0001", "--from-library")):
        refused = spmigrate("mapping", *command, cwd=desk.folder)
        assert (refused.code, "of S-0001 is that of S-0002" in refused.stderr) == (1, True), command


def test_what_was_changed_between_showing_and_agreeing_is_not_signed(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0

    def both(book: openpyxl.Workbook) -> None:
        answer(decision="Not ours")(book)
        agree(book)

    desk.edit(ACCOUNT, both)
    refused = spmigrate("mapping", "sign", "S-0001", "--from-library", cwd=desk.folder)
    assert (refused.code, "are not those that were approved" in refused.stderr) == (1, True)


def test_words_that_somebody_put_in_the_place_of_the_statement_are_not_signed(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0

    def soothe(book: openpyxl.Workbook) -> None:
        book[agreement.TAB]["B4"] = "You are agreeing to leave everything where it is."

    desk.edit(STRANGER, soothe)
    desk.edit(ACCOUNT, agree)
    refused = spmigrate("mapping", "sign", "S-0001", "--from-library", cwd=desk.folder)
    assert (refused.code, "says something else than what there is to agree to" in refused.stderr) == (1, True)
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0
    desk.edit(ACCOUNT, agree)
    assert spmigrate("mapping", "sign", "S-0001", "--from-library", cwd=desk.folder).code == 0


def test_work_that_is_saved_while_a_workbook_is_collected_is_not_written_over(desk: Desk) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    session = view.Session(desk.folder / "spmigrate.yaml")
    collected = desk.folder / "collected.xlsx"
    collected.write_bytes(read_as(desk.tenant, ACCOUNT, desk.document))
    desk.edit(ACCOUNT, answer(decision="Not ours"))
    before = read_as(desk.tenant, ACCOUNT, desk.document)
    with pytest.raises(SpmigrateError, match=f"{ACCOUNT} saved the workbook of S-0001 while it was collected"):
        mapping_library.present(session, "S-0001", "You are agreeing to move.", "0" * 64, collected)
    assert read_as(desk.tenant, ACCOUNT, desk.document) == before


def test_a_history_that_somebody_shortened_or_restored_signs_nothing(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0
    desk.edit(ACCOUNT, agree)
    desk.edit(ACCOUNT, take_back)
    path = f"{desk.document_path}/versions"
    newest, *_ = as_person(desk.tenant, STRANGER, "GET", path).json["value"]
    agreed = f"{int(newest['id'].partition('.')[0]) - 1}.0"
    assert as_person(desk.tenant, STRANGER, "POST", f"{path}/{agreed}/restoreVersion").status == 204
    sign = ("mapping", "sign", "S-0001", "--from-library")
    restored = spmigrate(*sign, cwd=desk.folder)
    assert (restored.code, f"'I agree' was set by {STRANGER}" in restored.stderr) == (1, True)
    assert as_person(desk.tenant, STRANGER, "DELETE", f"{path}/{newest['id']}").status == 204
    shortened = spmigrate(*sign, cwd=desk.folder)
    assert (shortened.code, f"are missing between {agreed}" in shortened.stderr) == (1, True), shortened.stderr


def test_what_was_taken_back_is_not_signed_again_by_the_same_version(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0
    desk.edit(ACCOUNT, agree)
    sign = ("mapping", "sign", "S-0001", "--from-library")
    assert spmigrate(*sign, cwd=desk.folder).code == 0
    back = spmigrate("mapping", "withdraw", "S-0001", "--signer", OWNER, "--reason", "Not yet.", cwd=desk.folder)
    assert back.code == 0, back.stderr
    refused = spmigrate(*sign, cwd=desk.folder)
    assert (refused.code, "signed these rows before, and that was taken back" in refused.stderr) == (1, True)
    desk.edit(ACCOUNT, take_back)
    desk.edit(ACCOUNT, agree)
    assert spmigrate(*sign, cwd=desk.folder).code == 0


def test_a_newest_version_that_cannot_be_read_leaves_the_ledger_as_it_was(desk: Desk, spmigrate: Run) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0
    desk.edit(ACCOUNT, agree)

    def change(book: openpyxl.Workbook) -> None:
        book[TAB][f"{LETTER['decision']}4"] = "Not ours"

    desk.edit(ACCOUNT, change)
    (desk.folder / "copy.xlsx").write_bytes(read_as(desk.tenant, ACCOUNT, desk.document))
    assert spmigrate("mapping", "collect", "copy.xlsx", cwd=desk.folder).code == 0
    desk.edit(STRANGER, lambda book: book[TAB].delete_rows(5))
    refused = spmigrate("mapping", "sign", "S-0001", "--from-library", cwd=desk.folder)
    assert (refused.code, "rows are missing" in refused.stderr) == (1, True)
    with Ledger(desk.folder / "ledger.db") as ledger:
        assert not list(signoffs.signoffs(ledger))
        assert {row.meaning["decision"] for row in mappings.rows(ledger, "S-0001")} == {"Not ours", MOVE["decision"]}


def test_who_edited_the_workbook_last_does_not_countersign_it(desk: Desk, spmigrate: Run) -> None:
    people = desk.folder / "governance_rules" / "people.yaml"
    account = "information.governance@contoso.onmicrosoft.com"
    people.write_text(people.read_text("utf-8").replace(account, STRANGER), "utf-8")
    desk.edit(ACCOUNT, answer(**MOVE))
    desk.edit(STRANGER, answer(sensitive="Special category or criminal"))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0
    desk.edit(ACCOUNT, agree)
    assert spmigrate("mapping", "sign", "S-0001", "--from-library", cwd=desk.folder).code == 0
    digest = spmigrate("mapping", "status", "--json", cwd=desk.folder).json["sheets"][0]["countersign"]
    refused = spmigrate(
        "mapping", "countersign", "S-0001", "--digest", digest, "--signer", GOVERNANCE, "--approval-record", "A-1",
        cwd=desk.folder,
    )  # fmt: skip
    assert (refused.code, "was the last to edit the workbook" in refused.stderr) == (1, True)


def test_a_sheet_that_is_in_no_library_and_a_library_that_is_none_are_told(
    tmp_path: Path, spmigrate: Run, rehearsal: RunningTenant
) -> None:
    (tmp_path / "spmigrate.yaml").write_text(f"version: 1\ntenant:\n  rehearsal: '{rehearsal.state}'\n", "utf-8")
    for name in ("site_templates", "mappings", "governance_rules"):
        shutil.copytree(ROOT / name, tmp_path / name)
    told = spmigrate("mapping", "sign", "S-0001", "--from-library", cwd=tmp_path)
    assert (told.code, "the workbook of S-0001 is in no library" in told.stderr) == (2, True)
    both = spmigrate("mapping", "sign", "S-0001", "--from-library", "--digest", "0" * 12, cwd=tmp_path)
    assert (both.code, "--from-library stands alone" in both.stderr) == (2, True)
    assert spmigrate("scan", "run", write_share(tmp_path / "share"), "--name", "Highways", cwd=tmp_path).code == 0
    wrong = spmigrate(
        "mapping", "issue", "Highways", "--owner", OWNER, "--library", "https://contoso.sharepoint.com/sites/team",
        cwd=tmp_path,
    )  # fmt: skip
    assert (wrong.code, "is no library of contoso.sharepoint.com" in wrong.stderr) == (2, True)
    assert not list((tmp_path / "mappings").glob("*.xlsx")), "nothing was issued"


def test_a_signer_who_signs_in_is_proved_by_that(desk: Desk, spmigrate: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.edit(ACCOUNT, answer(**MOVE))
    assert spmigrate("mapping", "collect", "S-0001", cwd=desk.folder).code == 0
    digest = spmigrate("mapping", "status", "--json", cwd=desk.folder).json["sheets"][0]["digest"]
    sign = ("mapping", "sign", "S-0001", "--digest", digest, "--signer", OWNER, "--sign-in", "--json")
    monkeypatch.setenv("BROWSER", browser_of(desk.tenant, STRANGER, desk.folder))
    refused = spmigrate(*sign, cwd=desk.folder)
    assert (refused.code, f"{STRANGER} signed in, and {OWNER} signs in as {ACCOUNT}" in refused.stderr) == (2, True)
    monkeypatch.setenv("BROWSER", browser_of(desk.tenant, ACCOUNT, desk.folder))
    signed = spmigrate(*sign, cwd=desk.folder)
    assert signed.code == 0, signed.stderr
    entry = signed.json["signoff"]
    assert entry["level"] == 2
    assert f"sign-in of {ACCOUNT} (" in entry["evidence"]
    assert "asserted by Microsoft Entra at " in entry["evidence"]
    two = spmigrate(*sign, "--approval-record", "APR-1", cwd=desk.folder)
    assert (two.code, "give the evidence, and one alone" in two.stderr) == (2, True)
