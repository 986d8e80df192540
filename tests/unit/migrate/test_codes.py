"""Outcome codes: every one is listed, so that the report and `explain` know it."""

from spmigrate.migrate import codes
from spmigrate.migrate.codes import Code


def test_every_code_is_listed() -> None:
    made = {each.code for each in vars(codes).values() if isinstance(each, Code)}
    assert made == set(codes.CODES)
