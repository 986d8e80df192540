"""The types of columns: Graph's facets on one side, SharePoint's column types and CAML on the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from spmigrate.rehearsal.graph.site_routes import bad_argument
from spmigrate.rehearsal.sharepoint.fields import Field
from spmigrate.rehearsal.terms import STORE_ID

Facet = Mapping[str, Any]
FACETS = (
    "boolean", "calculated", "choice", "contentApprovalStatus", "currency", "dateTime", "geolocation",
    "hyperlinkOrPicture", "lookup", "number", "personOrGroup", "term", "text", "thumbnail",
)  # fmt: skip
_PLACES = ("none", "one", "two", "three", "four", "five")
_CURRENCIES = {"en-us": 1033, "en-gb": 2057, "fr-fr": 1036, "de-de": 1031, "en-ie": 6153, "cy-gb": 1106}
_RESULTS = {"boolean": "Boolean", "currency": "Currency", "dateTime": "DateTime", "number": "Number", "text": "Text"}
_OUTPUTS = {2: "text", 3: "text", 4: "dateTime", 8: "boolean", 9: "number", 10: "currency"}
_LONGEST_TEXT = 255
_DECIMALS = re.compile(r'\bDecimals="(\d)"')


def show_facet(field: Field) -> dict[str, Any]:
    """The facet of a column, by its name; {} for the kinds that Graph has no facet for."""
    show = _SHOWN.get(field.kind)
    return {} if show is None else show(field)


def write_caml(name: str, title: str, body: Mapping[str, Any]) -> str:
    """The CAML of a column that a client describes; a 400 when it names no type, or several."""
    given = [each for each in FACETS if isinstance(body.get(each), Mapping)]
    if len(given) != 1:
        raise bad_argument("Must provide exactly one column type facet.")
    root = Element("Field", {"Name": name, "StaticName": name, "DisplayName": title})
    _WRITTEN[given[0]](root, body[given[0]])
    for attribute, key in (("Required", "required"), ("Hidden", "hidden"), ("Indexed", "indexed"),
                           ("EnforceUniqueValues", "enforceUniqueValues")):  # fmt: skip
        if body.get(key):
            root.set(attribute, "TRUE")
    for attribute, key in (("Description", "description"), ("Group", "columnGroup")):
        if body.get(key):
            root.set(attribute, str(body[key]))
    default = body.get("defaultValue")
    if isinstance(default, Mapping):
        if default.get("value") is not None:
            SubElement(root, "Default").text = str(default["value"])
        if default.get("formula"):
            SubElement(root, "DefaultFormula").text = str(default["formula"])
    return tostring(root, encoding="unicode")


def change_facet(field: Field, body: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a SharePoint column that a changed facet alters; a 400 for another type."""
    given = [each for each in FACETS if isinstance(body.get(each), Mapping)]
    if any(each not in show_facet(field) for each in given):
        raise bad_argument("The type of a column can't be changed.")
    patch: dict[str, Any] = {}
    for each in given:
        for key, value in body[each].items():
            named = _ALTERED.get((each, key))
            if named is not None and value is not None:
                patch[named] = value
    return patch


_ALTERED = {
    ("choice", "choices"): "Choices", ("choice", "allowTextEntry"): "FillInChoice", ("text", "maxLength"): "MaxLength",
    ("text", "linesForEditing"): "NumberOfLines", ("text", "appendChangesToExistingText"): "AppendOnly",
    ("number", "minimum"): "MinimumValue", ("number", "maximum"): "MaximumValue", ("calculated", "formula"): "Formula",
}  # fmt: skip


def _value(field: Field, name: str) -> Any:
    declared = field.table().get(name.lower())
    kept = field.stored().get(name)
    return kept if kept is not None or declared is None else declared.default


def _text(field: Field) -> dict[str, Any]:
    many = field.kind == "Note"
    shown: dict[str, Any] = {
        "allowMultipleLines": many,
        "appendChangesToExistingText": bool(_value(field, "AppendOnly")) if many else False,
        "linesForEditing": int(_value(field, "NumberOfLines") or 0) if many else 0,
    }
    if many:
        shown["textType"] = "richText" if _value(field, "RichText") else "plain"
    else:
        shown["maxLength"] = int(_value(field, "MaxLength") or _LONGEST_TEXT)
    return {"text": shown}


def _choice(field: Field) -> dict[str, Any]:
    display = "checkBoxes" if field.kind == "MultiChoice" else ("dropDownMenu", "radioButtons")[
        min(int(_value(field, "EditFormat") or 0), 1)
    ]  # fmt: skip
    return {"choice": {"allowTextEntry": bool(_value(field, "FillInChoice")),
                       "choices": list(_value(field, "Choices") or []), "displayAs": display}}  # fmt: skip


