"""OneDrive: everybody with a licence has a site of their own on the tenant's -my host, made when it is first used."""

from __future__ import annotations

import re

from spmigrate.rehearsal.storage import Entity
from spmigrate.rehearsal.tenant import Tenant

PERSONAL_TEMPLATE = "SPSPERS"
PERSONAL_LIBRARY = "Documents"
_TEMPLATE = "SPSPERS#10"
# SharingCapability of a new OneDrive: anyone, as far as the tenant allows it.
_SHARING = 2


def personal_path(upn: str) -> str:
    """The server-relative address of somebody's OneDrive: `/personal/a_b_contoso_onmicrosoft_com`."""
    return "/personal/" + re.sub(r"[^0-9a-z]", "_", upn.lower())


def has_one_drive(tenant: Tenant, user: Entity) -> bool:
    """True for people who may have a OneDrive: members of the tenant whose licences were not taken away."""
    if user.props.get("userType", "Member") == "Guest" or "#ext#" in user.name.lower():
        return False
    licences = user.props.get("assignedLicenses")
    return bool(licences) if licences is not None else bool(tenant.store.read_value("licences"))


def find_personal_site(tenant: Tenant, user: Entity) -> Entity | None:
    """Somebody's OneDrive as it is, None when it was never used."""
    return tenant.store.find("site", 0, f"{tenant.names.personal}{personal_path(user.name)}")


def personal_site(tenant: Tenant, user: Entity) -> Entity | None:
    """Somebody's OneDrive, made now when it was never used; None for who can have none."""
    found = find_personal_site(tenant, user)
    if found is not None:
        return found
    if not has_one_drive(tenant, user):
        return None
    from spmigrate.rehearsal.sites import NewSite, create_site  # it needs SharePoint, and SharePoint needs this

    title = str(user.props.get("displayName") or user.name)
    with tenant.store.transaction():
        address = f"{tenant.names.personal}{personal_path(user.name)}"
        return create_site(
            tenant,
            NewSite(address, title, user.name, _TEMPLATE, props={"SharingCapability": _SHARING}),
        )
