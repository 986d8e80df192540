"""The tenant's themes: which are there, and adding one that is missing. None is ever changed: other sites have it."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress

from spmigrate.errors import Conflict, Refused
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.site.lookups import theme_palettes


def present(tenant: Tenant, wanted: Iterable[str]) -> frozenset[str]:
    """Those of these themes that the tenant has. Raises TenantError."""
    names = list(wanted)
    return frozenset(theme_palettes(tenant)).intersection(names) if names else frozenset()


def ensure(tenant: Tenant, name: str, palette: Mapping[str, str]) -> None:
    """Add a theme with these colours, unless one of this name is there. Raises Refused when SharePoint did not keep it,
    TenantError. Needs a SharePoint Administrator or an app with Sites.FullControl.All."""
    if name in theme_palettes(tenant):
        return
    body = {"name": name, "themeJson": json.dumps({"isInverted": False, "palette": dict(palette)})}
    with suppress(Conflict):  # it is there when it is sent again, since the first answer was lost
        tenant.rest("POST", f"{tenant.settings.admin}/_api/ThemeManager/AddTenantTheme", body, repeatable=True)
    if name not in theme_palettes(tenant):
        hint = "a SharePoint Administrator can: Connect-SPOService, then Add-SPOTheme -Identity NAME -Palette COLOURS"
        raise Refused(f"SharePoint did not add the theme '{name}'", hint=hint)
