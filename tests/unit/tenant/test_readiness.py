"""The doctor's checks: what each finds, and the exit code of them all."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from spmigrate.config import Credential, TenantSettings
from spmigrate.errors import ExitCode
from spmigrate.tenant.permissions import ALWAYS
from spmigrate.tenant.readiness import (
    Check,
    State,
    check_clock,
    check_credential,
    check_permissions,
    exit_code,
)
from tests.certificates import TODAY, make_pem

PEM = make_pem(days=100)
OK, PROBLEM, UNKNOWN = (Check("x", state, "") for state in State)
VITAL = Check("x", State.PROBLEM, "", vital=True)


def settings(credential: Credential) -> TenantSettings:
    return TenantSettings("contoso", "tid", "https://contoso.sharepoint.com", "app", credential)


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ([OK], ExitCode.DONE), ([OK, PROBLEM], ExitCode.FINDINGS), ([PROBLEM, UNKNOWN], ExitCode.INCOMPLETE),
        ([UNKNOWN, PROBLEM, VITAL], ExitCode.FAILED),
    ],
)  # fmt: skip
def test_exit_code_is_the_worst(checks: list[Check], code: ExitCode) -> None:
    assert exit_code(checks) is code


@pytest.mark.parametrize(
    ("days", "state"), [(0, State.OK), (69, State.OK), (71, State.PROBLEM), (101, State.PROBLEM), (-1, State.PROBLEM)]
)
def test_certificate_is_reported_thirty_days_before_its_end(days: int, state: State) -> None:
    check = check_credential(settings(Credential(certificate_pem=PEM)), TODAY + timedelta(days=days))
    assert check.state is state
    assert bool(check.remedy) is (state is State.PROBLEM)


def test_expired_certificate_is_vital_and_one_about_to_expire_is_not() -> None:
    credential = settings(Credential(certificate_pem=PEM))
    assert check_credential(credential, TODAY + timedelta(days=101)).vital
    assert not check_credential(credential, TODAY + timedelta(days=80)).vital


def test_secret_is_a_problem() -> None:
    assert check_credential(settings(Credential(secret="s")), TODAY).vital


@pytest.mark.parametrize(
    ("seconds", "state", "said"), [(0, State.OK, ""), (59, State.OK, ""), (61, State.PROBLEM, "ahead"),
                                   (-400, State.PROBLEM, "400 s behind")],
)  # fmt: skip
def test_clock_is_compared_with_the_service(seconds: int, state: State, said: str) -> None:
    check = check_clock(format_datetime(TODAY, usegmt=True), TODAY + timedelta(seconds=seconds))
    assert check.state is state
    assert said in check.text


def test_service_that_tells_no_time_leaves_the_clock_unknown() -> None:
    assert check_clock("", TODAY).state is State.UNKNOWN


def test_permissions_that_could_not_be_read_are_unknown() -> None:
    assert {check.state for check in check_permissions({})} == {State.UNKNOWN}


def test_every_need_and_every_excess_has_its_line() -> None:
    held = {api: frozenset({"Sites.FullControl.All", "Mail.Read"}) for api in {need.api for need in ALWAYS}}
    checks = list(check_permissions(held))
    assert len(checks) == len(ALWAYS) + 2
    assert all(check.remedy for check in checks if check.state is State.PROBLEM)
    assert [check.text for check in checks[-2:]] == ["Mail.Read"] * 2
