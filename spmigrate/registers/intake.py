"""What a list of people and training says that the registers do not: starters, leavers, moves, modules completed.

Nobody's name is taken over: a person is a role, an id and a sign-in name. Whoever leaves is dated and stays on the
register. What cannot be understood is reported row by row, and the rest goes on.
"""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from spmigrate.errors import Problem
from spmigrate.formats import records, whole, yaml
from spmigrate.formats.yaml_entries import Append, Entry, Set, edit
from spmigrate.registers import people as registered
from spmigrate.registers.people import FILE, PeopleRegister, Person
from spmigrate.registers.training import TrainingRegister
from spmigrate.words import day, folded

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "account": (
        "account", "sign-in name", "user principal name", "upn", "e-mail", "email", "email address", "user name",
    ),
    "id": ("id", "person", "role id"),
    "role": ("role", "job title", "post", "position"),
    "unit": ("unit", "unit code"),
    "starts": ("starts", "start date", "started", "start"),
    "leaves": ("leaves", "leaving date", "end date", "last day", "left"),
    "module": ("module", "module code", "course", "course code", "training"),
    "completed": ("completed", "completion date", "date completed", "completed on"),
}  # fmt: skip
"""What is taken from a list, and the headings under which it is found."""

Row = tuple[str, Mapping[str, Any]]
"""A place in a list, and what stands there by our own words."""

_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?( ?[AP]M)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the register would say differently, and how people read it."""

    person: str
    text: str


@dataclass(slots=True)
class Intake:
    """What a list changes; `unread` are headings that nothing was taken from, `same` rows that say nothing new."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: tuple[str, ...] = ()
    rows: int = 0
    same: int = 0
    starters: dict[str, dict[str, Any]] = field(default_factory=dict)
    dated: dict[str, dict[str, str]] = field(default_factory=dict)
    learnt: dict[str, dict[tuple[str, date], None]] = field(default_factory=dict)


def read(path: Path, columns: Mapping[str, str]) -> tuple[list[Row], tuple[str, ...], list[Problem]]:
    """The rows of a list by our own words; the headings that are not read; cells without a value.

    `columns` names headings that the list uses for our words. Raises InputError when it cannot be used.
    """
    known = {heading: key for key, headings in COLUMNS.items() for heading in headings}
    known |= {folded(heading): key for key, heading in columns.items()}
    found = records.read(path, wanted=known.keys())
    rows: list[Row] = [
        (row.where, {known[folded(name)]: value for name, value in row.values.items() if folded(name) in known})
        for row in found.rows
    ]
    unread = tuple(name for name in found.headings if folded(name) not in known)
    return [row for row in rows if row[1]], unread, list(found.problems)


def compare(
    rows: Sequence[Row],
    register: PeopleRegister,
    pathway: TrainingRegister,
    *,
    units: Collection[str] | None,
    today: date,
) -> Intake:
    """What `rows` change in the register. Pure. Without `units` the codes of units are taken as they are."""
    intake = Intake(rows=len(rows))
    reading = _Reading(intake, register, pathway, units, today)
    for where, values in rows:
        before = len(intake.changes) + len(intake.problems)
        reading.take(where, values)
        intake.same += len(intake.changes) + len(intake.problems) == before
    return intake


def write(folder: Path, intake: Intake) -> None:
    """Put the changes into people.yaml, comments kept. Raises InputError before anything is written."""
    path = folder / FILE
    before = yaml.source(path)
    register = registered.check(before)
    numbers = {person.id: n for n, person in enumerate(register.people)}
    edits: list[Set | Append] = [
        Set(("people", numbers[person], key), value)
        for person, values in intake.dated.items()
        for key, value in values.items()
    ]
    edits += [
        Append(("people", numbers[person], "training"), tuple(map(_learnt, taken)))
        for person, taken in intake.learnt.items()
        if person in numbers
    ]
    new = tuple(_entry(each, intake.learnt.get(person, {})) for person, each in intake.starters.items())
    edits += [Append(("people",), new, spread=True)] if new else []
    text = edit(path.read_text("utf-8"), str(path), edits)
    registered.check(yaml.Source(text, f"{FILE} as it would be"))
    with whole.writing(path) as partial:
        partial.write_text(text, "utf-8", newline="")


