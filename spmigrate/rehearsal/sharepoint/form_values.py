"""``ValidateUpdateListItem``: form values as text, checked one by one, all kept or none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.odata.render import Bag, Complex, render_date
from spmigrate.rehearsal.sharepoint.item_columns import kind_of
from spmigrate.rehearsal.sharepoint.item_values import ItemReader
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.regional import local_to_utc
from spmigrate.rehearsal.sharepoint.scope import Scope

if TYPE_CHECKING:
    from spmigrate.rehearsal.sharepoint.item_calls import ItemCalls

_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")
# The date forms of a site's locale; English (United States) unless the locale writes the day first.
_US = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")
_DAY_FIRST = tuple(form.replace("%m/%d", "%d/%m") for form in _US)
_RESULT = "SP.ListItemFormUpdateValue"
_MAX_TEXT = 255


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """The columns to write (None when a value was refused) and the result for each value."""

    patch: dict[str, Any] | None
    results: Bag


def apply_form_values(item: ItemCalls, values: Sequence[Mapping[str, Any]], *, utc: bool) -> FormOutcome:
    """Convert every form value; for files the dates are in the site's own time, whatever the caller says."""
    return read_form(item.reader, values, number=item.item.list_item, utc=utc)


def read_form(reader: ItemReader, values: Sequence[Mapping[str, Any]], *, number: int, utc: bool) -> FormOutcome:
    """Convert form values for an item of a list; ``number`` is what the results say of the item."""
    patch: dict[str, Any] = {}
    results: list[Complex] = []
    failed = False
    is_document = reader.owner.props.get("BaseType") == 1
    for each in values:
        name, text = str(each.get("FieldName", "")), str(each.get("FieldValue") or "")
        message = None
        try:
            column, value = _convert(reader, name, text, utc=utc and not is_document)
            patch[column] = value
        except (ValueError, ODataError) as error:
            message, failed = str(error), True
        results.append(form_result(name, text, message, number))
    return FormOutcome(None if failed else patch, Bag(f"Collection({_RESULT})", tuple(results)))


def fetched_values(item: ItemCalls) -> list[Complex]:
    """The columns of an item as form values, as the service gives them after an update."""
    reader = item.reader
    names = [name for name, column in reader.columns.by_name.items() if not column.props.get("Hidden")]
    return [form_result(name, reader.edit(item.item, name), None, item.item.list_item) for name in names]


def form_result(name: str, text: str, message: str | None, number: int) -> Complex:
    """What the service says of one form value."""
    return Complex(
        _RESULT,
        {
            "ErrorCode": 0 if message is None else -2130575155,
            "ErrorMessage": message,
            "FieldName": name,
            "FieldValue": text,
            "HasException": message is not None,
            "ItemId": number,
        },
    )


def _convert(reader: ItemReader, name: str, text: str, *, utc: bool) -> tuple[str, Any]:
    field = reader.columns.by_name.get(name)
    if field is None:
        raise ValueError(f"Column '{name}' does not exist. It may have been deleted by another user. ")
    if field.props.get("Required") and not text.strip():
        raise ValueError("You can't leave this blank.")
    kind = kind_of(field.props)
    if kind in ("User", "UserMulti"):
        return name, _people(reader.scope, name, kind, text)
    if kind == "DateTime":
        return name, _date(reader.scope, text, utc=utc) if text else None
    simple = _SIMPLE.get(kind)
    if simple is not None:
        return name, simple(text) if text else None
    allowed = field.props.get("Choices", [])
    if kind == "Choice" and text and text not in allowed and not field.props.get("FillInChoice"):
        raise ValueError(f"The value '{text}' is not one of the choices of '{name}'.")
    if kind == "Text" and len(text) > _MAX_TEXT:
        raise ValueError("This field can have no more than 255 characters.")
    return name, text


def _people(scope: Scope, name: str, kind: str, text: str) -> Any:
    people = [_person(scope, key) for key in _keys(text)]
    if name in ("Author", "Editor"):
        if not people:
            raise ValueError(f"The user for '{name}' is missing.")
        return people[0].name
    numbers = [each.props["Id"] for each in people]
    return numbers if kind == "UserMulti" else (numbers[0] if numbers else None)


def _flag(text: str) -> bool:
    return text.lower() in ("1", "true", "yes")


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "").rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise ValueError("Only numbers can go here.") from None


def _choices(text: str) -> list[str]:
    return [part for part in text.split(";#") if part]


def _reference(text: str) -> int:
    return _references(text)[0]


def _references(text: str) -> list[int]:
    """The numbers in ``3``, ``3;#Title`` or ``3;#Title;#4;#Other`` (or ``3;#;#4;#``)."""
    parts = text.split(";#")
    numbers = [part.strip() for part in parts[::2] if part.strip()]
    if not numbers or not all(each.isdecimal() for each in numbers):
        raise ValueError("You must specify a valid lookup value.")
    return [int(each) for each in numbers]


def _link(text: str) -> dict[str, str]:
    if text.lstrip().startswith("{"):
        return dict(json.loads(text))
    url, _, said = text.partition(", ")
    return {"Url": url.strip(), "Description": said.strip() or url.strip()}


def _terms(text: str) -> list[dict[str, str]]:
    found = re.findall(r"([^;|]*)\|([0-9a-fA-F-]{36})", text)
    if not found:
        raise ValueError(
            "The given value for a taxonomy field was not formatted in the required <int>;#<label>|<guid> format."
        )
    return [{"Label": label.rpartition("#")[2], "TermGuid": guid} for label, guid in found]


_SIMPLE: Mapping[str, Callable[[str], Any]] = {
    "Boolean": _flag, "Number": _number, "Currency": _number, "MultiChoice": _choices, "Lookup": _reference,
    "LookupMulti": _references, "URL": _link, "TaxonomyFieldType": lambda text: _terms(text)[0],
    "TaxonomyFieldTypeMulti": _terms,
}  # fmt: skip


def _keys(text: str) -> list[str]:
    """The login names in ``[{'Key':'i:0#.f|membership|a@b'}]``; single quotes are what clients send."""
    if not text.strip():
        return []
    try:
        parsed = json.loads(text)
    except ValueError:
        return re.findall(r"['\"]Key['\"]\s*:\s*['\"]([^'\"]+)['\"]", text)
    return [str(each.get("Key", "")) for each in parsed if isinstance(each, dict)]


def _person(scope: Scope, key: str) -> Any:
    try:
        return ensure_user(scope, key)
    except ODataError:
        raise ValueError(f"The user {key} does not exist or is not unique.") from None


def _date(scope: Scope, text: str, *, utc: bool) -> str:
    if text.endswith("Z") or re.search(r"[+-]\d\d:\d\d$", text):
        return render_date(parse_date(text))
    locale = scope.web.props.get("_Regional", {}).get("LocaleId", 1033)
    for form in (*_FORMATS, *(_US if locale == 1033 else _DAY_FIRST)):
        try:
            naive = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - the zone is the site's, added below
        except ValueError:
            continue
        return render_date(naive.replace(tzinfo=UTC) if utc else local_to_utc(scope, naive))
    raise ValueError("You must specify a valid date within the range of 1/1/1900 and 12/31/8900.")
