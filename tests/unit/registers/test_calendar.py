"""The freeze calendar: which days are frozen, for whom, and why."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from spmigrate.errors import InputError
from spmigrate.registers.calendar import FILE, FreezeCalendar, read_calendar
from spmigrate.registers.people import PeopleRegister
from spmigrate.registers.policy import Policy
from spmigrate.registers.retention import Schedule
from spmigrate.registers.training import TrainingRegister
from tests.conftest import ROOT

SHIPPED = read_calendar(ROOT / "governance_rules")


def calendar(tmp_path: Path, freezes: str) -> FreezeCalendar:
    (tmp_path / FILE).write_text(f"version: 1\nbank holidays: [2026-12-25, 2026-12-28]\nfreezes:\n{freezes}")
    return read_calendar(tmp_path, units={"FIN"}, classes={"Finance"})


def names(on: date, *units: str, class_: str | None = None) -> list[str]:
    return [why.partition(":")[0] for why in SHIPPED.frozen(on, units=units, class_=class_)]


def test_a_free_day_has_no_reason_and_a_frozen_one_says_why() -> None:
    assert SHIPPED.frozen(date(2026, 11, 18), units=["FIN"]) == []
    assert SHIPPED.frozen(date(2026, 12, 22)) == ["Christmas: too few people are at work to notice what is missing"]


def test_month_end_is_counted_in_working_days_with_the_weekends_among_them() -> None:
    frozen = [day for n in range(31) if names(day := date(2026, 10, 25) + timedelta(days=n), "FIN", "COR")]
    # Sunday 25 October: the clocks change. Friday 30 and Thursday 29 are the last two, 2 to 6 November the first five.
    assert frozen == [date(2026, 10, 25), *(date(2026, 10, 29) + timedelta(days=n) for n in range(9))]


def test_bank_holidays_are_no_working_days(tmp_path: Path) -> None:
    last = calendar(tmp_path, "  - {name: Close, why: accounts, every month: {last working days: 5}}\n")
    december = [on for n in range(1, 32) if last.frozen(on := date(2026, 12, n))]
    assert december == [date(2026, 12, n) for n in range(23, 32)]
    assert last.frozen(date(2026, 12, 25)) == ["Bank holiday: nobody is at work to notice", "Close: accounts"]
    assert last.working_days_after(date(2026, 12, 24), 1) == date(2026, 12, 29)


def test_a_freeze_of_a_unit_holds_below_it_and_nowhere_else() -> None:
    assert names(date(2027, 3, 20), "FINFA", "FIN", "COR") == ["Year end"]
    assert names(date(2027, 3, 20), "HWMS", "HWM", "HWT") == []
    assert names(date(2027, 3, 20), class_="Finance") == ["Year end"]


def test_a_span_goes_over_new_year() -> None:
    assert [names(date(2027, 1, 3)), names(date(2027, 1, 4)), names(date(2026, 12, 19))] == [["Christmas"], [], []]


def test_clock_changes_freeze_the_last_weekend() -> None:
    assert [names(date(2027, 3, n)) for n in (27, 28)] == [["Clock change"], ["Clock change"]]
    assert names(date(2027, 3, 21)) == []
    assert names(date(2027, 10, 30)) == names(date(2027, 10, 31)) == ["Clock change"]


def test_single_days_and_single_spans(tmp_path: Path) -> None:
    freezes = (
        "  - {name: Inspection, why: on notice, classes: [Finance], once: {from: 2026-06-01, to: 2026-06-05}}\n"
        "  - {name: Go-live, why: another system, days: [2026-07-01]}\n"
    )
    found = calendar(tmp_path, freezes)
    assert found.frozen(date(2026, 6, 5), class_="Finance") == ["Inspection: on notice"]
    assert found.frozen(date(2026, 6, 6), class_="Finance") == found.frozen(date(2026, 6, 5)) == []
    assert found.frozen(date(2026, 7, 1)) == ["Go-live: another system"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [("days: [2026-07-01], once: {from: 2026-07-01, to: 2026-07-02}", "give one of"), ("units: [FIN]", "give one of"),
     ("once: {from: 2026-07-03, to: 2026-07-02}", "ends before it begins"),
     ("every year: {from: 31 April, to: 2 May}", "there is no 31 April"),
     ("every year: {from: 10/03, to: 2 May}", "a day of every year, such as 10 March"),
     ("every month: {last working days: 0}", "how many"), ("units: [HWM], days: [2026-07-01]", "organisation.yaml"),
     ("classes: [Roads], days: [2026-07-01]", "'Roads' is not in lists.yaml")],
)  # fmt: skip
def test_a_freeze_that_says_no_time_is_refused_at_its_line(tmp_path: Path, entry: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        calendar(tmp_path, f"  - {{name: X, why: y, {entry}}}\n")
    (problem,) = refused.value.problems
    assert said in problem.text
    assert f"{FILE}:4:" in problem.where


@pytest.mark.parametrize("model", [FreezeCalendar, PeopleRegister, TrainingRegister, Policy, Schedule])
def test_every_register_has_a_schema_with_its_explanations(model: type[FreezeCalendar]) -> None:
    schema = model.model_json_schema()
    assert schema["additionalProperties"] is False
    assert all("description" in each for each in schema["properties"].values())
