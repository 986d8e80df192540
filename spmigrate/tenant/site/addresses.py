"""Whether an address is free for a new site, and who holds it if not."""

from enum import Enum
from typing import Any
from urllib.parse import quote

from spmigrate.errors import Conflict, NotFound, Refused
from spmigrate.tenant.session import Tenant

_REDIRECT = "REDIRECTSITE"
"""The template of what a site that was given another address leaves at its old one."""


class AddressState(Enum):
    """What is at an address: what it means, and what can be done."""

    FREE = ("free", "")
    TAKEN = ("taken by another site", "choose another address; or plan again if it is the site that you mean")
    RECYCLED = (
        "held by a deleted site",
        "restore the site, or delete it for good, under Deleted sites in the SharePoint admin centre; it holds its "
        "address for 93 days. Or choose another address",
    )
    REDIRECTING = (
        "taken by a redirect, which a site left that was given another address",
        "choose another address; or remove the redirect with Remove-SPOSite, which breaks old links",
    )

    @property
    def text(self) -> str:
        """What it is, after "the address is"."""
        return self.value[0]

    @property
    def hint(self) -> str:
        """What to do."""
        return self.value[1]


def state_of(tenant: Tenant, address: str) -> AddressState:
    """What is at an address such as `/sites/t-a3w9c`. Nothing is changed. Raises TenantError."""
    url = tenant.settings.sharepoint + address
    admin = f"{tenant.settings.admin}/_api/SPO.Tenant"
    exists: Any = tenant.rest("POST", "/_api/SP.Site.Exists", {"url": url}, repeatable=True)
    if exists["value"]:
        try:
            body = {"url": url, "includeDetail": False}
            found = tenant.rest("POST", f"{admin}/GetSitePropertiesByUrl", body, repeatable=True)
        except NotFound:
            found = {}
        if str(found.get("Template") or "").startswith(_REDIRECT):
            return AddressState.REDIRECTING
        if found:
            return AddressState.TAKEN
    try:
        tenant.rest("GET", f"{admin}/GetDeletedSitePropertiesByUrl?url='{quote(url, safe='')}'")
    except (NotFound, Refused):
        return AddressState.TAKEN if exists["value"] else AddressState.FREE
    return AddressState.RECYCLED


def need_free(tenant: Tenant, address: str) -> None:
    """Raises Conflict, saying who holds the address, when it is not free."""
    state = state_of(tenant, address)
    if state is not AddressState.FREE:
        raise Conflict(f"{address} is {state.text}", hint=state.hint)
