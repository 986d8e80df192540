"""``Office365Tenant``: guests, themes and content delivery of the tenant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument
from spmigrate.rehearsal.shared_settings import read_settings, write_settings
from spmigrate.rehearsal.sharepoint.model import Resource
from spmigrate.rehearsal.sharepoint.tenant_cdn import CdnCalls
from spmigrate.rehearsal.sharepoint.tenant_external import ExternalUserCalls
from spmigrate.rehearsal.sharepoint.tenant_places import AssetCalls
from spmigrate.rehearsal.sharepoint.tenant_properties import TENANT_PROPERTIES
from spmigrate.rehearsal.sharepoint.tenant_themes import ThemeCalls


class Office365Tenant(ThemeCalls, CdnCalls, ExternalUserCalls, AssetCalls, Resource):
    """The same tenant, with the settings that both faces of it show."""

    type = "Microsoft.Online.SharePoint.TenantManagement.Office365Tenant"
    feed = "Office365Tenants"
    declared = TENANT_PROPERTIES
    sets_at_once = True

    @property
    def path(self) -> str:
        return self.type

    def stored(self) -> Mapping[str, Any]:
        return read_settings(self.scope.store)

    def save(self, patch: Mapping[str, Any]) -> None:
        try:
            write_settings(self.scope.store, patch)
        except ValueError as problem:
            raise bad_argument(f"Value does not fall within the expected range.\r\nParameter name: {problem}") from None
