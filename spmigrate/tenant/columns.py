"""Site columns and content types, written by REST in the forms that SharePoint honours.

`CreateFieldAsXml` needs Options 8 (AddFieldInternalNameHint), or SharePoint derives the internal name from the display
name; the client library cannot send it. What is typed (choices, ids) is sent as verbose JSON with its type.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from spmigrate.errors import NotFound, Refused
from spmigrate.tenant.contents import COLUMN_TYPES, Attributes, name_key
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site_reading import LIBRARIES_ONLY, columns_of_copies

_INTERNAL_NAME_HINT = 8
_VERBOSE = {"Content-Type": "application/json;odata=verbose"}
_COPIES = f"$select=ContentTypes/StringId,ContentTypes/FieldLinks/Name&$expand=ContentTypes/FieldLinks&{LIBRARIES_ONLY}"
_EXTRAS: Mapping[str, Mapping[str, str]] = {
    "Text": {"MaxLength": "255"},
    "Note": {"NumLines": "6", "RichText": "FALSE"},
    "Choice": {"Format": "Dropdown", "FillInChoice": "FALSE"},
    "Date": {"Format": "DateOnly"},
}


def put_column(tenant: Tenant, site: str, internal: str, after: Attributes) -> None:
    """Make a site column, or change the given attributes of one that is there. Raises TenantError."""
    fields = f"{site}/_api/web/fields"
    if "id" in after:
        parameters = {
            "__metadata": {"type": "SP.XmlSchemaFieldCreationInformation"},
            "SchemaXml": column_xml(internal, after),
            "Options": _INTERNAL_NAME_HINT,
        }
        tenant.rest("POST", f"{fields}/CreateFieldAsXml", {"parameters": parameters}, headers=_VERBOSE)
        return
    kind = "SP.FieldChoice" if "choices" in after else "SP.Field"
    changes: dict[str, Any] = {"__metadata": {"type": kind}}
    changes |= {name.capitalize(): value for name, value in after.items() if name != "choices"}
    if "choices" in after:
        changes["Choices"] = {"__metadata": {"type": "Collection(Edm.String)"}, "results": after["choices"]}
    # The site column comes last: while a copy is still to be changed, a new comparison finds the difference again.
    for owner in (*_libraries_with(tenant, site, internal), f"{site}/_api/web"):
        url = f"{owner}/fields/getbyinternalnameortitle('{quote(internal)}')"
        tenant.rest("MERGE", url, changes, headers=_VERBOSE)


def _libraries_with(tenant: Tenant, site: str, internal: str) -> list[str]:
    """The libraries that hold a copy of a site column: a copy does not follow by itself."""
    select = f"$select=Id,Fields/InternalName&$expand=Fields&{LIBRARIES_ONLY}"
    found = tenant.rest("GET", f"{site}/_api/web/lists?{select}")["value"]
    return [
        f"{site}/_api/web/lists(guid'{each['Id']}')"
        for each in found
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


def put_content_type(tenant: Tenant, site: str, key: str, after: Attributes) -> None:
    """Make a content type with its derived id, or change one of this name; link the columns that it lacks.

    Raises TenantError; Refused when libraries do not take the columns on.
    """
    types = f"{site}/_api/web/contenttypes"
    wanted = after.get("columns")
    if "id" in after:
        found = _create(tenant, types, after)
        if isinstance(wanted, tuple):
            _link_columns(tenant, f"{types}('{found}')", wanted)
        return
    found = content_type_id(content_type_ids(tenant, site), key)
    if "description" in after:
        body = {"__metadata": {"type": "SP.ContentType"}, "Description": after["description"]}
        tenant.rest("MERGE", f"{types}('{found}')", body, headers=_VERBOSE)
    if isinstance(wanted, tuple):
        _link_columns(tenant, f"{types}('{found}')", wanted)
        _hand_on(tenant, site, found, wanted)


def content_type_ids(tenant: Tenant, site: str) -> dict[str, str]:
    """The ids of the site's content types by the keys of their names."""
    found = tenant.rest("GET", f"{site}/_api/web/contenttypes?$select=Name,StringId")["value"]
    return {name_key(each["Name"]): str(each["StringId"]) for each in found}


def content_type_id(ids: Mapping[str, str], name: str) -> str:
    """The id of the content type of this name. Raises NotFound."""
    if name_key(name) not in ids:
        raise NotFound(f"the site has no content type '{name}'")
    return ids[name_key(name)]


def _create(tenant: Tenant, types: str, after: Attributes) -> str:
    wanted = str(after["id"])
    body = {
        "__metadata": {"type": "SP.ContentType"},
        "Id": {"__metadata": {"type": "SP.ContentTypeId"}, "StringValue": wanted},
        "Name": after["name"], "Description": after["description"], "Group": after["group"],
    }  # fmt: skip
    made = str(tenant.rest("POST", types, body, headers=_VERBOSE)["StringId"])
    parent = wanted[: -len("00") - 32]
    if not made.casefold().startswith(parent.casefold()):
        # Older services chose their own parent; such a content type would have the wrong columns for good.
        tenant.rest("DELETE", f"{types}('{made}')", headers={"If-Match": "*"})
        raise Refused(f"SharePoint made '{after['name']}' from another parent than {parent}")
    return made


def _link_columns(tenant: Tenant, content_type: str, wanted: tuple[str, ...]) -> None:
    links = tenant.rest("GET", f"{content_type}/FieldLinks?$select=Name")["value"]
    present = {link["Name"] for link in links}
    for name in wanted:
        if name not in present:
            tenant.rest("POST", f"{content_type}/FieldLinks", {"FieldInternalName": name}, repeatable=True)


def _hand_on(tenant: Tenant, site: str, content_type: str, wanted: tuple[str, ...]) -> None:
    """Give the columns to the libraries' copies of the content type, which follow only when they are told to."""
    update = f"{site}/_api/web/contenttypes('{content_type}')/Update"
    tenant.rest("POST", update, {"updateChildren": True}, repeatable=True)
    lists = tenant.rest("GET", f"{site}/_api/web/lists?{_COPIES}")["value"]
    left = [name for name in wanted if name not in columns_of_copies(content_type, lists, wanted)]
    if left:
        raise Refused(
            f"the libraries did not take on the columns {', '.join(left)}",
            hint="look for a content type that is sealed or read-only in the settings of the site's libraries",
        )