def _number(field: Field) -> dict[str, Any]:
    if field.kind == "Currency":
        code = int(_value(field, "CurrencyLocaleId") or 1033)
        return {"currency": {"locale": next((name for name, lcid in _CURRENCIES.items() if lcid == code), "en-us")}}
    decimals = _DECIMALS.search(str(field.stored().get("_Xml", "")))
    places = int(decimals[1]) if decimals else int(field.stored().get("DisplayFormat", -1))
    shown: dict[str, Any] = {
        "decimalPlaces": _PLACES[places] if 0 <= places < len(_PLACES) else "automatic",
        "displayAs": "percentage" if _value(field, "ShowAsPercentage") else "number",
    }
    for name, key in (("MaximumValue", "maximum"), ("MinimumValue", "minimum")):
        shown[key] = _value(field, name)
    return {"number": shown}


def _date(field: Field) -> dict[str, Any]:
    display = ("default", "standard", "friendly")[min(int(_value(field, "FriendlyDisplayFormat") or 0), 2)]
    return {"dateTime": {"displayAs": display, "format": "dateTime" if _value(field, "DisplayFormat") else "dateOnly"}}


def _lookup(field: Field) -> dict[str, Any]:
    return {"lookup": {
        "allowMultipleValues": field.kind == "LookupMulti" or bool(_value(field, "AllowMultipleValues")),
        "allowUnlimitedLength": bool(_value(field, "UnlimitedLengthInDocumentLibrary")),
        "columnName": _value(field, "LookupField") or "Title",
        "listId": str(_value(field, "LookupList") or "").strip("{}").lower(),
    }}  # fmt: skip


def _person(field: Field) -> dict[str, Any]:
    return {"personOrGroup": {
        "allowMultipleSelection": field.kind == "UserMulti" or bool(_value(field, "AllowMultipleValues")),
        "chooseFromType": "peopleAndGroups" if _value(field, "SelectionMode") else "peopleOnly",
        "displayAs": "nameWithPresence",
    }}  # fmt: skip


def _calculated(field: Field) -> dict[str, Any]:
    output = _OUTPUTS.get(int(_value(field, "OutputType") or 2), "text")
    shown = {"formula": _value(field, "Formula") or "", "outputType": output}
    return {"calculated": shown | ({"format": "dateTime"} if output == "dateTime" else {})}


def _term(field: Field) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "allowMultipleValues": field.kind == "TaxonomyFieldTypeMulti",
        "showFullyQualifiedName": bool(_value(field, "IsPathRendered")),
    }
    if field.stored().get("TermSetId"):
        shown["termSet"] = {"id": field.stored()["TermSetId"]}
    return {"term": shown}


_SHOWN: dict[str, Callable[[Field], dict[str, Any]]] = {
    "Text": _text, "Note": _text, "Choice": _choice, "MultiChoice": _choice, "Number": _number, "Currency": _number,
    "Integer": lambda _: {"number": {"decimalPlaces": "none", "displayAs": "number"}},
    "DateTime": _date, "Boolean": lambda _: {"boolean": {}}, "Lookup": _lookup, "LookupMulti": _lookup,
    "User": _person, "UserMulti": _person, "Calculated": _calculated, "TaxonomyFieldType": _term,
    "TaxonomyFieldTypeMulti": _term, "ModStat": lambda _: {"contentApprovalStatus": {}},
    "URL": lambda field: {"hyperlinkOrPicture": {"isPicture": bool(_value(field, "DisplayFormat"))}},
    "Geolocation": lambda _: {"geolocation": {}}, "Thumbnail": lambda _: {"thumbnail": {}},
}  # fmt: skip


def _write_text(root: Element, facet: Facet) -> None:
    if not facet.get("allowMultipleLines"):
        root.set("Type", "Text")
        # A length of none, or one that no text column can have, is the longest.
        length = facet.get("maxLength") or _LONGEST_TEXT
        if not isinstance(length, int) or not 0 < length <= _LONGEST_TEXT:
            raise bad_argument()
        root.set("MaxLength", str(length))
        return
    root.set("Type", "Note")
    root.set("NumLines", str(facet.get("linesForEditing") or 6))
    rich = str(facet.get("textType") or "plain")
    root.set("RichText", _flag(rich == "richText"))
    if rich == "richText":
        root.set("RichTextMode", "FullHtml")
    root.set("AppendOnly", _flag(facet.get("appendChangesToExistingText")))


