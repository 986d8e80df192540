"""`$filter` of Graph (OData 4): text to a small tree, and the tree applied to one thing.

Besides the operators there are `in`, conditions over many values (`groupTypes/any(c:c eq 'Unified')`) and
`assignedLicenses/$count`. Text is compared without regard to case, as the directory does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<date>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})|(?P<number>-?\d+(?:\.\d+)?)(?![\w-])"
    r"|(?P<word>[A-Za-z_$@][\w.$-]*(?:/(?!(?i:any|all)\b)[A-Za-z_$][\w.$-]*)*)|(?P<mark>[(),:]|/(?i:any|all)\b))"
)
_COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
_FUNCTIONS: dict[str, tuple[int, Callable[..., object]]] = {
    "startswith": (2, lambda text, part: text is not None and fold(text).startswith(fold(part))),
    "endswith": (2, lambda text, part: text is not None and fold(text).endswith(fold(part))),
    "contains": (2, lambda text, part: text is not None and fold(part) in fold(text)),
    "tolower": (1, lambda text: None if text is None else fold(text)),
    "toupper": (1, lambda text: None if text is None else fold(text).upper()),
    "length": (1, lambda text: len(str(text or ""))),
}
_DEPTH = 40


class FilterError(ValueError):
    """A filter that does not parse."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: object


@dataclass(frozen=True, slots=True)
class Path:
    """A property, with `/` between the steps."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function over its operands."""

    name: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """`any` or `all` over the values of a property, each under a name of its own."""

    path: Path
    every: bool
    name: str
    condition: Node | None


Node = Literal | Path | Call | Over


def fold(value: object) -> str:
    """The form in which text is compared."""
    return str(value).casefold()


def parse(text: str) -> Node:
    """The tree of a filter."""
    parser = _Parser(text)
    node = parser.either()
    if parser.peek() is not None:
        raise parser.problem()
    return node


def matches(node: Node, content: Mapping[str, Any]) -> bool:
    """Whether a thing satisfies a filter."""
    return _value(node, content, {}) is True


def walk(node: Node) -> Iterator[Node]:
    """The tree's nodes, the outermost first."""
    yield node
    if isinstance(node, Call):
        for each in node.operands:
            yield from walk(each)
    if isinstance(node, Over) and node.condition is not None:
        yield node.path
        yield from walk(node.condition)


def heads(node: Node) -> set[str]:
    """The properties that a filter names, by their first step; names of single values are none."""
    own = {each.name.lower() for each in walk(node) if isinstance(each, Over)}
    named = {each.steps[0] for each in walk(node) if isinstance(each, Path)}
    named |= {each.path.steps[0] for each in walk(node) if isinstance(each, Over)}
    return {each for each in named if each.lower() not in own}


def operators(node: Node) -> set[str]:
    """The operators and functions of a filter, in lower case; `$count` among them."""
    found = {each.name for each in walk(node) if isinstance(each, Call)}
    counted = any(isinstance(each, Path) and each.steps[-1] == "$count" for each in walk(node))
    return found | ({"$count"} if counted else set())


def _value(node: Node, content: Mapping[str, Any], names: Mapping[str, Any]) -> object:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Path):
        return _read(node.steps, content, names)
    if isinstance(node, Over):
        return _over(node, content, names)
    if node.name in ("and", "or"):
        results = (_value(each, content, names) is True for each in node.operands)
        return all(results) if node.name == "and" else any(results)
    values = [_value(each, content, names) for each in node.operands]
    if node.name == "not":
        return values[0] is not True
    if node.name == "in":
        return any(_compare("eq", values[0], each) for each in values[1:])
    if node.name in _COMPARISONS:
        return _compare(node.name, values[0], values[1])
    return _FUNCTIONS[node.name][1](*values)


def _over(node: Over, content: Mapping[str, Any], names: Mapping[str, Any]) -> bool:
    found = _read(node.path.steps, content, names)
    values = found if isinstance(found, list) else []
    if node.condition is None:
        return bool(values)
    condition = node.condition
    results = (_value(condition, content, {**names, node.name.lower(): each}) is True for each in values)
    return all(results) if node.every else any(results)


def _read(steps: tuple[str, ...], content: Mapping[str, Any], names: Mapping[str, Any]) -> object:
    value: object = content
    if steps[0].lower() in names:
        value, steps = names[steps[0].lower()], steps[1:]
    for step in steps:
        if step == "$count":
            return len(value) if isinstance(value, list) else 0
        if not isinstance(value, Mapping):
            return None
        wanted = step.lower()
        value = value[step] if step in value else next((v for k, v in value.items() if k.lower() == wanted), None)
    return value


