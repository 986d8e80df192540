"""A site column as SharePoint's schema XML, and what the XML says of one. Pure."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from spmigrate.tenant.contents import COLUMN_TYPES, Attributes, Value

_EXTRAS: Mapping[str, Mapping[str, str]] = {
    "Text": {"MaxLength": "255"},
    "Note": {"NumLines": "6", "RichText": "FALSE"},
    "Choice": {"Format": "Dropdown", "FillInChoice": "FALSE"},
    "Multiple choice": {"FillInChoice": "FALSE"},
    "Date": {"Format": "DateOnly"},
    "Currency": {"LCID": "2057"},
    "Person": {
        "List": "UserInfo",
        "ShowField": "ImnName",
        "UserSelectionMode": "PeopleOnly",
        "UserSelectionScope": "0",
    },
    "Link": {"Format": "Hyperlink"},
    "Managed metadata": {"ShowField": "Term1033"},
}
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(\.0+)?Z?")
_SEPARATOR = ";#"


def column_xml(internal: str, column: Attributes, extra: Mapping[str, str] | None = None) -> Element:
    """The column as an element; `extra` are attributes that only the site knows, such as a list's id."""
    kind = str(column["type"])
    field = Element("Field", {
        "Type": COLUMN_TYPES[kind], "ID": f"{{{column['id']}}}", "Name": internal, "StaticName": internal,
        "DisplayName": str(column["title"]), "Description": str(column.get("description", "")),
        "Group": str(column.get("group", "")), "Required": _truth(column.get("required")),
        "Indexed": _truth(column.get("indexed") or column.get("unique")),
        "EnforceUniqueValues": _truth(column.get("unique")),
        **_EXTRAS.get(kind, {}), **(extra or {}),
    })  # fmt: skip
    choices = column.get("choices")
    if isinstance(choices, tuple):
        below = SubElement(field, "CHOICES")
        for choice in choices:
            SubElement(below, "CHOICE").text = choice
    if column.get("default"):
        SubElement(field, "Default").text = raw_default(kind, column["default"])
    return field


def text_of(field: Element) -> str:
    """The element as text."""
    return tostring(field, encoding="unicode")


def note_xml(note_id: str, name: str, group: str) -> Element:
    """The hidden column in which SharePoint keeps the text of a managed metadata column."""
    return Element("Field", {
        "Type": "Note", "ID": f"{{{note_id}}}", "Name": name, "StaticName": name, "DisplayName": name,
        "Group": group, "Hidden": "TRUE", "ShowInViewForms": "FALSE", "Required": "FALSE", "CanToggleHidden": "TRUE",
    })  # fmt: skip


def with_note(field: Element, note_id: str) -> Element:
    """A managed metadata column that keeps its text in this hidden one."""
    listed = SubElement(SubElement(field, "Customization"), "ArrayOfProperty")
    pair = SubElement(listed, "Property")
    SubElement(pair, "Name").text = "TextField"
    SubElement(pair, "Value").text = f"{{{note_id}}}"
    return field


def parse(text: str) -> Element:
    """Schema XML of the service's own; an empty element when it cannot be read."""
    try:
        return fromstring(text)  # noqa: S314 - SharePoint's own answer
    except ParseError:
        return Element("Field")


def choices(field: Element) -> tuple[str, ...]:
    """The choices, in order."""
    return tuple(choice.text or "" for choice in field.findall("CHOICES/CHOICE"))


def raw_default(kind: str, value: Value) -> str:
    """A default as SharePoint stores it, from the words that people type: `today`, `yes`, a day, choices with `;`."""
    text = str(value)
    if not text:
        return ""
    if kind == "Yes or no":
        return "1" if text.casefold() in ("yes", "true", "1") else "0"
    if kind == "Date":
        return "[today]" if text.casefold() == "today" else f"{text}T00:00:00Z"
    if kind == "Multiple choice":
        return _SEPARATOR + _SEPARATOR.join(each.strip() for each in text.split(";")) + _SEPARATOR
    return text


def worded_default(kind: str, stored: Any) -> str:
    """The words for a default that SharePoint stores; empty when there is none."""
    text = str(stored or "")
    if kind == "Yes or no" and text:
        return "yes" if text.casefold() in ("1", "true", "yes") else "no"
    if kind == "Date":
        day = _DAY.fullmatch(text)
        return "today" if text.casefold() == "[today]" else (day[1] if day else text)
    if kind == "Multiple choice":
        return "; ".join(each for each in text.split(_SEPARATOR) if each)
    return text


def _truth(value: Value) -> str:
    return "TRUE" if value else "FALSE"