def _write_choice(root: Element, facet: Facet) -> None:
    display = str(facet.get("displayAs") or "dropDownMenu")
    root.set("Type", "MultiChoice" if display == "checkBoxes" else "Choice")
    if display != "checkBoxes":
        root.set("Format", "RadioButtons" if display == "radioButtons" else "Dropdown")
    root.set("FillInChoice", _flag(facet.get("allowTextEntry")))
    choices = facet.get("choices") or []
    if not isinstance(choices, list):
        raise bad_argument()
    below = SubElement(root, "CHOICES")
    for choice in choices:
        SubElement(below, "CHOICE").text = str(choice)


def _write_number(root: Element, facet: Facet) -> None:
    root.set("Type", "Number")
    for attribute, key in (("Min", "minimum"), ("Max", "maximum")):
        if facet.get(key) is not None:
            root.set(attribute, str(facet[key]))
    places = facet.get("decimalPlaces")
    if places in _PLACES:
        root.set("Decimals", str(_PLACES.index(str(places))))
    if facet.get("displayAs") == "percentage":
        root.set("Percentage", "TRUE")
        root.set("ShowAsPercentage", "TRUE")


def _write_date(root: Element, facet: Facet) -> None:
    root.set("Type", "DateTime")
    root.set("Format", "DateTime" if facet.get("format") == "dateTime" else "DateOnly")
    display = {"default": 0, "standard": 1, "friendly": 2}.get(str(facet.get("displayAs") or "default"), 0)
    root.set("FriendlyDisplayFormat", str(display))


def _write_lookup(root: Element, facet: Facet) -> None:
    if not facet.get("listId"):
        raise bad_argument("The list of a lookup column is missing.")
    many = bool(facet.get("allowMultipleValues"))
    root.set("Type", "LookupMulti" if many else "Lookup")
    root.set("List", f"{{{str(facet['listId']).strip('{}')}}}")
    root.set("ShowField", str(facet.get("columnName") or "Title"))
    root.set("Mult", _flag(many))
    root.set("UnlimitedLengthInDocumentLibrary", _flag(facet.get("allowUnlimitedLength")))


def _write_person(root: Element, facet: Facet) -> None:
    many = bool(facet.get("allowMultipleSelection"))
    root.set("Type", "UserMulti" if many else "User")
    root.set("Mult", _flag(many))
    everyone = facet.get("chooseFromType") != "peopleOnly"
    root.set("UserSelectionMode", "PeopleAndGroups" if everyone else "PeopleOnly")


def _write_calculated(root: Element, facet: Facet) -> None:
    formula = str(facet.get("formula") or "")
    if not formula:
        raise bad_argument("The formula of a calculated column is missing.")
    root.set("Type", "Calculated")
    root.set("ResultType", _RESULTS.get(str(facet.get("outputType") or "text"), "Text"))
    root.set(
        "OutputType",
        str(
            {name: number for number, name in _OUTPUTS.items()}[str(facet.get("outputType") or "text")]
            if str(facet.get("outputType") or "text") in _RESULTS
            else 2
        ),
    )
    root.set("ReadOnly", "TRUE")
    SubElement(root, "Formula").text = formula


def _write_term(root: Element, facet: Facet) -> None:
    root.set("Type", "TaxonomyFieldTypeMulti" if facet.get("allowMultipleValues") else "TaxonomyFieldType")
    root.set("SspId", STORE_ID)
    for attribute, key in (("TermSetId", "termSet"), ("AnchorId", "parentTerm")):
        named = facet.get(key)
        if isinstance(named, Mapping) and named.get("id"):
            root.set(attribute, str(named["id"]))
    root.set("IsPathRendered", _flag(facet.get("showFullyQualifiedName")))


def _write_currency(root: Element, facet: Facet) -> None:
    root.set("Type", "Currency")
    root.set("LCID", str(_CURRENCIES.get(str(facet.get("locale") or "en-us").lower(), 1033)))
    root.set("CurrencyLocaleId", root.get("LCID", ""))


def _write_url(root: Element, facet: Facet) -> None:
    root.set("Type", "URL")
    root.set("Format", "Image" if facet.get("isPicture") else "Hyperlink")


def _plain(kind: str) -> Callable[[Element, Facet], None]:
    return lambda root, _: root.set("Type", kind)


def _refuse(_root: Element, _facet: Facet) -> None:
    raise bad_argument("A column of this type can't be created.")


_WRITTEN: dict[str, Callable[[Element, Facet], None]] = {
    "text": _write_text, "choice": _write_choice, "number": _write_number, "dateTime": _write_date,
    "lookup": _write_lookup, "personOrGroup": _write_person, "calculated": _write_calculated, "term": _write_term,
    "currency": _write_currency, "hyperlinkOrPicture": _write_url, "boolean": _plain("Boolean"),
    "geolocation": _plain("Geolocation"), "thumbnail": _plain("Thumbnail"), "contentApprovalStatus": _refuse,
}  # fmt: skip


def _flag(value: object) -> str:
    return "TRUE" if value else "FALSE"
