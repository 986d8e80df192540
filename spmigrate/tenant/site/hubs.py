"""Hubs: whether a site is one, and which one it belongs to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spmigrate.errors import NotFound
from spmigrate.tenant.contents import Attributes, Kind, Part
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.question import NO_ID, Answers, Question

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUESTIONS: tuple[Question, ...] = ()


def hub_addresses(tenant: Tenant) -> dict[str, str]:
    """The hubs of the tenant: address of the site by hub id, the id in lower case."""
    found = tenant.rest("GET", "/_api/HubSites?$select=ID,SiteUrl")["value"]
    return {str(hub["ID"]).casefold(): urlsplit(hub["SiteUrl"]).path for hub in found}


def parts(answers: Answers) -> Iterator[Part]:
    """Whether the site is a hub, or joined to one."""
    site = answers["site"]
    hub = str(site["HubSiteId"] or NO_ID).strip("{}")
    if site["IsHubSite"]:
        yield Part(Kind.HUB, "", "")
    elif hub != NO_ID:
        yield Part(Kind.HUB_MEMBERSHIP, "", "", {"hub": answers.hubs.get(hub.casefold(), hub)})


def put(site: "SiteWriter", _key: str, _after: Attributes) -> None:
    """Make the site a hub. Raises TenantError."""
    site.rest("POST", "site/RegisterHubSite")


def put_membership(site: "SiteWriter", _key: str, after: Attributes) -> None:
    """Join the site to a hub. Raises NotFound when there is no such hub."""
    hubs = {address: hub for hub, address in hub_addresses(site.tenant).items()}
    wanted = str(after["hub"])
    if wanted not in hubs:
        raise NotFound(f"{wanted} is not a hub", hint=f"make it one first: spmigrate site apply {wanted}")
    site.rest("POST", f"site/JoinHubSite('{hubs[wanted]}')")
