"""Writing libraries and lists, their content types, and the view that opens first.

A list's address comes from the title that it is made with, so it is made under its address and named afterwards.
Views are changed in place and only ever gain columns: a view that is deleted takes links and owners' work with it.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound, Refused
from spmigrate.tenant.contents import Attributes, Value, arrange, name_key
from spmigrate.tenant.site import lookups, site_groups, version_limits
from spmigrate.tenant.site.content_type_ids import content_type_id, content_type_ids
from spmigrate.tenant.site.list_paths import list_path
from spmigrate.tenant.site.lists import LIBRARY_TEMPLATE, LIST_TYPES, settings_of

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_LISTS = "Lists/"
_TO_NO_CONTENT_TYPE, _INTERNAL_NAME_HINT = 2, 8
"""Of AddFieldOptions: the column is bound to the list alone, and keeps its internal name."""


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a library, or change the given attributes of one that is there. Raises TenantError."""
    address = str(after.get("address", key))
    if "address" in after:
        _ensure(site, address, LIBRARY_TEMPLATE)
    _write(site, address, after, library=True)


def put_list(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a list, or change the given attributes of one that is there. Raises TenantError."""
    address = str(after.get("address", key))
    if "address" in after:
        _ensure(site, address, LIST_TYPES[str(after.get("list type", "Custom list"))])
    _write(site, address, after, library=False)


def remove(site: "SiteWriter", key: str) -> None:
    """Send a library or list to the recycle bin. Raises Conflict when it holds anything."""
    path = list_path(site, key)
    items = site.rest("GET", f"{path}?$select=ItemCount")["ItemCount"]
    if items:
        raise Conflict(f"it holds {items} items", hint="move them first; nothing was removed")
    site.rest("POST", f"{path}/recycle()")


def show(site: "SiteWriter", view: str, wanted: tuple[str, ...]) -> None:
    """Give the view at this path the wanted columns in order, keeping those that owners added. Raises TenantError."""
    fields = f"{view}/ViewFields"
    present = list(site.rest("GET", fields)["Items"])
    target = arrange(tuple(present), wanted)
    for name in wanted:
        if name not in present:
            site.rest("POST", f"{fields}/AddViewField", {"strField": name}, repeatable=True)
            present.append(name)
    for index, name in enumerate(target):
        if present[index] != name:
            site.rest("POST", f"{fields}/MoveViewFieldTo", {"field": name, "index": index}, repeatable=True)
            present.remove(name)
            present.insert(index, name)


def _ensure(site: "SiteWriter", address: str, template: int) -> None:
    try:
        found = site.rest("GET", f"{list_path(site, address)}?$select=BaseTemplate")
        if found["BaseTemplate"] != template:
            what = "document library" if template == LIBRARY_TEMPLATE else "list of this type"
            raise Conflict(f"{site.address}/{address} is no {what}", hint="choose another address")
    except NotFound:
        title = address.removeprefix(_LISTS)
        site.rest("POST", "web/lists", {"Title": title, "BaseTemplate": template})


def _write(site: "SiteWriter", address: str, after: Attributes, *, library: bool) -> None:
    path = list_path(site, address)
    if library:
        version_limits.put(site, path, after)  # SharePoint takes no number of versions while it thins them out itself
    changes = settings_of(after, library=library)
    if changes:
        site.rest("MERGE", path, changes)
    if _texts(after.get("content types")):
        _bind(site, path, _texts(after["content types"]))
    if after.get("default content type"):
        _put_first(site, path, str(after["default content type"]))
    if _texts(after.get("columns")):
        _add_columns(site, path, _texts(after["columns"]))
    if isinstance(after.get("columns shown"), tuple):
        show(site, f"{path}/DefaultView", _texts(after["columns shown"]))
    if "retention label" in after:
        _label(site, address, str(after["retention label"] or ""))
    if "sensitivity label" in after:
        _protect(site, path, str(after["sensitivity label"] or ""))
    if "own permissions" in after:
        _separate(site, path, own=bool(after["own permissions"]))


def _bind(site: "SiteWriter", path: str, wanted: tuple[str, ...]) -> None:
    bound = site.rest("GET", f"{path}/contenttypes?$select=Name")["value"]
    present = {name_key(each["Name"]) for each in bound}
    missing = [name for name in wanted if name_key(name) not in present]
    ids = content_type_ids(site) if missing else {}
    for name in missing:
        body = {"contentTypeId": content_type_id(ids, name)}
        site.rest("POST", f"{path}/contenttypes/AddAvailableContentType", body)


def _put_first(site: "SiteWriter", path: str, wanted: str) -> None:
    """Make a bound content type the one that the New button uses. Raises NotFound when it is not bound."""
    bound = site.rest("GET", f"{path}/contenttypes?$select=Name,StringId")["value"]
    first = next((str(each["StringId"]) for each in bound if name_key(each["Name"]) == name_key(wanted)), None)
    if first is None:
        raise NotFound(f"the library has no content type '{wanted}'", hint="name it under 'content types' too")
    folder = site.rest("GET", f"{path}/RootFolder?$select=ContentTypeOrder")
    shown = [str(each["StringValue"]) for each in folder["ContentTypeOrder"] or ()]
    order = [first, *(each for each in shown if each.casefold() != first.casefold())]
    site.typed("MERGE", f"{path}/RootFolder", {
        "__metadata": {"type": "SP.Folder"},
        "UniqueContentTypeOrder": {
            "__metadata": {"type": "Collection(SP.ContentTypeId)"},
            "results": [{"__metadata": {"type": "SP.ContentTypeId"}, "StringValue": each} for each in order],
        },
    })  # fmt: skip


def _add_columns(site: "SiteWriter", path: str, wanted: tuple[str, ...]) -> None:
    """Bind site columns to the list alone. Raises NotFound for a column that the site lacks."""
    present = {field["InternalName"] for field in site.rest("GET", f"{path}/fields?$select=InternalName")["value"]}
    for name in wanted:
        if name in present:
            continue
        column = site.rest("GET", f"web/fields/getbyinternalnameortitle('{quote(name)}')?$select=SchemaXml")
        parameters = {
            "__metadata": {"type": "SP.XmlSchemaFieldCreationInformation"},
            "SchemaXml": column["SchemaXml"],
            "Options": _TO_NO_CONTENT_TYPE | _INTERNAL_NAME_HINT,
        }
        site.typed("POST", f"{path}/fields/CreateFieldAsXml", {"parameters": parameters})


def _label(site: "SiteWriter", address: str, wanted: str) -> None:
    """Set the retention label of what is filed here. Raises Refused when it did not stay, or is not published."""
    url = f"{site.url}/{address}"
    proxy = "SP.CompliancePolicy.SPPolicyStoreProxy"
    site.rest("POST", f"{proxy}.SetListComplianceTag", {
        "listUrl": url, "complianceTagValue": wanted, "blockDelete": False, "blockEdit": False, "syncToItems": False,
    }, repeatable=True)  # fmt: skip
    read = site.rest("GET", f"{proxy}.GetListComplianceTag(listUrl=@a1)?@a1={quote(repr_text(url), safe='')}")
    if str((read or {}).get("TagName") or "") != wanted:
        raise Refused(
            f"SharePoint did not take the retention label '{wanted}'",
            hint="publish it to the site in Microsoft Purview; that takes up to seven days to arrive",
        )


def repr_text(text: str) -> str:
    """A text as OData writes it."""
    return "'" + text.replace("'", "''") + "'"


def _protect(site: "SiteWriter", path: str, wanted: str) -> None:
    """Set the label that new documents get. Raises NotFound for one that is not published, Refused."""
    labels = (
        {name_key(name): label for name, label in lookups.sensitivity_labels(site.tenant).items()} if wanted else {}
    )
    if wanted and name_key(wanted) not in labels:
        raise NotFound(f"no sensitivity label '{wanted}' is published", hint="see the labels in Microsoft Purview")
    label = labels.get(name_key(wanted), "")
    site.rest("MERGE", path, {"DefaultSensitivityLabelForLibrary": label})
    found = site.rest("GET", f"{path}?$select=DefaultSensitivityLabelForLibrary")
    if str(found["DefaultSensitivityLabelForLibrary"] or "").casefold() != label.casefold():
        raise Refused(
            f"SharePoint did not take the sensitivity label '{wanted}'",
            hint="labels for libraries need their switch in the tenant, and a licence: see Microsoft Purview",
        )


def _separate(site: "SiteWriter", path: str, *, own: bool) -> None:
    """Give the list permissions of its own, with nobody in them yet, or those of the site again.

    SharePoint lets whoever separates a list keep Full Control of it, which nobody asked for. Somebody who alone has
    rights in it is taken for that: the run that separated it was stopped before it went on.
    """
    there: Any = site.rest("GET", f"{path}?$select=HasUniqueRoleAssignments")["HasUniqueRoleAssignments"]
    if own and not there:
        action = "breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)"
        site.rest("POST", f"{path}/{action}", repeatable=True)
    if own:
        held = site.rest("GET", f"{path}/roleassignments?$select=PrincipalId")["value"]
        ourselves = int(site.rest("GET", "web/currentuser?$select=Id")["Id"])
        if [int(each["PrincipalId"]) for each in held] == [ourselves]:
            for level in site_groups.bindings(site, path, ourselves):
                site_groups.take(site, path, ourselves, level)
    if not own and there:
        site.rest("POST", f"{path}/resetroleinheritance()", repeatable=True)


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
