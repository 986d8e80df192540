"""A CAML condition applied to items: which column is meant, what its constants are, whether an item passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.sharepoint.caml import Both, Comparison, Condition, Value, tests_of
from spmigrate.rehearsal.sharepoint.item_query import narrow
from spmigrate.rehearsal.sharepoint.item_values import ItemReader, listed
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.regional import local_to_utc, time_zone_id, zone_of
from spmigrate.rehearsal.storage import Entity

_REFERENCES = ("User", "UserMulti", "Lookup", "LookupMulti")
_ORDERED = {"Gt": "gt", "Geq": "ge", "Lt": "lt", "Leq": "le"}
_NUMERIC = frozenset({"Number", "Currency", "Integer", "Counter", "Boolean", "ModStat", "Attachments"})
_AS_NUMBER = frozenset({"ID", "owshiddenversion", "_UIVersion", "_Level", "_ModerationStatus", "Order"})

Passes = Callable[[Item], bool]


def field_types_missing() -> ODataError:
    """A query that names a column which the list does not have (500)."""
    message = "One or more field types are not installed properly. Go to the list settings page to delete these fields."
    return ODataError(500, f"-2130575340, {SP_EXCEPTION}", message)


def column_named(reader: ItemReader, name: str) -> str:
    """The internal name of a column of a query, by name or id; refuses (500) one that is not there."""
    found = reader.columns.by_name.get(name) or next(
        (each for each in reader.columns.by_name.values() if each.key == name.lower() or each.name == name), None
    )
    if found is None:
        raise field_types_missing()
    return found.name


def compile_condition(reader: ItemReader, condition: Condition) -> Passes:
    """What decides whether an item passes."""
    if isinstance(condition, Both):
        parts = [compile_condition(reader, each) for each in condition.parts]
        if condition.either:
            return lambda item: any(part(item) for part in parts)
        return lambda item: all(part(item) for part in parts)
    return _compile_test(reader, condition)


def columns_named(reader: ItemReader, condition: Condition) -> frozenset[str]:
    """The columns that a condition judges by."""
    return frozenset(column_named(reader, each.fields[0]) for each in tests_of(condition))


def has_either(condition: Condition) -> bool:
    """Whether a condition is an ``Or`` at its top."""
    return isinstance(condition, Both) and condition.either


def narrowing(reader: ItemReader, condition: Condition) -> tuple[str, tuple[object, ...]]:
    """The part of a condition that the database can judge."""
    must: list[tuple[str, str, list[Any]]] = []
    for test in _required(condition):
        name = column_named(reader, test.fields[0])
        operator = {"Eq": "eq", "In": "in", **_ORDERED}.get(test.operator)
        kind = reader.kind(name)
        plain = kind in ("Text", "Choice") and name in reader.columns.by_name and not name.startswith("_")
        if operator is None or any(each.special for each in test.values):
            continue
        if name in ("ID", "UniqueId", "GUID", "FileLeafRef"):
            must.append((name, operator, [each.text for each in test.values]))
        elif plain and name not in ("FileRef", "FileDirRef") and _is_stored(reader, name):
            must.append((f"fields.{name}", operator, [each.text for each in test.values]))
    return narrow(must)


def _is_stored(reader: ItemReader, name: str) -> bool:
    column = reader.columns.by_name[name]
    return name == "Title" or not column.builtin


def _required(condition: Condition) -> Iterable[Comparison]:
    if isinstance(condition, Comparison):
        yield condition
    elif not condition.either:
        for part in condition.parts:
            yield from _required(part)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a test: how its values and constants are compared."""

    reader: ItemReader
    name: str
    by_id: bool
    date_only: bool

    @property
    def kind(self) -> str:
        return "Counter" if self.name in _AS_NUMBER else self.reader.kind(self.name)

    def values(self, item: Item) -> list[Any]:
        """The item's values, each ready for comparison; none when the column is empty."""
        raw = self.reader.raw(item, self.name)
        if raw is None or raw == "" or raw == []:
            return []
        if self.kind in _REFERENCES:
            if self.by_id:
                return [float(each) for each in listed(raw)]
            return [self._title(each).casefold() for each in listed(raw)]
        return [self._ready(each) for each in (raw if isinstance(raw, list) else [raw])]

    def _title(self, number: Any) -> str:
        if self.kind.startswith("User"):
            person = self.reader.person(int(number))
            return person.title if person else ""
        return self.reader.lookup(self.name, int(number)) or ""

    def _ready(self, raw: Any) -> Any:
        if self.kind == "DateTime":
            moment = parse_date(str(raw))
            return self._day(moment) if self.date_only else moment
        if isinstance(raw, bool | int | float):
            return float(raw)
        if isinstance(raw, dict):
            return str(raw.get("Label") or raw.get("Url") or "").casefold()
        return str(raw).casefold()

    def _day(self, moment: datetime) -> datetime:
        local = moment.astimezone(zone_of(time_zone_id(self.reader.scope)))
        return datetime(local.year, local.month, local.day, tzinfo=UTC)

    def constant(self, value: Value) -> Any:
        """A constant of the query, ready for comparison."""
        scope = self.reader.scope
        if value.special == "UserID":
            row = ensure_user(scope, scope.claims.login)
            return float(row.props["Id"]) if self.by_id else str(row.props.get("Title", "")).casefold()
        if self.kind == "DateTime":
            moment = _moment(self.reader, value)
            return self._day(moment) if self.date_only else moment
        if self.by_id or self.kind in _NUMERIC or self.name == "FSObjType":
            number = _number(value.text)
            return str(int(number)) if self.name == "FSObjType" else number
        return value.text.casefold()


