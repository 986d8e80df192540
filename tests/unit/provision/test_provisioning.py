"""Planning reads sites side by side, and reading needs little of the client library."""

import subprocess
import sys
import threading
from typing import cast

import pytest

from spmigrate.provision import provisioning
from spmigrate.provision.resolve import DesiredSite
from spmigrate.tenant.contents import SiteContents
from spmigrate.tenant.session import Tenant
from tests.conftest import ROOT

ADDRESSES = ["/sites/b", "/sites/a", "/sites/d", "/sites/c"]


def site(address: str) -> DesiredSite:
    return DesiredSite(address, "", "", 1, "", "", "", SiteContents.of(address, ()))


def test_sites_are_read_at_once_and_planned_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(len(ADDRESSES), timeout=10)

    def read(_tenant: Tenant, address: str, _hubs: object, _kinds: object, **_only: object) -> SiteContents:
        together.wait()
        return SiteContents.of(address, (), site_id=address)

    monkeypatch.setattr(provisioning, "read", read)
    monkeypatch.setattr(provisioning, "hub_addresses", lambda _tenant: {})
    watched: list[str] = []
    planned = provisioning.plan_sites(cast("Tenant", None), [site(each) for each in ADDRESSES], watch=watched.append)
    assert planned.plan.sites == tuple(ADDRESSES)
    assert [found.site_id for found in planned.found.values() if found] == ADDRESSES
    assert sorted(watched) == sorted(ADDRESSES)


def test_reading_a_site_starts_without_the_client_librarys_objects() -> None:
    code = "import spmigrate.tenant.site.reading, sys; sys.exit('office365.sharepoint.webs.web' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
