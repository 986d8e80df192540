"""The quick launch: links are found by title, added when missing, and owners' own links are left alone."""

from typing import Any

from spmigrate.tenant.contents import Attributes, name_key
from spmigrate.tenant.link_address import plain_address
from spmigrate.tenant.session import Tenant


def put_link(tenant: Tenant, site: str, title: str, after: Attributes) -> None:
    """Add a link at the end, or point the link of this title elsewhere. Raises TenantError."""
    address = plain_address(str(after["address"]), tenant.settings.sharepoint)
    found = _find(tenant, site, title)
    if found is None:
        body = {"Title": after["title"], "Url": address, "IsExternal": not address.startswith("/")}
        tenant.rest("POST", f"{site}/_api/web/navigation/quicklaunch", body)
    else:
        tenant.rest("MERGE", _node(site, found["Id"]), {"Url": address})


def remove_link(tenant: Tenant, site: str, title: str) -> None:
    """Take the link of this title away, if it is there. Raises TenantError."""
    found = _find(tenant, site, title)
    if found is not None:
        tenant.rest("DELETE", _node(site, found["Id"]), headers={"If-Match": "*"})


def _find(tenant: Tenant, site: str, title: str) -> Any | None:
    nodes = tenant.rest("GET", f"{site}/_api/web/navigation/quicklaunch?$select=Id,Title")["value"]
    return next((node for node in nodes if name_key(node["Title"]) == name_key(title)), None)


def _node(site: str, number: int) -> str:
    return f"{site}/_api/web/navigation/GetNodeById({number})"