def _compile_test(reader: ItemReader, test: Comparison) -> Passes:
    name = column_named(reader, test.fields[0])
    if test.operator == "Membership":
        return _membership(reader, name, test)
    if test.operator == "DateRangesOverlap":
        return _overlap(reader, test)
    kind = reader.kind(name)
    by_id = kind in _REFERENCES and (
        test.lookup_id or any(each.type in ("Integer", "Counter") or each.special for each in test.values)
    )
    column = _Column(reader, name, by_id, not any(each.include_time for each in test.values))
    if test.operator in ("IsNull", "IsNotNull"):
        wanted = test.operator == "IsNull"
        return lambda item: (not column.values(item)) is wanted
    constants = [column.constant(each) for each in test.values]
    return _comparison(test.operator, column, constants)


def _comparison(operator: str, column: _Column, constants: list[Any]) -> Passes:
    first = constants[0]
    if operator in ("Eq", "Includes"):
        return lambda item: first in column.values(item) or (first == 0.0 and _is_unset_flag(column, item))
    if operator in ("Neq", "NotIncludes"):
        # As in the service, an item without a value is not equal to any.
        return lambda item: first not in column.values(item)
    if operator == "In":
        wanted = set(constants)
        return lambda item: any(each in wanted for each in column.values(item))
    if operator == "Contains":
        return lambda item: any(str(first) in str(each) for each in column.values(item))
    if operator == "BeginsWith":
        return lambda item: any(str(each).startswith(str(first)) for each in column.values(item))
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "Gt": lambda left, right: left > right, "Geq": lambda left, right: left >= right,
        "Lt": lambda left, right: left < right, "Leq": lambda left, right: left <= right,
    }  # fmt: skip
    test = compare[operator]
    return lambda item: any(type(each) is type(first) and test(each, first) for each in column.values(item))


def _is_unset_flag(column: _Column, item: Item) -> bool:
    return column.kind == "Boolean" and not column.values(item)


def _membership(reader: ItemReader, name: str, test: Comparison) -> Passes:
    scope = reader.scope
    kind = test.membership.lower()
    groups = scope.store.children(scope.site.id, "sitegroup")
    own = int(ensure_user(scope, scope.claims.login).props["Id"])
    if kind == "currentusergroups":
        wanted = {int(each.props["Id"]) for each in groups if own in each.props.get("_Users", [])}
    elif kind == "spgroup":
        wanted = {number for each in groups if str(each.props["Id"]) == test.group for number in _members(each)}
    elif kind == "spweb.groups":
        wanted = {int(each.props["Id"]) for each in groups}
    elif kind in ("spweb.allusers", "spweb.users"):
        wanted = {int(each.props["Id"]) for each in scope.store.children(scope.site.id, "siteuser")}
    else:
        raise field_types_missing()
    return lambda item: any(int(each) in wanted for each in listed(reader.raw(item, name) or []))


def _members(group: Entity) -> list[int]:
    return [int(each) for each in group.props.get("_Users", [])]


def _overlap(reader: ItemReader, test: Comparison) -> Passes:
    names = [column_named(reader, each) for each in test.fields[:2]]
    start, end = _span(reader, test.values[0])

    def passes(item: Item) -> bool:
        first, last = (reader.raw(item, name) for name in (names[0], names[-1]))
        if not first:
            return False
        return parse_date(str(first)) < end and parse_date(str(last or first)) >= start

    return passes


def _span(reader: ItemReader, value: Value) -> tuple[datetime, datetime]:
    moment = _moment(reader, replace(value, special="Today" if value.special else ""))
    day = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    if value.special == "Month":
        first = day.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1)
    if value.special == "Year":
        return day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1)
    if value.special == "Week":
        sunday = day - timedelta(days=(day.weekday() + 1) % 7)
        return sunday, sunday + timedelta(days=7)
    return day, day + timedelta(days=1)


def _moment(reader: ItemReader, value: Value) -> datetime:
    now = reader.scope.clock.now()
    if value.special == "Now":
        return now + timedelta(days=value.offset)
    if value.special:
        local = now.astimezone(zone_of(time_zone_id(reader.scope)))
        return datetime(local.year, local.month, local.day, tzinfo=local.tzinfo) + timedelta(days=value.offset)
    try:
        moment = parse_date(value.text.strip().replace(" ", "T"))
    except ODataError:
        raise field_types_missing() from None
    return moment if value.utc else local_to_utc(reader.scope, moment.replace(tzinfo=None))


def _number(text: str) -> float:
    low = text.strip().lower()
    if low in ("true", "false", "yes", "no"):
        return float(low in ("true", "yes"))
    try:
        return float(text.partition(";#")[0].replace(",", ""))
    except ValueError:
        return float("nan")
