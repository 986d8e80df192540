"""Waivers: findings that somebody has accepted, for a reason and for a time, with somebody else's approval."""

import dataclasses
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from spmigrate.errors import Problem
from spmigrate.formats import whole, yaml
from spmigrate.govern.rules import Rule
from spmigrate.govern.vocabulary import Subject
from spmigrate.model import Coverage, Fact, FactSheet, Result, RuleResult
from spmigrate.registers.consistency import doubles, refuse
from spmigrate.registers.people import FILE as PEOPLE
from spmigrate.registers.people import PeopleRegister, Right

FILE = "waivers.yaml"
_EMPTY = re.compile(r"^waivers: *\[ *\]", re.MULTILINE)
LONGEST_DAYS = 366
"""A waiver lasts twelve months at most."""

SHORTEST_REASON = 10
"""Characters: less is no reason that anybody can judge later."""

_Text = Annotated[str, Field(min_length=1)]


class Waiver(yaml.Described):
    """One accepted deviation: a rule, the subjects it is accepted for, and who answers for that."""

    id: Annotated[str, yaml.Form("W-[0-9]{3,}", "an id such as W-001: W- and three digits or more")]
    """What findings call the waiver."""
    rule: _Text
    """The id of the rule that is waived."""
    subjects: Annotated[tuple[_Text, ...], Field(min_length=1)]
    """What it is waived for, as the findings write it: /sites/t-a3w9c, or a guest's address."""
    reason: Annotated[str, Field(min_length=SHORTEST_REASON)]
    """Why the finding is accepted."""
    owner: _Text
    """Who asks for it and answers for it: an id of people.yaml."""
    approved_by: _Text
    """Who approved it: somebody else of people.yaml, who may approve waivers."""
    approved_on: yaml.Day
    """The first day of the waiver."""
    expires: yaml.Day
    """The last day of the waiver, twelve months later at most."""

    def covers(self, result: RuleResult, today: date) -> bool:
        """Whether it is in date and accepts this failure."""
        return (
            result.result is Result.FAIL
            and self.rule == result.rule
            and result.subject.lower() in {subject.lower() for subject in self.subjects}
            and self.approved_on <= today <= self.expires
        )


class WaiverRegister(yaml.Described):
    """waivers.yaml."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Of the form of this file."""
    waivers: list[Waiver]
    """An entry for each waiver."""


def read(folder: Path, *, rules: Iterable[Rule] | None, people: PeopleRegister | None) -> list[Waiver]:
    """The waivers of `folder`. Raises InputError with every problem: no second person, too long, unknown rule.

    Rules or people that cannot be read are None: what is said about them is then left to a later run.
    """
    return _check(yaml.source(folder / FILE), rules=rules, people=people)


def apply(results: Iterable[RuleResult], waivers: Iterable[Waiver], *, today: date) -> list[RuleResult]:
    """The results, with failures that a waiver in date covers marked with its id. Unknown is never waived."""
    listed = list(waivers)
    return [_marked(result, listed, today) for result in results]


def facts(waivers: Iterable[Waiver], *, rules: Iterable[Rule], seen: FactSheet, at: str) -> FactSheet:
    """The waivers themselves as subjects: when they run out, and whether what they cover is there.

    `seen` are the facts of this check: what they say nothing about was not looked for.
    """
    listed = list(waivers)
    kinds = {rule.id: rule.subject for rule in rules}
    coverage = {**seen.coverage, Subject.WAIVER: Coverage(len(listed))}
    subjects = {(fact.subject_kind, fact.subject.lower()) for fact in seen.facts}
    subjects |= {(Subject.WAIVER, waiver.id.lower()) for waiver in listed}
    found = [
        Fact(Subject.WAIVER, waiver.id, name, value, FILE, at)
        for waiver in listed
        for name, value in (
            ("rule", waiver.rule),
            ("owner", waiver.owner),
            ("expires", waiver.expires.isoformat()),
            ("looked for", kinds[waiver.rule] in coverage),
        )
    ]
    for waiver in listed:
        kind = kinds[waiver.rule]
        missing = tuple(each for each in waiver.subjects if (kind, each.lower()) not in subjects)
        gap = coverage[kind].gap if kind in coverage else f"no {kind} was looked at"
        unknown = gap if missing else None
        found.append(
            Fact(Subject.WAIVER, waiver.id, "subjects not found", None if unknown else missing, FILE, at, unknown)
        )
    return FactSheet(tuple(found), {Subject.WAIVER: coverage[Subject.WAIVER]})


