"""Sign-in refusals in Entra's form: `AADSTS` numbers, trace ids, JSON."""

from __future__ import annotations

import uuid
from typing import NoReturn

from spmigrate.rehearsal.clock import Clock
from spmigrate.rehearsal.http import Response, json_response


class SignInProblem(Exception):
    """Why no token is given: HTTP status, OAuth error, AADSTS number and text; `kind` is the service's suberror."""

    def __init__(self, status: int, error: str, number: int, text: str, *, kind: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.error = error
        self.number = number
        self.text = text
        self.kind = kind


def refuse(status: int, error: str, number: int, text: str) -> NoReturn:
    """Raise a `SignInProblem`."""
    raise SignInProblem(status, error, number, text)


def problem_response(problem: SignInProblem, clock: Clock) -> Response:
    """The answer that carries a refusal."""
    stamp = clock.now().strftime("%Y-%m-%d %H:%M:%SZ")
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    return json_response(
        problem.status,
        {
            "error": problem.error,
            "error_description": f"AADSTS{problem.number}: {problem.text} Trace ID: {trace}"
            f" Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [problem.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={problem.number}",
            **({"suberror": problem.kind} if problem.kind else {}),
        },
    )
