"""``$filter`` over list items: what SharePoint's lists can judge, and the part that the database can."""

from __future__ import annotations

from collections.abc import Iterator

from spmigrate.rehearsal.odata.errors import invalid_query
from spmigrate.rehearsal.odata.filters import Expression, Literal, Operation, Path, operators_of
from spmigrate.rehearsal.sharepoint.item_columns import ItemColumns, kind_of
from spmigrate.rehearsal.sharepoint.item_query import narrow

# Source: Microsoft's table of OData query operators that the SharePoint REST service supports.
_SUPPORTED = frozenset({
    "and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le", "startswith", "substringof", "year", "month", "day",
    "hour", "minute", "second",
})  # fmt: skip


def judge(expression: Expression) -> None:
    """Refuse (400) the functions of OData that lists do not know."""
    unknown = sorted(operators_of(expression) - _SUPPORTED)
    if unknown:
        raise invalid_query(f'The expression "{unknown[0]}" is not valid.')


def narrowing(expression: Expression, columns: ItemColumns) -> tuple[str, tuple[object, ...]]:
    """The part of a filter that the database can judge."""
    must = []
    for operation in _required(expression):
        if len(operation.operands) != 2:
            continue
        left, right = operation.operands
        if isinstance(left, Path) and isinstance(right, Literal) and operation.name in ("eq", "gt", "ge", "lt", "le"):
            name = _column(left.name, columns)
            if name and right.value is not None:
                must.append((name, operation.name, [str(right.value)]))
    return narrow(must)


def _column(path: str, columns: ItemColumns) -> str | None:
    declared = columns.table.get(path.lower())
    if declared is None:
        return None
    name = columns.keys.get(declared.name, declared.name)
    if name in ("ID", "GUID", "UniqueId", "FileLeafRef"):
        return name
    column = columns.by_name.get(name)
    stored = column is not None and (name == "Title" or not column.builtin)
    plain = column is not None and kind_of(column.props) in ("Text", "Choice")
    return f"fields.{name}" if stored and plain and not name.startswith("_") else None


def _required(expression: Expression) -> Iterator[Operation]:
    if isinstance(expression, Operation):
        if expression.name == "and":
            for operand in expression.operands:
                yield from _required(operand)
        elif expression.name != "or":
            yield expression
