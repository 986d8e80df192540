"""What clients may write into an item's columns: each value in the form in which it is stored, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError
from spmigrate.rehearsal.odata.literals import parse_date
from spmigrate.rehearsal.odata.render import render_date
from spmigrate.rehearsal.sharepoint.formulas import read_formula
from spmigrate.rehearsal.sharepoint.item_columns import kind_of
from spmigrate.rehearsal.sharepoint.item_values import ItemReader, listed, lookup_list
from spmigrate.rehearsal.sharepoint.regional import local_to_utc, time_zone_id, zone_of

MAX_TEXT = 255
_TERM = re.compile(r"(?:(-?\d+);#)?(.*)\|([0-9a-fA-F-]{36})$", re.DOTALL)
_NAMES = {
    "Text": "text", "Choice": "choice", "MultiChoice": "choice", "Lookup": "lookup", "LookupMulti": "lookup",
    "User": "user", "UserMulti": "user", "DateTime": "date/time", "URL": "URL",
}  # fmt: skip


def invalid_value(kind: str) -> ODataError:
    """A value that the column does not take (400)."""
    said = _NAMES.get(kind, kind.lower())
    article = "An" if said[0] in "aeiou" else "A"
    message = (
        f"Invalid {said} value.\n\n{article} {said} field contains invalid data. Please check the value and try again."
    )
    return ODataError(400, f"-2130575155, {SP_EXCEPTION}", message)


def duplicate_values(title: str) -> ODataError:
    """A value that another item has already, in a column that takes each value once (400)."""
    message = (
        "The list item could not be added or updated because duplicate values were found in the following field(s) "
        f"in the list: [{title}]."
    )
    return ODataError(400, "-2130575169, Microsoft.SharePoint.SPDuplicateValuesFoundException", message)


def validation_failed(message: str) -> ODataError:
    """An item that the validation of a list or column refuses (400)."""
    return ODataError(400, "-2130575163, Microsoft.SharePoint.SPListDataValidationException", message)


def store_form(reader: ItemReader, patch: Mapping[str, Any]) -> dict[str, Any]:
    """Values by internal column name, as they are stored; refuses what a column does not take."""
    stored: dict[str, Any] = {}
    for name, value in patch.items():
        column = reader.columns.by_name.get(name)
        if column is None or value is None:
            stored[name] = value
            continue
        stored[name] = _store(reader, name, kind_of(column.props), value)
        term = reader.columns.terms.get(name)
        if term is not None:
            # As in the service, terms are given by the hidden note beside their column.
            found = [_term_value(reader, each) for each in _terms(str(value))]
            several = kind_of(reader.columns.by_name[term].props).endswith("Multi")
            stored[term] = found if several else (found[0] if found else None)
    return stored


def _store(reader: ItemReader, name: str, kind: str, value: Any) -> Any:
    if kind == "Text" and len(str(value)) > int(reader.columns.by_name[name].props.get("MaxLength") or MAX_TEXT):
        raise invalid_value(kind)
    if kind == "DateTime":
        return _date(reader, name, str(value))
    if kind in ("Lookup", "LookupMulti"):
        return _lookups(reader, name, kind, value)
    if kind in ("User", "UserMulti") and name not in ("Author", "Editor"):
        return _people(reader, kind, value)
    if kind == "URL":
        return _url(value)
    if kind == "Geolocation":
        return _place(value)
    if kind.startswith("TaxonomyFieldType"):
        found = [_term_value(reader, each) for each in listed(value)]
        return found if kind.endswith("Multi") else found[0]
    return value


def _date(reader: ItemReader, name: str, text: str) -> str:
    try:
        moment = parse_date(text) if _has_zone(text) else local_to_utc(reader.scope, datetime.fromisoformat(text))
    except (ODataError, ValueError):
        raise invalid_value("DateTime") from None
    if moment.year < 1900:
        raise invalid_value("DateTime")
    if reader.columns.date_only(name):
        local = moment.astimezone(_zone(reader))
        moment = local_to_utc(reader.scope, datetime(local.year, local.month, local.day))  # noqa: DTZ001 - the site's zone
    return render_date(moment)


def _has_zone(text: str) -> bool:
    return text.endswith(("Z", "z")) or re.search(r"T.*[+-]\d\d:?\d\d$", text) is not None


def _zone(reader: ItemReader) -> ZoneInfo:
    return zone_of(time_zone_id(reader.scope))


def _lookups(reader: ItemReader, name: str, kind: str, value: Any) -> Any:
    numbers = [_reference(each, kind) for each in listed(value)]
    if not any(numbers):
        return None
    target = lookup_list(reader.scope, reader.owner, str(reader.columns.by_name[name].props.get("LookupList", "")))
    if target is None or any(reader.scope.content.by_number(target.id, number) is None for number in numbers):
        raise invalid_value(kind)
    return numbers if kind == "LookupMulti" else numbers[0]


def _people(reader: ItemReader, kind: str, value: Any) -> Any:
    numbers = [_reference(each, kind) for each in listed(value)]
    if not any(number > 0 for number in numbers):
        return None
    if any(reader.person(number) is None for number in numbers):
        raise ODataError(400, f"-2146232832, {SP_EXCEPTION}", "The user does not exist or is not unique.")
    return numbers if kind == "UserMulti" else numbers[0]


def _reference(value: Any, kind: str) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        raise invalid_value(kind) from None


def _url(value: Any) -> dict[str, str] | None:
    if isinstance(value, str):
        url, _, said = value.partition(", ")
        value = {"Url": url, "Description": said or url}
    if not isinstance(value, Mapping):
        raise invalid_value("URL")
    url = str(value.get("Url") or "")
    if not url:
        return None
    if not re.match(r"(https?|ftp|file|mailto|news|onenote):|/|#", url, re.IGNORECASE):
        raise invalid_value("URL")
    return {"Description": str(value.get("Description") or url), "Url": url}


def _place(value: Any) -> dict[str, float]:
    """A point on the earth: degrees, from a value's parts or from ``POINT (longitude latitude altitude measure)``."""
    if isinstance(value, str):
        named = re.fullmatch(r"\s*POINT\s*\(([-+.\d\s]+)\)\s*", value, re.IGNORECASE)
        parts = named[1].split() if named else []
        value = dict(zip(("Longitude", "Latitude", "Altitude", "Measure"), parts, strict=False))
    if not isinstance(value, Mapping) or "Latitude" not in value or "Longitude" not in value:
        raise invalid_value("Geolocation")
    try:
        place = {name: float(value.get(name) or 0) for name in ("Altitude", "Latitude", "Longitude", "Measure")}
    except (TypeError, ValueError):
        raise invalid_value("Geolocation") from None
    if not (abs(place["Latitude"]) <= 90 and abs(place["Longitude"]) <= 180):
        raise invalid_value("Geolocation")
    return place


