"""Formulas of calculated columns and of validation: the part of Excel's language that lists use.

``read_formula`` parses once; ``Formula.value`` works it out for one item. Numbers are floats, dates are moments, and
what cannot be worked out is the text that lists show for it: ``#VALUE!``, ``#DIV/0!``, ``#NAME?``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError
from spmigrate.rehearsal.sharepoint.formula_functions import FUNCTIONS, FormulaError, as_moment, as_number, as_text

Read = Callable[[str], Any]
Node = tuple[Any, ...]
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|\"(?P<text>(?:[^\"]|\"\")*)\"|\[(?P<column>[^\]]+)\]"
    r"|(?P<name>[A-Za-z_\u00c0-\uffff][\w.\u00c0-\uffff]*)|(?P<sign><>|<=|>=|[-+*/^&=<>(),;%]))"
)
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula and the columns that it names."""

    tree: Node
    columns: frozenset[str]

    def value(self, read: Read) -> Any:
        """The value for one item, given its columns by internal name."""
        try:
            return _work_out(self.tree, read)
        except FormulaError as error:
            return str(error)


def formula_refused(*, column: str | None = None) -> ODataError:
    """A formula that SharePoint does not take (400): bad syntax, or a column that is not there."""
    if column is not None:
        message = (
            "The formula refers to a column that does not exist.  Check the formula for spelling mistakes or change "
            "the non-existing column to an existing column."
        )
        return ODataError(400, f"-2130575273, {SP_EXCEPTION}", message)
    message = "The formula contains a syntax error or is not supported."
    return ODataError(400, f"-2130575272, {SP_EXCEPTION}", message)


def read_formula(text: str, resolve: Callable[[str], str | None]) -> Formula:
    """Parse a formula; ``resolve`` gives the internal name for a name or title, None when there is no such column."""
    parser = _Parser(text.strip().removeprefix("="), resolve)
    tree = parser.level(0)
    if parser.peek() is not None:
        raise formula_refused()
    return Formula(tree, frozenset(parser.columns))


class _Parser:
    """Recursive descent; each level of operators calls the next."""

    def __init__(self, text: str, resolve: Callable[[str], str | None]) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.resolve = resolve
        self.columns: set[str] = set()

    def peek(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *signs: str) -> str | None:
        found = self.peek()
        if found is not None and found[0] == "sign" and found[1] in signs:
            self.at += 1
            return found[1]
        return None

    def level(self, depth: int) -> Node:
        if depth == len(_LEVELS):
            return self.unary()
        left = self.level(depth + 1)
        while (sign := self.take(*_LEVELS[depth])) is not None:
            left = ("operate", sign, left, self.level(depth + 1))
        return left

    def unary(self) -> Node:
        sign = self.take("-", "+")
        if sign is not None:
            return ("operate", sign, ("constant", 0.0), self.unary())
        inner = self.operand()
        return ("operate", "/", inner, ("constant", 100.0)) if self.take("%") else inner

    def operand(self) -> Node:
        if self.take("("):
            inner = self.level(0)
            if not self.take(")"):
                raise formula_refused()
            return inner
        found = self.peek()
        if found is None or found[0] == "sign":
            raise formula_refused()
        self.at += 1
        kind, text = found
        if kind == "number":
            return ("constant", float(text))
        if kind == "text":
            return ("constant", text.replace('""', '"'))
        if kind == "name" and self.take("("):
            return self.call(text.upper())
        if kind == "name" and text.upper() in ("TRUE", "FALSE"):
            return ("constant", text.upper() == "TRUE")
        return self.column(text)

    def column(self, text: str) -> Node:
        name = self.resolve(text)
        if name is None:
            raise formula_refused(column=text)
        self.columns.add(name)
        return ("column", name)

    def call(self, name: str) -> Node:
        operands: list[Node] = []
        while not self.take(")"):
            operands.append(self.level(0))
            if self.take(",", ";") is None and self.peek() != ("sign", ")"):
                raise formula_refused()
        if name not in FUNCTIONS and name not in ("IF", "ISERROR", "IFERROR"):
            raise formula_refused()
        return ("call", name, *operands)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise formula_refused()
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


def _work_out(node: Node, read: Read) -> Any:
    kind = node[0]
    if kind == "constant":
        return node[1]
    if kind == "column":
        return _column_value(read(node[1]))
    if kind == "operate":
        return _operate(node[1], _work_out(node[2], read), _work_out(node[3], read))
    name, operands = node[1], node[2:]
    if name == "IF":
        chosen = operands[1] if _work_out(operands[0], read) else (operands[2] if len(operands) > 2 else None)
        return False if chosen is None else _work_out(chosen, read)
    if name in ("ISERROR", "IFERROR"):
        return _guard(name, operands, read)
    try:
        return FUNCTIONS[name](*(_work_out(each, read) for each in operands))
    except (TypeError, ValueError, IndexError, OverflowError):
        raise FormulaError("#VALUE!") from None


def _guard(name: str, operands: tuple[Node, ...], read: Read) -> Any:
    try:
        value = _work_out(operands[0], read)
    except FormulaError:
        return True if name == "ISERROR" else _work_out(operands[1], read)
    return False if name == "ISERROR" else value


def _column_value(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        return datetime.fromisoformat(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, Mapping):
        return str(value.get("Label") or value.get("Url") or "")
    return ";".join(map(str, value)) if isinstance(value, list) else value


def _operate(sign: str, left: Any, right: Any) -> Any:
    if sign == "&":
        return as_text(left) + as_text(right)
    if sign in _LEVELS[0]:
        return _compare(sign, left, right)
    if isinstance(left, datetime) or isinstance(right, datetime):
        return _shift(sign, left, right)
    first, second = as_number(left), as_number(right)
    if sign == "/" and second == 0:
        raise FormulaError("#DIV/0!")
    return {"+": first + second, "-": first - second, "*": first * second}.get(sign) if sign in "+-*" else (
        first / second if sign == "/" else first**second
    )  # fmt: skip


def _shift(sign: str, left: Any, right: Any) -> Any:
    if sign == "-" and isinstance(left, datetime) and isinstance(right, datetime):
        return (left - right) / timedelta(days=1)
    if sign not in "+-":
        raise FormulaError("#VALUE!")
    if isinstance(left, datetime):
        days = as_number(right)
        return left + timedelta(days=days if sign == "+" else -days)
    return as_moment(right) + timedelta(days=as_number(left))


def _compare(sign: str, left: Any, right: Any) -> bool:
    first: Any
    second: Any
    if isinstance(left, datetime) or isinstance(right, datetime):
        empty = datetime(1, 1, 1, tzinfo=UTC)
        first, second = (as_moment(each) if each else empty for each in (left, right))
    elif isinstance(left, str) or isinstance(right, str):
        first, second = as_text(left).casefold(), as_text(right).casefold()
    else:
        first, second = as_number(left), as_number(right)
    found: dict[str, bool] = {
        "=": first == second, "<>": first != second, "<": first < second, ">": first > second,
        "<=": first <= second, ">=": first >= second,
    }  # fmt: skip
    return found[sign]
