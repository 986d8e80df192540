"""Rules: what an information governance officer writes, loaded and checked in full before anything runs."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from spmigrate.errors import InputError, Problem
from spmigrate.formats import yaml
from spmigrate.govern.conditions import ALWAYS, Condition
from spmigrate.govern.grammar import Reader
from spmigrate.govern.vocabulary import Subject, known_about
from spmigrate.model import FactValue, Severity

FOLDER = "rules"
"""Where rules lie below governance_rules."""

EXAMPLE_DAY = date(2026, 1, 1)
"""The day that examples take place on, so that they never go stale."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_Text = Annotated[str, Field(min_length=1)]


class Area(StrEnum):
    """What a file of rules is about. `federation` is what `partner check` runs, the others `rule check`.

    `own` is for the rules of a council that no other area fits.
    """

    TENANT = "tenant"
    SHARING = "sharing"
    OWNERSHIP = "ownership"
    PERMISSIONS = "permissions"
    LIFECYCLE = "lifecycle"
    INFORMATION = "information"
    GUESTS = "guests"
    WAIVERS = "waivers"
    FEDERATION = "federation"
    OWN = "own"


class ExamplesText(yaml.Document):
    """Examples as written: facts that must make the rule fire, and facts that must not."""

    must_fire: Annotated[list[dict[str, Any]], Field(min_length=1)]
    must_stay_quiet: Annotated[list[dict[str, Any]], Field(min_length=1)]


class MessageText(yaml.Document):
    """What is said instead of a rule's message, and when."""

    when: dict[str, Any]
    say: _Text


class RuleText(yaml.Document):
    """A rule as written."""

    id: Annotated[str, yaml.Form("[A-Z]{3}-[0-9]{2,3}", "an id such as SHR-03: three capitals, two or three digits")]
    version: Annotated[int, Field(ge=1)]
    title: _Text
    why: _Text
    severity: Severity
    subject: Subject
    when: dict[str, Any] | None = None
    require: dict[str, Any]
    message: _Text
    other_messages: tuple[MessageText, ...] = ()
    remedy: _Text
    benchmarks: tuple[_Text, ...] = ()
    examples: ExamplesText


class RuleFile(yaml.Document):
    """A file of rules about one area."""

    version: Annotated[int, Field(ge=1, le=1)]
    area: Area
    rules: Annotated[list[RuleText], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Example:
    """Facts of an imagined subject, and whether the rule must fire for it."""

    where: str
    facts: dict[str, FactValue]
    fires: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, checked and ready to evaluate. `where` is file:line:column of its id."""

    id: str
    version: int
    area: Area
    title: str
    why: str
    severity: Severity
    subject: Subject
    when: Condition
    require: Condition
    message: str
    other_messages: tuple[tuple[Condition, str], ...]
    remedy: str
    benchmarks: tuple[str, ...]
    examples: tuple[Example, ...]
    where: str

    def fact_names(self) -> tuple[str, ...]:
        """The facts that it asks about, each once, in the order of the rule."""
        return tuple(dict.fromkeys([*self.when.names(), *self.require.names()]))


def load(folder: Path) -> list[Rule]:
    """Every rule in `folder`/rules, in the order of the files. Raises InputError with every problem found."""
    files = sorted((folder / FOLDER).glob("*.yaml"))
    if not files:
        problem = Problem(str(folder / FOLDER), "there are no .yaml files here")
        raise InputError("there are no rules", [problem], hint="get the shipped ones with: spmigrate init FOLDER")
    found: list[Rule] = []
    problems = [
        Problem(str(path), "is not read", f"rules are the .yaml files of {folder / FOLDER}: rename or move it")
        for path in sorted((folder / FOLDER).rglob("*"))
        if path.suffix.lower() in (".yaml", ".yml") and path not in files
    ]
    for file in files:
        try:
            found += read(yaml.source(file))
        except InputError as error:
            problems += error.problems
    problems += _doubles(found)
    if problems:
        raise InputError("the rules cannot be used", problems)
    return found


def read(document: yaml.Source) -> list[Rule]:
    """The rules of one file. Raises InputError with every problem found."""
    content = yaml.validate(document, RuleFile)
    problems: list[Problem] = []
    rules = [_rule(document, content.area, n, text, problems) for n, text in enumerate(content.rules)]
    if problems:
        raise InputError(f"{document.name} cannot be used", problems)
    return rules


def _rule(document: yaml.Source, area: Area, n: int, text: RuleText, problems: list[Problem]) -> Rule:
    place: yaml.Place = ("rules", n)
    reader = Reader(document, text.subject)
    rule = Rule(
        id=text.id,
        version=text.version,
        area=area,
        title=text.title.strip(),
        why=text.why.strip(),
        severity=text.severity,
        subject=text.subject,
        when=reader.block(text.when, (*place, "when")) if text.when is not None else ALWAYS,
        require=reader.block(text.require, (*place, "require")),
        message=text.message.strip(),
        other_messages=tuple(
            (reader.block(each.when, (*place, "other messages", n, "when")), each.say.strip())
            for n, each in enumerate(text.other_messages)
        ),
        remedy=text.remedy.strip(),
        benchmarks=text.benchmarks,
        examples=_examples(reader, text.examples, (*place, "examples")),
        where=document.where((*place, "id")),
    )
    problems += reader.problems
    said: list[tuple[yaml.Place, str]] = [((*place, "message"), rule.message)]
    said += [((*place, "other messages", n, "say"), text) for n, (_, text) in enumerate(rule.other_messages)]
    problems += _unknown_placeholders(document, rule.subject, said)
    return rule


def _examples(reader: Reader, text: ExamplesText, place: yaml.Place) -> tuple[Example, ...]:
    lists = (("must fire", text.must_fire, True), ("must stay quiet", text.must_stay_quiet, False))
    return tuple(
        Example(reader.document.where((*place, key, n)), reader.example(given, (*place, key, n), EXAMPLE_DAY), fires)
        for key, examples, fires in lists
        for n, given in enumerate(examples)
    )


def _unknown_placeholders(
    document: yaml.Source, subject: Subject, said: Iterable[tuple[yaml.Place, str]]
) -> list[Problem]:
    known = {"subject", *known_about(subject)}
    return [
        Problem(document.where(place), f"{{{name}}} is not a fact about a {subject}", "or write {subject}")
        for place, text in said
        for name in _PLACEHOLDER.findall(text)
        if name not in known
    ]


def _doubles(rules: list[Rule]) -> list[Problem]:
    counts = Counter(rule.id for rule in rules)
    return [Problem(rule.where, f"{rule.id} stands in more than one place") for rule in rules if counts[rule.id] > 1]
