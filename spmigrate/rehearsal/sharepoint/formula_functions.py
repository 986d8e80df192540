"""The functions that formulas of lists may call."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any


class FormulaError(Exception):
    """A value that cannot be worked out; its text is what the list shows."""


def as_number(value: Any) -> float:
    """A value as a number; empty is 0."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, datetime):
        return (value - datetime(1899, 12, 30, tzinfo=UTC)).total_seconds() / 86400
    try:
        return float(value)
    except (TypeError, ValueError):
        raise FormulaError("#VALUE!") from None


def as_text(value: Any) -> str:
    """A value as text: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return as_text(as_number(value))
    return str(value)


def as_moment(value: Any) -> datetime:
    """A value as a moment."""
    if isinstance(value, datetime):
        return value
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise FormulaError("#VALUE!") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _numbers(values: tuple[Any, ...]) -> list[float]:
    return [as_number(each) for each in values if each is not None and each != ""]


def _round(value: Any, digits: Any = 0) -> float:
    factor = 10.0 ** int(as_number(digits))
    scaled = as_number(value) * factor
    return math.copysign(math.floor(abs(scaled) + 0.5), scaled) / factor


def _write(value: Any, form: Any) -> str:
    pattern = str(form)
    if isinstance(value, datetime):
        parts = (("yyyy", "%Y"), ("yy", "%y"), ("mmmm", "%B"), ("mmm", "%b"), ("mm", "%m"), ("dddd", "%A"),
                 ("ddd", "%a"), ("dd", "%d"), ("hh", "%H"), ("ss", "%S"))  # fmt: skip
        text = pattern.lower()
        for name, code in parts:
            text = text.replace(name, code)
        return value.strftime(text)
    number = as_number(value)
    decimals = len(pattern.partition(".")[2].rstrip("%"))
    if pattern.endswith("%"):
        return f"{number * 100:.{decimals}f}%"
    whole = pattern.partition(".")[0]
    text = f"{number:,.{decimals}f}" if "," in whole else f"{number:.{decimals}f}"
    width = whole.count("0") + (decimals + 1 if decimals else 0)
    return text.zfill(width)


def _date(year: Any, month: Any, day: Any) -> datetime:
    months = int(as_number(year)) * 12 + int(as_number(month)) - 1
    first = datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)
    return datetime.fromtimestamp(first.timestamp() + (int(as_number(day)) - 1) * 86400, UTC)


def _between(start: Any, end: Any, unit: Any) -> float:
    first, last = as_moment(start), as_moment(end)
    if last < first:
        raise FormulaError("#NUM!")
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    kind = str(unit).lower()
    if kind == "d":
        return float((last.date() - first.date()).days)
    if kind == "md":
        return float((last.day - first.day) % monthrange(first.year, first.month)[1])
    found = {"m": months, "y": months // 12, "ym": months % 12}.get(kind)
    if found is None:
        raise FormulaError("#NUM!")
    return float(found)


def _find(part: Any, text: Any, start: Any = 1) -> float:
    at = as_text(text).find(as_text(part), int(as_number(start)) - 1)
    if at < 0:
        raise FormulaError("#VALUE!")
    return float(at + 1)


def _mid(text: Any, start: Any, count: Any) -> str:
    begin = int(as_number(start)) - 1
    return as_text(text)[begin : begin + int(as_number(count))]


def _right(text: Any, count: Any = 1) -> str:
    number = int(as_number(count))
    return as_text(text)[-number:] if number else ""


def _replace(text: Any, start: Any, count: Any, new: Any) -> str:
    whole, begin = as_text(text), int(as_number(start)) - 1
    return whole[:begin] + as_text(new) + whole[begin + int(as_number(count)) :]


def _divide_rest(value: Any, by: Any) -> float:
    if as_number(by) == 0:
        raise FormulaError("#DIV/0!")
    return as_number(value) - as_number(by) * math.floor(as_number(value) / as_number(by))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "AND": lambda *values: all(bool(each) for each in values),
    "OR": lambda *values: any(bool(each) for each in values),
    "NOT": lambda value: not value,
    "CONCATENATE": lambda *values: "".join(as_text(each) for each in values),
    "LEFT": lambda text, count=1: as_text(text)[: int(as_number(count))],
    "RIGHT": _right,
    "MID": _mid,
    "LEN": lambda text: float(len(as_text(text))),
    "UPPER": lambda text: as_text(text).upper(),
    "LOWER": lambda text: as_text(text).lower(),
    "PROPER": lambda text: as_text(text).title(),
    "TRIM": lambda text: " ".join(as_text(text).split()),
    "EXACT": lambda first, second: as_text(first) == as_text(second),
    "REPT": lambda text, count: as_text(text) * int(as_number(count)),
    "FIND": _find,
    "SEARCH": lambda part, text, start=1: _find(as_text(part).lower(), as_text(text).lower(), start),
    "SUBSTITUTE": lambda text, old, new: as_text(text).replace(as_text(old), as_text(new)),
    "REPLACE": _replace,
    "TEXT": _write,
    "VALUE": as_number,
    "FIXED": lambda value, digits=2: f"{as_number(value):,.{int(as_number(digits))}f}",
    "DOLLAR": lambda value, digits=2: f"${as_number(value):,.{int(as_number(digits))}f}",
    "ISBLANK": lambda value: value is None or value == "",
    "ISNUMBER": lambda value: isinstance(value, float) and not isinstance(value, bool),
    "ISTEXT": lambda value: isinstance(value, str),
    "SUM": lambda *values: math.fsum(_numbers(values)),
    "AVERAGE": lambda *values: math.fsum(_numbers(values)) / len(_numbers(values)) if _numbers(values) else 0.0,
    "MIN": lambda *values: min(_numbers(values), default=0.0),
    "MAX": lambda *values: max(_numbers(values), default=0.0),
    "COUNT": lambda *values: float(len(_numbers(values))),
    "COUNTA": lambda *values: float(sum(1 for each in values if each not in (None, ""))),
    "PRODUCT": lambda *values: math.prod(_numbers(values)),
    "ROUND": _round,
    "ROUNDUP": lambda value, digits=0: math.ceil(as_number(value) * 10**digits) / 10**digits,
    "ROUNDDOWN": lambda value, digits=0: math.trunc(as_number(value) * 10**digits) / 10**digits,
    "INT": lambda value: float(math.floor(as_number(value))),
    "TRUNC": lambda value: float(math.trunc(as_number(value))),
    "ABS": lambda value: abs(as_number(value)),
    "SIGN": lambda value: math.copysign(1.0, as_number(value)) if as_number(value) else 0.0,
    "SQRT": lambda value: math.sqrt(as_number(value)),
    "POWER": lambda value, by: as_number(value) ** as_number(by),
    "MOD": _divide_rest,
    "EVEN": lambda value: float(math.ceil(as_number(value) / 2) * 2),
    "DATE": _date,
    "DATEVALUE": as_moment,
    "DATEDIF": _between,
    "YEAR": lambda value: float(as_moment(value).year),
    "MONTH": lambda value: float(as_moment(value).month),
    "DAY": lambda value: float(as_moment(value).day),
    "HOUR": lambda value: float(as_moment(value).hour),
    "MINUTE": lambda value: float(as_moment(value).minute),
    "SECOND": lambda value: float(as_moment(value).second),
    "WEEKDAY": lambda value, kind=1.0: float((as_moment(value).weekday() + (1 if kind == 1.0 else 0)) % 7 + 1),
    "CHOOSE": lambda index, *values: values[int(as_number(index)) - 1],
}
