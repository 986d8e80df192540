"""Readings: what a question to the tenant gave, or why there is no answer, ready to become facts.

A refused question is not an error of the run: the facts that rest on it are unknown and say what to grant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from spmigrate.errors import AccessDenied, TenantError
from spmigrate.model import Fact, FactValue

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading half an answer raises, or one in a new form: nothing can be said of what rests on it."""


class Untold(Exception):
    """The answer came, and what was asked for is not in it, or has a value that this version does not know."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """The answer to one question, with where and when it was asked. `trouble` says why there is none."""

    source: str
    at: str
    value: T_co | None = None
    trouble: str | None = None

    def fact(self, kind: str, subject: str, name: str, look: Callable[[T_co], FactValue]) -> Fact:
        """One fact of the answer; unknown when there is none, or `look` cannot read it."""
        if self.value is None:
            return Fact(kind, subject, name, None, self.source, self.at, self.trouble)
        try:
            return Fact(kind, subject, name, look(self.value), self.source, self.at)
        except Untold as reason:
            return Fact(kind, subject, name, None, self.source, self.at, f"{self.source}: {reason}")
        except UNREADABLE as error:
            return Fact(kind, subject, name, None, self.source, self.at, _unreadable(self.source, error))


def ask(query: Callable[[], T], *, source: str, needs: str, at: str) -> Reading[T]:
    """Ask, and turn a refusal into a reading. Raises the fatal errors of the tenant: signing in failed."""
    try:
        return Reading(source, at, query())
    except AccessDenied:
        return Reading(source, at, trouble=f"access to {source} was denied; grant {needs}")
    except TenantError as error:
        if error.fatal:
            raise
        return Reading(source, at, trouble=f"{source} could not be read: {error.message}")
    except UNREADABLE as error:
        return Reading(source, at, trouble=_unreadable(source, error))


def _unreadable(source: str, error: Exception) -> str:
    return f"{source} answered in a form that this version cannot read ({error!r})"
