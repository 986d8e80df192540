"""The report says what the ledger says, and nothing that a file name smuggles in."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spmigrate.model import Explanation
from spmigrate.report import page
from spmigrate.store import summary
from spmigrate.store.ledger import Ledger
from tests.samples import filled_ledger

MADE = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    opened = Ledger(tmp_path / "ledger.db")
    filled_ledger(opened)
    return opened


def text_of(ledger: Ledger) -> str:
    known = {"NAME-RESERVED": Explanation("A reserved name", "Rename it")}
    return page.build(ledger, tenant="contoso", made=MADE, explanations=known)


def test_accounting_is_stated_and_failures_are_named(ledger: Ledger) -> None:
    text = text_of(ledger)
    assert "Every file is accounted for, to the byte: 5 files, 150 bytes at the source. 1 file failed" in text
    assert "Inspections/aux.docx" in text


def test_a_sheet_stands_where_it_stands_now_and_not_where_it_was_when_it_came_back(ledger: Ledger) -> None:
    text = page.build(ledger, tenant="contoso", made=MADE, explanations={}, states={"S-0001": "VERIFIED"})
    assert text.count("<dt>State</dt><dd>VERIFIED</dd>") == 1
    assert text.count("<dt>State</dt><dd>not known</dd>") == 1, "nobody said how far S-0002 is"


def test_missing_outcome_does_not_balance(ledger: Ledger) -> None:
    ledger.execute("DELETE FROM transfer WHERE item_id = 4")
    assert "Does not balance" in text_of(ledger)


def test_names_cannot_become_markup(ledger: Ledger) -> None:
    ledger.execute("UPDATE transfer SET outcome = 'failed', code = 'X', reason = '' WHERE item_id = 5")
    text = text_of(ledger)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_waived_finding_is_shown_apart(ledger: Ledger) -> None:
    text = text_of(ledger)
    opened = re.search(r"Governance rules: open findings</caption>.*?</table>", text, re.S)
    waived = re.search(r"Governance rules: waived findings</caption>.*?</table>", text, re.S)
    assert opened and waived
    assert "SHR-03" in opened[0] and "GST-03" in opened[0] and "OWN-01" not in opened[0]
    assert "OWN-01" in waived[0] and "W-1 until May" in waived[0]


def test_unsigned_sheet_says_that_nothing_may_move(ledger: Ledger) -> None:
    assert "nobody yet: nothing of this sheet may move" in text_of(ledger)


def test_empty_ledger_makes_a_page(tmp_path: Path) -> None:
    assert "No wave has been planned yet" in text_of(Ledger(tmp_path / "empty.db"))


def test_crosswalk_names_every_item_once(ledger: Ledger) -> None:
    assert [row["outcome"] for row in summary.crosswalk(ledger)] == [
        "copied", "failed", "skipped", "routed", "vanished",
    ]  # fmt: skip


def test_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    page.write(tmp_path / "report.html", "<p>caf\udce9</p>")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_every_signoff_of_a_sheet_is_listed(ledger: Ledger) -> None:
    ledger.execute(
        "INSERT INTO signoff(id, sheet_id, at, signer, role, evidence, statement, digest, previous, entry)"
        " VALUES(2, 'S-0001', '2026-04-02T10:00:00Z', 'asset.management.lead', 'owner',"
        " 'approval record CHG-2', 'One more row.', 'def456', 'e1', 'e2')"
    )
    text = text_of(ledger)
    assert "approval record CHG-1" in text and "approval record CHG-2" in text
