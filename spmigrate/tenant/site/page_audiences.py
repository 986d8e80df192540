"""For whom pages are meant: groups of Entra, whom web parts such as News show them to first. It protects nothing.

The library of pages gets the two columns that its switch "Enable audience targeting" makes. The event receivers that
come with the switch, which copy the ids of the groups to where search looks for them, cannot be registered by a program
since September 2026: an owner switches off and on once (pnpframework's threads 477 and 772). Nobody loses sight of
anything meanwhile.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from spmigrate.tenant.contents import Kind, Value
from spmigrate.tenant.site import principals
from spmigrate.tenant.site.audiences import FOR
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_LIBRARY = "SitePages"
_FIELD, _IDS = "_ModernAudienceTargetUserField", "_ModernAudienceAadObjectIds"
_READ = f"OData_{_FIELD}"
"""A column whose name begins with an underscore has this name in REST."""

_USERS = "User Information List"
_COLUMNS: Mapping[str, str] = {
    _FIELD: (
        f'<Field ID="{{7f759147-c861-4cd6-a11f-5aa3037d9634}}" Type="UserMulti" List="UserInfo" Name="{_FIELD}"'
        f' StaticName="{_FIELD}" DisplayName="Audience" Required="FALSE" ShowField="ImnName" ShowInDisplayForm="TRUE"'
        ' ShowInListSettings="FALSE" UserSelectionMode="GroupsOnly" UserSelectionScope="0" Mult="TRUE"'
        ' Sortable="FALSE" Version="1" />'
    ),
    _IDS: (
        f'<Field ID="{{e2a8ba2c-8c9f-4a5e-8f0b-6a1d1f0e5b21}}" Type="LookupMulti" List="{{users}}" Name="{_IDS}"'
        f' StaticName="{_IDS}" DisplayName="AudienceIds" FieldRef="7f759147-c861-4cd6-a11f-5aa3037d9634"'
        ' ReadOnly="TRUE" Mult="TRUE" Sortable="FALSE" ShowField="_AadObjectIdForUser" ShowInListSettings="FALSE"'
        ' Version="1" />'
    ),
}
"""The columns by internal name. Source: what the switch makes, as tools that turn it on for a library write it."""

_TO_NO_CONTENT_TYPE, _INTERNAL_NAME_HINT = 2, 8
"""Of AddFieldOptions."""


def _column(answers: Answers) -> Mapping[str, str]:
    keys = answers.keys(Kind.PAGE)
    if keys is not None and not any(answers.says(Kind.PAGE, key, FOR) for key in keys):
        return {}
    fields = f"web/GetList('{answers.address}/{_LIBRARY}')/fields"
    return {"": f"{fields}?$select=InternalName&$filter=InternalName eq '{_FIELD}'"}


def _of_pages(answers: Answers) -> Mapping[str, str]:
    if not (answers.get("page audience column") or {}).get("value"):
        return {}
    items = f"web/GetList('{answers.address}/{_LIBRARY}')/items"
    columns = f"FileLeafRef,{_READ}/Name,{_READ}/Title"
    return {"": f"{items}?$select={columns}&$expand={_READ}&$filter=PromotedState eq 0&$top=500"}


QUESTIONS = (
    Question("page audience column", Service.SITE, _column, kinds=frozenset({Kind.PAGE}), optional=True),
    Question("page audiences", Service.SITE, _of_pages, round=2, kinds=frozenset({Kind.PAGE}), optional=True),
)


def told(answers: Answers, file: str) -> dict[str, Value]:
    """The audiences of a page, none where the library has no such column; nothing where nobody asked."""
    if not answers.get("page audience column"):
        return {}
    for each in (answers.get("page audiences") or {}).get("value", ()):
        if str(each["FileLeafRef"]).casefold() == file.casefold():
            return {FOR: tuple(_group(user) for user in each.get(_READ) or ())}
    return {FOR: ()}


def put(site: "SiteWriter", item: int, wanted: Value) -> bool:
    """Mean the page with this number for these groups alone; tells whether that had to be written. Raises NotFound for
    a group that Entra does not have, TenantError."""
    groups = wanted if isinstance(wanted, tuple) else ()
    pages = f"web/GetList('{site.address}/{_LIBRARY}')"
    if not _ensure_columns(site, pages, needed=bool(groups)):
        return False
    numbers = [principals.ensure(site, each)[0] for each in groups]
    found = site.rest("GET", f"{pages}/items({item})?$select={_READ}Id")
    if sorted(found.get(f"{_READ}Id") or ()) == sorted(numbers):
        return False
    site.rest("MERGE", f"{pages}/items({item})", {f"{_READ}Id": numbers})
    return True


def _ensure_columns(site: "SiteWriter", pages: str, *, needed: bool) -> bool:
    """Make the columns where they are needed; tells whether they are there."""
    present = {each["InternalName"] for each in site.rest("GET", f"{pages}/fields?$select=InternalName")["value"]}
    for name, schema in _COLUMNS.items():
        if name in present or not needed:
            continue
        users = site.rest("GET", f"web/lists/getbytitle('{quote(_USERS)}')?$select=Id")["Id"]
        parameters = {
            "__metadata": {"type": "SP.XmlSchemaFieldCreationInformation"},
            "SchemaXml": schema.replace("{users}", f"{{{users}}}"),
            "Options": _TO_NO_CONTENT_TYPE | _INTERNAL_NAME_HINT,
        }
        site.typed("POST", f"{pages}/fields/CreateFieldAsXml", {"parameters": parameters})
    return needed or _FIELD in present


def _group(user: Json) -> str:
    return principals.word_of({"LoginName": user["Name"], "Title": user["Title"]})
