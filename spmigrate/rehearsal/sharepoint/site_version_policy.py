"""How many versions a site's new libraries keep."""

from __future__ import annotations

from spmigrate.rehearsal.sharepoint.list_parts import ListPart, VersionPolicies
from spmigrate.rehearsal.sharepoint.model import link
from spmigrate.rehearsal.sharepoint.properties import INT, group, table


class VersionPolicyTemplate(ListPart):
    """``VersionPolicyForNewLibrariesTemplate``: -1 as long as the site does as the tenant says."""

    type = "SP.VersionPolicyTemplate"
    feed = "VersionPolicyForNewLibrariesTemplate"
    step = "VersionPolicyForNewLibrariesTemplate"
    declared = table(group(INT, -1, "MajorVersionLimit MajorWithMinorVersionsLimit"))

    @link("VersionPolicies")
    def version_policies(self) -> VersionPolicies | None:
        """How long versions are kept; nothing while the tenant decides."""
        return VersionPolicies(self.scope, self.owner, self.path) if self.stored() else None
