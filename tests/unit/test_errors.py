"""The exception tree: the reaction belongs to the class."""

from itertools import permutations

import pytest

from spmigrate import errors
from spmigrate.errors import ExitCode


def test_exit_codes_keep_their_order() -> None:
    order = [ExitCode.FAILED, ExitCode.INCOMPLETE, ExitCode.FINDINGS, ExitCode.PENDING, ExitCode.DONE]
    for n, worse in enumerate(order):
        for better in order[n:]:
            assert all(ExitCode.worst(*pair) is worse for pair in permutations((worse, better)))


def test_no_condition_is_done() -> None:
    assert ExitCode.worst() is ExitCode.DONE


@pytest.mark.parametrize(
    ("kind", "transient", "fatal"),
    [
        (errors.AuthError, False, True), (errors.OutOfStorage, False, True), (errors.AccessDenied, False, False),
        (errors.NotFound, False, False), (errors.Conflict, False, False), (errors.Refused, False, False),
        (errors.Unavailable, True, False),
    ],
)  # fmt: skip
def test_reaction_belongs_to_the_class(kind: type[errors.TenantError], transient: bool, fatal: bool) -> None:
    error = kind("said", hint="do", status=400, code="c", request_id="r")
    assert (error.transient, error.fatal) == (transient, fatal)
    assert (error.message, error.hint, error.status, error.code, error.request_id) == ("said", "do", 400, "c", "r")


def test_throttled_is_transient_and_knows_its_wait() -> None:
    error = errors.Throttled("wait", retry_after=3)
    assert (error.transient, error.retry_after, error.status) == (True, 3, 429)


def test_problem_reads_as_one_line() -> None:
    assert str(errors.Problem("a.yaml:3:1", "unknown key", "did you mean x?")) == (
        "a.yaml:3:1: unknown key (did you mean x?)"
    )


def test_usage_has_its_own_exit_code() -> None:
    assert errors.UsageProblem("no").exit_code is ExitCode.USAGE
    assert errors.ConfigError("no").exit_code is ExitCode.FAILED
