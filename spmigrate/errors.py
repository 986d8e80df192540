"""The exceptions of the product and its exit codes, sorted by what the program does next.

    SpmigrateError              message, hint                    stop, exit 1
    ├─ UsageProblem             the command cannot mean this      stop, exit 2
    ├─ ConfigError              spmigrate.yaml, environment
    ├─ InputError               a file from a person; carries every problem found in it
    ├─ LedgerError              locked, damaged, newer than this program
    ├─ SealedError              a kept secret is open to others, altered, or without its key
    ├─ StalePlan                the tenant moved since the plan was made
    ├─ NotSignedOff             names the rows that may not move
    └─ TenantError              status, code, request_id
       ├─ AuthError             fatal: signing in failed
       ├─ OutOfStorage          fatal: quota of the site or the tenant
       ├─ AccessDenied          record and go on
       ├─ NotFound              record and go on
       ├─ Conflict              record and go on: exists already, or changed meanwhile
       ├─ Refused               record and go on: the service rejects the request for good
       ├─ NeverServed           record and go on: asked to wait again and again, for this alone
       ├─ Throttled             retry after `retry_after` seconds
       └─ Unavailable           retry: 5xx, time-out, connection lost

Three reactions, decided by the class and nowhere else: `transient` errors are retried inside `tenant` and, when that
is used up, the work goes back to the queue; `fatal` ones stop the run; any other `TenantError` about one item is
recorded as that item's outcome.
"""

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command. Where several hold: 1, then 5, 3, 4."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    FINDINGS = 3
    PENDING = 4
    INCOMPLETE = 5
    INTERRUPTED = 130

    @classmethod
    def worst(cls, *codes: "ExitCode") -> "ExitCode":
        """The one code to report when several conditions hold at once."""
        order = [cls.FAILED, cls.INCOMPLETE, cls.FINDINGS, cls.PENDING, cls.DONE]
        return min(codes, key=order.index, default=cls.DONE)


class SpmigrateError(Exception):
    """Something we foresaw: `message` says what and where, `hint` what to type next."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageProblem(SpmigrateError):
    """Options or arguments that make no sense together."""

    exit_code = ExitCode.USAGE


class ConfigError(SpmigrateError):
    """spmigrate.yaml, the environment or the credentials are missing or wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file from a person. `where` is `file:line:column` or `workbook!cell`."""

    where: str
    text: str
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" + (f" ({self.hint})" if self.hint else "")


class InputError(SpmigrateError):
    """A file from a person cannot be used; carries every problem found, in the order of the file."""

    def __init__(self, message: str, problems: list[Problem], *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint or "correct this, then run the same command again")
        self.problems = problems


class LedgerError(SpmigrateError):
    """The ledger is locked by another run, damaged, or written by a newer version."""


class SealedError(SpmigrateError):
    """A secret that was kept for a later run is open to others, was altered, or its key is gone."""


class StalePlan(SpmigrateError):
    """The tenant changed between the plan and its application."""


class NotSignedOff(SpmigrateError):
    """Rows that carry no valid sign-off were asked to move."""


class TenantError(SpmigrateError):
    """A request to Microsoft 365 did not succeed. `status` is the HTTP status, 0 when there was no answer."""

    transient = False
    fatal = False

    def __init__(
        self, message: str, *, hint: str | None = None, status: int = 0, code: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code
        self.request_id = request_id


class AuthError(TenantError):
    """Signing in failed: wrong tenant, unknown app, expired certificate, missing consent."""

    fatal = True


class OutOfStorage(TenantError):
    """The site or the tenant has no room left (HTTP 507)."""

    fatal = True


class AccessDenied(TenantError):
    """The app may not do this here (HTTP 403, or 401 with a valid token)."""


class NotFound(TenantError):
    """There is no such site, list, item or user."""


class Conflict(TenantError):
    """It exists already, or it changed since it was read (HTTP 409, 412, 423)."""


class Refused(TenantError):
    """The service rejects this request for good: a name, a size, a value."""


class NeverServed(TenantError):
    """The service asks to wait whenever this one thing is asked, and serves others meanwhile: waiting will not help."""


class Throttled(TenantError):
    """The service asks to wait `retry_after` seconds (HTTP 429, or 503 with Retry-After)."""

    transient = True

    def __init__(self, message: str, *, retry_after: float, status: int = 429, request_id: str = "") -> None:
        super().__init__(message, status=status, request_id=request_id)
        self.retry_after = retry_after


class Unavailable(TenantError):
    """No usable answer: 5xx, time-out, connection lost."""

    transient = True
