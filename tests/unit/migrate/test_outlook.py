"""What a wave needs and has: freezes by service, owners, waves before it, and the arithmetic of domain.md."""

from datetime import UTC, date, datetime, timedelta

from spmigrate.config import MigrateSection, Weekday, WindowSection
from spmigrate.migrate.outlook import Facts, Needed, Outlook, PlannedRow, Setting, SheetReadiness, look
from spmigrate.migrate.reporting import arithmetic
from spmigrate.migrate.windows import Concerned
from spmigrate.model import Amount
from spmigrate.registers.calendar import Freeze, FreezeCalendar, Once
from spmigrate.store.measured import Mix
from spmigrate.store.schedules import Before

START = datetime(2027, 2, 1, 12, tzinfo=UTC)
UNTIL = datetime(2027, 2, 15, 18, tzinfo=UTC)
WEEK = tuple(Weekday)
OFF_PEAK = (
    WindowSection(days=WEEK[:5], from_="19:00", to="06:00"), WindowSection(days=WEEK[5:], from_="06:00", to="06:00"),
)  # fmt: skip
CALENDAR = FreezeCalendar(
    version=1,
    bank_holidays=(date(2027, 2, 8),),
    freezes=[
        Freeze(name="Budget", why="papers for Full Council", units=("FIN",),
               once=Once(from_=date(2027, 2, 2), to=date(2027, 2, 3))),
        Freeze(name="Hearings", why="bundles are due", classes=("Court papers",), days=(date(2027, 2, 15),)),
    ],
)  # fmt: skip
FINANCE = PlannedRow("M-1", "Ledgers", "finance.lead", Concerned(("COR", "FIN", "FINAC")))
ROADS = PlannedRow("M-2", "Roads", "structures.lead", Concerned(("PLA", "HWT"), avoid="2027-02-10"))
COURT = PlannedRow("M-3", "Court", "legal.lead", Concerned(("LEG",), class_="Court papers"))


def outlook(
    *rows: PlannedRow, hours: tuple[WindowSection, ...] = OFF_PEAK, files: int = 1000, **more: object
) -> Outlook:
    facts = Facts("pilot", {"session": Mix(small=Amount(files, files * 1000))}, Amount(), rows, **more)  # type: ignore[arg-type]
    return look(facts, MigrateSection(windows=hours), CALENDAR, Setting(START, UNTIL, 6))


def days(found: Outlook) -> dict[date, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {each.on: (each.reasons, each.rows) for each in found.shut}


def test_a_frozen_service_is_not_planned_into_its_freeze_and_the_plan_says_why() -> None:
    found = days(outlook(FINANCE, ROADS))
    assert found[date(2027, 2, 2)] == (("Budget: papers for Full Council",), ("M-1",))
    assert found[date(2027, 2, 10)] == (("Owner's wish: 10 February 2027 is to be avoided",), ("M-2",))
    assert found[date(2027, 2, 8)] == (("Bank holiday: nobody is at work to notice",), ())
    assert not any(
        span.start < datetime(2027, 2, 4, tzinfo=UTC) and span.end > datetime(2027, 2, 2, tzinfo=UTC)
        for span in outlook(FINANCE, ROADS).timetable.spans
    )


def test_a_row_whose_service_is_free_has_those_windows_by_itself() -> None:
    alone, together = outlook(ROADS), outlook(FINANCE, ROADS)
    assert together.timetable.hours < alone.timetable.hours
    hours = {each.row.row_id: each.hours for each in together.rows}
    assert hours["M-2"] == alone.timetable.hours
    why = {each.row.row_id: each.why_not for each in together.rows}
    assert "Budget: papers for Full Council" in why["M-1"]
    assert "Budget: papers for Full Council" not in why["M-2"]


def test_a_frozen_day_of_cutover_is_told_and_does_not_pass() -> None:
    assert outlook(ROADS).is_good
    found = outlook(COURT)
    assert found.cutover_frozen == ("Hearings: bundles are due",)
    assert not found.is_good


def test_without_hours_whole_days_count_but_for_frozen_ones() -> None:
    found = outlook(FINANCE, hours=())
    assert date(2027, 2, 2) in days(found)
    assert found.hours_a_week == 168
    assert found.timetable.hours == (UNTIL - START) / timedelta(hours=1) - 3 * 24  # 2, 3 and 8 February


def test_a_wave_begins_behind_the_planned_end_of_those_before_it() -> None:
    end = datetime(2027, 2, 5, tzinfo=UTC)
    waiting = outlook(ROADS, before=(Before("first", "running", end),))
    assert waiting.timetable.begins == end
    assert outlook(ROADS, before=(Before("first", "moved", end),)).timetable.begins == START


def test_an_owner_who_is_not_ready_does_not_pass() -> None:
    ready = SheetReadiness("S-1", "finance.lead", 3, 3, 1, 1, 3)
    assert outlook(ROADS, readiness=(ready,)).is_good
    unlocked = SheetReadiness("S-1", "finance.lead", 3, 3, 1, 0, 2)
    untrained = SheetReadiness("S-1", "finance.lead", 3, 3, 0, 0, 3, lacks=("O01",))
    for each in (unlocked, untrained):
        assert not outlook(ROADS, readiness=(each,)).is_good
    assert not outlook(ROADS, go_live=("nobody has D01",)).is_good


def test_a_wave_that_is_too_large_does_not_fit() -> None:
    assert outlook(ROADS, files=100).fit.word == "fits"
    assert outlook(ROADS, files=50_000_000).fit.word == "does not fit"


def test_the_arithmetic_is_that_of_the_programme() -> None:
    needed = Needed.of(Amount(14_800_000, 24_000_000_000_000), 24 * 103)
    assert needed is not None
    assert round(needed.files_an_hour, -2) == 6000
    assert round(needed.files_a_second, 1) == 1.7
    assert round(needed.gb_an_hour, 1) == 9.7
    assert round(needed.mbit_a_second) == 22
    assert Needed.of(Amount(1, 1), 0) is None


def test_the_arithmetic_is_said_line_by_line() -> None:
    said = list(arithmetic.lines(outlook(ROADS, files=14_800), MigrateSection(windows=OFF_PEAK)))
    assert said[0].startswith("To move: 14,800 files, 14.8 MB;")
    assert "Monday to Friday 19:00 to 06:00; Saturday, Sunday 06:00 to 06:00, so 103 hours a week" in said[1]
    assert "files a second" in said[2]
    assert "Mbit/s" in said[2]
    assert said[3].startswith("Budget: 65 % of 3,750 resource units a minute and 3,600,000 a day")
