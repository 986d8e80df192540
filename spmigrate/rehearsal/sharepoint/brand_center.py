"""``BrandCenter``: where the organisation's colours and fonts lie, which nobody has set up."""

from __future__ import annotations

from spmigrate.rehearsal.odata.render import Complex
from spmigrate.rehearsal.sharepoint.model import Call, Resource, function
from spmigrate.rehearsal.sharepoint.properties import ZERO_GUID

_SPACE = "Microsoft.SharePoint.BrandCenter"


class BrandCenter(Resource):
    """The brand center of the tenant."""

    type = f"{_SPACE}.BrandCenter"
    feed = "BrandCenter"

    @property
    def path(self) -> str:
        return "BrandCenter"

    @function("Configuration")
    def configuration(self, _call: Call) -> Complex:
        """Where it is: nowhere, as in a tenant that has not turned it on."""
        values = {
            "BrandColorsListId": ZERO_GUID, "BrandColorsListUrl": None, "BrandFontLibraryId": ZERO_GUID,
            "BrandFontLibraryUrl": None, "IsBrandCenterSiteFeatureEnabled": False, "IsPublicCdnEnabled": False,
            "OrgAssets": None, "SiteId": ZERO_GUID, "SiteUrl": None,
        }  # fmt: skip
        return Complex(f"{_SPACE}.BrandCenterConfiguration", values)
