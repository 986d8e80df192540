"""``$filter`` and ``$orderby``: text to a small tree, and the tree applied to one entity.

The tree is evaluated against a ``read`` function that gives the value at a property path
(``Author/Title``), so the same code filters lists, items, sites and people.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from spmigrate.rehearsal.odata.errors import ODataError, invalid_query
from spmigrate.rehearsal.odata.literals import Alias, Value, parse_date, read_literal

Read = Callable[[str], object]

_OPERATORS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
_TOKEN = re.compile(r"\s*([(),]|[A-Za-z_][\w./]*)")
# Functions of OData 3 that SharePoint knows; the order of arguments is the protocol's.
_FUNCTIONS: dict[str, Callable[..., object]] = {
    "startswith": lambda text, part: _text(text).startswith(_text(part)),
    "endswith": lambda text, part: _text(text).endswith(_text(part)),
    "substringof": lambda part, text: _text(part) in _text(text),
    "contains": lambda text, part: _text(part) in _text(text),
    "tolower": lambda text: _text(text),
    "toupper": lambda text: _text(text).upper(),
    "trim": lambda text: _text(text).strip(),
    "length": lambda text: len(_text(text)),
    "indexof": lambda text, part: _text(text).find(_text(part)),
    "concat": lambda first, second: str(first) + str(second),
    "year": lambda value: _moment(value).year,
    "month": lambda value: _moment(value).month,
    "day": lambda value: _moment(value).day,
    "hour": lambda value: _moment(value).hour,
    "minute": lambda value: _moment(value).minute,
    "second": lambda value: _moment(value).second,
}


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Value


@dataclass(frozen=True, slots=True)
class Path:
    """A property, with ``/`` between the steps."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or function over its operands."""

    name: str
    operands: tuple[Expression, ...]


Expression = Literal | Path | Operation


def parse_filter(text: str) -> Expression:
    """The tree of a ``$filter``; refuses what does not parse."""
    parser = _Parser(text)
    expression = parser.either()
    if parser.peek() is not None:
        raise parser.refusal()
    return expression


def paths_of(expression: Expression) -> set[str]:
    """Every property that an expression names."""
    if isinstance(expression, Path):
        return {expression.name}
    if isinstance(expression, Operation):
        return set().union(*(paths_of(operand) for operand in expression.operands))
    return set()


def operators_of(expression: Expression) -> set[str]:
    """Every operator and function of an expression, in lower case."""
    if not isinstance(expression, Operation):
        return set()
    return {expression.name}.union(*(operators_of(operand) for operand in expression.operands))


def matches(expression: Expression, read: Read) -> bool:
    """Whether an entity, given by ``read``, satisfies the filter."""
    return evaluate(expression, read) is True


def evaluate(expression: Expression, read: Read) -> object:
    """The value of an expression for one entity."""
    if isinstance(expression, Literal):
        return expression.value
    if isinstance(expression, Path):
        return read(expression.name)
    if expression.name == "and":
        return all(evaluate(operand, read) is True for operand in expression.operands)
    if expression.name == "or":
        return any(evaluate(operand, read) is True for operand in expression.operands)
    values = [evaluate(operand, read) for operand in expression.operands]
    if expression.name == "not":
        return values[0] is not True
    if expression.name in _OPERATORS:
        return _compare(expression.name, values[0], values[1])
    return _FUNCTIONS[expression.name](*values)


def sort_key(value: object) -> tuple[int, float | str]:
    """A key that orders values of one property, with nothing first and text without regard to case."""
    if value is None:
        return (0, 0.0)
    if isinstance(value, bool | int | float):
        return (1, float(value))
    if isinstance(value, datetime):
        return (2, value.isoformat())
    return (2, _text(value))


def _compare(name: str, left: object, right: object) -> bool:
    if isinstance(left, list):
        hits = [_compare("eq", element, right) for element in left]
        return any(hits) if name == "eq" else not any(hits)
    left, right = _alike(left, right)
    if name == "eq":
        return left == right
    if name == "ne":
        return left != right
    if left is None or right is None or isinstance(left, str) is not isinstance(right, str):
        return False
    first, second = sort_key(left), sort_key(right)
    return {"gt": first > second, "ge": first >= second, "lt": first < second, "le": first <= second}[name]


def _alike(left: object, right: object) -> tuple[object, object]:
    """Both sides as one kind: SharePoint compares guids, dates and flags with their text forms."""
    if isinstance(left, bool) or isinstance(right, bool):
        return _flag(left), _flag(right)
    if isinstance(left, datetime) or isinstance(right, datetime) or _instants(left, right):
        return _moment_or_text(left), _moment_or_text(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        return _number_or_text(left), _number_or_text(right)
    return (None if left is None else _text(left)), (None if right is None else _text(right))


def _instants(left: object, right: object) -> bool:
    """Whether both are texts that say an instant: those are alike with and without fractions of a second."""
    return all(isinstance(each, str) and each[10:11] == "T" and each[-1] in "Zz" for each in (left, right))


def _flag(value: object) -> object:
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    return bool(value) if isinstance(value, int) else value


def _number_or_text(value: object) -> object:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value.casefold()
    return value


def _moment_or_text(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_date(value)
    except ODataError:
        return value.casefold()


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    return parse_date(str(value)) if value else datetime(1, 1, 1, tzinfo=UTC)


def _text(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    return "" if value is None else str(value).strip("{}").casefold()


class _Parser:
    """Recursive descent over the text of one filter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def refusal(self) -> Exception:
        return invalid_query(f'The expression "{self.text}" is not valid.')

    def peek(self) -> str | None:
        match = _TOKEN.match(self.text, self.at)
        if match:
            return match.group(1)
        return self.text[self.at :].strip() or None

    def take(self, wanted: str) -> bool:
        match = _TOKEN.match(self.text, self.at)
        if match is None or match.group(1).lower() != wanted:
            return False
        self.at = match.end()
        return True

    def either(self) -> Expression:
        left = self.both()
        while self.take("or"):
            left = Operation("or", (left, self.both()))
        return left

    def both(self) -> Expression:
        left = self.unary()
        while self.take("and"):
            left = Operation("and", (left, self.unary()))
        return left

    def unary(self) -> Expression:
        if self.take("not"):
            return Operation("not", (self.unary(),))
        left = self.operand()
        operator = (self.peek() or "").lower()
        if operator in _OPERATORS:
            self.take(operator)
            return Operation(operator, (left, self.operand()))
        return left

    def operand(self) -> Expression:
        """A literal, a property, a call, or a whole expression in brackets."""
        if self.take("("):
            inner = self.either()
            if not self.take(")"):
                raise self.refusal()
            return inner
        self.at += len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
        literal = read_literal(self.text, self.at)
        if literal is not None:
            value, self.at = literal
            return Path(value.name) if isinstance(value, Alias) else Literal(value)
        match = _TOKEN.match(self.text, self.at)
        if match is None or match.group(1) in "(),":
            raise self.refusal()
        self.at = match.end()
        name = match.group(1)
        return self.call(name.lower()) if self.take("(") else Path(name)

    def call(self, name: str) -> Expression:
        if name not in _FUNCTIONS:
            raise self.refusal()
        operands = [self.either()]
        while self.take(","):
            operands.append(self.either())
        if not self.take(")"):
            raise self.refusal()
        wanted = _FUNCTIONS[name].__code__.co_argcount
        if len(operands) != wanted:
            raise self.refusal()
        return Operation(name, tuple(operands))
