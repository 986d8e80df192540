"""The SharePoint admin centre: settings of the tenant, the list of sites, and what is set for each site.

Reads need SharePoint's `Sites.FullControl.All`; Microsoft has no narrower permission for them. The app never makes
itself an administrator of a site: that would change the site's last activity.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from spmigrate.tenant.session import Tenant

_ROOT = "/_api/SPO.Tenant"
# SharePoint's limit for one page of the list of sites.
_PAGE = 300
_NO_ONEDRIVES = 2
_GALLERY = "/sites/contenttypehub"
_SYSTEM_TEMPLATES = ("APPCATALOG#", "EDISC#", "POINTPUBLISHING", "REDIRECTSITE#", "SPSMSITEHOST#", "SRCHCEN#",
                     "TENANTADMIN#", "SPSPERS#")  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A site in the list. The list fills everything else with wrong defaults, so it is not read from there.

    `address` is what follows the tenant's host name: `/sites/t-a3w9c`, `/` for the root site; the whole URL of a site
    on another host, such as one of a satellite geography.
    """

    id: str
    url: str
    address: str
    title: str


def read_settings(tenant: Tenant) -> dict[str, Any]:
    """Every setting of the tenant, by SharePoint's names."""
    settings: dict[str, Any] = tenant.rest("GET", tenant.settings.admin + _ROOT)
    return settings


def list_sites(tenant: Tenant) -> list[SiteEntry]:
    """Every site but OneDrives and those of the system. SharePoint gives 300 a page; all pages are read."""
    root = tenant.settings.sharepoint
    found = {}
    for entry in _entries(tenant):
        url, template = str(entry["Url"]), str(entry.get("Template", "")).upper()
        if not template.startswith(_SYSTEM_TEMPLATES) and not _of_the_system(url, root):
            address = _address(url, root)
            found[address.lower()] = SiteEntry(_site_id(entry), url, address, str(entry.get("Title") or ""))
    return list(found.values())


def list_addresses_by_graph(tenant: Tenant) -> set[str]:
    """The addresses of all sites but OneDrives as Graph knows them: the second, independent count."""
    root = tenant.settings.sharepoint
    sites = tenant.graph_pages("/v1.0/sites/getAllSites")
    urls = (str(site["webUrl"]) for site in sites if not site.get("isPersonalSite"))
    return {_address(url, root).lower() for url in urls if not _of_the_system(url, root)}


def read_site(tenant: Tenant, site_id: str) -> dict[str, Any]:
    """What is set for one site: the only trustworthy source of its sharing, lock and script settings."""
    address = f"{tenant.settings.admin}{_ROOT}/sites('{quote(site_id)}')"
    properties: dict[str, Any] = tenant.rest("GET", address)
    return properties


def _entries(tenant: Tenant) -> Iterator[dict[str, Any]]:
    """All pages. Where an answer does not name its successor, entries are counted while they bring anything new.

    Nothing is concluded from the end of the pages: whether the list is whole is for a second list to say.
    """
    start: str | None = None
    seen: set[str] = set()
    while True:
        page = _page(tenant, start)
        fresh = [entry for entry in page["value"] if _site_id(entry) not in seen]
        yield from fresh
        seen.update(_site_id(entry) for entry in fresh)
        following = page.get("NextStartIndexFromSharePoint")
        if not fresh or (not following and len(page["value"]) < _PAGE):
            return
        start = str(following or len(seen))


def _page(tenant: Tenant, start: str | None) -> dict[str, Any]:
    # The client library loses the index of the next page, so the operation is called as it is.
    wanted = {"Filter": None, "StartIndex": start, "IncludeDetail": False, "IncludePersonalSite": _NO_ONEDRIVES}
    address = f"{tenant.settings.admin}{_ROOT}/GetSitePropertiesFromSharePointByFilters"
    page: dict[str, Any] = tenant.rest("POST", address, {"speFilter": wanted}, repeatable=True)
    return page


def _of_the_system(url: str, root: str) -> bool:
    """Whether a site lies on the hosts of the admin centre or of OneDrive, or is the gallery of content types, which
    every tenant has, Graph lists, and the admin centre does not."""
    name, rest = urlsplit(root).netloc.lower().split(".", 1)
    if _address(url, root).lower() == _GALLERY:
        return True
    return urlsplit(url).netloc.lower() in (f"{name}-admin.{rest}", f"{name}-my.{rest}")


def _address(url: str, root: str) -> str:
    parts = urlsplit(url)
    if parts.netloc.lower() != urlsplit(root).netloc.lower():
        return url.rstrip("/")
    return parts.path.rstrip("/") or "/"


def _site_id(entry: dict[str, Any]) -> str:
    return str(entry["SiteId"]).strip("{}").removeprefix("/Guid(").removesuffix(")/").lower()