def read_uk_day(value: object) -> date:
    """A day as lists write it: 15/09/2026, 15 September 2026, 2026-09-15 or a cell of a date. Raises ValueError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _TIME.sub("", str(value).strip())
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(f"'{value}' is not a day: write the day first, as 15/09/2026")


def _days(values: Mapping[str, Any]) -> tuple[dict[str, date], list[str]]:
    days, wrong = {}, []
    for key in ("starts", "leaves", "completed"):
        if key in values:
            try:
                days[key] = read_uk_day(values[key])
            except ValueError as error:
                wrong.append(str(error))
    return days, wrong


def _named(values: Mapping[str, Any]) -> tuple[str, str, str]:
    """The account, id and role that a row gives, each empty where it gives none."""
    account, id_, role = (str(values.get(key) or "").strip() for key in ("account", "id", "role"))
    return account, id_, role


class _Reading:
    """The rows of one list, one after the other; later rows know what earlier ones said."""

    def __init__(
        self,
        intake: Intake,
        register: PeopleRegister,
        pathway: TrainingRegister,
        units: Collection[str] | None,
        today: date,
    ) -> None:
        self._intake = intake
        self._register = register
        self._pathway = pathway
        self._units = units
        self._today = today
        self._said: dict[tuple[str, str], object] = {}

    def take(self, where: str, values: Mapping[str, Any]) -> None:
        """Note what one row changes; a row with anything wrong changes nothing, and all that is wrong in it is told."""
        days, wrong = _days(values)
        known = self._known(values)
        new = None if known else self._newcomer(where, values)
        wrong.extend(self._inconsistent(known, values))
        for problem in wrong:
            self._problem(where, problem)
        if wrong:
            return
        person = known or (self._enter(new) if new else None)
        if person is None:
            return
        self._date(where, person, values, days)
        if "module" in values or "completed" in values:
            self._learn(where, person, values.get("module"), days.get("completed"))

    def _known(self, values: Mapping[str, Any]) -> Person | None:
        """Who the row is about: known by sign-in name, else by id, else by role; or new in a row further up."""
        account, id_, role = _named(values)
        found = self._register.by_account(account) if account else self._register.person(id_ or role)
        return self._starter(account.lower()) if found is None and account else found

    def _newcomer(self, where: str, values: Mapping[str, Any]) -> dict[str, str] | None:
        """The entry of somebody new, where the row says enough for one; what it lacks is told."""
        account, id_, role = _named(values)
        if not (account and role):
            self._problem(where, *self._nobody(account, id_ or role))
            return None
        new = {"id": id_ or account.partition("@")[0].lower(), "role": role, "account": account}
        for key, form in (("id", registered.ID), ("account", registered.ACCOUNT)):
            if not re.fullmatch(form.pattern, new[key]):
                self._problem(where, f"'{new[key]}' is not {form.spoken}", "add a column id" if key == "id" else None)
                return None
        if new["id"] in self._register.ids() or new["id"] in self._intake.starters:
            self._problem(where, f"the id '{new['id']}' is somebody else's", "give another in a column id")
            return None
        return new

    def _nobody(self, account: str, role: str) -> tuple[str, str | None]:
        if account:
            return f"nobody in {FILE} signs in as {account}", "give the role, too, to enter somebody new"
        if not role:
            return "says nothing of who it is about", "it takes a column account, id or role"
        known = [*self._register.ids(), *(person.role for person in self._register.people)]
        near = difflib.get_close_matches(role, known, n=1, cutoff=0.6)
        return f"no role '{role}' in {FILE}", f"did you mean '{near[0]}'?" if near else None

    def _starter(self, account: str) -> Person | None:
        new = next((each for each in self._intake.starters.values() if each["account"].lower() == account), None)
        return Person.model_validate({**new, "training": ()}) if new else None

    def _enter(self, new: dict[str, str]) -> Person:
        self._intake.starters[new["id"]] = dict(new)
        self._change(new["id"], f"starts as {new['role']}")
        return Person.model_validate(new)

    def _inconsistent(self, person: Person | None, values: Mapping[str, Any]) -> Iterator[str]:
        _, id_, role = _named(values)
        unit = str(values.get("unit") or "").strip()
        if person and id_ and id_ != person.id:
            yield f"signs in as {person.account}, which {FILE} knows as {person.id}, not {id_}"
        if person and role and folded(role) != folded(person.role) and self._register.person(role) is not person:
            yield f"{person.id} is '{person.role}' in {FILE}, not '{role}': a new role is a new entry"
        if unit and self._units is not None and unit not in self._units:
            yield f"'{unit}' is no unit of organisation.yaml"

    def _date(self, where: str, person: Person, values: Mapping[str, Any], days: Mapping[str, date]) -> None:
        new = {key: days[key].isoformat() for key in ("starts", "leaves") if key in days}
        if values.get("unit"):
            new["unit"] = str(values["unit"]).strip()
        known = {"starts": person.starts and person.starts.isoformat(), "unit": person.unit,
                 "leaves": person.leaves and person.leaves.isoformat()}  # fmt: skip
        for key, value in new.items():
            earlier = self._said.setdefault((person.id, key), value)
            if earlier != value:
                self._problem(where, f"{person.id}: {key} {value} here, and {earlier} further up")
            elif known[key] != value and not self._has(person.id, key, value):
                self._store(person.id, key, value)
                was = f" (was {known[key]})" if known[key] else ""
                told = day(date.fromisoformat(value)) if key != "unit" else value
                self._change(person.id, f"{key} {told}{was}")

    def _has(self, person: str, key: str, value: str) -> bool:
        return self._intake.starters.get(person, self._intake.dated.get(person, {})).get(key) == value

    def _store(self, person: str, key: str, value: str) -> None:
        known = self._intake.starters.get(person)
        if known is not None:
            known[key] = value
        else:
            self._intake.dated.setdefault(person, {})[key] = value

    def _learn(self, where: str, person: Person, module: object, completed: date | None) -> None:
        code = self._module(str(module or "").strip())
        if code is None:
            self._problem(where, *self._no_module(str(module or "")))
        elif completed is None:
            self._problem(where, f"{person.id}: {code} without a day of completion")
        elif completed > self._today:
            self._problem(where, f"{person.id}: {code} completed on {day(completed)}, which is still to come")
        elif any(each.module == code and each.completed == completed for each in person.training):
            return
        elif (code, completed) in self._intake.learnt.get(person.id, {}):
            self._problem(where, f"{person.id}: {code} on {day(completed)} stands further up already")
        else:
            self._intake.learnt.setdefault(person.id, {})[(code, completed)] = None
            self._change(person.id, f"has completed {code} on {day(completed)}")

    def _module(self, text: str) -> str | None:
        """The id of a module given by its id, its title or both, as `O01 Data owner`."""
        for each in self._pathway.modules:
            if text.upper() == each.id or folded(text) == folded(each.title) or text.upper().startswith(f"{each.id} "):
                return each.id
        return None

    def _no_module(self, text: str) -> tuple[str, str | None]:
        known = {folded(each.title): each.id for each in self._pathway.modules}
        near = difflib.get_close_matches(folded(text), list(known), n=1, cutoff=0.6)
        said = f"there is no module '{text}' in training.yaml" if text else "says a day of completion and no module"
        return said, f"did you mean {known[near[0]]}?" if near else None

    def _change(self, person: str, text: str) -> None:
        self._intake.changes.append(Change(person, text))

    def _problem(self, where: str, text: str, hint: str | None = None) -> None:
        self._intake.problems.append(Problem(where, text, hint))


def _entry(starter: Mapping[str, Any], taken: Mapping[tuple[str, date], None]) -> Entry:
    order = ("id", "role", "account", "unit", "starts", "leaves")
    entry: dict[str, Any] = {key: starter[key] for key in order if key in starter}
    return {**entry, "training": [_learnt(each) for each in taken]} if taken else entry


def _learnt(taken: tuple[str, date]) -> Entry:
    return {"module": taken[0], "completed": taken[1].isoformat()}
