"""How long a library keeps earlier versions: by a number, for some days, or as SharePoint thins them out itself.

Where SharePoint thins them out, it takes no notice of the number. Only the client object model is known to set this
(PnP PowerShell, Set-PnPList), so what was set is read back.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spmigrate.errors import Refused
from spmigrate.tenant import csom
from spmigrate.tenant.contents import Attributes, Value
from spmigrate.tenant.site.question import Json

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

AUTOMATIC, DAYS = "automatic versions", "versions expire after"
"""The attributes of a library: yes or no, and days, 0 for never."""

_NEVER, _AFTER_DAYS, _BY_ITSELF = range(3)
"""VersionPolicyTrimMode of SharePoint's client object model."""

SELECT = "$select=Id,VersionPolicies/DefaultTrimMode,VersionPolicies/DefaultExpireAfterDays&$expand=VersionPolicies"
"""What is asked of a library."""


def told(library: Json) -> Iterator[tuple[str, Value]]:
    """The attributes that the answer tells."""
    policies = library.get("VersionPolicies") or {}
    mode = policies.get("DefaultTrimMode", _NEVER)
    yield AUTOMATIC, mode == _BY_ITSELF
    yield DAYS, policies.get("DefaultExpireAfterDays", 0) if mode == _AFTER_DAYS else 0


def put(site: "SiteWriter", path: str, after: Attributes) -> None:
    """Set what `after` says of it on the library at this path. Raises TenantError, Refused when it was not taken."""
    if AUTOMATIC not in after and DAYS not in after:
        return
    there = site.rest("GET", f"{path}?{SELECT}")
    present = dict(told(there))
    wanted = present | {name: after[name] for name in (AUTOMATIC, DAYS) if name in after}
    if wanted[AUTOMATIC]:
        wanted[DAYS] = 0
    if wanted == present:
        return
    mode = _BY_ITSELF if wanted[AUTOMATIC] else _AFTER_DAYS if wanted[DAYS] else _NEVER
    days = int(str(wanted[DAYS]))
    csom.run(site.tenant, site.url, csom.limit_versions(site.ids, str(there["Id"]), mode=mode, days=days))
    if dict(told(site.rest("GET", f"{path}?{SELECT}"))) != wanted:
        raise Refused(
            "SharePoint did not take how long versions are kept",
            hint="set it in the library's settings, under Versioning settings, then plan again",
        )
