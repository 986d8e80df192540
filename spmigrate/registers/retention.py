"""The retention schedule: what is kept, from when, for how long, what then happens, and what stops it.

Only one trigger can be computed from what a scan sees: the end of the financial year in which a record was last
changed. Every other needs a date that its owner knows, so that a label is applied and no day of disposal is worked
out. Nothing here disposes of anything, and a hold stops every disposal.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import model_validator

from spmigrate.errors import Problem
from spmigrate.formats import yaml
from spmigrate.registers.consistency import doubles, refuse
from spmigrate.registers.people import Text
from spmigrate.registers.training import months_after
from spmigrate.words import folded

FILE = "retention.yaml"
_LABEL = yaml.Form(r"[^:*?\"<>|\\/\n]{1,64}", "a label that Microsoft Purview takes: 64 characters, without : or /")
_HOLD = yaml.Form(r"HOLD-[A-Z0-9-]+", "a hold such as HOLD-COVID19: HOLD-, capitals, digits and -")
_PERIOD = yaml.Form(r"[1-9][0-9]* (year|month)s?|permanent", "a period such as 6 years, 6 months or permanent")


class Trigger(StrEnum):
    """What the period is counted from."""

    YEAR_CHANGED = "financial year end after last change"
    YEAR_CLOSED = "financial year end after closing"
    BIRTH = "date of birth"
    ORDER = "date of order"
    CASE_CLOSED = "case closed"
    CONTRACT_END = "contract end"
    EMPLOYMENT_END = "employment end"
    MEETING = "meeting date"
    EVENT = "event"
    SUPERSEDED = "superseded"
    PERMANENT = "permanent"

    @property
    def computable(self) -> bool:
        """Whether what a scan sees is enough to say when the period ends."""
        return self is Trigger.YEAR_CHANGED


class Disposal(StrEnum):
    """What happens when the period has ended and no hold is on."""

    DESTROY = "destroy"
    REVIEW = "review"
    REVIEW_THEN_DESTROY = "review then destroy"
    OFFER = "offer to archive"
    NEVER_BY_ITSELF = "review and never destroy by itself"


class Hold(yaml.Described):
    """A reason why nothing may be disposed of, whatever the schedule says."""

    ref: Annotated[str, _HOLD]
    """What sheets and rules call the hold."""
    reason: Text
    """What it is for: an inquiry, a case, a request."""
    since: yaml.Day
    """The first day of the hold."""
    ended: yaml.Day | None = None
    """The last day of the hold, once it has been lifted."""

    def stands(self, on: date) -> bool:
        """Whether it stops disposal on this day."""
        return self.since <= on and (self.ended is None or on <= self.ended)


class KeepRule(yaml.Described):
    """One line of the schedule; `label` is what owners choose and what the library carries."""

    ref: Annotated[str, yaml.Form("[A-Z]{2}[0-9]{2}", "a reference such as AD01: two capitals and two digits")]
    """The reference in the published schedule."""
    class_: Text | None = None
    """The business class of lists.yaml that it is for; without it, any."""
    record_group: Text
    """The records that it covers."""
    trigger: Trigger
    """What the period is counted from; a scan knows the last change alone, the owner the other dates."""
    event: Text | None = None
    """The event, where the trigger is one."""
    period: Annotated[str, _PERIOD]
    """How long records are kept after that."""
    disposal: Disposal
    """What happens then, if no hold is on."""
    label: Annotated[str, _LABEL]
    """The label, as Microsoft Purview and the sheets call it."""
    holds: tuple[Annotated[str, _HOLD], ...] = ()
    """The holds that stop the disposal of everything under this rule."""
    note: Text | None = None
    """What else the published schedule says."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.trigger is Trigger.PERMANENT) != (self.period == "permanent"):
            raise ValueError("the trigger and the period are permanent together, or neither is")
        if (self.trigger is Trigger.EVENT) != (self.event is not None):
            raise ValueError("'event' stands with the trigger event, and with no other")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 of all that the rule says: another digest is another rule."""
        return _digest(self.model_dump(mode="json", by_alias=True))

    def ends(self, changed: date) -> date | None:
        """The last day of keeping a record last changed on that day; None where a scan cannot know it."""
        return end_of_period(changed, self.period) if self.trigger.computable else None


class Schedule(yaml.Described):
    """retention.yaml."""

    version: Text
    """Of the schedule, in quotes: it is part of what owners sign."""
    rules: tuple[KeepRule, ...]
    """An entry for each rule."""
    default: Text
    """The label of the rule for what nobody has classified."""
    holds: tuple[Hold, ...] = ()
    """An entry for each hold, lifted ones included."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all rules, in the order of the schedule."""
        return tuple(rule.label for rule in self.rules)

    def rule(self, label: str) -> KeepRule | None:
        """The rule of this label or reference; capitals make no difference. None when there is none."""
        wanted = folded(label)
        return next((each for each in self.rules if wanted in (folded(each.label), folded(each.ref))), None)

    def holds_on(self, rule: KeepRule, on: date) -> tuple[Hold, ...]:
        """The holds that stop the disposal of what is under `rule` on this day."""
        return tuple(each for each in self.holds if each.ref in rule.holds and each.stands(on))


def end_of_period(changed: date, period: str) -> date:
    """The last day of `period` (`6 years`) after the financial year of `changed`, which ends on 31 March.

    Changed on 1 April 2018, kept six years: until 31 March 2025; on 31 March 2018: until 31 March 2024.
    """
    year_end = date(changed.year + (changed > date(changed.year, 3, 31)), 3, 31)
    found = re.fullmatch("([0-9]+) (year|month)s?", period)
    if not found:
        raise ValueError(f"'{period}' has no end")
    return months_after(year_end, int(found[1]) * (12 if found[2] == "year" else 1))


def read_schedule(folder: Path) -> Schedule:
    """retention.yaml of `folder`. Raises InputError with every problem: doubled rules, holds that are not there."""
    document = yaml.source(folder / FILE)
    schedule = yaml.validate(document, Schedule)
    problems = doubles(document, "rules", "ref", (rule.ref for rule in schedule.rules))
    problems += doubles(document, "rules", "label", (folded(rule.label) for rule in schedule.rules))
    problems += doubles(document, "holds", "ref", (hold.ref for hold in schedule.holds))
    problems += [Problem(document.where(place), text) for place, text in _wrong(schedule)]
    refuse(document, problems)
    return schedule


def unknown_labels(schedule: Schedule, labels: Iterable[str]) -> list[str]:
    """Those of `labels` (of organisation.yaml, say) that no rule of the schedule has."""
    return [label for label in labels if label not in schedule.labels]


def _wrong(schedule: Schedule) -> Iterator[tuple[tuple[str | int, ...], str]]:
    known = {hold.ref for hold in schedule.holds}
    for n, rule in enumerate(schedule.rules):
        for m, ref in enumerate(rule.holds):
            if ref not in known:
                yield ("rules", n, "holds", m), f"{rule.ref}: there is no {ref} under 'holds'"
    for n, hold in enumerate(schedule.holds):
        if hold.ended is not None and hold.ended < hold.since:
            yield ("holds", n, "ended"), f"{hold.ref}: ended before it began"
    if schedule.rule(schedule.default) is None:
        yield ("default",), f"no rule has the label '{schedule.default}'"


def _digest(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
