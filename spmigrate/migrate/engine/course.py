"""Whether a run goes on: what was asked of it from outside, what went wrong, and what ends it."""

import threading
from dataclasses import dataclass

from spmigrate.store.wave_control import CANCEL, PAUSE


@dataclass(slots=True)
class Course:
    """Shared by all parts of a run. `stop` is set by a signal; `halted` is the sentence of a stop condition."""

    stop: threading.Event
    trouble: BaseException | None = None
    halted: str = ""
    control: str = ""

    def fail(self, error: BaseException) -> None:
        """Something went wrong that ends the run; the first of several counts."""
        self.trouble = self.trouble or error

    @property
    def ending(self) -> bool:
        """Whether nothing more is handed out, and the run ends when nothing is in hand."""
        return bool(self.stop.is_set() or self.trouble is not None or self.halted or self.control == CANCEL)

    @property
    def paused(self) -> bool:
        """Whether nothing more is handed out until somebody lets it go on."""
        return self.control == PAUSE

    @property
    def in_a_hurry(self) -> bool:
        """Whether jobs of the service are left to another run, in place of waiting for them."""
        return bool(self.stop.is_set() or self.trouble is not None)
