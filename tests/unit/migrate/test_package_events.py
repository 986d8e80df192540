"""What jobs tell of themselves, and what their errors mean in plain English."""

import json
from typing import Any

import pytest

from spmigrate.migrate import codes, job_codes
from spmigrate.migrate.package.events import Report


def report(*events: dict[str, Any]) -> Report:
    found = Report()
    found.take(json.dumps(each) for each in events)
    return found


def test_the_end_comes_with_its_counters() -> None:
    found = report(
        {"Event": "JobStart"},
        {"Event": "JobEnd", "FilesCreated": "9", "FilesCreatedIrrespectiveOfVersions": "5", "TotalErrors": "2",
         "TotalWarnings": "1"},
    )  # fmt: skip
    assert (found.started, found.over, found.created, found.errors, found.warnings) == (True, True, 5, 2, 1)


def test_a_postponed_job_says_for_how_long() -> None:
    found = report(
        {"Event": "JobPostponed", "Time": "09/29/2020 19:56:57.598", "NextPickupTime": "09/29/2020 20:16:57.598",
         "JobsInQueue": "12"},
    )  # fmt: skip
    assert (found.waits, found.in_line, found.over) == (1200.0, "12", False)
    assert report({"Event": "JobPostponed", "Time": "x", "NextPickupTime": ""}).waits is None


def test_a_job_that_was_postponed_and_started_waits_no_more() -> None:
    waits = {"Event": "JobPostponed", "Time": "09/29/2020 19:56:57.598", "NextPickupTime": "09/29/2020 20:16:57.598"}
    assert report(waits, {"Event": "JobStart"}).waits is None


def test_errors_are_kept_once_and_people_are_counted_by_name() -> None:
    error = {"Event": "JobError", "ObjectType": "File", "Id": "{A-B}", "Url": "x", "ErrorCode": "-1", "Message": "no"}
    nobody = {"Event": "JobWarning", "Message": "Failed to ensure user 'a@council.example'"}
    found = report(error, error, nobody, nobody, {"Event": "JobWarning", "Message": "something else"})
    assert [each.id for each in found.troubles] == ["a-b"]
    assert len(found.people) == 1


def test_a_fatal_error_is_told_apart_and_does_not_end_the_reading() -> None:
    found = report({"Event": "JobFatalError", "ErrorCode": "-2147213196", "Message": "blocked"})
    assert found.fatal is not None
    assert not found.over


@pytest.mark.parametrize("event", ["JobDeleted", "JobCancelled"])
def test_a_cancelled_job_is_over(event: str) -> None:
    assert (report({"Event": event}).cancelled, report({"Event": event}).over) == (True, True)


def test_lines_that_are_no_events_are_passed_over() -> None:
    found = Report()
    found.take(["", "[2020] plain text", "[1]", '{"Event": 3}', "null"])
    assert not found.over


@pytest.mark.parametrize(
    ("number", "message", "code"),
    [
        ("-2147023729", "An item with the id is in the recycle bin.", "JOB-RECYCLED"),
        ("-2147024690", "The file name is too long", "JOB-PATH"),
        ("-2147024893", "The parent folder could not be found.", "JOB-PARENT"),
        ("-2146233296", "Padding is invalid and cannot be removed. Blob 'x'.", "JOB-CONTENT"),
        ("-2147213136", "The blob 'x' has no snapshot.", "JOB-CONTENT"),
        ("", "A virus was found", "JOB-VIRUS"),
        ("-1", "It exceeds its quota", "JOB-QUOTA"),
        ("-42", "Attempted to use an object that has ceased to exist.", "JOB-REFUSED"),
        ("nonsense", "", "JOB-REFUSED"),
    ],
)
def test_errors_in_plain_english(number: str, message: str, code: str) -> None:
    assert job_codes.explain(number, message).code == code


def test_every_code_of_a_job_is_a_code_of_the_mover() -> None:
    assert all(codes.CODES[each.code] is each for each in job_codes.JOB_CODES)