def _terms(text: str) -> list[dict[str, str]]:
    """The terms in ``-1;#Label|guid;#-1;#Other|guid`` (or ``Label|guid;Other|guid``)."""
    found = []
    for part in re.split(r"(?<=[0-9a-fA-F]{12});#?", text):
        match = _TERM.match(part.strip(";#"))
        if match:
            found.append({"Label": match.group(2).lstrip("#"), "TermGuid": match.group(3).lower()})
    return found


def _term_value(reader: ItemReader, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not value.get("TermGuid"):
        raise invalid_value("Taxonomy")
    guid = str(value["TermGuid"]).strip("{}").lower()
    label = str(value.get("Label") or "")
    return {"Label": label, "TermGuid": guid, "WssId": _wss_id(reader, guid)}


def _wss_id(reader: ItemReader, guid: str) -> int:
    """The number of a term in the site's hidden list of terms, drawn when it is used for the first time."""
    store, key = reader.scope.store, f"terms used in {reader.scope.site.guid}"
    known: dict[str, int] = store.read_value(key) or {}
    if guid not in known:
        known[guid] = len(known) + 1
        store.write_value(key, known)
    return known[guid]


def validate(reader: ItemReader, item: Item, changed: Mapping[str, Any]) -> None:
    """Refuse what breaks the list's own rules: columns that take a value once, validation of columns and list."""
    for name in changed:
        column = reader.columns.by_name.get(name)
        if column is None:
            continue
        title = str(column.props.get("Title", name))
        if column.props.get("EnforceUniqueValues") and changed[name] not in (None, ""):
            _refuse_duplicate(reader, item, name, title)
        formula = column.props.get("ValidationFormula")
        if formula and changed[name] is not None and not _holds(reader, item, str(formula)):
            raise validation_failed(str(column.props.get("ValidationMessage") or "List data validation failed."))
    formula = reader.owner.props.get("ValidationFormula")
    if formula and not _holds(reader, item, str(formula)):
        raise validation_failed(str(reader.owner.props.get("ValidationMessage") or "List data validation failed."))


def _holds(reader: ItemReader, item: Item, formula: str) -> bool:
    return read_formula(formula, reader.columns.resolve).value(lambda name: reader.raw(item, name)) is True


def _refuse_duplicate(reader: ItemReader, item: Item, name: str, title: str) -> None:
    value = item.fields.get(name)
    if not name.isidentifier():
        return
    row = reader.scope.store.db.execute(
        f"SELECT 1 FROM item WHERE list = ? AND bin = 0 AND list_item <> ? AND list_item > 0"  # noqa: S608 - an identifier
        f" AND json_extract(fields, '$.{name}') = ? COLLATE NOCASE LIMIT 1",
        (reader.owner.id, item.list_item, value if isinstance(value, str | int | float) else str(value)),
    ).fetchone()
    if row is not None:
        raise duplicate_values(title)
