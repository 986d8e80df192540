"""What a view filters, sorts and groups by, between people's words and SharePoint's CAML. Pure.

A filter is a sentence of conditions joined by `and`: a column's internal name, what is asked of it, and a value, such
as `CouncilReviewDate is before today and Author is me`. A query that no sentence says is shown as its XML.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from spmigrate.errors import Refused

OPERATORS: Mapping[str, str] = {
    "is not empty": "IsNotNull", "is empty": "IsNull", "is not": "Neq", "is before": "Lt", "is after": "Gt",
    "is": "Eq", "contains": "Contains", "begins with": "BeginsWith",
}  # fmt: skip
"""What can be asked of a column; longer words before those that they begin with."""

_XML = "<Where"
_WITHOUT_VALUE = ("is empty", "is not empty")
_ASKED = "|".join(OPERATORS)
_CONDITION = re.compile(rf"(?P<column>\S+) (?P<asked>{_ASKED})(?: (?P<value>.*))?", re.DOTALL)
_AND = re.compile(rf" and (?=\S+ (?:{_ASKED})(?: |$))")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T00:00:00(?:\.0+)?Z?)?")
_VALUE_TYPES: Mapping[str, str] = {
    "UserMulti": "User", "TaxonomyFieldType": "Text", "MultiChoice": "Text", "Choice": "Text", "Computed": "Text",
    "Note": "Text", "File": "Text", "URL": "Text",
}  # fmt: skip
"""The type that a value is written with, where it is not the column's own."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a view shows, in which order. `filter` is a sentence; columns by their internal names."""

    filter: str = ""
    sort_by: str = ""
    descending: bool = False
    group_by: str = ""


def conditions(text: str) -> list[tuple[str, str, str]]:
    """The conditions of a sentence: column, what is asked, value. Raises Refused for what is no sentence."""
    found = []
    for each in _AND.split(text.strip()) if text.strip() else ():
        match = _CONDITION.fullmatch(each.strip())
        if match is None or (match["value"] is None) is not (match["asked"] in _WITHOUT_VALUE):
            raise Refused(
                f"'{each}' is no condition",
                hint="write a column, one of: " + ", ".join(OPERATORS) + ", and a value",
            )
        found.append((match["column"], match["asked"], match["value"] or ""))
    return found


def to_caml(query: Query, types: Mapping[str, str]) -> str:
    """The query as ViewQuery wants it; `types` are SharePoint's types of the list's columns. Raises Refused."""
    root = Element("Query")
    if query.group_by:
        group = SubElement(root, "GroupBy", Collapse="FALSE", GroupLimit="30")
        SubElement(group, "FieldRef", Name=query.group_by)
    if query.sort_by:
        field = SubElement(SubElement(root, "OrderBy"), "FieldRef", Name=query.sort_by)
        if query.descending:
            field.set("Ascending", "FALSE")
    if query.filter.startswith(_XML):
        root.append(fromstring(query.filter))  # noqa: S314 - what this module read from SharePoint
    elif tests := [_test(*each, types) for each in conditions(query.filter)]:
        SubElement(root, "Where").append(_join(tests))
    return "".join(tostring(each, encoding="unicode") for each in root)


def from_caml(text: str) -> Query:
    """What a ViewQuery says; a filter that no sentence says is given as XML."""
    try:
        root = fromstring(f"<Query>{text}</Query>")  # noqa: S314 - SharePoint's own answer
    except ParseError:
        return Query(filter=text)
    where = root.find("Where")
    sort, group = root.find("OrderBy/FieldRef"), root.find("GroupBy/FieldRef")
    sentence = "" if where is None or not len(where) else _sentence(where[0])
    if sentence is None and where is not None:
        sentence = tostring(where, encoding="unicode")
    return Query(
        filter=sentence or "",
        sort_by="" if sort is None else sort.get("Name", ""),
        descending=sort is not None and sort.get("Ascending", "TRUE").upper() == "FALSE",
        group_by="" if group is None else group.get("Name", ""),
    )


def _test(column: str, asked: str, value: str, types: Mapping[str, str]) -> Element:
    if column not in types:
        raise Refused(f"the list has no column {column}", hint="name it under 'columns', or one of a content type")
    test = Element(OPERATORS[asked])
    field = SubElement(test, "FieldRef", Name=column)
    if asked in _WITHOUT_VALUE:
        return test
    kind = _VALUE_TYPES.get(types[column], types[column])
    given = SubElement(test, "Value", Type=kind)
    if kind == "DateTime" and value.casefold() == "today":
        SubElement(given, "Today")
    elif kind == "User" and value.casefold() == "me":
        given.set("Type", "Integer")
        SubElement(given, "UserID")
    elif kind == "DateTime":
        given.text = f"{value}T00:00:00Z"
    elif kind == "Boolean":
        given.text = "1" if value.casefold() in ("yes", "true", "1") else "0"
    else:
        given.text = value
    if kind == "Lookup" and value.isdecimal():
        field.set("LookupId", "TRUE")
    return test


def _join(tests: list[Element]) -> Element:
    """CAML's And takes exactly two."""
    whole = tests[0]
    for each in tests[1:]:
        both = Element("And")
        both.extend((whole, each))
        whole = both
    return whole


def _sentence(test: Element) -> str | None:
    """The sentence of a test; None when there is none."""
    if test.tag == "And":
        halves = [_sentence(each) for each in test]
        return None if None in halves or len(halves) != 2 else " and ".join(str(each) for each in halves)
    asked = next((word for word, tag in OPERATORS.items() if tag == test.tag), None)
    field = test.find("FieldRef")
    if asked is None or field is None:
        return None
    column = field.get("Name", "")
    if asked in _WITHOUT_VALUE:
        return f"{column} {asked}"
    value = test.find("Value")
    said = None if value is None else _said(value)
    return None if not said else f"{column} {asked} {said}"


def _said(value: Element) -> str | None:
    today = value.find("Today")
    if today is not None:
        return None if today.attrib else "today"
    if value.find("UserID") is not None:
        return "me"
    text = value.text or ""
    if value.get("Type") == "Boolean":
        return "yes" if text in ("1", "TRUE", "True", "true") else "no"
    day = _DAY.fullmatch(text) if value.get("Type") == "DateTime" else None
    return day[1] if day else text
