"""Reports are for everyone: axe finds nothing to object to, on a desktop and on a phone, and no script is needed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spmigrate.provision import preview
from spmigrate.provision.lint import review
from spmigrate.report import document, page, where_is_pages
from spmigrate.report.where_is import Desk
from spmigrate.store.ledger import Ledger
from tests.bench import _large_ledger
from tests.conftest import ROOT
from tests.programs import program
from tests.samples import filled_ledger

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program(("chromium", "chromium-browser"), package="chromium"), args=FLAGS
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in which every part has something to show."""
    folder = tmp_path_factory.mktemp("report")
    with Ledger(folder / "ledger.db") as ledger:
        filled_ledger(ledger)
        html = page.build(ledger, tenant="contoso", made=datetime(2026, 4, 1, 9, 30, tzinfo=UTC), explanations={})
    page.write(folder / "report.html", html)
    return folder / "report.html"


@pytest.fixture(scope="session")
def previews(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A page for every kind of site that ships."""
    folder = tmp_path_factory.mktemp("previews")
    catalogue = review(ROOT / "site_templates").catalogue
    written = []
    for name in catalogue.by_name:
        template = catalogue.whole(name)
        if template is not None and template.kind is not None:
            shown = preview.preview(catalogue, preview.sample_site(catalogue, template), questions=template.parameters)
            written.append(folder / f"{template.kind}.html")
            page.write(written[-1], document.build(shown, made=datetime(2026, 4, 1, 9, 30, tzinfo=UTC)))
    return written


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_in_previews(browser: Any, previews: list[Path], width: int) -> None:
    assert len(previews) >= 3
    for each in previews:
        assert_accessible(browser, each, width)


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation(browser: Any, report: Path, width: int) -> None:
    assert_accessible(browser, report, width)


@pytest.fixture(scope="session")
def desk_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of `where-is publish`, one for each letter."""
    folder = tmp_path_factory.mktemp("where-is")
    _large_ledger.make(folder / "ledger.db", sources=2, branches=(3, 3, 100))
    desk = Desk(incident="Ring the Information Governance Officer at once.")
    with Ledger(folder / "ledger.db") as ledger:
        pages = where_is_pages.collect(ledger, desk, depth=3)
    where_is_pages.write(pages, folder / "pages", desk, made=datetime(2026, 4, 1, 9, 30, tzinfo=UTC))
    return folder / "pages"


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_in_the_pages_of_the_service_desk(browser: Any, desk_pages: Path, width: int) -> None:
    assert_accessible(browser, desk_pages / "index.html", width)
    assert_accessible(browser, sorted(desk_pages.glob("folders-*.html"))[0], width)


def assert_accessible(browser: Any, report: Path, width: int) -> None:
    """Nothing of WCAG 2.2 AA, nor of what axe calls best practice, is violated."""
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(report.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(
        tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    tab.close()
    assert found.violations_count == 0, found.generate_report()


def test_page_does_not_scroll_sideways_on_a_phone(browser: Any, report: Path) -> None:
    tab = browser.new_page(viewport={"width": 320, "height": 800})
    tab.goto(report.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    tab.close()


def test_page_loads_nothing_from_elsewhere(browser: Any, report: Path) -> None:
    asked: list[str] = []
    tab = browser.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(report.as_uri())
    tab.close()
    assert asked == [report.as_uri()]