def _compare(name: str, left: object, right: object) -> bool:
    first, second = _alike(left, right)
    if name in ("eq", "ne"):
        return (first == second) is (name == "eq")
    if first is None or second is None or type(first) is not type(second):
        return False
    smaller: bool = first < second  # type: ignore[operator] # of one type, which has an order
    same = first == second
    return {"lt": smaller, "le": smaller or same, "gt": not smaller and not same, "ge": not smaller}[name]


def _alike(left: object, right: object) -> tuple[object, object]:
    if isinstance(left, bool) or isinstance(right, bool):
        return left, right
    if isinstance(left, datetime) or isinstance(right, datetime):
        return _moment(left), _moment(right)
    if isinstance(left, int | float) and isinstance(right, int | float):
        return float(left), float(right)
    return (None if left is None else fold(left)), (None if right is None else fold(right))


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Parser:
    """Recursive descent over the text of one filter."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._depth = 0

    def problem(self) -> FilterError:
        return FilterError(f"Syntax error at position {self.at} in '{self.text}'.")

    def peek(self) -> str | None:
        found = _TOKEN.match(self.text, self.at)
        if found is None and self.text[self.at :].strip():
            raise self.problem()
        return found[0].strip() if found else None

    def take(self, *wanted: str) -> str | None:
        found = _TOKEN.match(self.text, self.at)
        if found is None or found[0].strip().lower() not in wanted:
            return None
        self.at = found.end()
        return found[0].strip().lower()

    def need(self, mark: str) -> None:
        if self.take(mark) is None:
            raise self.problem()

    def either(self) -> Node:
        self._depth += 1
        if self._depth > _DEPTH:
            raise self.problem()
        left = self.both()
        while self.take("or"):
            left = Call("or", (left, self.both()))
        self._depth -= 1
        return left

    def both(self) -> Node:
        left = self.condition()
        while self.take("and"):
            left = Call("and", (left, self.condition()))
        return left

    def condition(self) -> Node:
        turned = 0
        while self.take("not"):
            turned += 1
        left = self.comparison()
        for _ in range(turned):
            left = Call("not", (left,))
        return left

    def comparison(self) -> Node:
        left = self.operand()
        operator = self.take(*_COMPARISONS)
        if operator:
            return Call(operator, (left, self.operand()))
        if self.take("in"):
            self.need("(")
            return Call("in", (left, *self.operands()))
        return left

    def operands(self) -> list[Node]:
        found = [self.operand()]
        while self.take(","):
            found.append(self.operand())
        self.need(")")
        return found

    def operand(self) -> Node:
        if self.take("("):
            inner = self.either()
            self.need(")")
            return inner
        found = _TOKEN.match(self.text, self.at)
        if found is None or found["mark"]:
            raise self.problem()
        self.at = found.end()
        if found["word"] is None:
            return Literal(_literal(found))
        return self.named(found["word"])

    def named(self, word: str) -> Node:
        """What a word stands for: a constant, a function with its operands, or a path."""
        lower = word.lower()
        if lower in ("true", "false", "null"):
            return Literal({"true": True, "false": False, "null": None}[lower])
        if lower in _FUNCTIONS and self.take("("):
            operands = self.operands()
            if len(operands) != _FUNCTIONS[lower][0]:
                raise self.problem()
            return Call(lower, tuple(operands))
        # A cast says of what kind a value is: what has no such property is passed over anyway.
        steps = tuple(step for step in word.split("/") if not step.lower().startswith("microsoft.graph."))
        path = Path(steps or (word,))
        kind = self.take("/any", "/all")
        return self.over(path, every=kind == "/all") if kind else path

    def over(self, path: Path, *, every: bool) -> Node:
        self.need("(")
        if self.take(")"):
            return Over(path, every, "", None)
        found = _TOKEN.match(self.text, self.at)
        if found is None or not found["word"]:
            raise self.problem()
        self.at = found.end()
        self.need(":")
        condition = self.either()
        self.need(")")
        return Over(path, every, found["word"], condition)


def _literal(found: re.Match[str]) -> object:
    if found["text"] is not None:
        return found["text"][1:-1].replace("''", "'")
    if found["date"] is not None:
        moment = _moment(found["date"])
        if moment is None:
            raise FilterError(f"'{found['date']}' is not a date.")
        return moment
    if found["guid"] is not None:
        return found["guid"]
    text = found["number"]
    return float(text) if "." in text else int(text)
