"""A site's contents, read with seven requests, and the hubs of the tenant with one.

Raw REST rather than the client library's objects: one request with nested `$expand` replaces a dozen.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from spmigrate.errors import NotFound
from spmigrate.tenant import site_reading as reading
from spmigrate.tenant.contents import Part, SiteContents
from spmigrate.tenant.session import Tenant

_WEB = (
    "$select=Title,Description,Url,Language,WebTemplateConfiguration,IsProvisioningComplete,"
    "RegionalSettings/LocaleId,RegionalSettings/FirstDayOfWeek,RegionalSettings/Time24,RegionalSettings/TimeZone/Id,"
    "AssociatedOwnerGroup/Id,AssociatedOwnerGroup/Users/LoginName,"
    "AssociatedMemberGroup/Id,AssociatedMemberGroup/Users/LoginName,"
    "AssociatedVisitorGroup/Id,AssociatedVisitorGroup/Users/LoginName"
    "&$expand=RegionalSettings/TimeZone,AssociatedOwnerGroup/Users,AssociatedMemberGroup/Users,"
    "AssociatedVisitorGroup/Users"
)
_FIELDS = (
    "$select=Id,InternalName,Title,TypeAsString,Description,Required,SchemaXml"
    "&$filter=Hidden eq false and ReadOnlyField eq false"
)
_CONTENT_TYPES = "$select=StringId,Name,Description,FieldLinks/Name&$expand=FieldLinks"
_LISTS = (
    "$select=Title,ItemCount,EnableVersioning,MajorVersionLimit,ContentTypesEnabled,RootFolder/ServerRelativeUrl,"
    "ContentTypes/Name,ContentTypes/StringId,ContentTypes/FieldLinks/Name,DefaultView/ViewFields/Items"
    f"&$expand=RootFolder,ContentTypes/FieldLinks,DefaultView/ViewFields&{reading.LIBRARIES_ONLY}"
)


def read(tenant: Tenant, address: str, hubs: Mapping[str, str]) -> SiteContents | None:
    """What the site at this address holds; None when there is no site. `hubs` as `hub_addresses` gives them."""
    url = tenant.settings.sharepoint + address
    try:
        web = tenant.rest("GET", f"{url}/_api/web?{_WEB}")
    except NotFound:
        return None
    site = tenant.rest("GET", f"{url}/_api/site?$select=Id,HubSiteId,IsHubSite")
    ready = web["IsProvisioningComplete"] and web.get("AssociatedOwnerGroup") is not None
    parts = _parts(tenant, url, address, web, site, hubs)
    return SiteContents.of(address, parts, url=web["Url"], site_id=site["Id"], ready=ready)


def locate(tenant: Tenant, address: str) -> tuple[str, str]:
    """Address in full and id of a site that is there. Raises NotFound."""
    site = tenant.rest("GET", f"{tenant.settings.sharepoint}{address}/_api/site?$select=Id,Url")
    return str(site["Url"]), str(site["Id"])


def hub_addresses(tenant: Tenant) -> dict[str, str]:
    """The hubs of the tenant: address of the site by hub id, the id in lower case."""
    found = tenant.rest("GET", "/_api/HubSites?$select=ID,SiteUrl")["value"]
    return {str(hub["ID"]).casefold(): urlsplit(hub["SiteUrl"]).path for hub in found}


def _parts(tenant: Tenant, url: str, address: str, web: Any, site: Any, hubs: Mapping[str, str]) -> Iterator[Part]:
    def values(path: str) -> Any:
        return tenant.rest("GET", f"{url}/_api/web/{path}")["value"]

    yield reading.site_part(web)
    yield reading.region_part(web)
    yield from reading.people_parts(web)
    yield from reading.hub_parts(site, hubs)
    yield from reading.column_parts(values(f"fields?{_FIELDS}"))
    lists = values(f"lists?{_LISTS}")
    yield from reading.content_type_parts(values(f"contenttypes?{_CONTENT_TYPES}"), lists)
    yield from reading.library_parts(lists, address)
    links = values("navigation/quicklaunch?$select=Title,Url")
    yield from reading.link_parts(links, tenant.settings.sharepoint)
    properties = tenant.rest("GET", f"{tenant.settings.admin}/_api/SPO.Tenant/sites('{site['Id']}')")
    yield reading.sharing_part(properties)
