"""What becomes of a file that the service did not take: offered again, failed, left for another run, or the end of it.

Decided by the class of the error, and by whether other files are taken meanwhile.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto

from spmigrate.errors import AccessDenied, Conflict, TenantError
from spmigrate.migrate import codes
from spmigrate.migrate.codes import Code
from spmigrate.migrate.routes.session import NameHeld
from spmigrate.store.batches import Transfer

TRIES = 5
"""How often a file is offered in one run, when the service takes others."""
_TRIES_EVER = 15


class Fate(Enum):
    """What to do with a file that was not taken."""

    AGAIN = auto()
    FAIL = auto()
    ASIDE = auto()


@dataclass(slots=True)
class Offers:
    """How often each file was offered in this run, and how it goes with the others. `threads` work at once."""

    threads: int
    aside: int = 0
    first_aside: str = ""
    uncounted: list[Transfer] = field(default_factory=list)
    _tries: Counter[int] = field(default_factory=Counter)
    _in_a_row: int = 0
    _taken: int = 0

    def taken(self, item: Transfer) -> list[Transfer]:
        """The service took a file; returns those that it refused meanwhile, which counts against them."""
        self._in_a_row = 0
        self._taken += 1
        self._tries.pop(item.id, None)
        counted, self.uncounted = self.uncounted, []
        return counted

    def refused(self, item: Transfer, error: TenantError) -> Fate:
        """The service did not take a file, for a cause that may pass."""
        self._tries[item.id] += 1
        if isinstance(error, NameHeld):
            if self._tries[item.id] < TRIES:
                return Fate.AGAIN
            self.aside += 1
            self.first_aside = self.first_aside or error.message
            return Fate.ASIDE
        self._in_a_row += 1
        if self._is_hopeless(item):
            return Fate.FAIL
        self.uncounted.append(item)
        return Fate.AGAIN

    @property
    def nothing_is_taken(self) -> bool:
        """Whether so many were refused one after the other that it is senseless to go on."""
        return self._in_a_row >= TRIES * self.threads

    def _is_hopeless(self, item: Transfer) -> bool:
        """Whether the service takes other files and not this one; while it takes none, nothing counts against any."""
        if item.attempts + self._tries[item.id] >= _TRIES_EVER and self._taken:
            return True
        return self._tries[item.id] >= TRIES and self._in_a_row < TRIES


def may_pass(error: BaseException) -> bool:
    """Whether a file is offered again after this error.

    An app that may not write, or a locked site, refuses everything: no reason to fail a wave file by file.
    """
    return isinstance(error, AccessDenied | Conflict) or (isinstance(error, TenantError) and error.transient)


def code(error: TenantError) -> Code:
    """The outcome of a file that is not offered any more."""
    if isinstance(error, Conflict):
        return codes.TARGET_LOCKED
    return codes.SERVICE_UNAVAILABLE if error.transient else codes.REFUSED
