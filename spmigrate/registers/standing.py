"""Who lacks which module by when, and what belongs to people who have left or are leaving. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from spmigrate.registers.people import PeopleRegister, Person, Right
from spmigrate.registers.policy import SignoffPolicy
from spmigrate.registers.training import Gate, Lack, TrainingRegister
from spmigrate.words import day

SOON_DAYS = 60
"""A module that runs out within so many days is shown before it does."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that somebody answers for: a sheet, a site, a branch. `modules` are what it takes."""

    person: str
    what: str
    modules: tuple[str, ...] = ()
    belongs: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """A module that somebody needs: why, what is amiss, by when, and whether that day has come."""

    person: str
    lack: Lack
    why: str
    by: date
    late: bool


@dataclass(frozen=True, slots=True)
class Orphan:
    """Something that belongs to somebody who has left, is leaving, or was never on the register."""

    person: str
    what: str
    why: str
    late: bool


def duties_of_rights(people: PeopleRegister, pathway: TrainingRegister) -> Iterator[Duty]:
    """What the rights of the register itself take."""
    modules = pathway.opening(Gate.WAIVER_APPROVAL)
    for person in people.people:
        if Right.APPROVE_WAIVERS in person.may:
            yield Duty(person.id, "approves waivers", modules, belongs=False)


def sheet_duty(role: str, what: str, policy: SignoffPolicy) -> Duty:
    """What it takes to own a mapping sheet, or to deputise for its owner."""
    return Duty(role, what, policy.owner_modules)


def needs(
    people: PeopleRegister, pathway: TrainingRegister, duties: Iterable[Duty], on: date, *, soon: int = SOON_DAYS
) -> list[Need]:
    """Every module that somebody in post needs and lacks on this day, or within `soon` days; each once, late first.

    Needed is what a duty takes, what every starter takes, and to keep valid what somebody has taken before.
    """
    found: dict[tuple[str, str], Need] = {}
    for need in (
        *_of_duties(people, pathway, duties, on),
        *_of_starters(people, pathway, on),
        *_kept(people, pathway, on),
    ):
        if need.by <= on + timedelta(days=soon):
            found.setdefault((need.person, need.lack.module), need)
    return sorted(found.values(), key=lambda each: (not each.late, each.by, each.person, each.lack.module))


def orphans(people: PeopleRegister, duties: Sequence[Duty], on: date) -> list[Orphan]:
    """What belongs to people who are not in post on this day, or have a last day ahead; those who are gone first."""
    found = []
    for duty in duties:
        if not duty.belongs:
            continue
        person = people.person(duty.person, on=on)
        if person is None:
            found.append(Orphan(duty.person, duty.what, "is not on the register", late=True))
        elif person.leaves is not None:
            gone = person.leaves < on
            why = f"left on {day(person.leaves)}" if gone else f"leaves on {day(person.leaves)}"
            found.append(Orphan(person.id, duty.what, why, late=gone))
    return sorted(found, key=lambda each: (not each.late, each.person, each.what))


def _of_duties(people: PeopleRegister, pathway: TrainingRegister, duties: Iterable[Duty], on: date) -> Iterator[Need]:
    for duty in duties:
        person = people.person(duty.person, on=on)
        if person is None or not person.in_post(on):
            continue  # `orphans` speaks of it
        for lack in pathway.lacking(person, duty.modules, on):
            yield Need(person.id, lack, duty.what, on, late=True)


def _of_starters(people: PeopleRegister, pathway: TrainingRegister, on: date) -> Iterator[Need]:
    for person in people.people:
        if person.starts is None or not person.in_post(on):
            continue
        for module in pathway.modules:
            if not module.due_days:
                continue
            due = person.starts + timedelta(days=module.due_days)
            for lack in pathway.lacking(person, [module.id], on):
                yield Need(person.id, lack, f"started on {day(person.starts)}", due, late=due < on)


def _kept(people: PeopleRegister, pathway: TrainingRegister, on: date) -> Iterator[Need]:
    """What somebody has taken and what has run out, or is about to."""
    for person in people.people:
        if not person.in_post(on):
            continue
        for module in pathway.modules:
            ends = _end(person, module.id, pathway)
            if ends is not None:
                said = f"{'ran' if ends <= on else 'runs'} out on {day(ends)}"
                lack = Lack(module.id, module.title, said, module.booking or pathway.booking)
                yield Need(person.id, lack, "taken before", ends, late=ends <= on)


def _end(person: Person, wanted: str, pathway: TrainingRegister) -> date | None:
    module = pathway.module(wanted)
    taken = [each.completed for each in person.training if each.module == wanted]
    return module.runs_out(max(taken)) if module and taken else None
