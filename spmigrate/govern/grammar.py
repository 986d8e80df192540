"""From YAML to conditions, with every mistake at file:line:column and what to write instead."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from spmigrate.errors import Problem
from spmigrate.formats.yaml import Place, Source, read_day
from spmigrate.govern.conditions import ALWAYS, GROUPS, NOTHING, OPERATORS, AllOf, Comparison, Condition, DayOperand
from spmigrate.govern.vocabulary import FactType, Kind, Subject, known_about
from spmigrate.model import FactValue

_RELATIVE = re.compile(r"in ([0-9]+) days?|([0-9]+) days? ago")
_MOST_DAYS = 36_500
"""A hundred years: further from today a day has no meaning in governance, and the calendar has an end."""


class Reader:
    """Reads the conditions of one rule about `subject`; collects problems instead of raising them."""

    def __init__(self, document: Source, subject: Subject) -> None:
        """`document` is where places are looked up."""
        self.document = document
        self.subject = subject
        self.facts = known_about(subject)
        self.problems: list[Problem] = []

    def block(self, value: Any, place: Place) -> Condition:
        """A mapping of facts and groups, all of which must hold."""
        if not isinstance(value, dict) or not value:
            self._problem(place, "expected conditions, such as 'working owners: {at least: 2}'")
            return ALWAYS
        parts = [part for key, below in value.items() for part in self._entry(key, below, (*place, key))]
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def example(self, value: Any, place: Place, today: date) -> dict[str, FactValue]:
        """The facts of an example, as they would be collected."""
        found: dict[str, FactValue] = {}
        for name, given in value.items() if isinstance(value, dict) else ():
            fact = self._fact(name, (*place, name))
            if fact is not None:
                found[name] = self._example_value(fact, given, (*place, name), today)
        if not isinstance(value, dict):
            self._problem(place, "expected facts, such as '{sharing: anyone}'")
        return found

    def _entry(self, key: Any, value: Any, place: Place) -> Iterable[Condition]:
        if key in GROUPS:
            return self._group(key, value, place)
        fact = self._fact(key, place, GROUPS)
        return [] if fact is None else self._comparisons(fact, value, place)

    def _group(self, key: str, value: Any, place: Place) -> Iterable[Condition]:
        if not isinstance(value, list) or not value:
            self._problem(place, f"'{key}' needs a list of conditions, each beginning with '- '")
            return []
        return [GROUPS[key][0](tuple(self.block(part, (*place, n)) for n, part in enumerate(value)))]

    def _fact(self, name: Any, place: Place, also: Iterable[str] = ()) -> FactType | None:
        if name in self.facts:
            return self.facts[name]
        elsewhere = [subject.value for subject in Subject if name in known_about(subject)]
        near = difflib.get_close_matches(str(name), [*self.facts, *also], n=1, cutoff=0.5)
        if elsewhere and not (near and near[0].startswith(str(name))):
            hint: str | None = f"it is known about a {' and a '.join(elsewhere)}"
        else:
            hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(self.facts)}"
        self._problem(place, f"'{name}' is not a fact about a {self.subject}", hint)
        return None

    def _comparisons(self, fact: FactType, value: Any, place: Place) -> Iterable[Condition]:
        if not isinstance(value, dict) or not value:
            self._problem(place, f"'{fact.name}' needs a comparison", f"such as '{fact.name}: {{{_sample(fact)}}}'")
            return
        for word, operand in value.items():
            comparison = self._comparison(fact, word, operand, (*place, word))
            if comparison is not None:
                yield comparison

    def _comparison(self, fact: FactType, word: Any, operand: Any, place: Place) -> Comparison | None:
        suitable = [name for name, operator in OPERATORS.items() if fact.kind in operator.kinds]
        if word not in OPERATORS:
            near = difflib.get_close_matches(str(word), suitable, n=1, cutoff=0.4)
            hint = f"did you mean '{near[0]}'?" if near else f"comparisons of a {fact.kind}: {', '.join(suitable)}"
            self._problem(place, f"'{word}' is not a comparison", hint)
            return None
        if word not in suitable:
            self._problem(
                place, f"'{word}' makes no sense for '{fact.name}', a {fact.kind}", f"use: {', '.join(suitable)}"
            )
            return None
        before = len(self.problems)
        read = self._operand(fact, word, operand, place)
        return Comparison(fact, word, read) if len(self.problems) == before else None

    def _operand(self, fact: FactType, word: str, operand: Any, place: Place) -> Any:
        if word == "is one of":
            if not isinstance(operand, list) or not operand:
                return self._reject(place, "'is one of' needs a list, such as '[a, b]'")
            if "none" in operand:
                return self._reject(
                    place, "'none' cannot stand in a list", f"use 'any of' with '{fact.name}: {{is: none}}'"
                )
            return tuple(self._literal(fact, each, (*place, n)) for n, each in enumerate(operand))
        if word in ("is", "is not"):
            if operand == "none":
                return NOTHING
            if fact.kind is Kind.DAY:
                return self._reject(place, "a day can only be 'none' here", "use before, after or within days")
        if word == "within days":
            return self._days(operand, place)
        if fact.kind is Kind.LIST and word in ("at least", "at most"):
            return self._number(operand, place)
        if fact.kind is Kind.LIST:
            return self._text(operand, place)
        if fact.kind is Kind.DAY:
            return self._day(operand, place)
        return self._literal(fact, operand, place)

    def _literal(self, fact: FactType, value: Any, place: Place) -> Any:
        match fact.kind:
            case Kind.YES_NO:
                return self._yes_no(value, place)
            case Kind.NUMBER:
                return self._number(value, place)
            case Kind.TEXT:
                return self._text(value, place)
        if value in fact.words:
            return value
        near = difflib.get_close_matches(str(value), fact.words, n=1, cutoff=0.4)
        listed = "one of: " + ", ".join(fact.words)
        hint = f"did you mean '{near[0]}'? {listed}" if near else listed
        return self._reject(place, f"'{value}' is not a value of '{fact.name}'", hint)

    def _yes_no(self, value: Any, place: Place) -> Any:
        words = {"yes": True, "no": False, True: True, False: False}
        if isinstance(value, str | bool) and value in words:
            return words[value]
        return self._reject(place, f"expected yes or no, not '{value}'")

    def _number(self, value: Any, place: Place) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        return self._reject(place, f"expected a whole number, not '{value}'")

    def _days(self, value: Any, place: Place) -> Any:
        days = self._number(value, place)
        if days is None or days <= _MOST_DAYS:
            return days
        return self._reject(place, f"{days} days are more than a hundred years", f"{_MOST_DAYS} days are the most")

    def _text(self, value: Any, place: Place) -> Any:
        if isinstance(value, str) and value:
            return value
        return self._reject(place, f"expected text, not '{value}'", f"write it in quotes, such as '\"{value}\"'")

    def _day(self, value: Any, place: Place) -> Any:
        relative = _RELATIVE.fullmatch(value) if isinstance(value, str) else None
        if value == "today":
            return DayOperand()
        if relative:
            ahead, ago = relative.groups()
            days = self._days(int(ahead or ago), place)
            return DayOperand(offset=(days if ahead else -days) if days is not None else 0)
        try:
            return DayOperand(day=read_day(value))
        except (TypeError, ValueError):
            return self._reject(
                place, f"'{value}' is not a day", "write today, in 30 days, 30 days ago, or a date such as 2026-04-30"
            )

    def _example_value(self, fact: FactType, value: Any, place: Place, today: date) -> FactValue:
        if value == "none":
            return None
        if fact.kind is Kind.DAY:
            day = self._day(value, place)
            return day.on(today).isoformat() if day else None
        if fact.kind is Kind.LIST:
            entries = value if isinstance(value, list) else self._reject(place, "expected a list, such as '[a, b]'")
            return tuple(str(entry) for entry in entries or ())
        read: FactValue = self._literal(fact, value, place)
        return read

    def _reject(self, place: Place, text: str, hint: str | None = None) -> Any:
        """Collect a problem; None stands for the value that could not be read."""
        self._problem(place, text, hint)

    def _problem(self, place: Place, text: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self.document.where(place), text, hint))


def _sample(fact: FactType) -> str:
    samples: Mapping[Kind, str] = {
        Kind.YES_NO: "is: yes", Kind.NUMBER: "at least: 2", Kind.TEXT: "is: text", Kind.DAY: "after: today",
        Kind.LIST: "at most: 0",
    }  # fmt: skip
    return samples.get(fact.kind) or f"is: {fact.words[0]}"
