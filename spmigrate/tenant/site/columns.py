"""Site columns, written by REST in the forms that SharePoint honours.

`CreateFieldAsXml` needs Options 8 (AddFieldInternalNameHint), or SharePoint derives the internal name from the display
name; the client library cannot send it. What is typed (choices, ids) is sent as verbose JSON with its type.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from spmigrate.tenant.contents import COLUMN_TYPES, Attributes, Kind, Part, word_for
from spmigrate.tenant.site.libraries import LIBRARIES_ONLY
from spmigrate.tenant.site.question import Answers, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUESTIONS = (
    Question(
        "columns", Service.SITE,
        "web/fields?$select=Id,InternalName,Title,TypeAsString,Description,Required,SchemaXml"
        "&$filter=Hidden eq false and ReadOnlyField eq false",
        kinds=frozenset({Kind.COLUMN}),
    ),
)  # fmt: skip
_INTERNAL_NAME_HINT = 8
_EXTRAS: Mapping[str, Mapping[str, str]] = {
    "Text": {"MaxLength": "255"},
    "Note": {"NumLines": "6", "RichText": "FALSE"},
    "Choice": {"Format": "Dropdown", "FillInChoice": "FALSE"},
    "Date": {"Format": "DateOnly"},
}


def parts(answers: Answers) -> Iterator[Part]:
    """Site columns."""
    for field in answers.values("columns"):
        # Selecting Choices is refused for a collection that holds other types of columns too.
        found = fromstring(field["SchemaXml"]).findall("CHOICES/CHOICE")  # noqa: S314 - SharePoint's own answer
        choices = {"choices": tuple(choice.text or "" for choice in found)} if found else {}
        yield Part(Kind.COLUMN, field["InternalName"], field["Title"], {
            "id": field["Id"], "type": word_for(COLUMN_TYPES, field["TypeAsString"]), "title": field["Title"],
            "description": field["Description"] or "", "required": field["Required"], **choices,
        })  # fmt: skip


def put(site: "SiteWriter", internal: str, after: Attributes) -> None:
    """Make a site column, or change the given attributes of one that is there. Raises TenantError."""
    if "id" in after:
        parameters = {
            "__metadata": {"type": "SP.XmlSchemaFieldCreationInformation"},
            "SchemaXml": column_xml(internal, after),
            "Options": _INTERNAL_NAME_HINT,
        }
        site.typed("POST", "web/fields/CreateFieldAsXml", {"parameters": parameters})
        return
    kind = "SP.FieldChoice" if "choices" in after else "SP.Field"
    changes: dict[str, Any] = {"__metadata": {"type": kind}}
    changes |= {name.capitalize(): value for name, value in after.items() if name != "choices"}
    if "choices" in after:
        changes["Choices"] = {"__metadata": {"type": "Collection(Edm.String)"}, "results": after["choices"]}
    # The site column comes last: while a copy is still to be changed, a new comparison finds the difference again.
    for owner in (*_libraries_with(site, internal), "web"):
        site.typed("MERGE", f"{owner}/fields/getbyinternalnameortitle('{quote(internal)}')", changes)


def _libraries_with(site: "SiteWriter", internal: str) -> list[str]:
    """The libraries that hold a copy of a site column: a copy does not follow by itself."""
    select = f"$select=Id,Fields/InternalName&$expand=Fields&{LIBRARIES_ONLY}"
    return [
        f"web/lists(guid'{each['Id']}')"
        for each in site.rest("GET", f"web/lists?{select}")["value"]
        if any(field["InternalName"] == internal for field in each["Fields"])
    ]


def column_xml(internal: str, column: Attributes) -> str:
    """The column as SharePoint's schema XML."""
    kind = str(column["type"])
    field = Element("Field", {
        "Type": COLUMN_TYPES[kind], "ID": f"{{{column['id']}}}", "Name": internal, "StaticName": internal,
        "DisplayName": str(column["title"]), "Description": str(column["description"]),
        "Group": str(column["group"]), "Required": "TRUE" if column["required"] else "FALSE",
        **_EXTRAS.get(kind, {}),
    })  # fmt: skip
    choices = column.get("choices")
    if isinstance(choices, tuple):
        below = SubElement(field, "CHOICES")
        for choice in choices:
            SubElement(below, "CHOICE").text = choice
    return tostring(field, encoding="unicode")
