"""Outcome codes: every one is listed, so that the report and `explain` know it."""

from spmigrate.migrate import codes, job_codes
from spmigrate.migrate.codes import Code


def test_every_code_is_listed() -> None:
    named = [*vars(codes).values(), *vars(job_codes).values()]
    made = {each.code for each in named if isinstance(each, Code)}
    assert made | {each.code for each in job_codes.JOB_CODES} == set(codes.CODES)
