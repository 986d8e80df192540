"""Writing one part of a site. Every write can be repeated: what is there already is adopted, never doubled."""

import time
from collections.abc import Callable, Mapping

from spmigrate.errors import NotFound
from spmigrate.tenant import columns, navigation, site_creation, site_libraries, sites
from spmigrate.tenant.contents import (
    DAYS,
    LINK_PERMISSIONS,
    LINK_TYPES,
    LOCALES,
    SHARING_LEVELS,
    Attributes,
    Kind,
)
from spmigrate.tenant.session import Tenant


class SiteWriter:
    """Writes the parts of one site. One for each site and thread."""

    def __init__(self, tenant: Tenant, address: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Write to the site at `address`; `sleep` is used while SharePoint makes it."""
        self.tenant = tenant
        self.address = address
        self.url = tenant.settings.sharepoint + address
        self.sleep = sleep

    def put(self, kind: Kind, key: str, after: Attributes) -> None:
        """Make the part exist with these attributes; attributes that are left out stay. Raises TenantError."""
        _PUT[kind](self, key, after)

    def create(self, after: Attributes) -> None:
        """Make the site itself and wait until it can be written to. Raises TenantError."""
        site_creation.create(self.tenant, self.address, after, sleep=self.sleep)

    def remove(self, kind: Kind, key: str) -> None:
        """Take a part away: a library goes to the recycle bin, a link disappears. Raises TenantError."""
        _REMOVE[kind](self, key)


def _web(site: SiteWriter, _key: str, after: Attributes) -> None:
    web = site.tenant.context(site.url).web
    for name, value in after.items():
        if name in ("title", "description"):
            web.set_property(name.capitalize(), value)
    web.update()
    site.tenant.call(web.execute_query)


def _region(site: SiteWriter, _key: str, after: Attributes) -> None:
    changes: dict[str, object] = {}
    if "dates and numbers" in after:
        changes["LocaleId"] = LOCALES[str(after["dates and numbers"])]
    if "week starts" in after:
        changes["FirstDayOfWeek"] = DAYS.index(str(after["week starts"]))
    if "24-hour clock" in after:
        changes["Time24"] = after["24-hour clock"]
    site.tenant.rest("MERGE", f"{site.url}/_api/web/RegionalSettings", changes)


def _person(site: SiteWriter, _key: str, after: Attributes) -> None:
    context = site.tenant.context(site.url)
    groups = {
        "Owners": context.web.associated_owner_group,
        "Members": context.web.associated_member_group,
        "Visitors": context.web.associated_visitor_group,
    }
    login = f"i:0#.f|membership|{after['login']}"
    context.web.ensure_user(login)
    groups[str(after["role"])].users.add_user(login)
    site.tenant.call(context.execute_query)


def _hub(site: SiteWriter, _key: str, _after: Attributes) -> None:
    site.tenant.rest("POST", f"{site.url}/_api/site/RegisterHubSite")


def _join_hub(site: SiteWriter, _key: str, after: Attributes) -> None:
    hubs = {address: hub for hub, address in sites.hub_addresses(site.tenant).items()}
    wanted = str(after["hub"])
    if wanted not in hubs:
        raise NotFound(f"{wanted} is not a hub", hint=f"make it one first: spmigrate site apply {wanted}")
    site.tenant.rest("POST", f"{site.url}/_api/site/JoinHubSite('{hubs[wanted]}')")


def _sharing(site: SiteWriter, _key: str, after: Attributes) -> None:
    names: Mapping[str, tuple[str, Mapping[str, int]]] = {
        "external sharing": ("SharingCapability", SHARING_LEVELS),
        "default link": ("DefaultSharingLinkType", LINK_TYPES),
        "default link permission": ("DefaultLinkPermission", LINK_PERMISSIONS),
    }
    changes = {names[name][0]: names[name][1][str(value)] for name, value in after.items()}
    site_id = site.tenant.rest("GET", f"{site.url}/_api/site?$select=Id")["Id"]
    site.tenant.rest("MERGE", f"{site.tenant.settings.admin}/_api/SPO.Tenant/sites('{site_id}')", changes)


def _column(site: SiteWriter, key: str, after: Attributes) -> None:
    columns.put_column(site.tenant, site.url, key, after)


def _content_type(site: SiteWriter, key: str, after: Attributes) -> None:
    columns.put_content_type(site.tenant, site.url, key, after)


def _library(site: SiteWriter, key: str, after: Attributes) -> None:
    site_libraries.put_library(site.tenant, site.address, key, after)


def _link(site: SiteWriter, key: str, after: Attributes) -> None:
    navigation.put_link(site.tenant, site.url, key, after)


def _recycle_library(site: SiteWriter, key: str) -> None:
    site_libraries.recycle_empty_library(site.tenant, site.address, key)


def _remove_link(site: SiteWriter, key: str) -> None:
    navigation.remove_link(site.tenant, site.url, key)


_PUT: Mapping[Kind, Callable[[SiteWriter, str, Attributes], None]] = {
    Kind.SITE: _web,
    Kind.REGION: _region,
    Kind.PERSON: _person,
    Kind.COLUMN: _column,
    Kind.CONTENT_TYPE: _content_type,
    Kind.LIBRARY: _library,
    Kind.LINK: _link,
    Kind.HUB: _hub,
    Kind.HUB_MEMBERSHIP: _join_hub,
    Kind.SHARING: _sharing,
}
_REMOVE: Mapping[Kind, Callable[[SiteWriter, str], None]] = {
    Kind.LIBRARY: _recycle_library,
    Kind.LINK: _remove_link,
}