def add(folder: Path, waiver: Waiver, *, rules: Iterable[Rule], people: PeopleRegister) -> None:
    """Write one more waiver at the end of waivers.yaml, comments kept.

    It is checked as it will be read, so `waiver` itself needs no check. Raises InputError before anything is written.
    """
    path = folder / FILE
    before = path.read_text("utf-8")
    text = _EMPTY.sub("waivers:", before, count=1).rstrip("\n") + "\n" + "\n".join(_lines(waiver)) + "\n"
    _check(yaml.Source(text, f"{FILE} as it would be"), rules=rules, people=people)
    with whole.writing(path) as partial:
        partial.write_text(text, "utf-8")


def objections(
    waiver: Waiver, *, rules: Iterable[Rule], people: PeopleRegister, others: Iterable[Waiver] = ()
) -> list[tuple[str, str]]:
    """What is wrong with a new waiver beside `others`: the key of each value at fault, as the register writes it."""
    try:
        Waiver.model_validate(waiver.model_dump(by_alias=True))
    except ValidationError as error:
        said: dict[str, str] = {}
        for each in error.errors():
            said.setdefault(str(each["loc"][0]), str(each["msg"]).replace("String", "it"))
        return list(said.items())
    return [*_wrong(waiver, {rule.id for rule in rules}, people), *_waived_already(waiver, others)]


def unseen(subjects: Iterable[str], seen: Iterable[str]) -> list[tuple[str, str | None]]:
    """The subjects that are not among those that were `seen`, each with the one that was probably meant."""
    known = {each.lower(): each for each in seen}
    return [(each, _meant(each.lower(), known)) for each in subjects if each.lower() not in known]


def _meant(subject: str, known: Mapping[str, str]) -> str | None:
    """The known subject that ends as this one does, or is written much like it."""
    ending = [each for each in known if each.endswith("/" + subject.strip("/"))]
    near = ending if len(ending) == 1 else difflib.get_close_matches(subject, known, n=1, cutoff=0.6)
    return known[near[0]] if near else None


def _waived_already(waiver: Waiver, others: Iterable[Waiver]) -> Iterator[tuple[str, str]]:
    """What stands as long or longer already; a waiver that ends later renews the other."""
    for other in others:
        both = {each.lower() for each in other.subjects}
        if other.rule == waiver.rule and other.approved_on <= waiver.approved_on <= waiver.expires <= other.expires:
            for subject in waiver.subjects:
                if subject.lower() in both:
                    yield "subjects", f"'{subject}' is already waived by {other.id} until {other.expires}"


def next_id(waivers: Iterable[Waiver]) -> str:
    """The id of the next waiver."""
    return f"W-{max((int(waiver.id[2:]) for waiver in waivers), default=0) + 1:03}"


def _marked(result: RuleResult, waivers: list[Waiver], today: date) -> RuleResult:
    for waiver in waivers:
        if waiver.covers(result, today):
            return dataclasses.replace(result, waiver=waiver.id)
    return result


def _check(document: yaml.Source, *, rules: Iterable[Rule] | None, people: PeopleRegister | None) -> list[Waiver]:
    register = yaml.validate(document, WaiverRegister)
    known = None if rules is None else {rule.id for rule in rules}
    problems = doubles(document, "waivers", "id", (waiver.id for waiver in register.waivers))
    for n, waiver in enumerate(register.waivers):
        for key, text in _wrong(waiver, known, people):
            problems.append(Problem(document.where(("waivers", n, key)), f"{waiver.id}: {text}"))
    refuse(document, problems)
    return register.waivers


def _wrong(waiver: Waiver, rules: set[str] | None, people: PeopleRegister | None) -> Iterator[tuple[str, str]]:
    if rules is not None and waiver.rule not in rules:
        yield "rule", f"there is no rule {waiver.rule}"
    if people is not None and waiver.owner not in people.ids():
        yield "owner", f"'{waiver.owner}' is not in {PEOPLE}"
    if waiver.approved_by == waiver.owner:
        yield "approved by", "whoever asks for a waiver cannot approve it"
    elif people is not None and waiver.approved_by not in people.who_may(Right.APPROVE_WAIVERS):
        may = people.tell_who_may(Right.APPROVE_WAIVERS)
        yield "approved by", f"'{waiver.approved_by}' may not approve waivers; {may}"
    if waiver.expires <= waiver.approved_on:
        yield "expires", "ends before it begins"
    if waiver.expires > waiver.approved_on + timedelta(days=LONGEST_DAYS):
        yield "expires", "a waiver lasts twelve months at most"


def _lines(waiver: Waiver) -> Iterator[str]:
    """The entry as YAML; text in JSON's quotes, which YAML shares."""
    yield f"  - id: {waiver.id}"
    for key, value in (
        ("rule", waiver.rule),
        ("subjects", list(waiver.subjects)),
        ("reason", waiver.reason),
        ("owner", waiver.owner),
        ("approved by", waiver.approved_by),
    ):
        yield f"    {key}: {json.dumps(value, ensure_ascii=False)}"
    yield f"    approved on: {waiver.approved_on.isoformat()}"
    yield f"    expires: {waiver.expires.isoformat()}"
