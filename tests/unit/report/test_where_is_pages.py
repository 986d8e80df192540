"""Pages for a desk without a ledger: what they name, what they leave out, how they are split."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from spmigrate.report import where_is_pages
from tests.unit.report.office_case import DESK, Office

MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_rows_and_the_folders_above_a_depth_are_named(office: Office) -> None:
    few = where_is_pages.collect(office.ledger, DESK, depth=1)
    all_of_them = where_is_pages.collect(office.ledger, DESK, depth=3)
    assert (few.count, all_of_them.count) == (2 * (2 + 4), 2 * (2 + 4 + 8))
    assert all(name == answer.was.rpartition("\\")[2] for lines in few.by_letter.values() for name, answer in lines)


def test_folders_inside_sensitive_rows_are_left_out(office: Office) -> None:
    office.decide(2, sensitive="Special category or criminal")
    pages = where_is_pages.collect(office.ledger, DESK, depth=3)
    named = {answer.was for lines in pages.by_letter.values() for _, answer in lines}
    inside = "\\\\fs01\\Directorate02\\" + office.path_of(2, 3).replace("/", "\\")
    assert pages.hidden == 8
    assert inside not in named
    assert inside.rpartition("\\")[0] in named


def test_many_folders_have_a_page_for_each_letter(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where_is_pages, "MOST_ON_A_PAGE", 5)
    pages = where_is_pages.collect(office.ledger, DESK, depth=3)
    written = where_is_pages.write(pages, tmp_path / "out", DESK, made=MADE)
    assert written == len(pages.by_letter) + 1
    index = (tmp_path / "out" / "index.html").read_text("utf-8")
    for letter, lines in pages.by_letter.items():
        file = f"folders-{letter.lower().replace(' ', '-')}.html"
        assert f'<a href="{file}">{letter}</a> ({len(lines)})' in index
        page = (tmp_path / "out" / file).read_text("utf-8")
        assert page.count('<th scope="row"') == len(lines)
        assert f'<a href="{file}" aria-current="page">' in page


def test_a_source_that_was_not_scanned_wholly_is_said_on_the_page(office: Office, tmp_path: Path) -> None:
    office.change("UPDATE scan SET state='incomplete' WHERE id=2")
    pages = where_is_pages.collect(office.ledger, DESK, depth=1)
    where_is_pages.write(pages, tmp_path, DESK, made=MADE)
    assert "Directorate 02 was not scanned wholly (incomplete)" in (tmp_path / "index.html").read_text("utf-8")
