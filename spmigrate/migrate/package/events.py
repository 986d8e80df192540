"""What a job tells of itself, read: how it ended, what went wrong with which file, and until when it waits.

Source: "Migration events" and "GetMigrationJobProgress" (sp-dev-docs). All values are texts. A JobEnd says only that
the job is over: what arrived is decided by its counters and by looking.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

_MOST_TROUBLES = 2_000
_FORM = "%m/%d/%Y %H:%M:%S.%f"
_PEOPLE = "Failed to ensure user"


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error of one object, or of the job as a whole when it is `fatal`."""

    kind: str
    id: str
    url: str
    number: str
    message: str
    fatal: bool = False


@dataclass(slots=True)
class Report:
    """All that was read of a job so far."""

    started: bool = False
    ended: bool = False
    cancelled: bool = False
    created: int = 0
    errors: int = 0
    warnings: int = 0
    waits: float | None = None
    in_line: str = ""
    troubles: list[Trouble] = field(default_factory=list)
    people: set[str] = field(default_factory=set)

    @property
    def over(self) -> bool:
        """Whether nothing more is to come."""
        return self.ended or self.cancelled

    @property
    def fatal(self) -> Trouble | None:
        """Why the job as a whole was refused."""
        return next((each for each in self.troubles if each.fatal), None)

    def take(self, lines: Iterable[str]) -> None:
        """Read further events; what is no event is passed over."""
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                self._take({str(name): str(value) for name, value in event.items()})

    def _take(self, event: dict[str, str]) -> None:
        name = event.get("Event", "")
        if name in ("JobError", "JobFatalError"):
            self._add(event, fatal=name == "JobFatalError")
        elif name == "JobWarning" and _PEOPLE in event.get("Message", ""):
            self.people.add(event["Message"])
        elif name == "JobPostponed":
            self.waits, self.in_line = _wait(event), event.get("JobsInQueue", "")
        elif name == "JobStart":
            self.started, self.waits = True, None
        elif name == "JobEnd":
            self.ended = True
            self.created = _count(event.get("FilesCreatedIrrespectiveOfVersions") or event.get("FilesCreated"))
            self.errors, self.warnings = _count(event.get("TotalErrors")), _count(event.get("TotalWarnings"))
        elif name in ("JobDeleted", "JobCancelled"):
            self.cancelled = True

    def _add(self, event: dict[str, str], *, fatal: bool) -> None:
        trouble = Trouble(
            event.get("ObjectType", ""), event.get("Id", "").strip("{}").lower(), event.get("Url", ""),
            event.get("ErrorCode", ""), " ".join(event.get("Message", "").split()), fatal,
        )  # fmt: skip
        if trouble not in self.troubles and len(self.troubles) < _MOST_TROUBLES:
            self.troubles.append(trouble)


def _wait(event: dict[str, str]) -> float | None:
    """Seconds from an event to the next attempt; both times have no zone, and the same."""
    try:
        begins = datetime.strptime(event["NextPickupTime"].strip(), _FORM)  # noqa: DTZ007 - a difference alone counts
        return max((begins - datetime.strptime(event["Time"].strip(), _FORM)).total_seconds(), 0.0)  # noqa: DTZ007
    except (KeyError, ValueError):
        return None


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
