"""Document libraries, their content types, and the view that opens first.

A library's address comes from the title that it is made with, so it is made under its address and named afterwards.
Views are changed in place and only ever gain columns: a view that is deleted takes links and owners' work with it.
"""

from typing import Any
from urllib.parse import quote

from office365.sharepoint.lists.creation_information import ListCreationInformation

from spmigrate.errors import Conflict, NotFound
from spmigrate.tenant.columns import content_type_id, content_type_ids
from spmigrate.tenant.contents import Attributes, arrange, name_key
from spmigrate.tenant.session import Tenant

_DOCUMENT_LIBRARY = 101


def put_library(tenant: Tenant, site: str, key: str, after: Attributes) -> None:
    """Make a library, or change the given attributes of one that is there. Raises TenantError."""
    if "address" in after:
        _ensure(tenant, site, str(after["address"]))
    library = _url(tenant, site, str(after.get("address", key)))
    _settle(tenant, library, after)
    wanted = after.get("content types")
    if isinstance(wanted, tuple):
        _bind(tenant, library, tenant.settings.sharepoint + site, wanted)
    shown = after.get("columns shown")
    if isinstance(shown, tuple):
        _show(tenant, library, shown)


def recycle_empty_library(tenant: Tenant, site: str, key: str) -> None:
    """Send a library to the recycle bin. Raises Conflict when it holds anything."""
    library = _url(tenant, site, key)
    items = tenant.rest("GET", f"{library}?$select=ItemCount")["ItemCount"]
    if items:
        raise Conflict(f"the library holds {items} items", hint="move them first; nothing was removed")
    tenant.rest("POST", f"{library}/recycle()")


def _url(tenant: Tenant, site: str, address: str) -> str:
    return f"{tenant.settings.sharepoint}{site}/_api/web/GetList('{quote(f'{site}/{address}')}')"


def _ensure(tenant: Tenant, site: str, address: str) -> None:
    try:
        found = tenant.rest("GET", f"{_url(tenant, site, address)}?$select=BaseTemplate")
        if found["BaseTemplate"] != _DOCUMENT_LIBRARY:
            raise Conflict(f"what lives at {site}/{address} is no document library", hint="choose another address")
    except NotFound:
        context = tenant.context(tenant.settings.sharepoint + site)
        context.web.lists.add(ListCreationInformation(Title=address, BaseTemplate=_DOCUMENT_LIBRARY))
        tenant.call(context.execute_query)


def _settle(tenant: Tenant, library: str, after: Attributes) -> None:
    changes: dict[str, Any] = {}
    if "title" in after:
        changes["Title"] = after["title"]
    if "versions kept" in after:
        changes |= {"EnableVersioning": True, "MajorVersionLimit": after["versions kept"]}
    if after.get("content types"):
        changes["ContentTypesEnabled"] = True
    if changes:
        tenant.rest("MERGE", library, changes)


def _bind(tenant: Tenant, library: str, site: str, wanted: tuple[str, ...]) -> None:
    bound = tenant.rest("GET", f"{library}/contenttypes?$select=Name")["value"]
    present = {name_key(each["Name"]) for each in bound}
    missing = [name for name in wanted if name_key(name) not in present]
    ids = content_type_ids(tenant, site) if missing else {}
    for name in missing:
        body = {"contentTypeId": content_type_id(ids, name)}
        tenant.rest("POST", f"{library}/contenttypes/AddAvailableContentType", body)


def _show(tenant: Tenant, library: str, wanted: tuple[str, ...]) -> None:
    fields = f"{library}/DefaultView/ViewFields"
    present = list(tenant.rest("GET", fields)["Items"])
    target = arrange(tuple(present), wanted)
    for name in wanted:
        if name not in present:
            tenant.rest("POST", f"{fields}/AddViewField", {"strField": name}, repeatable=True)
            present.append(name)
    for index, name in enumerate(target):
        if present[index] != name:
            tenant.rest("POST", f"{fields}/MoveViewFieldTo", {"field": name, "index": index}, repeatable=True)
            present.remove(name)
            present.insert(index, name)
