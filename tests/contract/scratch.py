"""Tests that pass on every tenant: the mark for them, and sites that they make and take away again."""

import secrets
import time
from dataclasses import dataclass, field

import pytest

from spmigrate.errors import NotFound
from spmigrate.tenant.session import Tenant

LIVE = "SPMIGRATE_LIVE"
"""The environment variable that names the spmigrate.yaml of a tenant for tests."""
LIVE_OWNER = "SPMIGRATE_LIVE_OWNER"
"""The environment variable that names, by its sign-in name, the account that is to own the sites of the tests."""

ANYWHERE = pytest.mark.parametrize(
    "where", ["rehearsal", pytest.param("live", marks=pytest.mark.live)], indirect=True, scope="session"
)
"""Marks a test that needs nothing of the rehearsal tenant: with `-m live` it runs against a real one."""

_PURGE_SECONDS = 60


@dataclass(frozen=True)
class Scratch:
    """Addresses that nobody uses; what was made there is deleted for good by `clear`."""

    tenant: Tenant
    owner: str
    addresses: list[str] = field(default_factory=list)

    def address(self, word: str) -> str:
        """A new address that begins with a word."""
        self.addresses.append(f"/sites/{word}-{secrets.token_hex(4)}")
        return self.addresses[-1]

    def clear(self) -> None:
        """Delete the sites, the last address first: name a hub before its members."""
        for address in reversed(self.addresses):
            self._delete(address)

    def _delete(self, address: str) -> None:
        tenant = self.tenant
        try:
            site = tenant.rest("GET", f"{address}/_api/site?$select=IsHubSite")
        except NotFound:
            return
        if site["IsHubSite"]:
            tenant.rest("POST", f"{address}/_api/site/UnregisterHubSite")
        body = {"siteUrl": tenant.settings.sharepoint + address}
        tenant.rest("POST", f"{tenant.settings.admin}/_api/SPO.Tenant/RemoveSite", body)
        for _ in range(_PURGE_SECONDS):
            try:
                tenant.rest("POST", f"{tenant.settings.admin}/_api/SPO.Tenant/RemoveDeletedSite", body)
            except NotFound:
                time.sleep(1)  # a real tenant takes its time to recycle a site
            else:
                return
