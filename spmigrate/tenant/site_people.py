"""Whether the people whom a site names exist in the directory."""

from urllib.parse import quote

from spmigrate.errors import NotFound
from spmigrate.tenant.session import Tenant


def is_known(tenant: Tenant, login: str) -> bool:
    """Whether somebody signs in with this name. Raises AccessDenied when the app may not read users."""
    try:
        tenant.graph("GET", f"/v1.0/users/{quote(login, safe='@')}?$select=id")
    except NotFound:
        return False
    return True
