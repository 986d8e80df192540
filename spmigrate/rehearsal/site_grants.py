"""Sites.Selected: what single applications have been granted on single sites.

A grant is an entity of the kind `sitegrant` below the site; its name is the application's client id.
"""

from __future__ import annotations

from dataclasses import replace

from spmigrate.rehearsal.http import Claims
from spmigrate.rehearsal.storage import Entity, Store

SELECTED = "Sites.Selected"
# What a role of a grant permits in that one site, in the words of the tenant-wide permissions.
ROLES = {
    "read": ("Sites.Read.All", "Files.Read.All"),
    "write": ("Sites.ReadWrite.All", "Files.ReadWrite.All"),
    "manage": ("Sites.Manage.All", "Files.ReadWrite.All"),
    "fullcontrol": ("Sites.FullControl.All", "Files.ReadWrite.All"),
    "owner": ("Sites.FullControl.All", "Files.ReadWrite.All"),
}


def grants(store: Store, site: Entity) -> list[Entity]:
    """What has been granted on a site."""
    return store.children(site.id, "sitegrant")


def claims_at(store: Store, claims: Claims, site: Entity) -> Claims:
    """The caller's permissions in one site: an application with Sites.Selected has there what it was granted."""
    held = claims.roles if claims.app_only else claims.scopes
    if SELECTED not in held:
        return claims
    grant = store.find("sitegrant", site.id, claims.app_id)
    names = {name for role in grant.props["roles"] for name in ROLES[role]} if grant else set()
    # A user's own rights bound what the application may do in the user's name.
    return replace(claims, granted=frozenset(names))


def claims_elsewhere(claims: Claims) -> Claims:
    """The same caller where no single site is meant."""
    return replace(claims, granted=frozenset()) if claims.granted else claims
