"""``ValidateUpdateListItem``: form values as text, checked one by one, all kept or none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.odata.render import Bag, Complex, render_date
from spmigrate.rehearsal.sharepoint.people import ensure_user
from spmigrate.rehearsal.sharepoint.regional import local_to_utc
from spmigrate.rehearsal.sharepoint.scope import Scope

if TYPE_CHECKING:
    from spmigrate.rehearsal.sharepoint.items import ListItem

_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")
# The date forms of a site's locale; English (United States) unless the locale writes the day first.
_US = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")
_DAY_FIRST = tuple(form.replace("%m/%d", "%d/%m") for form in _US)
_RESULT = "SP.ListItemFormUpdateValue"


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """The columns to write (None when a value was refused) and the result for each value."""

    patch: dict[str, Any] | None
    results: Bag


def apply_form_values(item: ListItem, values: Sequence[Mapping[str, Any]], *, utc: bool) -> FormOutcome:
    """Convert every form value; for files the dates are in the site's own time, whatever the caller says."""
    patch: dict[str, Any] = {}
    results: list[Complex] = []
    failed = False
    is_document = item.owner.props.get("BaseType") == 1
    for each in values:
        name, text = str(each.get("FieldName", "")), str(each.get("FieldValue") or "")
        message = None
        try:
            column, value = _convert(item, name, text, utc=utc and not is_document)
            patch[column] = value
        except (ValueError, ODataError) as error:
            message, failed = str(error), True
        results.append(_result(name, text, message, item.item.list_item))
    return FormOutcome(None if failed else patch, Bag(f"Collection({_RESULT})", tuple(results)))


def _result(name: str, text: str, message: str | None, number: int) -> Complex:
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


def _convert(item: ListItem, name: str, text: str, *, utc: bool) -> tuple[str, Any]:
    field = item.columns.by_name.get(name)
    if field is None:
        raise ValueError(f"Column '{name}' does not exist. It may have been deleted by another user. ")
    kind = str(field.props.get("TypeAsString", "Text"))
    if kind in ("User", "UserMulti"):
        people = [_person(item.scope, key) for key in _keys(text)]
        if name in ("Author", "Editor"):
            if not people:
                raise ValueError(f"The user for '{name}' is missing.")
            return name, people[0].name
        numbers = [each.props["Id"] for each in people]
        return name, numbers if kind == "UserMulti" else (numbers[0] if numbers else None)
    if kind == "DateTime":
        return name, _date(item.scope, text, utc=utc) if text else None
    if kind == "Boolean":
        return name, text.lower() in ("1", "true", "yes")
    if kind in ("Number", "Currency"):
        return name, float(text.replace(",", "")) if text else None
    if kind == "MultiChoice":
        return name, [part for part in text.split(";#") if part]
    if kind == "Choice" and text and text not in field.props.get("Choices", []) and not field.props.get("FillInChoice"):
        raise ValueError(f"The value '{text}' is not one of the choices of '{name}'.")
    return name, text


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
