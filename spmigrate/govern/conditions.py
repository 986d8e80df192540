"""Conditions over facts: the comparisons of the language, and how they are combined.

A comparison with a fact that is not known is unknown. A fact that is known to be *none* (no agreement, no label)
equals only `none`: it is not before, after, at least or at most anything, and it contains nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from spmigrate.govern import truth
from spmigrate.govern.truth import Truth
from spmigrate.govern.vocabulary import FactType, Kind
from spmigrate.model import Fact

Facts = Mapping[str, Fact]
"""The facts of one subject, by name. A name that is absent is unknown."""


class Condition(Protocol):
    """Something that is true, false or unknown of a subject on a day."""

    def holds(self, facts: Facts, today: date) -> Truth:
        """Whether it holds."""

    def names(self) -> Iterator[str]:
        """The facts that it asks about."""


@dataclass(frozen=True, slots=True)
class DayOperand:
    """A day in a rule: a date, or so many days after today (before it, when negative)."""

    day: date | None = None
    offset: int = 0

    def on(self, today: date) -> date:
        """The day it means when the rule is evaluated on `today`."""
        return self.day or today + timedelta(days=self.offset)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact compared with what the rule says. `operand` has been checked against the fact's kind."""

    fact: FactType
    operator: str
    operand: Any

    def holds(self, facts: Facts, today: date) -> Truth:
        """Whether it holds; unknown when the fact is."""
        found = facts.get(self.fact.name)
        if found is None or found.unknown is not None:
            return None
        if found.value is None:
            return _none_holds(self.operator, self.operand)
        if self.fact.words and found.value not in self.fact.words:
            return None
        return OPERATORS[self.operator].test(self.fact, found.value, self.operand, today)

    def names(self) -> Iterator[str]:
        """The fact that it asks about."""
        yield self.fact.name


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts, today: date) -> Truth:
        """True when every part holds; a known false decides."""
        return truth.all_of(part.holds(facts, today) for part in self.parts)

    def names(self) -> Iterator[str]:
        """The facts of all parts."""
        for part in self.parts:
            yield from part.names()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts, today: date) -> Truth:
        """True when one part holds; a known true decides."""
        return truth.any_of(part.holds(facts, today) for part in self.parts)

    def names(self) -> Iterator[str]:
        """The facts of all parts."""
        for part in self.parts:
            yield from part.names()


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No part holds."""

    parts: tuple[Condition, ...]

    def holds(self, facts: Facts, today: date) -> Truth:
        """True when every part is known not to hold."""
        return truth.negate(truth.any_of(part.holds(facts, today) for part in self.parts))

    def names(self) -> Iterator[str]:
        """The facts of all parts."""
        for part in self.parts:
            yield from part.names()


GROUPS: dict[str, tuple[Callable[[tuple[Condition, ...]], Condition], str]] = {
    "all of": (AllOf, "every one of the listed conditions holds"),
    "any of": (AnyOf, "at least one of the listed conditions holds"),
    "none of": (NoneOf, "no one of the listed conditions holds"),
}
"""How conditions are combined, and what it means."""

ALWAYS = AllOf(())
"""The condition of a rule that applies to every subject of its kind."""

_Test = Callable[[FactType, Any, Any, date], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """A comparison of the language: the kinds of fact it suits, and its meaning."""

    kinds: tuple[Kind, ...]
    meaning: str
    test: _Test


def _size(fact: FactType, value: Any) -> int:
    """What `at least` and `at most` compare: the number, the rank of the level, the length of the list."""
    if fact.kind is Kind.LEVEL:
        return fact.words.index(value)
    return len(value) if fact.kind is Kind.LIST else int(value)


def _limit(fact: FactType, operand: Any) -> int:
    return fact.words.index(operand) if fact.kind is Kind.LEVEL else int(operand)


def _contains(fact: FactType, value: Any, operand: Any, _today: date) -> bool:
    if fact.kind is Kind.LIST:
        return operand in value
    return str(operand).casefold() in str(value).casefold()


def _same(_fact: FactType, value: Any, operand: Any, _today: date) -> bool:
    return bool(value == operand)


def _within(_fact: FactType, value: Any, operand: Any, today: date) -> bool:
    return today - timedelta(days=operand) <= date.fromisoformat(value) <= today


_EQUAL = (Kind.YES_NO, Kind.NUMBER, Kind.TEXT, Kind.WORD, Kind.LEVEL)
_ORDERED = (Kind.NUMBER, Kind.LEVEL, Kind.LIST)

OPERATORS: dict[str, Operator] = {
    "is": Operator((*_EQUAL, Kind.DAY), "the fact is this; `is: none` means that there is none", _same),
    "is not": Operator(
        (*_EQUAL, Kind.DAY), "the fact is anything else; for a day only `is not: none`",
        lambda fact, value, operand, today: not _same(fact, value, operand, today),
    ),
    "is one of": Operator(
        (Kind.NUMBER, Kind.TEXT, Kind.WORD, Kind.LEVEL), "the fact is one of the listed values",
        lambda _fact, value, operand, _today: value in operand,
    ),
    "at least": Operator(
        _ORDERED, "a number, the number of entries of a list, or a level: this or more",
        lambda fact, value, operand, _today: _size(fact, value) >= _limit(fact, operand),
    ),
    "at most": Operator(
        _ORDERED, "a number, the number of entries of a list, or a level: this or less",
        lambda fact, value, operand, _today: _size(fact, value) <= _limit(fact, operand),
    ),
    "before": Operator(
        (Kind.DAY,), "the day lies before this one",
        lambda _fact, value, operand, today: date.fromisoformat(value) < operand.on(today),
    ),
    "after": Operator(
        (Kind.DAY,), "the day lies after this one",
        lambda _fact, value, operand, today: date.fromisoformat(value) > operand.on(today),
    ),
    "within days": Operator(
        (Kind.DAY,), "the day is today or at most this many days ago; a day in the future is not", _within
    ),
    "contains": Operator(
        (Kind.TEXT, Kind.LIST), "the text has these words in it (capitals do not matter), or the list this entry",
        _contains,
    ),
}  # fmt: skip
"""Every comparison of the language. Rules can use no other."""


class Nothing:
    """The operand `none`: the fact is known, and there is none."""


NOTHING = Nothing()


def _none_holds(operator: str, operand: Any) -> bool:
    if operator == "is not":
        return operand is not NOTHING
    return operator == "is" and operand is NOTHING
