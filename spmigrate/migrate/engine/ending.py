"""Why a run ended, for the ledger and for whoever started it."""

from dataclasses import dataclass

from spmigrate.errors import SpmigrateError, TenantError, Unavailable
from spmigrate.migrate.engine.course import Course
from spmigrate.store.wave_control import CANCEL
from spmigrate.words import plural

_AGAIN = (
    "see the network and Microsoft's service health (spmigrate doctor); the same command goes on where this one stopped"
)
_LATER = "run the same command again in some hours, when SharePoint has let go of unfinished uploads"


class Stopped(SpmigrateError):
    """A stop condition was met: the wave's lead looks before it goes on."""


class Cancelled(SpmigrateError):
    """Somebody cancelled the wave while it ran."""


@dataclass(slots=True)
class End:
    """What a run has come to. `shut`: it was to end with its window, and did."""

    course: Course
    shut: bool = False

    @property
    def why(self) -> str:
        """What ended the run before all has moved; empty when nothing did."""
        course = self.course
        if course.control == CANCEL:
            return "the wave was cancelled"
        if course.halted:
            return course.halted
        if course.trouble is not None:
            return course.trouble.message if isinstance(course.trouble, SpmigrateError) else repr(course.trouble)
        if course.stop.is_set():
            return "interrupted"
        return "the window shut" if self.shut else ""

    def say(self, wave: str, aside: int, first_aside: str) -> str:
        """Raise what ended the run, and what a run to its end has left aside; returns `why` otherwise."""
        course, trouble = self.course, self.course.trouble
        if course.control == CANCEL:
            raise Cancelled(f"wave '{wave}' was cancelled", hint="plan what is still to move as another wave")
        if course.halted:
            raise Stopped(
                f"wave '{wave}' was stopped: {course.halted}",
                hint="find out why; when it is settled, the same command goes on where this one stopped",
            )
        if isinstance(trouble, TenantError) and trouble.transient:
            if not course.stop.is_set():
                raise Unavailable(f"nothing is accepted any more: {trouble.message}", hint=_AGAIN)
        elif trouble is not None:
            raise trouble
        if aside and not course.stop.is_set():
            raise Unavailable(f"{plural(aside, 'file')} could not move yet: {first_aside}", hint=_LATER)
        return self.why
