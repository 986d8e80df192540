"""What people find who look at an old folder: where it is now; nothing at the source is overwritten or deleted."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spmigrate.errors import SpmigrateError
from spmigrate.migrate import redirecting
from spmigrate.migrate.redirecting import NOTICE, Old
from spmigrate.store import waves
from spmigrate.store.ledger import Ledger
from tests.signed_estate import write
from tests.unit.migrate.rounds_case import Case

pytestmark = pytest.mark.homes

_TENANT = "https://contoso.sharepoint.com"
_ON = datetime(2026, 6, 16, 7, 0, tzinfo=UTC)


@pytest.fixture
def case(tmp_path: Path, ledger: Ledger) -> Case:
    root = tmp_path / "share"
    for name in ("1.txt", "2 & 3.txt"):
        write(root / "a" / name, name.encode())
    found = Case(ledger, root)
    found.begin()
    (root / "a" / "1.txt").unlink()
    found.delta()
    return found


def _old(case: Case) -> Old:
    (old,) = redirecting.plan(case.ledger, waves.get(case.ledger, "pilot"), tenant=_TENANT)
    return old


def test_notice_shortcut_and_crosswalk_say_where_everything_is(case: Case, tmp_path: Path) -> None:
    old, out = _old(case), tmp_path / "out"
    wave = waves.get(case.ledger, "pilot")
    written = redirecting.write(case.ledger, wave, old, out, tenant=_TENANT, on=_ON)
    assert sorted(path.name for path in written.files) == sorted(path.name for path in out.iterdir())
    notice = (out / NOTICE).read_text()
    assert "16 June 2026" in notice
    assert "https://contoso.sharepoint.com/sites/team/Shared%20Documents/a" in notice
    shortcut = (out / "a - new home.url").read_text()
    assert shortcut.splitlines() == [
        "[InternetShortcut]", "URL=https://contoso.sharepoint.com/sites/team/Shared%20Documents/a",
    ]  # fmt: skip
    assert (out / NOTICE).stat().st_mode & 0o222 == 0
    with (out / redirecting.CROSSWALK).open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Old path"]: row for row in csv.DictReader(file)}
    assert rows["a/2 & 3.txt"]["New address"].endswith("/Shared%20Documents/a/2%20%26%203.txt")
    assert rows["a/1.txt"]["What became of it"] == "gone at the source; the copy stays"
    assert written.lines == 2
    again = redirecting.write(case.ledger, wave, old, out, tenant=_TENANT, on=_ON)
    assert again.files == written.files


def test_the_source_is_written_to_only_when_asked_and_nothing_there_is_overwritten(case: Case) -> None:
    (case.root / "a" / NOTICE).write_text("ours")
    before = sorted((case.root / "a").iterdir())
    put = redirecting.put_at_source(_old(case), on=_ON)
    assert [path.name for path in put.left] == [NOTICE]
    assert [path.name for path in put.files] == ["a - new home.url"]
    assert (case.root / "a" / NOTICE).read_text() == "ours"
    assert set(before) <= set((case.root / "a").iterdir())


def test_a_wave_that_copied_nothing_redirects_nobody(case: Case) -> None:
    case.ledger.execute("UPDATE transfer SET outcome = 'failed'")
    with pytest.raises(SpmigrateError, match="copied nothing"):
        _old(case)


def test_the_page_lists_the_old_folders(case: Case) -> None:
    page = redirecting.page(waves.get(case.ledger, "pilot"), _old(case), lines=2)
    assert page.sections[0].tables[0].rows == (
        ("a", "/sites/team > Shared Documents > a", f"{_TENANT}/sites/team/Shared%20Documents/a"),
    )
