"""The scan report is for everyone: axe, a phone, paper, and no script, with everything in it that it can show."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spmigrate.report import document, page
from spmigrate.scan.codes import CODES
from spmigrate.scan.reporting import whole
from spmigrate.scan.reporting.figures import gather
from spmigrate.scan.reporting.naming import PlainNames
from spmigrate.store import inventory
from spmigrate.store.ledger import Ledger
from spmigrate.store.listing import Access
from tests.browser.test_report import assert_accessible, browser
from tests.scan_sample import File, add_finding, right, scanned

__all__ = ["browser"]

_DEEP = "/".join(["A folder with a rather long name"] * 9)


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A report of two sources with every cause, and one of an empty source."""
    folder = tmp_path_factory.mktemp("scan-report")
    with Ledger(folder / "full.db") as ledger:
        _fill(ledger)
        full = _written(ledger, folder / "full.html")
    with Ledger(folder / "empty.db") as ledger:
        scanned(ledger, "Nothing", {})
        return [full, _written(ledger, folder / "empty.html")]


def _fill(ledger: Ledger) -> None:
    files = [File(f"report\u202e {n}.{end}", 10 ** (n % 12), n) for n in range(24) for end in ("docx", "pdf", "dwg")]
    own = Access("o", False, (right("S-1-1-0", "Everyone"), right("1099"), right("7", "Clerk", allows=False)))
    parents = {"/".join(_DEEP.split("/")[:n]): [] for n in range(1, 9)}
    for name in ("Highways", "Schools"):
        source = scanned(
            ledger, name, {**parents, _DEEP: files}, access={"": own, _DEEP: own}, unseen={"Closed": "denied"}
        )
        scan = inventory.by_id(ledger, source).scan_id
        rows = list(ledger.rows("SELECT id, folder_id FROM item WHERE source_id=?", (source,)))
        for n, code in enumerate(CODES.values()):
            row = rows[n % len(rows)]
            add_finding(ledger, scan, code.code, code.treatment.value, row["folder_id"], row["id"])
    scanned(ledger, "Half", {}, state="running")


def _written(ledger: Ledger, path: Path) -> Path:
    sources = inventory.sources(ledger)
    done = [gather(ledger, each) for each in sources if each.state != "running"]
    report = whole.report(done, [each for each in sources if each.state == "running"], {}, PlainNames())
    page.write(path, document.build(whole.page(report), made=datetime(2026, 4, 1, 9, 30, tzinfo=UTC)))
    return path


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_in_scan_reports(browser: Any, reports: list[Path], width: int) -> None:
    for each in reports:
        assert_accessible(browser, each, width)


def test_scan_report_does_not_scroll_sideways_on_a_phone_and_loads_nothing(browser: Any, reports: list[Path]) -> None:
    for each in reports:
        asked: list[str] = []
        tab = browser.new_page(viewport={"width": 320, "height": 800})
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.goto(each.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        assert asked == [each.as_uri()]
        assert tab.evaluate("document.scripts.length") == 0
        tab.close()


def test_every_chart_is_told_in_words_and_stands_beside_its_table(browser: Any, reports: list[Path]) -> None:
    tab = browser.new_page()
    tab.goto(reports[0].as_uri())
    charts = tab.locator("svg[role=img]")
    assert charts.count() == 3
    for chart in charts.all():
        told = chart.evaluate("each => document.getElementById(each.getAttribute('aria-describedby')).textContent")
        assert "The longest is" in told
        assert chart.evaluate("each => each.nextElementSibling.querySelectorAll('tbody tr').length") > 1
    tab.close()


def test_paper_shows_whole_tables_and_both_markings(browser: Any, reports: list[Path]) -> None:
    tab = browser.new_page()
    tab.goto(reports[0].as_uri())
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "visible"
    assert tab.locator(".marking").all_inner_texts() == ["OFFICIAL-SENSITIVE"] * 2
    assert not tab.locator(".skip").is_visible()
    tab.close()


def test_shaded_cells_keep_their_contrast_and_say_how_much(browser: Any, reports: list[Path]) -> None:
    tab = browser.new_page()
    tab.goto(reports[0].as_uri())
    shaded = tab.locator("td.h1, td.h2, td.h3, td.h4").all_inner_texts()
    assert shaded
    assert all(each.rpartition(" · ")[2] in ("few", "some", "many", "most") for each in shaded)
    tab.close()
