"""The plan of a wave and the board are for everyone: axe, a phone, no script, and charts that are told in words."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from spmigrate.config import MigrateSection, Weekday, WindowSection
from spmigrate.formats import topics
from spmigrate.migrate import board as boards
from spmigrate.migrate.board import Board
from spmigrate.migrate.outlook import Facts, PlannedRow, Setting, SheetReadiness, look
from spmigrate.migrate.reporting import board_report, plan_report
from spmigrate.migrate.windows import Concerned
from spmigrate.model import Amount, Explanation
from spmigrate.registers.calendar import Freeze, FreezeCalendar
from spmigrate.report import document, page
from spmigrate.store.board import ShareLine, Snag, WaveLine
from spmigrate.store.measured import MeasuredRun, Mix
from spmigrate.store.schedules import Before
from tests.browser.test_report import assert_accessible, browser

__all__ = ["browser"]

START, UNTIL = datetime(2027, 2, 1, 12, tzinfo=UTC), datetime(2027, 2, 15, 18, tzinfo=UTC)
MADE = datetime(2027, 2, 1, 12, tzinfo=UTC)
SETTINGS = MigrateSection(windows=(WindowSection(days=tuple(Weekday)[:5], from_="19:00", to="06:00"),))
CALENDAR = FreezeCalendar(
    version=1, freezes=[Freeze(name="Budget", why="papers", units=("FIN",), days=(date(2027, 2, 3), date(2027, 2, 15)))]
)
DEEP = "/".join(["A folder with a rather long name \u202e & <b>bold</b>"] * 6)
MIX = Mix(Amount(500_000, 10**10), Amount(40_000, 10**11), Amount(900, 10**12))


def plan_page() -> topics.Report:
    """A plan in which every part has something to show."""
    rows = tuple(PlannedRow(f"M-{n}", DEEP, "finance.lead", Concerned(("COR", "FIN"))) for n in range(12))
    ready = SheetReadiness("S-0001", "finance.lead", 12, 11, 3, 2, 10, ("O01 Data owner (never taken)",), ("grew",))
    facts = Facts(
        "pilot & <others>", {"session": MIX, "package": MIX}, Amount(3, 3), rows, (ready,),
        (Before("first", "running", START), Before("other", "moved")),
        (MeasuredRun("first", START, MIX, 600, 6), MeasuredRun("short", START, MIX, 3, None)),
        ("nobody has D01 Where-is; book it at the desk",),
    )  # fmt: skip
    found = look(facts, SETTINGS, CALENDAR, Setting(START, UNTIL, 6, 1))
    return plan_report.report(found, SETTINGS, made=(("Made", "today"),))


def board_page(*, empty: bool = False) -> topics.Report:
    """A board in which every part has something to show, or none has."""
    found = look(Facts("all", {} if empty else {"session": MIX}, Amount(), ()), SETTINGS, CALENDAR,
                 Setting(START, UNTIL, 6))  # fmt: skip
    explained = {"NAME-LONG": Explanation("The name is too long.", "Shorten it.")}
    lines = [ShareLine("Common", "failed", "NAME-LONG", "running", Amount(5, 50)),
             ShareLine("Common", "copied", "", "running", Amount(50, 500)),
             ShareLine("Common", None, "", None, Amount(7, 70))]  # fmt: skip
    waves = (WaveLine(1, DEEP, "running", Amount(100, 1000), Amount(50, 500), Amount(5, 50)),)
    planned = {date(2027, 1, 18): Amount(60, 600), date(2027, 2, 8): Amount(40, 400)}
    done = [(datetime(2027, 1, 20, tzinfo=UTC), Amount(55, 550))]
    weeks = boards.burn_down(Amount(100, 1000), planned, done, found.timetable.windows, date(2027, 2, 1))
    shown = Board((), (), (), found.forecast, found.timetable, ()) if empty else Board(
        waves, weeks, boards.shares(lines, [], explained), found.forecast, found.timetable,
        (Snag("pilot", "failed: NAME-LONG", 5, DEEP), Snag("pilot", "unexplained", 1, "x")),
    )  # fmt: skip
    return board_report.report(shown, explained, made=(("Made", "today"),))


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The plan, the board, and an empty board."""
    folder = tmp_path_factory.mktemp("wave-pages")
    written = {}
    for name, report in {"plan": plan_page(), "board": board_page(), "empty": board_page(empty=True)}.items():
        written[name] = folder / f"{name}.html"
        page.write(written[name], document.build(topics.page(report), made=MADE))
    return written


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_in_plans_and_boards(browser: Any, pages: dict[str, Path], width: int) -> None:
    for each in pages.values():
        assert_accessible(browser, each, width)


def test_they_do_not_scroll_sideways_on_a_phone_and_load_nothing(browser: Any, pages: dict[str, Path]) -> None:
    for each in pages.values():
        asked: list[str] = []
        tab = browser.new_page(viewport={"width": 320, "height": 800})
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.goto(each.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        assert asked == [each.as_uri()]
        assert tab.evaluate("document.scripts.length") == 0
        tab.close()


def test_the_burn_down_is_told_in_words_and_stands_beside_its_table(browser: Any, pages: dict[str, Path]) -> None:
    tab = browser.new_page()
    tab.goto(pages["board"].as_uri())
    chart = tab.locator("svg[role=img]")
    told = chart.evaluate("each => document.getElementById(each.getAttribute('aria-describedby')).textContent")
    assert "At the end of the week of 1 February 2027, 45 files left: 5 files behind the plan." in told
    assert chart.evaluate("each => each.nextElementSibling.querySelectorAll('tbody tr').length") == 4
    assert tab.locator("caption", has_text="Planned and done, week by week").count() == 1
    tab.close()


def test_names_stay_text_and_both_markings_are_there(browser: Any, pages: dict[str, Path]) -> None:
    for name in ("plan", "board"):
        tab = browser.new_page()
        tab.goto(pages[name].as_uri())
        assert tab.locator("main b").count() == 0
        assert tab.locator(".marking").all_inner_texts() == ["OFFICIAL-SENSITIVE"] * 2
        tab.close()
